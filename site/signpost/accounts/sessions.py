"""Signed-in browsers: rows that end by themselves, by signing out, or from anywhere else. The cookie holds a token only."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN, Expression, ModelSelect

from models import CareersSession, Role, RoleHeld, User, WebSession
from signpost import clock
from signpost.accounts.links import hash_of
from signpost.config import running
from signpost.prepared import Prepared, as_read, hole

TOKEN_BYTES = 32
WRITTEN_AT_MOST_EVERY = timedelta(minutes=1)
KEPT_AFTER_END = timedelta(days=30)
# An open careers session counts as activity until a while after its planned end: people talk, and do not type.
TALKING_AFTER_PLANNED_END = timedelta(minutes=15)
LONGEST_CAREERS_SESSION = timedelta(minutes=240)


def begin(user: User) -> str:
    """Begin a session and give its token, which is not kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    WebSession.create(token_hash=hash_of(token), user=user, created_at=now, last_seen_at=now)
    return token


def find_open(token: str) -> WebSession | None:
    """The session of a token with its person, unless it ended, stood idle or grew too old, or the account is disabled."""
    seen, begun = _open_since()
    query = WebSession.select(WebSession, User).join(User)
    is_open = _is_open(begun, begun) & User.disabled_at.is_null()
    found = query.where((WebSession.token_hash == hash_of(token)) & is_open).get_or_none()
    return found if found and (found.last_seen_at > seen or found.user_id in _talking_since(seen)) else None


def who_is_there(token: str) -> tuple[WebSession, frozenset[Role]] | None:
    """The same with the roles held now: the one statement with which every page begins."""
    token_hash, (seen, begun) = hash_of(token), _open_since()
    rows = _open_with_roles.rows(token_hash=token_hash, begun=begun)
    if not rows:
        return None
    session_id, last_seen_at, *columns, _ = rows[0]
    user = as_read(User, User._meta.sorted_field_names, columns)
    if last_seen_at <= seen and user.id not in _talking_since(seen):
        return None
    session = as_read(WebSession, ("id", "last_seen_at", "token_hash"), (session_id, last_seen_at, token_hash))
    session.user = user
    return session, frozenset(Role(role) for *_, role in rows if role)


@Prepared
def _open_with_roles() -> ModelSelect:
    begun = hole("begun", WebSession.created_at)
    is_open = WebSession.ended_at.is_null() & (WebSession.created_at > begun)
    return (
        WebSession.select(WebSession.id, WebSession.last_seen_at, *User._meta.sorted_fields, RoleHeld.role)
        .join(User)
        .join(RoleHeld, JOIN.LEFT_OUTER)
        .where((WebSession.token_hash == hole("token_hash")) & is_open & User.disabled_at.is_null())
    )


def owner(token: str) -> User | None:
    """Whose session this is or was."""
    found = WebSession.select(WebSession, User).join(User).where(WebSession.token_hash == hash_of(token)).get_or_none()
    return found.user if found else None


def touch(session: WebSession) -> None:
    """Note that the person is there, at most once a minute: most requests write nothing."""
    now = clock.now()
    if abs(now - session.last_seen_at) >= WRITTEN_AT_MOST_EVERY:
        WebSession.update(last_seen_at=now).where(WebSession.id == session.id).execute()


def open_sessions(user: User) -> list[WebSession]:
    """Where this person is signed in now, the latest seen first."""
    query = WebSession.select().where((WebSession.user == user) & _is_open(*_open_since()))
    return list(query.order_by(WebSession.last_seen_at.desc(), WebSession.id.desc()))


def is_of(session: WebSession, token: str) -> bool:
    return bool(session.token_hash == hash_of(token))


def end(token: str) -> bool:
    """End one session. False where it had ended already."""
    ended = (
        WebSession.update(ended_at=clock.now())
        .where((WebSession.token_hash == hash_of(token)) & WebSession.ended_at.is_null())
        .execute()
    )
    return bool(ended)


def end_all(user: User, but: WebSession | None = None) -> int:
    """End every session of a person, but perhaps one. Gives how many were ended."""
    query = WebSession.update(ended_at=clock.now()).where((WebSession.user == user) & WebSession.ended_at.is_null())
    if but is not None:
        query = query.where(WebSession.id != but.id)
    return int(query.execute())


def end_expired(at: datetime) -> int:
    """End the sessions that stood idle or grew too old, so that a clock set back opens none of them again.

    One that was last seen long after this moment is of before the clock was set back, and nobody has used it since.
    """
    idle, absolute = running().session_idle, running().session_absolute
    talking = _talking_since(at - idle)
    over = (
        ((WebSession.last_seen_at <= at - idle) & WebSession.user.not_in(talking))
        | (WebSession.created_at <= at - absolute)
        | (WebSession.last_seen_at > at + idle)
    )
    return int(WebSession.update(ended_at=at).where(WebSession.ended_at.is_null() & over).execute())


def delete_long_ended(at: datetime) -> int:
    """Delete sessions that ended, or could no longer be used, 30 days before. Gives how many."""
    before = at - KEPT_AFTER_END
    unusable = (WebSession.created_at < before - running().session_absolute) | (
        WebSession.last_seen_at < before - running().session_idle
    )
    return int(WebSession.delete().where((WebSession.ended_at < before) | unusable).execute())


def _open_since() -> tuple[datetime, datetime]:
    """After which moments a session that is open now was last seen, and begun."""
    now = clock.now()
    return now - running().session_idle, now - running().session_absolute


def _talking_since(moment: datetime) -> list[int]:
    """Ids of those who, after this moment, were in a careers session that nobody finished."""
    recent = CareersSession.begun_at > moment - LONGEST_CAREERS_SESSION - TALKING_AFTER_PLANNED_END
    query = CareersSession.select().where(CareersSession.finished_at.is_null() & recent)
    return [
        one.counsellor_id
        for one in query
        if one.begun_at + timedelta(minutes=one.minutes) + TALKING_AFTER_PLANNED_END > moment
    ]


def _is_open(seen_after: Any, begun_after: Any) -> Expression:
    return (
        WebSession.ended_at.is_null() & (WebSession.last_seen_at > seen_after) & (WebSession.created_at > begun_after)
    )
