"""The returner's pages of a pair, by their personal link."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import LinkPurpose, Side
from signpost.access import public
from signpost.accounts import links
from signpost.mentoring import mentorship_pages as pages
from signpost.mentoring import mentorship_queries as queries

bp = Blueprint("mentorship_links", __name__, url_prefix="/mentoring/links")


def _way(token: str) -> pages.Way:
    link = links.find_open(token, LinkPurpose.RETURNER) or abort(404)
    mentorship = queries.latest_of(link.returner) or abort(404)
    return pages.Way(link, mentorship, Side.RETURNER, token)


@bp.get("/<string:token>/mentorship")
@public
def show(token: str) -> ResponseReturnValue:
    """Where letters about a pair lead: a link that no longer works can be asked for again."""
    link = links.find(token)
    if link and link.purpose == LinkPurpose.RETURNER and not links.is_open(link):
        return render_template("links/closed.html", renew=url_for("returner_links.renew", token=token)), 410
    return pages.show(_way(token))


@bp.post("/<string:token>/mentorship/in-touch")
@public
def in_touch(token: str) -> ResponseReturnValue:
    return pages.in_touch(_way(token))


@bp.route("/<string:token>/mentorship/first-meeting", methods=["GET", "POST"])
@public
def first_meeting(token: str) -> ResponseReturnValue:
    return pages.first_meeting(_way(token))


@bp.route("/<string:token>/mentorship/agreement", methods=["GET", "POST"])
@public
def agreement(token: str) -> ResponseReturnValue:
    return pages.agreement(_way(token))


@bp.post("/<string:token>/mentorship/agreement/<public_id:agreement_id>/agree")
@public
def agree(token: str, agreement_id: str) -> ResponseReturnValue:
    return pages.agree(_way(token), agreement_id)


@bp.route("/<string:token>/mentorship/met", methods=["GET", "POST"])
@public
def note(token: str) -> ResponseReturnValue:
    return pages.note(_way(token))


@bp.post("/<string:token>/mentorship/met/<public_id:note_id>/take-back")
@public
def take_back_note(token: str, note_id: str) -> ResponseReturnValue:
    return pages.take_back_note(_way(token), note_id)


@bp.route("/<string:token>/mentorship/not-working", methods=["GET", "POST"])
@public
def not_working(token: str) -> ResponseReturnValue:
    return pages.not_working(_way(token))


@bp.route("/<string:token>/mentorship/ending", methods=["GET", "POST"])
@public
def ending(token: str) -> ResponseReturnValue:
    return pages.ending(_way(token))


@bp.route("/<string:token>/mentorship/survey/<public_id:ask_id>", methods=["GET", "POST"])
@public
def survey(token: str, ask_id: str) -> ResponseReturnValue:
    return pages.survey(_way(token), ask_id)
