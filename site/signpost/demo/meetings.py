"""The demonstration's meetings: counsellors' hours, first sessions booked and held, and a group that looks for a time."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from models import Mode, PollPerson, PollTime, Referral, Reply, User, Venue
from signpost import clock, working_days
from signpost.errors import RuleBroken
from signpost.meetings import booking, hours, polls

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
    working_days_later: int, mode: Mode = Mode.FACE_TO_FACE, from_today: bool = False
) -> Callable[[Cast, Referral], None]:
    """The trainee rings, and a meeting is noted, so many working days later: the first one in person."""
    today = clock.today()

    def book(cast: Cast, referral: Referral) -> None:
        day = working_days.after(today if from_today else clock.today(), working_days_later)
        arrange(referral, day, mode)

    return book


def arrange(referral: Referral, day: date, mode: Mode) -> None:
    """At the first hour of that day at which person and room are free."""
    venue = Venue.select().order_by(Venue.name).first() if mode == Mode.FACE_TO_FACE else None
    for hour in HOURS_OF_DAY:
        begins = datetime.combine(day, time(hour), tzinfo=clock.LONDON)
        try:
            booking.arrange(referral, booking.Wanted(begins, begins + SESSION, mode, venue), "", referral.assigned_to)
        except RuleBroken:
            continue
        return


def look_for_a_time(cast: Cast) -> None:
    """The progression team asks four who are needed and a university; some have answered."""
    organiser = cast["progression"]
    days = working_days.coming(clock.today() + timedelta(days=6), 3)
    begins = [
        datetime.combine(day, time(hour), tzinfo=clock.LONDON) for day, hour in zip(days, (10, 14, 11), strict=True)
    ]
    asked = [
        polls.Asked(cast[key].name, cast[key].email, is_required=key != "university")
        for key in ("tpd", "scientist", "officer", "university")
    ]
    reply_by = working_days.after(clock.today(), 4)
    with clock.at(clock.now() - timedelta(minutes=50)):
        poll = polls.ask(organiser, "Support meeting", 60, begins, asked, reply_by, shows_others=False)
    times = list(PollTime.select().where(PollTime.poll == poll).order_by(PollTime.begins_at))
    for key, replies in (
        ("tpd", (Reply.YES, Reply.IF_NEED_BE, Reply.YES)),
        ("officer", (Reply.NO, Reply.YES, Reply.YES)),
    ):
        person = PollPerson.get((PollPerson.poll == poll) & (PollPerson.user == cast[key]))
        said = {time_.public_id: reply for time_, reply in zip(times, replies, strict=True)}
        polls.answer(person, said, "", cast[key])
