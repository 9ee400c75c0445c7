"""A whole SQLite database as one value: to show that nothing was written, or exactly what was."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from peewee import ForeignKeyField

from models import TABLES, Table, db
from signpost.fields import PUBLIC_ID_LENGTH, SAYABLE

# Written by looking around: when a signed-in browser was last seen, at most once a minute.
SEEN = {("web_session", "last_seen_at")}

Rows = dict[tuple[str, Any], dict[str, Any]]


class _Known:
    """What was read of a database, and which of its states are the same: until another connection is asked about."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.same: dict[int, int] = {}  # SQLite counts each change, and none of them down when it is undone
        self.hashes: dict[tuple[int, int], str] = {}
        self.rows: tuple[tuple[int, int], Rows] = (-1, -1), {}

    def state(self) -> tuple[int, int]:
        """Two numbers that differ when the rows do: how often others wrote, and what we did."""
        (others,) = self.connection.execute("PRAGMA data_version").fetchone()
        return others, self.same.get(self.connection.total_changes, self.connection.total_changes)


_last: list[_Known] = []


def _known() -> _Known:
    if not _last or _last[0].connection is not db.connection():
        _last[:] = [_Known(db.connection())]
    return _last[0]


def forget() -> None:
    """Read everything again: what was kept may stand no more, or somebody wants to see for themselves."""
    _last.clear()


class Watch:
    """Says whether anything was written, quickly where nothing was."""

    def fingerprint(self) -> str:
        """A hash of every row of every table."""
        known = _known()
        state = known.state()
        if state not in known.hashes:
            known.hashes[state] = _hashed()
        return known.hashes[state]


def _hashed() -> str:
    digest = hashlib.sha256()
    for table in TABLES:
        columns = [column for column in _columns(table) if (_name(table), column) not in SEEN]
        rows = _select(table, columns)
        digest.update(f"{_name(table)}:{len(rows)}:{sorted(map(repr, rows))}".encode())
    return digest.hexdigest()


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written in this block is gone after it."""
    changes = db.connection().total_changes
    with db.atomic() as transaction:
        try:
            yield
        finally:
            transaction.rollback()
            same = _known().same
            same[db.connection().total_changes] = same.get(changes, changes)


def rows() -> Rows:
    """Every row, by table and key."""
    known = _known()
    state = known.state()
    if known.rows[0] == state:
        return known.rows[1]
    found: Rows = {}
    for table in TABLES:
        columns = _columns(table)
        key = columns.index(table._meta.primary_key.column_name)
        for row in _select(table, columns):
            found[_name(table), row[key]] = dict(zip(columns, row, strict=True))
    if not db.in_transaction():
        known.rows = state, found
    return found


def differences(before: Rows, after: Rows) -> list[str]:
    """What changed, in a form that two runs of the same act share: new ids, tokens and moments are not told."""
    if before == after:
        return []
    known = set(before) | {row["public_id"] for row in before.values() if "public_id" in row}
    told = []
    for place in before.keys() | after.keys():
        table, key = place
        old, new = before.get(place), after.get(place)
        if old is None or new is None:
            row = new or old or {}
            said = {column: _plain(table, column, value, known) for column, value in row.items()}
            told.append(f"{table} {'+' if new else '-'} {json.dumps(said, sort_keys=True, default=str)}")
            continue
        told += [
            f"{table} {key} {column} = {_plain(table, column, new[column], known)}"
            for column in new
            if new[column] != old[column] and (table, column) not in SEEN
        ]
    return sorted(told)


_PUBLIC_ID = re.compile(rf"(?i)\b[{SAYABLE}]{{{PUBLIC_ID_LENGTH}}}\b")
# New with every run, or computed from what is.
_NEW_EACH_TIME = {
    *("id", "n", "public_id", "token_hash", "message_id", "dedupe_key", "mac", "request_id", "password_hash"),
    *("uid", "search_words", "account_hash", "network_hash"),
}
_POINTS_AT = {
    (table._meta.table_name, one.column_name): one.rel_model._meta.table_name
    for table in TABLES
    for one in table._meta.sorted_fields
    if isinstance(one, ForeignKeyField)
}


def _plain(table: str, column: str, value: Any, known: set[Any]) -> Any:
    if column in _NEW_EACH_TIME or isinstance(value, bytes | memoryview):
        return "…"
    if value is not None and (column == "at" or column.endswith(("_at", "_until"))):
        return "a moment"
    if (rel := _POINTS_AT.get((table, column))) and value is not None:
        return value if (rel, value) in known else "a new row"
    return (
        _PUBLIC_ID.sub(lambda found: found[0] if found[0].lower() in known else "…", value)
        if isinstance(value, str)
        else value
    )


def _select(table: type[Table], columns: list[str]) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{column}"' for column in columns)
    return list(db.execute_sql(f'SELECT {names} FROM "{_name(table)}"').fetchall())  # noqa: S608  our own tables


@cache
def _columns(table: type[Table]) -> list[str]:
    return [one.column_name for one in table._meta.sorted_fields]


def _name(table: type[Table]) -> str:
    return str(table._meta.table_name)
