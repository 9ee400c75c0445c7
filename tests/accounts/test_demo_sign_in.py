"""Signing in with one click: in a demonstration only, and only as an invented person of it."""

import pytest

from models import Role, WebSession
from signpost.demo import PEOPLE
from tests.conftest import browser
from tests.factories import a_user


@pytest.fixture
def demo(make_app):
    """A demonstration with its first three people."""
    app = make_app(demo=True)
    for person in PEOPLE[:3]:
        a_user(Role.GOVERNANCE, email=person.email, name=person.name)
    return browser(app)


def test_each_person_of_the_demonstration_is_a_button_that_signs_in(demo):
    demo.get("/sign-in")
    person = PEOPLE[1]

    response = demo.press(f"Sign in as {person.name}")

    assert response.request.path == "/"
    assert person.name in demo.page.text
    assert "This is a demonstration" in demo.page.text


def test_changing_to_another_person_ends_the_first_session(demo):
    demo.submit("/sign-in/demo", email=PEOPLE[0].email)
    demo.submit("/sign-in/demo", email=PEOPLE[1].email)

    assert WebSession.select().where(WebSession.ended_at.is_null()).count() == 1


def test_nobody_else_can_be_signed_in_with_one_click(demo):
    real = a_user(email="real@nhs.example")

    for email in (real.email, PEOPLE[-1].email, "", "signpost@signpost.invalid"):
        assert demo.submit("/sign-in/demo", email=email).status_code == 404

    assert WebSession.select().count() == 0


def test_it_wants_protection_too(demo):
    assert demo.post("/sign-in/demo", data={"email": PEOPLE[0].email}).status_code == 400
    assert WebSession.select().count() == 0


def test_elsewhere_there_is_no_such_address_and_no_such_button(client):
    a_user(email=PEOPLE[0].email)

    client.get("/sign-in")
    assert "one of these people" not in client.page.text
    assert client.submit("/sign-in/demo", email=PEOPLE[0].email).status_code == 404
    assert WebSession.select().count() == 0
