"""Opening the database as it must be opened, and bringing its tables up to date."""

from pathlib import Path
from typing import Any

from peewee import Database, SqliteDatabase
from playhouse.db_url import connect
from playhouse.migrations import Runner

from models import db
from signpost.config import ROOT
from signpost.errors import ConfigurationError

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


def open_database(url: str) -> Database:
    """Make the database of this URL the one that `models` uses. Raises ConfigurationError for any other kind."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path = path if path.is_absolute() else ROOT / path
        path.parent.mkdir(parents=True, exist_ok=True)
        # IMMEDIATE: a transaction that reads and then writes waits for its turn instead of failing with "locked".
        database: Database = SqliteDatabase(path, pragmas=SQLITE_PRAGMAS, lock_type="IMMEDIATE", autoconnect=False)
    elif url.startswith("postgresql://"):
        pooled = url.replace("postgresql://", "postgresql+pool://", 1)
        database = connect(
            pooled, prefer_psycopg3=True, autoconnect=False, max_connections=8, stale_timeout=300, timeout=10
        )
    else:
        raise ConfigurationError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    db.initialize(database)
    return database


def is_sqlite() -> bool:
    return isinstance(db.obj, SqliteDatabase)


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


def upgrade() -> list[str]:
    """Apply the migrations that are still to be applied, in order. Gives their names."""
    applied: list[str] = Runner(db.obj, str(MIGRATIONS)).up()
    return applied


def pending() -> list[str]:
    """The names of migrations that are still to be applied."""
    return [step.name for step in Runner(db.obj, str(MIGRATIONS)).status() if not step.applied]
