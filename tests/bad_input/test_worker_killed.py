"""A worker that is killed while the mail server thinks: nobody untold, and nobody told twice in different words."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from models import Notice, NoticeState, Role
from signpost import clock
from signpost.config import ROOT, Config
from signpost.notices import delivery, outbox
from tests import factories
from tests.smtp_server import Mailbox

PATIENCE_SECONDS = 120


@pytest.fixture
def worker(app: Flask, config: Config) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start `flask worker` as a process of its own, on the database of this test."""
    environment = os.environ | {
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "NOTES_KEYS": config.notes_keys,
        "AUDIT_KEY": config.audit_key,
        "AUDIT_ANCHOR": str(config.audit_anchor),
        "PUBLIC_URL": config.public_url,
        "MAIL_SERVER": config.mail_server,
        "MAIL_PORT": str(config.mail_port),
        "MAIL_USE_TLS": "0",
        "MAIL_USERNAME": "",
        "MAIL_PASSWORD": "",
        "DEMO": "0",
        "CLOCK": "",
        "TEAMS_PROVIDER": "link",
    }
    started = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "flask", "worker"]
        started.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_what_a_killed_worker_was_sending_goes_once_and_with_its_own_message_id(
    app: Flask, mailbox: Mailbox, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    factories.a_user(Role.SENIOR_ADVISER)
    factories.a_referral()
    queued = {row.message_id for row in Notice.select()}
    mailbox.hangs = True
    process = worker()
    wait_until(lambda: mailbox.hanging > 0)
    assert Notice.select().where(Notice.attempts > 0).exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    mailbox.hangs = False

    assert {row.state for row in Notice.select()} == {NoticeState.QUEUED}, "nothing is lost, and nothing counts as sent"
    with app.app_context():
        delivery.send_due()
        assert mailbox.received == [], "until the lease is over nobody else takes it"
        with clock.at(clock.now() + outbox.LEASE + timedelta(seconds=1)):
            delivery.send_due()
            delivery.send_due()
    assert {row.state for row in Notice.select()} == {NoticeState.SENT}
    assert sorted(str(received.message["Message-ID"]) for received in mailbox.received) == sorted(queued)
