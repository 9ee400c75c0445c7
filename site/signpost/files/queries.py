"""The documents of a case that each person may read (C9)."""

from models import FilePiece, PersonalLink, Referral, StoredFile, User
from signpost.referrals import queries as referrals
from signpost.referrals import record_access
from signpost.referrals.queries import Relation
from signpost.sealing import CannotUnseal

Reader = User | PersonalLink


def is_trainee(by: Reader, referral: Referral) -> bool:
    """Whether this is the trainee of the case, signed in or by the link of it."""
    if isinstance(by, PersonalLink):
        return bool(by.referral_id == referral.id)
    return Relation.TRAINEE in referrals.relations(by, referral)


def reads_all(by: Reader, referral: Referral) -> bool:
    """Whether this is one of the team who may read the record of the case now."""
    return isinstance(by, User) and record_access.reads_record(by, referral)


def concerns(by: Reader, referral: Referral) -> bool:
    """Whether the documents of this case are any business of this person."""
    return is_trainee(by, referral) or reads_all(by, referral)


def adds(by: Reader, referral: Referral) -> bool:
    """Its trainee, its counsellor and who stands in add documents; who reads for a reason does not write."""
    if is_trainee(by, referral):
        return True
    return isinstance(by, User) and record_access.writes_record(by, referral)


def is_from_trainee(file: StoredFile) -> bool:
    """Whether the trainee added it: the person who is the trainee now, not one who had the address by mistake."""
    referral = file.referral
    if file.by_link_id:
        return bool(file.by_link.email == referral.trainee_email)
    return bool(file.by_user_id == referral.trainee_id or file.by_user.email == referral.trainee_email)


def reads(by: Reader, file: StoredFile) -> bool:
    if reads_all(by, file.referral):
        return True
    return is_trainee(by, file.referral) and (file.is_shared or is_from_trainee(file))


def removes(by: Reader, file: StoredFile) -> bool:
    """Whoever added it, while they may read it; and the counsellor."""
    if not reads(by, file):
        return False
    if is_trainee(by, file.referral):
        return is_from_trainee(file)
    is_own = isinstance(by, User) and file.by_user_id == by.id
    return is_own or (isinstance(by, User) and Relation.COUNSELLOR in referrals.relations(by, file.referral))


def readable(by: Reader, referral: Referral) -> list[StoredFile]:
    """The documents of a case that this person may read, and the lines of those that were removed; the oldest first."""
    of_case = StoredFile.select().where(StoredFile.referral == referral).order_by(StoredFile.id)
    return [file for file in of_case if reads(by, file)]


def find(by: Reader, public_id: str) -> StoredFile | None:
    """A document of a case that is there and that this person may read; papers of meetings are another room's."""
    of_case = StoredFile.referral.is_null(False) & StoredFile.removed_at.is_null()
    file: StoredFile | None = StoredFile.get_or_none((StoredFile.public_id == public_id) & of_case)
    return file if file is not None and reads(by, file) else None


def content(file: StoredFile) -> list[bytes]:
    """All the bytes of a document, in pieces. Raises CannotUnseal where one is missing, changed or out of its place."""
    pieces = FilePiece.select().where(FilePiece.file == file).order_by(FilePiece.position)
    opened: list[bytes] = [piece.content for piece in pieces.iterator()]
    if sum(map(len, opened)) != file.size:
        raise CannotUnseal("A piece of this document is missing.")
    return opened
