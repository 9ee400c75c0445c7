"""Meetings a person may see, and the times at which one can be booked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from peewee import JOIN, ModelSelect

from models import (
    Absence,
    Attendance,
    Attendee,
    Event,
    Hours,
    LinkState,
    Meeting,
    MeetingState,
    Mode,
    Referral,
    Stage,
    Status,
    TakenTime,
    User,
    Venue,
)
from signpost import clock, settings, working_days
from signpost.meetings import free_times as times
from signpost.referrals import queries as referrals

SENTENCES = {
    "meeting.booked": "{by} booked the meeting",
    "meeting.moved": "{by} moved the meeting",
    "meeting.cancelled": "{by} cancelled the meeting",
    "meeting.ended": "The meeting was cancelled, since the counsellor has left",
}


def visible_to(user: User) -> ModelSelect:
    """Meetings of a group this person is to be at or organises, and those of cases whose trainee or counsellor they are
    now. Nobody else knows of one: not the counsellor before, and not who had the address before."""
    there = Attendee.select(Attendee.meeting).where((Attendee.user == user) & Attendee.removed_at.is_null())
    of_group = Meeting.referral.is_null() & (Meeting.id.in_(there) | (Meeting.organiser == user))
    mine = of_group | Meeting.referral.in_(referrals.taken_part_in_by(user))
    return Meeting.select().where(mine & (Meeting.state != MeetingState.HELD_FOR_SOMEBODY))


def of_day(user: User, day: date) -> list[Meeting]:
    """Somebody's booked meetings of one day, in order."""
    begin, end = clock.start_of(day), clock.start_of(day + timedelta(days=1))
    on_day = (Meeting.begins_at >= begin) & (Meeting.begins_at < end) & (Meeting.state == MeetingState.BOOKED)
    return list(visible_to(user).where(on_day).order_by(Meeting.begins_at))


def coming(user: User) -> list[Meeting]:
    """Somebody's booked meetings from now on, the next one first."""
    ahead = (Meeting.ends_at > clock.now()) & (Meeting.state == MeetingState.BOOKED)
    return list(visible_to(user).where(ahead).order_by(Meeting.begins_at))


def past(user: User, most: int = 20) -> list[Meeting]:
    """Somebody's meetings that are over or cancelled, the latest first."""
    over = (Meeting.ends_at <= clock.now()) | (Meeting.state == MeetingState.CANCELLED)
    return list(visible_to(user).where(over).order_by(Meeting.begins_at.desc()).limit(most))


def between(user: User, first: date, days: int) -> dict[date, list[Meeting]]:
    """Somebody's booked meetings of so many days, day by day."""
    begin, end = clock.start_of(first), clock.start_of(first + timedelta(days=days))
    within = (Meeting.begins_at >= begin) & (Meeting.begins_at < end) & (Meeting.state == MeetingState.BOOKED)
    found: dict[date, list[Meeting]] = {first + timedelta(days=n): [] for n in range(days)}
    for meeting in visible_to(user).where(within).order_by(Meeting.begins_at):
        found[clock.to_london(meeting.begins_at).date()].append(meeting)
    return found


def of_referral(referral: Referral) -> list[Meeting]:
    """The meetings of a case that were booked, the first first."""
    booked = (Meeting.referral == referral) & (Meeting.state != MeetingState.HELD_FOR_SOMEBODY)
    return list(Meeting.select().where(booked).order_by(Meeting.begins_at))


def next_of(referral: Referral) -> Meeting | None:
    """The meeting of a case that is still to come."""
    ahead = (Meeting.referral == referral) & (Meeting.state == MeetingState.BOOKED) & Meeting.attendance.is_null()
    return Meeting.select().where(ahead).order_by(Meeting.begins_at).first()


def to_come(referral: Referral) -> Meeting | None:
    """The meeting of a case that is booked and has not begun."""
    ahead = (Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at > clock.now())
    return Meeting.select().where((Meeting.referral == referral) & ahead).order_by(Meeting.begins_at).first()


def looks_after(user: User, meeting: Meeting) -> bool:
    """Whether it is for this person to say that a meeting was held: the organiser, or who has the case now."""
    referral = meeting.referral
    return meeting.organiser_id == user.id or (referral is not None and referral.assigned_to_id == user.id)


def held_count(referral: Referral) -> int:
    """How many sessions were held: only these count (A12)."""
    return int(Meeting.select().where((Meeting.referral == referral) & (Meeting.attendance == Attendance.HELD)).count())


def modes_for(referral: Referral) -> list[Mode]:
    """How the next session of a case may be: the first face to face (A11), later ones by telephone first (A14, A24)."""
    return [Mode.FACE_TO_FACE] if held_count(referral) == 0 else [Mode.TELEPHONE, Mode.FACE_TO_FACE, Mode.TEAMS]


def attendees(meeting: Meeting) -> list[Attendee]:
    present = (Attendee.meeting == meeting) & Attendee.removed_at.is_null()
    return list(Attendee.select().where(present).order_by(Attendee.id))


@dataclass(frozen=True)
class Happened:
    """What was done to a meeting, in a sentence; why, in the words that were given."""

    at: datetime
    sentence: str
    note: str


def history_of(meeting: Meeting, with_reasons: bool) -> list[Happened]:
    """Who booked, moved and cancelled a meeting, the latest first. A reason is for the one who arranges it."""
    events = Event.select().where((Event.meeting == meeting) & Event.name.in_(list(SENTENCES)))
    return [
        Happened(
            event.happened_at,
            SENTENCES[event.name].format(by=event.by_user.name if event.by_user else meeting.referral.trainee_name),
            event.facts.get("reason", "") if with_reasons else "",
        )
        for event in events.order_by(Event.id.desc())
    ]


def others_at(meetings: Iterable[Meeting], user: User) -> dict[int, list[str]]:
    """Who else is to be at each of these meetings, by its row number: their names."""
    found: dict[int, list[str]] = {meeting.id: [] for meeting in meetings}
    other = Attendee.removed_at.is_null() & (Attendee.email != user.email)
    for row in Attendee.select().where(Attendee.meeting.in_(list(found)) & other).order_by(Attendee.id):
        found[row.meeting_id].append(row.name)
    return found


# Free times


@dataclass(frozen=True)
class Reach:
    """From how many hours ahead until how many weeks ahead a counsellor can be booked."""

    notice_hours: int
    ahead_weeks: int

    @property
    def notice(self) -> timedelta:
        return timedelta(hours=self.notice_hours)

    @property
    def ahead(self) -> timedelta:
        return timedelta(weeks=self.ahead_weeks)


def reach_of(counsellor: User | None = None) -> Reach:
    """The counsellor's own where they have said so, and otherwise the organisation's."""
    ours = settings.current()
    hours = counsellor.booking_notice_hours if counsellor else None
    weeks = counsellor.booking_ahead_weeks if counsellor else None
    return Reach(
        ours.booking_notice_hours if hours is None else hours, ours.booking_ahead_weeks if weeks is None else weeks
    )


def rules(closed_from: date, counsellor: User | None = None, closed_days: int = 400) -> times.Rules:
    """The careers team's hours (A25), as the organisation has set them, and the counsellor's own reach."""
    reach = reach_of(counsellor)
    until = closed_from + timedelta(days=closed_days)
    return times.Rules(
        earliest=time(8),
        latest=time(19),
        notice=reach.notice,
        ahead=reach.ahead,
        closed_days=frozenset(day for day in working_days.bank_holidays() if closed_from <= day <= until),
    )


def kept_for(referral: Referral) -> Meeting | None:
    """The time that is kept while somebody decides."""
    kept = (Meeting.referral == referral) & (Meeting.held_until >= clock.now())
    return Meeting.select().where(kept).first()


def free_times_of(counsellor: User, modes: list[Mode], own: Meeting | None = None) -> list[times.FreeTime]:
    """When this counsellor can be booked, in one of these modes; the time of the reader's `own` meeting is theirs to choose.

    The number of statements does not grow with anything.
    """
    now, today = clock.now(), clock.today()
    rows = list(
        Hours.select(Hours, Venue)
        .join(Venue, JOIN.LEFT_OUTER)
        .where((Hours.counsellor == counsellor) & Hours.mode.in_(modes))
        .where(Hours.day.is_null() | (Hours.day >= today))
    )
    away = Absence.select(Absence.first_day, Absence.last_day).where(
        (Absence.counsellor == counsellor) & (Absence.last_day >= today)
    )
    keeps_to = rules(today, counsellor)
    until = now + keeps_to.ahead + timedelta(days=1)
    absences, busy = list(away.tuples()), busy_spans(counsellor, now, until, own)
    full = _full_venues({row.venue.public_id: row.venue for row in rows if row.venue_id}, now, until, own)
    found = []
    for venue in sorted({row.venue.public_id if row.venue_id else "" for row in rows}):
        there = [row for row in rows if (row.venue.public_id if row.venue_id else "") == venue]
        found += times.free_times(
            [_weekly(row) for row in there if row.day is None],
            [_on_day(row) for row in there if row.day is not None],
            absences,
            busy + full.get(venue, []),
            keeps_to,
            now,
        )
    return _one_at_a_time(found)


def _one_at_a_time(found: list[times.FreeTime]) -> list[times.FreeTime]:
    """In order, and where hours at two places overlap, the one that begins first."""
    kept: list[times.FreeTime] = []
    for one in sorted(found, key=lambda free: (free.begins, free.venue)):
        if not kept or one.begins >= kept[-1].ends:
            kept.append(one)
    return kept


def _weekly(row: Hours) -> times.Hours:
    return times.Hours(row.weekday, *_stretch(row))


def _on_day(row: Hours) -> times.DayHours:
    return times.DayHours(row.day, *_stretch(row))


def _stretch(row: Hours) -> tuple[time, time, str, str, int, int]:
    begins, ends = time.fromisoformat(row.begins), time.fromisoformat(row.ends)
    return begins, ends, row.mode, row.venue.public_id if row.venue_id else "", row.minutes, row.gap_minutes


def _taken(since: datetime, until: datetime, own: Meeting | None) -> ModelSelect:
    """Who and what is taken. Left out: what was kept for somebody who did not decide, and what the `own` meeting takes."""
    reach = times.quanta(since, until)
    taken = TakenTime.select(TakenTime.resource, TakenTime.quantum).join(Meeting, JOIN.LEFT_OUTER)
    lasting = Meeting.held_until.is_null() | (Meeting.held_until >= clock.now())
    taken = taken.where(TakenTime.quantum.between(reach.start, reach.stop) & lasting)
    return taken.where(TakenTime.meeting.is_null() | (TakenTime.meeting != own)) if own else taken


def _quanta_of(resource: str, since: datetime, until: datetime, own: Meeting | None) -> list[int]:
    taken = _taken(since, until, own).where(TakenTime.resource == resource)
    return [quantum for _, quantum in taken.order_by(TakenTime.quantum).tuples()]


def _spans(quanta: list[int]) -> list[times.Span]:
    """Neighbouring five-minute units as one span."""
    spans: list[times.Span] = []
    for quantum in quanta:
        begins = times.moment_of(quantum)
        if spans and spans[-1].ends == begins:
            spans[-1] = times.Span(spans[-1].begins, times.moment_of(quantum + 1))
        else:
            spans.append(times.Span(begins, times.moment_of(quantum + 1)))
    return spans


def busy_spans(user: User, since: datetime, until: datetime, own: Meeting | None = None) -> list[times.Span]:
    """When somebody has a meeting, or holds a time for one."""
    return _spans(_quanta_of(f"user:{user.id}", since, until, own))


def engaged_spans(user: User, since: datetime, until: datetime) -> list[times.Span]:
    """When somebody has a meeting, holds a time, or is to be at a meeting that somebody else organises."""
    there = Attendee.select(Attendee.meeting).where((Attendee.user == user) & Attendee.removed_at.is_null())
    booked = (Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at < until) & (Meeting.ends_at > since)
    asked = Meeting.select(Meeting.begins_at, Meeting.ends_at).where(Meeting.id.in_(there) & booked)
    return busy_spans(user, since, until) + [times.Span(one.begins_at, one.ends_at) for one in asked]


def _full_venues(
    venues: dict[str, Venue], since: datetime, until: datetime, own: Meeting | None
) -> dict[str, list[times.Span]]:
    """For each venue the times in which every room of it is taken."""
    if not venues:
        return {}
    rooms = {f"venue:{venue.id}:{room}": key for key, venue in venues.items() for room in range(1, venue.rooms + 1)}
    taken = _taken(since, until, own).where(TakenTime.resource.in_(list(rooms)))
    counted: dict[str, Counter[int]] = {key: Counter() for key in venues}
    for resource, quantum in taken.tuples():
        counted[rooms[resource]][quantum] += 1
    return {
        key: _spans(sorted(quantum for quantum, count in of_venue.items() if count >= venues[key].rooms))
        for key, of_venue in counted.items()
    }


def without_booking(since: datetime) -> ModelSelect:
    """Referrals assigned before a moment whose trainee has booked nothing yet."""
    return Referral.select().where(
        (Referral.stage == Stage.ASSIGNED) & (Referral.status == Status.ASSIGNED) & (Referral.assigned_at <= since)
    )


def without_booking_for_long() -> ModelSelect:
    """Referrals whose trainee was reminded twice and has booked nothing: for the adviser."""
    return without_booking(clock.now() - timedelta(days=settings.current().nothing_booked_second_days))


def needing(user: User) -> list[Meeting]:
    """Meetings somebody organises that need a Teams link from them, or are over and wait for a word about them."""
    unlinked = (Meeting.link_state == LinkState.NEEDS_PERSON) & (Meeting.begins_at > clock.now())
    untold = Meeting.referral.is_null(False) & Meeting.attendance.is_null() & (Meeting.ends_at <= clock.now())
    organised = Meeting.organiser == user
    case_of_mine = Meeting.referral.in_(Referral.select(Referral.id).where(Referral.assigned_to == user))
    needs = (organised & unlinked) | ((organised | case_of_mine) & untold)
    booked = Meeting.state == MeetingState.BOOKED
    return list(visible_to(user).where(booked & needs).order_by(Meeting.begins_at))
