"""The database is opened as it must be, or not at all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import SqliteDatabase

from models import TABLES, AuditHead, Setting, User, db
from signpost import database
from signpost.errors import ConfigurationError
from tests.conftest import browser
from tests.factories import a_user


def test_sqlite_is_durable_strict_and_forgets_what_was_deleted(app):
    found = {name: db.obj.pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")}

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert db.obj.pragma("busy_timeout") == 10_000


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("synchronous", 1), ("foreign_keys", 0), ("busy_timeout", 100), ("secure_delete", 0)],
)
def test_the_start_is_refused_where_it_is_not(app, pragma, value):
    db.execute_sql(f"PRAGMA {pragma} = {value}")

    with pytest.raises(ConfigurationError, match=pragma):
        database.check_settings()


def test_the_application_does_not_start_on_a_database_that_is_not(make_app, monkeypatch):
    monkeypatch.setitem(database.SQLITE_PRAGMAS, "synchronous", "normal")

    with pytest.raises(ConfigurationError, match="synchronous"):
        make_app()


@pytest.mark.parametrize("url", ["mysql://x", "sqlite://", "", "signpost.db", "postgres://x"])
def test_another_kind_of_database_is_refused_in_one_line(url):
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        database.open_database(url)


def test_a_database_that_cannot_be_opened_is_refused_in_one_line(make_app, tmp_path):
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        make_app(database_url=f"sqlite:///{tmp_path}")


def test_starting_writes_no_table_and_no_row(make_app, tmp_path):
    make_app(database_url=f"sqlite:///{tmp_path}/empty.db")

    assert db.get_tables() == []


def test_eight_writers_at_once_all_succeed_and_none_is_lost(app):
    Setting.create(name="count", value="0")
    together = threading.Barrier(8)

    def add_ten(_):
        together.wait()
        with db.connection_context():
            for _ in range(10):
                with db.atomic():
                    row = Setting.get(Setting.name == "count")
                    row.value = str(int(row.value) + 1)
                    row.save()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_ten, range(8)))

    assert Setting.get(Setting.name == "count").value == "80"


def test_upgrading_twice_does_nothing_the_second_time(tmp_path):
    opened = database.open_database(f"sqlite:///{tmp_path}/new.db")
    with opened.connection_context():
        assert database.pending() == [path.stem for path in sorted(database.MIGRATIONS.glob("0*.py"))]
        assert database.upgrade()
        assert database.upgrade() == []
        assert database.pending() == []
        assert {table._meta.table_name for table in TABLES} <= set(opened.get_tables())


def test_a_fresh_database_has_the_system_user_and_the_head_of_the_audit_and_nothing_else(app):
    assert [user.email for user in User.select()] == ["signpost@signpost.invalid"]
    assert AuditHead.get_by_id(1).n == 0
    rows = {table.__name__: table.select().count() for table in TABLES}
    assert {name for name, count in rows.items() if count} == {"User", "AuditHead"}


def test_the_system_user_cannot_sign_in(app):
    assert User.get().is_disabled
    assert User.get().password_hash == ""


def test_requests_leave_no_transaction_open(app):
    client = browser(app)
    client.get("/sign-in")
    client.get("/nowhere")

    assert isinstance(db.obj, SqliteDatabase)
    assert not db.in_transaction()
    a_user()


def test_the_life_sign_asks_nothing_of_the_database(app):
    client = browser(app)
    db.close()

    assert client.get("/healthz").data == b"ok\n"
    assert db.is_closed()
