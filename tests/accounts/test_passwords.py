"""Passwords: what is stored, what is taken, what is refused."""

import pytest

from signpost.accounts import passwords
from signpost.config import Config
from signpost.errors import RuleBroken
from tests.factories import PASSWORD, a_user


def test_a_password_is_stored_as_argon2id_with_the_costs_of_the_configuration(make_app):
    make_app(argon2_time=2, argon2_memory_kib=64)

    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=64,t=2,p=1$")


def test_the_costs_are_the_recommended_ones_unless_told_otherwise():
    assert (Config.argon2_time, Config.argon2_memory_kib) == (2, 19 * 1024)


def test_the_same_password_is_right_however_a_keyboard_composes_its_accents(app):
    user = a_user(password="café au lait, twice")

    assert passwords.is_right("cafe\u0301 au lait, twice", user)


@pytest.mark.parametrize("guess", ["", "three plain word", "Three plain words", "x" * 100_000, "\x00", "🙂"])
def test_any_other_password_is_wrong(app, guess):
    assert not passwords.is_right(guess, a_user(password=PASSWORD))


def test_nobody_has_a_right_password_and_neither_has_an_account_without_one(app):
    assert not passwords.is_right(PASSWORD, None)
    assert not passwords.is_right("", None)
    assert not passwords.is_right("", a_user())


def test_a_damaged_hash_lets_nobody_in(app):
    user = a_user()
    user.password_hash = "not a hash"

    assert not passwords.is_right(PASSWORD, user)


def test_where_there_is_no_account_the_same_work_is_done(app, monkeypatch):
    verified = []
    plain = type(passwords._hasher()).verify
    monkeypatch.setattr(
        type(passwords._hasher()),
        "verify",
        lambda self, stored, given: verified.append(stored) or plain(self, stored, given),
    )
    user = a_user(password=PASSWORD)

    passwords.is_right("something else", user)
    passwords.is_right("something else", None)

    assert [stored.rsplit("$", 2)[0] for stored in verified] == ["$argon2id$v=19$m=8,t=1,p=1"] * 2


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("elevenchars", "12 characters or more"),
        ("x" * 201, "200 characters or fewer"),
        ("aaaaaaaaaaaa", "too easy to guess"),
        ("robin@signpost.example", "too easy to guess"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(app, password, words):
    with pytest.raises(RuleBroken, match=words):
        passwords.refuse_weak(password, "robin@signpost.example")


def test_length_is_all_that_is_asked_of_a_password(app):
    passwords.refuse_weak("correct horse battery", "robin@signpost.example")
