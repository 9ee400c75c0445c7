"""Third parties that pay accept the ethics first; their contracts bind us and are open to those they cover (C7, C8)."""

from datetime import timedelta

import pytest

from models import AuditEntry, Contract, FileKind, LinkPurpose, Notice, Role, Service, StatementKind
from signpost import clock
from signpost.accounts import links
from signpost.careers import actions as careers
from signpost.completion import actions as completion
from signpost.errors import RuleBroken, StaleRecord
from signpost.files import actions as files
from signpost.referrals import actions as referrals
from signpost.statements import actions, queries
from tests.factories import a_case, a_meeting, a_user, an_employer

ALL = frozenset(Service)


@pytest.fixture
def editor(app):
    return a_user(Role.GOVERNANCE, name="Gita Governance")


@pytest.fixture
def trust(app):
    return an_employer("Weald Trust")


@pytest.fixture
def case(counsellor, adviser, trust, trainee):
    return a_case(counsellor, adviser, employer=trust, trainee_email=trainee.email)


def a_contract(by, employer=None, covers=ALL, accepted=True, payer="Weald Foundation"):
    contract = actions.draw_up(payer, employer, "They pay for this.", covers, by)
    if accepted:
        accept(contract, by)
    return contract


def accept(contract, by):
    ethics = queries.now(StatementKind.ETHICS)
    actions.acknowledge(contract, ethics.public_id, "Dana Director", clock.today(), by, contract.version)


def test_an_editor_draws_one_up_and_the_payer_accepts_the_ethics_first(browser_of, editor, trust):
    browser = browser_of(editor)
    browser.get("/statements/contracts/new")
    browser.press("Save", payer="Weald Foundation", employer=trust.public_id, covers=["sessions"], words="They pay.")
    assert "This is a draft" in browser.page.text
    browser.get(f"/statements/contracts/{Contract.get().public_id}/acknowledgement")
    assert "The person we work with comes first" in browser.page.text

    today = clock.today()
    browser.press("They accepted it", who="Dana Director", **day(today))

    made = Contract.get()
    assert made.is_in_force
    assert (made.acknowledged_by, made.acknowledged_on) == ("Dana Director", today)
    assert made.ethics == queries.now(StatementKind.ETHICS)
    assert "Accepted by Dana Director" in browser.page.text
    assert [entry.action for entry in AuditEntry.select().where(AuditEntry.action.startswith("contract."))] == [
        "contract.drawn_up",
        "contract.acknowledged",
    ]


def day(value):
    return {"on-day": str(value.day), "on-month": str(value.month), "on-year": str(value.year)}


def test_before_that_it_covers_nobody(editor, trust, case, trainee):
    contract = a_contract(editor, trust, accepted=False)

    assert list(queries.covering(case)) == []
    assert contract not in queries.contracts_visible_to(trainee)
    with pytest.raises(RuleBroken, match="not in force"):
        actions.name_case(contract, case, editor)


def test_the_version_of_the_ethics_is_the_one_that_was_shown(editor):
    contract = a_contract(editor, accepted=False)
    shown = queries.now(StatementKind.ETHICS)
    actions.publish(StatementKind.ETHICS, "Other words.", editor, shown.public_id)

    with pytest.raises(StaleRecord, match="Show the payer the new version"):
        actions.acknowledge(contract, shown.public_id, "Dana Director", clock.today(), editor, contract.version)

    assert not Contract.get().is_acknowledged


def test_another_statement_cannot_stand_in_for_the_ethics(editor):
    contract = a_contract(editor, accepted=False)
    privacy = queries.now(StatementKind.PRIVACY)

    with pytest.raises(StaleRecord):
        actions.acknowledge(contract, privacy.public_id, "Dana Director", clock.today(), editor, contract.version)


def test_nobody_accepts_tomorrow_nor_twice(editor):
    contract = a_contract(editor, accepted=False)
    ethics = queries.now(StatementKind.ETHICS).public_id
    with pytest.raises(RuleBroken, match="in the future"):
        actions.acknowledge(contract, ethics, "Dana", clock.today() + timedelta(days=1), editor, contract.version)
    accept(contract, editor)

    with pytest.raises(RuleBroken, match="already"):
        actions.acknowledge(contract, ethics, "Dana", clock.today(), editor, contract.version)


def test_once_accepted_it_stays_as_it_is(browser_of, editor):
    contract = a_contract(editor)

    with pytest.raises(RuleBroken, match="stays as it is"):
        actions.redraw(contract, "Other", None, "Other.", ALL, editor, contract.version)

    assert browser_of(editor).get(f"/statements/contracts/{contract.public_id}/change").status_code == 409
    assert Contract.get().payer == "Weald Foundation"


def test_of_two_who_change_a_draft_the_second_is_told(editor, administrator):
    contract = a_contract(editor, accepted=False)
    actions.redraw(contract, "First", None, "Words.", ALL, editor, 1)

    with pytest.raises(StaleRecord):
        actions.redraw(contract, "Second", None, "Words.", ALL, administrator, 1)


def test_a_contract_that_covers_nothing_is_refused_beside_the_services(browser_of, editor):
    browser = browser_of(editor)
    browser.get("/statements/contracts/new")

    assert browser.press("Save", payer="Weald", employer="", words="They pay.", covers=None).status_code == 422
    assert "Select at least one service" in browser.page.text
    assert not Contract.select().exists()


# Who reads it


def test_the_trainees_it_covers_read_it_signed_in_and_by_link(browser_of, client, editor, trust, case, trainee):
    contract = a_contract(editor, trust, {Service.SESSIONS})
    browser = browser_of(trainee)
    browser.get(f"/referrals/{case.public_id}")
    assert "Read the contract with Weald Foundation" in browser.page.text
    token = links.make(LinkPurpose.REFERRED_TRAINEE, case.trainee_name, case.trainee_email, referral=case)

    for reader, address in (
        (browser, f"/statements/contracts/{contract.public_id}"),
        (client, f"/links/{token}/contracts/{contract.public_id}"),
    ):
        assert reader.get(address).status_code == 200
        assert "Personality and ability tests" in reader.page.text
        assert "Reports on individuals" in reader.page.text


def test_a_case_that_is_named_is_covered_whatever_its_employer(browser_of, editor, case, trainee):
    contract = a_contract(editor)
    assert browser_of(trainee).get(f"/statements/contracts/{contract.public_id}").status_code == 404
    browser = browser_of(editor)
    browser.get(f"/statements/contracts/{contract.public_id}/cases")
    assert browser.press("Name this case", reference="K4TX-29BD").status_code == 422

    browser.press("Name this case", reference=case.reference)

    assert "Cases named: 1" in browser.page.text
    assert browser_of(trainee).get(f"/statements/contracts/{contract.public_id}").status_code == 200


def test_nobody_else_reads_it(browser_of, client, editor, trust, case, referrer, head, tsg, counsellor, adviser):
    contract = a_contract(editor, trust)
    address = f"/statements/contracts/{contract.public_id}"
    others = [referrer, head, tsg, a_user(Role.TRAINEE), *(a_user(role) for role in (Role.MENTOR, Role.COMPLAINTS))]

    for person in others:
        assert browser_of(person).get(address).status_code == 404
    for person in (counsellor, adviser):
        assert browser_of(person).get(address).status_code == 200
    assert client.get(address).status_code == 303


def test_a_draft_is_read_by_those_who_write_it_alone(browser_of, editor, administrator, counsellor, adviser):
    address = f"/statements/contracts/{a_contract(editor, accepted=False).public_id}"

    assert browser_of(administrator).get(address).status_code == 200
    assert browser_of(counsellor).get(address).status_code == browser_of(adviser).get(address).status_code == 404


def test_the_link_of_another_case_does_not_open_it(client, editor, trust, case, counsellor, adviser):
    contract = a_contract(editor, trust)
    other = a_case(counsellor, adviser)
    token = links.make(LinkPurpose.REFERRED_TRAINEE, other.trainee_name, other.trainee_email, referral=other)

    assert client.get(f"/links/{token}/contracts/{contract.public_id}").status_code == 404


def test_only_editors_write_contracts(browser_of, adviser, counsellor, trainee):
    for person in (adviser, counsellor, trainee):
        assert browser_of(person).get("/statements/contracts/new").status_code == 403


# What is refused


def test_sessions_more_sessions_and_tests_are_refused_where_they_are_excluded(editor, trust, case, counsellor):
    meeting = a_meeting(case)
    a_contract(editor, trust, {Service.TESTS})

    with pytest.raises(RuleBroken, match="Weald Foundation pays for this case, and it does not cover careers sessions"):
        careers.begin(meeting, counsellor)
    with pytest.raises(RuleBroken, match="more sessions than were first agreed"):
        completion.agree_sessions(case, 4, clock.today(), counsellor, case.version)
    actions.end(Contract.get(), editor, Contract.get().version)
    assert careers.begin(meeting, counsellor)


def test_test_results_are_refused_where_tests_are_excluded_and_other_documents_are_not(
    editor, trust, case, counsellor, trainee
):
    referrals.accept(case, by=trainee)
    case = type(case).get_by_id(case.id)
    a_contract(editor, trust, {Service.SESSIONS})

    with pytest.raises(RuleBroken, match="personality and ability tests"):
        files.add(case, FileKind.TEST_RESULTS, "results.pdf", b"", counsellor)


def test_what_one_of_two_contracts_covers_is_given(editor, trust, case, counsellor):
    a_contract(editor, trust, {Service.TESTS})
    a_contract(editor, trust, {Service.SESSIONS}, payer="Another")

    assert careers.begin(a_meeting(case), counsellor)


def test_a_case_without_a_contract_is_not_limited(case, counsellor):
    assert careers.begin(a_meeting(case), counsellor)


def test_whoever_pays_is_sent_nothing_at_all(editor, trust, case):
    before = Notice.select().count()
    contract = a_contract(editor, trust)
    actions.name_case(contract, case, editor)
    actions.end(contract, editor, contract.version)

    assert Notice.select().count() == before
