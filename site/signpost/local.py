"""`make run`: the site, its worker and a mail catcher on this machine, until Ctrl-C.

For one machine only. The catcher sends nothing on: each message becomes a file in `instance/mail`, with the people it
was addressed to in X-Envelope-To. What site and worker log is in `instance/signpost.log`.
"""

import asyncio
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from aiosmtpd.smtp import SMTP, Envelope, Session
from dotenv import dotenv_values

from models import User, db
from signpost.config import ROOT, Config
from signpost.database import open_database
from signpost.errors import ConfigurationError

MAIL = ROOT / "instance" / "mail"
LOG = ROOT / "instance" / "signpost.log"
HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10


class CannotRun(Exception):
    """Why the site does not run, in one line."""


# The mail catcher


class MailCatcher:
    """Takes every message and writes it to a folder that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = itertools.count(1)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipients = ", ".join(envelope.rcpt_tos)
        header = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{next(self.count):04d}"
        unfinished = self.folder / f".{name}"
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(header.encode() + (envelope.original_content or b""))
        unfinished.rename(self.folder / f"{name}.eml")
        return "250 Kept on this machine"


@contextmanager
def mail_catcher(folder: Path, port: int) -> Iterator[int]:
    """Run a catcher on loopback (port 0: any free one) for the length of a block, and say which port it has."""
    with listening(port, "MAIL_PORT") as listener:
        catcher = MailCatcher(folder)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="mail catcher", daemon=True)
        thread.start()

        async def start() -> asyncio.Server:
            return await loop.create_server(lambda: SMTP(catcher, hostname=HOST, enable_SMTPUTF8=True), sock=listener)

        server = asyncio.run_coroutine_threadsafe(start(), loop).result()
        try:
            yield listener.getsockname()[1]
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


def listening(port: int, variable: str) -> socket.socket:
    """A bound loopback socket. Raises CannotRun where another program has the port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError:
        listener.close()
        raise CannotRun(f"Port {port} is taken or not allowed. Choose another: make run {variable}=…") from None
    return listener


# The other processes


@contextmanager
def process(arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command for the length of a block. It has its own group, so that Ctrl-C reaches it by way of us only."""
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603
            arguments, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def site_arguments(port: int) -> list[str]:
    """Gunicorn without an access log: addresses can carry personal links."""
    return [
        *(sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"{HOST}:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket", "--preload"),
    ]


def wait_until_ready(port: int, site: subprocess.Popen[bytes]) -> None:
    for _ in range(SECONDS_TO_START * 10):
        if site.poll() is not None:
            raise CannotRun(f"The site did not start: {LOG} says why.")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CannotRun(f"The site did not answer within {SECONDS_TO_START} seconds.")


def watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Return never: raise CannotRun when a process ends by itself."""
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                raise CannotRun(f"The {name} stopped by itself with exit code {child.returncode}: {LOG} says why.")
        time.sleep(0.2)


# Together


def port_wanted(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotRun(f"PORT is '{text}', but a port is a number from 1 to 65535.")
    return int(text)


def fill_when_empty(config: Config, environment: dict[str, str]) -> None:
    """Fill the demonstration in where nobody can sign in yet."""
    open_database(config.database_url)
    with db.connection_context():
        somebody = User.select().where(User.password_hash != "").exists()
    if somebody:
        return
    print("Filling the empty database with the demonstration.", flush=True)
    filled = subprocess.run([sys.executable, "-m", "flask", "demo"], cwd=ROOT, env=environment, check=False)
    if filled.returncode:
        raise CannotRun("The demonstration could not be filled in: the lines above say why.")


def introduction(address: str, mail: str, demo: bool) -> str:
    lines = ["", f"Signpost is at {address}", mail, f"What it logs is in {LOG.relative_to(ROOT)}"]
    if demo:
        from signpost.demo import PASSWORD, PEOPLE

        width = max(len(person.email) for person in PEOPLE)
        lines += ["", f"Sign in with one click as one of these people, or with the password {PASSWORD}:"]
        lines += [f"  {person.email:<{width}}  {person.what}" for person in PEOPLE]
    return "\n".join([*lines, "", "Ctrl-C stops it."])


def run(stack: ExitStack) -> None:
    """Start everything and return never. Raises CannotRun or ConfigurationError; what was started stops with the stack."""
    port = port_wanted(os.environ.get("PORT") or "8000")
    listening(port, "PORT").close()
    config = Config.from_environment()
    said = {**dotenv_values(ROOT / ".env"), **os.environ}
    environment = dict(os.environ)
    address = f"http://{HOST}:{port}"
    if not said.get("PUBLIC_URL"):
        environment["PUBLIC_URL"] = address
    if server := said.get("MAIL_SERVER"):
        mail = f"Mail really leaves, by {server}."
    else:
        mail_port = stack.enter_context(mail_catcher(MAIL, config.mail_port if said.get("MAIL_PORT") else 0))
        environment |= {"MAIL_SERVER": HOST, "MAIL_PORT": str(mail_port)}
        environment |= {"MAIL_USERNAME": "", "MAIL_PASSWORD": "", "MAIL_USE_TLS": "0"}
        mail = f"No mail leaves this machine: each message is a file in {MAIL.relative_to(ROOT)}"

    LOG.parent.mkdir(exist_ok=True)
    if config.demo:
        fill_when_empty(config, environment)
    site = stack.enter_context(process(site_arguments(port), environment, LOG))
    worker = stack.enter_context(process([sys.executable, "-m", "flask", "worker"], environment, LOG))
    wait_until_ready(port, site)
    print(introduction(address, mail, config.demo), flush=True)
    watch({"site": site, "worker": worker})


def stop(signal_number: int, frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def main() -> None:
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        with ExitStack() as stack:
            run(stack)
    except (CannotRun, ConfigurationError) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
