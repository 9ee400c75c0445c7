"""Whether the process lives, and whether it can work."""

from datetime import timedelta

from models import Notice, Role
from signpost import clock
from tests.conftest import browser
from tests.factories import a_referral, a_user


def test_it_lives(client):
    response = client.get("/healthz")

    assert (response.status_code, response.data) == (200, b"ok\n")


def test_it_is_ready_when_everything_is_in_place(client, monkeypatch):
    monkeypatch.setattr("signpost.health.vendor_urls", lambda: {"css": "/x.css"})

    response = client.get("/readyz")

    assert (response.status_code, response.data) == (200, b"ready\n")


def test_it_is_not_ready_before_its_tables_are(make_app, tmp_path):
    response = browser(make_app(database_url=f"sqlite:///{tmp_path}/empty.db")).get("/readyz")

    assert response.status_code == 503
    assert "flask db-upgrade" in response.text


def test_it_is_not_ready_without_its_static_files(client, monkeypatch):
    monkeypatch.setattr("signpost.health.vendor_urls", lambda: None)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "make setup" in response.text


def test_a_message_that_waits_for_too_long_asks_for_the_worker_and_names_nobody(client, monkeypatch):
    monkeypatch.setattr("signpost.health.vendor_urls", lambda: {"css": "/x.css"})
    a_user(Role.SENIOR_ADVISER)
    referral = a_referral(trainee_name="Sam Secret")
    assert client.get("/readyz").status_code == 200

    with clock.at(clock.now() + timedelta(minutes=15)):
        response = client.get("/readyz")

    assert Notice.select().count()
    assert response.status_code == 503
    assert "A message has been due for 15 minutes" in response.text
    assert "Sam" not in response.text
    assert referral.public_id not in response.text
