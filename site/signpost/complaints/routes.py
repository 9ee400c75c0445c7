"""Complaints: for whoever raises one, for who handles it, and for whom something of it must be disclosed to (C11)."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Complaint, ComplaintDisclosure, ComplaintState, User
from signpost import settings
from signpost.access import public, signed_in, signed_in_user
from signpost.accounts import links
from signpost.accounts import queries as people
from signpost.complaints import actions, queries
from signpost.complaints.forms import (
    STATE_WORDS,
    STEP_WORDS,
    ComplaintForm,
    DisclosureForm,
    HandlerForm,
    NoteForm,
    StepForm,
)
from signpost.forms import refused_beside
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("complaints", __name__)


@bp.get("/complaints")
@signed_in
def index() -> ResponseReturnValue:
    """One's own, those one handles, and what one was told."""
    me = signed_in_user()
    return render_template(
        "complaints/index.html",
        handled=list(queries.handled_by(me).order_by(Complaint.id.desc())),
        own=list(queries.raised_by(me).order_by(Complaint.id.desc())),
        told=list(queries.disclosed_to(me).order_by(ComplaintDisclosure.id.desc())),
        state_words=STATE_WORDS,
    )


@bp.route("/complaints/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    me = signed_in_user()
    form = ComplaintForm([one for one in queries.who_may_handle() if one != me])
    if form.validate_on_submit():
        with refused_beside(form.words):
            actions.complain(form.words.data, form.about.data or "", form.chosen(), me)
            return see_other(url_for(".index"))
    return _form(form, [], url_for(".index"))


@bp.route("/links/<string:token>/complaints", methods=["GET", "POST"])
@public
def by_link(token: str) -> ResponseReturnValue:
    """The same for a trainee without an account: raise one, and see what becomes of it."""
    link = links.find_open(token) or abort(404)
    form = ComplaintForm(queries.who_may_handle())
    if form.validate_on_submit():
        with refused_beside(form.words):
            actions.complain(form.words.data, form.about.data or "", form.chosen(), link)
            return see_other(url_for(".by_link", token=token))
    own = list(queries.raised_through(link).order_by(Complaint.id.desc()))
    return _form(form, own, url_for("links.show", token=token))


def _form(form: ComplaintForm, own: list[Complaint], back: str) -> ResponseReturnValue:
    page = render_template(
        "complaints/new.html", form=form, own=own, back=back, state_words=STATE_WORDS, ours=settings.current()
    )
    return page, 422 if form.errors else 200


@bp.get("/complaints/<public_id:complaint_id>")
@signed_in
def show(complaint_id: str) -> ResponseReturnValue:
    """To who handles it, all of it, and that they looked is kept; to who raised it, how it stands."""
    me = signed_in_user()
    found = queries.handled_by(me).where(Complaint.public_id == complaint_id).first()
    if found is None:
        own = get_object_or_404(queries.raised_by(me), Complaint.public_id == complaint_id)
        return render_template("complaints/own.html", complaint=own, state_words=STATE_WORDS)
    actions.keep_reading(found, me)
    return _handled(found, StepForm(formdata=None), NoteForm(formdata=None))


def _handled(found: Complaint, form: StepForm, note_form: NoteForm) -> ResponseReturnValue:
    step = actions.NEXT.get(ComplaintState(found.state))
    page = render_template(
        "complaints/show.html",
        complaint=found,
        form=note_form if note_form.errors else form,
        step_form=form,
        note_form=note_form,
        step=step,
        step_words=STEP_WORDS.get(step, "") if step else "",
        state_words=STATE_WORDS,
        notes=queries.notes_of(found),
        disclosures=queries.disclosures_of(found),
        handlers=queries.handlers_of(found),
        respondents=queries.respondents_of(found),
    )
    return page, 422 if form.errors or note_form.errors else 200


def _mine(complaint_id: str) -> tuple[Complaint, User]:
    me = signed_in_user()
    return get_object_or_404(queries.handled_by(me), Complaint.public_id == complaint_id), me


@bp.post("/complaints/<public_id:complaint_id>/steps")
@signed_in
def move_on(complaint_id: str) -> ResponseReturnValue:
    found, me = _mine(complaint_id)
    form = StepForm()
    to = ComplaintState(form.step.data) if form.step.data in set(ComplaintState) else None
    if not form.validate_on_submit() or to is None:
        return _handled(found, form, NoteForm(formdata=None))
    if to == ComplaintState.ANSWERED and not form.answer.data:
        form.answer.errors = ["Enter the answer"]
        return _handled(found, form, NoteForm(formdata=None))
    actions.move_on(found, to, me, posted_version(form), form.answer.data or "")
    return see_other(url_for(".show", complaint_id=complaint_id))


@bp.post("/complaints/<public_id:complaint_id>/notes")
@signed_in
def note(complaint_id: str) -> ResponseReturnValue:
    found, me = _mine(complaint_id)
    form = NoteForm()
    if form.validate_on_submit():
        actions.note(found, form.words.data, me)
        return see_other(url_for(".show", complaint_id=complaint_id))
    return _handled(found, StepForm(formdata=None), form)


@bp.route("/complaints/<public_id:complaint_id>/disclosure", methods=["GET", "POST"])
@signed_in
def disclose(complaint_id: str) -> ResponseReturnValue:
    """To whom, which words, why; looked at before it is done."""
    found, me = _mine(complaint_id)
    form = DisclosureForm()
    to = None
    if form.validate_on_submit():
        to = people.with_email(form.email.data) if form.email.data else None
        if bool(form.email.data) == bool(form.name.data):
            form.email.errors = ["Enter an email address or a name, and not both"]
        elif form.email.data and to is None:
            form.email.errors = ["No account has this address. Tell the person yourself, and enter their name"]
        elif form.step.data == "disclose":
            actions.disclose(found, to, form.name.data or "", form.words.data, form.why.data, me)
            return see_other(url_for(".show", complaint_id=complaint_id))
    preview = request.method == "POST" and not form.errors
    page = render_template("complaints/disclosure.html", form=form, complaint=found, to=to, preview=preview)
    return page, 422 if form.errors else 200


@bp.route("/complaints/<public_id:complaint_id>/handlers", methods=["GET", "POST"])
@signed_in
def handlers(complaint_id: str) -> ResponseReturnValue:
    """Name another who handles it; or take it from one whom it turned out to be about."""
    found, me = _mine(complaint_id)
    form = HandlerForm(queries.who_may_handle())
    if form.validate_on_submit():
        person = form.people[form.person.data]
        (actions.add_handler if form.what.data == "add" else actions.found_to_concern)(found, person, me)
        return see_other(url_for(".index") if person == me else url_for(".show", complaint_id=complaint_id))
    return form_page("complaints/handlers.html", form, complaint=found)


@bp.get("/complaints/disclosures/<public_id:disclosure_id>")
@signed_in
def disclosed(disclosure_id: str) -> ResponseReturnValue:
    """What this person was told: these words and no more."""
    mine = queries.disclosed_to(signed_in_user())
    found = get_object_or_404(mine, ComplaintDisclosure.public_id == disclosure_id)
    return render_template("complaints/disclosed.html", disclosure=found)
