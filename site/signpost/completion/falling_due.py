"""What time brings to a case that is complete: the trainee is reminded to tell others, twice at most (A21)."""

from datetime import datetime, timedelta

from models import Completion, db
from signpost import settings
from signpost.accounts import queries as people
from signpost.completion.queries import REMINDERS
from signpost.events import record


def remind(at: datetime) -> int:
    """Remind each trainee who has told nobody yet; late passes do not make up for it."""
    ours = settings.current()
    waits = (ours.tell_them_first_days, ours.tell_them_second_days)
    done = 0
    silent = Completion.told_at.is_null() & (Completion.reminded < REMINDERS)
    due = silent & (Completion.completed_at <= at - timedelta(days=waits[0]))
    for row in list(Completion.select().where(due).order_by(Completion.id)):
        wanted = sum(row.completed_at <= at - timedelta(days=days) for days in waits)
        with db.atomic():
            first = (Completion.id == row.id) & (Completion.reminded < wanted) & Completion.told_at.is_null()
            if Completion.update(reminded=wanted).where(first).execute():
                facts = {"reminder": wanted}
                record("telling.reminded", by=people.system_user(), referral=row.referral, facts=facts)
                done += 1
    return done
