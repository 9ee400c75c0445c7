"""The menu leads each person only to where they may go."""

import pytest

from models import ReferrerKind, Role
from signpost.layout import NAVIGATION
from tests.factories import a_school, a_user, give


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_the_menu_opens_for_those_who_see_it(app, browser_of, role):
    user = a_user()
    kind = ReferrerKind.TPD if role == Role.REFERRER else None
    give(user, role, referrer_kind=kind, school=a_school() if role == Role.HEAD_OF_SCHOOL else None)
    client = browser_of(user)
    client.get("/account")
    seen = {words: href for words, href in client.page.links if words in {text for text, _, _ in NAVIGATION}}

    assert {"Start page", "Your account"} <= set(seen)
    for words, href in seen.items():
        assert client.get(href).status_code == 200, words


def test_a_stranger_sees_no_menu(client):
    client.get("/sign-in")

    assert not {text for text, _, _ in NAVIGATION} & {words for words, _ in client.page.links}


def test_the_place_where_one_is_is_marked(browser_of, adviser):
    client = browser_of(adviser)

    client.get("/account")

    assert client.page.html.count('aria-current="page"') == 1
