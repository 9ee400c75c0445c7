"""Opening an account."""

import pytest

from models import Event, ReferrerKind, Role, RoleHeld, User
from signpost.accounts import actions, passwords, queries
from signpost.accounts.actions import RoleWanted
from signpost.errors import RuleBroken
from tests.factories import PASSWORD, a_school, a_user


def add(email="sam@signpost.example", password=PASSWORD, roles=()):
    return actions.add_person(email, "Sam", password, list(roles), by=queries.system_user())


def test_an_account_has_its_roles_and_its_password(app):
    school = a_school()

    user = add(roles=[RoleWanted(Role.HEAD_OF_SCHOOL, school=school), RoleWanted(Role.REFERRER, kind=ReferrerKind.TPD)])

    assert queries.roles_of(user) == {Role.HEAD_OF_SCHOOL, Role.REFERRER}
    assert queries.heads_of(school) == [user]
    assert passwords.is_right(PASSWORD, user)


def test_it_is_recorded_without_the_password(app):
    user = add(roles=[RoleWanted(Role.COUNSELLOR)])

    event = Event.get()
    assert (event.name, event.user, event.by_user) == ("person.added", user, queries.system_user())
    assert event.facts_json == '{"roles": ["counsellor"]}'


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ([RoleWanted(Role.REFERRER)], "needs a kind"),
        ([RoleWanted(Role.COUNSELLOR, kind=ReferrerKind.DME)], "Only a referrer"),
        ([RoleWanted(Role.HEAD_OF_SCHOOL)], "needs a school"),
    ],
)
def test_a_role_that_is_not_whole_is_refused_and_nothing_is_written(app, roles, words):
    before = User.select().count()

    with pytest.raises(RuleBroken, match=words):
        add(roles=roles)

    assert User.select().count() == before
    assert RoleHeld.select().count() == Event.select().count() == 0


def test_an_address_has_one_account_however_it_is_written(app):
    a_user(email="sam@signpost.example")
    before = User.select().count()

    with pytest.raises(RuleBroken, match="already an account"):
        add(email=" SAM@signpost.example")

    assert User.select().count() == before


def test_a_weak_password_opens_no_account(app):
    before = User.select().count()

    with pytest.raises(RuleBroken):
        add(password="short")

    assert User.select().count() == before
