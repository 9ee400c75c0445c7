"""The anchor: the number and MAC of the last entry, in a file outside the database.

Whoever cuts the end off the chain inside the database cannot shorten the anchor with it. The anchor only ever moves on
from an entry that is still in the chain: after a cut it stays where it was, and `audit-verify` finds the difference.
"""

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

Anchored = tuple[int, str]


@dataclass(frozen=True)
class Reset:
    """A time when the anchor was put elsewhere on purpose, with the reason."""

    at: str
    reason: str
    given_up: Anchored | None
    head: Anchored


def read(path: Path) -> Anchored | None:
    """The anchored (n, MAC), or None where there is no anchor yet. Raises ValueError where the file is damaged."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        text = _text(handle)
    except IsADirectoryError:
        raise ValueError(f"AUDIT_ANCHOR must be a file, but {path} is a folder.") from None
    finally:
        os.close(handle)
    return _parse(text) if text else None  # empty: somebody is just making it


def move_on(path: Path, n: int, mac: str, still_there: Callable[[int, str], bool]) -> None:
    """Write (n, MAC) where n is beyond the anchor and the anchored entry is still in the chain."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        text = _text(handle)
        try:
            anchored = _parse(text) if text else (0, "")
        except ValueError:
            return
        if n > anchored[0] and (anchored[0] == 0 or still_there(*anchored)):
            os.pwrite(handle, f"{n:012d} {mac}\n".encode(), 0)
    finally:
        os.close(handle)


def check_before_reset(path: Path, key: str) -> None:
    """Whether the anchor and its journal can be written. Raises OSError, and ValueError where the journal was changed."""
    _last_mac(path, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    for file in (path, journal(path)):
        _write_through(file, "", instead=False)


def reset(path: Path, head: Anchored, reason: str, at: datetime, key: str) -> None:
    """Put the anchor at this head whatever it was at, after a legitimate restore, and leave a line of it in the journal.

    The journal stands beside the anchor and only grows. Each line carries a MAC over itself and the one before.
    """
    given_up = read(path)
    before = _last_mac(path, key)
    words = json.dumps({"at": at.isoformat(), "reason": reason, "given_up": given_up, "head": head}, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_through(journal(path), f"{_line_mac(before, words, key)} {words}\n", instead=False)
    _write_through(path, f"{head[0]:012d} {head[1]}\n", instead=True)


def journal(path: Path) -> Path:
    return path.with_name(f"{path.name}.journal")


def resets(path: Path, key: str) -> list[Reset]:
    """What the journal tells, the first first. Raises ValueError where a line was changed or removed."""
    return [reset for _, reset in _lines(path, key)]


def _lines(path: Path, key: str) -> list[tuple[str, Reset]]:
    found, before = [], ""
    text = journal(path).read_text() if journal(path).exists() else ""
    for number, line in enumerate(text.splitlines(), 1):
        mac, _, words = line.partition(" ")
        if not hmac.compare_digest(mac, _line_mac(before, words, key)):
            raise ValueError(f"The journal of the anchor was changed: its line {number} does not fit.")
        said = json.loads(words)
        given_up = tuple(said["given_up"]) if said["given_up"] else None
        found.append((mac, Reset(said["at"], said["reason"], given_up, tuple(said["head"]))))
        before = mac
    return found


def _last_mac(path: Path, key: str) -> str:
    lines = _lines(path, key)
    return lines[-1][0] if lines else ""


def _line_mac(before: str, words: str, key: str) -> str:
    return hmac.new(key.encode(), f"anchor journal\n{before}\n{words}".encode(), hashlib.sha256).hexdigest()


def _write_through(path: Path, words: str, instead: bool) -> None:
    """Write at the end of a file, or instead of all that is in it, down to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if instead:
            os.ftruncate(handle, 0)
        os.write(handle, words.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _text(handle: int) -> str:
    return os.pread(handle, 200, 0).decode("ascii", "replace").strip()


def _parse(text: str) -> Anchored:
    number, _, mac = text.strip().partition(" ")
    if not number.isdigit() or len(mac) != 64:
        raise ValueError("The anchor file is damaged: it must hold a number and a MAC.")
    return int(number), mac
