"""The eyes of the other tests here see what is there now, not what was undone."""

import threading

from flask import Flask

from models import db
from tests.databases import only_sqlite
from tests.factories import a_school
from tests.matrix.whole_database import Watch, differences, forget, rows, taken_back

pytestmark = only_sqlite


def test_what_was_taken_back_is_seen_to_be_gone(app: Flask) -> None:
    watch = Watch()
    before = watch.fingerprint()

    with taken_back():
        a_school()
        assert watch.fingerprint() != before

    assert watch.fingerprint() == before
    forget()
    assert watch.fingerprint() == before


def test_what_is_written_after_something_was_taken_back_is_seen_though_it_is_as_much(app: Flask) -> None:
    watch, seen, told = Watch(), set(), []
    for name in ("medicine", "surgery"):
        before = rows()
        with taken_back():
            a_school(name)
            seen.add(watch.fingerprint())
            told += differences(before, rows())
    assert len(seen) == 2
    assert ["medicine" in told[0], "surgery" in told[1], len(told)] == [True, True, 2]

    a_school("surgery")
    assert watch.fingerprint() not in seen, "the row has another number"
    assert len(rows()) == len(before) + 1


def test_what_another_connection_writes_is_seen(app: Flask) -> None:
    watch = Watch()
    before, rows_before = watch.fingerprint(), rows()

    def write() -> None:
        with db.connection_context():
            a_school()

    other = threading.Thread(target=write)
    other.start()
    other.join()

    assert watch.fingerprint() != before
    assert len(differences(rows_before, rows())) == 1
