"""Reviews: recorded, what they suggest and what the School decides, corrected, an outcome that was changed (E1)."""

from datetime import timedelta

import pytest

from models import (
    Event,
    Notice,
    OutcomeChange,
    PersonalLink,
    Review,
    ReviewIssue,
    ReviewOutcome,
    Role,
    Severity,
    SupportDecision,
)
from signpost import clock
from signpost.errors import RuleBroken, StaleRecord
from signpost.progression import queries, reviews, suggestions
from signpost.progression.stand_in import Named
from tests.factories import a_review, give

MINOR, MODERATE, MAJOR = Severity.MINOR, Severity.MODERATE, Severity.MAJOR
ONE, TWO, THREE, OTHER = ReviewOutcome
NONE, CALL, TRIAGE, FULL = SupportDecision


@pytest.fixture
def review(team, scientist, officer, director, university):
    return a_review(team, scientist, officer, director=director, university=university)


def fresh(review):
    return Review.get_by_id(review.id)


# What it suggests


@pytest.mark.parametrize(
    ("outcome", "severities", "wanted"),
    [
        (ONE, [], CALL), (TWO, [MINOR, MODERATE], CALL), (TWO, [MODERATE, MODERATE], CALL),
        (TWO, [MAJOR], TRIAGE), (ONE, [MAJOR, MODERATE], FULL),
        (THREE, [], TRIAGE), (THREE, [MINOR, MINOR], TRIAGE), (THREE, [MODERATE, MINOR], TRIAGE), (THREE, [MAJOR], TRIAGE),
        (THREE, [MODERATE, MODERATE], FULL), (THREE, [MAJOR, MODERATE], FULL), (THREE, [MAJOR, MAJOR, MINOR], FULL),
        (OTHER, [MINOR], NONE), (OTHER, [MAJOR], TRIAGE),
    ],
)  # fmt: skip
def test_what_the_outcome_and_the_issues_suggest(outcome, severities, wanted):
    assert suggestions.suggested(outcome, severities) == wanted


@pytest.mark.parametrize("outcome", list(ReviewOutcome))
def test_the_school_may_decide_otherwise_than_suggested_but_not_against_the_rules(team, outcome):
    allowed = {ONE: set(SupportDecision), TWO: set(SupportDecision), THREE: {TRIAGE, FULL}, OTHER: {NONE, TRIAGE, FULL}}
    for decision in SupportDecision:
        review = a_review(team, outcome=outcome)
        if decision in allowed[outcome]:
            reviews.decide(review, decision, team, review.version)
            assert (fresh(review).decision, fresh(review).decided_by) == (decision, team)
        else:
            with pytest.raises(RuleBroken):
                reviews.decide(review, decision, team, review.version)
            assert fresh(review).decision is None


def test_two_who_decide_at_once_do_not_overwrite_each_other(review, team, director):
    reviews.decide(review, FULL, team, 1)

    with pytest.raises(StaleRecord):
        reviews.decide(fresh(review), TRIAGE, director, 1)
    assert fresh(review).decision == FULL


# Recording


def test_a_review_of_the_same_day_is_recorded_once(review, team, scientist):
    with pytest.raises(RuleBroken, match="with this date already"):
        a_review(team, scientist)
    assert Review.select().count() == 1


def test_an_outcome_is_not_of_a_day_to_come(team):
    with pytest.raises(RuleBroken, match="still to come"):
        a_review(team, outcome_on=clock.today() + timedelta(days=1))


@pytest.mark.parametrize("part", ["officer", "university", "director"])
def test_nobody_has_two_parts_in_a_review(team, scientist, officer, director, part):
    give(officer, Role.MEETING_CHAIR)
    parts = {
        "officer": {"officer": scientist},
        "university": {"university": officer},
        "director": {"director": officer},
    }

    with pytest.raises(RuleBroken, match="two parts"):
        a_review(team, scientist, **({"officer": officer} | parts[part]))
    assert Review.select().count() == 0


def test_the_director_is_somebody_who_chairs_meetings(team, counsellor):
    with pytest.raises(RuleBroken, match="not somebody who chairs"):
        a_review(team, director=counsellor)


def test_nobody_is_told_of_a_review_before_the_school_has_decided(review, team):
    reviews.decide(review, TRIAGE, team, review.version)

    assert Notice.select().count() == 0


def test_the_words_of_an_issue_lie_sealed(team):
    a_review(team, issues=[reviews.Issue(MAJOR, True, "The thesis plan")])

    raw = ReviewIssue.select(ReviewIssue.words).tuples().get()[0]
    assert b"thesis" not in bytes(raw)


def test_an_issue_is_added_once_and_removed_without_a_trace_for_readers(review, team):
    issue = reviews.Issue(MODERATE, False, "Rotations")
    made = reviews.add_issue(review, issue, team)
    assert reviews.add_issue(review, issue, team) == made

    reviews.remove_issue(made, team)

    assert queries.issues_of(review) == []
    assert ReviewIssue.get().removed_at is not None


# Changed


def test_an_outcome_that_changes_is_kept_with_why_and_by_whom(review, team):
    reviews.decide(review, TRIAGE, team, review.version)
    reviews.change_outcome(review, ONE, review.outcome_on, "The panel looked again", team, review.version)

    (kept,) = OutcomeChange.select()
    assert (kept.was, kept.why, kept.changed_by) == ("3", "The panel looked again", team)
    assert (fresh(review).outcome, fresh(review).decision) == ("1", "triage")
    with pytest.raises(RuleBroken, match="already"):
        reviews.change_outcome(review, ONE, review.outcome_on, "Again", team, review.version)


def test_a_stale_form_changes_no_outcome_and_keeps_no_line(review, team):
    with pytest.raises(StaleRecord):
        reviews.change_outcome(review, ONE, review.outcome_on, "Why", team, 99)

    assert (fresh(review).outcome, OutcomeChange.select().count()) == ("3", 0)


def test_details_are_corrected_and_old_links_closed(review, team, director):
    details = reviews.Details(Named("Sam S", "sam.right@mail.example"), "Genetics", None, director)

    reviews.correct(review, details, team, review.version)

    assert (fresh(review).trainee_email, fresh(review).trainee) == ("sam.right@mail.example", None)


def test_the_officer_is_not_made_trainee_by_a_correction(review, team, officer):
    details = reviews.Details(Named("Sam", officer.email), "Genetics", None, None)

    with pytest.raises(RuleBroken, match="two parts"):
        reviews.correct(review, details, team, review.version)


# Who takes part


@pytest.mark.parametrize("person", ["scientist", "university", "director"])
def test_the_officer_is_nobody_who_has_another_part(review, team, request, person):
    other = request.getfixturevalue(person)

    with pytest.raises(RuleBroken, match="two parts"):
        reviews.name_officer(review, Named(other.name, other.email), team)


def test_a_new_officer_gets_the_way_to_the_review_and_who_was_it_gets_nothing(review, team):
    reviews.name_officer(review, Named("Next Officer", "next@trust.example"), team)

    (letter,) = Notice.select()
    assert (letter.kind, letter.recipients.get().address) == ("review_link", "next@trust.example")


def test_naming_who_it_is_already_says_so(review, team, officer):
    with pytest.raises(RuleBroken, match="already"):
        reviews.name_officer(review, Named(officer.name, officer.email), team)


def test_nobodys_mailbox_is_filled_with_links(team):
    review = a_review(team)
    for minutes in range(4):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            reviews.send_link(review, "trainee", team)

    with clock.at(clock.now() + timedelta(minutes=4)), pytest.raises(RuleBroken, match="several links"):
        reviews.send_link(review, "trainee", team)
    assert Notice.select().count() == 4


def test_a_link_asked_for_eight_times_at_once_is_sent_once_to_each(team, officer):
    review = a_review(team, None, officer)
    for _ in range(8):
        reviews.send_link(review, "trainee", team)
        reviews.send_link(review, "training_officer", team)
    link = PersonalLink.get(PersonalLink.review == review)
    reviews.renew_link(link)
    assert len(sent_again()) == 2

    with clock.at(clock.now() + timedelta(minutes=1)):
        for _ in range(8):
            reviews.renew_link(link)
    assert len(sent_again()) == 3


def sent_again():
    return list(Event.select().where(Event.name == "review.link_sent"))


# Closed


def test_what_is_closed_changes_no_more_until_it_is_opened_again(review, team):
    reviews.close(review, team, review.version)
    for act in (
        lambda: reviews.decide(review, FULL, team, review.version),
        lambda: reviews.add_issue(review, reviews.Issue(MINOR, False, "x"), team),
        lambda: reviews.name_officer(review, Named("N", "n@trust.example"), team),
        lambda: reviews.change_outcome(review, ONE, review.outcome_on, "w", team, review.version),
    ):
        with pytest.raises(RuleBroken, match="closed"):
            act()

    reviews.reopen(review, team, review.version)
    reviews.decide(review, FULL, team, review.version)
