"""Adding a document to a case, handing it out, and removing it for good."""

import re
from datetime import datetime

from models import FileKind, FilePiece, FileType, PersonalLink, Referral, Service, StoredFile, User, db
from signpost import clock
from signpost.characters import made_visible, tidy_line
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.fields import new_public_id
from signpost.files import queries, reading
from signpost.referrals import record_access
from signpost.statements.actions import refuse_excluded

MOST_IN_A_CASE = 50
PIECE = 256 * 1024
NAME_LENGTH = 100
NOT_IN_NAMES = re.compile('[<>:"|?*;%\ufffd]')


def add(
    referral: Referral,
    kind: FileKind,
    called: str,
    content: bytes,
    by: User | PersonalLink,
    is_shared: bool = False,
    reference: str = "",
) -> StoredFile:
    """Keep a document of a case, sealed. Raises NotTaken where it is none, RuleBroken where the case takes none.

    `reference` becomes its public id: a form that is sent again with the same one adds nothing.
    """
    refuse_more(referral, by)
    if kind == FileKind.TEST_RESULTS:
        refuse_excluded(referral, Service.TESTS)
    found = reading.read(content)
    with db.atomic():
        refuse_more(Referral.get_by_id(referral.id), by)
        if reference and (there := StoredFile.get_or_none(StoredFile.public_id == reference)):
            if there.referral_id != referral.id:
                raise RuleBroken("This page was sent already. Open it again to add another document.")
            return there
        file = keep(
            kind, called, content, found, by, reference, referral, is_shared and not queries.is_trainee(by, referral)
        )
        record("file.added", by=by, referral=referral, facts={"file": file.public_id, "kind": kind})
    return file


def keep(
    kind: FileKind,
    called: str,
    content: bytes,
    found: FileType,
    by: User | PersonalLink,
    reference: str = "",
    referral: Referral | None = None,
    is_shared: bool = False,
    at: datetime | None = None,
) -> StoredFile:
    """Write a document that was read and found to be what it is, sealed, in pieces. Call it inside a transaction."""
    file = StoredFile(
        public_id=reference or new_public_id(),
        referral=referral,
        kind=kind,
        found=found,
        size=len(content),
        is_shared=is_shared,
        by_user=by if isinstance(by, User) else None,
        by_link=by if isinstance(by, PersonalLink) else None,
        added_at=at or clock.now(),
    )
    file.name = named(called, found)
    file.save()
    for position, start in enumerate(range(0, len(content), PIECE)):
        FilePiece.create(file=file, position=position, content=content[start : start + PIECE])
    return file


def destroy(file: StoredFile) -> bool:
    """Destroy what is in a document and what it was called; whether it was still there. Inside a transaction."""
    still_there = (StoredFile.id == file.id) & StoredFile.removed_at.is_null()
    if not StoredFile.update(removed_at=clock.now(), name=None).where(still_there).execute():
        return False
    FilePiece.delete().where(FilePiece.file == file).execute()
    return True


def refuse_more(referral: Referral, by: User | PersonalLink) -> None:
    """Documents are added to a case while it is open, once the trainee has accepted the support."""
    if not queries.adds(by, referral):
        raise RuleBroken("Only the trainee, the counsellor and who stands in for them add documents to a case.")
    if referral.is_closed:
        raise RuleBroken("This case is closed, so no document can be added to it.")
    if referral.accepted_at is None:
        raise RuleBroken("Documents can be added once the trainee has accepted the support.")
    there = StoredFile.select().where((StoredFile.referral == referral) & StoredFile.removed_at.is_null()).count()
    if there >= MOST_IN_A_CASE:
        raise RuleBroken(f"A case can have {MOST_IN_A_CASE} documents. Remove one that is no longer needed first.")


def named(called: str, found: FileType) -> str:
    """What a document is called: no folder, nothing hidden, and the ending of what it is."""
    last = re.split(r"[/\\]", called)[-1]
    words = tidy_line(NOT_IN_NAMES.sub("", made_visible(last))).strip(". ")
    stem, dot, ending = words.rpartition(".")
    if dot and ending.isalnum() and len(ending) <= 5:
        words = stem.strip(". ")
    return f"{words[:NAME_LENGTH] or 'Document'}.{found}"


def hand_out(file: StoredFile, by: User | PersonalLink) -> list[bytes]:
    """The bytes of a document; that somebody of the team reads it is kept before they have it (C9)."""
    if isinstance(by, User) and not queries.is_trainee(by, file.referral):
        record_access.note_reading(file.referral, by, "a document")
    return queries.content(file)


def remove(file: StoredFile, by: User | PersonalLink) -> None:
    """Destroy what is in a document and what it was called. The line that it was there stays."""
    if not queries.removes(by, file):
        raise RuleBroken("Only whoever added a document, or the counsellor, removes it.")
    with db.atomic():
        if destroy(file):
            record("file.removed", by=by, referral=file.referral, facts={"file": file.public_id, "kind": file.kind})
