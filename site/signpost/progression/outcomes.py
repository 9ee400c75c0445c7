"""What a support meeting came to: one outcome or more, each of which leads on by itself (E5, E6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models import FollowUpKind, LedTo, Present, Review, Role, SupportKind, SupportMeeting, SupportOutcome, User, db
from signpost import clock, settings, working_days
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.meetings import queries as meetings
from signpost.notices.permissions import acts_as
from signpost.progression import action_plans, follow_ups, queries, support_meetings
from signpost.progression.follow_ups import Asked
from signpost.progression.reviews import refuse_closed

CHANGED = "A colleague has changed this outcome while you were looking at it. Look at it again."

# What each kind of meeting may lead to.
LEADS_TO: dict[SupportKind, tuple[LedTo, ...]] = {
    SupportKind.TRIAGE: (LedTo.NO_FURTHER_ACTION, LedTo.DESKTOP_REVIEW, LedTo.ACTION_PLAN, LedTo.FULL_MEETING),
    SupportKind.FULL: (
        LedTo.DESKTOP_REVIEW, LedTo.ACTION_PLAN, LedTo.FULL_MEETING,
        LedTo.SCHOOL_SERVICES, LedTo.SCHOOL_POLICIES, LedTo.EMPLOYER_POLICIES,
    ),
}  # fmt: skip
# These name which service or policy is meant, and stand among what follows the review.
NAMED = {
    LedTo.SCHOOL_SERVICES: FollowUpKind.SCHOOL_SERVICES,
    LedTo.SCHOOL_POLICIES: FollowUpKind.SCHOOL_POLICIES,
    LedTo.EMPLOYER_POLICIES: FollowUpKind.EMPLOYER_POLICIES,
}
# The times that are proposed for a full meeting, on each of so many working days; looked for over so many.
STARTS = (time(10), time(14))
DAYS, DAYS_LOOKED_AT = 5, 20
# How a full meeting is divided where nobody has said otherwise: its length in these shares.
PARTS = ((Present.TOGETHER, 3), (Present.TRAINEE_ALONE, 2), (Present.OFFICER_ALONE, 2), (Present.TOGETHER, 1))
LEAST_PART = 5


@dataclass(frozen=True)
class Chosen:
    """An outcome; the day to look again for a desktop review; the words that name a service or policy, and who is asked."""

    kind: LedTo
    words: str = ""
    look_on: date | None = None
    asked: Asked | None = None


def to_record_by(chair: User) -> list[SupportMeeting]:
    """Meetings that this person chaired, of which nobody has said yet what they came to."""
    said = SupportOutcome.select(SupportOutcome.support_meeting).where(SupportOutcome.replaced_at.is_null())
    waits = SupportMeeting.held_at.is_null(False) & SupportMeeting.id.not_in(said)
    rows = SupportMeeting.select(SupportMeeting, Review).join(Review).where(queries.chaired_by(chair) & waits)
    return list(rows.order_by(SupportMeeting.held_at, SupportMeeting.id))


def decide(
    support: SupportMeeting, chosen: Sequence[Chosen], by: User, minute_taker: User | None = None
) -> list[SupportOutcome]:
    """Record what the meeting came to. Trainee and Training Officer are told that there is an outcome to read.

    An action plan is opened for the trainee to draft; a full meeting is asked for, and everybody of this one is asked
    when they can. The same outcomes again are one press.
    """
    refuse_unfit(support, chosen, minute_taker)
    with db.atomic():
        standing = _hold(support)
        if standing:
            if {_key(one) for one in standing} == {_key(one) for one in chosen}:
                return standing
            raise RuleBroken("An outcome is recorded already. Change it instead, and say why.")
        made = [_write(support, one, by, minute_taker) for one in chosen]
        _record("support_outcome.decided", support, by)
    return made


def change_to(
    support: SupportMeeting, chosen: Sequence[Chosen], why: str, by: User, minute_taker: User | None = None
) -> list[SupportOutcome]:
    """Record other outcomes than those that stand, with why. What stood and stands no more is kept, and a further meeting
    that came of it and has not been held is called off.
    """
    if not why.strip():
        raise RuleBroken("Say why the outcome is changed.")
    refuse_unfit(support, chosen, minute_taker)
    with db.atomic():
        standing = _hold(support)
        if not standing:
            raise RuleBroken("No outcome is recorded yet.")
        before, wanted = {_key(one): one for one in standing}, {_key(one): one for one in chosen}
        if before.keys() == wanted.keys():
            return standing
        for key in before.keys() - wanted.keys():
            _replace(before[key], why.strip(), by)
        for key, one in wanted.items():
            if key not in before:
                _write(support, one, by, minute_taker)
        _record("support_outcome.changed", support, by)
    return queries.outcomes_of(support)


def looked(outcome: SupportOutcome, by: User) -> None:
    """The School looked at its desk whether progress is made, as it said it would."""
    if outcome.kind != LedTo.DESKTOP_REVIEW or outcome.replaced_at is not None:
        raise RuleBroken("Only a desktop review that stands is looked at.")
    with db.atomic():
        first = (SupportOutcome.id == outcome.id) & SupportOutcome.looked_at.is_null()
        columns = {"looked_at": clock.now(), "version": SupportOutcome.version + 1}
        if SupportOutcome.update(**columns).where(first).execute():
            record("support_outcome.looked_at", by=by, concerning=outcome.support_meeting)


def refuse_unfit(support: SupportMeeting, chosen: Sequence[Chosen], minute_taker: User | None) -> None:
    """Raise RuleBroken where the meeting does not lead to these, or something that they need is missing."""
    refuse_closed(support.review)
    if support.held_at is None:
        raise RuleBroken("The meeting has not been held yet, so it has no outcome.")
    kinds = [one.kind for one in chosen]
    if not kinds:
        raise RuleBroken("Select at least one outcome.")
    if len(set(kinds)) != len(kinds):
        raise RuleBroken("An outcome is named twice.")
    if LedTo.NO_FURTHER_ACTION in kinds and len(kinds) > 1:
        raise RuleBroken("“No further action” stands alone. Select it, or the others.")
    standing = {_key(one) for one in queries.outcomes_of(support)}
    for one in chosen:
        if _key(one) not in standing:
            _refuse_one(support, one, minute_taker or support.minute_taker)


def _refuse_one(support: SupportMeeting, one: Chosen, minute_taker: User | None) -> None:
    if one.kind not in LEADS_TO[SupportKind(support.kind)]:
        raise RuleBroken("A meeting of this kind does not lead to that.")
    if one.kind == LedTo.DESKTOP_REVIEW and one.look_on is None:
        raise RuleBroken("Enter the day on which the School looks again.")
    if one.kind != LedTo.DESKTOP_REVIEW and one.look_on is not None:
        raise RuleBroken("Only a desktop review has a day on which the School looks again.")
    if one.look_on is not None and one.look_on <= clock.today():
        raise RuleBroken("The day on which the School looks again must be in the future.")
    if one.kind in NAMED and not one.words.strip():
        raise RuleBroken("Name the service or policy that is meant.")
    if one.asked is not None and one.kind != LedTo.SCHOOL_SERVICES:
        raise RuleBroken("Only another service of the School is asked to act by an outcome.")
    if one.kind == LedTo.FULL_MEETING and minute_taker is None:
        raise RuleBroken("Say who of the progression team takes the minutes of the full meeting.")


def _key(one: Chosen | SupportOutcome) -> tuple[str, str, date | None]:
    return str(one.kind), (one.words or "").strip(), one.look_on


def _hold(support: SupportMeeting) -> list[SupportOutcome]:
    """What stands, while nobody else writes: two who press at once come one after the other."""
    SupportMeeting.update(version=SupportMeeting.version).where(SupportMeeting.id == support.id).execute()
    return queries.outcomes_of(support)


def _write(support: SupportMeeting, one: Chosen, by: User, minute_taker: User | None) -> SupportOutcome:
    outcome = SupportOutcome(
        support_meeting=support, kind=one.kind, look_on=one.look_on, decided_by=by, decided_at=clock.now()
    )
    outcome.words = one.words.strip() or None
    if one.kind == LedTo.FULL_MEETING:
        outcome.further = _ask_for_full(support, by, minute_taker or support.minute_taker)
    outcome.save(force_insert=True)
    if one.kind == LedTo.ACTION_PLAN:
        action_plans.of_review(support.review)
    if kind := NAMED.get(one.kind):
        follow_ups.add(support.review, kind, one.words.strip(), one.asked, by, outcome=outcome)
    return outcome


def _replace(outcome: SupportOutcome, why: str, by: User) -> None:
    change(outcome, outcome.version, CHANGED, replaced_at=clock.now(), why_replaced=why)
    further = outcome.further
    if further is not None and further.held_at is None and further.called_off_at is None:
        support_meetings.call_off(further, by, further.version)


def _record(name: str, support: SupportMeeting, by: User) -> None:
    record(name, by=by, concerning=support, facts={"outcomes": [one.kind for one in queries.outcomes_of(support)]})


def _ask_for_full(support: SupportMeeting, by: User, minute_taker: User | None) -> SupportMeeting:
    """A full meeting with the same people, who are asked at once when they can."""
    minutes = settings.current().full_meeting_minutes
    shares = sum(share for _, share in PARTS)
    setup = support_meetings.Setup(
        kind=SupportKind.FULL,
        chair=support.chair,
        minute_taker=minute_taker,
        parts=[(present, max(LEAST_PART, minutes * share // shares)) for present, share in PARTS],
        invites_university=support.university is not None and support.university.left_at is None,
        university_reason=support.university_reason,
    )
    further = support_meetings.require(support.review, setup, by, follows=support)
    organiser = _organiser(support, by)
    times = times_to_propose(organiser, support.chair, further.minutes)
    if times:
        reply_by = working_days.after(clock.today(), settings.current().poll_reply_working_days)
        support_meetings.ask(further, times, reply_by, organiser)
    return further


def _organiser(support: SupportMeeting, by: User) -> User:
    """Whoever asked the last time, while they are of the team; else who does this."""
    before = support.poll.organiser if support.poll else None
    return before if before is not None and acts_as(before, Role.PROGRESSION) else by


def times_to_propose(organiser: User, chair: User, minutes: int) -> list[datetime]:
    """Two starts on each of the first working days that leave time to prepare, at which organiser and chair are free.

    The answers are awaited first, and then come the working days for the papers.
    """
    ours = settings.current()
    day = working_days.after(clock.today(), ours.poll_reply_working_days + ours.papers_working_days + 1)
    found: list[datetime] = []
    for one in working_days.coming(day, DAYS_LOOKED_AT):
        starts = [datetime.combine(one, at, tzinfo=clock.LONDON) for at in STARTS]
        found += [start for start in starts if _are_free((organiser, chair), start, timedelta(minutes=minutes))]
    return found[: DAYS * len(STARTS)]


def _are_free(people: Iterable[User], begins: datetime, length: timedelta) -> bool:
    ends = begins + length
    return not any(
        span.begins < ends and span.ends > begins
        for person in people
        for span in meetings.engaged_spans(person, begins, ends)
    )


# The meeting that a plan asks for


def needs_further(support: SupportMeeting) -> bool:
    """Whether an action plan came of it, with a further meeting, which is not set up yet (E5, E6)."""
    asks = any(one.kind == LedTo.ACTION_PLAN for one in queries.outcomes_of(support))
    return asks and not queries.followed_by(support)


def set_up_further(support: SupportMeeting, setup: support_meetings.Setup, by: User) -> SupportMeeting:
    """The further meeting that goes with an action plan: triage or full, as the School finds right."""
    if not needs_further(support):
        raise RuleBroken("No further meeting is waiting to be set up after this one.")
    with db.atomic():
        _hold(support)
        further = support_meetings.require(support.review, setup, by, follows=support)
        plans = (SupportOutcome.support_meeting == support) & (SupportOutcome.kind == LedTo.ACTION_PLAN)
        SupportOutcome.update(further=further).where(plans & SupportOutcome.replaced_at.is_null()).execute()
    return further
