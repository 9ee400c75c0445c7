"""The demonstration's careers sessions, lived through as a counsellor does; who stands in, and who read for a reason."""

from datetime import timedelta

from models import CareersSession, Passage, PlanningStage, Referral, User
from signpost import clock
from signpost.careers import actions, writing
from signpost.meetings import queries as meetings
from signpost.plans import actions as plans
from signpost.referrals import record_access

Cast = dict[str, User]

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


def is_covered(cast: Cast, referral: Referral) -> None:
    """A colleague stands in while the counsellor is away."""
    until = clock.today() + timedelta(days=40)
    record_access.cover(
        referral, cast["counsellor2"], until, "I am on leave, and a session falls into it.", referral.assigned_to
    )


def is_read(cast: Cast, referral: Referral) -> None:
    """The other adviser reads the record, for a reason that the counsellor is told of."""
    record_access.state_reason(referral, "The trainee rang to ask what was agreed.", cast["adviser2"])
    record_access.note_reading(referral, cast["adviser2"], "the record of your sessions")
