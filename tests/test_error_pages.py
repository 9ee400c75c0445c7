"""What a reader sees when something does not work."""

from pathlib import Path

import pytest
from flask import Blueprint, abort
from peewee import OperationalError
from werkzeug.exceptions import TooManyRequests

from models import School, db
from signpost.access import public
from signpost.errors import RuleBroken, StaleRecord
from tests import databases
from tests.conftest import browser
from tests.databases import only_sqlite
from tests.factories import a_school

bp = Blueprint("trouble", __name__)
WRITTEN_ON_THE_WAY = "This must not stay"


@bp.route("/trouble/<kind>", methods=["GET", "POST"])
@public
def trouble(kind):
    if kind == "rule":
        raise RuleBroken("This referral is closed, so nobody can be assigned to it.")
    if kind == "stale":
        raise StaleRecord("Somebody else changed this first.")
    if kind == "fault":
        with db.atomic():
            School.create(name=WRITTEN_ON_THE_WAY)
            raise KeyError("a secret of somebody")
    if kind == "slow":
        raise TooManyRequests(retry_after=90)
    if kind == "locked":
        raise OperationalError("database is locked")
    if kind == "no-table":
        raise OperationalError("no such table: referral")
    if kind == "words":
        abort(422, "The 31st of June is no day.")
    abort(int(kind))


@pytest.fixture
def app(make_app):
    app = make_app(testing=False)
    app.register_blueprint(bp)
    return app


@pytest.mark.parametrize(
    ("kind", "status", "heading"),
    [
        ("400", 400, "Signpost could not read that"),
        ("403", 403, "You cannot use this page"),
        ("404", 404, "Page not found"),
        ("413", 413, "That is too large to send"),
        ("415", 415, "Signpost could not read that"),
        ("422", 422, "Check what you sent"),
        ("429", 429, "Too many tries"),
        ("rule", 409, "That cannot be done now"),
        ("stale", 409, "That cannot be done now"),
        ("locked", 503, "Signpost is busy"),
        ("fault", 500, "Sorry, something went wrong"),
        ("no-table", 500, "Sorry, something went wrong"),
        ("500", 500, "Sorry, something went wrong"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_each_trouble_has_a_whole_page_in_plain_words(client, kind, status, heading, headers):
    response = client.get(f"/trouble/{kind}", headers=headers)

    assert response.status_code == status
    assert client.page.is_whole
    assert client.page.h1 == heading
    assert "Traceback" not in client.page.html
    if headers:
        assert response.headers["HX-Retarget"] == "#page"
        assert response.headers["HX-Reselect"] == "#page"
        assert response.headers["HX-Push-Url"] == "false"


def test_an_address_that_is_not_there_is_a_page_too(client):
    assert client.get("/no/such/page").status_code == 404
    assert client.page.h1 == "Page not found"


PRESSED_TWICE = "the first may have done what you wanted"


@pytest.mark.parametrize("address", ["/trouble/404", "/no/such/page", "/trouble/rule", "/trouble/stale"])
def test_a_second_press_is_told_that_the_first_may_have_done_it(client, address):
    client.get(address)
    assert PRESSED_TWICE not in client.page.text

    client.post(address, data={"csrf_token": client.token()}, headers={"Referer": "http://localhost/meetings/hours"})
    assert PRESSED_TWICE in client.page.text
    assert "/meetings/hours" in client.page.html, "the way back"


def test_no_page_of_another_site_is_the_way_back_from_what_is_not_there(client):
    client.post("/no/such/page", data={"csrf_token": client.token()}, headers={"Referer": "https://else.example/x"})

    assert PRESSED_TWICE in client.page.text
    assert "else.example" not in client.page.html


def test_a_wrong_method_says_what_is_allowed(client):
    response = client.get("/sign-out")

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert client.page.h1 == "This address is only used by a form"


def test_a_broken_rule_is_told_in_its_own_words_with_the_way_back(client):
    client.get("/trouble/rule", headers={"Referer": "http://localhost/referrals/inbox"})

    assert "This referral is closed, so nobody can be assigned to it." in client.page.text
    assert client.page.link("Go back") == "/referrals/inbox"


def test_what_was_typed_when_somebody_else_was_first_can_be_copied(client):
    client.submit("/trouble/stale", words="A long thought.\n\nAnd another.")

    assert "Somebody else changed this first." in client.page.text
    assert "A long thought." in client.page.text


def test_the_words_of_a_refusal_are_shown(client):
    client.get("/trouble/words")

    assert "The 31st of June is no day." in client.page.text


def test_waiting_is_said_in_the_page_and_in_the_header(client):
    response = client.get("/trouble/slow")

    assert response.headers["Retry-After"] == "90"
    assert "Wait 2 minutes" in client.page.text


def test_a_fault_gives_a_reference_and_keeps_its_secrets(client, capsys):
    response = client.get("/trouble/fault")

    assert response.headers["X-Request-Id"] in client.page.text
    assert "secret" not in client.page.html
    assert "KeyError" not in client.page.html
    assert not School.select().where(School.name == WRITTEN_ON_THE_WAY).exists()
    logged = capsys.readouterr().err
    assert response.headers["X-Request-Id"] in logged
    assert "KeyError" in logged
    assert "secret" not in logged


def test_a_locked_database_says_nothing_was_saved_and_keeps_what_was_typed(client):
    response = client.submit("/trouble/locked", words="A long thought.")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "nothing has been changed" in client.page.text
    assert client.page.form_with("Send it again").value("words") == "A long thought."


def test_a_database_that_is_really_locked_is_told_so_and_nothing_is_written(app, config):
    client = browser(app)
    school = a_school()
    token = client.token()
    with databases.somebody_else_is_writing(config.database_url):
        response = client.post("/sign-in", data={"csrf_token": token, "email": "a@signpost.example", "password": "x"})

    assert response.status_code == 503
    assert School.select().count() == 1
    assert School.get() == school


@only_sqlite
def test_the_page_for_a_fault_needs_no_database(app, config):
    client = browser(app)
    db.close()
    Path(config.database_url.removeprefix("sqlite:///")).write_bytes(b"this is not a database")

    response = client.get("/sign-in")

    assert response.status_code == 500
    assert client.page.h1 == "Sorry, something went wrong"


def test_more_than_a_form_may_hold_is_not_read(make_app):
    client = browser(make_app(form_bytes=10_000))

    response = client.post("/sign-in", data={"email": "x" * 20_000})

    assert response.status_code == 413
    assert client.page.h1 == "That is too large to send"


def test_more_fields_than_a_form_may_have_are_not_read(client):
    response = client.post("/sign-in", data={f"field{n}": "x" for n in range(300)}, content_type="multipart/form-data")

    assert response.status_code == 413


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"not a form", "multipart/form-data; boundary=x"),
        (b'{"email": "a@signpost.example"}', "application/json"),
        (b"<xml/>", "text/xml"),
        (b"", ""),
    ],
)
def test_what_is_no_form_changes_nothing_and_breaks_nothing(client, data, content_type):
    response = client.post("/sign-in", data=data, content_type=content_type)

    assert response.status_code == 400
