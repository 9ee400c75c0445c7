"""The gap analysis of the curriculum: a table of items, how far each is, the evidence, and what is planned (E9)."""

import hashlib
from collections.abc import Iterable

from models import CoverageStatus, GapRow, SupportMeeting, ToPrepare, db
from signpost.changes import change
from signpost.errors import RuleBroken, StaleRecord
from signpost.events import record
from signpost.files import reading
from signpost.files.reading import NotTaken
from signpost.imports import sheets
from signpost.progression import gap_table, papers, preparing, queries
from signpost.progression.queries import SCHOOL, SUPPORTED, Reader

CHANGED = "Somebody, perhaps you in another tab, changed this line in the meantime."
TABLE_CHANGED = "Somebody, perhaps you in another tab, changed the table in the meantime. Look at it again."
MOST_ROWS = gap_table.MOST_ROWS
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def may_read(reader: Reader, support: SupportMeeting) -> bool:
    """The trainee, their Training Officer and the School; the university gets what is shared as a paper."""
    return bool(queries.relations_to(reader, support) & (SUPPORTED | SCHOOL))


def may_write(reader: Reader, support: SupportMeeting) -> bool:
    is_open = support.held_at is None and support.called_off_at is None
    return is_open and bool(queries.relations_to(reader, support) & SUPPORTED)


def rows_of(support: SupportMeeting) -> list[GapRow]:
    return list(GapRow.select().where(GapRow.support_meeting == support).order_by(GapRow.position, GapRow.id))


def seen(support: SupportMeeting) -> str:
    """What the table is like now, so that nobody replaces what they have not seen."""
    said = [f"{row.public_id}:{row.version}" for row in rows_of(support)]
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]


def text_of(content: bytes) -> str:
    """The rows of a workbook or a CSV file, as they would be pasted. The file itself is not kept. Raises NotTaken."""
    if content.startswith(WORKBOOK):
        return gap_table.as_text(reading.rows(content))
    try:
        return sheets.decoded(content)
    except sheets.Unreadable as trouble:
        raise NotTaken(str(trouble)) from None


def keep(support: SupportMeeting, rows: Iterable[gap_table.Row], replaces: bool, was: str, by: Reader) -> int:
    """Write rows that were looked at: below those there are, or in their place. Gives how many are new.

    A row that says the same as one that is there is not written twice. `was` is what the table was like when they looked.
    """
    _refuse(support, by)
    wanted = list(rows)
    if any(row.problem for row in wanted):
        raise RuleBroken("Put right what is wrong with some of the rows first.")
    with db.atomic():
        _hold(support)
        there = rows_of(support)
        known = {_said(row) for row in there}
        new = [row for row in wanted if _said(row) not in known]
        gone = [row for row in there if _said(row) not in {_said(one) for one in wanted}] if replaces else []
        if not new and not gone:
            return 0
        if replaces and was != seen(support):
            raise StaleRecord(TABLE_CHANGED)
        if len(there) - len(gone) + len(new) > MOST_ROWS:
            raise RuleBroken(f"A gap analysis has {MOST_ROWS:,} rows at most.")
        for row in gone:
            row.delete_instance()
        last = max((row.position for row in there), default=0)
        for position, one in enumerate(new, last + 1):
            _write(support, one, position)
        _say(support, by)
    return len(new)


def _write(support: SupportMeeting, row: gap_table.Row, position: int) -> None:
    written = GapRow(support_meeting=support, position=position, status=CoverageStatus(row.status))
    written.item, written.evidence, written.plan = row.item, row.evidence or None, row.plan or None
    written.save()


def _said(row: GapRow | gap_table.Row) -> tuple[str, str, str, str]:
    return (row.item, str(row.status), row.evidence or "", row.plan or "")


def alter(row: GapRow, said: gap_table.Row, version: int, by: Reader) -> None:
    """Change one line where it stands."""
    support = row.support_meeting
    _refuse(support, by)
    if said.problem:
        raise RuleBroken(said.problem)
    if _said(row) == _said(said):
        return
    columns = {"evidence": said.evidence or None, "plan": said.plan or None}
    with db.atomic():
        change(row, version, CHANGED, item=said.item, status=CoverageStatus(said.status), **columns)
        _say(support, by)


def remove(row: GapRow, by: Reader) -> None:
    support = row.support_meeting
    _refuse(support, by)
    with db.atomic():
        if row.delete_instance():
            _say(support, by)


def _say(support: SupportMeeting, by: Reader) -> None:
    """There is a gap analysis while there is a line of it, or a document."""
    preparing.added(support, ToPrepare.GAP_ANALYSIS, is_there=papers.has_gap_analysis(support))
    record("gap_analysis.changed", by=by, concerning=support)


def _refuse(support: SupportMeeting, by: Reader) -> None:
    if not queries.relations_to(by, support) & SUPPORTED:
        raise RuleBroken("Only the trainee and their training officer write the gap analysis.")
    preparing.refuse_over(support)


def _hold(support: SupportMeeting) -> None:
    """Two presses at once write one after the other."""
    SupportMeeting.update(version=SupportMeeting.version).where(SupportMeeting.id == support.id).execute()
