"""Signing in with a password, and out again."""

import pytest

from models import AuditEntry, Event, FailedSignIn, User, WebSession
from signpost import clock
from tests import figures
from tests.conftest import browser, sign_in
from tests.factories import PASSWORD, a_user

NOT_RIGHT = "The email address or the password is not right."


def try_to_sign_in(client, email, password):
    client.get("/sign-in")
    return client.press("Sign in", email=email, password=password)


def test_somebody_with_an_account_signs_in_and_meets_the_start_page(client):
    user = a_user(password=PASSWORD)

    response = try_to_sign_in(client, user.email, PASSWORD)

    assert response.request.path == "/"
    assert user.name in client.page.text


def test_an_address_may_be_typed_in_capitals_and_with_spaces_around_it(client):
    user = a_user(email="sam@signpost.example", password=PASSWORD)

    try_to_sign_in(client, "  Sam@SIGNPOST.example ", PASSWORD)

    assert user.name in client.page.text


def test_signing_in_is_recorded_in_the_name_of_the_person(client):
    user = a_user(password=PASSWORD)

    try_to_sign_in(client, user.email, PASSWORD)

    event = Event.get()
    assert (event.name, event.by_user, event.user) == ("person.signed_in", user, user)
    assert AuditEntry.get().actor == f"user:{user.public_id}"


@pytest.mark.parametrize("case", ["wrong password", "no such account", "disabled account", "account without password"])
def test_every_failure_has_the_same_words_and_signs_nobody_in(client, case):
    disabled_at = clock.now() if case == "disabled account" else None
    user = a_user(password="" if case == "account without password" else PASSWORD, disabled_at=disabled_at)
    email = "nobody@signpost.example" if case == "no such account" else user.email
    password = "something else" if case == "wrong password" else PASSWORD

    response = try_to_sign_in(client, email, password)

    assert response.status_code == 422
    assert NOT_RIGHT in client.page.text
    assert client.page.title == "Error: Sign in – Signpost"
    assert WebSession.select().count() == 0
    assert Event.select().count() == 0
    assert FailedSignIn.select().count() == 1


def test_the_pages_for_a_wrong_password_and_for_no_account_are_the_same_to_the_letter(app):
    user = a_user(email="here@signpost.example", password=PASSWORD)
    pages = []
    for email in (user.email, "gone@signpost.example"):
        client = browser(app)
        response = try_to_sign_in(client, email, "something else")
        token = client.page.form_with("Sign in").value("csrf_token")
        pages.append(response.get_data(as_text=True).replace(email, "EMAIL").replace(token, "TOKEN"))

    assert pages[0] == pages[1]


def test_the_typed_address_stays_and_the_password_does_not(client):
    try_to_sign_in(client, "sam@signpost.example", "something else")

    assert client.page.form_with("Sign in").value("email") == "sam@signpost.example"
    assert "something else" not in client.page.html


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("", PASSWORD, "Enter your email address"),
        ("sam@signpost.example", "", "Enter your password"),
        ("not an address", PASSWORD, "must be in the correct format"),
        ("sam@signpost.example", "x" * 201, "The password is too long"),
        ("sam@signpost.example\x00", PASSWORD, "hidden control character"),
    ],
)
def test_what_cannot_be_an_answer_is_said_and_counts_as_no_try(client, email, password, words):
    response = try_to_sign_in(client, email, password)

    assert response.status_code == 422
    assert words in client.page.text
    assert FailedSignIn.select().count() == 0


def test_the_form_can_be_filled_in_by_a_password_manager(client):
    client.get("/sign-in")

    assert 'autocomplete="username"' in client.page.html
    assert 'autocomplete="current-password"' in client.page.html


def test_they_come_back_to_the_page_they_wanted(client):
    user = a_user(password=PASSWORD)

    response = client.get("/account?from=mail")
    assert response.status_code == 303
    client.get(response.headers["Location"])
    response = client.press("Sign in", email=user.email, password=PASSWORD)

    assert response.request.full_path == "/account?from=mail"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "/%0d%0a//evil", "/\t/evil"]
)
def test_nobody_is_led_to_another_site_by_signing_in(client, elsewhere):
    user = a_user(password=PASSWORD)

    client.get("/sign-in", query_string={"next": elsewhere})
    response = client.press("Sign in", email=user.email, password=PASSWORD)

    assert response.request.host == "localhost"
    assert response.request.path in ("/", "/\r\n//evil")


def test_somebody_signed_in_is_not_asked_again(client, adviser):
    sign_in(client, adviser)

    assert client.get("/sign-in").headers["Location"] == "/"


def test_the_session_and_its_protection_are_new_after_signing_in(client):
    user = a_user(password=PASSWORD)
    client.get("/sign-in")
    old_token = client.page.form_with("Sign in").value("csrf_token")
    with client.session_transaction() as session:
        session["left behind"] = "by somebody else"

    client.press("Sign in", email=user.email, password=PASSWORD)

    with client.session_transaction() as session:
        assert "left behind" not in session
    response = client.post("/sign-out/everywhere", data={"csrf_token": old_token})
    assert response.status_code == 400
    assert WebSession.select().where(WebSession.ended_at.is_null()).count() == 1


def test_a_hundred_times_signing_in_gives_a_hundred_sessions_and_protections(app):
    """G7."""
    user = a_user(password=PASSWORD)
    sessions, protections = set(), set()
    client = browser(app)
    for _ in range(100):
        client.get("/sign-in")
        with client.session_transaction() as session:
            protections.add(session["csrf_token"])
        client.press("Sign in", email=user.email, password=PASSWORD)
        with client.session_transaction() as session:
            sessions.add(session["_user_id"])
            protections.add(session["csrf_token"])
        client.post("/sign-out", data={"csrf_token": client.token()})

    assert len(sessions) == 100
    assert len(protections) == 200
    figures.add("G7 signing in", times=100, sessions=len(sessions), protections=len(protections))


def test_the_cookie_holds_neither_name_nor_id_and_cannot_be_read_by_scripts(client):
    user = a_user(password=PASSWORD)
    client.get("/sign-in")
    token = client.page.form_with("Sign in").value("csrf_token")

    response = client.post("/sign-in", data={"csrf_token": token, "email": user.email, "password": PASSWORD})

    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    with client.session_transaction() as session:
        assert user.public_id not in str(dict(session))
        assert user.email not in str(dict(session))
        assert session["_user_id"] not in str(list(WebSession.select().dicts()))


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(make_app):
    app = make_app(public_url="https://signpost.example")
    client = browser(app)

    response = client.get("/sign-in", base_url="https://signpost.example")

    assert response.headers["Set-Cookie"].startswith("__Host-signpost=")
    assert "Secure" in response.headers["Set-Cookie"]
    assert "Domain" not in response.headers["Set-Cookie"]


def test_behind_a_proxy_that_ends_https_one_signs_in_from_our_own_page_only(make_app):
    client = browser(make_app(public_url="https://localhost", trusted_proxies=1))
    user = a_user(password=PASSWORD)
    secure = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    client.get("/sign-in", headers=secure, base_url="https://localhost")
    form = {
        "csrf_token": client.page.form_with("Sign in").value("csrf_token"),
        "email": user.email,
        "password": PASSWORD,
    }

    elsewhere = client.post(
        "/sign-in", data=form, headers=secure | {"Referer": "https://evil.example/"}, base_url="https://localhost"
    )
    here = client.post(
        "/sign-in", data=form, headers=secure | {"Referer": "https://localhost/sign-in"}, base_url="https://localhost"
    )

    assert (elsewhere.status_code, here.status_code) == (400, 303)


def test_signing_out_ends_the_session_and_empties_the_browser(client, adviser):
    sign_in(client, adviser)
    client.get("/account")

    response = client.post("/sign-out", data={"csrf_token": client.token()})

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.followed(response).request.path == "/signed-out"
    assert client.get("/account").status_code == 303
    assert Event.select().where(Event.name == "person.signed_out").count() == 1


def test_a_cookie_copied_before_signing_out_is_worth_nothing_after_it(app, adviser):
    client, thief = browser(app), browser(app)
    token = sign_in(client, adviser)
    with thief.session_transaction() as session:
        session["_user_id"] = token
    assert thief.get("/account").status_code == 200

    client.submit("/sign-out")

    assert thief.get("/account").status_code == 303


def test_signing_out_twice_is_no_error_and_is_recorded_once(client, adviser):
    sign_in(client, adviser)
    client.submit("/sign-out")

    response = client.submit("/sign-out")

    assert client.followed(response).status_code == 200
    assert Event.select().where(Event.name == "person.signed_out").count() == 1


def test_signing_out_in_a_tab_left_from_before_is_no_error(client, adviser):
    sign_in(client, adviser)
    client.get("/account")
    stale = client.page.form_with("Sign out").value("csrf_token")
    client.press("Sign out")

    response = client.post("/sign-out", data={"csrf_token": stale})

    assert client.followed(response).request.path == "/signed-out"


def test_a_sign_in_page_open_for_too_long_keeps_the_address_and_asks_again(client):
    user = a_user(password=PASSWORD)
    client.get("/sign-in")

    response = client.press("Sign in", email=user.email, password=PASSWORD, csrf_token="stale")

    assert response.status_code == 400
    assert "This page was open too long" in client.page.text
    assert client.page.form_with("Sign in").value("email") == user.email
    assert WebSession.select().count() == 0
    response = client.press("Sign in", password=PASSWORD)
    assert response.request.path == "/"


def test_a_sign_in_page_left_in_another_tab_leads_on_when_they_are_signed_in_already(client, adviser):
    sign_in(client, adviser)

    response = client.post("/sign-in", data={"email": adviser.email, "password": PASSWORD, "csrf_token": "stale"})

    assert response.headers["Location"] == "/"


def test_a_hash_of_other_days_costs_is_renewed_when_the_password_is_known(make_app):
    make_app(argon2_time=2)
    user = a_user(password=PASSWORD)
    client = browser(make_app(argon2_time=1))

    try_to_sign_in(client, user.email, PASSWORD)

    assert "t=1" in User.get_by_id(user.id).password_hash
    assert client.get("/account").status_code == 200
