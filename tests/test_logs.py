"""What is logged, and what never is."""

import json
import logging

import pytest
from flask import Blueprint

from signpost.access import public
from signpost.request_id import request_id
from tests.conftest import browser, sign_in

bp = Blueprint("logged", __name__)


@bp.post("/logged/<token>")
@public
def act(token):
    its_local_value = "a local secret"
    raise ValueError(f"the value {token} and {its_local_value}")


@pytest.fixture
def app(make_app):
    app = make_app(testing=False)
    app.register_blueprint(bp)
    return app


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]


def test_a_request_is_one_line_of_json_with_its_rule_and_how_it_went(client, capsys):
    response = client.get("/referrals/bcdf2346?q=Sam+Secret")

    (line,) = lines(capsys)
    assert line["rule"] == "/referrals/<public_id:referral_id>"
    assert line["endpoint"] == "referrals.show"
    assert (line["method"], line["status"], line["person"]) == ("GET", 303, None)
    assert line["ms"] >= 0
    assert line["request_id"] == response.headers["X-Request-Id"]


def test_neither_paths_nor_searches_nor_words_are_logged(client, capsys):
    client.submit("/logged/personal-token?q=Sam+Secret", request="A confidential thought")
    client.get("/no/such/personal-token")

    text = json.dumps(lines(capsys))
    for secret in ("personal-token", "Sam", "confidential", "local secret", "the value"):
        assert secret not in text


def test_an_exception_is_logged_by_type_and_frames(client, capsys):
    client.submit("/logged/personal-token")

    (line,) = [line for line in lines(capsys) if "exceptions" in line]
    (exception,) = line["exceptions"]
    assert exception["type"] == "builtins.ValueError"
    assert any("tests/test_logs.py" in frame and frame.endswith(" act") for frame in exception["frames"])


def test_a_person_has_the_same_pseudonym_on_every_line(client, adviser, capsys):
    sign_in(client, adviser)
    client.get("/account")
    client.get("/account")

    first, second = lines(capsys)
    assert first["person"] == second["person"]
    assert len(first["person"]) == 12
    assert adviser.public_id not in json.dumps(first)
    assert adviser.name not in json.dumps(first)


def test_each_request_has_its_own_id_and_none_is_taken_from_outside(app):
    client = browser(app)

    ids = {client.get("/healthz", headers={"X-Request-Id": "mine"}).headers["X-Request-Id"] for _ in range(20)}

    assert len(ids) == 20
    assert "mine" not in ids
    assert request_id.get() == ""


def test_the_life_sign_is_not_logged(client, capsys):
    client.get("/healthz")

    assert lines(capsys) == []


def test_a_line_break_in_what_is_logged_stays_within_its_line(client, capsys):
    logging.getLogger("signpost").warning("first\nsecond", extra={"found": "a\r\nb"})

    (line,) = lines(capsys)
    assert line["message"] == "first\nsecond"
    assert line["found"] == "a\r\nb"


def test_the_development_server_keeps_its_access_log_to_itself(client, capsys):
    werkzeug = logging.getLogger("werkzeug")
    werkzeug.warning('%s - - [%s] "GET /links/personal-token HTTP/1.1"', "127.0.0.1", "now")
    werkzeug.warning("Running on http://127.0.0.1")

    assert [line["message"] for line in lines(capsys)] == ["Running on http://127.0.0.1"]


@pytest.mark.parametrize("name", ["peewee", "flask_wtf.csrf", "mail.log", "urllib3"])
def test_what_libraries_say_in_passing_is_not_logged(app, capsys, name):
    logging.getLogger(name).debug("a secret")
    logging.getLogger(name).info("a secret")

    assert lines(capsys) == []
