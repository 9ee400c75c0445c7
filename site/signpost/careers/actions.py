"""What happens to a careers session: begun, timed, explained, finished; and the form a trainee fills in before it."""

from datetime import timedelta

from peewee import IntegrityError

from models import (
    CareersSession,
    DiscussionForm,
    IssueState,
    Meeting,
    Objective,
    PersonalLink,
    PlanningStage,
    Referral,
    Service,
    SessionIssue,
    StageTouched,
    Statement,
    StatementKind,
    User,
    db,
)
from signpost import clock, settings
from signpost.careers import queries
from signpost.changes import change
from signpost.errors import RuleBroken, StaleRecord
from signpost.events import record
from signpost.feedback import actions as feedback
from signpost.meetings import booking
from signpost.plans import actions as plans
from signpost.referrals import record_access
from signpost.statements import queries as statements
from signpost.statements.actions import refuse_excluded

OPENS_BEFORE = timedelta(minutes=30)
CHANGED = "This session was changed in the meantime. Look at it again."
NEEDS_EXPLANATION = (
    "Say that you explained confidentiality. The record of a first session cannot be finished without it."
)


def begin(meeting: Meeting, by: User) -> CareersSession:
    """Open the record of a meeting of a case, and start its clock. A second press opens the same (B7)."""
    referral = meeting.referral
    if referral is None or not record_access.writes_record(by, referral):
        raise RuleBroken("Only the counsellor, or who stands in for them, can open this session.")
    if (there := queries.of_meeting(meeting)) is not None:
        return there
    refuse_to_begin(meeting)
    refuse_excluded(referral, Service.SESSIONS)
    try:
        with db.atomic():
            session = CareersSession.create(
                referral=referral,
                meeting=meeting,
                counsellor=by,
                minutes=settings.current().careers_session_minutes,
                begun_at=clock.now(),
            )
            record("session.begun", by=by, referral=referral, facts={"session": session.public_id})
    except IntegrityError:
        return CareersSession.get(CareersSession.meeting == meeting)
    return session


def refuse_to_begin(meeting: Meeting) -> None:
    if not meeting.is_booked:
        raise RuleBroken("This meeting was cancelled, so there is no session to open.")
    if clock.now() < meeting.begins_at - OPENS_BEFORE:
        raise RuleBroken("A session can be opened from half an hour before its meeting.")


def set_length(session: CareersSession, minutes: int, by: User) -> None:
    """How long this session is to be (B7)."""
    _refuse_finished(session)
    with db.atomic():
        if CareersSession.get_by_id(session.id).minutes == minutes:
            return
        change(session, session.version, CHANGED, minutes=minutes)
        record("session.length_set", by=by, referral=session.referral, facts={"minutes": minutes})


def explain(session: CareersSession, by: User, seen: str = "") -> None:
    """Keep that confidentiality was discussed, and in which version of the words (A17, A18).

    `seen` is the id of the version that stood on the counsellor's page, where another was published meanwhile.
    """
    kind = StatementKind.CONFIDENTIALITY
    words = statements.versions(kind).where(Statement.public_id == seen).first() or statements.now(kind)
    with db.atomic():
        if CareersSession.get_by_id(session.id).explained_id is not None:
            return
        change(session, session.version, CHANGED, explained=words, explained_at=clock.now())
        facts = {"session": session.public_id, "version": words.number}
        record("confidentiality.explained", by=by, referral=session.referral, facts=facts)


def touch_stages(session: CareersSession, stages: list[PlanningStage], main: PlanningStage | None, by: User) -> None:
    """Which stages of career planning the session touched, and which of them mainly (B1)."""
    if main is not None and main not in stages:
        raise RuleBroken("The main stage must be one of those the session touched.")
    if stages and main is None:
        raise RuleBroken("Select which stage was the main one.")
    with db.atomic():
        if queries.stages_of(session) == {stage: stage == main for stage in stages}:
            return
        StageTouched.delete().where(StageTouched.session == session).execute()
        for stage in stages:
            StageTouched.create(session=session, stage=stage, is_main=stage == main)
        facts = {"stages": [str(stage) for stage in stages], "main": str(main or "")}
        record("session.stages_named", by=by, referral=session.referral, facts=facts)


def remove_task(task: Objective, by: User) -> None:
    """Take a task of this session off the plan. Once, however often it is pressed."""
    with db.atomic():
        if Objective.get_by_id(task.id).removed_at is None:
            plans.remove(task, task.version, by)


def finish(session: CareersSession, by: User) -> None:
    """The session was held and is over: it counts, and what is shared is the trainee's to read (A12, A17, B8).

    What was raised and not chosen is parked; the focus is settled.
    """
    if session.is_finished:
        return
    meeting = Meeting.get_by_id(session.meeting_id)
    if not meeting.is_booked:
        raise RuleBroken(
            "The meeting was cancelled, so this session cannot be finished as held. What you wrote is kept."
        )
    if queries.is_first(session) and session.explained_id is None:
        raise RuleBroken(NEEDS_EXPLANATION)
    with db.atomic():
        change(session, session.version, CHANGED, finished_at=clock.now())
        for issue in queries.issues_of(session):
            after = {IssueState.RAISED: IssueState.PARKED, IssueState.FOCUS: IssueState.SETTLED}.get(issue.state)
            if after is not None:
                change(issue, issue.version, CHANGED, state=after)
        booking.held(meeting, by)
        feedback.ask(session.referral, session)
        record("session.finished", by=by, referral=session.referral, facts={"session": session.public_id})


def will_be_parked(session: CareersSession) -> list[SessionIssue]:
    """What finishing parks by itself."""
    return [one for one in queries.issues_of(session) if one.state == IssueState.RAISED]


def _refuse_finished(session: CareersSession) -> None:
    if session.is_finished:
        raise RuleBroken("This session is finished.")


# Before the first session


def fill_in(referral: Referral, answers: dict[str, str], version: int, by: User | PersonalLink) -> DiscussionForm:
    """What the trainee wants their counsellor to know before they meet (C9). Theirs to change until the first session."""
    refuse_late(referral)
    with db.atomic():
        form = queries.discussion_of(referral)
        if form is None:
            form = _first(referral, answers)
        else:
            change(form, version, CHANGED, written_at=clock.now(), **answers)
        record("discussion.written", by=by, referral=referral)
    return form


def _first(referral: Referral, answers: dict[str, str]) -> DiscussionForm:
    try:
        with db.atomic():
            return DiscussionForm.create(referral=referral, written_at=clock.now(), **answers)
    except IntegrityError:
        raise StaleRecord(CHANGED) from None


def refuse_late(referral: Referral) -> None:
    if referral.is_closed:
        raise RuleBroken("This referral is closed, so the form can no longer be changed.")
    if queries.sessions_of(referral):
        raise RuleBroken(
            "Your sessions have begun, so the form can no longer be changed. Tell your counsellor instead."
        )
