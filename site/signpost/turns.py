"""Writers of one process take turns before they reach SQLite.

SQLite lets a writer that has to wait sleep and look again. With several threads some look at the wrong moment for seconds
while others pass them by; here each gets its turn as the one before it ends, and only the processes meet in SQLite.
"""

import threading
from typing import Any

from peewee import OperationalError, SqliteDatabase

LONGEST_WAIT_SECONDS = 10.0  # as long as SQLite itself waits (busy_timeout)


class SqliteInTurn(SqliteDatabase):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn = threading.Lock()
        self._here = threading.local()

    def begin(self, lock_type: str | None = None) -> None:
        if not self._turn.acquire(timeout=LONGEST_WAIT_SECONDS):
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
            self._turn.release()
