"""Meetings in a real browser: a trainee books, moves and cancels; a group finds a time, on to Teams by either provider."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask

from models import LinkState, Meeting, MeetingState, Mode, Poll, Referral, Role, User, Venue
from signpost import clock, commands, working_days
from signpost.meetings import booking
from signpost.referrals import actions
from tests import factories
from tests.browser.conftest import Sit, Site, served, worker_of
from tests.browser.letters import letter, personal_link
from tests.browser.reader import KeyboardReader, Reader, eventually
from tests.browser.test_journey import WAYS
from tests.graph_stand_in import GraphStandIn, graph_stand_in
from tests.smtp_server import Mailbox

GOOD_LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d"


def choose_time(reader: Reader, place: int = 0) -> None:
    """Choose the time that stands at this place, by mouse or by the arrow keys."""
    slot = reader.page.locator(".sp-slot__input:not([disabled])").nth(place)
    slot.wait_for(state="attached")
    if isinstance(reader, KeyboardReader):
        slot.focus()
        reader.page.keyboard.press("Space")
    else:
        slot.check(force=True)
    assert slot.is_checked()


@pytest.fixture
def assigned(site: Site, adviser: User, counsellor: User) -> Referral:
    """A referral whose counsellor sees trainees every working day."""
    venue = factories.a_venue("Brighton")
    for weekday in range(5):
        factories.hours(counsellor, weekday=weekday, begins="09:00", ends="12:00", venue=venue)
    referral = factories.a_referral(trainee_email="sam@trainee.example")
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_trainee_books_moves_and_cancels_a_first_meeting(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox, assigned: Referral, counsellor: User
) -> None:
    at_trainee = sit(**way)
    at_trainee.open(personal_link(letter(mailbox, "sam@trainee.example", "Who will support you"), site))
    at_trainee.arrives_at("Your page")
    at_trainee.follow("Choose a time")
    at_trainee.arrives_at("Choose a time")
    at_trainee.press("Keep this time for me")
    at_trainee.sees("Select a time")
    choose_time(at_trainee)
    at_trainee.press("Keep this time for me")
    at_trainee.arrives_at("Book this time")
    at_trainee.press("Book this meeting")
    at_trainee.arrives_at("Your page")
    meeting = Meeting.get()
    assert meeting.state == MeetingState.BOOKED
    for address in ("sam@trainee.example", counsellor.email):
        booked = letter(mailbox, address, "Your meeting on")
        assert "text/calendar" in [part.get_content_type() for part in booked.message.walk()]

    at_trainee.follow("Move it")
    at_trainee.arrives_at("Move your meeting")
    choose_time(at_trainee, 1)
    at_trainee.press("Move the meeting")
    at_trainee.arrives_at("Your page")
    assert Meeting.get().sequence == 1
    letter(mailbox, counsellor, "has moved")

    at_trainee.follow("Cancel it")
    at_trainee.arrives_at("Cancel this meeting")
    at_trainee.press("Cancel the meeting")
    at_trainee.arrives_at("Your page")
    at_trainee.sees("No meeting is booked")
    letter(mailbox, counsellor, "is cancelled")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_four_who_are_needed_and_one_who_is_not_find_a_time_and_the_organiser_pastes_the_link(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox
) -> None:
    at_organiser = sit(factories.a_user(Role.PROGRESSION, name="Olu Organiser"), **way)
    meet_on_teams(at_organiser, sit, mailbox, site, way)
    at_organiser.sees("Make one in Teams, then paste it below")
    at_organiser.fill("Join link", "https://teams.example/meet/123")
    at_organiser.press("Use this link")
    at_organiser.sees("There is a problem")
    mark(at_organiser)
    at_organiser.fill("Join link", GOOD_LINK)
    at_organiser.press("Use this link")
    at_organiser.page.get_by_role("link", name="Join on Microsoft Teams").wait_for()
    assert stays(at_organiser) == has_scripts(way), "the link is a part of the page"
    for address in ("sam@trainee.example", "rep@university.example"):
        assert GOOD_LINK in letter(mailbox, address, "The link for your meeting").text


def meet_on_teams(at_organiser: Reader, sit: Sit, mailbox: Mailbox, site: Site, way: dict[str, bool]) -> None:
    """From the question to the fixed meeting: three are asked who are needed beside the organiser, and one who is not."""
    at_organiser.open("/polls/new")
    at_organiser.fill("What is it for?", "Support meeting")
    at_organiser.fill("Who is needed?", "Sam Lee, sam@trainee.example")
    required = at_organiser.page.get_by_label("Who is needed?")
    required.fill("Sam Lee, sam@trainee.example\nPat Officer, pat@trust.example\nChris Chair, chair@school.example")
    at_organiser.fill("Who else may come?", "Uni Rep, rep@university.example")
    choose_time(at_organiser, 10)
    choose_time(at_organiser, 12)
    at_organiser.press("Ask them")
    at_organiser.arrives_at("Support meeting")
    for address, replies in (
        ("sam@trainee.example", ("Yes", "Yes")),
        ("pat@trust.example", ("No", "Yes")),
        ("chair@school.example", ("If need be", "Yes")),
    ):
        asked = letter(mailbox, address, "When can you meet?")
        line = next(line for line in asked.text.splitlines() if "/polls/answer/" in line)
        at_person = sit(**way)
        at_person.open(line.removeprefix(site.url))
        for place, reply in enumerate(replies):
            at_person.page.locator("fieldset").nth(place).get_by_label(reply, exact=True).check()
        mark(at_person)
        at_person.press("Send my answers")
        at_person.sees("You answered on")
        assert stays(at_person) == has_scripts(way), "the answers are a part of the page"
    letter(mailbox, at_organiser_address(), "has answered")
    at_organiser.open(f"/polls/{Poll.get().public_id}")
    at_organiser.sees("All 4 who are needed can come")
    mark(at_organiser)
    fix = at_organiser.page.get_by_role("button", name="Fix this time").first
    if isinstance(at_organiser, KeyboardReader):
        fix.focus()
        at_organiser.page.keyboard.press("Enter")
    else:
        fix.click()
    eventually(lambda: Meeting.select().exists())
    if has_scripts(way):
        at_organiser.sees("The time is fixed")
        at_organiser.does_not_see("Stop asking")
        assert stays(at_organiser), "fixing is a part of the page"
        at_organiser.follow("Go to the meeting")
    at_organiser.page.get_by_role("heading", level=1, name="Meeting on").wait_for()
    assert Meeting.get().attendees.count() == 5
    for address in ("sam@trainee.example", "rep@university.example"):
        letter(mailbox, address, "Your meeting on")


def has_scripts(way: dict[str, bool]) -> bool:
    return way.get("scripts", True)


def mark(reader: Reader) -> None:
    """Remember the heading of this page: where only a part is swapped, it stays."""
    reader.page.locator("h1").evaluate("heading => { heading.dataset.stays = 'yes' }")


def stays(reader: Reader) -> bool:
    return reader.page.locator("h1[data-stays]").count() == 1


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_later_session_is_booked_the_way_the_trainee_chooses(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox, assigned: Referral, counsellor: User
) -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        held = booking.arrange(assigned, tomorrow(), "Agreed by telephone", counsellor)
    booking.held(held, counsellor)
    for weekday in range(5):
        factories.hours(counsellor, weekday=weekday, begins="13:00", ends="15:00", mode="telephone")
        factories.hours(counsellor, weekday=weekday, begins="15:00", ends="17:00", mode="teams")
    at_trainee = sit(**way)
    at_trainee.open(personal_link(letter(mailbox, "sam@trainee.example", "Who will support you"), site) + "/times")
    at_trainee.arrives_at("Choose a time")
    at_trainee.sees("1pm")
    mark(at_trainee)
    at_trainee.choose("How would you like to meet?", "On Microsoft Teams")
    if not has_scripts(way):
        at_trainee.press("Show")
    at_trainee.sees("3pm")
    assert stays(at_trainee) == has_scripts(way), "the times are a part of the page"
    choose_time(at_trainee)
    at_trainee.press("Keep this time for me")
    at_trainee.arrives_at("Book this time")
    at_trainee.sees("On Microsoft Teams")
    at_trainee.press("Book this meeting")
    at_trainee.arrives_at("Your page")
    assert Meeting.get(Meeting.id != held.id).mode == "teams"


def tomorrow() -> booking.Wanted:
    begins = clock.now() + timedelta(days=1)
    return booking.Wanted(begins, begins + timedelta(hours=1), Mode.FACE_TO_FACE, Venue.get())


def at_organiser_address() -> str:
    return str(Poll.get().organiser.email)


@contextmanager
def with_graph(make_app: Callable[..., Flask], graph: GraphStandIn) -> Iterator[Site]:
    with served(lambda url: make_app(public_url=url, **graph.config)) as running, worker_of(running.app):
        yield running


@pytest.fixture
def graph() -> Iterator[GraphStandIn]:
    with graph_stand_in() as stand_in:
        yield stand_in


class TestWithMicrosoftGraph:
    """The same with Graph, which a strict stand-in plays."""

    @pytest.fixture
    def site(
        self, make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, chromium: object, graph: GraphStandIn
    ) -> Iterator[Site]:
        monkeypatch.setattr(commands, "PAUSE_SECONDS", 0.05)
        with with_graph(make_app, graph) as running:
            yield running

    def test_the_link_arrives_by_itself_and_everyone_gets_it(
        self, site: Site, sit: Sit, mailbox: Mailbox, graph: GraphStandIn
    ) -> None:
        at_organiser = sit(factories.a_user(Role.PROGRESSION, name="Olu Organiser"))
        meet_on_teams(at_organiser, sit, mailbox, site, {})
        eventually(lambda: Meeting.get().link_state == LinkState.READY)
        at_organiser.open(f"/meetings/{Meeting.get().public_id}")
        at_organiser.page.get_by_role("link", name="Join on Microsoft Teams").wait_for()
        assert graph.made == 1
        (made,) = graph.meetings.values()
        assert made.join_url in letter(mailbox, "rep@university.example", "The link for your meeting").text

    def test_where_microsoft_refuses_the_organiser_reads_why_and_can_try_again(
        self, site: Site, sit: Sit, mailbox: Mailbox, graph: GraphStandIn
    ) -> None:
        graph.answers(403)
        at_organiser = sit(factories.a_user(Role.PROGRESSION, name="Olu Organiser"))
        meet_on_teams(at_organiser, sit, mailbox, site, {})
        eventually(lambda: Meeting.get().link_state == LinkState.NEEDS_PERSON)
        at_organiser.open(f"/meetings/{Meeting.get().public_id}")
        at_organiser.sees("application access policy")
        graph.is_well()
        at_organiser.press("Try again")
        eventually(lambda: Meeting.get().link_state == LinkState.READY)


def test_the_times_that_are_offered_are_working_days(
    site: Site, sit: Sit, assigned: Referral, mailbox: Mailbox
) -> None:
    at_trainee = sit()
    at_trainee.open(personal_link(letter(mailbox, "sam@trainee.example", "Who will support you"), site) + "/times")
    at_trainee.arrives_at("Choose a time")
    values = at_trainee.page.locator(".sp-slot__input").evaluate_all("all => all.map((one) => one.value)")
    days = {clock.to_london(clock.parse(value.split("|")[0])).date() for value in values}
    assert days
    assert all(working_days.is_working_day(day) for day in days)
