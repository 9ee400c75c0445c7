"""What a file is, by its bytes alone, and why it is refused. Pure; `reading` runs it in a process of its own.

A PDF is parsed, and every object of it looked at; a Word document is unpacked within limits, and every part of it read.
Whatever acts by itself, brings other files along or reaches out is refused.
"""

import io
import json
import re
import runpy
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

MEGABYTE = 1024 * 1024

EMPTY = "The file is empty. Choose one with something in it."
NEITHER = "The file must be a PDF or a Word document (.docx). This one is something else, whatever its name says."
OLDER = "This is an older Word document, or one with a password. Save it as .docx or as a PDF, without a password."
LOCKED = "The file has a password. Save it without one."
BROKEN = "The file could not be read to its end: it may be damaged. Save it again, and choose the new file."
ACTS = "The file has something in it that acts by itself, such as a script. Save or print it as a plain PDF."
BRINGS = "The file has other files in it. Add each as a document of its own."
REACHES = "The file fetches something from another place when it is opened. Save or print it as a plain PDF."
MACROS = "The file has macros in it. Save it as a Word document without macros (.docx), or as a PDF."
TOO_MUCH = "The file unpacks to far more than a document has. Save or print it as a plain PDF."
NO_SHEET = "The file must be a spreadsheet (.xlsx) or a CSV file. This one is something else, whatever its name says."
OLDER_SHEET = "This is an older spreadsheet, or one with a password. Save it as .xlsx or as CSV, without a password."
SHEET_MACROS = "The file has macros in it. Save it as a spreadsheet without macros (.xlsx), or as CSV."
SHEET_REACHES = "The file fetches something from another place when it is opened. Save it as CSV."
SHEET_BRINGS = "The file has other files in it. Save it as CSV."
SHEET_TOO_MUCH = "The file unpacks to far more than a table has. Save it as CSV."
TWO_KINDS = "The file is two kinds of file at once. Save or print it as a plain PDF."


class Refused(Exception):
    """Why a file is not taken: a sentence for whoever chose it."""


def kind_of(content: bytes) -> str:
    """`pdf` or `docx`. Raises Refused."""
    if not content:
        raise Refused(EMPTY)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused(OLDER)
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        _check_office(content, DOCUMENT)
        return "docx"
    raise Refused(NEITHER)


def rows_of(content: bytes) -> list[list[str]]:
    """What the cells of a workbook say, row by row. Raises Refused."""
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Refused(OLDER_SHEET)
    try:
        _check_office(content, WORKBOOK)
    except Refused as refusal:
        instead = {
            NEITHER: NO_SHEET,
            MACROS: SHEET_MACROS,
            REACHES: SHEET_REACHES,
            BRINGS: SHEET_BRINGS,
            TOO_MUCH: SHEET_TOO_MUCH,
        }
        raise Refused(instead.get(str(refusal), str(refusal))) from None
    try:
        # Beside this file, and found by its place: the process that runs this knows of no package of ours.
        found: list[list[str]] = runpy.run_path(str(Path(__file__).with_name("workbook.py")))["rows"](content)
    except Exception:
        raise Refused(BROKEN) from None
    return found


# PDF

MOST_OBJECTS = 40_000
KEPT_IN_MEMORY = 1000
MOST_WITHIN_AN_OBJECT = 500_000
MOST_UNPACKED_IN_A_PDF = 8 * MEGABYTE
# At the beginning a browser or a server would take these for a page or a program.
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml-stylesheet)", re.IGNORECASE)
ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/RichMediaExecute",
}
ACTING_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
BRINGING_KEYS = {"/EmbeddedFiles", "/EF"}
ACTING_KINDS = {"/RichMedia", "/Screen", "/3D"}


def _check_pdf(content: bytes) -> None:
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError

    if not re.match(rb"%PDF-[12]\.\d", content) or content[content.rfind(b"%%EOF") :].rstrip(b"\0\t\r\n ") != b"%%EOF":
        raise Refused(NEITHER if b"%%EOF" not in content else TWO_KINDS)
    if MARKUP.search(content[:1024]) or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(TWO_KINDS)
    for name, words in ((rb"/JavaScript\b", ACTS), (rb"/Launch\b", ACTS), (rb"/EmbeddedFile", BRINGS)):
        if re.search(name, content):
            raise Refused(words)
    pypdf.overwrite_configuration(zlib_maximum_output_length=MOST_UNPACKED_IN_A_PDF)
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refused(LOCKED)
        if not len(reader.pages):
            raise Refused(BROKEN)
        _look_at_every_object(reader)
    except (FileNotDecryptedError, DependencyError):
        raise Refused(LOCKED) from None
    except Refused:
        raise
    except Exception:
        raise Refused(BROKEN) from None


def _look_at_every_object(reader: Any) -> None:
    from pypdf.generic import IndirectObject

    numbers = [(number, generation) for generation, at in reader.xref.items() for number in at]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise Refused(TOO_MUCH)
    _look_at(reader.trailer)
    for count, (number, generation) in enumerate(numbers):
        if count % KEPT_IN_MEMORY == 0:
            reader.resolved_objects.clear()
        _look_at(reader.get_object(IndirectObject(number, generation, reader)))


def _look_at(found: object) -> None:
    """This object and what it holds itself; what it only names is looked at by its number."""
    waiting, count = [found], 0
    while waiting:
        one = waiting.pop()
        count += 1
        if count > MOST_WITHIN_AN_OBJECT:
            raise Refused(TOO_MUCH)
        if isinstance(one, dict):
            keys = set(dict.keys(one))
            if keys & BRINGING_KEYS or dict.get(one, "/Type") == "/EmbeddedFile":
                raise Refused(BRINGS)
            if dict.get(one, "/Subtype") == "/FileAttachment":
                raise Refused(BRINGS)
            if keys & ACTING_KEYS or dict.get(one, "/S") in ACTIONS or dict.get(one, "/Subtype") in ACTING_KINDS:
                raise Refused(ACTS)
            waiting.extend(dict.values(one))
        elif isinstance(one, list):
            waiting.extend(list.__iter__(one))


# Word documents and workbooks

MOST_PARTS = 1000
MOST_UNPACKED = 40 * MEGABYTE
MOST_TIMES_LARGER = 100
MOST_OF_XML = 16 * MEGABYTE
CHUNK = 64 * 1024
END_OF_ARCHIVE = b"PK\x05\x06"
OFFICE = "application/vnd.openxmlformats-officedocument."
MACRO_WORDS = ("macroenabled", "vbaproject", "activex", "ms-word.attachedtoolbars", "macrosheet")
A_LINK = "/relationships/hyperlink"
# Excel keeps how to print a sheet in one of these; nobody is given it.
PRINTER = re.compile(r"xl/printersettings/[^/]+\.bin")
LINKS_TO = ("http://", "https://", "mailto:", "tel:", "#")


@dataclass(frozen=True)
class _Office:
    """A kind of office document: the folder its parts are in, and what its main part is."""

    folder: str
    main_part: str


DOCUMENT = _Office("word/", f"{OFFICE}wordprocessingml.document.main+xml")
WORKBOOK = _Office("xl/", f"{OFFICE}spreadsheetml.sheet.main+xml")


def _check_office(content: bytes, kind: _Office) -> None:
    # Nothing stands before the archive or after it, so it is no other kind of file besides.
    if content.rfind(END_OF_ARCHIVE) != len(content) - 22:
        raise Refused(BROKEN if END_OF_ARCHIVE not in content else TWO_KINDS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_directory(parts, len(content), kind)
            _check_parts(archive, parts, kind)
    except Refused:
        raise
    except Exception:
        raise Refused(BROKEN) from None


def _check_directory(parts: list[zipfile.ZipInfo], length: int, kind: _Office) -> None:
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or not any(name.startswith(kind.folder) for name in names):
        raise Refused(NEITHER)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(TOO_MUCH)
    # The same packed bytes listed again and again are how a small archive unpacks to a huge one.
    if sum(part.compress_size for part in parts) > length or len({part.header_offset for part in parts}) != len(parts):
        raise Refused(TOO_MUCH)
    if min(part.header_offset for part in parts):
        raise Refused(TWO_KINDS)
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(LOCKED)
    for name in names:
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or names.count(name) > 1:
            raise Refused(BROKEN)
        if any(word in name.lower() for word in MACRO_WORDS):
            raise Refused(MACROS)
        endings = (".bin", ".exe", ".js", ".vbs", ".html", ".htm", ".svg")
        is_file = "/embeddings/" in name.lower() or name.lower().endswith(endings)
        if is_file and not (kind is WORKBOOK and PRINTER.fullmatch(name.lower())):
            raise Refused(BRINGS)


def _check_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], kind: _Office) -> None:
    unpacked = packed = 0
    for part in parts:
        is_xml = part.filename.lower().endswith((".xml", ".rels"))
        kept = io.BytesIO()
        with archive.open(part) as opened:
            of_this = 0
            while piece := opened.read(CHUNK):
                of_this += len(piece)
                if unpacked + of_this > MOST_UNPACKED or (is_xml and of_this > MOST_OF_XML):
                    raise Refused(TOO_MUCH)
                if is_xml:
                    kept.write(piece)
        unpacked, packed = unpacked + of_this, packed + part.compress_size
        if unpacked > MEGABYTE and unpacked > packed * MOST_TIMES_LARGER:
            raise Refused(TOO_MUCH)
        if is_xml:
            _Part(part.filename, kind).read(kept.getvalue())


class _Part:
    """One XML part of an office document: read whole, without the means XML has to refer to anything outside."""

    def __init__(self, name: str, of: _Office) -> None:
        self.name, self.of = name, of
        self.is_of_kind = name != "[Content_Types].xml"
        self.field_words: list[str] = []
        self.within_field = False

    def read(self, words: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        parser.Parse(words, True)
        if not self.is_of_kind:
            raise Refused(NEITHER)
        if re.search(r"\bDDE(AUTO)?\b", "".join(self.field_words), re.IGNORECASE):
            raise Refused(ACTS)

    def _refuse_doctype(self, *declared: object) -> None:
        raise Refused(BROKEN)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if self.name == "[Content_Types].xml":
            kind = attributes.get("ContentType", "").lower()
            if any(word in kind for word in MACRO_WORDS):
                raise Refused(MACROS)
            self.is_of_kind = self.is_of_kind or kind == self.of.main_part
        if local == "Relationship" and attributes.get("TargetMode", "").lower() == "external":
            is_link = attributes.get("Type", "").endswith(A_LINK)
            if not is_link or not attributes.get("Target", "").lower().startswith(LINKS_TO):
                raise Refused(REACHES)
        if local == "fldSimple":
            self.field_words += [value for name, value in attributes.items() if name.rpartition(":")[2] == "instr"]
        self.within_field = local == "instrText"

    def _end(self, tag: str) -> None:
        self.within_field = False

    def _say(self, words: str) -> None:
        if self.within_field:
            self.field_words.append(words)


# A process of its own

MOST_MEMORY = 384 * MEGABYTE
MOST_SECONDS = 4


def main() -> None:
    """Say of the bytes on standard input what they are: `pdf`, `docx`, or a sentence.

    Asked for `rows`: what the cells of a workbook say, as JSON, or a sentence.
    """
    import logging
    import resource

    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        content = sys.stdin.buffer.read()
        said = json.dumps(rows_of(content)) if sys.argv[1:] == ["rows"] else kind_of(content)
    except Refused as refusal:
        said = str(refusal)
    sys.stdout.write(said)


if __name__ == "__main__":
    main()
