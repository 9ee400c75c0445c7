"""The adviser's pages: the inbox, assigning, closing, a corrected address."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Ending, Referral, Role, User
from signpost import clock, settings
from signpost.access import allowed_to, signed_in_user
from signpost.events import rehearse
from signpost.notices.letters import Letter
from signpost.referrals import actions, candidates, inbox, queries
from signpost.referrals.forms import AddressForm, AssignmentForm, ClosingForm, ConfirmForm
from signpost.referrals.queries import Relation
from signpost.referrals.routes import about, load
from signpost.web import form_page, get_object_or_404, posted_version, see_other, wants_fragment

bp = Blueprint("inbox", __name__, url_prefix="/referrals")


@bp.get("/inbox")
@allowed_to(Role.SENIOR_ADVISER)
def show() -> ResponseReturnValue:
    """One address, one list: the view, the filters, the page and the open row all stand in it."""
    me = signed_in_user()
    asked = inbox.Asked.read(request.args)
    context = {
        "asked": asked,
        "page": inbox.page(asked, me),
        "views": inbox.VIEWS,
        "counts": inbox.counts(me),
        "most": inbox.MOST_COUNTED,
        "choices": inbox.choices(),
        "undoable": queries.undoable_by(me),
        "undo_for": settings.current().undo,
        "now": clock.now(),
    }
    if asked.open:
        opened = get_object_or_404(queries.inbox_of(me), Referral.public_id == asked.open)
        context["opened"] = about(opened, queries.relations(me, opened), me)
    if not wants_fragment():
        return render_template("referrals/inbox.html", **context)
    # The bar gets the short address of what is seen, not the form's long one with every empty filter.
    return render_template("referrals/_inbox.html", **context), {"HX-Push-Url": asked.address(**asked.place())}


@bp.route("/<public_id:referral_id>/assignment", methods=["GET", "POST"])
@allowed_to(Role.SENIOR_ADVISER)
def assignment(referral_id: str) -> ResponseReturnValue:
    """Who supports the trainee: one decision, with the emails beside it."""
    referral, _, me = load(referral_id, Relation.ADVISER)
    ranked = candidates.for_referral(referral)
    form = AssignmentForm(ranked, is_change=referral.assigned_to is not None, formdata=request.form or request.args)
    if request.method == "POST" and form.validate_on_submit():
        chosen = form.candidates[form.counsellor.data].counsellor
        actions.assign(referral, chosen, me, posted_version(form), form.reason.data or "")
        return see_other(url_for("inbox.show"))
    if request.method == "GET":
        form.version.data = str(referral.version)
        form.counsellor.data = form.counsellor.data if form.counsellor.data in form.candidates else _first(form)
    context = {"referral": referral, "ranked": ranked, "letters": _letters(form, referral, me)}
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
    reason = form.reason.data or "the reason you give"
    return rehearse(lambda: actions.assign(fresh, chosen.counsellor, me, fresh.version, reason))


@bp.post("/<public_id:referral_id>/undoing")
@allowed_to(Role.SENIOR_ADVISER)
def undoing(referral_id: str) -> ResponseReturnValue:
    referral, _, me = load(referral_id, Relation.ADVISER)
    actions.undo_assignment(referral, by=me)
    return see_other(url_for("referrals.show", referral_id=referral.public_id))


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
    return form_page("referrals/closure.html", form, referral=referral, letters=letters)


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
