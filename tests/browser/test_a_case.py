"""A case of two sessions in a real browser, from the first booking to both sets of notices: the table of the journey, by
seven people, the counsellor with a tablet. The employer's contact has no account and gets an email."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from models import CareersSession, Meeting, User
from signpost import clock
from tests import factories
from tests.browser.conftest import TABLET, Sit, Site, served
from tests.browser.reader import Reader, eventually
from tests.browser.test_meetings import choose_time
from tests.journeys import test_a_case_to_its_end as journey
from tests.smtp_server import Mailbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser

(FIRST_BOOKED,) = (step for step in journey.STEPS if step.name == "booked")
AFTER = [step.name for step in journey.STEPS].index("first held") + 1
STEPS = [*journey.STEPS[:AFTER], replace(FIRST_BOOKED, name="booked again"), *journey.STEPS[AFTER:]]


@pytest.fixture
def site(make_app: Callable[..., Flask], chromium: Browser) -> Iterator[Site]:
    """Without a worker: the messages of each step are sent, and looked at, when it is done."""
    with served(lambda url: make_app(public_url=url)) as running:
        yield running


class CaseInBrowser(journey.Case):
    """The same acts, by what the pages say."""

    def __init__(
        self, site: Site, sit: Sit, mailbox: Mailbox, browser_of: journey.Browsers, people: dict[str, User]
    ) -> None:
        super().__init__(site.app, browser_of, mailbox, people)
        self.site, self.sit, self.readers = site, sit, dict[str, Reader]()
        venue = factories.a_venue("Brighton")
        for weekday in range(5):
            factories.hours(people["counsellor"], weekday=weekday, begins="09:00", ends="12:00", venue=venue)
            factories.hours(people["counsellor"], weekday=weekday, begins="13:00", ends="16:00", mode="telephone")

    def reader(self, who: str) -> Reader:
        """Their browser, signed in at this hour; the counsellor's is a tablet."""
        if who not in self.readers:
            self.readers[who] = self.sit(touch=who == "counsellor")
        self.readers[who].context.add_cookies([self.site.cookie_of(self.people[who])])  # type: ignore[list-item]
        return self.readers[who]

    def booked(self) -> None:
        at_trainee = self.reader("trainee")
        at_trainee.open(f"/referrals/{self.referral.public_id}")
        at_trainee.follow("Choose a time")
        at_trainee.arrives_at("Choose a time")
        choose_time(at_trainee)
        at_trainee.press("Keep this time for me")
        at_trainee.arrives_at("Book this time")
        at_trainee.press("Book this meeting")
        eventually(lambda: Meeting.select().order_by(Meeting.id.desc()).get().is_booked, "Nothing was booked")

    booked_again = booked

    def first_held(self) -> None:
        self.held(1)

    def second_held(self) -> None:
        self.held(2)

    def held(self, number: int) -> None:
        meeting = Meeting.select().order_by(Meeting.id.desc()).get()
        clock.set_to(meeting.begins_at + timedelta(minutes=2))
        at_counsellor = self.reader("counsellor")
        at_counsellor.open("/")
        at_counsellor.follow("Open your session with Toni Trainee")
        at_counsellor.arrives_at("Careers sessions")
        at_counsellor.press("Open the session")
        at_counsellor.arrives_at(f"Session {number} with Toni Trainee")
        page = at_counsellor.page
        assert page.evaluate("document.documentElement.scrollWidth") <= TABLET["width"]
        if number == 1:
            at_counsellor.press("I have explained this")
            at_counsellor.sees("You explained it at")
        else:
            at_counsellor.sees("Where to live")  # parked in the first
        at_counsellor.fill("Issue the trainee raises", "Where to live" if number == 1 else "What to say at home")
        at_counsellor.press("Add the issue")
        at_counsellor.page.get_by_label("Your observations").press_sequentially("Zanzibar.")
        at_counsellor.page.locator("#observations").get_by_text("Saved at").wait_for()
        at_counsellor.follow("Action planning")
        at_counsellor.page.get_by_label("Summary of the session").press_sequentially("We weighed two towns.")
        at_counsellor.page.locator("#summary").get_by_text("Saved at").wait_for()
        clock.set_to(meeting.ends_at)
        self.reader("counsellor").follow("Finish the session")
        at_counsellor.arrives_at(f"Finish session {number}")
        at_counsellor.press("Finish the session")
        eventually(lambda: CareersSession.select().order_by(CareersSession.id.desc()).get().is_finished, "Not finished")

    def told_by_the_trainee(self) -> None:
        at_trainee = self.reader("trainee")
        at_trainee.open(f"/referrals/{self.referral.public_id}")
        at_trainee.press("Tell them that your sessions are complete")
        at_trainee.sees("was told on")

    def told_by_the_team(self) -> None:
        at_counsellor = self.reader("counsellor")
        at_counsellor.open(f"/referrals/{self.referral.public_id}/end-notice")
        at_counsellor.press("Send, and close the case")
        eventually(lambda: self.now.is_closed, "It was not closed")

    def sees(self, who: str) -> str:
        page = self.reader(who).page
        response = page.goto(f"{self.site.url}/referrals/{self.referral.public_id}")
        assert response is not None
        return " ".join((page.locator("main").text_content() or "").split()) if response.ok else str(response.status)


def test_what_each_person_sees_and_gets_at_each_step(
    site: Site, sit: Sit, mailbox: Mailbox, browser_of: journey.Browsers, adviser: User, counsellor: User, referrer: User,
    trainee: User, head: User, tsg: User,
) -> None:  # fmt: skip
    clock.set_to(journey.MONDAY)
    people = {
        "adviser": adviser, "counsellor": counsellor, "referrer": referrer, "head": head, "tsg": tsg, "trainee": trainee,
    }  # fmt: skip
    case = CaseInBrowser(site, sit, mailbox, browser_of, people)
    journey.walk(case, STEPS)

    (letter,) = mailbox.to(journey.CONTACT)
    assert "The sessions of Toni Trainee with the careers team have ended." in letter.text
    assert not [one for one in mailbox.received if "Zanzibar" in one.text or "two towns" in one.text]
