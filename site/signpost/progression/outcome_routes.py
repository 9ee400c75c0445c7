"""What a support meeting came to, and the further meeting that goes with an action plan (E5, E6)."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import LedTo, Role, SupportKind, SupportMeeting, SupportOutcome, User
from signpost.access import allowed_to, signed_in_user
from signpost.accounts import queries as people
from signpost.events import rehearse
from signpost.forms import refused_beside
from signpost.notices.letters import Letter
from signpost.progression import outcomes, pages, queries
from signpost.progression.after_forms import OutcomesForm
from signpost.progression.forms import SetupForm
from signpost.progression.queries import Relation
from signpost.web import get_object_or_404, see_other

bp = Blueprint("support_outcomes", __name__, url_prefix="/progression")

DECIDE = frozenset({Relation.TEAM, Relation.CHAIR})


def _load(support_id: str, allowed: frozenset[Relation] = DECIDE) -> tuple[SupportMeeting, User]:
    me = signed_in_user()
    support = get_object_or_404(queries.meetings_visible_to(me), SupportMeeting.public_id == support_id)
    return (support, me) if queries.relations_to(me, support) & allowed else abort(404)


@bp.route("/meetings/<public_id:support_id>/outcome", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def decide(support_id: str) -> ResponseReturnValue:
    """The first time what it came to; later something else, with why. What another service gets is looked at first."""
    support, me = _load(support_id)
    standing = queries.outcomes_of(support)
    takers = [one for one in people.holding(Role.PROGRESSION) if one != support.chair]
    form = OutcomesForm(support, takers, bool(standing), data=OutcomesForm.known_of(standing))
    letters: list[Letter] = []

    def keep() -> None:
        if standing:
            outcomes.change_to(support, form.chosen, form.why.data or "", me, form.taker)
        else:
            outcomes.decide(support, form.chosen, me, form.taker)

    if form.validate_on_submit():
        with refused_beside(form.kinds):
            if form.to_service and request.form.get("step") != "send":
                letters = [one for one in rehearse(keep) if one.recipients[0].person.address == form.to_service]
            if not letters:
                keep()
                return see_other(url_for("support_meetings.show", support_id=support_id))
    page = {"support": support, "is_change": bool(standing), "is_held": support.held_at is not None, "letters": letters}
    return render_template("progression/outcomes.html", form=form, **page, **pages.NAMES), 422 if form.errors else 200


@bp.post("/outcomes/<public_id:outcome_id>/looking")
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def look(outcome_id: str) -> ResponseReturnValue:
    mine = queries.meetings_visible_to(signed_in_user()).select(SupportMeeting.id)
    desk = SupportOutcome.select().where(SupportOutcome.support_meeting.in_(mine))
    outcome = get_object_or_404(
        desk.where(SupportOutcome.kind == LedTo.DESKTOP_REVIEW), SupportOutcome.public_id == outcome_id
    )
    support, me = _load(outcome.support_meeting.public_id)
    outcomes.looked(outcome, me)
    return see_other(url_for("support_meetings.show", support_id=support.public_id))


@bp.route("/meetings/<public_id:support_id>/further/<any(triage, full):kind>", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def further(support_id: str, kind: str) -> ResponseReturnValue:
    """Set up the meeting that goes with an action plan. Who gets which email is looked at before the button is pressed."""
    support, me = _load(support_id, frozenset({Relation.TEAM}))
    if not outcomes.needs_further(support):
        abort(404)
    which = SupportKind(kind)
    choices = (queries.chairs(), people.holding(Role.PROGRESSION))
    form = SetupForm(which, *choices, data=SetupForm.usual(which, support.chair))
    letters = []
    if form.validate_on_submit():
        with form.refusals():
            letters = rehearse(lambda: outcomes.set_up_further(support, form.setup, me))
            if request.form.get("step") == "require":
                made = outcomes.set_up_further(support, form.setup, me)
                return see_other(url_for("support_meetings.ask", support_id=made.public_id))
    page = render_template(
        "progression/setup.html",
        form=form,
        review=support.review,
        letters=letters,
        back=url_for("support_meetings.show", support_id=support_id),
        is_academic=queries.is_academic(support.review),
        **pages.NAMES,
    )
    return page, 422 if form.errors else 200
