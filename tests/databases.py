"""A migrated database for each test: a file copied, or on PostgreSQL a database made from a template.

The tests run on SQLite, or on the server whose address is in SIGNPOST_TEST_DATABASE (`make test-postgres`).
"""

import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import pytest

from models import db
from signpost import clock, database
from tests.postgres_server import ADDRESS

SERVER = os.environ.get(ADDRESS, "")

only_sqlite = pytest.mark.skipif(bool(SERVER), reason="This is about SQLite alone.")
only_postgres = pytest.mark.skipif(not SERVER, reason="This is about PostgreSQL alone: make test-postgres")


class Databases(Protocol):
    """Where tests get their databases from."""

    def new(self, folder: Path, migrated: bool = True) -> str:
        """The URL of a database without records, of one test alone."""

    def fill(self, url: str, like: str) -> None:
        """Put in its place what another holds. Nobody has either of them open."""

    def drop(self, url: str) -> None: ...

    def end(self) -> None: ...


class SqliteFiles:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.template = folder / "template.db"
        self.count = itertools.count(1)
        opened = database.open_database(f"sqlite:///{self.template}")
        with opened.connection_context():
            database.upgrade()
            opened.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def new(self, folder: Path, migrated: bool = True) -> str:
        path = folder / "signpost.db"
        if path.exists() or not migrated:
            path = folder / f"signpost{next(self.count)}.db"
        if migrated:
            shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def fill(self, url: str, like: str) -> None:
        shutil.copyfile(like.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))

    def drop(self, url: str) -> None:
        """The folder goes with its test."""

    def end(self) -> None: ...


class PostgresDatabases:
    def __init__(self, server: str) -> None:
        import psycopg

        self.template = f"signpost_template_{os.getpid()}"
        self.server = server.rpartition("/")[0]
        self.count = itertools.count(1)
        self.admin = psycopg.connect(server, autocommit=True)
        # Where nothing is synced to the disk, copying the files takes half as long as writing them to the log.
        self.strategy = "STRATEGY file_copy" if self.admin.info.server_version >= 150_000 else ""
        self.admin.execute(f"DROP DATABASE IF EXISTS {self.template}")
        self.admin.execute(f"CREATE DATABASE {self.template}")
        opened = database.open_database(f"{self.server}/{self.template}")
        with opened.connection_context():
            database.upgrade()
        opened.close_all()

    def new(self, folder: Path, migrated: bool = True) -> str:
        name = f"signpost_{os.getpid()}_{next(self.count)}"
        self._create(name, self.template if migrated else "template0")
        return f"{self.server}/{name}"

    def fill(self, url: str, like: str) -> None:
        self.drop(url)
        self._create(url.rpartition("/")[2], like.rpartition("/")[2])

    def _create(self, name: str, like: str) -> None:
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {like} {self.strategy}")

    def drop(self, url: str) -> None:
        self.admin.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def end(self) -> None:
        import psycopg

        with suppress(psycopg.OperationalError):  # of a server that was killed meanwhile
            self.admin.execute(f"DROP DATABASE {self.template}")
        self.admin.close()


class Kept:
    """A database that was filled once, with its anchor and the moment then: tests begin with copies of it."""

    def __init__(self, databases: Databases, url: str, anchor: Path) -> None:
        """Keep the database that is open. Nobody opens it again."""
        self.databases, self.url, self.anchor, self.moment = databases, url, anchor, clock.now()
        close(db.obj)

    def copy_to(self, url: str, anchor: Path) -> None:
        """Fill a database that nobody has open, and believe that it is the moment then."""
        self.databases.fill(url, self.url)
        for file in self.anchor.parent.glob(f"{self.anchor.name}*"):
            shutil.copyfile(file, anchor.with_name(file.name.replace(self.anchor.name, anchor.name)))
        clock.set_to(self.moment)


def close(opened: Any) -> None:
    """Close every connection of a database, those of other threads included where there is a pool."""
    if hasattr(opened, "close_all"):
        opened.close_all()
    elif not opened.is_closed():
        opened.close()


@contextmanager
def somebody_else_is_writing(url: str) -> Iterator[None]:
    """For the length of a block another connection is in the middle of a writing transaction; ours waits 50 ms at most."""
    db.connect(reuse_if_open=True)
    if database.is_sqlite():
        db.execute_sql("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        import psycopg

        db.execute_sql("SET lock_timeout = '50ms'")
        other = psycopg.connect(url)
        other.execute(f"SELECT pg_advisory_xact_lock({database.ONE_WRITER})")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def of_this_run(folder: Path) -> Databases:
    return PostgresDatabases(SERVER) if SERVER else SqliteFiles(folder)
