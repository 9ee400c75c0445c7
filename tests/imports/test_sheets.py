"""Files as spreadsheets and people write them: each is read rightly, or refused in a sentence."""

from datetime import date

import pytest

from signpost.imports import cells, sheets
from signpost.imports.sheets import Column, Unreadable

COLUMNS = (
    Column("name", "Name"),
    Column("email", "Email", ("email address",)),
    Column("returns_on", "Returns on", ("return date",)),
    Column("trust", "Employer", is_needed=False),
)
HEADING = "Name,Email,Returns on\n"


def rows(content, columns=COLUMNS):
    content = content.encode() if isinstance(content, str) else content
    return list(sheets.read(content, columns).rows())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_write_is_read(separator, encoding, line_end):
    lines = [["Name", "Email", "Return date"], ["Zoë O’Brien–Smith", "zoe@x.example", "1/2/2027"]]
    content = line_end.join(separator.join(line) for line in lines) + line_end

    (row,) = rows(content.encode(encoding))

    assert (row.number, row.problem) == (2, "")
    assert row.cells == {"name": "Zoë O’Brien–Smith", "email": "zoe@x.example", "returns_on": "1/2/2027"}


def test_columns_stand_in_any_order_and_others_are_not_looked_at():
    (row,) = rows("Shoe size;EMAIL ADDRESS;returns_on;name\n9;a@x.example;1/2/2027;Ada\n")

    assert row.cells == {"email": "a@x.example", "returns_on": "1/2/2027", "name": "Ada"}


def test_words_in_quotation_marks_may_hold_separators_and_lines():
    first, second = rows(HEADING + '"Lovelace, Ada\nof London",a@x.example,1/2/2027\nBo,b@x.example,1/2/2027\n')

    assert first.cells["name"] == "Lovelace, Ada\nof London"
    assert (first.number, second.number) == (2, 4)


def test_the_line_that_a_spreadsheet_writes_about_its_separator_is_passed_over():
    (row,) = rows("sep=;\nName;Email;Returns on\nAda;a@x.example;1/2/2027\n")

    assert (row.number, row.cells["name"]) == (3, "Ada")


def test_empty_lines_are_no_rows():
    assert [row.number for row in rows(HEADING + "\n,,\nAda,a@x.example,1/2/2027\n\n")] == [4]


def test_a_formula_is_words():
    (row,) = rows(HEADING + '"=HYPERLINK(""http://x"")",@SUM(A1),+1\n')

    assert row.cells == {"name": '=HYPERLINK("http://x")', "email": "@SUM(A1)", "returns_on": "+1"}


@pytest.mark.parametrize("last", ["Bo,b@x.exa", '"Bo,b@x.example,1/2/2027', '"Bo'])
def test_a_last_line_that_is_only_half_there_is_said_so(last):
    first, half = rows(f"{HEADING}Ada,a@x.example,1/2/2027\n{last}")

    assert (first.problem, half.problem) == ("", sheets.CUT_OFF)
    assert half.number == 3


def test_a_whole_last_line_without_its_end_is_taken():
    assert [row.problem for row in rows(f"{HEADING}Ada,a@x.example,1/2/2027")] == [""]


def test_a_row_with_too_many_cells_is_said_so():
    assert [row.problem for row in rows(f"{HEADING}Lovelace,Ada,a@x.example,1/2/2027\n")] == [sheets.TOO_MANY_CELLS]


def test_a_cell_of_a_megabyte_is_said_so_and_cut():
    (row,) = rows(f"{HEADING}{'x' * 1_000_000},a@x.example,1/2/2027\n")

    assert row.problem == sheets.TOO_LONG
    assert len(row.cells["name"]) == sheets.LONGEST_CELL


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"PK\x03\x04 rest of a workbook", "workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"Name,Email\0", "as text"),
        (b"Name,Email,Returns on\nZo\x81,a@x.example,1/1/2027\n", "letters"),
        (b"Name,Email\nAda,a@x.example\n", "“Returns on”"),
        (b"Ada,a@x.example,1/2/2027\n", "“Name”, “Email” and “Returns on”"),
        (b"Name,Email,Email address,Returns on\n", "Two columns are called “Email”"),
        (b'"Name,Email,Returns on\n', "must name the columns"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content, words):
    with pytest.raises(Unreadable, match=words):
        rows(content)


def test_too_many_rows_and_none_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    row = "Ada,a@x.example,1/2/2027\n"

    assert sheets.read((HEADING + row * 3).encode(), COLUMNS).count() == 3
    for content, words in ((HEADING + row * 4, "more than 3 rows"), (HEADING, "no rows")):
        with pytest.raises(Unreadable, match=words):
            sheets.read(content.encode(), COLUMNS).count()


@pytest.mark.parametrize(
    "said",
    ["27/3/2027", "27.03.2027", "27-3-27", "2027-03-27", "2027/3/27", "2027-03-27 00:00:00", "27 March 2027", "27th Mar 27", "27-Mar-2027"],
)  # fmt: skip
def test_days_are_read_the_british_way_round(said):
    assert cells.day(said, "Returns on") == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "is missing"),
        ("3/27/2027", "a real date"),
        ("30 February 2027", "a real date"),
        ("soon", "must be a date"),
        ("46108", "is a number. In your spreadsheet show the column as dates"),
        ("46108.5", "is a number"),
        ("=TODAY()", "must be a date"),
    ],
)
def test_what_is_no_day_is_said_so(said, words):
    with pytest.raises(cells.Wrong, match=words):
        cells.day(said, "Returns on")


def test_addresses_and_lines_are_tidied_or_refused():
    assert cells.email(" Ada@X.Example ", "Email") == "ada@x.example"
    assert cells.line("  Ada   Lovelace ", "Name", 120) == "Ada Lovelace"
    for read in (
        lambda: cells.email("ada at x", "Email"),
        lambda: cells.line("", "Name", 120),
        lambda: cells.line("x" * 121, "Name", 120),
        lambda: cells.line("Ada\nLovelace", "Name", 120),
        lambda: cells.line("Ada\u202e", "Name", 120),
    ):
        with pytest.raises(cells.Wrong):
            read()
