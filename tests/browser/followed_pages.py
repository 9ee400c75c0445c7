"""What the pages show of what comes after a support meeting: outcomes, a plan at each step, a further review, reports."""

from datetime import timedelta
from typing import Any

from models import (
    AskedOf,
    LedTo,
    LinkPurpose,
    ObjectiveState,
    Plan,
    ReportedTo,
    Review,
    ReviewNeeded,
    SupportDecision,
    SupportMeeting,
)
from signpost import clock
from signpost.accounts import links
from signpost.plans import actions as plans
from signpost.progression import action_plans, further, outcomes, queries, support_meetings
from signpost.progression.follow_ups import Asked
from signpost.progression.outcomes import Chosen
from signpost.progression.stand_in import Named
from tests import factories
from tests.browser.reviewed_pages import Reviewer

PLAN = Chosen(LedTo.ACTION_PLAN)


class Follower:
    """Makes meetings that were held and what came of each, forty days ago where time has to pass."""

    def __init__(self, reviewer: Reviewer) -> None:
        self.reviewer, self.named, self.cast = reviewer, reviewer.named, reviewer.cast
        self.team, self.long = reviewer.team, reviewer.request

    def follow(self) -> None:
        self.met("no_outcome")
        self.desk_and_full()
        self.changed()
        with clock.at(clock.now() - timedelta(days=40)):
            self.planned("drafted")
            self.planned("needed")
            self.planned("settled")
        with clock.at(clock.now() - timedelta(days=100)):
            self.planned("agreed", own=True)
        self.agree()
        self.report()

    def met(self, name: str, is_full: bool = False, **more: Any) -> SupportMeeting:
        decision = SupportDecision.FULL if is_full else SupportDecision.TRIAGE
        review = self.reviewer.decided(name, decision, **more)
        number = len(self.named)
        begins = clock.start_of(clock.today() - timedelta(days=1 + number % 9)) + timedelta(hours=8 + number % 7)
        taker = self.cast["minute_taker"] if is_full else None
        support = factories.a_support_meeting(review, self.cast["director"], self.team, begins, taker)
        support_meetings.held(support, self.team)
        self.named[f"support_{name}"] = support.public_id
        return SupportMeeting.get_by_id(support.id)

    def desk_and_full(self) -> None:
        """Everything that a full meeting can lead to."""
        person = Named(self.reviewer.long_name, "service@school.example")
        look_on = clock.today() + timedelta(days=3)
        chosen = [
            Chosen(LedTo.DESKTOP_REVIEW, look_on=look_on), PLAN,
            Chosen(LedTo.SCHOOL_SERVICES, self.long, asked=Asked(AskedOf.SCHOOL_SERVICE, person)),
            Chosen(LedTo.SCHOOL_POLICIES, self.long), Chosen(LedTo.EMPLOYER_POLICIES, self.long),
        ]  # fmt: skip
        outcomes.decide(self.met("came_to", is_full=True), chosen, self.team)

    def changed(self) -> None:
        support = self.met("changed")
        outcomes.decide(support, [Chosen(LedTo.FULL_MEETING)], self.team, self.cast["minute_taker"])
        outcomes.change_to(support, [Chosen(LedTo.NO_FURTHER_ACTION)], self.long, self.team)

    def planned(self, name: str, **more: Any) -> None:
        support = self.met(f"plan_{name}", **more)
        outcomes.decide(support, [PLAN], self.team)
        plan = Plan.get(Plan.review == support.review)
        for words, days in ((self.long[:400], 20), (f"https://example.org/{'x' * 90}", 90)):
            made = action_plans.add(plan, words, clock.today() + timedelta(days=days), self.team)
        self.named[f"objective_{name}"] = made.public_id

    def plan_of(self, name: str) -> Plan:
        plan: Plan = Plan.get(Plan.review == Review.get(Review.public_id == self.named[f"review_plan_{name}"]))
        return plan

    def agree(self) -> None:
        """One with objectives met and in part, to look at; two of which one was not met, of which one was settled."""
        for name in ("agreed", "needed", "settled"):
            with clock.at(clock.now() - timedelta(days=30)):
                action_plans.agree(self.plan_of(name), clock.today() + timedelta(days=28), self.team)
        agreed = self.plan_of("agreed")
        first, second = agreed.objectives
        action_plans.say(first, ObjectiveState.MET, self.cast["scientist"])
        action_plans.say(second, ObjectiveState.PARTLY, self.cast["scientist"])
        plans.comment(second, self.long[:400], self.cast["officer"])
        officer = queries.officer_of(self.plan_of("needed").review)
        assert officer is not None
        self.named["plan_link"] = links.make(
            LinkPurpose.REVIEW_PERSON, officer.name, officer.email, review_person=officer
        )
        drafted = self.plan_of("drafted").review
        self.reviewer.link(drafted, "draft_link")
        further.list_due(clock.now())
        needed = ReviewNeeded.get(ReviewNeeded.review == self.plan_of("settled").review)
        further.settle(needed, self.long, self.team, needed.version)

    def report(self) -> None:
        review, director = self.plan_of("needed").review, self.cast["director"]
        for name, to in (
            ("withdrawn", ReportedTo.QUALITY),
            ("asked", ReportedTo.PANEL),
            ("agreed", ReportedTo.QUALITY),
            ("sent", ReportedTo.COMMISSIONING),
        ):
            person = Named(self.reviewer.long_name, f"{name}@body.example")
            report = further.ask(review, further.Wanted(to, person, self.long, self.long), self.team)
            self.named[f"report_{name}"] = report.public_id
            if name != "asked":
                further.judge(report, True, director)
            if name == "withdrawn":
                further.withdraw(report, further.WhyWithdrawn.CHANGED, self.team)
            if name == "sent":
                further.send(report, self.team)
                self.named["report_link"] = links.make(
                    LinkPurpose.PROGRESSION_REPORT, person.name, person.email, review=review
                )
        self.reviewer.link(review, "reported_link")
