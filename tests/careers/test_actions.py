"""A session is opened, timed, explained and finished; and what refuses each (B7, B8, A12, A17, A18)."""

from datetime import timedelta

import pytest

from models import (
    Attendance,
    AuditEntry,
    CareersSession,
    DiscussionForm,
    Event,
    IssueState,
    Meeting,
    Objective,
    PlanningStage,
    Referral,
    Role,
    Statement,
    Status,
)
from signpost import clock
from signpost.careers import actions, queries, writing
from signpost.errors import RuleBroken, StaleRecord
from signpost.plans import actions as plans
from signpost.referrals import actions as referrals
from signpost.referrals import record_access
from tests.factories import a_case, a_held_session, a_meeting, a_session, a_user


def fresh(session):
    return CareersSession.get_by_id(session.id)


# Opening


def test_the_counsellor_opens_the_session_of_a_meeting_and_its_clock_runs_for_forty_minutes(case, counsellor):
    session = actions.begin(a_meeting(case), counsellor)

    assert (session.minutes, session.counsellor, session.referral) == (40, counsellor, case)
    assert session.ends_at == session.begun_at + timedelta(minutes=40)
    assert Event.select().where(Event.name == "session.begun").count() == 1


def test_opening_it_again_opens_the_same(case, counsellor):
    meeting = a_meeting(case)

    assert actions.begin(meeting, counsellor) == actions.begin(meeting, counsellor)
    assert CareersSession.select().count() == 1


def test_a_colleague_who_covers_opens_it(case, adviser):
    colleague = a_user(Role.COUNSELLOR)
    record_access.cover(case, colleague, clock.today(), "Leave.", adviser)

    assert actions.begin(a_meeting(case), colleague).counsellor == colleague


def test_nobody_else_opens_it(case, adviser, referrer, trainee):
    meeting = a_meeting(case)
    for one in (adviser, referrer, trainee, a_user(Role.COUNSELLOR)):
        with pytest.raises(RuleBroken, match="Only the counsellor"):
            actions.begin(meeting, one)
    assert not CareersSession.select().exists()


def test_it_opens_half_an_hour_before_and_no_sooner(case, counsellor):
    meeting = a_meeting(case, clock.now() + timedelta(minutes=31))

    with pytest.raises(RuleBroken, match="half an hour"):
        actions.begin(meeting, counsellor)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert actions.begin(meeting, counsellor)


def test_what_was_cancelled_is_not_opened(case, counsellor):
    with pytest.raises(RuleBroken, match="was cancelled"):
        actions.begin(a_meeting(case, state="cancelled"), counsellor)


@pytest.mark.parametrize("column", [{"state": "cancelled"}, {"attendance": Attendance.DID_NOT_TAKE_PLACE}])
def test_a_session_whose_meeting_fell_through_while_it_was_open_waits_for_nobody(session, counsellor, column):
    assert queries.unfinished_by(counsellor) == [session]
    Meeting.update(**column).execute()

    assert queries.unfinished_by(counsellor) == []
    assert list(queries.visible_to(counsellor)) == [session], "what was written is kept"


# While it runs


def test_its_length_is_set_for_this_session_alone(session, counsellor):
    actions.set_length(session, 55, counsellor)

    assert fresh(session).minutes == 55


def test_a_second_tab_does_not_set_the_length_over_the_first(session, counsellor):
    other = fresh(session)
    actions.set_length(session, 55, counsellor)

    with pytest.raises(StaleRecord):
        actions.set_length(other, 20, counsellor)
    assert fresh(session).minutes == 55


def test_what_is_pressed_twice_from_two_tabs_is_done_once(session, counsellor):
    for tab in (fresh(session), fresh(session)):
        actions.set_length(tab, 55, counsellor)
    for tab in (fresh(session), fresh(session)):
        actions.explain(tab, counsellor)
    task = plans.add(
        plans.of_case(session.referral), "Write a CV", clock.today() + timedelta(days=7), counsellor, session=session
    )
    for tab in (Objective.get_by_id(task.id), Objective.get_by_id(task.id)):
        actions.remove_task(tab, counsellor)

    done = [event.name for event in Event.select()]
    for once in ("session.length_set", "confidentiality.explained", "task.removed"):
        assert done.count(once) == 1


def test_which_version_of_the_words_was_explained_is_kept(session, counsellor):
    """A18."""
    newer = Statement.create(kind="confidentiality", number=8, words="Newer.", published_at=clock.now())
    actions.explain(session, counsellor)
    Statement.create(kind="confidentiality", number=9, words="Newest.", published_at=clock.now())

    assert fresh(session).explained == newer


def test_the_stages_touched_are_named_with_one_main(session, counsellor):
    """B1."""
    stages = [PlanningStage.SELF_ASSESSMENT, PlanningStage.DECISION_MAKING]
    actions.touch_stages(session, stages, PlanningStage.DECISION_MAKING, counsellor)
    actions.touch_stages(session, stages, PlanningStage.SELF_ASSESSMENT, counsellor)

    assert queries.stages_of(session) == {"self_assessment": True, "decision_making": False}


@pytest.mark.parametrize(
    ("stages", "main", "words"),
    [
        ([PlanningStage.SELF_ASSESSMENT], None, "which stage was the main"),
        ([PlanningStage.SELF_ASSESSMENT], PlanningStage.DECISION_MAKING, "must be one of those"),
    ],
)
def test_stages_without_a_main_one_among_them_are_refused(session, counsellor, stages, main, words):
    with pytest.raises(RuleBroken, match=words):
        actions.touch_stages(session, stages, main, counsellor)
    assert queries.stages_of(session) == {}


# Finishing


def test_a_first_session_cannot_be_finished_before_confidentiality_was_explained(session, counsellor, case):
    """A17."""
    with pytest.raises(RuleBroken, match="explained confidentiality"):
        actions.finish(session, counsellor)
    assert not fresh(session).is_finished
    assert Meeting.get().attendance is None

    actions.explain(session, counsellor)
    actions.finish(session, counsellor)
    assert fresh(session).is_finished


def test_a_later_session_can(case, counsellor):
    a_held_session(case, counsellor)
    second = a_session(case, counsellor)

    actions.finish(second, counsellor)
    assert fresh(second).is_finished


def test_a_first_session_that_was_never_finished_explains_nothing_for_the_next(case, counsellor):
    first = a_session(case, counsellor)
    actions.explain(first, counsellor)
    Meeting.update(state="cancelled").where(Meeting.id == first.meeting_id).execute()

    with pytest.raises(RuleBroken, match="explained confidentiality"):
        actions.finish(a_session(case, counsellor), counsellor)


def test_a_finished_session_counts_as_held(case, counsellor):
    """A12: only sessions held count."""
    session = a_held_session(case, counsellor)

    assert session.meeting.attendance == Attendance.HELD
    assert Referral.get_by_id(case.id).status == Status.IN_PROGRESS


def test_finishing_twice_is_finishing_once(session, counsellor):
    actions.explain(session, counsellor)
    actions.finish(session, counsellor)
    actions.finish(fresh(session), counsellor)

    assert Event.select().where(Event.name == "session.finished").count() == 1


def test_a_session_whose_meeting_was_cancelled_while_it_was_open_is_not_held_and_keeps_its_words(session, counsellor):
    writing.write(session, "notes", "Kept.", 0, counsellor)
    actions.explain(session, counsellor)
    Meeting.update(state="cancelled").execute()

    with pytest.raises(RuleBroken, match="was cancelled"):
        actions.finish(session, counsellor)
    assert queries.texts_of(session)["notes"].words == "Kept."


def test_what_was_raised_and_not_chosen_is_parked_and_the_focus_settled(session, counsellor):
    """B8."""
    raised, focus, talked = (writing.raise_issue(session, words, counsellor) for words in ("One", "Two", "Three"))
    writing.focus_on(session, focus, "", counsellor)
    writing.settle(session, talked, counsellor)
    assert actions.will_be_parked(session) == [raised]
    actions.explain(session, counsellor)
    actions.finish(session, counsellor)

    states = {one.words: one.state for one in queries.issues_of(session)}
    assert states == {"One": IssueState.PARKED, "Two": IssueState.SETTLED, "Three": IssueState.SETTLED}


def test_an_overnight_session_can_still_be_finished(session, counsellor):
    actions.explain(session, counsellor)
    with clock.at(clock.now() + timedelta(hours=14)):
        actions.finish(session, counsellor)

    assert fresh(session).is_finished


def test_a_session_may_be_finished_after_the_trainee_left_the_programme(session, counsellor, adviser, case):
    actions.explain(session, counsellor)
    row = Referral.get_by_id(case.id)
    with clock.at(clock.now() + timedelta(minutes=1)):
        referrals.close(row, "left_programme", adviser, row.version)
        actions.finish(fresh(session), counsellor)

    assert fresh(session).is_finished
    assert Referral.get_by_id(case.id).ending == "left_programme"


# The form before the first session


def test_a_trainee_fills_in_the_form_and_changes_it_until_the_first_session(case, trainee, counsellor):
    """C9."""
    form = actions.fill_in(case, {"now": "Tired.", "hopes": "", "tried": "", "practical": ""}, 0, trainee)
    actions.fill_in(case, {"now": "Rested."}, form.version, trainee)
    assert queries.discussion_of(case).now == "Rested."

    a_session(case, counsellor)
    with pytest.raises(RuleBroken, match="sessions have begun"):
        actions.fill_in(case, {"now": "Late."}, 2, trainee)
    assert queries.discussion_of(case).now == "Rested."


def test_the_form_of_a_closed_case_is_not_changed(case, trainee, adviser):
    referrals.close(case, "unable_to_contact", adviser, case.version)
    with pytest.raises(RuleBroken, match="closed"):
        actions.fill_in(case, {"now": "Late."}, 0, trainee)


def test_the_form_in_two_tabs_is_not_written_over(case, trainee):
    actions.fill_in(case, {"now": "First."}, 0, trainee)

    for version in (0, 7):
        with pytest.raises(StaleRecord):
            actions.fill_in(case, {"now": "Second."}, version, trainee)
    assert DiscussionForm.get().now == "First."


def test_no_words_stand_in_any_event_or_audit_entry(session, case, counsellor, trainee):
    writing.write(session, "observations", "zanzibar", 0, counsellor)
    issue = writing.raise_issue(session, "zanzibar", counsellor)
    writing.focus_on(session, issue, "zanzibar", counsellor)
    writing.weigh(
        writing.add_option(session, "zanzibar", counsellor), "zanzibar", "zanzibar", "zanzibar", 1, counsellor
    )

    assert AuditEntry.select().where(AuditEntry.action == "session.written").count() == 5
    assert not any("zanzibar" in one.facts_json for table in (Event, AuditEntry) for one in table.select())


def test_a_case_of_another_counsellor_has_nothing_to_open(case, counsellor, adviser):
    a_meeting(case)
    other = a_user(Role.COUNSELLOR)
    a_case(other, adviser)

    assert queries.meetings_to_open(other) == []
