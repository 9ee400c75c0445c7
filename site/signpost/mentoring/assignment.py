"""The cheapest assignment of people to places, exact in whole numbers of any size. Knows nothing of mentoring.

Shortest augmenting paths (Jonker and Volgenant; Edmonds and Karp): people come in one after the other, and each takes the
cheapest way to a place, which may move those who came before. Every place carries a price, what one more of it would
be worth, and with these prices everybody has the place that suits them best: that is the proof that nothing is cheaper.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Assignment:
    """For each person the number of their place, or None; for each place its price, 0 where something is left of it."""

    places: list[int | None]
    prices: list[int]


def cheapest(costs: Sequence[Mapping[int, int]], without: Sequence[int], room: Sequence[int]) -> Assignment:
    """Give everybody at most one place, so that the sum is least.

    `costs[i]` holds the places that person `i` may have and what each costs (0 or more), `without[i]` is the cost of
    leaving them out, `room[j]` how many a place takes. The same input gives the same answer, whatever is equally cheap.
    """
    so_far = _SoFar(costs, without, room)
    for person in sorted(range(len(costs)), key=lambda i: (-without[i], i)):  # so that hardly anybody is left out later
        so_far.bring_in(person)
    return Assignment(so_far.place_of, so_far.price)


@dataclass(slots=True)
class _Search:
    """What one newcomer's search has found. It ends at a place with room, or with somebody who is left out instead."""

    least: int
    left_out: int
    end: int | None = None
    distance: dict[int, int] = field(default_factory=dict)
    came_by: dict[int, int] = field(default_factory=dict)  # place: the person who would move there
    ahead: list[tuple[int, int]] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)


class _SoFar:
    """The cheapest assignment of those who came in so far, and the prices that prove it."""

    def __init__(self, costs: Sequence[Mapping[int, int]], without: Sequence[int], room: Sequence[int]) -> None:
        self.costs, self.without, self.room = costs, without, room
        # A way is cost and place in one number, which sorts and compares faster than a pair.
        self.width = max(1, len(room))
        self.ways = [sorted([cost * self.width + place for place, cost in row.items()]) for row in costs]
        self.place_of: list[int | None] = [None] * len(costs)
        self.held_by: list[list[int]] = [[] for _ in room]
        self.price = [0] * len(room)

    def bring_in(self, newcomer: int) -> None:
        """Find the newcomer's cheapest way to an end, raise the prices of the full places on it, and move along it."""
        search = _Search(self.without[newcomer], newcomer)
        self._look_around(newcomer, 0, search)
        while search.ahead and search.ahead[0][0] < search.least:
            reached, place = heapq.heappop(search.ahead)
            if reached > search.distance[place]:  # a shorter way was found since
                continue
            search.settled.append(place)
            for holder in self.held_by[place]:
                self._look_around(holder, reached - self.costs[holder][place] - self.price[place], search)

        for place in search.settled:
            self.price[place] += search.least - search.distance[place]
        end = search.end
        if end is None and search.left_out != newcomer:
            end = self._take_away(search.left_out)
        if end is not None:
            self._move_along(end, search.came_by, newcomer)

    def _look_around(self, person: int, gone: int, search: _Search) -> None:
        """Where this person could move, or whether to leave them out, having gone so far to get to them."""
        if gone + self.without[person] < search.least:
            search.least, search.end, search.left_out = gone + self.without[person], None, person
        for way in self.ways[person]:
            if way >= (search.least - gone) * self.width:  # in order, and prices only add to it
                break
            cost, place = divmod(way, self.width)
            reached = gone + cost + self.price[place]
            if reached >= search.distance.get(place, search.least) or reached >= search.least:
                continue
            search.distance[place], search.came_by[place] = reached, person
            if len(self.held_by[place]) < self.room[place]:
                search.least, search.end = reached, place
            else:
                heapq.heappush(search.ahead, (reached, place))

    def _take_away(self, person: int) -> int:
        place = self.place_of[person]
        assert place is not None  # noqa: S101
        self.place_of[person] = None
        self.held_by[place].remove(person)
        return place

    def _move_along(self, place: int, came_by: Mapping[int, int], newcomer: int) -> None:
        while (person := came_by[place]) != newcomer:
            before = self._take_away(person)
            self._put(person, place)
            place = before
        self._put(newcomer, place)

    def _put(self, person: int, place: int) -> None:
        self.place_of[person] = place
        self.held_by[place].append(person)
