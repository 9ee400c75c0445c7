"""One question at a time to the employer's LFG career lead, once the trainee has accepted; seen by the case only (A5)."""

import pytest

from models import Event, InformationRequest, Notice, NoticeRecipient, Referral, ReferrerKind, RoleHeld
from signpost.confidentiality import information
from signpost.errors import RuleBroken
from signpost.referrals import actions as referrals
from tests.factories import a_referrer, an_employer


@pytest.fixture
def asked(case, lead, counsellor):
    return information.ask(case, lead, "zanzibar?", counsellor)


def told(event):
    found = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).join(Event, on=Notice.event)
    return {(one.notice.kind, one.address, one.permission) for one in found.where(Event.name == event)}


def test_the_lead_is_asked_answers_and_the_asker_hears_without_a_word_of_either_in_any_message(asked, lead, counsellor):
    assert told("information.asked") == {("information_asked", lead.email, "A5-lead")}
    information.answer(asked, "timbuktu", 1, lead)

    assert told("information.answered") == {("information_answered", counsellor.email, "A5-asker")}
    assert not any(word in one.text for one in Notice.select() for word in ("zanzibar", "timbuktu"))


def test_the_adviser_may_ask_too(case, lead, adviser):
    assert information.ask(case, lead, "May they have Fridays?", adviser)


def test_nobody_is_asked_before_the_trainee_accepted(case, lead, counsellor):
    Referral.update(accepted_at=None).execute()

    with pytest.raises(RuleBroken, match="not accepted"):
        information.ask(Referral.get_by_id(case.id), lead, "Now?", counsellor)
    assert not InformationRequest.select().exists()


def test_only_one_question_waits_at_a_time(case, asked, lead, counsellor):
    with pytest.raises(RuleBroken, match="One question waits"):
        information.ask(case, lead, "And this?", counsellor)
    information.answer(asked, "Yes.", 1, lead)
    assert information.ask(case, lead, "And this?", counsellor)


def test_a_closed_case_asks_nothing(case, lead, counsellor, adviser):
    referrals.close(case, "left_programme", adviser, case.version)

    with pytest.raises(RuleBroken, match="closed"):
        information.ask(Referral.get_by_id(case.id), lead, "Now?", counsellor)


def test_nobody_but_a_lead_of_that_employer_is_asked(case, counsellor, referrer):
    elsewhere = a_referrer(ReferrerKind.LFG_CAREER_LEAD, employer=an_employer())
    for one in (elsewhere, referrer, counsellor):
        with pytest.raises(RuleBroken, match="Choose an LFG"):
            information.ask(case, one, "You?", counsellor)


def test_a_lead_who_is_the_trainee_is_not_asked_about_themselves(case, lead):
    Referral.update(trainee_email=lead.email, trainee=None).execute()

    assert information.leads_of(Referral.get_by_id(case.id)) == []


def test_a_referrer_cannot_ask(case, lead, referrer):
    with pytest.raises(RuleBroken, match="Only the adviser"):
        information.ask(case, lead, "You?", referrer)


def test_only_who_was_asked_answers_and_once(asked, counsellor, lead, employer):
    colleague = a_referrer(ReferrerKind.LFG_CAREER_LEAD, employer=employer)
    with pytest.raises(RuleBroken, match="Only the person asked"):
        information.answer(asked, "Yes.", 1, colleague)
    with pytest.raises(RuleBroken, match="Only the person asked"):
        information.answer(asked, "Yes.", 1, counsellor)
    information.answer(asked, "Yes.", 1, lead)
    with pytest.raises(RuleBroken, match="answered already"):
        information.answer(InformationRequest.get_by_id(asked.id), "No.", 2, lead)


def test_who_is_no_lead_any_more_neither_sees_nor_answers(asked, lead, browser_of):
    RoleHeld.delete().where(RoleHeld.user == lead).execute()

    with pytest.raises(RuleBroken, match="Only the person asked"):
        information.answer(asked, "Yes.", 1, lead)
    assert browser_of(lead).get(f"/information-requests/{asked.public_id}").status_code == 404


def test_the_answer_is_read_by_who_holds_the_case_and_not_by_the_trainee(
    asked, lead, browser_of, counsellor, trainee, case
):
    at_lead = browser_of(lead)
    at_lead.get(f"/information-requests/{asked.public_id}")
    assert at_lead.press("Answer", answer="").status_code == 422
    at_lead.press("Answer", answer="timbuktu")

    at_counsellor, at_trainee = browser_of(counsellor), browser_of(trainee)
    at_counsellor.get(f"/information-requests/{asked.public_id}")
    assert "timbuktu" in at_counsellor.page.text
    at_trainee.get(f"/referrals/{case.public_id}/disclosures")
    assert "zanzibar" in at_trainee.page.text, "the trainee sees what was asked"
    assert "timbuktu" not in at_trainee.page.text
    assert at_trainee.get(f"/information-requests/{asked.public_id}").status_code == 404


def test_the_question_is_asked_on_a_page(case, lead, counsellor, browser_of):
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/information-requests/cases/{case.public_id}/new")
    assert at_counsellor.press("Ask", lead=lead.public_id, question="").status_code == 422
    at_counsellor.press("Ask", lead=lead.public_id, question="Which rotation?")
    assert InformationRequest.get().question == "Which rotation?"
