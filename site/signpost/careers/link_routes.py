"""The trainee's pages of their sessions by a personal link, for a trainee without an account."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import CareersSession, Referral
from signpost.access import public
from signpost.accounts import links
from signpost.careers import pages, queries
from signpost.web import get_object_or_404

bp = Blueprint("linked_sessions", __name__, url_prefix="/links")


def _way(token: str) -> tuple[Referral, pages.Way]:
    link = links.find_open(token) or abort(404)
    return link.referral, pages.Way(link, token)


@bp.route("/<string:token>/discussion", methods=["GET", "POST"])
@public
def discussion(token: str) -> ResponseReturnValue:
    return pages.discussion(*_way(token))


@bp.get("/<string:token>/readers")
@public
def readers(token: str) -> ResponseReturnValue:
    return pages.readers(*_way(token))


def _shared(token: str, session_id: str) -> tuple[CareersSession, pages.Way]:
    referral, way = _way(token)
    return get_object_or_404(queries.finished(referral), CareersSession.public_id == session_id), way


@bp.get("/<string:token>/sessions/<public_id:session_id>")
@public
def summary(token: str, session_id: str) -> ResponseReturnValue:
    paper = url_for(".summary_on_paper", token=token, session_id=session_id)
    return pages.summary(*_shared(token, session_id), paper)


@bp.get("/<string:token>/sessions/<public_id:session_id>/pdf")
@public
def summary_on_paper(token: str, session_id: str) -> ResponseReturnValue:
    return pages.summary_on_paper(_shared(token, session_id)[0])
