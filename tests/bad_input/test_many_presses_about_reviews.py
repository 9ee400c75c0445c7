"""The same about a review of progression: eight presses at the same moment do what one does, and everyone is told once."""

from datetime import timedelta

import pytest
from flask import Flask

from models import (
    FollowUp,
    OutcomeChange,
    Poll,
    Review,
    ReviewIssue,
    ReviewOutcome,
    ReviewPerson,
    Role,
    SupportCall,
    SupportDecision,
    SupportKind,
    SupportMeeting,
    User,
)
from signpost import clock, working_days
from signpost.progression import calls, reviews, support_meetings
from signpost.progression.support_meetings import Setup
from tests import factories
from tests.bad_input.test_many_presses import Browsers, happened, letters_of, press_at_once


@pytest.fixture
def team(app: Flask) -> User:
    return factories.a_user(Role.PROGRESSION)


@pytest.fixture
def chair(app: Flask) -> User:
    return factories.a_user(Role.MEETING_CHAIR)


def reviewed(team: User, trainee: User, decision: SupportDecision | None, outcome: ReviewOutcome) -> Review:
    made = factories.a_review(team, trainee, outcome=outcome)
    if decision is not None:
        reviews.decide(made, decision, team, made.version)
    return Review.get_by_id(made.id)


def page(review: Review, step: str) -> str:
    return f"/progression/reviews/{review.public_id}/{step}"


def test_recording_a_review(browser_of: Browsers, team: User) -> None:
    today = clock.today()
    on = {"outcome_on-day": str(today.day), "outcome_on-month": str(today.month), "outcome_on-year": str(today.year)}
    press_at_once(
        browser_of, team, "/progression/reviews/new", trainee_name="Sam", trainee_email="sam@mail.example",
        programme="Genetics", employer="", director="", outcome="3", officer_name="", officer_email="",
        university_name="", university_email="", **on,
    )  # fmt: skip
    assert (Review.select().count(), happened("review.recorded")) == (1, 1)


def test_adding_an_issue(browser_of: Browsers, team: User, trainee: User) -> None:
    review = reviewed(team, trainee, None, ReviewOutcome.THREE)
    press_at_once(browser_of, team, page(review, "issues"), severity="minor", is_academic="no", words="Late forms")
    assert ReviewIssue.select().count() == 1


def test_deciding(browser_of: Browsers, team: User, trainee: User) -> None:
    review = reviewed(team, trainee, None, ReviewOutcome.THREE)
    press_at_once(browser_of, team, page(review, "decision"), decision="full", version=str(review.version))
    assert happened("review.decided") == 1


def test_changing_an_outcome(browser_of: Browsers, team: User, trainee: User) -> None:
    review, today = reviewed(team, trainee, None, ReviewOutcome.THREE), clock.today()
    on = {"outcome_on-day": str(today.day), "outcome_on-month": str(today.month), "outcome_on-year": str(today.year)}
    fields = {"outcome": "1", "why": "A mistake", "version": str(review.version), **on}
    press_at_once(browser_of, team, page(review, "outcome"), **fields)
    assert (OutcomeChange.select().count(), happened("review.outcome_changed")) == (1, 1)


def test_naming_another_officer(browser_of: Browsers, team: User, trainee: User) -> None:
    review = reviewed(team, trainee, None, ReviewOutcome.THREE)
    press_at_once(browser_of, team, page(review, "officer"), name="Nor Named", email="nor@trust.example")
    assert ReviewPerson.select().where(ReviewPerson.left_at.is_null()).count() == 1
    assert letters_of("officer.named") == ["review_link"]


def test_asking_a_department_to_act(browser_of: Browsers, team: User, trainee: User) -> None:
    review = reviewed(team, trainee, None, ReviewOutcome.THREE)
    press_at_once(
        browser_of, team, page(review, "follow-ups/new"), kind="action_asked", words="A day a week",
        asked_of="department", to_name="Dee", to_email="dee@trust.example", step="send",
    )  # fmt: skip
    assert FollowUp.select().count() == 1
    assert letters_of("follow_up.sent") == ["action_asked"]


def test_offering_a_call(browser_of: Browsers, team: User, trainee: User) -> None:
    review = reviewed(team, trainee, SupportDecision.CALL, ReviewOutcome.TWO)
    press_at_once(browser_of, team, page(review, "call/offer"))
    assert SupportCall.select().count() == 1
    assert letters_of("call.offered") == ["call_offered", "call_offered"]


@pytest.mark.parametrize(("answer", "event"), [("wanted", "call.wanted"), ("declined", "call.declined")])
def test_answering_a_call(browser_of: Browsers, team: User, trainee: User, answer: str, event: str) -> None:
    review = reviewed(team, trainee, SupportDecision.CALL, ReviewOutcome.TWO)
    calls.offer(review, team)
    press_at_once(browser_of, trainee, page(review, "call/answer"), answer=answer)
    assert happened(event) == 1


def test_setting_up_a_meeting(browser_of: Browsers, team: User, chair: User, trainee: User) -> None:
    review = reviewed(team, trainee, SupportDecision.TRIAGE, ReviewOutcome.THREE)
    press_at_once(
        browser_of, team, page(review, "meeting"), minutes="45", chair=chair.public_id, mode="teams", mode_reason="",
        place="", university="no", university_reason="", step="require",
    )  # fmt: skip
    assert SupportMeeting.select().count() == 1
    assert letters_of("support_meeting.required") == ["support_meeting_required", "support_meeting_required"]


def test_asking_when_they_can_meet(browser_of: Browsers, team: User, chair: User, trainee: User) -> None:
    support, begins, by = asked_for(team, chair, trainee), *days_ahead()
    path = f"/progression/meetings/{support.public_id}/times"
    on = {"reply_by-day": str(by.day), "reply_by-month": str(by.month), "reply_by-year": str(by.year)}
    press_at_once(browser_of, team, path, times=begins.isoformat(), soon_reason="", **on)
    assert Poll.select().count() == 1
    assert letters_of("poll.asked") == ["availability_asked"] * 3


def test_calling_a_meeting_off(browser_of: Browsers, team: User, chair: User, trainee: User) -> None:
    support, begins, by = asked_for(team, chair, trainee), *days_ahead()
    support_meetings.ask(support, [begins], by, team)
    fresh = SupportMeeting.get_by_id(support.id)
    path = f"/progression/meetings/{support.public_id}/calling-off"
    press_at_once(browser_of, team, path, version=str(fresh.version))
    assert happened("support_meeting.called_off") == 1
    assert letters_of("poll.called_off") == ["availability_called_off"] * 3


def asked_for(team: User, chair: User, trainee: User) -> SupportMeeting:
    review = reviewed(team, trainee, SupportDecision.TRIAGE, ReviewOutcome.THREE)
    return support_meetings.require(review, Setup(kind=SupportKind.TRIAGE, chair=chair, minutes=45), team)


def days_ahead() -> tuple:
    day = working_days.after(clock.today(), 12)
    return clock.start_of(day) + timedelta(hours=11), working_days.after(clock.today(), 5)
