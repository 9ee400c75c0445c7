"""Dates, times, counts and lists read the NHS way, in London time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from signpost import clock
from signpost.formatting import (
    ago,
    clock_time,
    day,
    hour,
    machine_moment,
    moment,
    number,
    paragraphs,
    plural,
    reference,
    sentence_list,
    weekday,
    working_wait,
)

SATURDAY = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_saturday_afternoon():
    with clock.at(SATURDAY):
        yield


def test_a_day_has_its_month_in_full_and_no_leading_nought():
    assert day(date(2026, 11, 1)) == "1 November 2026"
    assert weekday(date(2026, 11, 21)) == "Saturday 21 November 2026"


def test_a_moment_is_told_in_london_time_in_summer_and_in_winter():
    assert moment(SATURDAY) == "21 November 2026 at 5:30pm"
    assert moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026 at 12:30am"
    assert day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        *[(0, 0, "midnight"), (12, 0, "midday"), (17, 0, "5pm"), (17, 30, "5:30pm")],
        *[(9, 5, "9:05am"), (0, 1, "12:01am"), (12, 1, "12:01pm"), (11, 59, "11:59am")],
    ],
)
def test_times_are_written_the_nhs_way(hour, minute, words):
    assert clock_time(datetime(2026, 11, 21, hour, minute, tzinfo=UTC)) == words


def test_a_machine_reads_moments_in_utc_and_days_as_days():
    assert machine_moment(datetime(2026, 7, 1, 9, 0, tzinfo=clock.LONDON)) == "2026-07-01T08:00:00Z"
    assert machine_moment(date(2026, 7, 1)) == "2026-07-01"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        *[(0, "today"), (1, "yesterday"), (3, "3 days ago"), (1200, "1,200 days ago")],
        *[(-1, "tomorrow"), (-2, "in 2 days")],
    ],
)
def test_how_long_ago_is_told_in_days(days, words):
    assert ago(SATURDAY - timedelta(days=days)) == words


def test_yesterday_evening_is_yesterday_even_a_few_hours_later():
    with clock.at(datetime(2026, 11, 21, 0, 10, tzinfo=UTC)):
        assert ago(datetime(2026, 11, 20, 23, 50, tzinfo=UTC)) == "yesterday"


def test_waiting_is_counted_in_working_days():
    assert working_wait(date(2026, 11, 20)) == "less than a working day"
    assert working_wait(date(2026, 11, 19)) == "1 working day"
    assert working_wait(date(2026, 11, 13)) == "5 working days"


def test_a_bank_holiday_is_no_working_day_of_waiting():
    with clock.at(datetime(2026, 12, 29, 12, 0, tzinfo=UTC)):
        assert working_wait(date(2026, 12, 24)) == "1 working day"


def test_a_wait_that_begins_in_the_future_is_no_wait():
    assert working_wait(date(2027, 1, 1)) == "less than a working day"


def test_what_is_not_there_is_told_as_nothing():
    assert [tell(None) for tell in (day, weekday, moment, clock_time, machine_moment, ago, working_wait)] == [""] * 7


def test_lists_are_told_as_sentences():
    assert sentence_list([]) == ""
    assert sentence_list(["a"]) == "a"
    assert sentence_list(["a", "b"]) == "a and b"
    assert sentence_list(["a", "b", "c"], "or") == "a, b or c"


def test_counts_agree_with_their_nouns():
    assert plural(1, "referral") == "1 referral"
    assert plural(0, "referral") == "0 referrals"
    assert plural(1200, "person", "people") == "1,200 people"
    assert number(1204) == "1,204"


def test_typed_words_become_paragraphs_with_nothing_in_them_obeyed():
    assert paragraphs("One <b>line</b>\nand another\n\n\nNew {{ paragraph }}") == (
        '<p dir="auto">One &lt;b&gt;line&lt;/b&gt;<br>and another</p><p dir="auto">New {{ paragraph }}</p>'
    )
    assert paragraphs(None) == ""


@pytest.mark.parametrize(("kept", "words"), [("09:00", "9am"), ("12:00", "midday"), ("17:30", "5:30pm")])
def test_an_hour_of_every_week_reads_as_any_other_time(kept, words):
    assert hour(kept) == words


def test_a_reference_is_said_in_two_halves():
    assert reference("k4tx29bd") == "K4TX-29BD"
