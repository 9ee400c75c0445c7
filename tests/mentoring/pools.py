"""Invented returners and mentors, and the rules of matching told once more, pair by pair, to judge by.

Nothing here uses what `matching` works out: whether two may be matched, what a match is worth and how far they go are
written out again, one pair at a time.
"""

import math
import random
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from signpost.mentoring.matching import Base, Mentor, Returner, Rule, Wish

ON = date(2026, 11, 22)
MODES = ("face_to_face", "teams", "telephone")
AREAS = ("Cumbria", "Kent", "Lancashire")
FAR = 1_500_000


def a_returner(key="r", **changes):
    values = {
        "name": f"Returner {key}",
        "waited": 10,
        "support_ends_on": ON + timedelta(days=100),
        "point": (54.0, -2.8),
        "modes": frozenset(MODES),
        "addresses": frozenset({f"{key}@example"}),
        "known_as": frozenset({f"{key}@example", "sam smith"}),
    }
    return Returner(key, **{**values, **changes})


def a_mentor(key="m", **changes):
    values = {
        "name": f"Mentor {key}",
        "trained_on": date(2026, 1, 1),
        "bases": (Base("Lancaster", (54.0, -2.8)),),
        "modes": frozenset(MODES),
        "addresses": frozenset({f"{key}@example"}),
        "known_as": frozenset({f"{key}@example", "sam smith"}),
    }
    return Mentor(key, **{**values, **changes})


# The rules once more, for one pair


def metres(returner, mentor):
    away = [_metres(returner.point, base.point) for base in mentor.bases if base.point and returner.point]
    return min(away) if away else None


def _metres(one, other):
    """By the law of cosines for half angles, where the site measures the straight line through the globe."""
    lat1, lat2 = math.radians(one[0]), math.radians(other[0])
    part = math.sin((lat2 - lat1) / 2) ** 2
    part += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return round(2 * 6_371_008.8 * math.asin(math.sqrt(part)))


def ways_to_meet(returner, mentor):
    far = metres(returner, mentor)
    return {mode for mode in mentor.modes if mode != "face_to_face" or (FAR if far is None else far) <= mentor.reach}


def may(returner, mentor, but_for=None, on=ON):
    """Whether every rule allows it, `but_for` one."""
    far = metres(returner, mentor)
    names = {why: {name for name, reason in returner.apart if reason is why} for why in Rule}
    by_mentor = {why: {name for name, reason in mentor.apart if reason is why} for why in Rule}
    broken = {
        Rule.TRAINED: mentor.trained_on is None or mentor.trained_on > on,
        Rule.PRESENT: mentor.has_left or any(first <= on and (last is None or on <= last) for first, last in mentor.pauses),
        Rule.ROOM: mentor.load >= mentor.capacity,
        Rule.DATES: returner.support_ends_on <= on,
        Rule.THEMSELVES: bool(returner.addresses & mentor.addresses),
        Rule.REACH: not ways_to_meet(returner, mentor),
        Rule.DISTANCE: returner.is_reach_a_limit and (far is None or far > returner.reach),
        Rule.MODE: returner.is_mode_a_limit and not returner.modes & ways_to_meet(returner, mentor),
    } | {
        why: bool(names[why] & mentor.known_as or by_mentor[why] & returner.known_as)
        for why in (Rule.ASKED, Rule.SUPERVISOR, Rule.NOT_WORKING)
    }  # fmt: skip
    return not any(is_broken for rule, is_broken in broken.items() if rule is not but_for)


def worth(returner, mentor):
    """8 for each wish of geography, 1 for each other."""
    far, areas = metres(returner, mentor), {area for base in mentor.bases for area in base.areas}
    total = 0
    if returner.reach is not None and far is not None and far <= returner.reach:
        total += 8
    if returner.areas & areas:
        total += 8
    if returner.areas_avoided and not returner.areas_avoided & areas:
        total += 8
    total += bool(returner.modes & ways_to_meet(returner, mentor))
    total += bool(returner.days & mentor.days)
    if returner.wants_own_trust is not None:
        total += (bool(returner.trust) and returner.trust == mentor.trust) == returner.wants_own_trust
    for wish in (Wish.SPECIALTY, Wish.LTFT, Wish.PARENT, Wish.REASON):
        total += any(trait in mentor.traits for trait in returner.traits if trait[0] is wish)
    return total


def travel(returner, mentor):
    far = metres(returner, mentor)
    return FAR if far is None else far


# Small pools, by hypothesis

points = st.sampled_from([(54.0, -2.8), (54.1, -3.2), (53.5, -2.2), (51.5, -0.1), None])
some = st.frozensets
modes = some(st.sampled_from(MODES), min_size=1)
traits = some(st.sampled_from([(Wish.SPECIALTY, "surgery"), (Wish.LTFT, ""), (Wish.PARENT, "")]))
trusts = st.sampled_from(["", "A", "B"])
reasons = st.sampled_from([Rule.ASKED, Rule.SUPERVISOR, Rule.NOT_WORKING])
few_days = some(st.integers(0, 2), max_size=2)


@st.composite
def returners(draw, key):
    reach = draw(st.sampled_from([None, 20_000, 60_000, 400_000]))
    return a_returner(
        key,
        waited=draw(st.integers(0, 3)),
        support_ends_on=ON + timedelta(days=draw(st.sampled_from([0, 1, 100, 100, 100]))),
        point=draw(points),
        reach=reach,
        is_reach_a_limit=reach is not None and draw(st.booleans()),
        modes=draw(modes),
        is_mode_a_limit=draw(st.booleans()),
        days=draw(few_days),
        areas=draw(some(st.sampled_from(AREAS), max_size=2)),
        areas_avoided=draw(some(st.sampled_from(AREAS), max_size=1)),
        trust=draw(trusts),
        wants_own_trust=draw(st.sampled_from([None, True, False])),
        traits=draw(traits),
        apart=draw(some(st.tuples(st.sampled_from(["m0@example", "m1@example"]), reasons), max_size=1)),
    )


@st.composite
def mentors(draw, key):
    bases = st.builds(Base, st.just("Somewhere"), points, some(st.sampled_from(AREAS), max_size=2))
    pauses = st.sampled_from(
        [(), (), (), ((ON, ON),), ((ON - timedelta(days=9), ON - timedelta(days=1)),), ((ON, None),)]
    )
    return a_mentor(
        key,
        trained_on=draw(st.sampled_from([ON, ON, ON, ON + timedelta(days=1), None])),
        has_left=draw(st.sampled_from([False, False, False, True])),
        capacity=draw(st.integers(0, 3)),
        load=draw(st.integers(0, 1)),
        pauses=draw(pauses),
        bases=tuple(draw(st.lists(bases, max_size=2))),
        reach=draw(st.sampled_from([10_000, 60_000, 500_000])),
        modes=draw(modes),
        days=draw(few_days),
        trust=draw(trusts),
        traits=draw(traits),
        addresses=frozenset({f"{key}@example"}) | draw(st.sampled_from([frozenset(), frozenset({"r0@example"})])),
        apart=draw(some(st.tuples(st.sampled_from(["r0@example", "r1@example"]), reasons), max_size=1)),
    )


@st.composite
def pools(draw, most_returners=4, most_mentors=3):
    return (
        [draw(returners(f"r{number}")) for number in range(draw(st.integers(0, most_returners)))],
        [draw(mentors(f"m{number}")) for number in range(draw(st.integers(0, most_mentors)))],
    )


# Larger ones, by chance


def a_large_pool(seed, most_returners=30, most_mentors=20, width=0.3):
    """People in a square of `width` degrees, so that a judge who counts in floating point can add up what they travel."""
    chance = random.Random(seed)  # noqa: S311

    def point():
        return (round(53.5 + chance.random() * width, 3), round(-2.3 + chance.random() * width, 3))

    def any_of(values, share):
        return frozenset(value for value in values if chance.random() < share)

    def one(number):
        reach = chance.choice([None, 5_000, 10_000, 20_000])
        return a_returner(
            f"r{number:04}",
            waited=chance.randint(0, 60),
            point=point(),
            reach=reach,
            is_reach_a_limit=reach is not None and chance.random() < 0.7,
            modes=any_of(MODES, 0.5) or frozenset(MODES),
            is_mode_a_limit=chance.random() < 0.4,
            days=any_of(range(5), 0.3),
            areas=any_of(AREAS, 0.3),
            areas_avoided=any_of(AREAS, 0.1),
            trust=chance.choice("ABCD"),
            wants_own_trust=chance.choice([None, None, True, False]),
            traits=any_of([(Wish.SPECIALTY, "surgery"), (Wish.LTFT, ""), (Wish.PARENT, "")], 0.2),
        )

    def other(number):
        return a_mentor(
            f"m{number:04}",
            capacity=chance.choice([1, 2, 2, 3]),
            load=chance.choice([0, 0, 1, 2]),
            bases=tuple(Base("", point(), any_of(AREAS, 0.3)) for _ in range(chance.choice([1, 1, 2]))),
            reach=chance.choice([5_000, 20_000, 50_000]),
            modes=any_of(MODES, 0.6) or frozenset({"teams"}),
            days=any_of(range(5), 0.4),
            trust=chance.choice("ABCD"),
            traits=any_of([(Wish.SPECIALTY, "surgery"), (Wish.LTFT, ""), (Wish.PARENT, "")], 0.4),
        )

    return (
        [one(number) for number in range(chance.randint(1, most_returners))],
        [other(number) for number in range(chance.randint(1, most_mentors))],
    )


def with_more_room(mentors_, key):
    return [replace(mentor, capacity=mentor.capacity + 1) if mentor.key == key else mentor for mentor in mentors_]
