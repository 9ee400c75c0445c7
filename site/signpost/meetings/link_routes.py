"""The same steps by a personal link, for a trainee without an account."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from models import Meeting, Referral
from signpost.access import public
from signpost.accounts import links
from signpost.meetings import pages
from signpost.web import get_object_or_404

bp = Blueprint("linked", __name__, url_prefix="/links")


def _way(token: str) -> tuple[Referral, pages.Way]:
    link = links.find_open(token) or abort(404)
    return link.referral, pages.Way(link, token=token)


def _meeting(token: str, meeting_id: str) -> tuple[Meeting, pages.Way]:
    referral, way = _way(token)
    own = Meeting.select().where(Meeting.referral == referral)
    return get_object_or_404(own, Meeting.public_id == meeting_id), way


@bp.route("/<string:token>/times", methods=["GET", "POST"])
@public
def times(token: str) -> ResponseReturnValue:
    return pages.times(*_way(token))


@bp.route("/<string:token>/meetings/<public_id:meeting_id>/confirmation", methods=["GET", "POST"])
@public
def confirmation(token: str, meeting_id: str) -> ResponseReturnValue:
    return pages.confirmation(*_meeting(token, meeting_id))


@bp.route("/<string:token>/meetings/<public_id:meeting_id>/time", methods=["GET", "POST"])
@public
def move(token: str, meeting_id: str) -> ResponseReturnValue:
    return pages.move(*_meeting(token, meeting_id))


@bp.route("/<string:token>/meetings/<public_id:meeting_id>/cancellation", methods=["GET", "POST"])
@public
def cancel(token: str, meeting_id: str) -> ResponseReturnValue:
    return pages.cancel(*_meeting(token, meeting_id))
