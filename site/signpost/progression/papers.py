"""Papers of a support meeting: added in versions, shared before it, opened, and recalled where one is the wrong one (E9, E10).

Before a paper is shared, whoever added it and the School read it. Then all who are at the meeting do, and the university
only what is shared with it, while it is invited. Who opened one is kept before they have it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from models import (
    FileKind,
    Paper,
    PaperOpening,
    PersonalLink,
    Review,
    StoredFile,
    SupportMeeting,
    ToPrepare,
    User,
    db,
)
from signpost import clock
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.files import actions as files
from signpost.files import queries as contents
from signpost.files import reading
from signpost.progression import deadlines, preparing, queries
from signpost.progression.queries import SCHOOL, SUPPORTED, Reader, Relation

CHANGED = "Somebody has changed this while you were looking at it. Look at it again."
MOST = 50
WHY_LENGTH = 500
SHARE = frozenset({Relation.TEAM, Relation.CHAIR})
ADD = SUPPORTED | SHARE
KINDS = (FileKind.TRAINING_PLAN, FileKind.GAP_ANALYSIS, FileKind.OTHER)
COMES_ABOUT = {
    FileKind.TRAINING_PLAN: ToPrepare.TRAINING_PLAN,
    FileKind.GAP_ANALYSIS: ToPrepare.GAP_ANALYSIS,
}


# Reads


def of_meeting(support: SupportMeeting) -> list[Paper]:
    rows = Paper.select(Paper, StoredFile).join(StoredFile).where(Paper.support_meeting == support)
    return list(rows.order_by(Paper.id))


def to_share_by(chair: User) -> list[Paper]:
    """What was added for meetings that this person is going to chair, and is shared with nobody yet."""
    to_come = SupportMeeting.held_at.is_null() & SupportMeeting.called_off_at.is_null()
    waits = Paper.shared_at.is_null() & Paper.recalled_at.is_null()
    rows = Paper.select(Paper, SupportMeeting, Review).join(SupportMeeting).join(Review)
    return list(rows.where(queries.chaired_by(chair) & to_come & waits).order_by(Paper.id))


def is_own(reader: Reader, paper: Paper) -> bool:
    """Whether this person added it, signed in or by a link of theirs."""
    file = paper.file
    if file.by_link_id is not None:
        return bool(file.by_link.email == reader.email)
    return bool(file.by_user.email == reader.email)


def reads(reader: Reader, paper: Paper, relations: frozenset[Relation]) -> bool:
    """Whether this person may open it now."""
    if paper.recalled_at is not None or not relations:
        return False
    if Relation.UNIVERSITY in relations:
        return paper.shared_at is not None and paper.for_university
    if relations & SCHOOL:
        return True
    return bool(relations & SUPPORTED) and (paper.shared_at is not None or is_own(reader, paper))


def readable(reader: Reader, support: SupportMeeting) -> list[Paper]:
    relations = queries.relations_to(reader, support)
    return [paper for paper in of_meeting(support) if reads(reader, paper, relations)]


def find(reader: Reader, support: SupportMeeting, public_id: str) -> Paper | None:
    return next((one for one in readable(reader, support) if one.public_id == public_id), None)


def recalled(reader: Reader, support: SupportMeeting) -> list[Paper]:
    """Lines of papers that were recalled: for the School, and for whoever had added them."""
    relations = queries.relations_to(reader, support)
    if Relation.UNIVERSITY in relations:
        return []
    gone = [one for one in of_meeting(support) if one.recalled_at is not None]
    return [one for one in gone if relations & SCHOOL or is_own(reader, one)]


@dataclass(frozen=True)
class Opening:
    name: str
    opened_at: datetime


def openings(papers: Iterable[Paper]) -> dict[int, list[Opening]]:
    """Who opened each of these, by its row number: each person's first time, in order. One statement."""
    found: dict[int, list[Opening]] = {}
    rows = (
        PaperOpening.select(PaperOpening, User, PersonalLink)
        .left_outer_join(User, on=(PaperOpening.by_user == User.id))
        .switch(PaperOpening)
        .left_outer_join(PersonalLink, on=(PaperOpening.by_link == PersonalLink.id))
        .where(PaperOpening.paper.in_([paper.id for paper in papers]))
        .order_by(PaperOpening.id)
    )
    for row in rows:
        there = found.setdefault(row.paper_id, [])
        name = row.by_user.name if row.by_user_id else row.by_link.name
        if name not in {one.name for one in there}:
            there.append(Opening(name, row.opened_at))
    return found


def may_see_openings(reader: Reader, paper: Paper, relations: frozenset[Relation]) -> bool:
    return Relation.UNIVERSITY not in relations and (bool(relations & SCHOOL) or is_own(reader, paper))


def is_late(paper: Paper) -> bool:
    """Whether it came after its day, both as things stood when it came and as the date stands now."""
    item = COMES_ABOUT.get(FileKind(paper.file.kind))
    due = preparing.due_on(paper.support_meeting, item) if item and paper.is_late else None
    return paper.is_late and (due is None or deadlines.is_late(paper.file.added_at, due))


# Acts


def refuse_more(support: SupportMeeting, by: Reader) -> None:
    if not queries.relations_to(by, support) & ADD:
        raise RuleBroken("Only the trainee, their training officer and the School add papers.")
    preparing.refuse_over(support)
    there = (Paper.support_meeting == support) & Paper.recalled_at.is_null()
    if Paper.select().where(there).count() >= MOST:
        raise RuleBroken(f"A meeting can have {MOST} papers. Recall one that is no longer needed first.")


def add(support: SupportMeeting, kind: FileKind, called: str, content: bytes, by: Reader, reference: str = "") -> Paper:
    """Keep a paper, the next version of its kind. One that comes late is taken, and marked (E9).

    Raises NotTaken where it is none. A form that is sent again with the same `reference` adds nothing.
    """
    came_at = clock.now()  # reading it takes a while
    refuse_more(support, by)
    found = reading.read(content)
    item = COMES_ABOUT.get(kind)
    with db.atomic():
        SupportMeeting.update(version=SupportMeeting.version).where(SupportMeeting.id == support.id).execute()
        refuse_more(support, by)
        if reference and (there := StoredFile.get_or_none(StoredFile.public_id == reference)):
            paper: Paper | None = Paper.get_or_none((Paper.file == there) & (Paper.support_meeting == support))
            if paper is None:
                raise RuleBroken("This page was sent already. Open it again to add another paper.")
            return paper
        file = files.keep(kind, called, content, found, by, reference, at=came_at)
        earlier = Paper.select().join(StoredFile).where((Paper.support_meeting == support) & (StoredFile.kind == kind))
        paper = Paper.create(
            support_meeting=support,
            file=file,
            number=earlier.count() + 1,
            is_late=item is not None and preparing.is_late(support, item, came_at),
        )
        if item is not None:
            preparing.added(support, item, is_there=True)
        record("paper.added", by=by, concerning=support, facts={"paper": paper.public_id, "kind": kind})
    return paper


def hand_out(paper: Paper, by: Reader) -> list[bytes]:
    """The bytes of a paper. That this person opened it is kept, for good, before they have one of them."""
    with db.atomic():
        PaperOpening.create(
            paper=paper,
            by_user=by if isinstance(by, User) else None,
            by_link=by if isinstance(by, PersonalLink) else None,
            opened_at=clock.now(),
        )
        record("paper.opened", by=by, concerning=paper.support_meeting, facts={"paper": paper.public_id})
    return contents.content(paper.file)


def share(support: SupportMeeting, chosen: Iterable[Paper], for_university: Iterable[Paper], by: User) -> None:
    """Share papers with all who are at the meeting, and some of them with the university; who gains one is told (E10)."""
    if not queries.relations_to(by, support) & SHARE:
        raise RuleBroken("The progression team and the chair share the papers.")
    preparing.refuse_over(support)
    wanted, theirs = {one.id for one in chosen}, {one.id for one in for_university}
    if theirs and support.university_id is None:
        raise RuleBroken("Nobody from the university is invited to this meeting.")
    if theirs - wanted:
        raise RuleBroken("What the university gets, everybody at the meeting gets too. Select it for both.")
    with db.atomic():
        new_to_all = new_to_university = False
        for paper in of_meeting(support):
            if paper.id not in wanted or paper.recalled_at is not None:
                continue
            is_theirs = paper.for_university or paper.id in theirs
            if paper.shared_at is not None and paper.for_university == is_theirs:
                continue
            new_to_all |= paper.shared_at is None
            new_to_university |= is_theirs and not paper.for_university
            shared_at = paper.shared_at or clock.now()
            change(paper, paper.version, CHANGED, shared_at=shared_at, for_university=is_theirs)
        if new_to_all or new_to_university:
            meeting = queries.meeting_of(support)
            record(
                "papers.shared",
                by=by,
                concerning=support,
                facts={"for_all": new_to_all, "for_university": new_to_university},
                enclosed={"begins_at": meeting.begins_at if meeting is not None and meeting.is_booked else None},
            )


def may_recall(by: Reader, paper: Paper, relations: frozenset[Relation]) -> bool:
    """Whoever added it, and those who share papers."""
    is_gone = paper.recalled_at is not None
    return not is_gone and bool(relations & ADD) and (is_own(by, paper) or bool(relations & SHARE))


def recall(paper: Paper, why: str, by: Reader) -> None:
    """Take a wrong paper back, before it was shared or after: what is in it is destroyed, and nobody opens it any more.

    The line stays, with who had opened it.
    """
    support = paper.support_meeting
    if paper.recalled_at is not None:
        return
    if not may_recall(by, paper, queries.relations_to(by, support)):
        raise RuleBroken("Only whoever added a paper, and those who share the papers, recall it.")
    if not why.strip():
        raise RuleBroken("Say why it is recalled, such as that it is somebody else’s.")
    with db.atomic():
        if not files.destroy(paper.file):
            return
        change(paper, paper.version, CHANGED, recalled_at=clock.now(), recalled_why=why.strip())
        kind = FileKind(paper.file.kind)
        if kind in COMES_ABOUT:
            preparing.added(support, COMES_ABOUT[kind], is_there=_stands(support, kind))
        record("paper.recalled", by=by, concerning=support, facts={"paper": paper.public_id, "kind": kind})


def _stands(support: SupportMeeting, kind: FileKind) -> bool:
    """Whether there is another one of this kind; for the gap analysis, or lines of the table."""
    others = (Paper.support_meeting == support) & (StoredFile.kind == kind) & Paper.recalled_at.is_null()
    if Paper.select().join(StoredFile).where(others).exists():
        return True
    return kind == FileKind.GAP_ANALYSIS and support.gap_rows.exists()


def has_gap_analysis(support: SupportMeeting) -> bool:
    """Whether there is one, as a table or as a document."""
    return _stands(support, FileKind.GAP_ANALYSIS)
