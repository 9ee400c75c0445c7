"""Who looks after a page publishes it: looked at first, in versions, without a link that leads nowhere."""

import pytest

from models import AuditEntry, Event, GuidanceAddress, GuidanceVersion, Role
from signpost.guidance import queries
from signpost.guidance.forms import BODY_LENGTH
from tests.factories import a_user

PAGE = "/guidance/careers-session/preparing"
EDIT = f"{PAGE}/edit"


def body():
    return queries.guide().by_key["careers-session/preparing"].body


@pytest.fixture
def at_desk(adviser, browser_of):
    browser = browser_of(adviser)
    browser.get(EDIT)
    return browser


def test_the_owner_previews_then_publishes(at_desk, client):
    at_desk.press("Preview", body=body() + "\n\n## New\n\n<script>alert(1)</script>")
    assert "This is how the page will read." in at_desk.page.text
    assert GuidanceVersion.select().count() == 0
    at_desk.press("Publish")

    assert at_desk.page.h1 == "Preparing for a session"
    seen = client.get(PAGE).get_data(as_text=True)
    assert '<h2 id="new">New</h2>' in seen
    assert "<script>alert" not in seen
    version = GuidanceVersion.get()
    assert (version.number, version.page, version.published_by.name) == (1, "careers-session/preparing", "Alex Adviser")
    assert Event.select().where(Event.name == "guidance.published").count() == 1
    assert AuditEntry.select().where(AuditEntry.action == "guidance.published").count() == 1


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ((Role.SENIOR_ADVISER,), 200),
        ((Role.GOVERNANCE,), 200),
        ((Role.RTT_TEAM,), 403),
        ((Role.PROGRESSION,), 403),
        ((Role.ADMINISTRATOR,), 403),
        ((Role.TRAINEE,), 403),
        ((Role.ADMINISTRATOR, Role.SENIOR_ADVISER), 200),
    ],
)
@pytest.mark.parametrize("path", [EDIT, f"{PAGE}/versions", f"{PAGE}/versions/file"])
def test_only_the_owner_and_governance_change_a_page(browser_of, roles, status, path):
    assert browser_of(a_user(*roles)).get(path).status_code == status


def test_an_administrator_cannot_publish_and_nothing_is_written(browser_of, administrator):
    browser = browser_of(administrator)
    answer = browser.submit(EDIT, title="x", summary="x", slug="x", body="x", seen="0", step="publish")

    assert answer.status_code == 403
    assert GuidanceVersion.select().count() == 0


def test_governance_alone_changes_the_glossary(browser_of, governance, adviser, client):
    assert browser_of(adviser).get("/guidance/glossary/edit").status_code == 403
    browser = browser_of(governance)
    browser.get("/guidance/glossary/edit")
    browser.press("Preview", body="## Mentor\n\nSomebody beside you.\n\n## Returner\n\nBack.")
    browser.press("Publish")

    client.get("/guidance/glossary")
    assert "Somebody beside you." in client.page.text


def test_taking_a_used_term_out_of_the_glossary_is_refused(browser_of, governance):
    browser = browser_of(governance)
    browser.get("/guidance/glossary/edit")
    browser.press("Preview", body="## Returner\n\nBack.")
    browser.press("Publish")

    assert "“How a session is built” links to glossary:mentor, which would be gone." in browser.page.text
    assert GuidanceVersion.select().count() == 0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("[x](page:careers-session/nothing)", "“page:careers-session/nothing” leads nowhere"),
        ("[x](page:careers-session/structure#gone)", "“page:careers-session/structure#gone” leads nowhere"),
        ("[x](#gone)", "“#gone” leads nowhere"),
        ("[x](glossary:gone) [y](#gone)", "“glossary:gone” and “#gone” lead nowhere"),
    ],
)
def test_a_broken_link_is_refused_and_named(at_desk, words, named):
    at_desk.press("Preview", body=f"{body()}\n\n{words}")
    answer = at_desk.press("Publish")

    assert answer.status_code == 422
    assert named in at_desk.page.text
    assert GuidanceVersion.select().count() == 0


def test_the_preview_says_already_which_link_is_broken(at_desk):
    at_desk.press("Preview", body=f"{body()}\n\n[x](#gone)")

    assert "cannot be published yet: #gone" in at_desk.page.text


def test_a_heading_that_another_page_leads_to_stays(at_desk):
    at_desk.press("Preview", body="## Another room\n\nWords.")
    answer = at_desk.press("Publish")

    assert answer.status_code == 422
    assert "“How a session is built” links to page:careers-session/preparing#a-quiet-room" in at_desk.page.text


def test_a_page_of_one_megabyte_is_refused_in_a_clear_sentence(at_desk):
    answer = at_desk.press("Preview", body="word " * 200_000)

    assert answer.status_code == 422
    assert "The page must be 60,000 characters or fewer. It is 999,999 characters." in at_desk.page.text
    assert GuidanceVersion.select().count() == 0


def test_a_page_that_is_too_long_is_refused_with_how_long_it_is(at_desk):
    answer = at_desk.press("Preview", body="x" * (BODY_LENGTH + 1))

    assert answer.status_code == 422
    assert "The page must be 60,000 characters or fewer. It is 60,001 characters." in at_desk.page.text


def test_two_who_write_at_once_do_not_overwrite_each_other(at_desk, governance, browser_of):
    other = browser_of(governance)
    other.get(EDIT)
    at_desk.press("Preview", summary="Mine.")
    at_desk.press("Publish")
    other.press("Preview", summary="Theirs.")
    answer = other.press("Publish")

    assert answer.status_code == 409
    assert "Somebody published this page while you were writing." in other.page.text
    assert "Theirs." in other.page.text
    assert [row.summary for row in GuidanceVersion.select()] == ["Mine."]


def test_publishing_the_words_that_stand_is_refused(at_desk):
    at_desk.press("Preview")
    answer = at_desk.press("Publish")

    assert answer.status_code == 422
    assert "nothing to publish" in at_desk.page.text


def test_an_earlier_version_is_brought_back_as_the_next_one(at_desk, client):
    at_desk.press("Preview", summary="Changed.")
    at_desk.press("Publish")
    at_desk.get(f"{PAGE}/versions")
    assert "by Alex Adviser: this one stands" in at_desk.page.text
    at_desk.get(f"{PAGE}/versions/file")
    at_desk.press("Publish this version again")

    client.get(PAGE)
    assert "A quiet place, and an hour." in client.page.text
    assert [row.number for row in GuidanceVersion.select().order_by(GuidanceVersion.number)] == [1, 2]
    at_desk.get(f"{PAGE}/versions/{GuidanceVersion.get(GuidanceVersion.number == 1).public_id}")
    assert "Changed." in at_desk.page.text


@pytest.mark.parametrize(("number", "status"), [("9", 409), ("x", 400), ("", 400)])
def test_a_version_that_is_not_there_is_not_brought_back(at_desk, number, status):
    assert at_desk.submit(f"{PAGE}/restoration", number=number, seen="0").status_code == status
    assert GuidanceVersion.select().count() == 0


def rename(browser, slug):
    browser.get(EDIT)
    browser.press("Preview", slug=slug)
    return browser.press("Publish")


def test_a_renamed_page_keeps_its_old_address(at_desk, client):
    rename(at_desk, "before-a-session")

    assert client.get(PAGE).headers["Location"] == "/guidance/careers-session/before-a-session"
    assert client.get("/guidance/careers-session/before-a-session").status_code == 200
    linking = client.get("/guidance/careers-session/structure").get_data(as_text=True)
    assert 'href="/guidance/careers-session/before-a-session#a-quiet-room"' in linking


def test_every_address_that_a_page_had_leads_to_where_it_is_now(at_desk, client):
    rename(at_desk, "second-name")
    rename(at_desk, "third-name")

    for old in ("preparing", "second-name"):
        answer = client.get(f"/guidance/careers-session/{old}")
        assert answer.headers["Location"] == "/guidance/careers-session/third-name"


def test_a_page_may_take_its_own_earlier_address_again(at_desk, client):
    rename(at_desk, "second-name")
    rename(at_desk, "preparing")

    assert client.get(PAGE).status_code == 200
    assert client.get("/guidance/careers-session/second-name").headers["Location"] == PAGE
    assert [row.address for row in GuidanceAddress.select()] == ["careers-session/second-name"]


@pytest.mark.parametrize(
    ("slug", "why"),
    [
        ("structure", "has this address"),
        ("shape", "or had it once"),
        ("Two words", "small letters, figures and hyphens"),
        ("../x", "small letters, figures and hyphens"),
        ("pdf", "small letters, figures and hyphens"),
    ],
)
def test_an_address_that_is_taken_or_none_is_refused(at_desk, slug, why):
    answer = rename(at_desk, slug)

    assert answer.status_code == 422
    assert why in at_desk.page.text
    assert GuidanceVersion.select().count() == 0


def test_other_words_in_a_newer_signpost_are_pointed_out(at_desk):
    at_desk.press("Preview", summary="Changed.")
    at_desk.press("Publish")
    GuidanceVersion.update(file_digest="0" * 64).execute()
    at_desk.get(f"{PAGE}/versions")

    assert "The page as it comes with Signpost has changed since your last version." in at_desk.page.text
