"""Waiting: told so once, with a place on the list and nothing promised (D4)."""

from datetime import timedelta

from models import MentorPause, Notice, Returner
from signpost import clock, due
from signpost.mentoring import offers, queries, waiting
from tests.factories import a_mentor, a_mentorship, who_waits


def told(returner):
    return [
        row.kind
        for row in Notice.select()
        if row.kind == "mentor_waiting" and row.recipients[0].address == returner.email
    ]


def test_with_no_mentor_free_they_hear_it_the_same_day_and_once(team):
    made = who_waits(team)

    for days in (0, 1, 30):
        with clock.at(clock.now() + timedelta(days=days, minutes=1)):
            waiting.tell(clock.now())

    assert told(made) == ["mentor_waiting"]


def test_with_places_free_they_hear_it_after_a_week_if_nobody_was_found(team):
    a_mentor()
    made = who_waits(team)

    for days, count in ((1, 0), (6, 0), (7, 1), (20, 1)):
        with clock.at(clock.now() + timedelta(days=days, minutes=1)):
            waiting.tell(clock.now())
        assert len(told(made)) == count


def test_whoever_has_a_mentor_or_said_no_since_hears_nothing(team):
    matched, declined = a_mentorship(team).returner, who_waits(team)
    offers.decline(declined, by=queries.links_of(declined).first())

    with clock.at(clock.now() + timedelta(days=30)):
        due.run(clock.now())

    assert told(matched) == told(declined) == []


def test_a_pass_that_comes_a_year_late_tells_nobody_that_they_wait_for_what_is_over(team):
    made = who_waits(team)

    with clock.at(clock.now() + timedelta(days=366)):
        due.run(clock.now())

    assert told(made) == []


def test_who_is_past_their_six_months_takes_no_place_on_the_list(team):
    over, still = who_waits(team), who_waits(team)
    long_ago = {"returns_on": clock.today() - timedelta(days=190), "absent_from": clock.today() - timedelta(days=400)}
    Returner.update(**long_ago).where(Returner.id == over.id).execute()

    assert list(queries.waiting()) == [still]
    assert (waiting.expectation(still).place, waiting.expectation(still).of) == (1, 1)


def test_the_place_is_by_when_they_asked(team):
    first, second, third = (who_waits(team) for _ in range(3))
    Returner.update(interested_at=clock.now() - timedelta(days=5)).where(Returner.id == third.id).execute()

    places = {row.id: waiting.expectation(row).place for row in queries.waiting()}

    assert places == {third.id: 1, first.id: 2, second.id: 3}


def test_free_places_are_those_of_trained_mentors_who_take_people(team):
    a_mentor(capacity=3), a_mentor(trained_on=None), a_mentor(capacity=0)
    full, paused = a_mentor(capacity=1), a_mentor()
    a_mentorship(team, full)
    MentorPause.create(mentor=paused, first_day=clock.today())

    assert waiting.free_seats(clock.today()) == 3


def test_a_mentor_with_more_than_their_number_leaves_no_negative_place(team):
    mentor = a_mentor(capacity=2)
    a_mentorship(team, mentor), a_mentorship(team, mentor)
    type(mentor).update(capacity=1).execute()
    a_mentor(capacity=1)

    assert waiting.free_seats(clock.today()) == 1


def test_what_is_said_promises_nothing(team):
    made = who_waits(team)
    assert "cannot say yet" in waiting.expectation(made).words

    a_mentor(capacity=1)
    assert "1 place with mentors is free now" in waiting.expectation(made).words
