"""Somebody with the database in their hands changes the audit, and hides it as well as they can: it is found (G21).

They know how the chain is made and renumber what they must; whoever replaces all of it even has the key. What they cannot
reach is the anchor, a file elsewhere.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from models import AuditEntry, AuditHead, db
from signpost import create_app
from signpost.audit import chain, record
from signpost.config import running
from tests import databases
from tests.databases import Databases
from tests.reliability.counts import Counts, counted
from tests.reliability.site import a_config
from tests.tampering import take_guards_away

PLACES = 50
AT_ONCE = 500


def tampered(made: Databases, folder: Path, large: bool) -> Counts:
    """Six ways at fifty places each of a long audit, one after the other, each taken back."""
    entries = 10_000 if large else 200
    create_app(a_config(folder, made.new(folder), mail_port=9))
    opened = db.obj
    opened.connect(reuse_if_open=True)
    try:
        write(entries)
        began = time.perf_counter()
        holds = record.verify() == (entries, None)
        seconds = time.perf_counter() - began
        keep()
        found = {way.__name__: sum(is_found(way, place) for place in places(entries)) for way in WAYS}
        still_holds = record.verify() == (entries, None)
    finally:
        databases.close(opened)
    tried = PLACES * len(WAYS)
    return counted(
        "audit tampered with",
        {"unnoticed": tried - sum(found.values()), "false_alarms": (not holds) + (not still_holds)},
        entries=entries, tried=tried, **found, rows_a_second=round(entries / seconds),
    )  # fmt: skip


def write(entries: int) -> None:
    for begin in range(0, entries, AT_ONCE):
        with db.atomic():
            for n in range(begin, min(entries, begin + AT_ONCE)):
                record.add("person.signed_in", actor=f"user:{n:08}", acting_as="trainee", record="", facts={"n": n})


def places(entries: int) -> list[int]:
    """Fifty numbers, from the second entry to the last but one."""
    return [2 + step * (entries - 4) // (PLACES - 1) for step in range(PLACES)]


def is_found(way: Callable[[int], None], place: int) -> bool:
    with db.atomic():
        way(place)
    _, broken = record.verify()
    with db.atomic():
        for table in ("audit_entry", "audit_head"):
            db.execute_sql(f"DELETE FROM {table}")  # noqa: S608
            db.execute_sql(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # noqa: S608
    return broken is not None


def keep() -> None:
    """Put copies beside the tables, from which `is_found` takes back what was done."""
    take_guards_away()
    for table in ("audit_entry", "audit_head"):
        db.execute_sql(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608


# What they do


def edited(place: int) -> None:
    AuditEntry.update(actor="user:somebody").where(AuditEntry.n == place).execute()


def deleted(place: int) -> None:
    AuditEntry.delete().where(AuditEntry.n == place).execute()
    renumber(place + 1, -1)


def inserted(place: int) -> None:
    renumber(place, 1)
    forged = replace(entry(place + 1), n=place, actor="user:somebody")
    AuditEntry.insert(**vars(forged), mac=chain.mac(forged, mac(place - 1), "another key")).execute()


def swapped(place: int) -> None:
    first, second = stored(place), stored(place + 1)
    for n, said in ((place, second), (place + 1, first)):
        AuditEntry.update(said | {"n": n}).where(AuditEntry.n == n).execute()


def cut_off(place: int) -> None:
    AuditEntry.delete().where(AuditEntry.n >= place).execute()
    AuditHead.update(n=place - 1, mac=mac(place - 1)).execute()


def replaced(place: int) -> None:
    """A chain of their own up to here, made with the right key, and nothing after it."""
    before = chain.FIRST
    AuditEntry.delete().where(AuditEntry.n > place).execute()
    for n in range(1, place + 1):
        forged = replace(entry(n), actor="user:somebody")
        before = chain.mac(forged, before, running().audit_key)
        AuditEntry.update(actor=forged.actor, mac=before).where(AuditEntry.n == n).execute()
    AuditHead.update(n=place, mac=before).execute()


WAYS = (edited, deleted, inserted, swapped, cut_off, replaced)


def renumber(begin: int, by: int) -> None:
    """Move the numbers from here to the end, by way of those below zero, which nothing has."""
    AuditEntry.update(n=(AuditEntry.n + by) * -1).where(AuditEntry.n >= begin).execute()
    AuditEntry.update(n=AuditEntry.n * -1).where(AuditEntry.n < 0).execute()
    last = AuditEntry.select().order_by(AuditEntry.n.desc()).get()
    AuditHead.update(n=last.n, mac=last.mac).execute()


def stored(n: int) -> dict[str, object]:
    return dict(AuditEntry.select().where(AuditEntry.n == n).dicts().get())


def entry(n: int) -> chain.Entry:
    said = stored(n)
    del said["mac"]
    return chain.Entry(**said)


def mac(n: int) -> str:
    return str(AuditEntry.get(AuditEntry.n == n).mac)
