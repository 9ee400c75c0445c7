"""What the trainee and their Training Officer prepare for a support meeting: a checklist, and reminders that stop (E9)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time

from peewee import JOIN

from models import (
    Meeting,
    MeetingState,
    Owner,
    PersonalLink,
    Preparation,
    SupportMeeting,
    ToPrepare,
    User,
    db,
)
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.progression import deadlines, queries
from signpost.progression.queries import Relation

CHANGED = "Somebody, perhaps you in another tab, wrote here in the meantime."
REMIND_FROM = time(9)
WORDS_LENGTH = 4000
OWNERS = {Relation.TRAINEE: Owner.TRAINEE, Relation.TRAINING_OFFICER: Owner.TRAINING_OFFICER}
# These the two do together: once one has done it, it is done for both.
TOGETHER = frozenset({ToPrepare.TRAINING_PLAN, ToPrepare.GAP_ANALYSIS, ToPrepare.HAVE_MET})
# These come about by what is added, and nobody ticks them off.
BY_ADDING = frozenset({ToPrepare.TRAINING_PLAN, ToPrepare.GAP_ANALYSIS})
# What they want to have confirmed in the meeting is what meeting each other is for.
NEEDS_WORDS = frozenset({ToPrepare.HAVE_MET})


def lay_out(support: SupportMeeting) -> None:
    """Write the checklist of a support meeting, a line for each of the two; once, however often it is asked for."""
    there = {(one.item, one.owner) for one in _lines(support)}
    missing = [(item, owner) for item in ToPrepare for owner in Owner if (item, owner) not in there]
    for item, owner in missing:
        Preparation.create(support_meeting=support, item=item, owner=owner)


def _lines(support: SupportMeeting) -> list[Preparation]:
    return list(Preparation.select().where(Preparation.support_meeting == support).order_by(Preparation.id))


# When it is due


def due_on(support: SupportMeeting, item: ToPrepare) -> date | None:
    """The day by the end of which this is to be done; None while there is no date. It moves as the meeting moves.

    A private place is wanted for the meeting itself. A meeting that is too soon for the days leaves one.
    """
    meeting = queries.meeting_of(support)
    if meeting is None or not meeting.is_booked:
        return None
    days = 1 if item == ToPrepare.PRIVATE_PLACE or support.soon_reason else settings.current().papers_working_days
    return deadlines.due_on(deadlines.meets_on(meeting.begins_at), days)


def is_late(support: SupportMeeting, item: ToPrepare, at: datetime) -> bool:
    due = due_on(support, item)
    return due is not None and deadlines.is_late(at, due)


@dataclass(frozen=True)
class Line:
    """One item of the checklist as one of the two, or the School, sees it."""

    item: ToPrepare
    owner: Owner
    done_at: datetime | None
    words: str
    due: date | None
    version: int

    @property
    def is_late(self) -> bool:
        """Whether it was done, or waits, past its day."""
        return self.due is not None and deadlines.is_late(self.done_at or clock.now(), self.due)


def checklist(support: SupportMeeting, owner: Owner) -> list[Line]:
    """The lines of one of the two, in the order of the guidance."""
    mine = {one.item: one for one in _lines(support) if one.owner == owner}
    found = [(item, mine[item]) for item in ToPrepare if item in mine]
    return [Line(item, owner, one.done_at, one.words or "", due_on(support, item), one.version) for item, one in found]


def owner_of(by: User | PersonalLink, support: SupportMeeting) -> Owner | None:
    """Whose lines this person has: the trainee's or the Training Officer's, and nobody else's."""
    relations = queries.relations_to(by, support)
    return next((owner for relation, owner in OWNERS.items() if relation in relations), None)


# Doing it


def done(support: SupportMeeting, item: ToPrepare, words: str, version: int, by: User | PersonalLink) -> None:
    """One of the two has done something; where they do it together, it is done for both.

    What they write, such as the actions they want confirmed, is theirs to change until the meeting.
    """
    refuse_over(support)
    owner = _owner(by, support)
    if item in BY_ADDING:
        raise RuleBroken("That is done once it is added.")
    if item in NEEDS_WORDS and not words.strip():
        raise RuleBroken("Write the actions or solutions that you want to have confirmed in the meeting.")
    line = Preparation.get(
        (Preparation.support_meeting == support) & (Preparation.item == item) & (Preparation.owner == owner)
    )
    if line.done_at is not None and (line.words or "") == words.strip():
        return
    with db.atomic():
        change(line, version, CHANGED, words=words.strip() or None, done_at=line.done_at or clock.now())
        if item in TOGETHER:
            _mark(support, item, clock.now())
        record("preparation.done", by=by, concerning=support, facts={"item": item, "owner": owner})


def take_back(support: SupportMeeting, item: ToPrepare, by: User | PersonalLink) -> None:
    """It is not done after all, or no longer suits."""
    refuse_over(support)
    owner = _owner(by, support)
    if item in BY_ADDING:
        raise RuleBroken("Recall what was added instead.")
    whose = (Preparation.owner == owner) if item not in TOGETHER else Preparation.owner.in_(tuple(Owner))
    with db.atomic():
        here = (Preparation.support_meeting == support) & (Preparation.item == item) & whose
        undone = {"done_at": None, "version": Preparation.version + 1}
        if Preparation.update(**undone).where(here & Preparation.done_at.is_null(False)).execute():
            record("preparation.taken_back", by=by, concerning=support, facts={"item": item, "owner": owner})


def added(support: SupportMeeting, item: ToPrepare, is_there: bool) -> None:
    """What comes about by adding is done while something is there. Call it inside the transaction of the change."""
    if is_there:
        _mark(support, item, clock.now())
    else:
        here = (Preparation.support_meeting == support) & (Preparation.item == item)
        Preparation.update(done_at=None, version=Preparation.version + 1).where(here).execute()


def _mark(support: SupportMeeting, item: ToPrepare, at: datetime) -> None:
    """For both, where it is not done yet: what was done first stands."""
    here = (Preparation.support_meeting == support) & (Preparation.item == item) & Preparation.done_at.is_null()
    Preparation.update(done_at=at, version=Preparation.version + 1).where(here).execute()


def _owner(by: User | PersonalLink, support: SupportMeeting) -> Owner:
    owner = owner_of(by, support)
    if owner is None:
        raise RuleBroken("Only the trainee and their training officer prepare for the meeting.")
    return owner


def refuse_over(support: SupportMeeting) -> None:
    """Nothing is prepared for a meeting that was held or called off."""
    fresh = SupportMeeting.get_by_id(support.id)
    if fresh.called_off_at is not None:
        raise RuleBroken("This meeting was called off, so nothing needs preparing for it.")
    if fresh.held_at is not None:
        raise RuleBroken("This meeting has been held, so nothing more can be prepared for it.")


# Reminders


def remind(at: datetime) -> int:
    """Remind the two, in a letter each, of what is still to do; once at each of the times, and never of what is done.

    A pass that comes late does not make up for what it missed. Where the meeting moved away, its reminders begin anew.
    """
    here = clock.to_london(at)
    if here.time() < REMIND_FROM:
        return 0
    done_so_far = 0
    for support, meeting, lines in _to_remind(at):
        with db.atomic():
            soon: set[str] = set()
            overdue: set[str] = set()
            for line in lines:
                steps = _behind(support, meeting, line, at)
                if steps > line.reminders and _noted(line, steps):
                    (overdue if steps > len(_days_before()) else soon).add(str(line.owner))
                elif steps < line.reminders:
                    _noted(line, steps)
            for name, owners in (("preparation.reminded", soon), ("plan.overdue", overdue)):
                if owners:
                    facts, said = {"owners": sorted(owners)}, _said(support, meeting, lines)
                    record(name, by=people.system_user(), concerning=support, facts=facts, enclosed=said)
                    done_so_far += 1
    return done_so_far


def _days_before() -> tuple[int, int, int]:
    """How many working days before the meeting its owners are reminded."""
    ours = settings.current()
    return (
        ours.preparation_first_working_days,
        ours.preparation_second_working_days,
        ours.preparation_third_working_days,
    )


def _behind(support: SupportMeeting, meeting: Meeting, line: Preparation, at: datetime) -> int:
    """How many reminders of a line are behind us; for a training plan that is past its day, one more."""
    steps = deadlines.reached(deadlines.meets_on(meeting.begins_at), clock.to_london(at).date(), _days_before())
    is_plan = line.item == ToPrepare.TRAINING_PLAN and not support.soon_reason
    return len(_days_before()) + 1 if is_plan and is_late(support, ToPrepare.TRAINING_PLAN, at) else steps


def _said(support: SupportMeeting, meeting: Meeting, lines: list[Preparation]) -> dict[str, object]:
    """What the letters say: the day of the meeting and of the plan, and what is still to do, by owner. No words of theirs."""
    to_do = defaultdict(list)
    for line in lines:
        to_do[str(line.owner)].append(str(line.item))
    return {
        "begins_at": meeting.begins_at,
        "plan_due": due_on(support, ToPrepare.TRAINING_PLAN),
        "to_do": dict(to_do),
    }


def _to_remind(at: datetime) -> list[tuple[SupportMeeting, Meeting, list[Preparation]]]:
    """Support meetings that are still to come, with what is still to be prepared for them."""
    stands = SupportMeeting.held_at.is_null() & SupportMeeting.called_off_at.is_null()
    to_come = (Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at > at)
    rows = (
        Preparation.select(Preparation, SupportMeeting, Meeting)
        .join(SupportMeeting)
        .join(Meeting, JOIN.INNER, on=(Meeting.poll == SupportMeeting.poll), attr="fixed")
        .where(stands & to_come & Preparation.done_at.is_null())
        .order_by(Preparation.id)
    )
    found: dict[int, tuple[SupportMeeting, Meeting, list[Preparation]]] = {}
    for row in rows:
        support = row.support_meeting
        found.setdefault(support.id, (support, support.fixed, []))[2].append(row)
    return list(found.values())


def _noted(line: Preparation, reminders: int) -> bool:
    same = (Preparation.id == line.id) & (Preparation.reminders == line.reminders) & Preparation.done_at.is_null()
    return bool(Preparation.update(reminders=reminders).where(same).execute())
