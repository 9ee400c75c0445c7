"""Backups: one file, tried out before it counts as made; and putting one back, which is written into the audit.

A backup is made of the whole database at one moment. It is then unpacked again into a scratch database, and there the
rows are counted, the chain of the audit is walked and some sealed words are opened. What does not hold leaves no file.

Whoever restores gives up what happened since. The anchor of the audit knows of it, so restoring is an act of its own:
an entry of the audit says which end of the chain was given up, and so does a line in the journal beside the anchor.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from peewee import PeeweeException

from models import TABLES, AuditEntry, AuditHead, Notice, NoticeState, Referral, User, db
from signpost import clock, config, database, database_copies
from signpost.accounts.queries import SYSTEM_EMAIL, system_user
from signpost.audit import anchor
from signpost.audit import record as audit
from signpost.backup_file import Manifest, pack, read_manifest, sha256_of, unpack
from signpost.database_copies import Copies
from signpost.events import record
from signpost.fields import SealedTextField
from signpost.formatting import plural
from signpost.sealing import CannotUnseal

OPENED_OF_EACH = 20

Anchored = tuple[int, str] | None


class Refused(ValueError):
    """Why a backup is not made, or not put back, in one line."""


@dataclass(frozen=True)
class Restored:
    """What was put back: from when, what was upgraded, how many entries the audit had, how many known ones were given up,
    and how many messages waited to be sent."""

    made_at: str
    upgraded: list[str]
    entries: int
    given_up: int
    waiting: int


def make(file: Path) -> Manifest:
    """Write a checked backup of the database. Raises ValueError, and then leaves no file."""
    if file.exists():
        raise Refused(f"{file} is there already, and a backup is never overwritten. Give another name.")
    if not file.resolve().parent.is_dir():
        raise Refused(f"There is no folder {file.resolve().parent} for the backup.")
    ours = config.running()
    copies = database_copies.of(ours.database_url)
    # Read before the copy is taken: whatever the anchor names must be in the copy.
    anchored = anchor.read(ours.audit_anchor)
    if anchored is None and AuditEntry.select().exists():
        raise Refused("The anchor file (AUDIT_ANCHOR) is missing, so nobody can tell whether the audit was cut off.")
    with _folder(file.resolve().parent) as folder:
        copy, unfinished = folder / copies.part, folder / "unfinished"
        holds = copies.take(copy)
        manifest = Manifest(
            made_at=clock.now().isoformat(timespec="seconds"),
            signpost=config.VERSION,
            engine=copies.engine,
            holds=holds,
            part=copies.part,
            size=copy.stat().st_size,
            sha256=sha256_of(copy),
        )
        pack(unfinished, manifest, copy, ours.audit_key)
        copy.unlink()
        manifest = read_manifest(unfinished, ours.audit_key)
        with _tried_out(unfinished, manifest, copies, folder) as url, _as_ours(url):
            _check(anchored)
        if file.exists():
            raise Refused(f"{file} appeared meanwhile, and a backup is never overwritten. Give another name.")
        unfinished.rename(file)
        _to_disk(file.resolve().parent)
    return manifest


def restore(file: Path, is_agreed: bool) -> Restored:
    """Put a backup in the place of the database. Raises ValueError, and then nothing was changed.

    `is_agreed`: the records that there are now may be given up.
    """
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    ours = config.running()
    copies = database_copies.of(ours.database_url)
    manifest = read_manifest(file, ours.audit_key)
    _refuse_what_does_not_fit(manifest, copies)
    if not is_agreed and (there := records_now()):
        raise Refused(f"The database has records: {there}. To give them up for those of the backup, add --yes.")
    anchored = anchor.read(ours.audit_anchor)
    with _folder(_beside(ours.database_url)) as folder, _tried_out(file, manifest, copies, folder) as url:
        with _as_ours(url):
            upgraded = database.upgrade()
            _check(None)
            waiting = Notice.select().where(Notice.state == NoticeState.QUEUED).count()
            head = _record(manifest, anchored, folder)
        anchor.check_before_reset(ours.audit_anchor, ours.audit_key)
        copies.put_in_place(url, folder)
    anchor.reset(ours.audit_anchor, head, f"backup of {manifest.made_at} restored", clock.now(), ours.audit_key)
    return Restored(
        made_at=manifest.made_at,
        upgraded=upgraded,
        entries=manifest.holds.audit_n,
        given_up=max(0, anchored[0] - manifest.holds.audit_n) if anchored else 0,
        waiting=waiting,
    )


def records_now() -> str:
    """What the database has that a restore would give up, in words; empty where it has nothing."""
    with db.connection_context():
        try:
            if "referral" not in db.get_tables():
                return ""
            referrals = Referral.select().count()
            people = User.select().where(User.email != SYSTEM_EMAIL).count()
        except PeeweeException:
            return "they cannot be read"
    return f"{plural(referrals, 'referral')}, {plural(people, 'account')}" if referrals or people else ""


def _refuse_what_does_not_fit(manifest: Manifest, copies: Copies) -> None:
    if manifest.engine != copies.engine:
        raise Refused(f"This is a backup of a {manifest.engine} database, and DATABASE_URL is a {copies.engine} one.")
    known = {path.stem for path in database.MIGRATIONS.glob("[0-9]*.py")}
    if unknown := [name for name in manifest.holds.migrations if name not in known]:
        raise Refused(f"This backup was made by a newer Signpost, which has {unknown[0]}: upgrade this one first.")


@contextmanager
def _tried_out(file: Path, manifest: Manifest, copies: Copies, folder: Path) -> Iterator[str]:
    """The URL of a scratch database with what is in the backup, once it was found to be what the manifest says."""
    copy = folder / "copy"
    unpack(file, manifest, copy)
    with copies.scratch(copy) as url:
        found, said = copies.look(url), manifest.holds
        if found != said:
            differ = [name for name in found.counts | said.counts if found.counts.get(name) != said.counts.get(name)]
            where = f" in {', '.join(sorted(differ))}" if differ else ""
            raise Refused(f"The backup does not hold what the database held: they differ{where}.")
        yield url


@contextmanager
def _as_ours(url: str) -> Iterator[None]:
    """For the length of a block `models` and everything over it use another database."""
    before = db.obj
    opened = database.open_database(url)
    try:
        with opened.connection_context():
            yield
    finally:
        if hasattr(opened, "close_all"):
            opened.close_all()
        db.initialize(before)


def _check(anchored: Anchored) -> None:
    """Walk the audit and open some of what is sealed. Raises Refused where either fails."""
    broken = audit.first_break(anchored)
    if broken:
        raise Refused(f"The audit is broken at entry {broken.n}. {broken.words}")
    for table in TABLES:
        for field in table._meta.sorted_fields:
            if isinstance(field, SealedTextField):
                newest = table.select().order_by(table._meta.primary_key.desc()).limit(OPENED_OF_EACH)
                try:
                    [getattr(row, field.name) for row in newest]
                except CannotUnseal as problem:
                    raise Refused(f"What is sealed in {table._meta.table_name} does not open. {problem}") from None


def _record(manifest: Manifest, anchored: Anchored, folder: Path) -> tuple[int, str]:
    """Write the restoring into the audit of the restored records. Gives its head. The anchor is not touched yet."""
    ours = config.running()
    config.run_under(replace(ours, audit_anchor=folder / "anchor"))
    try:
        with db.atomic():
            facts = {
                "made_at": manifest.made_at,
                "given_up": {"n": anchored[0], "mac": anchored[1]} if anchored else None,
            }
            record("backup.restored", by=system_user(), facts=facts)
    finally:
        config.run_under(ours)
    head = AuditHead.get_by_id(1)
    return head.n, head.mac


@contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    """A folder for the work, for its owner alone, gone afterwards: on the disk where the result will be."""
    folder = Path(tempfile.mkdtemp(prefix=".signpost-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _beside(url: str) -> Path:
    return database.sqlite_path(url).parent if url.startswith("sqlite:///") else Path(tempfile.gettempdir())


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
