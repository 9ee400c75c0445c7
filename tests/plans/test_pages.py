"""The pages of tasks: signed in, by link, for staff; with and without JavaScript; what is refused."""

from datetime import date

import pytest

from models import Event, LinkPurpose, Objective, ObjectiveState, Referral, Role
from signpost import clock
from signpost.accounts import links
from signpost.plans import actions, queries
from signpost.referrals import actions as referrals
from signpost.referrals import record_access
from tests import factories

DATE = {"due_on-day": "1", "due_on-month": "7", "due_on-year": "2027"}
FRAGMENT = {"HX-Request": "true"}


def post(browser, path, fields, headers=None, follow=False):
    answer = browser.submit(path, headers=headers, **fields)
    return browser.followed(answer) if follow else answer


@pytest.fixture
def case(app, adviser, counsellor, trainee) -> Referral:
    clock.set_to(clock.parse("2027-05-10T09:00"))
    referral = factories.a_referral(trainee_name="Toni Trainee", trainee_email=trainee.email)
    referrals.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


@pytest.fixture
def task(case, counsellor) -> Objective:
    plan = actions.of_case(case)
    return actions.add(plan, "Ring the anaesthetics department", date(2027, 6, 10), counsellor, supporter=counsellor)


@pytest.fixture
def token(case) -> str:
    return links.make(LinkPurpose.REFERRED_TRAINEE, case.trainee_name, case.trainee_email, referral=case)


def again(task):
    return Objective.get_by_id(task.id)


@pytest.fixture(params=["signed in", "by link"])
def way(request, client, browser_of, trainee, token):
    """The trainee's browser, the address before /tasks, and the page they come back to."""
    return (browser_of(trainee), "") if request.param == "signed in" else (client, f"/links/{token}")


def test_the_trainee_sees_their_tasks_on_the_page_of_their_case(case, task, client, browser_of, trainee, token):
    for browser, path in ((browser_of(trainee), f"/referrals/{case.public_id}"), (client, f"/links/{token}")):
        page = browser.get(path).text
        assert "Ring the anaesthetics department" in page
        assert "Due on 10 June 2027" in page
        assert "supported by <bdi>Chris Counsellor</bdi>" in page


def test_ticking_without_javascript_comes_back_to_the_list(task, way):
    browser, before = way
    found = post(browser, f"{before}/tasks/{task.public_id}/state", {"state": "partly"}, follow=True)

    assert again(task).state == ObjectiveState.PARTLY
    assert "Done in part, 10 May 2027" in found.text


def test_ticking_with_htmx_swaps_the_task_alone(task, way):
    browser, before = way
    address = f"{before}/tasks/{task.public_id}/state"
    answer = post(browser, address, {"state": "met"}, headers=FRAGMENT)

    assert (answer.status_code, again(task).state) == (200, ObjectiveState.MET)
    assert answer.text.startswith(f'<div class="nhsuk-card" id="task-{task.public_id}">')
    assert "Kept: done." in answer.text


@pytest.mark.parametrize("state", ["", "finished", "MET"])
def test_how_far_it_got_is_one_of_four(state, task, way):
    browser, before = way
    answer = post(browser, f"{before}/tasks/{task.public_id}/state", {"state": state})

    assert (answer.status_code, again(task).state) == (422, ObjectiveState.OPEN)


def test_a_date_is_moved_with_its_reason(task, way):
    browser, before = way
    found = post(browser, f"{before}/tasks/{task.public_id}/date", DATE | {"why": "Exams in June"}, follow=True)

    assert again(task).due_on == date(2027, 7, 1)
    assert "Moved from 10 June 2027 to 1 July 2027" in found.text
    assert "Exams in June" in found.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"why": "Exams"}, "Enter the new date"),
        (DATE, "Enter why the date changes"),
        (DATE | {"due_on-year": "2026", "why": "Exams"}, "New date must be 10 May 2027 or later"),
        (DATE | {"due_on-year": "3026", "why": "Exams"}, "or earlier"),
        (DATE | {"due_on-day": "31", "due_on-month": "6", "why": "Exams"}, "New date must be a real date"),
        (DATE | {"due_on-day": "10", "due_on-month": "6", "why": "Exams"}, "That is the date it has already"),
        (DATE | {"why": "x" * 501}, "Why the date changes must be 500 characters or fewer"),
        (DATE | {"why": "a\x00b"}, "Why the date changes"),
    ],
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_date_that_does_not_do_is_refused_beside_its_field(typed, words, headers, task, way):
    browser, before = way
    answer = post(browser, f"{before}/tasks/{task.public_id}/date", typed, headers=headers)

    assert answer.status_code == 422
    assert words in answer.text
    assert again(task).due_on == date(2027, 6, 10)
    assert queries.remarks_of(task) == []
    if len(typed.get("why", "")) < 10 and "\x00" not in typed.get("why", ""):
        assert typed.get("why", "") in answer.text


def test_a_comment_is_kept_and_an_empty_one_is_not(task, way):
    browser, before = way
    address = f"{before}/tasks/{task.public_id}/comments"
    found = post(browser, address, {"comment": "They asked me to come."}, follow=True)
    assert "They asked me to come." in found.text

    answer = post(browser, address, {"comment": " "}, headers=FRAGMENT)
    assert (answer.status_code, "Enter your comment" in answer.text) == (422, True)
    assert len(queries.remarks_of(task)) == 1


def test_the_words_of_a_task_are_escaped(case, task, client, token):
    actions.comment(task, "<script>alert(1)</script>", links.find(token))

    assert "<script>alert" not in client.get(f"/links/{token}/tasks/{task.public_id}").text


def test_a_removed_task_is_no_page(case, task, counsellor, way):
    actions.remove(task, task.version, counsellor)
    browser, before = way

    assert browser.get(f"{before}/tasks/{task.public_id}").status_code == 404
    assert post(browser, f"{before}/tasks/{task.public_id}/state", {"state": "met"}).status_code == 404


def test_by_a_link_only_the_tasks_of_its_own_case_are_there(task, client):
    other = factories.a_referral()
    token = links.make(LinkPurpose.REFERRED_TRAINEE, other.trainee_name, other.trainee_email, referral=other)

    assert client.get(f"/links/{token}/tasks/{task.public_id}").status_code == 404
    assert post(client, f"/links/{token}/tasks/{task.public_id}/state", {"state": "met"}).status_code == 404
    assert client.get(f"/links/made-up/tasks/{task.public_id}").status_code == 404
    assert again(task).state == ObjectiveState.OPEN


def test_a_link_that_is_over_opens_no_task(case, task, token, client):
    links.withdraw_all(case)

    assert client.get(f"/links/{token}/tasks/{task.public_id}").status_code == 404


def test_the_counsellor_reads_and_comments_and_does_not_tick(case, task, counsellor, browser_of):
    browser = browser_of(counsellor)
    assert "Tasks of this case (1)" in browser.get(f"/referrals/{case.public_id}").text
    page = browser.get(f"/referrals/{case.public_id}/tasks").text
    assert "Ring the anaesthetics department" in page
    assert 'name="state"' not in page

    assert post(browser, f"/tasks/{task.public_id}/state", {"state": "met"}).status_code == 404
    assert post(browser, f"/tasks/{task.public_id}/date", DATE | {"why": "Why"}).status_code == 404
    found = post(browser, f"/tasks/{task.public_id}/comments", {"comment": "Well done."}, follow=True)
    assert "Well done." in found.text


def test_who_of_the_team_reads_tasks_is_kept(case, task, counsellor, browser_of):
    browser_of(counsellor).get(f"/referrals/{case.public_id}/tasks")

    assert [(one.reader, one.what) for one in record_access.readings(case)] == [("Chris Counsellor", "tasks")]


def test_a_comment_that_comes_back_to_them_is_a_reading_and_one_that_is_kept_is_none(
    case, task, counsellor, browser_of
):
    browser = browser_of(counsellor)
    assert post(browser, f"/tasks/{task.public_id}/comments", {"comment": "Well done."}).status_code == 303
    assert record_access.readings(case) == []

    assert post(browser, f"/tasks/{task.public_id}/comments", {"comment": ""}).status_code == 422
    assert [(one.what, one.times) for one in record_access.readings(case)] == [("tasks", 1)]


def test_an_adviser_reads_tasks_only_once_they_stated_a_reason(case, task, adviser, browser_of):
    browser = browser_of(adviser)
    assert "Tasks of this case" not in browser.get(f"/referrals/{case.public_id}").text
    for path in (f"/referrals/{case.public_id}/tasks", f"/tasks/{task.public_id}"):
        assert browser.get(path).status_code == 404
    assert post(browser, f"/tasks/{task.public_id}/comments", {"comment": "Hello"}).status_code == 404

    record_access.state_reason(case, "The counsellor is ill", adviser)
    assert "Ring the" in browser.get(f"/referrals/{case.public_id}/tasks").text
    assert Event.select().where((Event.name == "record.read") & (Event.by_user == adviser)).count() == 1


def test_nobody_else_reads_tasks(case, task, browser_of):
    strangers = [
        case.referred_by,
        factories.a_user(Role.COUNSELLOR),
        factories.a_user(Role.TRAINEE),
        factories.a_user(Role.ADMINISTRATOR),
    ]
    for somebody in strangers:
        browser = browser_of(somebody)
        assert browser.get(f"/referrals/{case.public_id}/tasks").status_code == 404
        assert browser.get(f"/tasks/{task.public_id}").status_code == 404
        assert "Ring the" not in browser.get("/plans").text


def test_my_tasks_are_those_that_are_not_done_over_all_my_cases(case, task, trainee, counsellor, browser_of):
    done = actions.add(actions.of_case(case), "Read the prospectus", date(2027, 5, 20), counsellor)
    actions.mark(done, ObjectiveState.MET, trainee)
    browser = browser_of(trainee)
    page = browser.get("/plans").text

    assert "Ring the anaesthetics department" in page
    assert "Read the prospectus" not in page


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2027-05-10T09:00", None),
        ("2027-06-03T09:00", "Due in 7 days"),
        ("2027-06-10T09:00", "Due today"),
        ("2027-06-11T09:00", "1 past the date you set"),
    ],
)
def test_the_start_page_says_what_is_due_soon(now, words, task, trainee, browser_of):
    clock.set_to(clock.parse(now))
    page = browser_of(trainee).get("/").text

    assert ("1 task you set yourself" in page) == (words is not None)
    assert "anaesthetics" not in page
    assert words is None or words in page


def test_after_the_sessions_are_complete_the_trainee_goes_on_and_after_another_end_they_read(case, task, way):
    browser, before = way
    ended = {"status": "closed", "stage": "closed", "closed_at": clock.now()}
    Referral.update(ending="complete", **ended).where(Referral.id == case.id).execute()
    assert post(browser, f"{before}/tasks/{task.public_id}/state", {"state": "met"}).status_code == 303

    Referral.update(ending="left_programme").where(Referral.id == case.id).execute()
    assert 'name="state"' not in browser.get(f"{before}/tasks/{task.public_id}").text
    assert post(browser, f"{before}/tasks/{task.public_id}/state", {"state": "open"}).status_code == 409
    assert again(task).state == ObjectiveState.MET
