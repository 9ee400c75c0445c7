"""The rule of small numbers: what may be published, and what not."""

import pytest

from signpost.small_numbers import shown


@pytest.mark.parametrize(
    ("count", "published"),
    [(0, 0), (1, None), (7, None), (8, 10), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1002, 1000)],
)
def test_small_numbers_are_hidden_and_the_others_rounded(count, published):
    assert shown(count, least=8) == published


def test_how_small_is_too_small_may_be_set_higher():
    assert shown(19, least=20) is None
    assert shown(20, least=20) == 20
