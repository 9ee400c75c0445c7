"""Addresses that were typed, guessed, cut or taken from somebody else: a clean refusal, never a fault."""

import re
from urllib.parse import quote

import pytest
from flask import Flask

from models import Referral, ReferrerKind, Role
from tests import factories
from tests.bad_input import nasty
from tests.bad_input.conftest import Sit
from tests.browser.every_page import World
from tests.conftest import browser, sign_in
from tests.unchanged import everything

WRONG_IDS = [
    "9223372036854775808",
    "-1",
    "0",
    "%00",
    "bcdfghj%00",
    quote("日本語の紹介番"),
    quote("ſſſſſſſſ"),
    quote("٣٤٥٦٧٨٩٢"),
    "b" * 5_000,
    "BCDFGHJK",
    "bcdfghjk",
    "bcdfghjk%0A",
    "..%2f..%2fetc",
    "%ff%fe",
    "%C0%80",
    "{{7*7}}",
    "' OR 1=1",
]
FIXED = re.compile(r'<any\("?([a-z_-]+)[^)]*\):[^<>]+>')  # one of a few words: the first of them will do
PARAMETER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
EVERY_ROLE = "everyone"


@pytest.fixture
def everyone(app: Flask, world: World) -> Sit:
    """Somebody who holds every role there is, so that no address is refused for want of one."""
    user = factories.a_user(*set(Role) - {Role.REFERRER, Role.HEAD_OF_SCHOOL}, name="Every Role")
    factories.give(user, Role.REFERRER, referrer_kind=ReferrerKind.EDUCATIONAL_SUPERVISOR)
    factories.give(user, Role.HEAD_OF_SCHOOL, school=factories.a_school())
    made = browser(app)
    sign_in(made, user)
    return lambda who: made


def rules_with_ids(app: Flask) -> list[tuple[str, str]]:
    """Each method and address of the site that names a record."""
    skipped = {"static", "fails"}
    return [
        (method, FIXED.sub(r"\1", rule.rule))
        for rule in app.url_map.iter_rules()
        if (rule.endpoint not in skipped and "_id>" in rule.rule) or ":token>" in rule.rule
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def test_no_id_that_was_tampered_with_is_a_fault_or_finds_anything(app: Flask, everyone: Sit) -> None:
    client = everyone(EVERY_ROLE)
    token, wrong = client.token(), []
    before = {name: rows for name, rows in everything().items() if name != "WebSession"}
    rules = rules_with_ids(app)
    assert len(rules) > 60
    for method, rule in rules:
        for each in WRONG_IDS:
            path = PARAMETER.sub(lambda _, each=each: each, rule)  # type: ignore[misc]
            response = client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
            # A link for a password says that it is over; ending what is ended already is no error (and changes nothing).
            usual = {400, 404, 405} | ({410} if "password" in path else {303} if path.endswith("/end") else set())
            if response.status_code not in usual:
                wrong.append(f"{method} {path[:80]}: {response.status_code}")
            if nasty.INSIDES.search(response.get_data(as_text=True)):
                wrong.append(f"{method} {path[:80]}: shows our insides")
    assert wrong == []
    assert {name: rows for name, rows in everything().items() if name != "WebSession"} == before


def test_an_id_may_be_typed_in_capitals(world: World, sit: Sit) -> None:
    assert sit("adviser").get(f"/referrals/{world.named['waiting'].upper()}").status_code == 200


def test_a_referral_of_somebody_else_is_not_there(world: World, sit: Sit) -> None:
    referral = world.named["closed"]
    notice = Referral.get(Referral.public_id == referral).notices.get().public_id
    for who in ("fresh_referrer", "trainee", "quiet_counsellor", "mentor", "chair", "administrator"):
        client = sit(who)
        token = {"csrf_token": client.token()}
        for step in ("", "/sent", "/concerns", "/withdrawal", "/release", "/refusal", "/times"):
            assert client.get(f"/referrals/{referral}{step}").status_code == 404, (who, step)
        for step in ("/concerns", "/withdrawal", "/release", "/refusal", "/acceptance", "/times"):
            assert client.post(f"/referrals/{referral}{step}", data=token).status_code == 404, (who, step)
        assert client.post(f"/notices/{notice}/copies", data=token).status_code in (403, 404), who


def test_what_is_asked_of_an_id_of_another_kind_is_not_there(world: World, sit: Sit) -> None:
    """The id of a meeting where a referral's belongs, and so on."""
    for who, path in (
        ("adviser", "/referrals/{met}"),
        ("counsellor", "/meetings/{waiting}"),
        ("administrator", "/people/{school}"),
        ("administrator", "/organisation/schools/{employer}"),
        ("chair", "/polls/{group}"),
        ("", "/links/{met_link}/meetings/{kept}/confirmation"),
        ("", "/links/{poll_link}"),
        ("", "/polls/answer/{link}"),
    ):
        assert sit(who).get(path.format(**world.named)).status_code == 404, path


def test_a_wrong_method_is_a_page_that_says_so(app: Flask, everyone: Sit, world: World) -> None:
    """For every address: what it does not allow is refused, and nothing of it is done."""
    client, adapter = everyone(EVERY_ROLE), app.url_map.bind("localhost")
    token = client.token()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("static", "fails"):
            continue
        path = PARAMETER.sub("bcdfghjk", FIXED.sub(r"\1", rule.rule))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(adapter.allowed_methods(path)):
            response = client.open(path, method=method, data={"csrf_token": token})
            assert response.status_code == 405, f"{method} {path}: {response.status_code}"
            assert client.page.h1 == "This address is only used by a form", f"{method} {path}"


def test_an_inbox_address_of_nonsense_shows_the_inbox(world: World, sit: Sit) -> None:
    client = sit("adviser")
    response = client.get(
        "/referrals/inbox?view=x&sort=y&after=z&before=z&waiting=999&concern=maybe&open=&school=1&junk=1"
    )
    assert response.status_code == 200
    assert client.page.h1
    assert client.get("/referrals/inbox?open=bcdfghjk").status_code == 404
    assert client.get("/referrals/inbox?open=%00").status_code == 404
    assert client.get("/referrals/inbox?view=all&view=closed&q=" + "x" * 4_000).status_code == 200
