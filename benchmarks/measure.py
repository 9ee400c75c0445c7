"""How a figure comes about: cells in rotation, a ratio inside each repetition, the median of the ratios.

The machine is shared and noisy, so no absolute time means anything without its reference beside it. A fixed loop of
plain Python is timed in each repetition; where it varies more than twofold, the figure is printed but not judged.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

LOOP = 200_000
MOST_VARIATION = 2.0


@dataclass(frozen=True)
class Result:
    """One line of the table. Without a target it is there to be read, and nothing is judged."""

    name: str
    ours: float | None
    reference: float | None
    reference_name: str
    ratio: float | None
    target: float | None
    better: str
    unit: str
    met: bool | None
    runs: int

    @property
    def verdict(self) -> str:
        if self.target is None:
            return "for information"
        return {True: "met", False: "not met", None: "not judged"}[self.met]


def compared(
    name: str,
    ours: float | None,
    reference: float | None,
    reference_name: str,
    *,
    target: float | None,
    better: str,
    unit: str,
    ratio: float | None = None,
    runs: int = 1,
    steady: bool = True,
) -> Result:
    """A result whose ratio, where none is given, is ours divided by the reference."""
    if ratio is None and ours is not None and reference:
        ratio = ours / reference
    met = None
    if target is not None and ratio is not None and steady:
        met = ratio <= target if better == "lower" else ratio >= target
    return Result(
        name, rounded(ours), rounded(reference), reference_name, rounded(ratio), target, better, unit, met, runs
    )


def rounded(value: float | None) -> float | None:
    """Three figures that count; whole numbers stay whole."""
    return (
        value
        if value is None or isinstance(value, int)
        else float(f"{value:.3g}")
        if abs(value) < 1000
        else round(value)
    )


def fixed_loop() -> float:
    """Seconds for the same plain Python loop, at its best of three."""
    best = 9e9
    for _ in range(3):
        began = time.perf_counter()
        total = 0
        for number in range(LOOP):
            total += number & 7
        best = min(best, time.perf_counter() - began)
    return best


Cell = Callable[[], float]


@dataclass(frozen=True)
class Rotation:
    """What every cell took in every repetition, and the fixed loop's times beside them."""

    runs: list[dict[str, float]]
    loops: list[list[float]]

    @property
    def is_steady(self) -> bool:
        """Whether at least half of the repetitions, and no fewer than two, ran without a twofold slowing."""
        return len(self._good()) >= max(2, (len(self.runs) + 1) // 2)

    @property
    def variation(self) -> float:
        """How much the fixed loop varied inside a repetition, at worst."""
        return max(max(loops) / min(loops) for loops in self.loops)

    def _good(self) -> list[dict[str, float]]:
        return [
            run for run, loops in zip(self.runs, self.loops, strict=True) if max(loops) / min(loops) <= MOST_VARIATION
        ]

    @property
    def judged(self) -> list[dict[str, float]]:
        """The repetitions to take ratios from: the undisturbed ones, or all where too few were."""
        return self._good() if self.is_steady else self.runs

    def median(self, cell: str) -> float:
        return statistics.median(run[cell] for run in self.judged)

    def ratio(self, ours: str, reference: str) -> float:
        return statistics.median(run[ours] / run[reference] for run in self.judged)

    def compare(
        self,
        name: str,
        ours: str,
        reference: str,
        *,
        reference_name: str = "",
        target: float | None,
        better: str,
        unit: str,
    ) -> Result:
        return compared(
            name,
            self.median(ours),
            self.median(reference),
            reference_name or reference,
            ratio=self.ratio(ours, reference),
            target=target,
            better=better,
            unit=unit,
            runs=len(self.judged),
            steady=self.is_steady,
        )


def rotate(cells: dict[str, Cell], repetitions: int = 5) -> Rotation:
    """Run every cell once per repetition, one after the other, every other repetition backwards."""
    runs, loops = [], []
    for repetition in range(repetitions):
        order = list(cells) if repetition % 2 == 0 else list(reversed(cells))
        timed = [fixed_loop()]
        run = {}
        for name in order:
            run[name] = cells[name]()
            timed.append(fixed_loop())
        runs.append(run)
        loops.append(timed)
    return Rotation(runs, loops)


def table(results: list[Result]) -> str:
    """The results as a table of text."""
    heads = ("what", "ours", "reference", "", "ratio", "target", "")
    rows = [
        (
            result.name,
            f"{_figure(result.ours)} {result.unit}".strip(),
            _figure(result.reference),
            result.reference_name,
            _figure(result.ratio),
            "" if result.target is None else f"{'≤' if result.better == 'lower' else '≥'} {result.target:g}",
            result.verdict,
        )
        for result in results
    ]
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in [heads, *rows]
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,}" if abs(value) >= 1000 else f"{value:g}"
