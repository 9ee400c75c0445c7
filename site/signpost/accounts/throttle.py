"""Slowing down whoever guesses passwords, by account and by network address. Never a lasting lock.

A try is written down before the password is looked at and struck out when it was right, so that tries made at the same
moment count too.
"""

import hashlib
import hmac
import math
from datetime import datetime, timedelta
from typing import Any

from models import FailedSignIn, db
from signpost import clock, settings
from signpost.config import running


class TooManyTries(Exception):
    """No try is taken now. After so many seconds one is."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


def begin_try(email: str, network: str) -> int:
    """Write a try down. Gives its id, to strike it out with. Raises TooManyTries, and then writes nothing."""
    ours = settings.current()
    now = clock.now()
    window = timedelta(minutes=ours.throttle_minutes)
    account_hash, network_hash = _hashed("account", email), _hashed("network", network)
    with db.atomic():
        waits = [
            wait
            for column, value in ((FailedSignIn.account_hash, account_hash), (FailedSignIn.network_hash, network_hash))
            if (wait := _wait(column == value, now, window, ours.throttle_tries))
        ]
        if waits:
            raise TooManyTries(max(waits))
        row = FailedSignIn.create(account_hash=account_hash, network_hash=network_hash, tried_at=now)
    return int(row.id)


def strike_out(tried: int) -> None:
    """The try was a right one: it does not count. Those before it still do."""
    FailedSignIn.delete().where(FailedSignIn.id == tried).execute()


def forget_expired(at: datetime) -> int:
    """Delete the tries that count no more. Gives how many."""
    window = timedelta(minutes=settings.current().throttle_minutes)
    return int(FailedSignIn.delete().where(FailedSignIn.tried_at <= at - window).execute())


def _wait(whose: Any, now: datetime, window: timedelta, most: int) -> int:
    """Seconds until another try is taken; 0 when one is taken now. Tries of long after now are of before the
    clock was set back: they lock nobody out until it is as late again."""
    counting = (FailedSignIn.tried_at > now - window) & (FailedSignIn.tried_at <= now + window)
    tries = FailedSignIn.select(FailedSignIn.tried_at).where(whose & counting)
    newest_first = [row.tried_at for row in tries.order_by(FailedSignIn.tried_at.desc()).limit(most)]
    if len(newest_first) < most:
        return 0
    return max(1, math.ceil((newest_first[-1] + window - now).total_seconds()))


def _hashed(kind: str, value: str) -> str:
    """Keyed, so that the table does not tell who tried or from where."""
    return hmac.new(
        running().secret_key.encode(), f"{kind}:{value}".encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()
