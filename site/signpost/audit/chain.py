"""The chain itself: pure. An entry's MAC covers its own words and the MAC before it."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass

FIRST = "0" * 64


@dataclass(frozen=True)
class Entry:
    """What one entry says. `n` counts from 1 without a gap; `at` is an ISO moment in UTC."""

    n: int
    at: str
    actor: str
    acting_as: str
    action: str
    record: str
    facts_json: str
    request_id: str


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold, in words."""

    n: int
    words: str


def mac(entry: Entry, before: str, key: str) -> str:
    """The keyed MAC (HMAC-SHA256, hex) of an entry that follows one whose MAC is `before`."""
    fields = [
        before, entry.n, entry.at, entry.actor, entry.acting_as, entry.action, entry.record,
        entry.facts_json, entry.request_id,
    ]  # fmt: skip
    message = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def first_break(
    entries: Iterable[tuple[Entry, str]], head: tuple[int, str], anchor: tuple[int, str] | None, key: str
) -> Break | None:
    """Walk the chain from its beginning; give the first entry that was changed, removed, inserted or moved.

    `entries` are (entry, stored MAC) in the order of n. `head` is the number and MAC that the database believes to be
    the last. `anchor` is the last head written outside the database: what was cut off the end is found by it, since the
    anchor still knows a number and a MAC that the chain no longer reaches. None where nothing was anchored yet.
    """
    before, n = FIRST, 0
    anchor_seen = anchor is None or anchor[0] == 0
    for entry, stored in entries:
        n += 1
        if entry.n != n:
            return Break(n, f"Entry {n} is missing: the next one there is number {entry.n}.")
        if not hmac.compare_digest(stored, mac(entry, before, key)):
            return Break(n, f"Entry {n} does not fit: it, or the one before it, was changed, moved or put in.")
        before = stored
        if anchor and anchor[0] == n:
            if not hmac.compare_digest(anchor[1], stored):
                return Break(n, f"Entry {n} is not the one that was anchored: the record was replaced.")
            anchor_seen = True
    if not anchor_seen and anchor:
        return Break(n + 1, f"Entry {n + 1} is missing: the anchor knows {anchor[0]} entries, the database has {n}.")
    if head != (n, before if n else ""):
        return Break(n + 1, f"Entry {n + 1} is missing: the database counted {head[0]} entries and has {n}.")
    return None
