"""The same by a personal link, for a trainee without an account."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from models import Referral
from signpost.access import public
from signpost.accounts import links
from signpost.files import pages

bp = Blueprint("linked_files", __name__, url_prefix="/links")


def _way(token: str) -> tuple[Referral, pages.Way]:
    link = links.find_open(token) or abort(404)
    return link.referral, pages.Way(link, token)


@bp.route("/<string:token>/documents/new", methods=["GET", "POST"])
@public
def add(token: str) -> ResponseReturnValue:
    return pages.add(*_way(token))


@bp.get("/<string:token>/documents/<public_id:file_id>")
@public
def download(token: str, file_id: str) -> Response:
    _, way = _way(token)
    return pages.download(pages.find(file_id, way), way)


@bp.post("/<string:token>/documents/<public_id:file_id>/removal")
@public
def remove(token: str, file_id: str) -> ResponseReturnValue:
    _, way = _way(token)
    return pages.remove(pages.find(file_id, way), way)
