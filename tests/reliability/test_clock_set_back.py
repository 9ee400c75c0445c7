"""A clock that is set back an hour: nothing is sent twice, no lease breaks, no session comes alive again.

What does not hold, and is not promised: what falls due by the clock falls due up to an hour later, and a personal link of
fourteen days lives an hour longer.
"""

import threading
from datetime import timedelta

import pytest

from models import FailedSignIn, Notice, NoticeState, WebSession, db
from signpost import clock, commands
from signpost.accounts import sessions, throttle
from signpost.accounts.actions import SignInRefused, sign_in
from signpost.accounts.links import hash_of
from signpost.accounts.throttle import TooManyTries
from signpost.audit import record
from signpost.notices import delivery, outbox
from signpost.referrals import actions
from tests.factories import a_referral, a_user

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def noon():
    return clock.now()


def open_token(token):
    return sessions.find_open(token) is not None


def test_what_was_sent_is_not_sent_again(app, adviser, referrer, mailbox, noon):
    with clock.at(noon):
        a_referral(referrer)
        with app.app_context():
            delivery.send_due()
    sent = len(mailbox.received)

    for moment in (noon - HOUR, noon - MINUTE, noon, noon + HOUR):
        with clock.at(moment), app.app_context():
            delivery.send_due()

    assert len(mailbox.received) == sent == 3


def test_a_lease_is_kept_by_the_worker_that_holds_it(app, adviser, referrer, noon):
    with clock.at(noon):
        a_referral(referrer)
        held = outbox.claim("one worker")
    assert len(held) == 3

    with clock.at(noon - HOUR):
        assert outbox.claim("another worker") == []
        for notice in held:
            assert outbox.about_to_send(notice, "another worker") == []
            assert outbox.about_to_send(notice, "one worker")


def test_what_a_killed_worker_held_is_sent_once_the_clock_is_past_its_lease_again(
    app, adviser, referrer, mailbox, noon
):
    with clock.at(noon):
        a_referral(referrer)
        outbox.claim("a worker that is killed now")
    with clock.at(noon - HOUR), app.app_context():
        assert delivery.send_due() == 0

    with clock.at(noon + 2 * outbox.LEASE), app.app_context():
        delivery.send_due()

    assert len(mailbox.received) == 3
    assert Notice.select().where(Notice.state != NoticeState.SENT).count() == 0


def test_new_messages_do_not_wait_for_the_old_hour(app, adviser, referrer, mailbox, noon):
    with clock.at(noon):
        a_referral(referrer)
    with clock.at(noon - HOUR), app.app_context():
        a_referral(referrer)
        delivery.send_due()

    assert len(mailbox.received) == 3


def test_an_assignment_that_was_told_cannot_be_undone_in_the_hour_that_comes_again(
    app, adviser, referrer, counsellor, mailbox, noon
):
    with clock.at(noon):
        referral = a_referral(referrer)
        actions.assign(referral, counsellor, adviser, referral.version)
    with clock.at(noon + 2 * MINUTE), app.app_context():
        delivery.send_due()
    told = len(mailbox.received)

    with clock.at(noon - HOUR), pytest.raises(actions.RuleBroken, match="too late"):
        actions.undo_assignment(referral, by=adviser)

    assert len(mailbox.received) == told == 5


def test_a_session_that_stood_idle_stays_over(adviser, noon):
    """The worker ends it within a minute of its end, and so the clock cannot give it back."""
    with clock.at(noon):
        token = sessions.begin(adviser)
    with clock.at(noon + timedelta(minutes=31)):
        assert not open_token(token)
        assert sessions.end_expired(clock.now()) == 1

    with clock.at(noon - timedelta(minutes=29)):
        assert not open_token(token)


def test_a_session_that_grew_too_old_stays_over(adviser, noon):
    with clock.at(noon):
        token = sessions.begin(adviser)
        WebSession.update(last_seen_at=noon + timedelta(hours=10)).execute()
    with clock.at(noon + timedelta(hours=10, minutes=1)):
        assert sessions.end_expired(clock.now()) == 1

    with clock.at(noon + timedelta(hours=9)):
        assert not open_token(token)


def test_a_session_nobody_used_since_the_clock_was_set_back_ends_and_one_in_use_goes_on(adviser, counsellor, noon):
    with clock.at(noon):
        left, used = sessions.begin(adviser), sessions.begin(counsellor)
    with clock.at(noon - HOUR):
        sessions.touch(sessions.find_open(used))
        assert sessions.end_expired(clock.now()) == 1
        assert not open_token(left)
        assert open_token(used)

    with clock.at(noon - timedelta(minutes=29)):
        assert not open_token(used)


def test_an_open_session_is_not_ended(adviser, noon):
    with clock.at(noon):
        token = sessions.begin(adviser)
    with clock.at(noon + timedelta(minutes=29)):
        assert sessions.end_expired(clock.now()) == 0
        assert open_token(token)


def test_the_worker_ends_sessions_by_itself(app, adviser, noon):
    with clock.at(noon - HOUR):
        token = sessions.begin(adviser)
    stopped = threading.Event()
    stopped.wait = lambda pause: stopped.set()

    with app.app_context():
        commands.work(stopped)

    db.connect(reuse_if_open=True)
    assert WebSession.get(WebSession.token_hash == hash_of(token)).ended_at is not None


def test_nobody_is_locked_out_until_it_is_as_late_again(app, noon):
    user = a_user(password="three plain words")
    with clock.at(noon):
        for _ in range(10):
            with pytest.raises(SignInRefused):
                sign_in(user.email, "guessed wrong", "192.0.2.1")
        with pytest.raises(TooManyTries):
            sign_in(user.email, "three plain words", "192.0.2.1")

    with clock.at(noon - HOUR):
        assert sign_in(user.email, "three plain words", "192.0.2.1") == user
        throttle.forget_expired(clock.now())
    assert FailedSignIn.select().count() == 10


def test_the_audit_goes_on_by_its_numbers(app, adviser, referrer, noon):
    with clock.at(noon):
        a_referral(referrer)
    with clock.at(noon - HOUR):
        a_referral(referrer)

    assert record.verify() == (2, None)
    assert record.is_anchored()
