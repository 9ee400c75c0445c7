"""Writers wait for each other in turn, those of one process and the processes, and a turn always ends."""

import fcntl
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from peewee import OperationalError

from models import School, db
from signpost import turns
from signpost.database import is_sqlite
from signpost.fields import new_public_id


@pytest.fixture(autouse=True)
def _on_sqlite(app: Flask) -> None:
    if not is_sqlite():
        pytest.skip("PostgreSQL queues its writers itself.")


def test_every_one_of_many_writers_gets_its_turn() -> None:
    failed: list[Exception] = []

    def write(name: str) -> None:
        try:
            with db.connection_context():
                for number in range(10):
                    with db.atomic():
                        School.create(public_id=new_public_id(), name=f"{name} {number}")
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(f"Writer {number}",)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (failed, School.select().count()) == ([], 80)


def test_a_turn_ends_when_the_transaction_fails_or_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError), db.atomic():
        raise ZeroDivisionError
    with db.atomic() as transaction:
        transaction.rollback()
    with db.atomic(), db.atomic():
        School.create(name="Medicine")
    assert not db.obj._turns._is_taken


def test_a_turn_ends_when_the_transaction_cannot_begin() -> None:
    db.execute_sql("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(db.obj.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError), db.atomic():
        pass
    other.close()
    assert not db.obj._turns._is_taken


def test_whoever_waits_too_long_is_told_that_the_database_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT_SECONDS", 0.05)
    told: list[str] = []

    def write() -> None:
        with db.connection_context():
            try:
                with db.atomic():
                    pass
            except OperationalError as error:
                told.append(str(error))

    with db.atomic():
        other = threading.Thread(target=write)
        other.start()
        other.join()
    assert told == ["database is locked"]


def test_whoever_came_first_goes_first() -> None:
    turns_of_us, order = turns.Turns(), []

    def take(number: int) -> None:
        assert turns_of_us.take(10)
        order.append(number)
        turns_of_us.end()

    assert turns_of_us.take(0)
    waiting = [threading.Thread(target=take, args=(number,)) for number in range(5)]
    for number, thread in enumerate(waiting):
        thread.start()
        while len(turns_of_us._waiting) <= number:
            time.sleep(0.001)
    turns_of_us.end()
    for thread in waiting:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_one_who_begins_again_at_once_does_not_keep_the_others_waiting() -> None:
    def write_once() -> None:
        with db.connection_context(), db.atomic():
            School.create(name="Medicine")

    other = threading.Thread(target=write_once)
    with db.atomic():
        other.start()
        while not db.obj._turns._waiting:
            time.sleep(0.001)
    with db.atomic():
        was_let_in = School.select().exists()
    other.join()
    assert was_let_in


# Between processes


@contextmanager
def another_process_has(end: str) -> Iterator[None]:
    """It holds the lock on this file beside the database. A lock is its handle's, so this process can stand for another."""
    handle = os.open(f"{db.obj.database}{end}", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def is_free(end: str) -> bool:
    with open(f"{db.obj.database}{end}", "a") as file:  # noqa: PTH123
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_a_process_that_begins_again_at_once_does_not_pass_by_the_one_that_waits() -> None:
    other = turns.SqliteInTurn(db.obj.database, lock_type="IMMEDIATE", timeout=10)

    def write_once() -> None:
        with other.connection_context(), other.atomic():
            other.execute_sql("INSERT INTO school (public_id, name, version) VALUES ('abcdefgh', 'Medicine', 1)")

    writer = threading.Thread(target=write_once)
    with db.atomic():
        writer.start()
        while is_free("-next"):
            time.sleep(0.001)
    with db.atomic():
        was_let_in = School.select().exists()
    writer.join()
    assert was_let_in


@pytest.mark.parametrize("end", ["-next", "-turn"])
def test_who_waits_too_long_for_another_process_is_told_so_and_may_go_on(
    monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT_SECONDS", 0.01)
    with another_process_has(end), pytest.raises(OperationalError, match="database is locked"), db.atomic():
        pass
    with db.atomic():
        School.create(name="Medicine")
    assert is_free("-next")
    assert is_free("-turn")


def test_without_the_files_of_the_turns_sqlite_decides_alone() -> None:
    for end in ("-next", "-turn"):
        path = Path(f"{db.obj.database}{end}")
        path.unlink(missing_ok=True)
        path.mkdir()

    with db.atomic():
        School.create(name="Medicine")

    assert School.select().count() == 1


def test_a_program_that_is_started_in_a_turn_does_not_keep_it() -> None:
    with db.atomic():
        started = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_free("-turn")
    started.communicate(b"\n")


def test_a_turn_given_up_is_not_handed_to_nobody() -> None:
    turns_of_us = turns.Turns()
    assert turns_of_us.take(0)
    assert not turns_of_us.take(0.01)
    turns_of_us.end()
    assert turns_of_us.take(0)
