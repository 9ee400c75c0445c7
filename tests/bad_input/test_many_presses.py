"""A button pressed eight times at the same moment does what one press does, and everyone is told once."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest
from flask import Flask

from models import Employer, Ending, EndTold, Event, Mode, Notice, NoticeState, Referral, Release, School, User, db
from signpost import clock, database
from signpost.completion import falling_due
from signpost.meetings import booking
from signpost.meetings import queries as meetings
from signpost.notices import delivery
from signpost.referrals import actions
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox

Browsers = Callable[[User], Browser]

PRESSES = 8


def press_at_once(browser_of: Browsers, user: User, path: str, **fields: str) -> list[int]:
    """Send the same form from eight open pages at the same moment. Gives the status of each answer."""
    gate, answers = threading.Barrier(PRESSES), [0] * PRESSES
    pages = [browser_of(user) for _ in range(PRESSES)]
    tokens = [page.token() for page in pages]

    def run(number: int) -> None:
        # On PostgreSQL a request takes its own connection and gives it back; on SQLite the thread keeps one.
        with db.connection_context() if database.is_sqlite() else nullcontext():
            gate.wait()
            response = pages[number].post(path, data={"csrf_token": tokens[number], **fields})
            answers[number] = response.status_code

    threads = [threading.Thread(target=run, args=(number,)) for number in range(PRESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {303, 409, 422}, answers
    return answers


def letters_of(event: str) -> list[str]:
    """The kinds of the letters that events of this name have queued."""
    return sorted(row.kind for row in Notice.select().join(Event).where(Event.name == event))


def happened(event: str) -> int:
    return Event.select().where(Event.name == event).count()


@pytest.fixture
def school(head: User) -> School:
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def referral(app: Flask, adviser: User, referrer: User, school: School, trainee: User) -> Referral:
    return factories.a_referral(referrer, school=school, wider_concerns=True, trainee_email=trainee.email)


def test_sending_a_referral(
    app: Flask, browser_of: Browsers, mailbox: Mailbox, adviser: User, referrer: User, school: School
) -> None:
    at_referrer = browser_of(referrer)
    at_referrer.get("/referrals/new")
    employer = factories.an_employer()
    at_referrer.press(
        "Check what will be sent",
        trainee_name="Sam Ng",
        trainee_email="sam@trainees.example",
        request="Would like to talk.",
        school=school.public_id,
        employer=employer.public_id,
        wider_concerns="yes",
    )
    form = at_referrer.page.form_with("Send referral")
    fields = {name: value for name, value in form.fields if name != "csrf_token"}
    answers = press_at_once(browser_of, referrer, form.action, **fields)

    assert 303 in answers
    assert Referral.select().count() == happened("referral.sent") == 1
    kinds = letters_of("referral.sent")
    assert len(kinds) == len(set(kinds)) == 3
    with app.app_context():
        delivery.send_due()
    assert len(mailbox.received) == 3


def test_releasing(browser_of: Browsers, tsg: User, head: User, referral: Referral) -> None:
    fields = {"choice": "words", "words": "Support is in place.", "step": "send"}
    press_at_once(browser_of, head, f"/referrals/{referral.public_id}/release", **fields)
    assert Release.select().count() == happened("release.decided") == 1
    assert len(letters_of("release.decided")) == 1


@pytest.mark.parametrize(
    ("who", "step", "event"),
    [
        ("referrer", "withdrawal", "referral.withdrawn"),
        ("trainee", "acceptance", "referral.accepted"),
        ("trainee", "refusal", "referral.declined"),
    ],
)
def test_ending_and_accepting(
    request: pytest.FixtureRequest, browser_of: Browsers, referral: Referral, who: str, step: str, event: str
) -> None:
    press_at_once(browser_of, request.getfixturevalue(who), f"/referrals/{referral.public_id}/{step}")
    assert happened(event) == 1
    told = [(row.kind, one.address) for row in Notice.select() for one in row.recipients]
    assert len(told) == len(set(told))


def test_assigning(browser_of: Browsers, adviser: User, counsellor: User, referral: Referral) -> None:
    fields = {"counsellor": counsellor.public_id, "version": str(referral.version)}
    answers = press_at_once(browser_of, adviser, f"/referrals/{referral.public_id}/assignment", **fields)
    assert answers.count(303) == happened("referral.assigned") == 1
    assert letters_of("referral.assigned") == ["assigned_counsellor", "assigned_trainee"]


def test_closing(browser_of: Browsers, adviser: User, referral: Referral) -> None:
    fields = {"ending": Ending.LEFT_PROGRAMME.value, "version": str(referral.version)}
    answers = press_at_once(browser_of, adviser, f"/referrals/{referral.public_id}/closure", **fields)
    assert answers.count(303) == happened("referral.closed") == 1
    kinds = letters_of("referral.closed")
    assert len(kinds) == len(set(kinds)) > 0


def test_adding_concerns(browser_of: Browsers, adviser: User, referrer: User, school: School) -> None:
    referral = factories.a_referral(referrer, school=school)
    answers = press_at_once(browser_of, referrer, f"/referrals/{referral.public_id}/concerns")
    assert answers.count(303) == happened("concerns.added") == 1
    assert len(letters_of("concerns.added")) == 1


def test_sending_a_message_again(browser_of: Browsers, adviser: User, referral: Referral) -> None:
    notice = referral.notices.where(Notice.kind == "personal_link").get()
    for row in notice.recipients:
        row.state = NoticeState.FAILED
        row.save()
    notice.state = NoticeState.FAILED
    notice.save()
    answers = press_at_once(browser_of, adviser, f"/notices/{notice.public_id}/copies")
    assert answers.count(303) == 1
    assert Notice.select().where(Notice.copy_of == notice).count() == 1


def test_booking_a_meeting(
    browser_of: Browsers, adviser: User, counsellor: User, trainee: User, referral: Referral
) -> None:
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    venue = factories.a_venue()
    for weekday in range(5):
        factories.hours(counsellor, weekday=weekday, begins="09:00", ends="12:00", venue=venue)
    free = meetings.free_times_of(counsellor, [Mode.FACE_TO_FACE])[0]
    kept = booking.hold(referral, booking.Wanted(free.begins, free.ends, free.mode, venue), by=trainee)
    answers = press_at_once(browser_of, trainee, f"/meetings/{kept.public_id}/confirmation")
    assert set(answers) == {303}, "each press ends on the meeting that was booked"
    assert happened("meeting.booked") == 1
    told = [
        one.address
        for row in Notice.select().join(Event).where(Event.name == "meeting.booked")
        for one in row.recipients
    ]
    assert sorted(told) == sorted([trainee.email, counsellor.email])
    assert kept.attendees.count() == 2


# The end of a case


@pytest.fixture
def complete(browser_of: Browsers, adviser: User, counsellor: User, referral: Referral) -> Referral:
    """Two sessions were held, and the employer has a contact."""
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    Employer.update(contact_email="education@trust.example").where(Employer.id == referral.employer_id).execute()
    return factories.sessions_held(referral, 2)


def test_telling_that_the_sessions_are_complete(
    browser_of: Browsers, trainee: User, head: User, referrer: User, complete: Referral
) -> None:
    path = f"/referrals/{complete.public_id}/telling"
    press_at_once(browser_of, trainee, path, parties="head")
    press_at_once(browser_of, trainee, path, parties="referrer")
    assert happened("completion.told") == 2
    assert letters_of("completion.told") == ["sessions_complete"] * 2
    assert EndTold.select().count() == 2


@pytest.mark.parametrize("who", ["counsellor", "adviser"])
def test_telling_the_employer_and_closing(
    browser_of: Browsers, complete: Referral, request: pytest.FixtureRequest, who: str
) -> None:
    path, version = f"/referrals/{complete.public_id}/end-notice", str(complete.version)
    press_at_once(browser_of, request.getfixturevalue(who), path, version=version, reason="")
    assert happened("referral.completed") == 1
    assert letters_of("referral.completed") == ["sessions_ended"]


def test_telling_for_the_trainee(browser_of: Browsers, counsellor: User, complete: Referral) -> None:
    for days in (7, 14):
        falling_due.remind(clock.now() + timedelta(days=days, minutes=1))
    today = clock.today()
    agreed = {"agreed_on-day": str(today.day), "agreed_on-month": str(today.month), "agreed_on-year": str(today.year)}
    path = f"/referrals/{complete.public_id}/telling-for-trainee"
    press_at_once(browser_of, counsellor, path, parties="referrer", agreed_how="by_email", **agreed)
    assert happened("completion.told_for_trainee") == 1
    assert letters_of("completion.told_for_trainee") == ["sessions_complete", "told_for_you"]


def test_agreeing_on_another_session(browser_of: Browsers, counsellor: User, complete: Referral) -> None:
    today = clock.today()
    on = {
        "discussed_on-day": str(today.day),
        "discussed_on-month": str(today.month),
        "discussed_on-year": str(today.year),
    }
    path = f"/referrals/{complete.public_id}/agreed-sessions"
    press_at_once(browser_of, counsellor, path, number="3", version=str(complete.version), **on)
    assert happened("sessions.agreed") == 1


def test_stopping_part_way(
    browser_of: Browsers, adviser: User, counsellor: User, trainee: User, referral: Referral
) -> None:
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    factories.sessions_held(referral, 1)
    press_at_once(browser_of, trainee, f"/referrals/{referral.public_id}/stopping")
    assert happened("referral.stopped") == 1
    assert letters_of("referral.stopped") == ["stopped_part_way", "stopped_part_way", "stopped_trainee"]


def test_reminding(browser_of: Browsers, complete: Referral) -> None:
    """Eight passes of what falls due, at the same moment."""
    gate, later = threading.Barrier(PRESSES), clock.now() + timedelta(days=8)

    def run() -> None:
        with db.connection_context() if database.is_sqlite() else nullcontext():
            gate.wait()
            falling_due.remind(later)

    threads = [threading.Thread(target=run) for _ in range(PRESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert happened("telling.reminded") == 1
    assert letters_of("telling.reminded") == ["please_tell_them"]
