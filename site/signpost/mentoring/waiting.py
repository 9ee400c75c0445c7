"""Waiting for a mentor: one's place on the list, and what can honestly be expected (D4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peewee import fn

from models import Mentorship, Returner, ReturnerState, db
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.events import record
from signpost.formatting import day, plural
from signpost.mentoring import queries


@dataclass(frozen=True)
class Expectation:
    """Where somebody stands among those who wait, and when seats with trained mentors are or come free."""

    place: int
    of: int
    free_now: int
    next_free_on: date | None

    @property
    def words(self) -> str:
        """For the one who waits. It promises nothing: who suits whom decides, and not the place alone."""
        here = (
            f"You are number {self.place} of {self.of} on the list."
            if self.of > 1
            else "You are the only one who waits."
        )
        if self.free_now:
            seats = f"{plural(self.free_now, 'place')} with mentors {'is' if self.free_now == 1 else 'are'} free now."
            return f"{here} {seats} We match by what suits people, so we cannot say who is next."
        if self.next_free_on:
            return f"{here} The next place with a mentor is likely to come free about {day(self.next_free_on)}, or earlier."
        return f"{here} We cannot say yet when a place with a mentor comes free. We are looking for more mentors."


def free_seats(on: date) -> int:
    """How many more the trained mentors take on this day."""
    mentors = list(queries.trained_mentors(on))
    loads = queries.loads(mentors)
    return sum(max(0, one.capacity - loads.get(one.id, 0)) for one in mentors)


def next_seat_on() -> date | None:
    """The first day on which a mentorship of an active mentor ends by itself."""
    active = [one.id for one in queries.active_mentors()]
    found: date | None = (
        Mentorship.select(fn.MIN(Mentorship.ends_on))
        .where(Mentorship.mentor.in_(active) & Mentorship.ended_at.is_null())
        .scalar()
    )
    return found


def expectation(returner: Returner) -> Expectation:
    """How it stands for one of those who wait."""
    free = free_seats(clock.today())
    before = (Returner.interested_at < returner.interested_at) | (
        (Returner.interested_at == returner.interested_at) & (Returner.id < returner.id)
    )
    return Expectation(
        place=queries.waiting().where(before).count() + 1,
        of=queries.waiting().count(),
        free_now=free,
        next_free_on=None if free else next_seat_on(),
    )


def tell(at: datetime) -> int:
    """Tell those who wait that they do, once: after some days, or the same day where no mentor is free."""
    days = settings.current().mentor_waiting_days
    untold = Returner.told_waiting_at.is_null() & (Returner.state == ReturnerState.INTERESTED)
    asked_before = at - timedelta(days=days) if free_seats(clock.to_london(at).date()) else at
    rows = list(queries.waiting().where(untold & (Returner.interested_at <= asked_before)))
    by, done = people.system_user(), 0
    for row in rows:
        with db.atomic():
            if Returner.update(told_waiting_at=at).where((Returner.id == row.id) & untold).execute():
                record("returner.waits", by=by, concerning=row, enclosed=expectation(row).words)
                done += 1
    return done
