"""Sealed values open only with their key and only in their place."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signpost.errors import ConfigurationError
from signpost.sealing import CannotUnseal, Keyring, new_key

PLACE = "draft|fields|bcdf2346"
OLD, NEW = (f"{name}:{base64.urlsafe_b64encode(name.encode() * 16).decode()}" for name in ("k1", "k2"))


def keyring(text: str = OLD) -> Keyring:
    made = Keyring()
    made.load(text)
    return made


@given(st.text())
def test_what_is_sealed_opens_again_to_the_letter(words):
    ring = keyring()

    assert ring.unseal(ring.seal(words, PLACE), PLACE) == words


def test_the_words_cannot_be_seen_in_it():
    assert b"secret" not in keyring().seal("a secret", PLACE)


def test_the_same_words_never_look_the_same():
    ring = keyring()

    assert ring.seal("a secret", PLACE) != ring.seal("a secret", PLACE)


def test_it_opens_in_no_other_place():
    ring = keyring()

    with pytest.raises(CannotUnseal):
        ring.unseal(ring.seal("a secret", PLACE), "draft|fields|ghjk2346")


@given(st.integers(min_value=0, max_value=60), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_closes_it(position, change):
    ring = keyring()
    sealed = bytearray(ring.seal("words that are long enough to have many bytes", PLACE))
    sealed[position] ^= change

    with pytest.raises(CannotUnseal):
        ring.unseal(bytes(sealed), PLACE)


@pytest.mark.parametrize("length", range(20))
def test_a_piece_of_it_does_not_open(length):
    ring = keyring()

    with pytest.raises(CannotUnseal):
        ring.unseal(ring.seal("a secret", PLACE)[:length], PLACE)


def test_a_new_key_seals_and_the_old_one_still_opens():
    before = keyring(OLD).seal("from before", PLACE)
    both = keyring(f"{NEW},{OLD}")

    assert both.unseal(before, PLACE) == "from before"
    assert both.seal("from now", PLACE).startswith(b"k2:")


def test_without_its_key_it_does_not_open():
    with pytest.raises(CannotUnseal, match="NOTES_KEYS"):
        keyring(NEW).unseal(keyring(OLD).seal("a secret", PLACE), PLACE)


def test_a_fresh_key_is_one_that_can_be_loaded():
    keyring(new_key())


@pytest.mark.parametrize(
    "text",
    [
        *("", " , ", "k1", "k1:", ":" + OLD.partition(":")[2], "k1:c2hvcnQ=", "k-1:" + OLD.partition(":")[2]),
        *("k1:not base64 at all!", f"{OLD},{OLD}", f"{NEW},k3:c2hvcnQ=", "k1:é"),
    ],
)
def test_what_is_no_key_stops_the_start_without_being_repeated(text):
    with pytest.raises(ConfigurationError, match="NOTES_KEYS") as refused:
        keyring(text)
    assert "c2hvcnQ" not in str(refused.value)
    assert OLD.partition(":")[2] not in str(refused.value)


def test_a_wrong_key_does_not_replace_those_that_were_loaded():
    ring = keyring()
    sealed = ring.seal("a secret", PLACE)

    with pytest.raises(ConfigurationError):
        ring.load("nonsense")

    assert ring.unseal(sealed, PLACE) == "a secret"
