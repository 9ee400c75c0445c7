"""A support call after outcome 1 or 2: optional. Either may say that it would not help, and need not say why (E3)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from models import Mode, Review, ReviewOutcome, SupportCall, SupportDecision, User, db
from signpost import clock
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.meetings import booking, polls
from signpost.progression import queries
from signpost.progression.queries import Reader, Relation
from signpost.progression.reviews import refuse_closed
from signpost.progression.stand_in import Named

CHANGED = "Somebody has gone on with this while you were looking at it. Look at it again."
OVER = "This call was not wanted, or has been held already."


def offer(review: Review, by: User) -> SupportCall:
    """Offer a support call to the trainee and their Training Officer, who are told. Once, however often it is pressed."""
    refuse_closed(review)
    if review.outcome not in (ReviewOutcome.ONE, ReviewOutcome.TWO) or review.decision != SupportDecision.CALL:
        raise RuleBroken("A support call is offered after outcome 1 or 2, once the School has decided to.")
    with db.atomic():
        Review.update(version=Review.version).where(Review.id == review.id).execute()
        call = queries.call_of(review)
        if call is not None and call.declined_at is None:
            return call
        if call is None:
            call = SupportCall.create(review=review, offered_by=by, offered_at=clock.now())
        else:
            again = {"declined_at": None, "declined_by": "", "wanted_at": None, "poll": None, "meeting": None}
            change(call, call.version, CHANGED, offered_by=by, offered_at=clock.now(), **again)
        record("call.offered", by=by, concerning=call)
    return call


def refuse_over(call: SupportCall) -> None:
    if call.declined_at is not None or call.held_at is not None:
        raise RuleBroken(OVER)


def want(call: SupportCall, by: Reader) -> None:
    """The trainee or the Training Officer would like it."""
    refuse_over(call)
    with db.atomic():
        first = (SupportCall.id == call.id) & SupportCall.wanted_at.is_null() & SupportCall.declined_at.is_null()
        columns = {"wanted_at": clock.now(), "version": SupportCall.version + 1}
        if SupportCall.update(**columns).where(first).execute():
            record("call.wanted", by=by, concerning=call)


def decline(call: SupportCall, by: Reader) -> None:
    """It would not help, says the trainee or the Training Officer; or it is not wanted any more, notes the team."""
    if call.held_at is not None:
        raise RuleBroken("This call has been held already.")
    relations = queries.relations(by, call.review)
    said_by = next((one for one in (Relation.TRAINEE, Relation.TRAINING_OFFICER) if one in relations), Relation.TEAM)
    with db.atomic():
        stands = (SupportCall.id == call.id) & SupportCall.declined_at.is_null() & SupportCall.held_at.is_null()
        columns = {"declined_at": clock.now(), "declined_by": said_by, "version": SupportCall.version + 1}
        if SupportCall.update(**columns).where(stands).execute():
            _let_go(call, by)
            record("call.declined", by=by, concerning=call)


def _let_go(call: SupportCall, by: Reader) -> None:
    """Nobody is asked for a time any more, and a meeting that was booked does not take place."""
    meeting, staff = queries.meeting_of(call), by if isinstance(by, User) else people.system_user()
    if meeting is not None and meeting.is_booked and meeting.begins_at > clock.now():
        booking.cancel(meeting, by)
    elif call.poll is not None and queries.is_asking(call.poll):
        polls.call_off(call.poll, staff, call.poll.version)


def ask(call: SupportCall, minutes: int, begins: Iterable[datetime], reply_by: date, by: User) -> None:
    """Ask them when they can."""
    _refuse_arranged(call)
    asked = [polls.Asked(one.name, one.email, is_required=True) for one in _those_of(call.review)]
    with db.atomic():
        poll = polls.ask(by, _title(call), minutes, begins, asked, reply_by, shows_others=False)
        change(call, call.version, CHANGED, poll=poll, meeting=None, wanted_at=call.wanted_at or clock.now())
        record("call.asked", by=by, concerning=call)


def book(call: SupportCall, begins: datetime, minutes: int, by: User) -> None:
    """Note a time that was agreed: all are invited, on Teams."""
    _refuse_arranged(call)
    wanted = booking.Wanted(begins, begins + timedelta(minutes=minutes), Mode.TEAMS)
    invited = [booking.Invited(one.name, one.email, people.with_email(one.email)) for one in _those_of(call.review)]
    with db.atomic():
        meeting = booking.invite(by, wanted, invited, by)
        change(call, call.version, CHANGED, meeting=meeting, poll=None, wanted_at=call.wanted_at or clock.now())
        record("call.asked", by=by, concerning=call)


def _title(call: SupportCall) -> str:
    return f"Support call: {call.review.trainee_name}"[:120]


def _those_of(review: Review) -> list[Named]:
    officer = queries.officer_of(review)
    found = [Named(review.trainee_name, review.trainee_email)]
    return found + ([Named(officer.name, officer.email)] if officer else [])


def _refuse_arranged(call: SupportCall) -> None:
    refuse_over(call)
    meeting = queries.meeting_of(call)
    if (meeting is not None and meeting.is_booked) or (call.poll is not None and queries.is_asking(call.poll)):
        raise RuleBroken("A time was found, or is being looked for, already.")


def held(call: SupportCall, by: User) -> None:
    refuse_over(call)
    meeting = queries.meeting_of(call)
    if meeting is None or not meeting.is_booked:
        raise RuleBroken("There is no time for this call yet. Book the time at which it was held.")
    with db.atomic():
        booking.held(meeting, by)
        change(call, call.version, CHANGED, held_at=meeting.begins_at)
        record("call.held", by=by, concerning=call)
