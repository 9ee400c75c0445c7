"""What the pages of progression support show: a review at each step, for everybody whom it concerns."""

from datetime import timedelta
from typing import Any

from models import (
    AskedOf,
    FollowUpKind,
    LinkPurpose,
    Mode,
    PollPerson,
    Present,
    Reply,
    Review,
    ReviewOutcome,
    Role,
    Severity,
    SupportDecision,
    SupportKind,
    User,
)
from signpost import clock, working_days
from signpost.accounts import links
from signpost.imports import actions as imports
from signpost.meetings import polls
from signpost.progression import calls, follow_ups, queries, reviews, support_meetings
from signpost.progression.review_rows import KIND
from signpost.progression.stand_in import Named
from signpost.progression.support_meetings import Setup
from tests import factories

PARTS = (
    (Present.TOGETHER, 30), (Present.TRAINEE_ALONE, 30), (Present.OFFICER_ALONE, 30), (Present.TOGETHER, 30),
)  # fmt: skip


class Reviewer:
    """Makes the reviews, and notes what the addresses of views name."""

    def __init__(self, cast: dict[str, User], named: dict[str, str], trust: Any, long_name: str, request: str) -> None:
        self.cast, self.named, self.trust, self.long_name, self.request = cast, named, trust, long_name, request
        self.team = cast["progression"]

    def review(self) -> None:
        cast = self.cast
        cast["officer"] = factories.a_user(Role.TRAINING_OFFICER, name=f"Olly {self.long_name}")
        cast["scientist"] = factories.a_user(Role.TRAINEE, name=f"Sam {self.long_name}")
        cast["director"] = factories.a_user(Role.MEETING_CHAIR, name=f"Dana {self.long_name}")
        cast["university"] = factories.a_user(Role.UNIVERSITY, name="Uma University")
        cast["minute_taker"] = factories.a_user(Role.PROGRESSION, name=f"Mina {self.long_name}")
        with clock.at(clock.now() - timedelta(days=30)):
            self.undecided()
            self.held()
            self.closed()
        for name, decision in (("call_to_offer", SupportDecision.CALL), ("to_set_up", SupportDecision.TRIAGE)):
            self.decided(name, decision)
        self.decided("full_to_set_up", SupportDecision.FULL)
        self.called()
        self.asked()
        self.fixed()
        self.bring()

    def bring(self) -> None:
        """A file with one row to mend."""
        rows = (f'"{self.long_name}",s@x.example,Genetics,3,1/1/2026', "Sam,nobody,Genetics,4,tomorrow")
        content = "\n".join(("Name,Email,Programme,Outcome,Date of outcome", *rows, ""))
        made = imports.bring(KIND, "reviews.csv", content.encode(), self.team)
        imports.go_on({KIND.name: KIND})
        self.named["review_import"] = made.public_id

    def a_review(self, name: str, outcome: ReviewOutcome, academic: bool = True, own: bool = False) -> Review:
        """With every part filled; of the trainee, and the officer, who can sign in, where `own`."""
        cast = self.cast
        issues = [
            reviews.Issue(Severity.MAJOR, academic, self.request),
            reviews.Issue(Severity.MINOR, False, f"https://example.org/{'x' * 90}"),
        ]
        trainee = cast["scientist"] if own else Named(self.long_name, f"{name}@trainees.example")
        officer = cast["officer"] if own else Named(self.long_name, f"{name}@trust.example")
        made = factories.a_review(
            self.team, trainee, officer, outcome=outcome, director=cast["director"], university=cast["university"],
            employer=self.trust, issues=issues, outcome_on=clock.today() - timedelta(days=len(self.named) % 40),
        )  # fmt: skip
        self.named[f"review_{name}"] = made.public_id
        return made

    def decided(self, name: str, decision: SupportDecision, **more: Any) -> Review:
        outcome = ReviewOutcome.TWO if decision == SupportDecision.CALL else ReviewOutcome.THREE
        made = self.a_review(name, outcome, **more)
        reviews.decide(made, decision, self.team, made.version)
        return made

    def undecided(self) -> None:
        made = self.a_review("undecided", ReviewOutcome.THREE)
        self.named["issue"] = queries.issues_of(made)[0].public_id
        officer = queries.officer_of(made)
        assert officer is not None
        self.named["review_old_link"] = links.make(
            LinkPurpose.REVIEW_PERSON, officer.name, officer.email, review_person=officer
        )

    def called(self) -> None:
        """A call that was offered, one that is wanted, and one that is not."""
        offered = self.decided("call_offered", SupportDecision.CALL, own=True)
        calls.offer(offered, self.team)
        wanted = self.decided("call_wanted", SupportDecision.CALL)
        calls.want(calls.offer(wanted, self.team), self.link(wanted, "review_link"))
        declined = self.decided("call_declined", SupportDecision.CALL)
        calls.decline(calls.offer(declined, self.team), self.team)
        booked = self.decided("call_booked", SupportDecision.CALL)
        calls.book(calls.offer(booked, self.team), self.times(3)[0] + timedelta(hours=6), 30, self.team)

    def link(self, review: Review, name: str) -> Any:
        token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
        self.named[name] = token
        return links.find(token)

    def times(self, days: int, count: int = 1) -> list[Any]:
        first = working_days.after(clock.today(), days)
        return [clock.start_of(working_days.after(first, number)) + timedelta(hours=11) for number in range(count)]

    def asked(self) -> None:
        """A full meeting in person; the date is looked for, and only the officer has answered, who cannot."""
        made = self.decided("asked", SupportDecision.FULL)
        full = Setup(
            kind=SupportKind.FULL, chair=self.cast["director"], minute_taker=self.cast["minute_taker"], parts=PARTS,
            mode=Mode.FACE_TO_FACE, mode_reason=self.request[:200], place=self.long_name, invites_university=True,
            university_reason=self.request[:200],
        )  # fmt: skip
        support = support_meetings.require(made, full, self.team)
        self.named["support_asked"] = support.public_id
        reply_by = clock.today() + timedelta(days=7)
        poll = support_meetings.ask(support, self.times(3, 3), reply_by, self.team, self.request[:200])
        row = PollPerson.get((PollPerson.poll == poll) & (PollPerson.email == "asked@trust.example"))
        polls.answer(row, {one.public_id: Reply.NO for one in poll.times}, self.long_name, self.team)
        person = queries.university_of(made)
        assert person is not None
        self.named["university_link"] = links.make(
            LinkPurpose.REVIEW_PERSON, person.name, person.email, review_person=person
        )

    def fixed(self) -> None:
        made = self.decided("fixed", SupportDecision.TRIAGE)
        self.link(made, "fixed_link")
        triage = Setup(kind=SupportKind.TRIAGE, chair=self.cast["director"], minutes=45)
        support = support_meetings.require(made, triage, self.team)
        self.named["support_fixed"] = support.public_id
        poll = support_meetings.ask(support, self.times(9), clock.today() + timedelta(days=7), self.team)
        polls.fix(poll, poll.times[0], self.team, poll.version)
        without = self.decided("not_asked", SupportDecision.TRIAGE)
        self.named["support_not_asked"] = support_meetings.require(without, triage, self.team).public_id

    def held(self) -> None:
        """One whose day is over: was it held?"""
        made = self.decided("past", SupportDecision.TRIAGE, own=True)
        triage = Setup(kind=SupportKind.TRIAGE, chair=self.cast["director"], minutes=45)
        support = support_meetings.require(made, triage, self.team)
        self.named["support_past"] = support.public_id
        poll = support_meetings.ask(support, self.times(6), clock.today() + timedelta(days=3), self.team)
        polls.fix(poll, poll.times[0], self.team, poll.version)

    def closed(self) -> None:
        """Everything that can follow, an outcome that was changed, and closed."""
        made = self.a_review("closed", ReviewOutcome.THREE)
        for kind in (FollowUpKind.TRAINING_PLAN, FollowUpKind.EMPLOYER_POLICIES):
            follow_ups.add(made, kind, self.request, None, self.team)
        person = Named(self.long_name, "department@trust.example")
        asked = follow_ups.add(
            made, FollowUpKind.ACTION_ASKED, self.request, follow_ups.Asked(AskedOf.DEPARTMENT, person), self.team
        )
        follow_ups.done(asked, self.team)
        with clock.at(clock.now() + timedelta(days=30)):
            self.named["asked_link"] = links.make(LinkPurpose.ACTION_ASKED, person.name, person.email, follow_up=asked)
        reviews.change_outcome(made, ReviewOutcome.TWO, made.outcome_on, self.request, self.team, made.version)
        reviews.close(made, self.team, made.version)
