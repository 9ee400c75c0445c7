"""The experiments by command: `python -m tests.reliability.run [--large] [--postgres] [NAME …]`.

Each prints one line of JSON: what was tried, acknowledged, refused, and what must be zero. The exit code is 1 where
something is not. `--large` takes the full sizes, and some minutes for each; `--postgres` runs on a PostgreSQL server that
is started for the purpose.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "site"))

from models import db
from tests import databases
from tests.databases import Databases, PostgresDatabases, SqliteFiles
from tests.postgres_server import running
from tests.reliability import experiments
from tests.reliability.counts import Counts
from tests.reliability.experiments import SlowMailbox
from tests.reliability.mentoring_ends import endings
from tests.reliability.same_answers import same_answers
from tests.reliability.site import Site, a_site
from tests.reliability.tampered import tampered
from tests.smtp_server import MailServer

Experiment = Callable[[Databases, Path, bool], Counts]


@contextmanager
def a_slow_mailbox() -> Iterator[SlowMailbox]:
    mailbox = SlowMailbox()
    server = MailServer(mailbox)
    server.start()
    try:
        yield mailbox
    finally:
        server.stop()


def on_a_site(act: Callable[[Site, bool], Counts]) -> Experiment:
    def experiment(made: Databases, folder: Path, large: bool) -> Counts:
        with a_slow_mailbox() as mailbox, a_site(folder, made.new(folder), mailbox) as site:
            return act(site, large)

    return experiment


def backups(made: Databases, folder: Path, large: bool) -> Counts:
    def new() -> str:
        return made.new(folder, migrated=False)

    with a_slow_mailbox() as mailbox, a_site(folder, made.new(folder), mailbox) as site:
        return experiments.backups_under_load(site, 50 if large else 3, folder, new)


def full_disk(_: Databases, folder: Path, large: bool) -> Counts:
    with experiments.small_disk(folder) as disk, a_slow_mailbox() as mailbox:
        url = SqliteFiles(folder / "template").new(disk)
        with a_site(folder, url, mailbox, audit_anchor=disk / "anchor") as site:
            return experiments.full_disk(site, disk, 20 if large else 2)


def server_killed(_: Databases, folder: Path, large: bool) -> Counts:
    with running(durable=True) as server, a_slow_mailbox() as mailbox:
        made = PostgresDatabases(server.url())
        try:
            with a_site(folder, made.new(folder), mailbox) as site:
                return experiments.killed_server(site, server, 50 if large else 3)
        finally:
            databases.close(db.obj)
            made.end()


EXPERIMENTS: dict[str, Experiment] = {
    "site-killed": on_a_site(lambda site, large: experiments.killed_site(site, 100 if large else 10)),
    "edited-at-once": on_a_site(lambda site, large: experiments.edited_at_once(site, 16, 100 if large else 25)),
    "assigned-at-once": on_a_site(lambda site, large: experiments.assigned_at_once(site, 500 if large else 50)),
    "role-taken": on_a_site(lambda site, large: experiments.role_taken(site, 100 if large else 10)),
    "workers-killed": on_a_site(
        lambda site, large: experiments.killed_workers(site, 660 if large else 60, 100 if large else 6)
    ),
    "mentoring-ends": on_a_site(
        lambda site, large: endings(site, 1000 if large else 100, 500 if large else 50, 50 if large else 5)
    ),
    "written-through": on_a_site(lambda site, large: experiments.written_through(site, 1000 if large else 100)),
    "backups": backups,
    "full-disk": full_disk,
    "server-killed": server_killed,
    "same-answers": same_answers,
    "audit-tampered": tampered,
}
ONLY_SQLITE = {"full-disk", "written-through"}
ONLY_POSTGRES = {"server-killed"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(EXPERIMENTS))
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(EXPERIMENTS):
        parser.error(f"There is no experiment {', '.join(sorted(unknown))}.")
    left_out = ONLY_SQLITE if asked.postgres else ONLY_POSTGRES
    names = [name for name in asked.names or EXPERIMENTS if name not in left_out]
    folder = Path(tempfile.mkdtemp(prefix="signpost-reliability-"))
    try:
        if not asked.postgres:
            return run(names, SqliteFiles(folder), folder, asked.large)
        with running(durable=True) as server:
            made = PostgresDatabases(server.url())
            try:
                return run(names, made, folder, asked.large)
            finally:
                databases.close(db.obj)
                made.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(names: list[str], made: Databases, folder: Path, large: bool) -> int:
    wrong = 0
    for name in names:
        of_its_own = folder / name
        of_its_own.mkdir()
        try:
            counts = EXPERIMENTS[name](made, of_its_own, large)
        except (PermissionError, FileNotFoundError) as problem:
            sys.stdout.write(f'{{"experiment": "{name}", "not_run": "{problem}"}}\n')
            continue
        sys.stdout.write(f"{counts.line()}\n")
        sys.stdout.flush()
        wrong += not counts.is_right
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
