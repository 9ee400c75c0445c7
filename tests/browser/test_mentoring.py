"""The whole life of a mentoring in a real browser: the team, a returner without an account, a mentor; from the offer to the
surveys, as `run-due --at` takes them through the months. Exactly the emails that the rules list."""

from datetime import date, datetime, timedelta

import pytest

from models import FeedbackWaiting, Mentorship, Notice, Returner, Role, User, db
from signpost import clock
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.letters import addresses, letter, personal_link
from tests.browser.reader import Reader, eventually
from tests.smtp_server import Mailbox

RETURNER = "robin.returner@mail.example"
SECRET = "We spoke about the night shifts."
TODAY = clock.parse("2026-11-23T10:00")  # a Monday
WAYS = {"with a mouse": {}, "without JavaScript": {"scripts": False}}


def on(reader: Reader, legend: str, day: date) -> None:
    """Fill in a date."""
    group = reader.page.get_by_role("group", name=legend, exact=True)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part, exact=True).fill(str(value))


def to(mailbox: Mailbox, who: User | str) -> list[str]:
    return [one.subject for one in mailbox.to(who if isinstance(who, str) else who.email)]


@pytest.fixture
def team(site: Site) -> User:
    return factories.a_user(Role.RTT_TEAM, name="Rory Return")


@pytest.fixture
def mentor(site: Site) -> User:
    user = factories.a_user(Role.MENTOR, name="Morgan Mentor")
    factories.a_mentor(user, districts=("LA1",), days="01")
    return user


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_mentoring_from_the_offer_to_the_surveys(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox, team: User, mentor: User
) -> None:
    # The team enters a return of seven weeks from now: the offer goes at once.
    clock.set_to(TODAY)
    at_team = sit(team, **way)
    at_team.open("/mentoring")
    at_team.follow("Add a returner")
    at_team.fill("Name", "Robin Returner")
    at_team.fill("Email address", RETURNER)
    on(at_team, "First day of the absence", date(2026, 5, 4))
    on(at_team, "Day of the return to training", date(2027, 1, 11))
    at_team.press("Add this returner")
    at_team.arrives_at("Returners")
    offer = letter(mailbox, RETURNER, "Would you like a mentor")
    assert addresses(offer, "Reply-To") == [team.email]
    assert "not guaranteed" in offer.text

    # The returner says yes in three interactions, and what they wish for.
    at_returner = sit(**way)
    at_returner.open(personal_link(offer, site))
    at_returner.arrives_at("Your return to training")
    assert Returner.get().state == "offered", "looking accepts nothing"
    at_returner.press("Yes, I would like a mentor")
    at_returner.arrives_at("What you wish for")
    assert at_returner.interactions == 1, "saying yes takes one press"
    assert "not guaranteed" in letter(mailbox, RETURNER, "You asked for a mentor").text
    at_returner.fill("Where would you like to meet from?", "LA14 9AB")
    at_returner.press("Keep these wishes")
    at_returner.arrives_at("Your return to training")
    at_returner.sees("You are waiting for a mentor")
    at_returner.sees("LA14")
    assert "9AB" not in Returner.get().wishes.get().district

    # The team introduces the two, having seen what is sent.
    at_team.open("/mentoring/matching")
    at_team.sees("Robin Returner")
    at_team.sees("Morgan Mentor")
    at_team.press("Introduce all")
    at_team.arrives_at("Introduce 1 pair")
    assert mailbox.to(mentor.email) == []
    at_team.press("Introduce these two")
    at_team.arrives_at("Introduced")
    introduction = letter(mailbox, mentor, "An introduction")
    assert addresses(introduction, "To") == sorted([RETURNER, mentor.email])

    # Nobody says whether they are in touch: both are asked, and the returner says so.
    run_due(site, TODAY + timedelta(days=15))
    at_returner.open(personal_link(letter(mailbox, RETURNER, "Have you been in touch?"), site))
    at_returner.arrives_at("Mentoring with Morgan Mentor")
    at_returner.press("Yes, we have been in touch")
    eventually(lambda: "Have you been in touch?" not in at_returner.text, "It is asked again")

    # The mentor puts the first meeting into both calendars, on a Sunday evening.
    at_mentor = sit(mentor, **way)
    pair = Mentorship.get()
    at_mentor.open(f"/mentoring/mentorships/{pair.public_id}")
    at_mentor.does_not_see("Have you been in touch?")
    at_mentor.follow("Put the first meeting into both calendars")
    on(at_mentor, "Day", date(2026, 12, 20))
    at_mentor.fill("Begins at", "19:30")
    at_mentor.fill("Where, if you meet in person?", "The library café")
    at_mentor.press("Invite both of us")
    at_mentor.arrives_at("Mentoring with Robin Returner")
    invited = letter(mailbox, RETURNER, "Your meeting on Sunday")
    assert "The library café" in invited.text
    assert any(part.get_content_type() == "text/calendar" for part in invited.message.walk())

    # After it, the mentor writes down what they agreed; it counts once the returner agrees.
    run_due(site, clock.parse("2026-12-24T10:00"))
    assert "questions to go by" in letter(mailbox, mentor, "What you agreed").text
    at_mentor = sit(mentor, **way)
    at_mentor.open(f"/mentoring/mentorships/{pair.public_id}")
    at_mentor.follow("Put down what you agreed")
    at_mentor.pick("We write it down here")
    at_mentor.fill("What do you both hope for?", SECRET)
    at_mentor.press("Send it to Robin Returner")
    at_mentor.sees("It counts once Robin Returner agrees")
    proposed = letter(mailbox, RETURNER, "An agreement to look at")
    assert SECRET not in proposed.text
    at_returner.open(personal_link(proposed, site))
    at_returner.sees(SECRET)
    at_returner.press("I agree")
    at_returner.sees("Agreed on 24 December 2026")
    at_returner.follow("Note that you met")
    on(at_returner, "When did you meet?", date(2026, 12, 20))
    at_returner.pick("In person")
    at_returner.press("Note it")
    at_returner.arrives_at("Mentoring with Morgan Mentor")

    # The team sees dates, and not a word.
    at_team = sit(team, **way)
    at_team.open(f"/mentoring/mentorships/{pair.public_id}")
    at_team.sees("Recorded on 24 December 2026")
    at_team.sees("1, the last on 20 December 2026")
    at_team.does_not_see(SECRET)

    # A month before the end both hear; on its day it ends by itself, with a survey for each, that carries no name.
    run_due(site, clock.parse("2027-06-12T09:00"))
    letter(mailbox, mentor, "Your mentoring ends on Sunday 11 July 2027")
    run_due(site, clock.parse("2027-07-11T09:00"))
    ended = letter(mailbox, RETURNER, "Your mentoring has ended")
    at_returner.open(personal_link(ended, site))
    at_returner.sees("It ended on 11 July 2027")
    at_returner.sees("Where else to turn")
    at_returner.follow("Answer the survey")
    at_returner.pick("Well")
    at_returner.pick("Very useful")
    at_returner.press("Send my answer")
    at_returner.arrives_at("Thank you for your answer")
    assert FeedbackWaiting.select().count() == 1
    run_due(site, clock.parse("2027-07-26T09:00"))
    run_due(site, clock.parse("2028-07-26T09:00"))
    letter(mailbox, mentor, "How was your mentoring?")

    assert to(mailbox, RETURNER) == [
        "Would you like a mentor for your return to training?",
        "You asked for a mentor",
        "An introduction",
        "Have you been in touch?",
        "Your meeting on Sunday 20 December 2026",
        "What you agreed for your mentoring",
        "An agreement to look at",
        "Your mentoring ends on Sunday 11 July 2027",
        "Your mentoring has ended",
    ]
    assert to(mailbox, mentor) == [
        "An introduction",
        "Have you been in touch?",
        "Your meeting on Sunday 20 December 2026",
        "What you agreed for your mentoring",
        "Your mentoring ends on Sunday 11 July 2027",
        "Your mentoring has ended",
        "How was your mentoring?",
    ]
    assert to(mailbox, team) == []
    assert not any(SECRET in one.raw.decode() for one in mailbox.received)
    assert at_team.complaints == at_returner.complaints == at_mentor.complaints == []
    assert Notice.select().where(Notice.state == "failed").count() == 0


def run_due(site: Site, at: datetime) -> None:
    """As the command does: the clock is there, what falls due is done; the worker then sends."""
    clock.set_to(at)
    result = site.app.test_cli_runner().invoke(args=["run-due", "--at", clock.to_london(at).isoformat()])
    assert result.exit_code == 0, result.output
    db.connect(reuse_if_open=True)
