"""Documents of a case, for whoever is signed in."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from models import Referral
from signpost.access import signed_in, signed_in_user
from signpost.files import pages
from signpost.referrals import queries as referrals
from signpost.web import get_object_or_404

bp = Blueprint("files", __name__)
# The pages of a case are beside this room; their templates ask for its documents by this name.
bp.app_context_processor(lambda: {"documents_of_case": pages.of_case})


@bp.route("/referrals/<public_id:referral_id>/documents/new", methods=["GET", "POST"])
@signed_in
def add(referral_id: str) -> ResponseReturnValue:
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    return pages.add(referral, pages.Way(me))


@bp.get("/documents/<public_id:file_id>")
@signed_in
def download(file_id: str) -> Response:
    way = pages.Way(signed_in_user())
    return pages.download(pages.find(file_id, way), way)


@bp.post("/documents/<public_id:file_id>/removal")
@signed_in
def remove(file_id: str) -> ResponseReturnValue:
    way = pages.Way(signed_in_user())
    return pages.remove(pages.find(file_id, way), way)
