"""A person's private calendar address: their meetings, without a word of what they are about."""

import secrets
from datetime import timedelta

from models import CalendarFeed, Meeting, User, db
from signpost import clock, settings
from signpost.accounts.links import TOKEN_BYTES, hash_of
from signpost.config import running
from signpost.events import record
from signpost.meetings import queries
from signpost.meetings.invitations import described

REACH_BACK = timedelta(days=60)


def of(user: User) -> CalendarFeed | None:
    return CalendarFeed.get_or_none((CalendarFeed.user == user) & CalendarFeed.withdrawn_at.is_null())


def make(user: User) -> str:
    """A new address, shown once; the one before stops working."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with db.atomic():
        _withdraw(user)
        CalendarFeed.create(token_hash=hash_of(token), user=user, made_at=clock.now())
        record("feed.changed", by=user, user=user)
    return f"{running().public_url}/meetings/feed/{token}.ics"


def withdraw(user: User) -> None:
    with db.atomic():
        _withdraw(user)
        record("feed.changed", by=user, user=user)


def _withdraw(user: User) -> None:
    mine = (CalendarFeed.user == user) & CalendarFeed.withdrawn_at.is_null()
    CalendarFeed.update(withdrawn_at=clock.now()).where(mine).execute()


def owner(token: str) -> User | None:
    """Whose feed this is, while it works."""
    found = CalendarFeed.get_or_none((CalendarFeed.token_hash == hash_of(token)) & CalendarFeed.withdrawn_at.is_null())
    return None if found is None or found.user.is_disabled else found.user


def written(user: User) -> str:
    since = clock.now() - REACH_BACK
    meetings = queries.visible_to(user).where(Meeting.begins_at > since).order_by(Meeting.begins_at)
    from signpost.meetings import calendar_files  # slow to load, and no page needs it

    return calendar_files.feed(
        [described(meeting, "REQUEST" if meeting.is_booked else "CANCEL") for meeting in meetings],
        settings.current().organisation_name,
    )
