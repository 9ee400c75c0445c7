"""Who may read what careers staff keep of a case: the counsellor; others by cover or for a reason; and who looked (C9)."""

from datetime import timedelta

import pytest

from models import AuditEntry, Event, Notice, NoticeRecipient, RecordAccess, Role
from signpost import clock
from signpost.errors import RuleBroken
from signpost.referrals import actions, queries, record_access
from signpost.referrals.queries import Relation
from tests.factories import a_referral, a_user, give


@pytest.fixture
def colleague():
    return a_user(Role.COUNSELLOR, name="Cato Colleague")


@pytest.fixture
def case(adviser, counsellor, referrer):
    referral = a_referral(referrer)
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    return referral


def told(event):
    found = (
        NoticeRecipient.select(NoticeRecipient, Notice)
        .join(Notice)
        .join(Event, on=Notice.event)
        .where(Event.name == event)
    )
    return {(one.notice.kind, one.address, one.permission) for one in found}


def next_week():
    return clock.today() + timedelta(days=7)


# The counsellor, and nobody else


def test_the_assigned_counsellor_reads_the_record(case, counsellor):
    assert record_access.reads_record(counsellor, case)


def test_neither_adviser_nor_referrer_nor_another_counsellor_reads_it(case, adviser, referrer, colleague):
    assert not any(record_access.reads_record(one, case) for one in (adviser, referrer, colleague))


def test_a_counsellor_who_is_the_trainee_does_not_read_the_record_about_them(adviser, counsellor, referrer):
    own = a_referral(referrer, trainee_email=counsellor.email)

    assert not record_access.reads_record(counsellor, own)


# For a reason


def test_an_adviser_reads_it_for_some_hours_after_stating_a_reason_and_the_counsellor_is_told(
    case, adviser, counsellor
):
    record_access.state_reason(case, "A complaint has to be answered.", adviser)

    assert record_access.reads_record(adviser, case)
    assert told("record.opened") == {("record_opened", counsellor.email, "C9-counsellor")}
    with clock.at(clock.now() + timedelta(hours=8)):
        assert not record_access.reads_record(adviser, case)


def test_the_reason_stands_in_no_letter_no_event_and_no_audit_entry(case, adviser):
    record_access.state_reason(case, "zanzibar", adviser)

    assert not any("zanzibar" in one.text for one in Notice.select())
    assert not any("zanzibar" in one.facts_json for table in (Event, AuditEntry) for one in table.select())
    assert record_access.open_access(adviser, case).reason == "zanzibar"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_opens(case, adviser, reason):
    with pytest.raises(RuleBroken, match="Say why"):
        record_access.state_reason(case, reason, adviser)

    assert not RecordAccess.select().exists()


def test_only_an_adviser_may_state_a_reason(case, colleague, referrer):
    for one in (colleague, referrer):
        with pytest.raises(RuleBroken):
            record_access.state_reason(case, "Because.", one)


def test_an_adviser_may_not_open_the_record_about_themselves(adviser, referrer):
    trainee = a_user(Role.SENIOR_ADVISER)
    own = a_referral(referrer, trainee_email=trainee.email)

    with pytest.raises(RuleBroken):
        record_access.state_reason(own, "Curious.", trainee)


# By cover


def test_a_covering_counsellor_sees_the_case_and_reads_it_until_the_end_of_the_day(
    case, adviser, counsellor, colleague
):
    until = next_week()
    record_access.cover(case, colleague, until, "Leave.", adviser)

    assert queries.relations(colleague, case) == {Relation.COVERING}
    assert case in queries.visible_to(colleague)
    assert record_access.reads_record(colleague, case)
    assert queries.covered_by(colleague) == [case]
    assert told("record.covered") == {
        ("record_covered", counsellor.email, "C9-counsellor"),
        ("cover_asked", colleague.email, "C9-covering"),
    }
    with clock.at(clock.start_of(until + timedelta(days=1))):
        assert queries.relations(colleague, case) == set()
        assert case not in queries.visible_to(colleague)


def test_a_counsellor_who_asks_for_cover_is_not_told_of_it(case, counsellor, colleague):
    record_access.cover(case, colleague, next_week(), "Leave.", counsellor)

    assert told("record.covered") == {("cover_asked", colleague.email, "C9-covering")}


def test_cover_ends_when_it_is_ended(case, adviser, counsellor, colleague):
    access = record_access.cover(case, colleague, next_week(), "Leave.", adviser)
    record_access.end(access, counsellor)

    assert not record_access.reads_record(colleague, case)
    assert queries.covered_by(colleague) == []


def test_somebody_else_cannot_end_it(case, adviser, colleague, referrer):
    access = record_access.cover(case, colleague, next_week(), "Leave.", adviser)

    with pytest.raises(RuleBroken):
        record_access.end(access, referrer)
    assert record_access.reads_record(colleague, case)


def test_whoever_loses_the_role_covers_no_more(case, adviser, colleague):
    record_access.cover(case, colleague, next_week(), "Leave.", adviser)
    colleague.roles_held.get().delete_instance()

    assert not record_access.reads_record(colleague, case)


@pytest.mark.parametrize("days", [-1, 57])
def test_cover_lasts_from_today_for_eight_weeks_at_most(case, adviser, colleague, days):
    with pytest.raises(RuleBroken, match="8 weeks"):
        record_access.cover(case, colleague, clock.today() + timedelta(days=days), "Leave.", adviser)


def test_cover_needs_a_reason(case, adviser, colleague):
    with pytest.raises(RuleBroken, match="Say why"):
        record_access.cover(case, colleague, next_week(), " ", adviser)


def test_nobody_covers_who_is_the_counsellor_the_trainee_or_no_counsellor(case, adviser, counsellor, referrer):
    trainee = a_user(Role.COUNSELLOR, email=case.trainee_email)
    for one in (counsellor, referrer, trainee):
        with pytest.raises(RuleBroken, match="Choose a counsellor"):
            record_access.cover(case, one, next_week(), "Leave.", adviser)
    assert not RecordAccess.select().exists()


def test_a_referrer_cannot_ask_for_cover(case, referrer, colleague):
    with pytest.raises(RuleBroken, match="Only the counsellor"):
        record_access.cover(case, colleague, next_week(), "Leave.", referrer)


def test_nobody_covers_a_case_that_nobody_holds(adviser, referrer, colleague):
    with pytest.raises(RuleBroken, match="Nobody holds"):
        record_access.cover(a_referral(referrer), colleague, next_week(), "Leave.", adviser)


# Who looked


def test_every_reading_is_kept_in_the_audit_and_counted_for_the_trainee(case, counsellor, adviser):
    record_access.note_reading(case, counsellor, "notes of a session")
    record_access.note_reading(case, counsellor, "notes of a session")
    record_access.note_reading(case, adviser, "discussion form")

    assert [(one.reader, one.what, one.times) for one in record_access.readings(case)] == [
        (adviser.name, "discussion form", 1),
        (counsellor.name, "notes of a session", 2),
    ]
    assert AuditEntry.select().where(AuditEntry.action == "record.read").count() == 3


def test_holding_both_roles_an_adviser_still_states_a_reason(case, colleague):
    give(colleague, Role.SENIOR_ADVISER)

    assert not record_access.reads_record(colleague, case)
