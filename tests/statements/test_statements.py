"""Statements in versions: readable by everybody, written by two roles, and kept as they were seen (C1, A18)."""

import pytest

from models import AuditEntry, Role, Statement, StatementKind
from signpost.careers import actions as careers
from signpost.errors import RuleBroken, StaleRecord
from signpost.statements import actions, queries
from signpost.statements.forms import TITLES
from tests.factories import a_case, a_session, a_user

NEW = "## Our promise\n\nWhat you say stays here.\n\n* Always\n* And <b>plainly</b>"


@pytest.fixture
def editor(app):
    return a_user(Role.GOVERNANCE, name="Gita Governance")


@pytest.mark.parametrize("kind", StatementKind)
def test_everybody_reads_each_of_them_without_signing_in(client, kind):
    assert client.get(f"/statements/{kind}").status_code == 200

    assert client.page.h1 == TITLES[kind]


def test_the_confidentiality_statement_tells_its_limits(client):
    text = client.get("/statements/confidentiality").get_data(as_text=True)

    for limit in ("safety of patients", "no time to tell you first", "law requires", "lets your employer know"):
        assert limit in text


def test_the_footer_of_every_page_leads_to_them(client):
    text = client.get("/sign-in").get_data(as_text=True)

    for kind in ("confidentiality", "privacy", "accessibility"):
        assert f'href="/statements/{kind}"' in text


def test_an_editor_looks_at_a_new_version_before_it_is_published(browser_of, editor, client):
    browser = browser_of(editor)
    browser.get("/statements/service/edit")

    browser.press("Preview", words=NEW)

    assert "This is how version 2 will read" in browser.page.text
    assert queries.now(StatementKind.SERVICE).number == 1
    browser.press("Publish version 2", words=NEW)
    assert browser.page.h1 == "Statement of service"
    html = client.get("/statements/service").get_data(as_text=True)
    assert "<h2>Our promise</h2>" in html
    assert "&lt;b&gt;plainly" in html
    assert AuditEntry.select().where(AuditEntry.action == "statement.published").count() == 1


def test_an_earlier_version_stays_readable(client, editor):
    before = queries.now(StatementKind.PRIVACY)
    actions.publish(StatementKind.PRIVACY, NEW, editor, before.public_id)

    text = client.get(f"/statements/privacy/{before.public_id}").get_data(as_text=True)

    assert "This notice says what we keep about you" in text
    assert "Read the version that stands now" in text


def test_a_version_stands_under_its_own_kind_alone(client):
    service = queries.now(StatementKind.SERVICE)

    assert client.get(f"/statements/privacy/{service.public_id}").status_code == 404
    assert client.get("/statements/secrets").status_code == 404


def test_of_two_editors_the_second_is_told_and_keeps_their_words(browser_of, editor, administrator):
    first, second = browser_of(editor), browser_of(administrator)
    first.get("/statements/service/edit")
    second.get("/statements/service/edit")
    first.press("Preview", words=NEW)
    first.press("Publish version 2", words=NEW)

    second.press("Preview", words="Mine.")
    response = second.press("Publish version", words="Mine, which took an hour.")

    assert response.status_code == 409
    assert "Mine, which took an hour." in response.get_data(as_text=True)
    assert queries.versions(StatementKind.SERVICE).count() == 2


def test_the_same_words_are_no_new_version(editor):
    before = queries.now(StatementKind.SERVICE)

    with pytest.raises(RuleBroken, match="nothing to publish"):
        actions.publish(StatementKind.SERVICE, before.words, editor, before.public_id)


def test_a_version_that_was_not_the_last_cannot_be_built_on(editor):
    with pytest.raises(StaleRecord):
        actions.publish(StatementKind.SERVICE, NEW, editor, "bcdfghjk")

    assert Statement.select().where(Statement.kind == "service").count() == 1


def test_empty_words_are_refused(browser_of, editor):
    browser = browser_of(editor)
    browser.get("/statements/service/edit")

    assert browser.press("Preview", words="").status_code == 422
    assert "Enter the words" in browser.page.text


@pytest.mark.parametrize("role", [role for role in Role if role not in queries.EDITORS])
def test_nobody_else_writes_them(browser_of, role):
    browser = browser_of(a_user(role) if role != Role.REFERRER and role != Role.HEAD_OF_SCHOOL else a_user())

    assert browser.get("/statements/service/edit").status_code == 403


def test_what_was_explained_is_the_version_that_was_seen(editor, counsellor, adviser):
    """A new version is published between the page and the button (A18)."""
    session = a_session(a_case(counsellor, adviser), counsellor)
    seen = queries.now(StatementKind.CONFIDENTIALITY)
    actions.publish(StatementKind.CONFIDENTIALITY, NEW, editor, seen.public_id)

    careers.explain(session, counsellor, seen.public_id)

    assert session.explained == seen


def test_the_workspace_says_which_version_was_seen(browser_of, editor, counsellor, adviser):
    session = a_session(a_case(counsellor, adviser), counsellor)
    browser = browser_of(counsellor)
    browser.get(f"/careers-sessions/{session.public_id}")
    seen = queries.now(StatementKind.CONFIDENTIALITY)
    actions.publish(StatementKind.CONFIDENTIALITY, NEW, editor, seen.public_id)

    browser.press("I have explained this")

    assert type(session).get_by_id(session.id).explained == seen
