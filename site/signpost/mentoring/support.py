"""The signposting directory: where else to turn, for everybody or for one trust (D12). The team edits it."""

from dataclasses import dataclass

from models import Employer, SupportContact, SupportTopic, User, db
from signpost import changes
from signpost.errors import RuleBroken
from signpost.events import record

CHANGED = "Somebody changed this line while you were looking at it. Look at it again."


@dataclass(frozen=True)
class Line:
    topic: SupportTopic
    employer: Employer | None
    name: str
    words: str = ""
    web_address: str = ""
    email: str = ""
    phone: str = ""


def add(line: Line, by: User) -> SupportContact:
    """Put a line into the directory. The same line again is the same line."""
    _refuse(line)
    with db.atomic():
        there: SupportContact | None = SupportContact.get_or_none(**_same(line))
        if there is not None:
            return there
        made: SupportContact = SupportContact.create(**vars(line))
        record("support_contact.changed", by=by, about=made, facts={"added": True})
    return made


def change(contact: SupportContact, version: int, line: Line, by: User) -> None:
    _refuse(line)
    with db.atomic():
        changes.change(contact, version, CHANGED, **vars(line))
        record("support_contact.changed", by=by, about=contact)


def remove(contact: SupportContact, by: User) -> None:
    with db.atomic():
        if SupportContact.delete().where(SupportContact.id == contact.id).execute():
            record("support_contact.changed", by=by, about=contact, facts={"removed": True})


def _same(line: Line) -> dict[str, object]:
    return {"employer": line.employer, "topic": line.topic, "name": line.name, "web_address": line.web_address}


def _refuse(line: Line) -> None:
    if not (line.words or line.web_address or line.email or line.phone):
        raise RuleBroken("Enter at least one of what it is for, a web address, an email address or a telephone number.")
