"""Which messages a person may look up."""

from datetime import timedelta

import pytest

from models import Notice, NoticeRecipient, NoticeState, ReleaseChoice, Role, RoleHeld, School
from signpost import clock
from signpost.notices import actions as messages
from signpost.notices import outbox, queries
from signpost.referrals import actions
from tests.factories import a_head, a_referral, a_user, give


@pytest.fixture
def school(head):
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def referral(adviser, referrer, school):
    return a_referral(referrer, school=school, wider_concerns=True)


@pytest.fixture
def released(referral, head, tsg):
    actions.release(referral, ReleaseChoice.WORDS, "Words between head and TSG.", by=head)
    return referral


def kinds(user, referral):
    return {notice.kind for notice in queries.of_referral(referral, user)}


def assign(referral, counsellor, adviser):
    with clock.at(clock.now() - timedelta(minutes=3)):
        actions.assign(referral, counsellor, adviser, referral.version, "A reason")


def test_the_adviser_looks_up_all_but_what_head_and_tsg_write_each_other(released, adviser):
    """A4."""
    assert kinds(adviser, released) == {"referral", "personal_link", "referral_receipt"}


def test_the_head_looks_up_what_was_released_of_their_school_and_nothing_else(released, head):
    assert kinds(head, released) == {"released_tsg"}
    assert kinds(a_head(), released) == set()


def test_a_counsellor_looks_up_what_the_trainee_and_they_were_sent_of_their_case(referral, adviser, counsellor):
    other = a_user(Role.COUNSELLOR)
    assert kinds(counsellor, referral) == set()

    assign(referral, counsellor, adviser)
    assert kinds(counsellor, referral) == {"personal_link", "assigned_trainee", "assigned_counsellor"}
    assert kinds(other, referral) == set()


def test_the_next_counsellor_does_not_look_up_what_the_one_before_was_sent(referral, adviser, counsellor):
    other = a_user(Role.COUNSELLOR)
    assign(referral, counsellor, adviser)
    actions.assign(referral, other, adviser, referral.version, "A reason")

    assert kinds(counsellor, referral) == set()
    to_colleagues = NoticeRecipient.select().where(
        NoticeRecipient.notice.in_(queries.of_referral(referral, other)) & (NoticeRecipient.address == counsellor.email)
    )
    assert not to_colleagues.exists()


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.SENIOR_ADVISER, Role.REFERRER, Role.HEAD_OF_SCHOOL)]
)
def test_nobody_else_looks_up_anything(released, role):
    assert list(queries.visible_to(a_user(role))) == []


def test_neither_the_referrer_nor_the_trainee_looks_up_the_ledger(adviser, referrer, trainee):
    own = a_referral(referrer, trainee_email=trainee.email)

    assert kinds(referrer, own) == kinds(trainee, own) == set()


@pytest.mark.parametrize("account_is_younger", [False, True])
@pytest.mark.parametrize("role", [Role.SENIOR_ADVISER, Role.COUNSELLOR, Role.HEAD_OF_SCHOOL])
def test_what_is_about_oneself_is_not_looked_up_in_another_role(
    adviser, referrer, school, head, tsg, role, account_is_younger
):
    somebody = None if account_is_younger else a_user(email="both@signpost.example")
    own = a_referral(referrer, trainee_email="both@signpost.example", school=school, wider_concerns=True)
    somebody = somebody or a_user(email="both@signpost.example")
    give(somebody, role, **({"school": school} if role == Role.HEAD_OF_SCHOOL else {}))
    actions.release(own, ReleaseChoice.FACT, "", by=head)

    assert kinds(somebody, own) == set()


def test_a_role_that_was_taken_away_looks_up_nothing(released, adviser, head):
    RoleHeld.delete().execute()

    assert kinds(adviser, released) == kinds(head, released) == set()


def test_the_newest_stands_first(referral, adviser):
    ids = [notice.id for notice in queries.of_referral(referral, adviser)]

    assert ids == sorted(ids, reverse=True)


def test_messages_of_other_referrals_are_not_among_them(referral, referrer, adviser):
    a_referral(referrer)

    assert {notice.referral for notice in queries.of_referral(referral, adviser)} == {referral}


def fail(kind):
    notice = Notice.select().where(Notice.kind == kind).order_by(Notice.id.desc()).get()
    outbox.failed(notice, list(notice.recipients), "no_such_address")
    return notice


def test_what_did_not_arrive_waits_for_a_person_until_it_is_sent_again(referral, adviser):
    query = queries.visible_to(adviser)
    assert list(queries.failed(query)) == []

    missed = fail("personal_link")
    assert list(queries.failed(query)) == [missed]

    copy = messages.send_again(missed, by=adviser)
    assert list(queries.failed(query)) == []

    fail("personal_link")
    assert list(queries.failed(query)) == [copy]


def withhold(kind, failure="not_permitted"):
    notice = Notice.select().where(Notice.kind == kind).order_by(Notice.id.desc()).get()
    NoticeRecipient.update(state=NoticeState.WITHHELD, failure=failure).where(
        NoticeRecipient.notice == notice
    ).execute()
    Notice.update(state=NoticeState.WITHHELD, finished_at=clock.now()).where(Notice.id == notice.id).execute()
    return notice


def test_what_was_withheld_waits_for_a_person_for_two_weeks(referral, adviser):
    withheld = withhold("personal_link")
    query = queries.visible_to(adviser)

    assert list(queries.failed(query)) == [withheld]
    with clock.at(clock.now() + queries.WITHHELD_IS_SHOWN + timedelta(minutes=1)):
        assert list(queries.failed(query)) == []


def test_what_the_next_assignment_overtook_asks_nobody_to_look(referral, adviser):
    withhold("personal_link", failure=outbox.SUPERSEDED)

    assert list(queries.failed(queries.visible_to(adviser))) == []


def test_the_ledger_lists_what_was_withheld_and_says_why(referral, adviser, browser_of):
    withhold("personal_link")
    at_adviser = browser_of(adviser)
    at_adviser.get("/")
    assert "1 message not delivered" in at_adviser.page.text

    at_adviser.get("/notices?show=failed")

    assert "They may no longer be told this" in at_adviser.page.text
    assert "Send again" not in at_adviser.page.text


def test_administrators_read_how_many_were_withheld(referral):
    withhold("personal_link")

    assert queries.health().withheld == 1


def test_an_adviser_is_not_told_that_a_letter_between_head_and_tsg_failed(released, adviser, head):
    missed = fail("released_tsg")

    assert list(queries.failed(queries.visible_to(adviser))) == []
    assert list(queries.failed(queries.visible_to(head))) == [missed]


def test_the_health_of_the_outbox_is_numbers_and_a_moment(referral):
    fail("personal_link")
    Notice.update(state=NoticeState.SENT).where(Notice.kind == "referral").execute()

    health = queries.health()
    assert (health.queued, health.failed, health.sent) == (1, 1, 1)
    assert health.oldest_due_at == Notice.get(Notice.kind == "referral_receipt").due_at


def test_an_empty_outbox_is_healthy(app):
    health = queries.health()

    assert (health.queued, health.failed, health.sent, health.oldest_due_at) == (0, 0, 0, None)
