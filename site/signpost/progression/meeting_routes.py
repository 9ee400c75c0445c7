"""Support meetings: set up, a date found, changed, held (E4 to E8)."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Review, Role, SupportKind, SupportMeeting, User
from signpost import clock, settings, working_days
from signpost.access import allowed_to, signed_in, signed_in_user
from signpost.accounts import queries as people
from signpost.events import rehearse
from signpost.forms import refused_beside
from signpost.meetings import offered_times
from signpost.meetings.poll_forms import VersionedForm
from signpost.progression import pages, queries, support_meetings
from signpost.progression.forms import SetupForm, SupportTimesForm
from signpost.progression.queries import Relation
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("support_meetings", __name__, url_prefix="/progression")

DAYS_OFFERED = 20
SAY_HELD = frozenset({Relation.TEAM, Relation.CHAIR})


def _load(support_id: str) -> tuple[SupportMeeting, User]:
    me = signed_in_user()
    return get_object_or_404(queries.meetings_visible_to(me), SupportMeeting.public_id == support_id), me


def _as(allowed: frozenset[Relation], support_id: str) -> tuple[SupportMeeting, User]:
    support, me = _load(support_id)
    return (support, me) if queries.relations_to(me, support) & allowed else abort(404)


def _of_team(support_id: str) -> tuple[SupportMeeting, User]:
    return _as(frozenset({Relation.TEAM}), support_id)


@bp.get("/meetings/<public_id:support_id>")
@signed_in
def show(support_id: str) -> ResponseReturnValue:
    support, me = _load(support_id)
    return pages.meeting(support, pages.Way(me))


@bp.route("/reviews/<public_id:review_id>/meeting", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def new(review_id: str) -> ResponseReturnValue:
    """Of the kind that the School decided. Who gets which email is looked at before the button is pressed."""
    me = signed_in_user()
    review = get_object_or_404(queries.visible_to(me), Review.public_id == review_id)
    if Relation.TEAM not in queries.relations(me, review):
        abort(404)
    kind = support_meetings.kind_decided(review)
    form = SetupForm(kind, *_choices(), data=SetupForm.usual(kind, review.director))
    letters = []
    if form.validate_on_submit():
        with form.refusals():
            letters = rehearse(lambda: support_meetings.require(review, form.setup, me))
            if request.form.get("step") == "require":
                support = support_meetings.require(review, form.setup, me)
                return see_other(url_for(".ask", support_id=support.public_id))
    return _setup_page(form, review, letters, url_for("progression.show", review_id=review_id))


def _choices() -> tuple[list[User], list[User]]:
    return queries.chairs(), people.holding(Role.PROGRESSION)


def _setup_page(form: SetupForm, review: Review, letters: object, back: str) -> ResponseReturnValue:
    is_academic = queries.is_academic(review)
    context = {"review": review, "letters": letters, "back": back, "is_academic": is_academic, **pages.NAMES}
    page = render_template("progression/setup.html", form=form, **context)
    return page, 422 if form.errors else 200


@bp.route("/meetings/<public_id:support_id>/setup", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def alter(support_id: str) -> ResponseReturnValue:
    support, me = _of_team(support_id)
    lengths = [one.minutes for one in queries.segments_of(support)]
    form = SetupForm(SupportKind(support.kind), *_choices(), data=SetupForm.known_of(support, lengths))
    here = url_for(".show", support_id=support_id)
    if form.validate_on_submit():
        with form.refusals():
            support_meetings.alter(support, form.setup, me, posted_version(form))
            return see_other(here)
    return _setup_page(form, support.review, None, here)


@bp.route("/meetings/<public_id:support_id>/times", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def ask(support_id: str) -> ResponseReturnValue:
    """Ask everybody who is needed when they can; the chair's own meetings are shown."""
    support, me = _of_team(support_id)
    ours = settings.current()
    reply_by = working_days.after(clock.today(), ours.poll_reply_working_days)
    chair = support.chair if support.chair != me else None
    form = SupportTimesForm(chair, data={"reply_by": reply_by})
    if form.validate_on_submit():
        with refused_beside(form.times):
            support_meetings.ask(support, form.moments(), form.reply_by.data, me, form.soon_reason.data or "")
            return see_other(url_for(".show", support_id=support_id))
    return form_page(
        "progression/times.html",
        form,
        support=support,
        offered=offered_times.offered(me, chair, support.minutes, DAYS_OFFERED),
        asked=support_meetings.needed(support, me),
        days=ours.papers_working_days,
    )


@bp.post("/meetings/<public_id:support_id>/<any(holding, did_not_take_place):what>")
@signed_in
def attended(support_id: str, what: str) -> ResponseReturnValue:
    support, me = _as(SAY_HELD, support_id)
    (support_meetings.held if what == "holding" else support_meetings.did_not_take_place)(support, me)
    return see_other(url_for(".show", support_id=support_id))


@bp.post("/meetings/<public_id:support_id>/calling-off")
@allowed_to(Role.PROGRESSION)
def call_off(support_id: str) -> ResponseReturnValue:
    support, me = _of_team(support_id)
    support_meetings.call_off(support, me, posted_version(VersionedForm()))
    return see_other(url_for("progression.show", review_id=support.review.public_id))
