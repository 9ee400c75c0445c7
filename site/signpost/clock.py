"""The time, in one place: moments are aware UTC, days are days in London.

`set_to` makes the process believe it is another moment, from which time runs on. Only demonstrations, tests and
`run-due --at` use it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# What is reckoned from a moment must itself be one, some years before and after.
FIRST_YEAR, LAST_YEAR = 1971, 2199

_offset = timedelta(0)


def now() -> datetime:
    """This moment, aware, UTC."""
    return datetime.now(UTC) + _offset


def today() -> date:
    """Today's date in London."""
    return to_london(now()).date()


def to_london(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def start_of(day: date) -> datetime:
    """The first moment of a London day, aware, UTC."""
    return datetime.combine(day, time(0), tzinfo=LONDON).astimezone(UTC)


def parse(text: str) -> datetime:
    """Read an ISO moment, London time where it names no zone. Raises ValueError with a plain sentence."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a moment. Write it like 2027-05-22T09:00.") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"'{text}' is not in the years {FIRST_YEAR} to {LAST_YEAR}.")
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def set_to(moment: datetime | None) -> None:
    """Believe that it is this moment now; None goes back to the real time."""
    global _offset
    _offset = moment - datetime.now(UTC) if moment else timedelta(0)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Believe that it is this moment, for the length of a block."""
    global _offset
    before = _offset
    set_to(moment)
    try:
        yield
    finally:
        _offset = before
