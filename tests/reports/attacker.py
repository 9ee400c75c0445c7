"""Somebody who adds and subtracts what is published. It works with sets of possible sums, and shares nothing with our rule."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import accumulate

Cell = int | None
Published = tuple[Cell, tuple[Cell, ...]]


def behind(number: int, least: int = 8) -> set[int]:
    """The true counts that are rounded to a number and may be shown."""
    return {count for count in range(number + 3) if (count == 0 or count >= least) and _nearest_5(count) == number}


def _nearest_5(count: int) -> int:
    return min((abs(count - multiple), multiple) for multiple in range(0, count + 10, 5))[1]


def sums_of_the_others(cells: Sequence[set[int]]) -> list[int]:
    """For each cell what all the others can come to together, as a number whose bits say which sums there are."""
    before = [*accumulate(cells, _plus, initial=1)]
    after = [*accumulate(reversed(cells), _plus, initial=1)][::-1]
    return [_both(before[place], after[place + 1]) for place in range(len(cells))]


def _plus(sums: int, values: set[int]) -> int:
    found = 0
    for value in values:
        found |= sums << value
    return found


def _both(first: int, second: int) -> int:
    return _plus(first, {place for place in range(second.bit_length()) if second >> place & 1})


def possible(others: int, values: Iterable[int], total: int) -> set[int]:
    """With which of these values of a cell the others still come to this total."""
    return {value for value in values if value <= total and others >> (total - value) & 1}


def told(shown: Sequence[Cell], true: Sequence[int], least: int = 8) -> list[set[int]]:
    """What each cell may be for an attacker who is told which hidden ones are small, and that larger ones were hidden in
    the order of their size."""
    numbers = [cell for cell in shown if cell]
    largest = min(numbers) + 2 if numbers else max(sum(true), least) + 2 * least
    return [
        behind(cell, least)
        if cell is not None
        else (set(range(1, least)) if 0 < count < least else set(range(least, largest + 1)))
        for cell, count in zip(shown, true, strict=True)
    ]


def not_told(shown: Sequence[Cell], most: int, least: int = 8) -> list[set[int]]:
    """What each cell may be for a reader of the page: a star may stand for anything."""
    return [behind(cell, least) if cell is not None else set(range(most + 1)) for cell in shown]


def splits(cells: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every way in which up to so many people can fall into these cells."""
    if cells == 1:
        yield from ((count,) for count in range(most + 1))
        return
    for first in range(most + 1):
        yield from ((first, *rest) for rest in splits(cells - 1, most - first))


def by_appearance(
    populations: Iterable[tuple[int, ...]], publish: Callable[[tuple[int, ...]], Hashable]
) -> dict[Hashable, list[tuple[int, ...]]]:
    """What looks the same once it is published: all that whoever knows the procedure can tell of a population."""
    found: dict[Hashable, list[tuple[int, ...]]] = defaultdict(list)
    for population in populations:
        found[publish(population)].append(population)
    return found
