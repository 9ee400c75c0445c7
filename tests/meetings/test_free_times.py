"""When a counsellor is free: within the rules, never twice, and the same on the clock all the year (A10, A25)."""

import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost import working_days
from signpost.meetings import free_times as module
from signpost.meetings.free_times import (
    DayHours,
    FreeTime,
    Hours,
    Rules,
    Span,
    free_times,
    moment_of,
    quanta,
    why_never,
    why_not,
)

LONDON = ZoneInfo("Europe/London")
FIVE = timedelta(minutes=5)
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday, so that Monday is more than a day ahead
FORWARD = date(2027, 3, 28)  # 01:00 to 02:00 is not there
BACK = date(2027, 10, 31)  # 01:00 to 02:00 comes twice
DAY_AND_NIGHT = {"earliest": time(0), "latest": time(0), "weekdays": frozenset(range(7))}


def on(day: date, at: str) -> datetime:
    """A moment by the clock on the wall; of two the first."""
    return datetime.combine(day, time.fromisoformat(at), tzinfo=LONDON).astimezone(UTC)


def span(day: date, begins: str, ends: str) -> Span:
    return Span(on(day, begins), on(day, ends))


def hours(begins: str, ends: str, minutes: int = 60, gap: int = 0, weekday: int = 0, mode="face", venue="") -> Hours:
    return Hours(weekday, time.fromisoformat(begins), time.fromisoformat(ends), mode, venue, minutes, gap)


def day_hours(day: date, begins: str, ends: str, minutes: int = 60, gap: int = 0, mode="face", venue="") -> DayHours:
    return DayHours(day, time.fromisoformat(begins), time.fromisoformat(ends), mode, venue, minutes, gap)


def of(*stretches: Hours | DayHours, away=(), taken=(), rules: Rules | None = None, now=NOW, within=None):
    """The free times of these hours; of Monday alone unless told otherwise."""
    weekly = [one for one in stretches if isinstance(one, Hours)]
    extra = [one for one in stretches if isinstance(one, DayHours)]
    return free_times(weekly, extra, away, taken, rules or Rules(), now, within or (MONDAY, MONDAY))


def clock_times(times: list[FreeTime]) -> list[str]:
    """["9:00-9:40", …] by the clock on the wall."""
    walls = [(one.begins.astimezone(LONDON), one.ends.astimezone(LONDON)) for one in times]
    return [f"{begins:%H:%M}-{ends:%H:%M}" for begins, ends in walls]


# Lengths, gaps, and the day's two ends


def test_times_follow_each_other_with_their_gap():
    assert clock_times(of(hours("09:00", "12:00", 40, 15))) == ["09:00-09:40", "09:55-10:35", "10:50-11:30"]


def test_a_time_says_its_mode_and_venue_and_is_in_utc():
    (one,) = of(hours("09:00", "10:00", mode="telephone", venue="bcdf2346"))

    assert one == FreeTime(on(MONDAY, "09:00"), on(MONDAY, "10:00"), "telephone", "bcdf2346")
    assert one.begins.tzinfo is UTC


@pytest.mark.parametrize(
    ("minutes", "gap", "expected"),
    [
        (60, 0, ["09:00-10:00"]),
        (60, 500, ["09:00-10:00"]),  # a gap after the last one does not matter
        (65, 0, []),
        (30, 0, ["09:00-09:30", "09:30-10:00"]),
        (30, 5, ["09:00-09:30"]),
        (5, 25, ["09:00-09:05", "09:30-09:35"]),
        (1500, 0, []),
    ],
)
def test_a_time_is_offered_only_where_it_fits_whole(minutes, gap, expected):
    assert clock_times(of(hours("09:00", "10:00", minutes, gap))) == expected


def test_a_meeting_may_end_at_seven_exactly_and_not_later():
    assert clock_times(of(hours("17:40", "20:00", 40))) == ["17:40-18:20", "18:20-19:00"]
    assert clock_times(of(hours("17:45", "20:00", 40))) == ["17:45-18:25"]


def test_what_begins_before_eight_is_left_out_and_the_rest_stays_where_it_is():
    assert clock_times(of(hours("07:30", "10:00", 45))) == ["08:15-09:00", "09:00-09:45"]


def test_no_time_on_a_weekend():
    saturday = MONDAY + timedelta(days=5)

    assert (
        of(hours("09:00", "12:00", weekday=5), day_hours(saturday, "13:00", "15:00"), within=(MONDAY, saturday)) == []
    )


def test_no_time_on_a_bank_holiday():
    rules = Rules(closed_days=working_days.bank_holidays())
    christmas = date(2026, 12, 25)

    times = of(hours("09:00", "10:00", weekday=4), rules=rules, within=(MONDAY, date(2027, 1, 10)))

    fridays = [one.begins.date() for one in times]
    assert fridays[:4] == [date(2026, 11, 27), date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 18)]
    assert christmas not in fridays
    assert date(2027, 1, 1) not in fridays
    assert date(2027, 1, 8) in fridays


def test_hours_may_last_till_midnight_and_the_whole_day_where_the_rules_let_them():
    rules = Rules(**DAY_AND_NIGHT)

    assert clock_times(of(hours("22:00", "00:00"), rules=rules)) == ["22:00-23:00", "23:00-00:00"]
    assert len(of(hours("00:00", "00:00"), rules=rules)) == 24


def test_the_last_time_of_a_day_and_the_first_of_the_next_may_touch():
    rules = Rules(**DAY_AND_NIGHT)
    tuesday = MONDAY + timedelta(days=1)

    times = of(hours("23:00", "00:00"), hours("00:00", "01:00", weekday=1), rules=rules, within=(MONDAY, tuesday))

    assert clock_times(times) == ["23:00-00:00", "00:00-01:00"]
    assert times[0].ends == times[1].begins


def test_the_29th_of_february_is_a_day_like_any_other():
    leap_day = date(2028, 2, 29)  # a Tuesday
    now = datetime(2028, 2, 20, tzinfo=UTC)

    times = of(hours("09:00", "10:00", weekday=1), now=now, within=(leap_day, leap_day))
    extra = of(day_hours(leap_day, "11:00", "12:00"), now=now, within=(leap_day, leap_day))

    assert clock_times(times + extra) == ["09:00-10:00", "11:00-12:00"]


# How soon, and how far ahead


def test_a_time_is_offered_from_the_notice_on():
    now = on(MONDAY, "10:00") - timedelta(hours=24)

    assert clock_times(of(hours("09:00", "12:00"), now=now)) == ["10:00-11:00", "11:00-12:00"]
    assert clock_times(of(hours("09:00", "12:00"), now=now + timedelta(seconds=1))) == ["11:00-12:00"]


def test_a_time_is_offered_up_to_so_far_ahead():
    rules = Rules(ahead=timedelta(weeks=1))
    now = on(MONDAY, "10:00") - timedelta(weeks=1)

    assert clock_times(of(hours("09:00", "12:00"), rules=rules, now=now)) == ["09:00-10:00", "10:00-11:00"]
    assert clock_times(of(hours("09:00", "12:00"), rules=rules, now=now - FIVE)) == ["09:00-10:00"]


def test_a_time_in_the_past_is_never_offered():
    rules = Rules(notice=timedelta(0))

    assert clock_times(of(hours("09:00", "12:00"), rules=rules, now=on(MONDAY, "10:30"))) == ["11:00-12:00"]


# Leave, and what is taken


def test_leave_takes_its_first_and_its_last_day_away():
    week = (MONDAY, MONDAY + timedelta(days=6))
    every_day = [hours("09:00", "10:00", weekday=weekday) for weekday in range(5)]
    leave = (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2))

    times = of(*every_day, away=[leave, leave, (MONDAY + timedelta(days=2),) * 2], within=week)

    assert [one.begins.date().weekday() for one in times] == [0, 3, 4]


def test_leave_that_began_long_ago_and_never_ends_leaves_nothing():
    assert of(hours("09:00", "12:00"), away=[(date(1970, 1, 1), date(9999, 12, 31))]) == []


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        ("08:00", "09:00", ["09:00-10:00", "10:00-11:00"]),  # only touches
        ("11:00", "12:00", ["09:00-10:00", "10:00-11:00"]),
        ("08:00", "09:01", ["10:00-11:00"]),
        ("09:59", "10:01", []),
        ("09:20", "09:25", ["10:00-11:00"]),
        ("10:00", "11:00", ["09:00-10:00"]),
        ("08:00", "12:00", []),
    ],
)
def test_what_is_taken_is_not_free_and_nothing_more(begins, ends, expected):
    assert clock_times(of(hours("09:00", "11:00"), taken=[span(MONDAY, begins, ends)])) == expected


def test_taken_times_may_overlap_each_other_and_come_in_any_order():
    taken = [span(MONDAY, "13:00", "13:05"), span(MONDAY, "09:00", "12:00"), span(MONDAY, "09:30", "10:00")]

    assert clock_times(of(hours("09:00", "15:00"), taken=taken)) == ["12:00-13:00", "14:00-15:00"]


def test_the_times_after_one_that_is_taken_stay_where_they_were():
    free = of(hours("09:00", "12:00", 40, 15))

    assert of(hours("09:00", "12:00", 40, 15), taken=[span(MONDAY, "09:10", "09:15")]) == free[1:]


# Hours that overlap


def test_where_hours_overlap_the_time_that_begins_first_is_offered():
    times = of(hours("09:30", "11:30", mode="telephone"), hours("09:00", "11:00", mode="face"))

    assert [(one.mode, clock_times([one])[0]) for one in times] == [
        ("face", "09:00-10:00"),
        ("face", "10:00-11:00"),
    ]


def test_of_two_that_begin_together_the_one_given_first_is_offered_however_long():
    first, second = hours("09:00", "10:00", 60, mode="face"), hours("09:00", "10:00", 30, mode="telephone")

    assert [one.mode for one in of(first, second)] == ["face"]
    assert [one.mode for one in of(second, first)] == ["telephone", "telephone"]


def test_a_days_own_hours_come_before_those_of_the_week():
    times = of(hours("09:00", "11:00", venue="usual"), day_hours(MONDAY, "09:00", "10:00", venue="elsewhere"))

    assert [one.venue for one in times] == ["elsewhere", "usual"]


def test_a_days_own_hours_later_in_the_day_come_after_those_of_the_week():
    times = of(hours("09:00", "10:00"), day_hours(MONDAY, "14:00", "15:00"), hours("16:00", "17:00"))

    assert clock_times(times) == ["09:00-10:00", "14:00-15:00", "16:00-17:00"]


def test_the_same_hours_twice_offer_each_time_once():
    assert of(hours("09:00", "12:00"), hours("09:00", "12:00")) == of(hours("09:00", "12:00"))


def test_a_time_hidden_by_another_shows_when_that_one_is_taken():
    overlapping = hours("09:00", "10:00", mode="face"), hours("09:30", "10:30", mode="telephone")

    assert [one.mode for one in of(*overlapping)] == ["face"]
    assert [one.mode for one in of(*overlapping, taken=[span(MONDAY, "09:00", "09:15")])] == ["telephone"]


# The two days when the clocks change


def on_the_day(day: date, *stretches: Hours | DayHours) -> list[FreeTime]:
    now = on(day, "12:00") - timedelta(days=5)
    return of(*stretches, rules=Rules(**DAY_AND_NIGHT), now=now, within=(day, day))


@pytest.mark.parametrize(
    ("begins", "ends", "minutes", "expected"),
    [
        ("00:00", "04:00", 60, ["02:00-03:00", "03:00-04:00"]),  # 00:00-01:00 would end when there is no one o'clock
        ("00:00", "04:00", 30, ["00:00-00:30", "02:00-02:30", "02:30-03:00", "03:00-03:30", "03:30-04:00"]),
        ("01:00", "02:00", 5, []),
        ("00:30", "03:30", 60, ["02:30-03:30"]),
        ("00:45", "02:45", 25, ["02:00-02:25"]),
        ("00:00", "00:00", 720, ["12:00-00:00"]),
    ],
)
def test_a_day_that_lacks_an_hour_has_fewer_times(begins, ends, minutes, expected):
    assert clock_times(on_the_day(FORWARD, day_hours(FORWARD, begins, ends, minutes))) == expected


def test_the_hour_that_comes_twice_is_offered_once():
    times = on_the_day(BACK, day_hours(BACK, "00:30", "03:00", 30))

    assert clock_times(times) == ["00:30-01:00", "01:00-01:30", "02:00-02:30", "02:30-03:00"]
    assert times[1].begins == datetime(2027, 10, 31, 0, 0, tzinfo=UTC)  # the first 1am, in summer time
    assert times[2].begins == datetime(2027, 10, 31, 2, 0, tzinfo=UTC)
    assert clock_times(on_the_day(BACK, day_hours(BACK, "00:00", "04:00", 120))) == ["02:00-04:00"]


@pytest.mark.parametrize("day", [FORWARD, BACK])
def test_the_working_hours_of_those_days_are_as_ever(day):
    assert clock_times(on_the_day(day, day_hours(day, "09:00", "11:00"))) == ["09:00-10:00", "10:00-11:00"]


@pytest.mark.parametrize("change", [FORWARD, BACK])
def test_a_week_looks_the_same_before_and_after_the_clocks_change(change):
    week = [hours("08:00", "12:00", 40, 10, weekday) for weekday in range(5)]
    week += [hours("13:05", "19:00", 55, 0, weekday) for weekday in range(5)]
    now = on(change, "12:00") - timedelta(days=21)
    weeks = [(change + timedelta(days=1 + 7 * n), change + timedelta(days=7 + 7 * n)) for n in (-2, -1, 0, 1)]

    shown = [clock_times(of(*week, now=now, within=one)) for one in weeks]

    assert shown[0]
    assert shown == [shown[0]] * 4


# Properties

five_minutes = st.integers(0, 287).map(lambda units: (datetime(2000, 1, 1) + units * FIVE).time())  # noqa: DTZ001
days_around = st.one_of(
    st.integers(-4, 4).map(lambda n: FORWARD + timedelta(days=n)),
    st.integers(-4, 4).map(lambda n: BACK + timedelta(days=n)),
    st.integers(0, 1500).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
)


@st.composite
def stretches_of_a_day(draw: st.DrawFn) -> tuple[time, time, str, str, int, int]:
    begins, ends = draw(st.tuples(five_minutes, five_minutes).filter(lambda two: not time(0) < two[1] <= two[0]))
    minutes = draw(st.one_of(st.sampled_from([20, 30, 40, 60]), st.integers(1, 60).map(lambda units: units * 5)))
    return begins, ends, draw(st.sampled_from(["face", "telephone"])), "", minutes, draw(st.integers(0, 6)) * 5


@st.composite
def situations(draw: st.DrawFn) -> dict:
    """Anything that may be asked, in the fortnight after a day."""
    start = draw(days_around)
    now = datetime.combine(start, draw(five_minutes), tzinfo=LONDON).astimezone(UTC)
    day = st.integers(0, 14).map(lambda n: start + timedelta(days=n))
    weekly = st.builds(lambda weekday, rest: Hours(weekday, *rest), st.integers(0, 6), stretches_of_a_day())
    extra = st.builds(lambda on_day, rest: DayHours(on_day, *rest), day, stretches_of_a_day())
    leave = st.tuples(day, st.integers(0, 2)).map(lambda two: (two[0], two[0] + timedelta(days=two[1])))
    careers = st.builds(Rules, notice=st.integers(0, 48).map(lambda n: timedelta(hours=n)))
    any_time = st.builds(
        Rules,
        **{name: st.just(value) for name, value in DAY_AND_NIGHT.items()},
        notice=st.just(timedelta(hours=1)),
        ahead=st.integers(1, 14).map(lambda n: timedelta(days=n)),
        closed_days=st.frozensets(day, max_size=3),
    )
    return {
        "hours": draw(st.lists(weekly, max_size=6)),
        "extra": draw(st.lists(extra, max_size=3)),
        "away": draw(st.lists(leave, max_size=2)),
        "taken": draw(st.lists(spans_after(now), max_size=8)),
        "rules": draw(st.one_of(careers, any_time)),
        "now": now,
        "within": (start, start + timedelta(days=14)),
    }


def spans_after(now: datetime) -> st.SearchStrategy[Span]:
    begins = st.integers(-288, 14 * 288).map(lambda units: now + units * FIVE)
    return st.builds(lambda at, units: Span(at, at + units * FIVE), begins, st.integers(1, 60))


def wall(moment: datetime) -> datetime:
    return moment.astimezone(LONDON).replace(tzinfo=None)


def overlap(one: FreeTime | Span, other: FreeTime | Span) -> bool:
    return one.begins < other.ends and other.begins < one.ends


@settings(deadline=None, max_examples=200)
@given(situations())
def test_no_time_is_ever_outside_the_rules(asked):
    rules, now = asked["rules"], asked["now"]

    for one in free_times(**asked):
        begins, ends = wall(one.begins), wall(one.ends)
        midnight = datetime.combine(begins.date(), time(0))
        latest = midnight + (timedelta(hours=rules.latest.hour) or timedelta(days=1))
        assert now + rules.notice <= one.begins <= now + rules.ahead
        assert begins.weekday() in rules.weekdays
        assert begins.date() not in rules.closed_days
        assert not any(first <= begins.date() <= last for first, last in asked["away"])
        assert midnight + timedelta(hours=rules.earliest.hour) <= begins < ends <= latest
        assert ends - begins == one.ends - one.begins, "the clocks change during it"
        assert not any(overlap(one, span) for span in asked["taken"])
        assert why_not(one.begins, int((one.ends - one.begins).total_seconds() // 60), rules, now) is None


@settings(deadline=None, max_examples=200)
@given(situations())
def test_no_two_times_overlap_and_they_come_in_order(asked):
    times = free_times(**asked)

    assert all(one.ends <= following.begins for one, following in pairwise(times))


@settings(deadline=None)
@given(situations())
def test_nothing_free_is_left_out_but_what_overlaps_another_free_time(asked):
    times = free_times(**asked)

    for stretch in [*asked["hours"], *asked["extra"]]:
        weekly = isinstance(stretch, Hours)
        alone = {**asked, "hours": [stretch] if weekly else [], "extra": [] if weekly else [stretch]}
        assert all(any(overlap(one, other) for other in times) for one in free_times(**alone))


@settings(deadline=None, max_examples=200)
@given(situations(), st.data())
def test_another_taken_time_only_takes_away_except_in_the_place_of_what_went(asked, data):
    before = free_times(**asked)
    another = data.draw(spans_after(asked["now"]))
    after = free_times(**{**asked, "taken": [*asked["taken"], another]})

    went = [one for one in before if one not in after]
    came = [one for one in after if one not in before]
    assert all(overlap(one, another) or any(overlap(one, new) for new in came) for one in went)
    assert all(any(overlap(one, gone) for gone in went) for one in came)


@settings(deadline=None)
@given(situations(), st.data())
def test_hours_that_do_not_overlap_never_gain_by_a_taken_time(asked, data):
    asked["hours"], asked["extra"] = asked["hours"][:1], []
    before = free_times(**asked)
    another = data.draw(spans_after(asked["now"]))

    after = free_times(**{**asked, "taken": [*asked["taken"], another]})

    assert after == [one for one in before if not overlap(one, another)]


@settings(deadline=None)
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_leave_and_of_what_is_taken_does_not_matter(asked, chance):
    shuffled = {**asked, "taken": asked["taken"] * 2, "away": asked["away"] * 2}
    chance.shuffle(shuffled["taken"])
    chance.shuffle(shuffled["away"])

    assert free_times(**shuffled) == free_times(**asked)


@settings(deadline=None)
@given(situations(), st.integers(0, 14), st.integers(0, 14))
def test_narrowing_to_some_days_gives_the_times_of_those_days(asked, from_, to):
    first, last = (asked["within"][0] + timedelta(days=n) for n in (from_, to))
    everything = free_times(**{**asked, "within": None})

    narrowed = free_times(**{**asked, "within": (first, last)})

    assert narrowed == [one for one in everything if first <= wall(one.begins).date() <= last]


def found_from_utc(stretch: Hours | DayHours, rules: Rules, now: datetime, days: int) -> Iterator[tuple]:
    """The same answer found the other way round: ask of every fifth minute in UTC what the clock on the wall shows."""
    begins_at = stretch.begins.hour * 60 + stretch.begins.minute
    ends_at = stretch.ends.hour * 60 + stretch.ends.minute or 1440
    moment = datetime.combine(now.date(), time(0), tzinfo=UTC) - timedelta(days=1)
    for _ in range((days + 2) * 288):
        moment += FIVE
        there = moment.astimezone(LONDON)
        of_the_day = there.weekday() == stretch.weekday if isinstance(stretch, Hours) else there.date() == stretch.day
        since = there.hour * 60 + there.minute
        if not of_the_day or there.fold or since < begins_at or since + stretch.minutes > ends_at:
            continue
        if (since - begins_at) % (stretch.minutes + stretch.gap_minutes):
            continue
        ends = moment + timedelta(minutes=stretch.minutes)
        changes = ends.astimezone(LONDON).utcoffset() != there.utcoffset()
        if not changes and now + rules.notice <= moment <= now + rules.ahead:
            yield moment, ends


@settings(deadline=None, max_examples=60)
@given(days_around, st.booleans(), stretches_of_a_day(), st.integers(0, 6))
def test_asking_every_fifth_minute_of_utc_finds_the_same_times(start, weekly, stretch, offset):
    rules = Rules(**DAY_AND_NIGHT, notice=timedelta(hours=5), ahead=timedelta(days=8))
    now = datetime.combine(start, time(3), tzinfo=UTC)
    one = Hours(offset, *stretch) if weekly else DayHours(start + timedelta(days=offset), *stretch)

    found = free_times([one] if weekly else [], [] if weekly else [one], [], [], rules, now)

    assert [(time_.begins, time_.ends) for time_ in found] == list(found_from_utc(one, rules, now, 9))


def steps_of(taken_count: int, weeks: int, leave_count: int = 0) -> int:
    """How many lines of the module run for so many taken times, weeks, and entries of leave that hold most of them."""
    chance = random.Random(4)  # noqa: S311
    counted: Counter[str] = Counter()

    def trace(frame, event, argument):
        if frame.f_code.co_filename != module.__file__:
            return None
        counted[event] += 1
        return trace

    week = [hours("09:00", "17:00", 40, 10, weekday) for weekday in range(5)]
    begins = [NOW + chance.randrange(weeks * 7 * 288) * FIVE for _ in range(taken_count)]
    taken = [Span(at, at + FIVE) for at in begins]
    leave = [(MONDAY - timedelta(days=5000), MONDAY + timedelta(days=7 * weeks - 14))] * leave_count
    rules = Rules(ahead=timedelta(weeks=weeks))
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        free_times(week, [], leave, taken, rules, NOW)
    finally:
        sys.settrace(before)
    return counted["line"]


def test_the_work_grows_with_days_and_taken_times_and_not_with_their_product():
    plain, more_taken, longer, both = steps_of(500, 26), steps_of(2000, 26), steps_of(500, 104), steps_of(2000, 104)

    assert more_taken < 4 * plain
    assert longer < 4.5 * plain
    assert both < 4.5 * plain


def test_leave_entered_many_times_costs_no_more_than_once():
    assert steps_of(100, 26, leave_count=100) < 2 * steps_of(100, 26, leave_count=1)


# What cannot be given


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: hours("10:00", "09:00"), "later than the beginning"),
        (lambda: hours("10:00", "10:00"), "later than the beginning"),
        (lambda: hours("22:00", "02:00"), "on the same day"),
        (lambda: hours("09:01", "10:00"), "steps of five"),
        (lambda: day_hours(MONDAY, "09:00", "10:00:30"), "steps of five"),
        (lambda: hours("09:00", "10:00", 0), "5 minutes or more"),
        (lambda: hours("09:00", "10:00", -5), "5 minutes or more"),
        (lambda: day_hours(MONDAY, "09:00", "10:00", 7), "steps of five"),
        (lambda: hours("09:00", "10:00", 30, -5), "gap"),
        (lambda: hours("09:00", "10:00", 30, 3), "gap"),
        (lambda: hours("09:00", "10:00", weekday=7), "day of the week"),
        (lambda: span(MONDAY, "10:00", "10:00"), "later than the beginning"),
        (lambda: Span(NOW, NOW - FIVE), "later than the beginning"),
        (lambda: Span(NOW.replace(tzinfo=None), NOW), "zone"),
        (lambda: quanta(NOW, NOW), "later than the beginning"),
        (lambda: quanta(NOW, (NOW + FIVE).replace(tzinfo=None)), "zone"),
        (lambda: why_not(NOW, 0, Rules()), "at least a minute"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# Why a time is not a usual one

HOLIDAYS = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): ""}


@pytest.mark.parametrize(
    ("begins", "minutes", "words"),
    [
        ("2026-11-23T08:00", 40, None),
        ("2026-11-23T18:20", 40, None),
        ("2026-11-23T18:25", 40, "It would end at 7:05pm, and meetings usually end by 7pm."),
        ("2026-11-23T19:00", 5, "It would end at 7:05pm, and meetings usually end by 7pm."),
        ("2026-11-23T23:30", 60, "It would end at 12:30am, and meetings usually end by 7pm."),
        ("2026-11-23T09:00", 3000, "It would end at 11am, and meetings usually end by 7pm."),
        ("2026-11-23T07:55", 40, "7:55am is before 8am, the earliest usual time."),
        ("2026-11-23T00:00", 40, "midnight is before 8am, the earliest usual time."),
        ("2026-11-28T10:00", 40, "Saturday 28 November 2026 is at the weekend."),
        ("2026-11-29T07:00", 40, "Sunday 29 November 2026 is at the weekend."),
        ("2026-12-25T10:00", 40, "Friday 25 December 2026 is a bank holiday (Christmas Day)."),
        ("2026-12-28T10:00", 40, "Monday 28 December 2026 is a bank holiday."),
        ("2026-11-20T11:59", 40, "20 November 2026 at 11:59am has passed."),
        ("2026-11-21T09:00", 40, "Saturday 21 November 2026 is at the weekend."),
        ("2027-03-28T01:30", 40, "There is no 1:30am on 28 March 2027: the clocks go forward then."),
        ("2027-03-28T02:00", 40, "Sunday 28 March 2027 is at the weekend."),
        ("2028-02-29T10:00", 40, None),
    ],
)
def test_the_words_for_a_time_that_is_not_a_usual_one(begins, minutes, words):
    rules = Rules(closed_days=HOLIDAYS)

    assert why_not(datetime.fromisoformat(begins), minutes, rules, NOW) == words


def test_a_time_with_a_zone_is_read_where_it_is_in_london():
    assert why_not(datetime(2027, 7, 1, 18, 30, tzinfo=UTC), 30, Rules(), NOW) == (
        "It would end at 8pm, and meetings usually end by 7pm."
    )
    assert why_not(datetime(2027, 7, 1, 7, 0, tzinfo=UTC), 30, Rules(), NOW) is None


def test_other_rules_have_other_words():
    rules = Rules(weekdays=frozenset({0}), latest=time(0), earliest=time(0))

    assert why_not(datetime(2026, 11, 24, 10, tzinfo=UTC), 30, rules) == (
        "Tuesday 24 November 2026 is not one of the usual days."
    )
    assert why_not(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), 30, rules) is None
    assert why_not(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), 35, rules) == (
        "It would end at 12:05am, and meetings usually end by midnight."
    )


def test_a_bank_holiday_without_a_known_name_is_one_all_the_same():
    rules = Rules(closed_days=working_days.bank_holidays())

    assert why_not(on(date(2026, 12, 25), "10:00"), 40, rules) == "Friday 25 December 2026 is a bank holiday."


def test_only_what_no_reason_mends_can_never_be():
    assert why_never(datetime(2026, 11, 28, 22), NOW) is None  # noqa: DTZ001  a Saturday night, by the clock on the wall
    assert why_never(datetime(2027, 3, 28, 1, 30)) is not None  # noqa: DTZ001
    assert why_never(datetime(2027, 3, 28, 1, 30, tzinfo=LONDON)) is not None
    assert why_never(datetime(2027, 10, 31, 1, 30, tzinfo=LONDON)) is None
    assert why_never(NOW, NOW) is None
    assert why_never(NOW - FIVE, NOW) is not None
    assert why_never(NOW - FIVE) is None


# Units of time


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, 0, 40, tzinfo=UTC), range(8)),
        (datetime(1970, 1, 1, 0, 4, tzinfo=UTC), datetime(1970, 1, 1, 0, 6, tzinfo=UTC), range(2)),
        (datetime(1970, 1, 1, 0, 5, tzinfo=UTC), datetime(1970, 1, 1, 0, 5, 0, 1, tzinfo=UTC), range(1, 2)),
        (datetime(1969, 12, 31, 23, 59, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), range(-1, 0)),
        (datetime(1970, 7, 1, 1, tzinfo=LONDON), datetime(1970, 7, 1, 0, 5, tzinfo=UTC), range(52128, 52129)),
    ],
)
def test_a_meeting_occupies_every_unit_it_touches(begins, ends, expected):
    assert quanta(begins, ends) == expected


def test_units_of_another_length():
    assert quanta(datetime(1970, 1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, 2, tzinfo=UTC), 15) == range(4, 8)
    assert moment_of(4, 15) == datetime(1970, 1, 1, 1, tzinfo=UTC)


@given(st.integers(0, 500), st.integers(1, 30), st.integers(0, 500), st.integers(1, 30))
def test_two_meetings_share_a_unit_only_when_they_overlap(begins, length, other_begins, other_length):
    one = Span(NOW + begins * FIVE, NOW + (begins + length) * FIVE)
    other = Span(NOW + other_begins * FIVE, NOW + (other_begins + other_length) * FIVE)

    shared = set(quanta(one.begins, one.ends)) & set(quanta(other.begins, other.ends))

    assert bool(shared) is overlap(one, other)


@given(st.integers(-(10**6), 10**7))
def test_a_unit_begins_where_it_is_counted(quantum):
    begins = moment_of(quantum)

    assert quanta(begins, begins + FIVE) == range(quantum, quantum + 1)


@settings(deadline=None)
@given(situations())
def test_no_two_free_times_share_a_unit(asked):
    units = [unit for one in free_times(**asked) for unit in quanta(one.begins, one.ends)]

    assert len(units) == len(set(units))
