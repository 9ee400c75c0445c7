"""What the progression team looks after, each list the longest waiting first: a constant number of statements (E8, E12)."""

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

    @property
    def needs_a_person(self) -> bool:
        """Whether anything stands still until somebody does something."""
        lists = (self.without_meeting, self.without_outcome, self.desktop, self.plans, self.needed, self.reports)
        return any(lists)


def of(user: User) -> Board:
    """For somebody of the team, without the reviews in which they take part otherwise."""
    mine = queries.worked_on_by(user).select(Review.id)
    without_outcome, desktop = _after_meetings(mine)
    plans, overdue, needed = _after_plans(mine)
    return Board(
        without_meeting=_without_meeting(mine),
        asking=_asking(mine),
        this_week=_this_week(mine),
        without_outcome=without_outcome,
        desktop=desktop,
        plans=plans,
        overdue=overdue,
        needed=needed,
        reports=_reports(mine),
        load=_load(mine),
    )


def _standing(mine: ModelSelect) -> Any:
    return SupportMeeting.review.in_(mine) & SupportMeeting.called_off_at.is_null()


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
    """A row for each person who is needed and silent; one, without a name, where everybody has answered."""
    is_open = SupportMeeting.poll.in_(Poll.select(Poll.id).where(Poll.state == PollState.OPEN))
    first = SupportMeeting.select(SupportMeeting.id).join(Poll).where(_standing(mine) & is_open)
    silent = (PollPerson.poll == Poll.id) & PollPerson.answered_at.is_null() & PollPerson.is_required
    rows = (
        SupportMeeting.select(SupportMeeting, Review, Poll, PollPerson.name)
        .join(Review)
        .join_from(SupportMeeting, Poll)
        .join_from(SupportMeeting, PollPerson, JOIN.LEFT_OUTER, on=silent, attr="silent")
        .where(SupportMeeting.id.in_(first.order_by(Poll.reply_by, SupportMeeting.id).limit(MOST)))
        .order_by(Poll.reply_by, SupportMeeting.id, PollPerson.id)
    )
    found: dict[int, Asking] = {}
    for row in rows:
        asking = found.setdefault(row.id, Asking(row, []))
        if row.silent is not None:
            asking.silent.append(row.silent.name)
    return list(found.values())


def _this_week(mine: ModelSelect) -> list[tuple[SupportMeeting, Meeting]]:
    monday = clock.today() - timedelta(days=clock.today().weekday())
    since, until = clock.start_of(monday), clock.start_of(monday + timedelta(days=7))
    week = (Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at >= since) & (Meeting.begins_at < until)
    rows = (
        SupportMeeting.select(SupportMeeting, Review, Meeting)
        .join(Review)
        .join_from(SupportMeeting, Meeting, on=(Meeting.poll == SupportMeeting.poll), attr="fixed")
        .where(_standing(mine) & week)
        .order_by(Meeting.begins_at, Meeting.id)
    )
    return [(one, one.fixed) for one in rows.limit(MOST)]


def _after_meetings(mine: ModelSelect) -> tuple[list[SupportMeeting], list[SupportOutcome]]:
    """Held ones of which nobody said what they came to; and desktop reviews of which the day is near, or over."""
    of_meeting = (SupportOutcome.support_meeting == SupportMeeting.id) & SupportOutcome.replaced_at.is_null()
    soon = SupportOutcome.look_on <= clock.today() + timedelta(days=DESKTOP_DAYS)
    desk = (SupportOutcome.kind == LedTo.DESKTOP_REVIEW) & SupportOutcome.looked_at.is_null() & soon
    rows = (
        SupportMeeting.select(SupportMeeting, Review, SupportOutcome)
        .join(Review)
        .join_from(SupportMeeting, SupportOutcome, JOIN.LEFT_OUTER, on=of_meeting, attr="came_to")
        .where(_standing(mine) & SupportMeeting.held_at.is_null(False) & (SupportOutcome.id.is_null() | desk))
        .order_by(SupportMeeting.held_at, SupportMeeting.id)
    )
    without: list[SupportMeeting] = []
    to_look_at: list[SupportOutcome] = []
    for row in rows:
        if row.came_to is not None:
            row.came_to.support_meeting = row
            to_look_at.append(row.came_to)
        else:
            without.append(row)
    return without[:MOST], sorted(to_look_at, key=lambda one: (one.look_on, one.id))[:MOST]


def _late() -> Any:
    return Objective.removed_at.is_null() & (Objective.state != ObjectiveState.MET) & (Objective.due_on < clock.today())


def _after_plans(mine: ModelSelect) -> tuple[list[Plan], dict[int, date], list[ReviewNeeded]]:
    """Agreed plans of which an objective is overdue, or that wait for the School to look at them; by the row number of
    a plan, the day of its objective that is overdue longest; and the further reviews that are listed as needed.
    """
    longest = Objective.select(fn.MIN(Objective.due_on)).where((Objective.plan == Plan.id) & _late())
    waits = Plan.agreed_at.is_null(False) & (
        Plan.id.in_(Objective.select(Objective.plan).where(_late())) | (Plan.review_on <= clock.today())
    )
    is_listed = (ReviewNeeded.review == Review.id) & ReviewNeeded.settled_at.is_null()
    rows = (
        Review.select(Review, Plan, ReviewNeeded, longest.alias("late_since"))
        .join(Plan, JOIN.LEFT_OUTER, on=(Plan.review == Review.id) & waits, attr="to_keep")
        .join_from(Review, ReviewNeeded, JOIN.LEFT_OUTER, on=is_listed, attr="listed")
        .where(Review.id.in_(mine) & (Plan.id.is_null(False) | ReviewNeeded.id.is_null(False)))
    )
    plans: list[Plan] = []
    needed: list[ReviewNeeded] = []
    overdue: dict[int, date] = {}
    for row in rows:
        if row.to_keep is not None:
            row.to_keep.review = row
            plans.append(row.to_keep)
        if row.listed is not None:
            row.listed.review = row
            needed.append(row.listed)
        if row.late_since is not None:
            overdue[row.to_keep.id] = Objective.due_on.python_value(row.late_since)
    plans.sort(key=lambda one: (one.agreed_at, one.id))
    needed.sort(key=lambda one: (one.listed_at, one.id))
    return plans[:MOST], overdue, needed[:MOST]


def _reports(mine: ModelSelect) -> list[ProgressionReport]:
    """Those that wait for a second person, and those that are agreed and not sent."""
    undecided = ProgressionReport.is_agreed.is_null() | ProgressionReport.is_agreed
    waits = undecided & ProgressionReport.sent_at.is_null() & ProgressionReport.review.in_(mine)
    query = ProgressionReport.select(ProgressionReport, Review).join(Review)
    return list(query.where(waits).order_by(ProgressionReport.asked_at, ProgressionReport.id).limit(MOST))


def _load(mine: ModelSelect) -> list[tuple[str, int]]:
    """Each chair, and how many support meetings they have to chair: with a date, or being dated."""
    to_come = _standing(mine) & SupportMeeting.held_at.is_null()
    count = fn.COUNT(SupportMeeting.id)
    query = User.select(User.name, count).join(SupportMeeting, JOIN.INNER, on=SupportMeeting.chair == User.id)
    return list(query.where(to_come).group_by(User.id, User.name).order_by(count.desc(), User.name).tuples())
