"""Copying the whole database out, into a scratch database to look at, and back: on SQLite and on PostgreSQL.

SQLite copies itself, in one step and as of one moment, whoever writes meanwhile. For PostgreSQL its own programs do it:
`pg_dump`, `pg_restore` and `psql`.
"""

import os
import secrets
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from models import TABLES
from signpost.backup_file import Holds
from signpost.database import postgres_parameters, sqlite_path

SECONDS_TO_WAIT = 10

Run = Callable[[str], list[Any]]


class CannotCopy(ValueError):
    """Why the database cannot be copied, in one line."""


class Copies(Protocol):
    """The ways to copy one kind of database."""

    engine: str
    part: str

    def take(self, to: Path) -> Holds:
        """Copy the database to a file as it is at this moment. Gives what it holds, counted at the same moment."""

    def scratch(self, copy: Path) -> Any:
        """A context manager: the URL of a database of its own into which the copy was loaded, gone afterwards."""

    def look(self, url: str) -> Holds:
        """What the database of a URL holds, once it was found to be sound. Raises CannotCopy where it is not."""

    def put_in_place(self, url: str, folder: Path) -> None:
        """Make our database what the one of this URL is, all at once or not at all."""


def of(url: str) -> Copies:
    return SqliteCopies(url) if url.startswith("sqlite:///") else PostgresCopies(url)


def _holds(run: Run, tables: list[str]) -> Holds:
    counts = {name: run(f'SELECT count(*) FROM "{name}"')[0][0] for name in tables}  # noqa: S608
    migrations = [name for (name,) in run("SELECT name FROM schema_migration ORDER BY name")]
    ((n, mac),) = run("SELECT n, mac FROM audit_head")
    return Holds(counts=counts, migrations=migrations, audit_n=n, audit_mac=mac)


class SqliteCopies:
    engine = "sqlite"
    part = "database.sqlite3"

    def __init__(self, url: str) -> None:
        self.path = sqlite_path(url)

    def take(self, to: Path) -> Holds:
        with _sqlite_words(), closing(_opened(self.path)) as ours, closing(_opened(to)) as copy:
            ours.execute("BEGIN")
            found = self._holds(ours)
            _in_one_step(ours, copy)
            ours.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode = delete")
        return found

    @contextmanager
    def scratch(self, copy: Path) -> Iterator[str]:
        yield f"sqlite:///{copy}"

    def look(self, url: str) -> Holds:
        with _sqlite_words(), closing(_opened(sqlite_path(url))) as opened:
            ((answer,), *_) = opened.execute("PRAGMA integrity_check").fetchall()
            if answer != "ok":
                raise CannotCopy(f"The database is damaged. SQLite says: {answer}")
            if opened.execute("PRAGMA foreign_key_check").fetchone():
                raise CannotCopy("The database is damaged: it has a row that names another one which is not there.")
            return self._holds(opened)

    def put_in_place(self, url: str, folder: Path) -> None:
        """SQLite writes it as one transaction: whoever has our database open sees the old one or the new one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        with _sqlite_words(), closing(_opened(sqlite_path(url))) as scratch, closing(_opened(self.path)) as ours:
            scratch.execute("PRAGMA journal_mode = delete")
            ours.execute("PRAGMA synchronous = full")
            ours.execute("PRAGMA secure_delete = on")
            _in_one_step(scratch, ours)
            ours.execute("PRAGMA journal_mode = wal")
            ours.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _holds(self, opened: sqlite3.Connection) -> Holds:
        def run(sql: str) -> list[Any]:
            return opened.execute(sql).fetchall()

        tables = run("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        return _holds(run, [name for (name,) in tables])


def _in_one_step(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy everything at once. Left to itself SQLite's backup would wait for ever where somebody writes to the target."""
    until = time.monotonic() + SECONDS_TO_WAIT

    def give_up(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise CannotCopy("The site or a worker is writing to the database: stop them first.")

    source.backup(target, progress=give_up)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=SECONDS_TO_WAIT, isolation_level=None)


@contextmanager
def _sqlite_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as problem:
        busy = "The site or a worker is using the database: stop them first. " if "locked" in str(problem) else ""
        raise CannotCopy(f"{busy}SQLite says: {problem}") from None


class PostgresCopies:
    engine = "postgresql"
    part = "database.dump"

    # What an address may say, and how PostgreSQL's programs want to be told. A password never stands in a command.
    VARIABLES = {
        "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "database": "PGDATABASE",
        "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
        "passfile": "PGPASSFILE", "service": "PGSERVICE",
    }  # fmt: skip

    def __init__(self, url: str) -> None:
        self.url = url

    def take(self, to: Path) -> Holds:
        with closing(self._connected(self.url)) as opened:
            opened.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            found = self._holds(opened)
            ((moment,),) = opened.execute("SELECT pg_export_snapshot()").fetchall()
            self._run("pg_dump", *self._plain, "--format=custom", f"--snapshot={moment}", f"--file={to}")
        return found

    @contextmanager
    def scratch(self, copy: Path) -> Iterator[str]:
        import psycopg

        name = f"signpost_check_{secrets.token_hex(6)}"
        with closing(self._connected(self.url)) as opened:
            try:
                opened.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            except psycopg.errors.InsufficientPrivilege:
                raise CannotCopy(
                    "A backup is tried out in a database of its own, which this role may not make: "
                    "ALTER ROLE … CREATEDB, as an administrator of the server."
                ) from None
        url = urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))
        try:
            self._run("pg_restore", *self._plain, "--exit-on-error", f"--dbname={name}", str(copy))
            yield url
        finally:
            with closing(self._connected(self.url)) as opened:
                opened.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def look(self, url: str) -> Holds:
        """Loading it has built each index and checked each key already."""
        with closing(self._connected(url)) as opened:
            return self._holds(opened)

    def put_in_place(self, url: str, folder: Path) -> None:
        clearing, content = folder / "clear.sql", folder / "content.sql"
        scratch = urlsplit(url).path.removeprefix("/")
        self._run("pg_dump", *self._plain, f"--file={content}", f"--dbname={scratch}")
        with closing(self._connected(self.url)) as opened:
            clearing.write_text(self._clearing(opened, self._tables(opened)))
        scripts = (f"--file={clearing}", f"--file={content}")
        self._run(
            "psql", "--no-psqlrc", "--no-password", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *scripts
        )

    # Whoever restores owns what is restored; and nothing waits at a prompt.
    _plain = ("--no-owner", "--no-privileges", "--no-password")

    def _clearing(self, opened: Any, tables: list[str]) -> str:
        """What takes our tables and functions away, and nothing of anybody else's. It waits ten seconds at most."""
        ours = {table._meta.table_name for table in TABLES} | {"schema_migration"}
        functions = opened.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
            "AND proname = 'audit_only_grows'"
        )
        lines = [f"SET lock_timeout = '{SECONDS_TO_WAIT}s';"]
        lines += [f'DROP TABLE "{name}" CASCADE;' for name in tables if name in ours]
        lines += [f"DROP FUNCTION {name} CASCADE;" for (name,) in functions]
        return "\n".join(lines) + "\n"

    def _holds(self, opened: Any) -> Holds:
        return _holds(lambda sql: opened.execute(sql).fetchall(), self._tables(opened))

    def _tables(self, opened: Any) -> list[str]:
        found = opened.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        return [name for (name,) in found]

    def _connected(self, url: str) -> Any:
        import psycopg

        said = postgres_parameters(url)
        name = said.pop("database")
        try:
            return psycopg.connect(dbname=name, autocommit=True, **said)
        except psycopg.OperationalError as problem:
            raise CannotCopy(str(problem)) from None

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs, told by its environment where our database is. Raises CannotCopy."""
        said = postgres_parameters(self.url)
        told = {variable: str(said[name]) for name, variable in self.VARIABLES.items() if name in said}
        ended = subprocess.run(  # noqa: S603
            [self._found(program), *arguments], env={**os.environ, **told}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ended.returncode:
            lines = [line for line in ended.stderr.splitlines() if "error" in line.lower()] or ended.stderr.splitlines()
            words = lines[0] if lines else "it failed"
            in_use = "The site or a worker is using the database: stop them first. " if "lock timeout" in words else ""
            raise CannotCopy(f"{in_use}{program}: {words}")

    def _found(self, program: str) -> str:
        """The newest of its kind: an older one than the server's cannot read it."""
        installed = sorted(
            Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]), reverse=True
        )
        found = str(installed[0]) if installed else shutil.which(program)
        if not found:
            raise CannotCopy(f"{program} is not installed. On Debian and Ubuntu: apt-get install postgresql-client")
        return found
