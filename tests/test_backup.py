"""A backup is whole, tried out and believed only untouched; and restoring one is never silent."""

import json
import random
import shutil
import stat
import subprocess
import tarfile
import threading
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playhouse.migrations import Runner

from models import AuditEntry, AuditHead, Draft, Event, Notice, NoticeState, Referral, User, db
from signpost import backup, backup_file, clock, database, database_copies
from signpost.accounts.queries import system_user
from signpost.audit import anchor, record
from signpost.backup_file import DAMAGED, NotABackup
from signpost.config import run_under, running
from signpost.referrals import actions, drafts
from signpost.sealing import keyring, new_key
from tests import databases
from tests.databases import only_postgres, only_sqlite
from tests.factories import a_referral, a_user
from tests.tampering import tamper
from tests.unchanged import everything


@pytest.fixture
def file(tmp_path):
    return tmp_path / "backups" / "tonight.tar"


@pytest.fixture(autouse=True)
def _folder(file):
    file.parent.mkdir()


@pytest.fixture
def records(adviser, referrer):
    """Some referrals, a draft, notices that wait, and an audit of all that."""
    drafts.save(referrer, {"trainee_name": "Zoë", "request": "words that nobody else may read"})
    return [a_referral(referrer) for _ in range(5)]


@pytest.fixture
def flask(app):
    def run(*arguments):
        db.close()
        result = app.test_cli_runner().invoke(args=[str(one) for one in arguments])
        db.connect(reuse_if_open=True)
        return result

    return run


@pytest.fixture
def elsewhere(make_app, make_database, tmp_path):
    """`elsewhere()`: the same site on another machine: its keys, a fresh database, and no anchor yet."""

    def move(**changed):
        return make_app(database_url=make_database(), audit_anchor=tmp_path / "another machine" / "anchor", **changed)

    return move


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


# Making one


def test_a_backup_holds_every_row_and_says_so(records, file):
    rows = everything()

    manifest = backup.make(file)

    assert manifest.holds.counts["referral"] == 5
    assert manifest.holds.migrations == [path.stem for path in sorted(database.MIGRATIONS.glob("0*.py"))]
    head = AuditHead.get_by_id(1)
    assert (manifest.holds.audit_n, manifest.holds.audit_mac) == (head.n, head.mac)
    assert everything() == rows
    assert left_in(file.parent) == ["tonight.tar"]


def test_it_is_one_file_for_its_owner_alone_that_any_tar_lists(records, file):
    backup.make(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        assert tar.getnames()[0] == "manifest.json"
        said = json.loads(tar.extractfile("manifest.json").read())
    assert (said["format"], said["signpost"]) == (1, "0.1.0")
    listed = subprocess.run(["tar", "tf", file], capture_output=True, text=True, check=False)
    assert (listed.returncode, len(listed.stdout.split())) == (0, 2)


def test_no_key_is_in_it(records, file, config):
    backup.make(file)

    content = file.read_bytes()
    for key in (config.secret_key, config.audit_key, config.notes_keys.partition(":")[2]):
        assert key.encode() not in content


def test_sealed_words_stay_sealed_in_it(records, file):
    backup.make(file)

    assert b"words that nobody else may read" not in file.read_bytes()


def test_a_backup_is_never_overwritten(records, file):
    file.write_text("last night's")

    with pytest.raises(backup.Refused, match="never overwritten"):
        backup.make(file)

    assert file.read_text() == "last night's"


def test_where_it_cannot_be_written_there_is_one_line(flask, tmp_path):
    result = flask("backup", tmp_path / "nowhere" / "file")

    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "nowhere" in result.stderr


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE audit_entry SET actor = 'user:x' WHERE n = 2", "broken at entry 2"),
        ("DELETE FROM audit_entry WHERE n > 3", "Entry 4 is missing"),
    ],
)
def test_of_a_broken_audit_no_backup_is_made(records, file, sql, words):
    tamper(sql)

    with pytest.raises(backup.Refused, match=words):
        backup.make(file)

    assert left_in(file.parent) == []


def test_without_the_anchor_no_backup_is_made(records, file, config):
    config.audit_anchor.unlink()

    with pytest.raises(backup.Refused, match="anchor file"):
        backup.make(file)

    assert left_in(file.parent) == []


def test_what_the_keys_do_not_open_is_no_backup(records, file, monkeypatch):
    keyring.load(new_key())

    with pytest.raises(backup.Refused, match="does not open"):
        backup.make(file)

    assert left_in(file.parent) == []


def test_a_copy_that_is_not_what_was_counted_is_no_backup(records, file, monkeypatch):
    kind = type(database_copies.of(running().database_url))
    take = kind.take

    def miscount(self, to):
        found = take(self, to)
        return replace(found, counts={**found.counts, "referral": found.counts["referral"] + 1})

    monkeypatch.setattr(kind, "take", miscount)

    with pytest.raises(backup.Refused, match="they differ in referral"):
        backup.make(file)

    assert left_in(file.parent) == []


@only_sqlite
def test_a_database_that_is_damaged_gives_no_backup(records, file, config):
    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    path = database.sqlite_path(config.database_url)
    page = database_page_of("notice", path)
    with path.open("r+b") as content:
        content.seek(page)
        content.write(b"\xff" * 200)
    db.connect()

    with pytest.raises(ValueError, match=r"damaged|malformed|differ"):
        backup.make(file)

    assert left_in(file.parent) == []


def database_page_of(table, path):
    import sqlite3

    with sqlite3.connect(path) as opened:
        ((page,),) = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchall()
    opened.close()
    return (page - 1) * 4096


@only_postgres
def test_without_the_programs_of_postgres_there_is_one_line(records, file, monkeypatch):
    monkeypatch.setattr(database_copies.shutil, "which", lambda name: None)
    monkeypatch.setattr(database_copies.Path, "glob", lambda self, pattern: iter(()))

    with pytest.raises(ValueError, match="pg_dump is not installed"):
        backup.make(file)


@only_postgres
def test_the_scratch_database_is_gone_afterwards(records, file, monkeypatch):
    looked_at = []
    look = database_copies.PostgresCopies.look
    monkeypatch.setattr(
        database_copies.PostgresCopies, "look", lambda self, url: looked_at.append(url) or look(self, url)
    )
    backup.make(file)

    (name,) = {urlsplit(url).path.removeprefix("/") for url in looked_at}
    assert name.startswith("signpost_check_")
    # Of others on this server there may be some at this moment.
    assert name not in {there for (there,) in db.execute_sql("SELECT datname FROM pg_database")}


# Putting it back


def test_what_was_backed_up_is_there_again_on_another_machine(records, file, elsewhere, tmp_path):
    backup.make(file)
    rows = everything()
    elsewhere()
    db.close()

    restored = backup.restore(file, is_agreed=False)

    db.connect(reuse_if_open=True)
    now = everything()
    assert (restored.entries, restored.given_up) == (rows["AuditHead"][0][1], 0)
    assert now["AuditEntry"][:-1] == rows["AuditEntry"]
    assert now["Event"][:-1] == rows["Event"]
    for name in set(rows) - {"AuditEntry", "AuditHead", "Event"}:
        assert now[name] == rows[name], name
    assert Draft.get().fields_json
    assert record.verify()[1] is None


def test_restoring_gives_up_what_came_later_and_says_so_in_the_audit_and_beside_the_anchor(
    records, file, config, referrer
):
    backup.make(file)
    made = AuditHead.get_by_id(1)
    for _ in range(3):
        a_referral(referrer)
    later = AuditHead.get_by_id(1)
    db.close()

    restored = backup.restore(file, is_agreed=True)

    db.connect(reuse_if_open=True)
    assert Referral.select().count() == 5
    assert restored.given_up == later.n - made.n == 3
    last = AuditEntry.select().order_by(AuditEntry.n.desc()).get()
    assert (last.n, last.action, last.acting_as) == (made.n + 1, "backup.restored", "administrator")
    assert last.actor == f"user:{system_user().public_id}"
    assert json.loads(last.facts_json)["given_up"] == {"n": later.n, "mac": later.mac}
    assert record.verify() == (made.n + 1, None)
    assert record.is_anchored()
    (reset,) = anchor.resets(config.audit_anchor, config.audit_key)
    assert (reset.given_up, reset.head) == ((later.n, later.mac), (last.n, last.mac))
    assert "restored" in reset.reason


def test_the_audit_goes_on_from_there(records, file, referrer):
    backup.make(file)
    a_referral(referrer)
    db.close()
    backup.restore(file, is_agreed=True)
    db.connect(reuse_if_open=True)

    a_referral(User.get_by_id(referrer.id))

    assert record.verify()[1] is None
    assert record.is_anchored()


def test_putting_an_old_copy_back_without_saying_so_is_still_found(
    records, file, config, referrer, elsewhere, tmp_path
):
    """Somebody with the database in their hands puts the copy of a backup there, and nothing else."""
    manifest = backup.make(file)
    a_referral(referrer)
    db.close()
    copy = tmp_path / "copy"
    backup_file.unpack(file, manifest, copy)
    copies = database_copies.of(config.database_url)
    with copies.scratch(copy) as url:
        copies.put_in_place(url, tmp_path)
    db.connect(reuse_if_open=True)

    assert Referral.select().count() == 5
    count, broken = record.verify()
    assert broken.n == count + 1
    for _ in range(3):
        a_referral(User.get_by_id(referrer.id))
    assert record.verify()[1] is not None
    with pytest.raises(backup.Refused, match="audit is broken"):
        backup.make(file.with_name("another.tar"))


def test_a_database_with_records_is_not_given_up_without_saying_so(records, file, flask):
    assert flask("backup", file).exit_code == 0
    rows = everything()

    refused = flask("restore", file)

    assert refused.exit_code == 1
    assert "5 referrals, 2 accounts" in refused.stderr
    assert "--yes" in refused.stderr
    assert everything() == rows


def test_the_commands_say_what_they_did(records, file, flask, referrer):
    made = flask("backup", file)
    a_referral(referrer)
    back = flask("restore", file, "--yes")
    verified = flask("audit-verify")

    assert made.output.endswith("It was unpacked and compared.\n")
    assert "Given up: 1 later audit entries" in back.output
    assert "will be sent by the worker: 15" in back.output
    assert back.exit_code == verified.exit_code == 0
    assert "The anchor was put from entry 6 to entry 6" in verified.output


def test_the_help_says_that_the_keys_are_not_in_it(flask):
    for command in ("backup", "restore"):
        assert "NOTES_KEYS" in flask(command, "--help").output


def test_notices_that_waited_then_wait_again_under_the_same_message_id(records, file, mailbox, app):
    from signpost.notices import delivery

    backup.make(file)
    waited = {notice.message_id for notice in Notice.select()}
    with app.app_context():
        delivery.send_due()
    db.close()
    backup.restore(file, is_agreed=True)
    db.connect(reuse_if_open=True)

    with app.app_context():
        delivery.send_due()

    by_id = [str(letter.message["Message-ID"]) for letter in mailbox.received]
    assert set(by_id) == waited
    assert {by_id.count(one) for one in waited} == {2}


# What is not believed


def test_a_file_with_one_bit_turned_or_its_end_cut_off_is_refused_fifty_times_of_fifty(records, file, tmp_path, config):
    backup.make(file)
    whole, rows, anchored = file.read_bytes(), everything(), config.audit_anchor.read_text()
    chance = random.Random(27)  # noqa: S311
    places = [0, 100, 600, 2000, len(whole) - 70, len(whole) - 66, len(whole) - 65, len(whole) - 1]
    places += [chance.randrange(len(whole)) for _ in range(25 - len(places))]
    ends = [0, 1, 64, 65, 66, 512, len(whole) - 1, len(whole) - 65, len(whole) - 66]
    ends += [chance.randrange(len(whole)) for _ in range(25 - len(ends))]
    harmed = tmp_path / "harmed.tar"
    refused = 0
    db.close()

    def tried(content):
        harmed.write_bytes(content)
        with pytest.raises(NotABackup) as problem:
            backup.restore(harmed, is_agreed=True)
        return str(problem.value) == DAMAGED

    for place in places:
        turned = bytearray(whole)
        turned[place] ^= 1 << chance.randrange(8)
        refused += tried(bytes(turned))
    for end in ends:
        refused += tried(whole[:end])

    db.connect(reuse_if_open=True)
    assert refused == 50
    assert everything() == rows
    assert config.audit_anchor.read_text() == anchored


def test_more_at_the_end_than_was_written_is_refused(records, file):
    backup.make(file)
    with file.open("ab") as content:
        content.write(b"\n")

    with pytest.raises(NotABackup):
        backup.restore(file, is_agreed=True)


@pytest.mark.parametrize("content", [b"", b"\n", b"not a backup at all", b"\x00" * 5000, b"PK\x03\x04" + b"x" * 900])
def test_what_is_no_backup_is_refused_in_one_line(flask, file, content):
    file.write_bytes(content)

    result = flask("restore", file)

    assert result.exit_code == 1
    assert "no whole backup" in result.stderr
    assert "Traceback" not in result.output


def test_a_backup_made_under_another_key_of_the_audit_is_refused(records, file, elsewhere):
    backup.make(file)
    elsewhere(audit_key="yet another secret that is long enough here")
    db.close()

    with pytest.raises(NotABackup, match="AUDIT_KEY"):
        backup.restore(file, is_agreed=False)


def test_without_the_keys_that_sealed_it_nothing_is_changed(records, file, elsewhere):
    backup.make(file)
    elsewhere(notes_keys=new_key())
    rows = everything()
    db.close()

    with pytest.raises(backup.Refused, match="does not open"):
        backup.restore(file, is_agreed=False)

    db.connect(reuse_if_open=True)
    assert everything() == rows


def repacked(file, **changed):
    """The same backup with another manifest, under the right key."""
    manifest = backup_file.read_manifest(file, running().audit_key)
    copy, other = file.with_name("copy"), file.with_name("other.tar")
    backup_file.unpack(file, manifest, copy)
    backup_file.pack(other, replace(manifest, **changed), copy, running().audit_key)
    return other


def test_a_backup_of_a_newer_signpost_is_refused(records, file):
    manifest = backup.make(file)
    newer = replace(manifest.holds, migrations=[*manifest.holds.migrations, "9999_what_is_to_come"])

    with pytest.raises(backup.Refused, match="newer Signpost, which has 9999_what_is_to_come"):
        backup.restore(repacked(file, holds=newer), is_agreed=True)


def test_a_backup_in_a_newer_form_is_refused(records, file):
    backup.make(file)

    with pytest.raises(NotABackup, match="newer Signpost"):
        backup.restore(repacked(file, format=2), is_agreed=True)


def test_a_backup_of_the_other_kind_of_database_is_refused(records, file):
    backup.make(file)

    with pytest.raises(backup.Refused, match="This is a backup of a duckdb database"):
        backup.restore(repacked(file, engine="duckdb"), is_agreed=True)


@pytest.mark.parametrize("field", ["audit_n", "audit_mac"])
def test_a_backup_whose_audit_ends_elsewhere_than_it_says_is_refused(records, file, field):
    manifest = backup.make(file)
    other = {"audit_n": 3, "audit_mac": "f" * 64}[field]

    with pytest.raises(backup.Refused, match="does not hold"):
        backup.restore(repacked(file, holds=replace(manifest.holds, **{field: other})), is_agreed=True)


def test_a_backup_of_an_older_signpost_is_restored_and_then_upgraded(app, config, make_database, file, tmp_path):
    older = make_database(migrated=False)
    opened = database.open_database(older)
    with opened.connection_context():
        first = Runner(opened, str(database.MIGRATIONS)).up("0001_people_and_referrals")
        opened.execute_sql("INSERT INTO venue (public_id, name) VALUES ('bcdf2346', 'The old library')")
    databases.close(opened)
    copies, copy = database_copies.of(older), tmp_path / "older"
    holds = copies.take(copy)
    manifest = backup_file.Manifest(
        made_at=clock.now().isoformat(), signpost="0.0.1", engine=copies.engine, holds=holds, part=copies.part,
        size=copy.stat().st_size, sha256=backup_file.sha256_of(copy),
    )  # fmt: skip
    backup_file.pack(file, manifest, copy, config.audit_key)
    db.initialize(database.open_database(config.database_url))

    restored = backup.restore(file, is_agreed=False)

    db.connect(reuse_if_open=True)
    assert restored.upgraded == [
        path.stem for path in sorted(database.MIGRATIONS.glob("0*.py")) if path.stem not in first
    ]
    assert database.pending() == []
    assert db.execute_sql("SELECT name FROM venue").fetchall() == [("The old library",)]
    assert record.verify() == (1, None)


# The journal beside the anchor


def test_where_the_journal_was_changed_nothing_is_restored(records, file, config):
    backup.make(file)
    backup.restore(file, is_agreed=True)
    a_referral()
    path = anchor.journal(config.audit_anchor)
    path.write_text(path.read_text().replace("restored", "found"))
    rows, anchored = everything(), config.audit_anchor.read_text()

    with pytest.raises(ValueError, match="journal of the anchor was changed"):
        backup.restore(file, is_agreed=True)

    assert (everything(), config.audit_anchor.read_text()) == (rows, anchored)


def test_where_the_journal_cannot_be_written_nothing_is_restored(records, file, config):
    backup.make(file)
    a_referral()
    anchor.journal(config.audit_anchor).mkdir()
    rows = everything()

    with pytest.raises(OSError, match="directory"):
        backup.restore(file, is_agreed=True)

    assert everything() == rows


def test_a_file_or_a_folder_that_is_not_there_is_one_line(flask, file):
    for arguments in [("backup", file.parent / "nowhere" / "tonight.tar"), ("restore", file), ("restore", file.parent)]:
        result = flask(*arguments)
        assert result.exit_code == 1
        (line,) = result.stderr.splitlines()
        assert line.startswith("Error: There is no ")


def test_a_journal_that_was_changed_is_told_by_audit_verify(records, file, flask, config):
    for _ in range(2):
        flask("backup", file)
        flask("restore", file, "--yes")
        file.unlink()
    assert len(anchor.resets(config.audit_anchor, config.audit_key)) == 2
    journal = anchor.journal(config.audit_anchor)
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    lines = journal.read_text().splitlines()
    for harmed in (lines[1:], [lines[0].replace("restored", "imagined"), lines[1]], lines[::-1], [lines[0], "x"]):
        journal.write_text("".join(f"{line}\n" for line in harmed))

        result = flask("audit-verify")

        assert result.exit_code == 1
        assert "journal of the anchor was changed" in result.stderr


# While others write


def test_the_audit_can_be_verified_while_others_write(app):
    user, stopped, broken = a_user(), threading.Event(), []

    def write():
        with db.connection_context():
            while not stopped.is_set():
                with db.atomic():
                    record.add("person.changed", actor=f"user:{user.public_id}", acting_as="x", record="", facts={})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while AuditEntry.select().count() < 60:
            broken.append(record.verify()[1])
    finally:
        stopped.set()
        writer.join()

    assert set(broken) == {None}
    assert record.verify()[1] is None


@only_sqlite
def test_a_restore_waits_for_who_writes_and_gives_up_in_words(records, file, config, monkeypatch):
    backup.make(file)
    rows = everything()
    monkeypatch.setattr(database_copies, "SECONDS_TO_WAIT", 0.1)
    with (
        databases.somebody_else_is_writing(config.database_url),
        pytest.raises(ValueError, match="stop them first"),
    ):
        backup.restore(file, is_agreed=True)

    db.connect(reuse_if_open=True)
    assert everything() == rows


@only_postgres
def test_a_restore_waits_for_who_reads_and_gives_up_in_words(records, file, config, monkeypatch):
    import psycopg

    backup.make(file)
    rows = everything()
    db.close()
    monkeypatch.setattr(database_copies, "SECONDS_TO_WAIT", 1)
    with psycopg.connect(config.database_url) as other:
        other.execute("SELECT count(*) FROM referral")
        with pytest.raises(ValueError, match="stop them first"):
            backup.restore(file, is_agreed=True)

    assert everything() == rows


@only_sqlite
def test_a_restore_of_a_database_that_is_open_elsewhere_is_seen_there(records, file, config, referrer):
    """Nobody goes on writing to a file that is no longer there."""
    import sqlite3

    backup.make(file)
    a_referral(referrer)
    other = sqlite3.connect(database.sqlite_path(config.database_url))
    assert other.execute("SELECT count(*) FROM referral").fetchone() == (6,)

    backup.restore(file, is_agreed=True)

    assert other.execute("SELECT count(*) FROM referral").fetchone() == (5,)
    other.close()


def test_the_state_of_the_process_is_as_before(records, file):
    ours, opened = running(), db.obj
    backup.make(file)
    backup.restore(file, is_agreed=True)

    assert running() is ours
    assert db.obj is opened
    run_under(ours)
    db.connect(reuse_if_open=True)
    assert Event.select().where(Event.name == "backup.restored").count() == 1
    assert Notice.select().where(Notice.state == NoticeState.QUEUED).count() == 15
    actions.withdraw(Referral.select().get(), by=Referral.select().get().referred_by)
    assert shutil.which("tar")
