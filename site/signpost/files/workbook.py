"""What the cells of the first sheet of a workbook (.xlsx) say. `checking` runs it, once it has looked at every part.

Values alone are read: of a formula what it last came to. Cells that are merged each say what the first of them says.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree import ElementTree as ET

MOST_ROWS = 2_000
MOST_COLUMNS = 50
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FIRST_DAY = date(1899, 12, 30)
DATE_FORMATS = {*range(14, 18), 22}
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def rows(content: bytes) -> list[list[str]]:
    """The rows of the first sheet that is shown, empty ones included. Raises ValueError or KeyError where it is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        shared = _shared_words(archive)
        dates = _date_styles(archive)
        cells: dict[tuple[int, int], str] = {}
        merged = []
        for element in _elements(archive, _first_sheet(archive)):
            if element.tag == f"{MAIN}c":
                row, column = _place(element.get("r", ""))
                if row < MOST_ROWS and column < MOST_COLUMNS:
                    cells[row, column] = _said(element, shared, dates)
            elif element.tag == f"{MAIN}mergeCell":
                merged.append(element.get("ref", ""))
    for area in merged:
        _repeat(cells, area)
    said = {place: words for place, words in cells.items() if words}
    height = max((row for row, _ in said), default=-1) + 1
    width = max((column for _, column in said), default=-1) + 1
    return [[said.get((row, column), "") for column in range(width)] for row in range(height)]


def _part(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """One that `checking` has read: it looks at these endings, and takes no part that declares or refers to anything."""
    _refuse_unread(name)
    return ET.fromstring(archive.read(name))  # noqa: S314  checked for declarations before


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[ET.Element]:
    """Those of a part as each ends, so that a large sheet is never held whole. A row that was read is let go of."""
    _refuse_unread(name)
    with archive.open(name) as part:
        for _, element in ET.iterparse(part):  # noqa: S314  checked for declarations before
            yield element
            if element.tag == f"{MAIN}row":
                element.clear()


def _refuse_unread(name: str) -> None:
    if not name.lower().endswith((".xml", ".rels")):
        raise ValueError("A part that is no XML.")


def _first_sheet(archive: zipfile.ZipFile) -> str:
    book = _part(archive, "xl/workbook.xml")
    shown = [one for one in book.iter(f"{MAIN}sheet") if one.get("state", "visible") == "visible"]
    wanted = shown[0].get(RELATION) if shown else None
    for relation in _part(archive, "xl/_rels/workbook.xml.rels"):
        if relation.get("Id") == wanted:
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise ValueError("No sheet of this workbook is shown.")


def _shared_words(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    table = _part(archive, "xl/sharedStrings.xml")
    return [_words(one) for one in table.findall(f"{MAIN}si")]


def _words(item: ET.Element) -> str:
    """The words of a text, without those that only say how it is read aloud."""
    parts = [*item.findall(f"{MAIN}t"), *item.findall(f"{MAIN}r/{MAIN}t")]
    return "".join(part.text or "" for part in parts)


def _date_styles(archive: zipfile.ZipFile) -> set[int]:
    """Which styles of cells show their number as a day."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    styles = _part(archive, "xl/styles.xml")
    own = {
        int(one.get("numFmtId", "0"))
        for one in styles.iter(f"{MAIN}numFmt")
        if re.search(r"y|d", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", one.get("formatCode", "").lower()))
    }
    formats = styles.findall(f"{MAIN}cellXfs/{MAIN}xf")
    return {n for n, one in enumerate(formats) if int(one.get("numFmtId", "0")) in DATE_FORMATS | own}


def _said(cell: ET.Element, shared: list[str], dates: set[int]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v") or ""
    if kind == "inlineStr":
        within = cell.find(f"{MAIN}is")
        return _words(within) if within is not None else ""
    if kind == "s":
        return shared[int(value)] if value else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, "")
    if kind == "n" and value and int(cell.get("s", "0")) in dates:
        return (FIRST_DAY + timedelta(days=int(float(value)))).strftime("%d/%m/%Y")
    return "" if kind == "e" else value


def _place(said: str) -> tuple[int, int]:
    found = PLACE.fullmatch(said)
    if not found:
        raise ValueError("A cell without a place.")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _repeat(cells: dict[tuple[int, int], str], area: str) -> None:
    first, _, last = area.partition(":")
    (top, left), (bottom, right) = _place(first), _place(last or first)
    for row in range(top, min(bottom + 1, MOST_ROWS)):
        for column in range(left, min(right + 1, MOST_COLUMNS)):
            cells[row, column] = cells.get((top, left), "")
