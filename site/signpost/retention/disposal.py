"""Destroying what the schedule says, some records at a time, each time in one transaction with its certificate (C10).

What a certificate says was destroyed is gone with it or not at all; the next pass goes on from there. SQLite overwrites
what it deletes; its index of words and its journal are cleared after.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from peewee import ForeignKeyField, chunked

from models import (
    AccessState,
    ComplaintAccess,
    Disposal,
    DisposalReader,
    Event,
    Notice,
    PersonalLink,
    Referral,
    RetentionHold,
    SubjectAccess,
    User,
    db,
)
from signpost import clock, database
from signpost.accounts import queries as people
from signpost.events import record
from signpost.referrals import search
from signpost.retention import queries, schedule
from signpost.retention.kinds import GONE, KINDS, LETS_GO, NEVER_COUNTED, TAKES_ALONG, Kind, follows

AT_A_TIME = 50
IDS_AT_A_TIME = 500

Rows = Counter[str]


def dispose(at: datetime) -> int:
    """Destroy whatever is due by this moment. Gives how many records."""
    on = clock.to_london(at).date()
    begins = schedule.acts_from()
    if begins is None or on < begins:
        return 0
    done = 0
    for kind in KINDS:
        gone: set[str] = set()
        while _dispose_some(kind, on, gone):
            pass
        done += len(gone)
    if done:
        database.forget_journal()
    return done


def _dispose_some(kind: Kind, on: date, gone: set[str]) -> bool:
    """The next few of a kind, added to those that are gone; whether there were any.

    What is due is asked in the transaction, so that whoever places a hold comes before or after.
    """
    with db.atomic():
        months = schedule.periods().get(kind.key)
        if months is None:
            return False
        found = list(queries.to_dispose(kind, months, on).limit(1 if kind.secret else AT_A_TIME))
        references = {one.public_id for one in found}
        if references & gone:
            raise RuntimeError(f"Of {kind.key} some were destroyed and are due again.")
        if found:
            readers = _handlers(found) if kind.secret else []
            _certify(kind, months, on, found, _destroy_all(kind, found), readers)
    gone |= references
    return bool(found)


def _handlers(complaints: list[Any]) -> list[User]:
    """Those who could read these complaints: nobody else may learn that there were any (C11)."""
    listed = ComplaintAccess.select(ComplaintAccess.user).where(ComplaintAccess.complaint.in_(complaints))
    return list(User.select().where(User.id.in_(listed)))


def _certify(kind: Kind, months: int, on: date, found: list[Any], rows: Rows, readers: list[User]) -> None:
    never_counted = {table._meta.table_name for table in NEVER_COUNTED}
    counted = {name: number for name, number in rows.items() if number and name not in never_counted}
    references = [] if kind.is_figure else [one.public_id for one in found]
    made: Disposal = Disposal.create(
        kind=kind.key,
        months=months,
        schedule_version=schedule.version(),
        before=schedule.months_before(on, months),
        disposed_at=clock.now(),
        records=None if kind.is_figure else len(found),
        rows_json=json.dumps(counted, sort_keys=True),
        references_json=json.dumps(references),
    )
    for reader in readers:
        DisposalReader.create(disposal=made, user=reader)
    by = people.system_user()
    if kind.secret:
        record("complaint.disposed", by=by, about=found[0], facts={"certificate": made.public_id})
    else:
        facts = {"kind": kind.key, "version": made.schedule_version}
        record("records.disposed", by=by, about=made, facts=facts | ({} if kind.is_figure else {"records": len(found)}))


# What is destroyed


def _destroy_all(kind: Kind, found: list[Any]) -> Rows:
    """Destroy these records, or of these records what is destroyed of them. Gives how many rows of each table."""
    rows: Rows = Counter()
    ids = [one._pk for one in found]
    if kind.record is Notice:
        return _lose_words(found)
    if kind.record is User:
        return _lose_names(found)
    for column in kind.parts:
        _destroy(column.model, _pointing_at(column, ids), rows)
    if kind.key == "bundle":
        SubjectAccess.update(state=AccessState.OVER, token_hash=None, version=SubjectAccess.version + 1).where(
            SubjectAccess.id.in_(ids)
        ).execute()
    elif not kind.parts:
        _destroy_records(kind.record, found, rows)
    if rows[Referral._meta.table_name]:
        search.forget_words()
    return rows


def _destroy_records(table: Any, found: list[Any], rows: Rows) -> None:
    """The records themselves, with the events about them and the holds that once stood."""
    references = [one.public_id for one in found]
    name = table._meta.table_name
    about = (Event.about_table == name) & Event.about_id.in_(references)
    _destroy(Event, [one for (one,) in Event.select(Event.id).where(about).tuples()], rows)
    lifted = (RetentionHold.about_table == name) & RetentionHold.about_id.in_(references)
    rows["retention_hold"] += RetentionHold.delete().where(lifted).execute()
    _destroy(table, [one._pk for one in found], rows)


def _destroy(table: Any, ids: Iterable[Any], rows: Rows) -> None:
    """These rows of a table, before them what goes with them, after them what they took along."""
    key = table._meta.primary_key
    # A personal link goes last: what was made by it belongs to the same record.
    columns = sorted(table._meta.backrefs, key=lambda column: column.model is PersonalLink)
    taken = [column for column in table._meta.refs if column in TAKES_ALONG]
    for some in chunked(ids, IDS_AT_A_TIME):
        for column in columns:
            if column in LETS_GO:
                column.model.update({column: None}).where(column.in_(some)).execute()
            elif follows(column) and (pointing := _pointing_at(column, some)):
                _destroy(column.model, pointing, rows)
        along = [
            (column, [one for (one,) in table.select(column).where(key.in_(some) & column.is_null(False)).tuples()])
            for column in taken
        ]
        rows[table._meta.table_name] += table.delete().where(key.in_(some)).execute()
        for column, others in along:
            _destroy(column.rel_model, others, rows)


def _pointing_at(column: ForeignKeyField, ids: list[Any]) -> list[Any]:
    table: Any = column.model
    return [one for (one,) in table.select(table._meta.primary_key).where(column.in_(ids)).tuples()]


def _lose_words(notices: list[Notice]) -> Rows:
    """Of a message only that it was sent stays, to whom and when: what the ledger says."""
    for notice in notices:
        notice.subject, notice.text, notice.calendar, notice.calendar_method = "", "", None, ""
        notice.save(only=[Notice.subject, Notice.text, Notice.calendar, Notice.calendar_method])
    return Counter(notice=len(notices))


def _lose_names(users: list[User]) -> Rows:
    """Of a closed account only its id stays, under which others’ records say who did what; and no message to it."""
    rows: Rows = Counter(user=len(users))
    ids = [one.id for one in users]
    own = Event.select(Event.id).where(Event.user.in_(ids) & Event.referral.is_null())
    _destroy(Notice, [one for (one,) in Notice.select(Notice.id).where(Notice.event.in_(own)).tuples()], rows)
    for column, table in User._meta.backrefs.items():
        if column.on_delete == "CASCADE":
            _destroy(table, _pointing_at(column, ids), rows)
    for user in users:
        User.update(
            name="Somebody whose account is gone",
            email=f"{user.public_id}{GONE}",
            former_email="",
            phone="",
            password_hash="",
            version=User.version + 1,
        ).where(User.id == user.id).execute()
    return rows
