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

DRAFTED = "drafted"


class Follower:
    """Takes the steps after a triage meeting of the review whose plan is being drafted."""

    def __init__(self, reviewer: Reviewer) -> None:
        self.reviewer, self.words, self.ids = reviewer, reviewer.words, reviewer.ids
        self.team, self.people = reviewer.team, reviewer.people
        self.review = reviewer.made[DRAFTED]

    def follow(self) -> None:
        self.meet()
        self.plan()
        self.report()

    def new(self, what: str) -> str:
        return self.words.new((DRAFTED, what))

    def meet(self) -> None:
        with clock.at(clock.now() - timedelta(days=7, hours=4)):
            begins = clock.now() + timedelta(hours=1)
            support = factories.a_support_meeting(self.review, self.people["chair"], self.team, begins)
            with clock.at(begins + timedelta(hours=2)):
                support_meetings.held(support, self.team)
                support = SupportMeeting.get_by_id(support.id)
                outcomes.decide(support, [Chosen(LedTo.NO_FURTHER_ACTION)], self.team)
                look_on = clock.today() + timedelta(days=30)
                chosen = [Chosen(LedTo.ACTION_PLAN), Chosen(LedTo.DESKTOP_REVIEW, look_on=look_on)]
                outcomes.change_to(support, chosen, self.new("why changed"), self.team)
        self.ids["held_support"]["held support"] = support.public_id
        self.words.plant(support.public_id, (DRAFTED, "review"))
        desk = SupportOutcome.get(SupportOutcome.kind == LedTo.DESKTOP_REVIEW)
        self.ids["desk"]["desk outcome"] = desk.public_id

    def plan(self) -> None:
        plan = Plan.get(Plan.review == self.review)
        made = action_plans.add(
            plan, self.new("objective"), clock.today() + timedelta(days=20), self.people["scientist"]
        )
        tasks.comment(made, self.new("objective"), self.people["training officer"])
        self.ids["drafted_review"][DRAFTED] = self.review.public_id
        self.reviewer.builder.world.parts[DRAFTED]["objective_of_plan"] = made.public_id
        ReviewNeeded.create(review=self.review, listed_at=clock.now())

    def report(self) -> None:
        name, address = self.new("reported to").capitalize(), self.reviewer.builder.address(DRAFTED, "reported address")
        wanted = further.Wanted(ReportedTo.PANEL, Named(name, address), self.new("why reported"), self.new("reported"))
        report = further.ask(self.review, wanted, self.people["second progression"])
        further.judge(report, True, self.people["chair"])
        further.send(ProgressionReport.get_by_id(report.id), self.team)
        self.ids["report"]["a report"] = report.public_id
        token = links.make(LinkPurpose.PROGRESSION_REPORT, name, address, review=self.review)
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
