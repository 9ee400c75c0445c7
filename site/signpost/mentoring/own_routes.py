"""A returner's own page, signed in."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from models import Returner
from signpost.access import signed_in, signed_in_user
from signpost.mentoring import pages, queries

bp = Blueprint("my_return", __name__, url_prefix="/mentoring/mine")


@bp.get("")
@signed_in
def show() -> ResponseReturnValue:
    """How it stands; or that they may ask, where there is no return of theirs."""
    me = signed_in_user()
    mine = queries.return_now(me)
    return render_template("mentoring/none.html") if mine is None else pages.show(mine, pages.Way(me))


@bp.post("/acceptance")
@signed_in
def accept() -> ResponseReturnValue:
    return pages.accept(*_way())


@bp.post("/refusal")
@signed_in
def decline() -> ResponseReturnValue:
    return pages.decline(*_way())


@bp.route("/later", methods=["GET", "POST"])
@signed_in
def later() -> ResponseReturnValue:
    return pages.later(*_way())


@bp.route("/wishes", methods=["GET", "POST"])
@signed_in
def wish() -> ResponseReturnValue:
    return pages.wish(*_way())


def _way() -> tuple[Returner, pages.Way]:
    me = signed_in_user()
    return queries.return_now(me) or abort(404), pages.Way(me)
