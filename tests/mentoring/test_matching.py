"""The matching is the best there is, at each of its levels, keeps every rule, and the same whatever comes first."""

import itertools
import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.mentoring.assignment import cheapest
from signpost.mentoring.matching import FACE_TO_FACE, Base, Round, Rule, Score, Wish, solve
from tests.mentoring.pools import ON, a_mentor, a_returner, may, pools, travel, worth

LANCASTER, BARROW, LONDON = (54.05, -2.8), (54.12, -3.23), (51.5, -0.1)


def every_way(returners, mentors, pins=(), forbidden=()):
    """All ways to match, tried one after the other: each as the score it has."""
    pinned = dict(pins)
    choices = []
    for returner in returners:
        here = [mentor for mentor in mentors if may(returner, mentor) and (returner.key, mentor.key) not in forbidden]
        if returner.key in pinned:
            choices.append([mentor for mentor in mentors if mentor.key == pinned[returner.key]])
        else:
            choices.append([None, *here])
    for chosen in itertools.product(*choices):
        if all(sum(one is mentor for one in chosen) <= max(0, mentor.capacity - mentor.load) for mentor in mentors):
            pairs = [(who, mentor) for who, mentor in zip(returners, chosen, strict=True) if mentor]
            yield Score(
                len(pairs),
                -sum(who.waited for who, mentor in zip(returners, chosen, strict=True) if not mentor),
                sum(worth(*pair) for pair in pairs),
                -sum(travel(*pair) for pair in pairs),
            )


# The best, level by level


@pytest.mark.parametrize("level", ["matched", "days", "wishes", "metres"])
@given(pool=pools())
@settings(max_examples=150, deadline=None)
def test_no_way_to_match_is_better_at_any_level(level, pool):
    """Brute force over all small pools: with the levels above it equal, none has more of this one."""
    found = solve(*pool, ON).score
    above = ["matched", "days", "wishes", "metres"]
    above = above[: above.index(level)]
    as_good = [way for way in every_way(*pool) if all(getattr(way, name) == getattr(found, name) for name in above)]

    assert getattr(found, level) == max(getattr(way, level) for way in as_good)


@given(pool=pools(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_the_rest_is_the_best_there_is_around_pins_and_what_is_forbidden(pool, data):
    returners, mentors = pool
    pairs = [(one.key, other.key) for one in returners for other in mentors]
    pins = data.draw(st.lists(st.sampled_from(pairs), max_size=2) if pairs else st.just([]))
    forbidden = set(data.draw(st.lists(st.sampled_from(pairs), max_size=3) if pairs else st.just([]))) - set(pins)

    found = solve(returners, mentors, ON, pins, forbidden)

    kept = [pair for pair in set(pins) if pair not in found.pins_set_aside]
    assert {(pair.returner.key, pair.mentor.key) for pair in found.pairs if pair.is_pinned} == set(kept)
    assert found.score == max(every_way(returners, mentors, kept, forbidden))
    assert not forbidden & {(pair.returner.key, pair.mentor.key) for pair in found.pairs}


@given(pool=pools())
@settings(max_examples=150, deadline=None)
def test_what_is_said_of_each_pair_is_true(pool):
    returners, mentors = pool
    found = solve(returners, mentors, ON)

    assert all(may(pair.returner, pair.mentor) for pair in found.pairs)
    assert all(pair.worth == worth(pair.returner, pair.mentor) for pair in found.pairs)
    assert all(pair.travel == travel(pair.returner, pair.mentor) for pair in found.pairs)
    assert all(found.taken[mentor.key] <= max(0, mentor.capacity - mentor.load) for mentor in mentors)
    assert len(found.pairs) + len(found.unmatched) == len(returners)


@given(pool=pools())
@settings(max_examples=150, deadline=None)
def test_a_rule_is_named_when_and_only_when_it_is_broken(pool):
    round_ = Round(*pool, ON)

    for returner, mentor in itertools.product(*pool):
        refused = round_.refused(returner, mentor)
        assert (refused == []) == may(returner, mentor)
        assert (len(refused) <= 1) == any(may(returner, mentor, but_for=rule) for rule in Rule)
        assert all(may(returner, mentor, but_for=rule) for rule in refused if len(refused) == 1)


@given(pool=pools(), seed=st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_people_come_changes_nothing(pool, seed):
    returners, mentors = pool
    shuffled = [list(returners), list(mentors)]
    for people in shuffled:
        random.Random(seed).shuffle(people)  # noqa: S311

    assert solve(*shuffled, ON) == solve(returners, mentors, ON)


# The assignment itself

costs = st.lists(st.dictionaries(st.integers(0, 3), st.integers(0, 9), max_size=4), max_size=5)


@given(
    costs=costs,
    without=st.lists(st.integers(0, 30), min_size=5, max_size=5),
    room=st.lists(st.integers(0, 2), min_size=4, max_size=4),
)
@settings(max_examples=300, deadline=None)
def test_the_prices_prove_that_nothing_is_cheaper(costs, without, room):
    """Everybody has the place that is cheapest for them at these prices, and what is not full costs nothing: so the sum
    is at least what it is, whoever gets what."""
    found = cheapest(costs, without, room)

    for row, alone, place in zip(costs, without, found.places, strict=False):
        best = min([alone, *(cost + found.prices[other] for other, cost in row.items())])
        assert (alone if place is None else row[place] + found.prices[place]) == best
    for place, price in enumerate(found.prices):
        assert price >= 0
        assert found.places.count(place) <= room[place]
        assert price == 0 or found.places.count(place) == room[place]


def test_numbers_of_any_size_are_exact():
    huge = 10**40

    assert cheapest([{0: huge + 1}, {0: huge}], [huge * 3, huge * 3], [1]).places == [None, 0]


# The rules, one by one

CANNOT = {
    Rule.TRAINED: ({}, {"trained_on": None}),
    Rule.PRESENT: ({}, {"pauses": ((ON - timedelta(days=1), None),)}),
    Rule.ROOM: ({}, {"load": 2}),
    Rule.DATES: ({"support_ends_on": ON}, {}),
    Rule.THEMSELVES: ({"addresses": frozenset({"m@example"})}, {}),
    Rule.ASKED: ({"apart": frozenset({("m@example", Rule.ASKED)})}, {}),
    Rule.SUPERVISOR: ({"apart": frozenset({("m@example", Rule.SUPERVISOR)})}, {}),
    Rule.NOT_WORKING: ({}, {"apart": frozenset({("r@example", Rule.NOT_WORKING)})}),
    Rule.REACH: ({"point": LONDON}, {"modes": frozenset({FACE_TO_FACE}), "reach": 30_000}),
    Rule.DISTANCE: ({"point": BARROW, "reach": 10_000, "is_reach_a_limit": True}, {}),
    Rule.MODE: ({"modes": frozenset({"telephone"}), "is_mode_a_limit": True}, {"modes": frozenset({"teams"})}),
}


@pytest.mark.parametrize("rule", CANNOT)
def test_a_pair_that_breaks_a_rule_is_never_matched(rule):
    of_returner, of_mentor = CANNOT[rule]
    returner, mentor = a_returner(**of_returner), a_mentor(**of_mentor)
    round_ = Round([returner], [mentor], ON)

    assert round_.refused(returner, mentor) == [rule]
    assert round_.solve().pairs == ()
    assert round_.solve(pins=[("r", "m")]).pins_set_aside == (("r", "m"),)


def test_every_rule_is_tried_above():
    assert set(CANNOT) == set(Rule) - {Rule.FORBIDDEN}


def test_training_past_its_end_does_not_stop_a_match():
    assert solve([a_returner()], [a_mentor(training_ends_on=date(2026, 2, 1))], ON).mentor_of == {"r": "m"}


def test_what_was_asked_and_is_no_limit_stops_no_match():
    asks = a_returner(
        point=LONDON, reach=1000, modes=frozenset({"telephone"}), areas=frozenset({"Kent"}), days=frozenset({4})
    )

    assert solve([asks], [a_mentor(modes=frozenset({"teams"}))], ON).mentor_of == {"r": "m"}


def test_somebody_without_coordinates_is_matched_last_of_those_alike():
    jersey = [a_mentor("a", bases=(Base("JE2", None),)), a_mentor("b", bases=(Base("London", LONDON),))]

    assert solve([a_returner()], jersey, ON).mentor_of == {"r": "b"}
    assert solve([a_returner()], jersey[:1], ON).mentor_of == {"r": "a"}
    assert solve([a_returner(point=None)], jersey[:1], ON).pairs[0].metres is None


def test_who_lives_without_coordinates_and_waits_for_somebody_near_goes_on_waiting():
    assert solve([a_returner(point=None, reach=50_000, is_reach_a_limit=True)], [a_mentor()], ON).pairs == ()


# Which of the four decides


def test_two_people_with_a_far_mentor_each_come_before_one_with_a_near_one():
    near = a_mentor("near", capacity=1)
    far = a_mentor("far", capacity=1, bases=(Base("London", LONDON),))
    choosy = a_returner("choosy", reach=30_000, is_reach_a_limit=True, waited=0)
    other = a_returner("other", waited=90)

    assert solve([choosy, other], [near, far], ON).mentor_of == {"choosy": "near", "other": "far"}


def test_who_has_waited_longest_comes_first_where_not_everybody_can():
    assert solve([a_returner("a", waited=9), a_returner("b", waited=10)], [a_mentor(capacity=1)], ON).mentor_of == {
        "b": "m"
    }


def test_an_area_outweighs_everything_else_that_one_person_can_ask_for():
    everything = frozenset({(Wish.SPECIALTY, "surgery"), (Wish.LTFT, ""), (Wish.PARENT, ""), (Wish.REASON, "leave")})
    asks = a_returner(
        areas=frozenset({"Lancashire"}), days=frozenset({1}), trust="A", wants_own_trust=True, traits=everything,
        modes=frozenset({"teams"}),
    )  # fmt: skip
    there = a_mentor(
        "there", bases=(Base("Preston", LONDON, frozenset({"Lancashire"})),), modes=frozenset({"telephone"})
    )
    elsewhere = a_mentor("elsewhere", days=frozenset({1}), trust="A", traits=everything)

    assert solve([asks], [there, elsewhere], ON).mentor_of == {"r": "there"}


def test_the_nearer_of_two_alike_is_taken():
    mentors = [a_mentor("a", bases=(Base("Barrow", BARROW),)), a_mentor("b", bases=(Base("Lancaster", LANCASTER),))]

    assert solve([a_returner(point=LANCASTER)], mentors, ON).mentor_of == {"r": "b"}


# Odd pools


def test_without_mentors_everybody_waits():
    found = solve([a_returner()], [], ON)

    assert (found.pairs, [who.key for who in found.unmatched]) == ((), ["r"])


def test_without_returners_there_is_nothing_to_do():
    assert solve([], [a_mentor()], ON).score == Score(0, 0, 0, 0)


def test_everyone_in_one_place_is_matched_without_travel():
    found = solve([a_returner(f"r{number}") for number in range(5)], [a_mentor("a"), a_mentor("b", capacity=3)], ON)

    assert (len(found.pairs), found.score.metres) == (5, 0)


def test_with_nobody_in_reach_nobody_is_matched():
    waits = a_returner(point=LONDON, reach=50_000, is_reach_a_limit=True)

    assert solve([waits], [a_mentor(), a_mentor("n")], ON).pairs == ()


def test_a_capacity_lowered_below_the_load_takes_nobody_and_breaks_nothing():
    assert solve([a_returner()], [a_mentor(capacity=1, load=2)], ON).pairs == ()


def test_more_than_one_pin_to_a_place_keeps_one():
    found = solve([a_returner("a"), a_returner("b")], [a_mentor(capacity=1)], ON, pins=[("b", "m"), ("a", "m")])

    assert (found.mentor_of, found.pins_set_aside) == ({"a": "m"}, (("b", "m"),))


@pytest.mark.parametrize("pin", [("nobody", "m"), ("r", "nobody")])
def test_a_pin_to_somebody_who_is_gone_is_set_aside(pin):
    found = solve([a_returner()], [a_mentor()], ON, pins=[pin], forbidden=[("r", "gone")])

    assert (found.mentor_of, found.pins_set_aside) == ({"r": "m"}, (pin,))
