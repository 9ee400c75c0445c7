"""Bringing a file of returners: for the return to training team."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from models import Role
from signpost.access import allowed_to, signed_in_user
from signpost.imports import pages
from signpost.mentoring.returner_rows import KIND

bp = Blueprint("returner_imports", __name__, url_prefix="/mentoring/returners/import")


def _room() -> pages.Room:
    return pages.Room(KIND, bp.name, "returners", url_for("returners.index"))


@bp.route("", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def new() -> ResponseReturnValue:
    return pages.bring(_room(), signed_in_user())


@bp.get("/<public_id:import_id>")
@allowed_to(Role.RTT_TEAM)
def show(import_id: str) -> ResponseReturnValue:
    room = _room()
    return pages.show(room, pages.find(room, import_id, signed_in_user()))


@bp.post("/<public_id:import_id>/choices")
@allowed_to(Role.RTT_TEAM)
def choose(import_id: str) -> ResponseReturnValue:
    room, me = _room(), signed_in_user()
    return pages.choose(room, pages.find(room, import_id, me), me)


@bp.post("/<public_id:import_id>/taking")
@allowed_to(Role.RTT_TEAM)
def take(import_id: str) -> ResponseReturnValue:
    room, me = _room(), signed_in_user()
    return pages.take(room, pages.find(room, import_id, me), me)


@bp.post("/<public_id:import_id>/calling-off")
@allowed_to(Role.RTT_TEAM)
def call_off(import_id: str) -> ResponseReturnValue:
    room, me = _room(), signed_in_user()
    return pages.call_off(room, pages.find(room, import_id, me), me)
