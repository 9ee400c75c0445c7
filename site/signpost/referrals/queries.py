"""What each person may see of referrals. Every read starts here."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from peewee import JOIN, SQL, Expression, ModelSelect, fn

from models import (
    STAGE_OF,
    Assignment,
    Employer,
    EndTold,
    Event,
    Party,
    PersonalLink,
    RecordAccess,
    Referral,
    Release,
    ReleaseChoice,
    Role,
    SavedView,
    School,
    Stage,
    Status,
    Teller,
    User,
)
from signpost import clock, settings, working_days
from signpost.accounts import queries as people
from signpost.prepared import Prepared, Row, all_of, hole
from signpost.referrals import status
from signpost.until_commit import kept_until_commit


class Relation(StrEnum):
    """What a person is to one referral: rights come from this, not from the roles they hold elsewhere."""

    TRAINEE = "trainee"
    ADVISER = "adviser"
    COUNSELLOR = "counsellor"
    COVERING = "covering"
    HEAD = "head"
    REFERRER = "referrer"
    TSG = "tsg"


def visible_to(user: User) -> ModelSelect:
    """Every referral of which this person may see anything at all, whatever that is."""
    roles = people.roles_of(user)
    may = _reads(user, roles)
    if Role.TSG in roles:
        may |= Referral.id.in_(_released_ids())
    return Referral.select().where(may)


def readable_by(user: User) -> ModelSelect:
    """Those whose request they may read too: not those of which they know by a release alone."""
    return Referral.select().where(_reads(user, people.roles_of(user)))


def _reads(user: User, roles: Collection[Role]) -> Expression:
    may = _about(user)
    if Role.REFERRER in roles:
        may |= Referral.referred_by == user
    if Role.COUNSELLOR in roles:
        may |= (Referral.assigned_to == user) | Referral.id.in_(_covered_by(user))
    if Role.SENIOR_ADVISER in roles:
        may |= SQL("1 = 1")
    if Role.HEAD_OF_SCHOOL in roles:
        may |= Referral.wider_concerns & Referral.school.in_(people.schools_headed_by(user))
    return may


def relations(user: User, referral: Referral) -> frozenset[Relation]:
    """What this person is to this referral. The trainee is that alone, whatever else they are."""
    if referral.trainee_id == user.id or referral.trainee_email == user.email:
        return frozenset({Relation.TRAINEE})
    roles = people.roles_of(user)
    held = set()
    if Role.SENIOR_ADVISER in roles:
        held.add(Relation.ADVISER)
    if Role.COUNSELLOR in roles and referral.assigned_to_id == user.id:
        held.add(Relation.COUNSELLOR)
    elif Role.COUNSELLOR in roles and _covered_by(user).where(RecordAccess.referral == referral).exists():
        held.add(Relation.COVERING)
    if referral.wider_concerns and referral.school_id in people.schools_headed_by(user):
        held.add(Relation.HEAD)
    if Role.REFERRER in roles and referral.referred_by_id == user.id:
        held.add(Relation.REFERRER)
    if Role.TSG in roles and released(referral) is not None:
        held.add(Relation.TSG)
    return frozenset(held)


def taken_part_in_by(user: User) -> ModelSelect:
    """Ids of the referrals whose trainee or whose counsellor this person is now: those who meet."""
    trainee_or_counsellor = _about(user)
    if Role.COUNSELLOR in people.roles_of(user):
        trainee_or_counsellor |= (Referral.assigned_to == user) & _not_about(user)
    return Referral.select(Referral.id).where(trainee_or_counsellor)


def inbox_of(user: User) -> ModelSelect:
    """The referrals an adviser works on: all but their own, where they are the trainee."""
    return inbox_for(user, user.email)


def inbox_for(user: Any, address: Any) -> ModelSelect:
    """The same for a person and their address, or for holes in their place."""
    return Referral.select().where(_not(user, address))


def referred_by(user: User) -> list[Referral]:
    """A referrer's own referrals, newest first; none for who is a referrer no more."""
    if Role.REFERRER not in people.roles_of(user):
        return []
    own = Referral.select().where((Referral.referred_by == user) & _not_about(user))
    return list(own.order_by(Referral.id.desc()))


def covered_by(user: User) -> list[Referral]:
    """Open cases of others in which this counsellor stands in now."""
    if Role.COUNSELLOR not in people.roles_of(user):
        return []
    covered = Referral.id.in_(_covered_by(user)) & (Referral.stage != Stage.CLOSED) & _not_about(user)
    return list(Referral.select().where(covered).order_by(Referral.id))


def open_accesses(user: User) -> ModelSelect:
    """Ids of the cases whose record this person may read now, other than as the counsellor: by cover or for a reason."""
    return RecordAccess.select(RecordAccess.referral).where((RecordAccess.reader == user) & lets_read_now())


def lets_read_now() -> Expression:
    """Whether an access has begun and is not over."""
    now = clock.now()
    return (RecordAccess.begins_at <= now) & (RecordAccess.ends_at > now)


def _covered_by(user: User) -> ModelSelect:
    return open_accesses(user).where(RecordAccess.is_cover)


def cases_of(user: User) -> list[Referral]:
    """A counsellor's open cases, the longest waiting first; none for who is a counsellor no more."""
    if Role.COUNSELLOR not in people.roles_of(user):
        return []
    mine = Referral.select().where((Referral.assigned_to == user) & (Referral.stage != Stage.CLOSED) & _not_about(user))
    return list(mine.order_by(Referral.id))


def informed_head(user: User, before: str = "", most: int | None = None) -> list[Referral]:
    """Referrals with wider concerns in the schools this person heads, newest first; at most so many, from the one whose
    public id is `before` on, that one not among them."""
    mine = _informed(user)
    edge = Referral.select(Referral.id).where(mine & (Referral.public_id == before)).scalar() if before else None
    if edge:
        mine &= Referral.id < edge
    return list(Referral.select().where(mine).order_by(Referral.id.desc()).limit(most))


def undecided_by(head: User) -> list[Referral]:
    """Of those, the open ones of which nobody has decided yet what the TSG may know, newest first."""
    decided_ids = Release.select(Release.referral)
    waiting = _informed(head) & (Referral.stage != Stage.CLOSED) & Referral.id.not_in(decided_ids)
    return list(Referral.select().where(waiting).order_by(Referral.id.desc()))


def _informed(head: User) -> Expression:
    return Referral.wider_concerns & Referral.school.in_(people.schools_headed_by(head)) & _not_about(head)


def about(user: User) -> list[Referral]:
    """Referrals of which this person is the trainee, newest first."""
    return list(Referral.select().where(_about(user)).order_by(Referral.id.desc()))


def about_ids(user: User) -> ModelSelect:
    """Ids of the referrals of which this person is the trainee."""
    return Referral.select(Referral.id).where(_about(user))


def _about(user: User) -> Expression:
    return of_trainee(user, user.email)


def of_trainee(user: Any, address: Any) -> Expression:
    """Those of which this person is the trainee, by account or by address: the account may be younger than the referral."""
    return (Referral.trainee == user) | (Referral.trainee_email == address)


def _not_about(user: User) -> Expression:
    return _not(user, user.email)


def _not(user: Any, address: Any) -> Expression:
    return (Referral.trainee.is_null() | (Referral.trainee != user)) & (Referral.trainee_email != address)


def released(referral: Referral) -> Release | None:
    """What stands released to the TSG now: the last decision, unless it was to release nothing."""
    last = decided(referral)
    return last if last and last.choice != ReleaseChoice.NOTHING else None


def decided(referral: Referral) -> Release | None:
    """The head's last decision about the TSG, whatever it was."""
    return Release.select().where(Release.referral == referral).order_by(Release.id.desc()).first()


def releases_to(user: User) -> list[Release]:
    """What the TSG was released, newest first, each as it was sent. Empty for anyone else, and for what is about them."""
    if Role.TSG not in people.roles_of(user):
        return []
    query = (
        Release.select(Release, Referral)
        .join(Referral)
        .where(Release.id.in_(_last_release_ids()) & (Release.choice != ReleaseChoice.NOTHING) & _not_about(user))
    )
    return list(query.order_by(Release.id.desc()))


def _last_release_ids() -> ModelSelect:
    later = Release.alias()
    return later.select(fn.MAX(later.id)).group_by(later.referral)


def _released_ids() -> ModelSelect:
    return Release.select(Release.referral).where(
        Release.id.in_(_last_release_ids()) & (Release.choice != ReleaseChoice.NOTHING)
    )


def same_trainee(referral: Referral) -> list[Referral]:
    """Other referrals of the same address, newest first: what the adviser sees beside a possible duplicate."""
    others = (Referral.trainee_email == referral.trainee_email) & (Referral.id != referral.id)
    return list(Referral.select().where(others).order_by(Referral.id.desc()))


def own_open_duplicate(referrer: User, trainee_email: str) -> Referral | None:
    """This referrer's own open referral of the same trainee: the only one a referrer is told of."""
    return next(iter(all_of(Referral, _own_open, referrer=referrer, email=trainee_email)), None)


@Prepared
def _own_open() -> ModelSelect:
    own = (Referral.referred_by == hole("referrer", Referral.referred_by)) & (Referral.trainee_email == hole("email"))
    return Referral.select().where(own & (Referral.stage != Stage.CLOSED)).order_by(Referral.id).limit(1)


def last_assignment(referral: Referral) -> Assignment | None:
    query = Assignment.select().where((Assignment.referral == referral) & Assignment.undone_at.is_null())
    return query.order_by(Assignment.id.desc()).first()


UNDOABLE = ("referral.assigned", "referral.reassigned", "referral.closed")


@dataclass(frozen=True)
class Undoable:
    """What an adviser did at one press of a button within the last minute: the first event of it, and on how many."""

    event: Event
    count: int
    counsellor: User | None
    until: datetime


def undoable_by(adviser: User) -> list[Undoable]:
    """What this adviser did within the last minute and can still take back, the newest first."""
    undo = settings.current().undo
    since = clock.now() - undo
    ids = [number for number, happened_at in _done_lately(adviser, undo) if happened_at > since]
    if not ids:
        return []
    events = Event.select(Event, Referral).join(Referral).where(Event.id.in_(ids)).order_by(Event.id.desc())
    together: dict[str, list[Event]] = {}
    for event in events:
        together.setdefault(json.loads(event.facts_json).get("batch", event.public_id), []).append(event)
    return [
        Undoable(
            acts[-1],
            len(acts),
            None if acts[-1].name == "referral.closed" else acts[-1].referral.assigned_to,
            acts[-1].happened_at + undo,
        )
        for acts in together.values()
    ]


@kept_until_commit
def _done_lately(adviser: User, undo: timedelta) -> list[Row]:
    """What could be undone when this was asked: until something is committed, no more than that can be undone."""
    return _undoable.rows(by=adviser, since=clock.now() - undo)


@Prepared
def _undoable() -> ModelSelect:
    mine = (Event.by_user == hole("by", Event.by_user)) & (Event.happened_at > hole("since", Event.happened_at))
    return Event.select(Event.id, Event.happened_at).where(mine & Event.undone_at.is_null() & Event.name.in_(UNDOABLE))


def done_together(event: Event) -> list[Event]:
    """The events of one press of a button, of which this is one, that were not taken back."""
    batch = json.loads(event.facts_json).get("batch")
    if not batch:
        return [event]
    near = (Event.by_user == event.by_user) & (Event.happened_at >= event.happened_at - timedelta(minutes=5))
    events = Event.select().where(near & (Event.name == event.name) & Event.undone_at.is_null())
    return [one for one in events.order_by(Event.id) if json.loads(one.facts_json).get("batch") == batch]


def last_event(referral: Referral, name: str) -> Event | None:
    query = Event.select().where((Event.referral == referral) & (Event.name == name))
    return query.order_by(Event.id.desc()).first()


def saved_views(user: User) -> list[SavedView]:
    """The lists of the inbox this person named for themselves."""
    return list(SavedView.select().where(SavedView.user == user).order_by(SavedView.name))


# Each closes a referral, and says in its facts where it stood until then.
CLOSINGS = ("referral.declined", "referral.withdrawn", "referral.closed", "referral.stopped", "referral.completed")


def had_begun(referrals: list[Referral]) -> frozenset[int]:
    """Row numbers of those that are closed and whose support had begun by then."""
    closed = [one.id for one in referrals if one.is_closed]
    events = Event.select(Event.referral_id, Event.facts_json).where(
        Event.referral.in_(closed) & Event.name.in_(CLOSINGS) & Event.undone_at.is_null()
    )
    stood_at = {number: Status(json.loads(facts)["stood_at"]) for number, facts in events.order_by(Event.id).tuples()}
    return frozenset(number for number, status in stood_at.items() if STAGE_OF[status] == Stage.IN_PROGRESS)


def told_by_the_trainee(referrals: list[Referral], party: Party) -> frozenset[int]:
    """Row numbers of those whose trainee let this party know that the sessions are complete (A21)."""
    told = (EndTold.teller == Teller.TRAINEE) & (EndTold.party == party)
    rows = EndTold.select(EndTold.referral_id).where(EndTold.referral.in_([one.id for one in referrals]) & told)
    return frozenset(number for (number,) in rows.tuples())


def words_for_referrer(referrals: list[Referral]) -> dict[int, str]:
    """How each of these stands, by row number, in the words its referrer reads; two statements for any number."""
    begun, told = had_begun(referrals), told_by_the_trainee(referrals, Party.REFERRER)
    return {one.id: status.for_referrer(one, one.id in told, one.id in begun) for one in referrals}


def words_for_head(referral: Referral) -> str:
    """How it stands, in the words a head of school reads who was informed of it."""
    told = told_by_the_trainee([referral], Party.HEAD)
    return status.for_head(referral, referral.id in told, referral.id in had_begun([referral]))


def events_of(referral: Referral) -> list[Event]:
    """What happened to a referral, the first first."""
    query = (
        Event.select(Event, User, PersonalLink)
        .join(User, JOIN.LEFT_OUTER, on=Event.by_user)
        .join_from(Event, PersonalLink, JOIN.LEFT_OUTER, on=Event.by_link)
        .where(Event.referral == referral)
    )
    return list(query.order_by(Event.id))


def schools() -> list[School]:
    return all_of(School, _schools)


@Prepared
def _schools() -> ModelSelect:
    return School.select().order_by(School.name)


def employers() -> list[Employer]:
    return all_of(Employer, _employers)


@Prepared
def _employers() -> ModelSelect:
    return Employer.select().order_by(Employer.name)


def arrived_since_yesterday() -> Expression:
    """Whether a referral is new: it came today or on the working day before."""
    return Referral.referred_at >= yesterday()


def yesterday() -> datetime:
    """The first moment of the working day before."""
    return clock.start_of(working_days.previous(clock.today()))


def waited_days(referral: Referral) -> int:
    """Whole days since it arrived, in London."""
    return (clock.today() - clock.to_london(referral.referred_at).date()).days


def waiting_since(days: int) -> Expression:
    """Whether it arrived at least so many days ago."""
    return Referral.referred_at < days_ago(days)


def days_ago(days: int) -> datetime:
    """The end of the day so many days ago: what came before it has waited at least as long."""
    return clock.start_of(clock.today() - timedelta(days=days - 1))
