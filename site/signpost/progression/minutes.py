"""Minutes of a support meeting: written live, agreed by the chair, and then for whom they are for (E6, E10).

What was said with everybody goes to the trainee and their Training Officer; what was said in one's own time to that person
and the School alone. The School here is who chairs the meeting and who directs the programme; of the progression team only
whoever took those minutes. The university never reads any.
"""

from collections.abc import Iterable

from peewee import IntegrityError

from models import Correction, Minutes, Present, Review, SupportKind, SupportMeeting, User, db
from signpost import clock
from signpost.audit import record as audit
from signpost.changes import change
from signpost.errors import RuleBroken, StaleRecord
from signpost.events import record
from signpost.progression import queries
from signpost.progression.queries import Reader, Relation

CHANGED = "Somebody, perhaps you in another tab, wrote here in the meantime."
WORDS_LENGTH = 20_000
WHY_LENGTH = 500
SENIOR = frozenset({Relation.CHAIR, Relation.DIRECTOR})
THEIR_OWN = {Present.TRAINEE_ALONE: Relation.TRAINEE, Present.OFFICER_ALONE: Relation.TRAINING_OFFICER}


def parts_of(support: SupportMeeting) -> list[Present]:
    """Of what there are minutes: of the time together, and in a full meeting of each one's own time."""
    there = {Present(segment.present) for segment in queries.segments_of(support)}
    return [present for present in Present if present in there] or [Present.TOGETHER]


# Reads


def writes(by: Reader, support: SupportMeeting) -> bool:
    """Whoever takes the minutes; in a triage meeting, which has nobody for it, who chairs."""
    relations = queries.relations_to(by, support)
    is_chairs = support.kind == SupportKind.TRIAGE and Relation.CHAIR in relations
    return support.called_off_at is None and (Relation.MINUTE_TAKER in relations or is_chairs)


def reads(reader: Reader, minutes: Minutes, relations: frozenset[Relation]) -> bool:
    """Whether this person reads these minutes now, drafts included."""
    if Relation.UNIVERSITY in relations:
        return False
    is_author = isinstance(reader, User) and minutes.written_by_id == reader.id and Relation.TEAM in relations
    if relations & SENIOR or is_author:
        return True
    if minutes.present == Present.TOGETHER:
        return Relation.TEAM in relations or (minutes.shared_at is not None and _is_supported(relations))
    return minutes.shared_at is not None and THEIR_OWN[Present(minutes.present)] in relations


def _is_supported(relations: frozenset[Relation]) -> bool:
    return bool(relations & {Relation.TRAINEE, Relation.TRAINING_OFFICER})


def readable(reader: Reader, support: SupportMeeting) -> list[Minutes]:
    """In the order of the meeting."""
    relations = queries.relations_to(reader, support)
    found = Minutes.select().where(Minutes.support_meeting == support)
    order = list(Present)
    return sorted(
        (one for one in found if reads(reader, one, relations)), key=lambda one: order.index(Present(one.present))
    )


def of_part(support: SupportMeeting, present: Present) -> Minutes | None:
    return Minutes.get_or_none((Minutes.support_meeting == support) & (Minutes.present == present))


def to_agree_by(chair: User) -> list[Minutes]:
    """What was written of the meetings that this person chaired, and waits for them to agree to it."""
    waits = SupportMeeting.held_at.is_null(False) & Minutes.agreed_at.is_null()
    rows = Minutes.select(Minutes, SupportMeeting, Review).join(SupportMeeting).join(Review)
    rows = rows.where(queries.chaired_by(chair) & waits)
    return [one for one in rows.order_by(SupportMeeting.held_at, Minutes.id) if one.words.strip()]


def corrections_of(found: Iterable[Minutes]) -> dict[int, list[Correction]]:
    """By the row number of each: what it said before, and why that was changed."""
    listed: dict[int, list[Correction]] = {}
    query = Correction.select().where(Correction.minutes.in_([one.id for one in found])).order_by(Correction.id)
    for one in query:
        listed.setdefault(one.minutes_id, []).append(one)
    return listed


# Acts


def write(support: SupportMeeting, present: Present, words: str, version: int, by: User) -> Minutes:
    """Keep the minutes of a part as they stand on the page. `version` is the one that page showed, 0 where there was none."""
    _refuse_writing(support, present, by)
    there = of_part(support, present)
    if there is not None and there.written_by_id != by.id and present != Present.TOGETHER:
        raise RuleBroken("Somebody else took the minutes of this part. What was said there is not for others.")
    if there is not None and there.agreed_at is not None:
        raise RuleBroken("These minutes are agreed. Who chairs the meeting can correct them, and say why.")
    if there is not None and there.words == words:
        return there
    with db.atomic():
        if there is None:
            there = _first(support, present, words, version, by)
        else:
            change(there, version, CHANGED, words=words, written_by=by, written_at=clock.now())
        _keep(support, present, by)
    return there


def _first(support: SupportMeeting, present: Present, words: str, version: int, by: User) -> Minutes:
    if version:
        raise StaleRecord(CHANGED)
    made = Minutes(support_meeting=support, present=present, written_by=by, written_at=clock.now())
    made.words = words
    try:
        with db.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise StaleRecord(CHANGED) from None
    return made


def _keep(support: SupportMeeting, present: Present, by: User) -> None:
    """In the audit alone: a line for each pause in typing would bury the history of the meeting."""
    audit.add(
        "minutes.written",
        actor=f"user:{by.public_id}",
        acting_as="minute taker",
        record=f"support_meeting:{support.public_id}",
        facts={"part": present},
    )


def agree(minutes: Minutes, version: int, by: User) -> None:
    """The chair agrees them: they go to whom they are for, from now on. Once, however often it is pressed."""
    support = minutes.support_meeting
    if Relation.CHAIR not in queries.relations_to(by, support):
        raise RuleBroken("Who chairs the meeting agrees the minutes.")
    if minutes.agreed_at is not None:
        return
    if not minutes.words.strip():
        raise RuleBroken("There is nothing written yet.")
    if SupportMeeting.get_by_id(support.id).held_at is None:
        raise RuleBroken("Say first that the meeting was held.")
    now = clock.now()
    with db.atomic():
        change(minutes, version, CHANGED, agreed_by=by, agreed_at=now, shared_at=now)
        record("minutes.agreed", by=by, concerning=support, facts={"part": minutes.present})


def correct(minutes: Minutes, words: str, why: str, version: int, by: User) -> None:
    """Change agreed minutes; what they said before is kept, and why."""
    support = minutes.support_meeting
    if Relation.CHAIR not in queries.relations_to(by, support):
        raise RuleBroken("Who chairs the meeting corrects the minutes.")
    if minutes.agreed_at is None:
        raise RuleBroken("These minutes are not agreed yet, so whoever takes them can still change them.")
    if not words.strip():
        raise RuleBroken("Write the minutes as they should be.")
    if minutes.words == words.strip():
        return
    if not why.strip():
        raise RuleBroken("Say why they are corrected.")
    with db.atomic():
        earlier = Correction(minutes=minutes, corrected_by=by, corrected_at=clock.now())
        earlier.was, earlier.why = minutes.words, why.strip()
        change(minutes, version, CHANGED, words=words.strip())
        earlier.save()
        record("minutes.corrected", by=by, concerning=support, facts={"part": minutes.present})


def _refuse_writing(support: SupportMeeting, present: Present, by: User) -> None:
    if not writes(by, support):
        raise RuleBroken("Only whoever takes the minutes of this meeting writes them.")
    if present not in parts_of(support):
        raise RuleBroken("This meeting has no such part.")
