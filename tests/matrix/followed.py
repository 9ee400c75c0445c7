"""What came of a support meeting: an outcome that was changed, a plan, a further review listed, a report that was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from models import (
    LedTo,
    LinkPurpose,
    Plan,
    ProgressionReport,
    ReportedTo,
    Review,
    ReviewNeeded,
    SupportMeeting,
    SupportOutcome,
)
from signpost import clock
from signpost.accounts import links
from signpost.notices import delivery
from signpost.plans import actions as tasks
from signpost.plans import falling_due as reminders
from signpost.progression import action_plans, falling_due, further, outcomes, support_meetings
from signpost.progression.outcomes import Chosen
from signpost.progression.stand_in import Named
from tests import factories

if TYPE_CHECKING:
    from tests.matrix.reviewed import Reviewer
    from tests.matrix.world import World

DRAFTED, AGREED = "drafted", "agreed"


class Follower:
    """Takes the steps after a triage meeting: of one review the plan is being drafted, of another it is agreed."""

    def __init__(self, reviewer: Reviewer) -> None:
        self.reviewer, self.words, self.ids = reviewer, reviewer.words, reviewer.ids
        self.team, self.people = reviewer.team, reviewer.people

    def follow(self) -> None:
        for days, name in enumerate((DRAFTED, AGREED), 7):
            self.meet(name, days)
            self.plan(name)
        action_plans.agree(
            Plan.get(Plan.review == self.reviewer.made[AGREED]), clock.today() + timedelta(days=25), self.team
        )
        self.report()

    def meet(self, name: str, days: int) -> None:
        review = self.reviewer.made[name]
        with clock.at(clock.now() - timedelta(days=days, hours=4)):
            begins = clock.now() + timedelta(hours=1)
            support = factories.a_support_meeting(review, self.people["chair"], self.team, begins)
            with clock.at(begins + timedelta(hours=2)):
                support_meetings.held(support, self.team)
                support = SupportMeeting.get_by_id(support.id)
                outcomes.decide(support, [Chosen(LedTo.NO_FURTHER_ACTION)], self.team)
                look_on = clock.today() + timedelta(days=30)
                chosen = [Chosen(LedTo.ACTION_PLAN), Chosen(LedTo.DESKTOP_REVIEW, look_on=look_on)]
                outcomes.change_to(support, chosen, self.words.new((name, "why changed")), self.team)
        self.words.plant(support.public_id, (name, "review"))
        desk = (SupportOutcome.kind == LedTo.DESKTOP_REVIEW) & (SupportOutcome.support_meeting == support)
        self.ids["held_support"][f"held support of {name}"] = support.public_id
        self.ids["desk"][f"desk outcome of {name}"] = SupportOutcome.get(desk).public_id

    def plan(self, name: str) -> None:
        review = self.reviewer.made[name]
        plan, words = Plan.get(Plan.review == review), self.words
        due_on = clock.today() + timedelta(days=20)
        made = action_plans.add(plan, words.new((name, "objective")), due_on, self.people["scientist"])
        tasks.comment(made, words.new((name, "objective")), self.people["training officer"])
        self.ids["drafted_review"][name] = review.public_id
        self.reviewer.builder.world.parts[name]["objective_of_plan"] = made.public_id
        ReviewNeeded.create(review=review, listed_at=clock.now())

    def report(self) -> None:
        """One that was asked for, one that was agreed, and one that was sent."""
        review, new = self.reviewer.made[DRAFTED], self.words.new
        for to, state in zip(ReportedTo, ("sent", "agreed", "asked"), strict=True):
            name = new((DRAFTED, f"reported to, {state}")).capitalize()
            address = self.reviewer.builder.address(DRAFTED, "reported address")
            wanted = further.Wanted(
                to, Named(name, address), new((DRAFTED, "why reported")), new((DRAFTED, f"reported, {state}"))
            )
            report = further.ask(review, wanted, self.team)
            self.ids["report"][f"{state} report"] = report.public_id
            if state == "asked":
                continue
            further.judge(report, True, self.people["chair"])
            if state == "sent":
                further.send(ProgressionReport.get_by_id(report.id), self.people["second progression"])
                token = links.make(LinkPurpose.PROGRESSION_REPORT, name, address, review=review)
                self.words.plant(token, (DRAFTED, "review token"))
                self.ids["review_link"]["link of a report"] = token


def everything_told(world: World) -> None:
    """What time and the School tell of a plan, once each."""
    review = Review.get(Review.public_id == world.ids["drafted_review"][DRAFTED])
    plan, team = Plan.get(Plan.review == review), world.people["progression"]
    if plan.agreed_at is None:
        action_plans.agree(plan, clock.today() + timedelta(days=25), team)
    at = clock.start_of(clock.today() + timedelta(days=26)) + timedelta(hours=10)
    with clock.at(at):
        reminders.remind(at)
        falling_due.remind(at)
        with world.app.app_context():
            delivery.send_due()
