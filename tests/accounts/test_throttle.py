"""Slowing down whoever guesses passwords."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models import FailedSignIn, Setting, WebSession, db
from signpost import clock
from signpost.accounts import actions, throttle
from tests.conftest import browser
from tests.factories import PASSWORD, a_user


def fail(email, network="192.0.2.1", times=1):
    for _ in range(times):
        with pytest.raises(actions.SignInRefused):
            actions.sign_in(email, "something else", network)


def test_ten_failures_close_an_account_from_anywhere_even_to_the_right_password(app):
    user = a_user(password=PASSWORD)
    fail(user.email, times=10)

    with pytest.raises(throttle.TooManyTries) as refused:
        actions.sign_in(user.email, PASSWORD, "192.0.2.99")

    assert 0 < refused.value.seconds <= 300
    assert FailedSignIn.select().count() == 10


def test_ten_failures_close_a_network_address_for_every_account(app):
    user = a_user(password=PASSWORD)
    for n in range(10):
        fail(f"guess{n}@signpost.example", network="192.0.2.7")

    with pytest.raises(throttle.TooManyTries):
        actions.sign_in(user.email, PASSWORD, "192.0.2.7")
    assert actions.sign_in(user.email, PASSWORD, "192.0.2.8") == user


def test_an_account_that_does_not_exist_is_closed_just_the_same(app):
    fail("nobody@signpost.example", times=10)

    with pytest.raises(throttle.TooManyTries):
        actions.sign_in("nobody@signpost.example", PASSWORD, "192.0.2.99")


def test_nine_failures_close_nothing(app):
    user = a_user(password=PASSWORD)
    fail(user.email, times=9)

    assert actions.sign_in(user.email, PASSWORD, "192.0.2.1") == user


def test_a_right_password_counts_as_no_failure_and_forgives_none(app):
    user = a_user(password=PASSWORD)
    fail(user.email, times=9)
    for _ in range(20):
        actions.sign_in(user.email, PASSWORD, "192.0.2.1")
    assert FailedSignIn.select().count() == 9

    fail(user.email)
    with pytest.raises(throttle.TooManyTries):
        actions.sign_in(user.email, PASSWORD, "192.0.2.1")


def test_it_opens_again_by_itself_after_five_minutes(app):
    user = a_user(password=PASSWORD)
    now = clock.now()
    fail(user.email, times=10)

    with clock.at(now + timedelta(minutes=5, seconds=5)):
        assert actions.sign_in(user.email, PASSWORD, "192.0.2.1") == user


def test_tries_while_it_is_closed_do_not_keep_it_closed(app):
    user = a_user(password=PASSWORD)
    now = clock.now()
    fail(user.email, times=10)
    with clock.at(now + timedelta(minutes=4)), pytest.raises(throttle.TooManyTries):
        actions.sign_in(user.email, PASSWORD, "192.0.2.1")

    with clock.at(now + timedelta(minutes=5, seconds=5)):
        assert actions.sign_in(user.email, PASSWORD, "192.0.2.1") == user


def test_an_organisation_may_set_its_own_limits(app):
    Setting.create(name="throttle_tries", value="2")
    user = a_user(password=PASSWORD)
    fail(user.email, times=2)

    with pytest.raises(throttle.TooManyTries):
        actions.sign_in(user.email, PASSWORD, "192.0.2.1")


def test_the_password_is_not_even_looked_at_while_it_is_closed(app, monkeypatch):
    user = a_user(password=PASSWORD)
    fail(user.email, times=10)
    looked_at = []
    monkeypatch.setattr("signpost.accounts.passwords.is_right", lambda *asked: looked_at.append(asked))

    with pytest.raises(throttle.TooManyTries):
        actions.sign_in(user.email, PASSWORD, "192.0.2.1")

    assert looked_at == []


def test_guesses_made_at_the_same_moment_are_all_counted(app):
    user = a_user(password=PASSWORD)
    together = threading.Barrier(20)

    def guess(_):
        together.wait()
        with db.connection_context():
            try:
                actions.sign_in(user.email, "something else", "192.0.2.1")
            except throttle.TooManyTries:
                return "closed"
            except actions.SignInRefused:
                return "tried"

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(guess, range(20)))

    assert answers.count("tried") == 10
    assert answers.count("closed") == 10


def test_the_page_says_how_long_to_wait_and_so_does_its_header(client):
    user, began = a_user(password=PASSWORD), clock.now()
    fail(user.email, times=10)

    client.get("/sign-in")
    response = client.press("Sign in", email=user.email, password=PASSWORD)

    assert response.status_code == 429
    assert 300 - (clock.now() - began).total_seconds() <= int(response.headers["Retry-After"]) <= 300
    assert "Wait 5 minutes, then try again." in client.page.text
    assert WebSession.select().count() == 0


def test_an_address_that_a_header_claims_is_not_believed(client):
    for n in range(10):
        client.get("/sign-in")
        client.press(
            "Sign in",
            email=f"guess{n}@signpost.example",
            password="something else",
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        )

    client.get("/sign-in")
    response = client.press(
        "Sign in", email="more@signpost.example", password="x", headers={"X-Forwarded-For": "1.2.3.4"}
    )

    assert response.status_code == 429


def test_behind_a_trusted_proxy_the_address_is_the_one_it_names(make_app):
    client = browser(make_app(trusted_proxies=1))
    for n in range(11):
        client.get("/sign-in")
        response = client.press(
            "Sign in",
            email=f"guess{n}@signpost.example",
            password="something else",
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        )

    assert response.status_code == 422


def test_the_table_tells_neither_who_tried_nor_from_where(app):
    fail("sam@signpost.example", network="192.0.2.1")

    (row,) = FailedSignIn.select().dicts()
    assert "sam" not in str(row)
    assert "192.0.2.1" not in str(row)


def test_failures_that_count_no_more_are_forgotten(app):
    now = clock.now()
    with clock.at(now - timedelta(minutes=6)):
        fail("sam@signpost.example")
    fail("robin@signpost.example")

    assert throttle.forget_expired(now) == 1
    assert FailedSignIn.select().count() == 1
