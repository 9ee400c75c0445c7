"""A real browser at the real site: one Chromium for all of these tests, and for each test the site on a free port of
this machine, its worker, and the mail server that receives."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from models import ReferrerKind, Role, User, db
from signpost import commands
from signpost.assets import vendor_urls
from tests import factories
from tests.browser.reader import KeyboardReader, Reader, TouchReader
from tests.browser_client import Browser as Client
from tests.conftest import browser, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

HOST = "127.0.0.1"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 700}
TABLET: ViewportSize = {"width": 820, "height": 1180}


def chromium_path() -> str | None:
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )


def what_is_missing() -> str:
    if any(importlib.util.find_spec(package) is None for package in ("playwright", "axe_playwright_python")):
        return "Playwright is not installed: make test installs it."
    if chromium_path() is None:
        return "There is no Chromium on the PATH."
    if vendor_urls() is None:
        return "The static files are not built: make setup builds them."
    return ""


def cannot_run(why: str) -> NoReturn:
    """Skip, and say why; fail where the browser is required."""
    if os.environ.get("SIGNPOST_REQUIRE_BROWSER") == "1":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Started once. Ends with these tests: its event loop would stand in the way of others.

    SIGNPOST_HEADED=1 opens windows (`xvfb-run`, where there is no screen), with the cache for stepping back that people have.
    """
    if missing := what_is_missing():
        cannot_run(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        headed = os.environ.get("SIGNPOST_HEADED") == "1"
        browser = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=FLAGS,
            headless=not headed,
            ignore_default_args=["--disable-back-forward-cache"] if headed else None,
        )
        yield browser
        browser.close()


# The site


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """The site logs its requests itself."""


class _Server(ThreadedWSGIServer):
    """A thread for each connection, which closes its connection to the database when it ends."""

    def __init__(self, listener: socket.socket, app: WSGIApplication) -> None:
        self.database = db.obj
        super().__init__(HOST, listener.getsockname()[1], app, _QuietHandler, fd=listener.fileno())

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            if not self.database.is_closed():
                self.database.close()


@dataclass
class Site:
    """The running site: its address, its application, and a switch for its worker."""

    url: str
    app: Flask
    workers: list[threading.Thread] = field(default_factory=list)

    def cookie_of(self, user: User) -> dict[str, Any]:
        """The cookie of a fresh session of this person."""
        client = browser(self.app)
        sign_in(client, user)
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        assert cookie is not None
        return {"name": name, "value": cookie.value, "url": self.url, "httpOnly": True, "sameSite": "Lax"}


@contextmanager
def served(make: Callable[[str], Flask]) -> Iterator[Site]:
    """Serve the application that `make` gives for an address, for the length of a block."""
    with socket.create_server((HOST, 0)) as listener:
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        app = make(url)
        app.test_client_class = Client
        server = _Server(listener, app)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="site", daemon=True)
        thread.start()
        try:
            yield Site(url, app)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


@contextmanager
def worker_of(app: Flask) -> Iterator[None]:
    """The worker, as `flask worker` runs it, for the length of a block."""
    stopped = threading.Event()

    def run() -> None:
        with app.app_context():
            commands.work(stopped)

    thread = threading.Thread(target=run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@pytest.fixture
def site(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, chromium: Browser) -> Iterator[Site]:
    monkeypatch.setattr(commands, "PAUSE_SECONDS", 0.05)
    with served(lambda url: make_app(public_url=url)) as running, worker_of(running.app):
        yield running


@pytest.fixture
def app(site: Site) -> Flask:
    """People and records of the usual fixtures go to the running site."""
    return site.app


# The people in front of it

Sit = Callable[..., Reader]


@contextmanager
def readers(chromium: Browser, site: Site) -> Iterator[Sit]:
    """`sit(adviser)`: a browser of their own, signed in; without a person, signed out. None may complain of a page."""
    there: list[Reader] = []

    def sit(
        user: User | None = None,
        *,
        scripts: bool = True,
        keyboard: bool = False,
        touch: bool = False,
        viewport: ViewportSize = WIDE,
    ) -> Reader:
        context = chromium.new_context(
            java_script_enabled=scripts,
            viewport=TABLET if touch else viewport,
            has_touch=touch,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        if user is not None:
            context.add_cookies([site.cookie_of(user)])  # type: ignore[list-item]
        kind = KeyboardReader if keyboard else TouchReader if touch else Reader
        reader = kind(context, site.url)
        there.append(reader)
        return reader

    yield sit
    complaints = [complaint for reader in there for complaint in reader.complaints]
    for reader in there:
        reader.context.close()
    assert complaints == [], "the console stays empty"


@pytest.fixture
def sit(chromium: Browser, site: Site) -> Iterator[Sit]:
    with readers(chromium, site) as sits:
        yield sits


def sign_in_by_password(reader: Reader, person: User) -> None:
    """By the form, as somebody does who was asked to."""
    reader.open("/")
    reader.arrives_at("Sign in")
    reader.fill("Email address", person.email)
    reader.fill("Password", factories.PASSWORD)
    reader.press("Sign in")
    reader.arrives_at("Waiting for you")


@pytest.fixture
def referrer(site: Site) -> User:
    """A supervisor whose school and employer are known."""
    person = factories.a_user(name="Robin Referrer", password=factories.PASSWORD)
    factories.give(
        person,
        Role.REFERRER,
        referrer_kind=ReferrerKind.EDUCATIONAL_SUPERVISOR,
        school=factories.a_school("School of Surgery"),
        employer=factories.an_employer("Weald Hospitals"),
    )
    return person


@pytest.fixture
def surgeon(referrer: User) -> User:
    """The head of the referrer's school."""
    return factories.a_head(referrer.roles_held.get().school, name="Harper Head")
