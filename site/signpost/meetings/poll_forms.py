"""The forms about finding a time."""

from datetime import datetime
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, ValidationError

from models import NAME_LENGTH, PollTime, Reply, User
from signpost import clock
from signpost.characters import address, what_is_wrong_with
from signpost.forms import DateParts, PlainLine, PlainText, Required, SignpostForm, WholeNumber, options
from signpost.meetings.polls import Asked

# A moment at either end of the calendar cannot be told in another time zone, nor a meeting added to it.
FURTHEST_YEARS = 10
REPLY_NAMES = {Reply.YES: "Yes", Reply.IF_NEED_BE: "If need be", Reply.NO: "No"}


class PeopleText(PlainText):
    """People, one on each line: a name, a comma, an email address."""

    def asked(self, is_required: bool) -> list[Asked]:
        """The people of the lines. Raises ValidationError with the first line that is not one."""
        return [self._one(line, is_required) for line in (self.data or "").splitlines() if line.strip()]

    def _one(self, line: str, is_required: bool) -> Asked:
        name, _, email = (part.strip() for part in line.rpartition(","))
        try:
            email = address(email)
        except ValueError:
            raise ValidationError(
                f"Write each line as a name, a comma and an email address. This is not: {line}"
            ) from None
        if not name or len(name) > NAME_LENGTH or what_is_wrong_with(name, "The name"):
            raise ValidationError(f"Write each line as a name, a comma and an email address. This is not: {line}")
        return Asked(name, email.lower(), is_required)


class NewPollForm(SignpostForm):
    title = PlainLine(
        "What is it for?", [Required("Enter what it is for")], max_length=120, description="Only you see this."
    )
    chair = SelectField("Who chairs it?", validate_choice=False)
    required = PeopleText(
        "Who is needed?",
        max_length=3000,
        noun="Who is needed",
        description="One on each line: a name, a comma, an email address. You and the chair are among them already.",
    )
    optional = PeopleText("Who else may come?", max_length=3000, noun="Who else may come", description="The same way.")
    minutes = WholeNumber("Minutes", 10, 480)
    times = SelectMultipleField(
        "Which times do you propose?", [Required("Select at least one time")], validate_choice=False
    )
    reply_by = DateParts("Answer by", [Required("Enter the day by which they answer")])
    shows_others = BooleanField("Let them see each other’s answers")

    def __init__(self, chairs: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.chairs = {one.public_id: one for one in chairs}
        self.chair.choices = options(("", "I do, or nobody"), *((key, one.name) for key, one in self.chairs.items()))

    @property
    def chosen_chair(self) -> User | None:
        return self.chairs.get(self.chair.data or "")

    def everyone(self) -> list[Asked]:
        """Who is asked: the chair, those who are needed, and those who may come."""
        typed = self.required.asked(is_required=True)
        chair = self.chosen_chair
        if chair is not None and chair.email not in {one.email for one in typed}:
            typed.insert(0, Asked(chair.name, chair.email, is_required=True))
        return typed + self.optional.asked(is_required=False)

    def validate_chair(self, field: Any) -> None:
        if field.data and self.chosen_chair is None:
            raise ValidationError("Select who chairs it from the list")

    def validate_required(self, field: PeopleText) -> None:
        if not field.asked(is_required=True) and self.chosen_chair is None:
            raise ValidationError("Enter who is needed")

    def validate_optional(self, field: PeopleText) -> None:
        field.asked(is_required=False)

    def validate_times(self, field: Any) -> None:
        try:
            self.moments()
        except ValueError:
            raise ValidationError("Select times from the list") from None

    def moments(self) -> list[datetime]:
        return moments_of(self.times.data or [])


def moments_of(texts: list[str]) -> list[datetime]:
    """The moments that a form of offered times sent. Raises ValueError where one is none, or nowhere near today."""
    found = [datetime.fromisoformat(text) for text in texts]
    if any(one.tzinfo is None for one in found):
        raise ValueError("no time zone")
    if any(abs(one.year - clock.today().year) > FURTHEST_YEARS for one in found):
        raise ValueError("nowhere near today")
    return [one.astimezone(clock.now().tzinfo) for one in found]


class AnswerForm(SignpostForm):
    """One's own row: the fields for the times stand in the page by their public ids."""

    can_do = PlainLine("None of these: I can do …", max_length=300, description="For example: any Thursday afternoon.")

    def replies(self, times: list[PollTime], sent: Any) -> dict[str, Reply]:
        """The reply for each time that was answered, by the time's public id."""
        said = {time.public_id: sent.get(f"time-{time.public_id}", "") for time in times}
        return {key: Reply(value) for key, value in said.items() if value in set(Reply)}


class VersionedForm(SignpostForm):
    version = HiddenField()
