"""The forms of what comes after a support meeting: its outcome, the action plan, and what is reported."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError

from models import (
    EMAIL_LENGTH,
    NAME_LENGTH,
    AskedOf,
    LedTo,
    ReportedTo,
    SupportKind,
    SupportMeeting,
    SupportOutcome,
    User,
)
from signpost import clock
from signpost.forms import DateParts, EmailLine, PlainLine, PlainText, Required, SignpostForm, options
from signpost.plans.actions import FURTHEST, WORDS_LENGTH
from signpost.progression import further
from signpost.progression.follow_ups import Asked
from signpost.progression.outcomes import LEADS_TO, NAMED, Chosen
from signpost.progression.stand_in import Named
from signpost.progression.words import LED_TO_NAMES, REPORTED_NAMES, WITHDRAWN_NAMES

NAMED_LENGTH = 1000


def latest() -> date:
    return clock.today() + FURTHEST


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


class OutcomesForm(SignpostForm):
    """What a support meeting came to. What a kind of meeting does not lead to is not asked for."""

    kinds = SelectMultipleField(
        "What did the meeting come to?",
        [Required("Select at least one outcome")],
        description="“No further action” stands alone. Of the others, select all that apply.",
    )
    look_on = DateParts("When does the School look again?", latest=latest)
    minute_taker = SelectField("Who takes the minutes of the full meeting?")
    school_services = PlainText("Which service of the School, and what is it asked?", max_length=NAMED_LENGTH)
    to_name = PlainLine(
        "Name of the person in that service",
        max_length=NAME_LENGTH,
        description="They are sent a link to these words and see nothing else. Leave it empty to name the service only.",
    )
    to_email = EmailLine("Email address of that person", max_length=EMAIL_LENGTH)
    school_policies = PlainText("Which policy of the School?", max_length=NAMED_LENGTH)
    employer_policies = PlainText(
        "Which policy of the employer?",
        max_length=NAMED_LENGTH,
        description="It is named here. Nobody at the employer is told.",
    )
    why = PlainText(
        "Why is the outcome changed?",
        [Required("Say why the outcome is changed")],
        max_length=NAMED_LENGTH,
        description="The School reads this. What was recorded before is kept.",
    )

    def __init__(self, support: SupportMeeting, minute_takers: Sequence[User], is_change: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        leads_to = LEADS_TO[SupportKind(support.kind)]
        self.kinds.choices = options(*((str(one), LED_TO_NAMES[one]) for one in leads_to))
        self.takers = {one.public_id: one for one in minute_takers}
        first = support.minute_taker.name if support.minute_taker else "Select somebody"
        others = ((key, one.name) for key, one in self.takers.items() if one != support.minute_taker)
        self.minute_taker.choices = options(("", first), *others)
        unused = [str(one) for one in NAMED if one not in leads_to]
        unused += ["to_name", "to_email"] if LedTo.SCHOOL_SERVICES not in leads_to else []
        for name in [*unused, *([] if is_change else ["why"])]:
            del self[name]

    def validate_to_email(self, field: Any) -> None:
        if bool(self.to_name.data) != bool(field.data):
            raise ValidationError("Enter both the name and the email address, or neither")

    @property
    def chosen(self) -> list[Chosen]:
        return [self._chosen(LedTo(one)) for one in self.kinds.data]

    def _chosen(self, kind: LedTo) -> Chosen:
        words = (self[str(kind)].data or "") if kind in NAMED else ""
        look_on = self.look_on.data if kind == LedTo.DESKTOP_REVIEW else None
        return Chosen(kind, words, look_on, self._asked if kind == LedTo.SCHOOL_SERVICES else None)

    @property
    def _asked(self) -> Asked | None:
        if not self.to_email.data:
            return None
        return Asked(AskedOf.SCHOOL_SERVICE, Named(self.to_name.data or "", self.to_email.data.lower()))

    @property
    def to_service(self) -> str:
        """The address in another service of the School to which an email goes."""
        return next((one.asked.person.email for one in self.chosen if one.asked), "")

    @property
    def taker(self) -> User | None:
        return self.takers.get(self.minute_taker.data or "")

    @staticmethod
    def known_of(outcomes: Sequence[SupportOutcome]) -> dict[str, Any]:
        named = {str(one.kind): one.words for one in outcomes if one.words}
        look_on = next((one.look_on for one in outcomes if one.look_on), None)
        return {"kinds": [str(one.kind) for one in outcomes], "look_on": look_on, "minute_taker": "", **named}


class ObjectiveForm(SignpostForm):
    words = PlainText(
        "What will you do?",
        [Required("Enter what is to be done")],
        noun="The objective",
        max_length=WORDS_LENGTH,
        description="One thing, in your own words.",
    )
    due_on = DateParts("By when?", [Required("Enter the day by which it is to be done")], latest=latest)
    version = HiddenField()

    def __init__(self, is_own: bool = True, **kwargs: Any) -> None:
        """To others than the trainee it speaks of the trainee."""
        super().__init__(**kwargs)
        if not is_own:
            self.words.label.text, self.words.description = "What will the trainee do?", "One thing."


class AgreementForm(SignpostForm):
    review_on = DateParts(
        "When does the School look at the plan?", [Required("Enter the day")], earliest=tomorrow, latest=latest
    )


class LookingForm(SignpostForm):
    next_on = DateParts("When does the School look at it again?", earliest=tomorrow, latest=latest)


class NotNeededForm(SignpostForm):
    why = PlainText(
        "Why is no further review needed?",
        [Required("Say why no further review is needed")],
        noun="The reason",
        max_length=NAMED_LENGTH,
    )
    version = HiddenField()


class WithdrawForm(SignpostForm):
    why = RadioField(
        "Why is it withdrawn?",
        [Required("Select why it is withdrawn")],
        choices=options(*((str(one), words) for one, words in WITHDRAWN_NAMES.items())),
    )


class ReportForm(SignpostForm):
    """What is reported beyond the School, to whom, and why (E13)."""

    to = RadioField(
        "Who is told?",
        [Required("Select who is told")],
        choices=options(*((str(one), words) for one, words in REPORTED_NAMES.items())),
    )
    to_name = PlainLine("Name of the person there", [Required("Enter the name")], max_length=NAME_LENGTH)
    to_email = EmailLine("Email address of the person there", [Required("Enter the email address")])
    reason = PlainText(
        "Why is this reported?",
        [Required("Enter the reason")],
        noun="The reason",
        max_length=further.WORDS_LENGTH,
        description="This stays with the School: a second person decides by it.",
    )
    words = PlainText(
        "What are they told?",
        [Required("Enter what they are told")],
        noun="What they are told",
        max_length=further.WORDS_LENGTH,
        description="The trainee reads these words before they are sent. Write what is needed and no more.",
    )
    step = HiddenField()

    @property
    def wanted(self) -> further.Wanted:
        person = Named(self.to_name.data or "", (self.to_email.data or "").lower())
        return further.Wanted(ReportedTo(self.to.data), person, self.reason.data or "", self.words.data or "")
