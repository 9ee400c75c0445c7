"""Who could support a trainee, ranked and explained."""

from datetime import date, timedelta

import pytest
from playhouse.test_utils import count_queries

from models import Absence, Referral, Role, Status, User
from signpost import clock
from signpost.accounts import work
from signpost.referrals import actions, candidates
from signpost.referrals.candidates import Candidate, rank
from tests.factories import a_referral, a_user, a_venue


def candidate(name, **said):
    usual = {
        "open_cases": 0,
        "places": (),
        "worked_before": False,
        "away_until": None,
        "has_conflict": False,
        "has_it_now": False,
    }
    return Candidate(counsellor=User(name=name), **(usual | said))


def a_counsellor(name):
    return a_user(Role.COUNSELLOR, name=name)


def names(found):
    return [one.counsellor.name for one in found]


@pytest.fixture
def referral(adviser, referrer):
    return a_referral(referrer)


def the_only_one(referral):
    (one,) = candidates.for_referral(referral)
    return one


# The order


def test_the_order_is_chosen_then_here_then_known_then_free_then_by_name():
    ordered = [
        candidate("Zadie", worked_before=True, open_cases=9),
        candidate("Bea"),
        candidate("Cal"),
        candidate("Ann", open_cases=1),
        candidate("Dan", away_until=date(2027, 1, 1), worked_before=True),
        candidate("Eve", away_until=date(2027, 1, 1)),
        candidate("Fay", has_it_now=True, worked_before=True),
        candidate("Abe", has_conflict=True, open_cases=3),
    ]

    assert names(rank(ordered[::-1])) == names(ordered)


def test_who_has_it_or_declared_a_conflict_cannot_be_chosen():
    assert candidate("Ann").can_be_chosen
    assert candidate("Ann", away_until=date(2027, 1, 1)).can_be_chosen
    assert not candidate("Ann", has_conflict=True).can_be_chosen
    assert not candidate("Ann", has_it_now=True).can_be_chosen


def test_the_reasons_are_given_in_words():
    one = candidate("Ann", open_cases=3, places=("Brighton", "HEKSS"), worked_before=True, away_until=date(2027, 1, 31))

    assert one.reasons == [
        "Away until 31 January 2027",
        "Worked with this trainee before",
        "3 open cases",
        "Works at Brighton, HEKSS",
    ]
    assert candidate("Ann").reasons == ["No open cases"]
    assert candidate("Ann", open_cases=1, has_it_now=True).reasons == ["Has this referral now", "1 open case"]
    assert candidate("Ann", has_conflict=True).reasons[0] == "Declared a conflict of interest, so cannot be assigned"


# From the records


def test_every_counsellor_is_a_candidate_and_nobody_else(referral, counsellor, head, tsg, administrator):
    assert names(candidates.for_referral(referral)) == ["Chris Counsellor"]


def test_a_disabled_counsellor_is_none(referral, counsellor):
    counsellor.disabled_at = clock.now()
    counsellor.save()

    assert candidates.for_referral(referral) == []


def test_a_counsellor_is_no_candidate_for_themselves(adviser, referrer, counsellor):
    assert candidates.for_referral(a_referral(referrer, trainee_email=counsellor.email)) == []


def test_open_cases_are_counted_and_closed_ones_are_not(referral, adviser, referrer, counsellor):
    for status in (Status.ASSIGNED, Status.IN_PROGRESS, Status.SESSIONS_COMPLETE):
        other = a_referral(referrer)
        actions.assign(other, counsellor, adviser, other.version)
        Referral.update(**other.stand_at(status)).where(Referral.id == other.id).execute()
    closed = a_referral(referrer)
    actions.assign(closed, counsellor, adviser, closed.version)
    actions.withdraw(closed, by=referrer)

    assert the_only_one(referral).open_cases == 3


def test_places_are_listed_by_name(referral, counsellor):
    work.see_trainees_at(counsellor, [a_venue("Tooting"), a_venue("Brighton")])

    assert the_only_one(referral).places == ("Brighton", "Tooting")


@pytest.mark.parametrize(
    ("first", "last", "is_away"),
    [(0, 0, True), (-3, 4, True), (-4, -1, False), (1, 5, False)],
)
def test_away_is_who_is_away_today(referral, counsellor, first, last, is_away):
    today = clock.today()
    last_day = today + timedelta(days=last)
    Absence.create(counsellor=counsellor, first_day=today + timedelta(days=first), last_day=last_day)

    assert the_only_one(referral).away_until == (last_day if is_away else None)


def test_of_two_absences_the_longer_counts(referral, counsellor):
    today = clock.today()
    for days in (5, 2):
        work.be_away(counsellor, today, today + timedelta(days=days))

    assert the_only_one(referral).away_until == today + timedelta(days=5)


def test_who_worked_with_this_trainee_before_is_known_by_their_address(adviser, referrer, counsellor):
    earlier = a_referral(referrer, trainee_email="twice@trainees.example")
    actions.assign(earlier, counsellor, adviser, earlier.version)
    actions.withdraw(earlier, by=referrer)
    again = a_referral(referrer, trainee_email="twice@trainees.example")
    other = a_referral(referrer)

    assert the_only_one(again).worked_before
    assert not the_only_one(other).worked_before


def test_neither_an_undone_assignment_nor_this_one_is_having_worked_with_them(adviser, referrer, counsellor):
    earlier = a_referral(referrer, trainee_email="twice@trainees.example")
    actions.assign(earlier, counsellor, adviser, earlier.version)
    actions.undo_assignment(earlier, by=adviser)
    actions.withdraw(earlier, by=referrer)
    again = a_referral(referrer, trainee_email="twice@trainees.example")
    actions.assign(again, counsellor, adviser, again.version)

    assert not the_only_one(again).worked_before
    assert the_only_one(again).has_it_now


@pytest.mark.parametrize("about", ["trainee", "employer", "somebody else"])
def test_a_conflict_is_with_the_trainee_or_with_everyone_of_the_employer(referral, counsellor, about):
    if about == "employer":
        work.declare_conflict(counsellor, employer=referral.employer)
    else:
        address = referral.trainee_email if about == "trainee" else "else@trainees.example"
        work.declare_conflict(counsellor, trainee_email=address)

    assert the_only_one(referral).has_conflict is (about != "somebody else")
    assert candidates.has_conflict(counsellor, referral) is (about != "somebody else")


def test_one_counsellors_conflict_is_not_anothers(referral, counsellor):
    other = a_counsellor("Other Counsellor")
    work.declare_conflict(counsellor, employer=referral.employer)

    assert names(candidates.for_referral(referral)) == ["Other Counsellor", "Chris Counsellor"]
    assert not candidates.has_conflict(other, referral)


def test_a_conflict_that_was_taken_back_counts_no_more(referral, counsellor):
    work.declare_conflict(counsellor, employer=referral.employer)
    work.take_conflict_back(counsellor, counsellor.conflicts.get().public_id)

    assert the_only_one(referral).can_be_chosen


def test_the_number_of_statements_does_not_grow_with_the_counsellors(referral):
    for _ in range(3):
        a_counsellor("")
    with count_queries() as few:
        candidates.for_referral(referral)
    for _ in range(57):
        a_counsellor("")
    with count_queries() as many:
        assert len(candidates.for_referral(referral)) == 60

    assert many.count == few.count
