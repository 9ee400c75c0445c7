"""Three lives of a review of progression, as everybody in them: by pages, by the links of real letters, on Teams.

Each names every email that is written, to whom, in order: those that the rules require, and no other.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from models import (
    LinkState,
    Meeting,
    Notice,
    Objective,
    Poll,
    ProgressionReport,
    Review,
    ReviewNeeded,
    Role,
    SupportCall,
    SupportMeeting,
    User,
)
from signpost import clock, due
from signpost.meetings import link_jobs
from signpost.notices import delivery
from tests import factories
from tests.browser_client import Browser
from tests.graph_stand_in import GraphStandIn, graph_stand_in
from tests.smtp_server import Mailbox, Received

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)
TRAINEE, OFFICER = "sam@trainees.example", "olly@trust.example"
PANEL = "panel@school.example"
WORDS = "Two rotations are not finished"
SECRETS = (WORDS, "Finish both rotations", "All support was given", "Please look at how this can go on", "It is close")


@pytest.fixture
def graph() -> Iterator[GraphStandIn]:
    with graph_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def app(make_app: Callable[..., Flask], graph: GraphStandIn) -> Flask:
    made: Flask = make_app(**graph.config)
    return made


class School:
    """The people of a review, each at a browser of their own; the post is handed over when it is asked for."""

    def __init__(self, app: Flask, browser_of: Callable[[User], Browser], client: Browser, mailbox: Mailbox) -> None:
        clock.set_to(MONDAY)
        self.app, self.browser_of, self.client, self.mailbox = app, browser_of, client, mailbox
        self.team = factories.a_user(Role.PROGRESSION, name="Pat Progression", email="pat@school.example")
        self.taker = factories.a_user(Role.PROGRESSION, name="Mina Minutes", email="mina@school.example")
        self.chair = factories.a_user(Role.MEETING_CHAIR, name="Dana Director", email="dana@school.example")
        self.begin_the_day()
        self.seen = 0

    def begin_the_day(self) -> None:
        """The staff sign in: a session of another day is over."""
        self.at_team, self.at_chair = self.browser_of(self.team), self.browser_of(self.chair)

    def post(self) -> list[tuple[str, str]]:
        """What came since the last time: the kind of each message, and to whom."""
        with self.app.app_context():
            link_jobs.do_due()
            delivery.send_due()
        new = self.mailbox.received[self.seen :]
        self.seen += len(new)
        return sorted((kind_of(one), one.recipients[0]) for one in new)

    def link(self, address: str, part: str = "/progression/links/") -> str:
        """Where the last letter to somebody leads."""
        lines = [line for one in self.mailbox.to(address) for line in one.text.splitlines() if part in line]
        return lines[-1].removeprefix("http://localhost")

    # The steps of every life

    def record(self, outcome: str, decision: str) -> Review:
        self.at_team.get("/progression/reviews/new")
        self.at_team.press(
            "Record the review", trainee_name="Sam Scientist", trainee_email=TRAINEE, programme="Genomics", employer="",
            outcome=outcome, director=self.chair.public_id, officer_name="Olly Officer", officer_email=OFFICER,
            **day("outcome_on", clock.today()),
        )  # fmt: skip
        self.at_team.press("Add the issue", severity="moderate", is_academic="no", words=WORDS)
        review: Review = Review.get()
        self.at_team.get(f"/progression/reviews/{review.public_id}/decision")
        self.at_team.press("Keep the decision", decision=decision)
        assert self.post() == [], "nobody is told before the School has decided and acts"
        return review

    def triage(self, review: Review) -> SupportMeeting:
        self.at_team.get(f"/progression/reviews/{review.public_id}/meeting")
        self.at_team.press("Look at the emails", chair=self.chair.public_id)
        assert not SupportMeeting.select().exists()
        self.at_team.press("Tell them that they are needed", chair=self.chair.public_id)
        assert self.post() == [("support_meeting_required", OFFICER), ("support_meeting_required", TRAINEE)]
        times = ["2027-05-24T10:00:00+01:00", "2027-05-25T10:00:00+01:00"]
        self.at_team.press("Ask them", times=times, **day("reply_by", date(2027, 5, 17)))
        return SupportMeeting.get()

    def answer_all(self, poll: Poll, addresses: tuple[str, ...]) -> None:
        """Everybody says yes to all: by the link of their letter, or signed in."""
        for address in addresses:
            line = self.link(address, "/polls/")
            at = {self.chair.email: self.at_chair, self.taker.email: self.browser_of(self.taker)}.get(
                address, self.client
            )
            at.get(line)
            names = dict.fromkeys(name for name, _ in at.page.radios)
            at.press("Send my answers", **dict.fromkeys(names, "yes"))
        assert Poll.get_by_id(poll.id).all_answered_at is not None

    def fix(self, poll: Poll) -> Meeting:
        time = poll.times.get()
        poll = Poll.get_by_id(poll.id)
        self.at_team.submit(f"/polls/{poll.public_id}/times/{time.public_id}/fixing", version=str(poll.version))
        return Meeting.get(Meeting.poll == poll)

    def hold(self, support: SupportMeeting, meeting: Meeting) -> None:
        clock.set_to(meeting.ends_at + timedelta(minutes=5))
        self.begin_the_day()
        self.at_chair.get(f"/progression/meetings/{support.public_id}")
        self.at_chair.press("It was held")

    def decide(self, support: SupportMeeting, **fields: Any) -> None:
        self.at_chair.get(f"/progression/meetings/{support.public_id}/outcome")
        answer = self.at_chair.press("Keep what it came to", **fields)
        assert answer.status_code == 200, self.at_chair.page.text

    def to_triage(self) -> tuple[Review, SupportMeeting]:
        """Outcome 3, up to the triage meeting that was held, on Teams."""
        review = self.record("3", "triage")
        support = self.triage(review)
        asked = SupportMeeting.get_by_id(support.id).poll
        assert self.post() == [("availability_asked", one) for one in sorted((self.chair.email, OFFICER, TRAINEE))]
        self.answer_all(asked, (TRAINEE, OFFICER, self.chair.email))
        assert self.post() == [("all_answered", self.team.email)]
        meeting = self.fix(asked)
        assert self.post() == invited(self.chair.email, OFFICER, self.team.email, TRAINEE)
        self.is_on_teams(meeting)
        self.hold(support, meeting)
        assert self.post() == []
        return review, SupportMeeting.get_by_id(support.id)

    def is_on_teams(self, meeting: Meeting) -> None:
        """The link was made, and stands in the invitation of everybody, each with a calendar file."""
        ready = Meeting.get_by_id(meeting.id)
        assert ready.link_state == LinkState.READY
        for address in (TRAINEE, OFFICER):
            invitation = self.mailbox.to(address)[-1]
            assert ready.join_url in invitation.text
            assert "text/calendar" in [part.get_content_type() for part in invitation.message.walk()]


@pytest.fixture
def school(app: Flask, browser_of: Callable[[User], Browser], client: Browser, mailbox: Mailbox) -> Iterator[School]:
    made = School(app, browser_of, client, mailbox)
    yield made
    told = " ".join(one.text + one.subject for one in mailbox.received)
    assert not [words for words in SECRETS if words in told], "no email carries a word of a record"
    assert not [words for words in ("failed", "no-show", "problem") if words in told.lower()]


def kind_of(message: Received) -> str:
    return str(Notice.get(Notice.public_id == message.message["X-Signpost-Notice"]).kind)


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}-day": str(when.day), f"{name}-month": str(when.month), f"{name}-year": str(when.year)}


def invited(*addresses: str) -> list[tuple[str, str]]:
    """Everybody is invited at once, and gets the link when Microsoft has made it."""
    return [(kind, one) for kind in ("meeting_booked", "meeting_linked") for one in sorted(addresses)]


def both(kind: str) -> list[tuple[str, str]]:
    return [(kind, OFFICER), (kind, TRAINEE)]


def test_outcome_2_a_call_that_is_not_wanted(school: School) -> None:
    review = school.record("2", "call")
    school.at_team.get(f"/progression/reviews/{review.public_id}/call/offer")
    school.at_team.press("Offer the call")
    assert school.post() == both("call_offered")

    school.client.get(school.link(OFFICER))
    assert WORDS in school.client.page.text
    school.client.press("It would not help")
    assert SupportCall.get().declined_by == "training_officer"
    assert school.post() == [], "nothing else follows from it"
    school.client.get(school.link(TRAINEE))
    assert "is not wanted. Nothing else follows" in school.client.page.text
    school.at_team.get("/progression")
    assert "A support call was offered, and is not wanted" in school.at_team.page.text


def test_outcome_3_triage_and_no_further_action(school: School) -> None:
    _, support = school.to_triage()
    school.at_team.get("/progression")
    assert "14 until they met" in school.at_team.page.text
    assert "What did it come to?" in school.at_team.page.text
    school.decide(support, kinds=["no_further_action"])
    assert school.post() == both("support_outcome")

    school.client.get(school.link(TRAINEE))
    school.client.get(f"{school.link(TRAINEE)}/meetings/{support.public_id}")
    assert "No further action" in school.client.page.text
    assert school.client.get(f"{school.link(TRAINEE)}/plan").status_code == 404
    for days in (1, 30, 300):
        clock.set_to(MONDAY + timedelta(days=20 + days))
        due.run(clock.now())
    assert school.post() == []
    assert Review.select().count() == 1


def test_outcome_3_to_a_plan_that_is_missed_a_further_review_and_the_panel(school: School) -> None:
    review, triage = school.to_triage()

    # Triage leads to a full meeting, and everybody is asked at once.
    school.decide(triage, kinds=["full_meeting"], minute_taker=school.taker.public_id)
    full = SupportMeeting.get(SupportMeeting.follows == triage)
    asked = sorted([school.chair.email, OFFICER, TRAINEE, school.taker.email])
    told = [("availability_asked", one) for one in asked]
    assert school.post() == [*told, *both("support_meeting_required"), *both("support_outcome")]
    school.answer_all(full.poll, (TRAINEE, OFFICER, school.chair.email, school.taker.email))
    assert school.post() == [("all_answered", school.team.email)]
    meeting = school.fix(full.poll)
    assert school.post() == invited(*asked, school.team.email)
    school.is_on_teams(meeting)
    school.hold(full, meeting)

    # The full one to an action plan, which the trainee drafts by their link, and the School agrees to.
    school.decide(
        SupportMeeting.get_by_id(full.id), kinds=["action_plan", "employer_policies"], employer_policies="Leave"
    )
    assert school.post() == both("support_outcome")
    due_on = clock.today() + timedelta(days=30)
    school.client.get(f"{school.link(TRAINEE)}/plan")
    school.client.press("Add it", words="Finish both rotations", **day("due_on", due_on))
    school.at_chair.get(f"/progression/reviews/{review.public_id}/plan/agreement")
    school.at_chair.press("Agree to it", **day("review_on", due_on + timedelta(days=3)))
    assert school.post() == both("plan_agreed")

    # It is missed: reminded of before and twice after, listed, and nothing else.
    reminded = [("objective_reminder", TRAINEE), ("objective_reminder_officer", OFFICER)]
    wanted = {
        -7: reminded,
        1: reminded,
        3: [("plan_review_due", one) for one in (school.taker.email, school.team.email)],
        8: reminded,
    }
    for days in range(-9, 30):
        clock.set_to(clock.start_of(due_on + timedelta(days=days)) + timedelta(hours=9, minutes=30))
        due.run(clock.now())
        assert school.post() == wanted.get(days, []), days
        assert ReviewNeeded.select().exists() == (days > 0)
        if days == 5:
            school.client.get(f"{school.link(TRAINEE)}/plan/objectives/{Objective.get().public_id}")
            school.client.press("Add the comment", comment="It is close")
    assert Review.select().count() == 1
    assert not ProgressionReport.select().exists()

    # A person opens the further review.
    school.begin_the_day()
    school.at_team.get("/progression")
    assert "Further reviews listed as needed" in school.at_team.page.text
    school.at_team.get(f"/progression/reviews/{review.public_id}/further")
    school.at_team.press("Open the further review", outcome="3", **day("outcome_on", clock.today()))
    assert Review.get(Review.earlier == review).trainee_email == TRAINEE
    assert school.post() == []

    # And two people decide to refer it to the panel. The trainee is told first.
    school.at_team.get(f"/progression/reviews/{review.public_id}/reports/new")
    typed = {
        "to": "panel", "to_name": "Pia Panel", "to_email": PANEL, "reason": "All support was given",
        "words": "Please look at how this can go on",
    }  # fmt: skip
    school.at_team.press("Look at what they would read", **typed)
    school.at_team.press("Ask a second person", **typed)
    assert school.post() == []
    report = f"/progression/reports/{ProgressionReport.get().public_id}"
    school.at_chair.get(report)
    school.at_chair.press("Agree, and tell the trainee")
    assert school.post() == [("report_told", TRAINEE)]
    school.client.get(school.link(TRAINEE))
    assert "Please look at how this can go on" in school.client.page.text
    assert "They have not been sent yet" in school.client.page.text
    school.at_team.get(report)
    school.at_team.press("Send it")
    assert school.post() == [("progression_report", PANEL)]
    school.client.get(school.link(PANEL))
    assert "Please look at how this can go on" in school.client.page.text
    assert "All support was given" not in school.client.page.text
