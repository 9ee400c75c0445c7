"""The eyes of the other tests here see what is there now, not what was undone."""

from flask import Flask

from tests.databases import only_sqlite
from tests.factories import a_school
from tests.matrix.whole_database import Watch, taken_back


@only_sqlite
def test_what_was_taken_back_is_seen_to_be_gone(app: Flask) -> None:
    watch = Watch()
    before = watch.fingerprint()

    with taken_back():
        a_school()
        assert watch.fingerprint() != before

    assert watch.fingerprint() == before
