"""Where a case stands by its sessions: only those that were held count (A12), towards the number agreed (A13)."""

from models import Completion, EndTold, Event, PersonalLink, Referral, Status, Teller, User
from signpost import clock
from signpost.changes import change
from signpost.events import record
from signpost.meetings import queries

COMPLETED, REMINDED = "sessions.completed", "telling.reminded"
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
        _complete(referral, by)


def _complete(referral: Referral, by: User | PersonalLink) -> None:
    """The trainee is asked once for as many sessions as were held: where only the number agreed went up and down again,
    the letter and its reminders go on as they were."""
    held = queries.held_count(referral)
    ours = Event.select().where(Event.referral == referral).order_by(Event.id)
    asked = next((one for one in ours.where(Event.name == COMPLETED) if one.facts["held"] == held), None)
    reminded = ours.where((Event.name == REMINDED) & (Event.id > asked.id)).count() if asked else 0
    told = EndTold.select().where((EndTold.referral == referral) & (EndTold.teller == Teller.TRAINEE)).first()
    Completion.create(
        referral=referral,
        completed_at=asked.happened_at if asked else clock.now(),
        reminded=reminded,
        told_at=told.told_at if told else None,
    )
    record(COMPLETED, by=by, referral=referral, facts={"held": held, "is_new": asked is None})
