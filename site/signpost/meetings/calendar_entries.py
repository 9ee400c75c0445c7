"""What a calendar is told of a meeting, before `calendar_files` writes it down; and how an email carries what is written.

Apart from the writing, since the library for that is slow to load and a page needs none of it. Pure.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from signpost.characters import what_is_wrong_with

REQUEST: Final = "REQUEST"
CANCEL: Final = "CANCEL"
FILE_NAME: Final = "invite.ics"

_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,254}")
_ADDRESS = re.compile(r"[^\s(),:;<>@\[\\\]\"]+@[^\s(),:;<>@\[\\\]\"]+")
_LINK = re.compile(r"https://[!#-;=?-\[\]_a-z~]+")


class Attendee(NamedTuple):
    name: str
    address: str
    required: bool = True


@dataclass(frozen=True)
class Invitation:
    """One meeting as one message says it. One that cannot be written cannot be made: ValueError, in words without its text.

    - `uid` is from `new_uid` and never changes; `sequence` is 0 at first and higher at each change. `stamp` is when this
      version came about. All moments are aware; seconds are kept, parts of them are not.
    - `method` is REQUEST (booked, moved, a link has come) or CANCEL. A person who is removed gets a CANCEL that names them
      alone, so that it tells nobody about anyone else.
    - `organiser_address` has to be the From of the email, and not among those it goes to: else Outlook shows no buttons.
    - `attendees` are (name, address, required). Of two with one address the first is written, required if either is.
    - `location` and `description` may have several lines. They stand in calendars that others see: no one's name, and nothing
      of what a meeting is for.
    - `join_url` is https, or empty where the meeting is not on Teams or the link has not come.
    """

    uid: str
    sequence: int
    begins: datetime
    ends: datetime
    method: str
    organiser_name: str
    organiser_address: str
    attendees: tuple[tuple[str, str, bool], ...]
    location: str
    description: str
    join_url: str
    stamp: datetime

    def __post_init__(self) -> None:
        require(_UID.fullmatch(self.uid), "The UID has a character that no UID of ours has.")
        require(self.sequence >= 0, "The sequence begins at 0.")
        require(self.method in (REQUEST, CANCEL), "The method is REQUEST or CANCEL.")
        moments = (self.begins, self.ends, self.stamp)
        require(all(moment.tzinfo is not None for moment in moments), "A moment needs a zone.")
        require(self.begins < self.ends, "The end must be later than the beginning.")
        require(self.attendees, "An invitation is to somebody.")
        require(not self.join_url or _LINK.fullmatch(self.join_url), "The join link is not an https address.")
        for name, address in ((self.organiser_name, self.organiser_address), *(who[:2] for who in self.attendees)):
            require_plain(name, "The name")
            require_plain(address, "The address")
            require(_ADDRESS.fullmatch(address), "The address is not one that an invitation can have.")
        require_plain(self.location, "The place")
        require_plain(self.description, "The description")


def new_uid(domain: str) -> str:
    """A UID for a new meeting, never given before. `domain` is the organisation's own, as in its addresses."""
    return f"meet-{uuid.uuid4()}@{domain}"


class Enclosed(NamedTuple):
    """How a calendar file rides on a Flask-Mail message.

        message.alts[enclosed.subtype] = enclosed.text
        message.attach(*enclosed.attachment)

    The message has its html before: the calendar has to be the last alternative. Outlook acts on that part, which has to be
    within the first child of the whole; the attachment is for the calendars that want a file.
    """

    subtype: str
    text: str
    attachment: tuple[str, str, bytes]


def parts(ics: str, method: str) -> Enclosed:
    """What an email needs to carry this file. Raises ValueError where the file's METHOD is another one."""
    require(f"\r\nMETHOD:{method}\r\n" in ics, "The method is not that of the file.")
    attachment = (FILE_NAME, f'application/ics; name="{FILE_NAME}"', ics.encode())
    return Enclosed(f"calendar; method={method}", ics, attachment)


def require(holds: object, words: str) -> None:
    if not holds:
        raise ValueError(words)


def require_plain(text: str, called: str) -> None:
    if words := what_is_wrong_with(text, called, several_lines=True):
        raise ValueError(words)
