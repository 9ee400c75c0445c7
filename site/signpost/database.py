"""Opening the database as it must be opened, bringing its tables up to date, and telling what is wrong with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from peewee import Database, OperationalError, PeeweeException, SqliteDatabase
from playhouse.db_url import parse
from playhouse.migrations import Runner
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

from models import db
from signpost.config import ROOT
from signpost.errors import ConfigurationError
from signpost.turns import SqliteInTurn

MIGRATIONS = ROOT / "migrations"

SQLITE_PRAGMAS: dict[str, Any] = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "secure_delete": 1,
    "cache_size": -16_000,
}
SQLITE_MUST_BE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "secure_delete": 1,
}

# More than a process has threads; it opens only as many as are used at once, and keeps each for five minutes.
POOL = {"max_connections": 20, "stale_timeout": 300, "timeout": 10}
# A server that has gone is noticed within seconds. Nobody waits longer for a lock than with SQLite, and nobody who has
# stopped in the middle of a transaction keeps the others waiting for ever. The address may say otherwise (`?name=…`).
POSTGRES: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
}
# Any numbers, the same for everybody who uses this database.
UPGRADE_LOCK = 7_316_552_031
ONE_WRITER = 7_316_552_032

# What lies outside of us and may pass: busy, locked, read-only, trouble with the disk, full, cannot be opened.
PASSING_IN_SQLITE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
}  # fmt: skip


class Pool(PooledPostgresqlDatabase):
    """Connections to PostgreSQL, whose transactions take turns as SQLite's IMMEDIATE ones do.

    So whoever looks first and then writes sees what everybody before wrote, on both databases, and nobody waits crosswise.
    It costs little: each transaction adds to the one chain of the audit, for which they would queue anyway. Reads, which
    need no transaction, wait for nobody.
    """

    def begin(self, isolation_level: str | None = None) -> None:
        super().begin(isolation_level)
        try:
            self.execute_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")
        except PeeweeException:
            with suppress(PeeweeException):
                self.rollback()
            raise

    def connect(self, reuse_if_open: bool = False) -> bool:
        """Trouble that passes, as a locked SQLite file is, where no connection is free in time."""
        try:
            return bool(super().connect(reuse_if_open))
        except MaxConnectionsExceeded as full:
            raise OperationalError("no connection to the database was free in time") from full


def open_database(url: str) -> Database:
    """Make the database of this URL the one that `models` uses. Raises ConfigurationError for any other kind."""
    if url.startswith("sqlite:///"):
        path = sqlite_path(url)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise ConfigurationError(f"DATABASE_URL: the database cannot be opened ({problem}).") from None
        # IMMEDIATE: a transaction that reads and then writes waits for its turn instead of failing with "locked".
        database: Database = SqliteInTurn(path, pragmas=SQLITE_PRAGMAS, lock_type="IMMEDIATE", autoconnect=False)
    elif url.startswith("postgresql://"):
        database = _pool(url)
    else:
        raise ConfigurationError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    db.initialize(database)
    return database


def sqlite_path(url: str) -> Path:
    path = Path(url.removeprefix("sqlite:///"))
    return path if path.is_absolute() else ROOT / path


def _pool(url: str) -> Database:
    if find_spec("psycopg") is None:
        raise ConfigurationError(
            "DATABASE_URL is a PostgreSQL database, whose driver is not installed: "
            "pip install -r requirements-postgres.txt"
        )
    try:
        said = parse(url, unquote_user=True, unquote_password=True)
    except ValueError:
        said = {}
    if not said.get("database"):
        raise ConfigurationError("DATABASE_URL must read postgresql://user:password@host/database.")
    _search_for_nul_and_find_nothing()
    return Pool(**{**POSTGRES, **POOL, **said, "autoconnect": False, "prefer_psycopg3": True})


@cache
def _search_for_nul_and_find_nothing() -> None:
    """PostgreSQL's text cannot hold the character NUL, and an address that asks for it would be an error of ours.

    No form lets it through. Where an address brings it, another that stands nowhere is looked for, as with SQLite.
    """
    import psycopg
    from psycopg.types.string import StrDumperUnknown

    class Text(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    psycopg.adapters.register_dumper(str, Text)


def postgres_parameters(url: str) -> dict[str, Any]:
    """What the URL of a PostgreSQL database says to its driver, without what it says to our pool."""
    said = parse(url, unquote_user=True, unquote_password=True)
    return {name: value for name, value in said.items() if name not in POOL}


def is_sqlite() -> bool:
    return isinstance(db.obj, SqliteDatabase)


def forget_journal() -> None:
    """Bring what SQLite has in its journal into the database, and empty the journal; PostgreSQL keeps its own."""
    if is_sqlite() and not db.obj.in_transaction():
        db.obj.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def check_settings() -> None:
    """Refuse a SQLite connection that is not as durable and as strict as it must be. Raises ConfigurationError."""
    if is_sqlite():
        for pragma, wanted in SQLITE_MUST_BE.items():
            found = db.obj.pragma(pragma)
            if found != wanted:
                raise ConfigurationError(f"SQLite's {pragma} is {found}, but it must be {wanted}.")


def release() -> None:
    """Give the connection back after a request. SQLite keeps one open for each thread: opening costs more than a page."""
    if not is_sqlite() and not db.is_closed():
        db.close()


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read in this block is of one moment, whoever writes meanwhile. Nothing is written in it."""
    if db.obj.in_transaction():
        yield
        return
    if is_sqlite():
        db.execute_sql("BEGIN")
    else:
        db.execute_sql("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        db.execute_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    try:
        yield
    finally:
        db.execute_sql("ROLLBACK")


def is_passing(error: BaseException | None) -> bool:
    """Whether this trouble lies outside of us: nothing was written, and what was asked for may work in a while."""
    return reason(error) != ""


def reason(error: BaseException | None) -> str:
    """What lies behind trouble with the database, for the log; empty where the fault is ours.

    Undoing a transaction that is gone raises an error of its own, so the errors that came before it are asked too.
    """
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        original = error.args[0] if error.args and isinstance(error.args[0], BaseException) else error
        if found := _sqlite_reason(original) or _postgres_reason(original):
            return found
        if isinstance(error, OperationalError) and "locked" in str(error):
            return "locked"
        error = error.__cause__ or error.__context__
    return ""


def _sqlite_reason(error: BaseException) -> str:
    code = getattr(error, "sqlite_errorcode", 0)
    return str(getattr(error, "sqlite_errorname", code)) if code & 0xFF in PASSING_IN_SQLITE else ""


def _postgres_reason(error: BaseException) -> str:
    if isinstance(error, MaxConnectionsExceeded):
        return "no connection free"
    kinds = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    if kinds & {"psycopg.OperationalError", "psycopg.InterfaceError"}:
        return str(getattr(error, "sqlstate", None) or "connection lost")
    return ""


def upgrade() -> list[str]:
    """Apply the migrations that are still to be applied, in order. Gives their names. Two at once take turns."""
    with _one_upgrade_at_a_time():
        applied: list[str] = Runner(db.obj, str(MIGRATIONS)).up()
    return applied


@contextmanager
def _one_upgrade_at_a_time() -> Iterator[None]:
    """On PostgreSQL whoever comes second waits, however long. A SQLite file is used by one machine."""
    if is_sqlite():
        yield
        return
    db.execute_sql("SET lock_timeout = 0")
    db.execute_sql("SELECT pg_advisory_lock(%s)", (UPGRADE_LOCK,))
    db.execute_sql("RESET lock_timeout")
    try:
        yield
    finally:
        db.execute_sql("SELECT pg_advisory_unlock(%s)", (UPGRADE_LOCK,))


def pending() -> list[str]:
    """The names of migrations that are still to be applied."""
    return [step.name for step in Runner(db.obj, str(MIGRATIONS)).status() if not step.applied]


def unknown() -> list[str]:
    """The names of applied migrations of which this code knows nothing: the database is a newer Signpost's."""
    return [step.name for step in Runner(db.obj, str(MIGRATIONS)).status() if step.applied and step.path is None]
