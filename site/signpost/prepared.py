"""Peewee queries of the hot paths, their SQL built once.

Peewee takes many times longer to build the SQL of a query than SQLite takes to answer it: it was half of the time of an
inbox page. What every page asks (who is signed in) and what the inbox asks is therefore built once, with holes where the
values go, and its text is kept for the life of the process; so is what sending a referral and a letter ask again and
again, and the inserts of their rows, since other writers wait meanwhile. Everywhere else a query is built where it is used.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee import AsIs, AutoField, BlobField, BooleanField, Database, Field, Value

from models import Table, db
from signpost.fields import UTCDateTimeField

# Columns whose values lie in the database otherwise than they are read.
READ = (UTCDateTimeField, BooleanField, BlobField)

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
    readers: Sequence[tuple[int, Callable[[Any], Any]]]


class Prepared:
    """A query that is built when it is first run, and once more for another kind of database."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._texts: dict[type[Database], _Text] = {}

    def run(self, **given: Any) -> Any:
        """Run it with a value for each hole. Gives the cursor."""
        text = self._text()
        values = [
            value if type(value) is not Hole
            else given[value.name] if value.write is None
            else value.write(given[value.name])
            for value in text.values
        ]  # fmt: skip
        return db.obj.execute_sql(text.sql, values)

    def rows(self, **given: Any) -> list[Row]:
        """The rows it finds, their columns in the order of the query."""
        found: list[Row] = self.run(**given).fetchall()
        readers = self._text().readers
        return [_read(row, readers) for row in found] if readers else found

    def first(self, **given: Any) -> Row | None:
        return next(iter(self.rows(**given)), None)

    def _text(self) -> _Text:
        return self._texts.get(type(db.obj)) or self._write()

    def _write(self) -> _Text:
        query = self._build()
        sql, values = db.obj.get_sql_context().parse(query)
        columns = enumerate(query._returning or ())
        readers = [(place, one.python_value) for place, one in columns if isinstance(one, READ)]
        text = self._texts[type(db.obj)] = _Text(sql, values, readers)
        return text


def _read(row: Row, readers: Sequence[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for place, read in readers:
        values[place] = read(values[place])
    return tuple(values)


def as_read(table: type[AnyTable], columns: Iterable[str], values: Iterable[Any]) -> AnyTable:
    """A row of the table as a query gives it: these columns, and nothing that is still to be saved."""
    row: AnyTable = table(__no_default__=1)
    row.__data__.update(zip(columns, values, strict=True))
    return row


def all_of(table: type[AnyTable], query: Prepared, **given: Any) -> list[AnyTable]:
    """The rows of a table that a query over all its columns finds."""
    return [as_read(table, table._meta.sorted_field_names, row) for row in query.rows(**given)]


def by_number(table: type[AnyTable], number: int) -> AnyTable:
    """The row of a table with this number. Raises DoesNotExist."""
    query = _by_number.get(table)
    if query is None:
        query = _by_number[table] = Prepared(lambda: table.select().where(table._meta.primary_key == hole("number")))
    found = all_of(table, query, number=number)
    if not found:
        raise table.DoesNotExist
    return found[0]


_by_number: dict[type[Table], Prepared] = {}


def insert(row: AnyTable) -> AnyTable:
    """Put a new row into its table, as `row.save(force_insert=True)` does."""
    table, key = type(row), row._meta.primary_key
    is_numbered = isinstance(key, AutoField) and row._pk is None
    cursor = _insert_into(table, is_numbered).run(**{name: row.__data__.get(name) for name in table._meta.fields})
    if is_numbered:
        row._pk = cursor.fetchone()[0] if db.obj.returning_clause else cursor.lastrowid
    row._dirty.clear()
    return row


_inserts: dict[tuple[type[Table], bool], Prepared] = {}


def _insert_into(table: type[Table], is_numbered: bool) -> Prepared:
    def build() -> Any:
        key = table._meta.primary_key
        columns = [column for column in table._meta.sorted_fields if not (is_numbered and column is key)]
        query = table.insert({column: hole(column.name, column) for column in columns})
        return query.returning(key) if db.obj.returning_clause else query

    if (table, is_numbered) not in _inserts:
        _inserts[table, is_numbered] = Prepared(build)
    return _inserts[table, is_numbered]
