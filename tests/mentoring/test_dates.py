"""Calendar months: when support ends, and how long an absence must have been (D1, D11)."""

from datetime import date, timedelta

import pytest

from signpost.mentoring import dates
from signpost.mentoring.dates import ends_on, is_long_enough


@pytest.mark.parametrize(
    ("returns_on", "ends"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2027, 8, 28)),
        (date(2028, 2, 29), date(2028, 8, 29)),
        (date(2026, 9, 28), date(2027, 3, 28)),  # the clocks go forward
        (date(2026, 4, 25), date(2026, 10, 25)),  # the clocks go back
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_support_ends_six_calendar_months_after_the_return(returns_on, ends):
    assert ends_on(returns_on) == ends


def test_the_last_return_that_is_over_is_the_last_one():
    for day in (date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 1), date(2026, 12, 31), date(2027, 8, 31)):
        last = dates.latest_return_over(day)
        assert dates.ends_on(last) <= day < dates.ends_on(last + timedelta(days=1))


def test_three_calendar_months_away_are_enough_and_a_day_less_is_not():
    assert is_long_enough(date(2026, 11, 30), date(2027, 2, 28))
    assert is_long_enough(date(2026, 5, 4), date(2026, 8, 4))
    assert not is_long_enough(date(2026, 5, 4), date(2026, 8, 3))
