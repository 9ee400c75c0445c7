"""Whether anything was written: every row of every table, before and after."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from models import TABLES
from signpost.errors import RuleBroken


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {table.__name__: sorted(table.select().tuples(), key=repr) for table in TABLES}


@contextmanager
def nothing_written() -> Iterator[None]:
    """The block leaves every table as it was."""
    before = everything()
    yield
    assert everything() == before


@contextmanager
def refused(words: str, error: type[RuleBroken] = RuleBroken) -> Iterator[None]:
    """The block is refused with these words, and nothing was written."""
    with nothing_written(), pytest.raises(error) as raised:
        yield
    assert words in raised.value.words
