"""A button that was pressed twice: what says the same as the last record, and came right after it, is that record."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from models import Table
from signpost import clock

ONE_PRESS = timedelta(seconds=10)


def is_same(last: Table | None, at: str, said: Mapping[str, Any]) -> bool:
    """Whether the last record, whose moment stands in the column `at`, says this and is of a moment ago."""
    if last is None or getattr(last, at) <= clock.now() - ONE_PRESS:
        return False
    return all(getattr(last, name) == value for name, value in said.items())
