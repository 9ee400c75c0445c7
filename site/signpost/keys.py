"""The keys of NOTES_KEYS and the records: whether they open them, and sealing everything with the newest one.

What is sealed is found by walking the tables, so that a table that comes later is covered without a line here.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from peewee import Expression, PeeweeException, fn
from playhouse.pool import PooledDatabase

from models import TABLES, KeyProof, Table, db
from signpost.errors import ConfigurationError
from signpost.fields import Sealed, SealedTextField
from signpost.sealing import CannotUnseal, keyring

log = logging.getLogger(__name__)

BATCH = 100
MOST_PASSES = 20

WORDS = "Sealed with a key of this site."
WRONG = (
    "NOTES_KEYS: none of these keys opens what is sealed in this database. Put back the keys it was sealed with. "
    "Nothing was changed."
)
# Only once everything else was sealed again may the proof be: while it names an old key, nobody takes that key out.
LAST = KeyProof


# Do the keys open what is there?


def check() -> None:
    """Refuse keys that do not open the records: before anything is sealed with them. Raises ConfigurationError."""
    there = set(db.get_tables())
    try:
        if KeyProof._meta.table_name in there and (proof := KeyProof.select().first()):
            _ = proof.words
            return
        for table, field in columns():
            if table._meta.table_name in there:
                newest = table.select().where(field.is_null(False)).order_by(table._meta.primary_key.desc()).first()
                _ = newest and getattr(newest, field.name)
    except CannotUnseal:
        raise ConfigurationError(WRONG) from None


def check_at_start() -> None:
    """The same for the site. A database that is away for the moment is asked when it is there: by what needs a key."""
    try:
        db.connect(reuse_if_open=True)
        check()
    except PeeweeException as problem:
        log.warning("keys not checked", extra={"trouble": type(problem).__name__})
    finally:
        # Really closed: the processes of the web server, which begin now, may not share a connection.
        if isinstance(db.obj, PooledDatabase):
            db.obj.manual_close()
        elif not db.is_closed():
            db.close()


def leave_proof() -> None:
    """Where the tables were just made, seal one row by which keys are told from others ever after."""
    check()
    with db.atomic():
        if not KeyProof.select().exists():
            KeyProof.create(words=WORDS)


# Everything onto the newest key


@dataclass
class Resealed:
    """How many values were sealed again; of those left, how many an old key sealed and how many no key opens."""

    done: int = 0
    left: int = 0
    unreadable: int = 0


def columns() -> list[tuple[type[Table], SealedTextField]]:
    """Every sealed column of every table, the proof of the keys last."""
    tables = sorted(TABLES, key=lambda table: table is LAST)
    return [(table, field) for table in tables for field in table._meta.sorted_fields if is_sealed(field)]


def is_sealed(field: Any) -> bool:
    return isinstance(field, SealedTextField)


def left() -> int:
    """How many values are sealed with another key than the newest."""
    return sum(_count(table, field) for table, field in columns())


def reseal() -> Resealed:
    """Seal everything again that an old key sealed, a few rows at a time, while the site goes on.

    A value is only replaced while it is still the one that was read, so whoever writes meanwhile is never overwritten.
    Stopped at any moment it has done a part, and goes on from there when it is called again.
    """
    found = Resealed()
    for _ in range(MOST_PASSES):
        before, found.unreadable = found.done, 0
        for table, field in columns():
            if table is LAST and any(_count(*one) for one in columns() if one[0] is not LAST):
                break
            for row in _old_rows(table, field):
                _seal_again(row, field, found)
        if found.done == before:
            break
    found.left = left()
    return found


def _count(table: type[Table], field: SealedTextField) -> int:
    return int(table.select().where(_is_old(field)).count())


def _is_old(field: SealedTextField) -> Expression:
    """Whether a value is there that another key than the newest sealed."""
    newest = keyring.newest
    return field.is_null(False) & (fn.substr(field, 1, len(newest)) != Sealed(newest))


def _old_rows(table: type[Table], field: SealedTextField) -> Iterator[Table]:
    """The rows with an old value in this column, by their number, so that each is met once in a pass."""
    key, last = table._meta.primary_key, 0
    while True:
        query = table.select().where((key > last) & _is_old(field)).order_by(key).limit(BATCH)
        rows = list(query)
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1]._pk


def _seal_again(row: Any, field: SealedTextField, found: Resealed) -> None:
    table, old = type(row), row.__data__[field.name]
    try:
        new = field.sealed_for(row, field.opened_in(row, old))
    except CannotUnseal:
        found.unreadable += 1
        return
    with db.atomic():
        still = (table._meta.primary_key == row._pk) & (field == old)
        found.done += table.update({field: new}).where(still).execute()
