"""Figures as CSV. A cell of words is never a formula to the program that opens it; a number is written as a number."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

FORMULA_STARTS = frozenset("=+-@")
# What begins with the mark itself gets another, so that taking one off each line gives back what was there.
MARK = "'"


def csv_text(rows: Iterable[Sequence[str | int]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([cell(value) if isinstance(value, str) else value for value in row])
    return written.getvalue()


def cell(words: str) -> str:
    """The words with a mark before each line that a spreadsheet could take for a formula (OWASP)."""
    lines = words.splitlines(keepends=True)
    return "".join(MARK + line if _is_dangerous(line) else line for line in lines)


def _is_dangerous(line: str) -> bool:
    """Whether its first character that is neither blank nor invisible begins a formula; or it begins with a control."""
    if line[0] == MARK or unicodedata.category(line[0]) == "Cc":
        return True
    for character in line:
        if unicodedata.category(character)[0] not in "ZC":
            return unicodedata.normalize("NFKC", character)[:1] in FORMULA_STARTS
    return False
