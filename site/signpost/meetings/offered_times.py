"""The times that an organiser can propose to a group, and at which of them organiser or chair has another meeting."""

from datetime import date, datetime, time, timedelta

from models import User
from signpost import clock, working_days
from signpost.meetings import queries

DAYS_OFFERED = 10
FIRST_HOUR, LAST_HOUR = 9, 16
LONGEST = 480


def offered(
    organiser: User, chair: User | None, minutes: int, days: int = DAYS_OFFERED
) -> list[tuple[date, list[tuple[datetime, list[str]]]]]:
    """Whole hours of the coming working days, each with who of organiser and chair has another meeting then."""
    found = working_days.coming(clock.today() + timedelta(days=1), days)
    since, until = clock.start_of(found[0]), clock.start_of(found[-1] + timedelta(days=1))
    busy = {one.name: queries.engaged_spans(one, since, until) for one in (organiser, chair) if one is not None}
    length = timedelta(minutes=min(max(minutes, 10), LONGEST))

    def engaged(at: datetime) -> list[str]:
        return [who for who, spans in busy.items() if any(one.begins < at + length and one.ends > at for one in spans)]

    return [(day, [(at, engaged(at)) for at in _hours_of(day)]) for day in found]


def _hours_of(day: date) -> list[datetime]:
    return [datetime.combine(day, time(hour), tzinfo=clock.LONDON) for hour in range(FIRST_HOUR, LAST_HOUR + 1)]
