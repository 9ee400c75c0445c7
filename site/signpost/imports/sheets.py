"""Reading a CSV file as spreadsheets write it: its letters, its separators, its heading, its rows. Nothing is evaluated.

What cannot be read is `Unreadable`, with a sentence for whoever brought the file; what is wrong with one row stands beside it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

MOST_ROWS = 20_000
LONGEST_CELL = 2_000
SEPARATORS = (",", ";", "\t")
CUT_OFF = "The file stops in the middle of this row. Write the file again, and bring that one."
TOO_MANY_CELLS = "This row has more cells than the heading. Put words that contain the separator in quotation marks."
TOO_LONG = f"A cell of this row has more than {LONGEST_CELL:,} characters."

csv.field_size_limit(10 * 1024 * 1024)


class Unreadable(ValueError):
    """No rows can be read from the file."""


@dataclass(frozen=True)
class Column:
    """A column by its title, and what else people call it. A file without a needed one is not taken."""

    key: str
    title: str
    also: tuple[str, ...] = ()
    is_needed: bool = True
    is_day: bool = False

    def is_called(self, heading: str) -> bool:
        return _plain(heading) in {_plain(one) for one in (self.key, self.title, *self.also)}


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, the words of each column, and what is wrong with it as a row."""

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    text: str
    separator: str
    heading: tuple[str, ...]  # the key of each column of the file, or nothing where we do not use it
    first_line: int

    def rows(self) -> Iterator[Row]:
        """Each row that says anything."""
        is_whole = self.text.endswith(("\n", "\r"))
        lines = _lines(self.text)
        reader = csv.reader(lines[self.first_line :], delimiter=self.separator, strict=True)
        begins = self.first_line + 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(begins, {}, CUT_OFF)
                return
            ends = self.first_line + reader.line_num
            if any(cell.strip() for cell in cells):
                is_last = ends >= len(lines)
                yield self._row(begins, cells, is_cut_off=is_last and not is_whole and len(cells) < len(self.heading))
            begins = ends + 1

    def _row(self, number: int, cells: Sequence[str], is_cut_off: bool) -> Row:
        named = {key: cell.strip() for key, cell in zip(self.heading, cells, strict=False) if key}
        if is_cut_off:
            return Row(number, named, CUT_OFF)
        if any(cell.strip() for cell in cells[len(self.heading) :]):
            return Row(number, named, TOO_MANY_CELLS)
        if any(len(cell) > LONGEST_CELL for cell in cells):
            return Row(number, {key: cell[:LONGEST_CELL] for key, cell in named.items()}, TOO_LONG)
        return Row(number, named)

    def count(self) -> int:
        """How many rows there are. Raises Unreadable where there are too many, or none."""
        counted = sum(1 for _ in islice(self.rows(), MOST_ROWS + 1))
        if counted > MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Bring it in several parts.")
        if not counted:
            raise Unreadable("The file has a heading and no rows below it.")
        return counted


def read(content: bytes, columns: Sequence[Column]) -> Sheet:
    """The sheet of a file. Raises Unreadable."""
    text = decoded(content)
    lines = _lines(text)
    first = next((n for n, line in enumerate(lines) if line.strip() and not line.lower().startswith("sep=")), None)
    if first is None:
        raise Unreadable("The file is empty.")
    separator, heading = max(
        ((one, _heading(lines[first], one, columns)) for one in SEPARATORS), key=lambda each: sum(map(bool, each[1]))
    )
    missing = [one.title for one in columns if one.is_needed and one.key not in heading]
    if missing:
        raise Unreadable(
            f"The first line must name the columns. We did not find {_listed(missing)}. "
            f"Expected are {_listed([one.title for one in columns])}."
        )
    twice = {key for key in heading if key and heading.count(key) > 1}
    if twice:
        raise Unreadable(f"Two columns are called {_listed([one.title for one in columns if one.key in twice])}.")
    return Sheet(text, separator, heading, first + 1)


def _lines(text: str) -> list[str]:
    """Lines as spreadsheets end them, and no others."""
    return list(io.StringIO(text, newline=""))


def decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, or else Windows-1252. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("The file is empty.")
    if content.startswith(b"PK"):
        raise Unreadable("This is a workbook. In your spreadsheet save it as CSV, and bring that file.")
    if content.startswith(b"%PDF"):
        raise Unreadable("This is a PDF. Bring the list as CSV.")
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if b"\0" in content:
            raise Unreadable(
                "This is not a list of rows as text. In your spreadsheet save it as CSV, and bring that file."
            )
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(
            "The letters of this file cannot be read. In your spreadsheet save it as “CSV UTF-8”."
        ) from None


def _heading(line: str, separator: str, columns: Sequence[Column]) -> tuple[str, ...]:
    try:
        said = next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        return ()
    return tuple(next((one.key for one in columns if one.is_called(heading)), "") for heading in said)


def _plain(heading: str) -> str:
    return "".join(character for character in heading.casefold() if character.isalnum())


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
