"""Where each review stands, and how long its trainee has waited: a constant number of statements for any number."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

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
class _Found:
    call: SupportCall | None
    support: SupportMeeting | None
    poll: Poll | None
    meeting: Meeting | None
    asked: int
    answered: int
    outcomes: list[SupportOutcome]
    plan: Plan | None
    is_listed: bool


def of(reviews: Iterable[Review]) -> dict[int, Standing]:
    """By the row number of each review."""
    rows = list(reviews)
    ids = [one.id for one in rows]
    calls = {one.review_id: one for one in SupportCall.select().where(SupportCall.review.in_(ids))}
    stands = SupportMeeting.review.in_(ids) & SupportMeeting.called_off_at.is_null()
    supports = {one.review_id: one for one in SupportMeeting.select().where(stands).order_by(SupportMeeting.id)}
    poll_ids = [one.poll_id for one in (*calls.values(), *supports.values()) if one.poll_id]
    polls = {one.id: one for one in Poll.select().where(Poll.id.in_(poll_ids))}
    direct = [one.meeting_id for one in calls.values() if one.meeting_id]
    found = list(Meeting.select().where(Meeting.poll.in_(poll_ids) | Meeting.id.in_(direct)))
    by_poll, by_id = {one.poll_id: one for one in found if one.poll_id}, {one.id: one for one in found}
    asked, answered = _counted(poll_ids)
    outcomes = _outcomes([one.id for one in supports.values() if one.held_at])
    plans = {one.review_id: one for one in Plan.select().where(Plan.review.in_(ids))}
    unsettled = ReviewNeeded.review.in_(ids) & ReviewNeeded.settled_at.is_null()
    listed = {review_id for (review_id,) in ReviewNeeded.select(ReviewNeeded.review).where(unsettled).tuples()}

    def look_up(review: Review) -> _Found:
        call, support = calls.get(review.id), supports.get(review.id)
        leads = support or call
        poll_id = leads.poll_id if leads else None
        meeting = by_poll.get(poll_id) if poll_id else None
        if support is None and call is not None and call.meeting_id:
            meeting = by_id.get(call.meeting_id)
        poll = polls.get(poll_id) if poll_id else None
        came_to = outcomes[support.id] if support else []
        return _Found(
            call, support, poll, meeting, asked[poll_id], answered[poll_id],
            came_to, plans.get(review.id), review.id in listed,
        )  # fmt: skip

    return {one.id: _standing(one, look_up(one), clock.today()) for one in rows}


def _counted(poll_ids: list[int]) -> tuple[Counter[int | None], Counter[int | None]]:
    asked: Counter[int | None] = Counter()
    answered: Counter[int | None] = Counter()
    needed = PollPerson.poll.in_(poll_ids) & PollPerson.is_required
    for poll_id, answered_at in PollPerson.select(PollPerson.poll, PollPerson.answered_at).where(needed).tuples():
        asked[poll_id] += 1
        answered[poll_id] += answered_at is not None
    return asked, answered


def _outcomes(support_ids: list[int]) -> dict[int, list[SupportOutcome]]:
    found = defaultdict(list)
    stands = SupportOutcome.support_meeting.in_(support_ids) & SupportOutcome.replaced_at.is_null()
    for one in SupportOutcome.select().where(stands).order_by(SupportOutcome.id):
        found[one.support_meeting_id].append(one)
    return found


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
    if found.call.wanted_at is None and found.poll is None and found.meeting is None:
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
    meeting = found.meeting
    if held_at is not None and meeting is not None:
        return f"Held on {day(meeting.begins_at)}", False
    if meeting is not None and meeting.state == MeetingState.BOOKED:
        if meeting.ends_at <= clock.now():
            return f"Was it held on {day(meeting.begins_at)}?", True
        return f"Meets on {moment(meeting.begins_at)}", False
    if found.poll is not None and found.poll.state == PollState.OPEN:
        words = f"{found.answered} of {found.asked} who are needed have said when they can"
        return words, found.answered == found.asked
    return to_ask, True
