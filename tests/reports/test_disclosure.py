"""No small count is shown, and none can be worked out (C3, G29)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signpost.reports.disclosure import overtakes, protect
from tests import figures
from tests.reports.attacker import behind, not_told, possible, sums_of_the_others, told

EACH = 2_100


def look_at(counts: list[int], least: int = 8) -> None:
    """Publish a table, and attack it."""
    small = set(range(1, least))
    total, cells = protect(counts, least)
    true_total = sum(counts)
    assert len(cells) == len(counts)
    for cell, count in zip((total, *cells), (true_total, *counts), strict=True):
        assert cell is None or (cell % 5 == 0 and abs(cell - count) <= 2 and count not in small)
    if true_total < least:
        assert (total, set(cells)) == (None, {None})
        return
    assert total is not None
    hidden = [place for place, count in enumerate(counts) if count in small]
    assert all(cells[place] is None for place in hidden)
    if hidden:
        withheld = set(cells) == {None}
        knows = not_told(cells, true_total + least, least) if withheld else told(cells, counts, least)
        # Whatever other tables say of the total, even all of it.
        others = sums_of_the_others(knows)
        for known in behind(total, least):
            assert all(possible(others[place], small, known) == small for place in hidden), (counts, known)
    figures.add("G29 data sets", tried=1, cells=len(cells), small=len(hidden), shown_small=0)


def tried(**given_by: Any) -> Any:
    """Run with many data sets, the same ones each time."""

    def decorate(test: Any) -> Any:
        quiet = settings(max_examples=EACH, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        return quiet(given(**given_by)(test))

    return decorate


# The rule


def test_small_numbers_are_hidden_and_others_rounded():
    total, cells = protect([3, 0, 41, 58, 22, 77, 13, 9])

    assert (total, cells) == (225, (None, 0, 40, 60, 20, 75, 15, 10))


@pytest.mark.parametrize("counts", [[0, 0, 0], [1, 0, 0], [3, 4, 0], [0, 7, 0]])
def test_with_fewer_than_eight_in_all_nothing_is_shown_not_even_a_zero(counts):
    assert protect(counts) == (None, (None, None, None))


def test_a_total_is_rounded_from_the_true_number():
    """8, 8, 8 and 8 are 32: shown as four times 10, and 30."""
    assert protect([8, 8, 8, 8]) == (30, (10, 10, 10, 10))


def test_where_nothing_is_small_nothing_more_is_hidden():
    assert protect([12, 8, 0, 30]) == (50, (10, 10, 0, 30))


def test_what_only_one_number_could_explain_is_not_left_beside_its_total():
    """By the rule alone this would be *, 10, 10 and 15: at least 8 and 8 of at most 17, so exactly 1."""
    total, cells = protect([1, 8, 8])

    assert total == 15
    assert cells == (None, None, None)


def test_a_total_of_nothing_but_hidden_counts_does_not_tell_them():
    """Four times 7 are 28, and no four small counts make more: the total alone would tell each."""
    assert protect([7, 7, 7, 7]) == (30, (None,) * 4)
    assert protect([7, 7, 7, 7, 0]) == (30, (None,) * 5)  # with the zero hidden, nobody knows which four


def test_the_smallest_that_is_shown_may_be_set_higher_and_never_so_low_that_rounding_tells():
    assert protect([9, 15, 40, 60, 80], least=10) == (205, (None, None, 40, 60, 80))
    # With 9 the smallest, a 10 stands for 9 to 12, no longer for 8.
    assert protect([1, 10, 12, 17], least=9) == (40, (None, None, None, None))
    with pytest.raises(ValueError, match="Numbers up to what they are rounded to are small"):
        protect([1, 2], least=5)


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        ([0, 0, 1, 10, 17], (30, (0, 0, None, None, 15))),
        ([0, 0, 1, 10, 14], (25, (0, 0, None, None, None))),
        ([0, 1, 3, 12, 17], (35, (0, None, None, 10, 15))),
        ([0, 1, 3, 7, 12], (25, (0, None, None, None, 10))),
    ],
)
def test_no_more_is_hidden_than_has_to_be(counts, published):
    assert protect(counts) == published


# 10,000 data sets and more


@tried(counts=st.lists(st.integers(0, 20), min_size=1, max_size=4))
def test_few_rows_of_small_counts(counts):
    look_at(counts)


@tried(counts=st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_some_rows_of_middling_counts(counts):
    look_at(counts)


@tried(counts=st.lists(st.one_of(st.just(0), st.integers(0, 9), st.integers(5, 80)), min_size=5, max_size=10))
def test_many_rows_some_of_them_empty(counts):
    look_at(counts)


@tried(counts=st.lists(st.integers(0, 40), min_size=1, max_size=5), least=st.integers(8, 30))
def test_whatever_the_smallest_shown_number_is(counts, least):
    look_at(counts, least)


@tried(
    counts=st.lists(st.sampled_from([0, 1, 2, 6, 7, 8, 9, 10, 12, 13, 17, 18]), min_size=2, max_size=6),
)
def test_counts_at_the_edges_of_the_rule(counts):
    look_at(counts)


# What follows on something


def test_what_came_later_narrows_a_hidden_total_of_what_came_before():
    """At most 12 referred and at least 8 given a counsellor later: so those before were 4 at most."""
    assert overtakes([10, 0], [None, 10], 8)
    assert not overtakes([20, 0], [None, 10], 8)
    assert not overtakes([10, 0], [10, 0], 8)  # nothing is hidden
    assert not overtakes([None], [None], 8)


@tried(
    flow=st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=5),
)
def test_hidden_totals_may_be_anything_small_whatever_came_before_and_after(flow):
    """Periods one after the other, published as `publishing` does: what overtakes is hidden."""
    before, after, waiting, shown_before, shown_after = [], [], 0, [], []
    for came, wish in flow:
        waiting += came
        went = min(wish, waiting)
        waiting -= went
        before.append(came)
        after.append(went)
        shown_before.append(protect([came])[0])
        shown_after.append(protect([went])[0])
        if overtakes(shown_before, shown_after, 8):
            shown_after[-1] = None

    _, high_before = zip(*(_ends(cell) for cell in shown_before), strict=True)
    low_after, _ = zip(*(_ends(cell) for cell in shown_after), strict=True)
    for period in range(len(flow)):
        for value in range(8):
            if shown_after[period] is None:
                fewest = [*low_after]
                fewest[period] = value
                assert _can_follow(high_before, fewest)
            if shown_before[period] is None:
                most = [*high_before]
                most[period] = value
                assert _can_follow(most, low_after)


def _ends(cell: int | None) -> tuple[int, int]:
    return (0, 7) if cell is None else (min(behind(cell)), max(behind(cell)))


def _can_follow(before: Any, after: Any) -> bool:
    return all(sum(before[: end + 1]) >= sum(after[: end + 1]) for end in range(len(before)))
