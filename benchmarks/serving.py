"""Servers on loopback, and the load on them: wrk where it is installed, a plain closed loop of our own where not."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.world import HERE, HOST, ROOT

SECONDS_TO_START = 60
SYNC = ("--worker-class", "sync", "--workers", "2")
THREADS = ("--worker-class", "gthread", "--workers", "2", "--threads", "4")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def proportional_memory(self) -> int:
        """Bytes of the master and its workers, each shared page counted once (PSS)."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(_pss(pid) for pid in pids)


@contextmanager
def gunicorn(
    application: str,
    environment: dict[str, str],
    *,
    python: Path | None = None,
    folder: Path = ROOT,
    how: tuple[str, ...] = SYNC,
    preload: bool = True,
) -> Iterator[Server]:
    """Serve an application on a free port of loopback for the length of a block."""
    port = free_port()
    command = [
        *(str(python or sys.executable), "-m", "gunicorn", application, "--bind", f"{HOST}:{port}", *how),
        *(["--preload"] if preload else []),
        *("--no-control-socket", "--log-level", "warning", "--graceful-timeout", "3"),
    ]
    with (HERE / ".data" / "servers.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(SECONDS_TO_START * 20):
        if process.poll() is not None:
            raise RuntimeError("A server did not start: benchmarks/.data/servers.log says why.")
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("A server did not answer.")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in found]


def _pss(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024  # type: ignore[index]


# Load


@dataclass(frozen=True)
class Load:
    """What came of a load: seconds at percentiles, answers per second, and how many were not 2xx or 3xx."""

    p50: float
    p99: float
    worst: float
    per_second: float
    answers: int
    refused: int


HAS_WRK = shutil.which("wrk") is not None


def describe() -> str:
    return "wrk" if HAS_WRK else "a closed loop in Python (wrk is not installed), which costs the server's cores more"


def get(url: str, cookie: str = "", *, connections: int = 1, seconds: float = 2.0) -> Load:
    """Ask for one page again and again for so many seconds."""
    headers = [f"Cookie: {cookie}"] if cookie else []
    if HAS_WRK:
        return _wrk(url, headers, connections, seconds)
    return _closed_loop(url, headers, connections, seconds)


def post(url: str, bodies: Path, connections: int, seconds: float, *, start: int = 0) -> Load:
    """Post the lines of a file one after the other (a cookie, a space, a form), from so many connections."""
    if not HAS_WRK:
        lines = bodies.read_text().splitlines()
        forms = (lines[number % len(lines)].split(" ", 1) for number in count(start))
        return _closed_loop(url, [], connections, seconds, forms)
    return _wrk(url, [], connections, seconds, {"BENCH_BODIES": str(bodies), "BENCH_START": str(start)})


def _wrk(url: str, headers: list[str], connections: int, seconds: float, more: dict[str, str] | None = None) -> Load:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "60s", "-s", str(HERE / "report.lua")]
    for header in headers:
        command += ["-H", header]
    environment = {**os.environ, **(more or {})}
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True, env=environment).stdout
    return read_report(said)


def read_report(said: str) -> Load:
    """What report.lua prints."""
    found = {name: float(value) for name, value in re.findall(r"^bench (\w+) ([\d.]+)$", said, re.MULTILINE)}
    return Load(
        p50=found["p50"] / 1e6,
        p99=found["p99"] / 1e6,
        worst=found["max"] / 1e6,
        per_second=found["answers"] / (found["duration"] / 1e6),
        answers=int(found["answers"]),
        refused=int(found["refused"]),
    )


def _closed_loop(
    url: str, headers: list[str], connections: int, seconds: float, forms: Iterator[list[str]] | None = None
) -> Load:
    _, _, place, path = url.split("/", 3)
    host, port = place.split(":")
    plain = ["Host: " + place, *headers, "Connection: close"]
    times: list[float] = []
    refused: list[int] = []
    turn = threading.Lock()
    began = time.perf_counter()

    def request() -> bytes:
        if forms is None:
            return "\r\n".join([f"GET /{path} HTTP/1.1", *plain, "", ""]).encode()
        with turn:
            cookie, form = next(forms)
        sent = [f"Cookie: {cookie}", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        return "\r\n".join([f"POST /{path} HTTP/1.1", *plain, *sent, "", form]).encode()

    def one_after_the_other() -> None:
        while time.perf_counter() < began + seconds:
            asked = request()
            sent_at = time.perf_counter()
            status = exchange(host, int(port), asked)
            times.append(time.perf_counter() - sent_at)
            if not 200 <= status < 400:
                refused.append(status)

    clients = [threading.Thread(target=one_after_the_other) for _ in range(connections)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return summed_up(times, time.perf_counter() - began, len(refused))


def exchange(host: str, port: int, request: bytes) -> int:
    """One request on a connection of its own. Gives the status."""
    with socket.create_connection((host, port), timeout=60) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer = answer or part[:20]
    return int(answer.split(b" ", 2)[1]) if answer else 0


def summed_up(times: list[float], seconds: float, refused: int) -> Load:
    ordered = sorted(times) or [0.0]
    return Load(
        p50=ordered[len(ordered) // 2],
        p99=ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        worst=ordered[-1],
        per_second=len(times) / seconds,
        answers=len(times),
        refused=refused,
    )
