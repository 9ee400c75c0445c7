"""The periods of reports: quarters of the financial year, or financial years; one after the other, never overlapping."""

from dataclasses import dataclass
from datetime import date

QUARTER, YEAR = 3, 12
FIRST_MONTH = 4


@dataclass(frozen=True)
class Period:
    """From its first day to the day before `ends_on`."""

    begins_on: date
    ends_on: date

    @property
    def name(self) -> str:
        """April to June 2026; April 2026 to March 2027."""
        last = _plus(self.ends_on, -1)
        if self.begins_on.year == last.year:
            return f"{self.begins_on:%B} to {last:%B} {last.year}"
        return f"{self.begins_on:%B} {self.begins_on.year} to {last:%B} {last.year}"


def around(day: date, months: int) -> Period:
    """The quarter or the financial year in which a day lies."""
    since_april = (day.month - FIRST_MONTH) % 12 % months
    begins = _plus(day.replace(day=1), -since_april)
    return Period(begins, _plus(begins, months))


def after(last: date, months: int) -> Period:
    """The period that begins where another ended. It is a quarter until a whole year can begin."""
    return Period(last, _plus(last, months if last.month == FIRST_MONTH else QUARTER))


def before(first: date) -> Period:
    """The quarter that ends where another period begins."""
    return Period(_plus(first, -QUARTER), first)


def _plus(day: date, months: int) -> date:
    """So many months on, from the first day of one."""
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)
