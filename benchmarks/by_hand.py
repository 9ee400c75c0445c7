"""`python -m benchmarks.by_hand`: matched first come, first served, and by the site, on the demonstration's geography.

Its towns and its mentors; a hundred times twenty returners, drawn with the number of the draw as seed. By hand means down
the list, each the best mentor who is left when their turn comes: most wishes met, then nearest. The rules are the same.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks import world  # noqa: F401  the way to the application
from signpost.demo.mentoring import AREAS, MENTORS, TOWNS
from signpost.mentoring import geography
from signpost.mentoring.matching import FACE_TO_FACE, Base, Mentor, Pair, Returner, Round, Wish

DRAWS, WAITING = 100, 20
TODAY = date(2026, 11, 23)
MODES = (FACE_TO_FACE, "teams", "telephone")


@dataclass(frozen=True)
class Outcome:
    matched: int
    wishes: int
    miles: int

    @property
    def words(self) -> str:
        return (
            f"{self.matched:,} matched, {self.wishes:,} wishes met, {self.miles / max(1, self.matched):.0f} miles each"
        )


def compare(draws: int = DRAWS, waiting: int = WAITING) -> tuple[Outcome, Outcome]:
    """By hand, and by the site, all draws together."""
    rounds = [_draw(Random(seed), waiting) for seed in range(draws)]  # noqa: S311
    by_hand = [pair for one in rounds for pair in first_come(one)]
    return _outcome(by_hand), _outcome([pair for one in rounds for pair in one.solve().pairs])


def first_come(here: Round) -> list[Pair]:
    taken: Counter[str] = Counter()
    chosen = []
    for who in sorted(here.returners, key=lambda one: (-one.waited, one.key)):
        free = [number for number in here.allowed(who) if here.mentors[number].room > taken[here.mentors[number].key]]
        if free:
            pairs = (here.pair(who, number) for number in free)
            best = min(pairs, key=lambda one: (-one.worth, one.travel, one.mentor.key))
            chosen.append(best)
            taken[best.mentor.key] += 1
    return chosen


def _outcome(pairs: list[Pair]) -> Outcome:
    metres = sum(pair.metres for pair in pairs if pair.metres is not None)
    return Outcome(len(pairs), sum(len(pair.met) for pair in pairs), geography.miles(metres))


def _draw(chance: Random, waiting: int) -> Round:
    mentors = [
        Mentor(
            one.email, one.name, TODAY - timedelta(days=one.trained) if one.trained else None, capacity=one.takes,
            load=chance.choice((0, 0, 1)), bases=tuple(Base(town, _point(town), _areas(town)) for town in one.towns),
            reach=geography.metres(one.miles), modes=frozenset(one.modes.split()), days=frozenset(map(int, one.days)),
            traits=frozenset({(Wish.SPECIALTY, one.specialty), *_traits(one.ltft, one.parent)}),
        )
        for one in MENTORS
    ]  # fmt: skip
    return Round([_returner(chance, number) for number in range(waiting)], mentors, TODAY)


def _returner(chance: Random, number: int) -> Returner:
    town = chance.choice(list(TOWNS))
    specialty = chance.choice(MENTORS).specialty
    return Returner(
        f"{number:02}", "", chance.randint(0, 60), TODAY + timedelta(days=150), town, _point(town),
        reach=geography.metres(chance.choice((15, 25, 40, 60))), is_reach_a_limit=chance.random() < 0.3,
        modes=frozenset(mode for mode in MODES if chance.random() < 0.6) or frozenset(MODES), is_mode_a_limit=chance.random() < 0.2,
        days=frozenset(chance.sample(range(5), 2)) if chance.random() < 0.4 else frozenset(),
        areas=_areas(town) if chance.random() < 0.4 else frozenset(),
        traits=frozenset({*([(Wish.SPECIALTY, specialty)] if chance.random() < 0.4 else []), *_traits(chance.random() < 0.2, chance.random() < 0.2)}),
    )  # fmt: skip


def _traits(ltft: bool, parent: bool) -> list[tuple[Wish, str]]:
    return [(Wish.LTFT, "")] * ltft + [(Wish.PARENT, "")] * parent


def _point(town: str) -> tuple[float, float] | None:
    return geography.point_of(TOWNS[town])


def _areas(town: str) -> frozenset[str]:
    district = TOWNS[town]
    return frozenset(
        name for name, begin in AREAS.items() if {district, district.rstrip("0123456789")} & set(begin.split())
    )


if __name__ == "__main__":
    by_hand, ours = compare()
    print(f"{DRAWS} times {WAITING} who wait. First come, first served: {by_hand.words}. Signpost: {ours.words}.")
