"""The people that everybody matches: seventeen towns, and what a pair costs. Standard library only, so that peers read it.

Three levels in one number, which is as many as scipy counts exactly in floating point: matched, wishes met, metres in tens.
"""

import math
import random
from dataclasses import dataclass

TOWNS = (
    (51.50, -0.12), (52.48, -1.90), (53.48, -2.24), (53.40, -2.98), (53.80, -1.55), (54.97, -1.60), (53.38, -1.47), (52.95, -1.15),
    (52.63, -1.13), (51.45, -2.59), (50.37, -4.14), (50.90, -1.40), (50.82, -0.14), (52.20, 0.12), (52.63, 1.30), (54.90, -2.93),
    (51.48, -3.18),
)  # fmt: skip
LIMITS = (15, 30, 50, 80, 120)  # km that somebody goes
LONGEST = 100_000  # tens of metres: further than any two of these towns


@dataclass(frozen=True)
class Instance:
    """For each person the places they may have, by number, and what each costs; what leaving somebody out costs."""

    costs: list[dict[int, int]]
    without: int
    room: list[int]
    a_wish: int

    def score(self, places: list[int | None]) -> tuple[int, int, int]:
        """Matched, wishes met, km."""
        chosen = [self.costs[person][place] for person, place in enumerate(places) if place is not None]
        return (
            len(chosen),
            sum(cost < self.a_wish for cost in chosen),
            round(sum(cost % self.a_wish for cost in chosen) / 100),
        )


def instance(people: int, mentors: int, seed: int = 1) -> Instance:
    """So many people and mentors: a third of the people and half of the mentors may meet by video, a quarter of the
    mentors are full, two pairs in a hundred are ruled out, two in five meet what was wished."""
    chance = random.Random(seed)  # noqa: S311

    def somewhere() -> tuple[float, float]:
        town = chance.choice(TOWNS)
        return town[0] + chance.gauss(0, 0.15), town[1] + chance.gauss(0, 0.22)

    there = [(somewhere(), chance.random() < 0.5) for _ in range(mentors)]
    room = [0 if chance.random() < 0.25 else chance.choices((2, 3, 4, 5), (70, 10, 10, 10))[0] for _ in there]
    a_wish = people * LONGEST + 1
    costs = []
    for _ in range(people):
        here, limit, by_video = somewhere(), chance.choice(LIMITS), chance.random() < 0.35
        row = {}
        for place, (base, video) in enumerate(there):
            if room[place] and chance.random() > 0.02:
                away = _tens_of_metres(here, base)
                if away <= limit * 100 or (by_video and video):
                    row[place] = away + (a_wish if chance.random() < 0.6 else 0)
        costs.append(row)
    return Instance(costs, (people + 1) * a_wish, room, a_wish)


def first_come(given: Instance) -> list[int | None]:
    """By hand, down the list: each gets the best place that is left when their turn comes."""
    left, places = list(given.room), []
    for row in given.costs:
        best = min((place for place in row if left[place]), key=lambda place: (row[place], place), default=None)
        if best is not None:
            left[best] -= 1
        places.append(best)
    return places


def _tens_of_metres(one: tuple[float, float], other: tuple[float, float]) -> int:
    east = (one[1] - other[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return round(math.hypot(one[0] - other[0], east) * 11_120)
