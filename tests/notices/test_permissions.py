"""What permits a person to be told: asked when a message is queued, and again when it is sent."""

from datetime import timedelta

import pytest

from models import (
    Assignment,
    Ending,
    Notice,
    NoticeRecipient,
    NoticeState,
    PersonalLink,
    Referral,
    ReleaseChoice,
    Role,
    RoleHeld,
    School,
    Setting,
    User,
)
from signpost import clock
from signpost.errors import RuleBroken
from signpost.notices import outbox
from signpost.notices.permissions import PERMISSIONS, adviser_addresses, tsg_addresses
from signpost.referrals import actions
from tests.factories import a_head, a_referral, a_user
from tests.unchanged import nothing_written

STRANGER = "stranger@elsewhere.example"


@pytest.fixture
def school(head):
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def referral(adviser, referrer, school):
    return a_referral(referrer, school=school, wider_concerns=True)


@pytest.fixture
def assigned(referral, counsellor, adviser):
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    return referral


def holds(permission, referral, address):
    return PERMISSIONS[permission].holds(Referral.get_by_id(referral.id), address)


def disable(user):
    User.update(disabled_at=clock.now()).where(User.id == user.id).execute()


def take(user, role):
    RoleHeld.delete().where((RoleHeld.user == user) & (RoleHeld.role == role)).execute()


def to_be_sent():
    """What a worker would send now: the kind of each message and to whom, after every permission is asked again."""
    going = set()
    while batch := outbox.claim("a worker"):
        for notice in batch:
            recipients = outbox.about_to_send(notice, "a worker")
            going |= {(notice.kind, row.address) for row in recipients}
            outbox.sent(notice, recipients)
    return going


def withheld():
    return {
        (row.notice.kind, row.address)
        for row in NoticeRecipient.select(NoticeRecipient, Notice)
        .join(Notice)
        .where(NoticeRecipient.state == NoticeState.WITHHELD)
    }


# Each permission by itself


def test_each_permission_is_for_the_person_it_names_and_for_nobody_else(
    assigned, adviser, counsellor, referrer, head, tsg
):
    actions.release(assigned, ReleaseChoice.FACT, "", by=head)
    people = {
        "adviser": adviser.email,
        "counsellor": counsellor.email,
        "referrer": referrer.email,
        "head": head.email,
        "tsg": tsg.email,
        "trainee": assigned.trainee_email,
        "stranger": STRANGER,
    }
    may = {
        permission: {who for who, address in people.items() if holds(permission, assigned, address)}
        for permission in PERMISSIONS
        if permission.startswith("A") and not permission.startswith(("A1", "A5", "A20"))
    }

    assert may == {
        "A7-adviser": {"adviser"},
        "A7-trainee": {"trainee"},
        "A7-link": {"trainee"},
        "A8-head": {"head"},
        "A8-trainee": {"trainee"},
        "A7-referrer": {"referrer"},
        "A9-trainee": {"trainee"},
        "A9-counsellor": {"counsellor"},
        "A9-earlier": set(),
        "A4-tsg": {"tsg"},
        "A-ended-adviser": {"adviser"},
        "A-ended-referrer": {"referrer"},
        "A-ended-trainee": {"trainee"},
        "A-ended-counsellor": {"counsellor"},
        # Before the sessions are complete, and before anybody chose to tell: nobody.
        "A21-trainee": set(),
        "A21-referrer": set(),
        "A21-head": set(),
        "A21-tsg": set(),
        "A22-employer": set(),
        "A22-tsg": set(),
    }


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_each_names_its_rule_in_words_for_the_sender(permission):
    assert PERMISSIONS[permission].rule
    assert PERMISSIONS[permission].words.endswith(".")


def test_without_wider_concerns_no_head_may_be_told(adviser, referrer, school, head):
    """A8."""
    plain = a_referral(referrer, school=school)

    assert not holds("A8-head", plain, head.email)


def test_another_schools_head_may_not_be_told(referral):
    assert not holds("A8-head", referral, a_head().email)


def test_the_tsg_may_be_told_only_while_something_stands_released(referral, head, tsg):
    """A4."""
    answers = [holds("A4-tsg", referral, tsg.email)]
    for choice in (ReleaseChoice.NOTHING, ReleaseChoice.FACT, ReleaseChoice.WORDS, ReleaseChoice.NOTHING):
        actions.release(referral, choice, "Words.", by=head)
        answers.append(holds("A4-tsg", referral, tsg.email))

    assert answers == [False, False, True, True, False]


def test_the_earlier_counsellor_may_be_told_until_they_have_the_case_again(assigned, counsellor, adviser):
    other = a_user(Role.COUNSELLOR)
    actions.assign(assigned, other, adviser, assigned.version, "A reason")

    assert holds("A9-earlier", assigned, counsellor.email)
    assert not holds("A9-earlier", assigned, other.email)
    assert not holds("A9-earlier", assigned, STRANGER)


def test_the_team_is_everyone_of_the_role_or_its_mailbox(adviser, tsg):
    second = a_user(Role.SENIOR_ADVISER)
    assert set(adviser_addresses()) == {adviser.email, second.email}

    Setting.create(name="adviser_mailbox", value="careers@team.example")
    Setting.create(name="tsg_mailbox", value="tsg@team.example")
    assert adviser_addresses() == {"careers@team.example": None}
    assert tsg_addresses() == {"tsg@team.example": None}


def test_a_letter_to_somebody_who_may_not_know_cannot_be_queued(assigned, counsellor, adviser):
    """Here: an assignment whose history was lost, so that the earlier counsellor is not known to have been one."""
    Assignment.delete().execute()
    other = a_user(Role.COUNSELLOR)

    with nothing_written(), pytest.raises(RuleBroken, match="may not be told this, so nothing was sent"):
        actions.assign(assigned, other, adviser, assigned.version, "A reason")


# Lapsed between queueing and sending


def test_what_is_still_permitted_is_sent(referral, adviser, head, referrer):
    assert to_be_sent() == {
        ("referral", adviser.email),
        ("referral", referral.trainee_email),
        ("referral", head.email),
        ("personal_link", referral.trainee_email),
        ("referral_receipt", referrer.email),
    }
    assert withheld() == set()


def test_a_head_who_lost_the_school_meanwhile_is_not_told(referral, head):
    take(head, Role.HEAD_OF_SCHOOL)

    assert ("referral", head.email) not in to_be_sent()
    assert withheld() == {("referral", head.email)}


def test_a_head_whose_account_was_disabled_meanwhile_is_not_told(referral, head):
    disable(head)
    to_be_sent()

    assert withheld() == {("referral", head.email)}


def test_an_adviser_who_lost_the_role_meanwhile_is_not_told(referral, adviser):
    second = a_user(Role.SENIOR_ADVISER)
    take(adviser, Role.SENIOR_ADVISER)
    going = to_be_sent()

    assert withheld() == {("referral", adviser.email)}
    assert ("referral", second.email) not in going, "whoever was not named is not added either"


def test_a_disabled_referrer_gets_no_receipt(referral, referrer):
    disable(referrer)
    to_be_sent()

    assert withheld() == {("referral_receipt", referrer.email)}


@pytest.mark.parametrize("how", ["disabled", "somebody else has it", "closed"])
def test_a_counsellor_who_no_longer_has_the_case_is_not_told_that_they_have(
    referral, counsellor, adviser, referrer, how
):
    actions.assign(referral, counsellor, adviser, referral.version)
    with clock.at(clock.now() + timedelta(seconds=61)):
        if how == "disabled":
            disable(counsellor)
        elif how == "closed":
            actions.withdraw(referral, by=referrer)
        else:
            actions.assign(referral, a_user(Role.COUNSELLOR), adviser, referral.version, "A reason")
        going = to_be_sent()

    assert ("assigned_counsellor", counsellor.email) not in going
    assert ("assigned_counsellor", counsellor.email) in withheld()


def test_a_trainee_is_not_told_who_will_support_them_when_it_was_just_closed(referral, counsellor, adviser, referrer):
    actions.assign(referral, counsellor, adviser, referral.version)
    actions.withdraw(referral, by=referrer)
    with clock.at(clock.now() + timedelta(seconds=61)):
        going = to_be_sent()

    assert ("withdrawn_trainee", referral.trainee_email) in going
    assert ("assigned_trainee", referral.trainee_email) in withheld()


def test_the_tsg_is_not_told_what_was_taken_back_before_it_left(referral, head, tsg):
    actions.release(referral, ReleaseChoice.WORDS, "Too early.", by=head)
    actions.release(referral, ReleaseChoice.NOTHING, "", by=head)
    to_be_sent()

    assert withheld() == {("released_tsg", tsg.email)}


def test_an_earlier_counsellor_whose_account_was_disabled_is_not_told(assigned, counsellor, adviser):
    actions.assign(assigned, a_user(Role.COUNSELLOR), adviser, assigned.version, "A reason")
    disable(counsellor)
    with clock.at(clock.now() + timedelta(seconds=61)):
        to_be_sent()

    assert ("unassigned_counsellor", counsellor.email) in withheld()


def test_what_waited_for_an_address_that_was_corrected_has_failed_and_can_be_sent_again(referral, adviser):
    wrong = referral.trainee_email
    actions.correct_trainee_address(referral, "right@trainees.example", adviser, referral.version)
    going = to_be_sent()

    assert wrong not in {address for _, address in going}
    missed = NoticeRecipient.select().where(NoticeRecipient.address == wrong)
    assert {(row.state, row.failure) for row in missed} == {(NoticeState.FAILED, outbox.CORRECTED)}


def test_whoever_is_withheld_does_not_hold_up_the_others_of_the_same_message(referral, adviser, head):
    take(head, Role.HEAD_OF_SCHOOL)
    going = to_be_sent()

    assert {("referral", adviser.email), ("referral", referral.trainee_email)} <= going
    assert Notice.get(Notice.kind == "referral").state == NoticeState.WITHHELD


def test_a_message_of_which_nobody_is_left_is_never_claimed_again(referral, counsellor, adviser):
    actions.assign(referral, counsellor, adviser, referral.version)
    disable(counsellor)
    with clock.at(clock.now() + timedelta(seconds=61)):
        to_be_sent()
        assert Notice.get(Notice.kind == "assigned_counsellor").state == NoticeState.WITHHELD
        assert outbox.claim("another worker") == []


def test_a_permission_that_is_no_longer_in_the_table_permits_nothing(referral):
    NoticeRecipient.update(permission="A99-gone").execute()

    assert to_be_sent() == set()


def test_a_closed_referral_still_lets_everyone_hear_that_it_has_ended(assigned, adviser, counsellor, referrer):
    to_be_sent()
    actions.decline(assigned, by=PersonalLink.get(PersonalLink.referral == assigned))

    assert to_be_sent() == {
        ("declined_adviser", adviser.email),
        ("ended_counsellor", counsellor.email),
        ("not_going_ahead_referrer", referrer.email),
    }
    assert assigned.ending == Ending.DECLINED
