"""The trainee's pages of their sessions by a personal link, for a trainee without an account."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from models import CareersSession, Referral
from signpost.access import public
from signpost.accounts import links
from signpost.careers import pages, queries
from signpost.web import get_object_or_404

bp = Blueprint("linked_sessions", __name__, url_prefix="/links")


def _way(token: str) -> tuple[Referral, pages.Way]:
    link = links.find(token)
    if link is None or link.referral is None or not links.is_open(link):
        abort(404)
    return link.referral, pages.Way(link, token)


@bp.route("/<string:token>/discussion", methods=["GET", "POST"])
@public
def discussion(token: str) -> ResponseReturnValue:
    return pages.discussion(*_way(token))


@bp.get("/<string:token>/readers")
@public
def readers(token: str) -> ResponseReturnValue:
    return pages.readers(*_way(token))


@bp.get("/<string:token>/sessions/<public_id:session_id>")
@public
def summary(token: str, session_id: str) -> ResponseReturnValue:
    referral, way = _way(token)
    own = queries.finished(referral)
    return pages.summary(get_object_or_404(own, CareersSession.public_id == session_id), way)
