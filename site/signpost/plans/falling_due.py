"""What time brings to tasks: a word before they are due, and two after. Once each, and none once they are done."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from models import Objective, ObjectiveState, Plan, Referral, Review, db
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.events import record
from signpost.plans import queries
from signpost.plans.reminders import reached

REMIND_FROM = time(9)


def remind(at: datetime) -> int:
    """Remind each trainee, in one letter, of what became due or late since; late passes do not make up for it.

    Of an agreed action plan their Training Officer is reminded too (E11).
    """
    here = clock.to_london(at)
    if here.time() < REMIND_FROM:
        return 0
    today = here.date()
    done = 0
    for referral, tasks in _by_case(today).items():
        done += _remind_of("task.reminded", tasks, today, referral=referral)
    for review, tasks in _by_review(today).items():
        done += _remind_of("objective.reminded", tasks, today, concerning=review)
    return done


def _remind_of(name: str, tasks: list[Objective], today: date, **whose: Any) -> bool:
    with db.atomic():
        fresh = [task for task in tasks if _count(task, today)]
        if fresh:
            days = {
                "soon": [task.due_on for task in fresh if task.due_on >= today],
                "late": [task.due_on for task in fresh if task.due_on < today],
            }
            facts = {"tasks": [task.public_id for task in fresh]}
            record(name, by=people.system_user(), facts=facts, enclosed=days, **whose)
    return bool(fresh)


def _by_case(today: date) -> dict[Referral, list[Objective]]:
    """The tasks of which their trainees are to be reminded, by case."""
    return _to_remind_of(Plan.referral.is_null(False) & queries.in_progress(), today, lambda task: task.plan.referral)


def _by_review(today: date) -> dict[Review, list[Objective]]:
    """The objectives of agreed action plans of which people are to be reminded, by review."""
    return _to_remind_of(queries.agreed_and_open(), today, lambda task: task.plan.review)


def _to_remind_of(which: Any, today: date, whose: Callable[[Objective], Any]) -> dict[Any, list[Objective]]:
    until = today + timedelta(days=settings.current().task_due_days)
    near = (Objective.state != ObjectiveState.MET) & (Objective.due_on <= until)
    found = defaultdict(list)
    for task in queries.standing().where(near & which).order_by(Objective.due_on, Objective.id):
        if reached(task.due_on, today) > task.reminders and not _has_answered(task):
            found[whose(task)].append(task)
    return found


def _has_answered(task: Objective) -> bool:
    """Whether they said how far it got, on its day or later: then they know, and are not reminded of this day again."""
    return task.state_at is not None and clock.to_london(task.state_at).date() >= task.due_on


def _count(task: Objective, today: date) -> bool:
    """Note that this reminder is behind us, where it is not, and the task is still to be done."""
    same = (Objective.id == task.id) & (Objective.reminders == task.reminders) & (Objective.due_on == task.due_on)
    still = (Objective.state != ObjectiveState.MET) & Objective.removed_at.is_null()
    return bool(Objective.update(reminders=reached(task.due_on, today)).where(same & still).execute())
