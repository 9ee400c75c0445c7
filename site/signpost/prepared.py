"""Peewee queries of the hot paths, their SQL built once.

Peewee takes many times longer to build the SQL of a query than SQLite takes to answer it: it was half of the time of an
inbox page. What every page asks (who is signed in) and what the inbox asks is therefore built once, with holes where the
values go, and its text is kept for the life of the process. Everywhere else a query is built where it is used.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee import AsIs, Database, Field, SelectBase, Value

from models import Table, db
from signpost.fields import UTCDateTimeField

Row = tuple[Any, ...]
AnyTable = TypeVar("AnyTable", bound=Table)


@dataclass(frozen=True)
class Hole:
    """Where a value goes, and how the column it is compared with writes it."""

    name: str
    write: Callable[[Any], Any] | None


def hole(name: str, column: Field | None = None) -> Value:
    """The place of the value `name` in a prepared query, written as this column writes its values."""
    return AsIs(Hole(name, column.db_value if column is not None else None), converter=False)


@dataclass(frozen=True)
class _Text:
    sql: str
    values: list[Any]
    moments: Sequence[tuple[int, Callable[[Any], Any]]]


class Prepared:
    """A query that is built when it is first run, and once more for another kind of database."""

    def __init__(self, build: Callable[[], SelectBase]) -> None:
        self._build = build
        self._texts: dict[type[Database], _Text] = {}

    def rows(self, **given: Any) -> list[Row]:
        """Run it with a value for each hole. The columns come as the query lists them; what is no moment, as it lies there."""
        text = self._texts.get(type(db.obj)) or self._write()
        values = [
            value if type(value) is not Hole
            else given[value.name] if value.write is None
            else value.write(given[value.name])
            for value in text.values
        ]  # fmt: skip
        found: list[Row] = db.obj.execute_sql(text.sql, values).fetchall()
        return [_read(row, text.moments) for row in found] if text.moments else found

    def first(self, **given: Any) -> Row | None:
        return next(iter(self.rows(**given)), None)

    def _write(self) -> _Text:
        query = self._build()
        sql, values = db.obj.get_sql_context().parse(query)
        columns = enumerate(query._returning)
        moments = [(place, one.python_value) for place, one in columns if isinstance(one, UTCDateTimeField)]
        text = self._texts[type(db.obj)] = _Text(sql, values, moments)
        return text


def _read(row: Row, moments: Sequence[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for place, read in moments:
        values[place] = read(values[place])
    return tuple(values)


def as_read(table: type[AnyTable], columns: Iterable[str], values: Iterable[Any]) -> AnyTable:
    """A row of the table as a query gives it: these columns, and nothing that is still to be saved."""
    row: AnyTable = table(__no_default__=1, **dict(zip(columns, values, strict=True)))
    row._dirty.clear()
    return row
