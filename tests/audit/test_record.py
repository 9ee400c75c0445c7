"""The audit is written with the change, or not at all."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import IntegrityError

from models import AuditEntry, AuditHead, Event, db
from signpost import events
from signpost.audit import anchor, record
from signpost.request_id import request_id
from tests.conftest import sign_in
from tests.databases import only_postgres, only_sqlite
from tests.factories import a_user
from tests.tampering import tamper


def add(n=1, action="person.signed_in", **facts):
    for _ in range(n):
        with db.atomic():
            record.add(action, actor="user:bcdf2346", acting_as="account holder", record="user:bcdf2346", facts=facts)


def test_entries_are_numbered_from_one_without_a_gap_and_the_whole_holds(app):
    add(5)

    assert [entry.n for entry in AuditEntry.select().order_by(AuditEntry.n)] == [1, 2, 3, 4, 5]
    assert record.verify() == (5, None)


def test_an_empty_audit_holds(app):
    assert record.verify() == (0, None)


def test_an_entry_that_is_rolled_back_leaves_no_trace(app, config):
    add()
    with pytest.raises(RuntimeError), db.atomic():
        record.add("person.added", actor="user:x", acting_as="administrator", record="", facts={})
        raise RuntimeError

    assert AuditEntry.select().count() == 1
    assert anchor.read(config.audit_anchor) == (1, AuditEntry.get().mac)
    add()
    assert record.verify() == (2, None)


def test_the_anchor_follows_the_chain_outside_the_database(app, config):
    add(3)

    head = AuditHead.get_by_id(1)
    assert anchor.read(config.audit_anchor) == (3, head.mac)
    assert config.audit_anchor.stat().st_mode & 0o077 == 0


def test_facts_are_kept_in_a_fixed_order_and_any_language(app):
    add(zeta="ω", alpha=1)

    assert AuditEntry.get().facts_json == '{"alpha": 1, "zeta": "ω"}'
    assert json.loads(AuditEntry.get().facts_json)["zeta"] == "ω"


def test_the_request_is_named_in_it(client, adviser):
    sign_in(client, adviser)

    response = client.submit("/sign-out")

    assert AuditEntry.get().request_id == response.headers["X-Request-Id"]
    assert request_id.get() == ""


def test_many_at_once_make_one_chain(app):
    together = threading.Barrier(6)

    def add_ten(_):
        together.wait()
        with db.connection_context():
            add(10)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(add_ten, range(6)))

    assert record.verify() == (60, None)


REFUSED = [
    "UPDATE audit_entry SET actor = 'user:x' WHERE n = 2",
    "DELETE FROM audit_entry WHERE n = 2",
    "DELETE FROM audit_entry",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_an_entry_can_neither_be_changed_nor_deleted(app, sql):
    add(3)

    with pytest.raises(IntegrityError, match="The audit only grows"):
        db.execute_sql(sql)

    assert record.verify() == (3, None)


@only_sqlite
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE"])
def test_an_entry_cannot_be_put_in_the_place_of_another(app, verb):
    add(3)

    with pytest.raises(IntegrityError, match="The audit only grows"):
        db.execute_sql(f"{verb} INTO audit_entry SELECT 2, at, 'user:x', acting_as, action, record, facts_json, '', mac "  # noqa: S608
                       "FROM audit_entry WHERE n = 2")  # fmt: skip

    assert record.verify() == (3, None)


@only_postgres
def test_the_audit_cannot_be_emptied_in_one_go(app):
    add(3)

    with pytest.raises(IntegrityError, match="The audit only grows"):
        db.execute_sql("TRUNCATE audit_entry")


@pytest.mark.parametrize(
    ("sql", "n"),
    [
        ("UPDATE audit_entry SET actor = 'user:vwxz2346' WHERE n = 2", 2),
        ("UPDATE audit_entry SET facts_json = '{}' WHERE n = 3", 3),
        ("DELETE FROM audit_entry WHERE n = 2", 2),
        ("DELETE FROM audit_entry WHERE n = 4", 4),
        ("UPDATE audit_head SET n = 3", 5),
        ("DELETE FROM audit_entry", 1),
    ],
)
def test_what_is_done_to_the_table_is_found(app, sql, n):
    for step in range(4):
        add(step=step)

    tamper(sql)

    _, broken = record.verify()
    assert broken.n == n


def test_a_tail_cut_off_with_the_head_is_found_and_stays_found_as_the_audit_grows(app):
    add(4)
    third = AuditEntry.get(AuditEntry.n == 3)
    tamper("DELETE FROM audit_entry WHERE n > 3")
    tamper("UPDATE audit_head SET n = 3, mac = ?", third.mac)

    assert record.verify()[1].n == 4
    add(5)
    assert record.verify()[1].n == 4


def test_an_anchor_that_somebody_is_just_making_is_none_yet(app, config):
    config.audit_anchor.touch()

    assert anchor.read(config.audit_anchor) is None
    add()
    assert record.is_anchored()


def test_a_damaged_anchor_is_said_to_be_and_is_left_alone(app, config):
    add()
    config.audit_anchor.write_text("nonsense")

    with pytest.raises(ValueError, match="anchor file is damaged"):
        record.verify()
    add()
    assert config.audit_anchor.read_text() == "nonsense"


def test_a_fact_cannot_be_recorded_outside_the_transaction_of_its_change(app):
    user = a_user()

    with pytest.raises(RuntimeError, match="inside the transaction"):
        events.record("person.signed_in", by=user, user=user)

    assert AuditEntry.select().count() == Event.select().count() == 0


def test_a_fact_that_nobody_listed_cannot_be_recorded(app):
    user = a_user()

    with pytest.raises(KeyError), db.atomic():
        events.record("person.vanished", by=user, user=user)

    assert AuditEntry.select().count() == Event.select().count() == 0


def test_an_entry_of_a_part_that_was_rolled_back_never_becomes_the_anchor(app):
    with db.atomic():
        with db.atomic() as part:
            record.add("person.changed", actor="user:x", acting_as="administrator", record="", facts={})
            part.rollback()
        record.add("person.changed", actor="user:y", acting_as="administrator", record="", facts={})

    assert record.verify() == (1, None)
    assert record.is_anchored()


def test_an_anchor_that_cannot_be_written_is_told_by_readyz_and_stops_nobody(client, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(anchor, "move_on", refuse)
    add()

    assert AuditEntry.select().count() == 1
    assert "AUDIT_ANCHOR" in client.get("/readyz").get_data(as_text=True)
