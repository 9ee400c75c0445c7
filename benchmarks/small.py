"""Weight of the first load, cold start, memory, and what a sign-in costs (targets 12 to 15)."""

import gzip
import json
import re
import subprocess
import sys
import time
import urllib.request
from functools import partial

from benchmarks import serving, world
from benchmarks.measure import Result, compared, rotate

SIZE = 1000
ASSET = re.compile(r"""(?:href|src)="(/static/[^"]+)\"""")
OUTSIDE = re.compile(r"""(?:src|href|url\()\s*=?\s*["'(]?(?:https?:)?//(?!127\.0\.0\.1)[a-z0-9.-]+""", re.IGNORECASE)


# Weight


def weight(size: int) -> list[Result]:
    """What a first visit loads: the page, its styles and scripts, and what those name in their turn. Headers included."""
    with serving.gunicorn(
        "benchmarks.served:app", world.environment(world.database_of(size)), how=serving.THREADS
    ) as ours:
        cookie = urllib.request.urlopen(ours.url("/cookie")).read().decode()
        page, headers, on_the_wire = _fetch(ours.url("/referrals/inbox"), cookie)
        total, plain_page = headers + len(gzip.compress(page, 6, mtime=0)), headers + on_the_wire
        assets, outside = 0, _outside(page)
        for path in dict.fromkeys(ASSET.findall(page.decode())):
            text, headers, length = _fetch(ours.url(path.replace("&amp;", "&")), cookie)
            assets += headers + length
            outside += _outside(text) if path.partition("?")[0].endswith((".css", ".js")) else 0
    return [
        compared("weight first load, gzip", total + assets, None, "", ratio=(total + assets) / 1000, target=70, better="lower", unit="bytes"),
        compared("weight first load, as this server sends it", plain_page + assets, None, "", target=None, better="lower", unit="bytes"),
        compared("weight outside requests", outside, None, "", ratio=float(outside), target=0, better="lower", unit="requests"),
    ]  # fmt: skip


def _fetch(url: str, cookie: str) -> tuple[bytes, int, int]:
    """The contents, the bytes of the headers, and of the body as it came."""
    request = urllib.request.Request(url, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        headers = len(str(answer.headers).encode()) + len("HTTP/1.1 200 OK\r\n")
        text = gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
    return text, headers, len(body)


def _outside(text: bytes) -> int:
    """Addresses of other machines that a browser would load, not those a person may follow."""
    loaded = re.sub(rb"<a [^>]*>", b"", text).decode(errors="replace")
    return len([found for found in OUTSIDE.findall(loaded) if "www.w3.org" not in found])


# Cold start


def cold_start(repetitions: int) -> list[Result]:
    environment = world.environment(world.database_of(SIZE))
    # Installed as a small site installs it: where a developer tests on PostgreSQL, its driver would be loaded too.
    python = str(world.peer_environment("signpost", world.ROOT / "requirements.txt"))
    environment["BENCH_COOKIE"] = _said(sys.executable, COOKIE, environment)
    cells = {
        "flask": partial(_seconds_of, python, "import flask", environment),
        "ours": partial(_seconds_of, python, FIRST_PAGE, environment),
    }
    for cell in cells.values():
        cell()
    run = rotate({name: partial(_least_of, cell) for name, cell in cells.items()}, repetitions)
    heavy = json.loads(_said(python, FIRST_PAGE + LOADED, environment))
    return [
        run.compare("start, cold, to the first page of the inbox", "ours", "flask", reference_name="import flask", target=3, better="lower", unit="ms"),
        compared("start, scipy or psycopg loaded", len(heavy), None, "", ratio=float(len(heavy)), target=0, better="lower", unit="packages"),
    ]  # fmt: skip


FIRST_PAGE = """
import os
from wsgiref.util import setup_testing_defaults
from wsgi import app
asked, said = {"PATH_INFO": "/referrals/inbox", "HTTP_COOKIE": os.environ["BENCH_COOKIE"]}, []
setup_testing_defaults(asked)
page = b"".join(app(asked, lambda status, headers, problem=None: said.append(status)))
assert said == ["200 OK"] and b"data-row" in page
"""
COOKIE = """
from benchmarks import world
from benchmarks.inprocess import sign_in
from signpost import create_app
from signpost.config import Config
print(sign_in(create_app(Config.from_environment()), world.ADVISER))
"""
LOADED = """
import json, sys
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} & {"scipy", "numpy", "psycopg", "psycopg2", "ortools"})))
"""


def _seconds_of(python: str, code: str, environment: dict[str, str]) -> float:
    """Milliseconds from the start of a Python to its end."""
    began = time.perf_counter()
    subprocess.run([python, "-c", code], check=True, env=environment, cwd=world.ROOT, capture_output=True)
    return (time.perf_counter() - began) * 1e3


def _said(python: str, code: str, environment: dict[str, str]) -> str:
    said = subprocess.run(
        [python, "-c", code], check=True, env=environment, cwd=world.ROOT, capture_output=True, text=True
    )
    return said.stdout.splitlines()[-1]


def _least_of(cell: partial[float]) -> float:
    return min(cell() for _ in range(3))


# Memory


def memory(small: int, large: int) -> list[Result]:
    """Two workers that serve the inbox beside the same two that serve only the floor, each after as many answers.

    Without preloading, so that nothing is shared at first and unshared later: what grows then, grows.
    """
    used: dict[str, list[float]] = {}
    for name, size, paths in (("floor", small, ["/floor"]), ("inbox", small, PAGES), ("many", large, PAGES)):
        environment = world.environment(world.database_of(size))
        with serving.gunicorn("benchmarks.served:app", environment, preload=False) as ours:
            cookie = urllib.request.urlopen(ours.url("/cookie")).read().decode()
            used[name] = []
            for _ in range(3):
                answers, turn = 0, 0
                while answers < ANSWERS:
                    answers += serving.get(ours.url(paths[turn % len(paths)]), cookie, connections=4, seconds=1).answers
                    turn += 1
                used[name].append(ours.proportional_memory() / 1e6)
    a_worker = (used["many"][-1] - used["inbox"][-1]) / 2
    growth = used["many"][-1] - used["many"][-2]
    return [
        compared("memory, two workers, PSS", used["inbox"][-1], used["floor"][-1], "the same application, floor only", target=1.1, better="lower", unit="MB"),
        compared(f"memory a worker, more with {large:,} rows than {small:,}", a_worker, None, "", ratio=max(a_worker, 0.0), target=16, better="lower", unit="MB"),
        compared(f"memory, growth from {2 * ANSWERS:,} answers to {3 * ANSWERS:,}", growth, None, "", ratio=max(growth, 0.0), target=2, better="lower", unit="MB"),
    ]  # fmt: skip


ANSWERS = 3000
PAGES = [
    "/referrals/inbox?view=assigned",
    f"/referrals/inbox?view=all&q={world.RARE}",
    f"/referrals/inbox?view=all&q={world.COMMON}",
    "/referrals/inbox?view=closed&sort=name",
]


# Signing in


def signing_in(repetitions: int) -> list[Result]:
    environment = world.environment(world.database_of(SIZE))
    said = subprocess.run(
        [sys.executable, "-c", SIGN_IN, str(repetitions)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=world.ROOT,
    )
    found = json.loads(said.stdout.splitlines()[-1])
    known, unknown, steady = found["known"] * 1e3, found["unknown"] * 1e3, found["varies"] <= 2
    return [
        compared("start of a session: a password is checked, at least", known, None, "", ratio=known, target=25, better="higher", unit="ms", runs=found["runs"], steady=steady),
        compared("start of a session: a password is checked, at most", known, None, "", ratio=known, target=120, better="lower", unit="ms", runs=found["runs"], steady=steady),
        compared("start of a session: nobody of that name", unknown, known, "somebody, wrong password", ratio=max(known, unknown) / min(known, unknown), target=1.1, better="lower", unit="ms", runs=found["runs"], steady=steady),
    ]  # fmt: skip


SIGN_IN = """
import json, sys, time
from benchmarks.measure import fixed_loop
from contextlib import suppress
from models import FailedSignIn, db
from signpost import create_app
from signpost.config import Config
from signpost.accounts import actions

app = create_app(Config.from_environment())
least, loops = {"known": 9.0, "unknown": 9.0}, []
runs = 9
with app.app_context(), db.connection_context():
    for _ in range(runs):
        loops.append(fixed_loop())
        for name, email in (("known", "adviser@signpost.example"), ("unknown", "nobody@signpost.example")):
            FailedSignIn.delete().execute()
            began = time.perf_counter()
            with suppress(actions.SignInRefused):
                actions.sign_in(email, "not the password", network="127.0.0.1")
            least[name] = min(least[name], time.perf_counter() - began)
    FailedSignIn.delete().execute()
print(json.dumps({**least, "runs": runs, "varies": max(loops) / min(loops)}))
"""
