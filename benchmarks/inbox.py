"""The inbox page in process (targets 1, 4, 5, 6): against the same page from a string, and against a smaller database."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from benchmarks import world
from benchmarks.measure import Result, compared, rotate

BARE = "the same page from a string, bare Flask"
OWN = "the same page from a string, in the same application"
OWN_SIGNED_IN = "the same, to somebody signed in"
CALLS = 150
FLAT = {
    "filter": "filter",
    "deep": "page four fifths down",
    "rare": "search, rare word",
    "common": "search, common word",
    "no hit": "view and search, no hit",
}


class Application:
    """An application of a size in a process of its own, which waits to be asked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def seconds(self, cell: str, calls: int = CALLS) -> float:
        return float(self._ask(cell=cell, calls=calls))

    def facts(self, cell: str) -> dict[str, Any]:
        return dict(self._ask(facts=cell))

    def _ask(self, **question: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError("The application in process stopped: benchmarks/.data/inprocess.log says why.")
        return json.loads(said)


@contextmanager
def application(size: int) -> Iterator[Application]:
    database = world.database_of(size)
    with (world.DATA / "inprocess.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.inprocess"],
            cwd=world.ROOT, env=world.environment(database), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            text=True,
        )  # fmt: skip
        try:
            yield Application(process)
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(30)


def floors(size: int, repetitions: int) -> list[Result]:
    """Target 1, and 6 for the time of the fragment."""
    with application(size) as ours:
        names = (
            "floor", "own floor", "own floor, signed in", "first", "filter", "search", "fragment", "filter, after a commit",
        )  # fmt: skip
        cells = {name: (lambda name=name: ours.seconds(name) * 1e6) for name in names}
        for cell in cells.values():
            cell()
        run = rotate(cells, repetitions)
    at = f"{size:,} rows"
    words = {"filter": "filter and view", "search": "search", "first": "as first opened"}
    results = []
    for cell, said in words.items():
        for floor, name in (("floor", BARE), ("own floor", OWN)):
            results.append(
                run.compare(
                    f"inbox page, {said}, {at}", cell, floor, reference_name=name, target=4, better="lower", unit="µs"
                )
            )
    results += [
        run.compare(
            f"inbox page, filter and view, {at}",
            "filter",
            "own floor, signed in",
            reference_name=OWN_SIGNED_IN,
            target=None,
            better="lower",
            unit="µs",
        ),
        run.compare(
            f"inbox page, filter and view, {at}, a commit before each",
            "filter, after a commit",
            "own floor",
            reference_name=OWN,
            target=None,
            better="lower",
            unit="µs",
        ),
        run.compare(
            "inbox fragment, time",
            "fragment",
            "filter",
            reference_name="the full page",
            target=0.9,
            better="lower",
            unit="µs",
        ),
    ]
    return results


def flat(small: int, large: int, repetitions: int) -> list[Result]:
    """Target 4: as quick among many as among few, the same number of rows shown."""
    with ExitStack() as stack:
        few, many = (stack.enter_context(application(size)) for size in (small, large))
        cells = {}
        for name in FLAT:
            cells[f"{name} few"] = lambda name=name: few.seconds(name) * 1e6
            cells[f"{name} many"] = lambda name=name: many.seconds(name) * 1e6
            if (shown := (few.facts(name)["rows"], many.facts(name)["rows"]))[0] != shown[1]:
                raise RuntimeError(f"{name}: {shown[0]} and {shown[1]} rows, which cannot be compared.")
        run = rotate(cells, repetitions)
    return [
        run.compare(
            f"inbox flat, {words}, {large:,} rows", f"{name} many", f"{name} few",
            reference_name=f"{small:,} rows", target=1.25, better="lower", unit="µs",
        )
        for name, words in FLAT.items()
    ]  # fmt: skip


def facts(size: int) -> list[Result]:
    """Target 5's count and target 6's sizes. They do not vary, so there is one run."""
    with application(size) as ours:
        page, part = ours.facts("first"), ours.facts("fragment")
        searched, other_view = ours.facts("search"), ours.facts("other view")
    most = max(page["statements"], part["statements"])
    return [
        compared("inbox statements, the most of a default view", most, None, "", ratio=float(most), target=8, better="lower", unit="statements"),
        compared("inbox statements, a search", searched["statements"], None, "", ratio=float(searched["statements"]), target=8, better="lower", unit="statements"),
        compared("inbox statements, nothing committed since", page["statements again"], None, "", target=None, better="lower", unit="statements"),
        compared("weight inbox page, gzip", page["gzip"], None, "", ratio=page["gzip"] / 1000, target=5, better="lower", unit="bytes"),
        compared("weight inbox fragment, gzip", part["gzip"], None, "", ratio=part["gzip"] / 1000, target=2, better="lower", unit="bytes"),
        compared("weight inbox fragment of another view, gzip", other_view["gzip"], None, "", target=None, better="lower", unit="bytes"),
        compared("weight inbox page, plain", page["bytes"], None, "", target=None, better="lower", unit="bytes"),
        compared("weight inbox fragment, plain", part["bytes"], None, "", target=None, better="lower", unit="bytes"),
    ]  # fmt: skip
