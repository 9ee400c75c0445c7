"""What time brings to a complaint: a reminder before it must be acknowledged, and somebody new where all have left."""

from datetime import datetime, timedelta

from models import Complaint, ComplaintState, db
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.complaints import actions, queries
from signpost.events import record


def remind(at: datetime) -> int:
    """Remind those who handle what is still to be acknowledged, once."""
    day = clock.to_london(at).date() + timedelta(days=settings.current().complaint_reminder_days)
    waiting = (Complaint.state == ComplaintState.RECEIVED) & Complaint.reminded_at.is_null()
    done = 0
    for row in list(Complaint.select().where(waiting & (Complaint.acknowledge_by <= day))):
        with db.atomic():
            if Complaint.update(reminded_at=at).where((Complaint.id == row.id) & waiting).execute():
                record("complaint.reminded", by=people.system_user(), concerning=row)
                done += 1
    return done


def reroute(at: datetime) -> int:
    """Give what nobody handles any more to those who handle complaints now."""
    done = 0
    for row in list(Complaint.select().where(Complaint.state != ComplaintState.CLOSED)):
        if queries.handlers_of(row):
            continue
        with db.atomic():
            if actions.give_to_others(row):
                record("complaint.rerouted", by=people.system_user(), concerning=row)
                done += 1
    return done
