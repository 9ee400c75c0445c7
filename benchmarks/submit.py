"""Sending a referral under load (target 10): sixteen browsers press the button at once, on two workers of four threads.

Beside it, served in the same way: a bare Peewee POST that writes as many rows of the same tables in one transaction and
does nothing else, and a POST that does nothing at all. Each press sends another draft of another referrer, so that each
is a referral; afterwards they are counted in the database.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from benchmarks import serving, world
from benchmarks.measure import Result, compared, rotate

SIZE = 1000
CLIENTS = 16
IN_ALL = 10_000
FORM = "/referrals/new/check"


def measure(repetitions: int, seconds: float, in_all: int = IN_ALL) -> list[Result]:
    database, other = _copy("submit"), _copy("submit-bare")
    spare = in_all // 2 + CLIENTS * 8 * (repetitions + 2)
    bodies = world.DATA / "submit.bodies"
    prepare = [sys.executable, "-m", "benchmarks.submit_prepare", str(in_all + spare), str(bodies)]
    subprocess.run(prepare, cwd=world.ROOT, env=world.environment(database), check=True)
    one_body = world.DATA / "submit.body"
    one_body.write_text(bodies.read_text().partition("\n")[0] + "\n")
    with ExitStack() as stack:
        ours = stack.enter_context(serving.gunicorn("wsgi:app", world.environment(database), how=serving.THREADS))
        bare = stack.enter_context(
            serving.gunicorn("benchmarks.bare_post:app", world.environment(other), how=serving.THREADS)
        )
        presses = Presses(ours.url(FORM), bodies)
        loads: dict[str, list[serving.Load]] = {"ours": [], "bare": [], "null": []}

        def cell(name: str) -> float:
            if name == "ours":
                load = presses.press(seconds)
            else:
                load = serving.post(bare.url(f"/{name}"), one_body, CLIENTS, seconds)
            loads[name].append(load)
            return load.per_second

        run = rotate({name: lambda name=name: cell(name) for name in loads}, repetitions)
        while presses.pressed < in_all:
            loads["ours"].append(presses.press(seconds))
    pressed, refused = sum(load.answers for load in loads["ours"]), sum(load.refused for load in loads["ours"])
    made = _made(database)
    p99 = {
        name: sorted(load.p99 for load in cells[:repetitions])[repetitions // 2] * 1e3 for name, cells in loads.items()
    }
    lost = max(pressed - made, 0)
    return [
        run.compare("submit, referrals a second, 16 at once", "ours", "bare", reference_name="a bare Peewee POST of the same rows", target=0.5, better="higher", unit="/s"),
        run.compare("submit, referrals a second, 16 at once", "ours", "null", reference_name="a POST that does nothing", target=None, better="higher", unit="/s"),
        compared("submit, p99, 16 at once", p99["ours"], p99["null"], "a POST that does nothing", target=10, better="lower", unit="ms", runs=repetitions, steady=run.is_steady),
        compared("submit, p99, 16 at once", p99["ours"], p99["bare"], "a bare Peewee POST of the same rows", target=None, better="lower", unit="ms", runs=repetitions),
        compared(f"submit, refused of {pressed:,}", refused, None, "", ratio=float(refused), target=0, better="lower", unit="answers"),
        compared(f"submit, answered but not in the database, of {pressed:,}", lost, None, "", ratio=float(lost), target=0, better="lower", unit="referrals"),
    ]  # fmt: skip


class Presses:
    """Presses of the button, each of another draft."""

    def __init__(self, url: str, bodies: Path) -> None:
        self.url = url
        self.bodies = bodies
        self.prepared = bodies.read_text().count("\n")
        self.next = 0
        self.pressed = 0

    def press(self, seconds: float) -> serving.Load:
        load = serving.post(self.url, self.bodies, CLIENTS, seconds, start=self.next)
        # Those under way when the time was up may have been carried out: their drafts are not used again.
        self.next += load.answers + CLIENTS * 4
        self.pressed += load.answers
        if self.next > self.prepared:
            raise RuntimeError(f"More than the {self.prepared:,} drafts prepared were sent: prepare more.")
        return load


def _copy(name: str) -> Path:
    original, copy = world.database_of(SIZE), world.DATA / f"{name}.db"
    for left_over in world.DATA.glob(f"{name}.db*"):
        left_over.unlink()
    world.without_trace(original)
    shutil.copyfile(original, copy)
    if os.path.exists(anchor := f"{original}.anchor"):  # noqa: PTH110
        shutil.copyfile(anchor, f"{copy}.anchor")
    return copy


def _made(database: Path) -> int:
    """How many referrals the presses made."""
    connection = sqlite3.connect(database)
    ((count,),) = connection.execute("SELECT COUNT(*) FROM referral WHERE trainee_email LIKE 'pressed%'")
    connection.close()
    return int(count)
