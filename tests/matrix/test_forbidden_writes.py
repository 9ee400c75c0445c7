"""G2: a form writes what it says and nothing else, whatever fields somebody adds to it."""

import pytest

from tests import figures
from tests.matrix import forged, table
from tests.matrix.table import Row
from tests.matrix.walk import IN, MADE_UP, Visitor, Walker
from tests.matrix.whole_database import differences, rows, taken_back

POSTS = [row for row in table.ROUTES if row.method == "POST"]

# In this world nothing was done within the last minute, and nobody makes Teams links.
# Nothing is there to undo or to try again, and of the one meeting that was held all minutes are agreed.
WRITES_NOTHING_HERE = {"inbox.undoing", "meetings.retry_link", "preparation.agree"}


def let_in(walker: Walker, row: Row) -> list[tuple[str, str]]:
    """Everybody whom the table lets in to this row, with each record. Where all are, a stranger and somebody signed in."""
    everybody = [table.SIGNED_OUT, *(("adviser",) if row.who.public else table.PEOPLE)]
    return [
        (person, record)
        for record in walker.records(row)
        for person in everybody
        if walker.expected(person, row, record) == IN and record != table.ABSENT
    ]


def did(walker: Walker, visitor: Visitor, row: Row, record: str, more: dict[str, str]) -> list[str]:
    """What changed in the whole database."""
    before = rows()
    with taken_back():
        visitor.post(walker.fill_in(row.address, record, row.of), walker.body(row, record) | more)
        return differences(before, rows())


@pytest.mark.parametrize("row", POSTS, ids=lambda row: f"{row.endpoint} {row.address}")
def test_fields_that_the_form_has_not_change_nothing(walker: Walker, row: Row) -> None:
    more = forged.fields(row)
    wrote = False
    seen: set[tuple[str, str]] = set()
    for person, record in let_in(walker, row):
        alike = (",".join(sorted(walker.world.roles(person))), record)
        if alike in seen:
            continue
        visitor = walker.visitor(person)
        plain = did(walker, visitor, row, record, {})
        for some in forged.in_parts(row):
            assert did(walker, visitor, row, record, some) == plain, f"{person} at {row.endpoint} of {record or 'none'}"
        if plain:
            wrote = True
            seen.add(alike)
        figures.add("G2 let in", requests=2, fields_forged=len(more), differences=0)
    assert wrote or row.endpoint in WRITES_NOTHING_HERE, "no form of this row wrote anything: is it filled in well?"


def test_every_column_is_forged(walker: Walker) -> None:
    made_up = Row("POST", "made.up", f"/{MADE_UP}", table.EVERYBODY)
    assert {"status", "assigned_to_id", "referred_by", "version", "released", "school_id"} <= forged.fields(
        made_up
    ).keys()
