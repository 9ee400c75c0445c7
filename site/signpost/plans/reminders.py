"""How many of the reminders of a task are behind us."""

from datetime import date

from signpost import settings


def reached(due_on: date, today: date) -> int:
    """0, 1 (due soon), 2 (late) or 3 (later still) of those that belong to this day."""
    ours = settings.current()
    days = (today - due_on).days
    return sum(days >= since for since in (-ours.task_due_days, ours.task_late_first_days, ours.task_late_second_days))
