"""Two at once, on either database: what one has looked at is still true when it writes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from models import Assignment, Draft, FailedSignIn, Notice, NoticeRecipient, NoticeState, Referral, School, db
from signpost import clock
from signpost.accounts import throttle
from signpost.audit import record
from signpost.errors import RuleBroken
from signpost.notices import actions as messages
from signpost.notices import outbox
from signpost.organisation import actions as places
from signpost.referrals import actions, drafts
from tests.factories import a_referral, a_user

TOGETHER = 8


def at_once(act, times=TOGETHER):
    """Do this so often at the same moment, each time with a connection of its own. Gives what each gave or was refused."""
    gate = threading.Barrier(times)

    def run(number):
        with db.connection_context():
            gate.wait()
            try:
                return act(number)
            except RuleBroken as refusal:
                return refusal

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))


def refused(answers):
    return sum(isinstance(answer, RuleBroken) for answer in answers)


def test_a_draft_saved_from_eight_windows_is_one_draft_with_one_reference(referrer):
    at_once(lambda n: drafts.save(referrer, {"trainee_name": f"Trainee {n}"}))

    assert Draft.select().count() == 1
    assert drafts.of(referrer).typed["trainee_name"].startswith("Trainee ")


def test_a_message_is_sent_again_once(adviser, referrer):
    a_referral(referrer)
    notice = Notice.get(Notice.kind == "referral")
    NoticeRecipient.update(state=NoticeState.FAILED).where(NoticeRecipient.notice == notice).execute()
    Notice.update(state=NoticeState.FAILED).where(Notice.id == notice.id).execute()

    answers = at_once(lambda n: messages.send_again(Notice.get_by_id(notice.id), by=adviser))

    assert refused(answers) == TOGETHER - 1
    assert Notice.select().where(Notice.copy_of == notice).count() == 1


def test_a_referral_is_closed_once_and_its_letters_go_once(adviser, referrer):
    referral = a_referral(referrer)

    answers = at_once(lambda n: actions.withdraw(Referral.get_by_id(referral.id), by=referrer))

    assert refused(answers) == TOGETHER - 1
    assert Notice.select().where(Notice.kind == "withdrawn_trainee").count() == 1
    assert Referral.get_by_id(referral.id).version == 2


def test_a_place_is_added_once_under_its_name(app):
    administrator = a_user()

    answers = at_once(lambda n: places.add(School, "School of Surgery", by=administrator))

    assert refused(answers) == TOGETHER - 1
    assert School.select().count() == 1


def test_no_more_tries_are_taken_than_there_are(app):
    def guess(n):
        try:
            return throttle.begin_try("somebody@signpost.example", "192.0.2.1")
        except throttle.TooManyTries:
            return None

    answers = at_once(guess, times=16)

    assert sum(answer is not None for answer in answers) == FailedSignIn.select().count() == 10


def test_an_undo_is_whole_or_not_at_all_whatever_the_worker_claims(adviser, counsellor, referrer):
    """The minute ends between the two of them, forty times: everybody was told, or nobody will be."""
    taken_back = 0
    for _ in range(40):
        referral = a_referral(referrer)
        actions.assign(referral, counsellor, adviser, referral.version)
        Notice.update(due_at=clock.now() + timedelta(milliseconds=15)).where(
            Notice.kind.startswith("assigned")
        ).execute()

        def act(n, referral=referral):
            if n == 0:
                return actions.undo_assignment(Referral.get_by_id(referral.id), by=adviser)
            threading.Event().wait(0.012)
            return outbox.claim("a worker", most=1000)

        undone, _ = at_once(act, times=2)
        letters = Notice.select().where((Notice.referral == referral) & Notice.kind.startswith("assigned"))
        states = {letter.state for letter in letters}
        is_undone = not isinstance(undone, RuleBroken)
        assert states == ({NoticeState.UNDONE} if is_undone else {NoticeState.QUEUED})
        assert Referral.get_by_id(referral.id).assigned_to == (None if is_undone else counsellor)
        taken_back += is_undone

    assert Assignment.select().where(Assignment.undone_at.is_null(False)).count() == taken_back
    assert record.verify()[1] is None


def test_four_workers_never_get_the_same_message(adviser, referrer):
    for _ in range(20):
        a_referral(referrer)

    def claim_all(n):
        mine = []
        while batch := outbox.claim(f"worker {n}", most=3):
            mine += [notice.id for notice in batch]
        return mine

    claimed = [one for mine in at_once(claim_all, times=4) for one in mine]

    assert len(claimed) == len(set(claimed)) == Notice.select().count() == 60


def test_acts_on_many_and_acts_on_one_never_wait_crosswise(adviser, counsellor, referrer):
    """On PostgreSQL each would hold what the other wants next, had the first to begin not the turn."""
    for _ in range(5):
        referrals = [a_referral(referrer) for _ in range(4)]

        def act(n, referrals=referrals):
            fresh = [Referral.get_by_id(one.id) for one in (referrals if n % 2 else referrals[::-1])]
            if n < 2:
                return actions.for_each(
                    fresh, lambda one, batch: actions.assign(one, counsellor, adviser, one.version, batch=batch)
                )
            return [actions.accept(one, by=referrer) for one in fresh[:1]]

        at_once(act, times=4)

    assigned = [row.referral_id for row in Assignment.select()]
    assert len(assigned) == len(set(assigned)) >= 5 * 2
    assert record.verify()[1] is None


def test_every_change_made_at_once_is_in_one_chain(adviser, referrer):
    at_once(lambda n: a_referral(referrer), times=12)

    assert Referral.select().count() == 12
    assert record.verify() == (12, None)
    assert record.is_anchored()
