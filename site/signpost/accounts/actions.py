"""Signing in and out, and adding a person."""

from dataclasses import dataclass

from models import Employer, ReferrerKind, Role, RoleHeld, School, User, db
from signpost import clock
from signpost.accounts import passwords, queries, sessions, throttle
from signpost.errors import RuleBroken
from signpost.events import record

# The same words whatever was wrong: nobody learns whether there is an account.
NOT_RIGHT = "The email address or the password is not right."


class SignInRefused(RuleBroken):
    """The address and the password do not belong together."""


@dataclass(frozen=True)
class RoleWanted:
    """A role to give, and over what."""

    role: Role
    school: School | None = None
    employer: Employer | None = None
    kind: ReferrerKind | None = None


def sign_in(email: str, password: str, network: str) -> User:
    """The person with this address and password. Raises SignInRefused, or TooManyTries before anything is looked at."""
    email = email.strip().lower()
    tried = throttle.begin_try(email, network)
    user = queries.with_email(email)
    if not passwords.is_right(password, user) or user is None:
        raise SignInRefused(NOT_RIGHT)
    throttle.strike_out(tried)
    if passwords.is_outdated(user):
        user.password_hash = passwords.hashed(password)
        user.save(only=[User.password_hash])
    return user


def begin_session(user: User) -> str:
    """Sign a person in on one browser. Gives the token for its cookie."""
    with db.atomic():
        token = sessions.begin(user)
        record("person.signed_in", by=user, user=user)
    return token


def end_session(user: User, token: str) -> None:
    """Sign a person out on one browser."""
    with db.atomic():
        if sessions.end(token):
            record("person.signed_out", by=user, user=user)


def end_all_sessions(user: User) -> int:
    """Sign a person out everywhere. Gives on how many browsers."""
    with db.atomic():
        ended = sessions.end_all(user)
        record("sessions.ended", by=user, user=user, facts={"sessions": ended})
    return ended


def add_person(email: str, name: str, password: str, roles: list[RoleWanted], by: User) -> User:
    """Open an account with its roles. Raises RuleBroken."""
    email = email.strip().lower()
    passwords.refuse_weak(password, email)
    for wanted in roles:
        refuse_incomplete(wanted)
    with db.atomic():
        if User.select().where(User.email == email).exists():
            raise RuleBroken(f"There is already an account with the address {email}.")
        user = User.create(name=name, email=email, password_hash=passwords.hashed(password), created_at=clock.now())
        for wanted in roles:
            RoleHeld.create(
                user=user, role=wanted.role, school=wanted.school, employer=wanted.employer, referrer_kind=wanted.kind
            )
        record("person.added", by=by, user=user, facts={"roles": [wanted.role.value for wanted in roles]})
    return user


def refuse_incomplete(wanted: RoleWanted) -> None:
    """Raise RuleBroken where the role lacks its school or kind."""
    if wanted.role == Role.REFERRER and wanted.kind is None:
        raise RuleBroken("A referrer needs a kind: which of the six who may refer they are.")
    if wanted.role != Role.REFERRER and wanted.kind is not None:
        raise RuleBroken("Only a referrer has a kind.")
    if wanted.role == Role.HEAD_OF_SCHOOL and wanted.school is None:
        raise RuleBroken("A head of school needs a school.")
