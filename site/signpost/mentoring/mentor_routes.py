"""Mentors: what the team writes down of them, and a mentor's own page."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Employer, Mentor, MentorPause, Mentorship, Role, User
from signpost import clock
from signpost.access import allowed_to, signed_in_user
from signpost.errors import RuleBroken
from signpost.formatting import sentence_list
from signpost.mentoring import mentors, queries, team
from signpost.mentoring import mentorship_queries as pairs
from signpost.mentoring.forms import (
    DAYS,
    MODES,
    AnswerForm,
    CapacityForm,
    MentorWaysForm,
    NewMentorForm,
    PauseForm,
    TrainingForm,
)
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("mentors", __name__, url_prefix="/mentoring")


@bp.get("/mentors")
@allowed_to(Role.RTT_TEAM)
def index() -> ResponseReturnValue:
    gone = Mentor.left_at.is_null(False)
    return render_template(
        "mentoring/mentors.html",
        loads=team.mentors(clock.today()),
        gone=list(queries.mentors_seen_by(signed_in_user()).where(gone).order_by(User.name)),
    )


@bp.route("/mentors/new", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def new() -> ResponseReturnValue:
    form = NewMentorForm(_employers())
    if form.validate_on_submit():
        try:
            made = mentors.add(form.email.data.lower(), form.name.data, form.said(), signed_in_user())
            return see_other(url_for(".show", mentor_id=made.public_id))
        except RuleBroken as refusal:
            form.email.errors = [*form.email.errors, refusal.words]
    return form_page("mentoring/new_mentor.html", form)


@bp.get("/mentors/<public_id:mentor_id>")
@allowed_to(Role.RTT_TEAM)
def show(mentor_id: str) -> ResponseReturnValue:
    mentor, me = _find(mentor_id)
    mine = pairs.visible_to(me).where(Mentorship.mentor == mentor)
    return render_template(
        "mentoring/mentor.html",
        mentor=mentor,
        rows=_rows(mentor),
        training=team.training_words(mentor, clock.today()),
        mentorships=list(mine.order_by(Mentorship.introduced_at.desc())),
        supports=queries.load_of(mentor),
        form=AnswerForm(formdata=None, version=mentor.version),
    )


@bp.route("/mentors/<public_id:mentor_id>/training", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def training(mentor_id: str) -> ResponseReturnValue:
    mentor, me = _find(mentor_id)
    form = TrainingForm(_employers(), of=mentor)
    if form.validate_on_submit():
        mentors.write_training(mentor, form.said(), me, posted_version(form))
        return see_other(url_for(".show", mentor_id=mentor_id))
    return form_page("mentoring/training.html", form, mentor=mentor)


@bp.route("/mentors/<public_id:mentor_id>/leaving", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def leave(mentor_id: str) -> ResponseReturnValue:
    mentor, me = _find(mentor_id)
    return _leave(mentor, me, url_for(".show", mentor_id=mentor_id))


@bp.post("/mentors/<public_id:mentor_id>/return")
@allowed_to(Role.RTT_TEAM)
def come_back(mentor_id: str) -> ResponseReturnValue:
    mentor, me = _find(mentor_id)
    form = AnswerForm()
    if form.validate_on_submit():
        mentors.come_back(mentor, me, posted_version(form))
    return see_other(url_for(".show", mentor_id=mentor_id))


def _leave(mentor: Mentor, me: User, back: str) -> ResponseReturnValue:
    """Say what becomes of those they support, then do it."""
    form = AnswerForm(version=mentor.version)
    if form.validate_on_submit():
        if mentor.left_at is None:
            mentors.leave(mentor, me, posted_version(form))
        return see_other(back)
    supports = queries.load_of(mentor)
    return form_page(
        "mentoring/leaving.html", form, mentor=mentor, is_own=mentor.user == me, supports=supports, back=back
    )


# Their own page


@bp.get("/mentor")
@allowed_to(Role.MENTOR)
def own() -> ResponseReturnValue:
    me = signed_in_user()
    mentor = Mentor.get_or_none(Mentor.user == me)
    if mentor is None:
        return render_template("mentoring/not_mentor_yet.html")
    mine = pairs.visible_to(me).where((Mentor.id == mentor.id) & Mentorship.ended_at.is_null())
    return render_template(
        "mentoring/own_mentor.html",
        mentor=mentor,
        rows=_rows(mentor),
        training=team.training_words(mentor, clock.today()),
        mentorships=list(mine.order_by(Mentorship.introduced_at)),
        pauses=mentors.pauses_of(mentor),
        supports=queries.load_of(mentor),
        said=mentors.said_of_load(mentor.capacity, queries.load_of(mentor)),
        form=AnswerForm(formdata=None, version=mentor.version),
    )


@bp.route("/mentor/number", methods=["GET", "POST"])
@allowed_to(Role.MENTOR)
def capacity() -> ResponseReturnValue:
    mentor, me = _own()
    form = CapacityForm(data={"capacity": mentor.capacity, "version": mentor.version})
    if form.validate_on_submit():
        mentors.set_capacity(mentor, form.capacity.data, me, posted_version(form))
        return see_other(url_for(".own"))
    return form_page("mentoring/capacity.html", form, supports=queries.load_of(mentor))


@bp.route("/mentor/ways", methods=["GET", "POST"])
@allowed_to(Role.MENTOR)
def ways() -> ResponseReturnValue:
    mentor, me = _own()
    form = MentorWaysForm(mentor)
    if form.validate_on_submit():
        mentors.write_ways(mentor, form.said(), form.places, me, posted_version(form), form.apart.people())
        return see_other(url_for(".own"))
    return form_page("mentoring/ways.html", form)


@bp.route("/mentor/pauses", methods=["GET", "POST"])
@allowed_to(Role.MENTOR)
def pause() -> ResponseReturnValue:
    mentor, me = _own()
    form = PauseForm()
    if form.validate_on_submit():
        mentors.pause(mentor, form.first_day.data, form.last_day.data, me)
        return see_other(url_for(".own"))
    return form_page("mentoring/pause.html", form)


@bp.post("/mentor/pauses/<public_id:pause_id>/end")
@allowed_to(Role.MENTOR)
def end_pause(pause_id: str) -> ResponseReturnValue:
    mentor, me = _own()
    mine = MentorPause.select().where(MentorPause.mentor == mentor)
    found = get_object_or_404(mine, MentorPause.public_id == pause_id)
    if AnswerForm().validate_on_submit():
        mentors.end_pause(found, me)
    return see_other(url_for(".own"))


@bp.route("/mentor/leaving", methods=["GET", "POST"])
@allowed_to(Role.MENTOR)
def leave_oneself() -> ResponseReturnValue:
    me = signed_in_user()
    mine = Mentor.select(Mentor, User).join(User, on=Mentor.user).where(Mentor.user == me)
    return _leave(get_object_or_404(mine), me, url_for(".own"))


def _own() -> tuple[Mentor, User]:
    me = signed_in_user()
    return queries.mentor_of(me) or abort(404), me


def _find(mentor_id: str) -> tuple[Mentor, User]:
    me = signed_in_user()
    return get_object_or_404(queries.mentors_seen_by(me), Mentor.public_id == mentor_id), me


def _employers() -> list[Employer]:
    return list(Employer.select().order_by(Employer.name))


def _rows(mentor: Mentor) -> list[dict[str, str]]:
    """Where and how they meet people, for a summary list."""
    bases = [base.place_name or base.district for base in mentors.bases_of(mentor)]
    both = [("Works less than full time", mentor.works_ltft), ("Is a parent", mentor.is_parent)]
    rows = [
        ("Met in", ", ".join(bases)),
        ("Goes up to", f"{mentor.miles} miles" if bases else ""),
        ("How", sentence_list([words for mode, words in MODES if getattr(mentor, mode)], "or").capitalize()),
        ("On which days", ", ".join(DAYS[int(one)] for one in mentor.days) or "Any"),
        ("May be asked for because", ", ".join(words.lower() for words, is_so in both if is_so)),
        ("Specialty", mentor.specialty),
        ("Employer", mentor.employer.name if mentor.employer else ""),
        ("About", mentor.about),
    ]
    return [{"key": key, "value": value} for key, value in rows]
