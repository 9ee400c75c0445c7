"""G16: whatever is sent instead of a document is refused in a sentence, and nothing of it is kept."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from models import FilePiece, FileType, StoredFile
from signpost.config import ROOT, run_under, running
from signpost.fields import new_public_id
from signpost.files import checking, reading
from tests import figures
from tests.clamd import EICAR, Clamd
from tests.files import made

MEGABYTE = 1024 * 1024
MOST_GROWTH = 50 * MEGABYTE


def send(client, case, name, content, mimetype="application/pdf"):
    fields = {"csrf_token": client.token(), "kind": "cv", "reference": new_public_id()}
    body, kind = made.form(fields, name, content, mimetype)
    return client.post(f"/referrals/{case.public_id}/documents/new", data=body, content_type=kind)


def test_bad_files_are_refused_in_a_sentence_beside_the_field_and_nothing_is_kept(case, counsellor, browser_of):
    """All of them in one test: an application for each would take most of the time."""
    client, wrong = browser_of(counsellor), []
    for kind, (name, make) in made.BAD.items():
        answer = send(client, case, name, make())
        # Above the form and beside the field.
        if answer.status_code != 422 or not any(client.page.text.count(words) == 2 for words in sentences()):
            wrong.append(f"{kind}: {answer.status_code}")
        if StoredFile.select().exists() or FilePiece.select().exists():
            wrong.append(f"{kind}: kept")
    figures.add("G16 bad files", tried=len(made.BAD), stored=StoredFile.select().count())

    assert wrong == []


def sentences():
    return [
        words for name, words in vars(checking).items() if name.isupper() and isinstance(words, str) and " " in words
    ]


def test_there_are_enough_of_them():
    assert len(made.BAD) >= 60


@pytest.mark.parametrize("kind", made.GOOD)
def test_a_good_file_is_taken_for_what_it_is_whatever_it_is_called(app, kind):
    assert reading.read(made.GOOD[kind]()) == FileType(kind.partition(" ")[0])


@pytest.mark.parametrize("name", ["cv.exe", "cv.html", "cv", "cv.svg"])
def test_a_pdf_by_another_name_is_kept_as_a_pdf(name, case, counsellor, browser_of):
    send(browser_of(counsellor), case, name, made.pdf(), "text/html")

    assert StoredFile.get().name == "cv.pdf"


def test_a_fault_of_the_reader_takes_nothing(app, monkeypatch, tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(checking, "__file__", str(broken))

    with pytest.raises(reading.NotTaken, match="could not be read"):
        reading.read(made.pdf())


def test_a_file_that_takes_too_long_is_given_up(app, monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(checking, "__file__", str(slow))
    monkeypatch.setattr(reading, "SECONDS_TO_READ", 0.5)

    with pytest.raises(reading.NotTaken, match="unpacks to far more"):
        reading.read(made.pdf())


def test_the_reader_knows_no_key(app, monkeypatch, tmp_path):
    told = tmp_path / "told.py"
    told.write_text("import os; print(sorted(name for name in os.environ if name != 'LC_CTYPE'), end='')")
    monkeypatch.setattr(checking, "__file__", str(told))

    with pytest.raises(reading.NotTaken) as refusal:
        reading.read(made.pdf())
    assert refusal.value.words == "['PYTHONPATH', 'PYTHONUTF8']"


# How much memory it takes


def peak_of_reading(content: bytes, folder, *question: str) -> int:
    """How many bytes the process that reads this holds at most. A small process starts it: what is large counts itself in."""
    path = folder / "content"
    path.write_bytes(content)
    measure = (
        "import resource, subprocess, sys;"
        "subprocess.run([sys.executable, '-P', sys.argv[1], *sys.argv[3:]], stdin=open(sys.argv[2], 'rb'), capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", measure, checking.__file__, str(path), *question],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(ended.stdout) * 1024


LARGE = {
    "a PDF of 10 MB": lambda: made.pdf(content=os.urandom(9_900_000)),
    "a Word document of 10 MB": lambda: made.docx(parts={"word/media/a.png": os.urandom(9_900_000)}),
    "a PDF of 38,000 objects": lambda: made.assembled(
        [*made.PAGE, *[b"<< /A (%s) /B [1 2 3] >>" % (b"x" * 60)] * 38_000]
    ),
    **{name: made.BAD[name][1] for name in made.BAD if "bomb" in name or "unpacks" in name or "thousand" in name},
}


def test_reading_a_file_takes_little_memory(tmp_path):
    usual = peak_of_reading(made.pdf(), tmp_path)
    growth = {name: peak_of_reading(make(), tmp_path) - usual for name, make in LARGE.items()}

    figures.add("G16 memory", of_the_reader_in_MB=max(growth.values()) // MEGABYTE)
    assert {name: size for name, size in growth.items() if size > MOST_GROWTH} == {}


UPLOADING = """
import sys
sys.path[:0] = [{root!r}, {site!r}]
from tests.files import uploading
uploading.run({folder!r}, {content!r})
"""


def test_taking_a_large_upload_takes_little_memory(tmp_path):
    """Ten times 10 MB, and ten times 30 MB that are too large, by a site in a process of its own."""
    for size in (9_900_000, 30_000_000):
        content = tmp_path / f"{size}.pdf"
        content.write_bytes(made.pdf(content=os.urandom(size)))
        program = UPLOADING.format(
            root=str(ROOT), site=str(ROOT / "site"), folder=str(tmp_path / str(size)), content=str(content)
        )
        ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
        assert ended.returncode == 0, ended.stderr[-2000:]
        growth = int(ended.stdout.split()[-1])
        figures.add(f"G16 memory of the site, {round(size / 1_000_000)} MB each", in_MB=growth // MEGABYTE)
        assert growth <= MOST_GROWTH


# The virus scanner


@pytest.fixture
def clamd():
    server = Clamd()
    yield server
    server.stop()


@pytest.fixture
def scanned(app, clamd):
    run_under(replace(running(), clamd_address=clamd.address))


def test_what_the_scanner_finds_nothing_in_is_taken(scanned, clamd):
    large = made.pdf(content=bytes(300_000))

    assert reading.read(large) == FileType.PDF
    assert clamd.scanned == [large]


def test_a_virus_in_a_document_is_refused(scanned, case, counsellor, browser_of):
    client = browser_of(counsellor)
    answer = send(client, case, "cv.pdf", made.pdf(content=EICAR))

    assert answer.status_code == 422
    assert reading.HARMFUL.removesuffix(".") in client.page.text
    assert not StoredFile.select().exists()


def test_while_the_scanner_is_away_nothing_is_taken(scanned, clamd, case, counsellor, browser_of):
    clamd.stop()
    client = browser_of(counsellor)

    for content in (made.pdf(), made.docx()):
        assert send(client, case, "cv.pdf", content).status_code == 422
        assert reading.NO_SCANNER in client.page.text
    assert not StoredFile.select().exists()


@pytest.mark.parametrize(
    "answer", [b"", b"stream: OKAY\0", b"INSTREAM size limit exceeded. ERROR\0", b"nonsense\0", b"FOUND: OK\0"]
)
def test_an_answer_that_is_no_clear_yes_takes_nothing(scanned, clamd, answer):
    clamd.says = answer

    with pytest.raises(reading.NotTaken):
        reading.read(made.pdf())
