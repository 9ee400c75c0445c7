"""The page of a review, as each of those it concerns sees it."""

import pytest

from models import LinkPurpose, Notice, PersonalLink, Review, Severity
from signpost import clock
from signpost.accounts import links
from signpost.progression import queries, reviews
from tests.factories import a_review, a_support_meeting

WORDS = "Logbook entries for two rotations are missing"


@pytest.fixture
def review(team, scientist, officer, director, university):
    issues = [reviews.Issue(Severity.MODERATE, False, WORDS), reviews.Issue(Severity.MAJOR, True, "The thesis plan")]
    return a_review(team, scientist, officer, director=director, university=university, issues=issues)


def page_of(review):
    return f"/progression/reviews/{review.public_id}"


def test_the_trainee_reads_theirs_in_supportive_words(browser_of, review, scientist, officer):
    browser = browser_of(scientist)

    assert browser.get(page_of(review)).status_code == 200
    assert browser.page.h1 == "Your review of progression"
    assert WORDS in browser.page.text
    assert officer.name in browser.page.text
    assert "suggest" not in browser.page.text


def test_the_officer_reads_that_of_their_trainee(browser_of, review, scientist, officer):
    browser = browser_of(officer)

    assert browser.get(page_of(review)).status_code == 200
    assert scientist.name in browser.page.text
    assert "suggest" not in browser.page.text


def test_the_school_sees_what_the_issues_suggest_and_what_waits_for_it(browser_of, review, director, team):
    for one in (director, team):
        browser = browser_of(one)
        browser.get(page_of(review))
        assert "suggest: a full support meeting" in browser.page.text
        assert "The School has not decided yet" in browser.page.text


def test_the_university_and_everybody_else_get_the_page_that_says_not_found(browser_of, review, university, counsellor):
    assert browser_of(university).get(page_of(review)).status_code == 404
    assert browser_of(counsellor).get(page_of(review)).status_code == 404


def test_a_link_opens_the_trainees_page_without_an_account(client, review):
    token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)

    assert client.get(f"/progression/links/{token}").status_code == 200
    assert WORDS in client.page.text


def test_a_link_that_is_too_old_can_be_asked_for_again(client, team):
    review = a_review(team)
    token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    PersonalLink.update(expires_at=clock.now()).execute()

    assert client.get(f"/progression/links/{token}").status_code == 410
    client.press("Send me a new link")

    assert [one.kind for one in Notice.select()] == ["review_link"]
    assert "/progression/links/" in Notice.get().text


@pytest.mark.parametrize("page", ["/plan", "/meetings/{}", "/meetings/{}/preparation"])
def test_where_a_letter_leads_says_that_its_link_is_too_old_and_sends_another(client, team, director, page):
    review = a_review(team)
    support = a_support_meeting(review, director, team)
    token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    PersonalLink.update(expires_at=clock.now()).execute()

    assert client.get(f"/progression/links/{token}{page.format(support.public_id)}").status_code == 410
    client.press("Send me a new link")

    assert [one.kind for one in Notice.select().where(Notice.kind == "review_link")] == ["review_link"]


def test_a_review_is_recorded_with_its_issues_and_decided(browser_of, team, director, officer):
    browser = browser_of(team)
    browser.get("/progression/reviews/new")
    browser.press(
        "Record the review",
        trainee_name="Sam Scientist", trainee_email="Sam@mail.example", programme="Genomic science",
        employer="", director=director.public_id, outcome="3",
        **{"outcome_on-day": "1", "outcome_on-month": "9", "outcome_on-year": "2025"},
        officer_name=officer.name, officer_email=officer.email,
    )  # fmt: skip
    review = Review.get()
    assert (review.trainee_email, review.director, review.outcome) == ("sam@mail.example", director, "3")
    assert queries.officer_of(review).email == officer.email

    browser.press("Add the issue", severity="major", is_academic="yes", words=WORDS)
    assert WORDS in browser.page.text
    browser.get(f"{page_of(review)}/decision")
    browser.press("Keep the decision", decision="full")

    review = Review.get()
    assert (review.decision, review.decided_by) == ("full", team)
    assert f"Decided by {team.name}" in browser.page.text
    assert Notice.select().count() == 0


def test_the_list_begins_with_who_has_waited_longest(browser_of, team):
    later, earlier = a_review(team), a_review(team, outcome_on=clock.today().replace(year=clock.today().year - 1))
    browser = browser_of(team)

    browser.get("/progression")

    assert browser.page.text.index(earlier.trainee_name) < browser.page.text.index(later.trainee_name)
