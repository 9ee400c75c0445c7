"""A site of its own for each experiment, and its counts on the screen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.reliability.counts import Counts
from tests.reliability.experiments import SlowMailbox
from tests.reliability.site import Site, a_site
from tests.smtp_server import MailServer


@pytest.fixture
def slow_mailbox() -> Iterator[SlowMailbox]:
    mailbox = SlowMailbox()
    server = MailServer(mailbox)
    server.start()
    yield mailbox
    server.stop()


@pytest.fixture
def site(tmp_path: Path, make_database: Callable[..., str], slow_mailbox: SlowMailbox) -> Iterator[Site]:
    with a_site(tmp_path, make_database(), slow_mailbox) as made:
        yield made


@pytest.fixture
def new_database(all_databases: Databases, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Empty databases beside the site's, which stays the one that `models` uses."""
    made: list[str] = []

    def make() -> str:
        made.append(all_databases.new(tmp_path, migrated=False))
        return made[-1]

    yield make
    for url in made:
        all_databases.drop(url)


@pytest.fixture
def right(capsys: pytest.CaptureFixture[str]) -> Callable[[Counts], None]:
    """Print what was counted, and find nothing in it that must not have happened."""

    def check(counts: Counts) -> None:
        with capsys.disabled():
            print(f"\n{counts.line()}")  # noqa: T201
        assert counts.is_right, counts.line()

    return check
