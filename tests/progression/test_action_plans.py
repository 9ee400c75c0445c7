"""The action plan: drafted by the trainee with their officer, agreed and reviewed by the School, reminded of (E11)."""

from datetime import date, timedelta

import pytest

from models import (
    Event,
    LedTo,
    LinkPurpose,
    Notice,
    NoticeRecipient,
    Objective,
    ObjectiveRemark,
    ObjectiveState,
    Plan,
    SupportDecision,
    SupportMeeting,
)
from signpost import clock
from signpost.accounts import links
from signpost.errors import RuleBroken, StaleRecord
from signpost.plans import actions as plans
from signpost.plans import falling_due as reminding
from signpost.plans import queries as tasks
from signpost.progression import action_plans, falling_due, outcomes, queries, reviews, support_meetings
from signpost.progression.outcomes import Chosen
from tests.factories import a_review, a_support_meeting

MONDAY = clock.parse("2027-03-01T09:00")
DUE = date(2027, 4, 1)
WORDS = "Finish the two missing rotations"


@pytest.fixture(autouse=True)
def _on_a_monday(app):
    clock.set_to(MONDAY)


@pytest.fixture
def plan(team, scientist, officer, director):
    """Opened by a triage meeting."""
    review = a_review(team, scientist, officer, director=director)
    reviews.decide(review, SupportDecision.TRIAGE, team, review.version)
    support = a_support_meeting(review, director, team, clock.now() + timedelta(hours=1))
    clock.set_to(MONDAY + timedelta(hours=4))
    support_meetings.held(support, team)
    outcomes.decide(SupportMeeting.get_by_id(support.id), [Chosen(LedTo.ACTION_PLAN)], team)
    return Plan.get(Plan.review == review)


@pytest.fixture
def objective(plan, scientist):
    return action_plans.add(plan, WORDS, DUE, scientist)


@pytest.fixture
def agreed(plan, objective, team):
    action_plans.agree(plan, date(2027, 5, 3), team)
    return Plan.get_by_id(plan.id)


def link_of(review):
    token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    return links.find(token)


def fresh(objective):
    return Objective.get_by_id(objective.id)


def refused(act, words):
    rows = (Objective, ObjectiveRemark, Notice, Event)
    before = [table.select().count() for table in rows]
    with pytest.raises(RuleBroken, match=words):
        act()
    assert [table.select().count() for table in rows] == before


def told(kind):
    rows = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).where(Notice.kind == kind)
    return sorted((one.address, one.permission) for one in rows)


# Drafted


def test_trainee_officer_and_school_draft_it_and_the_trainee_is_responsible(plan, scientist, officer, team, director):
    for number, who in enumerate((scientist, officer, team, director, link_of(plan.review))):
        made = action_plans.add(plan, f"{WORDS} {number}", DUE, who)
        assert (made.owner_name, made.supporter) == (scientist.name, officer)

    assert tasks.of_review(plan.review).count() == 5
    assert not Notice.select().where(Notice.kind == "task_reminder").exists()
    assert not [one for one in Event.select().where(Event.name == "task.added") if WORDS in one.facts_json]
    assert {one.about_id for one in Event.select().where(Event.name == "task.added")} == {plan.review.public_id}


def test_nobody_else_writes_it(plan, university, counsellor):
    for who in (university, counsellor):
        refused(lambda who=who: action_plans.add(plan, WORDS, DUE, who), "not yours")


def test_the_same_objective_again_is_one_press(plan, scientist):
    made = {action_plans.add(plan, WORDS, DUE, scientist).id for _ in range(8)}

    assert len(made) == 1
    assert Objective.select().count() == 1


def test_what_was_changed_meanwhile_is_not_written_over(plan, objective, scientist, officer):
    action_plans.change(objective, 1, "Other words", DUE, officer)

    with pytest.raises(StaleRecord):
        action_plans.change(objective, 1, "Mine", DUE, scientist)
    assert fresh(objective).words == "Other words"


def test_one_that_is_removed_shows_no_more_and_is_kept(plan, objective, scientist):
    action_plans.remove(objective, 1, scientist)

    assert not tasks.of_review(plan.review).exists()
    assert fresh(objective).words == WORDS


def test_nobody_says_how_far_a_draft_got(objective, scientist):
    refused(lambda: action_plans.say(objective, ObjectiveState.MET, scientist), "not agreed yet")


# Agreed


def test_the_school_agrees_once_and_trainee_and_officer_are_told_without_a_word_of_it(
    plan, objective, team, scientist, officer
):
    for _ in range(8):
        action_plans.agree(plan, date(2027, 5, 3), team)

    assert told("plan_agreed") == sorted([(scientist.email, "E11-trainee"), (officer.email, "E11-officer")])
    assert not [one for one in Notice.select() if WORDS in one.text]
    kept = Plan.get_by_id(plan.id)
    assert (kept.agreed_by, kept.review_on) == (team, date(2027, 5, 3))


def test_only_the_school_agrees_and_only_to_something(plan, team, scientist, officer):
    refused(lambda: action_plans.agree(plan, date(2027, 5, 3), team), "no objective in the plan")
    action_plans.add(plan, WORDS, DUE, scientist)
    for who in (scientist, officer):
        refused(lambda who=who: action_plans.agree(plan, date(2027, 5, 3), who), "The School agrees")
    refused(lambda: action_plans.agree(plan, clock.today(), team), "in the future")


def test_once_it_is_agreed_the_school_alone_changes_it(agreed, objective, team, scientist, officer):
    for who in (scientist, officer, link_of(agreed.review)):
        refused(lambda who=who: action_plans.add(agreed, "More", DUE, who), "School alone")
        refused(lambda who=who: action_plans.change(objective, 1, "Other", DUE, who), "School alone")
        refused(lambda who=who: action_plans.remove(objective, 1, who), "School alone")
        refused(lambda who=who: action_plans.move(objective, date(2027, 6, 1), "Later", who), "School alone")
    action_plans.move(objective, date(2027, 6, 1), "The rotation begins later", team)
    assert fresh(objective).due_on == date(2027, 6, 1)
    refused(lambda: action_plans.remove(fresh(objective), fresh(objective).version, team), "one objective at least")


def test_trainee_and_school_say_how_far_it_got_and_the_officer_comments(agreed, objective, team, scientist, officer):
    action_plans.say(objective, ObjectiveState.PARTLY, scientist)
    plans.comment(objective, "The first of the two is done", scientist)
    refused(lambda: action_plans.say(fresh(objective), ObjectiveState.MET, officer), "The trainee says")
    plans.comment(objective, "I saw it", officer)
    action_plans.say(fresh(objective), ObjectiveState.MET, team)

    assert fresh(objective).state == ObjectiveState.MET
    assert ObjectiveRemark.select().count() == 2


def test_by_a_personal_link_the_trainee_says_how_far_it_got(agreed, objective):
    action_plans.say(objective, ObjectiveState.MET, link_of(agreed.review))

    assert fresh(objective).state == ObjectiveState.MET


def test_nothing_changes_once_the_review_is_closed(agreed, objective, team, scientist):
    review = agreed.review
    reviews.close(review, team, review.version)
    plan, one = Plan.get_by_id(agreed.id), fresh(objective)

    refused(lambda: action_plans.add(plan, "More", DUE, team), "closed")
    refused(lambda: action_plans.say(one, ObjectiveState.MET, scientist), "The trainee says")
    refused(lambda: plans.comment(one, "Words", scientist), "closed")
    refused(lambda: action_plans.reviewed(plan, None, team), "closed")


def test_the_school_looks_at_it_and_says_when_again(agreed, team, scientist):
    for _ in range(8):
        action_plans.reviewed(agreed, date(2027, 6, 7), team)

    assert Plan.get_by_id(agreed.id).review_on == date(2027, 6, 7)
    assert Event.select().where(Event.name == "action_plan.reviewed").count() == 1
    refused(lambda: action_plans.reviewed(agreed, None, scientist), "The School")
    refused(lambda: action_plans.reviewed(agreed, clock.today(), team), "in the future")


# Reminders


def days_of(remind, first, last):
    day, found = first, []
    while day <= last:
        for hour in ("00:05", "09:30", "17:00"):
            clock.set_to(clock.parse(f"{day}T{hour}"))
            found += [day] * remind(clock.now())
        day += timedelta(days=1)
    return found


def test_trainee_and_officer_are_reminded_before_and_twice_after_and_not_of_what_it_is(agreed, scientist, officer):
    days = days_of(reminding.remind, date(2027, 3, 20), date(2027, 4, 20))

    assert days == [date(2027, 3, 25), date(2027, 4, 2), date(2027, 4, 9)]
    assert told("objective_reminder") == [(scientist.email, "E11-trainee")] * 3
    assert told("objective_reminder_officer") == [(officer.email, "E11-officer")] * 3
    assert not [one for one in Notice.select() if WORDS in one.text]


def test_nobody_is_reminded_of_a_draft_nor_once_it_is_met_or_closed(plan, objective, team, scientist):
    assert days_of(reminding.remind, date(2027, 3, 24), date(2027, 3, 26)) == []
    action_plans.agree(plan, date(2027, 5, 3), team)
    action_plans.say(fresh(objective), ObjectiveState.MET, scientist)
    assert days_of(reminding.remind, date(2027, 3, 27), date(2027, 4, 20)) == []
    action_plans.say(fresh(objective), ObjectiveState.NOT_YET, scientist)
    reviews.close(plan.review, team, plan.review.version)
    assert days_of(reminding.remind, date(2027, 4, 21), date(2027, 4, 22)) == []


def test_the_school_hears_once_of_each_day_that_the_plan_is_to_be_looked_at(agreed, team):
    days = days_of(falling_due.remind, date(2027, 5, 1), date(2027, 5, 6))
    assert days == [date(2027, 5, 3)]
    assert told("plan_review_due") == [(team.email, "E11-team")]
    action_plans.reviewed(Plan.get_by_id(agreed.id), date(2027, 5, 10), team)
    assert days_of(falling_due.remind, date(2027, 5, 7), date(2027, 5, 12)) == [date(2027, 5, 10)]


def test_a_plan_that_need_not_be_looked_at_again_is_not_spoken_of(agreed, team):
    action_plans.reviewed(agreed, None, team)

    assert days_of(falling_due.remind, date(2027, 5, 1), date(2027, 5, 6)) == []
    assert queries.plan_of(agreed.review) is not None
