"""What time brings to tasks: a word before they are due, and two after. Once each, and none once they are done."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from models import Objective, ObjectiveState, Plan, Referral, db
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.events import record
from signpost.plans import queries
from signpost.plans.reminders import reached

REMIND_FROM = time(9)


def remind(at: datetime) -> int:
    """Remind each trainee, in one letter, of what became due or late since; late passes do not make up for it."""
    here = clock.to_london(at)
    if here.time() < REMIND_FROM:
        return 0
    done = 0
    for referral, tasks in _by_case(here.date()).items():
        with db.atomic():
            fresh = [task for task in tasks if _count(task, here.date())]
            if fresh:
                days = {
                    "soon": [task.due_on for task in fresh if task.due_on >= here.date()],
                    "late": [task.due_on for task in fresh if task.due_on < here.date()],
                }
                facts = {"tasks": [task.public_id for task in fresh]}
                record("task.reminded", by=people.system_user(), referral=referral, facts=facts, enclosed=days)
                done += 1
    return done


def _by_case(today: date) -> dict[Referral, list[Objective]]:
    """The tasks of which their trainees are to be reminded, by case."""
    until = today + timedelta(days=settings.current().task_due_days)
    near = (Objective.state != ObjectiveState.MET) & (Objective.due_on <= until)
    wanted = near & Plan.referral.is_null(False) & queries.in_progress()
    found = defaultdict(list)
    for task in queries.standing().where(wanted).order_by(Objective.due_on, Objective.id):
        if reached(task.due_on, today) > task.reminders and not _has_answered(task):
            found[task.plan.referral].append(task)
    return found


def _has_answered(task: Objective) -> bool:
    """Whether they said how far it got, on its day or later: then they know, and are not reminded of this day again."""
    return task.state_at is not None and clock.to_london(task.state_at).date() >= task.due_on


def _count(task: Objective, today: date) -> bool:
    """Note that this reminder is behind us, where it is not, and the task is still to be done."""
    same = (Objective.id == task.id) & (Objective.reminders == task.reminders) & (Objective.due_on == task.due_on)
    still = (Objective.state != ObjectiveState.MET) & Objective.removed_at.is_null()
    return bool(Objective.update(reminders=reached(task.due_on, today)).where(same & still).execute())
