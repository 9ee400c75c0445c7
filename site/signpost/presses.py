"""A button that was pressed twice: what says the same as the last record, and came right after it, is that record."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from models import Table
from signpost import clock

ONE_PRESS = timedelta(seconds=10)


def is_just_now(moment: datetime) -> bool:
    """Whether that is so short a time ago that what follows is the same press."""
    return moment > clock.now() - ONE_PRESS


def is_same(last: Table | None, at: str, said: Mapping[str, Any]) -> bool:
    """Whether the last record, whose moment stands in the column `at`, says this and is of a moment ago."""
    if last is None or not is_just_now(getattr(last, at)):
        return False
    return all(getattr(last, name) == value for name, value in said.items())
