"""How far a case is, who was told of its end, and who may still be."""

from dataclasses import dataclass
from datetime import timedelta

from peewee import ModelSelect

from models import Completion, Ending, EndTold, Meeting, MeetingState, Party, Referral, Stage, Status, Teller
from signpost import clock, settings
from signpost.completion.next_step import Case
from signpost.formatting import clock_time, weekday
from signpost.meetings import queries as meetings
from signpost.notices import endings
from signpost.notices.permissions import sessions_are_complete
from signpost.notices.policy import at_the_end
from signpost.referrals import queries as referrals
from signpost.referrals.actions import is_being_chosen

# In the order in which the page names them.
OF_THE_TRAINEE = (Party.REFERRER, Party.HEAD, Party.TSG)
REMINDERS = 2


@dataclass(frozen=True)
class ToTell:
    """One of the three whom a trainee tells (A21): who it is, whether they know of the support, and why it is asked."""

    party: Party
    called: str
    names: tuple[str, ...]
    is_informed: bool
    why: str


def case(referral: Referral) -> Case:
    """How a case stands, for the words of its next step."""
    ahead = meetings.next_of(referral)
    if ahead is not None and ahead.ends_at <= clock.now():
        ahead = None
    row = completion_of(referral)
    return Case(
        status=Status(referral.status),
        counsellor=referral.assigned_to.name if referral.assigned_to else "",
        held=meetings.held_count(referral),
        agreed=referral.agreed_sessions,
        is_being_chosen=is_being_chosen(referral),
        has_accepted=referral.accepted_at is not None,
        meeting_ahead=f"{weekday(ahead.begins_at)}, {clock_time(ahead.begins_at)}" if ahead else "",
        has_meeting_to_note=_to_note(referral).exists(),
        is_complete=sessions_are_complete(referral),
        has_told=bool(told(referral, Teller.TRAINEE)),
        may_tell_for_trainee=row is not None and may_be_told_for(row),
        may_announce=referral.status == Status.SESSIONS_COMPLETE or may_announce(referral),
    )


def _to_note(referral: Referral) -> ModelSelect:
    booked = (Meeting.referral == referral) & (Meeting.state == MeetingState.BOOKED)
    return Meeting.select().where(booked & Meeting.attendance.is_null() & (Meeting.ends_at <= clock.now()))


def completion_of(referral: Referral) -> Completion | None:
    found: Completion | None = Completion.get_or_none(Completion.referral == referral)
    return found


def told(referral: Referral, teller: Teller) -> dict[Party, EndTold]:
    """Whom this teller has told, in the order in which it was done."""
    rows = EndTold.select().where((EndTold.referral == referral) & (EndTold.teller == teller)).order_by(EndTold.id)
    return {Party(row.party): row for row in rows}


def still_to_tell(referral: Referral) -> list[ToTell]:
    """Whom the trainee has not told, and the words why each is named, ticked or not."""
    done = told(referral, Teller.TRAINEE)
    return [_to_tell(party, referral) for party in OF_THE_TRAINEE if party not in done]


def _to_tell(party: Party, referral: Referral) -> ToTell:
    names = tuple(person.name for person in at_the_end(party, referral))
    match party:
        case Party.REFERRER:
            called, is_informed, why = "The person who referred you", True, "They referred you, so they know of it."
        case Party.HEAD:
            school = f"the school of {referral.school.name}" if referral.school else "your school"
            called, is_informed = f"The head of {school}", referral.wider_concerns
            why = "They had a copy of the referral." if is_informed else FIRST_THEY_HEAR
        case _:
            called, is_informed = "The Training Support Group", referrals.released(referral) is not None
            why = "The head of your school let them know of the support." if is_informed else FIRST_THEY_HEAR
    if not names:
        why = NO_SCHOOL if party == Party.HEAD and referral.school is None else NOBODY
    return ToTell(party, called, names, is_informed, why)


FIRST_THEY_HEAR = "We have not told them of the support, so this may be the first they hear of it."
NO_SCHOOL = "We do not know which school is yours, so we cannot tell them."
NOBODY = "Nobody is on record there, so we cannot tell them."


def may_be_told_for(row: Completion) -> bool:
    """The counsellor may tell others for the trainee once they were reminded twice and told nobody (A21)."""
    return row.reminded == REMINDERS and row.told_at is None


def may_announce(referral: Referral) -> bool:
    """Whether the team may still tell the employer that the sessions of a closed case have ended (A22)."""
    if not referral.is_closed or told(referral, Teller.TEAM):
        return False
    begun = referral.id in referrals.had_begun([referral])
    return endings.RULES[Ending(referral.ending)].team_may_tell(begun)


def parties_of_team(referral: Referral) -> list[Party]:
    """Whom the team tells: the employer, where somebody there is on record; the TSG only where it was informed (A22)."""
    tsg = referrals.released(referral) is not None and at_the_end(Party.TSG, referral)
    return [Party.EMPLOYER] * bool(at_the_end(Party.EMPLOYER, referral)) + [Party.TSG] * bool(tsg)


def waiting_for_end_notice(mine: ModelSelect) -> list[Referral]:
    """Of these cases, those complete for some days whose employer was not told, the longest waiting first."""
    long_ago = clock.now() - timedelta(days=settings.current().end_notice_days)
    complete = (Referral.stage == Stage.IN_PROGRESS) & (Referral.status == Status.SESSIONS_COMPLETE)
    waiting = mine.join(Completion).where(complete & (Completion.completed_at <= long_ago))
    return list(waiting.order_by(Completion.completed_at, Referral.id))
