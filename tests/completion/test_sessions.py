"""Only sessions held count, towards the number agreed; the number can change, and the case follows (A12, A13)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models import Completion, Event, Meeting, Notice, Party, Referral, Status, User
from signpost import clock
from signpost.careers import actions as careers
from signpost.completion import actions, falling_due, queries
from signpost.errors import RuleBroken, StaleRecord
from signpost.meetings import booking
from signpost.referrals import actions as referrals
from tests import factories
from tests.browser_client import Browser
from tests.completion.conftest import fresh, link_of, queued

Browsers = Callable[[User], Browser]


def agree(case: Referral, number: int, by: User) -> Referral:
    actions.agree_sessions(case, number, clock.today(), by, fresh(case).version)
    return fresh(case)


def test_the_case_is_complete_with_the_last_agreed_session_and_the_trainee_is_asked_once(case: Referral) -> None:
    once = factories.sessions_held(case, 1)
    assert (once.status, queries.case(once).progress) == (Status.IN_PROGRESS, "1 of 2 sessions held")
    assert queued("please_tell_them") == []

    twice = factories.sessions_held(case, 1)
    assert (twice.status, queries.case(twice).progress) == (Status.SESSIONS_COMPLETE, "2 of 2 sessions held")
    assert queued("please_tell_them") == [case.trainee_email]


def test_two_sessions_finished_in_the_workspace_complete_the_case(case: Referral, counsellor: User) -> None:
    for _ in range(2):
        factories.a_held_session(fresh(case), counsellor)

    assert fresh(case).status == Status.SESSIONS_COMPLETE
    assert queued("please_tell_them") == [case.trainee_email]


def test_a_session_that_did_not_take_place_does_not_count(case: Referral, counsellor: User) -> None:
    meeting = factories.a_meeting(fresh(case), clock.now() - timedelta(hours=2))
    booking.did_not_take_place(meeting, "agreed", counsellor)

    assert queries.case(fresh(case)).progress == "0 of 2 sessions held"


def test_what_its_finished_record_says_was_held_is_not_taken_back(complete: Referral, counsellor: User) -> None:
    last = Meeting.select().order_by(Meeting.id.desc()).get()
    with pytest.raises(RuleBroken, match="counts as held"):
        booking.did_not_take_place(last, "agreed", counsellor)

    assert fresh(complete).status == Status.SESSIONS_COMPLETE


def test_a_meeting_noted_by_mistake_as_not_held_counts_once_its_session_is_finished(
    case: Referral, counsellor: User
) -> None:
    meeting = factories.a_meeting(case, clock.now() - timedelta(hours=2))
    booking.did_not_take_place(meeting, "trainee", counsellor)
    session = careers.begin(meeting, counsellor)
    careers.explain(session, counsellor)
    careers.finish(session, counsellor)

    assert queries.case(fresh(case)).progress == "1 of 2 sessions held"


def test_saying_again_that_it_was_held_asks_nobody_again(complete: Referral, counsellor: User) -> None:
    last = Meeting.select().order_by(Meeting.id.desc()).get()
    booking.held(last, counsellor)

    assert len(queued("please_tell_them")) == 1


def test_more_sessions_open_a_complete_case_again_and_it_is_completed_anew(
    complete: Referral, counsellor: User
) -> None:
    case = agree(complete, 3, counsellor)
    assert (case.status, case.agreed_sessions) == (Status.IN_PROGRESS, 3)
    assert Completion.select().count() == 0

    case = factories.sessions_held(case, 1)
    assert case.status == Status.SESSIONS_COMPLETE
    assert len(queued("please_tell_them")) == 2


def test_where_the_number_goes_up_and_down_again_nobody_is_asked_or_reminded_anew(
    complete: Referral, counsellor: User
) -> None:
    completed_on = Completion.get().completed_at.date()
    clock.set_to(clock.now() + timedelta(days=8))
    falling_due.remind(clock.now())
    agree(agree(complete, 3, counsellor), 2, counsellor)

    assert fresh(complete).status == Status.SESSIONS_COMPLETE
    assert len(queued("please_tell_them")) == 2, "the first letter and its first reminder"
    assert (Completion.get().completed_at.date(), Completion.get().reminded) == (completed_on, 1)


def test_fewer_sessions_down_to_those_held_complete_the_case(case: Referral, counsellor: User) -> None:
    case = agree(case, 4, counsellor)
    case = factories.sessions_held(case, 3)
    assert case.status == Status.IN_PROGRESS

    assert agree(case, 3, counsellor).status == Status.SESSIONS_COMPLETE


def test_who_told_others_already_is_not_asked_again_after_a_further_session(
    complete: Referral, counsellor: User
) -> None:
    actions.tell(complete, {Party.REFERRER}, by=link_of(complete))
    factories.sessions_held(agree(complete, 3, counsellor), 1)

    assert len(queued("please_tell_them")) == 1


def test_no_meeting_is_booked_once_the_agreed_sessions_are_complete(complete: Referral) -> None:
    with pytest.raises(RuleBroken, match="Agree on another one first"):
        booking.refuse_another(complete)


@pytest.mark.parametrize(
    ("number", "days_ago", "words"),
    [
        (1, 0, "at least 2 sessions"),
        (0, 0, "at least 2 sessions"),
        (-3, 0, "at least 2 sessions"),
        (2, 0, "agreed already"),
        (3, -1, "cannot be in the future"),
        (3, 30, "before the referral came"),
    ],
)
def test_what_cannot_be_agreed_is_refused_and_nothing_is_written(
    case: Referral, counsellor: User, number: int, days_ago: int, words: str
) -> None:
    events = Event.select().count()
    with pytest.raises(RuleBroken, match=words):
        actions.agree_sessions(case, number, clock.today() - timedelta(days=days_ago), counsellor, case.version)

    assert fresh(case).agreed_sessions == 2
    assert Event.select().count() == events


def test_fewer_than_were_held_cannot_be_agreed(case: Referral, counsellor: User) -> None:
    case = factories.sessions_held(agree(case, 5, counsellor), 4)
    with pytest.raises(RuleBroken, match="4 sessions were held already"):
        agree(case, 3, counsellor)


def test_nothing_is_agreed_for_a_case_without_a_counsellor_or_that_is_closed(
    case: Referral, complete: Referral, counsellor: User
) -> None:
    waiting = factories.a_referral()
    with pytest.raises(RuleBroken, match="no counsellor"):
        agree(waiting, 3, counsellor)
    actions.finish(complete, counsellor, complete.version)
    with pytest.raises(RuleBroken, match="closed"):
        agree(fresh(complete), 3, counsellor)


def test_of_two_who_change_the_number_the_second_looks_again(case: Referral, counsellor: User) -> None:
    version = case.version
    actions.agree_sessions(fresh(case), 3, clock.today(), counsellor, version)
    with pytest.raises(StaleRecord):
        actions.agree_sessions(fresh(case), 4, clock.today(), counsellor, version)

    assert fresh(case).agreed_sessions == 3


def test_the_counsellor_notes_the_number_and_the_history_says_so_to_trainee_counsellor_and_adviser(
    browser_of: Browsers, case: Referral, counsellor: User, adviser: User, referrer: User, client: Browser
) -> None:
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/referrals/{case.public_id}")
    assert "0 of 2 sessions held" in at_counsellor.page.text
    at_counsellor.get(at_counsellor.page.link("Change the number of sessions agreed"))
    before = Notice.select().count()
    today = clock.today()
    day = {
        "discussed_on-day": str(today.day),
        "discussed_on-month": str(today.month),
        "discussed_on-year": str(today.year),
    }
    assert at_counsellor.press("Save the number agreed", number="1", **day).status_code == 422
    assert "from 2 to 20" in at_counsellor.page.text
    at_counsellor.press("Save the number agreed", number="3", **day)
    assert "0 of 3 sessions held" in at_counsellor.page.text
    assert Notice.select().count() == before, "nobody gets an email"

    said = "noted that 3 sessions are agreed, as discussed on 14 May 2027"
    assert said in at_counsellor.page.text
    assert browser_of(adviser).get(f"/referrals/{case.public_id}").text.count(said) == 1
    assert said not in browser_of(referrer).get(f"/referrals/{case.public_id}").text
    trainee = factories.a_user(email=case.trainee_email)
    assert said in browser_of(trainee).get(f"/referrals/{case.public_id}").text


def test_a_number_that_the_rules_refuse_is_said_beside_the_field(
    browser_of: Browsers, case: Referral, counsellor: User
) -> None:
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/referrals/{case.public_id}/agreed-sessions")
    day = {"discussed_on-day": "14", "discussed_on-month": "5", "discussed_on-year": "2027"}
    response = at_counsellor.press("Save the number agreed", number="2", **day)

    assert response.status_code == 422
    assert "2 sessions are agreed already" in at_counsellor.page.text


def test_nobody_but_the_counsellor_changes_the_number(
    browser_of: Browsers, case: Referral, adviser: User, referrer: User
) -> None:
    path = f"/referrals/{case.public_id}/agreed-sessions"

    assert browser_of(adviser).get(path).status_code == 403
    assert browser_of(referrer).get(path).status_code == 403
    assert browser_of(factories.a_user()).get(path).status_code == 403


def test_who_was_just_assigned_is_not_named_to_the_trainee_until_the_undo_minute_is_over(
    browser_of: Browsers, adviser: User, counsellor: User
) -> None:
    trainee = factories.a_user(email="new@trainees.example")
    referral = factories.a_referral(trainee_email=trainee.email)
    referrals.assign(referral, counsellor, adviser, referral.version)
    at_trainee = browser_of(trainee)
    at_trainee.get(f"/referrals/{referral.public_id}")
    assert counsellor.name not in at_trainee.page.text
    assert "sessions held" not in at_trainee.page.text
    clock.set_to(clock.now() + timedelta(minutes=2))
    at_trainee.get(f"/referrals/{referral.public_id}")
    assert f"Choose a time for your first meeting, or agree one with {counsellor.name}." in at_trainee.page.text
