"""The two sizes of the machine by pages: the usual one, the same every time, and `--hypothesis-profile=long`."""

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import Databases, SqliteFiles

USUAL = settings(
    max_examples=60, stateful_step_count=30, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
settings.register_profile("long", USUAL, max_examples=500, stateful_step_count=50, derandomize=False, print_blob=True)


@pytest.fixture(autouse=True)
def _on_sqlite(all_databases: Databases) -> None:
    if not isinstance(all_databases, SqliteFiles):
        pytest.skip("Each example opens a database of its own, by SQLite's files; the rules are the same on both.")
