"""What is written as a session goes: passages, issues and the focus, options; two tabs never overwrite each other."""

from datetime import timedelta

import pytest

from models import CareersSession, IssueState, Passage, Referral, SessionIssue, SessionOption, SessionText
from signpost import clock
from signpost.careers import actions, queries, writing
from signpost.errors import RuleBroken, StaleRecord
from signpost.referrals import actions as referrals
from tests.factories import a_held_session, a_session


@pytest.fixture
def issues(session, counsellor):
    return [writing.raise_issue(session, words, counsellor) for words in ("Interviews", "Training less than full time")]


def texts(session):
    return {key: (one.words, one.version) for key, one in queries.texts_of(session).items()}


# Passages


def test_a_passage_is_kept_as_it_is_typed_and_each_time_has_a_version(session, counsellor):
    first = writing.write(session, Passage.NOTES, "She says", 0, counsellor)
    writing.write(session, Passage.NOTES, "She says yes", first.version, counsellor)

    assert texts(session) == {"notes": ("She says yes", 2)}


def test_the_same_words_again_are_no_change(session, counsellor):
    writing.write(session, Passage.NOTES, "Same", 0, counsellor)

    assert writing.write(session, Passage.NOTES, "Same", 0, counsellor).version == 1


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_second_tab_that_knew_another_version_does_not_write_over_it(session, counsellor, version):
    writing.write(session, Passage.NOTES, "First tab", 0, counsellor)

    with pytest.raises(StaleRecord):
        writing.write(session, Passage.NOTES, "Second tab", version, counsellor)
    assert texts(session) == {"notes": ("First tab", 1)}


def test_a_version_of_what_is_not_there_writes_nothing(session, counsellor):
    with pytest.raises(StaleRecord):
        writing.write(session, Passage.NOTES, "Words", 3, counsellor)
    assert not SessionText.select().exists()


def test_words_may_be_completed_after_the_session_until_the_case_is_closed(case, counsellor, adviser):
    session = a_held_session(case, counsellor)
    writing.write(session, Passage.SUMMARY, "Afterwards.", 0, counsellor)
    row = Referral.get_by_id(case.id)
    referrals.close(row, "left_programme", adviser, row.version)

    session = CareersSession.get_by_id(session.id)
    with pytest.raises(RuleBroken, match="closed"):
        writing.write(session, Passage.SUMMARY, "Too late.", 1, counsellor)
    assert texts(session) == {"summary": ("Afterwards.", 1)}


# Issues and the focus


def test_the_first_focus_needs_no_reason(session, issues, counsellor):
    """B3."""
    writing.focus_on(session, issues[0], "", counsellor)

    assert queries.focus_of(session) == issues[0]
    assert issues[0].state == IssueState.FOCUS


def test_renegotiating_it_keeps_when_and_why_and_the_earlier_one_is_raised_again(session, issues, counsellor):
    """B4."""
    writing.focus_on(session, issues[0], "", counsellor)
    with clock.at(clock.now() + timedelta(minutes=10)):
        writing.focus_on(session, issues[1], "It presses more.", counsellor)

    changes = queries.focus_changes_of(session)
    assert [(one.issue.words, one.why) for one in changes] == [
        ("Interviews", None),
        ("Training less than full time", "It presses more."),
    ]
    assert changes[1].changed_at - changes[0].changed_at >= timedelta(minutes=9)
    assert {one.words: one.state for one in queries.issues_of(session)} == {
        "Interviews": IssueState.RAISED,
        "Training less than full time": IssueState.FOCUS,
    }


def test_renegotiating_without_a_reason_is_refused(session, issues, counsellor):
    writing.focus_on(session, issues[0], "", counsellor)

    with pytest.raises(RuleBroken, match="Say why"):
        writing.focus_on(session, issues[1], " ", counsellor)
    assert queries.focus_of(session) == issues[0]


def test_pressing_twice_changes_the_focus_once(session, issues, counsellor):
    writing.focus_on(session, issues[0], "", counsellor)
    writing.focus_on(session, issues[0], "", counsellor)

    assert len(queries.focus_changes_of(session)) == 1


def test_a_parked_issue_is_there_when_the_next_session_opens(session, issues, counsellor, case):
    """B8."""
    later = clock.today() + timedelta(days=30)
    writing.park(session, issues[1], later, counsellor)
    actions.explain(session, counsellor)
    actions.finish(session, counsellor)
    second = a_session(case, counsellor)

    assert [(one.words, one.state, one.return_on) for one in queries.issues_of(second)] == [
        ("Interviews", IssueState.PARKED, None),
        ("Training less than full time", IssueState.PARKED, later),
    ]
    assert [one.words for one in queries.parked_of(case)] == ["Interviews", "Training less than full time"]


def test_what_is_taken_up_again_is_the_focus_of_the_next_session(session, issues, counsellor, case):
    actions.explain(session, counsellor)
    actions.finish(session, counsellor)
    second = a_session(case, counsellor)
    writing.focus_on(second, queries.issues_of(second)[0], "", counsellor)

    assert queries.focus_of(second).words == "Interviews"
    assert [one.words for one in queries.parked_of(case)] == ["Training less than full time"]


def test_a_day_to_return_that_is_past_is_refused(session, issues, counsellor):
    with pytest.raises(RuleBroken, match="today or later"):
        writing.park(session, issues[0], clock.today() - timedelta(days=1), counsellor)


def test_an_issue_without_words_is_refused(session, counsellor):
    with pytest.raises(RuleBroken, match="Enter the issue"):
        writing.raise_issue(session, " \n ", counsellor)


def test_what_is_pressed_twice_from_two_tabs_is_done_once(session, issues, counsellor):
    tabs = [SessionIssue.get_by_id(issues[0].id) for _ in range(2)]
    for tab in tabs:
        writing.reword(session, tab, "Interviews in May", 1, counsellor)
    assert SessionIssue.get_by_id(issues[0].id).version == 2

    tabs = [SessionIssue.get_by_id(issues[0].id) for _ in range(2)]
    for tab in tabs:
        writing.settle(session, tab, counsellor)
    assert SessionIssue.get_by_id(issues[0].id).version == 3


def test_a_reworded_issue_in_two_tabs_is_not_written_over(session, issues, counsellor):
    writing.reword(session, issues[0], "Interviews in May", 1, counsellor)

    with pytest.raises(StaleRecord):
        writing.reword(session, issues[0], "Interviews in June", 1, counsellor)


def test_the_focus_of_a_finished_session_stands(case, counsellor):
    session = a_held_session(case, counsellor)
    issue = writing.raise_issue(session, "Late", counsellor)

    with pytest.raises(RuleBroken, match="finished"):
        writing.focus_on(session, issue, "", counsellor)


# Options


def test_options_are_weighed_and_put_in_order(session, counsellor):
    """B5."""
    course, mock = (writing.add_option(session, words, counsellor) for words in ("A course", "A mock interview"))
    writing.weigh(mock, "A mock interview", "Soon", "Nerves", 1, counsellor)
    writing.reorder(session, [mock.public_id, course.public_id], counsellor)

    assert [(one.words, one.pros, one.cons) for one in queries.options_of(session)] == [
        ("A mock interview", "Soon", "Nerves"),
        ("A course", None, None),
    ]


def test_an_order_that_names_strangers_and_forgets_some_keeps_every_option(session, counsellor):
    third = [writing.add_option(session, words, counsellor) for words in ("1", "2", "3")][-1]
    writing.reorder(session, ["zzzzzzzz", third.public_id], counsellor)

    assert [option.words for option in queries.options_of(session)] == ["3", "1", "2"]


def test_an_option_weighed_in_two_tabs_is_not_written_over(session, counsellor):
    option = writing.add_option(session, "A course", counsellor)
    writing.weigh(option, "A course", "Cheap", "", 1, counsellor)

    with pytest.raises(StaleRecord):
        writing.weigh(option, "A course", "Dear", "", 1, counsellor)
    assert SessionOption.get().pros == "Cheap"


def test_an_option_can_be_removed_and_needs_words(session, counsellor):
    option = writing.add_option(session, "A course", counsellor)
    with pytest.raises(RuleBroken, match="Enter the option"):
        writing.weigh(option, "", "", "", 1, counsellor)

    writing.remove_option(option, counsellor)
    assert queries.options_of(session) == []
