"""What was read from the database and is still true: kept until anybody commits anything.

The frame of every page reads the same few rows again and again: settings, the options of the filters, how many stand in
each view. SQLite says in a few microseconds whether the database has changed since (`PRAGMA data_version` for what other
connections committed, `total_changes` for our own), so nothing has to be told to forget, and a change acts on the next
request. PostgreSQL has no such number: there everything is read each time.

Within one request other connections are asked about once: a page is of one moment.
"""

import sqlite3
import threading
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar

from models import db
from signpost.database import is_sqlite

Read = TypeVar("Read", bound=Callable[..., Any])
MOST_KEPT = 500


class _Kept(threading.local):
    """What one thread's connection has read, and the state of the database in which it read it."""

    connection: sqlite3.Connection | None = None
    version: int = 0
    asked_once: bool = False
    in_request: bool = False
    state: tuple[int, int] = (0, 0)
    values: dict[Hashable, Any]


_kept = _Kept()


def kept_until_commit(read: Read) -> Read:
    """Run `read` once for each set of arguments while the database stays as it is. It gives what nobody alters."""

    @wraps(read)
    def wrapper(*arguments: Hashable) -> Any:
        values = _still_true()
        if values is None:
            return read(*arguments)
        key = (read, *arguments)
        if key not in values:
            if len(values) >= MOST_KEPT:
                values.clear()
            values[key] = read(*arguments)
        return values[key]

    return wrapper  # type: ignore[return-value]


def _still_true() -> dict[Hashable, Any] | None:
    """What is kept and still true; None where nothing may be kept: within a transaction, or not on SQLite."""
    if not is_sqlite() or db.obj.in_transaction():
        return None
    connection = db.obj.connection()
    is_another = connection is not _kept.connection
    if is_another or not (_kept.in_request and _kept.asked_once):
        ((_kept.version,),) = db.obj.execute_sql("PRAGMA data_version")
        _kept.asked_once = True
    state = (_kept.version, connection.total_changes)
    if is_another or state != _kept.state:
        _kept.connection, _kept.state, _kept.values = connection, state, {}
    return _kept.values


def begin_request() -> None:
    _kept.in_request, _kept.asked_once = True, False


def end_request() -> None:
    _kept.in_request = False
