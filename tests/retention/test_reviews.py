"""A review of progression is destroyed with all that hangs on it, and what follows it stays."""

from datetime import timedelta

import pytest

from models import (
    FollowUp,
    LedTo,
    Objective,
    PersonalLink,
    Plan,
    ProgressionReport,
    ReportedTo,
    Review,
    ReviewNeeded,
    ReviewOutcome,
    Role,
    SupportDecision,
    SupportMeeting,
    SupportOutcome,
)
from signpost import clock
from signpost.plans import actions as tasks
from signpost.progression import action_plans, further, outcomes, queries, reviews, support_meetings
from signpost.progression.outcomes import Chosen
from signpost.progression.stand_in import Named
from signpost.reports import publishing
from tests.factories import a_referral, a_review, a_support_meeting, a_user
from tests.retention.conftest import LONG_AFTER, pass_at

MONDAY = clock.parse("2026-03-02T09:00")
PARTS = (SupportMeeting, SupportOutcome, Plan, Objective, ReviewNeeded, FollowUp, ProgressionReport)


@pytest.fixture
def team(app):
    return a_user(Role.PROGRESSION)


@pytest.fixture
def reviewed(app, team, adviser):
    """Everything that can come of a review: it is closed, and the further one stays open."""
    clock.set_to(MONDAY)
    a_referral()  # the figures begin with it
    chair, colleague = a_user(Role.MEETING_CHAIR), a_user(Role.PROGRESSION)
    review = a_review(team, Named("Sam", "sam@trainees.example"), Named("Olly", "olly@trust.example"))
    reviews.decide(review, SupportDecision.TRIAGE, team, review.version)
    triage = held(review, chair, team)
    outcomes.decide(triage, [Chosen(LedTo.FULL_MEETING)], team, colleague)
    outcomes.change_to(triage, [Chosen(LedTo.NO_FURTHER_ACTION)], "Not needed", team)
    full = held(review, chair, team, colleague)
    outcomes.decide(full, [Chosen(LedTo.ACTION_PLAN), Chosen(LedTo.EMPLOYER_POLICIES, "Leave")], team)
    plan = Plan.get(Plan.review == review)
    one = action_plans.add(plan, "Two rotations", clock.today() + timedelta(days=5), team)
    tasks.comment(one, "One is done", team)
    action_plans.agree(plan, clock.today() + timedelta(days=9), team)
    report = further.ask(review, further.Wanted(ReportedTo.PANEL, Named("P", "p@panel.example"), "Why", "Words"), team)
    further.judge(report, True, colleague)
    further.send(ProgressionReport.get_by_id(report.id), team)
    clock.set_to(clock.now() + timedelta(days=20))
    further.list_due(clock.now())
    further.open_one(ReviewNeeded.get(), lambda: another(review, team), team)
    review = Review.get_by_id(review.id)
    reviews.close(review, team, review.version)
    return review


def held(review, chair, team, taker=None):
    begins = clock.now() + timedelta(hours=1)
    support = a_support_meeting(review, chair, team, begins, taker)
    clock.set_to(begins + timedelta(hours=3))
    support_meetings.held(support, team)
    return SupportMeeting.get_by_id(support.id)


def another(review, team):
    details = reviews.Details(Named(review.trainee_name, review.trainee_email), "P", None, None)
    return reviews.record_review(details, ReviewOutcome.TWO, clock.today(), None, None, [], team, earlier=review)


def test_all_that_hangs_on_a_review_goes_with_it_and_the_further_one_stays(reviewed, scheduled):
    later = Review.get(Review.earlier == reviewed)
    assert all(table.select().exists() for table in PARTS)
    with clock.at(LONG_AFTER):
        publishing.publish(LONG_AFTER)
    pass_at(LONG_AFTER)

    assert [one.id for one in Review.select()] == [later.id]
    assert Review.get_by_id(later.id).earlier is None
    assert not [table for table in PARTS if table.select().exists()]
    assert not PersonalLink.select().where(PersonalLink.review.is_null(False)).exists()
    assert queries.plan_of(later) is None
