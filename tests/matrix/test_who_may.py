"""G1: every person × every address × every record × kind of request, with a sentinel in every confidential field."""

import os
import zlib
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests import figures
from tests.matrix import forged, table
from tests.matrix.table import ABSENT
from tests.matrix.walk import (
    IN,
    KINDS_OF_REQUEST,
    NOT_FOUND,
    Cell,
    Walker,
    answer_of,
    log_lines,
    without_tokens,
)
from tests.matrix.whole_database import Watch, forget, taken_back
from tests.matrix.world import World

EVERYBODY = [table.SIGNED_OUT, *table.PEOPLE]


def test_every_address_of_the_site_has_a_row(world: World) -> None:
    there = {
        (rule.endpoint, method)
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint not in table.NOT_WALKED
    }
    listed = {(row.endpoint, row.method) for row in table.ROUTES}
    assert there - listed == set(), "these addresses are missing from tests/matrix/table.py"
    assert listed - there == set(), "these rows have no address"


def test_every_field_of_a_record_is_planted(world: World) -> None:
    world.browser_of("adviser")
    planted = {what for places in world.words.places.values() for _, what in places}
    wanted = {*table.READS, *table.OWN, *table.NOBODY_READS}
    assert wanted - planted == set()


def cells(walker: Walker, person: str, method: str) -> Iterator[tuple[Cell, str]]:
    """Each cell of this person, and the answer the tables want."""
    for row in walker.rows(method):
        if row.of in table.BEARER and person not in table.HOLDERS:
            continue
        for record in walker.records(row):
            wanted = walker.expected(person, row, record)
            for address in walker.addresses(row, record, with_queries=wanted == IN):
                for kind in kinds_of(method, wanted, f"{person} {row.endpoint} {record}"):
                    yield Cell(row, record, address, kind), wanted


def kinds_of(method: str, wanted: str, cell: str) -> tuple[str, ...]:
    """In which kinds of request a cell is asked: in all where somebody is let in.

    A refusal is asked in one kind, which differs from cell to cell, so that every kind meets every address many times;
    with SIGNPOST_MATRIX=all in all of them. Nothing is written by stepping back in history.
    """
    kinds = tuple(KINDS_OF_REQUEST) if method == "GET" else ("plain", "fragment", "boosted")
    if wanted == IN or os.environ.get("SIGNPOST_MATRIX") == "all":
        return kinds
    return (kinds[zlib.crc32(cell.encode()) % len(kinds)],)


@pytest.mark.parametrize("person", EVERYBODY)
def test_reading(walker: Walker, person: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever may not, is not let in and learns nothing; and nobody changes anything by looking."""
    visitor, watch = walker.visitor(person), Watch()
    wrong, absent = [], {}
    counts = dict.fromkeys(("requests", "cells", "refused", "leaks"), 0)
    for cell, wanted in cells(walker, person, "GET"):
        keeps_it = cell.row.keeps_readings and wanted == IN
        before = "" if keeps_it else watch.fingerprint()
        response = visitor.ask("GET", cell.address, **KINDS_OF_REQUEST[cell.kind])
        leaks = walker.leaks(person, cell, response)
        wrong += what_is_wrong(walker, cell, wanted, answer_of(response), leaks)
        if wanted == NOT_FOUND:
            page = without_tokens(response.get_data(as_text=True))
            absent.setdefault((cell.row.endpoint, cell.kind), set()).add(page)
        elif cell.kind != "fragment" and is_a_page(response) and "<html" not in response.text:
            wrong.append(f"{cell}: a fragment where a whole page is wanted")
        if not keeps_it and watch.fingerprint() != before:
            wrong.append(f"{cell}: looking at it changed the database")
        counts["requests"] += 1
        counts["cells"] += 1
        counts["refused"] += wanted != IN
        counts["leaks"] += len(leaks)
    different = [place for place, pages in absent.items() if len(pages) > 1]
    wrong += [f"GET {endpoint} {kind}: not found is told in more than one way" for endpoint, kind in different]
    wrong += in_the_log(walker, capsys.readouterr().err)
    figures.add("G1 reading", **counts)
    assert not wrong, told(wrong)


@pytest.mark.parametrize("person", EVERYBODY)
def test_writing(walker: Walker, person: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever may not, changes nothing by any form, and learns nothing from the refusal."""
    visitor, watch = walker.visitor(person), Watch()
    before, wrong = watch.fingerprint(), []
    counts = dict.fromkeys(("requests", "cells", "refused", "leaks"), 0)
    for cell, wanted in cells(walker, person, "POST"):
        headers = KINDS_OF_REQUEST[cell.kind]
        # Whoever is refused also tries every field that no form has (G2).
        body = walker.body(cell.row, cell.record) | (forged.in_parts(cell.row)[0] if wanted != IN else {})
        visitor.be_seen()
        with taken_back():
            response = visitor.post(cell.address, body, headers)
            wrote = wanted != IN and watch.fingerprint() != before
        leaks = walker.leaks(person, cell, response)
        wrong += what_is_wrong(walker, cell, wanted, answer_of(response), leaks)
        if wrote:
            wrong.append(f"{cell}: was refused and changed the database all the same")
        counts["requests"] += 1
        counts["cells"] += 1
        counts["refused"] += wanted != IN
        counts["leaks"] += len(leaks)
    wrong += in_the_log(walker, capsys.readouterr().err)
    figures.add("G1 writing", **counts)
    figures.add("G2 refused", requests=counts["refused"], writes=sum("changed the database" in one for one in wrong))
    assert not wrong, told(wrong)
    forget()
    assert watch.fingerprint() == before


def is_a_page(response: TestResponse) -> bool:
    return response.status_code not in (303, 401) and response.mimetype == "text/html" and bool(response.data)


def told(wrong: list[str]) -> str:
    return "\n".join([f"{len(wrong)} cells are wrong:", *wrong[:40]])


def what_is_wrong(walker: Walker, cell: Cell, wanted: str, got: str, leaks: set[str]) -> list[str]:
    found = [f"{cell}: wanted {wanted}, got {got}"] if got != wanted else []
    return found + ([f"{cell}: leaks {walker.world.words.say(leaks)}"] if leaks else [])


def in_the_log(walker: Walker, err: str) -> list[str]:
    """A line of the log holds no word of any record, whoever may read it, and no address as it was asked for."""
    lines = log_lines(err)
    found = walker.world.words.find(err)
    asked = [line for line in lines if line["message"] == "request" and ABSENT in str(line)]
    figures.add("G1 log", lines=len(lines), leaks=len(found))
    return ([f"in the log: {walker.world.words.say(found)}"] if found else []) + [str(line) for line in asked]
