"""Calendar months, as mentoring counts them: how long an absence was (D1), and when the support ends (D11)."""

from calendar import monthrange
from datetime import date, timedelta

ABSENT_MONTHS = 3
SUPPORT_MONTHS = 6


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month: six after 31 August is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def ends_on(returns_on: date) -> date:
    """The day on which support ends: six calendar months after the return, however late the pair was matched (D11)."""
    return months_later(returns_on, SUPPORT_MONTHS)


def latest_return_over(on: date) -> date:
    """The last day of a return whose support is over on this day."""
    days = (on - timedelta(days=count) for count in range(175, 200))
    return next(day for day in days if ends_on(day) <= on)


def is_long_enough(absent_from: date, returns_on: date) -> bool:
    """Whether an absence entitles to a mentor: three calendar months or more (D1)."""
    return returns_on >= months_later(absent_from, ABSENT_MONTHS)
