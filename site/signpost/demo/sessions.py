"""The demonstration's careers sessions, lived through as a counsellor does; who stands in, and who read for a reason."""

from collections.abc import Callable
from datetime import datetime, timedelta

from models import CareersSession, Mode, Passage, PlanningStage, Referral, User
from signpost import clock
from signpost.careers import actions, writing
from signpost.careers import queries as sessions
from signpost.demo.after import as_trainee
from signpost.demo.past import minutes_ago
from signpost.errors import RuleBroken
from signpost.meetings import booking
from signpost.meetings import queries as meetings
from signpost.plans import actions as plans
from signpost.referrals import record_access

Cast = dict[str, User]
Act = Callable[[Cast, Referral], object]

PURPOSE = "To look at what comes after this year, and at how the decision could be made."
NOTES = "Enjoys the acute take and teaching. Tired by nights. Has spoken with nobody at home about moving."
SUMMARY = (
    "We looked at three ways to spend next year. Teaching matters more than the place. You will talk to two people."
)
STATEMENT = "I want to choose this for myself, and not because everybody around me applies."
OBSERVATIONS = "Brightens when she speaks of teaching. Come back to the move when she has spoken with her partner."


def lives_through(cast: Cast, referral: Referral) -> None:
    """A first session with everything in it: issues, a focus that changed, options in order, a task, and words."""
    meeting = meetings.next_of(referral)
    if meeting is None:
        return
    by, begun_at = meeting.organiser, max(clock.now(), meeting.begins_at)
    with clock.at(begun_at):
        session = actions.begin(meeting, by)
        actions.explain(session, by)
        _write(session, by)
    with clock.at(begun_at + timedelta(minutes=42)):
        actions.finish(CareersSession.get_by_id(session.id), by)


def _write(session: CareersSession, by: User) -> None:
    said = {
        Passage.PURPOSE: PURPOSE, Passage.NOTES: NOTES, Passage.SUMMARY: SUMMARY, Passage.STATEMENT: STATEMENT,
        Passage.OBSERVATIONS: OBSERVATIONS,
    }  # fmt: skip
    for passage, words in said.items():
        writing.write(session, passage, words, 0, by)
    where, what, _ = (
        writing.raise_issue(session, words, by)
        for words in ("Where to live next year", "What to do next year", "How to prepare for interviews")
    )
    writing.focus_on(session, where, "", by)
    writing.focus_on(session, what, "The place depends on the work.", by)
    for words, pros, cons in (
        ("A teaching fellowship", "What I enjoy most.", "One year later than the others."),
        ("Apply now", "Everybody knows the way.", "No time to think it over."),
    ):
        writing.weigh(writing.add_option(session, words, by), words, pros, cons, 1, by)
    actions.touch_stages(
        session, [PlanningStage.CAREER_EXPLORATION, PlanningStage.DECISION_MAKING], PlanningStage.DECISION_MAKING, by
    )
    plan, day = plans.of_case(session.referral), clock.today() + timedelta(days=35)
    plans.add(plan, "Speak to last year’s teaching fellow", day, by, session=session, supporter=by)


def holds(focus: str, summary: str, main: PlanningStage, parked: str = "") -> Act:
    """A session in few words: what it was about, what is shared of it, and what was left for the next."""

    def act(cast: Cast, referral: Referral) -> None:
        meeting = meetings.next_of(referral)
        if meeting is None:
            return
        by, begun_at = meeting.organiser, max(clock.now(), meeting.begins_at)
        with clock.at(begun_at):
            session = actions.begin(meeting, by)
            if sessions.is_first(session):
                actions.explain(session, by)
            writing.focus_on(session, writing.raise_issue(session, focus, by), "", by)
            if parked:
                writing.raise_issue(session, parked, by)
            writing.write(session, Passage.SUMMARY, summary, 0, by)
            actions.touch_stages(session, [main], main, by)
        with clock.at(begun_at + timedelta(minutes=38)):
            actions.finish(CareersSession.get_by_id(session.id), by)

    return act


def is_to_be_called(begins: datetime) -> Act:
    """The next session is agreed on, by telephone, at whatever hour this is."""

    def act(cast: Cast, referral: Referral) -> None:
        wanted = booking.Wanted(begins, begins + timedelta(minutes=45), Mode.TELEPHONE)
        try:
            booking.arrange(referral, wanted, "", referral.assigned_to)
        except RuleBroken:
            booking.arrange(referral, wanted, "She is on nights, and asked for this time.", referral.assigned_to)

    return act


def begun_lately() -> datetime:
    """About twenty minutes ago, at one of the times at which meetings begin."""
    about = clock.to_london(minutes_ago(18))
    return about - timedelta(minutes=about.minute % 5, seconds=about.second, microseconds=about.microsecond)


def is_on_now(cast: Cast, referral: Referral) -> None:
    """A second session, half way: it opened on what the first had parked, and nothing is decided yet."""
    meeting = meetings.next_of(referral)
    if meeting is None:
        return
    by = meeting.organiser
    session = actions.begin(meeting, by)
    purpose = "Forty minutes, by telephone: to see what came of the tasks, and where she wants to live next year."
    writing.write(session, Passage.PURPOSE, purpose, 0, by)
    writing.write(
        session, Passage.NOTES, "Has spoken at home. Both could imagine the coast, if the rota is known early.", 0, by
    )
    where = next(one for one in sessions.issues_of(session) if one.words.startswith("Where"))
    writing.focus_on(session, where, "", by)
    writing.raise_issue(session, "How to tell her supervisor", by)
    option = writing.add_option(session, "Ask for the coastal rotation", by)
    writing.weigh(option, option.words, "Near family.", "Fewer clinics in what she enjoys.", option.version, by)
    writing.add_option(session, "Stay where she is for one more year", by)


def fills_in(**answers: str) -> Act:
    """The trainee writes, before the first session, what their counsellor may know."""
    return lambda cast, referral: actions.fill_in(referral, answers, 0, as_trainee(referral))


def is_covered(cast: Cast, referral: Referral) -> None:
    """A colleague stands in while the counsellor is away."""
    until = clock.today() + timedelta(days=40)
    record_access.cover(
        referral, cast["counsellor2"], until, "I am on leave, and a session falls into it.", referral.assigned_to
    )


def is_read(cast: Cast, referral: Referral) -> None:
    """The other adviser reads the record, for a reason that the counsellor is told of."""
    record_access.state_reason(referral, "The trainee rang to ask what was agreed.", cast["adviser2"])
    record_access.note_reading(referral, cast["adviser2"], "the record of all sessions")
