"""G7: whoever kept a cookie reads nothing with it once they signed out, or lost what let them in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta

import pytest

from models import Role, RoleHeld, User, WebSession
from signpost import clock
from signpost.accounts import passwords, people
from tests import figures
from tests.matrix import table
from tests.matrix.walk import FORBIDDEN, IN, SIGN_IN, Cell, Visitor, Walker, answer_of
from tests.matrix.whole_database import taken_back

PERSONS = ("adviser", "other counsellor", "rtt team", "progression", "administrator", "trainee")


def signed_out(visitor: Visitor, user: User, by: User) -> None:
    visitor.post("/sign-out", {})


def password_changed_elsewhere(visitor: Visitor, user: User, by: User) -> None:
    User.update(password_hash=passwords.hashed("the old one of theirs")).where(User.id == user.id).execute()
    people.change_password(User.get_by_id(user.id), "the old one of theirs", "a new one of theirs", None)


def account_closed(visitor: Visitor, user: User, by: User) -> None:
    people.disable(user, by, user.version)


def idle(visitor: Visitor, user: User, by: User) -> AbstractContextManager[object]:
    return clock.at(clock.now() + timedelta(minutes=31))


@contextmanager
def too_long(visitor: Visitor, user: User, by: User) -> Iterator[None]:
    with clock.at(clock.now() + timedelta(hours=10)):
        WebSession.update(last_seen_at=clock.now() - timedelta(minutes=1)).where(WebSession.user == user).execute()
        yield


Ending = Callable[[Visitor, User, User], AbstractContextManager[object] | None]


@pytest.mark.parametrize("ending", [signed_out, password_changed_elsewhere, account_closed, idle, too_long])
def test_an_old_cookie_opens_nothing(walker: Walker, ending: Ending) -> None:
    opened, asked = [], 0
    for person in PERSONS:
        visitor, user = Visitor(walker.world, person), walker.world.people[person]
        cells = let_in(walker, person)
        assert answer_of(visitor.ask("GET", cells[0].address)) == IN, "the cookie opens the site to begin with"
        with taken_back(), ending(visitor, user, an_administrator(walker, person)) or nullcontext():
            opened += [str(one) for one in cells if answer_of(visitor.ask("GET", one.address)) != SIGN_IN]
            asked += len(cells)
    assert not opened
    figures.add("G7", old_cookies=len(PERSONS), requests=asked, let_in=len(opened))


def test_what_a_role_opened_is_closed_to_the_cookie_once_the_role_is_gone(walker: Walker) -> None:
    opened, asked = [], 0
    for person in PERSONS:
        visitor, user = Visitor(walker.world, person), walker.world.people[person]
        cells = [one for one in let_in(walker, person) if one.row.who.roles]
        with taken_back():
            for held in RoleHeld.select().where(RoleHeld.user == user):
                now = User.get_by_id(user.id)
                people.take_role(now, held, an_administrator(walker, person), now.version)
            opened += [str(one) for one in cells if answer_of(visitor.ask("GET", one.address)) != FORBIDDEN]
        asked += len(cells)
    assert not opened
    figures.add("G7", old_cookies=len(PERSONS), requests=asked, let_in=len(opened))


def let_in(walker: Walker, person: str) -> list[Cell]:
    """Every address that asks who is there, and lets this person in."""
    return [
        Cell(row, record, address, "plain")
        for row in walker.rows("GET")
        if not row.who.public and row.of not in table.BEARER
        for record in walker.records(row)
        if record != table.ABSENT and walker.expected(person, row, record) == IN
        for address in walker.addresses(row, record, with_queries=False)
    ]


def an_administrator(walker: Walker, person: str) -> User:
    """One who is not this person."""
    there = [one for one, roles in table.PEOPLE.items() if Role.ADMINISTRATOR in roles and one != person]
    return walker.world.people[there[0]]
