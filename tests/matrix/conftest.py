"""One world for each module, and what walks it."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from flask import Flask

from models import db
from signpost import clock, create_app
from signpost.database import is_sqlite
from tests.browser_client import Browser
from tests.conftest import config_of
from tests.databases import Databases, Kept, SqliteFiles
from tests.matrix.walk import Walker
from tests.matrix.world import World, build
from tests.once import CompiledTemplates
from tests.smtp_server import Mailbox


class Worlds:
    """Makes worlds, each with an application and a database of its own: built once, and copied from then on."""

    def __init__(
        self,
        folders: pytest.TempPathFactory,
        databases: Databases,
        mailbox: Mailbox,
        templates: CompiledTemplates,
    ) -> None:
        self.folders, self.databases, self.mailbox, self.templates = folders, databases, mailbox, templates
        self.made: list[str] = []
        self.kept: Kept | None = None

    def new(self) -> World:
        if self.kept is None:
            url, anchor = self._place()
            self.first = build(self._open(url, anchor), self.mailbox)
            self.received = list(self.mailbox.received)
            self.kept = Kept(self.databases, url, anchor)
        url, anchor = self._place()
        self.kept.copy_to(url, anchor)
        app = self._open(url, anchor)
        self.mailbox.received[:] = self.received
        return deepcopy(self.first, {id(self.first.app): app, id(self.mailbox): self.mailbox})

    def _place(self) -> tuple[str, Path]:
        folder = self.folders.mktemp("world")
        self.made.append(self.databases.new(folder))
        return self.made[-1], folder / "audit-anchor"

    def _open(self, url: str, anchor: Path) -> Flask:
        self.mailbox.forget()
        app = create_app(config_of(url, anchor, self.mailbox))
        app.jinja_env.bytecode_cache = self.templates
        app.test_client_class = Browser
        # On PostgreSQL a request gives its connection back, and here the test runs in the thread of its requests.
        db.obj.autoconnect = not is_sqlite()
        db.connect(reuse_if_open=True)
        return app


@pytest.fixture(scope="session")
def worlds(
    tmp_path_factory: pytest.TempPathFactory,
    all_databases: Databases,
    mail_server: Mailbox,
    compiled_templates: CompiledTemplates,
) -> Iterator[Worlds]:
    if not isinstance(all_databases, SqliteFiles):
        pytest.skip("Each act is taken back by SQLite's transaction; who may see what does not depend on the database.")
    made = Worlds(tmp_path_factory, all_databases, mail_server, compiled_templates)
    yield made
    for url in made.made:
        all_databases.drop(url)


@pytest.fixture(scope="module")
def new_world(worlds: Worlds) -> Iterator[Callable[[], World]]:
    """Make a world, with an application and a database of its own."""
    yield worlds.new
    clock.set_to(None)
    if db.obj is not None and not db.is_closed():
        db.close()


@pytest.fixture(scope="module")
def world(new_world: Callable[[], World]) -> World:
    return new_world()


@pytest.fixture(scope="module")
def walker(world: World) -> Walker:
    return Walker(world)
