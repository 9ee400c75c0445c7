"""Sealed columns as a whole, found by walking the tables: they open nowhere else, change keys while the site goes on, lie
nowhere in plain bytes, and the site refuses keys that do not fit before it does anything (G17, G19)."""

import base64
import itertools
import os
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

from models import Draft, FileKind, FilePiece, KeyProof, Notice, Referral, Role, SessionText, StoredFile, User, db
from signpost import backup, clock, database, keys
from signpost.config import ROOT, running
from signpost.errors import ConfigurationError
from signpost.fields import Sealed, SealedBytesField
from signpost.files import actions as files
from signpost.files import queries as file_queries
from signpost.referrals import actions as referrals
from signpost.sealing import CannotUnseal, keyring
from tests import figures
from tests.conftest import NOTES_KEY
from tests.databases import only_sqlite
from tests.factories import a_referral, a_user
from tests.figures import pytest_terminal_summary
from tests.files import made

__all__ = ["pytest_terminal_summary"]

ROWS = 50
NEW_KEY = f"k2:{base64.urlsafe_b64encode(b'n' * 32).decode()}"
OTHER_KEY = f"k1:{base64.urlsafe_b64encode(b'o' * 32).decode()}"
SEALED = list(keys.columns())
ids = [f"{table.__name__}.{field.name}" for table, field in SEALED]
numbers = itertools.count(1)


@pytest.fixture
def loose(app):
    """Rows of any table may be made without those they name: what is asked here is what lies in the sealed columns."""
    db.execute_sql("PRAGMA foreign_keys = OFF")
    db.execute_sql("PRAGMA ignore_check_constraints = ON")
    yield
    db.execute_sql("PRAGMA ignore_check_constraints = OFF")
    db.execute_sql("PRAGMA foreign_keys = ON")


def some_row(table: Any, words: str) -> Any:
    """A row of a table with something in every column, and these words in every sealed one."""
    row, n = table(), next(numbers)
    values = {
        BooleanField: False, CharField: str(n), TextField: "{}", IntegerField: n, ForeignKeyField: n,
        DateField: date(2027, 1, 1), DateTimeField: datetime(2027, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    sealed = [field for field in table._meta.sorted_fields if keys.is_sealed(field)]
    for field in table._meta.sorted_fields:
        if keys.is_sealed(field) or field is table._meta.primary_key or field.name == "public_id":
            continue
        kind = next(kind for kind in values if isinstance(field, kind))
        setattr(row, field.name, values[kind])
    for field in sealed:
        setattr(row, field.name, words.encode() if isinstance(field, SealedBytesField) else words)
    row.save(force_insert=True)
    return row


def text(row: Any, field: Any) -> str:
    value = getattr(row, field.name)
    return value.decode() if isinstance(value, bytes) else value


def test_the_walk_finds_what_is_sealed():
    assert {Draft, Notice, SessionText, StoredFile, FilePiece, KeyProof} <= {table for table, _ in SEALED}
    assert SEALED[-1][0] is KeyProof


# Nowhere else


@only_sqlite
@pytest.mark.parametrize(("table", "field"), SEALED, ids=ids)
def test_no_value_opens_in_the_place_of_another(loose, table, field):
    rows = [some_row(table, f"words {n}") for n in range(ROWS)]
    values = [row.__data__[field.name] for row in rows]
    refused = 0
    for (mine, _), (_, theirs) in itertools.permutations(list(zip(rows, values, strict=True)), 2):
        mine.__data__[field.name] = theirs
        try:
            getattr(mine, field.name)
        except CannotUnseal:
            refused += 1

    figures.add("G19 swapped", tried=ROWS * (ROWS - 1), refused=refused)
    assert refused == ROWS * (ROWS - 1)


@only_sqlite
def test_no_value_opens_in_another_column_of_its_row(loose):
    tried = refused = 0
    for table in {table for table, _ in SEALED}:
        columns = [field for of, field in SEALED if of is table]
        row = some_row(table, "words")
        for one, other in itertools.permutations(columns, 2):
            tried += 1
            with pytest.raises(CannotUnseal):
                one.opened_in(row, row.__data__[other.name])
            refused += 1
    figures.add("G19 swapped", tried=tried, refused=refused)


# Nowhere in plain bytes


@only_sqlite
def test_no_word_that_is_sealed_lies_in_any_file_of_the_site(loose):
    words = {(table, field): f"zzsentinel{n}zz" for n, (table, field) in enumerate(SEALED)}
    for table in dict.fromkeys(table for table, _ in SEALED):
        row = some_row(table, "to be replaced")
        for field in (field for of, field in SEALED if of is table):
            word = words[table, field]
            setattr(row, field.name, word.encode() if isinstance(field, SealedBytesField) else word)
        row.save()
        assert [text(row, field) for of, field in SEALED if of is table] == [
            words[one] for one in words if one[0] is table
        ]
    found, size = found_in(running().database_url, words.values())

    figures.add("G17 sealed columns", sentinels=len(words), kilobytes=size // 1024, found=len(found))
    assert size > 0
    assert found == set()


@only_sqlite
def test_no_word_of_a_document_and_nothing_of_its_name_lies_in_any_file_or_backup(app, tmp_path, capfd):
    words = ["zzinthenamezz", "zzinthewordszz", "zzremovedzz"]
    referral, trainee = a_case()
    files.add(referral, FileKind.CV, f"{words[0]}.pdf", made.pdf(words[1]), trainee)
    files.remove(files.add(referral, FileKind.CV, f"{words[2]}.pdf", made.pdf(words[2]), trainee), trainee)
    found, size = found_in(running().database_url, words)
    assert found == set()
    backup.make(tmp_path / "a.backup")
    kept = (tmp_path / "a.backup").read_bytes()

    assert not any(word.encode() in kept for word in words)
    assert not any(word in said for word in words for said in capfd.readouterr())
    figures.add("G17 documents", sentinels=len(words), kilobytes=(size + len(kept)) // 1024, found=len(found))


def a_case() -> tuple[Referral, User]:
    """Somebody's case, and its trainee, who accepted the support."""
    a_user(Role.SENIOR_ADVISER)
    referral = a_referral()
    trainee = a_user(email=referral.trainee_email)
    referrals.accept(referral, by=trainee)
    return referral, trainee


def found_in(url: str, words: Any) -> tuple[set[str], int]:
    """The words that lie in any file beside the database, its log included; and how many bytes were looked at."""
    with closing(db.obj._connect()) as another:  # holds the log open, so that it is looked at as it is
        another.execute("SELECT 1")
        content = {path: path.read_bytes() for path in database.sqlite_path(url).parent.rglob("*") if path.is_file()}
    assert any(path.name.endswith("-wal") for path in content)
    found = {word for word in words for each in content.values() if word.encode() in each}
    return found, sum(map(len, content.values()))


# Changing keys


def drafts(count: int) -> list[Draft]:
    return [Draft.create(user=a_user(), form="f", fields_json=f"words {n}", saved_at=clock.now()) for n in range(count)]


def test_everything_is_sealed_again_with_the_newest_key(app):
    keys.leave_proof()
    rows = drafts(keys.BATCH + 30)
    file = a_file()
    keyring.load(f"{NEW_KEY},{NOTES_KEY}")
    before = keys.left()
    found = keys.reseal()

    assert (found.left, found.unreadable) == (0, 0)
    assert found.done == before >= len(rows) + 1
    keyring.load(NEW_KEY)
    assert [Draft.get_by_id(row.id).fields_json for row in rows] == [f"words {n}" for n in range(len(rows))]
    assert b"".join(file_queries.content(StoredFile.get_by_id(file.id))) == made.pdf(content=bytes(600_000))
    keys.check()


def a_file() -> StoredFile:
    referral, trainee = a_case()
    return files.add(referral, FileKind.CV, "cv.pdf", made.pdf(content=bytes(600_000)), trainee)


def test_again_changes_nothing(app):
    drafts(3)
    keyring.load(f"{NEW_KEY},{NOTES_KEY}")
    assert keys.reseal().done == 3
    kept = [bytes(row.__data__["fields_json"]) for row in Draft.select()]

    assert keys.reseal().done == 0
    assert [bytes(row.__data__["fields_json"]) for row in Draft.select()] == kept


def test_stopped_half_way_it_goes_on_from_there(app, monkeypatch):
    rows = drafts(20)
    keyring.load(f"{NEW_KEY},{NOTES_KEY}")
    plain, count = keys._seal_again, itertools.count()

    def stop(*arguments):
        if next(count) == 7:
            raise KeyboardInterrupt
        plain(*arguments)

    monkeypatch.setattr(keys, "_seal_again", stop)
    with pytest.raises(KeyboardInterrupt):
        keys.reseal()
    assert keys.left() == 13
    assert [Draft.get_by_id(row.id).fields_json for row in rows] == [f"words {n}" for n in range(20)]
    monkeypatch.setattr(keys, "_seal_again", plain)
    assert keys.reseal().done == 13
    assert keys.left() == 0


def test_what_somebody_wrote_meanwhile_is_never_overwritten(app, monkeypatch):
    (row,) = drafts(1)
    keyring.load(f"{NEW_KEY},{NOTES_KEY}")
    plain = keys._seal_again

    def write_first(old, field, found):
        fresh = Draft.get_by_id(row.id)
        fresh.fields_json = "written meanwhile"
        fresh.save()
        plain(old, field, found)

    monkeypatch.setattr(keys, "_seal_again", write_first)
    found = keys.reseal()

    assert Draft.get_by_id(row.id).fields_json == "written meanwhile"
    assert (found.done, found.left) == (0, 0)


def test_what_no_key_opens_is_left_as_it_is_and_told(app):
    broken, _ = drafts(2)
    Draft.update(fields_json=Sealed(b"k1:" + bytes(40))).where(Draft.id == broken.id).execute()
    keyring.load(f"{NEW_KEY},{NOTES_KEY}")
    found = keys.reseal()

    assert (found.done, found.left, found.unreadable) == (1, 1, 1)
    assert bytes(Draft.get_by_id(broken.id).__data__["fields_json"]) == b"k1:" + bytes(40)


def test_the_proof_of_the_keys_stays_on_the_old_one_until_all_else_is_done(app):
    """So that whoever takes the old key out too early is told at the start, not by a reader."""
    keys.leave_proof()
    broken, _ = drafts(2)
    Draft.update(fields_json=Sealed(b"k1:" + bytes(40))).where(Draft.id == broken.id).execute()
    keyring.load(f"{NEW_KEY},{NOTES_KEY}")
    keys.reseal()
    keyring.load(NEW_KEY)

    with pytest.raises(ConfigurationError, match="Put back the keys"):
        keys.check()


WRITERS, ROWS_OF_EACH = 3, 60


def test_while_others_read_and_write_nothing_is_lost_and_nothing_stays_on_the_old_key(app):
    rows = drafts(WRITERS * ROWS_OF_EACH)
    keyring.load(f"{NEW_KEY},{NOTES_KEY}")
    expected, trouble, done = {}, [], threading.Event()
    counts = dict.fromkeys(("writes", "reads"), 0)

    def work(own: list[Draft]) -> None:
        try:
            with db.connection_context():
                turn = 0
                while not done.is_set() or turn < 2 * len(own):
                    row = own[turn % len(own)]
                    fresh = Draft.get_by_id(row.id)
                    assert fresh.fields_json == expected.get(row.id, fresh.fields_json)
                    counts["reads"] += 1
                    fresh.fields_json = expected[row.id] = f"row {row.id}, turn {turn}"
                    fresh.save(only=[Draft.fields_json])
                    counts["writes"] += 1
                    turn += 1
        except BaseException as problem:
            trouble.append(problem)

    shares = [rows[n::WRITERS] for n in range(WRITERS)]
    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    found = keys.reseal()
    done.set()
    for thread in threads:
        thread.join()

    assert trouble == []
    assert (found.left, keys.left(), keys.reseal().left) == (0, 0, 0)
    keyring.load(NEW_KEY)
    unreadable = [row for row in Draft.select() if row.fields_json != expected.get(row.id, row.fields_json)]
    assert unreadable == []
    figures.add("G19 changing keys", rows=len(rows), **counts, unreadable=len(unreadable), left_on_the_old=keys.left())


# At the start


def test_a_proof_is_left_once_and_only_where_the_keys_fit(app):
    keys.leave_proof()
    keys.leave_proof()
    assert KeyProof.select().count() == 1
    keyring.load(OTHER_KEY)
    with pytest.raises(ConfigurationError):
        keys.leave_proof()


def test_no_proof_is_left_by_keys_that_do_not_open_what_is_there(app):
    drafts(1)
    keyring.load(OTHER_KEY)

    with pytest.raises(ConfigurationError, match="none of these keys"):
        keys.leave_proof()
    assert not KeyProof.select().exists()


@pytest.fixture
def run(config):
    """Run a program of the site in a process of its own, with these NOTES_KEYS."""

    def run(*arguments: str, notes_keys: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "site"), "DATABASE_URL": config.database_url,
            "SECRET_KEY": config.secret_key, "AUDIT_KEY": config.audit_key, "AUDIT_ANCHOR": str(config.audit_anchor),
            "NOTES_KEYS": notes_keys,
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )

    return run


FLASK = ("-m", "flask")


@only_sqlite
def test_with_a_wrong_key_nothing_starts_one_line_says_why_and_nothing_changes(app, config, run):
    drafts(1)
    keys.leave_proof()
    db.close()
    path = database.sqlite_path(config.database_url)
    before = path.read_bytes()

    site = ("-c", "import wsgi")
    commands = [(*FLASK, *words) for words in (("worker", "--once"), ("run-due",), ("db-upgrade",), ("reseal",))]
    for program, wrong in [(site, OTHER_KEY), (site, NEW_KEY), *((command, OTHER_KEY) for command in commands)]:
        ended = run(*program, notes_keys=wrong)
        assert ended.returncode != 0, program
        (line,) = ended.stderr.strip().splitlines()
        assert "NOTES_KEYS: none of these keys opens what is sealed" in line
        assert wrong.partition(":")[2] not in ended.stderr + ended.stdout
    assert path.read_bytes() == before
    assert run(*site, notes_keys=NOTES_KEY).returncode == 0


@only_sqlite
def test_the_commands_say_how_much_is_left_and_end_well_only_where_nothing_is(app, config, run):
    drafts(2)
    keys.leave_proof()
    db.close()
    both = f"{NEW_KEY},{NOTES_KEY}"

    left = run(*FLASK, "reseal", "--check", notes_keys=both)
    assert (left.returncode, left.stderr.strip()) == (1, "Error: Left on an older key: 3.")
    done = run(*FLASK, "reseal", notes_keys=both)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["Sealed again: 3.", "Nothing is left on an older key."])
    assert run(*FLASK, "reseal", "--check", notes_keys=NEW_KEY).returncode == 0
    assert run(*FLASK, "reseal", "--check", notes_keys=NOTES_KEY).returncode != 0


# Backups


def test_a_backup_carries_documents_and_putting_it_back_brings_them_back(app, tmp_path):
    file = a_file()
    backup.make(tmp_path / "a.backup")
    files.remove(file, file.by_user)
    assert not FilePiece.select().exists()
    db.close()
    backup.restore(tmp_path / "a.backup", is_agreed=True)
    db.connect(reuse_if_open=True)

    assert b"".join(file_queries.content(StoredFile.get_by_id(file.id))) == made.pdf(content=bytes(600_000))


def test_a_backup_whose_documents_do_not_open_is_not_made(app, tmp_path):
    file = a_file()
    FilePiece.update(content=Sealed(b"k1:" + bytes(40))).where(FilePiece.file == file).execute()

    with pytest.raises(backup.Refused, match="file_piece does not open"):
        backup.make(tmp_path / "a.backup")
    assert not (tmp_path / "a.backup").exists()
