"""How a fact becomes news: event, audit entry and notices stand or fall with the change; a rehearsal leaves nothing."""

import json

import pytest

from models import AuditEntry, Event, LinkPurpose, Notice, NoticeRecipient, PersonalLink, Referral, db
from signpost import events
from signpost.accounts import links
from signpost.audit import record as audit
from signpost.errors import RuleBroken
from signpost.events import record, rehearse
from signpost.referrals import actions
from tests.factories import a_referral, an_employer
from tests.unchanged import nothing_written


@pytest.fixture
def referral(adviser, referrer):
    return a_referral(referrer)


def test_nothing_is_recorded_outside_the_transaction_of_its_change(referral, adviser):
    with nothing_written(), pytest.raises(RuntimeError, match="inside the transaction"):
        record("link.sent_again", by=adviser, referral=referral)


def test_event_audit_and_notices_are_written_together(referral, adviser):
    with db.atomic():
        event = record("link.sent_again", by=adviser, referral=referral)

    entry = AuditEntry.select().order_by(AuditEntry.n.desc()).get()
    assert (event.name, event.by_user, event.referral) == ("link.sent_again", adviser, referral)
    assert (entry.action, entry.record) == ("link.sent_again", f"referral:{referral.public_id}")
    assert entry.actor == f"user:{adviser.public_id}"
    assert [notice.kind for notice in event.notices] == ["personal_link"]


def test_when_the_change_fails_afterwards_neither_event_nor_audit_nor_notice_stands(referral, adviser):
    def change_and_fail():
        with db.atomic():
            record("link.sent_again", by=adviser, referral=referral)
            raise ZeroDivisionError

    with nothing_written(), pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert audit.verify()[1] is None


def test_an_event_that_nobody_listed_cannot_be_recorded(referral, adviser):
    with nothing_written(), pytest.raises(KeyError), db.atomic():
        record("referral.forgotten", by=adviser, referral=referral)


def test_what_is_done_by_a_personal_link_is_recorded_in_its_name(referral):
    link = PersonalLink.get(PersonalLink.referral == referral)
    actions.accept(referral, by=link)

    event = Event.get(Event.name == "referral.accepted")
    entry = AuditEntry.select().order_by(AuditEntry.n.desc()).get()
    assert (event.by_link, event.by_user) == (link, None)
    assert (entry.actor, entry.acting_as) == (f"link:{link.public_id}", "trainee")


def test_the_audit_names_people_by_id_and_repeats_no_words(adviser, referrer, counsellor):
    referral = a_referral(
        referrer, trainee_name="Sentinel Name", trainee_email="sentinel@x.example", request="Sentinel request"
    )
    actions.assign(referral, counsellor, adviser, referral.version)
    actions.decline(referral, by=PersonalLink.select().first())

    written = json.dumps([vars(entry)["__data__"] for entry in AuditEntry.select()]).lower()
    assert "sentinel" not in written
    assert counsellor.public_id in written


def test_every_event_has_its_audit_entry(adviser, referrer, counsellor):
    referral = a_referral(referrer)
    actions.assign(referral, counsellor, adviser, referral.version)
    actions.undo_assignment(referral, by=adviser)
    actions.withdraw(referral, by=referrer)

    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.n)] == [
        event.name for event in Event.select().order_by(Event.id)
    ]
    assert audit.verify() == (4, None)


# The preview


def test_a_rehearsal_gives_the_letters_and_leaves_nothing(referral, counsellor, adviser, config):
    anchored = config.audit_anchor.read_text()
    with nothing_written():
        letters = rehearse(
            lambda: actions.assign(Referral.get_by_id(referral.id), counsellor, adviser, referral.version)
        )

    assert [letter.kind for letter in letters] == ["assigned_trainee", "assigned_counsellor"]
    assert config.audit_anchor.read_text() == anchored
    assert audit.verify()[1] is None


def in_order(notice):
    return notice.recipients.order_by(NoticeRecipient.id)


def test_what_is_sent_afterwards_is_what_was_rehearsed(adviser, referrer, head):
    school = head.roles_held.get().school
    asked = actions.Request("Sam Ng", "sam@x.example", school, an_employer(), "A talk, please.", True)
    kind = referrer.roles_held.get().referrer_kind

    rehearsed = rehearse(lambda: actions.refer(asked, referrer, kind, "bcdfghjk"))
    actions.refer(asked, referrer, kind, "bcdfghjk")

    def shown(letters):
        return [
            (each.kind, each.subject, each.reply_to, [(one.header, one.person.address) for one in each.recipients])
            for each in letters
        ]

    sent = [
        (each.kind, each.subject, each.reply_to, [(one.header, one.address) for one in in_order(each)])
        for each in Notice.select().order_by(Notice.id)
    ]
    assert shown(rehearsed) == sent
    assert [letter.text for letter in rehearsed if letter.kind == "referral"] == [
        notice.text for notice in Notice.select().where(Notice.kind == "referral")
    ]


def test_a_rehearsed_letter_shows_where_the_personal_link_will_stand_and_makes_none(referral, adviser):
    letters = rehearse(lambda: actions.send_link_again(referral, by=adviser))

    assert events.LINK_IN_REHEARSAL in letters[0].text
    assert "/links/" not in letters[0].text


def test_a_rehearsal_is_refused_as_the_act_would_be_and_the_next_act_is_real(referral, referrer, adviser):
    with nothing_written(), pytest.raises(RuleBroken):
        rehearse(lambda: actions.add_concerns(referral, None, by=referrer))

    actions.send_link_again(referral, by=adviser)
    assert "/links/" in Notice.select().order_by(Notice.id.desc()).get().text


def test_a_personal_link_is_for_the_trainee_of_its_referral_and_for_this_purpose(referral):
    token = Notice.get(Notice.kind == "personal_link").text.partition("/links/")[2].split()[0]
    link = links.find(token)

    assert (link.referral, link.email) == (referral, referral.trainee_email)
    assert link.purpose == LinkPurpose.REFERRED_TRAINEE
    assert links.is_open(link)
