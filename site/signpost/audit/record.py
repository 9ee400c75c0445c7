"""Adding an entry to the audit, and verifying the whole."""

import json
import logging
from collections.abc import Iterator
from typing import Any

from peewee import PeeweeException

from models import AuditEntry, AuditHead, db
from signpost import clock
from signpost.audit import anchor, chain
from signpost.config import running
from signpost.database import is_sqlite, one_moment
from signpost.request_id import request_id

log = logging.getLogger(__name__)

# Facts that are somebody's own words, or an address: they stand in the history of a case, for those it is for, and go with
# it. The audit stays whole for ever, so it never has them.
WORDS_OF_PEOPLE = {"reason", "why", "words", "name", "title", "address", "email", "former"}


def add(action: str, *, actor: str, acting_as: str, record: str, facts: dict[str, Any]) -> None:
    """Append one entry inside the caller's transaction. Facts name things by id: never what somebody wrote."""
    config = running()
    query = AuditHead.select().where(AuditHead.id == 1)
    head = (query if is_sqlite() else query.for_update()).get()
    entry = chain.Entry(
        n=head.n + 1,
        at=clock.now().isoformat(),
        actor=actor,
        acting_as=acting_as,
        action=action,
        record=record,
        facts_json=json.dumps(
            {name: value for name, value in facts.items() if name not in WORDS_OF_PEOPLE},
            ensure_ascii=False,
            sort_keys=True,
        ),
        request_id=request_id.get(),
    )
    mac = chain.mac(entry, head.mac or chain.FIRST, config.audit_key)
    AuditEntry.insert(**vars(entry), mac=mac).execute()
    AuditHead.update(n=entry.n, mac=mac).where(AuditHead.id == 1).execute()
    db.obj.after_commit(lambda: _anchor(entry.n, mac))


def _anchor(n: int, mac: str) -> None:
    """Move the anchor on to an entry that was committed: one of a part that was rolled back is not there."""
    try:
        if _still_there(n, mac):
            anchor.move_on(running().audit_anchor, n, mac, _still_there)
    except (OSError, PeeweeException):
        # What was done is done and recorded: `/readyz` says that the anchor stays behind, until a later entry moves it.
        log.exception("audit anchor not written")


def is_anchored() -> bool:
    """Whether the anchor stands at the last entry."""
    head = AuditHead.get_by_id(1)
    try:
        return head.n == 0 or anchor.read(running().audit_anchor) == (head.n, head.mac)
    except (OSError, ValueError):
        return False


def _still_there(n: int, mac: str) -> bool:
    return AuditEntry.select().where((AuditEntry.n == n) & (AuditEntry.mac == mac)).exists()


def verify() -> tuple[int, chain.Break | None]:
    """Walk the whole audit. Gives how many entries there are and the first break, or None where it holds."""
    broken = first_break(anchor.read(running().audit_anchor))
    return AuditHead.get_by_id(1).n, broken


def first_break(anchored: tuple[int, str] | None) -> chain.Break | None:
    """Walk the whole audit, as it is at one moment, against what was anchored before it, or by itself alone."""
    with one_moment():
        head = AuditHead.get_by_id(1)
        return chain.first_break(_entries(), (head.n, head.mac), anchored, running().audit_key)


def _entries() -> Iterator[tuple[chain.Entry, str]]:
    columns = (
        AuditEntry.n, AuditEntry.at, AuditEntry.actor, AuditEntry.acting_as, AuditEntry.action,
        AuditEntry.record, AuditEntry.facts_json, AuditEntry.request_id, AuditEntry.mac,
    )  # fmt: skip
    for row in AuditEntry.select(*columns).order_by(AuditEntry.n).tuples().iterator():
        yield chain.Entry(*row[:-1]), row[-1]
