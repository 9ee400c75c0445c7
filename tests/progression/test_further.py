"""After a plan: what was not met in time is listed, and people decide; what is reported needs two (E12, E13, E14)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from peewee import IntegrityError

from models import (
    Event,
    LedTo,
    LinkPurpose,
    Notice,
    NoticeRecipient,
    ObjectiveState,
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
)
from signpost import clock, due
from signpost.accounts import links
from signpost.errors import RuleBroken
from signpost.events import rehearse
from signpost.notices import delivery
from signpost.progression import action_plans, further, outcomes, queries, reviews, support_meetings
from signpost.progression.further import Wanted
from signpost.progression.outcomes import Chosen
from signpost.progression.stand_in import Named
from tests.factories import a_review, a_support_meeting, a_user, an_employer

MONDAY = clock.parse("2027-03-01T09:00")
DUE = date(2027, 4, 1)
PANEL = Named("Pia Panel", "panel@school.example")
REASON = "Three plans were not met, with all support given"
WORDS = "Please look at how the programme can go on"


@pytest.fixture(autouse=True)
def _on_a_monday(app):
    clock.set_to(MONDAY)


@pytest.fixture
def review(team, scientist, officer, director):
    made = a_review(
        team, scientist, officer, director=director, employer=an_employer("Weald", contact_email="hr@weald.example")
    )
    reviews.decide(made, SupportDecision.TRIAGE, team, made.version)
    return made


@pytest.fixture
def objective(review, team, director, scientist):
    support = a_support_meeting(review, director, team, clock.now() + timedelta(hours=1))
    clock.set_to(MONDAY + timedelta(hours=4))
    support_meetings.held(support, team)
    outcomes.decide(SupportMeeting.get_by_id(support.id), [Chosen(LedTo.ACTION_PLAN)], team)
    plan = Plan.get(Plan.review == review)
    made = action_plans.add(plan, "Two rotations", DUE, scientist)
    action_plans.agree(plan, date(2027, 5, 3), team)
    return type(made).get_by_id(made.id)


@pytest.fixture
def needed(objective, review):
    clock.set_to(clock.parse("2027-04-02T10:00"))
    further.list_due(clock.now())
    return ReviewNeeded.get(ReviewNeeded.review == review)


@pytest.fixture
def wanted():
    return Wanted(ReportedTo.PANEL, PANEL, REASON, WORDS)


def fresh(row):
    return type(row).get_by_id(row.id)


def refused(act, words):
    rows = (Review, ReviewNeeded, ProgressionReport, Notice, Event, PersonalLink)
    before = [table.select().count() for table in rows]
    with pytest.raises(RuleBroken, match=words):
        act()
    assert [table.select().count() for table in rows] == before


def told(kind):
    rows = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).where(Notice.kind == kind)
    return [(one.address, one.permission) for one in rows]


# Listed, and never acted on


def listed_on(first, last):
    day, found = first, []
    while day <= last:
        for hour in ("00:05", "12:00", "23:50"):
            clock.set_to(clock.parse(f"{day}T{hour}"))
            found += [day] * further.list_due(clock.now())
        day += timedelta(days=1)
    return found


def test_an_agreed_objective_that_was_not_met_in_time_is_listed_once_and_nobody_is_told(objective):
    before = Notice.select().count()

    assert listed_on(date(2027, 3, 28), date(2027, 4, 20)) == [date(2027, 4, 2)]
    assert Notice.select().count() == before
    assert Event.select().where(Event.name == "further_review.listed").count() == 1
    assert Review.select().count() == 1
    assert not ProgressionReport.select().exists()


def test_what_falls_due_lists_it_and_does_nothing_more_however_often_it_runs(objective):
    for days in (0, 0, 30, 300):
        clock.set_to(clock.parse("2027-04-02T10:00") + timedelta(days=days))
        due.run(clock.now())

    assert ReviewNeeded.select().count() == 1
    assert Review.select().count() == 1
    assert not ProgressionReport.select().exists()


@pytest.mark.parametrize("how", ["met", "removed", "draft", "closed"])
def test_what_was_met_taken_off_not_agreed_or_is_closed_is_not_listed(objective, how, team, scientist):
    plan = objective.plan
    if how == "met":
        action_plans.say(objective, ObjectiveState.MET, scientist)
    elif how == "removed":
        action_plans.add(plan, "Another", date(2028, 1, 3), team)
        action_plans.remove(objective, objective.version, team)
    elif how == "draft":
        Plan.update(agreed_at=None, agreed_by=None).where(Plan.id == plan.id).execute()
    else:
        reviews.close(plan.review, team, plan.review.version)

    assert listed_on(date(2027, 4, 1), date(2027, 4, 5)) == []


# A person decides


def test_a_person_opens_the_further_review_which_knows_the_earlier_one(needed, review, team, scientist, officer):
    made = further.open_one(needed, lambda: another(review, team), team)

    assert made.earlier == review
    kept = fresh(needed)
    assert (kept.opened, kept.settled_by) == (made, team)
    refused(lambda: further.open_one(kept, lambda: another(review, team), team), "settled already")
    refused(lambda: further.settle(kept, "Not now", team, kept.version), "settled already")


def another(review, team):
    officer = queries.officer_of(review)
    return reviews.record_review(
        reviews.Details(Named(review.trainee_name, review.trainee_email), review.programme, None, None),
        ReviewOutcome.THREE, clock.today(), Named(officer.name, officer.email), None, [], team, earlier=review,
    )  # fmt: skip


def test_where_the_new_review_cannot_be_recorded_it_stays_listed(needed, review, team):
    def known_already():
        return reviews.record_review(
            reviews.Details(Named(review.trainee_name, review.trainee_email), "P", None, None),
            ReviewOutcome.THREE, review.outcome_on, None, None, [], team, earlier=review,
        )  # fmt: skip

    refused(lambda: further.open_one(needed, known_already, team), "already")
    assert fresh(needed).settled_at is None


def test_or_says_why_none_is_needed_and_it_is_not_listed_again(needed, team, director):
    refused(lambda: further.settle(needed, " ", team, 1), "Say why")
    further.settle(needed, "It was met a day later", director, 1)

    assert fresh(needed).not_needed_why == "It was met a day later"
    assert listed_on(date(2027, 4, 3), date(2027, 4, 8)) == []


def test_the_trainee_the_officer_and_others_decide_nothing_of_it(
    needed, review, wanted, team, scientist, officer, counsellor
):
    for who in (scientist, officer, counsellor):
        refused(lambda who=who: further.settle(needed, "No", who, 1), "Somebody of the School")
        refused(lambda who=who: further.open_one(needed, lambda: another(review, team), who), "Somebody of the School")
        refused(lambda who=who: further.ask(review, wanted, who), "Somebody of the School")


# Reported: two people, the trainee first


def test_asking_for_a_report_sends_nothing_and_again_is_one_press(review, wanted, team):
    before = Notice.select().count()
    made = {further.ask(review, wanted, team).id for _ in range(8)}

    assert len(made) == 1
    assert Notice.select().count() == before
    event = Event.get(Event.name == "progression_report.asked")
    assert REASON not in event.facts_json
    assert WORDS not in event.facts_json


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "Enter the reason"),
        ({"words": ""}, "Enter the reason, and the words"),
        ({"words": "x" * 2001}, "2,000 characters"),
        ({"person": Named("HR", "hr@weald.example")}, "employer gets nothing"),
    ],
)
def test_a_report_that_lacks_something_or_goes_to_the_employer_is_refused(review, wanted, team, change, words):
    refused(lambda: further.ask(review, replace(wanted, **change), team), words)


def test_a_report_does_not_go_to_anybody_of_the_review(review, wanted, team, scientist, officer):
    for who in (scientist, officer):
        refused(lambda who=who: further.ask(review, replace(wanted, person=Named(who.name, who.email)), team), "That")


def test_nobody_agrees_to_what_they_asked_for(review, wanted, team):
    report = further.ask(review, wanted, team)

    refused(lambda: further.judge(report, True, team), "Somebody else decides")
    with pytest.raises(IntegrityError):
        ProgressionReport.update(second=team, is_agreed=True).where(ProgressionReport.id == report.id).execute()


def test_nothing_is_sent_before_a_second_person_agreed_and_the_trainee_was_told(review, wanted, team, colleague):
    report = further.ask(review, wanted, team)

    refused(lambda: further.send(report, team), "has to agree first")
    further.judge(report, False, colleague)
    refused(lambda: further.send(report, team), "has to agree first")
    refused(lambda: further.judge(report, True, colleague), "decided already")


def test_the_trainee_is_told_when_a_second_person_agrees_and_the_body_only_when_it_is_sent(
    review, wanted, team, director, scientist
):
    report = further.ask(review, wanted, team)
    for _ in range(8):
        further.judge(fresh(report), True, director)
    assert told("report_told") == [(scientist.email, "E13-trainee")]
    assert told("progression_report") == []
    for _ in range(8):
        further.send(fresh(report), team)
    assert told("progression_report") == [(PANEL.email, "E13-named")]
    assert not [one for one in Notice.select() if WORDS in one.text or REASON in one.text]
    assert not [one for one in Notice.select() if "hr@weald.example" in {to.address for to in one.recipients}]


def test_what_the_next_press_sends_is_previewed_and_nothing_is_kept_of_that(review, wanted, team, colleague):
    report = further.ask(review, wanted, team)
    before = Notice.select().count()

    (letter,) = rehearse(lambda: further.judge(report, True, colleague))
    assert letter.kind == "report_told"
    assert (Notice.select().count(), fresh(report).is_agreed) == (before, None)


def test_a_report_to_an_address_that_became_the_trainees_is_withheld(app, review, wanted, team, colleague, mailbox):
    report = further.ask(review, wanted, team)
    further.judge(report, True, colleague)
    further.send(fresh(report), team)
    Review.update(trainee_email=PANEL.email).where(Review.id == review.id).execute()
    with app.app_context():
        delivery.send_due()

    assert not mailbox.to(PANEL.email)


def test_the_link_of_a_report_opens_what_was_reported_and_nothing_of_the_review(
    client, review, wanted, team, colleague
):
    report = further.ask(review, wanted, team)
    further.judge(report, True, colleague)
    further.send(fresh(report), team)
    token = links.make(LinkPurpose.PROGRESSION_REPORT, PANEL.name, PANEL.email, review=review)

    assert client.get(f"/progression/links/{token}").status_code == 200
    assert WORDS in client.page.text
    assert REASON not in client.page.text
    link = links.find(token)
    assert queries.relations(link, review) == frozenset()
    assert not queries.visible_by_link(link).exists()
    assert client.get(f"/progression/links/{token}/plan").status_code == 404


def test_a_link_for_a_report_that_was_not_sent_opens_nothing(client, review, wanted, team):
    further.ask(review, wanted, team)
    token = links.make(LinkPurpose.PROGRESSION_REPORT, PANEL.name, PANEL.email, review=review)

    assert client.get(f"/progression/links/{token}").status_code == 410
    assert WORDS not in client.page.text


def test_a_second_body_is_another_report_and_the_same_one_waits(review, wanted, team, colleague):
    further.ask(review, wanted, team)
    refused(lambda: further.ask(review, replace(wanted, words="Other words"), colleague), "asked for already")
    further.ask(review, replace(wanted, to=ReportedTo.QUALITY), team)

    assert ProgressionReport.select().count() == 2


def test_a_chair_of_its_meeting_may_be_the_second_person_and_another_chair_not(review, wanted, team, director):
    report = further.ask(review, wanted, team)
    other = a_user(Role.MEETING_CHAIR)

    refused(lambda: further.judge(report, True, other), "Somebody of the School")
    further.judge(report, True, director)
    assert fresh(report).second == director
