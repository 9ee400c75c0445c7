"""Links by which an account holder chooses a password: by invitation, or when they forgot it. They work once."""

import secrets
from datetime import timedelta

from models import AccountLink, AccountLinkPurpose, User
from signpost import clock, settings
from signpost.accounts.links import TOKEN_BYTES, hash_of

MOST_AN_HOUR = 4


def make(purpose: AccountLinkPurpose, user: User) -> str:
    """Make a link and give its token, which is not kept. Earlier ones of the same person stop working."""
    ours = settings.current()
    is_invitation = purpose == AccountLinkPurpose.INVITATION
    life = timedelta(days=ours.invitation_days) if is_invitation else timedelta(minutes=ours.password_help_minutes)
    now = clock.now()
    AccountLink.update(used_at=now).where((AccountLink.user == user) & AccountLink.used_at.is_null()).execute()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    AccountLink.create(token_hash=hash_of(token), user=user, purpose=purpose, made_at=now, expires_at=now + life)
    return token


def find_open(token: str) -> AccountLink | None:
    """The link of a token while it can be used: not yet, not too late, and the account is open."""
    link = AccountLink.get_or_none(
        (AccountLink.token_hash == hash_of(token))
        & AccountLink.used_at.is_null()
        & (AccountLink.expires_at > clock.now())
    )
    return None if link is None or link.user.is_disabled else link


def use(link: AccountLink) -> bool:
    """Use a link up. False where somebody was faster."""
    used = (
        AccountLink.update(used_at=clock.now())
        .where((AccountLink.id == link.id) & AccountLink.used_at.is_null())
        .execute()
    )
    return bool(used)


def may_have_another(user: User) -> bool:
    """At most so many in an hour, so that nobody's mailbox is filled by somebody else."""
    return made_within(timedelta(hours=1), user) < MOST_AN_HOUR


def made_within(time: timedelta, user: User) -> int:
    """How many links this person was sent within so long."""
    recent = AccountLink.select().where((AccountLink.user == user) & (AccountLink.made_at > clock.now() - time))
    return int(recent.count())
