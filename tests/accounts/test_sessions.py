"""How long somebody stays signed in, and what ends it."""

from datetime import timedelta

import pytest

from models import Event, Role, RoleHeld, WebSession
from signpost import clock
from signpost.accounts import sessions
from tests.conftest import browser, sign_in
from tests.factories import give


def is_signed_in(client):
    return client.get("/account").status_code == 200


def test_thirty_idle_minutes_end_a_session(client, adviser):
    sign_in(client, adviser)
    now = clock.now()

    with clock.at(now + timedelta(minutes=29)):
        assert is_signed_in(client)
    with clock.at(now + timedelta(minutes=58)):
        assert is_signed_in(client)
    with clock.at(now + timedelta(minutes=89)):
        assert not is_signed_in(client)


def test_ten_hours_end_a_session_however_busy_it_is(client, adviser):
    sign_in(client, adviser)
    now = clock.now()

    for minutes in range(0, 10 * 60, 20):
        with clock.at(now + timedelta(minutes=minutes)):
            assert is_signed_in(client)
    with clock.at(now + timedelta(hours=10)):
        assert not is_signed_in(client)


def test_being_there_is_written_down_at_most_once_a_minute(client, adviser):
    token = sign_in(client, adviser)
    began = sessions.find_open(token).last_seen_at

    with clock.at(began + timedelta(seconds=50)):
        client.get("/account")
    assert sessions.find_open(token).last_seen_at == began

    with clock.at(began + timedelta(seconds=70)):
        client.get("/account")
    assert sessions.find_open(token).last_seen_at > began


def test_a_disabled_account_is_signed_out_at_its_next_request(client, adviser):
    sign_in(client, adviser)
    assert is_signed_in(client)

    adviser.disabled_at = clock.now()
    adviser.save()

    assert not is_signed_in(client)


def test_a_role_given_or_taken_away_acts_on_the_next_request(client, counsellor):
    sign_in(client, counsellor)
    assert client.get("/referrals/inbox").status_code == 403

    give(counsellor, Role.SENIOR_ADVISER)
    assert client.get("/referrals/inbox").status_code == 200

    RoleHeld.delete().where(RoleHeld.role == Role.SENIOR_ADVISER).execute()
    assert client.get("/referrals/inbox").status_code == 403


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 5000])
def test_an_invented_token_is_nobody(client, token):
    assert sessions.find_open(token) is None
    assert sessions.owner(token) is None


def test_signing_out_everywhere_ends_every_browser_of_this_person_and_no_other(app, adviser, counsellor):
    here, there, someone_else = browser(app), browser(app), browser(app)
    for client, user in ((here, adviser), (there, adviser), (someone_else, counsellor)):
        sign_in(client, user)

    here.get("/account")
    response = here.press("Sign out everywhere")

    assert response.request.path == "/signed-out"
    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(someone_else)
    assert Event.get(Event.name == "sessions.ended").by_user == adviser


def test_only_the_hash_of_a_token_lies_in_the_database(client, adviser):
    token = sign_in(client, adviser)

    (row,) = WebSession.select().dicts()

    assert token not in str(row)
    assert len(row["token_hash"]) == 64


def test_sessions_are_deleted_thirty_days_after_their_end(app, adviser):
    now = clock.now()
    old, ended_lately, still_open = sessions.begin(adviser), sessions.begin(adviser), sessions.begin(adviser)
    with clock.at(now - timedelta(days=31)):
        sessions.end(old)
    with clock.at(now - timedelta(days=29)):
        sessions.end(ended_lately)
    with clock.at(now - timedelta(days=31)):
        forgotten = sessions.begin(adviser)

    assert sessions.delete_long_ended(now) == 2

    assert sessions.owner(old) is None
    assert sessions.owner(forgotten) is None
    assert sessions.owner(ended_lately) == adviser
    assert sessions.find_open(still_open) is not None
