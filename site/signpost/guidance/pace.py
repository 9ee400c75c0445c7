"""Slowing down whoever floods a form without a name: by network address, in this process's memory, never written down.

A row that said from where somebody wrote, and when, could be joined to who they are (C2).
"""

from collections import deque
from datetime import datetime, timedelta

from signpost import clock

MOST = 10
WITHIN = timedelta(minutes=10)
MOST_NETWORKS = 10_000


class Pace:
    def __init__(self) -> None:
        self._seen: dict[str, deque[datetime]] = {}

    def is_too_fast(self, network: str) -> bool:
        """Count one more from this network address; whether it is more than is taken in so short a time."""
        now = clock.now()
        if len(self._seen) > MOST_NETWORKS:
            self._seen.clear()
        tries = self._seen.setdefault(network, deque(maxlen=MOST + 1))
        tries.append(now)
        return len(tries) > MOST and now - tries[0] < WITHIN
