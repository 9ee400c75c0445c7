"""A query whose SQL is kept gives what the plain query gives."""

from datetime import UTC, datetime, timedelta

import pytest
from peewee import IntegrityError, ModelSelect

from models import Draft, Role, User, WebSession, db
from signpost.accounts import sessions
from signpost.prepared import Prepared, as_read, by_number, hole, insert
from tests.factories import a_user

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
built: list[str] = []


@Prepared
def _seen_since() -> ModelSelect:
    built.append("")
    since, user = hole("since", WebSession.last_seen_at), hole("user", WebSession.user)
    query = WebSession.select(WebSession.token_hash, WebSession.last_seen_at, WebSession.ended_at)
    return query.where((WebSession.last_seen_at >= since) & (WebSession.user == user)).order_by(WebSession.id)


def a_session(user: User, hours_ago: int) -> None:
    at = NOW - timedelta(hours=hours_ago)
    WebSession.create(token_hash=f"{user.id}-{hours_ago}", user=user, created_at=at, last_seen_at=at)


@pytest.mark.usefixtures("app")
def test_values_are_written_and_read_as_the_columns_do() -> None:
    user, other = a_user(), a_user()
    for hours in (1, 2, 3):
        a_session(user, hours)
        a_session(other, hours)
    assert _seen_since.rows(since=NOW - timedelta(hours=2), user=user) == [
        (f"{user.id}-1", NOW - timedelta(hours=1), None),
        (f"{user.id}-2", NOW - timedelta(hours=2), None),
    ]
    assert _seen_since.first(since=NOW, user=user) is None


@pytest.mark.usefixtures("app")
def test_it_is_built_once_and_run_with_other_values_each_time() -> None:
    user = a_user()
    a_session(user, 1)
    _seen_since.rows(since=NOW, user=user)
    built.clear()
    assert not _seen_since.rows(since=NOW, user=user)
    assert len(_seen_since.rows(since=NOW - timedelta(days=1), user=user)) == 1
    assert not built


@pytest.mark.usefixtures("app")
def test_a_row_made_of_it_is_the_row_and_has_nothing_to_save() -> None:
    user = a_user(name="Sam")
    made = as_read(User, ("id", "name"), (user.id, "Sam"))
    assert (made, made.name, made.is_dirty()) == (user, "Sam", False)


@pytest.mark.usefixtures("app")
def test_who_is_there_agrees_with_the_plain_queries() -> None:
    for user in (a_user(), a_user(Role.SENIOR_ADVISER, Role.COUNSELLOR)):
        token = sessions.begin(user)
        found, held = sessions.who_is_there(token) or pytest.fail("nobody is there")
        plain = sessions.find_open(token)
        assert plain is not None
        assert (found, found.last_seen_at, found.user) == (plain, plain.last_seen_at, user)
        assert found.user.__data__ == User.get_by_id(user.id).__data__
        assert held == {role.role for role in user.roles_held}
        sessions.end(token)
        assert sessions.who_is_there(token) is None
    assert not db.obj.in_transaction()


@pytest.mark.usefixtures("app")
def test_a_new_row_lies_in_its_table_as_if_it_had_been_saved() -> None:
    user = a_user(name="Sam")
    made = insert(Draft(user=user, form="referral", fields_json="words", saved_at=NOW))
    assert (made.id, made.is_dirty(), made.fields_json) == (Draft.get().id, False, "words")
    assert Draft.get().__data__ == made.__data__
    assert by_number(Draft, made.id).fields_json == "words"
    with pytest.raises(IntegrityError):
        insert(Draft(user=user, form="referral", fields_json="others", saved_at=NOW))


@pytest.mark.usefixtures("app")
def test_there_is_no_row_of_a_number_that_none_has() -> None:
    with pytest.raises(User.DoesNotExist):
        by_number(User, 999_999)
