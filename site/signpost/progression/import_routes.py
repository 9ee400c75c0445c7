"""Bringing a file of reviews: for the progression team."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from models import Role
from signpost.access import allowed_to, signed_in_user
from signpost.imports import pages
from signpost.progression.review_rows import KIND

bp = Blueprint("review_imports", __name__, url_prefix="/progression/import")


def _room() -> pages.Room:
    return pages.Room(KIND, bp.name, "reviews", url_for("progression.index"))


@bp.route("", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def new() -> ResponseReturnValue:
    return pages.bring(_room(), signed_in_user())


@bp.get("/<public_id:import_id>")
@allowed_to(Role.PROGRESSION)
def show(import_id: str) -> ResponseReturnValue:
    room = _room()
    return pages.show(room, pages.find(room, import_id, signed_in_user()))


@bp.post("/<public_id:import_id>/choices")
@allowed_to(Role.PROGRESSION)
def choose(import_id: str) -> ResponseReturnValue:
    room, me = _room(), signed_in_user()
    return pages.choose(room, pages.find(room, import_id, me), me)


@bp.post("/<public_id:import_id>/taking")
@allowed_to(Role.PROGRESSION)
def take(import_id: str) -> ResponseReturnValue:
    room, me = _room(), signed_in_user()
    return pages.take(room, pages.find(room, import_id, me), me)


@bp.post("/<public_id:import_id>/calling-off")
@allowed_to(Role.PROGRESSION)
def call_off(import_id: str) -> ResponseReturnValue:
    room, me = _room(), signed_in_user()
    return pages.call_off(room, pages.find(room, import_id, me), me)
