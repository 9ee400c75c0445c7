"""Support calls: offered, wanted or not, a time found, held (E3)."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Review, Role, SupportCall, User
from signpost import clock, settings, working_days
from signpost.access import allowed_to, signed_in, signed_in_user
from signpost.events import rehearse
from signpost.forms import refused_beside
from signpost.meetings import offered_times
from signpost.progression import calls, pages, queries
from signpost.progression.forms import CallBookingForm, CallTimesForm
from signpost.progression.queries import SUPPORTED, Relation
from signpost.referrals.forms import ConfirmForm
from signpost.web import form_page, get_object_or_404, see_other

bp = Blueprint("support_calls", __name__, url_prefix="/progression/reviews/<public_id:review_id>/call")

USUAL_MINUTES = 30


def _review(review_id: str, allowed: frozenset[Relation]) -> tuple[Review, User]:
    me = signed_in_user()
    review = get_object_or_404(queries.visible_to(me), Review.public_id == review_id)
    return (review, me) if queries.relations(me, review) & allowed else abort(404)


def _of_team(review_id: str) -> tuple[Review, User]:
    return _review(review_id, frozenset({Relation.TEAM}))


def _call(review_id: str) -> tuple[SupportCall, User]:
    review, me = _of_team(review_id)
    return queries.call_of(review) or abort(404), me


def _back(review_id: str) -> ResponseReturnValue:
    return see_other(url_for("progression.show", review_id=review_id))


@bp.route("/offer", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def offer(review_id: str) -> ResponseReturnValue:
    """Who gets which email is looked at before the button is pressed."""
    review, me = _of_team(review_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        calls.offer(review, me)
        return _back(review_id)
    letters = rehearse(lambda: calls.offer(review, me))
    return render_template("progression/offer.html", form=form, review=review, letters=letters)


@bp.post("/answer")
@signed_in
def answer(review_id: str) -> ResponseReturnValue:
    review, me = _review(review_id, SUPPORTED)
    return pages.answer_call(review, pages.Way(me))


@bp.route("/times", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def ask(review_id: str) -> ResponseReturnValue:
    call, me = _call(review_id)
    reply_by = working_days.after(clock.today(), settings.current().poll_reply_working_days)
    form = CallTimesForm(data={"minutes": USUAL_MINUTES, "reply_by": reply_by})
    if form.validate_on_submit():
        with refused_beside(form.times):
            calls.ask(call, form.minutes.data, form.moments(), form.reply_by.data, me)
            return _back(review_id)
    offered = offered_times.offered(me, None, form.minutes.data or USUAL_MINUTES)
    return form_page("progression/call_times.html", form, review=call.review, offered=offered)


@bp.route("/time", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def book(review_id: str) -> ResponseReturnValue:
    call, me = _call(review_id)
    form = CallBookingForm(data={"minutes": USUAL_MINUTES})
    if form.validate_on_submit():
        with refused_beside(form.begins):
            calls.book(call, form.moment, form.minutes.data, me)
            return _back(review_id)
    return form_page("progression/call_time.html", form, review=call.review)


@bp.post("/<any(holding, withdrawal):what>")
@allowed_to(Role.PROGRESSION)
def end(review_id: str, what: str) -> ResponseReturnValue:
    """It was held; or it is not wanted any more, as the team was told."""
    call, me = _call(review_id)
    (calls.held if what == "holding" else calls.decline)(call, me)
    return _back(review_id)
