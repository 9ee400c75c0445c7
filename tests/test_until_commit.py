"""What is kept of the database is given up with the next commit, whoever commits."""

import sqlite3

import pytest
from flask import Flask

from models import School, db
from signpost.database import is_sqlite
from signpost.until_commit import begin_request, end_request, kept_until_commit
from tests.factories import a_school

reads: list[str] = []


@kept_until_commit
def school_names(first: str = "") -> list[str]:
    reads.append(first)
    return [school.name for school in School.select().where(School.name >= first).order_by(School.name)]


@pytest.fixture(autouse=True)
def _on_sqlite(app: Flask) -> None:
    if not is_sqlite():
        pytest.skip("PostgreSQL does not say whether anything changed, so nothing is kept there.")
    reads.clear()


def commit_from_elsewhere(name: str) -> None:
    with sqlite3.connect(db.obj.database) as other:
        other.execute("INSERT INTO school (public_id, name, version) VALUES (?, ?, 1)", (name.lower()[:8], name))
    other.close()


def test_what_nobody_changed_is_read_once() -> None:
    a_school("Medicine")
    assert [school_names(), school_names()] == [["Medicine"], ["Medicine"]]
    assert len(reads) == 1


def test_each_set_of_arguments_is_kept_for_itself() -> None:
    a_school("Medicine")
    a_school("Surgery")
    assert [school_names(), school_names("N"), school_names("N")] == [["Medicine", "Surgery"], ["Surgery"], ["Surgery"]]
    assert reads == ["", "N"]


def test_a_commit_of_our_own_is_seen_at_once() -> None:
    a_school("Medicine")
    assert school_names() == ["Medicine"]
    a_school("Surgery")
    assert school_names() == ["Medicine", "Surgery"]


def test_a_commit_of_another_connection_is_seen() -> None:
    assert school_names() == []
    commit_from_elsewhere("Medicine")
    assert school_names() == ["Medicine"]


def test_nothing_of_a_transaction_that_is_rolled_back_is_kept() -> None:
    with db.atomic() as transaction:
        a_school("Medicine")
        assert school_names() == ["Medicine"]
        transaction.rollback()
    assert school_names() == []


def test_one_request_sees_one_moment_and_the_next_one_the_next() -> None:
    begin_request()
    assert school_names() == []
    commit_from_elsewhere("Medicine")
    assert school_names() == []
    a_school("Surgery")
    assert school_names() == ["Medicine", "Surgery"]
    end_request()
    commit_from_elsewhere("Anaesthetics")
    begin_request()
    assert school_names() == ["Anaesthetics", "Medicine", "Surgery"]
    end_request()


def test_another_connection_starts_afresh() -> None:
    assert school_names() == []
    db.close()
    commit_from_elsewhere("Medicine")
    db.connect()
    assert school_names() == ["Medicine"]
