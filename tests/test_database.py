"""The database is opened as it must be, or not at all; and those who write take turns."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import peewee
import pytest

from models import TABLES, AuditHead, School, Setting, User, db
from signpost import database
from signpost.config import ROOT
from signpost.errors import ConfigurationError
from tests.conftest import browser
from tests.databases import only_postgres, only_sqlite, somebody_else_is_writing
from tests.factories import a_school, a_user


@only_sqlite
def test_sqlite_is_durable_strict_and_forgets_what_was_deleted(app):
    found = {name: db.obj.pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")}

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert db.obj.pragma("busy_timeout") == 10_000


@only_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("synchronous", 1), ("foreign_keys", 0), ("busy_timeout", 100), ("secure_delete", 0)],
)
def test_the_start_is_refused_where_it_is_not(app, pragma, value):
    db.execute_sql(f"PRAGMA {pragma} = {value}")

    with pytest.raises(ConfigurationError, match=pragma):
        database.check_settings()


@only_sqlite
def test_the_application_does_not_start_on_a_database_that_is_not(make_app, monkeypatch):
    monkeypatch.setitem(database.SQLITE_PRAGMAS, "synchronous", "normal")

    with pytest.raises(ConfigurationError, match="synchronous"):
        make_app()


@only_postgres
def test_on_postgres_nobody_waits_for_ever(app):
    settings = ("lock_timeout", "idle_in_transaction_session_timeout")
    found = {name: db.execute_sql(f"SHOW {name}").fetchone()[0] for name in settings}

    assert found == {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "1min"}


@pytest.mark.parametrize("url", ["mysql://x", "sqlite://", "", "signpost.db", "postgres://x", "postgresql://host"])
def test_another_kind_of_database_is_refused_in_one_line(url):
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        database.open_database(url)


def test_without_its_driver_postgres_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(database, "find_spec", lambda name: None)

    with pytest.raises(ConfigurationError, match=r"requirements-postgres\.txt"):
        database.open_database("postgresql://host/name")


@only_postgres
def test_the_parts_of_an_address_may_be_written_with_percent_signs(app):
    opened = database.open_database(
        "postgresql://a%40b:p%2Fw%40rd@db.example:6543/name?sslmode=verify-full&lock_timeout=3"
    )

    said = opened.connect_params
    assert (opened.database, said["user"], said["password"]) == ("name", "a@b", "p/w@rd")
    assert (said["host"], said["port"], said["sslmode"]) == ("db.example", 6543, "verify-full")


def test_a_database_that_cannot_be_opened_is_refused_in_one_line(make_app, tmp_path):
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        make_app(database_url=f"sqlite:///{tmp_path}")


@only_sqlite
def test_a_file_that_is_no_database_is_refused_in_one_line(make_app, tmp_path):
    (tmp_path / "damaged.db").write_bytes(b"this is not a database" * 100)

    with pytest.raises(ConfigurationError, match="DATABASE_URL: the database cannot be opened"):
        make_app(database_url=f"sqlite:///{tmp_path}/damaged.db")


def test_starting_writes_no_table_and_no_row(make_app, make_database):
    make_app(database_url=make_database(migrated=False))

    assert db.get_tables() == []


# Taking turns


def test_eight_writers_at_once_all_succeed_and_none_is_lost(app):
    Setting.create(name="count", value="0")
    together = threading.Barrier(8)

    def add_ten(_):
        with db.connection_context():
            together.wait()
            for _ in range(10):
                with db.atomic():
                    row = Setting.get(Setting.name == "count")
                    row.value = str(int(row.value) + 1)
                    row.save()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_ten, range(8)))

    assert Setting.get(Setting.name == "count").value == "80"


def test_whoever_only_reads_waits_for_nobody(app, config):
    school = a_school()
    with somebody_else_is_writing(config.database_url):
        assert School.get() == school


def test_who_waits_too_long_for_a_turn_is_told_so_and_may_go_on(app, config):
    with somebody_else_is_writing(config.database_url):
        with pytest.raises(peewee.OperationalError) as trouble, db.atomic():
            a_school()
        assert database.is_passing(trouble.value)
        assert School.select().count() == 0

    with db.atomic():
        a_school()
    assert School.select().count() == 1


@only_postgres
def test_a_process_with_more_threads_than_connections_waits_and_then_says_so(make_app, config):
    make_app(database_url=f"{config.database_url}?max_connections=1&timeout=1")
    db.execute_sql("SELECT 1")

    with ThreadPoolExecutor(1) as threads, pytest.raises(peewee.OperationalError) as trouble:
        threads.submit(db.connect).result()

    assert database.reason(trouble.value) == "no connection free"


# What is trouble that passes


def raised_by(sql):
    with pytest.raises(peewee.PeeweeException) as trouble:
        db.execute_sql(sql)
    return trouble.value


@pytest.mark.parametrize("sql", ["SELECT * FROM nowhere", "SELECT nonsense FROM referral", "SELEC", "SELECT 1 +"])
def test_a_mistake_of_ours_does_not_pass(app, sql):
    assert not database.is_passing(raised_by(sql))


def test_what_breaks_a_constraint_does_not_pass(app):
    a_school("Surgery")

    with pytest.raises(peewee.IntegrityError) as trouble:
        a_school("Surgery")

    assert not database.is_passing(trouble.value)


@only_postgres
def test_a_connection_that_was_cut_passes_and_the_next_one_works(app):
    with pytest.raises(peewee.OperationalError) as trouble, db.atomic():
        db.execute_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    assert database.is_passing(trouble.value)

    db.close()
    db.connect()
    assert a_school()


@only_postgres
def test_a_character_that_postgres_cannot_hold_is_found_nowhere(app):
    assert User.get_or_none(User.email == "a\0b") is None


# Migrations


def test_upgrading_twice_does_nothing_the_second_time(make_database):
    opened = database.open_database(make_database(migrated=False))
    with opened.connection_context():
        assert database.pending() == [path.stem for path in sorted(database.MIGRATIONS.glob("0*.py"))]
        assert database.upgrade()
        assert database.upgrade() == []
        assert database.pending() == []
        assert database.unknown() == []
        assert {table._meta.table_name for table in TABLES} <= set(opened.get_tables())


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="DATABASE_URL: the database cannot be opened"):
        database.open_database(f"sqlite:///{tmp_path}/file/folder/signpost.db")


@only_postgres
def test_two_machines_that_upgrade_at_once_take_turns(make_database, environment):
    environment = {**environment, "DATABASE_URL": make_database(migrated=False)}
    upgrades = [
        subprocess.Popen(
            [sys.executable, "-m", "flask", "db-upgrade"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    said = sorted(upgrade.communicate(timeout=60)[0] for upgrade in upgrades)

    assert [upgrade.returncode for upgrade in upgrades] == [0, 0, 0]
    assert said[1:] == ["The database is up to date.\n"] * 2
    assert said[0].startswith("Applied 0001_")


@pytest.fixture
def environment(tmp_path):
    from signpost.private_env import fresh_keys

    return {**os.environ, **fresh_keys(), "AUDIT_ANCHOR": str(tmp_path / "anchor"), "DEMO": "0"}


def test_a_fresh_database_has_the_system_user_the_head_of_the_audit_the_first_words_and_nothing_else(app):
    assert [user.email for user in User.select()] == ["signpost@signpost.invalid"]
    assert AuditHead.get_by_id(1).n == 0
    rows = {table.__name__: table.select().count() for table in TABLES}
    assert {name for name, count in rows.items() if count} == {"User", "AuditHead", "Statement"}


def test_the_system_user_cannot_sign_in(app):
    assert User.get().is_disabled
    assert User.get().password_hash == ""


# Requests


def test_requests_leave_no_transaction_open(app):
    client = browser(app)
    client.get("/sign-in")
    client.get("/nowhere")

    assert not db.in_transaction()
    a_user()


@only_postgres
def test_a_request_gives_its_connection_back(app):
    browser(app).get("/sign-in")

    assert db.is_closed()
    assert db.obj._in_use == {}


def test_the_life_sign_asks_nothing_of_the_database(app):
    client = browser(app)
    db.close()

    assert client.get("/healthz").data == b"ok\n"
    assert db.is_closed()
