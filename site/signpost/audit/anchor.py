"""The anchor: the number and MAC of the last entry, in a file outside the database.

Whoever cuts the end off the chain inside the database cannot shorten the anchor with it. The anchor only ever moves on
from an entry that is still in the chain: after a cut it stays where it was, and `audit-verify` finds the difference.
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


def read(path: Path) -> tuple[int, str] | None:
    """The anchored (n, MAC), or None where there is no anchor yet. Raises ValueError where the file is damaged."""
    if not path.exists():
        return None
    return _parse(path.read_text())


def move_on(path: Path, n: int, mac: str, still_there: Callable[[int, str], bool]) -> None:
    """Write (n, MAC) where n is beyond the anchor and the anchored entry is still in the chain."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        text = os.pread(handle, 200, 0).decode("ascii", "replace")
        try:
            anchored = _parse(text) if text.strip() else (0, "")
        except ValueError:
            return
        if n > anchored[0] and (anchored[0] == 0 or still_there(*anchored)):
            os.pwrite(handle, f"{n:012d} {mac}\n".encode(), 0)
    finally:
        os.close(handle)


def _parse(text: str) -> tuple[int, str]:
    number, _, mac = text.strip().partition(" ")
    if not number.isdigit() or len(mac) != 64:
        raise ValueError("The anchor file is damaged: it must hold a number and a MAC.")
    return int(number), mac
