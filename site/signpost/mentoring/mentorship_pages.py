"""The pages of a pair, for the mentor and for the returner, who may have come by a personal link."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import (
    AskState,
    DutyDisclosure,
    FeedbackAsk,
    MentoringAgreement,
    MentoringMeeting,
    Mentorship,
    Mode,
    PersonalLink,
    Side,
    Told,
    User,
)
from signpost.feedback import pages as feedback_pages
from signpost.feedback import queries as feedback
from signpost.forms import refused_beside
from signpost.mentoring import agreements, duty, mentorships
from signpost.mentoring import mentorship_queries as queries
from signpost.mentoring.mentorship_forms import (
    TOPIC_NAMES,
    ButtonForm,
    DutyDisclosedForm,
    DutyForm,
    DutyToldForm,
    FirstMeetingForm,
    NoteForm,
    agreement_form,
)
from signpost.web import form_page, see_other


@dataclass(frozen=True)
class Way:
    """How the pages of a pair are reached: signed in, or by the returner's personal link."""

    by: User | PersonalLink
    mentorship: Mentorship
    side: Side
    token: str = ""

    def to(self, step: str, **more: Any) -> str:
        if self.token:
            return url_for(f"mentorship_links.{step}", token=self.token, **more)
        return url_for(f"mentorships.{step}", mentorship_id=self.mentorship.public_id, **more)

    def survey(self, ask: FeedbackAsk) -> str:
        """Where one of the two answers a survey: signed in that is the same for every survey."""
        return (
            self.to("survey", ask_id=ask.public_id) if self.token else url_for("feedback.answer", ask_id=ask.public_id)
        )

    @property
    def home(self) -> str:
        return self.to("show")

    @property
    def is_mentor(self) -> bool:
        return self.side == Side.MENTOR

    @property
    def other_name(self) -> str:
        return mentorships.name_of(self.mentorship, mentorships.other(self.side))

    @property
    def other_email(self) -> str:
        one = self.mentorship
        return str(one.returner.email if self.is_mentor else one.mentor.user.email)


def show(way: Way) -> ResponseReturnValue:
    """What the two have so far, what comes next, and where else to turn."""
    one = way.mentorship
    meeting = one.first_meeting
    return render_template(
        "mentoring/mentorship.html",
        way=way,
        mentorship=one,
        first_meeting=meeting if meeting and meeting.is_booked else None,
        agreed=agreements.agreed(one),
        proposed=agreements.proposed(one),
        questions=agreements.QUESTIONS,
        notes=queries.notes_of(one),
        duties=[(each, duty.told_at(each)) for each in (duty.of(one) if way.is_mentor else duty.to_read(one))],
        survey=feedback.asks_of_pair(one, way.side).where(FeedbackAsk.state == AskState.OPEN).first(),
        contacts=queries.support_contacts(one.returner.employer),
        topic_names=TOPIC_NAMES,
    )


def in_touch(way: Way) -> ResponseReturnValue:
    mentorships.say_in_touch(way.mentorship, way.side, way.by)
    return see_other(way.home)


def first_meeting(way: Way) -> ResponseReturnValue:
    form = FirstMeetingForm(data={"minutes": 60, "mode": Mode.FACE_TO_FACE.value})
    if form.validate_on_submit():
        place = form.place.data if form.mode.data == Mode.FACE_TO_FACE else ""
        agreed = mentorships.FirstMeeting(form.begins_at(), form.minutes.data, Mode(form.mode.data), place or "")
        with refused_beside(form.begins):
            mentorships.arrange_first_meeting(way.mentorship, agreed, way.by)
            return see_other(way.home)
    return form_page("mentoring/first_meeting.html", form, way=way)


def agreement(way: Way) -> ResponseReturnValue:
    """Write down what was agreed, or change it: the other of the two then looks at it (D9)."""
    one = way.mentorship
    form = agreement_form(agreements.proposed(one) or agreements.agreed(one))
    if form.validate_on_submit():
        with refused_beside(form.how):
            agreements.propose(one, way.side, form.answers, form.is_kept_by_pair, way.by)
            return see_other(way.home)
    return form_page("mentoring/agreement.html", form, way=way, questions=agreements.QUESTIONS)


def agree(way: Way, agreement_id: str) -> ResponseReturnValue:
    mine = (MentoringAgreement.mentorship == way.mentorship) & (MentoringAgreement.public_id == agreement_id)
    proposed = MentoringAgreement.get_or_none(mine) or abort(404)
    agreements.agree(proposed, way.side, way.by)
    return see_other(way.home)


def note(way: Way) -> ResponseReturnValue:
    form = NoteForm()
    if form.validate_on_submit():
        with refused_beside(form.met_on):
            said = (form.met_on.data, Mode(form.mode.data), form.words.data or "")
            mentorships.note_meeting(way.mentorship, way.side, *said, way.by)
            return see_other(way.home)
    return form_page("mentoring/note.html", form, way=way)


def take_back_note(way: Way, note_id: str) -> ResponseReturnValue:
    mine = (MentoringMeeting.mentorship == way.mentorship) & (MentoringMeeting.public_id == note_id)
    noted = MentoringMeeting.get_or_none(mine & MentoringMeeting.removed_at.is_null()) or abort(404)
    mentorships.take_back_note(noted, way.side, way.by)
    return see_other(way.home)


def not_working(way: Way) -> ResponseReturnValue:
    """No reason is asked, and none can be given: there is no place to write one (D14)."""
    return _ending(way, "mentoring/not_working.html", mentorships.not_working)


def ending(way: Way) -> ResponseReturnValue:
    return _ending(way, "mentoring/ending.html", mentorships.end_early)


def _ending(way: Way, template: str, act: Any) -> ResponseReturnValue:
    if way.mentorship.is_ended:
        return see_other(way.home)  # a second press, or the other was first
    form = ButtonForm()
    if form.validate_on_submit():
        act(way.mentorship, way.side, way.by)
        return see_other(way.home)
    return form_page(template, form, way=way, mentorship=way.mentorship)


def survey(way: Way, ask_id: str) -> ResponseReturnValue:
    mine = feedback.asks_of_pair(way.mentorship, way.side)
    one = mine.where(FeedbackAsk.public_id == ask_id).get_or_none() or abort(404)
    return feedback_pages.answer(one, request.path, way.home)


# The mentor's duty as a registered doctor


def decide_duty(way: Way, by: User) -> ResponseReturnValue:
    form = DutyForm()
    if form.validate_on_submit():
        with refused_beside(form.reason):
            duty.decide(way.mentorship, form.reason.data or "", by)
            return see_other(way.to("duty_steps"))
    return form_page("mentoring/duty_decide.html", form, way=way)


def duty_steps(
    way: Way, told_form: DutyToldForm | None = None, disclosed_form: DutyDisclosedForm | None = None
) -> ResponseReturnValue:
    """The steps in their order: each opens with the one before."""
    every = [(each, duty.told_at(each), duty.is_on_its_way(each)) for each in duty.of(way.mentorship)]
    context = {
        "way": way,
        "duties": every,
        "told_form": told_form or DutyToldForm(formdata=None),
        "disclosed_form": disclosed_form or DutyDisclosedForm(formdata=None),
    }
    return form_page("mentoring/duty.html", told_form or disclosed_form or ButtonForm(), **context)


def tell_of_duty(way: Way, by: User) -> ResponseReturnValue:
    form = DutyToldForm()
    if form.validate_on_submit():
        with refused_beside(form.how):
            duty.tell(_open_duty(way), Told(form.how.data), by)
            return see_other(way.to("duty_steps"))
    return duty_steps(way, told_form=form)


def disclose(way: Way, by: User) -> ResponseReturnValue:
    form = DutyDisclosedForm()
    if form.validate_on_submit():
        with refused_beside(form.to):
            duty.disclose(_open_duty(way), form.to.data or "", form.words.data or "", by)
            return see_other(way.to("duty_steps"))
    return duty_steps(way, disclosed_form=form)


def _open_duty(way: Way) -> DutyDisclosure:
    """The one under way; after a second press of the last step, the last."""
    last = duty.of(way.mentorship)[-1:]
    return duty.open_one(way.mentorship) or (last[0] if last else abort(404))
