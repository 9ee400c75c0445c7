"""What an administrator does about people: invite, change, give and take roles, disable; and choosing a password.

A case role that administrators want for themselves needs a second administrator, and both are told.
"""

from typing import Any

from peewee import ModelSelect

from models import AccountLink, HelpAsked, ReferrerKind, Role, RoleAsked, RoleHeld, User, WebSession, db
from signpost import clock
from signpost.accounts import account_links, passwords, queries, sessions
from signpost.accounts.actions import RoleWanted, refuse_incomplete
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.meetings import booking
from signpost.presses import ONE_PRESS


class AddressTaken(RuleBroken):
    """Another account has this address."""


class WrongPassword(RuleBroken):
    """The old password is not right."""


NOT_PRESENT = "That is not your present password."
CHANGED = "Somebody changed this person while you were looking at them. Look at the page again, then make your change."


def invite(email: str, name: str, phone: str, roles: list[RoleWanted], by: User) -> User:
    """Open an account and send its holder a link to choose a password."""
    email = email.strip().lower()
    for wanted in roles:
        refuse_incomplete(wanted)
    with db.atomic():
        refuse_taken(email)
        user = User.create(name=name, email=email, phone=phone, created_at=clock.now())
        for wanted in roles:
            _hold(user, wanted)
        record("person.invited", by=by, user=user, facts={"roles": [wanted.role.value for wanted in roles]})
    return user


def invite_again(user: User, by: User) -> None:
    """Send the invitation again; the earlier link stops working. Presses close together are one."""
    if user.is_disabled:
        raise RuleBroken(f"{user.name} may not sign in, so cannot be invited.")
    if user.password_hash:
        raise RuleBroken(f"{user.name} has chosen a password already.")
    with db.atomic():
        if not account_links.made_within(ONE_PRESS, user):
            record("person.invited", by=by, user=user)


def refuse_taken(email: str, but: User | None = None) -> None:
    taken = User.get_or_none(User.email == email)
    if taken is not None and taken != but:
        state = " It is closed: open it again instead." if taken.is_disabled else ""
        raise AddressTaken(f"There is already an account with the address {email}: {taken.name}.{state}")


def change_person(user: User, name: str, email: str, phone: str, by: User, expected_version: int) -> None:
    """Change how a person is called and reached. A new address is told to the old one and the new one."""
    email = email.strip().lower()
    with db.atomic():
        refuse_taken(email, but=user)
        moved = email != user.email
        former = user.email if moved else user.former_email
        change(user, expected_version, CHANGED, name=name, email=email, phone=phone, former_email=former)
        record("person.changed", by=by, user=user)
        if moved:
            sessions.end_all(user)
            record("person.moved", by=by, user=user)


def give_role(user: User, wanted: RoleWanted, by: User, expected_version: int) -> RoleAsked | None:
    """Give a role, from the next request on. An administrator's own case role is asked for instead."""
    refuse_incomplete(wanted)
    _refuse_held(user, wanted)
    with db.atomic():
        change(user, expected_version, CHANGED)
        if user.id == by.id and wanted.role != Role.ADMINISTRATOR:
            return _ask(user, wanted, by)
        _hold(user, wanted)
        record("role.given", by=by, user=user, facts={"role": wanted.role.value})
    return None


def _ask(user: User, wanted: RoleWanted, by: User) -> RoleAsked:
    if not [one for one in queries.holding(Role.ADMINISTRATOR) if one.id != by.id]:
        raise RuleBroken("Another administrator has to give you this role, and there is no other one.")
    asked = RoleAsked.create(user=user, asked_at=clock.now(), **_columns(wanted))
    record("role.asked", by=by, user=user, facts={"role": wanted.role.value})
    return asked


def decide(asked: RoleAsked, is_given: bool, by: User) -> None:
    """The second administrator gives the role that the first one asked for, or does not."""
    if asked.user_id == by.id:
        raise RuleBroken("Another administrator decides about a role that you asked for yourself.")
    with db.atomic():
        decided = (
            RoleAsked.update(decided_by=by, decided_at=clock.now(), is_given=is_given)
            .where((RoleAsked.id == asked.id) & RoleAsked.decided_at.is_null())
            .execute()
        )
        if not decided:
            raise RuleBroken("This was decided already.")
        if is_given:
            wanted = RoleWanted(
                Role(asked.role),
                asked.school,
                asked.employer,
                ReferrerKind(asked.referrer_kind) if asked.referrer_kind else None,
            )
            _refuse_held(asked.user, wanted)
            _hold(asked.user, wanted)
        facts = {"role": asked.role, "given": is_given}
        record("role.decided", by=by, user=asked.user, facts=facts)


def take_role(user: User, held: RoleHeld, by: User, expected_version: int) -> None:
    """Take a role away, from the next request on. The last administrator stays one."""
    others = [one for one in queries.holding(Role.ADMINISTRATOR) if one.id != user.id]
    if held.role == Role.ADMINISTRATOR and not others:
        raise RuleBroken("Somebody has to be administrator: give the role to another person first.")
    with db.atomic():
        change(user, expected_version, CHANGED)
        RoleHeld.delete().where((RoleHeld.id == held.id) & (RoleHeld.user == user)).execute()
        record("role.taken", by=by, user=user, facts={"role": held.role})
        if held.role == Role.COUNSELLOR:
            booking.end_of_counsellor(user, by)


def disable(user: User, by: User, expected_version: int) -> None:
    """Close an account: signed out everywhere at once, no role acts any more, and nothing is deleted."""
    if user.id == by.id:
        raise RuleBroken("You cannot close your own account.")
    if user.is_disabled:
        raise RuleBroken(f"The account of {user.name} is closed already.")
    with db.atomic():
        change(user, expected_version, CHANGED, disabled_at=clock.now())
        sessions.end_all(user)
        record("person.disabled", by=by, user=user)
        booking.end_of_counsellor(user, by)


def enable(user: User, by: User, expected_version: int) -> None:
    if not user.is_disabled:
        raise RuleBroken(f"The account of {user.name} is open already.")
    with db.atomic():
        change(user, expected_version, CHANGED, disabled_at=None)
        record("person.enabled", by=by, user=user)


def sign_out_everywhere(user: User, by: User) -> int:
    with db.atomic():
        ended = sessions.end_all(user)
        record("sessions.ended", by=by, user=user, facts={"sessions": ended})
    return ended


# Choosing a password


def ask_for_help(email: str) -> None:
    """Keep this address for the worker: were it looked up here, the time it takes would tell who has an account."""
    HelpAsked.create(email=email.strip().lower(), asked_at=clock.now())


def answer_help() -> int:
    """Send whoever asked and has an account a link to choose a new password. Gives how many asked."""
    waiting = list(HelpAsked.select().order_by(HelpAsked.id))
    for asked in waiting:
        with db.atomic():
            is_ours = HelpAsked.delete().where(HelpAsked.email == asked.email).execute()
            user = queries.with_email(asked.email)
            if is_ours and user is not None and account_links.may_have_another(user):
                record("password.help_asked", by=user, user=user)
    return len(waiting)


def choose_password(link: AccountLink, password: str) -> User:
    """Choose a password by a link, which is used up. Whoever was signed in as this person is signed out."""
    user: User = link.user
    passwords.refuse_weak(password, user.email)
    with db.atomic():
        if not account_links.use(link):
            raise RuleBroken("This link was used already. Ask for a new one.")
        _set_password(user, password)
    return user


def change_password(user: User, old: str, new: str, keep: WebSession | None) -> None:
    """Change one's own password, knowing the old one. Other browsers are signed out."""
    if not passwords.is_right(old, user):
        raise WrongPassword(NOT_PRESENT)
    passwords.refuse_weak(new, user.email)
    with db.atomic():
        fresh = User.get_by_id(user.id)
        if fresh.password_hash == user.password_hash:
            _set_password(user, new, keep)
        elif not passwords.is_right(new, fresh):  # it is, where this was a second press
            raise WrongPassword(NOT_PRESENT)


def _set_password(user: User, password: str, keep: WebSession | None = None) -> None:
    User.update(password_hash=passwords.hashed(password)).where(User.id == user.id).execute()
    sessions.end_all(user, but=keep)
    record("password.chosen", by=user, user=user)


def _columns(wanted: RoleWanted) -> dict[str, Any]:
    return {
        "role": wanted.role,
        "school": wanted.school,
        "employer": wanted.employer,
        "referrer_kind": wanted.kind,
    }


def _hold(user: User, wanted: RoleWanted) -> None:
    RoleHeld.create(user=user, **_columns(wanted))


def _refuse_held(user: User, wanted: RoleWanted) -> None:
    same = (RoleHeld.user == user) & (RoleHeld.role == wanted.role)
    for column, value in (
        (RoleHeld.school, wanted.school),
        (RoleHeld.employer, wanted.employer),
        (RoleHeld.referrer_kind, wanted.kind),
    ):
        same &= column.is_null() if value is None else column == value
    if RoleHeld.select().where(same).exists():
        raise RuleBroken(f"{user.name} holds this role already.")


# What an administrator looks up


def listed() -> ModelSelect:
    """Every account but the one in whose name things happen by themselves."""
    return User.select().where(User.email != queries.SYSTEM_EMAIL)


def found(text: str, most: int) -> list[User]:
    """People by name or address, at most so many."""
    query = listed()
    for word in text.lower().split()[:5]:
        query = query.where(User.name.contains(word) | User.email.contains(word))
    return list(query.order_by(User.name, User.id).limit(most))


def roles_asked() -> list[RoleAsked]:
    return list(RoleAsked.select().where(RoleAsked.decided_at.is_null()).order_by(RoleAsked.id))
