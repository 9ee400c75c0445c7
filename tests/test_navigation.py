"""The menu leads each person only to where they may go."""

import re

import pytest

from models import ReferrerKind, Role, Setting
from signpost.layout import NAVIGATION
from signpost.referrals import actions
from tests.factories import a_referral, a_school, a_user, give


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_the_menu_opens_for_those_who_see_it(app, browser_of, role):
    user = a_user()
    kind = ReferrerKind.TPD if role == Role.REFERRER else None
    give(user, role, referrer_kind=kind, school=a_school() if role == Role.HEAD_OF_SCHOOL else None)
    client = browser_of(user)
    client.get("/account")
    seen = {words: href for words, href in client.page.links if words in {text for text, _, _ in NAVIGATION}}

    assert {"Start page", "Your account"} <= set(seen)
    for words, href in seen.items():
        assert client.get(href).status_code == 200, words


def test_a_stranger_sees_no_menu(client):
    client.get("/sign-in")

    assert not {(text, href) for text, href, _ in NAVIGATION} & set(client.page.links)


def test_the_place_where_one_is_is_marked(browser_of, adviser):
    client = browser_of(adviser)

    client.get("/account")

    assert client.page.html.count('aria-current="page"') == 1


@pytest.mark.parametrize(
    ("role", "path", "words"),
    [
        (Role.COUNSELLOR, "/meetings/day", "Meetings"),
        (Role.COUNSELLOR, "/meetings/hours/new", "My work"),
        (Role.COUNSELLOR, "/account/work/absences", "My work"),
        (Role.PROGRESSION, "/polls/new", "Finding a time"),
        (Role.SENIOR_ADVISER, "/referrals/inbox/views", "Inbox"),
        (Role.ADMINISTRATOR, "/organisation/settings", "Organisation"),
        (Role.ADMINISTRATOR, "/people/new", "People"),
        (Role.MENTOR, "/account/password", "Your account"),
    ],
)
def test_below_an_item_of_the_menu_that_item_is_marked(browser_of, role, path, words):
    client = browser_of(a_user(role))

    client.get(path)

    assert marked(client.page.html, "true") == [words]
    assert marked(client.page.html, "page") == []


def test_a_referral_lies_below_the_inbox_for_an_adviser_and_below_referrals_for_a_counsellor(
    browser_of, adviser, counsellor
):
    referral = a_referral()
    actions.assign(referral, counsellor, adviser, referral.version)

    for person, words in ((adviser, "Inbox"), (counsellor, "Referrals")):
        client = browser_of(person)
        client.get(f"/referrals/{referral.public_id}")
        assert marked(client.page.html, "true") == [words]


def test_no_item_is_marked_where_none_leads(browser_of, adviser):
    client = browser_of(adviser)

    client.get("/help")

    assert "aria-current" not in client.page.html


def marked(html, how):
    return re.findall(rf'aria-current="{how}"><strong[^>]*>([^<]+)</strong>', html)


def test_every_page_leads_to_help_and_to_the_accessibility_statement(client, browser_of, adviser):
    signed_in = browser_of(adviser)
    for reader, path in ((client, "/sign-in"), (client, "/help"), (signed_in, "/"), (client, "/no-such-page")):
        reader.get(path)
        links = dict(reader.page.links)
        for words, heading in (("Help", "Help"), ("Accessibility statement", "Accessibility statement")):
            assert reader.get(links[words]).status_code == 200
            assert reader.page.h1 == heading


def test_help_says_how_to_reach_the_team_where_that_is_known(client):
    client.get("/help")
    assert "Answer any email that Signpost sent you" in client.page.text
    Setting.create(name="team_phone", value="01632 960 001")
    Setting.create(name="adviser_mailbox", value="careers@signpost.example")
    for path in ("/help", "/statements/accessibility"):
        client.get(path)
        assert "01632 960 001" in client.page.text
        assert "careers@signpost.example" in client.page.text
