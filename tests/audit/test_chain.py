"""The chain of the audit: whatever is changed, removed, moved or put in breaks it where it was done."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signpost.audit import chain
from signpost.audit.chain import Entry

KEY = "a key that is apart from the database"


def an_entry(n: int, **said: str) -> Entry:
    usual = {
        "at": "2027-05-22T08:00:00+00:00",
        "actor": "user:bcdf2346",
        "acting_as": "referrer",
        "action": "referral.sent",
        "record": "referral:ghjk2346",
        "facts_json": "{}",
        "request_id": "r1",
    }
    return Entry(n=n, **(usual | said))


def a_chain(length: int) -> list[tuple[Entry, str]]:
    made, before = [], chain.FIRST
    for n in range(1, length + 1):
        entry = an_entry(n, facts_json=f'{{"step": {n}}}')
        before = chain.mac(entry, before, KEY)
        made.append((entry, before))
    return made


def head_of(entries):
    return (len(entries), entries[-1][1]) if entries else (0, "")


def broken_at(entries, head=None, anchor=None, key=KEY):
    found = chain.first_break(entries, head or head_of(entries), anchor, key)
    return found.n if found else None


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_an_untouched_chain_holds_with_and_without_an_anchor(length):
    entries = a_chain(length)

    assert broken_at(entries) is None
    assert broken_at(entries, anchor=head_of(entries)) is None


@given(
    st.integers(1, 12), st.sampled_from(["at", "actor", "acting_as", "action", "record", "facts_json", "request_id"])
)
def test_a_changed_word_is_found_in_the_entry_that_was_changed(n, field):
    entries = a_chain(12)
    entry, mac = entries[n - 1]
    entries[n - 1] = (replace(entry, **{field: "something else"}), mac)

    assert broken_at(entries) == n


@given(st.integers(1, 11))
def test_a_removed_entry_is_missed(n):
    entries = a_chain(12)
    head = head_of(entries)
    del entries[n - 1]

    assert broken_at(entries, head) == n


@given(st.integers(1, 11))
def test_two_entries_that_changed_places_are_found(n):
    entries = a_chain(12)
    entries[n - 1], entries[n] = entries[n], entries[n - 1]

    assert broken_at(entries) == n


def test_an_entry_put_in_by_somebody_without_the_key_is_found():
    entries = a_chain(3)
    forged = an_entry(4, action="release.decided")
    entries.append((forged, chain.mac(forged, entries[-1][1], "another key")))

    assert broken_at(entries) == 4


@given(st.integers(1, 12))
def test_a_tail_that_was_cut_off_is_found_by_the_head(kept):
    entries = a_chain(12)

    assert broken_at(entries[: kept - 1], head_of(entries)) == kept


@given(st.integers(1, 12))
def test_a_tail_cut_off_together_with_the_head_is_found_by_the_anchor(kept):
    entries = a_chain(12)
    left = entries[: kept - 1]

    assert broken_at(left, head_of(left), anchor=head_of(entries)) == kept


def test_a_whole_new_chain_is_found_by_the_anchor():
    entries = a_chain(5)
    others, before = [], chain.FIRST
    for n in range(1, 6):
        entry = an_entry(n, actor="user:vwxz2346")
        before = chain.mac(entry, before, KEY)
        others.append((entry, before))

    assert broken_at(others, anchor=head_of(entries)) == 5


def test_an_anchor_from_earlier_is_no_break():
    entries = a_chain(12)

    assert broken_at(entries, anchor=(7, entries[6][1])) is None


def test_without_the_key_nothing_holds():
    assert broken_at(a_chain(3), key="another key") == 1


@given(st.text(), st.text())
def test_words_cannot_be_moved_from_one_column_to_the_next(first, second):
    one = chain.mac(an_entry(1, actor=first + second, acting_as=""), chain.FIRST, KEY)
    other = chain.mac(an_entry(1, actor=first, acting_as=second), chain.FIRST, KEY)

    assert (one == other) == (second == "")
