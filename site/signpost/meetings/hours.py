"""A counsellor's hours: when, how and where trainees may book."""

from datetime import date, time

from models import Hours, Mode, User, Venue, db
from signpost.events import record


def of(counsellor: User) -> list[Hours]:
    return list(Hours.select().where(Hours.counsellor == counsellor).order_by(Hours.day, Hours.weekday, Hours.begins))


def add(
    counsellor: User,
    *,
    weekday: int,
    day: date | None,
    begins: time,
    ends: time,
    minutes: int,
    gap_minutes: int,
    mode: Mode,
    venue: Venue | None,
) -> Hours:
    """Offer a stretch of every week, or of one day."""
    with db.atomic():
        row = Hours.create(
            counsellor=counsellor,
            weekday=weekday,
            day=day,
            begins=f"{begins:%H:%M}",
            ends=f"{ends:%H:%M}",
            minutes=minutes,
            gap_minutes=gap_minutes,
            mode=mode,
            venue=venue,
        )
        record("hours.changed", by=counsellor, user=counsellor)
    return row


def delete(row: Hours, by: User) -> None:
    """Offer a stretch no longer. What was booked in it stays."""
    with db.atomic():
        Hours.delete().where(Hours.id == row.id).execute()
        record("hours.changed", by=by, user=by)
