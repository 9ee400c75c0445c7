"""Reading a gap analysis that was pasted from a spreadsheet: its columns, its merged cells, and what is wrong with a row."""

import csv
import io

import pytest

from signpost.progression import gap_table
from signpost.progression.gap_table import Unreadable


def said(text):
    return [(row.item, row.status, row.evidence, row.plan) for row in gap_table.read(text)]


def problems(text):
    return [row.problem for row in gap_table.read(text)]


def test_columns_are_parted_by_tabs_as_a_spreadsheet_pastes_them():
    text = "Sequencing\tDone\tLogbook\tNone\nVariants\tnot yet\t\tBy June\n"

    assert said(text) == [("Sequencing", "done", "Logbook", "None"), ("Variants", "not_yet", "", "By June")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_or_as_a_csv_file_has_them(separator):
    text = (
        separator.join(("Item", "Status", "Evidence", "Plan")) + "\n" + separator.join(("Sequencing", "Done", "a", "b"))
    )

    assert said(text) == [("Sequencing", "done", "a", "b")]


def test_the_first_row_may_name_the_columns_in_another_order_and_in_other_words():
    text = "Progress\tActions\tCompetency\tSignature\nin progress\tBy June\tVariants\tX\n"

    assert said(text) == [("Variants", "partly", "", "By June")]


def test_a_cell_holds_several_lines_quotation_marks_and_tabs():
    cell = 'Two cases\nof "five"\tso far'
    written = io.StringIO()
    csv.writer(written, delimiter="\t").writerow(["Variants", "Partly", cell, ""])

    assert said(written.getvalue()) == [("Variants", "partly", cell, "")]


def test_a_quotation_mark_that_only_stands_there_means_nothing():
    text = 'Variants\tDone\t"Good work" said A\t\nReports\tDone\t"unfinished\t\n'

    assert [row.item for row in gap_table.read(text)] == ["Variants", "Reports"]


def test_cells_that_were_merged_are_empty_and_take_the_item_above():
    text = "Variants\tDone\tOne\t\n\tPartly\tTwo\t\n\t\tThree\t\nReports\tNot yet\t\t\n"

    assert said(text) == [
        ("Variants", "done", "One", ""),
        ("Variants", "partly", "Two", ""),
        ("Variants", "partly", "Three", ""),
        ("Reports", "not_yet", "", ""),
    ]


def test_four_hundred_rows_with_merged_cells_are_read_without_a_mistake():
    lines = [
        "\t".join(
            (f"Item {n}" if n % 4 == 0 else "", ("done", "partly", "not yet")[n % 3], f"Evidence {n}", f"Plan {n}")
        )
        for n in range(400)
    ]

    rows = gap_table.read("Item\tStatus\tEvidence\tPlan\n" + "\n".join(lines))

    assert len(rows) == 400
    assert [row.problem for row in rows if row.problem] == []
    assert [row.item for row in rows] == [f"Item {n - n % 4}" for n in range(400)]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("\tDone\tx\t", "Say which item"),
        ("Variants\tperhaps\tx\t", "We do not know this status"),
        ("Variants\t\tx\t", "Say how far it is"),
        ("Variants\tDone\tx\ty\tz", "more cells than columns"),
        ("V" * 501 + "\tDone\t\t", "The item must be 500"),
        ("Variants\tDone\t" + "e" * 2001 + "\t", "The evidence must be 2,000"),
        ("Variants\tDone\t\t" + "p" * 2001, "The plan must be 2,000"),
        ("Vari\u202eants\tDone\t\t", "hidden character"),
        ("Variants\tDone\tbell\x07\t", "hidden control character"),
    ],
)
def test_what_is_wrong_with_a_row_stands_beside_it(row, problem):
    assert problem in problems(row)[0]


@pytest.mark.parametrize(
    ("text", "words"), [("", "no rows"), ("\n \t\n", "no rows"), ("item\tstatus\n", "no row below it")]
)
def test_where_there_is_nothing_it_says_so(text, words):
    with pytest.raises(Unreadable, match=words):
        gap_table.read(text)


def test_too_many_rows_are_refused():
    with pytest.raises(Unreadable, match="1,001 rows"):
        gap_table.read("a\tdone\n" * 1001)


def test_what_comes_as_a_file_reads_as_if_it_was_pasted():
    rows = [["Item", "Status", "Evidence", "Plan"], ["Vari\tants", "done", 'a "b"\nc', "=1+1"]]

    assert said(gap_table.as_text(rows)) == [("Vari ants", "done", 'a "b"\nc', "=1+1")]
