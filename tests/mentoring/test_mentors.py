"""Mentors: trained, and as many at a time as they themselves say (D2, D5)."""

from datetime import timedelta

import pytest

from models import (
    Event,
    Mentor,
    MentorBase,
    MentorPause,
    Mentorship,
    Notice,
    Returner,
    ReturnerState,
    Role,
    RoleHeld,
    User,
)
from signpost import clock, due
from signpost.accounts import people
from signpost.accounts import queries as accounts
from signpost.errors import StaleRecord
from signpost.mentoring import mentors, queries
from tests.factories import a_mentor, a_mentorship, a_user
from tests.unchanged import nothing_written, refused

TRAINED = mentors.Training(None, "Paediatrics", None, None)


def fresh(mentor):
    return Mentor.get_by_id(mentor.id)


# Adding one


def test_somebody_without_an_account_is_invited(team):
    made = mentors.add("new@x.example", "Nia New", TRAINED, team)

    assert made.capacity == 2
    assert accounts.roles_of(made.user) == {Role.MENTOR}
    assert [row.kind for row in Notice.select()] == ["invitation"]


def test_an_account_is_given_the_role_and_keeps_its_name(team):
    account = a_user(Role.COUNSELLOR, name="Chris Counsellor")

    made = mentors.add(account.email, "Somebody Else", TRAINED, team)

    assert (made.user, made.user.name) == (account, "Chris Counsellor")
    assert accounts.roles_of(account) == {Role.COUNSELLOR, Role.MENTOR}


def test_nobody_makes_themselves_a_mentor(team):
    with refused("A colleague has to add you"):
        mentors.add(team.email, team.name, TRAINED, team)


def test_nobody_is_added_twice(team):
    mentor = a_mentor()

    with refused("on the list of mentors already"):
        mentors.add(mentor.user.email, "", TRAINED, team)


def test_training_runs_out_on_the_day_it_was_given_or_later(team):
    today = clock.today()
    mentor = a_mentor()
    for trained_on, ends_on, words in (
        (None, today, "day of the training"),
        (today, today - timedelta(days=1), "or later"),
    ):
        with refused(words):
            mentors.write_training(mentor, mentors.Training(None, "", trained_on, ends_on), team, mentor.version)


# How many


def test_only_the_mentor_changes_how_many_they_support(team):
    mentor = a_mentor()

    for somebody in (team, a_user(Role.MENTOR), a_user(Role.ADMINISTRATOR)):
        with refused("Only the mentor"):
            mentors.set_capacity(mentor, 5, somebody, mentor.version)
    mentors.set_capacity(mentor, 5, mentor.user, mentor.version)

    assert fresh(mentor).capacity == 5


@pytest.mark.parametrize("capacity", [-1, 11])
def test_a_number_out_of_reason_is_refused(team, capacity):
    mentor = a_mentor()

    with refused("from 0 to 10"):
        mentors.set_capacity(mentor, capacity, mentor.user, mentor.version)


def test_a_number_below_those_supported_now_takes_nobody_away_and_says_so(team):
    mentor = a_mentor()
    a_mentorship(team, mentor), a_mentorship(team, mentor)

    said = mentors.set_capacity(mentor, 1, mentor.user, mentor.version)

    assert "You support 2 people now, and go on doing so" in said
    assert queries.load_of(mentor) == 2


def test_the_same_number_again_is_no_change(team):
    mentor = a_mentor()

    with nothing_written():
        mentors.set_capacity(mentor, 2, mentor.user, mentor.version)


def test_the_second_of_two_who_change_it_is_told(team):
    mentor = a_mentor()
    mentors.set_capacity(mentor, 3, mentor.user, mentor.version)

    with refused("while you were looking", StaleRecord):
        mentors.set_capacity(mentor, 4, mentor.user, mentor.version - 1)


# Who is matched


def test_only_trained_mentors_who_are_there_are_matched(team):
    today = clock.today()
    there = a_mentor()
    a_mentor(trained_on=None), a_mentor(trained_on=today + timedelta(days=1)), a_mentor(left_at=clock.now())
    closed, without = a_mentor(), a_mentor()
    User.update(disabled_at=clock.now()).where(User.id == closed.user_id).execute()
    RoleHeld.delete().where(RoleHeld.user == without.user_id).execute()

    assert list(queries.trained_mentors(today)) == [there]


@pytest.mark.parametrize(
    ("first", "last", "is_matched"),
    [(-3, -1, True), (-3, 0, False), (0, None, False), (0, 0, False), (1, 5, True), (-3, None, False)],
)
def test_in_a_pause_nobody_new_is_introduced(team, first, last, is_matched):
    today = clock.today()
    mentor = a_mentor()
    MentorPause.create(
        mentor=mentor,
        first_day=today + timedelta(days=first),
        last_day=last if last is None else today + timedelta(days=last),
    )

    assert bool(list(queries.trained_mentors(today))) is is_matched


def test_a_pause_is_taken_once_and_ended(team):
    mentor, today = a_mentor(), clock.today()
    paused = mentors.pause(mentor, today, None, mentor.user)
    with nothing_written():
        mentors.pause(mentor, today, None, mentor.user)

    mentors.end_pause(paused, mentor.user)
    with nothing_written():
        mentors.end_pause(paused, mentor.user)

    assert mentors.pauses_of(mentor) == []


def test_a_pause_that_is_over_or_backwards_is_refused(team):
    mentor, today = a_mentor(), clock.today()

    with refused("over already"):
        mentors.pause(mentor, today - timedelta(days=9), today - timedelta(days=1), mentor.user)
    with refused("first day or later"):
        mentors.pause(mentor, today + timedelta(days=9), today, mentor.user)


# Leaving


def test_when_a_mentor_leaves_all_their_mentees_wait_for_another_at_their_place(team):
    mentor = a_mentor()
    pairs = [a_mentorship(team, mentor), a_mentorship(team, mentor)]

    assert mentors.leave(mentor, mentor.user, mentor.version) == 2

    for pair in pairs:
        assert Mentorship.get_by_id(pair.id).ending == "mentor_left"
        assert Returner.get_by_id(pair.returner_id).state == ReturnerState.INTERESTED
    assert list(queries.trained_mentors(clock.today())) == []


def test_when_the_account_is_closed_or_the_role_taken_the_mentees_wait_for_another(team, administrator):
    closed, without = a_mentor(), a_mentor()
    pairs = [a_mentorship(team, closed), a_mentorship(team, without)]
    people.disable(closed.user, administrator, closed.user.version)
    RoleHeld.delete().where(RoleHeld.user == without.user_id).execute()

    for _ in range(3):
        due.run(clock.now())

    assert [Mentorship.get_by_id(pair.id).ending for pair in pairs] == ["mentor_left", "mentor_left"]
    assert Event.select().where(Event.name == "mentor.left").count() == 2


def test_a_mentor_who_left_can_come_back_where_the_account_is_open(team):
    mentor = a_mentor()
    mentors.leave(mentor, team, mentor.version)
    mentors.come_back(mentor, team, mentor.version)
    assert list(queries.trained_mentors(clock.today())) == [mentor]

    mentors.leave(mentor, team, mentor.version)
    RoleHeld.delete().where(RoleHeld.user == mentor.user_id).execute()
    with refused("needs an open account"):
        mentors.come_back(mentor, team, mentor.version)


# Their own page


def test_a_mentor_says_where_and_how_and_for_how_many_on_their_own_page(team, browser_of):
    mentor = a_mentor()
    browser = browser_of(mentor.user)
    browser.followed(browser.get("/mentoring"))
    assert browser.page.h1 == "Your mentoring"

    browser.get("/mentoring/mentor/ways")
    browser.press(
        "Save the changes", bases="LA14\nm13 9wl", miles="25", modes=["face_to_face"], days=["0"], matters=["works_ltft"],
        about="I like hills.", return_reason="Twins", apart="Dr Own Trainee\nown@x.example",
    )  # fmt: skip
    browser.get("/mentoring/mentor/number")
    browser.press("Save the number", capacity="3")
    browser.get("/mentoring/mentor/pauses")
    on = clock.today() + timedelta(days=30)
    browser.press(
        "Take this pause", **{"first_day-day": on.day, "first_day-month": on.month, "first_day-year": on.year}
    )

    kept = fresh(mentor)
    assert [row.district for row in MentorBase.select().order_by(MentorBase.id)] == ["LA14", "M13"]
    assert (kept.miles, kept.face_to_face, kept.teams, kept.days, kept.works_ltft) == (25, True, False, "0", True)
    assert (kept.about, kept.return_reason, kept.capacity) == ("I like hills.", "Twins", 3)
    assert mentors.kept_apart(kept) == ["Dr Own Trainee", "own@x.example"]
    assert "9WL" not in browser.page.text
    browser.press("End this pause")
    assert mentors.pauses_of(kept) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"bases": "Atlantis"}, "We do not know this place"),
        ({"bases": "\n".join(["LA14"] * 7)}, "at most 6 places"),
        ({"modes": None}, "at least one way"),
        ({"miles": "-1"}, "must be a whole number"),
        ({"about": "x" * 501}, "500 characters or fewer"),
    ],
)
def test_what_a_mentor_cannot_say_is_said_beside_the_field(team, browser_of, changed, words):
    mentor = a_mentor()
    browser = browser_of(mentor.user)
    browser.get("/mentoring/mentor/ways")

    with nothing_written():
        assert browser.press("Save the changes", **({"bases": "LA14"} | changed)).status_code == 422

    assert words in browser.page.text


def test_a_mentor_stops_on_their_own_page(team, browser_of):
    mentor = a_mentor()
    a_mentorship(team, mentor)
    browser = browser_of(mentor.user)

    browser.get("/mentoring/mentor/leaving")
    assert (
        "1 person you support now is told that a different arrangement is made, and offered another mentor."
        in browser.page.text
    )
    browser.press("Stop mentoring")

    assert fresh(mentor).left_at is not None
    assert "You have not mentored since" in browser.page.text
    assert browser.get("/mentoring/mentor/number").status_code == 404


def test_the_team_adds_a_mentor_and_writes_down_training_and_cannot_change_the_number(team, browser_of):
    browser = browser_of(team)
    browser.get("/mentoring/mentors/new")
    browser.press("Add this mentor", name="Nia New", email="nia@x.example")
    (mentor,) = Mentor.select()
    assert "Not trained yet" in browser.page.text

    browser.get(f"/mentoring/mentors/{mentor.public_id}/training")
    browser.press("Save the change", **{"trained_on-day": "1", "trained_on-month": "2", "trained_on-year": "2026"})
    assert fresh(mentor).trained_on is not None
    assert browser.get("/mentoring/mentor/number").status_code == 403

    browser.get(f"/mentoring/mentors/{mentor.public_id}/leaving")
    browser.press("Stop mentoring")
    browser.press("They mentor again")
    assert fresh(mentor).left_at is None


def test_who_holds_the_role_and_is_not_on_the_list_yet_is_told_so(browser_of):
    browser = browser_of(a_user(Role.MENTOR))

    browser.get("/mentoring/mentor")

    assert "not put you on its list of mentors yet" in browser.page.text
    assert browser.get("/mentoring/mentor/leaving").status_code == 404
