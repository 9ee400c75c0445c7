"""A bar chart of one period of a table, worked out from its published numbers alone: see `templates/reports/_chart.html`."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from signpost.reports.disclosure import Cell

MOST_BARS = 12
LETTERS_A_LINE = 32
LINE = 22
BAR = 18
GAP = 16
# The rest of the width is for the number at the end of the longest bar.
LONGEST_PERCENT = 80


@dataclass(frozen=True)
class Bar:
    """Its words line by line with where each stands, how long it is in percent, and the number beside it."""

    lines: tuple[tuple[int, str], ...]
    top: int
    percent: float
    number: str


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    height: int
    is_shortened: bool


def chart(rows: Sequence[tuple[str, Cell]]) -> Chart:
    """Bars of (words, number). Of many rows only the largest are drawn, in the order of the table."""
    drawn = list(rows)
    if len(rows) > MOST_BARS:
        largest = sorted(range(len(rows)), key=lambda place: -(rows[place][1] or 0))[:MOST_BARS]
        drawn = [rows[place] for place in sorted(largest)]
    most = max((number or 0 for _, number in drawn), default=0)
    bars, y = [], 0
    for words, number in drawn:
        lines = wrap(words, LETTERS_A_LINE) or [""]
        placed = tuple((y + LINE * (place + 1) - 5, line) for place, line in enumerate(lines))
        top = y + LINE * len(lines) + 2
        percent = round(LONGEST_PERCENT * (number or 0) / most, 1) if most else 0.0
        bars.append(Bar(placed, top, percent, "*" if number is None else f"{number:,}"))
        y = top + BAR + GAP
    return Chart(tuple(bars), y, len(drawn) < len(rows))
