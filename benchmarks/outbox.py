"""Sending mail (target 9): our outbox, with its claims and marks, beside Flask-Mail over one connection.

Both send the same letters to the same people, and both build each message as they come to it. Run as a module it is one
process with the outbox, which says what each round took.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import world
from benchmarks.measure import Result, rotate

MESSAGES = 600
PER_REFERRAL = 3
SIZE = 1000


def measure(repetitions: int) -> list[Result]:
    with _sink() as port, _process(port) as ask:
        cells = {name: partial(ask, name) for name in ("outbox", "Flask-Mail", "Flask-Mail, a connection each")}
        for cell in cells.values():
            cell()
        run = rotate(cells, repetitions)
    about = f"outbox, {MESSAGES} letters"
    return [
        run.compare(about, "outbox", "Flask-Mail", reference_name="Flask-Mail, one connection", target=1.0, better="higher", unit="letters/s"),
        run.compare(about, "outbox", "Flask-Mail, a connection each", target=None, better="higher", unit="letters/s"),
    ]  # fmt: skip


@contextmanager
def _sink() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink"],
        cwd=world.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)


@contextmanager
def _process(port: int) -> Iterator[Any]:
    database = world.DATA / "outbox.db"
    original = world.database_of(SIZE)
    for left_over in world.DATA.glob("outbox.db*"):
        left_over.unlink()
    world.without_trace(original)
    shutil.copyfile(original, database)
    with (world.DATA / "outbox.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.outbox"],
            cwd=world.ROOT, env=world.environment(database, MAIL_PORT=str(port)),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        assert process.stdin
        assert process.stdout

        def ask(cell: str) -> float:
            process.stdin.write(f"{cell}\n")
            process.stdin.flush()
            said = process.stdout.readline()
            if not said:
                raise RuntimeError("The outbox stopped: benchmarks/.data/outbox.log says why.")
            return float(json.loads(said))

        try:
            yield ask
        finally:
            process.stdin.close()
            process.wait(30)


# The process with the outbox


def main() -> None:
    from models import db
    from signpost import create_app
    from signpost.config import Config

    app = create_app(Config.from_environment())
    with app.app_context(), db.connection_context():
        fill()
        letters = what_is_queued()
        cells = {
            "outbox": drain,
            "Flask-Mail": partial(send_by_flask_mail, app, letters),
            "Flask-Mail, a connection each": partial(send_one_by_one, app, letters),
        }
        for line in sys.stdin:
            print(json.dumps(cells[line.strip()]()), flush=True)


def fill() -> None:
    """Refer so many trainees: each referral is a letter to the team and the trainee, a receipt, and a personal link."""
    from models import Employer, Notice, Referral, ReferrerKind, School, User
    from signpost import clock
    from signpost.accounts import queries as people
    from signpost.fields import new_public_id
    from signpost.referrals import actions

    Notice.update(state="sent").where(Notice.state == "queued").execute()
    referrer = User.get(User.email == "referrer@signpost.example")
    kind = ReferrerKind(people.referrer_roles(referrer)[0].referrer_kind)
    school, employer = School.get(School.name == "Medicine"), Employer.get()
    before = Referral.select().count()
    for number in range(MESSAGES // PER_REFERRAL):
        asked = actions.Request(
            trainee_name=f"Trainée Number {number}", trainee_email=f"number{number}@trainees.example", school=school,
            employer=employer, request="Would like to talk about choosing a specialty. " * 6, wider_concerns=number % 2 == 0,
        )  # fmt: skip
        actions.refer(asked, referrer, kind, new_public_id())
    assert Referral.select().count() == before + MESSAGES // PER_REFERRAL
    assert Notice.select().where((Notice.state == "queued") & (Notice.due_at <= clock.now())).count() == MESSAGES


def what_is_queued() -> list[dict[str, Any]]:
    """The same letters as plain values, for Flask-Mail: their HTML is made already."""
    from models import Notice, NoticeRecipient
    from signpost.notices import delivery

    letters = []
    for notice in Notice.select().where(Notice.state == "queued").order_by(Notice.id):
        built = delivery.message_for(notice, list(notice.recipients.order_by(NoticeRecipient.id)))
        letters.append(
            {
                "subject": built.subject, "recipients": built.recipients, "cc": built.cc, "body": built.body,
                "html": built.html, "sender": built.sender, "reply_to": built.reply_to,
            }
        )  # fmt: skip
    return letters


def drain() -> float:
    """Letters per second of our outbox, from all queued to all sent."""
    from models import Notice
    from signpost.notices import delivery

    since = Notice.select().where(Notice.state == "queued").count()
    if since != MESSAGES:
        _queue_again()
    began = time.perf_counter()
    tried = delivery.send_due()
    took = time.perf_counter() - began
    assert tried == MESSAGES, tried
    assert Notice.select().where(Notice.state == "queued").count() == 0
    return tried / took


def _queue_again() -> None:
    from models import Notice, NoticeRecipient

    last = Notice.select(Notice.id).order_by(Notice.id.desc()).limit(MESSAGES)
    queued = {"state": "queued", "claimed_by": "", "claimed_until": None, "attempts": 0, "finished_at": None}
    ids = [row.id for row in last]
    Notice.update(queued).where(Notice.id.in_(ids)).execute()
    NoticeRecipient.update(state="queued").where(NoticeRecipient.notice.in_(ids)).execute()


def send_by_flask_mail(app: Any, letters: list[dict[str, Any]]) -> float:
    from flask_mail import Message

    began = time.perf_counter()
    with app.extensions["mail"].connect() as connection:
        for letter in letters:
            connection.send(Message(**letter))
    return len(letters) / (time.perf_counter() - began)


def send_one_by_one(app: Any, letters: list[dict[str, Any]]) -> float:
    from flask_mail import Message

    began = time.perf_counter()
    for letter in letters:
        app.extensions["mail"].send(Message(**letter))
    return len(letters) / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
