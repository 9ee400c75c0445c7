"""What tests start from: a fresh database file each, an application on it, people, and a real mail server."""

import base64
import gc
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings

from models import Role, User, db
from signpost import clock, create_app, database, turns
from signpost.accounts import sessions
from signpost.config import Config
from tests import databases, factories
from tests.browser_client import Browser
from tests.databases import Databases
from tests.figures import pytest_sessionfinish, pytest_terminal_summary, pytest_testnodedown
from tests.once import CompiledTemplates, compiled_addresses
from tests.postgres_server import in_memory
from tests.smtp_server import Mailbox, MailServer

SECRET = "a secret that is long enough for tests only"
NOTES_KEY = f"k1:{base64.urlsafe_b64encode(b'k' * 32).decode()}"

# The same examples each time, however slow the machine. For others: --hypothesis-profile=default
settings.load_profile("ci")

# Where many press at once, the last of them waits for all the others: on a slow machine longer than people would.
turns.LONGEST_WAIT_SECONDS = 120.0


def pytest_configure(config: pytest.Config) -> None:
    """Folders of tests are in memory where there is room: nobody needs what thousands of databases sync to the disk."""
    if folder := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_collection_finish() -> None:
    """What was imported stays to the end: looking through it for garbage at each application made is half of making it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


@pytest.fixture(scope="session", autouse=True)
def _addresses_compiled_once() -> Iterator[None]:
    with compiled_addresses():
        yield


@pytest.fixture(scope="session")
def all_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = databases.of_this_run(tmp_path_factory.mktemp("fresh"))
    yield made
    made.end()


@pytest.fixture
def make_database(all_databases: Databases, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Make a database without records and give its URL: `make_database(migrated=False)` has no tables either."""
    made = []

    def make(migrated: bool = True) -> str:
        made.append(all_databases.new(tmp_path, migrated))
        return made[-1]

    yield make
    if made and db.obj is not None:
        databases.close(db.obj)
    for url in made:
        all_databases.drop(url)


@pytest.fixture(scope="session")
def compiled_templates() -> CompiledTemplates:
    """Every test has its own application; they share the compiling of templates."""
    return CompiledTemplates()


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    server = MailServer(mailbox)
    server.start()
    yield mailbox
    mailbox.forget()
    server.stop()


@pytest.fixture
def mailbox(mail_server: Mailbox) -> Mailbox:
    """What arrives by mail, and the switches for what goes wrong with it."""
    mail_server.forget()
    return mail_server


def config_of(url: str, anchor: Path, mailbox: Mailbox) -> Config:
    """The usual configuration, on this database."""
    return Config(
        database_url=url,
        secret_key=SECRET,
        notes_keys=NOTES_KEY,
        audit_key="another secret that is long enough for tests",
        audit_anchor=anchor,
        public_url="http://localhost",
        mail_server="127.0.0.1",
        mail_port=mailbox.port,
        testing=True,
        argon2_time=1,
        argon2_memory_kib=8,
    )


@pytest.fixture
def config(tmp_path: Path, make_database: Callable[..., str], mailbox: Mailbox) -> Config:
    return config_of(make_database(), tmp_path / "audit-anchor", mailbox)


@pytest.fixture
def make_app(config: Config, compiled_templates: CompiledTemplates) -> Iterator[Callable[..., Flask]]:
    """Make an application whose configuration differs from the usual one: `make_app(demo=True)`."""

    def make(**changed: object) -> Flask:
        app = create_app(replace(config, **changed))  # type: ignore[arg-type]
        app.jinja_env.bytecode_cache = compiled_templates
        app.test_client_class = Browser
        # On PostgreSQL a request gives its connection back, and here the test runs in the thread of its requests.
        db.obj.autoconnect = not database.is_sqlite()
        opened.append(db.obj)
        db.connect(reuse_if_open=True)
        return app

    opened: list[Any] = []
    yield make
    clock.set_to(None)
    for each in opened:
        databases.close(each)


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return browser(app)


@pytest.fixture
def browser_of(app: Flask) -> Callable[[User], Browser]:
    """`browser_of(adviser)`: a browser of their own, in which this person is signed in."""

    def make(user: User) -> Browser:
        made = browser(app)
        sign_in(made, user)
        return made

    return make


def browser(app: Flask) -> Browser:
    made = app.test_client()
    assert isinstance(made, Browser)
    return made


def sign_in(client: Browser, user: User) -> str:
    """Sign this person in without the page for it. Gives the session's token."""
    token = sessions.begin(user)
    with client.session_transaction() as session:
        session["_user_id"] = token
    return token


# People


@pytest.fixture
def adviser(app: Flask) -> User:
    return factories.a_user(Role.SENIOR_ADVISER, name="Alex Adviser")


@pytest.fixture
def counsellor(app: Flask) -> User:
    return factories.a_user(Role.COUNSELLOR, name="Chris Counsellor")


@pytest.fixture
def referrer(app: Flask) -> User:
    return factories.a_referrer(name="Robin Referrer")


@pytest.fixture
def trainee(app: Flask) -> User:
    return factories.a_user(Role.TRAINEE, name="Toni Trainee")


@pytest.fixture
def head(app: Flask) -> User:
    return factories.a_head(factories.a_school("School of Medicine"), name="Hilary Head")


@pytest.fixture
def tsg(app: Flask) -> User:
    return factories.a_user(Role.TSG, name="Sandy Support")


@pytest.fixture
def administrator(app: Flask) -> User:
    return factories.a_user(Role.ADMINISTRATOR, name="Ash Administrator")


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of whoever runs the tests reaches them."""
    for name in set(os.environ) & {
        *("DATABASE_URL", "SECRET_KEY", "NOTES_KEYS", "AUDIT_KEY", "AUDIT_ANCHOR", "PUBLIC_URL", "DEMO", "CLOCK"),
        *("TEAMS_PROVIDER", "GRAPH_TENANT_ID", "GRAPH_CLIENT_ID", "GRAPH_CLIENT_SECRET", "GRAPH_ORGANISER"),
        *("GRAPH_BASE_URL", "GRAPH_AUTHORITY", "CLAMD_ADDRESS"),
        *("MAIL_SERVER", "MAIL_PORT", "MAIL_USERNAME", "MAIL_PASSWORD", "MAIL_USE_TLS", "TRUSTED_PROXIES"),
    }:
        monkeypatch.delenv(name)


__all__ = [
    "browser",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "pytest_testnodedown",
    "sign_in",
]
