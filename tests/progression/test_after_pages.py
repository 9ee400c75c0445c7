"""The pages of what comes after a support meeting, as every person in them, signed in and by link."""

from datetime import timedelta

import pytest

from models import (
    AskedOf,
    FollowUp,
    LedTo,
    LinkPurpose,
    Notice,
    Objective,
    ObjectiveState,
    Plan,
    ProgressionReport,
    Review,
    ReviewNeeded,
    SupportDecision,
    SupportMeeting,
    SupportOutcome,
)
from signpost import clock
from signpost.accounts import links
from signpost.progression import action_plans, further, outcomes, queries, reviews, support_meetings
from signpost.progression.follow_ups import Asked
from signpost.progression.outcomes import Chosen
from signpost.progression.stand_in import Named
from tests.factories import a_review, a_support_meeting

MONDAY = clock.parse("2027-03-01T09:00")
WORDS = "Finish the two missing rotations"


@pytest.fixture(autouse=True)
def _on_a_monday(app):
    clock.set_to(MONDAY)


@pytest.fixture
def review(team, scientist, officer, director, university):
    made = a_review(team, scientist, officer, director=director, university=university)
    reviews.decide(made, SupportDecision.TRIAGE, team, made.version)
    return made


@pytest.fixture
def support(review, team, director):
    made = a_support_meeting(review, director, team, clock.now() + timedelta(hours=1))
    clock.set_to(MONDAY + timedelta(hours=4))
    support_meetings.held(made, team)
    return SupportMeeting.get_by_id(made.id)


@pytest.fixture
def plan(support, review, team):
    outcomes.decide(support, [Chosen(LedTo.ACTION_PLAN)], team)
    return Plan.get(Plan.review == review)


@pytest.fixture
def objective(plan, scientist):
    return action_plans.add(plan, WORDS, clock.today() + timedelta(days=30), scientist)


@pytest.fixture
def agreed(plan, objective, team):
    action_plans.agree(plan, clock.today() + timedelta(days=60), team)
    return Plan.get_by_id(plan.id)


@pytest.fixture
def needed(agreed, review):
    clock.set_to(clock.now() + timedelta(days=40))
    further.list_due(clock.now())
    return ReviewNeeded.get(ReviewNeeded.review == review)


def page_of(review, rest=""):
    return f"/progression/reviews/{review.public_id}{rest}"


def outcome_page(support):
    return f"/progression/meetings/{support.public_id}/outcome"


def day(name, moment):
    return {f"{name}-day": str(moment.day), f"{name}-month": str(moment.month), f"{name}-year": str(moment.year)}


def link_to(review, officer=None):
    if officer is None:
        token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    else:
        token = links.make(LinkPurpose.REVIEW_PERSON, officer.name, officer.email, review_person=officer)
    return f"/progression/links/{token}"


# What the meeting came to


def test_the_chair_records_what_it_came_to_and_everybody_reads_it(
    browser_of, support, director, scientist, officer, review
):
    at_chair = browser_of(director)
    at_chair.get(f"/progression/meetings/{support.public_id}")
    at_chair.get(outcome_page(support))
    assert "School services" not in at_chair.page.text, "a triage meeting does not lead to that"
    at_chair.press("Keep what it came to", kinds=["no_further_action"])

    assert "No further action" in at_chair.page.text
    for who in (scientist, officer):
        browser = browser_of(who)
        browser.get(f"/progression/meetings/{support.public_id}")
        assert "No further action" in browser.page.text
        assert browser.get(outcome_page(support)).status_code == 403


def test_what_cannot_be_stands_beside_the_field_and_what_was_typed_is_kept(browser_of, support, team):
    browser = browser_of(team)
    browser.get(outcome_page(support))
    answer = browser.press("Keep what it came to", kinds=["no_further_action", "action_plan"])

    assert answer.status_code == 422
    assert "stands alone" in browser.page.text
    assert not SupportOutcome.select().exists()
    assert browser.press("Keep what it came to", kinds=[]).status_code == 422
    assert browser.press("Keep what it came to", kinds=["school_policies"]).status_code == 422


def test_a_full_meeting_that_follows_asks_everybody_at_once(browser_of, support, team, colleague):
    browser = browser_of(team)
    browser.get(outcome_page(support))
    browser.press("Keep what it came to", kinds=["full_meeting"], minute_taker=colleague.public_id)

    further_one = queries.outcomes_of(support)[0].further
    assert further_one.poll is not None
    browser.get(f"/progression/meetings/{further_one.public_id}")
    assert "Waiting to hear from" in browser.page.text


def test_an_outcome_is_changed_with_why_which_the_school_alone_reads(browser_of, support, team, scientist):
    outcomes.decide(support, [Chosen(LedTo.NO_FURTHER_ACTION)], team)
    browser = browser_of(team)
    browser.get(outcome_page(support))
    later = clock.today() + timedelta(days=20)
    browser.press(
        "Keep what it came to", kinds=["desktop_review"], why="The logbook was wrong", **day("look_on", later)
    )

    assert "The logbook was wrong" in browser.page.text
    browser.press("The School has looked again")
    assert "Looked at on" in browser.page.text
    at_trainee = browser_of(scientist)
    at_trainee.get(f"/progression/meetings/{support.public_id}")
    assert "The logbook was wrong" not in at_trainee.page.text


def test_what_a_service_of_the_school_gets_is_looked_at_before_it_leaves(browser_of, review, team, director, colleague):
    support = a_support_meeting(review, director, team, clock.now(), minute_taker=colleague, held_at=clock.now())
    browser = browser_of(director)
    browser.get(outcome_page(support))
    typed = {
        "kinds": ["school_services"], "school_services": "Please offer a careers session",
        "to_name": "Cara Service", "to_email": "service@school.example",
    }  # fmt: skip
    before = Notice.select().count()
    assert browser.press("Keep what it came to", **typed).status_code == 200
    assert "This email goes to Cara Service" in browser.page.text
    assert "Answers go to" in browser.page.text
    assert browser.page.text.count("This email goes to") == 1, "what is for trainee and officer has no word of it"
    assert (SupportOutcome.select().count(), Notice.select().count()) == (0, before)
    browser.press("Look at the email again", **(typed | {"school_services": "Please offer two careers sessions"}))
    assert "Please offer two careers sessions" in browser.page.text
    assert SupportOutcome.select().count() == 0
    browser.press("Keep it and send the email")

    assert SupportOutcome.get().words == "Please offer two careers sessions"
    assert FollowUp.get().to_email == "service@school.example"
    assert Notice.select().where(Notice.kind == "action_asked").count() == 1


def test_what_stands_already_sends_nothing_again_and_is_not_looked_at(browser_of, review, team, director, colleague):
    support = a_support_meeting(review, director, team, clock.now(), minute_taker=colleague, held_at=clock.now())
    service = Asked(AskedOf.SCHOOL_SERVICE, Named("Cara Service", "service@school.example"))
    outcomes.decide(support, [Chosen(LedTo.SCHOOL_SERVICES, "A careers session", asked=service)], team)
    browser = browser_of(team)
    browser.get(outcome_page(support))
    browser.press(
        "Keep what it came to", kinds=["school_services", "action_plan"], why="A plan as well",
        to_name="Cara Service", to_email="service@school.example",
    )  # fmt: skip

    assert {one.kind for one in queries.outcomes_of(support)} == {LedTo.SCHOOL_SERVICES, LedTo.ACTION_PLAN}
    assert Notice.select().where(Notice.kind == "action_asked").count() == 1


def test_the_further_meeting_of_a_plan_is_set_up_after_a_look_at_the_emails(browser_of, support, plan, team, director):
    browser = browser_of(team)
    browser.get(f"/progression/meetings/{support.public_id}")
    here = f"/progression/meetings/{support.public_id}/further/triage"
    assert browser.get(here).status_code == 200
    browser.press("Look at the emails", chair=director.public_id)
    assert SupportMeeting.select().count() == 1
    browser.press("Tell them that they are needed", chair=director.public_id)

    assert SupportMeeting.select().count() == 2
    assert browser.get(here).status_code == 404


# The plan


def test_the_trainee_drafts_it_signed_in_and_by_link_and_the_officer_too(
    browser_of, client, plan, review, scientist, officer
):
    browser = browser_of(scientist)
    browser.get(page_of(review))
    assert "Go to the action plan" in browser.page.text
    due = clock.today() + timedelta(days=30)
    browser.get(page_of(review, "/plan"))
    assert browser.page.h1 == "Your action plan"
    browser.press("Add it", words=WORDS, **day("due_on", due))
    browser_of(officer).get(page_of(review, "/plan"))
    for number, way in enumerate((link_to(review), link_to(review, queries.officer_of(review)))):
        client.get(f"{way}/plan")
        client.press("Add it", words=f"{WORDS} {number}", **day("due_on", due))

    assert Objective.select().count() == 3


def test_an_objective_without_a_day_is_refused_beside_the_field(browser_of, plan, review, scientist):
    browser = browser_of(scientist)
    browser.get(page_of(review, "/plan"))

    assert browser.press("Add it", words=WORDS).status_code == 422
    assert WORDS in browser.page.html
    assert not Objective.select().exists()


def test_one_is_put_otherwise_and_removed(browser_of, objective, review, scientist):
    browser = browser_of(scientist)
    browser.get(page_of(review, f"/plan/objectives/{objective.public_id}/wording"))
    browser.press("Save the changes", words="Other words")
    assert "Other words" in browser.page.text
    browser.get(page_of(review, f"/plan/objectives/{objective.public_id}/wording"))
    browser.press("Remove it from the plan")

    assert "There is no objective yet" in browser.page.text


def test_the_school_agrees_and_looks_at_it(browser_of, objective, review, director):
    browser = browser_of(director)
    browser.get(page_of(review, "/plan/agreement"))
    browser.press("Agree to it", **day("review_on", clock.today() + timedelta(days=60)))
    assert "Agreed by Dana Director" in browser.page.text
    browser.get(page_of(review, "/plan/review"))
    browser.press("Keep it")

    assert "The School looked at it" in browser.page.text
    assert Plan.get().review_on is None


def test_once_agreed_the_trainee_says_how_far_it_got_with_evidence_and_the_officer_comments(
    browser_of, client, agreed, objective, review, scientist, officer
):
    way = link_to(review)
    client.get(f"{way}/plan")
    assert "Add an objective" not in client.page.text
    client.get(f"{way}/plan/objectives/{objective.public_id}")
    assert client.page.h1.startswith("Objective due on")
    assert "You can say what shows how far you got" in client.page.text
    client.press("Add the comment", comment="Signed off by both wards")
    client.submit(f"{way}/plan/objectives/{objective.public_id}/state", state="met")
    assert Objective.get().state == ObjectiveState.MET
    at_officer = browser_of(officer)
    one = page_of(review, f"/plan/objectives/{objective.public_id}")
    at_officer.get(one)
    assert "Signed off by both wards" in at_officer.page.text
    assert "You can say what shows" not in at_officer.page.text
    at_officer.press("Add the comment", comment="I saw it")
    assert "I saw it" in at_officer.page.text
    at_officer.get(page_of(review, "/plan"))
    assert "Done in part" not in at_officer.page.text


def test_the_plan_does_not_exist_for_the_university_and_others(browser_of, agreed, review, university, counsellor):
    for who in (university, counsellor):
        assert browser_of(who).get(page_of(review, "/plan")).status_code == 404


def test_only_the_school_finds_where_it_is_agreed_and_moved(
    browser_of, client, agreed, objective, review, scientist, officer
):
    for who in (scientist, officer):
        browser = browser_of(who)
        assert browser.get(page_of(review, "/plan/agreement")).status_code == 404
        assert browser.get(page_of(review, "/plan/review")).status_code == 404
        assert browser.get(page_of(review, f"/plan/objectives/{objective.public_id}/wording")).status_code == 409


def test_there_is_no_plan_page_where_there_is_no_plan(browser_of, support, review, scientist):
    assert browser_of(scientist).get(page_of(review, "/plan")).status_code == 404


# After


def test_a_further_review_is_opened_from_what_is_known(browser_of, needed, review, team, scientist):
    browser = browser_of(team)
    browser.get(page_of(review))
    assert "an objective of the action plan was not met in time" in browser.page.text
    browser.get(page_of(review, "/further"))
    browser.press("Open the further review", outcome="3", **day("outcome_on", clock.today()))

    made = Review.get(Review.earlier == review)
    assert made.trainee_email == scientist.email
    browser.get(page_of(made))
    assert "This review follows" in browser.page.text
    assert browser.get(page_of(review, "/further")).status_code == 404


def test_or_why_none_is_needed_and_the_trainee_reads_nothing_of_either(browser_of, needed, review, director, scientist):
    at_trainee = browser_of(scientist)
    at_trainee.get(page_of(review))
    assert "further review" not in at_trainee.page.text.lower()
    browser = browser_of(director)
    assert browser.get(page_of(review, "/further")).status_code == 403
    browser.get(page_of(review, "/further/not-needed"))
    browser.press("Keep it", why="It was met a day later")

    assert "It was met a day later" in browser.page.text


def test_a_report_is_asked_for_agreed_told_and_sent(browser_of, client, review, team, director, scientist):
    at_team = browser_of(team)
    at_team.get(page_of(review, "/reports/new"))
    typed = {
        "to": "panel", "to_name": "Pia Panel", "to_email": "panel@school.example",
        "reason": "All support was given", "words": "Please look at this",
    }  # fmt: skip
    at_team.press("Look at what they would read", **typed)
    assert not ProgressionReport.select().exists()
    assert "Please look at this" in at_team.page.text
    at_team.press("Ask a second person", **typed)
    report = ProgressionReport.get()
    assert "somebody else of the School decides" in at_team.page.text
    at_trainee = browser_of(scientist)
    at_trainee.get(page_of(review))
    assert "Please look at this" not in at_trainee.page.text
    at_chair = browser_of(director)
    at_chair.get(f"/progression/reports/{report.public_id}")
    assert "Before anything is sent" in at_chair.page.text
    at_chair.press("Agree, and tell the trainee")
    at_trainee.get(page_of(review))
    assert "Please look at this" in at_trainee.page.text
    assert "All support was given" not in at_trainee.page.text
    at_team.get(f"/progression/reports/{report.public_id}")
    at_team.press("Send it")
    assert "Sent on" in at_team.page.text


def test_the_officer_knows_nothing_of_reports(browser_of, review, team, officer):
    report = further.ask(
        review, further.Wanted(further.ReportedTo.PANEL, further.Named("P", "p@panel.example"), "Why", "Words"), team
    )
    browser = browser_of(officer)
    browser.get(page_of(review))

    assert "Training Management Panel" not in browser.page.text
    assert browser.get(f"/progression/reports/{report.public_id}").status_code == 403


def test_the_start_page_says_what_is_due_of_ones_own_plan_and_nobody_elses(
    browser_of, agreed, objective, scientist, officer
):
    at_trainee = browser_of(scientist)
    at_trainee.get("/")
    assert "of your action plan" not in at_trainee.page.text, "it is a month away"
    clock.set_to(clock.now() + timedelta(days=31))
    at_trainee = browser_of(scientist)
    at_trainee.get("/")
    assert "1 objective of your action plan" in at_trainee.page.text
    at_officer = browser_of(officer)
    at_officer.get("/")
    assert "of your action plan" not in at_officer.page.text
