"""What was tried, and what came of it: counts that tests add to, printed at the end and kept as JSON in pytest's cache."""

from collections import Counter

import pytest

_counted: dict[str, Counter[str]] = {}
_printed: set[int] = set()


def add(goal: str, **counts: int) -> None:
    """Add to the counts of a goal: `figures.add("G1", requests=1, leaks=0)`."""
    counter = _counted.setdefault(goal, Counter())
    for name, number in counts.items():
        counter[name] += number


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the counts once, whichever of the folders that import this were collected."""
    if not _counted or id(config) in _printed:
        return
    _printed.add(id(config))
    terminalreporter.section("figures")
    for goal, counter in sorted(_counted.items()):
        said = ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in counter.items())
        terminalreporter.write_line(f"{goal}: {said}")
    if cache := getattr(config, "cache", None):
        cache.set("signpost/figures", {goal: dict(counter) for goal, counter in _counted.items()})
