"""Addresses, answers, fragments and headers."""

import pytest
from flask import Blueprint, Flask, request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from models import School
from signpost import web
from signpost.access import public
from signpost.fields import new_public_id
from tests.conftest import browser
from tests.factories import a_school

bp = Blueprint("web_rooms", __name__)


@bp.get("/things/<public_id:thing_id>")
@public
def thing(thing_id):
    return thing_id


@bp.route("/kind-of-request", methods=["GET", "POST"])
@public
def kind_of_request():
    return "part" if web.wants_fragment() else "page"


@pytest.fixture
def app(make_app):
    app = make_app()
    app.register_blueprint(bp)
    return app


# Public ids


def test_a_public_id_stands_in_an_address_in_either_case(client):
    assert client.get("/things/bcdf2346").data == b"bcdf2346"
    assert client.get("/things/BCDF2346").data == b"bcdf2346"


def test_every_public_id_we_make_fits_its_own_address(client):
    for _ in range(20):
        made = new_public_id()
        assert client.get(f"/things/{made}").text == made


@pytest.mark.parametrize(
    "thing_id",
    [
        "1",
        "9223372036854775808",
        "bcdf234",
        "bcdf23467",
        "aeiou234",
        "bcdf%002346",
        "bcdf-2346",
        "..%2fbcdf2",
        "ſcdf2346",
    ],
)
def test_anything_else_is_no_such_page(client, thing_id):
    assert client.get(f"/things/{thing_id}").status_code == 404


def test_a_row_outside_what_this_person_may_see_is_not_found(app):
    mine, other = a_school(), a_school()
    visible = School.select().where(School.id == mine.id)

    assert web.get_object_or_404(visible, School.public_id == mine.public_id) == mine
    with pytest.raises(NotFound):
        web.get_object_or_404(visible, School.public_id == other.public_id)


# Pages and parts


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, "page"),
        ({"HX-Request": "true"}, "part"),
        ({"HX-Request": "true", "HX-Request-Type": "partial"}, "part"),
        ({"HX-Request": "true", "HX-Request-Type": "full"}, "page"),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "page"),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "page"),
        ({"HX-History-Restore-Request": "true"}, "page"),
        ({"HX-Request": "yes"}, "page"),
        ({"HX-Boosted": "true"}, "page"),
    ],
)
def test_only_htmx_that_wants_a_part_gets_one(client, headers, wanted):
    assert client.get("/kind-of-request", headers=headers).data.decode() == wanted


# Safe addresses


@pytest.mark.parametrize("path", ["/", "/referrals/new", "/referrals?q=one&view=all", "/a//b", "/x?next=//evil"])
def test_a_path_of_this_site_is_followed(path):
    assert web.safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *("", None, "evil.example", "//evil.example", "///evil.example", "https://evil.example", "javascript:alert(1)"),
        *("/\\evil.example", "\\\\evil.example", "/\\/evil.example", "/\t/evil.example", "/\r\nSet-Cookie: a=b"),
        *("/ /evil.example", "\x00/evil", "/\x7f/evil.example", "/\xa0/evil", "/\x85/x", " /referrals", "//[", "./x"),
    ],
)
def test_anything_that_could_lead_elsewhere_is_not(path):
    assert web.safe_next(path) == "/"
    assert web.safe_next(path, "/home") == "/home"


@given(st.text(alphabet="/\\.:@?#%ab\t\r\n \x00", max_size=12))
def test_what_is_followed_always_begins_with_one_slash_and_holds_no_trick(path):
    followed = web.safe_next(path)
    assert followed.startswith("/")
    assert not followed.startswith(("//", "/\\"))
    assert "\\" not in followed
    assert all(character > " " for character in followed)


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ({}, "/"),
        ({"Referer": "http://localhost/referrals/new?a=b"}, "/referrals/new?a=b"),
        ({"Referer": "http://evil.example/referrals"}, "/"),
        ({"Referer": "http://localhost//evil.example"}, "/"),
        ({"Referer": "http://["}, "/"),
        ({"HX-Current-URL": "http://localhost/inbox", "Referer": "http://localhost/other"}, "/inbox"),
    ],
)
def test_where_a_request_came_from_is_a_path_of_this_site_or_the_start_page(headers, path):
    with Flask(__name__).test_request_context(headers=headers):
        assert web.came_from() == path


# What was typed


def test_what_was_typed_is_kept_but_for_protection_and_passwords():
    sent = {"name": "Sam", "choice": ["a", "b"], "csrf_token": "t", "referral-csrf_token": "t", "new_password": "p"}
    with Flask(__name__).test_request_context(method="POST", data=sent):
        assert web.typed() == [("name", "Sam"), ("choice", "a"), ("choice", "b")]
        assert request.form["new_password"] == "p"


def test_ids_and_keys_are_kept_but_not_shown():
    fields = [
        ("trainee_name", "Sam"),
        ("school", "bcdf2346"),
        ("submission_key", "x" * 43),
        ("version", "3"),
        ("a", ""),
    ]

    assert [label for _, label, _ in web.labelled(fields)] == ["Trainee name", "", "", "", ""]


# Headers


def test_every_answer_says_what_a_browser_may_do_with_it(client):
    headers = client.get("/sign-in").headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "HX-Request" in headers["Vary"]
    assert "Server" not in headers or "Signpost" not in headers["Server"]


@pytest.mark.parametrize("path", ["/nowhere", "/healthz", "/account", "/readyz"])
def test_so_does_every_other_answer(client, path):
    headers = client.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_https_is_asked_for_only_where_the_site_has_it(make_app):
    plain = browser(make_app()).get("/healthz")
    safe = browser(make_app(public_url="https://signpost.example")).get("/healthz")

    assert "Strict-Transport-Security" not in plain.headers
    assert safe.headers["Strict-Transport-Security"].startswith("max-age=")


def test_our_own_files_may_be_kept_by_the_browser(client):
    response = client.get("/static/signpost.css")

    assert response.status_code == 200
    assert "no-store" not in response.headers.get("Cache-Control", "")


def test_a_proxy_is_believed_only_where_one_is_trusted(make_app):
    claimed = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}

    untrusting = browser(make_app()).get(
        "/account", headers=claimed | {"HX-Request": "true", "HX-Current-URL": "https://evil.example/a"}
    )
    trusting = browser(make_app(trusted_proxies=1)).get(
        "/account", headers=claimed | {"HX-Request": "true", "HX-Current-URL": "https://evil.example/a"}
    )

    assert untrusting.headers["HX-Redirect"] == "/sign-in"
    assert trusting.headers["HX-Redirect"] == "/sign-in?next=/a"
