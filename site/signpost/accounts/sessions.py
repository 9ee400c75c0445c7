"""Signed-in browsers: rows that end by themselves, by signing out, or from anywhere else. The cookie holds a token only."""

import hashlib
import secrets
from datetime import datetime, timedelta

from peewee import JOIN, Expression

from models import Role, RoleHeld, User, WebSession
from signpost import clock
from signpost.config import running
from signpost.prepared import Prepared, hole

TOKEN_BYTES = 32
WRITTEN_AT_MOST_EVERY = timedelta(minutes=1)
KEPT_AFTER_END = timedelta(days=30)


def begin(user: User) -> str:
    """Begin a session and give its token, which is not kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    WebSession.create(token_hash=_hashed(token), user=user, created_at=now, last_seen_at=now)
    return token


def find_open(token: str) -> WebSession | None:
    """The session of a token with its person, unless it ended, stood idle or grew too old, or the account is disabled."""
    query = WebSession.select(WebSession, User).join(User)
    return query.where((WebSession.token_hash == _hashed(token)) & _is_open()).get_or_none()


def who_is_there(token: str) -> tuple[WebSession, frozenset[Role]] | None:
    """The same with the roles held now, in the one statement that every page begins with."""
    now = clock.now()
    rows = _OPEN_WITH_ROLES.rows(
        token_hash=_hashed(token), seen=now - running().session_idle, begun=now - running().session_absolute
    )
    if not rows:
        return None
    session_id, last_seen_at, *columns, _ = rows[0]
    user = User(**dict(zip(_USER_COLUMNS, columns, strict=True)))
    session = WebSession(id=session_id, user=user, last_seen_at=last_seen_at, token_hash=_hashed(token))
    return session, frozenset(Role(row[-1]) for row in rows if row[-1])


_USER_COLUMNS = tuple(User._meta.sorted_field_names)


@Prepared
def _OPEN_WITH_ROLES() -> ModelSelect:  # noqa: N802
    return (
        WebSession.select(WebSession.id, WebSession.last_seen_at, *User._meta.sorted_fields, RoleHeld.role)
        .join(User)
        .join(RoleHeld, JOIN.LEFT_OUTER)
        .where(
            (WebSession.token_hash == hole("token_hash"))
            & _is_open(hole("seen", WebSession.last_seen_at), hole("begun", WebSession.created_at))
            & User.disabled_at.is_null()
        )
    )


def owner(token: str) -> User | None:
    """Whose session this is or was."""
    found = WebSession.select(WebSession, User).join(User).where(WebSession.token_hash == _hashed(token)).get_or_none()
    return found.user if found else None


def touch(session: WebSession) -> None:
    """Note that the person is there, at most once a minute: most requests write nothing."""
    now = clock.now()
    if now - session.last_seen_at >= WRITTEN_AT_MOST_EVERY:
        WebSession.update(last_seen_at=now).where(WebSession.id == session.id).execute()


def open_sessions(user: User) -> list[WebSession]:
    """Where this person is signed in now, the latest seen first."""
    query = WebSession.select().where((WebSession.user == user) & _is_open(with_user=False))
    return list(query.order_by(WebSession.last_seen_at.desc(), WebSession.id.desc()))


def is_of(session: WebSession, token: str) -> bool:
    return bool(session.token_hash == _hashed(token))


def end(token: str) -> bool:
    """End one session. False where it had ended already."""
    ended = (
        WebSession.update(ended_at=clock.now())
        .where((WebSession.token_hash == _hashed(token)) & WebSession.ended_at.is_null())
        .execute()
    )
    return bool(ended)


def end_all(user: User, but: WebSession | None = None) -> int:
    """End every session of a person, but perhaps one. Gives how many were ended."""
    query = WebSession.update(ended_at=clock.now()).where((WebSession.user == user) & WebSession.ended_at.is_null())
    if but is not None:
        query = query.where(WebSession.id != but.id)
    return int(query.execute())


def delete_long_ended(at: datetime) -> int:
    """Delete sessions that ended, or could no longer be used, 30 days before. Gives how many."""
    before = at - KEPT_AFTER_END
    unusable = (WebSession.created_at < before - running().session_absolute) | (
        WebSession.last_seen_at < before - running().session_idle
    )
    return int(WebSession.delete().where((WebSession.ended_at < before) | unusable).execute())


def _is_open(with_user: bool = True) -> Expression:
    now = clock.now()
    still_open = (
        WebSession.ended_at.is_null()
        & (WebSession.last_seen_at > now - running().session_idle)
        & (WebSession.created_at > now - running().session_absolute)
    )
    return still_open & User.disabled_at.is_null() if with_user else still_open


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
