"""The audit as its reader searches it: each entry in words, by keyset, without what is not theirs to know.

What a record says is never here: an entry names it by its id. Entries about complaints are left out for whoever is not on
the complaint's access list, and nothing shows the gap: no number of an entry, no count (C11).
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from peewee import SQL, ModelSelect, fn

from models import AuditEntry, PersonalLink, User
from signpost import clock
from signpost.audit.record import WORDS_OF_PEOPLE
from signpost.fields import PUBLIC_ID_LENGTH, SAYABLE
from signpost.formatting import reference, safe_cell
from signpost.notices.policy import EVENTS

PAGE = 50
MOST_EXPORTED = 50_000
CURSOR = 16
_ID = re.compile(rf"[{SAYABLE}]{{{PUBLIC_ID_LENGTH}}}")
_PLAIN = re.compile(r"[\w.:+-]{1,40}")
COMPLAINTS = "complaint."
WORDS_OF_OURS = {"what"}  # which part of a record was read or written, in words that the site itself has


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What it does not understand falls back to everything."""

    action: str = ""
    person: str = ""
    reference: str = ""
    since: str = ""
    until: str = ""
    before: str = ""
    after: str = ""

    @classmethod
    def read(cls, args: Any) -> "Asked":
        said = {name: str(args.get(name, "")).strip()[:200] for name in cls.__dataclass_fields__}
        said["action"] = said["action"] if said["action"] in actions() else ""
        for name in ("since", "until"):
            said[name] = said[name] if _day(said[name]) else ""
        return cls(**said)

    def address(self, base: str = "/audit", **changes: str) -> str:
        pairs = [(name, value) for name, value in vars(replace(self, **changes)).items() if value]
        return base + (f"?{urlencode(pairs)}" if pairs else "")


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    acting_as: str
    what: str
    record: str
    facts: str
    cursor: str


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    newer: str
    older: str


def actions() -> dict[str, str]:
    """Everything that is recorded, by name and in words; what is about complaints is not offered."""
    return {name: in_words(name) for name in sorted(EVENTS) if not name.startswith(COMPLAINTS)}


def in_words(action: str) -> str:
    """ "referral.assigned" as it is read: Referral assigned."""
    return action.replace(".", " ").replace("_", " ").capitalize()


def page(asked: Asked, open_complaints: Iterable[str] = ()) -> Page:
    """One page, the newest first. `open_complaints`: ids of those that this reader handles."""
    found = _matching(asked, open_complaints)
    if asked.after:
        rows = list(found.where(AuditEntry.n > _at(asked.after)).order_by(AuditEntry.n).limit(PAGE + 1))
        has_newer, has_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if asked.before:
            found = found.where(AuditEntry.n < _at(asked.before))
        rows = list(found.order_by(AuditEntry.n.desc()).limit(PAGE + 1))
        has_newer, has_older = bool(asked.before), len(rows) > PAGE
        rows = rows[:PAGE]
    lines = _lines(rows)
    return Page(
        lines,
        asked.address(before="", after=lines[0].cursor) if lines and has_newer else "",
        asked.address(after="", before=lines[-1].cursor) if lines and has_older else "",
    )


def exported(asked: Asked, open_complaints: Iterable[str] = ()) -> Iterator[str]:
    """All that matches, the newest first, as lines of CSV in which no cell is a formula."""
    yield _csv_line("Moment (UTC)", "Who", "Acting as", "What", "Action", "Record", "Facts", "Seal")
    found = _matching(replace(asked, before="", after=""), open_complaints)
    rows = list(found.order_by(AuditEntry.n.desc()).limit(MOST_EXPORTED))
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        for row, line in zip(part, _lines(part), strict=True):
            yield _csv_line(row.at, line.who, line.acting_as, line.what, row.action, line.record, line.facts, row.mac)


def _csv_line(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


def _matching(asked: Asked, open_complaints: Iterable[str]) -> ModelSelect:
    mine = [f"complaint:{one}" for one in open_complaints]
    found = AuditEntry.select().where(~AuditEntry.action.startswith(COMPLAINTS) | AuditEntry.record.in_(mine))
    if asked.action:
        found = found.where(AuditEntry.action == asked.action)
    if asked.person:
        found = found.where(AuditEntry.actor.in_([f"user:{one.public_id}" for one in people_called(asked.person)]))
    if asked.reference:
        wanted = "".join(character for character in asked.reference.lower() if character.isalnum())
        known = _ID.fullmatch(wanted)
        found = found.where(AuditEntry.record.endswith(f":{wanted}") if known else SQL("1 = 0"))
    if (first := _day(asked.since)) is not None:
        found = found.where(AuditEntry.at >= _begins(first))
    if (last := _day(asked.until)) is not None:
        found = found.where(AuditEntry.at < _begins(last + timedelta(days=1)))
    return found


def people_called(text: str) -> list[User]:
    """Accounts with this in their name, or with this address."""
    named = fn.LOWER(User.name).contains(text.lower()) | (User.email == text.lower())
    return list(User.select().where(named).limit(50))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None


def _begins(day: date) -> str:
    return clock.start_of(day).astimezone(clock.now().tzinfo).isoformat()


def _at(cursor: str) -> ModelSelect:
    """The number of the entry with this seal. Its own number never leaves: gaps would tell of what is left out."""
    seal = cursor if re.fullmatch(rf"[0-9a-f]{{{CURSOR}}}", cursor) else "-"
    return AuditEntry.select(AuditEntry.n).where(AuditEntry.mac.startswith(seal)).limit(1)


def _lines(rows: list[AuditEntry]) -> list[Line]:
    facts = [json.loads(row.facts_json) for row in rows]
    ids = {row.actor.partition(":")[2] for row in rows}
    ids |= {row.record.partition(":")[2] for row in rows if row.record.startswith("user:")}
    ids |= {value for fact in facts for value in fact.values() if isinstance(value, str) and _ID.fullmatch(value)}
    names = dict(User.select(User.public_id, User.name).where(User.public_id.in_(ids)).tuples())
    linked = set(PersonalLink.select(PersonalLink.public_id).where(PersonalLink.public_id.in_(ids)).tuples())
    return [
        Line(
            at=datetime.fromisoformat(row.at),
            who=_who(row.actor, names, linked),
            acting_as=row.acting_as,
            what=in_words(row.action),
            record=_record(row.record, names),
            facts=_facts(fact, names),
            cursor=row.mac[:CURSOR],
        )
        for row, fact in zip(rows, facts, strict=True)
    ]


def _who(actor: str, names: dict[str, str], linked: set[tuple[str]]) -> str:
    kind, _, key = actor.partition(":")
    if kind == "link":
        return "Somebody with a personal link" if (key,) in linked else "Somebody with a personal link that is gone"
    return names.get(key, "Somebody whose account is gone")


def _record(record: str, names: dict[str, str]) -> str:
    kind, _, key = record.partition(":")
    if not key:
        return ""
    if kind == "user":
        return names.get(key, "An account that is gone")
    return f"{kind.replace('_', ' ').capitalize()} {reference(key)}"


def _facts(facts: dict[str, Any], names: dict[str, str]) -> str:
    """What is known besides: names of staff, numbers, days and choices. Nobody's own words."""
    said = []
    for name, value in facts.items():
        if name in WORDS_OF_PEOPLE:
            continue
        values = value if isinstance(value, list) else [value]
        shown = [
            names.get(one, one)
            if isinstance(one, str)
            else "yes"
            if one is True
            else "no"
            if one is False
            else str(one)
            for one in values
            if one is not None and (name in WORDS_OF_OURS or not isinstance(one, str) or _PLAIN.fullmatch(one))
        ]
        if shown:
            said.append(f"{name.replace('_', ' ')}: {', '.join(shown).replace('_', ' ')}")
    return "; ".join(said)
