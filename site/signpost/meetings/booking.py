"""Booking, moving and cancelling a careers session; the database decides between two who press at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import IntegrityError

from models import (
    Attendance,
    Attendee,
    Meeting,
    MeetingState,
    Mode,
    PersonalLink,
    Referral,
    Role,
    Stage,
    Status,
    TakenTime,
    User,
    Venue,
    db,
)
from signpost import clock, settings
from signpost.changes import change
from signpost.config import running
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.meetings import calendar_entries, link_jobs, queries, standing, support_limits
from signpost.meetings import free_times as times
from signpost.meetings.invitations import invitation
from signpost.notices.permissions import acts_as

TAKEN = "Somebody has just taken that time. Nothing was booked for you. These times are still free."
CHANGED = "Somebody changed this meeting while you were looking at it. Look at it again."
NO_COUNSELLOR = "There is no counsellor yet. You are told as soon as there is one."
MISSED_BY = ("trainee", "counsellor", "agreed")


@dataclass(frozen=True)
class Wanted:
    """A time, and how and where to meet."""

    begins: datetime
    ends: datetime
    mode: Mode
    venue: Venue | None = None


def hold(referral: Referral, wanted: Wanted, by: User | PersonalLink) -> Meeting:
    """Keep a free time for the trainee while they decide. Staff do it only on the trainee's request (A10)."""
    refuse_another(referral)
    with db.atomic():
        Meeting.delete().where(
            (Meeting.referral == referral) & (Meeting.state == MeetingState.HELD_FOR_SOMEBODY)
        ).execute()
        _must_be_free(referral, wanted)
        minutes = settings.current().booking_hold_minutes
        meeting = _make(referral, wanted, MeetingState.HELD_FOR_SOMEBODY)
        meeting.held_until = clock.now() + timedelta(minutes=minutes)
        meeting.save(force_insert=True)
        _take(meeting, wanted)
    return meeting


def refuse_another(referral: Referral) -> None:
    """Raise RuleBroken where nothing can be booked for this referral now."""
    if referral.is_closed:
        raise RuleBroken("This referral is closed, so nothing can be booked.")
    if referral.assigned_to is None:
        raise RuleBroken(NO_COUNSELLOR)
    if not acts_as(referral.assigned_to, Role.COUNSELLOR):
        raise RuleBroken("The counsellor is not here any more. You are told as soon as there is another one.")
    if referral.status == Status.SESSIONS_COMPLETE:
        raise RuleBroken("The agreed sessions are complete. Agree on another one first: the counsellor notes it.")
    if queries.next_of(referral) is not None:
        raise RuleBroken("A meeting is booked already. You can move it, or cancel it.")


@dataclass(frozen=True)
class Invited:
    """Somebody who is to be at a meeting that was agreed, with an account or without."""

    name: str
    email: str
    user: User | None = None
    is_required: bool = True


def invite(
    organiser: User,
    wanted: Wanted,
    others: list[Invited],
    by: User | PersonalLink,
    place: str = "",
    keep: Callable[[Meeting], None] = lambda meeting: None,
) -> Meeting:
    """Note a meeting of a group that agreed on a time themselves, at whatever hour: all are invited, calendars too.

    `keep` writes whose meeting it is before anybody is told, so that each letter can lead its reader to the right page.
    """
    _refuse_what_never_is(wanted.begins)
    with db.atomic():
        meeting = Meeting(
            organiser=organiser,
            uid=calendar_entries.new_uid(running().mail_address.rpartition("@")[2]),
            begins_at=wanted.begins,
            ends_at=wanted.ends,
            mode=wanted.mode,
            venue=wanted.venue,
            place=place,
            state=MeetingState.BOOKED,
        )
        meeting.save(force_insert=True)
        _take(meeting, wanted, f"{organiser.name} has another meeting then. Choose another time.")
        for one in [Invited(organiser.name, organiser.email, organiser), *others]:
            Attendee.create(meeting=meeting, user=one.user, name=one.name, email=one.email, is_required=one.is_required)
        link_jobs.want(meeting)
        keep(meeting)
        _tell("meeting.booked", meeting, by, "REQUEST", {})
    return meeting


def reschedule(meeting: Meeting, begins: datetime, minutes: int, reason: str, by: User) -> None:
    """Move a meeting that was fixed with a group to a time the organiser names; the link stays."""
    refuse_over(meeting)
    _refuse_what_never_is(begins)
    with db.atomic():
        support_limits.keep_to(meeting, begins, minutes, reason)
        _change_time(meeting, Wanted(begins, begins + timedelta(minutes=minutes), Mode(meeting.mode)), by, reason, "")


def _refuse_what_never_is(begins: datetime) -> None:
    """Raise RuleBroken where nobody can meet then, whatever the reason: it has passed, or the clocks go forward over it."""
    if begins <= clock.now():
        raise RuleBroken("That time is over already.")
    if words := times.why_never(begins):
        raise RuleBroken(words)


def remove(meeting: Meeting, attendee: Attendee, by: User) -> None:
    """Somebody need not come any more: their calendar is told, and theirs alone."""
    refuse_over(meeting)
    if attendee.user_id == meeting.organiser_id:
        raise RuleBroken("The organiser cannot be taken off a meeting. Cancel it instead.")
    with db.atomic():
        leaving = (Attendee.id == attendee.id) & (Attendee.meeting == meeting) & Attendee.removed_at.is_null()
        change(meeting, meeting.version, CHANGED, sequence=meeting.sequence + 1)
        calendar = invitation(meeting, "CANCEL", only=attendee)
        if not Attendee.update(removed_at=clock.now()).where(leaving).execute():
            raise RuleBroken(f"{attendee.name} was taken off already.")
        facts = {"attendee": attendee.id}
        record("meeting.left", by=by, meeting=meeting, facts=facts, enclosed=attendee, calendar=calendar)


def add(meeting: Meeting, one: Invited, by: User) -> None:
    """Somebody else is to come too: they are invited, and nobody else is told."""
    refuse_over(meeting)
    with db.atomic():
        change(meeting, meeting.version, CHANGED, sequence=meeting.sequence + 1)
        columns = {"name": one.name, "user": one.user, "is_required": one.is_required, "removed_at": None}
        same = (Attendee.meeting == meeting) & (Attendee.email == one.email)
        if not Attendee.update(**columns).where(same).execute():
            Attendee.create(meeting=meeting, email=one.email, **columns)
        coming = Attendee.get(same)
        calendar = invitation(meeting, "REQUEST")
        record("meeting.joined", by=by, meeting=meeting, enclosed=coming, calendar=calendar)


def _must_be_free(referral: Referral, wanted: Wanted) -> None:
    asked = times.FreeTime(wanted.begins, wanted.ends, wanted.mode, wanted.venue.public_id if wanted.venue else "")
    if asked not in queries.free_times_of(referral.assigned_to, queries.modes_for(referral)):
        raise RuleBroken(TAKEN)


def confirm(meeting: Meeting, by: User | PersonalLink, on_request: bool = False) -> None:
    """Book the time that was kept, once: who presses twice finds it booked. Booking a meeting accepts the support."""
    referral = meeting.referral
    if meeting.is_booked:
        return
    if meeting.state == MeetingState.CANCELLED:
        raise RuleBroken("This meeting is cancelled.")
    with db.atomic():
        kept = (
            Meeting.update(state=MeetingState.BOOKED, held_until=None, version=Meeting.version + 1)
            .where((Meeting.id == meeting.id) & (Meeting.state == MeetingState.HELD_FOR_SOMEBODY))
            .execute()
        )
        _refuse_changed(referral, meeting)
        if not kept:
            if Meeting.select().where((Meeting.id == meeting.id) & (Meeting.state == MeetingState.BOOKED)).exists():
                return
            raise RuleBroken("We kept this time for some minutes, and then somebody else could have it. Choose again.")
        meeting.state, meeting.held_until = MeetingState.BOOKED, None
        _booked(meeting, referral, by, "trainee, by staff" if on_request else "trainee")


def _refuse_changed(referral: Referral, meeting: Meeting) -> None:
    """Raise RuleBroken where the case was closed, or got another counsellor, while somebody decided. Holds the case's row
    until the booking is written, so that neither can happen meanwhile."""
    same = (Referral.id == referral.id) & (Referral.assigned_to == meeting.organiser_id)
    unchanged = Referral.update(version=Referral.version).where(same & (Referral.stage != Stage.CLOSED)).execute()
    if not unchanged:
        raise RuleBroken("This time is no longer kept: the referral was closed, or somebody else supports you now.")


def arrange(referral: Referral, wanted: Wanted, outside_reason: str, by: User) -> Meeting:
    """Note a meeting that was arranged by telephone or email, outside the free times too with a reason (A10, A25)."""
    refuse_another(referral)
    minutes = int((wanted.ends - wanted.begins).total_seconds() // 60)
    _refuse_what_never_is(wanted.begins)
    unusual = times.why_not(wanted.begins, minutes, queries.rules(clock.today()), clock.now())
    if unusual and not outside_reason.strip():
        raise RuleBroken(f"{unusual} Say why you agreed on this time.")
    if wanted.mode not in queries.modes_for(referral):
        raise RuleBroken("The first meeting is face to face.")
    with db.atomic():
        meeting = _make(referral, wanted, MeetingState.BOOKED)
        meeting.outside_reason = outside_reason.strip()
        meeting.save(force_insert=True)
        _take(meeting, wanted)
        _refuse_changed(referral, meeting)
        _booked(meeting, referral, by, "trainee, by telephone or email")
    return meeting


def _make(referral: Referral, wanted: Wanted, state: MeetingState) -> Meeting:
    return Meeting(
        referral=referral,
        organiser=referral.assigned_to,
        uid=calendar_entries.new_uid(running().mail_address.rpartition("@")[2]),
        begins_at=wanted.begins,
        ends_at=wanted.ends,
        mode=wanted.mode,
        venue=wanted.venue,
        state=state,
    )


def _booked(meeting: Meeting, referral: Referral, by: User | PersonalLink, asked_by: str) -> None:
    counsellor = referral.assigned_to
    Attendee.create(meeting=meeting, user=counsellor, name=counsellor.name, email=counsellor.email)
    Attendee.create(meeting=meeting, user=referral.trainee, name=referral.trainee_name, email=referral.trainee_email)
    if referral.accepted_at is None:
        change(referral, referral.version, CHANGED, accepted_at=clock.now())
        record("referral.accepted", by=by, referral=referral)
    if referral.status == Status.ASSIGNED:
        change(referral, referral.version, CHANGED, **referral.stand_at(Status.FIRST_MEETING_BOOKED))
    link_jobs.want(meeting)
    _tell("meeting.booked", meeting, by, "REQUEST", {"asked_by": asked_by})


def move(meeting: Meeting, wanted: Wanted, by: User | PersonalLink, reason: str = "", outside_reason: str = "") -> None:
    """Move a meeting: the same meeting, the same link, another time. `reason` is why, in the mover's words."""
    refuse_over(meeting)
    _change_time(meeting, wanted, by, reason, outside_reason, must_be_offered=not outside_reason)


def _change_time(
    meeting: Meeting,
    wanted: Wanted,
    by: User | PersonalLink,
    reason: str,
    outside_reason: str,
    must_be_offered: bool = False,
) -> None:
    """Move it, once: who presses twice finds it where they wanted it, and nobody is told of a move that is none."""
    if wanted == Wanted(meeting.begins_at, meeting.ends_at, Mode(meeting.mode), meeting.venue):
        return
    with db.atomic():
        TakenTime.delete().where(TakenTime.meeting == meeting).execute()
        if must_be_offered:
            _must_be_free(meeting.referral, wanted)
        change(
            meeting,
            meeting.version,
            CHANGED,
            begins_at=wanted.begins,
            ends_at=wanted.ends,
            mode=wanted.mode,
            venue=wanted.venue,
            sequence=meeting.sequence + 1,
            reminded_at=None,
            outside_reason=outside_reason.strip(),
        )
        _take(meeting, wanted)
        link_jobs.want(meeting)
        _tell("meeting.moved", meeting, by, "REQUEST", {"reason": reason} if reason else {})


def cancel(meeting: Meeting, by: User | PersonalLink, reason: str = "") -> None:
    """Cancel a meeting. Its time is free again, and everyone's calendar is told."""
    refuse_over(meeting)
    with db.atomic():
        _call_off(meeting, meeting.referral)
        link_jobs.want(meeting)
        _tell("meeting.cancelled", meeting, by, "CANCEL", {"reason": reason} if reason else {})


def _call_off(meeting: Meeting, referral: Referral | None) -> None:
    change(meeting, meeting.version, CHANGED, state=MeetingState.CANCELLED, sequence=meeting.sequence + 1)
    TakenTime.delete().where(TakenTime.meeting == meeting).execute()
    if referral is not None and referral.status == Status.FIRST_MEETING_BOOKED:
        change(referral, referral.version, CHANGED, **referral.stand_at(Status.ASSIGNED))


# What becomes of a booked meeting when the case, or its counsellor, changes


def end_with_case(referral: Referral) -> Meeting | None:
    """The meeting to come is off, since its case was closed or got another counsellor. Gives it, if there is one.

    Those who were to come are told by the letters of what happened to the case, which wait for the undo minute; Teams
    keeps its meeting until then. In the transaction of the change.
    """
    meeting = queries.to_come(referral)
    if meeting is not None:
        _call_off(meeting, referral)
        link_jobs.want(meeting, from_=clock.now() + settings.current().undo)
    return meeting


def stand_again(meeting: Meeting, referral: Referral) -> None:
    """The change was undone before anyone was told, so the meeting stands again. Raises RuleBroken where it cannot."""
    if queries.next_of(referral) is not None:
        raise RuleBroken(
            "Another meeting was booked in the meantime, so this can no longer be undone. The emails go as you saw them."
        )
    with db.atomic():
        change(meeting, meeting.version, CHANGED, state=MeetingState.BOOKED)
        try:
            _take(meeting, Wanted(meeting.begins_at, meeting.ends_at, Mode(meeting.mode), meeting.venue))
        except RuleBroken:
            raise RuleBroken(
                "Somebody else has taken the time of the meeting that was booked, so this can no longer be undone. The emails "
                "go as you saw them."
            ) from None
        if referral.status == Status.ASSIGNED:
            change(referral, referral.version, CHANGED, **referral.stand_at(standing.of(referral)))
        link_jobs.want(meeting)


def end_of_counsellor(counsellor: User, by: User) -> None:
    """Nobody can meet somebody whose account is closed, or who is a counsellor no more: who was to come is told so."""
    theirs = (Meeting.organiser == counsellor) & Meeting.referral.is_null(False)
    ahead = (Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at > clock.now())
    with db.atomic():
        for meeting in list(Meeting.select().where(theirs & ahead).order_by(Meeting.id)):
            _call_off(meeting, meeting.referral)
            link_jobs.want(meeting)
            _tell("meeting.ended", meeting, by, "CANCEL", {})


def refuse_over(meeting: Meeting) -> None:
    """Raise RuleBroken where a meeting can no longer be moved or cancelled."""
    if meeting.state == MeetingState.CANCELLED:
        raise RuleBroken("This meeting is cancelled already. Nobody is told twice.")
    if not meeting.is_booked:
        raise RuleBroken("This meeting was never booked.")
    if meeting.attendance is not None or meeting.begins_at <= clock.now():
        raise RuleBroken("This meeting has begun, so it can no longer be moved or cancelled.")


def held(meeting: Meeting, by: User) -> None:
    """The record of its session is finished, so it was held, whatever was noted before (A12, A17)."""
    if meeting.attendance != Attendance.HELD:
        _attended(meeting, Attendance.HELD, "", by)


def did_not_take_place(meeting: Meeting, missed_by: str, by: User) -> None:
    """Say so in neutral words. Referrer and employer never see it."""
    if meeting.attendance == Attendance.HELD:
        raise RuleBroken("The record of this session is finished, so it counts as held.")
    if missed_by not in MISSED_BY:
        raise RuleBroken("Say who could not come, or that you agreed not to meet.")
    if meeting.missed_by != missed_by:
        _attended(meeting, Attendance.DID_NOT_TAKE_PLACE, missed_by, by)


def _attended(meeting: Meeting, attendance: Attendance, missed_by: str, by: User) -> None:
    if not meeting.is_booked or meeting.begins_at > clock.now():
        raise RuleBroken("This meeting has not begun yet.")
    with db.atomic():
        change(meeting, meeting.version, CHANGED, attendance=attendance, missed_by=missed_by)
        record("meeting.attended", by=by, meeting=meeting, referral=meeting.referral, facts={"attendance": attendance})
        if meeting.referral is not None:
            standing.bring_up_to_date(meeting.referral, by)


def _tell(event: str, meeting: Meeting, by: User | PersonalLink, method: str, facts: dict[str, str]) -> None:
    record(event, by=by, meeting=meeting, referral=meeting.referral, facts=facts, calendar=invitation(meeting, method))


# Taken time


def let_go_of_old_holds() -> None:
    """Times that were kept for somebody who did not decide are free again."""
    old = (Meeting.state == MeetingState.HELD_FOR_SOMEBODY) & (Meeting.held_until < clock.now())
    Meeting.delete().where(old).execute()


def _take(meeting: Meeting, wanted: Wanted, taken: str = TAKEN) -> None:
    """Take the time of the person, and of a room of the venue. The unique key refuses the second of two."""
    let_go_of_old_holds()
    quanta = times.quanta(wanted.begins, wanted.ends)
    if not _take_for(f"user:{meeting.organiser_id}", quanta, meeting):
        raise RuleBroken(taken)
    if wanted.venue is not None:
        rooms = (f"venue:{wanted.venue.id}:{room}" for room in range(1, wanted.venue.rooms + 1))
        if not any(_take_for(room, quanta, meeting) for room in rooms):
            raise RuleBroken(TAKEN)


def _take_for(resource: str, quanta: range, meeting: Meeting) -> bool:
    try:
        with db.atomic():
            rows = [{"resource": resource, "quantum": quantum, "meeting": meeting} for quantum in quanta]
            TakenTime.insert_many(rows).execute()
    except IntegrityError:
        return False
    return True
