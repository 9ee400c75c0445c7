"""Writing the letters of a situation: rendered once, shown in previews, frozen when queued.

An email is one template in `templates/emails/`: its first line is the subject, the rest the plain text. The HTML part is
made from the same text, so the two cannot differ.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from models import Meeting, Poll, Role
from signpost import formatting, settings
from signpost.config import ROOT
from signpost.errors import RuleBroken
from signpost.notices.permissions import (
    PERMISSIONS,
    Permission,
    acts_as,
    adviser_addresses,
    progression_addresses,
    rtt_addresses,
)
from signpost.notices.policy import EVENTS, Calendar, Group, Person, Situation, Told

SUBJECT = "Subject: "
# What each team is called, and its mailbox or people, to whom an answer goes.
TEAMS = {
    Role.SENIOR_ADVISER: ("team_name", adviser_addresses),
    Role.RTT_TEAM: ("rtt_team_name", rtt_addresses),
    Role.PROGRESSION: ("progression_team_name", progression_addresses),
}


@dataclass(frozen=True)
class Recipient:
    """One person of a letter, in which header, and by which permission."""

    header: str
    person: Person
    permission_id: str

    @property
    def permission(self) -> Permission:
        return PERMISSIONS[self.permission_id]


@dataclass(frozen=True)
class Letter:
    kind: str
    subject: str
    text: str
    recipients: tuple[Recipient, ...]
    reply_to: str
    sender_name: str
    waits_for_undo: bool
    calendar: Calendar | None = None


def write(situation: Situation, public_url: str, link: Callable[[Person], str]) -> list[Letter]:
    """The letters of a situation, courtesy ones only where the organisation sends them.

    `link` makes the reader's own personal address, and is called only by a letter to that person alone. Raises
    RuleBroken where a recipient is not permitted to know: such a letter cannot be written.
    """
    ours = settings.current()
    letters = []
    for told in EVENTS[situation.event].told:
        if told.courtesy and not ours.courtesy_notices:
            continue
        to = _recipients("to", told.to, situation)
        copied = [recipient for group in told.cc for recipient in _recipients("cc", group, situation)]
        for recipients in [to + copied] if told.together else [[one] for one in to]:
            if any(recipient.header == "to" for recipient in recipients):
                letters.append(_letter(told, recipients, situation, ours, public_url, link))
    return letters


def _recipients(header: str, group: Group, situation: Situation) -> list[Recipient]:
    found = [Recipient(header, person, group.permission) for person in group.people(situation)]
    for recipient in found:
        if not recipient.permission.holds(situation.subject, recipient.person.address):
            raise RuleBroken("One of the people to be told may not be told this, so nothing was sent.")
    return found


def _letter(
    told: Told,
    recipients: list[Recipient],
    situation: Situation,
    ours: settings.Settings,
    public_url: str,
    link: Callable[[Person], str],
) -> Letter:
    team_name, _ = TEAMS[told.of]
    sender_name, reply_to = _sender(told, recipients[0].person, situation, ours)
    template = environment.get_template(f"{told.kind}.txt")
    subject, _, text = template.render(
        referral=situation.referral,
        about=situation.subject,
        person=situation.subject,
        meeting=situation.subject,
        poll=situation.subject,
        by=situation.by,
        facts=situation.facts,
        enclosed=situation.enclosed,
        settings=ours,
        team_name=getattr(ours, team_name),
        reader=recipients[0].person,
        page=f"{public_url}/referrals/{situation.referral.public_id}",
        site=public_url,
        personal_link=lambda: link(recipients[0].person),
    ).partition("\n")
    return Letter(
        kind=told.kind,
        subject=subject.removeprefix(SUBJECT).strip(),
        text=text.strip() + "\n",
        recipients=tuple(_without_repeats(recipients)),
        reply_to=reply_to,
        sender_name=sender_name,
        waits_for_undo=told.waits_for_undo,
        calendar=situation.calendar if told.invites else None,
    )


def _sender(told: Told, reader: Person, situation: Situation, ours: settings.Settings) -> tuple[str, str]:
    """In whose name a letter comes, and who gets the answer to it: who did it, or who arranges a meeting; else the team.

    A meeting of a pair or a group is none of the careers team's business. One of a careers case comes in the team's name,
    and the trainee who answers it reaches the counsellor, while there is one.
    """
    subject = situation.subject
    if told.from_actor:
        return situation.by.name, situation.by.email
    if isinstance(subject, Poll) or (isinstance(subject, Meeting) and subject.referral_id is None):
        return subject.organiser.name, subject.organiser.email
    team_name, addresses = TEAMS[told.of]
    is_for_another = isinstance(subject, Meeting) and reader.address != subject.organiser.email
    if is_for_another and acts_as(subject.organiser, Role.COUNSELLOR):
        return getattr(ours, team_name), subject.organiser.email
    return getattr(ours, team_name), next(iter(addresses()), "")


def _without_repeats(recipients: list[Recipient]) -> list[Recipient]:
    """Nobody twice in one message: the first mention stays."""
    seen: dict[str, Recipient] = {}
    for recipient in recipients:
        seen.setdefault(recipient.person.address, recipient)
    return list(seen.values())


def quoted(text: str) -> str:
    """Somebody's own words, marked as theirs, so that they cannot pass for the site's."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def as_html(text: str) -> str:
    """The HTML part of a letter, made from its text: paragraphs, lists, quotations, and links that stand alone on a line."""
    blocks = [_block(block) for block in re.split(r"\n{2,}", text.strip())]
    body = Markup("\n").join(blocks)
    return Markup(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Signpost</title></head>\n'
        '<body style="font-family: Arial, sans-serif; font-size: 16px; line-height: 1.5; color: #212b32; max-width: 38em">\n'
        "{}\n</body></html>\n"
    ).format(body)


def _block(block: str) -> Markup:
    lines = block.splitlines()
    if all(line.startswith(">") for line in lines):
        inner = Markup("<br>\n").join(escape(line[1:].strip()) for line in lines)
        return Markup(
            '<blockquote style="border-left: 4px solid #aeb7bd; margin-left: 0; padding-left: 1em">{}</blockquote>'
        ).format(inner)
    if all(line.startswith("* ") for line in lines):
        items = Markup("\n").join(Markup("<li>{}</li>").format(line[2:]) for line in lines)
        return Markup("<ul>\n{}\n</ul>").format(items)
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(_line(line) for line in lines))


def _line(line: str) -> Markup:
    if re.fullmatch(r"https?://[^\s<>\"]+", line):
        return Markup('<a href="{0}">{0}</a>').format(line)
    return escape(line)


environment = Environment(
    loader=FileSystemLoader(Path(ROOT) / "templates" / "emails"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701  plain text: the HTML part is escaped in `as_html`
)
environment.filters.update(
    quoted=quoted, day=formatting.day, weekday=formatting.weekday, clock_time=formatting.clock_time
)
