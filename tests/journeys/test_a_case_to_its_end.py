"""A case of two sessions from its referral to both sets of notices: what each person sees, and which emails each gets, at
each step. By the pages and the messages alone; the employer's contact has no account."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask

from models import CareersSession, Meeting, Mode, Referral, ReleaseChoice, User
from signpost import clock
from signpost.meetings import booking
from signpost.notices import delivery
from signpost.referrals import actions
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox

Browsers = Callable[[User], Browser]

MONDAY = clock.parse("2027-05-10T10:00")
CONTACT = "education@trust.example"
TRAINEE = "trainee"
WITH_TEAM, NOTHING = "With the careers team", "404"


@dataclass(frozen=True)
class Step:
    """What is done, then for each person a phrase that they see (or that there is no such page), and who gets an email."""

    name: str
    trainee: str
    counsellor: str
    adviser: str
    referrer: str
    head: str
    tsg: str
    mail: dict[str, list[str]] = field(default_factory=dict)


STEPS = [
    Step(
        "referred", "Say whether you would like the support", NOTHING, "Assign a counsellor", "Sent", "Open", NOTHING,
        {"adviser": ["Referral"], "trainee": ["Referral", "Your personal link"], "head": ["Referral"], "referrer": ["Your referral"]},
    ),
    Step(
        "assigned", "0 of 2 sessions held", "The trainee books the first meeting", "The trainee books the first meeting with",
        WITH_TEAM, "Open", NOTHING,
        {"trainee": ["Who will support you"], "counsellor": ["A trainee has been assigned"]},
    ),
    Step(
        "released", "0 of 2 sessions held", "0 of 2 sessions held", "0 of 2 sessions held", WITH_TEAM, "Open",
        "the careers team is supporting",
        {"tsg": ["The careers team is involved"]},
    ),
    Step(
        "booked", "Your meeting is booked for", "Meet the trainee", "The trainee and the counsellor meet", WITH_TEAM, "Open",
        "the careers team is supporting",
        {"trainee": ["Your meeting"], "counsellor": ["Your meeting"]},
    ),
    Step(
        "first held", "1 of 2 sessions held", "1 of 2 sessions held", "1 of 2 sessions held", WITH_TEAM, "Open",
        "the careers team is supporting",
    ),
    Step(
        "second held", "Tell them that your sessions are complete", "2 of 2 sessions held", "Agreed sessions complete",
        WITH_TEAM, "Open", "the careers team is supporting",
        {"trainee": ["Your agreed sessions are complete"]},
    ),
    Step(
        "told by the trainee", "was told on", "The trainee told the head of school", "The trainee told the referrer", "Ended",
        "Ended", "the careers team is supporting",
        {who: ["Agreed careers sessions are complete"] for who in ("referrer", "head", "tsg")},
    ),
    Step(
        "told by the team", "The careers team let your employer and the Training Support Group know",
        "The team told the employer", "Closed", "Ended", "Ended", "the careers team is supporting",
        {"employer": ["Careers sessions have ended"], "tsg": ["Careers sessions have ended"]},
    ),
]  # fmt: skip
# What those may never read, at whatever step: how many sessions were held, and when they met.
NEVER = {
    "referrer": ("sessions held", "Meetings"),
    "head": ("sessions held", "Meetings"),
    "tsg": ("sessions held", "Open"),
}


class Case:
    """One case and its people, and the acts that move it on."""

    def __init__(self, app: Flask, browser_of: Browsers, mailbox: Mailbox, people: dict[str, User]) -> None:
        self.app, self.browser_of, self.mailbox, self.people = app, browser_of, mailbox, people
        self.seen = 0
        self.employer = factories.an_employer("Weald Trust", contact_name="Erin Employer", contact_email=CONTACT)
        self.referral = Referral()

    @property
    def now(self) -> Referral:
        return Referral.get_by_id(self.referral.id)

    def referred(self) -> None:
        self.referral = factories.a_referral(
            self.people["referrer"], trainee_email=self.people[TRAINEE].email, trainee_name="Toni Trainee",
            school=self.people["head"].roles_held.get().school, employer=self.employer, wider_concerns=True,
        )  # fmt: skip

    def assigned(self) -> None:
        at_adviser = self.browser_of(self.people["adviser"])
        at_adviser.get(f"/referrals/{self.referral.public_id}/assignment")
        at_adviser.press("Assign this counsellor")
        clock.set_to(clock.now() + timedelta(minutes=5))

    def released(self) -> None:
        actions.release(self.now, ReleaseChoice.FACT, "", by=self.people["head"])

    def booked(self) -> None:
        begins = clock.parse("2027-05-12T14:00")
        wanted = booking.Wanted(begins, begins + timedelta(hours=1), Mode.FACE_TO_FACE, factories.a_venue())
        booking.arrange(self.now, wanted, "", self.people["counsellor"])

    def first_held(self) -> None:
        clock.set_to(clock.parse("2027-05-12T15:05"))
        at_counsellor = self.browser_of(self.people["counsellor"])
        at_counsellor.get(f"/meetings/{Meeting.get().public_id}")
        at_counsellor.press("Open the session")
        at_counsellor.press("I have explained this")
        at_counsellor.get(f"/careers-sessions/{CareersSession.get().public_id}/finish")
        at_counsellor.press("Finish the session")

    def second_held(self) -> None:
        clock.set_to(clock.parse("2027-05-26T15:05"))
        meeting = factories.a_meeting(self.now, clock.parse("2027-05-26T14:00"))
        booking.held(meeting, self.people["counsellor"])

    def told_by_the_trainee(self) -> None:
        at_trainee = self.browser_of(self.people[TRAINEE])
        at_trainee.get(f"/referrals/{self.referral.public_id}")
        at_trainee.press("Tell them that your sessions are complete")

    def told_by_the_team(self) -> None:
        at_counsellor = self.browser_of(self.people["counsellor"])
        at_counsellor.get(f"/referrals/{self.referral.public_id}/end-notice")
        at_counsellor.press("Send, and close the case")

    def do(self, name: str) -> None:
        getattr(self, name.replace(" ", "_"))()
        with self.app.app_context():
            delivery.send_due()

    def sees(self, who: str) -> str:
        client = self.browser_of(self.people[who])
        response = client.get(f"/referrals/{self.referral.public_id}")
        return client.page.text if response.status_code == 200 else str(response.status_code)

    def new_mail(self) -> dict[str, list[str]]:
        """The subjects that arrived since the last time, by whom they reached."""
        by_address = {user.email: name for name, user in self.people.items()} | {CONTACT: "employer"}
        got: dict[str, list[str]] = {}
        for letter in self.mailbox.received[self.seen :]:
            for address in letter.recipients:
                got.setdefault(by_address[address], []).append(letter.subject)
        self.seen = len(self.mailbox.received)
        return {who: sorted(subjects) for who, subjects in got.items()}


@pytest.fixture
def case(
    app: Flask, browser_of: Browsers, mailbox: Mailbox, adviser: User, counsellor: User, referrer: User, trainee: User,
    head: User, tsg: User,
) -> Case:  # fmt: skip
    clock.set_to(MONDAY)
    people = {
        "adviser": adviser, "counsellor": counsellor, "referrer": referrer, "head": head, "tsg": tsg, TRAINEE: trainee,
    }  # fmt: skip
    return Case(app, browser_of, mailbox, people)


def walk(case: Case, steps: list[Step]) -> None:
    """Do each step, then look at what each person sees and gets."""
    for step in steps:
        case.do(step.name)
        for who in case.people:
            expected, seen = getattr(step, who), case.sees(who)
            assert (seen == NOTHING) if expected == NOTHING else (expected in seen), f"{step.name}: {who} sees\n{seen}"
            for words in NEVER.get(who, ()):
                assert words not in seen, f"{step.name}: {who} reads {words}"
        got = case.new_mail()
        assert set(got) == set(step.mail), f"{step.name}: {got}"
        for who, begins in step.mail.items():
            assert len(got[who]) == len(begins), f"{step.name}: {who} got {got[who]}"
            for subject, wanted in zip(got[who], sorted(begins), strict=True):
                assert subject.startswith(wanted), f"{step.name}: {who} got {subject}"


def test_what_each_person_sees_and_gets_at_each_step(case: Case) -> None:
    walk(case, STEPS)


def test_the_employer_hears_of_the_end_and_of_nothing_else(case: Case) -> None:
    for step in STEPS:
        case.do(step.name)
    (letter,) = case.mailbox.to(CONTACT)

    assert "The sessions of Toni Trainee with the careers team have ended." in letter.text
    for never in (case.referral.request, case.people["referrer"].name, case.referral.reference, "2 of 2"):
        assert never not in letter.raw.decode()


def test_no_word_of_the_request_stands_in_any_message_of_the_end(case: Case) -> None:
    for step in STEPS:
        case.do(step.name)
    of_the_end = [letter for letter in case.mailbox.received if "essions" in letter.subject]

    assert len(of_the_end) == 6
    assert not [letter for letter in of_the_end if case.referral.request in letter.text]
    assert all(len(letter.recipients) == 1 for letter in of_the_end)
