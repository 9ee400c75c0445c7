"""The forms of a pair, and of the signposting directory."""

from datetime import datetime
from typing import Any

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from models import EMAIL_LENGTH, NAME_LENGTH, Employer, MentoringAgreement, Mode, SupportTopic, Told
from signpost import clock
from signpost.forms import DateParts, EmailLine, PlainLine, PlainText, Required, SignpostForm, WholeNumber, options
from signpost.meetings.forms import MODE_NAMES, ClockTime, two_years_ahead
from signpost.mentoring.agreements import ANSWER_LENGTH, QUESTIONS
from signpost.mentoring.duty import WORDS_LENGTH as DUTY_LENGTH
from signpost.mentoring.mentorships import WORDS_LENGTH

TOPIC_NAMES = {
    SupportTopic.LEAD_EMPLOYER: "Your lead employer: pay, contract, placements",
    SupportTopic.OCCUPATIONAL_HEALTH: "Occupational health: your own health at work",
    SupportTopic.LTFT: "Less than full time training",
    SupportTopic.REFLECTION: "Reflecting on your practice",
    SupportTopic.OTHER: "Other support",
}
TOLD_NAMES = {
    Told.IN_PERSON: "I told them in person",
    Told.TELEPHONE: "I told them by telephone",
    Told.MESSAGE: "Send them a message that they read it on their page",
}
KEPT, WRITTEN = "kept", "written"


def _modes() -> Any:
    return options(*((mode.value, MODE_NAMES[mode]) for mode in Mode))


class ButtonForm(SignpostForm):
    """The button alone."""


class FirstMeetingForm(SignpostForm):
    day = DateParts("Day", [Required("Enter the day")], latest=two_years_ahead)
    begins = ClockTime("Begins at", Required("Enter when it begins"))
    minutes = WholeNumber("Minutes", 10, 240)
    mode = RadioField("How do you meet?", [Required("Select how you meet")], choices=_modes())
    place = PlainLine(
        "Where, if you meet in person?",
        max_length=NAME_LENGTH,
        noun="The place",
        description="It stands in both calendars.",
    )

    def begins_at(self) -> datetime:
        return datetime.combine(self.day.data, self.begins.at, tzinfo=clock.LONDON)


class NoteForm(SignpostForm):
    met_on = DateParts("When did you meet?", [Required("Enter the day on which you met")], latest=clock.today)
    mode = RadioField("How did you meet?", [Required("Select how you met")], choices=_modes())
    words = PlainText(
        "Anything you both want to keep?",
        max_length=WORDS_LENGTH,
        noun="Your words",
        description="You need not write anything. The two of you read it, and nobody else.",
    )


class AgreementForm(SignpostForm):
    """Made with the questions of the guide; none must be answered (D9)."""

    how = RadioField(
        "How do you keep what you agreed?",
        [Required("Select how you keep what you agreed")],
        choices=options((KEPT, "We talked, and keep it ourselves"), (WRITTEN, "We write it down here")),
    )

    @property
    def is_kept_by_pair(self) -> bool:
        return bool(self.how.data == KEPT)

    @property
    def answers(self) -> dict[str, str]:
        return {name: self[name].data or "" for name, _, _ in QUESTIONS}


for _name, _question, _hint in QUESTIONS:
    setattr(AgreementForm, _name, PlainText(_question, max_length=ANSWER_LENGTH, noun=_question, description=_hint))


def agreement_form(now: MentoringAgreement | None) -> AgreementForm:
    """The form with what stands already."""
    if now is None:
        return AgreementForm()
    said = {name: getattr(now, name) or "" for name, _, _ in QUESTIONS}
    return AgreementForm(data=said | {"how": KEPT if now.is_kept_by_pair else WRITTEN})


class DutyForm(SignpostForm):
    reason = PlainText(
        "What must you speak of, and why?",
        [Required("Enter what you must speak of, and why")],
        max_length=DUTY_LENGTH,
        noun="Your words",
        description="Your mentee reads this. Nobody else does.",
    )


class DutyToldForm(SignpostForm):
    how = RadioField(
        "How is your mentee told?",
        [Required("Select how your mentee is told")],
        choices=options(*((how.value, words) for how, words in TOLD_NAMES.items())),
    )


class DutyDisclosedForm(SignpostForm):
    to = PlainLine("To whom did you speak?", [Required("Enter to whom you spoke")], max_length=200, noun="The name")
    words = PlainText("What did you say?", [Required("Enter what you said")], max_length=DUTY_LENGTH, noun="Your words")


class SupportContactForm(SignpostForm):
    topic = SelectField(
        "What is it about?",
        [Required("Select what it is about")],
        choices=options(("", "Select"), *((topic.value, words) for topic, words in TOPIC_NAMES.items())),
    )
    employer = SelectField("For which trust?")
    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    words = PlainText("What is it for?", max_length=500, noun="What it is for")
    web_address = PlainLine("Web address", max_length=300, description="It begins with https://")
    email = EmailLine("Email address", max_length=EMAIL_LENGTH)
    phone = PlainLine("Telephone", max_length=40)
    version = HiddenField()

    def __init__(self, employers: list[Employer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.employers = {one.public_id: one for one in employers}
        self.employer.choices = options(("", "Everybody"), *((key, one.name) for key, one in self.employers.items()))

    def validate_web_address(self, field: Any) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError("Web address must begin with https://")
