"""The demonstration's meetings: counsellors' hours, and first sessions booked and held."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from models import Mode, Referral, User, Venue
from signpost import clock, working_days
from signpost.errors import RuleBroken
from signpost.meetings import booking, hours

Cast = dict[str, User]

HOURS_OF_DAY = range(9, 17)
SESSION = timedelta(minutes=60)


def offer_hours(cast: Cast) -> None:
    """When trainees can book the counsellors: two in person, and by telephone and Teams besides."""
    at = {venue.name: venue for venue in Venue.select()}
    for key, weekday, begins, ends, mode, venue in (
        ("counsellor", 0, 9, 12, Mode.FACE_TO_FACE, at["HEKSS"]),
        ("counsellor", 2, 13, 17, Mode.FACE_TO_FACE, at["Guy’s Hospital"]),
        ("counsellor", 3, 16, 19, Mode.TELEPHONE, None),
        ("counsellor", 4, 9, 12, Mode.TEAMS, None),
        ("counsellor2", 1, 9, 13, Mode.FACE_TO_FACE, at["Brighton"]),
        ("counsellor2", 4, 13, 16, Mode.TELEPHONE, None),
        ("g.achebe", 3, 9, 13, Mode.FACE_TO_FACE, at["St George’s Hospital Tooting"]),
    ):
        hours.add(
            cast[key],
            weekday=weekday,
            day=None,
            begins=time(begins),
            ends=time(ends),
            minutes=60,
            gap_minutes=15,
            mode=mode,
            venue=venue,
        )


def books(
    working_days_later: int, mode: Mode = Mode.FACE_TO_FACE, from_today: bool = False, at: str = ""
) -> Callable[[Cast, Referral], None]:
    """The trainee rings, and a meeting is noted, so many working days later, at this time where it is free."""
    today = clock.today()

    def book(cast: Cast, referral: Referral) -> None:
        day = working_days.after(today if from_today else clock.today(), working_days_later)
        arrange(referral, day, mode, at)

    return book


def arrange(referral: Referral, day: date, mode: Mode, at: str = "") -> None:
    """At this time, or else at the first hour of that day at which person and room are free."""
    venue = Venue.select().order_by(Venue.name).first() if mode == Mode.FACE_TO_FACE else None
    first = [time.fromisoformat(at)] if at else []
    for hour in [*first, *(time(hour) for hour in HOURS_OF_DAY)]:
        begins = datetime.combine(day, hour, tzinfo=clock.LONDON)
        try:
            booking.arrange(referral, booking.Wanted(begins, begins + SESSION, mode, venue), "", referral.assigned_to)
        except RuleBroken:
            continue
        return
