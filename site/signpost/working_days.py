"""Working days: Monday to Friday without bank holidays. Pure."""

import json
from datetime import date, timedelta
from functools import cache
from importlib import resources


@cache
def bank_holidays(nation: str = "england-and-wales") -> frozenset[date]:
    """The bank holidays of a nation, from the table that the library ships. Its code is for fetching a newer one."""
    table = json.loads((resources.files("govuk_bank_holidays") / "bank-holidays.json").read_text())
    return frozenset(date.fromisoformat(holiday["date"]) for holiday in table[nation]["events"])


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


def before(day: date, count: int) -> date:
    """The day that is so many working days before this one, this one not counted: the five before a support meeting (E9)."""
    for _ in range(count):
        day = previous(day)
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
