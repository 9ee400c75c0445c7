"""The ledger: what became of each message, in plain words, and never a personal link."""

from datetime import timedelta

import pytest
from playhouse.test_utils import count_queries

from models import Notice, NoticeRecipient, NoticeState
from signpost import clock
from signpost.notices import actions as messages
from signpost.notices import delivery, ledger, outbox
from signpost.notices.policy import EVENTS
from signpost.referrals import actions
from tests.factories import a_referral


@pytest.fixture
def referral(adviser, referrer):
    return a_referral(referrer, trainee_name="Sam Ng", trainee_email="sam@trainees.example")


def of_kind(kind):
    return Notice.select().where(Notice.kind == kind).order_by(Notice.id.desc()).get()


def the_line(kind):
    (line,) = ledger.lines([of_kind(kind)])
    return line


def words(kind):
    return [reached.words for reached in the_line(kind).recipients]


def stamp(kind, state, failure="", **of_notice):
    notice = of_kind(kind)
    NoticeRecipient.update(state=state, failure=failure).where(NoticeRecipient.notice == notice).execute()
    Notice.update(state=state, **of_notice).where(Notice.id == notice.id).execute()


def test_a_line_says_what_it_was_to_whom_and_why_each_may_know(referral, adviser):
    line = the_line("referral")

    assert (line.what, line.reference, line.referral_id) == ("The referral", referral.reference, referral.public_id)
    assert line.subject == f"Referral {referral.reference} for careers support"
    assert [(one.header, one.name, one.address) for one in line.recipients] == [
        ("To", "Alex Adviser", adviser.email),
        ("Cc", "Sam Ng", "sam@trainees.example"),
    ]
    assert [one.why for one in line.recipients] == [
        "Every referral goes to the senior careers adviser.",
        "The trainee always gets a copy of what is written about them.",
    ]


def test_what_is_due_is_about_to_be_sent(referral):
    assert words("personal_link") == ["About to be sent"]


def test_what_waits_says_until_when(referral, counsellor, adviser):
    with clock.at(clock.parse("2027-01-04T09:30")):
        actions.assign(referral, counsellor, adviser, referral.version)
        assert words("assigned_trainee") == ["Waits until 9:31am"]


def test_what_was_handed_over_says_when(referral):
    moment = clock.parse("2027-01-04T09:30")
    stamp("personal_link", NoticeState.SENT, finished_at=moment)

    assert words("personal_link") == ["Handed to their mail server on 4 January 2027 at 9:30am"]


@pytest.mark.parametrize("failure", delivery.FAILURE_WORDS)
def test_what_was_not_delivered_says_why(referral, failure):
    stamp("personal_link", NoticeState.FAILED, failure)

    assert words("personal_link") == [f"Not delivered. {delivery.FAILURE_WORDS[failure]}."]


def test_what_may_no_longer_be_told_says_so(referral):
    stamp("personal_link", NoticeState.WITHHELD, "not_permitted")

    assert words("personal_link") == ["Not sent. They may no longer be told this."]


def test_what_is_tried_again_says_why_when_and_how_often(referral):
    due = clock.parse("2027-01-04T09:30")
    stamp("personal_link", NoticeState.QUEUED, "busy", attempts=3, due_at=due)

    assert words("personal_link") == ["Their mail server is busy. We try again at 9:30am. Try 3 of 48."]


def test_while_our_own_server_is_down_no_try_is_counted(referral):
    due = clock.parse("2027-01-04T09:30")
    stamp("personal_link", NoticeState.QUEUED, "unreachable", due_at=due)

    assert words("personal_link") == ["Our mail server could not be reached. We try again at 9:30am."]


def test_what_was_undone_says_so(referral, counsellor, adviser):
    actions.assign(referral, counsellor, adviser, referral.version)
    actions.undo_assignment(referral, by=adviser)

    assert words("assigned_trainee") == ["Taken back before it was sent"]


def test_each_person_of_one_message_has_their_own_words(referral, adviser):
    notice = of_kind("referral")
    first, second = notice.recipients.order_by(NoticeRecipient.id)
    outbox.sent(notice, [first])
    outbox.failed(notice, [second], "no_such_address")

    handed, missed = words("referral")
    assert handed.startswith("Handed to their mail server")
    assert missed == "Not delivered. The mail server says there is no such address."


def test_a_personal_link_is_never_shown(referral, counsellor, adviser):
    actions.assign(referral, counsellor, adviser, referral.version)
    for line in ledger.lines(Notice.select()):
        assert "/links/" not in line.text
    assert "(personal link)" in the_line("personal_link").text
    assert "(personal link)" in the_line("assigned_trainee").text


def test_only_what_did_not_arrive_can_be_sent_again_and_once(referral, adviser):
    assert not the_line("personal_link").can_send_again
    stamp("personal_link", NoticeState.FAILED, "no_such_address")
    original = of_kind("personal_link")
    assert the_line("personal_link").can_send_again

    messages.send_again(original, by=adviser)
    assert [line.can_send_again for line in ledger.lines([Notice.get_by_id(original.id)])] == [False]


def test_every_message_about_a_referral_has_a_name_and_an_unknown_one_is_a_message(referral):
    kinds = {told.kind for name, happening in EVENTS.items() if name.startswith("referral.") for told in happening.told}
    assert kinds <= set(ledger.KIND_WORDS)

    Notice.update(kind="something_new").execute()
    assert {line.what for line in ledger.lines(Notice.select())} == {"A message"}


def test_any_number_of_lines_takes_as_many_statements_as_one(adviser, referrer):
    a_referral(referrer)
    with count_queries() as few:
        ledger.lines(Notice.select(Notice, Notice.referral.rel_model).join(Notice.referral.rel_model))
    for _ in range(9):
        a_referral(referrer)
    with count_queries() as many:
        found = ledger.lines(Notice.select(Notice, Notice.referral.rel_model).join(Notice.referral.rel_model))

    assert len(found) == 30
    assert many.count == few.count


def test_a_line_stays_when_the_time_of_a_day_has_passed(referral):
    with clock.at(clock.now() + timedelta(days=400)):
        assert words("personal_link") == ["About to be sent"]
