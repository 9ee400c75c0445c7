"""`python -m benchmarks`: everything, side by side, as a table and as results.json. `--large` adds a million rows.

`--only inbox,outbox` runs those parts alone, `--short` does few repetitions to see that it runs: neither writes results.
"""

import argparse
import json
import platform
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, replace

from benchmarks import beside_peers, inbox, matching, outbox, serving, small, submit, world
from benchmarks.measure import MOST_VARIATION, Result, fixed_loop, table

FEW, MANY, MILLION = 1000, 100_000, 1_000_000
RESULTS = world.HERE / "results.json"


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bench")
    asked.add_argument("--large", action="store_true", help="a million rows too: half an hour more")
    asked.add_argument("--only", default="", help="parts, separated by commas")
    asked.add_argument("--short", action="store_true", help="to see that it runs; nothing is judged")
    options = asked.parse_args()

    began = time.monotonic()
    world.DATA.mkdir(exist_ok=True)
    print(
        f"{platform.processor() or platform.machine()}, Python {platform.python_version()}; load by {serving.describe()}"
    )
    print(
        "Each part names the time of a fixed loop before and after it: where that changes much, somebody else is at work.\n"
    )
    results: list[Result] = []
    for name, part in parts(options.short, options.large).items():
        if options.only and name not in options.only.split(","):
            continue
        before, started = fixed_loop() * 1e3, time.monotonic()
        try:
            found = part()
        except (RuntimeError, OSError, subprocess.SubprocessError) as trouble:
            print(f"{name}: did not come to its end, and is tried once more: {trouble}", flush=True)
            found = part()
        after = fixed_loop() * 1e3
        results += [replace(result, met=None) for result in found] if options.short else found
        print(
            f"{name}: {time.monotonic() - started:.0f} s; the fixed loop took {before:.1f} ms before and {after:.1f} ms after",
            flush=True,
        )
    print(f"\n{table(results)}\n")
    unsure = [result for result in results if result.target is not None and result.met is None]
    if unsure:
        print(f"{len(unsure)} not judged: the fixed loop varied more than {MOST_VARIATION:g} times while they ran.")
    if not (options.short or options.only):
        RESULTS.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", encoding="utf-8")
        print(f"Written to {RESULTS.relative_to(world.ROOT)}.")
    print(f"{time.monotonic() - began:.0f} seconds in all.")


def parts(short: bool, large: bool) -> dict[str, Callable[[], list[Result]]]:
    runs, seconds = (1, 1.0) if short else (5, 2.0)
    found: dict[str, Callable[[], list[Result]]] = {
        "inbox": lambda: inbox.floors(MANY, runs) + inbox.facts(MANY),
        "flat": lambda: inbox.flat(FEW, MANY, runs),
        "peers": lambda: beside_peers.measure(MANY, runs, seconds),
        "outbox": lambda: outbox.measure(runs),
        "submit": lambda: submit.measure(runs, 1.0 if short else 5.0, 200 if short else submit.IN_ALL),
        "weight": lambda: small.weight(FEW),
        "start": lambda: small.cold_start(runs),
        "memory": lambda: small.memory(FEW, MANY),
        "matching": lambda: matching.measure(runs, short),
        "sign-in": lambda: small.signing_in(2 if short else 9),
    }
    if large:
        found["flat among a million"] = lambda: inbox.flat(FEW, MILLION, runs)
        found["peers among a million"] = lambda: beside_peers.measure(MILLION, runs, 4 * seconds)
    return found


if __name__ == "__main__":
    main()
