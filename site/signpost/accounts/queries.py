"""People by the roles they hold. Disabled accounts hold none.

Prepared, since each page, each preview and each letter about to be sent asks them, some many times over.
"""

from typing import Any

from peewee import ModelSelect

from models import Role, RoleHeld, School, User
from signpost.prepared import Prepared, all_of, hole

SYSTEM_EMAIL = "signpost@signpost.invalid"


def system_user() -> User:
    """In whose name things happen by themselves."""
    return User.get(User.email == SYSTEM_EMAIL)


def holding(role: Role) -> list[User]:
    """Everyone who holds a role, by name."""
    return all_of(User, _holding, role=role)


@Prepared
def _holding() -> ModelSelect:
    return User.select().where(User.id.in_(ids_holding(hole("role")))).order_by(User.name, User.id)


def ids_holding(role: Any) -> ModelSelect:
    """The same, as row numbers for another query."""
    query = RoleHeld.select(RoleHeld.user).join(User)
    return query.where((RoleHeld.role == role) & User.disabled_at.is_null())


def heads_of(school: School | None) -> list[User]:
    """The head, or heads, of a school (A3)."""
    if school is None:
        return []
    return all_of(User, _heads, school=school)


@Prepared
def _heads() -> ModelSelect:
    heads = ids_holding(Role.HEAD_OF_SCHOOL).where(RoleHeld.school == hole("school", RoleHeld.school))
    return User.select().where(User.id.in_(heads)).order_by(User.name, User.id)


def roles_of(user: User) -> frozenset[Role]:
    """The roles a person holds now."""
    return frozenset(Role(role) for (role,) in _roles.rows(user=user))


@Prepared
def _roles() -> ModelSelect:
    return RoleHeld.select(RoleHeld.role).where(RoleHeld.user == hole("user", RoleHeld.user))


def schools_headed_by(user: User) -> list[int]:
    """Ids of the schools of which this person is head."""
    query = RoleHeld.select(RoleHeld.school_id).where((RoleHeld.user == user) & (RoleHeld.role == Role.HEAD_OF_SCHOOL))
    return [school_id for (school_id,) in query.tuples()]


def referrer_roles(user: User) -> list[RoleHeld]:
    """As which kinds of referrer this person may refer, the first one first."""
    return all_of(RoleHeld, _referrer_roles, user=user)


@Prepared
def _referrer_roles() -> ModelSelect:
    mine = (RoleHeld.user == hole("user", RoleHeld.user)) & (RoleHeld.role == Role.REFERRER)
    return RoleHeld.select().where(mine).order_by(RoleHeld.id)


def with_email(email: str) -> User | None:
    """The account with this address, however it is written, unless it is disabled."""
    return next(iter(all_of(User, _with_email, email=email.strip().lower())), None)


@Prepared
def _with_email() -> ModelSelect:
    return User.select().where((User.email == hole("email")) & User.disabled_at.is_null())
