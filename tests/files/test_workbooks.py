"""G16 over spreadsheets: values alone are read, and whatever else a workbook brings is refused in a sentence."""

import os

import pytest

from signpost.files import reading
from signpost.files.reading import NotTaken
from signpost.progression import gap_analysis, gap_table
from tests import figures
from tests.files import workbooks
from tests.files.test_bad_files import MEGABYTE, MOST_GROWTH, peak_of_reading
from tests.files.workbooks import MAIN, ROWS, xlsx


def test_every_bad_file_is_refused_in_a_sentence(app):
    wrong, taken = [], 0
    for kind, (_, make) in workbooks.BAD.items():
        try:
            gap_table.read(gap_analysis.text_of(make()))
            wrong.append(f"{kind}: taken")
            taken += 1
        except (NotTaken, gap_table.Unreadable) as refusal:
            words = getattr(refusal, "words", str(refusal))
            if not words.endswith((".", "”.")) or " " not in words:
                wrong.append(f"{kind}: {words}")
    figures.add("G16 bad spreadsheets", tried=len(workbooks.BAD), taken=taken)

    assert wrong == []
    assert len(workbooks.BAD) >= 30


# Small as files and large as tables: all the rows that are read, of nearly as many bytes as a part may have.
LARGE = {
    "2,000 rows of 26 cells": lambda: xlsx([[os.urandom(100).hex()] * 26 for _ in range(2_000)]),
    "a workbook with a picture of 10 MB": lambda: xlsx(parts={"xl/media/a.png": os.urandom(9_700_000)}),
    **{name: make for name, (_, make) in workbooks.BAD.items() if "unpacks" in name or "thousand" in name},
}


def test_reading_a_workbook_takes_little_memory(tmp_path):
    usual = peak_of_reading(xlsx(), tmp_path, "rows")
    growth = {name: peak_of_reading(make(), tmp_path, "rows") - usual for name, make in LARGE.items()}

    figures.add("G16 memory over workbooks", of_the_reader_in_MB=max(growth.values()) // MEGABYTE)
    assert {name: size for name, size in growth.items() if size > MOST_GROWTH} == {}


def test_the_first_sheet_is_read_as_it_stands(app):
    assert reading.rows(xlsx()) == ROWS


def test_words_that_cells_share_and_words_in_pieces_are_read(app):
    shared = f'<sst xmlns="{MAIN}"><si><t>Logbook</t></si><si><r><t>Two </t></r><r><t>cases</t></r><rPh><t>no</t></rPh></si></sst>'
    cells = '<row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="s"><v>1</v></c></row>'

    assert reading.rows(xlsx(cells=cells, parts={"xl/sharedStrings.xml": shared}))[3][:2] == ["Logbook", "Two cases"]


def test_a_formula_is_never_read_only_what_it_came_to(app):
    cells = (
        '<row r="4"><c r="A4" t="str"><f>HYPERLINK("https://evil.example","x")</f><v>Safe words</v></c>'
        '<c r="B4"><f>cmd|"/C calc"!A0</f></c><c r="C4"><f>1+1</f><v>2</v></c><c r="D4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )

    row = reading.rows(xlsx(cells=cells))[3]

    assert row == ["Safe words", "", "2", ""]
    assert not any("evil" in words or "cmd" in words for each in reading.rows(xlsx(cells=cells)) for words in each)


def test_a_day_is_read_as_a_day_and_a_yes_as_a_word(app):
    styles = f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd\\ mmm\\ yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    cells = '<row r="4"><c r="A4" s="1"><v>46357</v></c><c r="B4" s="2"><v>46357.5</v></c><c r="C4" s="0"><v>46357</v></c><c r="D4" t="b"><v>1</v></c></row>'

    row = reading.rows(xlsx(cells=cells, parts={"xl/styles.xml": styles}))[3]

    assert row == ["01/12/2026", "01/12/2026", "46357", "TRUE"]


def test_merged_cells_each_say_what_the_first_says(app):
    rows = [["Item", "Status"], ["Sequencing", "Done"], ["", "Partly"], ["", "Not yet"]]
    merged = '<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'

    assert [row[0] for row in reading.rows(xlsx(rows, more=merged))] == ["Item", *["Sequencing"] * 3]


def test_a_sheet_that_is_hidden_is_not_read(app):
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{workbooks.OFFICE}"><sheets>'
        '<sheet name="A" sheetId="1" state="hidden" r:id="rId9"/><sheet name="B" sheetId="2" r:id="rId1"/></sheets></workbook>'
    )

    assert reading.rows(xlsx(parts={"xl/workbook.xml": book})) == ROWS


def test_how_a_sheet_is_printed_does_not_keep_it_out(app):
    assert reading.rows(xlsx(parts={"xl/printerSettings/printerSettings1.bin": b"\0\1"})) == ROWS


@pytest.mark.parametrize("place", ["A9999999", "ZZZ1"])
def test_a_cell_far_away_makes_no_huge_table(app, place):
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    found = reading.rows(xlsx(cells=f'<row r="{row}"><c r="{place}"><v>1</v></c></row>'))

    assert found == ROWS
