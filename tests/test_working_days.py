"""Working days: Monday to Friday without bank holidays."""

import socket
from datetime import date, timedelta

import pytest

from signpost import working_days


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 11, 20), True),  # a Friday
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 12, 25), False),  # Christmas Day
        (date(2026, 12, 28), False),  # in place of Boxing Day, a Saturday
        (date(2026, 12, 29), True),
        (date(2027, 3, 26), False),  # Good Friday
        (date(2026, 8, 3), True),  # a bank holiday in Scotland alone
    ],
)
def test_weekends_and_bank_holidays_of_england_and_wales_are_not_working_days(day, is_working):
    assert working_days.is_working_day(day) is is_working


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 19), date(2026, 11, 18)),
        (date(2026, 11, 23), date(2026, 11, 20)),  # over a weekend
        (date(2026, 11, 22), date(2026, 11, 20)),  # from within one
        (date(2026, 12, 29), date(2026, 12, 24)),  # over Christmas
        (date(2027, 1, 4), date(2026, 12, 31)),  # over New Year
        (date(2027, 3, 30), date(2027, 3, 25)),  # over Easter
    ],
)
def test_the_working_day_before_skips_what_is_not_one(day, before):
    assert working_days.previous(day) == before


def test_the_working_day_before_is_always_earlier_and_the_nearest():
    for offset in range(800):
        day = date(2026, 1, 1) + timedelta(days=offset)
        before = working_days.previous(day)
        between = [before + timedelta(days=step) for step in range(1, (day - before).days)]
        assert before < day
        assert working_days.is_working_day(before)
        assert not any(map(working_days.is_working_day, between))


def test_the_table_of_bank_holidays_is_read_without_the_network(monkeypatch):
    def no_network(*args, **kwargs):
        raise AssertionError("The network was asked.")

    monkeypatch.setattr(socket, "create_connection", no_network)
    monkeypatch.setattr(socket.socket, "connect", no_network)
    working_days.bank_holidays.cache_clear()

    assert date(2026, 12, 25) in working_days.bank_holidays()


def test_each_nation_has_its_own_bank_holidays():
    assert date(2026, 8, 3) in working_days.bank_holidays("scotland")
    assert date(2026, 8, 3) not in working_days.bank_holidays()
