"""Who may read what careers staff keep of a case, and the record of who did (C9).

The assigned counsellor reads it. Anyone else of the team reads it by cover, or for a reason they state, until a moment;
the counsellor is told. Every reading is kept before the page is sent, and the trainee sees whose they were.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import ModelSelect

from models import Breach, CareersSession, Emergency, Event, RecordAccess, Referral, Role, User, db
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.referrals import queries
from signpost.referrals.queries import Relation

REASON_LENGTH = 300
MOST_DAYS_OF_COVER = 56
CAPACITIES = {
    Relation.COUNSELLOR: "counsellor",
    Relation.COVERING: "counsellor who stands in",
    Relation.ADVISER: "senior careers adviser",
}


def reads_record(user: User, referral: Referral) -> bool:
    """Whether this person may read the record of the case now. Its trainee reads what is shared, by other pages."""
    if writes_record(user, referral):
        return True
    return Relation.ADVISER in queries.relations(user, referral) and open_access(user, referral) is not None


def writes_record(user: User, referral: Referral) -> bool:
    """The counsellor, and a colleague who covers. Who reads for a reason does not write."""
    return bool(queries.relations(user, referral) & {Relation.COUNSELLOR, Relation.COVERING})


def held_by(user: User) -> ModelSelect:
    """Ids of the cases whose record this person may read now: as counsellor, by cover, or for a stated reason (C9)."""
    roles = people.roles_of(user)
    may = Referral.id.is_null()
    if Role.COUNSELLOR in roles:
        by_cover = queries.open_accesses(user).where(RecordAccess.is_cover)
        may |= (Referral.assigned_to == user) | Referral.id.in_(by_cover)
    if Role.SENIOR_ADVISER in roles:
        for_a_reason = queries.open_accesses(user).where(~RecordAccess.is_cover)
        may |= Referral.id.in_(for_a_reason)
    return Referral.select(Referral.id).where(may & Referral.id.not_in(queries.about_ids(user)))


def open_access(user: User, referral: Referral) -> RecordAccess | None:
    """What lets this person read the record now, other than being its counsellor."""
    own = (RecordAccess.referral == referral) & (RecordAccess.reader == user)
    return RecordAccess.select().where(own & queries.lets_read_now()).order_by(RecordAccess.id.desc()).first()


def open_accesses(referral: Referral) -> list[RecordAccess]:
    """Who else may read the record now, and why: for the counsellor."""
    query = RecordAccess.select(RecordAccess, User).join(User, on=RecordAccess.reader)
    return list(query.where((RecordAccess.referral == referral) & queries.lets_read_now()).order_by(RecordAccess.id))


def state_reason(referral: Referral, reason: str, by: User) -> RecordAccess:
    """An adviser opens the record for a reason; the counsellor is told at once (C9)."""
    if Relation.ADVISER not in queries.relations(by, referral):
        raise RuleBroken("Only the senior careers adviser may open the record of another’s case.")
    if not reason.strip():
        raise RuleBroken("Say why you need to read it.")
    hours = settings.current().record_access_hours
    with db.atomic():
        if (there := _given(referral, by, reason, is_cover=False)) is not None:
            return there
        access = _give(referral, by, by, reason, clock.now() + timedelta(hours=hours), is_cover=False)
        record("record.opened", by=by, referral=referral, facts={"reader": by.public_id, "hours": hours})
    return access


def cover(referral: Referral, reader: User, until: date, reason: str, by: User) -> RecordAccess:
    """A colleague stands in for the counsellor until the end of a day; both are told (C9)."""
    relations = queries.relations(by, referral)
    if not relations & {Relation.ADVISER, Relation.COUNSELLOR}:
        raise RuleBroken("Only the counsellor or the senior careers adviser may ask a colleague to cover.")
    if referral.is_closed or referral.assigned_to is None:
        raise RuleBroken("Nobody holds this case, so there is nobody to cover for.")
    if reader not in may_cover(referral):
        raise RuleBroken("Choose a counsellor who may cover this case.")
    if not clock.today() <= until <= clock.today() + timedelta(days=MOST_DAYS_OF_COVER):
        raise RuleBroken(f"Cover can last from today for {MOST_DAYS_OF_COVER // 7} weeks at most.")
    if not reason.strip():
        raise RuleBroken("Say why cover is needed.")
    with db.atomic():
        ends = clock.start_of(until + timedelta(days=1))
        there = _given(referral, reader, reason, is_cover=True)
        if there is not None and there.ends_at == ends:
            return there
        access = _give(referral, reader, by, reason, ends, is_cover=True)
        record("record.covered", by=by, referral=referral, facts={"reader": reader.public_id, "until": str(until)})
    return access


def end(access: RecordAccess, by: User) -> None:
    """The reading is over from now on. Its reader, its giver and the counsellor may end it."""
    allowed = {access.reader_id, access.given_by_id, access.referral.assigned_to_id}
    if by.id not in allowed and Relation.ADVISER not in queries.relations(by, access.referral):
        raise RuleBroken("Only those concerned may end this.")
    with db.atomic():
        now = clock.now()
        open_still = (RecordAccess.id == access.id) & (RecordAccess.ends_at > now)
        if RecordAccess.update(ends_at=now).where(open_still).execute():
            record("record.access_ended", by=by, referral=access.referral, facts={"reader": access.reader.public_id})


def may_cover(referral: Referral) -> list[User]:
    """Counsellors who could stand in: not the one assigned, and not the trainee."""
    return [
        one
        for one in people.holding(Role.COUNSELLOR)
        if one.id not in (referral.assigned_to_id, referral.trainee_id) and one.email != referral.trainee_email
    ]


def _given(referral: Referral, reader: User, reason: str, is_cover: bool) -> RecordAccess | None:
    """The same, given already and still open: a second press gives nothing more, and tells nobody again."""
    for one in open_accesses(referral):
        if (one.reader_id, one.is_cover, one.reason) == (reader.id, is_cover, reason.strip()):
            return one
    return None


def _give(
    referral: Referral, reader: User, given_by: User, reason: str, ends_at: datetime, is_cover: bool
) -> RecordAccess:
    return RecordAccess.create(
        referral=referral,
        reader=reader,
        given_by=given_by,
        is_cover=is_cover,
        reason=reason.strip(),
        begins_at=clock.now(),
        ends_at=ends_at,
    )


# Who looked


def note_reading(
    referral: Referral,
    by: User,
    what: str,
    session: CareersSession | None = None,
    concerning: Breach | Emergency | None = None,
    acting_as: str = "",
) -> None:
    """Keep that somebody read a part of the record. Call it before the page is made; where it cannot be kept, none is.

    `acting_as` is for who is none of the careers team.
    """
    facts: dict[str, Any] = {"what": what} | ({"session": session.public_id} if session else {})
    with db.atomic():
        capacity = acting_as or _capacity(by, referral)
        record("record.read", by=by, referral=referral, concerning=concerning, facts=facts, acting_as=capacity)


def _capacity(reader: User, referral: Referral) -> str:
    """As what somebody of the careers team reads it: what they are to this case."""
    relations = queries.relations(reader, referral)
    return next((words for relation, words in CAPACITIES.items() if relation in relations), "")


@dataclass(frozen=True)
class Reading:
    """One person who read one part of the record on one day, and how often."""

    day: date
    reader: str
    what: str
    times: int


def readings(referral: Referral) -> list[Reading]:
    """Who looked at the record, the newest day first, in words for the trainee (C9).

    Who looked at what the trainee is not told yet stands there once they are: until then it would tell them (C6).
    """
    not_told = _not_told_yet(referral)
    query = (
        Event.select(Event, User)
        .join(User, on=Event.by_user)
        .where((Event.referral == referral) & (Event.name == "record.read") & Event.about_id.not_in(not_told))
        .order_by(Event.id.desc())
    )
    counted: dict[tuple[date, str, str], int] = {}
    for event in query:
        key = (clock.to_london(event.happened_at).date(), event.by_user.name, event.facts["what"])
        counted[key] = counted.get(key, 0) + 1
    return [Reading(*key, times) for key, times in counted.items()]


def _not_told_yet(referral: Referral) -> list[str]:
    """Ids of the breaches and emergencies of the case of which its trainee does not know."""
    emergencies = Emergency.select().where((Emergency.referral == referral) & Emergency.told_at.is_null())
    breaches = Breach.select().where((Breach.referral == referral) & Breach.told_how.is_null())
    return [one.public_id for one in (*emergencies, *breaches)]
