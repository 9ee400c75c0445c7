"""Workbooks made here: good ones, and bad ones that people and attackers send."""

import struct

from tests.files.made import OFFICE, RELATIONS, TYPES, overlapping, pdf, relation, zipped

SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_MAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROWS = [
    ["Item", "Status", "Evidence", "Plan"],
    ["Sequencing", "Done", "Logbook", ""],
    ["Variant analysis", "Partly", "Two cases\nof five", "Three more by June"],
]


def letter(column: int) -> str:
    return chr(ord("A") + column)


def cell(row: int, column: int, words: str) -> str:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    return f'<c r="{letter(column)}{row}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'


def sheet(rows: list[list[str]], more: str = "", cells: str = "") -> str:
    lines = "".join(
        f'<row r="{n}">{"".join(cell(n, column, words) for column, words in enumerate(row))}</row>'
        for n, row in enumerate(rows, 1)
    )
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{lines}{cells}</sheetData>{more}</worksheet>'


def xlsx(
    rows: list[list[str]] | None = None,
    *,
    more: str = "",
    cells: str = "",
    main: str = SHEET_MAIN,
    parts: dict | None = None,
) -> bytes:
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(main=main),
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml", external=False),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml", external=False),
        "xl/worksheets/sheet1.xml": sheet(ROWS if rows is None else rows, more, cells),
    }
    return zipped(content | (parts or {}))


def locked() -> bytes:
    made = bytearray(xlsx())
    made[6] |= 1
    at = made.find(b"PK\x01\x02")
    made[at + 8] |= 1
    return bytes(made)


def lying_about_its_size() -> bytes:
    made = bytearray(xlsx(parts={"xl/media/a.png": b"\0" * 60_000_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = 0
        while (at := made.find(signature, at)) >= 0:
            if struct.unpack("<I", made[at + offset : at + offset + 4])[0] == 60_000_000:
                made[at + offset : at + offset + 4] = struct.pack("<I", 100)
            at += 4
    return bytes(made)


ENTITIES = '<!DOCTYPE a [<!ENTITY b "{}">]><worksheet xmlns="x">&b;</worksheet>'.format("x" * 100)
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'

BAD = {
    "an empty file": ("gap.xlsx", lambda: b""),
    "an older workbook": ("gap.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a workbook with a password": ("gap.xlsx", locked),
    "a workbook with macros": ("gap.xlsx", lambda: xlsx(parts={"xl/vbaProject.bin": b"\xd0\xcf"})),
    "a macro workbook called .xlsx": ("gap.xlsx", lambda: xlsx(main=MACRO_MAIN)),
    "a workbook with a macro sheet": ("gap.xlsx", lambda: xlsx(parts={"xl/macrosheets/sheet1.xml": "<a/>"})),
    "a workbook with a control that acts": ("gap.xlsx", lambda: xlsx(parts={"xl/activeX/activeX1.xml": "<a/>"})),
    "a workbook with an object in it": ("gap.xlsx", lambda: xlsx(parts={"xl/embeddings/oleObject1.bin": b"\xd0"})),
    "a workbook with a page in it": ("gap.xlsx", lambda: xlsx(parts={"xl/a.html": "<script>"})),
    "a workbook that reads another one": (
        "gap.xlsx", lambda: xlsx(parts={"xl/externalLinks/_rels/externalLink1.xml.rels": relation("externalLinkPath", "file:///c:/other.xlsx")}),
    ),
    "a workbook with a link that acts": ("gap.xlsx", lambda: xlsx(parts={"xl/worksheets/_rels/sheet1.xml.rels": relation("hyperlink", "javascript:alert(1)")})),
    "a workbook with a bomb": ("gap.xlsx", lambda: xlsx(parts={"xl/media/a.png": b"\0" * 45_000_000})),
    "a workbook with a sheet that unpacks to 20 MB": ("gap.xlsx", lambda: xlsx(more="<a>" + " " * 20_000_000 + "</a>")),
    "a workbook that lies about its size": ("gap.xlsx", lying_about_its_size),
    "a workbook of a thousand parts and more": ("gap.xlsx", lambda: xlsx(parts={f"xl/a{n}.xml": "<a/>" for n in range(1001)})),
    "a workbook with entities": ("gap.xlsx", lambda: xlsx(parts={"xl/worksheets/sheet1.xml": ENTITIES})),
    "a workbook that reads a file of ours": ("gap.xlsx", lambda: xlsx(parts={"xl/sharedStrings.xml": OUTSIDE})),
    "a workbook whose sheet is no XML": ("gap.xlsx", lambda: xlsx(parts={"xl/worksheets/sheet1.xml": "a,b,c"})),
    "a workbook whose sheet is elsewhere": (
        "gap.xlsx", lambda: xlsx(parts={"xl/_rels/workbook.xml.rels": RELATIONS.format(f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="../../etc/passwd"/>')}),
    ),
    "a workbook whose sheet has another ending": (
        "gap.xlsx", lambda: xlsx(parts={"xl/_rels/workbook.xml.rels": relation("worksheet", "a.dat", external=False), "xl/a.dat": ENTITIES}),
    ),
    "a workbook without a sheet": ("gap.xlsx", lambda: xlsx(parts={"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'})),
    "a workbook cut short": ("gap.xlsx", lambda: xlsx()[:-40]),
    "a workbook with something after it": ("gap.xlsx", lambda: xlsx() + pdf()),
    "a cell without a place": ("gap.xlsx", lambda: xlsx(cells="<row><c><v>1</v></c></row>")),
    "a cell that names no words": ("gap.xlsx", lambda: xlsx(cells='<row r="9"><c r="A9" t="s"><v>7</v></c></row>')),
    "a Word document called .xlsx": ("gap.xlsx", overlapping),
    "an archive that is no workbook": ("gap.xlsx", lambda: zipped({"a.txt": "x"})),
    "a PDF called .xlsx": ("gap.xlsx", pdf),
    "a PDF called .csv": ("gap.csv", pdf),
    "a picture called .csv": ("gap.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(400)),
    "a program called .csv": ("gap.csv", lambda: b"\x7fELF\x02\x01\x01" + bytes(400)),
    "bytes of no letters called .csv": ("gap.csv", lambda: b"item,status\n\x81\x8d\x8f\x90,done\n"),
    "a CSV of blanks": ("gap.csv", lambda: b" \n" * 200),
    "a CSV with a heading alone": ("gap.csv", lambda: b"item,status,evidence,plan\n"),
    "a CSV of too many rows": ("gap.csv", lambda: b"a,done\n" * 1_001),
}  # fmt: skip
