"""Matching beside scipy's solver and mentor-match (target 7), and beside first come, first served (target 8).

Seconds are of the processor, not of the clock: each solver is one thread that never waits. Everybody solves the same
instances, and whoever should be exact has to agree on people, wishes and kilometres, or the figure is refused.
"""

import json
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from benchmarks import world
from benchmarks.matching_pool import Instance, first_come, instance
from benchmarks.measure import MOST_VARIATION, Result, Rotation, compared, fixed_loop, rotate
from signpost.mentoring.assignment import cheapest
from signpost.mentoring.matching import FACE_TO_FACE, Base, Mentor, Returner, solve

SMALL, LARGE = (1000, 600), (5000, 3000)
SEEDS = range(1, 6)
BY_HAND = ((50, 30), (200, 120), SMALL)
AT_LEAST_MORE = 3  # people in a hundred


class Peer:
    """The process in which the others solve."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, solver: str, size: tuple[int, int], seed: int = 1) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        asked = {"solver": solver, "people": size[0], "mentors": size[1], "seed": seed}
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{solver} ended without an answer.")
        return json.loads(answer)


@contextmanager
def peer() -> Iterator[Peer]:
    python = world.peer_environment("mentor_match")
    process = subprocess.Popen(
        [str(python), str(world.HERE / "peers" / "matching_peer.py")],
        env={"PYTHONPATH": str(world.ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        yield Peer(process)
        assert process.stdin
        process.stdin.close()


def measure(repetitions: int, is_short: bool) -> list[Result]:
    results = []
    with peer() as others:
        for size, target in ((SMALL, 6), (LARGE, 4)):
            results.append(_beside_scipy(others, size if not is_short else (100, 60), target, min(repetitions, 3)))
        results.append(_beside_mentor_match(others, SMALL if not is_short else (100, 60)))
    for size in BY_HAND if not is_short else BY_HAND[:1]:
        by_hand = [_beside_first_come(seed, size) for seed in SEEDS]
        results += [_median_of(by_hand, size), *by_hand]
    return [
        *results,
        _from_people(200, 150),
        _from_people(1000 if not is_short else 100, 600),
    ]


def _beside_scipy(others: Peer, size: tuple[int, int], target: float, repetitions: int) -> Result:
    given = instance(*size)
    theirs = others.ask("scipy", size)
    _, places = _solved(given)
    if list(given.score(places)) != theirs["score"]:
        raise RuntimeError(f"Ours {given.score(places)} and scipy's {theirs['score']} are not the same.")
    cells = {
        "ours": lambda: min(_solved(given)[0] for _ in range(3)),
        "scipy": lambda: min(others.ask("scipy", size)["seconds"] for _ in range(3)),
    }
    run: Rotation = rotate(cells, repetitions)
    return run.compare(
        f"matching {size[0]:,} people and {size[1]:,} mentors", "ours", "scipy", target=target, better="lower", unit="s",
        reference_name="scipy.sparse, its bare solver",
    )  # fmt: skip


def _beside_mentor_match(others: Peer, size: tuple[int, int]) -> Result:
    given = instance(*size)
    loops = [fixed_loop()]
    ours = min(_solved(given)[0] for _ in range(3))
    theirs = others.ask("mentor-match", size)
    loops.append(fixed_loop())
    return compared(
        f"matching {size[0]:,} people and {size[1]:,} mentors, beside mentor-match", ours, theirs["seconds"],
        f"mentor-match, one round; it matches {theirs['score'][0]} of {given.score(_solved(given)[1])[0]}",
        ratio=theirs["seconds"] / ours, target=100, better="higher", unit="s",
        steady=max(loops) / min(loops) <= MOST_VARIATION,
    )  # fmt: skip


def _solved(given: Instance) -> tuple[float, list[int | None]]:
    began = time.process_time()
    found = cheapest(given.costs, [given.without] * len(given.costs), given.room)
    return time.process_time() - began, found.places


def _beside_first_come(seed: int, size: tuple[int, int]) -> Result:
    given = instance(*size, seed)
    best, by_hand = given.score(_solved(given)[1]), given.score(first_come(given))
    return compared(
        f"matching {size[0]:,} people beside first come, first served, seed {seed}: people matched", best[0], by_hand[0],
        f"by hand: {by_hand[1]} wishes and {by_hand[2]:,} km; ours {best[1]} and {best[2]:,}",
        target=None, better="higher", unit="people",
    )  # fmt: skip


def _median_of(seeds: list[Result], size: tuple[int, int]) -> Result:
    more = statistics.median(one.ours / one.reference for one in seeds if one.ours and one.reference) * 100 - 100
    return compared(
        f"matching {size[0]:,} people beside first come, first served, median of {len(seeds)}: % more matched", None, None,
        "by hand", ratio=more, target=AT_LEAST_MORE, better="higher", unit="%", runs=len(seeds),
    )  # fmt: skip


def _from_people(people: int, mentors: int) -> Result:
    """All of it: rules, wishes and distances of so many people, then the solver."""
    pool = _people(people, mentors)
    began = time.process_time()
    found = solve(*pool, date(2026, 11, 22))
    took = time.process_time() - began
    return compared(
        f"matching from people to suggestions, {people:,} and {mentors}", took, None, f"{len(found.pairs)} matched",
        target=None, better="lower", unit="s",
    )  # fmt: skip


def _people(people: int, mentors: int) -> tuple[list[Returner], list[Mentor]]:
    chance, today = Random(1), date(2026, 11, 22)  # noqa: S311
    somewhere = partial(lambda: (51 + chance.random() * 3, -3 + chance.random() * 3))
    modes = [frozenset({FACE_TO_FACE}), frozenset({"teams"}), frozenset({FACE_TO_FACE, "teams", "telephone"})]
    returners = [
        Returner(
            f"r{number}", "", chance.randint(0, 200), today + timedelta(days=100), point=somewhere(),
            reach=chance.choice((20_000, 50_000, 100_000)), is_reach_a_limit=chance.random() < 0.5, modes=chance.choice(modes),
            days=frozenset(chance.sample(range(5), 2)), trust=chance.choice("ABCDEFGH"), wants_own_trust=chance.choice((None, True, False)),
        )
        for number in range(people)
    ]  # fmt: skip
    return returners, [
        Mentor(
            f"m{number}", "", today, capacity=chance.randint(1, 3), bases=(Base("", somewhere()),), reach=60_000, modes=chance.choice(modes),
            days=frozenset(chance.sample(range(5), 3)), trust=chance.choice("ABCDEFGH"),
        )
        for number in range(mentors)
    ]  # fmt: skip
