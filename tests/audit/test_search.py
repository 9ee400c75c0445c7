"""The governance lead searches the audit; each look is kept; nothing confidential stands in it (5, C9)."""

import csv
import io
from datetime import timedelta

import pytest

from models import AuditEntry, ReferrerKind, Role, db
from signpost import clock
from signpost.audit import record, search
from signpost.formatting import safe_cell
from signpost.referrals import actions, record_access
from tests.factories import a_case, a_referral, a_user, give
from tests.tampering import tamper


@pytest.fixture
def lead(app):
    return a_user(Role.GOVERNANCE, name="Gita Governance")


@pytest.fixture
def browser(browser_of, lead):
    return browser_of(lead)


def add(action="person.signed_in", actor="user:bcdf2346", about="user:bcdf2346", **facts):
    with db.atomic():
        record.add(action, actor=actor, acting_as="account holder", record=about, facts=facts)


def test_an_entry_is_told_in_words_by_name_and_reference(browser, counsellor, adviser):
    case = a_case(counsellor, adviser)

    browser.get("/audit")

    text = browser.page.text
    assert "Alex Adviser" in text
    assert "Referral assigned" in text
    assert f"Referral {case.reference}" in text
    assert "counsellor: Chris Counsellor" in text


def test_it_says_which_part_of_a_record_was_read(browser, counsellor, adviser):
    record_access.note_reading(a_case(counsellor, adviser), counsellor, "the discussion form")

    browser.get("/audit")
    assert "what: the discussion form" in browser.page.text


def test_what_stands_in_a_record_does_not_stand_in_the_audit(browser, counsellor, adviser):
    case = a_case(counsellor, adviser, request="A very private plan.")
    other = a_user(Role.COUNSELLOR)
    with clock.at(clock.now() + timedelta(minutes=5)):
        actions.assign(case, other, adviser, case.version, "They fell out over Thursday")

    for address in ("/audit", "/audit/export"):
        text = browser.get(address).get_data(as_text=True)
        for words in (case.trainee_name, case.trainee_email, "private plan", "Thursday"):
            assert words not in text


def test_it_is_searched_by_action_person_record_and_period(browser, counsellor, adviser):
    with clock.at(clock.now() - timedelta(days=40)):
        early = a_referral()
    case = a_case(counsellor, adviser)
    since = (clock.today() - timedelta(days=2)).isoformat()

    def shown(query):
        browser.get(f"/audit?{query}")
        return browser.page.text.partition("Record")[2]

    assert "Referral sent" in shown("action=referral.sent")
    assert f"Referral {early.reference}" in shown(f"reference={early.reference}")
    assert f"Referral {case.reference}" not in shown(f"reference={early.reference}")
    assert f"Referral {case.reference}" in shown("person=alex+adviser")
    assert f"Referral {early.reference}" not in shown("person=alex+adviser")
    assert f"Referral {early.reference}" not in shown(f"since={since}")
    assert f"Referral {early.reference}" in shown(f"until={since}")
    assert "No entry fits this search" in browser.get("/audit?person=nobody+at+all").get_data(as_text=True)


@pytest.mark.parametrize("query", ["since=soon", "action=nothing", "before=x", "after=%00", "until=9999-99-99"])
def test_what_the_address_does_not_understand_is_left_out(browser, query):
    assert browser.get(f"/audit?{query}").status_code == 200


def test_long_lists_have_pages_both_ways(app):
    for n in range(search.PAGE * 2 + 10):
        add(step=n)

    first = search.page(search.Asked())
    second = search.page(read(first.older))
    third = search.page(read(second.older))

    assert [len(one.lines) for one in (first, second, third)] == [50, 50, 10]
    assert (first.newer, third.older) == ("", "")
    assert search.page(read(third.newer)).lines == second.lines
    steps = [line.facts for page in (first, second, third) for line in page.lines]
    assert steps == [f"step: {n}" for n in range(109, -1, -1)]


def read(address):
    pairs = (pair.split("=") for pair in address.partition("?")[2].split("&"))
    return search.Asked.read(dict(pairs))


def test_each_look_is_kept_with_what_was_asked_and_not_what_was_typed(browser, lead, adviser):
    browser.get("/audit?person=Alex&action=referral.sent")

    entry = AuditEntry.select().order_by(AuditEntry.n.desc()).get()
    assert (entry.action, entry.actor) == ("audit.read", f"user:{lead.public_id}")
    assert adviser.public_id in entry.facts_json
    assert "Alex" not in entry.facts_json


def test_the_export_is_kept_and_no_cell_is_a_formula(browser, browser_of):
    evil = a_user(Role.SENIOR_ADVISER, name='=HYPERLINK("http://evil.example","x")')
    add("person.signed_in", f"user:{evil.public_id}", f"user:{evil.public_id}")

    response = browser.get("/audit/export")

    assert response.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[0][0] == "Moment (UTC)"
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert AuditEntry.select().where(AuditEntry.action == "audit.exported").count() == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_a_formula_is_shown_as_text(text):
    assert safe_cell(text) == f"'{text}"


def test_verify_now_says_what_audit_verify_says(browser):
    for step in range(4):
        add(step=step)
    browser.get("/audit")
    browser.press("Verify now")
    assert "The audit holds" in browser.page.text

    tamper("UPDATE audit_entry SET actor = 'user:vwxz2346' WHERE n = 2")
    browser.get("/audit")
    browser.press("Verify now")

    assert "The audit is broken. Entry 2 does not fit" in browser.page.text
    kept = [entry.facts_json for entry in AuditEntry.select().where(AuditEntry.action == "audit.verified")]
    assert kept == ['{"holds": true}', '{"holds": false}']


@pytest.mark.parametrize("role", [role for role in Role if role != Role.GOVERNANCE])
def test_nobody_else_reads_it(browser_of, role):
    somebody = a_user()
    more = {"referrer_kind": ReferrerKind.TPD} if role == Role.REFERRER else {}
    if role != Role.HEAD_OF_SCHOOL:
        give(somebody, role, **more)
    other = browser_of(somebody)

    assert other.get("/audit").status_code == 403
    assert other.get("/audit/export").status_code == 403
    assert other.submit("/audit/verification").status_code == 403
    assert not AuditEntry.select().where(AuditEntry.action.startswith("audit.")).exists()
