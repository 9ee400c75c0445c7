"""The Teams link of a meeting: wanted when it is booked, fetched by the worker, put right by a person where need be.

Booking never waits for Microsoft and never fails with it.
"""

import logging
from datetime import datetime, timedelta

from models import LinkState, Meeting, MeetingState, Mode, User, db
from signpost import clock
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.meetings import join_links, teams
from signpost.meetings.invitations import invitation

log = logging.getLogger(__name__)

# Longer than the longest that one call of Microsoft can take, with its sign-in and its time-outs.
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
BATCH = 20

CHANGED = "Somebody changed this meeting while you were looking at it. Look at it again."
BY_HAND = "Signpost cannot make Teams links itself here. Make one in Teams, then paste it below."


def want(meeting: Meeting, from_: datetime | None = None) -> None:
    """Say what has to be done about the link of a meeting that was booked, moved or cancelled, now or from a moment on.

    In the transaction of the booking.
    """
    due_at = from_ or clock.now()
    on_teams = meeting.is_booked and meeting.mode == Mode.TEAMS
    if not on_teams or meeting.link_state == LinkState.READY:
        _write(meeting, link_due_at=due_at if meeting.provider_id else None, link_attempts=0)
    elif teams.provider().makes_links:
        _write(meeting, link_state=LinkState.PENDING, link_words="", link_due_at=due_at, link_attempts=0)
    else:
        _write(meeting, link_state=LinkState.NEEDS_PERSON, link_words=BY_HAND, link_due_at=None)


def _write(meeting: Meeting, **columns: object) -> None:
    for name, value in columns.items():
        setattr(meeting, name, value)
    meeting.save(only=[getattr(Meeting, name) for name in columns])


def do_due() -> int:
    """Do what is due about links, each once. Gives how many were tried. Only the worker calls it: it may take long."""
    due = Meeting.select().where(Meeting.link_due_at <= clock.now()).order_by(Meeting.link_due_at).limit(BATCH)
    tried = 0
    for meeting in list(due):
        if _claim(meeting):
            _do(meeting)
            tried += 1
    return tried


def _claim(meeting: Meeting) -> bool:
    """Keep other workers away from it for a while."""
    claimed = (
        Meeting.update(link_due_at=clock.now() + LEASE, link_attempts=Meeting.link_attempts + 1)
        .where((Meeting.id == meeting.id) & (Meeting.link_due_at == meeting.link_due_at))
        .execute()
    )
    meeting.link_attempts += 1
    return bool(claimed)


def _do(meeting: Meeting) -> None:
    try:
        if not meeting.is_booked or meeting.mode != Mode.TEAMS:
            known = meeting.provider_id or _create(meeting).provider_id
            teams.provider().cancel(known)
            _finish_cancelling(meeting)
        elif meeting.link_state == LinkState.READY:
            teams.provider().move(meeting.provider_id, meeting.begins_at, meeting.ends_at)
            _finish_moving(meeting)
        else:
            _finish_creating(meeting, _create(meeting))
    except teams.MeetingGone as gone:
        Meeting.update(join_url=None, provider_id="", link_state=LinkState.PENDING).where(
            Meeting.id == meeting.id
        ).execute()
        _ask_a_person(meeting, gone.words)
    except teams.TryLater as later:
        _try_later(meeting, later)
    except teams.NeedsPerson as trouble:
        _ask_a_person(meeting, trouble.words)


def _create(meeting: Meeting) -> teams.Link:
    """Make the meeting at Microsoft, or find the one that was made for it before."""
    return teams.provider().create(meeting.uid, meeting.begins_at, meeting.ends_at)


def _finish_creating(meeting: Meeting, link: teams.Link) -> None:
    """Keep the link and tell everyone once. Where the meeting changed meanwhile, the link follows it at once.

    A link that the organiser pasted meanwhile stays: everyone has it.
    """
    with db.atomic():
        fresh = Meeting.get_by_id(meeting.id)
        if _was_pasted(fresh):
            return
        has_changed = fresh.version != meeting.version
        fresh.join_url = link.join_url
        fresh.provider_id = link.provider_id
        fresh.link_state, fresh.link_words, fresh.link_attempts = LinkState.READY, "", 0
        fresh.link_due_at = clock.now() if has_changed else None
        tells = fresh.state == MeetingState.BOOKED and fresh.mode == Mode.TEAMS
        fresh.sequence += 1 if tells else 0
        fresh.save()
        if tells:
            _tell(fresh, people.system_user())


def _finish_moving(meeting: Meeting) -> None:
    same = (Meeting.id == meeting.id) & (Meeting.version == meeting.version)
    done = Meeting.update(link_due_at=None, link_attempts=0).where(same).execute()
    if not done:
        Meeting.update(link_due_at=clock.now()).where(Meeting.id == meeting.id).execute()


def _finish_cancelling(meeting: Meeting) -> None:
    gone = {"provider_id": "", "join_url": None, "link_state": LinkState.NONE, "link_due_at": None, "link_attempts": 0}
    Meeting.update(**gone).where((Meeting.id == meeting.id) & (Meeting.version == meeting.version)).execute()


def _was_pasted(meeting: Meeting) -> bool:
    return meeting.link_state == LinkState.READY and not meeting.provider_id


def _try_later(meeting: Meeting, later: teams.TryLater) -> None:
    if _was_pasted(Meeting.get_by_id(meeting.id)):
        return
    wait = min(FIRST_WAIT * 2 ** min(meeting.link_attempts - 1, 10), LONGEST_WAIT)
    if later.seconds is not None:
        wait = max(timedelta(seconds=later.seconds), timedelta(seconds=1))
    Meeting.update(link_due_at=clock.now() + wait, link_words=later.words).where(Meeting.id == meeting.id).execute()
    log.info("teams link later", extra={"meeting": meeting.public_id, "wait": int(wait.total_seconds())})


def _ask_a_person(meeting: Meeting, words: str) -> None:
    with db.atomic():
        fresh = Meeting.get_by_id(meeting.id)
        if not fresh.is_booked or fresh.mode != Mode.TEAMS or fresh.link_state == LinkState.READY:
            # The link is gone or stays as it is: what could not be done at Microsoft changes nothing for those who come.
            _write(fresh, link_due_at=None, link_words=words)
            return
        _write(fresh, link_state=LinkState.NEEDS_PERSON, link_words=words, link_due_at=None)
        record("link.needs_person", by=people.system_user(), meeting=fresh, referral=fresh.referral)


def paste(meeting: Meeting, text: str, by: User) -> None:
    """The organiser pastes a link. It is checked, kept, and told to everyone once. Raises RuleBroken."""
    link = join_links.checked(text)
    if not meeting.is_booked or meeting.mode != Mode.TEAMS:
        raise RuleBroken("This meeting needs no Teams link.")
    if meeting.ends_at <= clock.now():
        raise RuleBroken("This meeting is over, so nobody needs a link to it any more.")
    if meeting.provider_id:
        raise RuleBroken("Signpost made the link of this meeting itself and keeps it right, so it stays.")
    if meeting.join_url == link:
        return
    with db.atomic():
        change(meeting, meeting.version, CHANGED, sequence=meeting.sequence + 1)
        meeting.join_url = link
        _write(meeting, link_state=LinkState.READY, link_words="", link_due_at=None, provider_id="")
        meeting.save(only=[Meeting.join_url])
        _tell(meeting, by)


def try_again(meeting: Meeting, by: User) -> None:
    """Ask Microsoft once more, now."""
    if meeting.link_state != LinkState.NEEDS_PERSON or not teams.provider().makes_links:
        raise RuleBroken("There is nothing to try again.")
    _write(meeting, link_state=LinkState.PENDING, link_words="", link_due_at=clock.now(), link_attempts=0)


def _tell(meeting: Meeting, by: User) -> None:
    calendar = invitation(meeting, "REQUEST")
    record("meeting.linked", by=by, meeting=meeting, referral=meeting.referral, calendar=calendar)
