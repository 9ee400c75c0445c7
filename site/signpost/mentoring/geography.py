"""Where people are, by postcode district, and how far apart. A full postcode is cut to its district before it goes on."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from signpost.mentoring import districts

METRES_IN_A_MILE = 1609.344
EARTH = 6_371_008.8  # metres, the mean radius

OUTWARD = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
FULL = re.compile(rf"({OUTWARD})[0-9][A-Z]{{2}}")
DISTRICT = re.compile(OUTWARD)
BEGUN = re.compile(rf"({OUTWARD}) [0-9][A-Z]{{0,2}}")  # a postcode of which the end is still missing
OFF_THE_GRID = {"JE": "Jersey", "GY": "Guernsey", "IM": "the Isle of Man"}


class PlaceUnknown(ValueError):
    """What was typed is no place we know, in words for the person who typed it."""


@dataclass(frozen=True)
class Place:
    """A postcode district, by the name it was asked by, and where it lies in degrees (WGS84) where that is known."""

    district: str
    name: str
    point: tuple[float, float] | None

    @property
    def note(self) -> str:
        """What to know of a place without coordinates."""
        if self.point:
            return ""
        where = OFF_THE_GRID.get(self.district[:2], self.district)
        return f"We do not have coordinates for {where}, so we cannot work out distances from {self.district}."


def find(typed: str, places: Mapping[str, str] | None = None) -> Place:
    """The place that somebody typed: a district, a postcode, or the name of one of `places` (name to district).

    Raises PlaceUnknown.
    """
    words = " ".join(typed.split())
    for name, district in (places or {}).items():
        if name.casefold() == words.casefold():
            return _place(district_of(district), name)
    district = district_of(words)
    return _place(district, district)


def district_of(typed: str) -> str:
    """`se1 9rt`, `SE19RT` and `SE1` are all SE1. Raises PlaceUnknown."""
    words = " ".join(typed.upper().split())
    joined = words.replace(" ", "")
    cut = BEGUN.fullmatch(words) or FULL.fullmatch(joined) or DISTRICT.fullmatch(joined)
    if cut is None:
        raise PlaceUnknown(
            "We do not know this place. Type the first half of a postcode, such as LA14, or the name of a town from the list."
        )
    district = cut[1] if cut.re.groups else cut[0]
    if district in districts.known():
        return district
    parts = [known for known in sorted(districts.known()) if known.startswith(district) and known[-1].isalpha()]
    if parts:
        raise PlaceUnknown(f"{district} is several postcode districts. Type one of {_listed(parts)}.")
    raise PlaceUnknown(f"There is no postcode district {district}. Check the first half of the postcode.")


def point_of(district: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, or None where the directory has none."""
    return districts.known().get(district)


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> int:
    """The great-circle distance between two points in degrees, in whole metres."""
    return round(2 * EARTH * math.asin(min(1.0, math.dist(_on_the_globe(one), _on_the_globe(other)) / 2)))


@lru_cache(maxsize=4096)
def _on_the_globe(point: tuple[float, float]) -> tuple[float, float, float]:
    """A point in degrees as one on a globe of radius 1, between two of which the straight line is quickly measured."""
    latitude, longitude = map(math.radians, point)
    return math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)


def miles(metres: float) -> int:
    """Whole miles, as people say them."""
    return round(metres / METRES_IN_A_MILE)


def metres(miles: float) -> int:
    """Whole metres; what is exactly a number of miles away is within it."""
    return math.ceil(miles * METRES_IN_A_MILE)


def _place(district: str, name: str) -> Place:
    return Place(district, name, point_of(district))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
