"""The same by a personal link, for a trainee without an account."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from models import Objective
from signpost.access import public
from signpost.accounts import links
from signpost.plans import pages, queries
from signpost.web import get_object_or_404

bp = Blueprint("linked_tasks", __name__, url_prefix="/links")


def _task(token: str, task_id: str) -> tuple[Objective, pages.Way]:
    link = links.find_open(token) or abort(404)
    return get_object_or_404(queries.of_case(link.referral), Objective.public_id == task_id), pages.Way(link, token)


@bp.get("/<string:token>/tasks/<public_id:task_id>")
@public
def show(token: str, task_id: str) -> ResponseReturnValue:
    return pages.show(*_task(token, task_id))


@bp.post("/<string:token>/tasks/<public_id:task_id>/state")
@public
def tick(token: str, task_id: str) -> ResponseReturnValue:
    return pages.tick(*_task(token, task_id))


@bp.post("/<string:token>/tasks/<public_id:task_id>/date")
@public
def move(token: str, task_id: str) -> ResponseReturnValue:
    return pages.move(*_task(token, task_id))


@bp.post("/<string:token>/tasks/<public_id:task_id>/comments")
@public
def comment(token: str, task_id: str) -> ResponseReturnValue:
    return pages.comment(*_task(token, task_id))
