"""Writers take turns before they reach SQLite: the threads of a process first, then the processes.

SQLite lets a writer that has to wait sleep and look again, longer each time. Where many write, some look at the wrong moment
for seconds while others pass them by; here each gets its turn as the one before it ends. This is about who goes first alone:
that only one writes is SQLite's own business, whatever becomes of the turns.
"""

import fcntl
import os
import threading
import time
from collections import deque
from typing import Any

from peewee import OperationalError, SqliteDatabase

LONGEST_WAIT_SECONDS = 10.0  # as long as SQLite itself waits (busy_timeout)
LOOK_AGAIN_SECONDS = 0.0003


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


class TurnsOfProcesses:
    """Two locks on files beside the database: whoever holds `next` is let in as the turn ends that holds `turn`.

    So a process that has just written, and would write again, cannot pass by the one that waits. What a killed process
    held, the system lets go.
    """

    def __init__(self, database: str) -> None:
        self._next, self._turn = f"{database}-next", f"{database}-turn"

    def take(self, until: float) -> int | None:
        """Wait for a turn. Gives what `end` wants, or None where these files cannot be had: then SQLite decides alone.

        Raises BlockingIOError where the turn did not come in time.
        """
        try:
            coming = _locked(self._next, until)
            try:
                return _locked(self._turn, until)
            finally:
                os.close(coming)
        except BlockingIOError:
            raise
        except OSError:
            return None

    def end(self, turn: int | None) -> None:
        if turn is not None:
            os.close(turn)


def _locked(path: str, until: float) -> int:
    """A handle of this file that has it locked; closing it lets go. Raises OSError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return handle
            except BlockingIOError:
                if time.monotonic() > until:
                    raise
            time.sleep(LOOK_AGAIN_SECONDS)
    except BaseException:
        os.close(handle)
        raise


class SqliteInTurn(SqliteDatabase):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns = Turns()
        self._turns_of_processes = TurnsOfProcesses(str(self.database))
        self._here = threading.local()

    def begin(self, lock_type: str | None = None) -> None:
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        if not self._turns.take(LONGEST_WAIT_SECONDS):
            raise OperationalError("database is locked")
        self._here.has_turn, self._here.turn = True, None
        try:
            self._here.turn = self._turns_of_processes.take(until)
            super().begin(lock_type)
        except BlockingIOError:
            self._end_turn()
            raise OperationalError("database is locked") from None
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
            self._turns_of_processes.end(self._here.turn)
            self._turns.end()
