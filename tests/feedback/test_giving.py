"""Asking for feedback and giving it, with a name and without; what is refused; what anybody may read of it."""

import json
from datetime import timedelta

import pytest

from models import (
    AskState,
    AuditEntry,
    Event,
    FeedbackAnswer,
    FeedbackAsk,
    FeedbackNamed,
    FeedbackWaiting,
    LinkPurpose,
    Notice,
    Referral,
    Role,
    Setting,
    db,
)
from signpost import clock, due
from signpost.accounts import links
from signpost.errors import RuleBroken
from signpost.feedback import actions, falling_due, queries
from signpost.feedback.surveys import FURTHER_ON
from signpost.referrals import actions as referrals
from signpost.referrals import record_access
from tests import factories

YES = {"further_on": "yes", "words": "It helped me to choose."}
MAY = "2027-05-10T09:00"
JUNE = "2027-06-02T09:00"


@pytest.fixture
def case(app, adviser, counsellor, trainee) -> Referral:
    clock.set_to(clock.parse(MAY))
    referral = factories.a_referral(trainee_email=trainee.email)
    referrals.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


@pytest.fixture
def ask(case) -> FeedbackAsk:
    return actions.ask(case)


@pytest.fixture(params=["signed in", "by link"])
def way(request, client, browser_of, trainee, case):
    """The trainee's browser and what stands before /feedback."""
    if request.param == "signed in":
        return browser_of(trainee), ""
    token = links.make(LinkPurpose.REFERRED_TRAINEE, case.trainee_name, case.trainee_email, referral=case)
    return client, f"/links/{token}"


def a_crowd(count: int, answers=YES, with_name: bool = False) -> None:
    by = factories.a_referrer()
    for _ in range(count):
        actions.give(actions.ask(factories.a_referral(by)), answers, with_name)


def kept() -> list[int]:
    return [table.select().count() for table in (FeedbackWaiting, FeedbackAnswer, FeedbackNamed)]


def test_the_same_is_asked_once(case, ask):
    assert actions.ask(case) == ask
    assert FeedbackAsk.select().count() == 1


def test_an_answer_without_a_name_goes_into_the_box_and_one_with_a_name_beside_its_ask(case, ask, adviser):
    actions.give(ask, YES, with_name=False)
    other = actions.ask(factories.a_referral())
    actions.give(other, YES, with_name=True)

    assert kept() == [1, 0, 1]
    assert (ask.state, other.state) == (AskState.WAITS, AskState.ANSWERED)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_nobody_answers_twice(first, second, ask):
    seen = FeedbackAsk.get_by_id(ask.id)
    actions.give(ask, YES, first)
    before = kept()

    with pytest.raises(RuleBroken, match="You have answered this already"):
        actions.give(seen, YES, second)

    assert kept() == before


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Select an answer"),
        ({"further_on": "maybe"}, "Select an answer"),
        ({"further_on": "yes", "words": "x" * 501}, "500 characters or fewer"),
    ],
)
@pytest.mark.parametrize("with_name", [True, False])
def test_what_is_no_answer_is_not_kept(given, words, with_name, ask):
    with pytest.raises(RuleBroken, match=words):
        actions.give(ask, given, with_name)

    assert (kept(), FeedbackAsk.get_by_id(ask.id).state) == ([0, 0, 0], AskState.OPEN)


def test_nothing_but_the_answers_is_kept(ask):
    actions.give(ask, YES | {"name": "without", "user": "1", "csrf_token": "x"}, with_name=False)

    assert json.loads(FeedbackWaiting.get().answers_json) == YES


@pytest.mark.parametrize("words", ["", "x", "\x01" * 500, "😀" * 500, '"' * 500])
def test_all_that_waits_is_of_one_length(words, ask):
    actions.give(ask, {"further_on": "no", "words": words}, with_name=False)

    assert len(FeedbackWaiting.get().answers_json.encode()) == actions.PADDED_BYTES


def test_an_answer_leaves_no_event_no_audit_and_no_notice(case, ask):
    before = [table.select().count() for table in (Event, AuditEntry, Notice)]
    actions.give(ask, YES, with_name=False)

    assert [table.select().count() for table in (Event, AuditEntry, Notice)] == before


def test_the_box_is_emptied_with_eight_people_and_not_before(case):
    a_crowd(7)
    assert due.run(clock.now())["answers without a name"] == 0
    assert kept() == [7, 0, 0]

    a_crowd(1)
    assert due.run(clock.now())["answers without a name"] == 8
    assert kept() == [0, 8, 0]
    assert {row.month.isoformat() for row in FeedbackAnswer.select()} == {"2027-05-01"}
    assert {row.state for row in FeedbackAsk.select()} == {AskState.ANSWERED}
    assert falling_due.empty_boxes(clock.now()) == 0


def test_eight_answers_of_fewer_people_wait(case):
    """One person with two cases is one person."""
    a_crowd(6)
    for _ in range(2):
        actions.give(actions.ask(factories.a_referral(trainee_email="same@signpost.example")), YES, False)

    assert falling_due.empty_boxes(clock.now()) == 0


def test_how_many_must_be_together_is_a_setting(case):
    Setting.create(name="smallest_number", value="10")
    a_crowd(9)
    assert falling_due.empty_boxes(clock.now()) == 0
    a_crowd(1)
    assert falling_due.empty_boxes(clock.now()) == 10


def test_words_are_of_whole_months(case):
    a_crowd(12)
    a_crowd(3, {"further_on": "no", "words": ""})
    falling_due.empty_boxes(clock.now())
    assert queries.words_of(FURTHER_ON) == []  # this month is not over

    clock.set_to(clock.parse(JUNE))
    assert queries.words_of(FURTHER_ON) == ["It helped me to choose."] * 12


def test_words_with_a_name_are_for_the_counsellor_alone(case):
    a_crowd(8, with_name=True)
    clock.set_to(clock.parse(JUNE))

    assert queries.words_of(FURTHER_ON) == []


def test_what_was_enough_is_not_when_more_are_asked_for(case):
    a_crowd(9)
    falling_due.empty_boxes(clock.now())
    Setting.create(name="smallest_number", value="10")
    clock.set_to(clock.parse(JUNE))

    assert queries.words_of(FURTHER_ON) == []


# Pages


def test_the_trainee_is_asked_on_their_page_until_they_answered(case, ask, way):
    browser, before = way
    home = before or f"/referrals/{case.public_id}"
    address = f"{before}/feedback/{ask.public_id}"
    assert address in browser.get(home).text

    browser.get(address)
    browser.press("Send my answer", further_on="yes", words="It helped.")
    assert browser.page.h1 == "Thank you for your answer"
    assert kept() == [1, 0, 0]
    assert address not in browser.get(home).text
    assert browser.submit(address, further_on="no", name="with").status_code == 200
    assert kept() == [1, 0, 0]


def test_an_answer_is_without_a_name_unless_they_choose_otherwise(case, ask, way):
    browser, before = way
    browser.get(f"{before}/feedback/{ask.public_id}")
    browser.press("Send my answer", further_on="yes", name="with")

    assert kept() == [0, 0, 1]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"further_on": "maybe", "name": "without"},
        {"further_on": "yes", "name": ""},
        {"further_on": "yes", "name": "both"},
        {"further_on": "yes", "name": "without", "words": "x" * 501},
    ],
)
def test_what_does_not_do_is_refused_with_what_was_typed(fields, ask, way):
    browser, before = way
    answer = browser.submit(f"{before}/feedback/{ask.public_id}", **fields)

    assert answer.status_code == 422
    assert kept() == [0, 0, 0]
    assert len(fields.get("words", "")) == 0 or fields["words"] in answer.text


def test_only_the_trainee_answers(case, ask, browser_of, counsellor, adviser):
    for somebody in (case.referred_by, counsellor, adviser, factories.a_user(Role.TRAINEE)):
        assert browser_of(somebody).get(f"/feedback/{ask.public_id}").status_code == 404
        answer = browser_of(somebody).submit(f"/feedback/{ask.public_id}", further_on="yes", name="without")
        assert answer.status_code == 404
    assert kept() == [0, 0, 0]


def test_by_a_link_only_what_its_own_case_is_asked_is_there(ask, client):
    other = factories.a_referral()
    token = links.make(LinkPurpose.REFERRED_TRAINEE, other.trainee_name, other.trainee_email, referral=other)

    assert client.get(f"/links/{token}/feedback/{ask.public_id}").status_code == 404
    assert client.get(f"/links/made-up/feedback/{ask.public_id}").status_code == 404


def test_the_counsellor_reads_what_carries_a_name_and_learns_nothing_of_what_does_not(
    case, ask, browser_of, counsellor
):
    address = f"/referrals/{case.public_id}/feedback"
    empty = browser_of(counsellor).get(address).text
    actions.give(ask, YES, with_name=False)
    assert browser_of(counsellor).get(address).text.split("<main")[1] == empty.split("<main")[1]

    second = FeedbackAsk.create(survey="further_on", referral=case)
    actions.give(second, YES, with_name=True)
    assert "It helped me to choose." in browser_of(counsellor).get(address).text
    assert [(one.reader, one.what) for one in record_access.readings(case)] == [("Chris Counsellor", "feedback")]


def test_who_does_not_read_the_record_does_not_read_feedback(case, browser_of, adviser, trainee):
    for somebody in (case.referred_by, adviser, trainee):
        assert browser_of(somebody).get(f"/referrals/{case.public_id}/feedback").status_code == 404


def test_the_adviser_reads_the_words_and_nobody_else_does(case, browser_of, adviser, counsellor):
    assert "There are not enough answers yet" in browser_of(adviser).get("/feedback").text
    a_crowd(9)
    falling_due.empty_boxes(clock.now())
    clock.set_to(clock.parse(JUNE))

    page = browser_of(adviser).get("/feedback").text
    assert page.count("It helped me to choose.") == 9
    assert "answers before" not in page  # figures are of whole periods, and in the reports
    assert browser_of(counsellor).get("/feedback").status_code == 403


def test_no_words_lie_open_in_the_database(case, ask):
    actions.give(ask, YES, with_name=False)
    a_crowd(8)
    falling_due.empty_boxes(clock.now())
    a_crowd(3)
    a_crowd(1, with_name=True)

    for table in ("feedback_waiting", "feedback_answer", "feedback_named"):
        rows = db.execute_sql(f"SELECT answers_json FROM {table}").fetchall()  # noqa: S608
        assert rows
        assert not [one for (one,) in rows if b"further_on" in bytes(one) or b"helped" in bytes(one)]


def test_an_ask_outlives_the_case(case, ask, browser_of, trainee):
    with clock.at(clock.now() + timedelta(days=1)):
        Referral.update(status="closed", stage="closed", ending="complete", closed_at=clock.now()).execute()

        assert f"/feedback/{ask.public_id}" in browser_of(trainee).get(f"/referrals/{case.public_id}").text
        actions.give(ask, YES, with_name=False)
