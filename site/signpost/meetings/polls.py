"""Asking a required group when they can meet, on to a fixed meeting with its link and invitations (E8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peewee import IntegrityError, ModelSelect

from models import (
    Attendee,
    Meeting,
    MeetingState,
    Mode,
    PersonalLink,
    Poll,
    PollAnswer,
    PollPerson,
    PollState,
    PollTime,
    Reply,
    TakenTime,
    User,
    db,
)
from signpost import clock, settings, working_days
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.config import running
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.meetings import booking, calendar_entries, link_jobs, queries, ranking
from signpost.meetings import free_times as free
from signpost.meetings.invitations import invitation
from signpost.presses import is_same

CHANGED = "Somebody changed this while you were looking at it. Look at it again."
CLOSED = "The time has been fixed, so answers can no longer change. Tell the organiser if you cannot come."
MOST_TIMES = 20
MOST_PEOPLE = 20


@dataclass(frozen=True)
class Asked:
    """Somebody to ask, with an account or without."""

    name: str
    email: str
    is_required: bool


def ask(
    organiser: User,
    title: str,
    minutes: int,
    begins: Iterable[datetime],
    asked: Iterable[Asked],
    reply_by: date,
    shows_others: bool,
    chair: User | None = None,
    mode: Mode = Mode.TEAMS,
    place: str = "",
) -> Poll:
    """Ask people which of these times they can do, at which organiser and chair are free.

    The organiser's own time is held meanwhile; the chair answers like the others. Who presses twice asks once.
    """
    begins, asked = sorted(set(begins)), list(asked)
    _refuse(begins, asked, reply_by, organiser)
    said = {"title": title, "minutes": minutes, "reply_by": reply_by, "shows_others": shows_others}
    with db.atomic():
        last = Poll.select().where(Poll.organiser == organiser).order_by(Poll.id.desc()).first()
        if is_same(last, "asked_at", said) and _asks(last, begins, {organiser.email, *(one.email for one in asked)}):
            return last
        _refuse_engaged(organiser, chair, begins, timedelta(minutes=minutes))
        booking.let_go_of_old_holds()
        poll = Poll.create(organiser=organiser, mode=mode, place=place, asked_at=clock.now(), **said)
        held: set[int] = set()
        for moment in begins:
            time = PollTime.create(poll=poll, begins_at=moment, ends_at=moment + timedelta(minutes=minutes))
            held |= _hold(organiser, time, held)
        _add(poll, Asked(organiser.name, organiser.email, is_required=True), answers_yes=True)
        for one in asked:
            _add(poll, one)
        record("poll.asked", by=organiser, poll=poll)
    return poll


def _asks(poll: Poll, begins: list[datetime], emails: set[str]) -> bool:
    """Whether it asks these people for these times."""
    same_times = [time.begins_at for time in times_of(poll)] == begins
    return same_times and {one.email for one in people_of(poll)} == emails


def _refuse(begins: list[datetime], asked: list[Asked], reply_by: date, organiser: User) -> None:
    if not begins or len(begins) > MOST_TIMES:
        raise RuleBroken(f"Propose from 1 to {MOST_TIMES} times.")
    if begins[0] <= clock.now():
        raise RuleBroken("Every time must be in the future.")
    if not any(one.is_required for one in asked) or len(asked) > MOST_PEOPLE:
        raise RuleBroken(f"Ask at least one person who is needed, and at most {MOST_PEOPLE} in all.")
    emails = [one.email for one in asked]
    if len(set(emails)) != len(emails) or organiser.email in emails:
        raise RuleBroken("Somebody is named twice. You are asked yourself already.")
    if reply_by < clock.today():
        raise RuleBroken("The day to answer by is over already.")


def _refuse_engaged(organiser: User, chair: User | None, begins: list[datetime], length: timedelta) -> None:
    since, until = begins[0], begins[-1] + length
    for who, name in ((organiser, "You have"), (chair, f"{chair.name} has" if chair else "")):
        spans = queries.engaged_spans(who, since, until) if who else []
        if any(one.begins < moment + length and one.ends > moment for moment in begins for one in spans):
            raise RuleBroken(f"{name} another meeting at one of these times. Choose others.")


def _hold(user: User, time: PollTime, held: set[int]) -> set[int]:
    """Hold the organiser's time; what is held already for another time of the same poll, which it overlaps, is enough."""
    wanted = set(free.quanta(time.begins_at, time.ends_at)) - held
    rows = [{"resource": f"user:{user.id}", "quantum": quantum, "poll_time": time} for quantum in sorted(wanted)]
    try:
        with db.atomic():
            TakenTime.insert_many(rows).execute()
    except IntegrityError:
        raise RuleBroken("You have another meeting at one of these times. Choose others.") from None
    return wanted


def _add(poll: Poll, one: Asked, answers_yes: bool = False) -> None:
    person = PollPerson.create(
        poll=poll,
        user=people.with_email(one.email),
        name=one.name,
        email=one.email,
        is_required=one.is_required,
        answered_at=clock.now() if answers_yes else None,
    )
    if answers_yes:
        for time in poll.times:
            PollAnswer.create(person=person, time=time, reply=Reply.YES)


def ask_instead(person: PollPerson, coming: Asked, by: User) -> None:
    """Ask somebody in the place of another, whose answers are gone and whose link, to another address, no longer opens."""
    poll: Poll = person.poll
    if poll.state != PollState.OPEN:
        raise RuleBroken("Nobody is asked any more.")
    with db.atomic():
        PollAnswer.delete().where(PollAnswer.person == person).execute()
        person.name, person.email, person.user = coming.name, coming.email, people.with_email(coming.email)
        person.is_required, person.answered_at, person.chased_at, person.can_do = coming.is_required, None, None, ""
        person.save()
        change(poll, poll.version, CHANGED, all_answered_at=None)
        record("poll.joined", by=by, poll=poll, enclosed=person)


def answer(person: PollPerson, replies: Mapping[str, Reply], can_do: str, by: User | PersonalLink) -> None:
    """Answer one's own row: a reply for each time, by its public id, or 'none of these: I can do …'."""
    poll: Poll = person.poll
    if poll.state != PollState.OPEN:
        raise RuleBroken(CLOSED if poll.state == PollState.FIXED else "This was called off, so no answer is needed.")
    times = {time.public_id: time for time in poll.times}
    if set(replies) != set(times) and not can_do.strip():
        raise RuleBroken("Answer for each time, or say when you could.")
    with db.atomic():
        PollAnswer.delete().where(PollAnswer.person == person).execute()
        for public_id, time in times.items():
            PollAnswer.create(person=person, time=time, reply=replies.get(public_id, Reply.NO))
        PollPerson.update(answered_at=clock.now(), can_do=can_do.strip()).where(PollPerson.id == person.id).execute()
        record("poll.answered", by=by, poll=poll)
        if not waiting_for(poll, required_only=True):
            first = (Poll.id == poll.id) & Poll.all_answered_at.is_null()
            if Poll.update(all_answered_at=clock.now()).where(first).execute():
                record("poll.all_answered", by=by, poll=poll)


def waiting_for(poll: Poll, required_only: bool = False) -> list[PollPerson]:
    """Who has not answered yet."""
    query = PollPerson.select().where((PollPerson.poll == poll) & PollPerson.answered_at.is_null())
    return list((query.where(PollPerson.is_required) if required_only else query).order_by(PollPerson.id))


def fix(poll: Poll, time: PollTime, by: User, expected_version: int) -> Meeting:
    """Fix the date, once: the other times are free again, everyone is invited, and the link is on its way."""
    if poll.state == PollState.FIXED and (fixed := Meeting.get(Meeting.poll == poll)).begins_at == time.begins_at:
        return fixed
    if poll.state != PollState.OPEN:
        raise RuleBroken("The time was fixed already." if poll.state == PollState.FIXED else "This was called off.")
    if time.begins_at <= clock.now():
        raise RuleBroken("That time is over already.")
    with db.atomic():
        change(poll, expected_version, CHANGED, state=PollState.FIXED)
        _let_go(poll)
        meeting = Meeting(
            poll=poll,
            organiser=poll.organiser,
            uid=calendar_entries.new_uid(running().mail_address.rpartition("@")[2]),
            begins_at=time.begins_at,
            ends_at=time.ends_at,
            mode=poll.mode,
            place=poll.place,
            state=MeetingState.BOOKED,
        )
        meeting.save(force_insert=True)
        rows = [
            {"resource": f"user:{poll.organiser_id}", "quantum": quantum, "meeting": meeting}
            for quantum in free.quanta(time.begins_at, time.ends_at)
        ]
        TakenTime.insert_many(rows).execute()
        for one in people_of(poll):
            Attendee.create(meeting=meeting, user=one.user, name=one.name, email=one.email, is_required=one.is_required)
        link_jobs.want(meeting)
        record("meeting.booked", by=by, meeting=meeting, calendar=invitation(meeting, "REQUEST"))
    return meeting


def call_off(poll: Poll, by: User, expected_version: int) -> None:
    """Stop asking; nothing takes place, and those who were asked are told."""
    if poll.state != PollState.OPEN:
        raise RuleBroken(
            "The time was fixed already." if poll.state == PollState.FIXED else "This was called off already."
        )
    with db.atomic():
        change(poll, expected_version, CHANGED, state=PollState.CANCELLED)
        _let_go(poll)
        record("poll.called_off", by=by, poll=poll)


def _let_go(poll: Poll) -> None:
    TakenTime.delete().where(TakenTime.poll_time.in_(PollTime.select().where(PollTime.poll == poll))).execute()


def chase(at: datetime) -> int:
    """Remind those who have not answered, once, some working days after they were asked."""
    wait = settings.current().poll_chaser_working_days
    done = 0
    for poll in list(Poll.select().where(Poll.state == PollState.OPEN)):
        due = working_days.after(clock.to_london(poll.asked_at).date(), wait)
        if clock.to_london(at).date() < due:
            continue
        with db.atomic():
            silent = (PollPerson.poll == poll) & PollPerson.answered_at.is_null() & PollPerson.chased_at.is_null()
            if PollPerson.update(chased_at=at).where(silent).execute():
                record("poll.chased", by=people.system_user(), poll=poll, facts={"at": at.isoformat()})
                done += 1
    return done


# Reads


def visible_to(user: User) -> ModelSelect:
    """Polls this person organises or is asked in."""
    asked = PollPerson.select(PollPerson.poll).where(PollPerson.user == user)
    return Poll.select().where((Poll.organiser == user) | Poll.id.in_(asked))


def unanswered_by(user: User) -> list[PollPerson]:
    """What this person is asked and has not answered."""
    mine = (PollPerson.user == user) & PollPerson.answered_at.is_null() & (Poll.state == PollState.OPEN)
    return list(PollPerson.select(PollPerson, Poll).join(Poll).where(mine).order_by(PollPerson.id))


def people_of(poll: Poll) -> list[PollPerson]:
    return list(
        PollPerson.select().where(PollPerson.poll == poll).order_by(PollPerson.is_required.desc(), PollPerson.id)
    )


def times_of(poll: Poll) -> list[PollTime]:
    return list(PollTime.select().where(PollTime.poll == poll).order_by(PollTime.begins_at))


def answers_of(poll: Poll) -> dict[tuple[int, int], str]:
    """(person, time) -> reply, by row numbers."""
    query = PollAnswer.select(PollAnswer.person, PollAnswer.time, PollAnswer.reply).join(PollTime)
    return {(person, time): reply for person, time, reply in query.where(PollTime.poll == poll).tuples()}


def ranked(poll: Poll) -> list[tuple[PollTime, ranking.Ranked]]:
    """The times, the best first, each with why."""
    times = {time.id: time for time in times_of(poll)}
    asked = [ranking.Person(one.id, one.name, one.is_required) for one in people_of(poll)]
    return [(times[one.time], one) for one in ranking.rank(list(times), asked, answers_of(poll))]


def clashes(poll: Poll) -> dict[int, list[str]]:
    """For each time, who of those asked has another meeting then: only that they have one."""
    found: dict[int, list[str]] = {}
    with_account = [one for one in people_of(poll) if one.user_id and one.user_id != poll.organiser_id]
    times = times_of(poll)
    spans = {one.name: queries.engaged_spans(one.user, times[0].begins_at, times[-1].ends_at) for one in with_account}
    for time in times:
        found[time.id] = [
            name
            for name, taken in spans.items()
            if any(one.begins < time.ends_at and one.ends > time.begins_at for one in taken)
        ]
    return found
