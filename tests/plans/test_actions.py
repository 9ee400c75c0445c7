"""Setting something to do, and what becomes of it: what is refused, and what is kept."""

from datetime import date, timedelta

import pytest

from models import (
    AuditEntry,
    Ending,
    Event,
    LinkPurpose,
    Objective,
    ObjectiveRemark,
    ObjectiveState,
    PersonalLink,
    Plan,
    Referral,
    User,
    db,
)
from signpost import clock
from signpost.accounts import links
from signpost.errors import RuleBroken, StaleRecord
from signpost.plans import actions, queries
from signpost.referrals import actions as referrals
from tests import factories

TODAY = date(2027, 5, 10)
IN_A_MONTH = date(2027, 6, 10)


@pytest.fixture
def case(app, adviser, counsellor) -> Referral:
    clock.set_to(clock.parse("2027-05-10T09:00"))
    referral = factories.a_referral(trainee_name="Toni Trainee")
    referrals.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


@pytest.fixture
def plan(case) -> Plan:
    return actions.of_case(case)


@pytest.fixture
def task(plan, counsellor) -> Objective:
    return actions.add(plan, "Ring the anaesthetics department", IN_A_MONTH, counsellor)


def close(case: Referral, ending: Ending) -> None:
    Referral.update(status="closed", stage="closed", ending=ending, closed_at=clock.now()).where(
        Referral.id == case.id
    ).execute()


def written() -> list[int]:
    return [table.select().count() for table in (Objective, ObjectiveRemark, Event, AuditEntry)]


def again(task: Objective) -> Objective:
    return Objective.get_by_id(task.id)


def names(case: Referral) -> list[str]:
    return [event.name for event in Event.select().where(Event.referral == case).order_by(Event.id)][-1:]


def test_a_case_has_one_plan_however_often_it_is_asked_for(case):
    assert actions.of_case(case) == actions.of_case(case)
    assert Plan.select().count() == 1


def test_a_task_is_the_trainees_own_and_has_a_date(case, task, counsellor):
    assert (task.owner_name, task.due_on, task.state) == ("Toni Trainee", IN_A_MONTH, ObjectiveState.OPEN)
    assert queries.objectives_of(case) == [task]
    assert names(case) == ["task.added"]


def test_tasks_stand_in_the_order_in_which_they_were_set(case, plan, counsellor):
    first, second, third = (actions.add(plan, words, IN_A_MONTH, counsellor) for words in ("One", "Two", "Three"))
    actions.remove(second, second.version, counsellor)

    assert queries.objectives_of(case) == [first, third]
    assert actions.add(plan, "Four", TODAY, counsellor).position > third.position


def test_a_task_has_a_supporter_and_a_review_date_where_they_are_named(case, plan, counsellor):
    actions.add(plan, "One", IN_A_MONTH, counsellor, supporter=counsellor, review_on=IN_A_MONTH)

    [found] = queries.objectives_of(case)
    assert (found.supporter, found.review_on) == (counsellor, IN_A_MONTH)


def test_a_plan_needs_no_referral(app, counsellor):
    plan = Plan.create(made_at=clock.now())
    task = actions.add(
        plan, "Finish the curriculum gap analysis", clock.today(), counsellor, owner_name="Sam Scientist"
    )

    actions.mark(task, ObjectiveState.PARTLY, counsellor)
    assert task.owner_name == "Sam Scientist"
    assert AuditEntry.select().order_by(AuditEntry.n.desc()).first().record == f"objective:{task.public_id}"


REFUSED = {
    "no date": (("One", None), "Enter the date by which you will do this."),
    "a date in the past": (("One", date(2027, 5, 9)), "That date is in the past. Choose today or a later day."),
    "a date too far ahead": (
        ("One", date(2099, 1, 1)),
        "That date is more than five years ahead. Choose an earlier one.",
    ),
    "no words": ((" \n ", IN_A_MONTH), "Enter what you will do."),
    "too many words": (
        ("x" * 501, IN_A_MONTH),
        "What you will do must be 500 characters or fewer. It is 501 characters.",
    ),
}


@pytest.mark.parametrize(("given", "words"), REFUSED.values(), ids=REFUSED)
def test_a_task_is_not_set(given, words, plan, counsellor):
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        actions.add(plan, *given, counsellor)

    assert refusal.value.words == words
    assert written() == before


@pytest.mark.parametrize(("given", "words"), REFUSED.values(), ids=REFUSED)
def test_a_task_is_not_changed(given, words, task, counsellor):
    before = written()

    with pytest.raises(RuleBroken) as refusal:
        actions.change(task, task.version, *given, counsellor)

    assert refusal.value.words == words
    assert (written(), again(task).words) == (before, "Ring the anaesthetics department")


def test_a_task_may_be_for_today_and_has_no_review_in_the_past(plan, counsellor):
    assert actions.add(plan, "One", TODAY, counsellor).due_on == TODAY

    with pytest.raises(RuleBroken, match="The review date must be today or later"):
        actions.add(plan, "Two", TODAY, counsellor, review_on=TODAY - timedelta(days=1))


def test_a_task_is_put_in_other_words(case, task, counsellor):
    actions.change(task, task.version, "Ring two departments", TODAY, counsellor)

    assert (again(task).words, again(task).due_on, task.words) == (
        "Ring two departments",
        TODAY,
        "Ring two departments",
    )
    assert names(case) == ["task.changed"]


def test_nothing_new_is_nothing_written(task, counsellor):
    before = written()

    actions.change(task, task.version, task.words, task.due_on, counsellor)

    assert (written(), again(task).version) == (before, task.version)


def test_a_task_that_was_due_keeps_its_day_when_only_its_words_change(task, counsellor):
    clock.set_to(clock.parse("2027-07-01T09:00"))

    actions.change(task, task.version, "Other words", IN_A_MONTH, counsellor)

    assert again(task).words == "Other words"


def test_of_two_who_change_it_at_once_the_second_is_told(task, counsellor):
    seen = again(task)
    actions.change(task, task.version, "First", IN_A_MONTH, counsellor)

    with pytest.raises(StaleRecord):
        actions.change(seen, seen.version, "Second", IN_A_MONTH, counsellor)
    with pytest.raises(StaleRecord):
        actions.remove(seen, seen.version, counsellor)

    assert again(task).words == "First"


ACTS = {
    "change": lambda task, by: actions.change(task, task.version, "Other", IN_A_MONTH, by),
    "remove": lambda task, by: actions.remove(task, task.version, by),
    "mark": lambda task, by: actions.mark(task, ObjectiveState.MET, by),
    "redate": lambda task, by: actions.redate(task, TODAY, "On leave", by),
    "comment": lambda task, by: actions.comment(task, "Rang", by),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_nothing_is_done_to_a_removed_task(act, task, counsellor):
    seen = again(task)
    actions.remove(task, task.version, counsellor)
    before = written()

    with pytest.raises(RuleBroken, match="This task was removed"):
        act(seen, counsellor)

    assert written() == before


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("ending", [Ending.COMPLETE, Ending.WITHDREW_PART_WAY, Ending.LEFT_PROGRAMME])
def test_after_the_case_only_a_trainee_who_completed_it_goes_on_with_their_tasks(name, ending, case, task, counsellor):
    close(case, ending)
    before = written()

    if ending == Ending.COMPLETE and name in ("mark", "redate", "comment"):
        ACTS[name](task, counsellor)
        assert written() != before
    else:
        with pytest.raises(RuleBroken, match="This case is closed"):
            ACTS[name](task, counsellor)
        assert written() == before


def test_nothing_is_added_to_a_closed_case_even_where_the_page_was_open_before(case, plan, counsellor):
    assert not plan.referral.is_closed
    close(case, Ending.COMPLETE)

    with pytest.raises(RuleBroken, match="This case is closed"):
        actions.add(plan, "One", IN_A_MONTH, counsellor)


def test_ticking_twice_is_ticking_once(case, task, trainee):
    actions.mark(task, ObjectiveState.MET, trainee)
    before = written()
    actions.mark(again(task), ObjectiveState.MET, trainee)

    assert (written(), names(case)) == (before, ["task.marked"])
    assert again(task).state_at.date() == TODAY


def test_what_is_done_is_open_no_more_and_can_be_opened_again(case, plan, task, trainee):
    other = actions.add(plan, "Another", IN_A_MONTH, trainee)
    actions.mark(task, ObjectiveState.MET, trainee)
    actions.mark(other, ObjectiveState.NOT_YET, trainee)
    assert queries.still_open(case) == [other]

    actions.mark(task, ObjectiveState.OPEN, trainee)
    assert queries.still_open(case) == [task, other]


def test_another_date_is_kept_with_its_reason(case, task, trainee):
    actions.redate(task, TODAY, "The department opens sooner", trainee)

    [remark] = queries.remarks_of(task)
    assert (remark.words, remark.was_due_on, remark.now_due_on) == ("The department opens sooner", IN_A_MONTH, TODAY)
    assert (again(task).due_on, names(case)) == (TODAY, ["task.redated"])


@pytest.mark.parametrize(
    ("due_on", "why", "words"),
    [
        (None, "On leave", "Enter the date"),
        (date(2027, 5, 9), "On leave", "in the past"),
        (IN_A_MONTH, "On leave", "the date it has already"),
        (TODAY, " ", "Enter why the date changes"),
        (TODAY, "x" * 501, "500 characters or fewer"),
    ],
)
def test_a_date_is_not_moved(due_on, why, words, task, trainee):
    before = written()

    with pytest.raises(RuleBroken, match=words):
        actions.redate(task, due_on, why, trainee)

    assert (written(), again(task).due_on) == (before, IN_A_MONTH)


def test_the_date_of_what_is_done_stays(task, trainee):
    actions.mark(task, ObjectiveState.MET, trainee)

    with pytest.raises(RuleBroken, match="This task is done"):
        actions.redate(task, TODAY, "Sooner", trainee)


@pytest.mark.parametrize(("words", "refusal"), [("", "Enter your comment"), ("x" * 501, "500 characters or fewer")])
def test_a_comment_is_not_kept(words, refusal, task, trainee):
    before = written()

    with pytest.raises(RuleBroken, match=refusal):
        actions.comment(task, words, trainee)

    assert written() == before


def test_a_trainee_without_an_account_comments_by_their_link(case, task):
    token = links.make(LinkPurpose.REFERRED_TRAINEE, case.trainee_name, case.trainee_email, referral=case)
    link: PersonalLink = links.find(token)

    actions.comment(task, "I rang, and they asked me to come", link)

    [remark] = queries.remarks_of(task)
    assert (remark.by_link, remark.by_user, remark.words) == (link, None, "I rang, and they asked me to come")


def test_no_words_of_a_task_stand_in_the_history_the_audit_or_the_table(case, task, trainee):
    actions.comment(task, "Confidential comment", trainee)
    actions.redate(task, TODAY, "Confidential reason", trainee)
    facts = [event.facts_json for event in Event.select()] + [entry.facts_json for entry in AuditEntry.select()]
    lying = db.execute_sql("SELECT words FROM objective UNION ALL SELECT words FROM objective_remark").fetchall()

    for words in ("Ring the", "Confidential"):
        assert not [one for one in facts if words in one]
        assert not [one for (one,) in lying if words.encode() in bytes(one)]


def test_whose_plan_it_is_stands_in_the_audit(task, case):
    entry = AuditEntry.select().order_by(AuditEntry.n.desc()).first()

    assert (entry.action, entry.acting_as, entry.record) == (
        "task.added",
        "trainee or who supports them",
        f"referral:{case.public_id}",
    )
    assert User.get_by_id(Event.select().order_by(Event.id.desc()).first().by_user_id)
