"""When what is prepared for a support meeting is due, and when its owners are reminded. Pure; derived, never kept (E9)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from signpost import working_days
from signpost.clock import start_of, to_london

LAST_MINUTE = time(23, 59)


def due_on(meets_on: date, days: int) -> date:
    """The day that is so many working days before the day of the meeting, that day not counted. Days of London."""
    return working_days.before(meets_on, days)


def meets_on(begins: datetime) -> date:
    """The day in London on which a meeting begins."""
    return to_london(begins).date()


def is_late(at: datetime, due: date) -> bool:
    """Whether this moment is past the last minute, 23:59 in London, of the day on which something is due."""
    return at >= start_of(due + timedelta(days=1))


def reached(meets_on: date, today: date, days_before: Sequence[int]) -> int:
    """How many of the reminders, so many working days before the meeting each, belong to this day or are behind it."""
    return sum(today >= working_days.before(meets_on, days) for days in days_before)
