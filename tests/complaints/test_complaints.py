"""Complaints are known to those on their access list alone, the person complained about excluded (C11)."""

from datetime import timedelta

import pytest

from models import (
    AuditEntry,
    Complaint,
    ComplaintAccess,
    ComplaintDisclosure,
    ComplaintState,
    LinkPurpose,
    Notice,
    PersonalLink,
    Role,
    RoleHeld,
    Setting,
    db,
)
from signpost import clock, due
from signpost.accounts import links
from signpost.complaints import actions, falling_due, queries
from signpost.errors import RuleBroken, StaleRecord
from signpost.notices import delivery
from signpost.notices import queries as notices
from signpost.referrals import queries as referrals
from signpost.subject_access import held
from tests.factories import a_case, a_user, give

WORDS = "They were late three times and never said sorry."
SECRET = "zebra crossing"


@pytest.fixture
def lead(app):
    return a_user(Role.COMPLAINTS, name="Carol Complaints")


@pytest.fixture
def governance(app):
    return a_user(Role.GOVERNANCE, name="Glen Governance")


@pytest.fixture
def somebody(app):
    return a_user(Role.MENTOR, name="Sam Somebody")


@pytest.fixture
def complaint(lead, governance, somebody):
    return actions.complain(f"{WORDS} {SECRET}", "The counsellor", [], somebody)


def fresh(complaint):
    return Complaint.get_by_id(complaint.id)


# Raising one


def test_anyone_signed_in_raises_one_and_sees_how_it_stands(browser_of, lead, somebody):
    browser = browser_of(somebody)
    browser.get("/complaints/new")

    browser.press("Send the complaint", words=WORDS, about="")

    assert browser.page.h1 == "Complaints"
    made = Complaint.get()
    assert queries.handlers_of(made) == [lead]
    browser.get(f"/complaints/{made.public_id}")
    assert browser.page.h1 == "Your complaint"
    assert WORDS in browser.page.text


def test_a_trainee_raises_one_by_their_personal_link_and_sees_it_there(client, lead, counsellor, adviser):
    case = a_case(counsellor, adviser)
    token = links.make(LinkPurpose.REFERRED_TRAINEE, case.trainee_name, case.trainee_email, referral=case)
    client.get(f"/links/{token}")
    assert "make a complaint" in client.page.text
    client.get(f"/links/{token}/complaints")

    client.press("Send the complaint", words=WORDS, about="")

    assert "Received" in client.page.text
    assert WORDS in client.page.text
    other = a_case(counsellor, adviser)
    elsewhere = links.make(LinkPurpose.REFERRED_TRAINEE, other.trainee_name, other.trainee_email, referral=other)
    client.get(f"/links/{elsewhere}/complaints")
    assert WORDS not in client.page.text


def test_nothing_entered_is_refused_and_nothing_is_kept(browser_of, lead, somebody):
    browser = browser_of(somebody)
    browser.get("/complaints/new")

    assert browser.press("Send the complaint", words="", about="x").status_code == 422
    assert not Complaint.select().exists()


def test_what_was_written_lies_sealed(complaint):
    for table in ("complaint", "event", "audit_entry", "notice"):
        assert SECRET not in str(list(db.execute_sql(f"SELECT * FROM {table}")))  # noqa: S608


# Who gets it


def test_a_complaint_about_the_only_lead_goes_to_the_governance_lead(lead, governance, somebody):
    made = actions.complain(WORDS, "", [lead], somebody)

    assert queries.handlers_of(made) == [governance]
    assert made not in queries.handled_by(lead)


def test_one_about_one_of_two_leads_goes_to_the_other(lead, governance, somebody):
    second = a_user(Role.COMPLAINTS)

    assert queries.handlers_of(actions.complain(WORDS, "", [lead], somebody)) == [second]


@pytest.mark.parametrize("about", ["carol COMPLAINTS", " Carol  Complaints "])
def test_whoever_is_named_in_words_does_not_get_it_either(lead, governance, somebody, about):
    assert queries.handlers_of(actions.complain(WORDS, about, [], somebody)) == [governance]
    assert queries.handlers_of(actions.complain(WORDS, lead.email, [], somebody)) == [governance]


def test_a_lead_who_complains_does_not_handle_it(lead, governance):
    made = actions.complain(WORDS, "", [], lead)

    assert queries.handlers_of(made) == [governance]
    assert made in queries.raised_by(lead)


def test_where_it_is_about_everybody_who_could_take_it_it_is_refused_with_words(browser_of, lead, governance, somebody):
    browser = browser_of(somebody)
    browser.get("/complaints/new")

    response = browser.press("Send the complaint", words=WORDS, concerned=[lead.public_id, governance.public_id])

    assert response.status_code == 422
    assert "ask for somebody who is not concerned" in browser.page.text
    assert WORDS in response.get_data(as_text=True)
    assert not Complaint.select().exists()
    assert not Notice.select().exists()


def test_the_one_it_is_about_never_comes_to_handle_it(complaint, lead, governance):
    about = a_user(Role.COMPLAINTS)
    actions.found_to_concern(complaint, about, lead)

    with pytest.raises(RuleBroken, match="about them"):
        actions.add_handler(complaint, about, lead)

    ComplaintAccess.create(complaint=complaint, user=about, given_at=clock.now())
    assert complaint not in queries.handled_by(about)
    assert queries.handlers_of(complaint) == [lead]


def test_a_handler_whom_it_turns_out_to_be_about_loses_it_to_another(complaint, lead, governance):
    actions.found_to_concern(complaint, lead, governance)

    assert queries.handlers_of(complaint) == [governance]
    assert complaint not in queries.handled_by(lead)


def test_nobody_is_left_without_somebody_to_handle_it(lead, somebody):
    made = actions.complain(WORDS, "", [], somebody)

    with pytest.raises(RuleBroken, match="Nobody else"):
        actions.found_to_concern(made, lead, lead)
    assert queries.handlers_of(made) == [lead]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SENIOR_ADVISER, Role.COUNSELLOR])
def test_only_roles_for_it_are_added(complaint, lead, role):
    with pytest.raises(RuleBroken, match="Only those who handle"):
        actions.add_handler(complaint, a_user(role), lead)


def test_whoever_raised_it_is_not_added(complaint, lead, somebody):
    give(somebody, Role.COMPLAINTS)

    with pytest.raises(RuleBroken, match="they raised it"):
        actions.add_handler(complaint, somebody, lead)


def test_without_the_role_the_access_list_opens_nothing(browser_of, complaint, lead):
    RoleHeld.delete().where(RoleHeld.user == lead).execute()

    assert browser_of(lead).get(f"/complaints/{complaint.public_id}").status_code == 404


def test_what_nobody_handles_any_more_is_given_to_who_handles_complaints_now(complaint, lead, governance):
    RoleHeld.delete().where(RoleHeld.user == lead).execute()
    later = a_user(Role.COMPLAINTS)
    assert later not in queries.handlers_of(complaint)

    assert due.run(clock.now())["complaints with nobody to handle them"] == 1

    assert queries.handlers_of(complaint) == [later]
    assert due.run(clock.now())["complaints with nobody to handle them"] == 0


# Step by step


def test_it_is_acknowledged_looked_into_answered_and_closed_in_this_order(browser_of, complaint, lead, somebody):
    browser = browser_of(lead)
    browser.get(f"/complaints/{complaint.public_id}")

    browser.press("Acknowledge it")
    browser.press("Begin to look into it")
    assert browser.press("Send the answer", answer="").status_code == 422
    browser.press("Send the answer", answer="You are right, and we are sorry.")
    browser.press("Close it")

    assert fresh(complaint).state == ComplaintState.CLOSED
    reader = browser_of(somebody)
    reader.get(f"/complaints/{complaint.public_id}")
    assert "You are right, and we are sorry." in reader.page.text
    assert "Notes" not in reader.page.text


@pytest.mark.parametrize("to", [state for state in ComplaintState if state != ComplaintState.ACKNOWLEDGED])
def test_no_step_comes_before_the_last(complaint, lead, to):
    with pytest.raises(RuleBroken, match="not the next step"):
        actions.move_on(complaint, to, lead, complaint.version, "An answer.")

    assert fresh(complaint).state == ComplaintState.RECEIVED


def test_of_two_handlers_the_second_is_told(complaint, lead):
    other = fresh(complaint)
    actions.move_on(complaint, ComplaintState.ACKNOWLEDGED, lead, 1)

    with pytest.raises((StaleRecord, RuleBroken)):
        actions.move_on(other, ComplaintState.ACKNOWLEDGED, lead, 1)


def test_a_closed_one_takes_no_more_notes_and_disclosures(complaint, lead):
    Complaint.update(state=ComplaintState.CLOSED).execute()

    with pytest.raises(RuleBroken, match="closed"):
        actions.note(fresh(complaint), "x", lead)
    with pytest.raises(RuleBroken, match="closed"):
        actions.disclose(fresh(complaint), None, "Pat", "x", "y", lead)


def test_whoever_handles_it_is_reminded_once_before_thirty_days_are_over(complaint, lead):
    def run(days):
        return due.run(clock.now() + timedelta(days=days))["complaints not acknowledged yet"]

    assert (complaint.acknowledge_by - clock.today()).days == 30
    assert [run(days) for days in (0, 20, 25, 26, 31)] == [0, 0, 1, 0, 0]
    assert Notice.select().where(Notice.kind == "complaint_waiting").count() == 2


def test_no_reminder_of_one_that_was_acknowledged(complaint, lead):
    actions.move_on(complaint, ComplaintState.ACKNOWLEDGED, lead, 1)

    assert due.run(clock.now() + timedelta(days=29))["complaints not acknowledged yet"] == 0


# Disclosing


def test_one_person_is_told_these_words_and_no_more(browser_of, complaint, lead, counsellor):
    browser = browser_of(lead)
    browser.get(f"/complaints/{complaint.public_id}/disclosure")
    told = {"email": counsellor.email, "name": "", "words": "Somebody waited for you.", "why": "To hear your side."}
    browser.press("Check what they are told", **told)
    assert "Chris Counsellor reads this in Signpost" in browser.page.text
    assert not ComplaintDisclosure.select().exists()

    browser.press("Disclose this", **told)

    made = ComplaintDisclosure.get()
    reader = browser_of(counsellor)
    text = reader.get(f"/complaints/disclosures/{made.public_id}").get_data(as_text=True)
    assert "Somebody waited for you." in text
    assert "To hear your side." not in text
    assert SECRET not in text
    assert reader.get(f"/complaints/{complaint.public_id}").status_code == 404
    assert "To hear your side." in browser.get(f"/complaints/{complaint.public_id}").get_data(as_text=True)


def test_somebody_else_does_not_read_what_one_person_was_told(browser_of, complaint, lead, counsellor, somebody):
    made = actions.disclose(complaint, counsellor, "", "Words.", "Why.", lead)

    for other in (somebody, lead, a_user(Role.COUNSELLOR)):
        assert browser_of(other).get(f"/complaints/disclosures/{made.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("email", "name", "words"),
    [
        ("", "", "and not both"),
        ("person@nowhere.example", "", "No account has this address"),
        ("person@nowhere.example", "Pat", "and not both"),
    ],
)
def test_a_disclosure_names_one_person(browser_of, complaint, lead, email, name, words):
    browser = browser_of(lead)
    browser.get(f"/complaints/{complaint.public_id}/disclosure")

    response = browser.press("Check what they are told", email=email, name=name, words="W.", why="Y.")

    assert response.status_code == 422
    assert words in browser.page.text


def test_whoever_has_no_account_is_told_in_person_and_it_is_kept(complaint, lead):
    before = Notice.select().count()

    actions.disclose(complaint, None, "Pat Person", "Words.", "Why.", lead)

    assert Notice.select().count() == before
    assert ComplaintDisclosure.get().to_name == "Pat Person"


# Nobody else knows


def test_letters_say_nothing(complaint, lead, counsellor, app, mailbox):
    actions.disclose(complaint, counsellor, "", "Words.", "Why.", lead)
    actions.move_on(complaint, ComplaintState.ACKNOWLEDGED, lead, complaint.version)
    with app.app_context():
        delivery.send_due()

    letters = [f"{received.subject}\n{received.text}" for received in mailbox.received]
    assert len(letters) == 4
    for letter in letters:
        assert "omplain" not in letter.replace("/complaints", "").replace(lead.name, "")
        for secret in (SECRET, "late three times", "Words.", complaint.public_id):
            assert secret not in letter


@pytest.fixture
def others(adviser, referrer, head, tsg, trainee, administrator, counsellor):
    roles = (Role.RTT_TEAM, Role.TRAINING_OFFICER, Role.MEETING_CHAIR, Role.PROGRESSION, Role.UNIVERSITY)
    more = [a_user(role) for role in roles]
    return [adviser, referrer, head, tsg, trainee, administrator, counsellor, *more]


def test_nobody_else_finds_it_anywhere(browser_of, complaint, governance, others):
    """The lead of another complaint, the governance lead included: lists, pages, audit, search, messages."""
    late = a_user(Role.COMPLAINTS)
    addresses = ["/", "/complaints", f"/complaints/{complaint.public_id}", "/notices", "/account", "/referrals"]
    addresses += ["/audit", "/audit/export", f"/audit?reference={complaint.public_id}", "/people", "/referrals/inbox"]
    for person in (*others, governance, late):
        browser = browser_of(person)
        for address in addresses:
            text = browser.get(address).get_data(as_text=True)
            assert complaint.public_id not in text.replace(f'value="{complaint.public_id}"', "")
            assert SECRET not in text
            assert "For you to handle" not in text
            assert "Complaint raised" not in text
        assert browser.get(f"/complaints/{complaint.public_id}").status_code == 404
        assert browser.submit(f"/complaints/{complaint.public_id}/notes", words="x").status_code == 404


def test_the_answer_for_one_that_is_there_is_the_answer_for_one_that_is_not(browser_of, complaint, counsellor):
    browser = browser_of(counsellor)

    there = browser.get(f"/complaints/{complaint.public_id}").get_data(as_text=True)
    assert there == browser.get("/complaints/bcdfghjk").get_data(as_text=True)


def test_the_audit_shows_it_to_its_handlers_and_no_gap_to_others(browser_of, lead, governance, somebody):
    hidden = actions.complain(WORDS, "", [], somebody)
    mine = actions.complain(WORDS, "", [lead], somebody)
    browser = browser_of(governance)

    text = browser.get("/audit").get_data(as_text=True)
    exported = browser.get("/audit/export").get_data(as_text=True)

    for seen in (text, exported):
        assert f"Complaint {mine.public_id[:4]}-{mine.public_id[4:]}".upper() in seen.upper()
        assert f"{hidden.public_id[:4]}-{hidden.public_id[4:]}".upper() not in seen.upper()
    numbers = {str(entry.n) for entry in AuditEntry.select()}
    assert not {row.split(",")[0] for row in exported.splitlines()} & numbers


def test_messages_about_it_are_in_no_ledger_and_in_no_count(complaint, adviser, administrator):
    Notice.update(state="failed").execute()

    assert not notices.visible_to(adviser).exists()
    assert notices.health().failed == notices.health().queued == 0


def test_it_is_in_no_history_of_a_case(client, lead, counsellor, adviser):
    case = a_case(counsellor, adviser)
    token = links.make(LinkPurpose.REFERRED_TRAINEE, case.trainee_name, case.trainee_email, referral=case)
    before = len(referrals.events_of(case))

    actions.complain(WORDS, counsellor.name, [], links.find(token))

    assert len(referrals.events_of(case)) == before


def test_each_look_is_kept(browser_of, complaint, lead):
    browser_of(lead).get(f"/complaints/{complaint.public_id}")

    entry = AuditEntry.select().where(AuditEntry.action == "complaint.read").get()
    assert entry.actor == f"user:{lead.public_id}"


def test_days_are_a_setting(lead, somebody):
    Setting.create(name="complaint_acknowledge_days", value="10")

    made = actions.complain(WORDS, "", [], somebody)

    assert (made.acknowledge_by - clock.today()).days == 10


def test_pressing_twice_is_pressing_once(complaint, lead, somebody, counsellor):
    again = actions.complain(f"{WORDS} {SECRET}", "The counsellor", [], somebody)
    for _ in range(2):
        actions.note(complaint, "Rang them.", lead)
        actions.disclose(complaint, counsellor, "", "Words.", "Why.", lead)

    assert again == complaint
    assert Complaint.select().count() == ComplaintDisclosure.select().count() == len(queries.notes_of(complaint)) == 1


def test_a_bundle_of_what_is_held_about_somebody_tells_its_reviewer_nothing_of_it(
    complaint, lead, somebody, counsellor
):
    actions.disclose(complaint, counsellor, "", "Words.", "Why.", lead)

    for person in (somebody, lead, counsellor):
        rows = [str(row) for kind in held.kinds() for row in held.rows_of(kind, held.Subject(person.email))]
        assert rows
        assert not [
            row for row in rows if "omplaint" in row.replace("Carol Complaints", "").replace("'complaints'", "")
        ]


def test_an_answer_without_words_is_refused_and_nothing_is_answered(complaint, lead):
    actions.move_on(complaint, ComplaintState.ACKNOWLEDGED, lead, 1)
    actions.move_on(fresh(complaint), ComplaintState.LOOKED_INTO, lead, 2)
    with pytest.raises(RuleBroken, match="Write the answer first"):
        actions.move_on(fresh(complaint), ComplaintState.ANSWERED, lead, 3)

    assert fresh(complaint).state == ComplaintState.LOOKED_INTO


def test_a_link_of_another_case_or_of_another_address_shows_none_of_it(lead, counsellor, adviser):
    """A case may have had the wrong address first: whoever has that link is somebody else."""
    case, other = (a_case(counsellor, adviser, trainee_email="sam@trainees.example") for _ in range(2))

    def link(referral, email):
        token = links.make(LinkPurpose.REFERRED_TRAINEE, "Sam", email, referral=referral)
        return PersonalLink.get(PersonalLink.token_hash == links.hash_of(token))

    own, again = link(case, case.trainee_email), link(case, case.trainee_email)
    made = actions.complain(WORDS, "", [], own)

    assert list(queries.raised_through(again)) == [made], "by a newer link it is still theirs"
    assert list(queries.raised_through(link(other, case.trainee_email))) == []
    assert list(queries.raised_through(link(case, "somebody.else@trainees.example"))) == []


def test_a_lead_who_complained_is_not_given_their_own_when_those_who_handled_it_have_left(lead, governance):
    made = actions.complain(WORDS, "", [], lead)
    assert queries.handlers_of(made) == [governance]
    RoleHeld.delete().where(RoleHeld.user == governance).execute()
    falling_due.reroute(clock.now())

    assert queries.handlers_of(made) == []
    assert list(queries.handled_by(lead)) == []


def test_the_start_page_of_who_handles_it_says_how_many_there_are_and_nothing_more(
    browser_of, lead, somebody, complaint
):
    text = browser_of(lead).get("/").get_data(as_text=True)
    assert "1 complaint to look after" in text
    assert SECRET not in text
    assert "to look after" not in browser_of(somebody).get("/").get_data(as_text=True)

    actions.complain(WORDS, lead.name, [], somebody)
    assert "1 complaint to look after" in browser_of(lead).get("/").get_data(as_text=True)
