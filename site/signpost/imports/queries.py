"""The files a person brought, and what stands in them. Nobody else sees them."""

import json
from dataclasses import dataclass
from typing import Any

from peewee import Case, ModelSelect, fn

from models import Event, Import, ImportRow, RowChoice, User

ROWS_ON_A_PAGE = 50


@dataclass(frozen=True)
class Counts:
    """How many rows there are of each kind. `to_mend`: those that something is wrong with, and that are not left out."""

    add: int
    merge: int
    left_out: int
    to_mend: int
    there_already: int


@dataclass(frozen=True)
class Shown:
    """A row as it is shown before it is taken."""

    public_id: str
    number: int
    cells: dict[str, str]
    problems: dict[str, str]
    same_as: str
    choice: str


def brought_by(user: User, kind: str) -> ModelSelect:
    return Import.select().where((Import.by_user == user) & (Import.kind == kind))


def counts(batch: Import) -> Counts:
    is_bad, is_there = ImportRow.problems_json.is_null(False), ImportRow.same_as != ""
    is_out = ImportRow.choice == RowChoice.LEAVE_OUT
    kinds = (
        (ImportRow.choice == RowChoice.ADD) & ~is_bad,
        (ImportRow.choice == RowChoice.MERGE) & ~is_bad,
        is_out,
        is_bad & ~is_out,
        is_there,
    )
    counted = [fn.COUNT(Case(None, [(kind, 1)])) for kind in kinds]
    return Counts(*ImportRow.select(*counted).where(ImportRow.batch == batch).tuples().get())


def page(batch: Import, show: str, after: int) -> tuple[list[Shown], int | None]:
    """Some rows from after this line of the file on, and after which line to go on: all, those to mend, those there."""
    rows = ImportRow.select().where((ImportRow.batch == batch) & (ImportRow.number > after))
    if show == "to-mend":
        rows = rows.where(ImportRow.problems_json.is_null(False))
    elif show == "there-already":
        rows = rows.where(ImportRow.same_as != "")
    found = list(rows.order_by(ImportRow.number).limit(ROWS_ON_A_PAGE + 1))
    shown = [
        Shown(
            row.public_id,
            row.number,
            json.loads(row.cells_json),
            json.loads(row.problems_json) if row.problems_json else {},
            row.same_as,
            row.choice,
        )
        for row in found[:ROWS_ON_A_PAGE]
    ]
    return shown, shown[-1].number if len(found) > ROWS_ON_A_PAGE else None


def outcome(batch: Import) -> dict[str, Any]:
    """What became of a file that was taken: how many were added, merged, left out."""
    about = (Event.about_table == Import._meta.table_name) & (Event.about_id == batch.public_id)
    event = Event.select().where(about).order_by(Event.id.desc()).first()
    return event.facts if event else {}
