"""How a referral stands, in words, for each reader. Pure."""

from models import Ending, Referral, Status

TEAM_WORDS = {
    Status.SUBMITTED: "Waiting for a counsellor",
    Status.ASSIGNED: "Assigned",
    Status.FIRST_MEETING_BOOKED: "First meeting booked",
    Status.IN_PROGRESS: "In progress",
    Status.SESSIONS_COMPLETE: "Agreed sessions complete",
    Status.CLOSED: "Closed",
}
TEAM_COLOURS = {
    Status.SUBMITTED: "yellow",
    Status.ASSIGNED: "blue",
    Status.FIRST_MEETING_BOOKED: "aqua-green",
    Status.IN_PROGRESS: "aqua-green",
    Status.SESSIONS_COMPLETE: "green",
    Status.CLOSED: "grey",
}


def for_referrer(referral: Referral, has_told_them: bool = False, had_begun: bool = False) -> str:
    """One of four plain words, and no more: never attendance, never content, never when the sessions ended.

    Once support had begun, that it ended is the trainee's to tell, and how it ended is not the referrer's to know.
    """
    if has_told_them:
        return "Ended"
    if referral.is_closed and not had_begun and referral.ending not in (Ending.COMPLETE, Ending.WITHDREW_PART_WAY):
        return "Not going ahead"
    return "Sent" if referral.assigned_to_id is None else "With the careers team"


def for_head(referral: Referral, has_told_them: bool = False, had_begun: bool = False) -> str:
    """Of a head who was informed: once support had begun, that it ended is the trainee's to tell them too (A21)."""
    if has_told_them:
        return "Ended"
    return "Closed" if for_referrer(referral, had_begun=had_begun) == "Not going ahead" else "Open"


def for_trainee(referral: Referral, is_pending: bool = False) -> str:
    """Until the undo minute is over (`is_pending`) the trainee is not told who it is."""
    if referral.is_closed:
        return "Closed"
    if referral.assigned_to_id is None or is_pending:
        return "With the senior careers adviser, who is choosing a counsellor for you"
    return f"{referral.assigned_to.name} will support you"
