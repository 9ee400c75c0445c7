"""The offer to everybody, once, and the answers that anybody may give or not (D3)."""

from datetime import timedelta

import pytest

from models import Notice, NoticeRecipient, PersonalLink, Returner, ReturnerState, Setting
from signpost import clock, due
from signpost.mentoring import offers, returners
from signpost.notices import outbox
from tests.factories import a_mentor, a_mentorship, a_returner, who_waits
from tests.unchanged import nothing_written, refused


def state_of(returner):
    return Returner.get_by_id(returner.id).state


def letters_to(returner):
    mine = NoticeRecipient.select(NoticeRecipient.notice).where(NoticeRecipient.address == returner.email)
    return [row.kind for row in Notice.select().where(Notice.id.in_(mine)).order_by(Notice.id)]


def test_the_offer_goes_out_eight_weeks_before_the_return_and_once(team):
    made = a_returner(team, weeks_to_return=10)

    early, on_the_day = clock.now() + timedelta(days=13), clock.now() + timedelta(days=14, hours=1)
    for moment in (early, on_the_day, on_the_day, on_the_day + timedelta(days=1)):
        with clock.at(moment):
            offers.offer_due(moment)
        assert letters_to(made) == (["mentor_offer"] if moment > early else [])
    assert state_of(made) == ReturnerState.OFFERED


def test_one_reminder_two_weeks_later_and_no_more(team):
    made = a_returner(team, weeks_to_return=7)

    for days in (13, 15, 16, 40):
        with clock.at(clock.now() + timedelta(days=days)):
            offers.remind(clock.now())

    assert letters_to(made) == ["mentor_offer", "mentor_offer_again"]


def test_the_reminder_is_a_courtesy_that_can_be_switched_off(team):
    Setting.create(name="courtesy_notices", value="0")
    made = a_returner(team, weeks_to_return=7)

    with clock.at(clock.now() + timedelta(days=15)):
        offers.remind(clock.now())

    assert letters_to(made) == ["mentor_offer"]


def test_a_clock_that_jumps_a_year_offers_nothing_that_is_over_and_nothing_twice(team):
    past, coming = a_returner(team, weeks_to_return=10), a_returner(team, weeks_to_return=60)

    with clock.at(clock.now() + timedelta(days=366)):
        for _ in range(3):
            due.run(clock.now())

    assert letters_to(past) == []
    assert letters_to(coming) == ["mentor_offer"]


def test_nobody_is_reminded_once_their_six_months_are_over(team):
    made = a_returner(team, weeks_to_return=7)

    with clock.at(clock.now() + timedelta(days=366)):
        assert offers.remind(clock.now()) == 0

    assert letters_to(made) == ["mentor_offer"]


def test_yes_by_the_link_makes_them_wait_and_they_hear_that_it_was_received(team):
    made = who_waits(team)

    assert state_of(made) == ReturnerState.INTERESTED
    assert letters_to(made) == ["mentor_offer", "mentor_interest"]


def test_yes_eight_times_is_yes_once(team):
    made = who_waits(team)
    link = PersonalLink.get(PersonalLink.returner == made)

    for _ in range(8):
        with nothing_written():
            offers.accept(Returner.get_by_id(made.id), by=link)


def test_no_is_kept_and_they_hear_nothing_more(team):
    made = a_returner(team, weeks_to_return=4)
    offers.decline(made, by=PersonalLink.get(PersonalLink.returner == made))

    with clock.at(clock.now() + timedelta(days=30)):
        due.run(clock.now())

    assert state_of(made) == ReturnerState.DECLINED
    assert letters_to(made) == ["mentor_offer"]


def test_whoever_said_no_can_say_yes_after_all(team):
    made = a_returner(team, weeks_to_return=4)
    link = PersonalLink.get(PersonalLink.returner == made)
    offers.decline(made, by=link)

    offers.accept(made, by=link)

    assert state_of(made) == ReturnerState.INTERESTED


def test_ask_me_later_is_asked_again_on_that_day(team):
    made = a_returner(team, weeks_to_return=4)
    link = PersonalLink.get(PersonalLink.returner == made)
    offers.ask_later(made, clock.today() + timedelta(days=60), by=link)

    for days in (30, 59, 61, 62):
        with clock.at(clock.now() + timedelta(days=days)):
            offers.offer_due(clock.now())

    assert letters_to(made) == ["mentor_offer", "mentor_offer"]
    assert state_of(made) == ReturnerState.OFFERED


@pytest.mark.parametrize("days", [0, -1, 4 * 7 + 184])
def test_a_day_to_be_asked_again_lies_ahead_and_before_the_end_of_mentoring(team, days):
    made = a_returner(team, weeks_to_return=4)
    link = PersonalLink.get(PersonalLink.returner == made)

    with refused("Choose a day after" if days <= 0 else "choose a day before"):
        offers.ask_later(made, clock.today() + timedelta(days=days), by=link)


def test_yes_when_the_six_months_are_over_is_refused(team):
    made = a_returner(team, weeks_to_return=4)
    link = PersonalLink.get(PersonalLink.returner == made)

    with clock.at(clock.now() + timedelta(days=300)), refused("are over"):
        offers.accept(made, by=link)


def test_whoever_has_a_mentor_ends_it_on_another_page_than_the_offers(team):
    pair = a_mentorship(team, a_mentor())
    link = PersonalLink.get(PersonalLink.returner == pair.returner)

    for answer in (
        lambda: offers.decline(pair.returner, by=link),
        lambda: offers.ask_later(pair.returner, clock.today() + timedelta(days=9), by=link),
    ):
        with refused("You have a mentor already"):
            answer()


def test_an_offer_is_withheld_from_whoever_has_answered_before_it_was_sent(team):
    made = a_returner(team, weeks_to_return=4)
    offers.decline(made, by=PersonalLink.get(PersonalLink.returner == made))

    (notice,) = outbox.claim("worker")

    assert outbox.about_to_send(notice, "worker") == []


def test_the_team_may_offer_before_the_day_and_not_to_whoever_has_answered(team):
    made = a_returner(team, weeks_to_return=20)
    offers.offer(made, by=team)
    assert letters_to(made) == ["mentor_offer"]

    waits = who_waits(team)
    with refused("has answered"):
        offers.offer(waits, by=team)


def test_nobody_who_was_taken_off_the_list_can_answer(team):
    made = a_returner(team, weeks_to_return=4)
    link = PersonalLink.get(PersonalLink.returner == made)
    returners.remove(made, team, made.version)

    with refused("not on our list any more"):
        offers.accept(made, by=link)


def test_a_link_is_sent_again_a_few_times_in_an_hour_and_no_more(team):
    made = a_returner(team, weeks_to_return=4)
    link = PersonalLink.get(PersonalLink.returner == made)

    for minutes in range(9):
        with clock.at(clock.now() + timedelta(minutes=minutes + 1)):
            offers.send_link(made, by=link)

    assert letters_to(made).count("returner_link") == 3


def test_a_link_asked_for_eight_times_at_once_is_sent_once(team):
    made = a_returner(team, weeks_to_return=4)
    link = PersonalLink.get(PersonalLink.returner == made)

    with clock.at(clock.now() + timedelta(minutes=5)):
        for _ in range(8):
            offers.send_link(made, by=link)

    assert letters_to(made).count("returner_link") == 1


def test_the_same_day_again_is_put_off_once(team):
    made = a_returner(team, weeks_to_return=4)
    link, on = PersonalLink.get(PersonalLink.returner == made), clock.today() + timedelta(days=40)
    offers.ask_later(made, on, by=link)

    with nothing_written():
        offers.ask_later(Returner.get_by_id(made.id), on, by=link)
    offers.ask_later(made, on + timedelta(days=1), by=link)

    assert Returner.get_by_id(made.id).ask_again_on == on + timedelta(days=1)
