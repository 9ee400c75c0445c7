"""What each person may see of careers sessions. Every read starts here."""

from dataclasses import dataclass
from datetime import date, timedelta

from peewee import JOIN, ModelSelect

from models import (
    SHARED_PASSAGES,
    CareersSession,
    DiscussionForm,
    FocusChange,
    IssueState,
    Meeting,
    MeetingState,
    Objective,
    Passage,
    Referral,
    SessionIssue,
    SessionOption,
    SessionText,
    StageTouched,
    User,
)
from signpost import clock
from signpost.plans import queries as plans
from signpost.referrals import queries as referrals
from signpost.referrals import record_access


def visible_to(user: User) -> ModelSelect:
    """The sessions whose record this person may read now: of their own cases, by cover, or for a stated reason (C9)."""
    may = CareersSession.referral.in_(record_access.held_by(user))
    return CareersSession.select(CareersSession, Referral).join(Referral).where(may)


def shared_with(user: User) -> ModelSelect:
    """Finished sessions of which this person is the trainee: what is shared of them is theirs to read."""
    theirs = Referral.id.in_(referrals.about_ids(user))
    return CareersSession.select(CareersSession, Referral).join(Referral).where(theirs & _finished())


def on_paper_for(user: User) -> ModelSelect:
    """The same, and those whose record this person may read: what is shared, to hand over."""
    theirs = Referral.id.in_(referrals.about_ids(user)) | Referral.id.in_(record_access.held_by(user))
    return CareersSession.select(CareersSession, Referral).join(Referral).where(theirs & _finished())


def _finished() -> ModelSelect:
    return CareersSession.finished_at.is_null(False)


def sessions_of(referral: Referral) -> list[CareersSession]:
    """Every session of a case, the first first, with its meeting."""
    query = CareersSession.select(CareersSession, Meeting).join(Meeting).where(CareersSession.referral == referral)
    return list(query.order_by(CareersSession.id))


def finished(referral: Referral) -> ModelSelect:
    """The finished sessions of a case: what is shared of them is its trainee's to read."""
    query = CareersSession.select(CareersSession, Referral).join(Referral)
    return query.where((CareersSession.referral == referral) & _finished())


def unfinished_by(user: User) -> list[CareersSession]:
    """Sessions this person began and can still finish, the oldest first: their meetings stand."""
    mine = (CareersSession.counsellor == user) & CareersSession.finished_at.is_null()
    stands = (Meeting.state == MeetingState.BOOKED) & Meeting.attendance.is_null()
    query = visible_to(user).switch(CareersSession).join(Meeting).where(mine & stands)
    return list(query.order_by(CareersSession.id))


def number_of(session: CareersSession) -> int:
    """Which session of its case this is: 1 for the first."""
    earlier = (CareersSession.referral == session.referral) & (CareersSession.id <= session.id)
    return CareersSession.select().where(earlier).count()


def of_meeting(meeting: Meeting) -> CareersSession | None:
    return CareersSession.get_or_none(CareersSession.meeting == meeting)


def meetings_to_open(user: User) -> list[Meeting]:
    """Meetings of this person's cases, today or before, that are booked and of which nothing is written yet."""
    query = (
        Meeting.select(Meeting, Referral)
        .join(Referral)
        .switch(Meeting)
        .join(CareersSession, JOIN.LEFT_OUTER, on=(CareersSession.meeting == Meeting.id))
        .where(
            Meeting.referral.in_(_held_by(user))
            & (Meeting.state == MeetingState.BOOKED)
            & Meeting.attendance.is_null()
            & (Meeting.begins_at < clock.start_of(clock.today() + timedelta(days=1)))
            & CareersSession.id.is_null()
        )
    )
    return list(query.order_by(Meeting.begins_at))


def _held_by(user: User) -> list[int]:
    return [one.id for one in (*referrals.cases_of(user), *referrals.covered_by(user))]


def is_first(session: CareersSession) -> bool:
    """Whether no finished session of its case has had confidentiality explained (A17)."""
    explained = (CareersSession.referral == session.referral) & CareersSession.explained.is_null(False)
    earlier = explained & _finished() & (CareersSession.id != session.id)
    return not CareersSession.select().where(earlier).exists()


# What stands in a session


def texts_of(session: CareersSession) -> dict[str, SessionText]:
    return {one.passage: one for one in SessionText.select().where(SessionText.session == session)}


def issues_of(session: CareersSession) -> list[SessionIssue]:
    """What was raised in this session, and what earlier ones left: parked until now, or taken up again here."""
    taken_up = FocusChange.select(FocusChange.issue).where(FocusChange.session == session)
    earlier = (CareersSession.id < session.id) & (
        (SessionIssue.state == IssueState.PARKED) | SessionIssue.id.in_(taken_up)
    )
    query = (
        SessionIssue.select(SessionIssue, CareersSession)
        .join(CareersSession)
        .where((CareersSession.referral == session.referral) & (earlier | (SessionIssue.session == session)))
    )
    return list(query.order_by(SessionIssue.session, SessionIssue.position, SessionIssue.id))


def issues_in(session: CareersSession) -> ModelSelect:
    """The issues of its case: those a page of this session may change."""
    return SessionIssue.select().join(CareersSession).where(CareersSession.referral == session.referral)


def parked_of(referral: Referral) -> list[SessionIssue]:
    """What waits to be returned to, the soonest first; those for 'the next session' before dated ones (B8)."""
    query = (
        SessionIssue.select()
        .join(CareersSession)
        .where((CareersSession.referral == referral) & (SessionIssue.state == IssueState.PARKED))
    )
    return sorted(query, key=lambda one: (one.return_on or date.min, one.id))


def focus_changes_of(session: CareersSession) -> list[FocusChange]:
    query = FocusChange.select(FocusChange, SessionIssue).join(SessionIssue).where(FocusChange.session == session)
    return list(query.order_by(FocusChange.id))


def focus_of(session: CareersSession) -> SessionIssue | None:
    """The issue the session is about now (B3)."""
    changes = focus_changes_of(session)
    return changes[-1].issue if changes else None


def options_of(session: CareersSession) -> list[SessionOption]:
    query = SessionOption.select().where(SessionOption.session == session)
    return list(query.order_by(SessionOption.position, SessionOption.id))


def stages_of(session: CareersSession) -> dict[str, bool]:
    """The stages touched, each with whether it was the main one."""
    return {one.stage: one.is_main for one in StageTouched.select().where(StageTouched.session == session)}


def discussion_of(referral: Referral) -> DiscussionForm | None:
    return DiscussionForm.get_or_none(DiscussionForm.referral == referral)


@dataclass(frozen=True)
class Shared:
    """What a trainee reads of one finished session: nothing of the private passages (B10)."""

    session: CareersSession
    number: int
    texts: dict[str, SessionText]
    focus: list[FocusChange]
    options: list[SessionOption]
    tasks: list[Objective]


def shared_of(session: CareersSession) -> Shared:
    texts = {key: text for key, text in texts_of(session).items() if key in SHARED_PASSAGES and text.words}
    tasks = [one for one in plans.objectives_of(session.referral) if one.session_id == session.id]
    return Shared(session, number_of(session), texts, focus_changes_of(session), options_of(session), tasks)


def is_private(passage: Passage) -> bool:
    return passage not in SHARED_PASSAGES
