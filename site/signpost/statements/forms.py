"""The forms of statements and contracts."""

from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from models import NAME_LENGTH, Employer, Service, StatementKind
from signpost import clock
from signpost.forms import DateParts, PlainLine, PlainText, Required, SignpostForm, options

WORDS_LENGTH = 10_000
TITLES = {
    StatementKind.SERVICE: "Statement of service",
    StatementKind.CONFIDENTIALITY: "Confidentiality",
    StatementKind.PRIVACY: "Privacy notice",
    StatementKind.ACCESSIBILITY: "Accessibility statement",
    StatementKind.ETHICS: "Statement of ethics",
}
SERVICE_NAMES = {
    Service.SESSIONS: "Careers sessions",
    Service.MORE_SESSIONS: "More sessions than were first agreed",
    Service.TESTS: "Personality and ability tests",
}
NEVER = ("Reports on individuals", "Taking part in the selection of candidates")


class StatementForm(SignpostForm):
    words = PlainText(
        "Words",
        [Required("Enter the words")],
        noun="The words",
        max_length=WORDS_LENGTH,
        description="Leave a line empty between paragraphs. Begin a heading with ## and each line of a list with *.",
    )
    seen = HiddenField()
    step = HiddenField()


class ContractForm(SignpostForm):
    payer = PlainLine("Who pays?", [Required("Enter who pays")], noun="Who pays", max_length=NAME_LENGTH)
    employer = SelectField("Whose trainees does it cover?")
    covers = SelectMultipleField(
        "Which services does it cover?",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=options(*((str(service), words) for service, words in SERVICE_NAMES.items())),
        description="Every other service is excluded, and refused.",
    )
    words = PlainText(
        "What the trainees it covers should know",
        [Required("Enter what the trainees should know")],
        noun="The words",
        max_length=4000,
        description="They can read this contract.",
    )
    version = HiddenField()

    def __init__(self, employers: list[Employer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.employers = {one.public_id: one for one in employers}
        named = ((key, one.name) for key, one in self.employers.items())
        self.employer.choices = options(("", "Those of named cases only"), *named)

    def said(self) -> dict[str, Any]:
        return {
            "payer": self.payer.data,
            "employer": self.employers.get(self.employer.data),
            "words": self.words.data,
            "covers": [Service(one) for one in self.covers.data or []],
        }


class AcknowledgementForm(SignpostForm):
    who = PlainLine(
        "Who accepted it for the payer?", [Required("Enter who accepted it")], noun="The name", max_length=NAME_LENGTH
    )
    on = DateParts("When?", [Required("Enter the day")], noun="The day", latest=clock.today)
    ethics = HiddenField()
    version = HiddenField()


class CaseForm(SignpostForm):
    reference = PlainLine(
        "Reference of the case", [Required("Enter the reference")], max_length=20, description="For example K4TX-29BD."
    )
