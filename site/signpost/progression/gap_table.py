"""A gap analysis as it is pasted from a spreadsheet, or comes from a CSV file: its rows, and what is wrong with each. Pure.

A cell may hold several lines; an empty item is one that was merged with the item above. Nothing is evaluated.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from signpost.characters import tidy_line, tidy_text, what_is_wrong_with

MOST_ROWS = 1_000
ITEM_LENGTH = 500
WORDS_LENGTH = 2_000
SEPARATORS = ("\t", ";", ",")
COLUMNS = ("item", "status", "evidence", "plan")
CALLED = {
    "item": ("item", "curriculumitem", "curriculum", "competency", "competence", "outcome", "learningoutcome", "area", "topic"),
    "status": ("status", "progress", "howfar", "howfarisit", "coverage", "state"),
    "evidence": ("evidence", "evidencesofar"),
    "plan": ("plan", "planned", "whatisplanned", "action", "actions", "nextsteps", "plantocomplete"),
}  # fmt: skip
STATUSES = {
    "done": ("done", "complete", "completed", "achieved", "met", "yes", "signedoff", "green", "covered"),
    "partly": ("partly", "partial", "partially", "inprogress", "started", "ongoing", "amber"),
    "not_yet": ("notyet", "no", "notstarted", "notdone", "notmet", "outstanding", "todo", "incomplete", "red", "gap"),
}


class Unreadable(ValueError):
    """No rows can be read, in a sentence for whoever brought them."""


@dataclass(frozen=True)
class Row:
    """One row: where it stands, what it says, and what is wrong with it. `status` is done, partly or not_yet."""

    number: int
    item: str
    status: str
    evidence: str
    plan: str
    problem: str = ""


def read(text: str) -> list[Row]:
    """Each row that says something. Raises Unreadable."""
    cells = _cells(text)
    heading = _heading(cells[0][1]) if cells else ()
    body = cells[1:] if heading else cells
    if not body:
        raise Unreadable("There is a heading and no row below it." if heading else "There are no rows.")
    if len(body) > MOST_ROWS:
        raise Unreadable(f"There are {len(body):,} rows. Add {MOST_ROWS:,} at most.")
    found: list[Row] = []
    for number, row in body:
        found.append(_row(number, row, heading or COLUMNS, found[-1] if found else None))
    return found


def as_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as a spreadsheet pastes them, so that what comes as a file is read in the one way."""
    written = io.StringIO()
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(rows)
    return written.getvalue()


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """Each row that is not empty, with its place."""
    separator = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:  # a quotation mark that only stands there: then none of them means anything
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE))
    return [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if "\t" in text:
        return "\t"
    return max(SEPARATORS, key=first.count)


def _heading(row: Sequence[str]) -> tuple[str, ...]:
    """Which column is which, where the first row says so; nothing where it is a row like the others."""
    found = tuple(next((key for key, names in CALLED.items() if _plain(cell) in names), "") for cell in row)
    is_one = "item" in found and "status" in found
    return found if is_one and all(found.count(key) <= 1 for key in COLUMNS) else ()


def _plain(words: str) -> str:
    return "".join(character for character in words.casefold() if character.isalnum())


def _row(number: int, cells: Sequence[str], heading: Sequence[str], above: Row | None) -> Row:
    said = {key: cell for key, cell in zip(heading, cells, strict=False) if key}
    item, status = tidy_line(said.get("item", "").replace("\n", " ").replace("\r", " ")), said.get("status", "")
    evidence, plan = tidy_text(said.get("evidence", "")), tidy_text(said.get("plan", ""))
    is_merged = not item and above is not None and bool(above.item)
    if is_merged and above is not None:
        item = above.item
    kept = next((key for key, names in STATUSES.items() if _plain(status) in names), "")
    if is_merged and above is not None and not status.strip():
        kept = above.status
    problem = _problem(item, status, kept, evidence, plan, cells[len(heading) :])
    return Row(number, item, kept, evidence, plan, problem)


def _problem(item: str, status: str, kept: str, evidence: str, plan: str, beyond: Sequence[str]) -> str:
    if not item:
        return "Say which item of the curriculum this is."
    for called, words in (("The item", item), ("The evidence", evidence), ("The plan", plan)):
        if wrong := what_is_wrong_with(words, called, several_lines=called != "The item"):
            return wrong
        most = ITEM_LENGTH if called == "The item" else WORDS_LENGTH
        if len(words) > most:
            return f"{called} must be {most:,} characters or fewer."
    if not kept and status.strip():
        return "We do not know this status. Write done, partly or not yet."
    if not kept:
        return "Say how far it is: done, partly or not yet."
    return "There are more cells than columns." if any(cell.strip() for cell in beyond) else ""
