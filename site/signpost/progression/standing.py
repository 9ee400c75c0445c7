"""Where each review stands, and how long its trainee has waited: a constant number of statements for any number."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from models import (
    LedTo,
    Meeting,
    MeetingState,
    Plan,
    Poll,
    PollPerson,
    PollState,
    Review,
    ReviewNeeded,
    SupportCall,
    SupportDecision,
    SupportMeeting,
    SupportOutcome,
)
from signpost import clock
from signpost.formatting import day, moment, within
from signpost.progression.words import LED_TO_NAMES


@dataclass(frozen=True)
class Standing:
    """In words, whether it waits for the School, and the days from the outcome until they met, or until today."""

    words: str
    for_school: bool
    days: int
    has_met: bool = False


@dataclass(frozen=True)
class _Dated:
    """How far the date of a call or meeting is: who was asked, and what was fixed."""

    poll: Poll | None = None
    meeting: Meeting | None = None
    asked: int = 0
    answered: int = 0


@dataclass(frozen=True)
class _Found:
    call: SupportCall | None
    support: SupportMeeting | None
    dated: _Dated
    outcomes: list[SupportOutcome]
    plan: Plan | None
    is_listed: bool


def of(reviews: Iterable[Review]) -> dict[int, Standing]:
    """By the row number of each review."""
    rows = list(reviews)
    ids = [one.id for one in rows]
    singly = {one.id: one for one in _singly(ids)}
    supports, outcomes = _supports(ids)
    calls = {one.id: one.offered for one in singly.values() if one.offered is not None}
    dates = _dates([one.poll_id for one in (*calls.values(), *supports.values()) if one.poll_id])

    def look_up(review: Review) -> _Found:
        call, support, single = calls.get(review.id), supports.get(review.id), singly[review.id]
        leads = support or call
        dated = dates.get(leads.poll_id, _Dated()) if leads else _Dated()
        if support is None and call is not None and call.fixed is not None:
            dated = replace(dated, meeting=call.fixed)
        came_to = outcomes[support.id] if support else []
        return _Found(call, support, dated, came_to, single.to_keep, single.listed is not None)

    return {one.id: _standing(one, look_up(one), clock.today()) for one in rows}


def _singly(ids: list[int]) -> Iterable[Any]:
    """With each review what there is once of it: its call and what was fixed for that, its plan, what is listed."""
    unsettled = (ReviewNeeded.review == Review.id) & ReviewNeeded.settled_at.is_null()
    return list(
        Review.select(Review.id, SupportCall, Meeting, Plan, ReviewNeeded)
        .join(SupportCall, JOIN.LEFT_OUTER, on=(SupportCall.review == Review.id), attr="offered")
        .join(Meeting, JOIN.LEFT_OUTER, on=(SupportCall.meeting == Meeting.id), attr="fixed")
        .join_from(Review, Plan, JOIN.LEFT_OUTER, on=(Plan.review == Review.id), attr="to_keep")
        .join_from(Review, ReviewNeeded, JOIN.LEFT_OUTER, on=unsettled, attr="listed")
        .where(Review.id.in_(ids))
    )


def _supports(ids: list[int]) -> tuple[dict[int, SupportMeeting], dict[int, list[SupportOutcome]]]:
    """The last support meeting of each review, and by its own number what each came to."""
    came_to = (SupportOutcome.support_meeting == SupportMeeting.id) & SupportOutcome.replaced_at.is_null()
    rows = (
        SupportMeeting.select(SupportMeeting, SupportOutcome)
        .join(SupportOutcome, JOIN.LEFT_OUTER, on=came_to, attr="came_to")
        .where(SupportMeeting.review.in_(ids) & SupportMeeting.called_off_at.is_null())
        .order_by(SupportMeeting.id, SupportOutcome.id)
    )
    supports: dict[int, SupportMeeting] = {}
    outcomes = defaultdict(list)
    for row in rows:
        supports[row.review_id] = row
        if row.came_to is not None:
            outcomes[row.id].append(row.came_to)
    return supports, outcomes


def _dates(poll_ids: list[int]) -> dict[int, _Dated]:
    """By the row number of each poll."""
    needed = PollPerson.select(fn.COUNT(PollPerson.id)).where((PollPerson.poll == Poll.id) & PollPerson.is_required)
    answered = needed.where(PollPerson.answered_at.is_null(False))
    rows = (
        Poll.select(Poll, Meeting, needed.alias("asked"), answered.alias("answered"))
        .join(Meeting, JOIN.LEFT_OUTER, on=(Meeting.poll == Poll.id), attr="fixed")
        .where(Poll.id.in_(poll_ids))
    )
    return {row.id: _Dated(row, row.fixed, row.asked, row.answered) for row in rows}


def _standing(review: Review, found: _Found, today: date) -> Standing:
    held_at = (found.support.held_at if found.support else None) or (found.call.held_at if found.call else None)
    until = clock.to_london(held_at).date() if held_at else today
    words, for_school = _say(review, found)
    return Standing(words, for_school, (until - review.outcome_on).days, held_at is not None)


def _say(review: Review, found: _Found) -> tuple[str, bool]:
    if review.is_closed:
        return f"Closed on {day(review.closed_at)}", False
    if found.is_listed:
        return "A further review is listed as needed", True
    if found.support is not None and found.support.held_at is not None:
        return _say_after(found, found.support.held_at)
    if found.support is not None:
        return _say_meeting(found, None, "Ask when they can meet")
    if review.decision is None:
        return "The School decides what follows", True
    if review.decision == SupportDecision.NONE:
        return "No call or meeting", False
    if review.decision != SupportDecision.CALL:
        return "Set up the support meeting", True
    if found.call is None:
        return "Offer the support call", True
    if found.call.declined_at is not None:
        return "A support call was offered, and is not wanted", False
    if found.call.wanted_at is None and found.dated == _Dated():
        return "A support call was offered: no answer yet", False
    return _say_meeting(found, found.call.held_at, "Find a time for the support call")


def _say_after(found: _Found, held_at: datetime) -> tuple[str, bool]:
    """What the meeting came to, and whether the School is to go on with it."""
    kinds = {LedTo(one.kind): one for one in found.outcomes}
    if not kinds:
        return f"Held on {day(held_at)}. What did it come to?", True
    if LedTo.ACTION_PLAN in kinds:
        if found.plan is None or found.plan.agreed_at is None:
            return "The action plan is being drafted", False
        to_look_at = found.plan.review_on is not None and found.plan.review_on <= clock.today()
        return ("Look at the action plan", True) if to_look_at else ("The action plan is agreed", False)
    desk = kinds.get(LedTo.DESKTOP_REVIEW)
    if desk is not None and desk.looked_at is None:
        return f"The School looks again on {day(desk.look_on)}", desk.look_on <= clock.today()
    return f"Held on {day(held_at)}: {within(LED_TO_NAMES[next(iter(kinds))])}", False


def _say_meeting(found: _Found, held_at: object, to_ask: str) -> tuple[str, bool]:
    poll, meeting = found.dated.poll, found.dated.meeting
    if held_at is not None and meeting is not None:
        return f"Held on {day(meeting.begins_at)}", False
    if meeting is not None and meeting.state == MeetingState.BOOKED:
        if meeting.ends_at <= clock.now():
            return f"Was it held on {day(meeting.begins_at)}?", True
        return f"Meets on {moment(meeting.begins_at)}", False
    if poll is not None and poll.state == PollState.OPEN:
        words = f"{found.dated.answered} of {found.dated.asked} who are needed have said when they can"
        return words, found.dated.answered == found.dated.asked
    return to_ask, True
