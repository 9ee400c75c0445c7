"""The trainee's steps at the end, by a personal link."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from signpost.access import public
from signpost.accounts import links
from signpost.completion import pages

bp = Blueprint("ending_links", __name__, url_prefix="/links")


def _way(token: str) -> pages.Way:
    link = links.find_open(token) or abort(404)
    return pages.Way(link, link.referral, token)


@bp.route("/<string:token>/telling", methods=["GET", "POST"])
@public
def telling(token: str) -> ResponseReturnValue:
    return pages.telling(_way(token))


@bp.route("/<string:token>/stopping", methods=["GET", "POST"])
@public
def stopping(token: str) -> ResponseReturnValue:
    return pages.stopping(_way(token))
