"""Breaking confidentiality: decided, told, contacted, closed; each step impossible before the last (A19, A20)."""

import pytest
from peewee import IntegrityError

from models import AuditEntry, Breach, Event, Ground, Notice, NoticeRecipient, Role, RoleHeld, School, Told
from signpost import clock
from signpost.confidentiality import breaches, queries
from signpost.errors import RuleBroken
from signpost.notices import actions as notices
from signpost.notices import delivery
from signpost.notices.permissions import PERMISSIONS
from signpost.referrals import record_access
from tests.factories import a_head, a_user, give


@pytest.fixture
def decided(case, counsellor):
    return breaches.decide(case, Ground.PATIENT_SAFETY, "", "zanzibar", counsellor)


@pytest.fixture
def told_in_person(decided, counsellor):
    breaches.tell(decided, Told.IN_PERSON, "I said so.", counsellor)
    return fresh(decided)


def fresh(breach):
    return Breach.get_by_id(breach.id)


def told(event):
    found = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).join(Event, on=Notice.event)
    return {(one.notice.kind, one.address, one.permission) for one in found.where(Event.name == event)}


def steps(breach):
    found = fresh(breach)
    return (breaches.told_at(found) is not None, found.contacted_at is not None, found.closed_at is not None)


# In its order


def test_decided_told_contacted_and_closed(told_in_person, head, counsellor):
    breaches.contact_head(told_in_person, head, "timbuktu", counsellor)
    breaches.close(fresh(told_in_person), counsellor)

    assert steps(told_in_person) == (True, True, True)
    assert told("breach.head_contacted") == {("concern_raised", head.email, "A20-head")}
    found = fresh(told_in_person)
    assert {found.decided_by, found.told_by, found.contacted_by, found.closed_by} == {counsellor}
    assert found.decided_at <= found.told_at <= found.contacted_at <= found.closed_at


def test_nothing_confidential_stands_in_a_message_an_event_or_the_audit(told_in_person, head, counsellor):
    breaches.contact_head(told_in_person, head, "timbuktu", counsellor)
    rows = [one.text for one in Notice.select()]
    rows += [one.facts_json for table in (Event, AuditEntry) for one in table.select()]

    assert not any(word in row for row in rows for word in ("zanzibar", "timbuktu", "I said so"))


def test_the_head_is_not_contacted_before_the_trainee_was_told(decided, head, counsellor):
    with pytest.raises(RuleBroken, match="Tell the trainee first"):
        breaches.contact_head(decided, head, "Concern.", counsellor)
    assert steps(decided) == (False, False, False)
    assert told("breach.head_contacted") == set()


def test_no_message_to_the_head_is_permitted_before_the_trainee_was_told(decided, head, counsellor):
    decided.head = head
    assert not PERMISSIONS["A20-head"].holds(decided, head.email)
    breaches.tell(decided, Told.IN_PERSON, "I said so.", counsellor)
    breaches.contact_head(decided, head, "Concern.", counsellor)

    assert PERMISSIONS["A20-head"].holds(fresh(decided), head.email)


def test_a_message_that_is_on_its_way_is_tried_and_not_told(app, decided, head, counsellor, trainee, mailbox):
    breaches.tell(decided, Told.MESSAGE, "zanzibar", counsellor)
    assert told("breach.message_sent") == {("breach_told", trainee.email, "A20-trainee")}
    with pytest.raises(RuleBroken, match="not arrived"):
        breaches.contact_head(fresh(decided), head, "Concern.", counsellor)

    with app.app_context():
        delivery.send_due()
    assert len(mailbox.to(trainee.email)) >= 1
    breaches.contact_head(fresh(decided), head, "Concern.", counsellor)
    assert steps(decided) == (True, True, False)


def test_a_message_that_did_not_arrive_tells_nobody_and_another_way_remains(
    app, decided, head, counsellor, trainee, mailbox
):
    breaches.tell(decided, Told.MESSAGE, "Words.", counsellor)
    mailbox.refuse = {trainee.email: "550 5.1.1 no such user"}
    with app.app_context():
        delivery.send_due()

    with pytest.raises(RuleBroken, match="not arrived"):
        breaches.contact_head(fresh(decided), head, "Concern.", counsellor)
    breaches.tell(fresh(decided), Told.TELEPHONE, "I rang.", counsellor)
    breaches.contact_head(fresh(decided), head, "Concern.", counsellor)
    assert steps(decided) == (True, True, False)


def test_it_is_not_closed_before_the_head_was_contacted(told_in_person, counsellor):
    with pytest.raises(RuleBroken, match="has not been contacted"):
        breaches.close(told_in_person, counsellor)


def test_the_database_itself_keeps_the_order(decided, head):
    for columns in ({"contacted_at": clock.now(), "head": head}, {"closed_at": clock.now()}):
        with pytest.raises(IntegrityError):
            Breach.update(**columns).where(Breach.id == decided.id).execute()


def test_it_can_be_called_off_until_the_head_was_contacted_and_then_no_step_follows(told_in_person, head, counsellor):
    breaches.call_off(told_in_person, counsellor)
    with pytest.raises(RuleBroken, match="over"):
        breaches.contact_head(fresh(told_in_person), head, "Concern.", counsellor)
    assert told("breach.head_contacted") == set()


def test_after_the_head_was_contacted_it_is_not_called_off(told_in_person, head, counsellor):
    breaches.contact_head(told_in_person, head, "Concern.", counsellor)

    with pytest.raises(RuleBroken, match="cannot be called off"):
        breaches.call_off(fresh(told_in_person), counsellor)


def test_two_presses_decide_once_and_write_to_the_trainee_once(case, counsellor, decided):
    assert breaches.decide(case, Ground.PATIENT_SAFETY, "", "zanzibar", counsellor) == decided
    for _ in range(2):
        breaches.tell(fresh(decided), Told.MESSAGE, "Words.", counsellor)
    assert Breach.select().count() == 1
    assert Event.select().where(Event.name == "breach.message_sent").count() == 1


def test_a_message_that_was_sent_again_and_arrived_has_told_them(app, decided, counsellor, trainee, mailbox):
    breaches.tell(decided, Told.MESSAGE, "Words.", counsellor)
    mailbox.refuse = {trainee.email: "550 5.1.1 no such user"}
    with app.app_context():
        delivery.send_due()
    mailbox.refuse = {}
    assert breaches.told_at(fresh(decided)) is None
    assert not breaches.is_on_its_way(decided)

    notices.send_again(Notice.get(Notice.kind == "breach_told"), counsellor)
    assert breaches.is_on_its_way(decided)
    with app.app_context():
        delivery.send_due()
    assert breaches.told_at(fresh(decided)) is not None


def test_told_twice_is_told_once(told_in_person, counsellor):
    with pytest.raises(RuleBroken, match="told already"):
        breaches.tell(told_in_person, Told.TELEPHONE, "Again.", counsellor)


# Grounds and people


def test_a_legal_requirement_names_its_law(case, counsellor):
    """C5."""
    with pytest.raises(RuleBroken, match="Name the law"):
        breaches.decide(case, Ground.LEGAL_REQUIREMENT, " ", "Reason.", counsellor)
    assert (
        breaches.decide(case, Ground.LEGAL_REQUIREMENT, breaches.LAWS[0], "Reason.", counsellor).law == breaches.LAWS[0]
    )


def test_without_a_reason_nothing_is_decided(case, counsellor):
    with pytest.raises(RuleBroken, match="what concerns you"):
        breaches.decide(case, Ground.TRAINEE_SAFETY, "", " ", counsellor)
    assert not Breach.select().exists()


def test_only_who_holds_the_case_takes_any_step(case, told_in_person, adviser, referrer, head):
    for one in (adviser, referrer, head, a_user(Role.COUNSELLOR)):
        for act in (
            lambda by: breaches.decide(case, Ground.TRAINEE_SAFETY, "", "Reason.", by),
            lambda by: breaches.tell(told_in_person, Told.IN_PERSON, "Words.", by),
            lambda by: breaches.contact_head(told_in_person, head, "Concern.", by),
            lambda by: breaches.close(told_in_person, by),
            lambda by: breaches.call_off(told_in_person, by),
        ):
            with pytest.raises(RuleBroken, match="Only those who hold"):
                act(one)


def test_only_a_head_of_that_school_is_told_and_never_one_who_is_the_trainee(told_in_person, counsellor, trainee, case):
    give(trainee, Role.HEAD_OF_SCHOOL, school=case.school)
    for one in (a_head(), trainee, a_user(Role.COUNSELLOR)):
        with pytest.raises(RuleBroken, match="Choose the head"):
            breaches.contact_head(told_in_person, one, "Concern.", counsellor)


def test_a_head_who_is_also_the_referrer_is_told_as_head(told_in_person, counsellor, referrer, case):
    give(referrer, Role.HEAD_OF_SCHOOL, school=case.school)
    breaches.contact_head(told_in_person, referrer, "Concern.", counsellor)

    assert told("breach.head_contacted") == {("concern_raised", referrer.email, "A20-head")}


# The pages


def test_the_steps_open_one_after_another_on_the_page(case, counsellor, head, browser_of):
    at = browser_of(counsellor)
    at.get(f"/breaches/cases/{case.public_id}/new")
    assert (
        at.press("Record this decision", ground="legal_requirement", law="", other_law="", reason="Reason").status_code
        == 422
    )
    at.press("Record this decision", ground="trainee_safety", law="", other_law="", reason="Reason")
    breach = Breach.get()
    assert "Opens when the trainee has been told" in at.page.text
    early = at.submit(f"/breaches/{breach.public_id}/contact", head=head.public_id, concern="Early")
    assert early.status_code == 409
    assert "Tell the trainee first" in at.page.text

    at.get(f"/breaches/{breach.public_id}")
    at.press("The trainee is told", how="telephone", words="I rang.")
    at.press("Check before sending", head=head.public_id, concern="Only this.")
    at.press("Tell the head of school")
    at.press("Close it")
    assert steps(breach) == (True, True, True)


def test_the_head_reads_the_concern_and_nothing_else(told_in_person, head, counsellor, browser_of):
    at_head = browser_of(head)
    there = f"/breaches/{told_in_person.public_id}"
    assert at_head.get(f"{there}/concern").status_code == 404
    breaches.contact_head(told_in_person, head, "timbuktu", counsellor)
    at_head.get(f"{there}/concern")

    assert "timbuktu" in at_head.page.text
    assert "zanzibar" not in at_head.page.text
    assert "I said so" not in at_head.page.text
    assert at_head.get(there).status_code == 404


def test_the_trainee_sees_what_they_were_told_and_then_what_the_head_was_told(
    told_in_person, head, counsellor, trainee, case, browser_of
):
    at = browser_of(trainee)
    at.get(f"/referrals/{case.public_id}/disclosures")
    assert "I said so." in at.page.text
    assert "Nobody else has been told yet" in at.page.text
    breaches.contact_head(told_in_person, head, "timbuktu", counsellor)
    at.get(f"/referrals/{case.public_id}/disclosures")

    assert "timbuktu" in at.page.text
    assert "zanzibar" not in at.page.text


def test_before_they_are_told_the_trainee_sees_nothing_of_it(decided, trainee, case, browser_of):
    at = browser_of(trainee)
    for path in ("", "/disclosures"):
        at.get(f"/referrals/{case.public_id}{path}")
        assert "broken" not in at.page.text


def test_who_holds_the_case_no_more_finds_nothing(case, told_in_person, counsellor, adviser):
    record_access.state_reason(case, "Duty.", adviser)
    give(adviser, Role.COUNSELLOR)
    assert list(queries.breaches_for(counsellor)) == list(queries.breaches_for(adviser)) == [told_in_person]

    RoleHeld.delete().where((RoleHeld.user == counsellor) | (RoleHeld.role == Role.SENIOR_ADVISER)).execute()
    assert not list(queries.breaches_for(counsellor)), "no counsellor any more"
    assert not list(queries.breaches_for(adviser)), "a reason is an adviser's, and no cover"


def test_nobody_else_finds_it(told_in_person, head, counsellor, browser_of, adviser, referrer, tsg, administrator):
    breaches.contact_head(told_in_person, head, "Concern.", counsellor)
    other_head = a_head(School.get())
    for one in (adviser, referrer, tsg, administrator, other_head, a_user(Role.COUNSELLOR)):
        at = browser_of(one)
        for path in ("", "/concern"):
            assert at.get(f"/breaches/{told_in_person.public_id}{path}").status_code == 404
        at.get("/notices")
        assert "concern_raised" not in at.page.text


def test_who_reads_the_breach_is_kept_and_shown_once_the_trainee_is_told(
    decided, case, counsellor, trainee, browser_of
):
    browser_of(counsellor).get(f"/breaches/{decided.public_id}")
    at = browser_of(trainee)
    at.get(f"/careers-sessions/cases/{case.public_id}/readers")
    assert "Nobody has opened your record yet." in at.page.text

    breaches.tell(decided, Told.IN_PERSON, "I am worried.", counsellor)
    at.get(f"/careers-sessions/cases/{case.public_id}/readers")
    assert "why confidentiality may be broken" in at.page.text


def test_the_audit_says_as_what_each_of_them_reads(told_in_person, case, head, counsellor, adviser, browser_of):
    """C9: a head of school is none of the careers team."""
    breaches.contact_head(told_in_person, head, "Only this.", counsellor)
    browser_of(head).get(f"/breaches/{told_in_person.public_id}/concern")
    browser_of(counsellor).get(f"/breaches/{told_in_person.public_id}")
    colleague = a_user(Role.COUNSELLOR)
    record_access.cover(case, colleague, clock.today(), "Leave.", adviser)
    browser_of(colleague).get(f"/breaches/{told_in_person.public_id}")
    record_access.state_reason(case, "A complaint.", adviser)
    browser_of(adviser).get(f"/breaches/{told_in_person.public_id}")

    entries = AuditEntry.select().where(AuditEntry.action == "record.read").order_by(AuditEntry.n)
    assert [(one.actor, one.acting_as) for one in entries] == [
        (f"user:{head.public_id}", "head of school"),
        (f"user:{counsellor.public_id}", "counsellor"),
        (f"user:{colleague.public_id}", "counsellor who stands in"),
        (f"user:{adviser.public_id}", "senior careers adviser"),
    ]


def test_one_that_was_called_off_is_not_told_as_broken(told_in_person, case, counsellor, trainee, browser_of):
    breaches.call_off(told_in_person, counsellor)
    at = browser_of(trainee)
    at.get(f"/referrals/{case.public_id}/disclosures")

    assert "Confidentiality was not broken" in at.page.text
    assert "Confidentiality was broken" not in at.page.text


def test_a_message_is_looked_at_changed_and_only_then_sent(decided, counsellor, trainee, browser_of):
    """A20: the words are seen as the trainee reads them, before they leave."""
    at = browser_of(counsellor)
    at.get(f"/breaches/{decided.public_id}")
    looked = at.press("The trainee is told", how="message", words="I am worried.")
    assert "Check what the trainee reads" in at.page.text
    assert trainee.email in at.page.text
    assert looked.headers["HX-Push-Url"] == f"/breaches/{decided.public_id}"
    assert fresh(decided).told_how is None
    assert told("breach.message_sent") == set()

    assert at.press("Change the words").status_code == 200
    assert "I am worried." in at.page.text
    at.press("The trainee is told", how="message", words="Please ring me.")
    at.press("Send it to the trainee")
    assert (fresh(decided).told_how, fresh(decided).words) == (Told.MESSAGE, "Please ring me.")
    assert told("breach.message_sent") == {("breach_told", trainee.email, "A20-trainee")}


def test_the_concern_is_looked_at_before_the_head_is_told(told_in_person, counsellor, head, browser_of):
    at = browser_of(counsellor)
    at.get(f"/breaches/{told_in_person.public_id}")
    at.press("Check before sending", head=head.public_id, concern="Only this.")
    assert "Nothing is sent yet" in at.page.text
    assert fresh(told_in_person).contacted_at is None
    assert told("breach.head_contacted") == set()

    at.press("Change the words")
    at.press("Check before sending", head=head.public_id, concern="Only that.")
    at.press("Tell the head of school")
    assert fresh(told_in_person).concern == "Only that."


@pytest.mark.parametrize(
    ("ground", "law", "words"),
    [
        (Ground.TRAINEE_SAFETY, "", "because they are concerned about your safety:"),
        (Ground.LEGAL_REQUIREMENT, "Another Act", "because the law requires it (Another Act):"),
    ],
)
def test_the_ground_is_said_to_the_trainee_themselves(case, counsellor, trainee, browser_of, ground, law, words):
    breach = breaches.decide(case, ground, law, "Why.", counsellor)
    breaches.tell(breach, Told.TELEPHONE, "I rang.", counsellor)
    at = browser_of(trainee)
    at.get(f"/referrals/{case.public_id}/disclosures")

    assert f"{counsellor.name} told you by telephone {words}" in at.page.text


def test_who_heads_the_school_no_more_reads_the_concern_no_more(told_in_person, counsellor, head, browser_of):
    breaches.contact_head(told_in_person, head, "Only this.", counsellor)
    at_head = browser_of(head)
    assert at_head.get(f"/breaches/{told_in_person.public_id}/concern").status_code == 200
    RoleHeld.delete().where((RoleHeld.user == head) & (RoleHeld.role == Role.HEAD_OF_SCHOOL)).execute()

    assert at_head.get(f"/breaches/{told_in_person.public_id}/concern").status_code == 404
    assert queries.unread_concerns(head) == []
