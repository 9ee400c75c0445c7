"""Working days: Monday to Friday without bank holidays. Pure."""

from datetime import date, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays


@cache
def bank_holidays(nation: str = BankHolidays.ENGLAND_AND_WALES) -> frozenset[date]:
    """The bank holidays of a nation, from the table that the library ships. No network."""
    found = BankHolidays(use_cached_holidays=True).get_holidays(division=nation)
    return frozenset(holiday["date"] for holiday in found)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays()


def previous(day: date) -> date:
    """The last working day before this day."""
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def after(day: date, count: int) -> date:
    """The day that is so many working days after this one, this one not counted."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def coming(first: date, count: int) -> list[date]:
    """So many working days, from this day on."""
    found: list[date] = []
    day = first
    while len(found) < count:
        if is_working_day(day):
            found.append(day)
        day += timedelta(days=1)
    return found
