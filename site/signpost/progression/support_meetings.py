"""Support meetings after outcome 3: triage or full, set up, a date found with everybody needed, held (E4 to E8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models import (
    Mode,
    Poll,
    Present,
    Review,
    Role,
    Segment,
    SupportDecision,
    SupportKind,
    SupportMeeting,
    User,
    db,
)
from signpost import clock, settings
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.meetings import booking, polls
from signpost.meetings.support_limits import TRIAGE_MINUTES, is_too_soon
from signpost.notices.permissions import acts_as
from signpost.progression import preparing, queries
from signpost.progression.queries import Relation
from signpost.progression.reviews import refuse_closed

CHANGED = "A colleague has changed this meeting while you were looking at it. Look at it again."
LEAST_MINUTES, MOST_MINUTES = 15, 480


class Unfit(RuleBroken):
    """A meeting cannot be set up so. `because` names what of the setup is not fit."""

    def __init__(self, because: str, words: str) -> None:
        super().__init__(words)
        self.because = because


@dataclass(frozen=True)
class Setup:
    """What a support meeting is to be. A full one is as long as its parts together."""

    kind: SupportKind
    chair: User
    minutes: int = TRIAGE_MINUTES
    minute_taker: User | None = None
    parts: Sequence[tuple[Present, int]] = ()
    mode: Mode = Mode.TEAMS
    mode_reason: str = ""
    place: str = ""
    invites_university: bool = False
    university_reason: str = ""

    @property
    def length(self) -> int:
        is_full = self.kind == SupportKind.FULL
        return sum(minutes for _, minutes in self.parts) if is_full else self.minutes


def kind_decided(review: Review) -> SupportKind:
    """Which kind of meeting the School decided on. Raises RuleBroken where it decided on none."""
    if review.decision not in (SupportDecision.TRIAGE, SupportDecision.FULL):
        raise RuleBroken("The School has not decided on a support meeting.")
    return SupportKind(review.decision)


def require(review: Review, setup: Setup, by: User, follows: SupportMeeting | None = None) -> SupportMeeting:
    """Ask for a support meeting: the trainee and their Training Officer are told that they are needed (E4).

    The first one is of the kind that the School decided; one that follows another may be of either.
    """
    refuse_closed(review)
    if follows is None and review.decision != setup.kind:
        raise RuleBroken("That is not what the School decided. Decide again first, or choose the other kind.")
    refuse_unfit(review, setup)
    with db.atomic():
        Review.update(version=Review.version).where(Review.id == review.id).execute()
        if queries.open_meeting_of(review) is not None:
            raise RuleBroken("A support meeting is asked for already.")
        support = SupportMeeting.create(
            review=review, follows=follows, required_by=by, required_at=clock.now(), **_columns(review, setup)
        )
        _write_parts(support, setup)
        preparing.lay_out(support)
        record("support_meeting.required", by=by, concerning=support)
    return support


def refuse_unfit(review: Review, setup: Setup) -> None:
    """Raise RuleBroken where somebody needed is missing, one person would be two, or it is too long or too short."""
    officer = queries.officer_of(review)
    if officer is None:
        raise RuleBroken("Name the training officer first: they are needed at the meeting.")
    _refuse_chair(review, setup, officer.email)
    _refuse_length(setup)
    if setup.kind == SupportKind.FULL:
        _refuse_minute_taker(review, setup)
    if setup.mode != Mode.TEAMS and not setup.mode_reason.strip():
        raise Unfit("mode_reason", "Support meetings are on Microsoft Teams. Say why this one is not.")
    if setup.mode == Mode.FACE_TO_FACE and not setup.place.strip():
        raise Unfit("place", "Say where you meet.")
    if setup.invites_university:
        if queries.university_of(review) is None:
            raise Unfit("university", "No contact at the university is named. Name one first.")
        if not queries.is_academic(review) and not setup.university_reason.strip():
            raise Unfit("university_reason", "None of the issues is academic. Say why the university is invited.")


def _refuse_chair(review: Review, setup: Setup, officer_email: str) -> None:
    if not acts_as(setup.chair, Role.MEETING_CHAIR):
        raise RuleBroken("That person does not chair support meetings.")
    if setup.chair.email == officer_email:
        raise RuleBroken("The training officer cannot chair the meeting too. Choose somebody else.")
    university = queries.university_of(review)
    if setup.chair.email in (review.trainee_email, university.email if university else ""):
        raise RuleBroken("That person takes part in this review otherwise, so they cannot chair the meeting.")


def _refuse_length(setup: Setup) -> None:
    if setup.kind == SupportKind.TRIAGE:
        if setup.parts:
            raise RuleBroken("A triage meeting has no parts.")
        if setup.minutes > TRIAGE_MINUTES:
            raise Unfit("minutes", f"A triage meeting takes {TRIAGE_MINUTES} minutes at most.")
        if setup.minutes < LEAST_MINUTES:
            raise Unfit("minutes", f"A meeting takes {LEAST_MINUTES} minutes at least.")
        return
    alone = {present for present, _ in setup.parts}
    if not {Present.TOGETHER, Present.TRAINEE_ALONE, Present.OFFICER_ALONE} <= alone:
        raise RuleBroken(
            "In a full meeting everybody is together, and the trainee and the officer each have their own time."
        )
    if not TRIAGE_MINUTES < setup.length <= MOST_MINUTES:
        raise Unfit(
            "together_first", f"A full meeting takes more than {TRIAGE_MINUTES} minutes, and {MOST_MINUTES} at most."
        )


def _refuse_minute_taker(review: Review, setup: Setup) -> None:
    taker = setup.minute_taker
    if taker is None:
        raise Unfit("minute_taker", "A full meeting needs somebody of the progression team who takes the minutes.")
    if not acts_as(taker, Role.PROGRESSION):
        raise Unfit("minute_taker", "The minutes are taken by somebody of the progression team.")
    if taker == setup.chair:
        raise Unfit("minute_taker", "Whoever chairs the meeting cannot take the minutes too.")
    if Relation.TEAM not in queries.relations(taker, review):
        raise Unfit("minute_taker", "That person takes part in this review otherwise, so they cannot take the minutes.")


def _columns(review: Review, setup: Setup) -> dict[str, object]:
    is_teams = setup.mode == Mode.TEAMS
    return {
        "kind": setup.kind,
        "minutes": setup.length,
        "mode": setup.mode,
        "mode_reason": "" if is_teams else setup.mode_reason.strip(),
        "place": setup.place.strip() if setup.mode == Mode.FACE_TO_FACE else "",
        "chair": setup.chair,
        "minute_taker": setup.minute_taker if setup.kind == SupportKind.FULL else None,
        "university": queries.university_of(review) if setup.invites_university else None,
        "university_reason": setup.university_reason.strip() if setup.invites_university else "",
    }


def _write_parts(support: SupportMeeting, setup: Setup) -> None:
    for position, (present, minutes) in enumerate(setup.parts, 1):
        Segment.create(support_meeting=support, position=position, present=present, minutes=minutes)


def alter(support: SupportMeeting, setup: Setup, by: User, expected_version: int) -> None:
    """Change what it is to be, while nobody is asked when they can and no date is fixed."""
    refuse_over(support)
    if queries.is_arranged(support):
        raise RuleBroken("A date is fixed or being looked for. Call that off first.")
    if setup.kind != support.kind:
        raise RuleBroken("A triage meeting does not become a full one. Call it off, and set up the other.")
    refuse_unfit(support.review, setup)
    with db.atomic():
        change(support, expected_version, CHANGED, **_columns(support.review, setup))
        Segment.delete().where(Segment.support_meeting == support).execute()
        _write_parts(support, setup)
        record("support_meeting.changed", by=by, concerning=support)


def refuse_over(support: SupportMeeting) -> None:
    if support.called_off_at is not None:
        raise RuleBroken("This meeting was called off.")
    if support.held_at is not None:
        raise RuleBroken("This meeting has been held already.")


# Finding the date


def needed(support: SupportMeeting, organiser: User) -> list[polls.Asked]:
    """Who is asked when they can: chair, trainee, officer and minute taker are needed, the university is never waited for."""
    review, officer = support.review, queries.officer_of(support.review)
    if officer is None:
        raise RuleBroken("Name the training officer first: they are needed at the meeting.")
    people = [
        polls.Asked(support.chair.name, support.chair.email, is_required=True),
        polls.Asked(review.trainee_name, review.trainee_email, is_required=True),
        polls.Asked(officer.name, officer.email, is_required=True),
    ]
    if support.minute_taker is not None:
        people.append(polls.Asked(support.minute_taker.name, support.minute_taker.email, is_required=True))
    university = support.university
    if university is not None and university.left_at is None:
        people.append(polls.Asked(university.name, university.email, is_required=False))
    return [one for one in people if one.email != organiser.email]


def ask(support: SupportMeeting, begins: Iterable[datetime], reply_by: date, by: User, soon_reason: str = "") -> Poll:
    """Ask everybody who is needed when they can (E8). A time too soon to prepare for needs a reason."""
    refuse_over(support)
    if queries.is_arranged(support):
        raise RuleBroken("A date is fixed, or being looked for already.")
    times = list(begins)
    too_soon = any(is_too_soon(one) for one in times)
    if too_soon and not soon_reason.strip():
        days = settings.current().papers_working_days
        raise RuleBroken(f"One of these times leaves less than {days} working days to prepare. Say why it is so soon.")
    with db.atomic():
        title = f"Support meeting: {support.review.trainee_name}"[:120]
        poll = polls.ask(
            by, title, support.minutes, times, needed(support, by), reply_by, shows_others=False,
            chair=support.chair if support.chair != by else None, mode=Mode(support.mode), place=support.place,
        )  # fmt: skip
        reason = soon_reason.strip() if too_soon else ""
        change(support, support.version, CHANGED, poll=poll, soon_reason=reason)
        record("support_meeting.asked", by=by, concerning=support)
    return poll


# What becomes of it


def held(support: SupportMeeting, by: User) -> None:
    refuse_over(support)
    meeting = queries.meeting_of(support)
    if meeting is None or not meeting.is_booked:
        raise RuleBroken("There is no date for this meeting yet.")
    with db.atomic():
        booking.held(meeting, by)
        change(support, support.version, CHANGED, held_at=meeting.begins_at)
        record("support_meeting.held", by=by, concerning=support)


def did_not_take_place(support: SupportMeeting, by: User) -> None:
    """It was not held on its day. Nobody is at fault: another date is found."""
    refuse_over(support)
    meeting = queries.meeting_of(support)
    if meeting is None or not meeting.is_booked:
        raise RuleBroken("There is no date for this meeting yet.")
    booking.did_not_take_place(meeting, "agreed", by)


def call_off(support: SupportMeeting, by: User, expected_version: int) -> None:
    """It is not needed any more. Whoever was asked or invited is told."""
    refuse_over(support)
    meeting = queries.meeting_of(support)
    with db.atomic():
        change(support, expected_version, CHANGED, called_off_at=clock.now())
        if meeting is not None and meeting.is_booked and meeting.begins_at > clock.now():
            booking.cancel(meeting, by)
        elif support.poll is not None and queries.is_asking(support.poll):
            polls.call_off(support.poll, by, support.poll.version)
        record("support_meeting.called_off", by=by, concerning=support)
