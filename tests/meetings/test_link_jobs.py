"""A booked meeting gets its Teams link from the strict stand-in, whatever Microsoft does; booking never waits for it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from models import Attendee, LinkState, Meeting, Poll, PollTime, Role, User, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.meetings import booking, link_jobs, polls
from signpost.notices import delivery
from tests import factories
from tests.browser_client import Browser
from tests.graph_stand_in import GraphStandIn, graph_stand_in
from tests.smtp_server import Mailbox

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)


@pytest.fixture
def graph() -> Iterator[GraphStandIn]:
    with graph_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def app(make_app: Callable[..., Flask], graph: GraphStandIn) -> Flask:
    made = make_app(**graph.config)
    clock.set_to(MONDAY)
    return made


@pytest.fixture
def organiser(app: Flask) -> User:
    return factories.a_user(Role.PROGRESSION, name="Olu Organiser")


@pytest.fixture
def meeting(app: Flask, organiser: User) -> Meeting:
    """Fixed with one other person, on Teams, and not yet linked."""
    begins = MONDAY + timedelta(days=3)
    asked = [polls.Asked("Sam Lee", "sam@trainee.example", is_required=True)]
    poll = polls.ask(organiser, "A meeting", 60, [begins], asked, clock.today(), shows_others=False)
    return polls.fix(Poll.get_by_id(poll.id), PollTime.get(), organiser, 1)


def work(app: Flask, later: timedelta = timedelta(0)) -> Meeting:
    clock.set_to(clock.now() + later)
    with app.app_context():
        link_jobs.do_due()
        delivery.send_due()
    return Meeting.get()


def test_the_link_is_made_by_the_worker_and_told_to_everyone_once(
    app: Flask, graph: GraphStandIn, mailbox: Mailbox, meeting: Meeting
) -> None:
    assert meeting.link_state == LinkState.PENDING
    assert graph.made == 0, "booking asks Microsoft nothing"
    ready = work(app)
    assert ready.link_state == LinkState.READY
    assert ready.join_url == next(iter(graph.meetings.values())).join_url
    assert ready.sequence == 1
    linked = [message for message in mailbox.received if "The link for your meeting" in message.subject]
    assert len(linked) == 2
    work(app, timedelta(hours=1))
    assert graph.made == 1
    assert len([message for message in mailbox.received if "The link for" in message.subject]) == 2


@pytest.mark.parametrize("kind", ["drop", "cut", "truncated", "done and dropped"])
def test_a_connection_that_dies_makes_no_second_meeting_and_the_link_comes_later(
    app: Flask, graph: GraphStandIn, meeting: Meeting, kind: str
) -> None:
    graph.does(kind, times=1)
    assert work(app).link_state == LinkState.PENDING
    assert work(app, timedelta(minutes=2)).link_state == LinkState.READY
    assert graph.made == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_microsoft_is_asked_again_later(app: Flask, graph: GraphStandIn, meeting: Meeting, status: int) -> None:
    graph.answers(status, times=1)
    assert work(app).link_state == LinkState.PENDING
    assert work(app, timedelta(minutes=2)).link_state == LinkState.READY


def test_retry_after_is_waited_for(app: Flask, graph: GraphStandIn, meeting: Meeting) -> None:
    graph.answers(429, retry_after="600", times=1)
    work(app)
    before = graph.count()
    assert work(app, timedelta(minutes=5)).link_state == LinkState.PENDING
    assert graph.count() == before
    assert work(app, timedelta(minutes=6)).link_state == LinkState.READY


@pytest.mark.parametrize("status", [403, 404])
def test_what_only_a_person_can_put_right_is_told_to_the_organiser_who_can_try_again(
    app: Flask, graph: GraphStandIn, mailbox: Mailbox, meeting: Meeting, organiser: User, status: int
) -> None:
    graph.answers(status)
    stuck = work(app)
    assert stuck.link_state == LinkState.NEEDS_PERSON
    assert stuck.link_words
    assert "needs its Teams link from you" in mailbox.to(organiser.email)[-1].subject
    graph.is_well()
    assert work(app, timedelta(hours=2)).link_state == LinkState.NEEDS_PERSON, "it is not tried by itself"
    link_jobs.try_again(Meeting.get(), organiser)
    assert work(app).link_state == LinkState.READY


def test_a_meeting_that_moves_keeps_its_link_and_microsoft_follows(
    app: Flask, graph: GraphStandIn, meeting: Meeting, organiser: User
) -> None:
    link = work(app).join_url
    begins = MONDAY + timedelta(days=4)
    booking.reschedule(Meeting.get(), begins, 60, "", organiser)
    moved = work(app)
    assert moved.join_url == link
    assert next(iter(graph.meetings.values())).begins == begins
    assert graph.made == 1


def test_a_meeting_that_moves_while_microsoft_makes_it_ends_at_the_new_time_with_one_link(
    app: Flask, graph: GraphStandIn, meeting: Meeting, organiser: User
) -> None:
    begins = MONDAY + timedelta(days=4)
    plain_link = graph.give_link

    def moved_meanwhile(name: str) -> str | None:
        graph.give_link = plain_link
        moving.append(name)
        return plain_link(name)

    moving: list[str] = []
    graph.give_link = moved_meanwhile
    stale = Meeting.get()
    booking.reschedule(Meeting.get(), begins, 60, "", organiser)
    with app.app_context():
        link_jobs._do(stale)
    assert moving
    work(app)
    assert next(iter(graph.meetings.values())).begins == begins
    assert graph.made == 1
    assert Meeting.get().link_state == LinkState.READY


PASTED = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d"


def test_while_microsoft_is_not_reached_the_organiser_can_paste_a_link_which_then_stays(
    app: Flask, browser_of: Callable[[User], Browser], graph: GraphStandIn, meeting: Meeting, organiser: User
) -> None:
    at_organiser, page = browser_of(organiser), f"/meetings/{meeting.public_id}"
    at_organiser.get(page)
    assert "Use this link" not in at_organiser.page.text, "it is on its way"
    graph.does("drop")
    assert work(app).link_state == LinkState.PENDING
    at_organiser.get(page)
    assert "You can also paste a link here" in at_organiser.page.text
    at_organiser.press("Use this link", join_link=PASTED)
    assert Meeting.get().link_state == LinkState.READY
    graph.is_well()
    assert work(app, timedelta(hours=2)).join_url == PASTED
    assert graph.made == 0


@pytest.mark.parametrize("is_well", [True, False])
def test_a_link_that_is_pasted_while_microsoft_makes_one_stays_and_is_told_once(
    app: Flask, graph: GraphStandIn, mailbox: Mailbox, meeting: Meeting, organiser: User, is_well: bool
) -> None:
    asking = Meeting.get()
    link_jobs.paste(Meeting.get(), PASTED, organiser)
    if not is_well:
        graph.does("drop", times=1)
    link_jobs._do(asking)
    assert work(app, timedelta(hours=2)).join_url == PASTED
    assert len([message for message in mailbox.received if "The link for" in message.subject]) == 2


def test_when_a_meeting_is_over_nobody_is_asked_for_a_link_and_none_is_taken(
    browser_of: Callable[[User], Browser], meeting: Meeting, organiser: User
) -> None:
    with clock.at(meeting.ends_at):
        at_organiser = browser_of(organiser)
        at_organiser.get(f"/meetings/{meeting.public_id}")
        assert "Use this link" not in at_organiser.page.text
        with pytest.raises(RuleBroken, match="is over"):
            link_jobs.paste(meeting, PASTED, organiser)


def test_a_cancelled_meeting_is_taken_away_at_microsoft_too(
    app: Flask, graph: GraphStandIn, meeting: Meeting, organiser: User
) -> None:
    work(app)
    booking.cancel(Meeting.get(), organiser)
    graph.answers(503, times=1)
    work(app)
    assert graph.meetings
    done = work(app, timedelta(minutes=2))
    assert graph.meetings == {}
    assert done.join_url is None


def test_two_workers_at_once_make_one_meeting(app: Flask, graph: GraphStandIn, meeting: Meeting) -> None:
    first, second = Meeting.get(), Meeting.get()
    assert link_jobs._claim(first)
    assert not link_jobs._claim(second)


def test_somebody_taken_off_gets_a_cancellation_and_the_others_nothing(
    app: Flask, mailbox: Mailbox, meeting: Meeting, organiser: User
) -> None:
    work(app)
    before = len(mailbox.received)
    sam = Attendee.get(Attendee.email == "sam@trainee.example")
    booking.remove(Meeting.get(), sam, organiser)
    work(app)
    assert [message.recipients for message in mailbox.received[before:]] == [("sam@trainee.example",)]
    assert b"METHOD:CANCEL" in mailbox.received[-1].raw or "CANCEL" in str(mailbox.received[-1].message)
    booking.cancel(Meeting.get(), organiser)
    before = len(mailbox.received)
    work(app)
    assert {message.recipients[0] for message in mailbox.received[before:]} == {organiser.email}


def test_a_day_without_microsoft_loses_no_booking_and_all_links_come_within_minutes(
    app: Flask, graph: GraphStandIn, organiser: User
) -> None:
    """G24 in small: 24 simulated hours of trouble, then recovery."""
    graph.does("drop")
    for number in range(5):
        begins = MONDAY + timedelta(days=5 + number, hours=2)
        asked = [polls.Asked("Sam", f"sam{number}@trainee.example", is_required=True)]
        poll = polls.ask(organiser, "M", 60, [begins], asked, clock.today(), shows_others=False)
        polls.fix(Poll.get_by_id(poll.id), PollTime.get(PollTime.poll == poll), organiser, 1)
    minutes = 24 * 60
    for _ in range(minutes // 10):
        clock.set_to(clock.now() + timedelta(minutes=10))
        link_jobs.do_due()
    assert graph.count() <= minutes, "at most one try a minute"
    graph.is_well()
    for _ in range(7):
        clock.set_to(clock.now() + timedelta(minutes=5))
        link_jobs.do_due()
    states = [one.link_state for one in Meeting.select()]
    assert states == [LinkState.READY] * 5
    assert graph.made == 5
    assert not db.in_transaction()
