"""The matching board of the return to training team: suggestions, overrides, introductions, where mentors are wanted."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Mentor, Returner, Role, User
from signpost.access import allowed_to, signed_in_user
from signpost.errors import RuleBroken
from signpost.events import rehearse
from signpost.mentoring import actions, queries
from signpost.mentoring.board import Desk
from signpost.notices.letters import Letter
from signpost.web import get_object_or_404, see_other, wants_fragment

MOST_AT_ONCE = 100
BETWEEN = "."  # of the two public ids of a pair

bp = Blueprint("matching", __name__, url_prefix="/mentoring/matching")


@bp.get("")
@allowed_to(Role.RTT_TEAM)
def show() -> ResponseReturnValue:
    return render_template("mentoring/board.html", board=Desk(signed_in_user()).board(), said="")


@bp.post("/overrides")
@allowed_to(Role.RTT_TEAM)
def override() -> ResponseReturnValue:
    """Pin a pair, rule it out, or leave it to the matching again; everything else is worked out anew."""
    me = signed_in_user()
    acts = {"pin": actions.pin, "rule_out": actions.rule_out, "let_go": actions.let_go}
    chosen = next((name for name in acts if name in request.form), None) or abort(400)
    returner, mentor = _pair(request.form[chosen], me) or abort(404)
    acts[chosen](returner, mentor, me)
    if not wants_fragment():
        return see_other(url_for(".show"))
    said = {
        "pin": "Pinned: {} and {}.",
        "rule_out": "Ruled out: {} and {}.",
        "let_go": "Left to the matching again: {} and {}.",
    }
    board = Desk(me).board()
    return render_template(
        "mentoring/_board.html", board=board, said=said[chosen].format(returner.name, mentor.user.name)
    )


@bp.post("/seen")
@allowed_to(Role.RTT_TEAM)
def seen() -> ResponseReturnValue:
    """Remember the suggestions as they are, to say next time what changed."""
    me = signed_in_user()
    actions.remember(Desk(me).pairs_now(), me)
    return see_other(url_for(".show"))


@bp.get("/returners/<public_id:returner_id>")
@allowed_to(Role.RTT_TEAM)
def instead(returner_id: str) -> ResponseReturnValue:
    """Whom else this returner could have, and what each would cost."""
    me = signed_in_user()
    desk = Desk(me)
    returner = get_object_or_404(queries.returners_seen_by(me), Returner.public_id == returner_id)
    if returner.public_id not in desk.pool.returners:
        abort(404)
    return render_template(
        "mentoring/instead.html", returner=returner, choices=desk.instead(returner), refused=desk.refused(returner)
    )


@bp.get("/recruiting")
@allowed_to(Role.RTT_TEAM)
def recruiting() -> ResponseReturnValue:
    """Where mentors are wanted: need against mentors."""
    desk = Desk(signed_in_user())
    return render_template("mentoring/recruiting.html", needs=desk.needs(), map=desk.map_of_needs())


@bp.route("/introductions", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def introductions() -> ResponseReturnValue:
    """Introduce one, some or all: first what would be sent to whom, then all at one press."""
    me = signed_in_user()
    if request.method == "POST":
        done, refused = actions.for_each(_pairs(request.form.getlist("pair"), me), me)
        answer = render_template("mentoring/introduced.html", done=done, refused=refused)
        return answer, 409 if refused else 200
    wanted = request.args.getlist("pair")
    if request.args.get("all"):
        wanted = [BETWEEN.join(pair) for pair in Desk(me).matching.mentor_of.items()]
    outcomes, letters = _rehearsed(_pairs(wanted, me), me)
    more = max(0, len(wanted) - MOST_AT_ONCE)
    return render_template("mentoring/introductions.html", outcomes=outcomes, letters=letters, more=more)


def _rehearsed(pairs: list[tuple[Returner, Mentor]], me: User) -> tuple[list[Any], list[Letter]]:
    """For each pair whether it could be introduced, and the letters of all that could."""
    outcomes, letters = [], []
    for returner, mentor in pairs:
        try:
            letters += rehearse(partial(actions.introduce, returner, mentor, me))
        except RuleBroken as refusal:
            outcomes.append((returner, mentor, refusal.words))
        else:
            outcomes.append((returner, mentor, ""))
    return outcomes, letters


def _pairs(values: list[str], me: User) -> list[tuple[Returner, Mentor]]:
    """The pairs that were ticked, as far as there are such people for this coordinator."""
    found = (_pair(value, me) for value in dict.fromkeys(values[:MOST_AT_ONCE]))
    return [pair for pair in found if pair]


def _pair(value: str, me: User) -> tuple[Returner, Mentor] | None:
    returner_id, _, mentor_id = value.lower().partition(BETWEEN)
    returner = queries.returners_seen_by(me).where(Returner.public_id == returner_id).get_or_none()
    mentor = queries.mentors_seen_by(me).where(Mentor.public_id == mentor_id).get_or_none()
    return (returner, mentor) if returner and mentor else None
