"""Mentoring ends by itself on its day, once, with two surveys, however the passes are disturbed (G23)."""

from tests.reliability.mentoring_ends import endings


def test_mentoring_ends_once_on_its_day_while_the_passes_are_killed(site, right):
    right(endings(site, due=100, not_due=50, kills=5, workers=2))
