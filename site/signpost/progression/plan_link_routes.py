"""The same by personal link, for a trainee or a Training Officer without an account."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from signpost.access import public
from signpost.plans import pages as tasks
from signpost.progression import plan_pages
from signpost.progression.link_routes import over, review_by
from signpost.progression.plan_pages import Reached

bp = Blueprint("action_plan_links", __name__, url_prefix="/progression/links/<string:token>/plan")


def _reach(token: str) -> Reached:
    return plan_pages.reach(*review_by(token))


@bp.route("", methods=["GET", "POST"])
@public
def show(token: str) -> ResponseReturnValue:
    if request.method == "GET" and (page := over(token)):
        return page
    return plan_pages.show(_reach(token))


@bp.get("/objectives/<public_id:task_id>")
@public
def objective(token: str, task_id: str) -> ResponseReturnValue:
    reached = _reach(token)
    return tasks.show(reached.objective(task_id), reached.way)


@bp.post("/objectives/<public_id:task_id>/state")
@public
def tick(token: str, task_id: str) -> ResponseReturnValue:
    reached = _reach(token)
    return tasks.tick(reached.objective(task_id), reached.way)


@bp.post("/objectives/<public_id:task_id>/comments")
@public
def comment(token: str, task_id: str) -> ResponseReturnValue:
    reached = _reach(token)
    return tasks.comment(reached.objective(task_id), reached.way)


@bp.route("/objectives/<public_id:task_id>/wording", methods=["GET", "POST"])
@public
def change(token: str, task_id: str) -> ResponseReturnValue:
    return plan_pages.change(_reach(token), task_id)


@bp.post("/objectives/<public_id:task_id>/removal")
@public
def remove(token: str, task_id: str) -> ResponseReturnValue:
    return plan_pages.remove(_reach(token), task_id)
