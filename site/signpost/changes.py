"""Writing to a row that two people may edit: the version that was read must still be the version that is there."""

from typing import Any

from models import Employer, Meeting, Poll, Referral, School, User, Venue
from signpost.errors import StaleRecord


def change(
    row: Referral | User | School | Employer | Venue | Meeting | Poll, expected_version: int, words: str, **columns: Any
) -> None:
    """Write these columns where the row still has the expected version. Raises StaleRecord, with the words, where not."""
    table = type(row)
    written = (
        table.update(version=table.version + 1, **columns)
        .where((table.id == row.id) & (table.version == expected_version))
        .execute()
    )
    if not written:
        raise StaleRecord(words)
    for name, value in columns.items():
        setattr(row, name, value)
    row.version = expected_version + 1
