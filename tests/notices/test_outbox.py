"""The outbox: queued with the change, claimed by one worker at a time, finished once."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from models import Event, Notice, NoticeRecipient, NoticeState, User, db
from signpost import clock
from signpost.config import running
from signpost.database import is_sqlite
from signpost.notices import outbox
from signpost.notices.letters import Letter, Recipient
from signpost.notices.policy import Person
from signpost.referrals import actions
from tests.factories import a_referral

NOW = timedelta(0)


@pytest.fixture
def referral(adviser, referrer):
    """One whose own letters have all gone."""
    referral = a_referral(referrer)
    NoticeRecipient.update(state=NoticeState.SENT).execute()
    Notice.update(state=NoticeState.SENT).execute()
    return referral


def queued(referral, count=1, waits_for_undo=False, also=()):
    """So many letters to the trainee of one event, and to these others."""
    trainee = Recipient("to", Person(referral.trainee_name, referral.trainee_email), "A7-link")
    others = tuple(Recipient("cc", Person("Other", address), permission) for address, permission in also)
    letter = Letter("personal_link", "Subject", "Words\n", (trainee, *others), "", "Team", waits_for_undo)
    with db.atomic():
        event = Event.create(
            name="link.sent_again", referral=referral, by_user=referral.referred_by, happened_at=clock.now()
        )
        outbox.queue(event, [letter] * count)
    return list(event.notices.order_by(Notice.id))


def again(notice):
    return Notice.get_by_id(notice.id)


def later(**passed):
    return clock.at(clock.now() + timedelta(**passed))


# Queueing


def test_a_letter_is_queued_with_its_words_sealed(referral):
    (notice,) = queued(referral)
    (stored,) = Notice.select(Notice.text).where(Notice.id == notice.id).tuples().get()

    assert notice.text == "Words\n"
    assert b"Words" not in bytes(stored)
    assert (notice.state, notice.attempts) == (NoticeState.QUEUED, 0)
    assert notice.due_at == notice.queued_at


def test_every_row_has_a_message_id_of_its_own_at_the_senders_domain(referral):
    ids = {notice.message_id for notice in queued(referral, 20)}

    assert len(ids) == 20
    assert all(one.startswith("<") and one.endswith("@signpost.example>") for one in ids)


def test_letters_of_one_event_cannot_be_queued_twice(referral):
    (notice,) = queued(referral)
    letter = Letter("personal_link", "Subject", "Words\n", (), "", "Team", False)

    def queue_again():
        with db.atomic():
            outbox.queue(notice.event, [letter])

    with pytest.raises(Exception, match=r"(?i)unique"):
        queue_again()


def test_one_message_names_nobody_twice(referral):
    def twice():
        queued(referral, also=[(referral.trainee_email, "A7-trainee")])

    with pytest.raises(Exception, match=r"(?i)unique"):
        twice()
    assert Notice.select().where(Notice.state == NoticeState.QUEUED).count() == 0


def test_a_letter_that_can_be_undone_is_due_after_the_minute(referral):
    (notice,) = queued(referral, waits_for_undo=True)

    assert outbox.claim("a worker") == []
    with later(seconds=61):
        assert outbox.claim("a worker") == [notice]


def test_tokens_of_personal_links_lie_nowhere_in_the_database_in_the_clear(adviser, referrer, counsellor, config):
    """Neither in a table, nor in the write-ahead log, nor in what a deleted row left behind."""
    referral = a_referral(referrer)
    actions.assign(referral, counsellor, adviser, referral.version)
    actions.send_link_again(referral, by=adviser)
    tokens = [notice.text.partition("/links/")[2].split()[0] for notice in Notice.select() if "/links/" in notice.text]
    NoticeRecipient.delete().execute()
    Notice.delete().where(Notice.id == Notice.select().order_by(Notice.id.desc()).get().id).execute()

    assert len(tokens) == 3
    assert all(len(token) == 43 for token in tokens)
    if is_sqlite():
        path = config.database_url.removeprefix("sqlite:///")
        bytes_there = b"".join(Path(f"{path}{end}").read_bytes() for end in ("", "-wal"))
    else:
        rows = [str(row) for table in db.obj.get_tables() for row in db.execute_sql(f'SELECT * FROM "{table}"')]  # noqa: S608
        bytes_there = "".join(rows).encode()
    assert len(bytes_there) > 5_000
    assert not [token for token in tokens if token.encode() in bytes_there or token[:20].encode() in bytes_there]


# Claiming


def test_what_is_due_is_claimed_the_oldest_first_and_by_one_worker(referral):
    with clock.at(clock.now() - timedelta(minutes=2)):
        (old,) = queued(referral)
    (new,) = queued(referral)

    assert outbox.claim("one") == [old, new]
    assert outbox.claim("another") == []
    assert {again(notice).claimed_by for notice in (old, new)} == {"one"}


def test_no_more_is_claimed_at_once_than_a_batch(referral):
    queued(referral, outbox.BATCH + 5)

    assert len(outbox.claim("one")) == outbox.BATCH
    assert len(outbox.claim("another")) == 5


def test_a_worker_that_died_loses_its_claim_when_the_lease_is_over(referral):
    (notice,) = queued(referral)
    outbox.claim("died")

    with clock.at(clock.now() + outbox.LEASE - timedelta(seconds=20)):
        assert outbox.claim("another") == []
    with clock.at(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.claim("another") == [notice]


def test_a_worker_that_comes_back_too_late_does_not_send(referral):
    (notice,) = queued(referral)
    (as_the_first_sees_it,) = outbox.claim("slow")
    with clock.at(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        outbox.claim("another")
        assert outbox.about_to_send(as_the_first_sees_it, "slow") == []
        assert len(outbox.about_to_send(notice, "another")) == 1


def test_whoever_is_about_to_send_has_the_lease_anew(referral):
    (notice,) = queued(referral)
    (claimed,) = outbox.claim("slow")
    with clock.at(clock.now() + outbox.LEASE - timedelta(seconds=20)):
        assert len(outbox.about_to_send(claimed, "slow")) == 1
    with clock.at(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        assert outbox.claim("another") == []
    assert again(notice).attempts == 1


def test_nobody_sends_what_they_did_not_claim(referral):
    (notice,) = queued(referral)

    assert outbox.about_to_send(notice, "a stranger") == []
    assert again(notice).attempts == 0


def test_what_was_claimed_and_not_tried_is_given_back(referral):
    notices = queued(referral, 3)
    claimed = outbox.claim("stopped")
    outbox.give_back(claimed[1:], "stopped")

    assert outbox.claim("another") == notices[1:]


def test_nobody_gives_back_or_holds_what_another_took_over(referral):
    claimed = (queued(referral, 2), outbox.claim("slow"))[1]
    with clock.at(clock.now() + outbox.LEASE + timedelta(seconds=1)):
        outbox.claim("another")
    outbox.give_back(claimed, "slow")

    assert {again(notice).claimed_by for notice in claimed} == {"another"}
    assert outbox.still_held(claimed, "slow") == []
    assert outbox.still_held(claimed, "another") == claimed


def test_eight_workers_drain_two_hundred_and_each_message_once(referral):
    notices = queued(referral, 200)
    sent, gate = [], threading.Barrier(8)

    def drain(worker):
        with db.connection_context():
            gate.wait()
            while batch := outbox.claim(worker):
                for notice in batch:
                    recipients = outbox.about_to_send(notice, worker)
                    if recipients:
                        sent.append(notice.id)
                        outbox.sent(notice, recipients)

    workers = [threading.Thread(target=drain, args=(f"worker {number}",)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(sent) == [notice.id for notice in notices]
    assert {again(notice).state for notice in notices} == {NoticeState.SENT}


# What became of it


def tried(notice, worker="a worker"):
    outbox.claim(worker)
    return outbox.about_to_send(notice, worker)


def test_sent_is_sent_and_says_when(referral):
    (notice,) = queued(referral)
    outbox.sent(notice, tried(notice))

    row = again(notice)
    assert (row.state, row.claimed_by, row.claimed_until) == (NoticeState.SENT, "", None)
    assert row.finished_at is not None
    assert outbox.claim("another") == []


def test_failed_is_failed_and_says_why(referral):
    (notice,) = queued(referral)
    outbox.failed(notice, tried(notice), "no_such_address")

    assert again(notice).state == NoticeState.FAILED
    assert notice.recipients.get().failure == "no_such_address"
    with later(days=1):
        assert outbox.claim("another") == []


def test_one_who_did_not_get_it_is_what_the_message_says(referral, adviser):
    (notice,) = queued(referral, also=[(adviser.email, "A7-adviser")])
    trainee, other = tried(notice)
    outbox.sent(notice, [other])
    assert again(notice).state == NoticeState.QUEUED

    outbox.failed(notice, [trainee], "mailbox_full")
    assert again(notice).state == NoticeState.FAILED


def test_after_a_passing_trouble_it_is_tried_again_later_and_only_for_those_who_wait(referral, adviser):
    (notice,) = queued(referral, also=[(adviser.email, "A7-adviser")])
    trainee, other = tried(notice)
    outbox.sent(notice, [other])
    outbox.try_later(notice, [trainee], "busy")

    assert outbox.claim("another") == []
    with later(seconds=61):
        outbox.claim("another")
        assert [row.address for row in outbox.about_to_send(notice, "another")] == [referral.trainee_email]


def test_the_waits_grow_up_to_half_an_hour():
    minutes = [outbox.wait_after(attempts).total_seconds() / 60 for attempts in range(1, 9)]

    assert minutes == [1, 2, 4, 8, 16, 30, 30, 30]
    assert outbox.wait_after(48) == outbox.wait_after(10_000) == timedelta(minutes=30)
    assert outbox.wait_after(0) <= timedelta(minutes=1)


def test_all_tries_together_take_about_a_day():
    whole = sum((outbox.wait_after(attempts) for attempts in range(1, outbox.MOST_ATTEMPTS)), NOW)

    assert timedelta(hours=20) < whole < timedelta(hours=26)


def test_after_the_last_try_it_is_a_failure_that_a_person_sees(referral):
    (notice,) = queued(referral)
    tries = 0
    moment = clock.now()
    while again(notice).state == NoticeState.QUEUED:
        moment = max(moment, again(notice).due_at) + timedelta(seconds=1)
        with clock.at(moment):
            (claimed,) = outbox.claim("a worker")
            outbox.try_later(claimed, outbox.about_to_send(claimed, "a worker"), "busy")
        tries += 1

    assert tries == outbox.MOST_ATTEMPTS
    assert again(notice).state == NoticeState.FAILED
    assert notice.recipients.get().failure == outbox.GAVE_UP


def test_undoing_takes_back_all_letters_of_the_event_and_no_others(referral):
    notices = queued(referral, 2, waits_for_undo=True)
    (other,) = queued(referral, waits_for_undo=True)

    assert outbox.undo(notices[0].event)
    assert {again(notice).state for notice in notices} == {NoticeState.UNDONE}
    assert again(other).state == NoticeState.QUEUED


@pytest.mark.parametrize("too_late", ["due", "claimed", "sent"])
def test_undoing_says_so_when_one_letter_has_left_or_is_leaving(referral, too_late):
    notices = queued(referral, 2, waits_for_undo=True)
    change = {
        "due": {"due_at": clock.now()},
        "claimed": {"claimed_by": "a worker"},
        "sent": {"state": NoticeState.SENT},
    }[too_late]
    Notice.update(**change).where(Notice.id == notices[0].id).execute()

    assert not outbox.undo(notices[0].event)


def test_when_the_next_is_due_is_known(referral):
    assert outbox.next_due() is None
    (later_one,) = queued(referral, waits_for_undo=True)
    assert outbox.next_due() == later_one.due_at
    (sooner,) = queued(referral)
    assert outbox.next_due() == sooner.due_at


def test_a_recipient_whose_account_is_deleted_stays_in_the_ledger(referral, adviser):
    person = Person(adviser.name, adviser.email, adviser)
    letter = Letter("referral", "S", "W\n", (Recipient("to", person, "A7-adviser"),), "", "Team", False)
    with db.atomic():
        event = Event.create(
            name="link.sent_again", referral=referral, by_user=referral.referred_by, happened_at=clock.now()
        )
        outbox.queue(event, [letter])
    User.delete().where(User.id == adviser.id).execute()

    row = NoticeRecipient.get(NoticeRecipient.address == adviser.email)
    assert (row.user, row.name) == (None, adviser.name)


def test_the_message_id_needs_no_more_than_an_address_to_send_from(app):
    assert running().mail_default_sender.endswith("@signpost.example")
    assert outbox.new_message_id().count("@") == 1
