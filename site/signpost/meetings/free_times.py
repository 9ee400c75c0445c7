"""When a counsellor is free, from the hours they keep (A10, A25). Pure: values in, values out.

Moments are aware and UTC. Days, weekdays and hours are those of London, whatever the clocks do: hours from 9am are
from 9am by the clock on the wall in summer and in winter. `time(0)` as an end means midnight at the end of the day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from signpost import clock, formatting

STEP_MINUTES: Final = 5
MIDNIGHT: Final = time(0)

_DAY: Final = timedelta(days=1)
_1970: Final = datetime(1970, 1, 1, tzinfo=UTC)

# One time that hours offer: from (since midnight by the clock on the wall), which hours come first, to, mode, venue.
_Offer = tuple[timedelta, int, timedelta, str, str]


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of every week in which a counsellor sees trainees, one meeting after another.

    `weekday` is 0 (Monday) to 6, `venue` a public id or empty; lengths and gaps are in minutes. Everything is in steps of
    five minutes, so that two times side by side share no unit of `quanta`. Raises ValueError with a sentence for the person
    who typed it.
    """

    weekday: int
    begins: time
    ends: time
    mode: str
    venue: str
    minutes: int
    gap_minutes: int

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError("Choose a day of the week.")
        _check(self)


@dataclass(frozen=True, slots=True)
class DayHours:
    """A stretch of one day alone, beside those of the week. Otherwise as `Hours`."""

    day: date
    begins: time
    ends: time
    mode: str
    venue: str
    minutes: int
    gap_minutes: int

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, slots=True)
class Span:
    """A time that is taken: a meeting, one being held, or a time of somebody's own. Its end is not part of it.

    Raises ValueError where a moment has no zone, or where it does not end after it begins.
    """

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        _check_moments(self.begins, self.ends)


@dataclass(frozen=True, slots=True)
class FreeTime:
    begins: datetime
    ends: datetime
    mode: str
    venue: str


@dataclass(frozen=True)
class Rules:
    """What every free time keeps to. The defaults are those of careers meetings (A25).

    `weekdays` are 0 (Monday) to 6. `closed_days` are bank holidays and the like; where they map to names, `why_not` says
    the name.
    """

    earliest: time = time(8)
    latest: time = time(19)
    weekdays: frozenset[int] = frozenset(range(5))
    notice: timedelta = timedelta(hours=24)
    ahead: timedelta = timedelta(weeks=8)
    closed_days: Collection[date] = frozenset()


def free_times(
    hours: Iterable[Hours],
    extra: Iterable[DayHours],
    away: Iterable[tuple[date, date]],
    taken: Iterable[Span],
    rules: Rules,
    now: datetime,
    within: tuple[date, date] | None = None,
) -> list[FreeTime]:
    """The times at which one person can be met, in order; no two overlap (A10, A25).

    - Each begins `rules.notice` after now at the earliest and `rules.ahead` after now at the latest, on a weekday of the
      rules that is neither closed nor in a stretch of `away` (first and last day, both included), and lies between
      `rules.earliest` and `rules.latest`; it may end at the latest exactly. `within` narrows the search to these days.
    - Times follow each other from the beginning of their hours, whether or not one is taken: the same times on the clock in
      each week. A time during which the clocks change is not offered, nor is one that begins or ends when there is no such
      time on the clock; in the hour that comes twice it is the first that is offered.
    - A time that overlaps something taken is not free. Taken times are not widened: the gap is between the times of the
      same hours only.
    - Where hours overlap, the time that begins first is offered; of two that begin together the one of a day's own hours,
      then that of the hours given first. To see the times of one mode or venue, give only its hours.

    Another taken time takes free times away. It adds one only where hours overlap, and then only in the place of one that
    went. Work grows with days × hours and with the taken times (sorted once), not with their product.
    """
    soonest, furthest = now + rules.notice, now + rules.ahead
    first, last = clock.to_london(soonest).date(), clock.to_london(furthest).date()
    if within:
        first, last = max(first, within[0]), min(last, within[1])
    absent = _days_away(away, first, last)
    days = (
        day
        for day in _days(first, last)
        if day.weekday() in rules.weekdays and day not in rules.closed_days and day not in absent
    )
    busy = _merged(span for span in taken if span.ends > soonest and span.begins < furthest + _DAY)
    passed = 0
    reached = soonest
    found = []
    for time_ in _offered(days, hours, extra, rules):
        if time_.begins < reached or time_.begins > furthest:
            continue
        while passed < len(busy) and busy[passed].ends <= time_.begins:
            passed += 1
        if passed < len(busy) and busy[passed].begins < time_.ends:
            continue
        found.append(time_)
        reached = time_.ends
    return found


def _offered(
    days: Iterable[date], hours: Iterable[Hours], extra: Iterable[DayHours], rules: Rules
) -> Iterator[FreeTime]:
    """What the hours offer on these days, by their beginning, taken or not; the hours of one day alone come first."""
    special: dict[date, list[_Offer]] = {}
    weekly: list[list[_Offer]] = [[] for _ in range(7)]
    stretches: list[Hours | DayHours] = [*extra, *hours]
    for order, stretch in enumerate(stretches):
        offers = special.setdefault(stretch.day, []) if isinstance(stretch, DayHours) else weekly[stretch.weekday]
        offers.extend(_offers(stretch, order, rules))
    for offers in weekly:
        offers.sort()

    for day in days:
        offers = weekly[day.weekday()]
        if day in special:
            offers = sorted(special[day] + offers)
        if offers:
            yield from _on(day, offers)


def _offers(stretch: Hours | DayHours, order: int, rules: Rules) -> Iterator[_Offer]:
    """The times of one stretch within the hours of the rules, one after another from its beginning."""
    length = timedelta(minutes=stretch.minutes)
    step = length + timedelta(minutes=stretch.gap_minutes)
    begins, last = _since_midnight(stretch.begins), _until(stretch.ends)
    earliest, latest = _since_midnight(rules.earliest), _until(rules.latest)
    while begins + length <= min(last, latest):
        if begins >= earliest:
            yield begins, order, begins + length, stretch.mode, stretch.venue
        begins += step


def _on(day: date, offers: list[_Offer]) -> Iterator[FreeTime]:
    """These offers on a day, as moments; on the two days a year when the clocks change, those that the change leaves whole."""
    midnight = clock.start_of(day)
    if clock.start_of(day + _DAY) - midnight == _DAY:
        for begins, _, ends, mode, venue in offers:
            yield FreeTime(midnight + begins, midnight + ends, mode, venue)
        return
    for begins, _, ends, mode, venue in offers:
        from_, to = _moment(day, begins), _moment(day, ends)
        if from_ and to and to - from_ == ends - begins:
            yield FreeTime(from_, to, mode, venue)


def _moment(day: date, since_midnight: timedelta) -> datetime | None:
    """When it is so late by the clock on the wall: the first time if that comes twice, None if never."""
    wall = datetime.combine(day, MIDNIGHT) + since_midnight
    moment = wall.replace(tzinfo=clock.LONDON).astimezone(UTC)
    return moment if _wall(moment) == wall else None


def _wall(moment: datetime) -> datetime:
    """What the clock on the wall shows, without a zone."""
    return moment.astimezone(clock.LONDON).replace(tzinfo=None)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _until(at: time) -> timedelta:
    return _since_midnight(at) or _DAY


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _days_away(away: Iterable[tuple[date, date]], first: date, last: date) -> set[date]:
    """The days of leave between first and last. A day in several stretches of it is looked at once."""
    absent: set[date] = set()
    reached = first
    for begins, ends in sorted(away):
        absent.update(_days(max(begins, reached), min(ends, last)))
        reached = max(reached, ends)
    return absent


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that do not touch each other, in order."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.begins):
        if merged and span.begins <= merged[-1].ends:
            if span.ends > merged[-1].ends:
                merged[-1] = Span(merged[-1].begins, span.ends)
        else:
            merged.append(span)
    return merged


def why_never(begins: datetime, now: datetime | None = None) -> str | None:
    """Words why nobody can meet then at all, or None: the clocks go forward over it, or it has passed.

    `begins` without a zone is the clock on the wall in London, as somebody typed it. Without `now` the past is not asked.
    """
    there = _in_london(begins)
    if _wall(there.astimezone(UTC)) != there.replace(tzinfo=None):
        return (
            f"There is no {formatting.clock_time(there)} on {formatting.day(there.date())}: the clocks go forward then."
        )
    if now and there.astimezone(UTC) < now:
        return f"{formatting.moment(there)} has passed."
    return None


def why_not(begins: datetime, minutes: int, rules: Rules, now: datetime | None = None) -> str | None:
    """Words why a meeting of so many minutes is not at a usual time (A25), or None where it is.

    First what `why_never` says, which no reason mends; then a weekend, a closed day, too early, too late: a counsellor may
    agree to those with a reason. Notice, and how far ahead, are not asked: two people who agree may meet when they like.
    `begins` and `now` as for `why_never`. Raises ValueError where minutes are not more than 0.
    """
    if minutes <= 0:
        raise ValueError("A meeting takes at least a minute.")
    if words := why_never(begins, now):
        return words
    there = _in_london(begins)
    day = there.date()
    ends = there.astimezone(UTC) + timedelta(minutes=minutes)
    if day.weekday() not in rules.weekdays:
        return (
            f"{formatting.weekday(day)} is {'at the weekend' if day.weekday() >= 5 else 'not one of the usual days'}."
        )
    if day in rules.closed_days:
        return f"{formatting.weekday(day)} is a bank holiday{_name_of(day, rules.closed_days)}."
    if there.time() < rules.earliest:
        return f"{formatting.clock_time(there)} is before {_at(day, rules.earliest)}, the earliest usual time."
    latest = datetime.combine(day, MIDNIGHT) + _until(rules.latest)
    if ends > latest.replace(tzinfo=clock.LONDON).astimezone(UTC):
        return f"It would end at {formatting.clock_time(ends)}, and meetings usually end by {_at(day, rules.latest)}."
    return None


def _in_london(moment: datetime) -> datetime:
    return moment.astimezone(clock.LONDON) if moment.tzinfo else moment.replace(tzinfo=clock.LONDON)


def _at(day: date, at: time) -> str:
    return formatting.clock_time(datetime.combine(day, at, tzinfo=clock.LONDON))


def _name_of(day: date, closed_days: Collection[date]) -> str:
    name = closed_days.get(day) if isinstance(closed_days, Mapping) else ""
    return f" ({name})" if name else ""


def quanta(begins: datetime, ends: datetime, minutes: int = STEP_MINUTES) -> range:
    """The units of time that a meeting occupies, counted since 1970 in UTC: `minutes` each, 5 unless told.

    A unique key on person and unit lets the database refuse a second meeting in any part of the first. A unit that is
    touched counts whole; one that begins at the end does not. Raises ValueError as `Span` does.
    """
    _check_moments(begins, ends)
    unit = timedelta(minutes=minutes)
    return range((begins - _1970) // unit, -((_1970 - ends) // unit))


def moment_of(quantum: int, minutes: int = STEP_MINUTES) -> datetime:
    """When a unit of time of `quanta` begins, aware, UTC."""
    return _1970 + quantum * timedelta(minutes=minutes)


def _check(stretch: Hours | DayHours) -> None:
    if any(at.minute % STEP_MINUTES or at.second or at.microsecond for at in (stretch.begins, stretch.ends)):
        raise ValueError("Give times in steps of five minutes, like 9:05am.")
    if _until(stretch.ends) <= _since_midnight(stretch.begins):
        raise ValueError("The end must be later than the beginning, on the same day.")
    if stretch.minutes < STEP_MINUTES or stretch.minutes % STEP_MINUTES:
        raise ValueError("A meeting takes 5 minutes or more, in steps of five.")
    if stretch.gap_minutes < 0 or stretch.gap_minutes % STEP_MINUTES:
        raise ValueError("The gap between meetings is none, or minutes in steps of five.")


def _check_moments(begins: datetime, ends: datetime) -> None:
    if begins.tzinfo is None or ends.tzinfo is None:
        raise ValueError("A moment needs a zone.")
    if ends <= begins:
        raise ValueError("The end must be later than the beginning.")
