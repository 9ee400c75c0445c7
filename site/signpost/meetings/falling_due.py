"""What time brings to meetings: a reminder the working day before, a nudge where nothing is booked. Each once."""

from datetime import datetime, time, timedelta

from models import Event, Meeting, MeetingState, Referral, Role, db
from signpost import clock, settings, working_days
from signpost.accounts import queries as people
from signpost.events import record
from signpost.meetings import queries
from signpost.notices.permissions import acts_as

REMIND_AT = time(9)


def remind(at: datetime) -> int:
    """Remind those who are to be at a meeting, from nine in the morning of the working day before."""
    done = 0
    soon = (Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at > at) & Meeting.reminded_at.is_null()
    for meeting in list(Meeting.select().where(soon & (Meeting.begins_at < at + timedelta(days=14)))):
        if reminder_due_at(meeting.begins_at) <= at:
            with db.atomic():
                first = (Meeting.id == meeting.id) & Meeting.reminded_at.is_null()
                if Meeting.update(reminded_at=at).where(first).execute():
                    record("meeting.tomorrow", by=people.system_user(), meeting=meeting, referral=meeting.referral)
                    done += 1
    return done


def reminder_due_at(begins: datetime) -> datetime:
    """Nine o'clock, London, of the working day before a meeting."""
    day = working_days.previous(clock.to_london(begins).date())
    return datetime.combine(day, REMIND_AT, tzinfo=clock.LONDON).astimezone(clock.now().tzinfo)


def nudge(at: datetime) -> int:
    """Tell a trainee who has booked nothing that they can, twice at most; late passes do not make up for it."""
    ours = settings.current()
    waits = (ours.nothing_booked_first_days, ours.nothing_booked_second_days)
    done = 0
    for referral in list(queries.without_booking(at - timedelta(days=waits[0]))):
        wanted = sum(referral.assigned_at <= at - timedelta(days=days) for days in waits)
        if not acts_as(referral.assigned_to, Role.COUNSELLOR):
            continue
        with db.atomic():
            if _nudges_since_assigned(referral) < wanted:
                facts = {"nudge": wanted}
                record("booking.nudged", by=people.system_user(), referral=referral, facts=facts)
                done += 1
    return done


def _nudges_since_assigned(referral: Referral) -> int:
    """The number of the last nudge since this counsellor was assigned; 0 where there was none."""
    since = (
        (Event.referral == referral) & (Event.name == "booking.nudged") & (Event.happened_at >= referral.assigned_at)
    )
    last = Event.select().where(since).order_by(Event.id.desc()).first()
    return 0 if last is None else int(last.facts["nudge"])
