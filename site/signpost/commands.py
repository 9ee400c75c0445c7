"""What `flask …` can do. Whatever goes wrong is one line on stderr and an exit code that is not 0."""

import functools
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import click
from flask import Flask
from flask.cli import with_appcontext
from peewee import PeeweeException

from models import AuditEntry, Employer, ReferrerKind, Role, School, Table, db
from signpost import characters, clock, database, due, import_kinds, keys
from signpost.accounts import actions, people, queries, sessions
from signpost.accounts.actions import RoleWanted
from signpost.audit import anchor
from signpost.audit import record as audit
from signpost.config import running
from signpost.errors import ConfigurationError, RuleBroken
from signpost.imports import actions as imports
from signpost.meetings import link_jobs
from signpost.notices import delivery
from signpost.request_id import request_id
from signpost.subject_access import actions as subject_access

log = logging.getLogger(__name__)

Command = TypeVar("Command", bound=Callable[..., Any])

# In seconds that pass, whatever the clock is set to meanwhile.
DUE_PASS_EVERY = 3600.0
SESSIONS_EVERY = 60.0
PAUSE_SECONDS = 0.5
PAUSE_AFTER_TROUBLE_SECONDS = 5.0

AT = click.option("--at", "at", metavar="MOMENT", help="As if it were then: 2027-05-22T09:00, London time.")


class Failed(Exception):
    """The command did not do what it was asked. One line says why."""


def one_line_errors(command: Command) -> Command:
    """What the person at the prompt can act on becomes one line, never a traceback."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (Failed, ConfigurationError, RuleBroken, ValueError) as problem:
            words = str(problem)
        except (PeeweeException, OSError) as problem:
            words = f"{type(problem).__name__}: {problem}"
        raise click.ClickException(words.strip().splitlines()[0] if words.strip() else "It did not work.")

    return with_appcontext(wrapped)  # type: ignore[return-value]


@contextmanager
def tables() -> Iterator[None]:
    """A connection to a database whose tables are up to date. Raises Failed where they are not."""
    with db.connection_context():
        if database.pending():
            raise Failed("The database is not up to date. Run `flask db-upgrade` first.")
        refuse_a_newer_database()
        keys.check()
        yield


def refuse_a_newer_database() -> None:
    if unknown := database.unknown():
        raise Failed(f"The database is a newer Signpost's, which has {unknown[0]}: upgrade this one first.")


def moment(at: str | None) -> datetime:
    return clock.now() if at is None else clock.parse(at)


def configure(app: Flask) -> None:
    for command in (db_upgrade, worker, run_due, audit_verify, user_add, demo, make_backup, restore, reseal):
        app.cli.add_command(command)


@click.command()
@one_line_errors
def db_upgrade() -> None:
    """Bring the tables up to date. Safe to repeat, and safe while another machine does the same."""
    with db.connection_context():
        refuse_a_newer_database()
        applied = database.upgrade()
        keys.leave_proof()
    for name in applied:
        click.echo(f"Applied {name}.")
    if not applied:
        click.echo("The database is up to date.")


@click.command()
@click.option("--once", is_flag=True, help="Send what is due, then stop.")
@AT
@one_line_errors
def worker(once: bool, at: str | None) -> None:
    """Send messages as they fall due, and once an hour do what else falls due, until stopped."""
    if at is not None and not once:
        raise Failed("--at goes with --once.")
    if once:
        with tables(), clock.at(moment(at)):
            people.answer_help()
            link_jobs.do_due()
            subject_access.gather_due()
            imports.go_on(import_kinds.KINDS)
            click.echo(f"Messages tried: {delivery.send_due()}.")
        return
    with tables():
        pass
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    work(stopped)


def work(stopped: threading.Event) -> None:
    """Send and do what falls due, until stopped. Survives whatever goes wrong in one round: the next one tries again."""
    log.info("worker started")
    next_pass = next_sessions = time.monotonic()
    while not stopped.is_set():
        pause = PAUSE_SECONDS
        request_id.set("")
        try:
            with db.connection_context():
                if time.monotonic() >= next_sessions:
                    sessions.end_expired(clock.now())
                    next_sessions = time.monotonic() + SESSIONS_EVERY
                if time.monotonic() >= next_pass:
                    log.info("due pass", extra={"did": due.run(clock.now())})
                    next_pass = time.monotonic() + DUE_PASS_EVERY
                people.answer_help()
                link_jobs.do_due()
                subject_access.gather_due()
                imports.go_on(import_kinds.KINDS)
                delivery.send_due(stopped.is_set)
        except Exception:
            log.exception("worker trouble")
            pause = PAUSE_AFTER_TROUBLE_SECONDS
        stopped.wait(pause)
    log.info("worker stopped")


@click.command()
@AT
@one_line_errors
def run_due(at: str | None) -> None:
    """Do what falls due: reminders, endings, deletions. Safe to repeat."""
    with tables(), clock.at(moment(at)):
        for name, count in due.run(clock.now()).items():
            click.echo(f"{name.capitalize()}: {count}.")


@click.command()
@one_line_errors
def audit_verify() -> None:
    """Check that no entry of the audit was changed, removed, moved or put in. Exit code 1 where one was."""
    with tables():
        if AuditEntry.select().exists() and anchor.read(running().audit_anchor) is None:
            raise Failed("The anchor file (AUDIT_ANCHOR) is missing, so nobody can tell whether the audit was cut off.")
        count, broken = audit.verify()
        resets = anchor.resets(running().audit_anchor, running().audit_key)
    if broken:
        raise Failed(f"The audit is broken at entry {broken.n}. {broken.words}")
    click.echo(f"The audit holds: {count} entries.")
    for reset in resets:
        known = reset.given_up[0] if reset.given_up else 0
        click.echo(f"The anchor was put from entry {known} to entry {reset.head[0]} at {reset.at}: {reset.reason}.")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@one_line_errors
def make_backup(file: Path) -> None:
    """Write a copy of the whole database to FILE, as of one moment, and try it out before it counts.

    It is unpacked into a scratch database; rows are counted, the audit is verified, sealed words are opened. If anything
    fails there is no FILE. The site may go on meanwhile.

    The keys (SECRET_KEY, NOTES_KEYS, AUDIT_KEY) are not in it. Keep them safe in another place: without AUDIT_KEY no
    backup can be put back, and without NOTES_KEYS what is sealed stays sealed.
    """
    from signpost import backup  # slow to load, and the site needs none of it

    with tables():
        manifest = backup.make(file)
    rows = sum(manifest.holds.counts.values())
    click.echo(f"{file} holds {rows} rows and {manifest.holds.audit_n} audit entries. It was unpacked and compared.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", "is_agreed", is_flag=True, help="Give up the records that the database has now.")
@one_line_errors
def restore(file: Path, is_agreed: bool) -> None:
    """Put the backup FILE in the place of the database. Stop the site and its workers first.

    A backup of an older Signpost is upgraded. The audit says that it was restored and which later entries were given up,
    and so does the journal beside the anchor (AUDIT_ANCHOR).

    The keys are not in FILE: set SECRET_KEY, NOTES_KEYS and AUDIT_KEY to those of when it was made. Messages that waited
    to be sent when it was made are sent again.
    """
    from signpost import backup

    restored = backup.restore(file, is_agreed)
    for name in restored.upgraded:
        click.echo(f"Applied {name}.")
    click.echo(f"Restored the backup of {restored.made_at}, with {restored.entries} audit entries.")
    if restored.given_up:
        click.echo(f"Given up: {restored.given_up} later audit entries, and what they tell of.")
    if restored.waiting:
        click.echo(f"Messages that waited then, and will be sent by the worker: {restored.waiting}.")


@click.command()
@click.option("--check", "only_counts", is_flag=True, help="Change nothing; only say how much is left.")
@one_line_errors
def reseal(only_counts: bool) -> None:
    """Seal everything again with the newest key of NOTES_KEYS, so that older ones can be taken out.

    The site goes on meanwhile. Safe to stop and to repeat. Exit code 0 only when nothing is left on an older key.
    """
    with tables():
        found = keys.Resealed(left=keys.left()) if only_counts else keys.reseal()
    if not only_counts:
        click.echo(f"Sealed again: {found.done}.")
    if found.unreadable:
        raise Failed(f"{found.unreadable} values open with no key of NOTES_KEYS. They were left as they are.")
    if found.left:
        raise Failed(f"Left on an older key: {found.left}.")
    click.echo("Nothing is left on an older key.")


@click.command()
@click.argument("email")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--school", help="Name of the school, for its head.")
@click.option("--employer", help="Name of the employer.")
@click.option("--kind", type=click.Choice([kind.value for kind in ReferrerKind]), help="Which kind of referrer.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@one_line_errors
def user_add(
    email: str,
    name: str,
    roles: tuple[str, ...],
    school: str | None,
    employer: str | None,
    kind: str | None,
    password_stdin: bool,
) -> None:
    """Open an account for NAME with the address EMAIL. The password is asked for."""
    name = characters.tidy_line(name)
    if wrong := characters.what_is_wrong_with(name, "The name"):
        raise Failed(wrong)
    if not name:
        raise Failed("Give a name.")
    try:
        email = characters.address(email)
    except ValueError as problem:
        raise Failed(f"EMAIL: {problem}") from None
    with tables():
        wanted = [
            RoleWanted(
                Role(role),
                school=named(School, school) if role == Role.HEAD_OF_SCHOOL else None,
                employer=named(Employer, employer),
                kind=ReferrerKind(kind) if kind and role == Role.REFERRER else None,
            )
            for role in dict.fromkeys(roles)
        ]
        password = sys.stdin.readline().rstrip("\n") if password_stdin else ask_for_password()
        user = actions.add_person(email, name, password, wanted, by=queries.system_user())
    click.echo(f"{user.name} may sign in as {user.email}.")


def ask_for_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))


def named(table: type[Table], name: str | None) -> Any:
    """The school or employer of this name. Raises Failed, with the names there are."""
    if not name:
        return None
    row = table.get_or_none(table.name == name)
    if row is None:
        there = ", ".join(each for (each,) in table.select(table.name).order_by(table.name).tuples()) or "none"
        raise Failed(f"There is no {table.__name__.lower()} called {name}. There are: {there}.")
    return row


@click.command()
@click.option("--referrals", type=click.IntRange(0, 5_000_000), default=0, help="This many more, for trying out size.")
@one_line_errors
def demo(referrals: int) -> None:
    """Fill the database with invented people and referrals. Only where DEMO=1."""
    if not running().demo:
        raise Failed("DEMO=1 is not set. Invented people are never put where real records are.")
    from signpost.demo.filling import fill

    with tables():
        fill(referrals=referrals)
    click.echo("The demonstration is filled in.")
