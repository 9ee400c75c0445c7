"""One world for each module, and what walks it."""

from collections.abc import Callable, Iterator

import pytest

from models import db
from signpost import clock, create_app
from signpost.config import Config
from signpost.database import is_sqlite
from tests.browser_client import Browser
from tests.conftest import NOTES_KEY, SECRET
from tests.databases import Databases, SqliteFiles
from tests.matrix.walk import Walker
from tests.matrix.world import World, build
from tests.once import CompiledTemplates
from tests.smtp_server import Mailbox


@pytest.fixture(scope="module")
def new_world(
    tmp_path_factory: pytest.TempPathFactory,
    all_databases: Databases,
    mail_server: Mailbox,
    compiled_templates: CompiledTemplates,
) -> Iterator[Callable[[], World]]:
    """Make a world, with an application and a database of its own."""
    if not isinstance(all_databases, SqliteFiles):
        pytest.skip("Each act is taken back by SQLite's transaction; who may see what does not depend on the database.")

    made: list[str] = []

    def make() -> World:
        folder = tmp_path_factory.mktemp("world")
        made.append(all_databases.new(folder))
        mail_server.forget()
        app = create_app(
            Config(
                database_url=made[-1],
                secret_key=SECRET,
                notes_keys=NOTES_KEY,
                audit_key="another secret that is long enough for tests",
                audit_anchor=folder / "audit-anchor",
                public_url="http://localhost",
                mail_server="127.0.0.1",
                mail_port=mail_server.port,
                testing=True,
                argon2_time=1,
                argon2_memory_kib=8,
            )
        )
        app.jinja_env.bytecode_cache = compiled_templates
        app.test_client_class = Browser
        # On PostgreSQL a request gives its connection back, and here the test runs in the thread of its requests.
        db.obj.autoconnect = not is_sqlite()
        db.connect(reuse_if_open=True)
        return build(app, mail_server)

    yield make
    clock.set_to(None)
    if db.obj is not None and not db.is_closed():
        db.close()
    for url in made:
        all_databases.drop(url)


@pytest.fixture(scope="module")
def world(new_world: Callable[[], World]) -> World:
    return new_world()


@pytest.fixture(scope="module")
def walker(world: World) -> Walker:
    return Walker(world)
