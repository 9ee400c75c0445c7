"""Reviews of progression at every step, made by the actions of the site: calls, meetings, and what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models import (
    AskedOf,
    FollowUpKind,
    Import,
    LinkPurpose,
    Mode,
    Notice,
    Part,
    Present,
    Review,
    ReviewOutcome,
    ReviewPerson,
    Severity,
    SupportDecision,
    SupportKind,
    SupportMeeting,
)
from signpost import clock
from signpost.accounts import links
from signpost.imports import actions as imports
from signpost.meetings import polls
from signpost.progression import calls, follow_ups, queries, reviews, support_meetings
from signpost.progression.review_rows import KIND
from signpost.progression.stand_in import Named
from signpost.progression.support_meetings import Setup
from tests.matrix import followed, table

if TYPE_CHECKING:
    from tests.matrix.world import Builder

PARTS = (
    (Present.TOGETHER, 20), (Present.TRAINEE_ALONE, 20), (Present.OFFICER_ALONE, 20), (Present.TOGETHER, 20),
)  # fmt: skip
# What the School decided about each, where it did, and after which outcome.
DECIDED = {
    "undecided": None, "to offer": SupportDecision.CALL, "called": SupportDecision.CALL, "call booked": SupportDecision.CALL,
    "to set up": SupportDecision.TRIAGE, "left": SupportDecision.NONE, "asking": SupportDecision.FULL, "met": SupportDecision.TRIAGE,
    "drafted": SupportDecision.TRIAGE, "agreed": SupportDecision.TRIAGE,
}  # fmt: skip


class Reviewer:
    """Takes every step, each on its day, and notes what stands in addresses."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.words, self.people = builder, builder.words, builder.world.people
        self.ids, self.team = builder.world.ids, builder.world.people["progression"]
        self.made: dict[str, Review] = {}

    def review(self) -> None:
        self.ids |= {kind: {} for kind in (*table.REVIEWED, "review_link")}
        for number, name in enumerate(table.REVIEWS):
            with clock.at(clock.now() - timedelta(days=25)):
                self.a_review(name, number)
        self.call()
        self.meet()
        self.follow()
        followed.Follower(self).follow()
        self.leave()
        self.bring()
        self.builder.deliver(0)
        self.link()

    def a_review(self, name: str, number: int) -> None:
        held, decision = table.REVIEWS[name], DECIDED[name]
        trainee, officer = self.people[held["trainee"][0]], self.people[table.OFFICER_AT_FIRST[name]]
        university = self.people["university"]
        details = reviews.Details(
            Named(trainee.name, trainee.email), self.words.new((name, "programme")), None,
            self.people[held["director"][0]],
        )  # fmt: skip
        assert details.director is not None
        made = self.made[name] = reviews.record_review(
            details, ReviewOutcome.TWO if decision == SupportDecision.CALL else ReviewOutcome.THREE,
            clock.today() - timedelta(days=number), Named(officer.name, officer.email),
            Named(university.name, university.email),
            [reviews.Issue(Severity.MAJOR, True, self.words.new((name, "found")))], self.team,
        )  # fmt: skip
        if decision == SupportDecision.NONE:
            why = self.words.new((name, "why changed"))
            reviews.change_outcome(made, ReviewOutcome.ONE, made.outcome_on, why, self.team, made.version)
        if decision is not None:
            reviews.decide(made, decision, self.team, made.version)
        self.words.plant(made.public_id, (name, "review"))
        self.ids["review"][name] = made.public_id
        if name in table.CALLED:
            self.ids["called_review"][name] = made.public_id
        self.builder.world.parts[name] = {"issue_of_review": queries.issues_of(made)[0].public_id}
        self.known(name, trainee.email, "trainee")
        self.known(name, officer.email, "officer")
        self.known(name, university.email, "university")
        self.known(name, details.director.email, "director")

    def known(self, name: str, email: str, called: str) -> None:
        person = next(one for one, user in self.people.items() if user.email == email)
        for own, what in (("own name", "name"), ("own address", "address")):
            for word in self.words.at([(person, own)]):
                self.words.stands_also_in(word, (name, f"{called}'s {what}"))
                if name in table.SUPPORT_OF:
                    self.words.stands_also_in(word, (table.SUPPORT_OF[name], "who is there"))

    def call(self) -> None:
        """One that was offered; one whose time was agreed and is over."""
        calls.offer(self.made["called"], self.team)
        with clock.at(clock.now() - timedelta(days=5)):
            booked = calls.offer(self.made["call booked"], self.team)
            calls.book(booked, clock.now() + timedelta(days=2), 30, self.team)

    def meet(self) -> None:
        """One whose date is looked for, in person, with the university; one whose day is over."""
        place, why = self.words.new(("asked support", "where")), self.words.new(("asked support", "reasons"))
        full = Setup(
            kind=SupportKind.FULL, chair=self.people["tpd"], minute_taker=self.people["second progression"], parts=PARTS,
            mode=Mode.FACE_TO_FACE, mode_reason=why, place=place, invites_university=True, university_reason=why,
        )  # fmt: skip
        for one in (full.chair, full.minute_taker):
            self.known("asking", one.email, "director")
        asked = support_meetings.require(self.made["asking"], full, self.team)
        self.note_support("asked support", asked)
        soon = clock.parse("2026-11-26T14:00")
        support_meetings.ask(asked, [soon], clock.today(), self.team, why)
        with clock.at(clock.now() - timedelta(days=20)):
            triage = Setup(kind=SupportKind.TRIAGE, chair=self.people["chair"], minutes=45)
            past = support_meetings.require(self.made["met"], triage, self.team)
            times = [clock.now() + timedelta(days=15, hours=1)]
            poll = support_meetings.ask(past, times, clock.today() + timedelta(days=5), self.team)
            polls.fix(poll, poll.times[0], self.team, poll.version)
        self.note_support("past support", past)
        not_asked = support_meetings.require(self.made["undecided"], triage, self.team, follows=past)
        self.note_support("support without a date", not_asked)

    def note_support(self, name: str, support: SupportMeeting) -> None:
        self.words.plant(support.public_id, (name, "support meeting"))
        self.ids["support"][name] = support.public_id

    def follow(self) -> None:
        """What follows a review, and a body that is asked to act."""
        asked = follow_ups.Asked(
            AskedOf.DEPARTMENT,
            Named(
                self.words.new(("called", "who is asked")).capitalize(), self.builder.address("called", "asked address")
            ),
        )
        words = self.words.new(("called", "what follows"))
        made = follow_ups.add(self.made["called"], FollowUpKind.ACTION_ASKED, words, asked, self.team)
        self.ids["follow_up"]["a follow-up"] = made.public_id

    def leave(self) -> None:
        """The training officer of one review has left; the next one has no account."""
        name, address = self.words.new(("left", "officer's name")), self.builder.address("left", "officer's address")
        reviews.name_officer(self.made["left"], Named(name.capitalize(), address), self.team)
        for word in self.words.at([(table.OFFICER_AT_FIRST["left"], what) for what in ("own name", "own address")]):
            self.words.places[word] -= {("left", "officer's name"), ("left", "officer's address")}
        reviews.send_link(self.made["to set up"], "trainee", self.team)

    def bring(self) -> None:
        """A file of reviews that was read, and waits for the one who brought it."""
        row = f"{self.words.new(('an import of reviews', 'name in a file'))},in.a.list@elsewhere.example,Genetics,3,1/10/2026\n"
        content = f"Name,Email,Programme,Outcome,Date of outcome\n{row}".encode()
        called = f"{self.words.new(('an import of reviews', 'name of the file'))}.csv"
        made = imports.bring(KIND, called, content, self.team)
        imports.go_on({KIND.name: KIND})
        self.ids["review_import"]["an import of reviews"] = Import.get_by_id(made.id).public_id

    def link(self) -> None:
        """Every link that was written into a letter is watched for; one of each kind is tried."""
        for notice in Notice.select():
            for line in notice.text.splitlines():
                if "/progression/links/" in line:
                    token = line.partition("/progression/links/")[2].partition("/")[0].strip()
                    found = links.find(token)
                    whose = "called" if found and found.follow_up_id else "left"
                    self.words.plant(token, (whose, "review token"))
                    if found and found.follow_up_id:
                        self.ids["review_link"]["link of an action"] = token
        for name, (record, part, days_ago) in table.LINKS_OF_REVIEWS.items():
            with clock.at(clock.now() - timedelta(days=days_ago)):
                self.ids["review_link"][name] = self.token(self.made[record], part)
            self.words.plant(self.ids["review_link"][name], (record, "review token"))

    def token(self, review: Review, part: str) -> str:
        if part == "trainee":
            return links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
        has_part = (ReviewPerson.review == review) & (ReviewPerson.part == Part(part)) & ReviewPerson.left_at.is_null()
        person = ReviewPerson.get(has_part)
        return links.make(LinkPurpose.REVIEW_PERSON, person.name, person.email, review_person=person)
