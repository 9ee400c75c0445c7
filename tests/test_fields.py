"""Columns of our own."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from peewee import IntegrityError

from models import Draft, School, User, db
from signpost import clock
from signpost.fields import PUBLIC_ID_LENGTH, SAYABLE, new_public_id
from signpost.sealing import CannotUnseal
from tests.databases import only_sqlite
from tests.factories import a_school, a_user


def a_draft(words="a secret"):
    draft = Draft(user=a_user(), form="referral", saved_at=clock.now())
    draft.fields_json = words
    draft.save(force_insert=True)
    return draft


def raw(column, table="draft"):
    return db.execute_sql(f"SELECT {column} FROM {table}").fetchone()[0]  # noqa: S608


# Moments


def test_a_moment_comes_back_aware_and_the_same(app):
    moment = datetime(2027, 5, 22, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    user = a_user(disabled_at=moment)

    read = User.get_by_id(user.id).disabled_at

    assert read == moment
    assert read.tzinfo is UTC


def test_a_moment_lies_there_as_utc_so_that_moments_compare(app):
    summer = timezone(timedelta(hours=1))
    early = a_user(disabled_at=datetime(2027, 5, 22, 9, 0, tzinfo=summer))
    late = a_user(disabled_at=datetime(2027, 5, 22, 8, 30, tzinfo=UTC))

    found = User.select().where(User.disabled_at < datetime(2027, 5, 22, 8, 15, tzinfo=UTC), User.id >= early.id)

    assert list(found) == [early]
    assert late not in found


def test_a_moment_without_a_zone_is_refused_and_nothing_is_written(app):
    before = User.select().count()

    with pytest.raises(ValueError, match="without a time zone"):
        a_user(disabled_at=datetime(2027, 5, 22, 9, 0))  # noqa: DTZ001

    assert User.select().count() == before


# Public ids


def test_a_public_id_is_short_sayable_and_new_each_time():
    made = {new_public_id() for _ in range(2000)}

    assert len(made) == 2000
    assert {len(each) for each in made} == {PUBLIC_ID_LENGTH}
    assert set("".join(made)) == set(SAYABLE)


def test_nothing_that_is_misheard_or_misread_stands_in_it():
    assert not set("aeiou" + "01sl5") & set(SAYABLE)


def test_a_public_id_stands_once(app):
    school = a_school()

    with pytest.raises(IntegrityError):
        School.create(name="Another", public_id=school.public_id)


# Sealed text


def test_sealed_words_read_as_they_were_written(app):
    assert Draft.get_by_id(a_draft("Zoë’s words 🙂").id).fields_json == "Zoë’s words 🙂"


@only_sqlite
def test_sealed_words_cannot_be_read_in_the_database_file(app, config):
    a_draft("a most confidential remark")
    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    assert b"confidential" not in raw("fields_json")
    with open(config.database_url.removeprefix("sqlite:///"), "rb") as file:  # noqa: PTH123
        assert b"most confidential" not in file.read()


def test_sealed_words_do_not_lie_open_in_the_row_either(app):
    draft = a_draft("a most confidential remark")

    assert "confidential" not in repr(draft.__data__)
    assert "confidential" not in repr(Draft.get_by_id(draft.id).__data__)


def test_sealed_words_moved_to_another_row_do_not_open(app):
    one, other = a_draft("mine"), a_draft("theirs")
    theirs = Draft.select(Draft.fields_json).where(Draft.id == other.id)
    Draft.update(fields_json=theirs).where(Draft.id == one.id).execute()

    with pytest.raises(CannotUnseal):
        _ = Draft.get_by_id(one.id).fields_json


def test_sealed_words_can_be_changed(app):
    draft = a_draft("first")
    draft.fields_json = "second"
    draft.save()

    assert Draft.get_by_id(draft.id).fields_json == "second"


def test_words_cannot_get_past_the_seal_in_a_bulk_write(app):
    draft = a_draft()

    with pytest.raises(TypeError, match="is sealed"):
        Draft.update(fields_json="open").where(Draft.id == draft.id).execute()
    with pytest.raises(TypeError, match="is sealed"):
        Draft.insert(user=a_user(), form="x", fields_json="open", saved_at=clock.now()).execute()

    assert Draft.select().count() == 1
    assert Draft.get().fields_json == "a secret"
