"""A mentorship from the introduction on: in touch, meeting, not working, ending (D8, D11, D14 to D16).

What a pair says to each other is theirs. Facts that are recorded here are dates and states, which the team may see.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peewee import fn

from models import (
    KeptApart,
    Meeting,
    MentoringMeeting,
    Mentorship,
    MentorshipEnding,
    Mode,
    PersonalLink,
    Returner,
    ReturnerState,
    Side,
    User,
    WhyApart,
    db,
)
from signpost import clock
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.feedback import actions as feedback
from signpost.feedback.surveys import MENTORING
from signpost.meetings import booking
from signpost.mentoring.dates import ends_on

CHANGED = "Somebody changed this while you were looking at it. Look at it again."
ENDED = "This mentoring has ended, so nothing more can be written here."
WORDS_LENGTH = 2000
# These end with a survey (D15). The others go on with another mentor, and are asked when that ends.
WITH_SURVEY = (MentorshipEnding.TIME_UP, MentorshipEnding.EARLY)


def say_in_touch(mentorship: Mentorship, side: Side, by: User | PersonalLink) -> None:
    """The pair has made contact, says either (D16). Once is enough."""
    with db.atomic():
        first = (Mentorship.id == mentorship.id) & Mentorship.contact_at.is_null() & Mentorship.ended_at.is_null()
        if Mentorship.update(contact_at=clock.now(), contact_said_by=side).where(first).execute():
            record("mentorship.contact_made", by=by, concerning=mentorship, facts={"side": side.value})


# Meetings


@dataclass(frozen=True)
class FirstMeeting:
    """What the pair agreed on: when, for how many minutes, how, and where if they meet in person."""

    begins: datetime
    minutes: int
    mode: Mode
    place: str = ""


def arrange_first_meeting(mentorship: Mentorship, agreed: FirstMeeting, by: User | PersonalLink) -> Meeting:
    """Put the first meeting, agreed between the two, into both calendars (D8). At any hour: it is theirs."""
    mentor, returner = mentorship.mentor.user, mentorship.returner
    wanted = booking.Wanted(agreed.begins, agreed.begins + timedelta(minutes=agreed.minutes), agreed.mode)
    with db.atomic():
        refuse_ended(mentorship)
        if (there := _standing_meeting(mentorship)) is not None:
            if (there.begins_at, there.mode) == (agreed.begins, agreed.mode):
                return there  # a second press
            raise RuleBroken("A first meeting is in your calendars already. Move or cancel that one.")

        def keep(meeting: Meeting) -> None:
            change(mentorship, mentorship.version, CHANGED, first_meeting=meeting)

        others = [booking.Invited(returner.name, returner.email, returner.user)]
        meeting = booking.invite(mentor, wanted, others, by, agreed.place, keep)
        record("mentorship.meeting_arranged", by=by, concerning=mentorship, facts={"meeting": meeting.public_id})
        say_in_touch(mentorship, side_of(mentorship, by), by)
    return meeting


def _standing_meeting(mentorship: Mentorship) -> Meeting | None:
    now_is: Mentorship = Mentorship.get_by_id(mentorship.id)
    return now_is.first_meeting if now_is.first_meeting and now_is.first_meeting.is_booked else None


def note_meeting(
    mentorship: Mentorship, side: Side, met_on: date, mode: Mode, words: str, by: User | PersonalLink
) -> MentoringMeeting:
    """Note that the pair met, with words of their own or none. The same day and mode again is the same note."""
    if met_on > clock.today():
        raise RuleBroken("The day on which you met cannot be in the future.")
    if met_on < clock.to_london(mentorship.introduced_at).date():
        raise RuleBroken("The day on which you met cannot be before you were introduced.")
    if len(words := words.strip()) > WORDS_LENGTH:
        raise RuleBroken(f"Your words must be {WORDS_LENGTH:,} characters or fewer. It is {len(words):,} characters.")
    with db.atomic():
        refuse_ended(mentorship)
        same = (MentoringMeeting.mentorship == mentorship) & (MentoringMeeting.met_on == met_on)
        for there in MentoringMeeting.select().where(same & MentoringMeeting.removed_at.is_null()):
            if (there.mode, there.noted_by, there.words or "") == (mode, side, words):
                return there  # a second press
        noted = MentoringMeeting(mentorship=mentorship, met_on=met_on, mode=mode, noted_by=side, noted_at=clock.now())
        noted.words = words or None
        noted.save(force_insert=True)
        facts = {"met_on": met_on.isoformat(), "mode": mode.value}
        record("mentorship.meeting_noted", by=by, concerning=mentorship, facts=facts)
        say_in_touch(mentorship, side, by)
    return noted


def take_back_note(noted: MentoringMeeting, side: Side, by: User | PersonalLink) -> None:
    """Take a note off the list. Only who wrote it may."""
    if noted.noted_by != side:
        raise RuleBroken("Only who noted a meeting can take the note away.")
    with db.atomic():
        refuse_ended(noted.mentorship)
        here = (MentoringMeeting.id == noted.id) & MentoringMeeting.removed_at.is_null()
        if MentoringMeeting.update(removed_at=clock.now(), words=None).where(here).execute():
            record("mentorship.note_removed", by=by, concerning=noted.mentorship)


# Ending


def not_working(mentorship: Mentorship, side: Side, by: User | PersonalLink) -> None:
    """One of the two says that it does not work: no reason is asked and none is kept. They are never matched again, and
    a different arrangement is offered; the other is told only that (D14).
    """
    with db.atomic():
        if not _end(mentorship, MentorshipEnding.NOT_WORKING, by, side.value):
            return
        apart = {"name": mentorship.mentor.user.name, "email": mentorship.mentor.user.email}
        KeptApart.insert(
            returner=mentorship.returner, why=WhyApart.NOT_WORKING, written_at=clock.now(), **apart
        ).on_conflict_ignore().execute()
        record("mentorship.not_working", by=by, concerning=mentorship, facts={"side": side.value})


def end_early(mentorship: Mentorship, side: Side, by: User | PersonalLink) -> None:
    """One of the two has had what they wished for. Both are told, and asked how it was (D15)."""
    with db.atomic():
        if _end(mentorship, MentorshipEnding.EARLY, by, side.value):
            _ask_both(mentorship)
            record("mentorship.ended", by=by, concerning=mentorship, facts={"ending": "early", "side": side.value})


def end_of_mentor(mentorship: Mentorship, by: User) -> None:
    """The mentor cannot go on: the returner waits for another one, at the place they had (D4)."""
    with db.atomic():
        if _end(mentorship, MentorshipEnding.MENTOR_LEFT, by):
            record("mentorship.mentor_left", by=by, concerning=mentorship)


def end_in_time(mentorship: Mentorship, by: User) -> bool:
    """Six calendar months after the return it ends by itself (D11). Gives whether it did now."""
    with db.atomic():
        if not _end(mentorship, MentorshipEnding.TIME_UP, by):
            return False
        _ask_both(mentorship)
        record("mentorship.ended", by=by, concerning=mentorship, facts={"ending": "time_up"})
    return True


def return_moved(returner: Returner, by: User) -> None:
    """The return is on another day, so an open mentorship ends on another one too. In the transaction of the change."""
    last_day = ends_on(returner.returns_on)
    open_one = (Mentorship.returner == returner) & Mentorship.ended_at.is_null() & (Mentorship.ends_on != last_day)
    for mentorship in list(Mentorship.select().where(open_one)):
        was = mentorship.ends_on
        # A notice that was for the earlier end is due again before the later one.
        told = None if last_day > was else mentorship.told_month_before_at
        change(mentorship, mentorship.version, CHANGED, ends_on=last_day, told_month_before_at=told)
        facts = {"was": was.isoformat(), "ends_on": last_day.isoformat()}
        record("mentorship.end_moved", by=by, concerning=mentorship, facts=facts)


def _end(mentorship: Mentorship, ending: MentorshipEnding, by: User | PersonalLink, by_side: str = "") -> bool:
    """End it once: the seats are free, a meeting to come is off. A returner whose time is not over waits for another mentor
    where the pair did not end by choice or in time. Gives whether this call ended it.
    """
    now = clock.now()
    columns = {"ended_at": now, "ending": ending, "ended_by": by_side, "mentor_seat": None, "returner_seat": None}
    still_open = (Mentorship.id == mentorship.id) & Mentorship.ended_at.is_null()
    if not Mentorship.update(version=Mentorship.version + 1, **columns).where(still_open).execute():
        return False
    fresh: Mentorship = Mentorship.get_by_id(mentorship.id)
    mentorship.__data__.update(fresh.__data__)
    meeting = mentorship.first_meeting
    if meeting is not None and meeting.is_booked and meeting.begins_at > now:
        booking.cancel(meeting, by)
    waits_again = ending not in WITH_SURVEY and mentorship.ends_on > clock.today()
    state = ReturnerState.INTERESTED if waits_again else ReturnerState.ENDED
    Returner.update(state=state, version=Returner.version + 1).where(Returner.id == mentorship.returner_id).execute()
    return True


def _ask_both(mentorship: Mentorship) -> None:
    """A survey for each of the two, once (D15)."""
    for side in Side:
        feedback.ask_one_of_pair(mentorship, side, MENTORING)


def refuse_ended(mentorship: Mentorship) -> None:
    """Raise RuleBroken where it has ended. Holds its row until the change is written."""
    still_open = (Mentorship.id == mentorship.id) & Mentorship.ended_at.is_null()
    if not Mentorship.update(version=Mentorship.version).where(still_open).execute():
        raise RuleBroken(ENDED)


# Who is who


def side_of(mentorship: Mentorship, by: User | PersonalLink) -> Side:
    """Which of the two this is; by a personal link it is the returner."""
    return Side.MENTOR if isinstance(by, User) and by.id == mentorship.mentor.user_id else Side.RETURNER


def other(side: Side) -> Side:
    return Side.MENTOR if side == Side.RETURNER else Side.RETURNER


def name_of(mentorship: Mentorship, side: Side) -> str:
    return str(mentorship.mentor.user.name if side == Side.MENTOR else mentorship.returner.name)


def last_met(mentorship: Mentorship) -> date | None:
    """When the pair last met, as either noted it."""
    noted = (MentoringMeeting.mentorship == mentorship) & MentoringMeeting.removed_at.is_null()
    day: date | None = MentoringMeeting.select(fn.MAX(MentoringMeeting.met_on)).where(noted).scalar()
    return day
