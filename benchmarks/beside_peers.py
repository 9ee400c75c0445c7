"""The inbox over the wire beside Flask-Admin and Django's admin (target 3): one file, one server, p50 at one connection."""

import json
import subprocess
import urllib.request
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks import serving, world
from benchmarks.measure import Result, rotate

FILTER, SEARCH = "/referrals/inbox?view=assigned", f"/referrals/inbox?view=all&q={world.RARE}"
DJANGO = "/admin/django_peer/referral/"
WANTED = {"filter": (8, 12), "search": (80, 80)}
WANTED_OF_A_MILLION = {"filter": (8, 12), "search": (300, 300)}
MILLION = 1_000_000


def measure(size: int, repetitions: int, seconds: float) -> list[Result]:
    database = world.database_of(size)
    with ExitStack() as stack:
        ours = stack.enter_context(serving.gunicorn("benchmarks.served:app", world.environment(database)))
        cookie = urllib.request.urlopen(ours.url("/cookie")).read().decode()
        flask_admin = _flask_admin(stack, database)
        django, django_cookie = _django(stack, database)
        addresses = json.load(urllib.request.urlopen(flask_admin.url("/addresses")))
        asked = {
            "floor": (ours.url("/floor"), cookie),
            "ours, filter": (ours.url(FILTER), cookie),
            "Flask-Admin, filter": (flask_admin.url(addresses["filter"]), ""),
            "Django admin, filter": (django.url(f"{DJANGO}?stage__exact=assigned"), django_cookie),
            "ours, search": (ours.url(SEARCH), cookie),
            "Flask-Admin, search": (flask_admin.url(addresses["search"]), ""),
            "Django admin, search": (django.url(f"{DJANGO}?q={world.RARE}"), django_cookie),
        }
        for name, (url, sent) in asked.items():
            _check(name, url, sent)
        run = rotate({name: partial(_p50, url, sent, seconds) for name, (url, sent) in asked.items()}, repetitions)
    wanted = WANTED_OF_A_MILLION if size >= MILLION else WANTED
    results = [
        run.compare(
            f"{'search' if work == 'search' else 'inbox filter'} beside {peer}, {size:,} rows",
            f"{peer}, {work}", f"ours, {work}", reference_name="ours", target=target, better="higher", unit="ms",
        )
        for work, targets in wanted.items()
        for peer, target in zip(("Flask-Admin", "Django admin"), targets, strict=True)
    ]  # fmt: skip
    results = [_ours_first(result) for result in results]
    for work in wanted:
        results.append(
            run.compare(
                f"inbox {work} over the wire, {size:,} rows",
                f"ours, {work}",
                "floor",
                reference_name="a page from a string, in the same application",
                target=None,
                better="lower",
                unit="ms",
            )
        )
    return results


def _ours_first(result: Result) -> Result:
    """The ratio is theirs to ours, so that more is better; the columns still name ours and theirs."""
    peer = result.name.partition(" beside ")[2].partition(",")[0]
    return Result(
        result.name,
        result.reference,
        result.ours,
        peer,
        *[getattr(result, name) for name in ("ratio", "target", "better", "unit", "met", "runs")],
    )


def _p50(url: str, cookie: str, seconds: float) -> float:
    load = serving.get(url, cookie, seconds=seconds)
    if load.refused or not load.answers:
        raise RuntimeError(f"{load.refused} of {load.answers} answers were refused.")
    return load.p50 * 1e3


def _check(name: str, url: str, cookie: str) -> None:
    """Each must really show a page of rows, or the comparison would be of nothing."""
    request = urllib.request.Request(url, headers={"Cookie": cookie})
    with urllib.request.urlopen(request) as answer:
        text = answer.read().decode()
    if answer.status != 200 or ("search" in name and text.count("Morwenna") < 20) or answer.url != url:
        raise RuntimeError(f"{name}: {answer.status} at {answer.url}, not the page that was meant.")


def _flask_admin(stack: ExitStack, database: Path) -> serving.Server:
    python = world.peer_environment("flask_admin")
    environment = {"BENCH_DATABASE": str(database), "PATH": "/usr/bin:/bin"}
    return stack.enter_context(
        serving.gunicorn("flask_admin_peer:app", environment, python=python, folder=world.HERE / "peers")
    )


def _django(stack: ExitStack, database: Path) -> tuple[serving.Server, str]:
    python = world.peer_environment("django")
    environment = {
        "BENCH_DATABASE": str(database),
        "BENCH_DJANGO_DATABASE": str(world.DATA / "django.db"),
        "PATH": "/usr/bin:/bin",
    }
    folder = world.HERE / "peers"
    command = [str(python), "-m", "django_peer.sign_in"]
    cookie = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout
    server = serving.gunicorn("django_peer.wsgi:application", environment, python=python, folder=folder)
    return stack.enter_context(server), cookie.strip()
