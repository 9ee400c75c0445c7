"""Writers of one process wait for each other in turn, and a turn always ends."""

import sqlite3
import threading
import time

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


def test_a_turn_given_up_is_not_handed_to_nobody() -> None:
    turns_of_us = turns.Turns()
    assert turns_of_us.take(0)
    assert not turns_of_us.take(0.01)
    turns_of_us.end()
    assert turns_of_us.take(0)
