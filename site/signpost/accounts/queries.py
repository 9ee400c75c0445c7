"""People by the roles they hold. Disabled accounts hold none."""

from peewee import ModelSelect

from models import Role, RoleHeld, School, User

SYSTEM_EMAIL = "signpost@signpost.invalid"


def system_user() -> User:
    """In whose name things happen by themselves."""
    return User.get(User.email == SYSTEM_EMAIL)


def holding(role: Role) -> list[User]:
    """Everyone who holds a role, by name."""
    query = User.select().join(RoleHeld).where((RoleHeld.role == role) & User.disabled_at.is_null())
    return list(query.order_by(User.name, User.id).distinct())


def ids_holding(role: Role) -> ModelSelect:
    """The same, as row numbers for another query."""
    query = RoleHeld.select(RoleHeld.user).join(User)
    return query.where((RoleHeld.role == role) & User.disabled_at.is_null())


def heads_of(school: School | None) -> list[User]:
    """The head, or heads, of a school (A3)."""
    if school is None:
        return []
    query = (
        User.select()
        .join(RoleHeld)
        .where((RoleHeld.role == Role.HEAD_OF_SCHOOL) & (RoleHeld.school == school) & User.disabled_at.is_null())
    )
    return list(query.order_by(User.name, User.id).distinct())


def roles_of(user: User) -> frozenset[Role]:
    """The roles a person holds now."""
    return frozenset(Role(role) for (role,) in RoleHeld.select(RoleHeld.role).where(RoleHeld.user == user).tuples())


def schools_headed_by(user: User) -> list[int]:
    """Ids of the schools of which this person is head."""
    query = RoleHeld.select(RoleHeld.school_id).where((RoleHeld.user == user) & (RoleHeld.role == Role.HEAD_OF_SCHOOL))
    return [school_id for (school_id,) in query.tuples()]


def referrer_roles(user: User) -> list[RoleHeld]:
    """As which kinds of referrer this person may refer, the first one first."""
    return list(
        RoleHeld.select().where((RoleHeld.user == user) & (RoleHeld.role == Role.REFERRER)).order_by(RoleHeld.id)
    )


def with_email(email: str) -> User | None:
    """The account with this address, however it is written, unless it is disabled."""
    return User.get_or_none((User.email == email.strip().lower()) & User.disabled_at.is_null())
