"""One's own account."""

from models import Role
from tests.conftest import sign_in
from tests.factories import a_referrer, a_school, a_user, an_employer, give


def test_it_shows_the_name_and_each_role_in_words_with_what_it_is_over(client):
    user = a_referrer(employer=an_employer("Northern Trust"), name="Robin Referrer")
    give(user, Role.HEAD_OF_SCHOOL, school=a_school("School of Surgery"))
    sign_in(client, user)

    client.get("/account")

    assert "Robin Referrer" in client.page.text
    assert "Referrer, as educational supervisor: Northern Trust" in client.page.text
    assert "Head of school: School of Surgery" in client.page.text


def test_somebody_without_a_role_is_told_so(client):
    sign_in(client, a_user())

    client.get("/account")

    assert "You hold no role yet" in client.page.text


def test_it_says_which_browser_is_this_one(client, adviser):
    sign_in(client, adviser)
    sign_in(client, adviser)

    client.get("/account")

    assert client.page.text.count("This browser") == 1
    assert client.page.text.count("Another browser") == 1


def test_nobody_sees_it_without_signing_in(client):
    assert client.get("/account").headers["Location"] == "/sign-in?next=/account"
