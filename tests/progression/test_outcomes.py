"""What a support meeting came to, and what each outcome leads to by itself (E5, E6)."""

from datetime import timedelta

import pytest

from models import (
    AskedOf,
    Event,
    FollowUp,
    FollowUpKind,
    LedTo,
    Meeting,
    Notice,
    NoticeRecipient,
    Plan,
    PollPerson,
    Present,
    Review,
    ReviewOutcome,
    SupportDecision,
    SupportKind,
    SupportMeeting,
    SupportOutcome,
)
from signpost import clock, working_days
from signpost.errors import RuleBroken
from signpost.meetings import polls
from signpost.progression import board, outcomes, queries, reviews, support_meetings
from signpost.progression.follow_ups import Asked
from signpost.progression.outcomes import Chosen
from signpost.progression.stand_in import Named
from tests.factories import a_review, a_support_meeting

MONDAY = clock.parse("2027-03-01T09:00")
NOTHING = Chosen(LedTo.NO_FURTHER_ACTION)
PLAN = Chosen(LedTo.ACTION_PLAN)
FULL = Chosen(LedTo.FULL_MEETING)
WORDS = "Ask about extra time for the thesis"


@pytest.fixture(autouse=True)
def _on_a_monday(app):
    clock.set_to(MONDAY)


@pytest.fixture
def review(team, scientist, officer, director, university):
    made = a_review(team, scientist, officer, director=director, university=university)
    reviews.decide(made, SupportDecision.TRIAGE, team, made.version)
    return made


def held(review, team, director, **columns):
    """A support meeting whose date was fixed, and that was held this morning."""
    support = a_support_meeting(review, director, team, clock.now() + timedelta(hours=1), **columns)
    clock.set_to(clock.now() + timedelta(hours=4))
    support_meetings.held(support, team)
    return SupportMeeting.get_by_id(support.id)


@pytest.fixture
def triage(review, team, director):
    return held(review, team, director)


@pytest.fixture
def full(review, team, director, colleague):
    return held(review, team, director, minute_taker=colleague)


def kinds(support):
    return [one.kind for one in queries.outcomes_of(support)]


def letters(since, kind="support_outcome"):
    told = (
        NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).where((Notice.kind == kind) & (Notice.id > since))
    )
    return {(one.address, one.permission) for one in told}


def last_letter():
    return Notice.select().order_by(Notice.id.desc()).get().id


def refused(act, words):
    rows = (SupportOutcome, SupportMeeting, FollowUp, Plan, Notice, Event)
    before = [table.select().count() for table in rows]
    with pytest.raises(RuleBroken, match=words):
        act()
    assert [table.select().count() for table in rows] == before


# Which outcomes there are


@pytest.mark.parametrize("kind", [LedTo.SCHOOL_SERVICES, LedTo.SCHOOL_POLICIES, LedTo.EMPLOYER_POLICIES])
def test_a_triage_meeting_does_not_lead_to_services_or_policies(triage, team, kind):
    refused(lambda: outcomes.decide(triage, [Chosen(kind, WORDS)], team), "does not lead to that")


def test_a_full_meeting_does_not_end_without_further_action(full, team):
    refused(lambda: outcomes.decide(full, [NOTHING], team), "does not lead to that")


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ([], "at least one"),
        ([NOTHING, PLAN], "stands alone"),
        ([PLAN, PLAN], "named twice"),
        ([Chosen(LedTo.DESKTOP_REVIEW)], "Enter the day"),
        ([Chosen(LedTo.DESKTOP_REVIEW, look_on=MONDAY.date())], "in the future"),
        ([Chosen(LedTo.ACTION_PLAN, look_on=MONDAY.date() + timedelta(days=9))], "Only a desktop review"),
        ([FULL], "who of the progression team"),
        (
            [Chosen(LedTo.ACTION_PLAN, asked=Asked(AskedOf.SCHOOL_SERVICE, Named("A", "a@b.example")))],
            "Only another service",
        ),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(triage, team, chosen, words):
    refused(lambda: outcomes.decide(triage, chosen, team), words)


@pytest.mark.parametrize("kind", [LedTo.SCHOOL_SERVICES, LedTo.SCHOOL_POLICIES, LedTo.EMPLOYER_POLICIES])
def test_a_service_or_policy_is_named(full, team, kind):
    refused(lambda: outcomes.decide(full, [Chosen(kind, " ")], team), "Name the service or policy")


def test_a_meeting_that_was_not_held_has_no_outcome(review, team, director):
    support = a_support_meeting(review, director, team)
    refused(lambda: outcomes.decide(support, [NOTHING], team), "has not been held yet")


def test_a_closed_review_gets_no_outcome(triage, team):
    reviews.close(triage.review, team, triage.review.version)
    closed = SupportMeeting.get_by_id(triage.id)
    refused(lambda: outcomes.decide(closed, [NOTHING], team), "closed")


# What each leads to


def test_trainee_and_officer_are_told_that_there_is_something_and_no_word_of_it(full, team, scientist, officer):
    before = last_letter()
    outcomes.decide(full, [Chosen(LedTo.SCHOOL_POLICIES, WORDS)], team)

    assert letters(before) == {(scientist.email, "E6-trainee"), (officer.email, "E6-officer")}
    assert [one.kind for one in Notice.select().where(Notice.id > before)] == ["support_outcome"] * 2
    assert not [one for one in Notice.select() if WORDS in one.text or "policy" in one.text.lower()]
    assert WORDS not in Event.get(Event.name == "support_outcome.decided").facts_json


def test_no_further_action_leads_to_nothing_else(triage, team):
    outcomes.decide(triage, [NOTHING], team)

    assert kinds(triage) == ["no_further_action"]
    assert not Plan.select().exists()
    assert not FollowUp.select().exists()
    assert queries.open_meeting_of(triage.review) is None


def test_a_desktop_review_has_a_day_and_is_looked_at_once(triage, team):
    day = clock.today() + timedelta(days=30)
    (desk,) = outcomes.decide(triage, [Chosen(LedTo.DESKTOP_REVIEW, look_on=day)], team)
    for _ in range(2):
        outcomes.looked(desk, team)

    assert SupportOutcome.get_by_id(desk.id).looked_at is not None
    assert Event.select().where(Event.name == "support_outcome.looked_at").count() == 1


def test_an_action_plan_is_opened_and_a_further_meeting_waits_to_be_set_up(triage, team, director):
    outcomes.decide(triage, [PLAN], team)

    assert queries.plan_of(triage.review) is not None
    assert outcomes.needs_further(triage)
    setup = support_meetings.Setup(kind=SupportKind.TRIAGE, chair=director, minutes=45)
    further = outcomes.set_up_further(triage, setup, team)
    assert further.follows == triage
    assert queries.outcomes_of(triage)[0].further == further
    assert not outcomes.needs_further(triage)
    refused(lambda: outcomes.set_up_further(triage, setup, team), "No further meeting is waiting")


def test_a_full_meeting_is_asked_for_with_the_same_people_who_are_asked_at_once(triage, team, colleague, director):
    before = last_letter()
    (outcome,) = outcomes.decide(triage, [FULL], team, minute_taker=colleague)

    further = outcome.further
    assert (further.kind, further.follows, further.chair, further.minute_taker) == ("full", triage, director, colleague)
    assert {one.present for one in queries.segments_of(further)} == set(Present)
    asked = {one.email for one in PollPerson.select().where(PollPerson.poll == further.poll)}
    of_triage = {one.email for one in PollPerson.select().where(PollPerson.poll == triage.poll)}
    assert asked == of_triage | {colleague.email}
    told = {one.kind for one in Notice.select().where(Notice.id > before)}
    assert told == {"support_outcome", "support_meeting_required", "availability_asked"}


def test_the_times_that_are_proposed_leave_time_to_prepare_and_organiser_and_chair_are_free(
    triage, team, colleague, director
):
    first = working_days.after(clock.today(), 5 + 5 + 1)
    taken = clock.start_of(first) + timedelta(hours=10)
    polls.ask(director, "Another", 60, [taken], [polls.Asked("A", "a@b.example", True)], clock.today(), False)
    (outcome,) = outcomes.decide(triage, [FULL], team, minute_taker=colleague)

    times = [clock.to_london(one.begins_at) for one in polls.times_of(outcome.further.poll)]
    assert len(times) == 10
    assert times[0] == clock.start_of(first) + timedelta(hours=14), "the chair is engaged at ten"
    assert all(working_days.is_working_day(one.date()) for one in times)


def test_a_service_of_the_school_is_told_only_where_a_person_is_named_and_the_employer_never(full, team):
    before = last_letter()
    person = Named("Ann Advice", "advice@school.example")
    outcomes.decide(
        full,
        [
            Chosen(LedTo.SCHOOL_SERVICES, WORDS, asked=Asked(AskedOf.SCHOOL_SERVICE, person)),
            Chosen(LedTo.SCHOOL_POLICIES, "Exceptional Extenuating Circumstances"),
            Chosen(LedTo.EMPLOYER_POLICIES, "Occupational health"),
        ],
        team,
    )

    found = {one.kind: one for one in queries.follow_ups_of(full.review)}
    assert set(found) == {FollowUpKind.SCHOOL_SERVICES, FollowUpKind.SCHOOL_POLICIES, FollowUpKind.EMPLOYER_POLICIES}
    assert letters(before, "action_asked") == {(person.email, "E2-asked")}
    assert found[FollowUpKind.EMPLOYER_POLICIES].sent_at is None
    assert not [one for one in Notice.select() if WORDS in one.text]


def test_a_service_of_the_school_may_be_named_without_a_person(full, team):
    before = last_letter()
    outcomes.decide(full, [Chosen(LedTo.SCHOOL_SERVICES, "Training support")], team)

    assert not letters(before, "action_asked")
    assert [one.words for one in queries.follow_ups_of(full.review)] == ["Training support"]


# Pressed again, and changed


def test_the_same_outcomes_again_are_one_press_and_others_are_refused(triage, team, colleague):
    first = outcomes.decide(triage, [PLAN], team)
    before = last_letter()
    for _ in range(7):
        assert outcomes.decide(SupportMeeting.get_by_id(triage.id), [PLAN], team) == first

    assert last_letter() == before
    refused(lambda: outcomes.decide(triage, [NOTHING], colleague), "recorded already")


def test_an_outcome_that_is_changed_is_kept_with_why_and_its_meeting_is_called_off(triage, team, colleague):
    (first,) = outcomes.decide(triage, [FULL], team, minute_taker=colleague)
    before = last_letter()
    outcomes.change_to(triage, [NOTHING], "We spoke again, and it is not needed.", team)

    assert kinds(triage) == ["no_further_action"]
    kept = SupportOutcome.get_by_id(first.id)
    assert (kept.kind, kept.why_replaced) == (LedTo.FULL_MEETING, "We spoke again, and it is not needed.")
    assert kept.replaced_at is not None
    assert SupportMeeting.get_by_id(first.further_id).called_off_at is not None
    assert len(letters(before)) == 2
    assert "availability_called_off" in {one.kind for one in Notice.select().where(Notice.id > before)}
    assert not Meeting.select().where(Meeting.poll == first.further.poll_id).exists()


def test_what_stays_the_same_when_an_outcome_is_changed_is_left_alone(triage, team, colleague):
    outcomes.decide(triage, [FULL], team, minute_taker=colleague)
    day = clock.today() + timedelta(days=30)
    outcomes.change_to(triage, [FULL, Chosen(LedTo.DESKTOP_REVIEW, look_on=day)], "And a look at the logbook.", team)

    assert sorted(kinds(triage)) == ["desktop_review", "full_meeting"]
    assert SupportOutcome.select().count() == 2
    assert SupportMeeting.select().where(SupportMeeting.called_off_at.is_null(False)).count() == 0


def test_a_plan_that_was_not_agreed_goes_with_its_outcome(triage, team):
    outcomes.decide(triage, [PLAN], team)
    outcomes.change_to(triage, [NOTHING], "All is well.", team)

    assert queries.plan_of(triage.review) is None


def test_what_an_outcome_named_goes_with_it_unless_somebody_was_asked(full, team):
    person = Named("Ann Advice", "advice@school.example")
    asked = Chosen(LedTo.SCHOOL_SERVICES, WORDS, asked=Asked(AskedOf.SCHOOL_SERVICE, person))
    outcomes.decide(full, [asked, Chosen(LedTo.SCHOOL_POLICIES, "Another policy")], team)
    outcomes.change_to(full, [PLAN], "We agreed on a plan.", team)

    assert [one.kind for one in queries.follow_ups_of(full.review)] == [FollowUpKind.SCHOOL_SERVICES]


def test_the_outcome_of_the_review_may_change_after_the_meeting_and_what_followed_stays(
    triage, review, team, scientist
):
    outcomes.decide(triage, [PLAN], team)
    since = last_letter()
    review = Review.get_by_id(review.id)
    reviews.change_outcome(review, ReviewOutcome.TWO, review.outcome_on, "An appeal", team, review.version)

    (kept,) = queries.outcome_changes_of(review)
    assert (kept.was, kept.why, Review.get_by_id(review.id).outcome) == (ReviewOutcome.THREE, "An appeal", "2")
    assert kinds(triage) == [LedTo.ACTION_PLAN]
    assert queries.plan_of(review) is not None
    assert SupportMeeting.get_by_id(triage.id).held_at is not None
    assert last_letter() == since, "nobody is told by the system"
    assert board.of(team).without_meeting == []
    outcomes.change_to(triage, [NOTHING], "The appeal", team)
    assert kinds(triage) == [LedTo.NO_FURTHER_ACTION]


def test_a_change_says_why_and_there_is_something_to_change(triage, team):
    refused(lambda: outcomes.change_to(triage, [NOTHING], "Because.", team), "No outcome is recorded")
    outcomes.decide(triage, [NOTHING], team)
    refused(lambda: outcomes.change_to(triage, [PLAN], " ", team), "Say why")
