"""Reading a file that somebody chose: in a process of its own, which knows no key and may use little time and memory."""

import json
import logging
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

from models import FileType
from signpost.config import running
from signpost.errors import RuleBroken
from signpost.files import checking

log = logging.getLogger(__name__)

SECONDS_TO_READ = 30  # four of work end it (checking.MOST_SECONDS); the rest is waiting for a busy machine
SECONDS_TO_SCAN = 20
CHUNK = 64 * 1024

HARMFUL = "The virus scanner found something harmful in this file, so it was not kept."
NO_SCANNER = (
    "Files cannot be checked for viruses just now, so none can be added. Nothing else has changed: try again later."
)


class NotTaken(RuleBroken):
    """A file that is not kept, and why: a sentence that belongs beside the field."""


def read(content: bytes) -> FileType:
    """What these bytes are. Raises NotTaken where they are nothing we keep, or the virus scanner objects or is away."""
    found = _what_it_is(content)
    if running().clamd_address:
        _scan(content, running().clamd_address)
    return found


def rows(content: bytes) -> list[list[str]]:
    """What the cells of the first sheet of a workbook say. Raises NotTaken, as `read` does."""
    said = _asked(content, "rows")
    if not said.startswith("["):
        raise NotTaken(said)
    if running().clamd_address:
        _scan(content, running().clamd_address)
    found: list[list[str]] = json.loads(said)
    return found


def _what_it_is(content: bytes) -> FileType:
    said = _asked(content)
    if said not in set(FileType):
        raise NotTaken(said)
    return FileType(said)


def _asked(content: bytes, *question: str) -> str:
    """What the process of its own says of these bytes."""
    try:
        ended = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-P", str(Path(checking.__file__)), *question],
            input=content,
            capture_output=True,
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"},
            timeout=SECONDS_TO_READ,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotTaken(checking.TOO_MUCH) from None
    if ended.returncode:  # out of time or of memory; or our own fault, which the log then tells
        log.warning("file not read", extra={"code": ended.returncode, "trouble": ended.stderr.decode()[-300:]})
        raise NotTaken(checking.TOO_MUCH if ended.returncode < 0 else checking.BROKEN)
    return ended.stdout.decode("utf-8", "replace")


def _scan(content: bytes, address: str) -> None:
    """Have clamd look at it. Where it does not answer, nothing is taken."""
    try:
        answer = _answer_of_clamd(content, address)
    except OSError as trouble:
        log.warning("virus scanner does not answer", extra={"trouble": type(trouble).__name__})
        raise NotTaken(NO_SCANNER) from None
    if answer.endswith(b" FOUND"):
        log.warning("virus scanner found something", extra={"answer": answer.decode("ascii", "replace")[:200]})
        raise NotTaken(HARMFUL)
    if answer != b"stream: OK":
        log.warning("virus scanner did not scan", extra={"answer": answer.decode("ascii", "replace")[:200]})
        raise NotTaken(NO_SCANNER)


def _answer_of_clamd(content: bytes, address: str) -> bytes:
    with _connected(address) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            scanner.sendall(struct.pack("!L", len(piece)) + piece)
        scanner.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < CHUNK:
            piece = scanner.recv(CHUNK)
            if not piece:
                break
            answer += piece
    return answer.rstrip(b"\0").strip()


def _connected(address: str) -> socket.socket:
    """`host:port`, or the path of a socket of this machine."""
    if address.startswith("/"):
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        local.settimeout(SECONDS_TO_SCAN)
        local.connect(address)
        return local
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS_TO_SCAN)
