"""Reminders of tasks: when, how often, to whom, and what they do not say."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Ending, Event, Notice, NoticeRecipient, Objective, ObjectiveState, Referral, Setting, db
from signpost import clock, due
from signpost.plans import actions, falling_due
from signpost.referrals import actions as referrals
from tests import factories

DUE = date(2027, 6, 10)
WORDS = "Ring the anaesthetics department"


def at(day: str, hour: str = "09:30") -> datetime:
    return clock.parse(f"2027-{day}T{hour}")


@pytest.fixture
def case(app, adviser, counsellor, trainee) -> Referral:
    clock.set_to(at("05-10"))
    referral = factories.a_referral(trainee_name="Toni Trainee", trainee_email=trainee.email)
    referrals.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


@pytest.fixture
def task(case, counsellor) -> Objective:
    return actions.add(actions.of_case(case), WORDS, DUE, counsellor)


def pass_at(day: str, hour: str = "09:30") -> int:
    clock.set_to(at(day, hour))
    return falling_due.remind(at(day, hour))


def letters() -> list[Notice]:
    return list(Notice.select().where(Notice.kind == "task_reminder").order_by(Notice.id))


def days_of_letters(first: str, last: str) -> list[str]:
    """On which days a pass each hour of the day tells somebody something."""
    day, found = date.fromisoformat(f"2027-{first}"), []
    while day <= date.fromisoformat(f"2027-{last}"):
        for hour in ("00:05", "08:59", "09:00", "17:00"):
            found += [f"{day:%m-%d}"] * pass_at(f"{day:%m-%d}", hour)
        day += timedelta(days=1)
    return found


def test_a_task_is_reminded_of_a_week_before_a_day_after_and_a_week_later(task):
    assert days_of_letters("05-28", "07-05") == ["06-03", "06-11", "06-18"]
    assert [event.name for event in Event.select().where(Event.name == "task.reminded")] == ["task.reminded"] * 3


def test_it_goes_to_the_trainee_alone_and_says_a_day_and_a_link_and_nothing_of_the_task(task, trainee):
    pass_at("06-03")
    pass_at("06-11")
    soon, late = letters()

    assert "A task you set yourself is due on 10 June 2027." in soon.text
    assert "A task you set yourself was due on 10 June 2027." in late.text
    for letter in (soon, late):
        assert "/links/" in letter.text
        assert "anaesthetics" not in letter.text + letter.subject
        told = NoticeRecipient.select().where(NoticeRecipient.notice == letter)
        assert [(row.address, row.permission) for row in told] == [(trainee.email, "B6-trainee")]


def test_several_tasks_of_one_day_are_one_letter(case, task, counsellor):
    plan = actions.of_case(case)
    actions.add(plan, "Another", DUE, counsellor)
    actions.add(plan, "A third", DUE + timedelta(days=1), counsellor)

    assert (pass_at("06-04"), len(letters())) == (1, 1)
    assert letters()[0].text.count("is due on 10 June") == 2
    assert "11 June" in letters()[0].text


def test_a_late_pass_does_not_make_up_for_what_it_missed(task):
    assert days_of_letters("07-01", "07-10") == ["07-01"]


def test_a_task_set_within_the_week_is_not_reminded_of_at_once(case, counsellor):
    actions.add(actions.of_case(case), "Soon", date(2027, 5, 12), counsellor)

    assert days_of_letters("05-10", "05-30") == ["05-13", "05-20"]


@pytest.mark.parametrize("state", [ObjectiveState.MET])
def test_reminders_stop_when_it_is_done(state, task, trainee):
    actions.mark(task, state, trainee)

    assert days_of_letters("06-01", "06-20") == []


def test_who_said_on_its_day_that_it_is_not_done_yet_is_not_reminded_that_it_is_late(task, trainee):
    pass_at("06-03")
    clock.set_to(at("06-10"))
    actions.mark(task, ObjectiveState.NOT_YET, trainee)

    assert days_of_letters("06-10", "06-20") == []


def test_who_said_so_before_its_day_is_still_reminded(task, trainee):
    actions.mark(task, ObjectiveState.PARTLY, trainee)

    assert days_of_letters("06-01", "06-20") == ["06-03", "06-11", "06-18"]


def test_another_date_counts_anew(task, trainee):
    assert days_of_letters("06-01", "06-12") == ["06-03", "06-11"]
    actions.redate(task, date(2027, 7, 1), "Exams", trainee)

    assert days_of_letters("06-13", "07-20") == ["06-24", "07-02", "07-09"]


def test_a_removed_task_is_not_reminded_of(task, counsellor):
    actions.remove(task, task.version, counsellor)

    assert days_of_letters("06-01", "06-20") == []


@pytest.mark.parametrize("ending", list(Ending))
def test_after_the_case_only_completed_sessions_leave_reminders(ending, case, task):
    Referral.update(status="closed", stage="closed", ending=ending, closed_at=clock.now()).where(
        Referral.id == case.id
    ).execute()

    assert len(days_of_letters("06-01", "06-20")) == (3 if ending == Ending.COMPLETE else 0)


def test_they_are_a_courtesy_that_an_organisation_may_switch_off(task):
    Setting.create(name="courtesy_notices", value="0")
    pass_at("06-03")

    assert letters() == []


def test_the_days_are_settings(task):
    Setting.create(name="task_due_days", value="2")
    Setting.create(name="task_late_first_days", value="3")

    assert days_of_letters("06-01", "06-20") == ["06-08", "06-13", "06-18"]


def test_the_daily_pass_does_it(task):
    clock.set_to(at("06-03"))

    assert due.run(at("06-03"))["tasks due and overdue"] == 1
    assert due.run(at("06-03"))["tasks due and overdue"] == 0


@pytest.mark.parametrize("meanwhile", ["another pass reminds of it", "its date moves", "it is done"])
def test_a_pass_that_looked_before_something_happened_sends_nothing(meanwhile, task, trainee):
    clock.set_to(at("06-03"))
    seen = Objective.get_by_id(task.id)
    if meanwhile == "another pass reminds of it":
        assert falling_due.remind(at("06-03")) == 1
    elif meanwhile == "its date moves":
        actions.redate(task, date(2027, 7, 1), "Exams", trainee)
    else:
        actions.mark(task, ObjectiveState.MET, trainee)

    assert not falling_due._count(seen, date(2027, 6, 3))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(min_value=0, max_value=60), max_size=30))
def test_however_often_and_in_whatever_order_the_pass_runs_each_reminder_is_sent_once_at_most(days, task):
    with db.atomic() as undone:
        for day in days:
            falling_due.remind(at("05-20") + timedelta(days=day))
        assert len(letters()) <= 3
        undone.rollback()
