"""Bringing a file of rows, choosing what becomes of each, and taking all of it. The worker does the long parts."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from peewee import ModelSelect, chunked

from models import Import, ImportRow, ImportState, RowChoice, User, db
from signpost import clock
from signpost.changes import change
from signpost.characters import made_visible, tidy_line
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.fields import new_public_id
from signpost.formatting import plural, sentence_list
from signpost.imports import queries, sheets
from signpost.imports.sheets import Column

ROWS_AT_A_TIME = 500
PIECES_AT_A_TIME = 4
NAME_LENGTH = 100
KEPT_FOR = timedelta(days=14)
CHANGED = "Somebody went on with this file while you were looking at it. Look at it again."
SAME_AS_BEFORE = "The same as row {}"
OVERTAKEN = "The list has changed since you looked at the rows, so nothing was taken. Look again at {}."
ROWS_SAID = 5
ROWS_NAMED = 50


@dataclass(frozen=True)
class Checked:
    """What a row is found to be: what is wrong with which column, and the record it seems to be of."""

    problems: dict[str, str] = field(default_factory=dict)
    same_as: str = ""


@dataclass(frozen=True)
class Line:
    """A row to be taken: its line in the file, what it says, and what becomes of it."""

    number: int
    cells: dict[str, str]
    choice: RowChoice
    same_as: str


@dataclass(frozen=True)
class Kind:
    """What a file may be of, and what a room does with its rows.

    `check` looks at some rows at a time. `identity` says which rows of one file are the same; nothing where none is.
    `take` takes some rows in the caller's transaction, and raises RuleBroken where one cannot be taken any more. `after`
    is done when it is over.
    """

    name: str
    event: str
    columns: Sequence[Column]
    check: Callable[[Sequence[dict[str, str]]], list[Checked]]
    identity: Callable[[dict[str, str]], str]
    take: Callable[[Sequence[Line], User], None]
    after: Callable[[datetime], object]


def bring(kind: Kind, called: str, content: bytes, by: User, reference: str = "") -> Import:
    """Keep a file until it is taken or called off. Raises Unreadable where it has no rows of this kind.

    `reference` becomes its public id: a form that is sent again with the same one brings nothing.
    """
    sheets.read(content, kind.columns).count()
    with db.atomic():
        if reference and (there := Import.get_or_none(Import.public_id == reference)):
            if there.by_user_id != by.id or there.kind != kind.name:
                raise RuleBroken("This page was sent already. Open it again to bring another file.")
            return there
        made = Import(public_id=reference or new_public_id(), kind=kind.name, by_user=by, brought_at=clock.now())
        made.file_name = made_visible(tidy_line(called))[-NAME_LENGTH:] or "Without a name"
        made.content = content
        made.save(force_insert=True)
    return made


def choose(batch: Import, choices: Mapping[str, RowChoice], by: User, expected_version: int) -> None:
    """What becomes of these rows, by their public ids."""
    _refuse_unless(batch, ImportState.TO_CHECK)
    with db.atomic():
        change(batch, expected_version, CHANGED)
        for public_id, choice in choices.items():
            mine = (ImportRow.batch == batch) & (ImportRow.public_id == public_id)
            if choice == RowChoice.MERGE:
                mine &= ImportRow.same_as != ""
            ImportRow.update(choice=choice).where(mine).execute()


def choose_for_all(batch: Import, which: str, by: User, expected_version: int) -> None:
    """`merge`: every row of somebody who is there already. `leave_out`: every row with something to mend."""
    _refuse_unless(batch, ImportState.TO_CHECK)
    with db.atomic():
        change(batch, expected_version, CHANGED)
        if which == "merge":
            rows = (ImportRow.same_as != "") & ImportRow.problems_json.is_null()
            ImportRow.update(choice=RowChoice.MERGE).where((ImportRow.batch == batch) & rows).execute()
        else:
            rows = ImportRow.problems_json.is_null(False)
            ImportRow.update(choice=RowChoice.LEAVE_OUT).where((ImportRow.batch == batch) & rows).execute()


def take(batch: Import, by: User, expected_version: int) -> None:
    """Let the worker take it: all rows but those left out, or none where the list has changed meanwhile."""
    if batch.state in (ImportState.TAKING, ImportState.TAKEN):
        return
    _refuse_unless(batch, ImportState.TO_CHECK)
    counts = queries.counts(batch)
    if counts.to_mend:
        rows = plural(counts.to_mend, "row has", "rows have")
        raise RuleBroken(f"{rows} something to mend. Mend the file and bring it again, or leave those rows out.")
    if not counts.add and not counts.merge:
        raise RuleBroken("Every row is left out, so there is nothing to take.")
    with db.atomic():
        change(batch, expected_version, CHANGED, state=ImportState.TAKING, rows_done=0, problem="")


def call_off(batch: Import, by: User) -> None:
    """Take nothing of it. What was read is forgotten."""
    open_still = Import.state.in_((ImportState.READING, ImportState.TO_CHECK))
    with db.atomic():
        columns = {"state": ImportState.CALLED_OFF, "content": None, "version": Import.version + 1}
        if Import.update(columns).where((Import.id == batch.id) & open_still).execute():
            ImportRow.delete().where(ImportRow.batch == batch).execute()
        elif Import.get_by_id(batch.id).state != ImportState.CALLED_OFF:
            raise RuleBroken("This file is being taken already.")


def forget_old(at: datetime) -> int:
    """Call off what nobody went on with: it is full of people's names."""
    old = Import.state.in_((ImportState.READING, ImportState.TO_CHECK)) & (Import.brought_at < at - KEPT_FOR)
    rows = list(Import.select().where(old))
    for row in rows:
        call_off(row, row.by_user)
    return len(rows)


def _refuse_unless(batch: Import, state: ImportState) -> None:
    if batch.state != state:
        raise RuleBroken(CHANGED)


# What the worker does


def go_on(kinds: Mapping[str, Kind]) -> int:
    """Read, or take, some of what was brought. Gives how many rows were read or taken."""
    waiting = Import.select().where(Import.state.in_((ImportState.READING, ImportState.TAKING))).order_by(Import.id)
    return sum(_go_on(row, kinds[row.kind]) for row in list(waiting) if row.kind in kinds)


def _go_on(batch: Import, kind: Kind) -> int:
    return _read_on(batch, kind) if batch.state == ImportState.READING else _take(batch, kind)


def _read_on(batch: Import, kind: Kind) -> int:
    """The next pieces of a file, each in a transaction of its own, from where the last one stopped."""
    sheet = sheets.read(batch.content, kind.columns)
    if not batch.rows:
        Import.update(rows=sheet.count()).where(Import.id == batch.id).execute()
    all_rows = enumerate(sheet.rows())
    first_of: dict[str, int] = {}
    for row in islice(all_rows, batch.rows_done):
        _remember(row[1], kind, first_of)
    read = 0
    for _ in range(PIECES_AT_A_TIME):
        piece = [row for _, row in islice(all_rows, ROWS_AT_A_TIME)]
        if not _keep(batch, kind, piece, first_of):
            break
        read += len(piece)
    return read


def _remember(row: sheets.Row, kind: Kind, first_of: dict[str, int]) -> int:
    """The line of an earlier row that is the same; 0 where there is none."""
    identity = kind.identity(row.cells)
    return 0 if not identity or first_of.setdefault(identity, row.number) == row.number else first_of[identity]


def _keep(batch: Import, kind: Kind, piece: list[sheets.Row], first_of: dict[str, int]) -> bool:
    """Keep some rows and what is wrong with them. False where the file is over, or was called off meanwhile."""
    rows = []
    for row, checked in zip(piece, kind.check([row.cells for row in piece]), strict=True):
        problems = {"": row.problem} if row.problem else dict(checked.problems)
        if earlier := _remember(row, kind, first_of):
            problems[""] = SAME_AS_BEFORE.format(earlier)
        is_there = bool(checked.same_as) and not problems
        made = ImportRow(
            public_id=new_public_id(),
            batch=batch,
            number=row.number,
            same_as=checked.same_as if is_there else "",
            choice=RowChoice.LEAVE_OUT if is_there else RowChoice.ADD,
        )
        made.cells_json = json.dumps(row.cells, ensure_ascii=False)
        made.problems_json = json.dumps(problems, ensure_ascii=False) if problems else None
        rows.append(made)
    done = batch.rows_done + len(rows)
    is_over = len(piece) < ROWS_AT_A_TIME
    columns = {"rows_done": done, "version": Import.version + 1}
    if is_over:
        columns |= {"state": ImportState.TO_CHECK, "content": None}
    with db.atomic():
        here = (Import.id == batch.id) & (Import.state == ImportState.READING) & (Import.rows_done == batch.rows_done)
        if not Import.update(columns).where(here).execute():
            return False
        for some in chunked(rows, 100):
            ImportRow.insert_many([row.__data__ for row in some]).execute()
    batch.rows_done = done
    return not is_over


def _take(batch: Import, kind: Kind) -> int:
    """The next rows of it, in a transaction of their own, so that nobody waits long who writes something else.

    Before the first of them all are looked at again, and where one cannot be taken any more none is. Once some are in it
    goes on to the end, whoever stops in between; a row that somebody overtook in those moments is left and named.
    """
    if not batch.rows_done and _send_back_what_changed(batch, kind):
        return 0
    rows = list(_to_take(batch).order_by(ImportRow.number).offset(batch.rows_done).limit(ROWS_AT_A_TIME))
    try:
        with db.atomic():
            if _moves_on(batch, rows_done=batch.rows_done + len(rows)):
                kind.take([_line(row) for row in rows], batch.by_user)
    except RuleBroken as refusal:
        if not batch.rows_done:
            _moves_on(batch, state=ImportState.TO_CHECK, problem=refusal.words[:300])
            return 0
        _take_one_by_one(batch, kind, rows)
    if len(rows) < ROWS_AT_A_TIME:
        _finish(Import.get_by_id(batch.id), kind)
    return len(rows)


def _take_one_by_one(batch: Import, kind: Kind, rows: Sequence[ImportRow]) -> None:
    """All but those that cannot be taken any more. Each of these keeps the reason."""
    with db.atomic():
        if not _moves_on(batch, rows_done=batch.rows_done + len(rows)):
            return
        for row in rows:
            try:
                with db.atomic():
                    kind.take([_line(row)], batch.by_user)
            except RuleBroken as refusal:
                _write_problems(row, {"": refusal.words})


def _finish(batch: Import, kind: Kind) -> None:
    counts = queries.counts(batch)
    facts = {"import": batch.public_id, "added": counts.add, "merged": counts.merge, "left_out": counts.left_out}
    if counts.to_mend:
        bad = _to_take(batch).where(ImportRow.problems_json.is_null(False)).order_by(ImportRow.number)
        facts |= {"overtaken": counts.to_mend, "rows": [row.number for row in bad.limit(ROWS_NAMED)]}
    with db.atomic():
        if not _moves_on(batch, state=ImportState.TAKEN, taken_at=clock.now()):
            return
        ImportRow.delete().where(ImportRow.batch == batch).execute()
        record(kind.event, by=batch.by_user, concerning=batch, facts=facts)
    kind.after(clock.now())


def _send_back_what_changed(batch: Import, kind: Kind) -> bool:
    """Look at all rows again. Where one is not what it was when they were chosen, the file goes back to be checked."""
    changed = []
    rows = iter(_to_take(batch).order_by(ImportRow.number).iterator())
    while piece := list(islice(rows, ROWS_AT_A_TIME)):
        found = kind.check([_line(row).cells for row in piece])
        changed += [
            (row, now) for row, now in zip(piece, found, strict=True) if now.problems or now.same_as != row.same_as
        ]
    if not changed:
        return False
    with db.atomic():
        said = [f"row {row.number}" for row, _ in changed[:ROWS_SAID]]
        if more := len(changed) - len(said):
            said.append(f"{more} more")
        if _moves_on(batch, state=ImportState.TO_CHECK, problem=OVERTAKEN.format(sentence_list(said))):
            for row, now in changed:
                is_there = bool(now.same_as) and not now.problems
                choice = RowChoice.LEAVE_OUT if is_there else RowChoice.ADD
                _write_problems(row, now.problems, same_as=now.same_as if is_there else "", choice=choice)
    return True


def _to_take(batch: Import) -> ModelSelect:
    return ImportRow.select().where((ImportRow.batch == batch) & (ImportRow.choice != RowChoice.LEAVE_OUT))


def _line(row: ImportRow) -> Line:
    return Line(row.number, json.loads(row.cells_json), RowChoice(row.choice), row.same_as)


def _write_problems(row: ImportRow, problems: Mapping[str, str], **columns: object) -> None:
    row.problems_json = json.dumps(problems, ensure_ascii=False) if problems else None
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def _moves_on(batch: Import, **columns: object) -> bool:
    """Whether it stands where we saw it, and is being taken. Of two workers one goes on."""
    here = (Import.id == batch.id) & (Import.state == ImportState.TAKING) & (Import.rows_done == batch.rows_done)
    return bool(Import.update(version=Import.version + 1, **columns).where(here).execute())
