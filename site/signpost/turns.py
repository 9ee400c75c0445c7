"""Writers of one process take turns before they reach SQLite.

SQLite lets a writer that has to wait sleep and look again. With several threads some look at the wrong moment for seconds
while others pass them by; here each gets its turn as the one before it ends, and only the processes meet in SQLite.
"""

import threading
from collections import deque
from typing import Any

from peewee import OperationalError, SqliteDatabase

LONGEST_WAIT_SECONDS = 10.0  # as long as SQLite itself waits (busy_timeout)


class Turns:
    """Who comes first goes first: a turn that ends is handed to whoever has waited longest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def take(self, seconds: float) -> bool:
        """Wait for a turn, so long at most. False where it did not come."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():  # it came at the last moment
                return True
            self._waiting.remove(mine)
            return False

    def end(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


class SqliteInTurn(SqliteDatabase):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns = Turns()
        self._here = threading.local()

    def begin(self, lock_type: str | None = None) -> None:
        if not self._turns.take(LONGEST_WAIT_SECONDS):
            raise OperationalError("database is locked")
        self._here.has_turn = True
        try:
            super().begin(lock_type)
        except BaseException:
            self._end_turn()
            raise

    def commit(self) -> None:
        super().commit()
        self._end_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if getattr(self._here, "has_turn", False):
            self._here.has_turn = False
            self._turns.end()
