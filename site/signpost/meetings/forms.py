"""The forms about meetings."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, ValidationError

from models import Mode, Venue
from signpost import clock
from signpost.forms import DateParts, PlainLine, Required, SignpostForm, WholeNumber, options
from signpost.meetings.free_times import FreeTime

MODE_NAMES = {Mode.FACE_TO_FACE: "In person", Mode.TELEPHONE: "By telephone", Mode.TEAMS: "On Microsoft Teams"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)")


def key_of(free: FreeTime) -> str:
    """How a free time stands in a form: its moment, how long, how and where."""
    minutes = int((free.ends - free.begins).total_seconds() // 60)
    return f"{free.begins.isoformat()}|{minutes}|{free.mode}|{free.venue}"


class TimeForm(SignpostForm):
    """One of the free times that the page offers."""

    time = RadioField("When would suit you?", [Required("Select a time")], validate_choice=False)
    reason = PlainLine("Why does it move?", max_length=200, description="You need not say.")

    def __init__(self, free: list[FreeTime], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.free = {key_of(one): one for one in free}
        self.time.choices = options(*((key, key) for key in self.free))


class OnRequestForm(SignpostForm):
    """The last step: book what was kept."""


class CancelForm(SignpostForm):
    reason = PlainLine("Why is it cancelled?", max_length=200, description="You need not say.")


class ClockTime(PlainLine):
    """A time of day, as people write it: 14:30, 9.15, 0900."""

    def __init__(self, label: str, *validators: Any, **kwargs: Any) -> None:
        super().__init__(label, list(validators), max_length=5, **kwargs)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data and not CLOCK.fullmatch(self.data):
            raise ValidationError(f"{self.label.text} must be a time like 14:30")

    @property
    def at(self) -> time:
        found = CLOCK.fullmatch(self.data or "")
        if found is None:
            raise ValueError("no time")
        return time(int(found[1]), int(found[2]))


def two_years_ahead() -> date:
    """The last day that is worth noting; a meeting late on the last day of the calendar would have no end."""
    return clock.today() + timedelta(days=731)


NOT_FACE_TO_FACE = "Not face to face"


class ArrangedForm(SignpostForm):
    """A meeting that was arranged by telephone or email, noted in one line (A10)."""

    day = DateParts("Day", [Required("Enter the day")], latest=two_years_ahead)
    begins = ClockTime("Begins at", Required("Enter when it begins"))
    minutes = WholeNumber("Minutes", 10, 240)
    mode = RadioField("How do you meet?", [Required("Select how you meet")])
    venue = SelectField("Venue", validate_choice=False)
    outside_reason = PlainLine(
        "Why at this time?",
        max_length=200,
        description="Only where it is outside Monday to Friday, 8am to 7pm, or on a bank holiday.",
    )

    def __init__(self, modes: list[Mode], venues: list[Venue], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.venues = {one.public_id: one for one in venues}
        self.mode.choices = options(*((mode.value, MODE_NAMES[mode]) for mode in modes))
        first = "Select where you meet" if modes == [Mode.FACE_TO_FACE] else NOT_FACE_TO_FACE
        self.venue.choices = options(("", first), *((key, one.name) for key, one in self.venues.items()))

    def validate_venue(self, field: Any) -> None:
        if self.mode.data == Mode.FACE_TO_FACE and field.data not in self.venues:
            raise ValidationError("Select where you meet")

    def begins_at(self) -> datetime:
        return datetime.combine(self.day.data, self.begins.at, tzinfo=clock.LONDON)


class NewTimeForm(SignpostForm):
    """Another time for a meeting of a group."""

    day = DateParts("Day", [Required("Enter the day")], latest=two_years_ahead)
    begins = ClockTime("Begins at", Required("Enter when it begins"))
    minutes = WholeNumber("Minutes", 10, 480)
    reason = PlainLine("Why does it move?", max_length=200, description="You need not say.")

    def begins_at(self) -> datetime:
        return datetime.combine(self.day.data, self.begins.at, tzinfo=clock.LONDON)


class HoursForm(SignpostForm):
    """A stretch of the week, or of one day alone."""

    when = RadioField(
        "When?",
        [Required("Select every week or one day")],
        choices=options(("weekly", "Every week"), ("day", "On one day only")),
    )
    weekday = SelectField("Day of the week", validate_choice=False)
    day = DateParts("The day", [], latest=two_years_ahead)
    begins = ClockTime("From", Required("Enter from when"))
    ends = ClockTime("To", Required("Enter until when"))
    minutes = WholeNumber("Minutes of a meeting", 10, 240)
    gap_minutes = WholeNumber("Minutes between meetings", 0, 120)
    mode = RadioField(
        "How?",
        [Required("Select how you meet")],
        choices=options(*((mode.value, name) for mode, name in MODE_NAMES.items())),
    )
    venue = SelectField("Venue", validate_choice=False)

    def __init__(self, venues: list[Venue], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.venues = {one.public_id: one for one in venues}
        self.weekday.choices = options(*((str(number), name) for number, name in enumerate(DAYS)))
        self.venue.choices = options(("", NOT_FACE_TO_FACE), *((key, one.name) for key, one in self.venues.items()))

    def validate_weekday(self, field: Any) -> None:
        if self.when.data == "weekly" and field.data not in {str(number) for number in range(len(DAYS))}:
            raise ValidationError("Select the day of the week")

    def validate_day(self, field: Any) -> None:
        if self.when.data == "day" and not field.data:
            raise ValidationError("Enter the day")
        if self.when.data == "day" and field.data < clock.today():
            raise ValidationError("The day must be today or later")

    def validate_ends(self, field: Any) -> None:
        if CLOCK.fullmatch(self.begins.data or "") and CLOCK.fullmatch(field.data or "") and field.at <= self.begins.at:
            raise ValidationError("To must be later than From")

    def validate_venue(self, field: Any) -> None:
        if self.mode.data == Mode.FACE_TO_FACE and field.data not in self.venues:
            raise ValidationError("Select where you meet")


class ReachForm(SignpostForm):
    """At how short notice and how far ahead a counsellor can be booked. Empty is what the organisation has set."""

    notice_hours = WholeNumber("Hours of notice you need", 0, 168, may_be_empty=True)
    ahead_weeks = WholeNumber("Weeks ahead that you can be booked", 1, 26, may_be_empty=True)
    version = HiddenField()


class AttendanceForm(SignpostForm):
    """Why a meeting was not held. That one was held is said by finishing the record of its session (A12, A17)."""

    attendance = RadioField(
        "Why did it not take place?",
        [Required("Select why it did not take place")],
        choices=options(
            ("trainee", "The trainee could not come"),
            ("counsellor", "I could not come"),
            ("agreed", "We agreed not to meet"),
        ),
    )


class JoinLinkForm(SignpostForm):
    join_link = PlainLine("Join link", [Required("Paste the join link")], max_length=4000, noun="The join link")


def starts_on(text: str | None) -> date | None:
    """A day from an address, such as 2027-05-03; None where it is not one, or has no weeks around it."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 <= day.year < 2200 else None
