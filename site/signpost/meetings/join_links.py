"""Links to Microsoft Teams: is this one to a meeting, and the one that opens Teams with everything filled in. Pure.

A join link is shown to people as the way into their meeting, so nothing passes but what real ones look like: the host
exactly, the path, the parameters. What is inside them is Microsoft's and is not read.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from signpost.characters import what_is_wrong_with
from signpost.clock import to_london
from signpost.errors import RuleBroken

SUBJECT: Final = "Meeting"
HOSTS: Final = ("teams.microsoft.com", "teams.cloud.microsoft")
NEW_MEETING: Final = "https://teams.microsoft.com/l/meeting/new"
LONGEST_LINK: Final = 2048
LONGEST_TEXT: Final = 8192

_LINK = re.compile(r"(?<![a-z0-9])https?://[^\s<>\"]+", re.IGNORECASE)
_AFTER_A_LINK = ".,;:!?'*|)]’”"
_ADDRESS_CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_CLASSIC_PATH = re.compile(
    r"/l/meetup-join/19(?::|%3a)(?:[A-Za-z0-9._~=-]|%3d){1,300}(?:@|%40)thread\.(?:v2|skype|tacv2)/[0-9]{1,20}",
    re.IGNORECASE,
)
_SHORT_PATH = re.compile(r"/meet/[0-9]{6,20}")
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9._~-]{0,200}")
_ADDRESS = re.compile(r"[^\s,;:<>()\[\]\\\"@]+@[^\s,;:<>()\[\]\\\"@]+")

NO_LINK = "Paste the join link from Microsoft Teams. It begins with https://teams.microsoft.com."
TOO_LONG_A_TEXT = "That is too much text. Paste only the join link from Microsoft Teams."
TWO_LINKS = "There is more than one Teams link in that. Paste only the one that people join with."
TOO_LONG = f"The link is longer than {LONGEST_LINK} characters, and no real one is. Copy it again in Teams."
NOT_HTTPS = "The link must begin with https, not with http."
STRANGE_CHARACTER = "The link has a character that no real one has. Copy it again in Teams."
NAME_OR_PORT = "The link has a name or a number around its address that no real one has. Copy it again in Teams."
PERSONAL = "That is a link to personal Teams. Make the meeting with your work account and paste its link."
OTHER_COUNTRY = "That is a link to Teams for the United States government, where people here cannot join."
WRAPPED = "That is a link your mail program has wrapped. Copy the join link in Teams, not from an email."
ELSEWHERE = "That link does not lead to Microsoft Teams. Copy the join link in Teams and paste it."
FRAGMENT = "The link has a # in it, and no real one has. Copy it again in Teams."
NOT_A_MEETING = "That link leads to Teams, but not to a meeting. Copy the join link of the meeting."
CUT_OFF = "The end of the link is missing. Copy the whole join link in Teams."


def checked(text: str) -> str:
    """The join link in what somebody pasted: the link alone, or words with exactly one join link among them.

    Gives the address, its scheme and host in small letters. Raises RuleBroken with words for the person: what is wrong
    and what to do.
    """
    if len(text) > LONGEST_TEXT:
        raise RuleBroken(TOO_LONG_A_TEXT)
    if problem := what_is_wrong_with(text, "The link", several_lines=True):
        raise RuleBroken(problem)

    found = list(dict.fromkeys(_in_small_letters(link.rstrip(_AFTER_A_LINK)) for link in _LINK.findall(text)))
    problems = {link: _problem(link) for link in found}
    good = [link for link, problem in problems.items() if problem is None]
    if len(good) > 1:
        raise RuleBroken(TWO_LINKS)
    if not good:
        raise RuleBroken(next((problem for problem in problems.values() if problem), NO_LINK))
    return good[0]


def _in_small_letters(link: str) -> str:
    """The scheme and the host in small letters, in which they mean the same."""
    scheme, separator, rest = link.partition("://")
    host, slash, path = rest.partition("/")
    return scheme.lower() + separator + host.lower() + slash + path


def _problem(link: str) -> str | None:
    """What is wrong with a link, or None when it is a join link."""
    if len(link) > LONGEST_LINK:
        return TOO_LONG
    if not _ADDRESS_CHARACTERS.fullmatch(link):
        return STRANGE_CHARACTER
    try:
        host = urlsplit(link).netloc
    except ValueError:
        return STRANGE_CHARACTER
    return _problem_with_host(host) or (None if link.startswith("https://") else NOT_HTTPS) or _problem_inside(link)


def _problem_with_host(host: str) -> str | None:
    if host in HOSTS:
        return None
    if "@" in host or ":" in host:
        return NAME_OR_PORT
    if host == "teams.live.com" or host.endswith(".teams.live.com"):
        return PERSONAL
    if host.endswith("teams.microsoft.us"):
        return OTHER_COUNTRY
    if host.endswith(".safelinks.protection.outlook.com"):
        return WRAPPED
    return ELSEWHERE


def _problem_inside(link: str) -> str | None:
    """What is wrong after the host: the path of a classic or of a short link, with the parameter that each needs."""
    if "#" in link:
        return FRAGMENT
    parts = urlsplit(link)
    pairs = [pair.partition("=") for pair in parts.query.split("&")] if parts.query else []
    values = {name: value for name, _, value in pairs}
    if _CLASSIC_PATH.fullmatch(parts.path):
        context = unquote(values.pop("context", ""))
        complete = context.startswith("{") and context.endswith("}")
    elif _SHORT_PATH.fullmatch(parts.path):
        complete = bool(values.get("p"))
    else:
        return NOT_A_MEETING
    if not complete:
        return CUT_OFF
    if len({name for name, _, _ in pairs}) < len(pairs) or not all(map(_PLAIN_VALUE.fullmatch, values.values())):
        return NOT_A_MEETING
    return None


def deep_link(subject: str, begins: datetime, ends: datetime, attendees: Sequence[str] = ()) -> str:
    """The address that opens Teams' own form for a new meeting, filled in. Whoever opens it becomes the organiser.

    It makes no meeting: the organiser saves the form and pastes the join link. `begins` and `ends` are aware and stand
    in it as London time with its offset; `attendees` are email addresses. Raises ValueError for a subject other than
    "Meeting" (calendars are shared on wards), for moments without a zone or in the wrong order, and for what is no
    address.
    """
    if subject != SUBJECT:
        raise ValueError(f'The subject of a meeting is "{SUBJECT}" and nothing else.')
    if begins.tzinfo is None or ends.tzinfo is None or ends <= begins:
        raise ValueError("A meeting begins and ends at moments with a zone, and ends after it begins.")
    if not all(map(_ADDRESS.fullmatch, attendees)):
        raise ValueError("An attendee is one email address.")

    filled_in = {
        "subject": subject,
        "startTime": to_london(begins).isoformat(timespec="seconds"),
        "endTime": to_london(ends).isoformat(timespec="seconds"),
        "attendees": ",".join(attendees),
    }
    # A space is %20 and a plus is %2B: Teams does not read + as a space, and an offset has one.
    return f"{NEW_MEETING}?" + "&".join(
        f"{name}={quote(value, safe='@,')}" for name, value in filled_in.items() if value
    )
