"""What was tried, and what came of it: counts that tests add to, printed at the end and kept as JSON in pytest's cache."""

from collections import Counter
from typing import Any

import pytest

_counted: dict[str, Counter[str]] = {}


def add(goal: str, **counts: int) -> None:
    """Add to the counts of a goal: `figures.add("G1", requests=1, leaks=0)`."""
    counter = _counted.setdefault(goal, Counter())
    for name, number in counts.items():
        counter[name] += number


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes (pytest-xdist) hands its counts over."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["figures"] = {goal: dict(counter) for goal, counter in _counted.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The process that started the others takes the counts of each."""
    for goal, counts in getattr(node, "workeroutput", {}).get("figures", {}).items():
        add(goal, **counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not _counted:
        return
    terminalreporter.section("figures")
    for goal, counter in sorted(_counted.items()):
        said = ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in counter.items())
        terminalreporter.write_line(f"{goal}: {said}")
    if cache := getattr(config, "cache", None):
        cache.set("signpost/figures", {goal: dict(counter) for goal, counter in _counted.items()})
