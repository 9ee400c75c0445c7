"""Answering by a personal link, for a trainee without an account."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import FeedbackAsk
from signpost.access import public
from signpost.accounts import links
from signpost.feedback import pages, queries
from signpost.web import get_object_or_404

bp = Blueprint("linked_feedback", __name__, url_prefix="/links")


@bp.route("/<string:token>/feedback/<public_id:ask_id>", methods=["GET", "POST"])
@public
def answer(token: str, ask_id: str) -> ResponseReturnValue:
    link = links.find_open(token) or abort(404)
    one = get_object_or_404(queries.asks_of(link.referral), FeedbackAsk.public_id == ask_id)
    return pages.answer(one, url_for(".answer", token=token, ask_id=ask_id), url_for("links.show", token=token))
