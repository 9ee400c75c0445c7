"""Writing to a row that two people may edit: the version that was read must still be the version that is there."""

from typing import Any

from models import Table
from signpost.errors import StaleRecord
from signpost.fields import SealedTextField


def change(row: Table, expected_version: int, words: str, /, **columns: Any) -> None:
    """Write these columns where the row still has the expected version. Raises StaleRecord, with the words, where not."""
    table: Any = type(row)
    for name, value in columns.items():
        field = getattr(table, name)
        if isinstance(field, SealedTextField) and isinstance(value, str):
            columns[name] = field.sealed_for(row, value)
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
