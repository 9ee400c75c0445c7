"""A migrated database for each test: a file copied, or on PostgreSQL a database made from a template.

The tests run on SQLite, or on the server whose address is in SIGNPOST_TEST_DATABASE (`make test-postgres`).
"""

import itertools
import os
import shutil
from pathlib import Path
from typing import Protocol

import pytest

from models import db
from signpost import database
from tests.postgres_server import ADDRESS

SERVER = os.environ.get(ADDRESS, "")

only_sqlite = pytest.mark.skipif(bool(SERVER), reason="This is about SQLite alone.")
only_postgres = pytest.mark.skipif(not SERVER, reason="This is about PostgreSQL alone: make test-postgres")


class Databases(Protocol):
    """Where tests get their databases from."""

    def new(self, folder: Path, migrated: bool = True) -> str:
        """The URL of a database without records, of one test alone."""

    def drop(self, url: str) -> None: ...


class SqliteFiles:
    def __init__(self, folder: Path) -> None:
        self.template = folder / "signpost.db"
        self.count = itertools.count(1)
        opened = database.open_database(f"sqlite:///{self.template}")
        with opened.connection_context():
            database.upgrade()
            opened.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def new(self, folder: Path, migrated: bool = True) -> str:
        n = next(self.count)
        path = folder / ("signpost.db" if migrated else f"empty{n}.db")
        if migrated:
            shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """The folder goes with its test."""


class PostgresDatabases:
    TEMPLATE = "signpost_template"

    def __init__(self, server: str) -> None:
        import psycopg

        self.server = server.rpartition("/")[0]
        self.count = itertools.count(1)
        self.admin = psycopg.connect(server, autocommit=True)
        self.admin.execute(f"DROP DATABASE IF EXISTS {self.TEMPLATE}")
        self.admin.execute(f"CREATE DATABASE {self.TEMPLATE}")
        opened = database.open_database(f"{self.server}/{self.TEMPLATE}")
        with opened.connection_context():
            database.upgrade()
        opened.close_all()

    def new(self, folder: Path, migrated: bool = True) -> str:
        name = f"signpost_{os.getpid()}_{next(self.count)}"
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {self.TEMPLATE if migrated else 'template0'}")
        return f"{self.server}/{name}"

    def drop(self, url: str) -> None:
        if db.obj is not None and hasattr(db.obj, "close_all"):
            db.obj.close_all()
        self.admin.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")


def of_this_run(folder: Path) -> Databases:
    return PostgresDatabases(SERVER) if SERVER else SqliteFiles(folder)
