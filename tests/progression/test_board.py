"""What the progression team sees on its first page: what waits, the longest first, and nothing in which they take part."""

from datetime import timedelta

import pytest

from models import LedTo, Plan, ReportedTo, Review, Role, SupportDecision, SupportMeeting
from signpost import clock
from signpost.progression import action_plans, board, further, outcomes, reviews, support_meetings
from signpost.progression.outcomes import Chosen
from signpost.progression.stand_in import Named
from tests.factories import a_review, a_support_meeting, a_user
from tests.test_query_plans import MOST_STATEMENTS, asked, statements

MONDAY = clock.parse("2027-03-01T09:00")


@pytest.fixture(autouse=True)
def _on_a_monday(app):
    clock.set_to(MONDAY)


def decided(team, director, name, days=0):
    trainee = Named(name, f"{name.lower()}@trainees.example")
    officer = Named(f"Officer of {name}", f"officer.{name.lower()}@trust.example")
    made = a_review(team, trainee, officer, director=director, outcome_on=clock.today() - timedelta(days=days))
    reviews.decide(made, SupportDecision.TRIAGE, team, made.version)
    return made


def held(review, team, director, *chosen):
    moment = clock.now()
    support = a_support_meeting(review, director, team, moment + timedelta(hours=1))
    with clock.at(moment + timedelta(hours=3)):
        support_meetings.held(support, team)
        support = SupportMeeting.get_by_id(support.id)
        if chosen:
            outcomes.decide(support, chosen, team)
    return support


def with_plan(review, team, director):
    held(review, team, director, Chosen(LedTo.ACTION_PLAN))
    plan = Plan.get(Plan.review == review)
    action_plans.add(plan, "Two rotations", clock.today() + timedelta(days=5), team)
    action_plans.agree(plan, clock.today() + timedelta(days=90), team)
    return plan


@pytest.fixture
def everything(team, director):
    """A review at each step, and ten days later."""
    decided(team, director, "Old", days=40)
    decided(team, director, "New", days=4)
    asked = support_meetings.require(
        decided(team, director, "Asked"), support_meetings.Setup(outcomes.SupportKind.TRIAGE, director, 45), team
    )
    times = [clock.start_of(clock.today() + timedelta(days=21)) + timedelta(hours=10)]
    support_meetings.ask(asked, times, clock.today() + timedelta(days=5), team)
    held(decided(team, director, "Silent"), team, director)
    clock.set_to(MONDAY + timedelta(hours=4))
    look_on = clock.today() + timedelta(days=12)
    held(decided(team, director, "Desk"), team, director, Chosen(LedTo.DESKTOP_REVIEW, look_on=look_on))
    clock.set_to(MONDAY + timedelta(hours=8))
    late = decided(team, director, "Late")
    with_plan(late, team, director)
    further.ask(late, further.Wanted(ReportedTo.PANEL, Named("P", "p@panel.example"), "Why", "Words"), team)
    clock.set_to(MONDAY + timedelta(days=10))
    a_support_meeting(decided(team, director, "Met"), director, team, clock.now() + timedelta(hours=30))
    further.list_due(clock.now())


def names(found):
    return [one.trainee_name for one in found]


def test_each_list_names_what_waits(everything, team, director):
    found = board.of(team)

    assert names(found.without_meeting) == ["Old", "New", "Asked"]
    assert [(one.support.review.trainee_name, one.silent) for one in found.asking] == [
        ("Asked", ["Dana Director", "Asked", "Officer of Asked"])
    ]
    assert [support.review.trainee_name for support, _ in found.this_week] == ["Met"]
    assert names([one.review for one in found.without_outcome]) == ["Silent"]
    assert names([one.support_meeting.review for one in found.desktop]) == ["Desk"]
    assert [(plan.review.trainee_name, found.overdue[plan.id]) for plan in found.plans] == [
        ("Late", MONDAY.date() + timedelta(days=5))
    ]
    assert names([one.review for one in found.needed]) == ["Late"]
    assert names([one.review for one in found.reports]) == ["Late"]
    assert found.load == [("Dana Director", 2)]


def test_the_page_of_the_team_shows_it_and_nobody_elses(browser_of, everything, team, director):
    browser = browser_of(team)
    browser.get("/progression")
    for words in (
        "Further reviews listed as needed", "waits for a second person", "50 days since the outcome", "waiting to hear from",
        "Meetings this week", "what it came to is not recorded", "an objective was due on 6 March 2027",
        "look again on 13 March 2027", "Meetings to chair", "A further review is listed as needed", "What did it come to?",
    ):  # fmt: skip
        assert words in browser.page.text, words
    at_chair = browser_of(director)
    at_chair.get("/progression")
    assert "Further reviews listed as needed" not in at_chair.page.text
    assert "Meetings to chair" not in at_chair.page.text


def test_who_takes_part_in_a_review_finds_nothing_of_it_here(everything):
    officer = a_user(Role.TRAINING_OFFICER, Role.PROGRESSION, email="officer.late@trust.example")
    found = board.of(officer)

    assert found.needed == []
    assert found.reports == []
    assert found.plans == []
    assert names(found.without_meeting) == ["Old", "New", "Asked"]


def test_what_is_settled_or_closed_waits_no_more(everything, team):
    for review in board.of(team).without_meeting[:2]:
        reviews.close(review, team, review.version)
    needed = board.of(team).needed[0]
    further.settle(needed, "It was met a day later", team, 1)

    found = board.of(team)
    assert names(found.without_meeting) == ["Asked"]
    assert found.needed == []


def test_it_asks_the_database_as_often_for_many_as_for_a_few_and_never_more_than_eight_times(
    everything, team, director, browser_of
):
    browser = browser_of(team)

    def count():
        with statements() as of_board:
            board.of(team)
        return len(of_board), len(asked(browser, "/progression"))

    few = count()
    for number in range(10):
        decided(team, director, f"More{number}", days=number)
        plan = Plan.create(review=Review.get(Review.trainee_name == f"More{number}"), made_at=clock.now())
        Plan.update(agreed_at=clock.now(), review_on=clock.today()).where(Plan.id == plan.id).execute()
    assert len(board.of(team).plans) == 11
    assert count() == few
    assert few[0] <= MOST_STATEMENTS
