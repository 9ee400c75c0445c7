"""What the start page says of mentoring, to each of the three."""

from datetime import timedelta

from models import Role, Side
from signpost import clock
from signpost.mentoring import mentorships, offers, queries
from tests.factories import a_mentor, a_mentorship, a_returner, a_user, who_waits


def test_the_team_sees_what_needs_a_person(team, browser_of):
    browser = browser_of(team)
    browser.get("/")
    assert "to match" not in browser.page.text

    who_waits(team)
    a_mentor(capacity=1, training_ends_on=clock.today() + timedelta(days=3))
    browser.get("/")

    assert "1 returner to match" in browser.page.text
    assert "1 place with mentors is free" in browser.page.text
    assert "1 thing to look at in mentoring" in browser.page.text


def test_a_mentor_sees_whom_they_support_by_number(team, browser_of):
    mentor = a_mentor()
    browser = browser_of(mentor.user)
    browser.get("/")
    assert "Your mentoring" in browser.page.text

    a_mentorship(team, mentor)
    browser.get("/")

    assert "1 returner you support" in browser.page.text


def test_a_returner_sees_how_their_own_return_stands(team, browser_of):
    me = a_user(Role.RETURNER)
    made = a_returner(team, email=me.email, weeks_to_return=4)
    browser = browser_of(me)
    browser.get("/")
    assert "Would you like a mentor" in browser.page.text

    offers.accept(made, by=queries.links_of(made).first())
    browser.get("/")
    assert "You are waiting for a mentor" in browser.page.text

    pair = a_mentorship(team, returner=made)
    browser.get("/")
    assert "You have a mentor" in browser.page.text

    mentorships.end_early(pair, Side.RETURNER, me)
    browser.get("/")
    assert "You can ask for a mentor" not in browser.page.text


def test_nobody_else_reads_of_mentoring(team, browser_of):
    who_waits(team)
    browser = browser_of(a_user(Role.SENIOR_ADVISER))

    browser.get("/")

    assert "mentor" not in browser.page.text
