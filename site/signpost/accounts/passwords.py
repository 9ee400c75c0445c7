"""Passwords: argon2id, and the same work whether or not there is an account."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models import User
from signpost.config import running
from signpost.errors import RuleBroken

SHORTEST = 12
LONGEST = 200


def refuse_weak(password: str, email: str) -> None:
    """Length is what counts. Raises RuleBroken."""
    if len(password) < SHORTEST:
        raise RuleBroken(f"The password must have {SHORTEST} characters or more. Three or four words are good.")
    if len(password) > LONGEST:
        raise RuleBroken(f"The password must have {LONGEST} characters or fewer.")
    if len(set(password)) < 5 or password.lower() in (email, email.partition("@")[0]):
        raise RuleBroken("The password is too easy to guess.")


def hashed(password: str) -> str:
    return _hasher().hash(_normal(password))


def is_right(password: str, user: User | None) -> bool:
    """Whether this is the person's password. Takes as long for an address that has no account."""
    dummy = _dummy_hash(*_cost())
    stored = user.password_hash if user and user.password_hash else dummy
    try:
        _hasher().verify(stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored != dummy


def is_outdated(user: User) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _hasher().check_needs_rehash(user.password_hash)


def _normal(password: str) -> str:
    """However a keyboard composes an accent, it is the same password."""
    return unicodedata.normalize("NFKC", password)


def _cost() -> tuple[int, int]:
    return running().argon2_time, running().argon2_memory_kib


def _hasher() -> PasswordHasher:
    return _hasher_of(*_cost())


@cache
def _hasher_of(time: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time, memory_cost=memory_kib, parallelism=1)


@cache
def _dummy_hash(time: int, memory_kib: int) -> str:
    return _hasher_of(time, memory_kib).hash(secrets.token_hex())
