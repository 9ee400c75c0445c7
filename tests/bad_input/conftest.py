"""A site in use, of which every address is known."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from flask import Flask

from models import db
from signpost import create_app, database
from signpost.config import Config
from tests import databases
from tests.browser.every_page import World, add_failures, make_world
from tests.browser_client import Browser
from tests.conftest import browser, config_of, sign_in
from tests.databases import Databases, Kept
from tests.once import CompiledTemplates
from tests.smtp_server import Mailbox

Sit = Callable[[str], Browser]


@pytest.fixture(scope="session")
def made_world(
    all_databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    mail_server: Mailbox,
    compiled_templates: CompiledTemplates,
) -> Iterator[tuple[World, Kept]]:
    """Made once, before the application of the first test that asks for it."""
    folder = tmp_path_factory.mktemp("world")
    url, anchor = all_databases.new(folder), folder / "audit-anchor"
    mail_server.forget()
    app = create_app(config_of(url, anchor, mail_server))
    app.jinja_env.bytecode_cache = compiled_templates
    db.obj.autoconnect = not database.is_sqlite()
    db.connect(reuse_if_open=True)
    yield make_world(app, mail_server), Kept(all_databases, url, anchor)
    all_databases.drop(url)


@pytest.fixture
def world(app: Flask, config: Config, made_world: tuple[World, Kept]) -> World:
    made, kept = made_world
    add_failures(app)
    databases.close(db.obj)
    kept.copy_to(config.database_url, config.audit_anchor)
    db.connect(reuse_if_open=True)
    return deepcopy(made)


@pytest.fixture
def sit(app: Flask, world: World) -> Sit:
    """`sit("adviser")`: the browser in which this person of the world is signed in; `sit("")`: nobody."""
    made: dict[str, Browser] = {}

    def at(who: str) -> Browser:
        if who not in made:
            made[who] = browser(app)
            if who:
                sign_in(made[who], world.people[who])
        return made[who]

    return at


@contextmanager
def taken_back() -> Iterator[None]:
    """What the block writes is undone after it, where the test and its requests share a connection."""
    if not database.is_sqlite():
        yield
        return
    with db.atomic() as transaction:
        yield
        transaction.rollback()
