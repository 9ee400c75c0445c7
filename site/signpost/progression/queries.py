"""Which reviews and support meetings each person knows of, and what they are to them.

What one is to a review decides, and never adds up: the trainee is that alone, and so is their Training Officer. Whoever
is something through an account is it only while they hold the role.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from peewee import SQL, ModelSelect

from models import (
    Attendance,
    Attendee,
    Event,
    FollowUp,
    LedTo,
    LinkPurpose,
    Meeting,
    Notice,
    OutcomeChange,
    Part,
    PersonalLink,
    Plan,
    Poll,
    PollPerson,
    PollState,
    ProgressionReport,
    Review,
    ReviewIssue,
    ReviewNeeded,
    ReviewPerson,
    Role,
    Segment,
    SupportCall,
    SupportMeeting,
    SupportOutcome,
    Table,
    User,
)
from signpost.accounts import queries as people
from signpost.meetings import polls
from signpost.meetings import queries as meetings

Reader = User | PersonalLink


class Relation(StrEnum):
    TRAINEE = "trainee"
    TRAINING_OFFICER = "training_officer"
    UNIVERSITY = "university"
    DIRECTOR = "director"
    CHAIR = "chair"
    MINUTE_TAKER = "minute_taker"
    TEAM = "team"


# Who reads and works for the School, and who the support is for.
SCHOOL = frozenset({Relation.DIRECTOR, Relation.CHAIR, Relation.MINUTE_TAKER, Relation.TEAM})
SUPPORTED = frozenset({Relation.TRAINEE, Relation.TRAINING_OFFICER})
ROLE_OF = {Part.TRAINING_OFFICER: Role.TRAINING_OFFICER, Part.UNIVERSITY: Role.UNIVERSITY}


# Reviews


def visible_to(user: User) -> ModelSelect:
    """Reviews this person reads: their own, their trainees', those of the School for who works on them.

    The university reads none: only what is shared of a meeting it is invited to.
    """
    return Review.select().where(_about(user) | (Review.id.in_(_visible_ids(user)) & _not_about(user)))


def _visible_ids(user: User) -> ModelSelect:
    roles = people.roles_of(user)
    may = SQL("1 = 0")
    if Role.TRAINING_OFFICER in roles:
        may |= Review.id.in_(_taking_part(user, Part.TRAINING_OFFICER))
    school = SQL("1 = 0")
    if Role.MEETING_CHAIR in roles:
        school |= (Review.director == user) | Review.id.in_(_chaired(user))
    if Role.PROGRESSION in roles:
        school |= SQL("1 = 1")
    return Review.select(Review.id).where(may | (school & Review.id.not_in(_taking_part(user))))


def _about(user: User) -> Any:
    return (Review.trainee == user) | (Review.trainee_email == user.email)


def _not_about(user: User) -> Any:
    return (Review.trainee.is_null() | (Review.trainee != user)) & (Review.trainee_email != user.email)


def _taking_part(user: User, *parts: Part) -> ModelSelect:
    """Ids of the reviews in which this person is Training Officer or university contact now."""
    now = (ReviewPerson.email == user.email) & ReviewPerson.left_at.is_null()
    return ReviewPerson.select(ReviewPerson.review).where(now & ReviewPerson.part.in_(parts or tuple(Part)))


def _chaired(user: User) -> ModelSelect:
    stands = SupportMeeting.called_off_at.is_null()
    return SupportMeeting.select(SupportMeeting.review).where((SupportMeeting.chair == user) & stands)


def visible_by_link(link: PersonalLink) -> ModelSelect:
    """The one review that an open personal link shows: the trainee's own, or that of a Training Officer's trainee."""
    person = link.review_person
    if link.purpose == LinkPurpose.REVIEWED_TRAINEE:
        return Review.select().where(Review.id == link.review_id)
    is_officer = person is not None and person.part == Part.TRAINING_OFFICER and person.left_at is None
    return Review.select().where(Review.id == (person.review_id if is_officer else None))


def relations(reader: Reader, review: Review) -> frozenset[Relation]:
    """What a person, or whoever holds an open link, is to this review."""
    if isinstance(reader, PersonalLink):
        return _relations_by_link(reader, review)
    if reader.email == review.trainee_email or reader.id == review.trainee_id:
        return frozenset({Relation.TRAINEE})
    roles = people.roles_of(reader)
    parts = {person.part for person in parts_in(review) if person.email == reader.email}
    if parts:
        return frozenset(Relation(part) for part in parts if ROLE_OF[Part(part)] in roles)
    held = set()
    if Role.MEETING_CHAIR in roles and review.director_id == reader.id:
        held.add(Relation.DIRECTOR)
    if Role.MEETING_CHAIR in roles and _chaired(reader).where(SupportMeeting.review == review).exists():
        held.add(Relation.CHAIR)
    if Role.PROGRESSION in roles:
        held.add(Relation.TEAM)
    return frozenset(held)


def _relations_by_link(link: PersonalLink, review: Review) -> frozenset[Relation]:
    if link.review_id == review.id and link.purpose == LinkPurpose.REVIEWED_TRAINEE:
        return frozenset({Relation.TRAINEE})
    person = link.review_person
    if person is None or person.review_id != review.id or person.left_at is not None:
        return frozenset()
    return frozenset({Relation(person.part)})


def parts_in(review: Review) -> list[ReviewPerson]:
    """The Training Officer and the university contact of this moment."""
    now = (ReviewPerson.review == review) & ReviewPerson.left_at.is_null()
    return list(ReviewPerson.select().where(now).order_by(ReviewPerson.id))


def officer_of(review: Review) -> ReviewPerson | None:
    return next((one for one in parts_in(review) if one.part == Part.TRAINING_OFFICER), None)


def university_of(review: Review) -> ReviewPerson | None:
    return next((one for one in parts_in(review) if one.part == Part.UNIVERSITY), None)


# Support meetings


def meetings_visible_to(user: User) -> ModelSelect:
    """Support meetings of the reviews this person reads, and those to which they are invited from a university."""
    may = SupportMeeting.review.in_(visible_to(user).select(Review.id))
    if Role.UNIVERSITY in people.roles_of(user):
        not_theirs = SupportMeeting.review.not_in(Review.select(Review.id).where(_about(user)))
        may |= _invites(ReviewPerson.email == user.email, user.email) & not_theirs
    return SupportMeeting.select().where(may)


def meetings_visible_by_link(link: PersonalLink) -> ModelSelect:
    may = SupportMeeting.review.in_(visible_by_link(link).select(Review.id))
    if link.review_person_id is not None:
        may |= _invites(ReviewPerson.id == link.review_person_id, link.email)
    return SupportMeeting.select().where(may)


def _invites(person: Any, email: str) -> Any:
    """Whether a meeting invites somebody from a university, and they have not been taken off it since (E6)."""
    there = (ReviewPerson.part == Part.UNIVERSITY) & ReviewPerson.left_at.is_null() & person
    gone = (Attendee.email == email) & Attendee.removed_at.is_null(False) & Meeting.poll.is_null(False)
    taken_off = Attendee.select(Meeting.poll).join(Meeting).where(gone)
    stays = SupportMeeting.poll.is_null() | SupportMeeting.poll.not_in(taken_off)
    stands = SupportMeeting.called_off_at.is_null()
    return SupportMeeting.university.in_(ReviewPerson.select(ReviewPerson.id).where(there)) & stays & stands


def relations_to(reader: Reader, support: SupportMeeting) -> frozenset[Relation]:
    """What somebody is to this one meeting: the university only where it is invited; chair and minute taker only here."""
    found = set(relations(reader, support.review))
    if Relation.UNIVERSITY in found:
        mine = meetings_visible_to(reader) if isinstance(reader, User) else meetings_visible_by_link(reader)
        return frozenset(found) if mine.where(SupportMeeting.id == support.id).exists() else frozenset()
    if isinstance(reader, User) and not found & SUPPORTED:
        if Relation.CHAIR in found and support.chair_id != reader.id:
            found = (found - {Relation.CHAIR}) | {Relation.DIRECTOR}  # who chairs another one reads this one as School
        if support.chair_id == reader.id and Role.MEETING_CHAIR in people.roles_of(reader):
            found.add(Relation.CHAIR)
        if support.minute_taker_id == reader.id and Relation.TEAM in found:
            found.add(Relation.MINUTE_TAKER)
    return frozenset(found)


def whose(support: SupportMeeting, relations: frozenset[Relation]) -> str:
    """The name of the trainee, for everybody else: who looks after several must not take one for another."""
    return "" if Relation.TRAINEE in relations else str(support.review.trainee_name)


def meeting_of(found: SupportMeeting | SupportCall) -> Meeting | None:
    """The meeting that was fixed, whatever became of it; None while there is no date."""
    if isinstance(found, SupportCall) and found.meeting_id is not None:
        return found.meeting
    return None if found.poll_id is None else Meeting.get_or_none(Meeting.poll == found.poll_id)


# What belongs to a review


def issues_of(review: Review) -> list[ReviewIssue]:
    listed = (ReviewIssue.review == review) & ReviewIssue.removed_at.is_null()
    return list(ReviewIssue.select().where(listed).order_by(ReviewIssue.position, ReviewIssue.id))


def is_academic(review: Review) -> bool:
    """Whether any of its issues is academic: then somebody from the university may be invited (E6)."""
    return any(one.is_academic for one in issues_of(review))


def outcome_changes_of(review: Review) -> list[OutcomeChange]:
    return list(OutcomeChange.select().where(OutcomeChange.review == review).order_by(OutcomeChange.id))


def follow_ups_of(review: Review) -> list[FollowUp]:
    """What follows; but not what an outcome named that stands no more, unless somebody was asked to act already."""
    gone = SupportOutcome.select(SupportOutcome.id).where(SupportOutcome.replaced_at.is_null(False))
    stands = FollowUp.outcome.is_null() | FollowUp.outcome.not_in(gone) | FollowUp.sent_at.is_null(False)
    return list(FollowUp.select().where((FollowUp.review == review) & stands).order_by(FollowUp.id))


def call_of(review: Review) -> SupportCall | None:
    return SupportCall.get_or_none(SupportCall.review == review)


def open_call_of(review: Review) -> SupportCall | None:
    """The support call that was offered, while it is neither declined nor held."""
    found = call_of(review)
    return found if found and found.declined_at is None and found.held_at is None else None


def support_meetings_of(review: Review) -> list[SupportMeeting]:
    return list(SupportMeeting.select().where(SupportMeeting.review == review).order_by(SupportMeeting.id))


def open_meeting_of(review: Review) -> SupportMeeting | None:
    """The support meeting that is asked for, and neither held nor called off."""
    stands = SupportMeeting.held_at.is_null() & SupportMeeting.called_off_at.is_null()
    return SupportMeeting.select().where((SupportMeeting.review == review) & stands).order_by(SupportMeeting.id).first()


def outcomes_of(support: SupportMeeting) -> list[SupportOutcome]:
    """What the meeting came to, as it stands."""
    stands = (SupportOutcome.support_meeting == support) & SupportOutcome.replaced_at.is_null()
    return list(SupportOutcome.select().where(stands).order_by(SupportOutcome.id))


def replaced_outcomes_of(support: SupportMeeting) -> list[SupportOutcome]:
    """What it had come to before that was changed."""
    gone = (SupportOutcome.support_meeting == support) & SupportOutcome.replaced_at.is_null(False)
    return list(SupportOutcome.select().where(gone).order_by(SupportOutcome.id))


def followed_by(support: SupportMeeting) -> SupportMeeting | None:
    """The meeting that follows this one, where one is asked for."""
    stands = (SupportMeeting.follows == support) & SupportMeeting.called_off_at.is_null()
    return SupportMeeting.select().where(stands).order_by(SupportMeeting.id).first()


def plan_of(review: Review) -> Plan | None:
    """The action plan, while a meeting asks for one, and once it is agreed whatever becomes of that (E11)."""
    plan: Plan | None = Plan.get_or_none(Plan.review == review)
    if plan is None or plan.agreed_at is not None:
        return plan
    stands = (SupportOutcome.kind == LedTo.ACTION_PLAN) & SupportOutcome.replaced_at.is_null()
    of_review = SupportOutcome.support_meeting.in_(
        SupportMeeting.select(SupportMeeting.id).where(SupportMeeting.review == review)
    )
    return plan if SupportOutcome.select().where(stands & of_review).exists() else None


def needed_after(review: Review) -> ReviewNeeded | None:
    """That a further review is listed as needed, whatever became of it (E12)."""
    return ReviewNeeded.get_or_none(ReviewNeeded.review == review)


def reports_of(review: Review, is_school: bool) -> list[ProgressionReport]:
    """Reports beyond the School: all for the School, and for the trainee those of which they were told, also where they
    were withdrawn since then (E13)."""
    found = list(ProgressionReport.select().where(ProgressionReport.review == review).order_by(ProgressionReport.id))
    gone = withdrawals(found)
    return [one for one in found if is_school or one.told_at is not None or one.id in gone]


def withdrawals(reports: Iterable[ProgressionReport]) -> dict[int, Event]:
    """Of reports that were agreed and withdrawn before they left: by the row number, that this was done, and by whom."""
    undone = {one.public_id: one.id for one in reports if one.is_agreed is False}
    if not undone:
        return {}
    of_report = (Event.name == "progression_report.withdrawn") & Event.about_id.in_(list(undone))
    rows = Event.select(Event, User).join(User, on=Event.by_user).where(of_report).order_by(Event.id)
    return {undone[one.about_id]: one for one in rows}


def sent_to(review: Review, email: str) -> list[ProgressionReport]:
    """What somebody beyond the School was told."""
    sent = ProgressionReport.sent_at.is_null(False) & (ProgressionReport.to_email == email)
    return list(ProgressionReport.select().where((ProgressionReport.review == review) & sent))


def segments_of(support: SupportMeeting) -> list[Segment]:
    return list(Segment.select().where(Segment.support_meeting == support).order_by(Segment.position))


def attendees_of(support: SupportMeeting) -> list[tuple[str, bool]]:
    """Who is, or will be, there: the name, and whether they are needed (E5, E6)."""
    meeting = meeting_of(support)
    if meeting is not None:
        return [(one.name, one.is_required) for one in meetings.attendees(meeting)]
    officer, university = officer_of(support.review), support.university
    needed = [support.chair.name, support.review.trainee_name, officer.name if officer else ""]
    needed.append(support.minute_taker.name if support.minute_taker else "")
    named = [(name, True) for name in needed if name]
    return named + ([(university.name, False)] if university and university.left_at is None else [])


def silent_in(support: SupportMeeting) -> list[PollPerson]:
    """Who is asked when they can meet, and has not answered."""
    poll = support.poll
    return polls.waiting_for(poll) if poll is not None and is_asking(poll) else []


def staff_of(support: SupportMeeting) -> set[str]:
    """The addresses of who chairs it and of who takes the minutes."""
    return {one.email for one in (support.chair, support.minute_taker) if one is not None}


def is_asking(poll: Poll) -> bool:
    """Whether people are still asked when they can."""
    return bool(poll.state == PollState.OPEN)


def is_arranged(support: SupportMeeting) -> bool:
    """Whether its date is fixed, or being looked for. One that did not take place on its day needs another."""
    if support.poll is not None and is_asking(support.poll):
        return True
    meeting = meeting_of(support)
    return meeting is not None and meeting.is_booked and meeting.attendance != Attendance.DID_NOT_TAKE_PLACE


def chairs() -> list[User]:
    """Training programme directors and other senior members, who chair support meetings (E5)."""
    return people.holding(Role.MEETING_CHAIR)


def messages_of(review: Review) -> ModelSelect:
    """The messages of a review and of what belongs to it, for the progression team."""
    call = call_of(review)
    follow_ups = FollowUp.select().where(FollowUp.review == review)
    parts: list[Table] = [review, *([call] if call else []), *support_meetings_of(review), *follow_ups]
    parts += reports_of(review, is_school=True)
    about = SQL("1 = 0")
    for part in parts:
        about |= (Event.about_table == part._meta.table_name) & (Event.about_id == part.public_id)
    return Notice.select().join(Event).where(about).order_by(Notice.id.desc())


# Lists

PAGE = 50


def listed(user: User, is_closed: bool, page: int = 1) -> list[Review]:
    """The reviews this person reads, the oldest outcome first; one more than a page where there are more."""
    open_or_closed = Review.closed_at.is_null(not is_closed)
    order = (Review.closed_at.desc(), Review.id) if is_closed else (Review.outcome_on, Review.id)
    query = visible_to(user).where(open_or_closed).order_by(*order)
    return list(query.offset((page - 1) * PAGE).limit(PAGE + 1))


def invited_meetings(user: User) -> ModelSelect:
    """Support meetings to which somebody from a university is invited, and whose review they do not read."""
    return meetings_visible_to(user).where(SupportMeeting.review.not_in(visible_to(user).select(Review.id)))


# What waits


def read_by(user: User) -> list[tuple[Review, bool, bool]]:
    """Open reviews, decided about, of this person or of their trainees: whether it is their own, and whether a call that
    was offered waits for an answer."""
    own = Review.id.in_(Review.select(Review.id).where(_about(user)))
    theirs = Review.id.in_(_taking_part(user, Part.TRAINING_OFFICER)) & Review.id.in_(
        visible_to(user).select(Review.id)
    )
    open_ones = Review.closed_at.is_null() & Review.decided_at.is_null(False)
    rows = list(Review.select().where((own | theirs) & open_ones).order_by(Review.outcome_on, Review.id))
    unanswered = SupportCall.wanted_at.is_null() & SupportCall.declined_at.is_null() & SupportCall.held_at.is_null()
    calls = SupportCall.select(SupportCall.review).where(SupportCall.review.in_(rows) & unanswered)
    waits = {review_id for (review_id,) in calls.tuples()}
    return [(one, user.email == one.trainee_email or user.id == one.trainee_id, one.id in waits) for one in rows]


def worked_on_by(user: User) -> ModelSelect:
    """Open reviews that this person reads for the School, and not as somebody whom the support is for."""
    as_school = _not_about(user) & Review.id.not_in(_taking_part(user))
    return visible_to(user).where(Review.closed_at.is_null() & as_school)


def chaired_by(user: User) -> Any:
    """Of support meetings: those this person chairs, or chaired, about a review that they work on."""
    return SupportMeeting.review.in_(worked_on_by(user).select(Review.id)) & (SupportMeeting.chair == user)


def undecided_by(user: User) -> list[Review]:
    """Reviews about which the School has not decided, the oldest outcome first."""
    query = worked_on_by(user).where(Review.decision.is_null())
    return list(query.order_by(Review.outcome_on, Review.id))


def dates_to_fix(user: User) -> list[SupportMeeting]:
    """Support meetings for which this person asked when all can meet, and everyone needed has answered."""
    answered = (Poll.organiser == user) & (Poll.state == PollState.OPEN) & Poll.all_answered_at.is_null(False)
    query = SupportMeeting.select(SupportMeeting, Poll, Review).join(Poll).switch(SupportMeeting).join(Review)
    return list(query.where(answered & SupportMeeting.called_off_at.is_null()).order_by(Poll.id))
