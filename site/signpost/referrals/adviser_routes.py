"""The adviser's pages: the inbox, assigning, closing, a corrected address."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from models import Ending, Event, Meeting, Referral, Role, SavedView, User
from signpost import clock
from signpost.access import allowed_to, signed_in_user
from signpost.accounts import queries as people
from signpost.errors import RuleBroken
from signpost.events import rehearse
from signpost.forms import refused_beside
from signpost.meetings import queries as meetings
from signpost.notices.letters import Letter
from signpost.referrals import actions, candidates, inbox, queries, rows
from signpost.referrals.forms import (
    MANY_ENDINGS,
    AddressForm,
    AssignmentForm,
    ClosingForm,
    ConfirmForm,
    ManyAssignedForm,
    ManyClosedForm,
    SavedViewForm,
)
from signpost.referrals.queries import Relation
from signpost.referrals.routes import about, load
from signpost.templating import render_alone
from signpost.until_commit import kept_until_commit
from signpost.web import asks_for, form_page, get_object_or_404, posted_version, see_other, wants_fragment

bp = Blueprint("inbox", __name__, url_prefix="/referrals")


@bp.get("/inbox")
@allowed_to(Role.SENIOR_ADVISER)
def show() -> ResponseReturnValue:
    """One address, one list: the view, the filters, the page and the open row all stand in it."""
    me = signed_in_user()
    asked = inbox.Asked.read(request.args)
    page = inbox.page(asked, me)
    context: dict[str, Any] = {"asked": asked, "page": page, "rows": rows.markup(page.rows, asked)}
    if asked.open:
        opened = get_object_or_404(queries.inbox_of(me), Referral.public_id == asked.open)
        context["opened"] = about(opened, queries.relations(me, opened), me)
    # The bar gets the short address of what is seen, not the form's long one with every empty filter.
    short = {"HX-Push-Url": asked.address(**asked.place())}
    if asks_for("list"):
        return render_template("referrals/_list.html", **context), short
    context["frame"] = _frame(asked.at_its_start, me, queries.yesterday())
    context |= {"undoable": queries.undoable_by(me), "now": clock.now()}
    if wants_fragment():
        return render_template("referrals/_inbox.html", **context), short
    return render_template("referrals/inbox.html", **context)


@kept_until_commit
def _frame(asked: inbox.Asked, me: User, yesterday: datetime) -> Markup:
    """Views, saved views and filters: the same while someone pages through a list, and until something changes."""
    context = {
        "asked": asked,
        "views": inbox.VIEWS,
        "counts": inbox.counts(me),
        "most": inbox.MOST_COUNTED,
        "choices": inbox.choices(me),
    }
    return Markup(render_alone("referrals/_frame.html", **context))  # noqa: S704  a template, so escaped already


@bp.route("/<public_id:referral_id>/assignment", methods=["GET", "POST"])
@allowed_to(Role.SENIOR_ADVISER)
def assignment(referral_id: str) -> ResponseReturnValue:
    """Who supports the trainee: one decision, with the emails beside it."""
    referral, _, me = load(referral_id, Relation.ADVISER)
    ranked = candidates.for_referral(referral)
    form = AssignmentForm(ranked, is_change=referral.assigned_to is not None, formdata=request.form or request.args)
    if request.method == "POST":
        actions.refuse_overtaken(referral, posted_version(form), form.seen.data or "", me)
    if request.method == "POST" and form.validate_on_submit():
        chosen = form.candidates[form.counsellor.data].counsellor
        actions.assign(referral, chosen, me, posted_version(form), form.reason.data or "")
        return see_other(url_for("inbox.show"))
    if request.method == "GET":
        form.version.data = str(referral.version)
        form.seen.data = referral.assigned_to.public_id if referral.assigned_to else ""
        form.counsellor.data = form.counsellor.data if form.counsellor.data in form.candidates else _first(form)
    context = {
        "referral": referral,
        "ranked": ranked,
        "letters": _letters(form, referral, me),
        "booked": meetings.to_come(referral),
    }
    if wants_fragment() and request.method == "GET":
        return render_template("referrals/_letters.html", **context)
    return form_page("referrals/assignment.html", form, **context)


def _first(form: AssignmentForm) -> str | None:
    return next(iter(form.candidates), None)


def _letters(form: AssignmentForm, referral: Referral, me: User) -> list[Letter]:
    """What would be sent for the counsellor chosen now."""
    chosen = form.candidates.get(form.counsellor.data or "")
    if chosen is None or referral.is_closed:
        return []
    fresh = Referral.get_by_id(referral.id)
    # As much as a reason may have: a longer one is refused beside its field, and the preview stays.
    reason = (form.reason.data or "the reason you give")[: form.reason.max_length]
    return rehearse(lambda: actions.assign(fresh, chosen.counsellor, me, fresh.version, reason))


@bp.post("/events/<public_id:event_id>/undoing")
@allowed_to(Role.SENIOR_ADVISER)
def undoing(event_id: str) -> ResponseReturnValue:
    """Take back what was done at one press of a button: one referral or many."""
    me = signed_in_user()
    event = get_object_or_404(Event.select().where(Event.by_user == me), Event.public_id == event_id)
    if event.name not in actions.UNDO:
        abort(404)
    actions.undo(event, by=me)
    many = "batch" in event.facts_json
    return see_other(url_for("inbox.show") if many else url_for("referrals.show", referral_id=event.referral.public_id))


@bp.route("/<public_id:referral_id>/closure", methods=["GET", "POST"])
@allowed_to(Role.SENIOR_ADVISER)
def closure(referral_id: str) -> ResponseReturnValue:
    referral, _, me = load(referral_id, Relation.ADVISER)
    others = queries.same_trainee(referral)
    form = ClosingForm(_endings(referral, bool(others)), others)
    if form.validate_on_submit():
        ending = Ending(form.ending.data)
        repeats = form.others.get(form.duplicate_of.data) if ending == Ending.DUPLICATE else None
        actions.close(referral, ending, me, posted_version(form), repeats)
        return see_other(url_for("inbox.show"))
    if request.method == "GET":
        form.version.data = str(referral.version)
    fresh = Referral.get_by_id(referral.id)
    letters = rehearse(lambda: actions.close(fresh, Ending.UNABLE_TO_CONTACT, me, fresh.version))
    booked = meetings.to_come(referral)
    return form_page("referrals/closure.html", form, referral=referral, letters=letters, booked=booked)


def _endings(referral: Referral, has_others: bool) -> list[Ending]:
    endings = [Ending.UNABLE_TO_CONTACT, Ending.LEFT_PROGRAMME]
    if has_others:
        endings.insert(0, Ending.DUPLICATE)
    if referral.has_begun:
        endings.append(Ending.WITHDREW_PART_WAY)
    return endings


@bp.route("/<public_id:referral_id>/address", methods=["GET", "POST"])
@allowed_to(Role.SENIOR_ADVISER)
def address(referral_id: str) -> ResponseReturnValue:
    """Put the trainee's address right, and send again what did not reach them."""
    referral, _, me = load(referral_id, Relation.ADVISER)
    form = AddressForm()
    if form.validate_on_submit():
        actions.correct_trainee_address(referral, form.email.data.lower(), me, posted_version(form))
        return see_other(url_for("referrals.show", referral_id=referral.public_id))
    if request.method == "GET":
        form.version.data = str(referral.version)
    return form_page("referrals/address.html", form, referral=referral)


@bp.post("/<public_id:referral_id>/link")
@allowed_to(Role.SENIOR_ADVISER)
def link(referral_id: str) -> ResponseReturnValue:
    """Send the trainee a fresh personal link, when they ask for one by telephone."""
    referral, _, me = load(referral_id, Relation.ADVISER)
    if ConfirmForm().validate_on_submit():
        actions.send_link_again(referral, by=me)
    return see_other(url_for("referrals.show", referral_id=referral.public_id))


# Many at once


MOST_AT_ONCE = 50


def _chosen(me: User) -> list[Referral]:
    """The referrals that were ticked, as far as this person works on them, in the order they arrived."""
    ids = request.values.getlist("id")[:MOST_AT_ONCE]
    return list(queries.inbox_of(me).where(Referral.public_id.in_(ids)).order_by(Referral.id))


def _seen_version(referral: Referral) -> int:
    """The version of this referral on the page on which it was ticked."""
    text = request.form.get(f"version-{referral.public_id}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _rehearsed(referrals: list[Referral], act: Callable[[Referral], object]) -> tuple[list[Any], list[Letter]]:
    """For each referral whether it could be done, and the letters of all that could."""
    outcomes, letters = [], []
    for referral in referrals:
        fresh = Referral.get_by_id(referral.id)
        try:
            written = rehearse(partial(act, fresh))
        except RuleBroken as refusal:
            outcomes.append((referral, refusal.words))
        else:
            outcomes.append((referral, ""))
            letters += written
    return outcomes, letters


@bp.route("/inbox/assignment", methods=["GET", "POST"])
@allowed_to(Role.SENIOR_ADVISER)
def assign_many() -> ResponseReturnValue:
    """One counsellor for several referrals: first what would happen to each, then all at one press."""
    me = signed_in_user()
    chosen = _chosen(me)
    form = ManyAssignedForm(people.holding(Role.COUNSELLOR), formdata=request.values)
    if request.method == "POST" and chosen and form.validate_on_submit():
        counsellor, reason = form.people[form.counsellor.data], form.reason.data or ""
        return _after(
            actions.for_each(
                chosen, lambda one, batch: actions.assign(one, counsellor, me, _seen_version(one), reason, batch)
            )
        )
    outcomes: list[Any] = [(one, "") for one in chosen]
    letters: list[Letter] = []
    if picked := form.people.get(form.counsellor.data or ""):
        reason = (form.reason.data or "")[: form.reason.max_length]
        outcomes, letters = _rehearsed(chosen, lambda one: actions.assign(one, picked, me, one.version, reason))
    elif "see" in request.args:
        form.counsellor.validate(form)  # asked to see what would happen, and nobody selected
    needs_reason = any(one.assigned_to_id for one in chosen)
    return form_page(
        "referrals/many.html",
        form,
        outcomes=outcomes,
        letters=letters,
        act="assign",
        booked=_booked(chosen),
        picked=picked,
        needs_reason=needs_reason,
    )


@bp.route("/inbox/closure", methods=["GET", "POST"])
@allowed_to(Role.SENIOR_ADVISER)
def close_many() -> ResponseReturnValue:
    """Close several referrals for one reason."""
    me = signed_in_user()
    chosen = _chosen(me)
    form = ManyClosedForm(formdata=request.values)
    if request.method == "POST" and chosen and form.validate_on_submit():
        ending = Ending(form.ending.data)
        return _after(
            actions.for_each(chosen, lambda one, batch: actions.close(one, ending, me, _seen_version(one), None, batch))
        )
    outcomes: list[Any] = [(one, "") for one in chosen]
    letters: list[Letter] = []
    picked = form.ending.data if form.ending.data in MANY_ENDINGS else None
    if picked:
        outcomes, letters = _rehearsed(chosen, lambda one: actions.close(one, Ending(picked), me, one.version))
    elif "see" in request.args:
        form.ending.validate(form)
    return form_page(
        "referrals/many.html",
        form,
        outcomes=outcomes,
        letters=letters,
        act="close",
        booked=_booked(chosen),
        picked=picked,
        needs_reason=False,
    )


def _booked(chosen: list[Referral]) -> dict[int, Meeting]:
    """By row number of the referral, the meetings that are booked and would be cancelled."""
    found = {one.id: meetings.to_come(one) for one in chosen}
    return {number: meeting for number, meeting in found.items() if meeting is not None}


def _after(outcome: actions.Outcome) -> ResponseReturnValue:
    """Back to the inbox, where it can be undone; or, where some were refused, what became of each."""
    if not outcome.refused:
        return see_other(url_for("inbox.show"))
    return render_template("referrals/many_done.html", outcome=outcome), 409


# Views of one's own


@bp.route("/inbox/views", methods=["GET", "POST"])
@allowed_to(Role.SENIOR_ADVISER)
def views() -> ResponseReturnValue:
    me = signed_in_user()
    form = SavedViewForm(formdata=request.values if request.method == "POST" else None)
    address = inbox.canonical(request.values.get("address", ""))
    if form.validate_on_submit():
        with refused_beside(form.name):
            actions.save_view(me, form.name.data or "", address)
            return see_other(address)
    return form_page("referrals/views.html", form, saved=queries.saved_views(me), address=address)


@bp.post("/inbox/views/<public_id:view_id>/deletion")
@allowed_to(Role.SENIOR_ADVISER)
def delete_view(view_id: str) -> ResponseReturnValue:
    mine = SavedView.select().where(SavedView.user == signed_in_user())
    get_object_or_404(mine, SavedView.public_id == view_id).delete_instance()
    return see_other(url_for(".views"))
