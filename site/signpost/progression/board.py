"""What the progression team looks after, each list the longest waiting first: a constant number of statements (E8, E12)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, ModelSelect, fn

from models import (
    LedTo,
    Meeting,
    MeetingState,
    Objective,
    ObjectiveState,
    Plan,
    Poll,
    PollPerson,
    PollState,
    ProgressionReport,
    Review,
    ReviewNeeded,
    ReviewOutcome,
    SupportMeeting,
    SupportOutcome,
    User,
)
from signpost import clock
from signpost.progression import queries

# Of each list so many are shown; the ones behind wait less long.
MOST = 50
# A desktop review is shown this long before its day.
DESKTOP_DAYS = 7


@dataclass(frozen=True)
class Asking:
    """A meeting whose date is looked for, and who has not said when they can."""

    support: SupportMeeting
    silent: list[str]


@dataclass(frozen=True)
class Board:
    """What waits, by what is to be done."""

    without_meeting: list[Review]
    asking: list[Asking]
    this_week: list[tuple[SupportMeeting, Meeting]]
    without_outcome: list[SupportMeeting]
    desktop: list[SupportOutcome]
    plans: list[Plan]
    overdue: dict[int, date]
    needed: list[ReviewNeeded]
    reports: list[ProgressionReport]
    load: list[tuple[str, int]] = field(default_factory=list)


def of(user: User) -> Board:
    """For somebody of the team, without the reviews in which they take part otherwise."""
    mine = queries.worked_on_by(user).select(Review.id)
    plans = _plans(mine)
    return Board(
        without_meeting=_without_meeting(mine),
        asking=_asking(mine),
        this_week=_this_week(mine),
        without_outcome=_without_outcome(mine),
        desktop=_desktop(mine),
        plans=plans,
        overdue=_overdue(plans),
        needed=_needed(mine),
        reports=_reports(mine),
        load=_load(mine),
    )


def _standing() -> ModelSelect:
    return SupportMeeting.select(SupportMeeting, Review).join(Review).where(SupportMeeting.called_off_at.is_null())


def _without_meeting(mine: ModelSelect) -> list[Review]:
    """After outcome 3 a meeting is required (E4): those that were not met yet, and have no date."""
    held = SupportMeeting.select(SupportMeeting.review).where(SupportMeeting.held_at.is_null(False))
    booked = (Meeting.state == MeetingState.BOOKED) & SupportMeeting.called_off_at.is_null()
    dated = (
        SupportMeeting.select(SupportMeeting.review).join(Meeting, on=SupportMeeting.poll == Meeting.poll).where(booked)
    )
    waits = (Review.outcome == ReviewOutcome.THREE) & Review.id.not_in(held) & Review.id.not_in(dated)
    query = Review.select().where(Review.id.in_(mine) & waits)
    return list(query.order_by(Review.outcome_on, Review.id).limit(MOST))


def _asking(mine: ModelSelect) -> list[Asking]:
    query = (
        SupportMeeting.select(SupportMeeting, Review, Poll)
        .join(Review)
        .switch(SupportMeeting)
        .join(Poll)
        .where(
            SupportMeeting.review.in_(mine) & (Poll.state == PollState.OPEN) & SupportMeeting.called_off_at.is_null()
        )
        .order_by(Poll.reply_by, SupportMeeting.id)
        .limit(MOST)
    )
    found = list(query)
    silent = defaultdict(list)
    waiting = PollPerson.poll.in_([one.poll_id for one in found]) & PollPerson.answered_at.is_null()
    for person in PollPerson.select().where(waiting & PollPerson.is_required).order_by(PollPerson.id):
        silent[person.poll_id].append(person.name)
    return [Asking(one, silent[one.poll_id]) for one in found]


def _this_week(mine: ModelSelect) -> list[tuple[SupportMeeting, Meeting]]:
    monday = clock.today() - timedelta(days=clock.today().weekday())
    since, until = clock.start_of(monday), clock.start_of(monday + timedelta(days=7))
    week = (Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at >= since) & (Meeting.begins_at < until)
    found = list(Meeting.select().where(week & Meeting.poll.is_null(False)).order_by(Meeting.begins_at, Meeting.id))
    of_polls = SupportMeeting.poll.in_([one.poll_id for one in found]) & SupportMeeting.review.in_(mine)
    supports = {one.poll_id: one for one in _standing().where(of_polls)}
    return [(supports[one.poll_id], one) for one in found if one.poll_id in supports][:MOST]


def _without_outcome(mine: ModelSelect) -> list[SupportMeeting]:
    decided = SupportOutcome.select(SupportOutcome.support_meeting).where(SupportOutcome.replaced_at.is_null())
    waits = SupportMeeting.held_at.is_null(False) & SupportMeeting.id.not_in(decided)
    query = _standing().where(SupportMeeting.review.in_(mine) & waits)
    return list(query.order_by(SupportMeeting.held_at, SupportMeeting.id).limit(MOST))


def _desktop(mine: ModelSelect) -> list[SupportOutcome]:
    waits = SupportOutcome.replaced_at.is_null() & SupportOutcome.looked_at.is_null()
    soon = SupportOutcome.look_on <= clock.today() + timedelta(days=DESKTOP_DAYS)
    met = SupportOutcome.support_meeting
    query = SupportOutcome.select(SupportOutcome, SupportMeeting, Review).join(SupportMeeting, on=met).join(Review)
    desk = (SupportOutcome.kind == LedTo.DESKTOP_REVIEW) & SupportMeeting.review.in_(mine) & waits & soon
    return list(query.where(desk).order_by(SupportOutcome.look_on, SupportOutcome.id).limit(MOST))


def _late() -> Any:
    return Objective.removed_at.is_null() & (Objective.state != ObjectiveState.MET) & (Objective.due_on < clock.today())


def _plans(mine: ModelSelect) -> list[Plan]:
    """Agreed ones of which an objective is overdue, or that wait for the School to look at them."""
    overdue = Plan.id.in_(Objective.select(Objective.plan).where(_late()))
    to_look_at = Plan.review_on <= clock.today()
    wanted = Plan.review.in_(mine) & Plan.agreed_at.is_null(False) & (overdue | to_look_at)
    return list(Plan.select(Plan, Review).join(Review).where(wanted).order_by(Plan.agreed_at, Plan.id).limit(MOST))


def _overdue(plans: Iterable[Plan]) -> dict[int, date]:
    """By the row number of a plan, the day of its objective that is overdue longest."""
    of_plans = Objective.plan.in_([plan.id for plan in plans])
    query = Objective.select(Objective.plan, fn.MIN(Objective.due_on)).where(_late() & of_plans)
    return dict(query.group_by(Objective.plan).tuples())


def _needed(mine: ModelSelect) -> list[ReviewNeeded]:
    waits = ReviewNeeded.settled_at.is_null() & ReviewNeeded.review.in_(mine)
    query = ReviewNeeded.select(ReviewNeeded, Review).join(Review, on=ReviewNeeded.review)
    return list(query.where(waits).order_by(ReviewNeeded.listed_at, ReviewNeeded.id).limit(MOST))


def _reports(mine: ModelSelect) -> list[ProgressionReport]:
    """Those that wait for a second person, and those that are agreed and not sent."""
    undecided = ProgressionReport.is_agreed.is_null() | ProgressionReport.is_agreed
    waits = undecided & ProgressionReport.sent_at.is_null() & ProgressionReport.review.in_(mine)
    query = ProgressionReport.select(ProgressionReport, Review).join(Review)
    return list(query.where(waits).order_by(ProgressionReport.asked_at, ProgressionReport.id).limit(MOST))


def _load(mine: ModelSelect) -> list[tuple[str, int]]:
    """Each chair, and how many support meetings they have to chair: with a date, or being dated."""
    to_come = (
        SupportMeeting.held_at.is_null() & SupportMeeting.called_off_at.is_null() & SupportMeeting.review.in_(mine)
    )
    count = fn.COUNT(SupportMeeting.id)
    query = User.select(User.name, count).join(SupportMeeting, JOIN.INNER, on=SupportMeeting.chair == User.id)
    return list(query.where(to_come).group_by(User.id, User.name).order_by(count.desc(), User.name).tuples())
