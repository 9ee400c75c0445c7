"""A map drawn from coordinates alone: where people are, in units of an SVG picture. Nothing is fetched from anywhere.

Behind the people stand faint dots, one for each postcode district of the country, so that coasts and towns show.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from signpost.mentoring.matching import Point

WIDTH = 480
SHORTEST, TALLEST = 240, 720
MARGIN = 0.09  # degrees of latitude: some six miles around everybody
GRAIN = 4  # dots nearer than that are one dot
APART = 20  # between people in one place
MOST_NAMES = 12
NAME_ROOM = (110, 24)


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
    placed = [mark for together in _by_place(frame, marks) for mark in together]
    where = {mark.key: mark for mark in placed}
    lines = [
        Line(where[one].x, where[one].y, where[other].x, where[other].y)
        for one, other in pairs
        if one in where and other in where
    ]
    return Drawing(frame.height, placed, lines, _names(frame, names), _country(frame, districts))


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


def _by_place(frame: _Frame, marks: list[Mark]) -> list[list[Mark]]:
    """Those in one place stand beside each other, none upon another."""
    here: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        x, y = frame.place(mark.point)
        here[x // APART, y // APART].append(replace(mark, x=x, y=y))
    rows = []
    for together in here.values():
        x, y = together[0].x, together[0].y
        left = min(max(x - APART * (len(together) - 1) // 2, 10), WIDTH - 10 - APART * (len(together) - 1))
        rows.append([replace(mark, x=left + APART * number, y=y) for number, mark in enumerate(together)])
    return rows


def _names(frame: _Frame, names: Mapping[str, Point]) -> list[Mark]:
    """Names of places, as far as they fit without touching one another."""
    kept: list[Mark] = []
    wide, high = NAME_ROOM
    for name, point in sorted(names.items()):
        x, y = frame.place(point)
        y += high  # below whoever is there
        free = all(abs(x - other.x) > wide or abs(y - other.y) > high for other in kept)
        if free and 0 <= x <= WIDTH - wide and high <= y < frame.height and len(kept) < MOST_NAMES:
            kept.append(Mark("name", name, point, x=x, y=y))
    return kept


def _country(frame: _Frame, districts: Iterable[Point]) -> str:
    dots = set()
    for point in districts:
        x, y = frame.place(point)
        if 0 <= x <= WIDTH and 0 <= y <= frame.height:
            dots.add((x // GRAIN * GRAIN, y // GRAIN * GRAIN))
    return "".join(f"M{x} {y}h0" for x, y in sorted(dots))
