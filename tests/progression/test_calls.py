"""A support call: offered after outcome 1 or 2, wanted or not, a time found, held. No reason is asked (E3)."""

from datetime import timedelta

import pytest

from models import (
    Attendee,
    Event,
    LinkPurpose,
    Meeting,
    Notice,
    NoticeRecipient,
    PollPerson,
    ReviewOutcome,
    SupportCall,
    SupportDecision,
)
from signpost import clock
from signpost.accounts import links
from signpost.errors import RuleBroken
from signpost.meetings import polls
from signpost.progression import calls, queries, reviews
from tests.factories import a_review

MONDAY = clock.parse("2027-03-01T09:00")


@pytest.fixture
def review(team, scientist, officer):
    clock.set_to(MONDAY)
    made = a_review(team, scientist, officer, outcome=ReviewOutcome.TWO)
    reviews.decide(made, SupportDecision.CALL, team, made.version)
    return made


@pytest.fixture
def call(review, team):
    return calls.offer(review, team)


def fresh(call):
    return SupportCall.get_by_id(call.id)


def test_the_trainee_and_the_officer_are_offered_it_and_nobody_else(call, scientist, officer):
    told = {(one.address, one.permission) for one in NoticeRecipient.select()}

    assert told == {(scientist.email, "E3-trainee"), (officer.email, "E3-officer")}


def test_offering_it_twice_tells_nobody_twice(call, review, team):
    assert calls.offer(review, team) == call
    assert Notice.select().count() == 2


@pytest.mark.parametrize("outcome", [ReviewOutcome.THREE, ReviewOutcome.OTHER])
def test_it_is_offered_after_outcome_1_or_2_only(team, outcome):
    review = a_review(team, outcome=outcome)

    with pytest.raises(RuleBroken):
        reviews.decide(review, SupportDecision.CALL, team, review.version)
    with pytest.raises(RuleBroken, match="after outcome 1 or 2"):
        calls.offer(review, team)


def test_it_is_offered_once_the_school_has_decided_to(team):
    review = a_review(team, outcome=ReviewOutcome.ONE)

    with pytest.raises(RuleBroken, match="once the School has decided"):
        calls.offer(review, team)
    assert SupportCall.select().count() == 0


@pytest.mark.parametrize("person", ["scientist", "officer"])
def test_either_may_say_that_it_would_not_help_and_need_not_say_why(call, request, person):
    calls.decline(call, request.getfixturevalue(person))

    said = {"scientist": "trainee", "officer": "training_officer"}[person]
    assert (fresh(call).declined_by, queries.open_call_of(call.review)) == (said, None)
    assert Notice.select().where(Notice.kind != "call_offered").count() == 0


def test_by_link_it_is_declined_in_the_name_of_whose_link_it_is(call):
    person = queries.officer_of(call.review)
    token = links.make(LinkPurpose.REVIEW_PERSON, person.name, person.email, review_person=person)

    calls.decline(call, links.find(token))

    assert fresh(call).declined_by == "training_officer"


def test_one_yes_is_kept_and_the_other_may_still_decline(call, scientist, officer):
    calls.want(call, scientist)
    first = fresh(call).wanted_at
    calls.want(fresh(call), officer)
    assert fresh(call).wanted_at == first
    assert Event.select().where(Event.name == "call.wanted").count() == 1

    calls.decline(fresh(call), officer)
    with pytest.raises(RuleBroken, match="not wanted"):
        calls.want(fresh(call), scientist)


def test_a_time_is_found_by_asking_both(call, team, scientist, officer):
    calls.ask(call, 30, [MONDAY + timedelta(days=3, hours=1)], clock.today(), team)

    poll = fresh(call).poll
    assert {one.email for one in PollPerson.select()} == {team.email, scientist.email, officer.email}
    meeting = polls.fix(poll, poll.times[0], team, poll.version)
    assert queries.meeting_of(fresh(call)) == meeting
    assert meeting.mode == "teams"


def test_a_time_that_was_agreed_is_booked_with_invitations(call, team, scientist, officer):
    calls.book(call, MONDAY + timedelta(days=2), 30, team)

    meeting = queries.meeting_of(fresh(call))
    assert {one.email for one in Attendee.select().where(Attendee.meeting == meeting)} == {
        team.email, scientist.email, officer.email,
    }  # fmt: skip
    assert Notice.select().where((Notice.kind == "meeting_booked") & (Notice.calendar_method == "REQUEST")).count() == 3


def test_there_is_one_time_for_a_call(call, team):
    calls.book(call, MONDAY + timedelta(days=2), 30, team)

    with pytest.raises(RuleBroken, match="already"):
        calls.book(fresh(call), MONDAY + timedelta(days=3), 30, team)
    with pytest.raises(RuleBroken, match="already"):
        calls.ask(fresh(call), 30, [MONDAY + timedelta(days=3)], clock.today(), team)
    assert Meeting.select().count() == 1


@pytest.mark.parametrize(("way", "kind"), [("asked", "availability_called_off"), ("booked", "meeting_cancelled")])
def test_declining_lets_go_of_the_time(call, team, scientist, officer, way, kind):
    if way == "asked":
        calls.ask(call, 30, [MONDAY + timedelta(days=3, hours=1)], clock.today(), team)
    else:
        calls.book(call, MONDAY + timedelta(days=2), 30, team)

    calls.decline(fresh(call), scientist)

    told = Notice.select().join(NoticeRecipient).where(NoticeRecipient.address == officer.email)
    assert kind in {one.kind for one in told}


def test_it_is_held_at_its_time(call, team):
    with pytest.raises(RuleBroken, match="no time for this call yet"):
        calls.held(call, team)
    calls.book(call, MONDAY + timedelta(days=2), 30, team)
    with pytest.raises(RuleBroken, match="has not begun"):
        calls.held(fresh(call), team)

    clock.set_to(MONDAY + timedelta(days=2, hours=1))
    calls.held(fresh(call), team)

    assert fresh(call).held_at == MONDAY + timedelta(days=2)
    with pytest.raises(RuleBroken):
        calls.decline(fresh(call), team)


def test_nothing_else_is_decided_while_it_is_under_way(call, review, team, scientist):
    review = type(review).get_by_id(review.id)
    with pytest.raises(RuleBroken, match="under way"):
        reviews.decide(review, SupportDecision.TRIAGE, team, review.version)
    with pytest.raises(RuleBroken, match="under way"):
        reviews.close(review, team, review.version)

    calls.decline(call, scientist)
    reviews.decide(review, SupportDecision.TRIAGE, team, review.version)


def test_one_that_was_declined_can_be_offered_again(call, review, team, scientist):
    calls.decline(call, scientist)

    again = calls.offer(review, team)

    assert (again, again.declined_at, again.declined_by) == (call, None, "")
    assert Notice.select().where(Notice.kind == "call_offered").count() == 4
