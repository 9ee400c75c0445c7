"""A search finds, besides the guidance, the records that each person may see, by name; for everybody else they are not there."""

from datetime import timedelta

import pytest

from models import Attendee, Mode, ReleaseChoice, Returner, Role, Side, User
from signpost import clock
from signpost.guidance import records
from signpost.mentoring import mentorships
from signpost.referrals import actions as referring
from tests.factories import (
    a_case,
    a_head,
    a_meeting,
    a_mentor,
    a_mentorship,
    a_referral,
    a_review,
    a_school,
    a_support_meeting,
    a_user,
    who_waits,
)
from tests.test_query_plans import statements


def found(user, text):
    """Kind by kind, what the records are called."""
    return {kind.name: [one.title.striptags() for one in kind.records] for kind in records.found(user, text)}


def nothing_for(text, *people):
    assert [found(person, text) for person in people] == [{}] * len(people)


@pytest.fixture
def strangers(app):
    """One of each role, who has nothing to do with any record."""
    alone = (Role.REFERRER, Role.HEAD_OF_SCHOOL)
    return [a_user(), a_head(a_school()), *(a_user(role, name="Una Unrelated") for role in Role if role not in alone)]


def without(people, *roles):
    """Those of the strangers who do not hold a role that reads every record of a kind."""
    holding = {user.id for role in roles for user in records.people.holding(role)}
    return [one for one in people if one.id not in holding]


@pytest.fixture
def pair(app):
    team = a_user(Role.RTT_TEAM)
    mentor = a_mentor(a_user(Role.MENTOR, name="Ánna O’Mentor"))
    mentee = a_user(Role.RETURNER, name="Zoë Núñez-Returner")
    return a_mentorship(team, mentor, who_waits(team, name=mentee.name, email=mentee.email))


def test_the_two_of_a_pair_find_it_by_the_others_name(pair):
    mentee = User.get(User.email == pair.returner.email)

    assert found(pair.mentor.user, "nunez") == {"Mentoring pairs": ["Mentoring with Zoë Núñez-Returner"]}
    assert found(mentee, "anna omentor") == {"Mentoring pairs": ["Mentoring with Ánna O’Mentor"]}


def test_the_return_to_training_team_finds_returners_mentors_and_pairs(pair):
    team = pair.introduced_by

    assert found(team, "ZOE") == {
        "Mentoring pairs": ["Zoë Núñez-Returner and Ánna O’Mentor"],
        "Returners": ["Zoë Núñez-Returner"],
    }
    assert found(team, "o’mentor")["Mentors"] == ["Ánna O’Mentor"]


def test_nobody_else_finds_a_pair_or_a_return(pair, strangers):
    people = without(strangers, Role.RTT_TEAM, Role.ADMINISTRATOR)

    nothing_for("nunez", *people)
    nothing_for("anna", *people)


def test_what_a_pair_writes_is_never_searched(pair):
    mentorships.note_meeting(pair, Side.MENTOR, clock.today(), Mode.TEAMS, "Talked of xylophones.", pair.mentor.user)

    nothing_for("xylophones", pair.mentor.user, User.get(User.email == pair.returner.email), pair.introduced_by)


def test_a_return_that_was_removed_is_found_by_nobody(app):
    team = a_user(Role.RTT_TEAM)
    gone = who_waits(team, name="Gwen Gone")
    Returner.update(removed_at=clock.now()).where(Returner.id == gone.id).execute()

    nothing_for("gwen", team)


@pytest.fixture
def review(app):
    people = {
        "trainee": a_user(Role.TRAINEE, name="Søren Scientist"),
        "officer": a_user(Role.TRAINING_OFFICER, name="Olly Officer"),
        "director": a_user(Role.MEETING_CHAIR, name="Dana Director"),
        "university": a_user(Role.UNIVERSITY, name="Uma University"),
    }
    return a_review(a_user(Role.PROGRESSION, name="Pat Progression"), **people)


def test_a_review_is_found_by_those_who_read_it(review):
    called = {"Reviews of progression": ["Review of Søren Scientist"]}
    readers = [review.trainee or User.get(User.email == review.trainee_email), review.director, review.opened_by]

    assert [found(one, "soren") for one in readers] == [called] * 3
    assert found(User.get(User.name == "Olly Officer"), "SOREN sci") == called
    assert found(review.opened_by, "genomic") == called


def test_nobody_else_finds_a_review(review, strangers):
    nothing_for(
        "soren", User.get(User.name == "Uma University"), *without(strangers, Role.PROGRESSION, Role.ADMINISTRATOR)
    )


def test_a_support_meeting_is_found_by_its_readers_and_by_who_is_invited_to_it(review, strangers):
    contact = next(one for one in records.progression.parts_in(review) if one.part == "university")
    begins = clock.now() + timedelta(days=30)
    a_support_meeting(review, review.director, review.opened_by, begins, university=contact)

    for person in (review.opened_by, review.director, User.get(User.name == "Uma University")):
        assert found(person, "soren")["Support meetings"] == ["Triage meeting for Søren Scientist"]
    nothing_for("soren", *without(strangers, Role.PROGRESSION, Role.ADMINISTRATOR))


def test_a_meeting_is_found_by_who_is_there_and_nobody_else(counsellor, adviser, trainee, strangers):
    case = a_case(counsellor, adviser, trainee_name=trainee.name, trainee_email=trainee.email)
    meeting = a_meeting(case)
    for one in (counsellor, trainee):
        Attendee.create(meeting=meeting, user=one, name=one.name, email=one.email)
    called = [f"Meeting on {records.weekday(meeting.begins_at)}"]

    assert found(counsellor, trainee.name)["Meetings"] == called
    assert found(trainee, counsellor.name)["Meetings"] == called
    assert "Meetings" not in found(adviser, trainee.name)
    nothing_for(trainee.name, *without(strangers, Role.SENIOR_ADVISER, Role.ADMINISTRATOR))


def test_only_an_administrator_finds_accounts(administrator, adviser, strangers):
    a_user(Role.TRAINEE, name="Łucja Listed")

    assert found(administrator, "lucja") == {"People with an account": ["Łucja Listed"]}
    assert "signpost@signpost.invalid" not in str(found(administrator, "signpost"))
    nothing_for("lucja", adviser, *without(strangers, Role.ADMINISTRATOR))


def test_a_referral_is_found_by_its_request_only_by_who_reads_it(referrer, adviser, tsg, strangers):
    a_referral(referrer, trainee_name="Sam Sample", request="Wants to talk of xylophones.")
    school = a_school()
    head = a_head(school)
    released = a_referral(referrer, school=school, request="Xylophones.", wider_concerns=True)
    referring.release(released, ReleaseChoice.FACT, "", by=head)

    assert found(adviser, "xylophones") == found(referrer, "xylophones")
    assert [len(each) for each in (*found(head, "xylophones").values(), *found(referrer, "sam").values())] == [1, 1]
    nothing_for("xylophones", tsg, *without(strangers, Role.SENIOR_ADVISER))


def test_the_match_is_shown(browser_of, review):
    browser = browser_of(review.opened_by)
    page = browser.get("/guidance/search?q=soren").get_data(as_text=True)

    assert "Review of <mark>Søren</mark> Scientist" in page
    assert "Genomic science. Outcome 3" in page


def test_a_word_of_a_request_is_shown_where_it_stands(browser_of, referrer, adviser):
    a_referral(referrer, request="Wants to talk of xylophones.")
    page = browser_of(referrer).get("/guidance/search?q=xylo").get_data(as_text=True)

    assert "Wants to talk of <mark>xylophones</mark>." in page


def test_ten_of_a_kind_are_shown_and_that_there_are_more(browser_of, review):
    for day in range(1, 11):
        a_review(review.opened_by, outcome_on=clock.today() - timedelta(days=day))
    browser = browser_of(review.opened_by)
    browser.get("/guidance/search?q=genomic")

    assert sum(href.startswith("/progression/reviews/") for _, href in browser.page.links) == 10
    assert "10 or more" in browser.page.text
    assert "There are more. Add a word to find fewer." in browser.page.text


def test_a_search_asks_the_same_few_statements_however_many_there_are(pair):
    team = pair.introduced_by
    with statements() as few:
        found(team, "returner")
    for number in range(5):
        a_mentorship(team, a_mentor(), who_waits(team, name=f"Returner {number}"))
    with statements() as many:
        found(team, "returner")

    assert len(many) == len(few) <= 30


def test_the_oldest_of_many_is_found_too(pair, administrator, counsellor, adviser, monkeypatch):
    """They are read step by step: here of three, four or five, so that the last is full, or holds one, or none at all."""
    team = pair.introduced_by
    for number in range(5):
        a_mentorship(team, a_mentor(), who_waits(team, name=f"Returner {number}"))
        meeting = a_meeting(a_case(counsellor, adviser))
        for name in ("Ana Attendee" if number == 0 else "Somebody", "Somebody Else"):
            Attendee.create(meeting=meeting, name=name, email=f"{name[:3]}{number}{name[-1]}@trainees.example")

    for step in range(1, 7):
        monkeypatch.setattr(records, "STEP", step)
        assert found(team, "nunez")["Returners"] == ["Zoë Núñez-Returner"]
        assert len(found(team, "returner")["Mentoring pairs"]) == 6
        assert len(found(counsellor, "ana attendee else")["Meetings"]) == 1
        assert len(found(counsellor, "somebody")["Meetings"]) == 5
        assert found(counsellor, "xylophone") == {}
        assert len(found(administrator, "zoe")["People with an account"]) == 1


@pytest.mark.parametrize("text", ["", "  ", "%", "'", "_", "-", "*"])
def test_what_has_no_word_finds_no_record(administrator, text):
    nothing_for(text, administrator)


def test_nothing_found_says_what_to_try(browser_of, adviser, client):
    browser = browser_of(adviser)
    browser.get("/guidance/search?q=xylophones")

    assert "Nothing that you may see has these words." in browser.page.text
    assert "You find a record only where it is yours to see." in browser.page.text
    client.get("/guidance/search?q=xylophones")
    assert "Nothing in the guidance has these words." in client.page.text
    assert "record" not in client.page.text
