"""What a support meeting of progression asks of its date, whoever moves it: how long it may be, and time to prepare (E5, E9)."""

from datetime import datetime

from models import Meeting, SupportKind, SupportMeeting
from signpost import clock, settings, working_days
from signpost.errors import RuleBroken

TRIAGE_MINUTES = 60


def is_too_soon(begins: datetime) -> bool:
    """Whether the day by which the training plan is due is over already."""
    day = clock.to_london(begins).date()
    return working_days.before(day, settings.current().papers_working_days) < clock.today()


def keep_to(meeting: Meeting, begins: datetime, minutes: int, reason: str) -> None:
    """Raise RuleBroken where a support meeting would become too long, too short, or too soon without a reason.

    Other meetings may be at any time. Call it in the transaction that moves the meeting.
    """
    support = SupportMeeting.get_or_none(SupportMeeting.poll == meeting.poll_id) if meeting.poll_id else None
    if support is None:
        return
    if support.kind == SupportKind.TRIAGE and minutes > TRIAGE_MINUTES:
        raise RuleBroken(f"A triage meeting takes {TRIAGE_MINUTES} minutes at most.")
    if support.kind == SupportKind.FULL and minutes < support.minutes:
        raise RuleBroken(f"The parts of this meeting take {support.minutes} minutes together.")
    too_soon = is_too_soon(begins)
    if too_soon and not reason.strip():
        days = settings.current().papers_working_days
        raise RuleBroken(f"That leaves less than {days} working days to prepare. Say why it moves there.")
    SupportMeeting.update(soon_reason=reason.strip() if too_soon else "").where(
        SupportMeeting.id == support.id
    ).execute()
