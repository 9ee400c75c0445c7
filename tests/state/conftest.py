"""The machines of this folder open a database for each of their examples."""

import pytest

from tests.databases import Databases, SqliteFiles


@pytest.fixture(autouse=True)
def _on_sqlite(all_databases: Databases) -> None:
    if not isinstance(all_databases, SqliteFiles):
        pytest.skip("Each example opens a database of its own, which needs SQLite's files; the rules are the same on both.")
