"""Consents, questions to employers, breaches and emergencies, for those who hold the case; and for whom they tell."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Breach, Consent, Emergency, Ground, InformationRequest, Referral, Role, Told, User
from signpost import clock
from signpost.access import allowed_to, signed_in, signed_in_user
from signpost.confidentiality import breaches, consents, emergencies, information, pages, queries
from signpost.confidentiality.forms import (
    GROUND_NAMES,
    OWN_GROUNDS,
    TOLD_NAMES,
    AnswerForm,
    BreachForm,
    ConsentForm,
    EmergencyForm,
    HeadForm,
    HowForm,
    JudgementForm,
    LookAgainForm,
    QuestionForm,
    TellForm,
)
from signpost.events import rehearse
from signpost.forms import refused_beside
from signpost.referrals import queries as referrals
from signpost.referrals import record_access
from signpost.referrals.forms import ConfirmForm
from signpost.referrals.queries import Relation
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("confidentiality", __name__)
WHY_BROKEN = "why confidentiality may be broken"
bp.app_context_processor(
    lambda: {
        "disclosures_of_case": pages.of_case,
        "ground_names": GROUND_NAMES,
        "own_grounds": OWN_GROUNDS,
        "told_names": TOLD_NAMES,
    }
)


def _held(referral_id: str) -> tuple[Referral, User]:
    """The case, for who may read its record."""
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    return (referral, me) if record_access.reads_record(me, referral) else abort(404)


# The sheets for staff (C13)


@bp.get('/guidance-for-staff/<any("regulatory-framework", "difficult-behaviour"):slug>')
@allowed_to(Role.COUNSELLOR, Role.SENIOR_ADVISER)
def sheet(slug: str) -> ResponseReturnValue:
    """Where they stood before they were pages of the guidance."""
    return redirect(url_for("guidance.show", module="confidentiality", slug=slug), 301)


# Consents


@bp.get("/consents")
@signed_in
def my_consents() -> ResponseReturnValue:
    """A trainee's own; and those of the cases one holds."""
    me = signed_in_user()
    return render_template(
        "confidentiality/consents.html",
        own=list(queries.consents_of(me).order_by(Consent.id.desc())),
        held=list(queries.consents_for(me).order_by(Consent.id.desc())),
        stands=consents.stands,
        is_past=consents.is_past,
    )


@bp.route("/consents/cases/<public_id:referral_id>/new", methods=["GET", "POST"])
@signed_in
def propose(referral_id: str) -> ResponseReturnValue:
    referral, me = _held(referral_id)
    form = ConsentForm()
    if form.validate_on_submit():
        wanted = consents.Wanted(
            recipient_name=form.recipient_name.data,
            recipient_body=form.recipient_body.data or "",
            recipient_email=form.recipient_email.data.lower(),
            information=form.information.data,
            why=form.why.data,
            until=form.until.data,
        )
        with refused_beside(form.recipient_email):
            consents.propose(referral, wanted, me)
            return see_other(url_for("referrals.show", referral_id=referral.public_id))
    return form_page("confidentiality/new_consent.html", form, referral=referral)


@bp.get("/consents/<public_id:consent_id>")
@signed_in
def consent(consent_id: str) -> ResponseReturnValue:
    """For the trainee: to sign or withdraw. For who holds the case: how it stands, and to send."""
    me = signed_in_user()
    own = queries.consents_of(me).where(Consent.public_id == consent_id).get_or_none()
    if own is not None:
        return pages.consent(own, pages.Way(me))
    found = get_object_or_404(queries.consents_for(me), Consent.public_id == consent_id)
    letters = rehearse(lambda: consents.send(_fresh(found), me)) if _may_be_sent(found) else []
    return render_template(
        "confidentiality/consent_held.html", consent=found, letters=letters, form=ConfirmForm(), **pages.about(found)
    )


def _may_be_sent(found: Consent) -> bool:
    return found.sent_at is None and consents.stands(found)


def _fresh(found: Consent) -> Consent:
    return Consent.get_by_id(found.id)


@bp.post("/consents/<public_id:consent_id>/sending")
@signed_in
def send_consent(consent_id: str) -> ResponseReturnValue:
    me = signed_in_user()
    found = get_object_or_404(queries.consents_for(me), Consent.public_id == consent_id)
    if ConfirmForm().validate_on_submit():
        consents.send(found, me)
    return see_other(url_for(".consent", consent_id=consent_id))


def _own_consent(consent_id: str) -> tuple[Consent, pages.Way]:
    me = signed_in_user()
    return get_object_or_404(queries.consents_of(me), Consent.public_id == consent_id), pages.Way(me)


@bp.post("/consents/<public_id:consent_id>/signature")
@signed_in
def sign(consent_id: str) -> ResponseReturnValue:
    return pages.sign(*_own_consent(consent_id))


@bp.post("/consents/<public_id:consent_id>/refusal")
@signed_in
def refuse(consent_id: str) -> ResponseReturnValue:
    return pages.refuse(*_own_consent(consent_id))


@bp.post("/consents/<public_id:consent_id>/withdrawal")
@signed_in
def withdraw(consent_id: str) -> ResponseReturnValue:
    return pages.withdraw(*_own_consent(consent_id))


# Questions to the employer


@bp.route("/information-requests/cases/<public_id:referral_id>/new", methods=["GET", "POST"])
@signed_in
def ask(referral_id: str) -> ResponseReturnValue:
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    if not referrals.relations(me, referral) & {Relation.ADVISER, Relation.COUNSELLOR, Relation.COVERING}:
        abort(404)
    information.refuse_to_ask(referral)
    leads = information.leads_of(referral)
    form = QuestionForm(leads)
    if leads and form.validate_on_submit():
        asked = information.ask(referral, form.leads[form.lead.data], form.question.data, me)
        return see_other(url_for(".question", request_id=asked.public_id))
    return form_page("confidentiality/ask.html", form, referral=referral, leads=leads)


@bp.route("/information-requests/<public_id:request_id>", methods=["GET", "POST"])
@signed_in
def question(request_id: str) -> ResponseReturnValue:
    """The question; for who was asked, the place to answer; for who holds the case, the answer."""
    me = signed_in_user()
    asked = get_object_or_404(queries.information_for(me), InformationRequest.public_id == request_id)
    form = AnswerForm(data={"version": asked.version})
    may_answer = information.may_answer(me, asked) and asked.answered_at is None
    if may_answer and form.validate_on_submit():
        information.answer(asked, form.answer.data, posted_version(form), me)
        return see_other(url_for(".question", request_id=request_id))
    reads_answer = asked.answered_at is not None and (
        asked.asked_of_id == me.id or asked.asked_by_id == me.id or record_access.reads_record(me, asked.referral)
    )
    return form_page(
        "confidentiality/question.html",
        form,
        asked=asked,
        may_answer=may_answer,
        reads_answer=reads_answer,
        sees_case=bool(referrals.relations(me, asked.referral)),
    )


# Breaches


@bp.route("/breaches/cases/<public_id:referral_id>/new", methods=["GET", "POST"])
@signed_in
def decide(referral_id: str) -> ResponseReturnValue:
    referral, me = _held(referral_id)
    form = BreachForm()
    if form.validate_on_submit():
        with refused_beside(form.law):
            made = breaches.decide(referral, Ground(form.ground.data), form.law_named, form.reason.data, me)
            return see_other(url_for(".breach", breach_id=made.public_id))
    return form_page("confidentiality/new_breach.html", form, referral=referral)


def _breach(breach_id: str) -> tuple[Breach, User]:
    me = signed_in_user()
    return get_object_or_404(queries.breaches_for(me), Breach.public_id == breach_id), me


@bp.get("/breaches/<public_id:breach_id>")
@signed_in
def breach(breach_id: str) -> ResponseReturnValue:
    return _steps(*_breach(breach_id))


def _steps(
    found: Breach, me: User, tell_form: TellForm | None = None, head_form: HeadForm | None = None
) -> ResponseReturnValue:
    """The steps in their order: each opens when the one before is done."""
    record_access.note_reading(found.referral, me, WHY_BROKEN, concerning=found)
    heads = breaches.heads_of(found.referral)
    form = tell_form or head_form or ConfirmForm()
    page = render_template(
        "confidentiality/breach.html",
        form=form,
        breach=found,
        referral=found.referral,
        told_at=breaches.told_at(found),
        is_on_its_way=breaches.is_on_its_way(found),
        heads=heads,
        tell_form=tell_form or TellForm(formdata=None),
        head_form=head_form or HeadForm(heads, formdata=None),
    )
    return page, 422 if form.errors else 200


@bp.post("/breaches/<public_id:breach_id>/telling")
@signed_in
def tell(breach_id: str) -> ResponseReturnValue:
    """What was said is kept at once; a message is looked at first, as the trainee will read it."""
    found, me = _breach(breach_id)
    form, step = TellForm(), request.form.get("step")
    if not form.validate_on_submit() or step == "change":
        return _steps(found, me, tell_form=form)
    how, words = Told(form.how.data), form.words.data
    if how == Told.MESSAGE and step != "send":
        return _check(
            form,
            ("how", "words"),
            found,
            lambda: breaches.tell(Breach.get_by_id(found.id), how, words, me),
            title="Check what the trainee reads",
            who=found.referral.trainee_name,
            words=words,
            send="Send it to the trainee",
        )
    breaches.tell(found, how, words, me)
    return see_other(url_for(".breach", breach_id=breach_id))


def _check(
    form: TellForm | HeadForm, kept: tuple[str, str], found: Breach, act: Callable[[], object], **about: str
) -> ResponseReturnValue:
    """Exactly what is sent and read, before it is: the act itself, undone."""
    record_access.note_reading(found.referral, signed_in_user(), WHY_BROKEN, concerning=found)
    page = render_template(
        "confidentiality/breach_check.html",
        form=form,
        kept=kept,
        breach=found,
        action=request.path,
        letters=rehearse(act),
        **about,
    )
    # Whoever comes back to it finds the steps: this page is only there for the words that were sent.
    return page, {"HX-Push-Url": url_for(".breach", breach_id=found.public_id)}


@bp.post("/breaches/<public_id:breach_id>/contact")
@signed_in
def contact(breach_id: str) -> ResponseReturnValue:
    """The concern is looked at first, as the head of school will read it."""
    found, me = _breach(breach_id)
    breaches.refuse_before_told(found)
    form, step = HeadForm(breaches.heads_of(found.referral)), request.form.get("step")
    if not form.validate_on_submit() or step == "change":
        return _steps(found, me, head_form=form)
    head, concern = form.heads[form.head.data], form.concern.data
    if step != "send":
        return _check(
            form,
            ("head", "concern"),
            found,
            lambda: breaches.contact_head(Breach.get_by_id(found.id), head, concern, me),
            title="Check what the head of school reads",
            who=head.name,
            words=concern,
            send="Tell the head of school",
        )
    breaches.contact_head(found, head, concern, me)
    return see_other(url_for(".breach", breach_id=breach_id))


@bp.post("/breaches/<public_id:breach_id>/<any(closing, calling_off):what>")
@signed_in
def end_breach(breach_id: str, what: str) -> ResponseReturnValue:
    found, me = _breach(breach_id)
    if ConfirmForm().validate_on_submit():
        (breaches.close if what == "closing" else breaches.call_off)(found, me)
    return see_other(url_for(".breach", breach_id=breach_id))


@bp.get("/breaches/<public_id:breach_id>/concern")
@signed_in
def concern(breach_id: str) -> ResponseReturnValue:
    """What the head of school reads: the concern, and nothing else."""
    me = signed_in_user()
    found = get_object_or_404(queries.concerns_for(me), Breach.public_id == breach_id)
    record_access.note_reading(found.referral, me, "the concern for the head of school", acting_as="head of school")
    return render_template("confidentiality/concern.html", breach=found)


# Emergencies


@bp.route("/emergencies/cases/<public_id:referral_id>/new", methods=["GET", "POST"])
@signed_in
def record_emergency(referral_id: str) -> ResponseReturnValue:
    referral, me = _held(referral_id)
    form = EmergencyForm()
    moment = form.moment() if form.validate_on_submit() else None
    if moment is not None:
        what = emergencies.Disclosed(
            ground=Ground(form.ground.data),
            law=form.law_named,
            grounds=form.grounds.data,
            disclosed=form.disclosed.data,
            disclosed_to=form.disclosed_to.data,
            why_not_wait=form.why_not_wait.data,
            disclosed_at=moment,
            look_again_on=form.look_again_on.data,
        )
        field = form.law if not form.law_named and form.ground.data == Ground.LEGAL_REQUIREMENT else form.at
        with refused_beside(field):
            made = emergencies.record_it(referral, what, me)
            return see_other(url_for(".emergency", emergency_id=made.public_id))
    return form_page("confidentiality/new_emergency.html", form, referral=referral)


def _emergency(emergency_id: str) -> tuple[Emergency, User]:
    me = signed_in_user()
    return get_object_or_404(queries.emergencies_for(me), Emergency.public_id == emergency_id), me


@bp.get("/emergencies/<public_id:emergency_id>")
@signed_in
def emergency(emergency_id: str) -> ResponseReturnValue:
    return _emergency_page(*_emergency(emergency_id))


def _emergency_page(found: Emergency, me: User, **forms: Any) -> ResponseReturnValue:
    record_access.note_reading(found.referral, me, "an emergency disclosure", concerning=found)
    return form_page(
        "confidentiality/emergency.html",
        next(iter(forms.values()), ConfirmForm()),
        emergency=found,
        may_judge=emergencies.may_judge(me, found) and found.second_id is None,
        holds=record_access.reads_record(me, found.referral),
        today=clock.today(),
        judgement_form=forms.get("judgement_form") or JudgementForm(formdata=None),
        how_form=forms.get("how_form") or HowForm(formdata=None),
        again_form=forms.get("again_form") or LookAgainForm(formdata=None),
    )


@bp.post("/emergencies/<public_id:emergency_id>/judgement")
@signed_in
def judge(emergency_id: str) -> ResponseReturnValue:
    found, me = _emergency(emergency_id)
    form = JudgementForm()
    if form.validate_on_submit():
        with refused_beside(form.words):
            emergencies.judge(found, form.verdict.data == "confirmed", form.words.data or "", me)
            return see_other(url_for(".emergency", emergency_id=emergency_id))
    return _emergency_page(found, me, judgement_form=form)


@bp.post("/emergencies/<public_id:emergency_id>/telling")
@signed_in
def tell_of_emergency(emergency_id: str) -> ResponseReturnValue:
    found, me = _emergency(emergency_id)
    form = HowForm()
    if form.validate_on_submit():
        emergencies.tell(found, Told(form.how.data), me)
        return see_other(url_for(".emergency", emergency_id=emergency_id))
    return _emergency_page(found, me, how_form=form)


@bp.post("/emergencies/<public_id:emergency_id>/wait")
@signed_in
def put_off(emergency_id: str) -> ResponseReturnValue:
    found, me = _emergency(emergency_id)
    form = LookAgainForm()
    if form.validate_on_submit():
        emergencies.wait(found, form.look_again_on.data, me)
        return see_other(url_for(".emergency", emergency_id=emergency_id))
    return _emergency_page(found, me, again_form=form)


# The trainee, signed in


@bp.get("/referrals/<public_id:referral_id>/disclosures")
@signed_in
def of_trainee(referral_id: str) -> ResponseReturnValue:
    """Everything that was told of me, and to whom: for the trainee alone."""
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    if Relation.TRAINEE not in referrals.relations(me, referral):
        abort(404)
    return pages.disclosures(referral, pages.Way(me))
