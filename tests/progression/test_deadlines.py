"""Working-day deadlines of a support meeting, against a count that was made another way."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from signpost import clock
from signpost.progression import deadlines
from tests import figures

# Written down from the published lists for England, and not read from any table that the site uses.
HOLIDAYS = [
    "2025-12-25", "2025-12-26",
    "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
    "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28",
]  # fmt: skip
LONDON = ZoneInfo("Europe/London")
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


ALL = [date(2025, 11, 1) + timedelta(days=n) for n in range(800)]
WORKED = [day for day in ALL if day.strftime("%a") not in ("Sat", "Sun") and day.isoformat() not in HOLIDAYS]


def counted(day, days):
    """From a list of every working day: so many places before the first that is not before the meeting."""
    return WORKED[bisect_left(WORKED, day) - days]


def test_every_day_of_two_years_agrees_with_an_independent_count():
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    wrong = [
        (day, before)
        for day in days
        for before in (5, 6, 7, 10)
        if deadlines.due_on(day, before) != counted(day, before)
    ]
    figures.add("E9 working days", days=len(days), compared=len(days) * 4, different=len(wrong))

    assert len(days) == 730
    assert wrong == []


@pytest.mark.parametrize(
    ("meets", "due"),
    [
        (date(2026, 11, 30), date(2026, 11, 23)),  # a Monday: the Monday before
        (date(2026, 4, 10), date(2026, 4, 1)),  # over Good Friday and Easter Monday
        (date(2027, 4, 5), date(2027, 3, 25)),
        (date(2026, 5, 28), date(2026, 5, 20)),  # over the spring bank holiday
        (date(2026, 9, 4), date(2026, 8, 27)),  # over the summer one
        (date(2027, 1, 5), date(2026, 12, 24)),  # Boxing Day was a Saturday, so the 28th stands in for it
        (date(2028, 1, 4), date(2027, 12, 23)),  # Christmas at the weekend: two days stand in
        (date(2026, 3, 31), date(2026, 3, 24)),  # over the day on which the clocks go forward
        (date(2026, 10, 27), date(2026, 10, 20)),  # and back
    ],
)
def test_five_working_days_before_without_the_day_of_the_meeting(meets, due):
    assert deadlines.due_on(meets, 5) == due


# A day on which the clocks change is a Sunday, and so never a day on which something is due; the days around it are.
@pytest.mark.parametrize(
    "day", [date(2026, 3, 27), date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 23), date(2026, 10, 25), date(2026, 10, 26)]
)  # fmt: skip
def test_a_second_before_midnight_in_london_is_in_time_and_a_second_after_is_late(day):
    in_time = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON)
    after = in_time.astimezone(UTC) + timedelta(seconds=2)

    assert after.astimezone(LONDON).time().isoformat() == "00:00:01"
    assert not deadlines.is_late(in_time.astimezone(UTC), day)
    assert deadlines.is_late(after, day)


def test_summer_time_decides_by_the_clock_in_london_and_not_in_utc():
    due = date(2026, 6, 10)

    assert not deadlines.is_late(datetime(2026, 6, 10, 22, 59, 59, tzinfo=UTC), due)
    assert deadlines.is_late(datetime(2026, 6, 10, 23, 0, 1, tzinfo=UTC), due)


def test_a_meeting_just_after_midnight_in_summer_is_on_its_day_in_london():
    assert deadlines.meets_on(datetime(2026, 6, 9, 23, 30, tzinfo=UTC)) == date(2026, 6, 10)


@pytest.mark.parametrize(
    ("today", "behind"),
    [
        (date(2026, 11, 13), 0),
        (date(2026, 11, 16), 1),
        (date(2026, 11, 18), 1),
        (date(2026, 11, 19), 2),
        (date(2026, 11, 20), 3),
        (date(2026, 11, 30), 3),
    ],
)
def test_reminders_are_ten_seven_and_six_working_days_before(today, behind):
    assert deadlines.reached(date(2026, 11, 30), today, (10, 7, 6)) == behind


def test_the_moment_of_the_deadline_is_said_as_it_is_kept():
    assert deadlines.is_late(clock.start_of(date(2026, 11, 24)), date(2026, 11, 23))
