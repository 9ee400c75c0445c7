"""The site as it runs in service: gunicorn and workers as processes of their own, people who use it over HTTP."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from models import db
from signpost import create_app
from signpost.config import ROOT, Config
from tests import databases
from tests.factories import PASSWORD
from tests.pages import Page
from tests.postgres_server import HOST, free_port
from tests.smtp_server import Mailbox, MailServer

SECONDS_TO_START = 120
PATIENCE = 120


@dataclass
class Site:
    """Where it is, and what of it runs."""

    config: Config
    folder: Path
    mailbox: Mailbox
    port: int
    web: "subprocess.Popen[bytes] | None" = None
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def environment(self) -> dict[str, str]:
        ours = self.config
        return {
            **os.environ,
            "DATABASE_URL": ours.database_url,
            "SECRET_KEY": ours.secret_key,
            "NOTES_KEYS": ours.notes_keys,
            "AUDIT_KEY": ours.audit_key,
            "AUDIT_ANCHOR": str(ours.audit_anchor),
            "PUBLIC_URL": ours.public_url,
            "MAIL_SERVER": ours.mail_server,
            "MAIL_PORT": str(ours.mail_port),
            "DEMO": "0",
        }

    def start_web(self, processes: int = 1, threads: int = 4) -> float:
        """Start gunicorn and wait until it answers. Gives how many seconds that took."""
        began = time.monotonic()
        self.web = self._start(
            *("-m", "gunicorn", "wsgi:app", "--bind", f"{HOST}:{self.port}", "--worker-class", "gthread"),
            *("--workers", str(processes), "--threads", str(threads), "--log-level", "warning", "--no-control-socket"),
        )
        while time.monotonic() < began + SECONDS_TO_START:
            assert self.web.poll() is None, f"gunicorn stopped by itself: {self.log.read_text()[-2000:]}"
            with suppress(requests.RequestException):
                if requests.get(f"{self.url}/healthz", timeout=5).ok:
                    return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError("The site did not start.")

    def kill_web(self) -> None:
        """As when the machine takes the process away: kill -9, the children too."""
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def start_worker(self) -> "subprocess.Popen[bytes]":
        worker = self._start("-m", "flask", "worker")
        self.workers.append(worker)
        return worker

    def kill_worker(self, worker: "subprocess.Popen[bytes]") -> None:
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def flask(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def stop(self) -> None:
        for process in [*self.workers, *([self.web] if self.web else [])]:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
        for process in [*self.workers, *([self.web] if self.web else [])]:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


def a_config(folder: Path, database_url: str, mail_port: int, **changed: Any) -> Config:
    """Configured as in service, the cost of a password included."""
    from tests.conftest import NOTES_KEY, SECRET

    usual: dict[str, Any] = {
        "database_url": database_url,
        "secret_key": SECRET,
        "notes_keys": NOTES_KEY,
        "audit_key": "another secret that is long enough for tests",
        "audit_anchor": folder / "audit-anchor",
        "public_url": f"http://{HOST}",
        "mail_server": HOST,
        "mail_port": mail_port,
        "testing": True,
    }
    return Config(**(usual | changed))


@contextmanager
def a_site(folder: Path, database_url: str, mailbox: Mailbox, **changed: Any) -> Iterator[Site]:
    """A configured site on this database, with nothing running yet. `models` uses the same database in this process."""
    port = free_port()
    config = a_config(folder, database_url, mailbox.port, public_url=f"http://{HOST}:{port}", **changed)
    create_app(config)
    opened = db.obj
    opened.connect(reuse_if_open=True)
    site = Site(config, folder, mailbox, port)
    try:
        yield site
    finally:
        site.stop()
        databases.close(opened)


@contextmanager
def a_mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    server = MailServer(mailbox)
    server.start()
    try:
        yield mailbox
    finally:
        mailbox.forget()
        server.stop()


class Gone(Exception):
    """No answer came: what was asked may have been done, or not."""


@dataclass
class Answer:
    status: int
    html: str
    location: str

    @property
    def page(self) -> Page:
        return Page(self.html)


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, site: Site, email: str) -> None:
        self.site, self.email = site, email
        self.http = requests.Session()
        self.http.trust_env = False
        # A line that the site closes for having stood idle, just as the next question sets out, would be an answer lost.
        self.http.headers["Connection"] = "close"
        self.token = ""

    def sign_in(self) -> "Person":
        """By the form. What is signed in stays so when the site is killed: the session is a row."""
        token = str(self.get("/sign-in").page.form_with("Sign in").value("csrf_token"))
        self.token = token
        answer = self.post("/sign-in", email=self.email, password=PASSWORD)
        assert answer.status == 303, f"{self.email} could not sign in: {answer.status}"
        self.token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/account").html)[0]
        return self

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        return self._ask("POST", path, data={"csrf_token": self.token, **fields})

    def _ask(self, method: str, path: str, **more: Any) -> Answer:
        try:
            found = self.http.request(method, self.site.url + path, allow_redirects=False, timeout=PATIENCE, **more)
        except requests.RequestException as trouble:
            raise Gone from trouble
        return Answer(found.status_code, found.text, found.headers.get("Location", ""))
