"""What a person can do about a message that did not arrive."""

import re
import threading

import pytest

from models import Event, Notice, NoticeRecipient, NoticeState, PersonalLink, School, db
from signpost import clock
from signpost.accounts import links
from signpost.errors import RuleBroken
from signpost.notices import actions as messages
from signpost.notices import delivery, outbox
from signpost.referrals import actions
from tests.factories import a_referral
from tests.unchanged import refused

WRONG, RIGHT = "mistyped@trainees.example", "right@trainees.example"
LINK = re.compile(r"/links/([\w-]{43})")


@pytest.fixture
def referral(adviser, referrer, head, mailbox):
    school = School.get(School.name == "School of Medicine")
    return a_referral(referrer, trainee_email=WRONG, school=school, wider_concerns=True)


@pytest.fixture
def deliver(app):
    def send():
        with app.app_context():
            return delivery.send_due()

    return send


def of_kind(kind):
    return Notice.select().where(Notice.kind == kind).order_by(Notice.id.desc()).get()


def correct(referral, adviser):
    actions.correct_trainee_address(referral, RIGHT, adviser, referral.version)


def test_a_corrected_address_gets_what_the_wrong_one_did_not_and_nobody_gets_it_twice(
    referral, adviser, head, deliver, mailbox
):
    mailbox.refuse[WRONG] = "550 no such user"
    deliver()
    missed = of_kind("referral")
    correct(referral, adviser)
    messages.send_again(missed, by=adviser)
    deliver()

    first, second = [one for one in mailbox.received if one.subject == missed.subject]
    assert set(first.recipients) == {adviser.email, head.email}
    assert second.recipients == (RIGHT,)
    assert {one.addr_spec for one in second.message["Cc"].addresses} == {RIGHT, head.email}
    assert second.text == first.text


def test_sent_again_it_is_a_message_of_its_own_that_names_the_first(referral, adviser, deliver, mailbox):
    mailbox.refuse[WRONG] = "550 no such user"
    deliver()
    missed = of_kind("personal_link")
    copy = messages.send_again(missed, by=adviser)

    assert copy.copy_of == missed
    assert copy.message_id != missed.message_id
    assert (copy.kind, copy.subject, copy.reply_to) == (missed.kind, missed.subject, missed.reply_to)
    assert Notice.get_by_id(missed.id).state == NoticeState.FAILED, "the ledger keeps what happened"
    assert Event.select().order_by(Event.id.desc()).get().name == "notice.sent_again"


def test_the_personal_link_in_it_is_a_new_one_that_works(referral, adviser, deliver, mailbox):
    mailbox.refuse[WRONG] = "550 no such user"
    deliver()
    missed = of_kind("personal_link")
    correct(referral, adviser)
    copy = messages.send_again(missed, by=adviser)

    before, after = LINK.search(missed.text)[1], LINK.search(copy.text)[1]
    assert not links.is_open(links.find(before))
    assert links.is_open(links.find(after))
    assert links.find(after).email == RIGHT
    assert LINK.sub("", copy.text) == LINK.sub("", missed.text)


def test_what_looks_like_a_link_in_a_letter_to_others_is_somebodys_words_and_stays(adviser, referrer, deliver, mailbox):
    """Else a referrer could have the trainee's own link sent to the adviser by typing something like it."""
    typed = "See http://localhost/links/x and https://elsewhere.example/links/abc please."
    a_referral(referrer, request=typed)
    mailbox.refuse[adviser.email] = "550 no such user"
    deliver()
    before = PersonalLink.select().count()
    copy = messages.send_again(of_kind("referral"), by=adviser)

    assert typed in copy.text
    assert PersonalLink.select().count() == before


def test_what_arrived_is_not_sent_again(referral, adviser, deliver, mailbox):
    deliver()
    notice = of_kind("personal_link")
    with refused("reached everyone it was for"):
        messages.send_again(notice, by=adviser)


@pytest.mark.parametrize("state", [NoticeState.QUEUED, NoticeState.WITHHELD, NoticeState.UNDONE])
def test_neither_is_what_waits_what_was_withheld_or_what_was_undone(referral, adviser, state):
    notice = of_kind("personal_link")
    NoticeRecipient.update(state=state).where(NoticeRecipient.notice == notice).execute()
    Notice.update(state=state).where(Notice.id == notice.id).execute()
    with refused("not sent again"):
        messages.send_again(Notice.get_by_id(notice.id), by=adviser)


def failed(kind):
    notice = of_kind(kind)
    outbox.failed(notice, list(notice.recipients), "no_such_address")
    return Notice.get_by_id(notice.id)


def test_it_is_sent_again_once(referral, adviser):
    notice = failed("personal_link")
    messages.send_again(notice, by=adviser)
    with refused("sent again already"):
        messages.send_again(notice, by=adviser)


def test_two_who_press_at_once_send_it_once(referral, adviser):
    notice = failed("personal_link")
    gate, answers = threading.Barrier(4), []

    def press():
        with db.connection_context():
            gate.wait()
            try:
                answers.append(messages.send_again(Notice.get_by_id(notice.id), by=adviser))
            except RuleBroken as refusal:
                answers.append(refusal)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Notice.select().where(Notice.copy_of == notice).count() == 1
    assert sum(isinstance(answer, Notice) for answer in answers) == 1
    assert {answer.words for answer in answers if isinstance(answer, RuleBroken)} == {
        "This message was sent again already."
    }


def test_a_copy_that_fails_too_can_be_sent_again(referral, adviser):
    first = failed("personal_link")
    messages.send_again(first, by=adviser)
    second = failed("personal_link")
    third = messages.send_again(second, by=adviser)

    assert (second.copy_of, third.copy_of) == (first, second)


def test_the_permission_is_asked_again_when_the_copy_is_sent(referral, adviser, head, deliver, mailbox):
    mailbox.refuse[head.email] = "550 no such user"
    deliver()
    mailbox.refuse.clear()
    messages.send_again(of_kind("referral"), by=adviser)
    head.disabled_at = clock.now()
    head.save()
    already = len(mailbox.received)
    deliver()

    assert len(mailbox.received) == already
    assert of_kind("referral").state == NoticeState.WITHHELD


def test_what_waited_for_the_wrong_address_when_it_was_corrected_can_be_sent_to_the_right_one(
    referral, adviser, deliver, mailbox
):
    mailbox.refuse[WRONG] = "452 mailbox full"
    deliver()
    correct(referral, adviser)
    Notice.update(due_at=clock.now()).where(Notice.state == NoticeState.QUEUED).execute()
    deliver()
    assert mailbox.to(RIGHT) == []

    messages.send_again(of_kind("personal_link"), by=adviser)
    deliver()
    assert len(mailbox.to(RIGHT)) == 1
    assert mailbox.to(WRONG) == []


def test_an_address_corrected_to_that_of_another_of_the_message_names_them_once(referral, adviser, head):
    notice = failed("referral")
    actions.correct_trainee_address(referral, head.email, adviser, referral.version)
    copy = messages.send_again(Notice.get_by_id(notice.id), by=adviser)

    addresses = [row.address for row in copy.recipients]
    assert sorted(addresses) == sorted({adviser.email, head.email})
