"""What `make run` starts: a mail catcher that keeps everything here, and processes that stop when it stops."""

import os
import signal
import smtplib
import socket
import stat
import sys
import time
from pathlib import Path

import pytest

from signpost import local

MESSAGE = "Subject: Hello\r\nTo: robin@signpost.example\r\n\r\nA line.\r\n"


def send(port: int, *recipients: str) -> None:
    with smtplib.SMTP(local.HOST, port, timeout=5) as server:
        server.sendmail("signpost@signpost.example", list(recipients), MESSAGE)


def test_a_message_becomes_a_file_that_says_whom_it_was_for(tmp_path):
    with local.mail_catcher(tmp_path / "mail", 0) as port:
        send(port, "robin@signpost.example", "sam@signpost.example")

    (kept,) = (tmp_path / "mail").iterdir()
    assert kept.suffix == ".eml"
    assert kept.read_bytes().decode() == (
        "X-Envelope-From: signpost@signpost.example\r\n"
        "X-Envelope-To: robin@signpost.example, sam@signpost.example\r\n" + MESSAGE
    )


def test_nobody_else_can_read_what_was_caught(tmp_path):
    with local.mail_catcher(tmp_path / "mail", 0) as port:
        send(port, "robin@signpost.example")

    (kept,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


def test_the_catcher_is_gone_afterwards(tmp_path):
    with local.mail_catcher(tmp_path / "mail", 0) as port:
        pass

    with pytest.raises(OSError, match="refused"):
        socket.create_connection((local.HOST, port), timeout=1)


def test_a_taken_port_is_said_in_one_line():
    with local.listening(0, "PORT") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(local.CannotRun, match=f"Port {port} is taken"):
            local.listening(port, "PORT")


@pytest.mark.parametrize("text", ["", "eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_said_in_one_line(text):
    with pytest.raises(local.CannotRun, match="a port is a number"):
        local.port_wanted(text)


def sleeper(seconds: float = 60) -> list[str]:
    return [sys.executable, "-c", f"import time; time.sleep({seconds})"]


def running(arguments: list[str], log: Path = Path(os.devnull)):
    return local.process(arguments, dict(os.environ), log)


def test_a_process_ends_with_its_block():
    with running(sleeper()) as child:
        assert child.poll() is None

    assert child.returncode == -signal.SIGTERM


def test_a_process_that_will_not_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "SECONDS_TO_STOP", 0.2)
    log = tmp_path / "log"
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"

    with running([sys.executable, "-c", deaf], log) as child:
        while not log.read_bytes():  # it prints once it is deaf
            assert child.poll() is None
            time.sleep(0.02)

    assert child.returncode == -signal.SIGKILL


def test_when_one_process_stops_by_itself_the_others_are_not_left_running():
    with (
        running(sleeper()) as lasting,
        running(sleeper(0)) as short,
        pytest.raises(local.CannotRun, match="The worker stopped by itself"),
    ):
        local.watch({"site": lasting, "worker": short})

    assert lasting.poll() is not None
