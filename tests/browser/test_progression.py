"""Three lives of a review of progression in a real browser, as everybody in them: signed in, or by the links of letters
that really arrived; on Teams, which a strict stand-in plays.

Each names every email that is written, to whom, in order: those that the rules require, and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from models import LinkState, Meeting, Minutes, Notice, Poll, ProgressionReport, Review, ReviewNeeded, Role
from signpost import clock, working_days
from signpost.meetings import link_jobs
from signpost.notices import delivery
from tests import factories
from tests.browser.conftest import NARROW, Sit, Site, served
from tests.browser.letters import addresses
from tests.browser.reader import Reader, eventually
from tests.browser.test_documents import choose_file
from tests.browser.test_mentoring import run_due
from tests.files import made
from tests.graph_stand_in import GraphStandIn, graph_stand_in
from tests.journeys.test_a_first_meeting import calendar_of
from tests.smtp_server import Mailbox, Received

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)
TRAINEE, OFFICER, UNIVERSITY = "sam@trainees.example", "olly@trust.example", "uma@university.example"
TEAM, TAKER, CHAIR = "pat@school.example", "mina@school.example", "dana@school.example"
PANEL = "panel@school.example"
ISSUE, WANTED, OBJECTIVE = "Two rotations are not finished", "Two more weeks in genetics", "Finish both rotations"
JOINT, ALONE, REASON = "All agreed on two weeks", "It has been a hard year", "All support was given"
WORDS, COMMENT = "Please look at how this can go on", "It is close"
SECRETS = (ISSUE, WANTED, OBJECTIVE, JOINT, ALONE, REASON, WORDS, COMMENT)

Post = list[tuple[str, str]]


@pytest.fixture
def graph() -> Iterator[GraphStandIn]:
    with graph_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def site(make_app: Callable[..., Flask], chromium: Browser, graph: GraphStandIn) -> Iterator[Site]:
    """Without a worker: the post of each step is handed over, and looked at, when it is done."""
    with served(lambda url: make_app(public_url=url, **graph.config)) as running:
        yield running


class School:
    """The people of a review, each at a browser of their own. Four sign in; the others have what their letters bring."""

    def __init__(self, site: Site, sit: Sit, mailbox: Mailbox, way: dict[str, bool]) -> None:
        clock.set_to(MONDAY)
        self.site, self.sit, self.mailbox, self.way = site, sit, mailbox, way
        self.staff = {
            email: factories.a_user(role, name=name, email=email)
            for email, name, role in (
                (TEAM, "Pat Progression", Role.PROGRESSION),
                (TAKER, "Mina Minutes", Role.PROGRESSION),
                (CHAIR, "Dana Director", Role.MEETING_CHAIR),
            )
        }
        self.readers: dict[str, Reader] = {}
        self.seen = 0

    def at(self, address: str) -> Reader:
        """Somebody's browser, the trainee's a telephone; the staff are signed in at this hour."""
        if address not in self.readers:
            viewport = {"viewport": NARROW} if address == TRAINEE else {}
            self.readers[address] = self.sit(**self.way, **viewport)
        reader = self.readers[address]
        if address in self.staff:
            reader.context.add_cookies([self.site.cookie_of(self.staff[address])])  # type: ignore[list-item]
        return reader

    def post(self) -> Post:
        """What came since the last time: the kind of each message, and to whom."""
        with self.site.app.app_context():
            link_jobs.do_due()
            delivery.send_due()
        new = self.mailbox.received[self.seen :]
        self.seen += len(new)
        assert all(len(one.recipients) == 1 for one in new)
        return sorted((kind_of(one), one.recipients[0]) for one in new)

    def by_letter(self, address: str, part: str = "/") -> Reader:
        """At the page to which the last letter leads that names one, or one of this part of the site."""
        here = self.site.url + part
        lines = [line for one in self.mailbox.to(address) for line in one.text.splitlines() if here in line]
        reader = self.at(address)
        reader.open(lines[-1].removeprefix(self.site.url))
        return reader

    def at_start(self, address: str) -> Reader:
        """One of the staff, at what waits for them."""
        reader = self.at(address)
        reader.open("/")
        reader.arrives_at("Waiting for you")
        return reader

    def at_review(self, address: str) -> Reader:
        """One of the staff, at the review of the trainee."""
        reader = self.at(address)
        reader.open("/progression")
        reader.page.get_by_role("table").get_by_role("link", name="Sam Scientist").click()
        reader.arrives_at("Review of progression")
        return reader

    def at_meeting(self, address: str, kind: str) -> Reader:
        reader = self.at_review(address)
        reader.page.get_by_role("region", name="Support meetings").get_by_role("link", name=kind).click()
        reader.arrives_at(kind)
        return reader

    # The steps that lives share

    def record(self, outcome: str, is_academic: bool = False) -> None:
        at_team = self.at(TEAM)
        at_team.open("/progression")
        at_team.follow("Record a review")
        at_team.arrives_at("Record a review")
        at_team.fill("Trainee’s name", "Sam Scientist")
        at_team.fill("Trainee’s email address", TRAINEE)
        at_team.fill("Programme", "Genomics")
        at_team.choose("Training programme director", "Dana Director")
        at_team.pick(f"Outcome {outcome}")
        on(at_team, clock.today())
        at_team.fill("Training officer’s name", "Olly Officer")
        at_team.fill("Training officer’s email address", OFFICER)
        if is_academic:
            at_team.fill("University contact’s name", "Uma University")
            at_team.fill("University contact’s email address", UNIVERSITY)
        at_team.press("Record the review")
        at_team.arrives_at("Issues of the review")
        at_team.pick("Moderate")
        at_team.pick("Yes" if is_academic else "No")
        at_team.fill("What is the issue?", ISSUE)
        at_team.press("Add the issue")
        at_team.sees(ISSUE)
        at_team.follow("Back to the review")
        at_team.arrives_at("Review of progression")

    def decide(self, address: str, decision: str) -> None:
        """The School decides. Nobody is told before it acts."""
        reader = self.at_review(address)
        reader.follow("Decide what follows")
        reader.arrives_at("What the School decides")
        reader.pick(decision)
        reader.press("Keep the decision")
        reader.arrives_at("Review of progression")
        assert self.post() == []

    def ask_for_triage(self, university: bool = False) -> None:
        """The trainee and the officer are told that they are needed, and all are asked when they can."""
        at_team = self.at_review(TEAM)
        at_team.follow("Set up the support meeting")
        at_team.arrives_at("Set up the triage meeting")
        at_team.pick("Yes" if university else "No")
        at_team.press("Look at the emails")
        at_team.sees("This email goes to Sam Scientist")
        assert self.post() == []
        at_team.press("Tell them that they are needed")
        at_team.arrives_at("Ask when they can meet")
        assert self.post() == both("support_meeting_required")
        for when in ("Monday 24 May 2027", "Tuesday 25 May 2027"):
            at_team.page.get_by_role("group", name=when).get_by_label("10am", exact=True).check(force=True)
        at_team.press("Ask them")
        at_team.arrives_at("Triage meeting")

    def answer(self, *addresses: str) -> None:
        """Each says yes to all, by the link of their letter."""
        for address in addresses:
            reader = self.by_letter(address, "/polls/")
            reader.arrives_at("When can you meet?")
            for yes in reader.page.get_by_label("Yes", exact=True).all():
                yes.check()
            reader.press("Send my answers")
            reader.sees("You answered on")

    def fix(self, *attendees: str) -> Meeting:
        """The organiser fixes the first of the times. Everybody is invited, and gets the link once it is made."""
        at_team = self.by_letter(TEAM)
        at_team.arrives_at("Support meeting: Sam Scientist")
        at_team.page.get_by_role("button", name="Fix this time").first.click()
        eventually(lambda: Meeting.select().where(Meeting.poll == newest(Poll)).exists())
        assert self.post() == [
            (kind, one) for kind in ("meeting_booked", "meeting_linked") for one in sorted([*attendees, TEAM])
        ]
        meeting: Meeting = newest(Meeting)
        assert meeting.link_state == LinkState.READY
        for address in (*attendees, TEAM):
            booked, linked = (calendar_of(one) for one in self.mailbox.to(address)[-2:])
            assert (booked["uid"], booked["sequence"], booked["method"]) == (meeting.uid, "0", "REQUEST")
            assert (linked["uid"], linked["sequence"], linked["method"]) == (meeting.uid, "1", "REQUEST")
            assert (booked["url"], linked["url"]) == ("", meeting.join_url)
            assert booked["starts"] == linked["starts"] == meeting.begins_at.isoformat()
            assert meeting.join_url in self.mailbox.to(address)[-1].text
            assert addresses(self.mailbox.to(address)[-1], "Reply-To") == [TEAM]
        return meeting

    def hold(self, meeting: Meeting, kind: str) -> Reader:
        """The chair says that it was held."""
        clock.set_to(meeting.ends_at + timedelta(minutes=5))
        at_chair = self.at_meeting(CHAIR, kind)
        at_chair.press("It was held")
        at_chair.sees("Held on")
        assert self.post() == []
        return at_chair

    def subjects(self, address: str) -> list[str]:
        return [one.subject for one in self.mailbox.to(address)]


@pytest.fixture
def school(site: Site, sit: Sit, mailbox: Mailbox, request: pytest.FixtureRequest) -> Iterator[School]:
    """No email of a life carries a word of a record, or one that would hurt; and each is one that is expected."""
    made = School(site, sit, mailbox, getattr(request, "param", {}))
    yield made
    told = " ".join(one.raw.decode() + one.text + one.subject for one in mailbox.received)
    assert not [words for words in SECRETS if words in told]
    assert not [words for words in ("failed", "no-show", "problem") if words in told.lower()]
    assert made.post() == [], "there is nothing more"
    assert Notice.select().where(Notice.state == "failed").count() == 0


def kind_of(message: Received) -> str:
    return str(Notice.get(Notice.public_id == message.message["X-Signpost-Notice"]).kind)


def newest(table: type) -> object:
    return table.select().order_by(table.id.desc()).get()


def on(reader: Reader, day: date) -> None:
    """Fill in the only date of a page."""
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        reader.fill(part, str(value))


def both(kind: str) -> Post:
    return [(kind, OFFICER), (kind, TRAINEE)]


def each(kind: str, *addresses: str) -> Post:
    return [(kind, one) for one in sorted(addresses)]


@pytest.mark.parametrize("school", [{"keyboard": True}], indirect=True, ids=["by keyboard alone"])
def test_outcome_2_a_call_that_is_not_wanted(school: School) -> None:
    school.record("2")
    school.decide(TEAM, "Offer a support call")
    at_team = school.at_review(TEAM)
    at_team.follow("Offer the support call")
    at_team.arrives_at("Offer the support call")
    at_team.sees("This email goes to Olly Officer")
    at_team.press("Offer the call")
    at_team.sees("Nobody has answered yet")
    assert school.post() == both("call_offered")

    at_officer = school.by_letter(OFFICER)
    at_officer.arrives_at("Review of progression")
    at_officer.sees(ISSUE)
    at_officer.press("It would not help")
    at_officer.sees("is not wanted. Nothing else follows")
    at_trainee = school.by_letter(TRAINEE)
    at_trainee.arrives_at("Your review of progression")
    at_trainee.sees("is not wanted. Nothing else follows")
    at_team.open("/progression")
    at_team.sees("A support call was offered, and is not wanted")
    for days in (1, 30, 300):
        run_due(school.site, MONDAY + timedelta(days=days, hours=2))
        assert school.post() == [], "nothing else follows from it"
    assert len(school.mailbox.received) == 2


@pytest.mark.parametrize("school", [{"scripts": False}], indirect=True, ids=["without JavaScript"])
def test_outcome_3_triage_and_no_further_action(school: School) -> None:
    school.record("3")
    school.decide(TEAM, "A triage meeting")
    school.ask_for_triage()
    assert school.post() == each("availability_asked", CHAIR, OFFICER, TRAINEE)

    # The officer has not answered after three working days, and is asked once more; nobody else is.
    school.answer(TRAINEE, CHAIR)
    run_due(school.site, MONDAY + timedelta(days=3, hours=2))
    assert school.post() == [("availability_chaser", OFFICER)]
    school.answer(OFFICER)
    assert school.post() == [("all_answered", TEAM)]
    meeting = school.fix(CHAIR, OFFICER, TRAINEE)

    # Nothing is prepared: each is reminded on its days, and of the training plan once it is late; the day before, of the meeting.
    wanted = {
        date(2027, 5, 13): both("preparation"),
        date(2027, 5, 14): both("preparation"),
        date(2027, 5, 18): both("plan_overdue"),
        date(2027, 5, 21): each("meeting_tomorrow", CHAIR, OFFICER, TEAM, TRAINEE),
    }
    for days in range(3, 14):
        at = MONDAY + timedelta(days=days, hours=2)
        run_due(school.site, at)
        assert school.post() == wanted.get(at.date(), []), at

    at_chair = school.hold(meeting, "Triage meeting")
    school.at(TEAM).open("/progression")
    school.at(TEAM).sees("14 until they met")
    school.at(TEAM).sees("Held, and what it came to is not recorded")
    at_chair.follow("Record what it came to")
    at_chair.arrives_at("What the meeting came to")
    at_chair.tick("No further action")
    at_chair.press("Keep what it came to")
    at_chair.arrives_at("Triage meeting")
    at_chair.sees("No further action")
    assert school.post() == both("support_outcome")

    for address, heading in ((TRAINEE, "Your review of progression"), (OFFICER, "Review of progression")):
        reader = school.by_letter(address)
        reader.arrives_at("Triage meeting")
        reader.sees("No further action")
        reader.follow("Back to the review")
        reader.arrives_at(heading)
        reader.does_not_see("Action plan")
    for days in (1, 30, 300):
        run_due(school.site, meeting.ends_at + timedelta(days=days))
        assert school.post() == []
    assert Review.select().count() == 1


def test_outcome_3_to_a_plan_that_is_missed_a_further_review_and_the_panel(school: School, tmp_path: Path) -> None:
    # The director of the programme decides; the issue is academic, so the university is invited, and never waited for.
    school.record("3", is_academic=True)
    school.decide(CHAIR, "A triage meeting")
    school.ask_for_triage(university=True)
    triage = [CHAIR, OFFICER, TRAINEE, UNIVERSITY]
    assert school.post() == each("availability_asked", *triage)
    school.answer(TRAINEE, OFFICER, CHAIR)
    assert school.post() == [("all_answered", TEAM)]
    meeting = school.fix(*triage)
    at_chair = school.hold(meeting, "Triage meeting")

    # Triage leads to a full meeting, and everybody is asked at once.
    at_chair.follow("Record what it came to")
    at_chair.tick("A full support meeting")
    at_chair.choose("Who takes the minutes of the full meeting?", "Mina Minutes")
    at_chair.press("Keep what it came to")
    at_chair.arrives_at("Triage meeting")
    full = [*triage, TAKER]
    assert school.post() == sorted(
        each("availability_asked", *full) + both("support_meeting_required") + both("support_outcome")
    )
    school.answer(TRAINEE, OFFICER, CHAIR, UNIVERSITY, TAKER)
    assert school.post() == [("all_answered", TEAM)]
    meeting = school.fix(*full)

    prepare(school, meeting, tmp_path)
    take_minutes(school, meeting)
    draft_and_agree(school)
    miss(school)
    refer_to_panel(school)


def prepare(school: School, meeting: Meeting, tmp_path: Path) -> None:
    """The trainee and the officer prepare, and hear no more; the papers reach those who are there."""
    day = clock.to_london(meeting.begins_at).date()
    run_due(school.site, nine(working_days.before(day, 7)))
    assert school.post() == both("preparation")
    at_trainee = school.by_letter(TRAINEE)
    at_trainee.arrives_at("Prepare for the support meeting")
    at_trainee.follow("Add the training plan")
    at_trainee.pick("Training plan")
    choose_file(at_trainee, tmp_path / "plan.pdf", made.pdf())
    at_trainee.press("Add this paper")
    at_trainee.arrives_at("Prepare for the support meeting")
    at_trainee.follow("We have met")
    at_trainee.fill("Actions or solutions you want to have confirmed in the meeting", WANTED)
    at_trainee.press("We have met")
    at_trainee.arrives_at("Prepare for the support meeting")
    at_trainee.follow("Go to the table")
    at_trainee.follow("Add rows from a spreadsheet")
    at_trainee.fill("Rows from your spreadsheet", "Item\tStatus\tEvidence\tPlan\nVariants\tNot yet\t\tBy June\n")
    at_trainee.press("Look at these rows")
    at_trainee.press("Keep these rows")
    at_trainee.arrives_at("Gap analysis")
    at_trainee.follow("Back to the meeting")
    at_officer = school.by_letter(OFFICER)
    at_officer.arrives_at("Prepare for the support meeting")
    at_officer.sees(WANTED)
    for reader in (at_trainee, at_officer):
        reader.press("I have a private place")
        reader.follow("Say what suits you")
        reader.press("Keep this")
        reader.arrives_at("Prepare for the support meeting")
        reader.does_not_see("to do")
    for days in (6, 4):
        run_due(school.site, nine(working_days.before(day, days)))
        assert school.post() == [], "all is done"

    at_team = school.at_meeting(TEAM, "Full support meeting")
    at_team.follow("What is prepared, the papers and the minutes")
    at_team.follow("Share papers")
    at_team.arrives_at("Share papers")
    for box in at_team.page.get_by_label("plan.pdf").all():
        box.check()
    at_team.press("Share these papers")
    at_team.arrives_at("Preparation and papers")
    assert school.post() == each("papers_ready", CHAIR, OFFICER, TAKER, TRAINEE, UNIVERSITY)
    for address in (UNIVERSITY, CHAIR):
        reader = school.by_letter(address)
        with reader.page.expect_download() as waiting:
            reader.page.get_by_role("link", name="plan.pdf", exact=True).click()
        assert waiting.value.path().read_bytes() == made.pdf()
    school.at(UNIVERSITY).does_not_see(WANTED)
    run_due(school.site, nine(working_days.before(day, 1)))
    assert school.post() == each("meeting_tomorrow", CHAIR, OFFICER, TAKER, TEAM, TRAINEE, UNIVERSITY)


def take_minutes(school: School, meeting: Meeting) -> None:
    """Written while they meet, agreed by the chair, and read each by whom they are for."""
    clock.set_to(meeting.begins_at + timedelta(minutes=20))
    at_taker = school.at_meeting(TAKER, "Full support meeting")
    at_taker.follow("What is prepared, the papers and the minutes")
    at_taker.follow("The minutes of this meeting")
    at_taker.arrives_at("Minutes")
    for part, words in (("together", JOINT), ("trainee_alone", ALONE)):
        at_taker.page.locator(f"#words-{part}").press_sequentially(words)
        at_taker.page.locator(f"#{part}").get_by_text("Saved at").wait_for()
        eventually(lambda words=words: words in [one.words for one in Minutes.select()], "They were saved in part")
    school.hold(meeting, "Full support meeting")
    at_chair = school.at_start(CHAIR)
    at_chair.follow("Minutes of the meeting with Sam Scientist to agree")
    at_chair.arrives_at("Minutes")
    for _ in (JOINT, ALONE):
        at_chair.page.get_by_role("button", name="Agree these minutes").first.click()
        at_chair.page.get_by_role("button", name="Agree these minutes").nth(1).wait_for(state="detached")
    at_chair.sees("Agreed by Dana Director")
    assert school.post() == []
    at_chair = school.at_start(CHAIR)
    at_chair.follow("What did the meeting with Sam Scientist come to?")
    at_chair.arrives_at("What the meeting came to")
    at_chair.tick("An action plan, and a further meeting")
    at_chair.tick("A supportive policy of the employer")
    at_chair.fill("Which policy of the employer?", "Leave")
    at_chair.press("Keep what it came to")
    at_chair.arrives_at("Full support meeting")
    assert school.post() == both("support_outcome")
    for address, reads in ((TRAINEE, True), (OFFICER, False)):
        reader = school.by_letter(address)
        reader.arrives_at("Full support meeting")
        reader.follow("What was prepared, the papers and the minutes")
        reader.follow("The minutes of this meeting")
        reader.sees(JOINT)
        assert (ALONE in reader.text) == reads


def draft_and_agree(school: School) -> None:
    """The trainee drafts the plan by their link; the chair agrees to it."""
    due_on = clock.today() + timedelta(days=30)
    at_trainee = school.by_letter(TRAINEE)
    at_trainee.follow("Go to the action plan")
    at_trainee.arrives_at("Your action plan")
    at_trainee.fill("What will you do?", OBJECTIVE)
    on(at_trainee, due_on)
    at_trainee.press("Add it")
    at_trainee.page.get_by_role("heading", name=OBJECTIVE).wait_for()
    at_chair = school.at_review(CHAIR)
    at_chair.follow("Go to the action plan")
    at_chair.follow("Agree to the plan")
    at_chair.arrives_at("Agree to the plan")
    on(at_chair, due_on + timedelta(days=3))
    at_chair.press("Agree to it")
    at_chair.sees("Agreed by Dana Director")
    assert school.post() == both("plan_agreed")


def miss(school: School) -> None:
    """It is missed: reminded of before and twice after, listed, and nothing else, until a person opens a further review."""
    due_on = clock.today() + timedelta(days=30)
    reminded = [("objective_reminder", TRAINEE), ("objective_reminder_officer", OFFICER)]
    wanted = {-7: reminded, 1: reminded, 3: each("plan_review_due", TAKER, TEAM), 8: reminded}
    for days in range(-9, 30):
        run_due(school.site, nine(due_on + timedelta(days=days)))
        assert school.post() == wanted.get(days, []), days
        assert ReviewNeeded.select().exists() == (days > 0)
        if days == 1:
            at_trainee = school.by_letter(TRAINEE)
            at_trainee.arrives_at("Your action plan")
            at_trainee.sees(f"It was due on {due_on.day} ")
            at_trainee.follow("Evidence and comments")
            at_trainee.fill("Your comment", COMMENT)
            at_trainee.press("Add the comment")
            at_trainee.sees("Sam Scientist")
    assert Review.select().count() == 1
    assert not ProgressionReport.select().exists()
    at_team = school.at(TEAM)
    at_team.open("/progression")
    at_team.sees("Further reviews listed as needed")
    at_team = school.at_review(TEAM)
    at_team.follow("Open a further review")
    at_team.arrives_at("Open a further review")
    at_team.pick("Outcome 3")
    on(at_team, clock.today())
    at_team.press("Open the further review")
    at_team.arrives_at("Issues of the review")
    assert Review.select().count() == 2
    assert school.post() == []


def refer_to_panel(school: School) -> None:
    """Two people decide, and the trainee is told first."""
    first = Review.get(Review.earlier.is_null())
    at_team = school.at(TEAM)
    at_team.open(f"/progression/reviews/{first.public_id}")
    at_team.follow("Ask to report this to a panel or team")
    at_team.arrives_at("Ask to report this")
    at_team.pick("The Training Management Panel")
    at_team.fill("Name of the person there", "Pia Panel")
    at_team.fill("Email address of the person there", PANEL)
    at_team.fill("Why is this reported?", REASON)
    at_team.fill("What are they told?", WORDS)
    at_team.press("Look at what they would read")
    at_team.sees("What Pia Panel would read")
    at_team.press("Ask a second person")
    at_team.arrives_at("A report beyond the School")
    at_team.sees("somebody else of the School decides")
    assert school.post() == []

    at_chair = school.at_start(CHAIR)
    at_chair.follow("A report about Sam Scientist waits for a second person")
    at_chair.sees("This email goes to Sam Scientist")
    at_chair.press("Agree, and tell the trainee")
    at_chair.sees("Agreed by Dana Director")
    assert school.post() == [("report_told", TRAINEE)]
    at_trainee = school.by_letter(TRAINEE)
    at_trainee.sees(WORDS)
    at_trainee.sees("They have not been sent yet")
    at_team.page.reload()
    at_team.press("Send it")
    at_team.sees("Sent on")
    assert school.post() == [("progression_report", PANEL)]
    at_panel = school.by_letter(PANEL)
    at_panel.arrives_at("From the progression team")
    at_panel.sees(WORDS)
    at_panel.does_not_see(REASON)


def nine(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=9, minutes=30)
