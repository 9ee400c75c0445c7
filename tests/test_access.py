"""Who may use a view: closed unless it says otherwise."""

import pytest
from flask import Blueprint

from models import Role
from signpost.access import allowed_to, declared, public, roles_held, signed_in, signed_in_user
from tests.conftest import browser, sign_in
from tests.factories import a_user

bp = Blueprint("rooms", __name__)
DONE: list[str] = []


def page() -> str:
    DONE.append("done")
    return "done"


def view(name, declare=lambda view: view, rule=""):
    def made():
        return page()

    made.__name__ = name
    bp.route(rule or f"/rooms/{name}", methods=["GET", "POST"])(declare(made))


view("open", public)
view("members", signed_in)
view("advisers", allowed_to(Role.SENIOR_ADVISER, Role.GOVERNANCE))
view("forgotten")


@pytest.fixture
def app(make_app):
    app = make_app()
    app.register_blueprint(bp)
    DONE.clear()
    return app


@pytest.mark.parametrize("user", ["stranger", "somebody", "adviser"])
@pytest.mark.parametrize("method", ["get", "post", "head", "options"])
def test_a_view_that_declares_nothing_is_closed_to_everybody(app, user, method):
    client = browser(app)
    if user != "stranger":
        sign_in(client, a_user(*([Role.SENIOR_ADVISER] if user == "adviser" else [])))

    assert getattr(client, method)("/rooms/forgotten").status_code == 403
    assert DONE == []


@pytest.mark.parametrize(
    ("room", "stranger", "somebody", "adviser"),
    [("open", 200, 200, 200), ("members", 303, 200, 200), ("advisers", 303, 403, 200)],
)
def test_a_declaration_lets_in_those_it_names(app, room, stranger, somebody, adviser):
    answers = []
    for user in (None, a_user(), a_user(Role.SENIOR_ADVISER)):
        client = browser(app)
        if user:
            sign_in(client, user)
        answers.append(client.get(f"/rooms/{room}").status_code)

    assert answers == [stranger, somebody, adviser]


def test_any_one_of_the_roles_named_is_enough(app):
    client = browser(app)
    sign_in(client, a_user(Role.GOVERNANCE))

    assert client.get("/rooms/advisers").status_code == 200


def test_the_page_for_a_wrong_role_says_so_plainly_and_nothing_was_done(app):
    client = browser(app)
    sign_in(client, a_user(Role.MENTOR))

    client.get("/rooms/advisers")

    assert client.page.h1 == "You cannot use this page"
    assert DONE == []


def test_a_stranger_is_led_to_sign_in_and_back(app):
    response = browser(app).get("/rooms/members?q=one+two")

    assert response.status_code == 303
    assert response.headers["Location"] == "/sign-in?next=/rooms/members?q%3Done%2Btwo"


def test_htmx_is_led_to_sign_in_as_a_whole_page_and_back_to_the_page_it_was_on(app):
    response = browser(app).get(
        "/rooms/members", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/referrals/inbox?view=new"}
    )

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/sign-in?next=/referrals/inbox?view%3Dnew"
    assert response.data == b""


def test_htmx_cannot_be_led_elsewhere_by_what_it_says_of_itself(app):
    response = browser(app).get(
        "/rooms/members", headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/phish"}
    )

    assert response.headers["HX-Redirect"] == "/sign-in"


@pytest.mark.parametrize("header", ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
@pytest.mark.parametrize("room", ["members", "advisers", "forgotten"])
def test_no_header_of_htmx_opens_a_door(app, room, header):
    response = browser(app).get(f"/rooms/{room}", headers={header: "true", "HX-Request": "true"})

    assert response.status_code in (401, 403)
    assert DONE == []


def test_a_form_without_protection_is_not_done(app):
    client = browser(app)
    sign_in(client, a_user())

    response = client.post("/rooms/members", data={"words": "Hello there"})

    assert response.status_code == 400
    assert DONE == []


def test_a_form_with_protection_is_done_by_field_or_by_header(app):
    client = browser(app)
    sign_in(client, a_user())
    token = client.token()

    assert client.post("/rooms/members", data={"csrf_token": token}).status_code == 200
    assert client.post("/rooms/members", headers={"X-CSRFToken": token}).status_code == 200


def test_the_protection_of_another_browser_is_none(app):
    mine, theirs = browser(app), browser(app)
    sign_in(mine, a_user())
    sign_in(theirs, a_user())
    theirs.get("/account")
    mine.get("/account")

    assert mine.post("/rooms/members", data={"csrf_token": theirs.token()}).status_code == 400
    assert DONE == []


def test_an_expired_form_keeps_what_was_typed_and_can_be_sent_again(app):
    client = browser(app)
    sign_in(client, a_user())

    response = client.post(
        "/rooms/members",
        data={
            "words": "Hello <b>there</b>",
            "choice": ["a", "b"],
            "csrf_token": "stale",
            "new_password": "secret words",
        },
    )

    assert response.status_code == 400
    form = client.page.form_with("Send it again")
    assert form.action == "/rooms/members"
    assert [(name, value) for name, value in form.fields if name != "csrf_token"] == [
        ("words", "Hello <b>there</b>"),
        ("choice", "a"),
        ("choice", "b"),
    ]
    assert "secret words" not in client.page.html
    assert client.press("Send it again").data == b"done"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused_even_with_protection(app, site):
    client = browser(app)
    sign_in(client, a_user())

    response = client.post("/rooms/members", data={"csrf_token": client.token()}, headers={"Sec-Fetch-Site": site})

    assert response.status_code == 403
    assert "came from another site" in client.page.text
    assert DONE == []


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_a_form_of_this_site_is_taken(app, site):
    client = browser(app)
    sign_in(client, a_user())

    response = client.post(
        "/rooms/members", data={"csrf_token": client.token()}, headers={"Sec-Fetch-Site": site} if site else {}
    )

    assert response.status_code == 200


def test_a_link_on_another_site_may_lead_here(app):
    assert browser(app).get("/rooms/open", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_an_address_that_does_not_exist_is_not_found_by_a_stranger_either(app):
    assert browser(app).get("/rooms/nowhere").status_code == 404


def test_views_get_the_row_and_never_the_proxy(app):
    client = browser(app)
    user = a_user(Role.COUNSELLOR)
    sign_in(client, user)

    with client:
        client.get("/rooms/members")
        assert type(signed_in_user()) is type(user)
        assert signed_in_user() == user
        assert roles_held() == {Role.COUNSELLOR}


def test_a_view_for_everybody_that_asks_who_is_there_is_told_of_its_mistake(app):
    with browser(app) as client:
        client.get("/rooms/open")
        assert roles_held() == frozenset()
        with pytest.raises(RuntimeError):
            signed_in_user()


def test_a_declaration_without_roles_is_a_mistake_that_shows_at_once():
    with pytest.raises(ValueError, match="at least one role"):
        allowed_to()


def test_a_declaration_can_be_read_off_the_view():
    view = allowed_to(Role.TSG)(lambda: "")

    assert declared(view).roles == {Role.TSG}
    assert declared(lambda: "") is None
