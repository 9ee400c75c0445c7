"""A real PostgreSQL server for tests: on loopback, on a free port, in a folder of its own that goes with it.

`python -m tests.postgres_server pytest …` starts one, runs the command with its address in SIGNPOST_TEST_DATABASE, and
stops it. PostgreSQL refuses to run as root; then the server runs as the system's user `postgres`.
"""

import itertools
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
MEMORY_NEEDED = 3 << 30
ADDRESS = "SIGNPOST_TEST_DATABASE"

_ports = itertools.cycle(random.sample(range(10_000, 32_000), 1_000))

# The order of words as in an English hospital's database, not that of bytes: nothing may depend on either.
INITDB = ("--auth=trust", "--username=signpost", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums")
ICU = ("--locale-provider=icu", "--icu-locale=en-GB")
# What a database that lives as long as its tests need not wait for.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class NoServer(Exception):
    """Why there is no server, in one line."""


def programs() -> Path:
    """The folder of PostgreSQL's own programs, the newest where there are several. Raises NoServer."""
    found = [Path(path).resolve().parent for name in ("postgres", "initdb") if (path := shutil.which(name))]
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    for folder in [*found, *reversed(installed)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServer("There is no PostgreSQL server here. On Debian and Ubuntu: apt-get install postgresql")


def whose() -> dict[str, object]:
    """As whom the server runs: ourselves, or `postgres` where we are root."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise NoServer("PostgreSQL does not run as root, and there is no user `postgres` to run it as.") from None
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class PostgresServer:
    """A cluster in a folder of its own. `durable`: what was committed survives a crash, as in service."""

    def __init__(self, durable: bool = True) -> None:
        self.programs = programs()
        self.runs_as = whose()
        self.folder = Path(tempfile.mkdtemp(prefix="signpost-postgres-", dir=None if durable else in_memory()))
        self.port = free_port()
        self.settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "log_min_messages": "warning",
            **({} if durable else HASTY),
        }
        self.process: subprocess.Popen[bytes] | None = None
        if uid := self.runs_as.get("user"):
            os.chown(self.folder, int(str(uid)), -1)

    def create(self) -> None:
        """Make the cluster. Raises NoServer."""
        for choice in (INITDB + ICU, INITDB):
            made = self._run("initdb", *choice, "--no-sync", "--pgdata", str(self.data))
            if made.returncode == 0:
                break
            shutil.rmtree(self.data, ignore_errors=True)
        else:
            raise NoServer(f"initdb: {last_line(made.stderr)}")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://signpost@{HOST}:{self.port}/{name}"

    def start(self) -> None:
        """Start, also after a crash, and wait until it takes connections. Raises NoServer."""
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [str(self.programs / "postgres"), "-D", str(self.data), *settings],
                    cwd=self.folder, stdout=log, stderr=log, start_new_session=True, **self.runs_as,  # type: ignore[call-overload]
                )  # fmt: skip
            while self.process.poll() is None and time.monotonic() < until:
                if self._run("pg_isready", "-q", "-h", HOST, "-p", str(self.port)).returncode == 0:
                    return
                time.sleep(0.05)
            # After a kill the backends of before may still be going: it refuses until they are gone.
            time.sleep(0.1)
        raise NoServer(f"The PostgreSQL server does not start: {last_line(self.log.read_bytes())}")

    def kill(self) -> None:
        """End the server as a power cut of the process would: nothing is written down, nobody is told."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """End it in order, throwing out whoever is connected."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.kill()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder, capture_output=True, check=False, **self.runs_as,  # type: ignore[call-overload]
        )  # fmt: skip


def in_memory() -> Path | None:
    """A folder in memory with room enough, or None: a database for each test is gigabytes written, none of them kept."""
    shared = Path("/dev/shm")  # noqa: S108
    roomy = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > MEMORY_NEEDED
    return shared if roomy else None


def free_port() -> int:
    """A port that nothing listens at, and that the system gives to nobody meanwhile: it takes those from 32768 on."""
    for port in _ports:
        with socket.socket() as listener, suppress(OSError):
            listener.bind((HOST, port))
            return port
    raise AssertionError("There is always another.")


def last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


@contextmanager
def running(durable: bool = True) -> Iterator[PostgresServer]:
    """A server for the length of a block."""
    server = PostgresServer(durable)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        server.remove()


def stop_in_order(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    signal.signal(signal.SIGTERM, stop_in_order)
    try:
        with running(durable=False) as server:
            environment = {**os.environ, ADDRESS: server.url()}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    except NoServer as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
