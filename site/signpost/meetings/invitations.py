"""The calendar file of a meeting as it stands now: no name of what it is about, and no content."""

from models import Attendee, Meeting, Mode
from signpost import clock, settings
from signpost.config import running
from signpost.meetings import calendar_entries, queries
from signpost.notices.policy import Calendar


def invitation(meeting: Meeting, method: str, only: Attendee | None = None) -> Calendar:
    """The file for the attendees of a meeting, or for one: `method` is REQUEST, or CANCEL when it is off for them."""
    from signpost.meetings import calendar_files  # slow to load, and no page needs it

    return Calendar(method, calendar_files.write(described(meeting, method, [only] if only else None)))


def described(meeting: Meeting, method: str, attendees: list[Attendee] | None = None) -> calendar_entries.Invitation:
    return calendar_entries.Invitation(
        uid=meeting.uid,
        sequence=meeting.sequence,
        begins=meeting.begins_at,
        ends=meeting.ends_at,
        method=method,
        organiser_name=settings.current().organisation_name,
        organiser_address=running().mail_address,
        attendees=tuple((one.name, one.email, one.is_required) for one in attendees or queries.attendees(meeting)),
        location=where(meeting),
        description="",
        join_url=meeting.join_url or "",
        stamp=clock.now(),
    )


def where(meeting: Meeting) -> str:
    """Where to be, in words for a calendar."""
    if meeting.mode == Mode.FACE_TO_FACE:
        return meeting.place_name or "In person"
    return "By telephone" if meeting.mode == Mode.TELEPHONE else "Microsoft Teams"
