"""`python -m benchmarks.by_hand`: the demonstration's returners matched first come, first served, and by the site.

By hand means down the list, each the best mentor who is left when their turn comes: most wishes met, then nearest. The
rules are the same for both.
"""

import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks import world


@dataclass(frozen=True)
class Outcome:
    matched: int
    wishes: int
    miles: int

    @property
    def words(self) -> str:
        return f"{self.matched} matched, {self.wishes} wishes met, {self.miles} miles"


def compare() -> tuple[int, Outcome, Outcome]:
    """How many wait; what first come, first served gives them, and what the site suggests. In an application's context."""
    from signpost.mentoring import geography, pool
    from signpost.mentoring.matching import Pair

    here = pool.load().round
    taken: Counter[str] = Counter()
    by_hand: list[Pair] = []
    for who in sorted(here.returners, key=lambda one: (-one.waited, one.key)):
        free = [number for number in here.allowed(who) if here.mentors[number].room > taken[here.mentors[number].key]]
        pairs = sorted(
            (here.pair(who, number) for number in free), key=lambda one: (-one.worth, one.travel, one.mentor.key)
        )
        if pairs:
            by_hand.append(pairs[0])
            taken[pairs[0].mentor.key] += 1

    def outcome(pairs: list[Pair]) -> Outcome:
        return Outcome(
            len(pairs),
            sum(len(pair.met) for pair in pairs),
            geography.miles(sum(pair.metres for pair in pairs if pair.metres is not None)),
        )

    return len(here.returners), outcome(by_hand), outcome(list(here.solve().pairs))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(world.environment(Path(folder) / "demo.db"))
        from models import db
        from signpost import create_app, database, demo
        from signpost.config import Config

        config = Config.from_environment()
        database.open_database(config.database_url)
        with db.connection_context():
            database.upgrade()
        create_app(config)
        with db.connection_context():
            demo.fill()
            waiting, by_hand, ours = compare()
    print(f"{waiting} wait. First come, first served: {by_hand.words}. Signpost: {ours.words}.")


if __name__ == "__main__":
    main()
