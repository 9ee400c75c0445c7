"""A counsellor's hours: when, how and where trainees may book."""

from datetime import date, time

from models import Hours, Mode, User, Venue, db
from signpost.changes import change
from signpost.events import record

CHANGED = "This was changed in another window, or by an administrator, while you were looking at it. Look at it again."


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
    """Offer a stretch of every week, or of one day. The same once more is the same one."""
    offered = {
        "counsellor": counsellor,
        "weekday": weekday,
        "day": day,
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "minutes": minutes,
        "gap_minutes": gap_minutes,
        "mode": mode,
        "venue": venue,
    }
    with db.atomic():
        row = Hours.get_or_none(**offered)
        if row is None:
            row = Hours.create(**offered)
            record("hours.changed", by=counsellor, user=counsellor)
    return row


def reach(counsellor: User, notice_hours: int | None, ahead_weeks: int | None, expected_version: int) -> None:
    """Say at how short notice, and how far ahead, one can be booked; None for what the organisation has set."""
    with db.atomic():
        said = {"booking_notice_hours": notice_hours, "booking_ahead_weeks": ahead_weeks}
        change(counsellor, expected_version, CHANGED, **said)
        record("hours.changed", by=counsellor, user=counsellor)


def delete(row: Hours, by: User) -> None:
    """Offer a stretch no longer. What was booked in it stays."""
    with db.atomic():
        if Hours.delete().where(Hours.id == row.id).execute():
            record("hours.changed", by=by, user=by)
