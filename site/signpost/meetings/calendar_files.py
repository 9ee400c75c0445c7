"""Meetings as calendars read them: the invitation an email carries, and a person's own feed. Pure.

Calendars are shared on wards, so a file says "Meeting", marked private, and where and when it is. Times are in UTC, which
every calendar shows right for a single meeting. A meeting has one UID for life; its SEQUENCE rises with each change.

The iCalendar standard is RFC 5545, how invitations travel RFC 5546.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from signpost.meetings.calendar_entries import CANCEL, REQUEST, Attendee, Invitation, require_plain

SUMMARY: Final = "Meeting"
REMINDER: Final = timedelta(minutes=15)
READ_AGAIN_AFTER: Final = timedelta(hours=1)
JOIN_BUTTON: Final = ("X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGCONFLINK")

# Calendars disagree on how these are escaped in a name, and some show the escape: they are written as what looks like them.
_IN_A_NAME = str.maketrans({'"': "'", "\\": "/", "^": "ˆ", "\ufeff": " "})
_IN_AN_ADDRESS = str.maketrans({"%": "%25", "?": "%3F", "#": "%23"})
_IN_A_LINK = str.maketrans({",": "%2C", ";": "%3B"})


def write(invitation: Invitation) -> str:
    """The calendar file of an invitation: METHOD, one VEVENT, lines that end in CRLF and have at most 75 octets.

    Answers are given in the site, so RSVP is FALSE. A REQUEST has a reminder 15 minutes before. A CANCEL is STATUS:CANCELLED
    even to the one person who was removed, where RFC 5546 would leave it out: to them the meeting is cancelled.
    """
    calendar = _calendar(invitation.method)
    event = _event(invitation)
    event.add("ORGANIZER", _address(invitation.organiser_address, CN=_label(invitation.organiser_name)))
    for name, address, required in _once_each(invitation.attendees):
        parameters = {
            "CUTYPE": "INDIVIDUAL",
            "ROLE": "REQ-PARTICIPANT" if required else "OPT-PARTICIPANT",
            "PARTSTAT": "NEEDS-ACTION",
            "RSVP": "FALSE",
            "CN": _label(name),
        }
        event.add("ATTENDEE", _address(address, **parameters))
    if invitation.method == REQUEST:
        event.add_component(_reminder())
    calendar.add_component(event)
    return _as_text(calendar)


def feed(invitations: Iterable[Invitation], name: str = "Meetings") -> str:
    """A person's own calendar feed: each meeting once, its latest version, by time; the cancelled ones as CANCELLED.

    It names no attendee and not the organiser, only the address that RFC 5546 asks for. The same meetings give the same text.
    """
    require_plain(name, "The name")
    latest = {one.uid: one for one in sorted(invitations, key=lambda one: one.sequence)}
    calendar = _calendar("PUBLISH")
    calendar.add("X-WR-CALNAME", _Text(_label(name)))
    calendar.add("REFRESH-INTERVAL", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for invitation in sorted(latest.values(), key=lambda one: (one.begins, one.uid)):
        event = _event(invitation)
        event.add("ORGANIZER", _address(invitation.organiser_address))
        calendar.add_component(event)
    return _as_text(calendar)


class _Text(vText):
    """Text escaped as RFC 5545 says. The library's own makes a new line out of a backslash before a capital N."""

    def to_ical(self) -> bytes:
        text = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return text.replace("\n", "\\n").encode()


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", "-//Signpost//Meetings//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def _event(invitation: Invitation) -> Event:
    """What everyone may read of a meeting: no person."""
    is_cancelled = invitation.method == CANCEL
    event = Event()
    event.add("UID", invitation.uid)
    event.add("SEQUENCE", invitation.sequence)
    event.add("DTSTAMP", _utc(invitation.stamp))
    event.add("DTSTART", _utc(invitation.begins))
    event.add("DTEND", _utc(invitation.ends))
    event.add("SUMMARY", SUMMARY)
    event.add("CLASS", "PRIVATE")
    event.add("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if is_cancelled else "OPAQUE")
    for name, text in (("LOCATION", invitation.location), ("DESCRIPTION", invitation.description)):
        if text:
            event.add(name, _Text(_lines(text)))
    if invitation.join_url:
        link = vUri(invitation.join_url.translate(_IN_A_LINK))
        for name in ("URL", *JOIN_BUTTON):
            event.add(name, link)
    return event


def _reminder() -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", SUMMARY)
    alarm.add("TRIGGER", -REMINDER)
    return alarm


def _as_text(calendar: Calendar) -> str:
    return calendar.to_ical().decode()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _address(address: str, **parameters: str) -> vCalAddress:
    """An address as a mailto link; a parameter without a value is left out."""
    made = vCalAddress(f"mailto:{address.translate(_IN_AN_ADDRESS)}")
    for name, value in parameters.items():
        if value:
            made.params[name] = value
    return made


def _once_each(attendees: Iterable[tuple[str, str, bool]]) -> list[Attendee]:
    found: dict[str, Attendee] = {}
    for name, address, required in attendees:
        first = found.get(address.lower(), Attendee(name, address, required))
        found[address.lower()] = first._replace(required=first.required or required)
    return list(found.values())


def _label(name: str) -> str:
    """A name as every calendar reads it: on one line, without the characters that they escape each in their own way."""
    return " ".join(name.translate(_IN_A_NAME).split())


def _lines(text: str) -> str:
    """Text with one kind of line end, and without the mark at its beginning that readers drop."""
    return text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
