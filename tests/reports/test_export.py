"""CSV: no cell of words is a formula, and nothing of it is lost (G14)."""

import csv
import io
import random
import unicodedata

import pytest

from signpost.reports.export import cell, csv_text
from tests import figures

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "\u200b=1", "\x00=1",
    "＝1+1", "＋1", "－1", "＠A1", "﹢1", "﹣1", "﹦1", "﹫1", '=HYPERLINK("https://evil.example","Click")', "=cmd|' /C calc'!A0", "harmless\n=1+1",
    "harmless\r\n+1", "harmless\u2028=1", "harmless\x0b=1", "'=1", "''", "'", '"', '","=1', "a,b;c\td", "", " ", "\n", "\t", "-", "=", "\x1b=1",
]  # fmt: skip
PIECES = [*"=+-@'\",;|\t\r\n \u00a0\u2028\u200b\x00＝＋－＠", "A1", "name", "é", "🩺", "דוד", "SUM(", ")"]


def without_marks(written: str) -> str:
    """What was there before: one mark off each line that has one."""
    return "".join(line.removeprefix("'") for line in written.splitlines(keepends=True))


def starts_formula(line: str) -> bool:
    seen = [c for c in line if unicodedata.category(c)[0] not in "ZC"]
    return bool(seen) and unicodedata.normalize("NFKC", seen[0])[0] in "=+-@"


def cells() -> list[str]:
    invented = random.Random(14)  # noqa: S311
    made = ["".join(invented.choices(PIECES, k=invented.randint(1, 8))) for _ in range(4000)]
    return [*HOSTILE, *made]


def test_no_line_of_a_cell_begins_a_formula_and_nothing_but_the_mark_is_added():
    every = cells()
    text = csv_text([[one, "next"] for one in every])
    read = list(csv.reader(io.StringIO(text, newline="")))

    assert len(read) == len(every)
    for one, (written, after) in zip(every, read, strict=True):
        assert after == "next"
        assert without_marks(written) == one
        for line in written.splitlines():
            assert not starts_formula(line), repr(line)
            assert not line or unicodedata.category(line[0]) != "Cc", repr(line)
    figures.add("G14 cells", tried=len(every), formulas=0, lost=0)


@pytest.mark.parametrize("words", ["Guy’s Hospital", "School of Medicine", "St. John - Annexe", "2026-04-01", "*"])
def test_plain_words_stay_as_they_are(words):
    assert cell(words) == words


def test_a_number_is_written_as_one_and_words_never_are():
    assert csv_text([["A", 25], ["-5", 0]]) == '"A",25\r\n"\'-5",0\r\n'
