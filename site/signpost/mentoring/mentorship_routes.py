"""Mentorships, for whoever is signed in: the two of a pair; the team by status and dates; where else to turn."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Employer, Mentorship, Role, SupportContact, SupportTopic, User
from signpost.access import allowed_to, public, roles_held, signed_in, signed_in_user
from signpost.forms import refused_beside
from signpost.mentoring import mentorship_pages as pages
from signpost.mentoring import mentorship_queries as queries
from signpost.mentoring import support
from signpost.mentoring.mentorship_forms import TOPIC_NAMES, SupportContactForm
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("mentorships", __name__, url_prefix="/mentoring")


def _load(mentorship_id: str) -> tuple[Mentorship, User]:
    me = signed_in_user()
    return get_object_or_404(queries.visible_to(me), Mentorship.public_id == mentorship_id), me


def _own(mentorship_id: str) -> pages.Way:
    mentorship, me = _load(mentorship_id)
    side = queries.side_of(me, mentorship) or abort(404)
    return pages.Way(me, mentorship, side)


def _mentors(mentorship_id: str) -> pages.Way:
    way = _own(mentorship_id)
    return way if way.is_mentor else abort(404)


@bp.get("/mentorships/<public_id:mentorship_id>")
@signed_in
def show(mentorship_id: str) -> ResponseReturnValue:
    mentorship, me = _load(mentorship_id)
    side = queries.side_of(me, mentorship)
    if side is None:
        noted = queries.noted_of(mentorship)
        return render_template("mentoring/mentorship_of_team.html", mentorship=mentorship, noted=noted)
    return pages.show(pages.Way(me, mentorship, side))


@bp.post("/mentorships/<public_id:mentorship_id>/in-touch")
@signed_in
def in_touch(mentorship_id: str) -> ResponseReturnValue:
    return pages.in_touch(_own(mentorship_id))


@bp.route("/mentorships/<public_id:mentorship_id>/first-meeting", methods=["GET", "POST"])
@signed_in
def first_meeting(mentorship_id: str) -> ResponseReturnValue:
    return pages.first_meeting(_own(mentorship_id))


@bp.route("/mentorships/<public_id:mentorship_id>/agreement", methods=["GET", "POST"])
@signed_in
def agreement(mentorship_id: str) -> ResponseReturnValue:
    return pages.agreement(_own(mentorship_id))


@bp.post("/mentorships/<public_id:mentorship_id>/agreement/<public_id:agreement_id>/agree")
@signed_in
def agree(mentorship_id: str, agreement_id: str) -> ResponseReturnValue:
    return pages.agree(_own(mentorship_id), agreement_id)


@bp.route("/mentorships/<public_id:mentorship_id>/met", methods=["GET", "POST"])
@signed_in
def note(mentorship_id: str) -> ResponseReturnValue:
    return pages.note(_own(mentorship_id))


@bp.post("/mentorships/<public_id:mentorship_id>/met/<public_id:note_id>/take-back")
@signed_in
def take_back_note(mentorship_id: str, note_id: str) -> ResponseReturnValue:
    return pages.take_back_note(_own(mentorship_id), note_id)


@bp.route("/mentorships/<public_id:mentorship_id>/not-working", methods=["GET", "POST"])
@signed_in
def not_working(mentorship_id: str) -> ResponseReturnValue:
    return pages.not_working(_own(mentorship_id))


@bp.route("/mentorships/<public_id:mentorship_id>/ending", methods=["GET", "POST"])
@signed_in
def ending(mentorship_id: str) -> ResponseReturnValue:
    return pages.ending(_own(mentorship_id))


@bp.get("/mentorships/<public_id:mentorship_id>/duty")
@allowed_to(Role.MENTOR)
def duty_steps(mentorship_id: str) -> ResponseReturnValue:
    return pages.duty_steps(_mentors(mentorship_id))


@bp.route("/mentorships/<public_id:mentorship_id>/duty/new", methods=["GET", "POST"])
@allowed_to(Role.MENTOR)
def decide_duty(mentorship_id: str) -> ResponseReturnValue:
    return pages.decide_duty(_mentors(mentorship_id), signed_in_user())


@bp.post("/mentorships/<public_id:mentorship_id>/duty/told")
@allowed_to(Role.MENTOR)
def tell_of_duty(mentorship_id: str) -> ResponseReturnValue:
    return pages.tell_of_duty(_mentors(mentorship_id), signed_in_user())


@bp.post("/mentorships/<public_id:mentorship_id>/duty/disclosed")
@allowed_to(Role.MENTOR)
def disclose(mentorship_id: str) -> ResponseReturnValue:
    return pages.disclose(_mentors(mentorship_id), signed_in_user())


# Where else to turn


@bp.get("/support")
@public
def support_directory() -> ResponseReturnValue:
    """Other support, for everybody and for each trust (D12)."""
    return render_template(
        "mentoring/support.html",
        contacts=queries.support_contacts(),
        topic_names=TOPIC_NAMES,
        may_edit=Role.RTT_TEAM in roles_held(),
    )


@bp.route("/support/new", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def add_support() -> ResponseReturnValue:
    form = SupportContactForm(_employers())
    if form.validate_on_submit():
        with refused_beside(form.words):
            support.add(_line(form), signed_in_user())
            return see_other(url_for(".support_directory"))
    return form_page("mentoring/support_line.html", form, contact=None)


@bp.route("/support/<public_id:contact_id>", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def change_support(contact_id: str) -> ResponseReturnValue:
    contact = get_object_or_404(SupportContact.select(), SupportContact.public_id == contact_id)
    employer = contact.employer.public_id if contact.employer else ""
    form = SupportContactForm(_employers(), data=contact.__data__ | {"employer": employer})
    if form.validate_on_submit():
        with refused_beside(form.words):
            support.change(contact, posted_version(form), _line(form), signed_in_user())
            return see_other(url_for(".support_directory"))
    return form_page("mentoring/support_line.html", form, contact=contact)


@bp.post("/support/<public_id:contact_id>/end")
@allowed_to(Role.RTT_TEAM)
def remove_support(contact_id: str) -> ResponseReturnValue:
    contact = SupportContact.get_or_none(SupportContact.public_id == contact_id)
    if contact is not None:
        support.remove(contact, signed_in_user())
    return see_other(url_for(".support_directory"))


def _employers() -> list[Employer]:
    return list(Employer.select().order_by(Employer.name))


def _line(form: SupportContactForm) -> support.Line:
    return support.Line(
        topic=SupportTopic(form.topic.data),
        employer=form.employers.get(form.employer.data),
        name=form.name.data,
        words=form.words.data or "",
        web_address=form.web_address.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
    )
