"""The forms about consents, questions, breaches and emergencies."""

from datetime import datetime
from typing import Any

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from models import EMAIL_LENGTH, NAME_LENGTH, Ground, Told, User
from signpost import clock
from signpost.confidentiality.breaches import LAWS, WORDS_LENGTH
from signpost.confidentiality.consents import INFORMATION_LENGTH
from signpost.confidentiality.information import ANSWER_LENGTH, QUESTION_LENGTH
from signpost.forms import DateParts, EmailLine, PlainLine, PlainText, Required, SignpostForm, options

GROUND_NAMES = {
    Ground.TRAINEE_SAFETY: "The trainee’s safety",
    Ground.PATIENT_SAFETY: "The safety of patients",
    Ground.LEGAL_REQUIREMENT: "The law requires it",
}
# The same, said to the trainee.
OWN_GROUNDS = {
    Ground.TRAINEE_SAFETY: "they are concerned about your safety",
    Ground.PATIENT_SAFETY: "they are concerned about the safety of patients",
    Ground.LEGAL_REQUIREMENT: "the law requires it",
}
TOLD_NAMES = {
    Told.IN_PERSON: "In person",
    Told.TELEPHONE: "By telephone",
    Told.MESSAGE: "By a message",
}
OTHER_LAW = "other"


class ConsentForm(SignpostForm):
    recipient_name = PlainLine(
        "Who is to be told?", [Required("Enter their name")], noun="Name", max_length=NAME_LENGTH
    )
    recipient_body = PlainLine(
        "Their organisation", max_length=NAME_LENGTH, description="Leave it empty where there is none."
    )
    recipient_email = EmailLine(
        "Their email address",
        [Required("Enter their email address")],
        noun="Their email address",
        max_length=EMAIL_LENGTH,
    )
    information = PlainText(
        "What exactly are they to be told?",
        [Required("Enter what they are to be told")],
        noun="What they are to be told",
        max_length=INFORMATION_LENGTH,
        description="The trainee reads these words before signing, and exactly these are given.",
    )
    why = PlainText(
        "Why?", [Required("Say why")], noun="The reason", max_length=1000, description="The trainee reads this."
    )
    until = DateParts(
        "Until the end of",
        noun="The last day",
        earliest=clock.today,
        description="Leave it empty where no end is wished.",
    )


class SignatureForm(SignpostForm):
    name = PlainLine(
        "Type your name to sign", [Required("Type your name to sign")], noun="Your name", max_length=NAME_LENGTH
    )


class QuestionForm(SignpostForm):
    lead = SelectField("Whom do you ask?", [Required("Select whom you ask")])
    question = PlainText(
        "Your question",
        [Required("Enter your question")],
        max_length=QUESTION_LENGTH,
        description="One question. The trainee sees it too.",
    )

    def __init__(self, leads: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.leads = {one.public_id: one for one in leads}
        self.lead.choices = options(*((key, one.name) for key, one in self.leads.items()))


class AnswerForm(SignpostForm):
    answer = PlainText("Your answer", [Required("Enter your answer")], max_length=ANSWER_LENGTH)
    version = HiddenField()


class GroundForm(SignpostForm):
    """What the two ways of disclosing without consent share: the ground, and the law where it is one (A18, C5)."""

    ground = RadioField(
        "On which ground?",
        [Required("Select the ground")],
        choices=options(*((str(key), words) for key, words in GROUND_NAMES.items())),
    )
    law = SelectField(
        "Which law?",
        choices=options(("", "Select the law"), *((law, law) for law in LAWS), (OTHER_LAW, "Another, named below")),
        validate_choice=False,
    )
    other_law = PlainLine("Another law", max_length=200)

    @property
    def law_named(self) -> str:
        chosen = self.law.data if self.law.data in LAWS else ""
        return (self.other_law.data or "") if self.law.data == OTHER_LAW else chosen


class BreachForm(GroundForm):
    reason = PlainText(
        "What concerns you?",
        [Required("Say what concerns you")],
        noun="What concerns you",
        max_length=WORDS_LENGTH,
        description="For careers staff who hold this case. The head of school does not read this.",
    )


class TellForm(SignpostForm):
    how = RadioField(
        "How was, or is, the trainee told?",
        [Required("Select how")],
        choices=options(*((str(key), words) for key, words in TOLD_NAMES.items())),
    )
    words = PlainText(
        "The words",
        [Required("Enter the words")],
        noun="The words",
        max_length=WORDS_LENGTH,
        description="What you said; or, for a message, what the trainee reads on their page. You see it once more before it is sent.",
    )


class HeadForm(SignpostForm):
    head = SelectField("Head of school", [Required("Select the head of school")])
    concern = PlainText(
        "The concern, and only the concern",
        [Required("Enter the concern")],
        noun="The concern",
        max_length=WORDS_LENGTH,
        description="The head of school reads these words and nothing else of the record.",
    )

    def __init__(self, heads: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heads = {one.public_id: one for one in heads}
        self.head.choices = options(*((key, one.name) for key, one in self.heads.items()))


class EmergencyForm(GroundForm):
    grounds = PlainText(
        "What happened?", [Required("Say what happened")], noun="What happened", max_length=WORDS_LENGTH
    )
    disclosed = PlainText(
        "What did you disclose?",
        [Required("Say what you disclosed")],
        noun="What you disclosed",
        max_length=WORDS_LENGTH,
    )
    disclosed_to = PlainLine(
        "To whom?",
        [Required("Say to whom")],
        noun="To whom",
        max_length=200,
        description="Their name and what they are.",
    )
    why_not_wait = PlainText(
        "Why could it not wait?", [Required("Say why it could not wait")], noun="Why it could not wait", max_length=1000
    )
    day = DateParts("On which day?", [Required("Enter the day")], noun="The day", latest=clock.today)
    at = PlainLine(
        "At what time?", [Required("Enter the time")], noun="The time", max_length=5, description="For example, 14:30"
    )
    look_again_on = DateParts(
        "When will you look again whether the trainee can be told?",
        [Required("Enter the day to look again")],
        noun="The day to look again",
        earliest=clock.today,
    )

    def validate_at(self, field: Any) -> None:
        if self.moment() is None:
            raise ValidationError("The time must look like 14:30")

    def moment(self) -> datetime | None:
        hours, colon, minutes = (self.at.data or "").partition(":")
        numbers = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()
        if not colon or not numbers or int(hours) > 23 or int(minutes) > 59 or self.day.data is None:
            return None
        start = clock.to_london(clock.start_of(self.day.data))
        return start.replace(hour=int(hours), minute=int(minutes))


class JudgementForm(SignpostForm):
    verdict = RadioField(
        "What do you say?",
        [Required("Select whether you confirm or dispute it")],
        choices=options(("confirmed", "I confirm that it could not wait"), ("disputed", "I dispute it")),
    )
    words = PlainText("Why?", noun="Why", max_length=1000, description="Needed where you dispute it.")


class HowForm(SignpostForm):
    how = RadioField(
        "How is the trainee told?",
        [Required("Select how")],
        choices=options(*((str(key), words) for key, words in TOLD_NAMES.items())),
    )


class LookAgainForm(SignpostForm):
    look_again_on = DateParts(
        "Look again on",
        [Required("Enter the day to look again")],
        noun="The day to look again",
        earliest=clock.today,
    )
