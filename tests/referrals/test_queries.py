"""What each person may see of referrals: by their relation to this one, never by the sum of their roles."""

from datetime import timedelta

import pytest

from models import Referral, ReleaseChoice, Role, RoleHeld, School, Stage, Status
from signpost import clock
from signpost.referrals import actions, queries
from signpost.referrals.queries import Relation
from tests.factories import a_head, a_referral, a_referrer, a_school, a_user, give


@pytest.fixture
def school(head):
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def referral(adviser, referrer, school):
    """Without wider concerns, with nobody assigned."""
    return a_referral(referrer, school=school)


@pytest.fixture
def with_concerns(adviser, referrer, school):
    return a_referral(referrer, school=school, wider_concerns=True)


def sees(user, referral):
    """What this person is to the referral, where it is among those they may see at all."""
    there = queries.visible_to(user).where(Referral.id == referral.id).exists()
    relations = queries.relations(user, Referral.get_by_id(referral.id))
    assert there == bool(relations), "the two questions must agree"
    return relations


def assigned(referral, counsellor, adviser):
    return actions.assign(referral, counsellor, adviser, referral.version, "A reason")


def release(referral, choice, by):
    return actions.release(referral, choice, "Words." if choice == ReleaseChoice.WORDS else "", by=by)


# One role each


def test_the_adviser_sees_every_referral(referral, with_concerns, adviser):
    assert sees(adviser, referral) == sees(adviser, with_concerns) == {Relation.ADVISER}


def test_a_referrer_sees_their_own_and_no_other(referral, referrer):
    assert sees(referrer, referral) == {Relation.REFERRER}
    assert sees(a_referrer(), referral) == set()


def test_a_counsellor_sees_what_is_assigned_to_them_while_it_is(referral, counsellor, adviser):
    other = a_user(Role.COUNSELLOR)
    assert sees(counsellor, referral) == set()

    assigned(referral, counsellor, adviser)
    assert sees(counsellor, referral) == {Relation.COUNSELLOR}
    assert sees(other, referral) == set()

    with clock.at(clock.now() + timedelta(minutes=2)):
        assigned(referral, other, adviser)
    assert sees(counsellor, referral) == set()
    assert sees(other, referral) == {Relation.COUNSELLOR}


def test_a_head_sees_only_wider_concerns_of_their_own_school(referral, with_concerns, head):
    """A3."""
    assert sees(head, with_concerns) == {Relation.HEAD}
    assert sees(head, referral) == set()
    assert sees(a_head(), with_concerns) == set()


def test_a_head_sees_it_from_the_moment_concerns_are_added(referral, referrer, head):
    """A8."""
    actions.add_concerns(referral, None, by=referrer)

    assert sees(head, referral) == {Relation.HEAD}


def test_a_trainee_sees_what_is_about_them(adviser, referrer, trainee, referral):
    own = a_referral(referrer, trainee_email=trainee.email)

    assert sees(trainee, own) == {Relation.TRAINEE}
    assert sees(trainee, referral) == set()


def test_a_trainee_whose_account_is_younger_than_the_referral_sees_it_too(referral):
    later = a_user(Role.TRAINEE, email=referral.trainee_email)

    assert sees(later, referral) == {Relation.TRAINEE}
    assert queries.about(later) == [referral]


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.SENIOR_ADVISER, Role.REFERRER, Role.HEAD_OF_SCHOOL)]
)
def test_everyone_else_sees_nothing(with_concerns, role):
    """Administrators included: they administer and see none of it."""
    assert sees(a_user(role), with_concerns) == set()


# The TSG (A4)


def test_the_tsg_sees_nothing_before_a_release(with_concerns, tsg):
    assert sees(tsg, with_concerns) == set()
    assert queries.releases_to(tsg) == []


def test_the_tsg_sees_nothing_when_nothing_is_released(with_concerns, head, tsg):
    release(with_concerns, ReleaseChoice.NOTHING, head)

    assert sees(tsg, with_concerns) == set()
    assert queries.releases_to(tsg) == []


@pytest.mark.parametrize("choice", [ReleaseChoice.FACT, ReleaseChoice.WORDS])
def test_the_tsg_sees_what_is_released_from_then_on(with_concerns, head, tsg, choice):
    decision = release(with_concerns, choice, head)

    assert sees(tsg, with_concerns) == {Relation.TSG}
    assert queries.releases_to(tsg) == [decision]


def test_a_later_nothing_hides_it_again(with_concerns, head, tsg):
    release(with_concerns, ReleaseChoice.WORDS, head)
    release(with_concerns, ReleaseChoice.NOTHING, head)

    assert sees(tsg, with_concerns) == set()
    assert queries.releases_to(tsg) == []


def test_only_the_last_decision_of_each_stands(with_concerns, head, tsg, referrer, school):
    release(with_concerns, ReleaseChoice.FACT, head)
    second = a_referral(referrer, school=school, wider_concerns=True)
    newest = release(with_concerns, ReleaseChoice.WORDS, head)
    of_second = release(second, ReleaseChoice.FACT, head)

    assert queries.releases_to(tsg) == [of_second, newest]


def test_what_was_released_is_listed_for_the_tsg_alone(with_concerns, head, adviser, counsellor):
    release(with_concerns, ReleaseChoice.FACT, head)

    assert [queries.releases_to(somebody) for somebody in (head, adviser, counsellor)] == [[], [], []]


def test_a_tsg_member_is_not_told_what_was_released_about_themselves(adviser, referrer, school, head, tsg):
    own = a_referral(referrer, trainee_email=tsg.email, school=school, wider_concerns=True)
    release(own, ReleaseChoice.WORDS, head)

    assert queries.releases_to(tsg) == []
    assert sees(tsg, own) == {Relation.TRAINEE}


# Several roles never add up


@pytest.mark.parametrize("role", [Role.SENIOR_ADVISER, Role.COUNSELLOR, Role.REFERRER, Role.HEAD_OF_SCHOOL, Role.TSG])
@pytest.mark.parametrize("account_is_younger", [False, True])
def test_the_trainee_is_the_trainee_alone_whatever_else_they_are(
    adviser, referrer, head, school, role, account_is_younger
):
    over = {
        Role.REFERRER: {"referrer_kind": "tpd"},
        Role.HEAD_OF_SCHOOL: {"school": school},
    }.get(role, {})
    somebody = None if account_is_younger else a_user(email="both@signpost.example")
    own = a_referral(referrer, trainee_email="both@signpost.example", school=school, wider_concerns=True)
    somebody = somebody or a_user(email="both@signpost.example")
    give(somebody, role, **over)
    if role == Role.COUNSELLOR:
        Referral.update(assigned_to=somebody, **own.stand_at(Status.ASSIGNED)).where(Referral.id == own.id).execute()
    if role == Role.REFERRER:
        Referral.update(referred_by=somebody).where(Referral.id == own.id).execute()
    release(own, ReleaseChoice.FACT, head)

    assert sees(somebody, own) == {Relation.TRAINEE}
    lists = (queries.cases_of, queries.referred_by, queries.informed_head, queries.releases_to)
    assert [found(somebody) for found in lists] == [[], [], [], []]
    assert own not in list(queries.inbox_of(somebody))


def test_an_adviser_who_is_also_the_counsellor_is_both(referral, adviser):
    give(adviser, Role.COUNSELLOR)
    assigned(referral, adviser, adviser)

    assert sees(adviser, referral) == {Relation.ADVISER, Relation.COUNSELLOR}


def test_a_referrer_who_heads_a_school_is_its_head_there_and_the_referrer_elsewhere(adviser, referrer, school, head):
    give(referrer, Role.HEAD_OF_SCHOOL, school=school)
    theirs = a_referral(referrer, school=school, wider_concerns=True)
    elsewhere = a_referral(referrer, school=a_head().roles_held.get().school, wider_concerns=True)

    assert sees(referrer, theirs) == {Relation.HEAD, Relation.REFERRER}
    assert sees(referrer, elsewhere) == {Relation.REFERRER}


def test_a_role_that_was_taken_away_gives_nothing_any_more(referral, with_concerns, adviser, head, counsellor):
    assigned(referral, counsellor, adviser)
    RoleHeld.delete().execute()

    assert [sees(adviser, referral), sees(counsellor, referral), sees(head, with_concerns)] == [set(), set(), set()]


# Lists


def test_each_list_holds_what_it_says(adviser, referrer, counsellor, head, school):
    first = a_referral(referrer, school=school, wider_concerns=True)
    second = a_referral(referrer)
    third = a_referral(a_referrer())
    for referral in (first, third):
        assigned(referral, counsellor, adviser)
    actions.withdraw(third, by=third.referred_by)

    assert queries.referred_by(referrer) == [second, first]
    assert queries.cases_of(counsellor) == [first]
    assert queries.informed_head(head) == [first]


def test_what_a_head_was_informed_of_is_read_page_by_page(adviser, referrer, head, school):
    every = [a_referral(referrer, school=school, wider_concerns=True) for _ in range(5)][::-1]

    first = queries.informed_head(head, most=2)
    second = queries.informed_head(head, before=first[-1].public_id, most=2)
    rest = queries.informed_head(head, before=second[-1].public_id)

    assert first + second + rest == every
    assert queries.informed_head(head, before="bcdfghjk") == every, "an address that names nothing begins at the start"


def test_a_page_of_the_head_s_list_does_not_begin_at_a_referral_of_another_school(adviser, referrer, head, school):
    mine = a_referral(referrer, school=school, wider_concerns=True)
    others = a_head()
    theirs = a_referral(referrer, school=queries.people.schools_headed_by(others)[0], wider_concerns=True)

    assert queries.informed_head(head, before=theirs.public_id) == [mine]


def test_the_head_s_page_shows_the_newest_and_leads_to_the_older(adviser, referrer, head, school, browser_of):
    for _ in range(27):
        a_referral(referrer, school=school, wider_concerns=True)
    oldest = queries.informed_head(head)[-1]
    client = browser_of(head)

    client.get("/referrals")
    assert oldest.reference not in client.page.text
    client.get(client.page.link("Older →"))

    assert oldest.reference in client.page.text


def test_a_head_decides_about_what_is_open_and_undecided(adviser, referrer, head, school):
    undecided, closed, decided = (a_referral(referrer, school=school, wider_concerns=True) for _ in range(3))
    actions.withdraw(closed, by=referrer)
    actions.release(decided, ReleaseChoice.NOTHING, "", by=head)

    assert queries.undecided_by(head) == [undecided]


def test_a_head_who_decided_nothing_before_the_end_reads_that_nothing_is_left_to_decide(
    adviser, referrer, head, school, browser_of
):
    """A4: after the end only "nothing" could be decided, and that is what already stands."""
    closed = a_referral(referrer, school=school, wider_concerns=True)
    actions.withdraw(closed, by=referrer)
    at = browser_of(head)
    at.get(f"/referrals/{closed.public_id}")

    assert "There is nothing left to decide" in at.page.text
    assert f"/referrals/{closed.public_id}/release" not in at.page.text
    assert closed.reference not in at.get("/").text


def test_referrals_of_the_same_address_are_found_beside_each_other(adviser, referrer):
    first = a_referral(referrer, trainee_email="twice@trainees.example")
    second = a_referral(a_referrer(), trainee_email="twice@trainees.example")
    a_referral(referrer)

    assert queries.same_trainee(first) == [second]
    assert queries.same_trainee(second) == [first]


def test_a_referrer_is_told_of_their_own_open_duplicate_alone(adviser, referrer):
    mine = a_referral(referrer, trainee_email="twice@trainees.example")

    assert queries.own_open_duplicate(referrer, "twice@trainees.example") == mine
    assert queries.own_open_duplicate(a_referrer(), "twice@trainees.example") is None
    actions.withdraw(mine, by=referrer)
    assert queries.own_open_duplicate(referrer, "twice@trainees.example") is None


def test_schools_and_employers_are_listed_by_name(app):
    for name in ("Surgery", "Anaesthetics"):
        a_school(name)

    assert [school.name for school in queries.schools()] == ["Anaesthetics", "Surgery"]


def test_days_waited_are_days_in_london(adviser, referrer):
    just_before_midnight = clock.parse("2027-05-21T23:50")
    with clock.at(just_before_midnight):
        referral = a_referral(referrer)
    with clock.at(just_before_midnight + timedelta(minutes=20)):
        assert queries.waited_days(referral) == 1


@pytest.mark.parametrize(
    ("arrived", "is_new"),
    [
        ("2027-05-24T09:00", True),  # today, a Monday
        ("2027-05-22T09:00", True),  # on the weekend between
        ("2027-05-21T00:00", True),  # on the working day before
        ("2027-05-20T23:59", False),
    ],
)
def test_a_referral_is_new_until_the_end_of_the_next_working_day(adviser, referrer, arrived, is_new):
    with clock.at(clock.parse(arrived)):
        a_referral(referrer)
    with clock.at(clock.parse("2027-05-24T10:00")):
        assert Referral.select().where(queries.arrived_since_yesterday()).exists() is is_new


@pytest.mark.parametrize(("arrived", "is_found"), [("2027-05-19T23:59", True), ("2027-05-20T00:00", False)])
def test_five_days_or_more_are_counted_by_days(adviser, referrer, arrived, is_found):
    with clock.at(clock.parse(arrived)):
        referral = a_referral(referrer)
    with clock.at(clock.parse("2027-05-24T00:05")):
        assert Referral.select().where(queries.waiting_since(5)).exists() is is_found
        assert (queries.waited_days(referral) >= 5) is is_found


def test_a_stage_is_kept_with_every_status(referral):
    stages = [referral.stand_at(status)["stage"] for status in Status]

    assert stages == [
        *(Stage.WAITING, Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.IN_PROGRESS, Stage.IN_PROGRESS, Stage.CLOSED),
    ]
