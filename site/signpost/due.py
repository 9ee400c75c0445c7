"""What falls due as time passes: one line a rule. Each may be run late, early and often, and acts once."""

from collections.abc import Callable
from datetime import datetime

from signpost.accounts import sessions, throttle
from signpost.complaints import falling_due as complaints
from signpost.completion import falling_due as completion
from signpost.confidentiality import emergencies
from signpost.feedback import falling_due as feedback
from signpost.guidance import falling_due as guidance
from signpost.imports import actions as imports
from signpost.meetings import falling_due, polls
from signpost.mentoring import asking, mentors, offers, waiting
from signpost.mentoring import mentorships_due as mentorships
from signpost.plans import falling_due as tasks
from signpost.progression import falling_due as action_plans
from signpost.progression import further, preparing
from signpost.reports import publishing
from signpost.retention import disposal

RULES: dict[str, Callable[[datetime], int]] = {
    "failed sign-ins forgotten": throttle.forget_expired,
    "old sessions deleted": sessions.delete_long_ended,
    "reminders of meetings": falling_due.remind,
    "nothing booked yet": falling_due.nudge,
    "availability asked again": polls.chase,
    "sessions complete, nobody told": completion.remind,
    "tasks due and overdue": tasks.remind,
    "action plans to look at": action_plans.remind,
    "further reviews listed": further.list_due,
    "support meetings to prepare for": preparing.remind,
    "emergencies to look at again": emergencies.remind,
    "mentors offered": offers.offer_due,
    "offers of a mentor not answered yet": offers.remind,
    "mentors who cannot go on": mentors.leave_who_cannot,
    "told that they wait for a mentor": waiting.tell,
    "asked for a mentor and never confirmed": asking.forget_unconfirmed,
    "files brought and not taken": imports.forget_old,
    "answers without a name": feedback.empty_boxes,
    "comments without a name": guidance.deliver,
    "figures published": publishing.publish,
    **mentorships.RULES,
    "complaints not acknowledged yet": complaints.remind,
    "complaints with nobody to handle them": complaints.reroute,
    # After the figures: what they count stays until they are published.
    "records destroyed": disposal.dispose,
}


def run(at: datetime) -> dict[str, int]:
    """Do what falls due by this moment. Gives how often each rule acted."""
    return {name: rule(at) for name, rule in RULES.items()}
