"""Where a case stands by its sessions: only those that were held count (A12), towards the number agreed (A13)."""

from models import Completion, EndTold, PersonalLink, Referral, Status, Teller, User
from signpost import clock
from signpost.changes import change
from signpost.events import record
from signpost.meetings import queries

CHANGED = "Somebody changed this case while you were looking at it. Look at it again."


def of(referral: Referral) -> Status:
    """In progress from the first session that was held, and complete with the last of those agreed."""
    held = queries.held_count(referral)
    if held >= referral.agreed_sessions:
        return Status.SESSIONS_COMPLETE
    if held:
        return Status.IN_PROGRESS
    return Status.FIRST_MEETING_BOOKED if queries.next_of(referral) else Status.ASSIGNED


def bring_up_to_date(referral: Referral, by: User | PersonalLink) -> None:
    """Write where an open case stands now, inside the transaction of what changed it.

    When the agreed sessions become complete the trainee is asked to tell those who should know (A21). A session that was
    not held after all, or another that is agreed, moves the case back.
    """
    if referral.is_closed or referral.is_waiting or (status := of(referral)) == referral.status:
        return
    if referral.status == Status.SESSIONS_COMPLETE:
        Completion.delete().where(Completion.referral == referral).execute()
    change(referral, referral.version, CHANGED, **referral.stand_at(status))
    if status == Status.SESSIONS_COMPLETE:
        told = EndTold.select().where((EndTold.referral == referral) & (EndTold.teller == Teller.TRAINEE)).first()
        Completion.create(referral=referral, completed_at=clock.now(), told_at=told.told_at if told else None)
        record("sessions.completed", by=by, referral=referral, facts={"held": queries.held_count(referral)})
