"""Four people who are needed and one who is not find a time, by links and signed in, on to a fixed Teams meeting."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from models import Attendee, LinkState, Meeting, MeetingState, Mode, Poll, PollPerson, PollState, Role, TakenTime, User
from signpost import clock
from signpost.meetings import booking, link_jobs, polls
from signpost.notices import delivery
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox

Browsers = Callable[[User], Browser]

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)
GOOD_LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%22Tid%22%3a%221%22%7d"
PEOPLE = "Dr Sam Lee, sam@trainee.example\nPat Officer, officer@trust.example\nChair Person, chair@school.example"


def deliver(app: Flask) -> None:
    with app.app_context():
        link_jobs.do_due()
        delivery.send_due()


def link_to(mailbox: Mailbox, address: str) -> str:
    text = mailbox.to(address)[-1].text
    return next(line for line in text.splitlines() if "/polls/" in line).removeprefix("http://localhost")


@pytest.fixture
def organiser(app: Flask) -> User:
    clock.set_to(MONDAY)
    return factories.a_user(Role.PROGRESSION, name="Olu Organiser")


@pytest.fixture
def asked(app: Flask, browser_of: Browsers, organiser: User) -> Poll:
    """A question to three who are needed, and one who is not, about two times."""
    at_organiser = browser_of(organiser)
    at_organiser.get("/polls/new")
    times = ["2027-05-12T10:00:00+01:00", "2027-05-13T14:00:00+01:00"]
    at_organiser.press(
        "Ask them", title="Support meeting", required=PEOPLE, optional="Uni Rep, rep@university.example", times=times,
        **{"reply_by-day": "17", "reply_by-month": "5", "reply_by-year": "2027"},
    )  # fmt: skip
    assert at_organiser.page.h1 == "Support meeting"
    return Poll.get()


def say(client: Browser, link: str, *replies: str, can_do: str = "") -> None:
    client.get(link)
    names = list(dict.fromkeys(name for name, _ in client.page.radios))
    client.press("Send my answers", **dict(zip(names, replies, strict=False)), can_do=can_do)


def test_a_poll_becomes_a_fixed_meeting_with_its_link_and_an_invitation_for_everyone(
    app: Flask, browser_of: Browsers, client: Browser, mailbox: Mailbox, asked: Poll, organiser: User
) -> None:
    deliver(app)
    assert {message.recipients[0] for message in mailbox.received} == {
        "sam@trainee.example", "officer@trust.example", "chair@school.example", "rep@university.example",
    }  # fmt: skip
    assert all("Support meeting" not in message.raw.decode(errors="replace") for message in mailbox.received)
    links = {
        address: link_to(mailbox, address)
        for address in ("sam@trainee.example", "officer@trust.example", "chair@school.example")
    }
    say(client, links["sam@trainee.example"], "yes", "yes")
    say(client, links["officer@trust.example"], "no", "if_need_be")
    assert Poll.get().all_answered_at is None
    say(client, links["chair@school.example"], "yes", "yes")
    deliver(app)
    assert "needed has answered" in mailbox.to(organiser.email)[-1].subject

    at_organiser = browser_of(organiser)
    at_organiser.get(f"/polls/{asked.public_id}")
    text = at_organiser.page.text
    assert text.index("Thursday 13 May") < text.index("Wednesday 12 May"), "the best time stands first"
    assert "Pat Officer only if need be" in text
    best = polls.ranked(Poll.get())[0][0]
    at_organiser.submit(f"/polls/{asked.public_id}/times/{best.public_id}/fixing", version="1")
    meeting = Meeting.get()
    assert meeting.begins_at == best.begins_at
    assert meeting.state == MeetingState.BOOKED
    assert Attendee.select().count() == 5
    held = {row.poll_time_id for row in TakenTime.select()}
    assert held == {None}, "the other times are free again"

    # No administrator of Teams: the organiser pastes the link, and everyone gets one update.
    assert meeting.link_state == LinkState.NEEDS_PERSON
    before = len(mailbox.received)
    deliver(app)
    assert len(mailbox.received) - before == 5, "everyone is invited, whether or not there is a link"
    at_organiser.get(f"/meetings/{meeting.public_id}")
    assert (
        at_organiser.press("Use this link", join_link="https://teams.microsoft.com.evil.example/meet/1?p=x").status_code
        == 422
    )
    at_organiser.get(f"/meetings/{meeting.public_id}")
    at_organiser.press("Use this link", join_link=GOOD_LINK)
    deliver(app)
    assert len(mailbox.received) - before == 10
    assert GOOD_LINK in mailbox.received[-1].text
    assert Meeting.get().sequence == 1


def test_who_has_no_account_reads_by_their_own_link_when_they_meet_and_what_became_of_it(
    app: Flask, client: Browser, mailbox: Mailbox, asked: Poll, organiser: User
) -> None:
    meeting = polls.fix(asked, polls.times_of(asked)[0], organiser, asked.version)
    deliver(app)
    invited = link_to(mailbox, "sam@trainee.example")
    client.get(invited)
    assert client.page.h1 == "Your meeting"
    assert "The time is fixed: Wednesday 12 May 2027, 10am to 11am" in client.page.text
    assert "The link follows by email" in client.page.text
    link_jobs.paste(Meeting.get(), GOOD_LINK, organiser)
    client.get(invited)
    assert client.page.link("Join on Microsoft Teams") == GOOD_LINK

    booking.remove(Meeting.get(), Attendee.get(Attendee.email == "officer@trust.example"), organiser)
    client.get(link_to(mailbox, "officer@trust.example"))
    assert "You need not come" in client.page.text
    assert GOOD_LINK not in client.page.html
    booking.cancel(Meeting.get(), organiser)
    client.get(invited)
    assert "The meeting is cancelled. It was to be on Wednesday 12 May 2027" in client.page.text
    assert f"/meetings/{meeting.public_id}" not in mailbox.to("sam@trainee.example")[-1].text, "it needs an account"


def test_an_organiser_who_presses_twice_asks_once_and_fixes_once(
    app: Flask, browser_of: Browsers, organiser: User
) -> None:
    at_organiser = browser_of(organiser)
    question = {"title": "Support", "required": PEOPLE, "minutes": "60", "times": "2027-05-12T10:00:00+01:00",
                "reply_by-day": "11", "reply_by-month": "5", "reply_by-year": "2027"}  # fmt: skip
    for _ in range(2):
        clock.set_to(MONDAY)
        assert at_organiser.submit("/polls/new", **question).location == f"/polls/{Poll.get().public_id}"
    assert at_organiser.submit("/polls/new", **question, optional="New Person, new@trust.example").status_code == 422

    fixing = f"/polls/{Poll.get().public_id}/times/{polls.times_of(Poll.get())[0].public_id}/fixing"
    fixed = {at_organiser.submit(fixing, version="1").location for _ in range(2)}
    assert fixed == {f"/meetings/{Meeting.get().public_id}"}
    assert Meeting.select().count() == 1


def test_an_answer_after_the_time_was_fixed_gets_kind_words_and_changes_nothing(
    app: Flask, browser_of: Browsers, client: Browser, mailbox: Mailbox, asked: Poll, organiser: User
) -> None:
    deliver(app)
    link = link_to(mailbox, "sam@trainee.example")
    client.get(link)
    time = polls.times_of(asked)[0]
    polls.fix(asked, time, organiser, asked.version)
    response = client.press("Send my answers", can_do="Any Friday")
    assert response.status_code == 409
    assert PollPerson.get(PollPerson.email == "sam@trainee.example").answered_at is None
    client.get(link)
    assert "The time is fixed" in client.page.text


def test_only_those_who_have_not_answered_are_asked_again_and_only_once(
    app: Flask, client: Browser, mailbox: Mailbox, asked: Poll
) -> None:
    deliver(app)
    say(client, link_to(mailbox, "sam@trainee.example"), can_do="None, but any Friday")
    before = len(mailbox.received)
    deliver(app)
    assert polls.chase(MONDAY + timedelta(days=2)) == 0
    clock.set_to(MONDAY + timedelta(days=3))
    assert polls.chase(clock.now()) == 1
    assert polls.chase(clock.now()) == 0
    deliver(app)
    chased = {message.recipients[0] for message in mailbox.received[before:]}
    assert chased == {"officer@trust.example", "chair@school.example", "rep@university.example"}


def test_a_link_of_one_person_shows_and_changes_that_persons_row_alone(
    app: Flask, client: Browser, mailbox: Mailbox, asked: Poll
) -> None:
    deliver(app)
    say(client, link_to(mailbox, "sam@trainee.example"), "yes", "no")
    client.get(link_to(mailbox, "officer@trust.example"))
    assert "Dr Sam Lee" not in client.page.text, "others are seen only where the organiser allows it"
    assert PollPerson.get(PollPerson.email == "officer@trust.example").answered_at is None


def test_the_organisers_time_is_held_while_people_answer_and_free_when_it_is_called_off(
    app: Flask, browser_of: Browsers, asked: Poll, organiser: User
) -> None:
    at_organiser = browser_of(organiser)
    at_organiser.get("/polls/new")
    response = at_organiser.press(
        "Ask them", title="Another", required="A B, ab@trust.example", times=["2027-05-12T10:30:00+01:00"]
    )
    assert response.status_code == 422
    assert "You have another meeting" in at_organiser.page.text
    at_organiser.get(f"/polls/{asked.public_id}")
    at_organiser.press("Stop asking")
    assert Poll.get().state == PollState.CANCELLED
    assert TakenTime.select().count() == 0


def test_somebody_else_finds_no_poll(app: Flask, browser_of: Browsers, asked: Poll) -> None:
    at_other = browser_of(factories.a_user(Role.PROGRESSION))
    assert at_other.get(f"/polls/{asked.public_id}").status_code == 404


# The chair


WEDNESDAY_TEN = "2027-05-12T10:00:00+01:00"
WEDNESDAY_NOON = "2027-05-12T12:00:00+01:00"


@pytest.fixture
def chair(organiser: User) -> User:
    """Chairs support meetings, and is to be at one of somebody else's on Wednesday from ten to eleven."""
    user = factories.a_user(Role.MEETING_CHAIR, name="Cleo Chair")
    meet(factories.a_user(Role.PROGRESSION), user, WEDNESDAY_TEN)
    return user


def meet(host: User, guest: User, begins: str) -> Meeting:
    at = datetime.fromisoformat(begins)
    meeting = Meeting.create(
        organiser=host, uid=f"{guest.id}@{begins}", begins_at=at, ends_at=at + timedelta(hours=1), mode=Mode.TEAMS, state="booked"
    )  # fmt: skip
    Attendee.create(meeting=meeting, user=guest, name=guest.name, email=guest.email)
    return meeting


def can_be_chosen(client: Browser, value: str) -> bool:
    box = next(part for part in client.page.html.split("<input") if value in part)
    return "disabled" not in box.split(">")[0]


A_POLL = {
    "title": "Support meeting", "required": "A B, ab@trust.example",
    "reply_by-day": "17", "reply_by-month": "5", "reply_by-year": "2027",
}  # fmt: skip


def test_the_times_offered_are_those_at_which_organiser_and_chair_are_free(
    app: Flask, browser_of: Browsers, organiser: User, chair: User
) -> None:
    meet(chair, organiser, WEDNESDAY_NOON)
    at_organiser = browser_of(organiser)
    at_organiser.get("/polls/new")
    assert can_be_chosen(at_organiser, WEDNESDAY_TEN)
    assert not can_be_chosen(at_organiser, WEDNESDAY_NOON), "the organiser is to be at a meeting then"
    at_organiser.press("Show times that suit the chair too", chair=chair.public_id, title="Support meeting")
    assert not can_be_chosen(at_organiser, WEDNESDAY_TEN)
    assert "Cleo Chair has another meeting" in at_organiser.page.text
    assert "Times at which you and Cleo Chair are free can be chosen" in at_organiser.page.text
    assert "There is a problem" not in at_organiser.page.text, "looking is not asking"
    assert 'value="Support meeting"' in at_organiser.page.html, "what was typed is kept"
    assert Poll.select().count() == 0


def test_the_chair_is_asked_as_one_who_is_needed_and_only_once(
    app: Flask, browser_of: Browsers, organiser: User, chair: User
) -> None:
    at_organiser = browser_of(organiser)
    at_organiser.get("/polls/new")
    both = f"A B, ab@trust.example\nCleo Chair, {chair.email}"
    at_organiser.press("Ask them", **A_POLL | {"required": both}, chair=chair.public_id, times=[WEDNESDAY_NOON])
    assert at_organiser.page.h1 == "Support meeting"
    asked = PollPerson.get(PollPerson.email == chair.email)
    assert (asked.user, asked.is_required) == (chair, True)
    at_organiser.get("/polls/new")
    alone = A_POLL | {"required": "", "title": "With the chair alone"}
    at_organiser.press("Ask them", **alone, chair=chair.public_id, times=["2027-05-13T12:00:00+01:00"])
    assert at_organiser.page.h1 == "With the chair alone"


@pytest.mark.parametrize("begins", [WEDNESDAY_TEN, "2027-05-12T10:30:00+01:00", "2027-05-12T09:30:00+01:00"])
def test_a_time_at_which_the_chair_has_a_meeting_is_refused_in_words(
    app: Flask, browser_of: Browsers, organiser: User, chair: User, begins: str
) -> None:
    at_organiser = browser_of(organiser)
    at_organiser.get("/polls/new")
    response = at_organiser.press("Ask them", **A_POLL, chair=chair.public_id, times=[begins, WEDNESDAY_NOON])
    assert response.status_code == 422
    assert "Cleo Chair has another meeting at one of these times" in at_organiser.page.text
    assert Poll.select().count() == 0


def test_without_a_chair_the_time_may_be_asked_about_and_the_clash_is_said(
    app: Flask, browser_of: Browsers, organiser: User, chair: User
) -> None:
    at_organiser = browser_of(organiser)
    at_organiser.get("/polls/new")
    asked = A_POLL | {"required": f"Cleo Chair, {chair.email}"}
    at_organiser.press("Ask them", **asked, times=[WEDNESDAY_TEN])
    assert "Cleo Chair has another meeting then" in at_organiser.page.text


@pytest.mark.parametrize("forged", ["bcdfghjk", "nobody"])
def test_a_chair_who_is_none_is_refused(app: Flask, browser_of: Browsers, organiser: User, forged: str) -> None:
    at_organiser = browser_of(organiser)
    at_organiser.get("/polls/new")
    assert at_organiser.press("Ask them", **A_POLL, chair=forged, times=[WEDNESDAY_NOON]).status_code == 422
    assert "Select who chairs it from the list" in at_organiser.page.text
    assert Poll.select().count() == 0


def test_for_htmx_the_times_alone_are_shown_again(
    app: Flask, browser_of: Browsers, organiser: User, chair: User
) -> None:
    at_organiser = browser_of(organiser)
    token = at_organiser.token()
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "fieldset#offered"}
    response = at_organiser.post(
        "/polls/new", data={"csrf_token": token, "chair": chair.public_id, "show": "yes"}, headers=headers
    )
    assert response.status_code == 200
    assert response.get_data(as_text=True).lstrip().startswith("<fieldset")
