"""A map drawn from coordinates alone: where people are, in units of an SVG picture. Nothing is fetched from anywhere.

Behind the people stand faint dots, one for each postcode district of the country, so that coasts and towns show.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from signpost.mentoring.matching import Point

WIDTH = 480
SHORTEST, TALLEST = 240, 720
MARGIN = 0.09  # degrees of latitude: some six miles around everybody
GRAIN = 4  # dots nearer than that are one dot
APART = 20  # between people in one place
MOST_NAMES = 12
NAME_ROOM = (110, 24)
LETTER = 7  # wide, on the whole
EDGE = 10
# Beside, below and above, the nearest first: so many steps to the right and down.
STEPS = sorted(product(range(-6, 7), repeat=2), key=lambda step: (step[0] ** 2 + step[1] ** 2, abs(step[1]), step))


@dataclass(frozen=True)
class Mark:
    """Somebody on the map: which shape, what is written beside it, and where (set when it is drawn)."""

    kind: str
    words: str
    point: Point
    key: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Line:
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Drawing:
    height: int
    marks: list[Mark]
    lines: list[Line]
    names: list[Mark]
    country: str  # the path of the dots

    width: int = WIDTH


def draw(
    marks: Iterable[Mark],
    pairs: Iterable[tuple[str, str]],
    names: Mapping[str, Point],
    districts: Iterable[Point],
) -> Drawing | None:
    """The map of these people, with a line between the keys of each pair. None where nobody has coordinates."""
    marks = list(marks)
    if not marks:
        return None
    frame = _Frame([mark.point for mark in marks])
    placed = _placed(frame, marks)
    where = {mark.key: mark for mark in placed}
    lines = [
        Line(where[one].x, where[one].y, where[other].x, where[other].y)
        for one, other in pairs
        if one in where and other in where
    ]
    return Drawing(frame.height, placed, lines, _names(frame, names, placed), _country(frame, districts))


class _Frame:
    """The part of the country in which everybody is. A degree of longitude is shorter than one of latitude."""

    def __init__(self, points: list[Point]) -> None:
        north, south = max(point[0] for point in points) + MARGIN, min(point[0] for point in points) - MARGIN
        self.narrow = math.cos(math.radians((north + south) / 2))
        west = min(point[1] for point in points) * self.narrow - MARGIN
        east = max(point[1] for point in points) * self.narrow + MARGIN
        wide = max(east - west, (north - south) * WIDTH / TALLEST)
        self.scale = WIDTH / wide
        self.west = (east + west - wide) / 2
        tall = max(north - south, SHORTEST / self.scale)
        self.north = (north + south + tall) / 2
        self.height = math.ceil(tall * self.scale)

    def place(self, point: Point) -> tuple[int, int]:
        return round((point[1] * self.narrow - self.west) * self.scale), round((self.north - point[0]) * self.scale)


def _placed(frame: _Frame, marks: list[Mark]) -> list[Mark]:
    """Each where they are, or as near to it as there is room: none upon another, as long as some room is left."""
    taken: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    tried: dict[tuple[int, int], int] = defaultdict(int)  # steps from a place that are taken for certain
    rows = []
    for mark in marks:
        x, y = frame.place(mark.point)
        for right, down in STEPS[tried[x, y] :]:
            tried[x, y] += 1
            here = replace(mark, x=x + right * APART, y=y + down * APART)
            inside = EDGE <= here.x <= WIDTH - EDGE and EDGE <= here.y <= frame.height - EDGE
            if inside and not _touches(here, taken):
                break
        else:
            here = replace(mark, x=x, y=y)
        taken[here.x // APART, here.y // APART].append(here)
        rows.append(here)
    return rows


def _touches(here: Mark, taken: Mapping[tuple[int, int], list[Mark]]) -> bool:
    column, row = here.x // APART, here.y // APART
    near = (taken.get((column + right, row + down), ()) for right in (-1, 0, 1) for down in (-1, 0, 1))
    return any(abs(one.x - here.x) < APART and abs(one.y - here.y) < APART for some in near for one in some)


def _names(frame: _Frame, names: Mapping[str, Point], marks: Iterable[Mark]) -> list[Mark]:
    """Names of places, as far as they fit without touching one another or anybody."""
    kept: list[Mark] = []
    wide, high = NAME_ROOM
    people = [(mark.x, mark.y) for mark in marks]
    for name, point in sorted(names.items()):
        x, middle = frame.place(point)
        long = len(name) * LETTER
        for y in (middle + high, middle - high // 2):  # below whoever is there, or above them
            free = all(abs(x - other.x) > wide or abs(y - other.y) > high for other in kept) and not any(
                x - EDGE < right < x + long + EDGE and y - high < down < y + EDGE for right, down in people
            )
            if free and 0 <= x <= WIDTH - wide and high <= y < frame.height and len(kept) < MOST_NAMES:
                kept.append(Mark("name", name, point, x=x, y=y))
                break
    return kept


def _country(frame: _Frame, districts: Iterable[Point]) -> str:
    dots = set()
    for point in districts:
        x, y = frame.place(point)
        if 0 <= x <= WIDTH and 0 <= y <= frame.height:
            dots.add((x // GRAIN * GRAIN, y // GRAIN * GRAIN))
    return "".join(f"M{x} {y}h0" for x, y in sorted(dots))
