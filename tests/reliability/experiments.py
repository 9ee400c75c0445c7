"""The experiments. Each runs a real site, makes something go wrong, and counts what became of it."""

import asyncio
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from models import AuditEntry, Employer, Event, Notice, NoticeRecipient, NoticeState, Referral, Role, RoleHeld, User, db
from signpost import backup_file, clock, database
from signpost.audit import record as audit
from signpost.config import ROOT
from signpost.notices.policy import EVENTS
from signpost.referrals.actions import assign
from tests import databases, factories
from tests.factories import PASSWORD, a_referral, a_user, an_employer, give
from tests.postgres_server import PostgresServer
from tests.reliability.counts import Counts, counted
from tests.reliability.site import Answer, Gone, Person, Site
from tests.smtp_server import Mailbox

SEED = 2027
SECONDS_TO_DRAIN = 120
SECONDS_TO_RECOVER = 120
LEAST_ROOM = 8 << 20


class SlowMailbox(Mailbox):
    """Takes a moment for each message, so that a worker can be killed in the middle of one."""

    seconds = 0.02

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds)
        return await super().handle_DATA(server, session, envelope)


# People at work


def a_referrer() -> User:
    return factories.a_referrer(password=PASSWORD)


def an_adviser() -> User:
    return a_user(Role.SENIOR_ADVISER, password=PASSWORD)


@dataclass
class Work:
    """What people did over HTTP: acknowledged, refused in words, or without an answer; and what nobody should see."""

    sent: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    without_answer: int = 0
    unclear: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    last_good: float = 0.0
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000_000)))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refer_one(self, person: Person, employer: str) -> None:
        """Fill in the form, look at what will be sent, send. Only what was acknowledged is expected to be there."""
        with self.lock:
            n = next(self.numbers)
        trainee = f"trainee-{n}@trainees.example"
        typed = {
            "trainee_name": f"Trainee {n}", "trainee_email": trainee, "employer": employer, "school": "unknown",
            "request": "Would like to talk about choosing a specialty.", "wider_concerns": "no",
        }  # fmt: skip
        if not self.took(person.post("/referrals/new", **typed), 303):
            return
        shown = person.get("/referrals/new/check")
        if not self.took(shown, 200):
            return
        seen = shown.page.form_with("Send referral").value("seen") or ""
        answer = person.post("/referrals/new/check", seen=seen)
        if self.took(answer, 303):
            with self.lock:
                self.sent[answer.location.split("/")[-2]] = trainee
                self.last_good = time.monotonic()

    def took(self, answer: Answer, status: int) -> bool:
        """Whether it went as it should. A clear page that says to try again is a refusal, anything else is not clear."""
        if answer.status == status:
            return True
        with self.lock:
            if answer.status == 503 and "Signpost is busy" in answer.html and "Traceback" not in answer.html:
                self.refused += 1
            else:
                self.unclear[f"{answer.status} {answer.location}".strip()] += 1
        return False

    def lost(self) -> int:
        """How many that were acknowledged are not there."""
        there = dict(Referral.select(Referral.public_id, Referral.trainee_email).tuples())
        return sum(there.get(public_id) != trainee for public_id, trainee in self.sent.items())


@contextmanager
def referring(site: Site, people: int, work: Work, pause: float = 0.0) -> Iterator[None]:
    """For the length of a block so many referrers send one referral after the other, whatever happens to the site."""
    employer = (Employer.select().first() or an_employer()).public_id
    persons = [Person(site, a_referrer().email).sign_in() for _ in range(people)]
    stopped = threading.Event()

    def go_on(person: Person) -> None:
        while not stopped.wait(pause):
            began = time.monotonic()
            try:
                work.refer_one(person, employer)
            except Gone:
                with work.lock:
                    work.without_answer += 1
                stopped.wait(0.05)
            with work.lock:
                work.slowest = max(work.slowest, time.monotonic() - began)

    threads = [threading.Thread(target=go_on, args=(person,)) for person in persons]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Do these at the same moment. Gives what each gave."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        gate.wait()
        answers[number] = act()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# What must hold of the records afterwards


def unsound() -> dict[str, int]:
    """Changes without audit, audit without change, a broken chain, a damaged file."""
    changed: Counter[tuple[str, str]] = Counter()
    for event in Event.select(Event, Referral, User).left_outer_join(Referral).switch(Event).left_outer_join(
        User, on=Event.user
    ):  # fmt: skip
        about = event.referral or event.user
        changed[(event.name, about.public_id if about else event.about_id)] += 1
    recorded = Counter(
        (action, about.partition(":")[2])
        for action, about in AuditEntry.select(AuditEntry.action, AuditEntry.record).tuples()
        if action in EVENTS
    )
    sent = Event.select().where(Event.name == "referral.sent").count()
    return {
        "changes_without_audit": sum((changed - recorded).values()),
        "audit_without_change": sum((recorded - changed).values()),
        "referrals_without_event": abs(Referral.select().count() - sent),
        "audit_broken": int(audit.verify()[1] is not None),
        "damaged": 0 if not database.is_sqlite() else int(db.obj.pragma("integrity_check") != "ok"),
    }


# The site killed under load


def killed_site(site: Site, kills: int) -> Counts:
    """kill -9 of the whole site under load: what was acknowledged is there, and each change with its audit entry."""
    an_adviser()
    chance, work, restarts = random.Random(SEED), Work(), []  # noqa: S311
    site.start_web()
    with referring(site, 4, work):
        for _ in range(kills):
            time.sleep(0.7 + chance.random() / 2)
            site.kill_web()
            restarts.append(site.start_web())
        time.sleep(0.5)
    return counted(
        "site killed under load",
        {"lost": work.lost(), "unclear": sum(work.unclear.values()), **unsound()},
        kills=kills, acknowledged=len(work.sent), without_answer=work.without_answer, refused=work.refused,
        kept=Referral.select().count(), restart_median_s=median(restarts), restart_worst_s=round(max(restarts), 2),
    )  # fmt: skip


def median(values: list[float]) -> float:
    return round(sorted(values)[len(values) // 2], 2)


# Many at one record


def edited_at_once(site: Site, clients: int, edits: int) -> Counts:
    """Many advisers correct one address again and again: who was second is told so, and nobody's change is lost."""
    advisers = [an_adviser() for _ in range(clients)]
    referral = a_referral()
    site.start_web(processes=2)
    persons = [Person(site, adviser.email).sign_in() for adviser in advisers]
    path = f"/referrals/{referral.public_id}/address"
    written: dict[int, str] = {}
    statuses: Counter[int] = Counter()
    lock, unclear = threading.Lock(), 0

    def edit(number: int) -> None:
        nonlocal unclear
        for n in range(edits):
            address = f"edit-{number}-{n}@trainees.example"
            version = persons[number].get(path).page.form_with("Correct").value("version") or ""
            answer = persons[number].post(path, email=address, version=version)
            with lock:
                statuses[answer.status] += 1
                if answer.status == 303:
                    unclear += int(version) in written
                    written[int(version)] = address
                elif answer.status == 409:
                    unclear += "Somebody changed this referral" not in answer.html or address not in answer.html

    together([lambda number=number: edit(number) for number in range(clients)])
    final = Referral.get_by_id(referral.id)
    corrected = Event.select().where(Event.name == "address.corrected").count()
    return counted(
        "many edit one referral",
        {
            "lost": abs(statuses[303] - (final.version - 1)) + (written.get(final.version - 1) != final.trainee_email),
            "without_event": abs(corrected - statuses[303]),
            "refused_otherwise": sum(statuses.values()) - statuses[303] - statuses[409],
            "unclear": unclear,
            **unsound(),
        },
        clients=clients, tried=sum(statuses.values()), acknowledged=statuses[303], told_of_the_other=statuses[409],
    )  # fmt: skip


def assigned_at_once(site: Site, times: int) -> Counts:
    """Two advisers assign at the same moment: one decides, the other is told who did, and the letters go once."""
    advisers = [an_adviser() for _ in range(2)]
    counsellors = [a_user(Role.COUNSELLOR) for _ in range(2)]
    site.start_web(processes=2)
    persons = [Person(site, adviser.email).sign_in() for adviser in advisers]
    referrals = [a_referral() for _ in range(times)]
    decided = told = 0
    for referral in referrals:
        path = f"/referrals/{referral.public_id}/assignment"
        answers = together([
            lambda person=person, chosen=chosen, path=path: person.post(path, counsellor=chosen, version="1", reason="")
            for person, chosen in zip(persons, [one.public_id for one in counsellors], strict=True)
        ])  # fmt: skip
        decided += [answer.status for answer in answers].count(303)
        told += sum(answer.status == 409 and "assigned" in answer.html for answer in answers)
    drained = site.flask("worker", "--once", "--at", _in(minutes=5))
    assert drained.returncode == 0, drained.stderr
    to_trainees = Counter(
        letter.recipients for letter in site.mailbox.received if "Who will support you" in letter.subject
    )
    to_counsellors = [letter for letter in site.mailbox.received if "assigned to you" in letter.subject]
    rows = Counter(name for (name,) in Event.select(Event.name).tuples())
    return counted(
        "two advisers at once",
        {
            "not_decided_once": abs(decided - times) + abs(told - times) + abs(rows["referral.assigned"] - times),
            "trainees_not_told_once": sum(to_trainees[(one.trainee_email,)] != 1 for one in referrals),
            "counsellors_not_told_once": abs(len(to_counsellors) - times),
            **unsound(),
        },
        tried=2 * times, assigned=decided, told_who_was_faster=told, letters=len(site.mailbox.received),
    )  # fmt: skip


def role_taken(site: Site, times: int) -> Counts:
    """A counsellor reads a case; the role is taken away; the next request finds nothing, whichever process it meets (G8)."""
    adviser, counsellor = an_adviser(), a_user(Role.COUNSELLOR, password=PASSWORD)
    site.start_web(processes=2)
    referral = a_referral()
    assign(referral, counsellor, adviser, referral.version)
    person = Person(site, counsellor.email).sign_in()
    pages = (f"/referrals/{referral.public_id}", "/account/work")
    let_in = denied = 0
    for _ in range(times):
        let_in += sum(person.get(page).status == 200 for page in pages)
        RoleHeld.delete().where(RoleHeld.user == counsellor).execute()
        denied += [person.get(page).status for page in pages] == [404, 403]
        give(counsellor, Role.COUNSELLOR)
    return counted(
        "a role taken away in mid-session",
        {"still_let_in": times - denied, "not_let_in_before": 2 * times - let_in},
        tried=times, denied=denied,
    )  # fmt: skip


def _in(**later: int) -> str:
    return (clock.now() + timedelta(**later)).isoformat()


# Workers killed while they send


def killed_workers(site: Site, referrals: int, kills: int) -> Counts:
    """Two web processes and two workers, of which one after the other is killed: everybody is told in the end."""
    an_adviser()
    chance, work = random.Random(SEED), Work()  # noqa: S311
    site.start_web(processes=2)
    killed = 0
    for _ in range(2):
        site.start_worker()
    with referring(site, 3, work):
        while len(work.sent) < referrals or killed < kills:
            before = len(site.mailbox.received)
            time.sleep(0.4 + chance.random() * 0.4)
            if killed < kills and len(site.mailbox.received) > before:
                site.kill_worker(chance.choice(site.workers))
                killed += 1
                site.start_worker()
    site.stop()
    queued = Notice.select().where(Notice.state == NoticeState.QUEUED)
    left = queued.count()
    _drain(site)
    there, received = _expected(), _received(site.mailbox)
    return counted(
        "workers killed while they send",
        {
            "lost": work.lost(),
            "unclear": sum(work.unclear.values()),
            "stuck": queued.count(),
            "untold": len(there - received.keys()),
            "told_by_a_message_nobody_queued": len(received.keys() - there),
            "doubled_under_another_message_id": _queued_twice(),
            **unsound(),
        },
        kills=killed, acknowledged=len(work.sent), notices=Notice.select().count(), left_when_stopped=left,
        messages=len(site.mailbox.received), doubled_with_the_same_message_id=received.total() - len(received),
    )  # fmt: skip


def _drain(site: Site) -> None:
    """Send all that is left, later than any lease that a killed worker still holds."""
    until = time.monotonic() + SECONDS_TO_DRAIN
    while Notice.select().where(Notice.state == NoticeState.QUEUED).count() and time.monotonic() < until:
        drained = site.flask("worker", "--once", "--at", _in(minutes=5))
        assert drained.returncode == 0, drained.stderr


def _expected() -> set[tuple[str, str]]:
    """(Message-ID, address) of everybody who was to be told."""
    rows = NoticeRecipient.select(Notice.message_id, NoticeRecipient.address).join(Notice)
    return set(rows.tuples())


def _received(mailbox: Mailbox) -> Counter[tuple[str, str]]:
    return Counter(
        (str(letter.message["Message-ID"]), address) for letter in mailbox.received for address in letter.recipients
    )


def _queued_twice() -> int:
    """People who were to be told the same of the same referral in more than one message."""
    told = NoticeRecipient.select(NoticeRecipient.address, Notice.kind, Notice.referral).join(Notice).tuples()
    return sum(count - 1 for count in Counter(told).values())


# PostgreSQL killed and started again


def killed_server(site: Site, server: PostgresServer, kills: int) -> Counts:
    """The database server is killed under load: a clear page meanwhile, and site and worker go on without a restart."""
    an_adviser()
    work, recoveries = Work(), []
    site.start_web(processes=2)
    site.start_worker()
    with referring(site, 4, work, pause=0.02):
        databases.close(db.obj)
        for _ in range(kills):
            time.sleep(1.2)
            server.kill()
            time.sleep(1.0)
            server.start()
            began, before = time.monotonic(), len(site.mailbox.received)
            while work.last_good < began and time.monotonic() < began + SECONDS_TO_RECOVER:
                time.sleep(0.02)
            recoveries.append(work.last_good - began)
        while len(site.mailbox.received) == before and time.monotonic() < began + SECONDS_TO_RECOVER:
            time.sleep(0.02)
        worker_recovered = len(site.mailbox.received) > before
    site.stop()
    db.connect(reuse_if_open=True)
    _drain(site)
    there, received = _expected(), _received(site.mailbox)
    return counted(
        "PostgreSQL killed under load",
        {
            "lost": work.lost(),
            "unclear": sum(work.unclear.values()),
            "not_recovered": sum(seconds < 0 for seconds in recoveries) + (not worker_recovered),
            "untold": len(there - received.keys()),
            "doubled_under_another_message_id": _queued_twice(),
            **unsound(),
        },
        kills=kills, acknowledged=len(work.sent), told_to_try_again=work.refused, messages=len(site.mailbox.received),
        doubled_with_the_same_message_id=received.total() - len(received), without_answer=work.without_answer,
        kept=Referral.select().count(), recovery_worst_s=round(max(recoveries), 2), slowest_s=round(work.slowest, 2),
    )  # fmt: skip


# A full disk


@contextmanager
def small_disk(folder: Path, megabytes: int = 64) -> Iterator[Path]:
    """A disk so small that it is filled at once, with more room than the site itself ever needs while it is tried.

    SQLite's journal alone takes 4 MB before it is first emptied. Raises PermissionError where we may not mount one.
    """
    place = folder / "small disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        raise PermissionError("A small disk can only be mounted as root.")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def full_disk(site: Site, disk: Path, times: int) -> Counts:
    """The disk of the database fills up: a clear page, nothing half written, and it goes on when there is room again."""
    an_adviser()
    work, good_again, still_full = Work(), 0, 0
    site.start_web()
    filler = disk / "filler"
    for _ in range(times):
        with referring(site, 2, work):
            time.sleep(0.5)
            _fill(filler)
            until, before = time.monotonic() + SECONDS_TO_RECOVER, work.refused
            while work.refused < before + 5 and time.monotonic() < until:
                time.sleep(0.05)
            filler.unlink()
            began = time.monotonic()
            while work.last_good < began and time.monotonic() < began + SECONDS_TO_RECOVER:
                time.sleep(0.05)
            good_again += work.last_good > began
            still_full += shutil.disk_usage(disk).free < LEAST_ROOM
    return counted(
        "full disk",
        {
            "lost": work.lost(),
            "unclear": sum(work.unclear.values()),
            "not_recovered": times - good_again,
            "not_refused": int(work.refused == 0),
            "disk_too_small_for_the_site": still_full,
            **unsound(),
        },
        times=times, acknowledged=len(work.sent), told_to_try_again=work.refused, kept=Referral.select().count(),
    )  # fmt: skip


def _fill(filler: Path) -> None:
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


# Backups under load


def backups_under_load(site: Site, count: int, folder: Path, new_database: Callable[[], str]) -> Counts:
    """Backups while people work: each of one moment, each restored into an empty database and compared."""
    an_adviser()
    work, wrong, seconds = Work(), Counter[str](), []
    site.start_web()
    files = [folder / f"backup-{n}.tar" for n in range(count)]
    with referring(site, 3, work):
        for file in files:
            time.sleep(0.3)
            began = time.monotonic()
            made = site.flask("backup", str(file))
            seconds.append(time.monotonic() - began)
            wrong["not_made"] += made.returncode != 0
    site.stop()
    for file in files:
        if not file.exists():
            continue
        holds = backup_file.read_manifest(file, site.config.audit_key).holds
        sent = holds.counts["referral"]
        wrong["not_of_one_moment"] += holds.counts["notice"] != 3 * sent or holds.counts["notice_recipient"] != 4 * sent
        elsewhere = replace(site.config, database_url=new_database(), audit_anchor=folder / file.stem / "anchor")
        other = Site(elsewhere, folder, site.mailbox, site.port)
        restored, verified = other.flask("restore", str(file)), other.flask("audit-verify")
        again = other.flask("backup", str(folder / f"{file.stem}-again.tar"))
        wrong["not_restored"] += bool(restored.returncode or verified.returncode or again.returncode)
        if not again.returncode:
            found = backup_file.read_manifest(folder / f"{file.stem}-again.tar", site.config.audit_key).holds
            grown = {"event": 1, "audit_entry": 1}
            wrong["differs"] += any(
                found.counts[name] != rows + grown.get(name, 0)
                for name, rows in holds.counts.items()
                if not name.startswith("referral_search_")
            )
    return counted(
        "backups under load",
        {name: wrong[name] for name in ("not_made", "not_of_one_moment", "not_restored", "differs")} | unsound(),
        backups=count, acknowledged=len(work.sent), worst_s=round(max(seconds), 2),
        bytes=max(file.stat().st_size for file in files if file.exists()),
    )  # fmt: skip


# What a commit writes

COMMITS = """
import sys
sys.path.insert(0, "site")
from wsgi import app
from models import db
from signpost.accounts.queries import system_user
from signpost.events import record
with app.app_context(), db.connection_context():
    for _ in range(int(sys.argv[1])):
        with db.atomic():
            record("work.described", by=system_user())
"""


def written_through(site: Site, commits: int) -> Counts:
    """Each commit is on the disk before it is acknowledged: counted by what the process asks of the system.

    This is not a power cut. Raises FileNotFoundError where there is no strace.
    """
    summary = site.folder / "strace"
    traced = ["strace", "-f", "-c", "-o", str(summary), "-e", "trace=fsync,fdatasync", sys.executable, "-c", COMMITS]
    subprocess.run([*traced, str(commits)], cwd=ROOT, env=site.environment, check=True, capture_output=True)
    calls = sum(
        int(line.split()[3]) for line in summary.read_text().splitlines() if line.endswith(("sync", "datasync"))
    )
    return counted(
        "commits written through",
        {"commits_without_a_sync": max(0, commits - calls), **unsound()},
        commits=commits, syncs=calls,
    )  # fmt: skip
