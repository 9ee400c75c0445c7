"""Solves the same instances in the peers' own environment: one line asks, one line answers, as JSON.

Asked `{"solver", "people", "mentors", "seed"}`; answers with the seconds of processor time and the score.
"""

import json
import sys
import time
from functools import cache

from benchmarks.matching_pool import Instance, instance


@cache
def given(people: int, mentors: int, seed: int) -> Instance:
    return instance(people, mentors, seed)


def scipy_sparse(one: Instance) -> tuple[float, list[int | None]]:
    """Its bare solver: the matrix is ready. A place is a column for each who can have it, leaving out is one's own."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    columns = [place for place, room in enumerate(one.room) for _ in range(room)]
    first = {place: column for column, place in reversed(list(enumerate(columns)))}
    weights, indices, ends = [], [], [0]
    for person, row in enumerate(one.costs):
        for place, cost in row.items():
            for copy in range(one.room[place]):
                indices.append(first[place] + copy)
                weights.append(cost + 1)
        indices.append(len(columns) + person)
        weights.append(one.without + 1)
        ends.append(len(indices))
    shape = (len(one.costs), len(columns) + len(one.costs))
    matrix = csr_array((np.array(weights, dtype=float), np.array(indices), np.array(ends)), shape=shape)
    began = time.process_time()
    rows, chosen = min_weight_full_bipartite_matching(matrix)
    took = time.process_time() - began
    places: list[int | None] = [None] * len(one.costs)
    for person, column in zip(rows, chosen, strict=True):
        places[person] = columns[column] if column < len(columns) else None
    return took, places


def mentor_match(one: Instance) -> tuple[float, list[int | None]]:
    """One round of mentor-match, which knows no capacities: a mentor is as many people as they have places."""
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules.rule import Disqualify

    class Worth:
        """The cheaper the pair, the more points."""

        def apply(self, match) -> int:
            return one.without - one.costs[match.mentee.number].get(match.mentor.place, one.without)

        def evaluate(self, match) -> bool:
            return True

    mentees = [Mentee(email=f"{number}@mentee", grade=1) for number in range(len(one.costs))]
    mentors = [
        (place, Mentor(email=f"{place}.{copy}@mentor", grade=2))
        for place, room in enumerate(one.room)
        for copy in range(room)
    ]
    for number, mentee in enumerate(mentees):
        mentee.number = number
    for place, mentor in mentors:
        mentor.place = place
    rules = [Worth(), Disqualify(lambda match: match.mentor.place not in one.costs[match.mentee.number])]
    began = time.process_time()
    process_data([mentor for _, mentor in mentors], mentees, [rules])
    took = time.process_time() - began
    return took, [mentee.mentors[0].place if mentee.mentors else None for mentee in mentees]


SOLVERS = {"scipy": scipy_sparse, "mentor-match": mentor_match}

for line in sys.stdin:
    asked = json.loads(line)
    found = given(asked["people"], asked["mentors"], asked["seed"])
    seconds, chosen_places = SOLVERS[asked["solver"]](found)
    print(json.dumps({"seconds": seconds, "score": found.score(chosen_places)}), flush=True)
