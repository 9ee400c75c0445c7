"""What somebody had typed when their session was over is not lost, and is nobody else's."""

from datetime import timedelta

import pytest

from models import Event, WebSession
from signpost import clock
from signpost.accounts import sessions, unsent
from signpost.accounts.unsent import Unsent
from tests.conftest import sign_in
from tests.factories import PASSWORD, a_referrer

TYPED = "Would like to talk.\r\nAnd <b>more</b> {{ 7 * 7 }} than that."


@pytest.fixture
def robin(app):
    return a_referrer(name="Robin Referrer", password=PASSWORD)


def type_into_a_form_and_let_the_session_end(client, user, headers=None):
    """The form is one that only signed-in people have, and its session ends before it is sent."""
    token = sign_in(client, user)
    client.get("/referrals/new")
    protection = client.page.forms[-1].value("csrf_token")
    sessions.end(token)
    return client.post(
        "/referrals/new",
        data={"csrf_token": protection, "trainee_name": "Sam O’Neil", "request": TYPED, "old_password": "secret words"},
        headers=headers,
    )


def test_they_sign_in_see_what_they_typed_and_send_it_again(client, robin):
    response = type_into_a_form_and_let_the_session_end(client, robin)
    assert response.status_code == 401
    assert client.page.h1 == "Sign in to send what you typed"

    response = client.press("Sign in", email=robin.email, password=PASSWORD)

    assert response.status_code == 200
    assert client.page.h1 == "You are signed in again"
    assert "Sam O’Neil" in client.page.text
    form = client.page.form_with("Send it again")
    assert form.action == "/referrals/new"
    assert form.value("trainee_name") == "Sam O’Neil"
    assert form.value("request").splitlines() == TYPED.splitlines()
    client.press("Send it again")
    assert client.page.h1 != "This page was open too long"


def test_a_wrong_password_on_the_way_loses_nothing(client, robin):
    type_into_a_form_and_let_the_session_end(client, robin)

    response = client.press("Sign in", email=robin.email, password="something else")
    assert response.status_code == 422
    client.press("Sign in", email=robin.email, password=PASSWORD)

    assert client.page.form_with("Send it again").value("trainee_name") == "Sam O’Neil"


def test_nothing_that_was_typed_can_be_read_from_the_page_on_a_shared_computer(client, robin):
    response = type_into_a_form_and_let_the_session_end(client, robin)

    html = response.get_data(as_text=True)
    for secret in ("Sam O", "Neil", "would like", "Robin", robin.email, robin.public_id):
        assert secret.lower() not in html.lower()


def test_a_password_is_never_carried(client, robin):
    type_into_a_form_and_let_the_session_end(client, robin)
    client.press("Sign in", email=robin.email, password=PASSWORD)

    assert "secret words" not in client.page.html


def test_somebody_else_who_signs_in_there_sees_nothing_of_it(client, robin):
    other = a_referrer(password=PASSWORD)
    type_into_a_form_and_let_the_session_end(client, robin)

    response = client.press("Sign in", email=other.email, password=PASSWORD)

    assert response.request.path != "/sign-in"
    assert "Sam O’Neil" not in client.page.html


def test_htmx_gets_the_whole_page_in_place_of_the_one_on_the_screen(client, robin):
    response = type_into_a_form_and_let_the_session_end(client, robin, headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.headers["HX-Retarget"] == response.headers["HX-Reselect"] == "#page"
    assert client.page.form_with("Sign in").value("unsent")


def test_a_stranger_who_posts_is_asked_to_sign_in_and_nothing_is_carried(client):
    response = client.submit("/referrals/new", trainee_name="Sam")

    assert response.status_code == 401
    assert client.page.h1 == "You are signed out"
    assert "unsent" not in client.page.html
    assert Event.select().count() == WebSession.select().count() == 0


def test_a_form_without_our_protection_is_not_carried(client, robin):
    sessions.end(sign_in(client, robin))

    response = client.post("/referrals/new", data={"trainee_name": "Sam"})

    assert response.status_code == 401
    assert "unsent" not in client.page.html


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-4], lambda text: "AAAA" + text, lambda text: "x", lambda text: "é"]
)
def test_a_changed_seal_opens_nothing(client, robin, damage):
    type_into_a_form_and_let_the_session_end(client, robin)
    sealed = client.page.form_with("Sign in").value("unsent")

    response = client.press("Sign in", email=robin.email, password=PASSWORD, unsent=damage(sealed))

    assert response.request.path != "/sign-in"


def test_after_a_day_it_is_forgotten(app, robin):
    sealed = unsent.seal(Unsent("/x", [("a", "b")]), robin)
    assert unsent.unseal(sealed, robin) == Unsent("/x", [("a", "b")])

    with clock.at(clock.now() + timedelta(hours=25)):
        assert unsent.unseal(sealed, robin) is None


def test_what_is_too_long_to_carry_is_not(app, robin):
    assert unsent.seal(Unsent("/x", [("a", "b" * 600_000)]), robin) == ""
