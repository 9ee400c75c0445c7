"""The matching beside scipy's solver, which knows nothing of ours, on pools too large to try every way."""

import pytest

from signpost.mentoring.matching import MOST, Score, solve
from tests import figures
from tests.mentoring.pools import FAR, ON, a_large_pool, may, travel, worth

numpy = pytest.importorskip("numpy", reason="scipy comes with requirements-dev.txt")
optimize = pytest.importorskip("scipy.optimize", reason="scipy comes with requirements-dev.txt")

EXACT = 2**53  # up to here floating point counts as exactly as we do
LEVELS = ("matched", "days", "wishes", "metres")
POOLS, AT_ONCE = 320, 80


def judged(returners, mentors, levels):
    """The best score by scipy, which is told of the first `levels` levels only. A place of a mentor is a column."""
    pairs = {
        (i, j): (worth(one, other), travel(one, other))
        for i, one in enumerate(returners)
        for j, other in enumerate(mentors)
        if may(one, other)
    }
    count, most = len(returners), max([0, *(far for _, far in pairs.values())])
    a_wish = count * most + 1 if levels > 3 else 1
    a_day = count * MOST * a_wish + a_wish if levels > 2 else 1
    a_person = sum(one.waited for one in returners) * a_day + a_day if levels > 1 else 1
    assert count * a_person + a_person < EXACT

    def cost(i, j):
        wishes, metres = pairs[i, j]
        return (a_wish * (MOST - wishes) if levels > 2 else 0) + (metres if levels > 3 else 0)

    def alone(i):
        return a_person + (a_day * returners[i].waited if levels > 1 else 0)

    places = [j for j, mentor in enumerate(mentors) for _ in range(max(0, mentor.capacity - mentor.load))]
    never = float(count * a_person * 2 + 1)
    matrix = numpy.full((count, len(places) + count), never)
    for i in range(count):
        matrix[i, len(places) + i] = alone(i)
        for column, j in enumerate(places):
            if (i, j) in pairs:
                matrix[i, column] = cost(i, j)
    chosen = [
        (int(i), places[column])
        for i, column in zip(*optimize.linear_sum_assignment(matrix), strict=True)
        if column < len(places)
    ]
    left = set(range(count)) - {i for i, _ in chosen}
    return Score(
        len(chosen),
        -sum(returners[i].waited for i in left),
        sum(pairs[pair][0] for pair in chosen),
        -sum(pairs[pair][1] for pair in chosen),
    )


@pytest.mark.parametrize("first", range(0, POOLS, AT_ONCE))
def test_an_independent_solver_finds_nothing_better_at_any_level(first):
    for seed in range(first, first + AT_ONCE):
        pool = a_large_pool(seed)
        ours = solve(*pool, ON).score
        for levels, level in enumerate(LEVELS, start=1):
            theirs = judged(*pool, levels)
            upper = [(getattr(ours, name), getattr(theirs, name)) for name in LEVELS[:levels]]
            assert all(one == other for one, other in upper), f"pool {seed}, {level}: {ours} beside {theirs}"
            figures.add("Matching beside scipy", pools_judged_at_a_level=1, differences=0)


@pytest.mark.parametrize("seed", range(3))
def test_nor_among_two_hundred(seed):
    pool = a_large_pool(1000 + seed, most_returners=200, most_mentors=150, width=0.04)
    returners, mentors = pool

    assert max(travel(one, other) for one in returners for other in mentors) < FAR
    assert solve(*pool, ON).score == judged(*pool, levels=4)
