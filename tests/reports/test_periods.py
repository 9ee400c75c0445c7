"""Quarters of the financial year and financial years, one after the other."""

from datetime import date, timedelta

import pytest

from signpost.reports.periods import QUARTER, YEAR, Period, after, around, before


@pytest.mark.parametrize(
    ("day", "months", "begins", "ends", "name"),
    [
        (date(2026, 4, 1), QUARTER, date(2026, 4, 1), date(2026, 7, 1), "April to June 2026"),
        (date(2026, 6, 30), QUARTER, date(2026, 4, 1), date(2026, 7, 1), "April to June 2026"),
        (date(2026, 12, 31), QUARTER, date(2026, 10, 1), date(2027, 1, 1), "October to December 2026"),
        (date(2027, 3, 31), QUARTER, date(2027, 1, 1), date(2027, 4, 1), "January to March 2027"),
        (date(2027, 3, 31), YEAR, date(2026, 4, 1), date(2027, 4, 1), "April 2026 to March 2027"),
        (date(2028, 2, 29), YEAR, date(2027, 4, 1), date(2028, 4, 1), "April 2027 to March 2028"),
    ],
)
def test_a_day_lies_in_its_quarter_and_in_its_financial_year(day, months, begins, ends, name):
    assert around(day, months) == Period(begins, ends)
    assert around(day, months).name == name


@pytest.mark.parametrize("months", [QUARTER, YEAR])
def test_every_day_lies_in_one_period_and_none_overlap(months):
    period = around(date(2026, 4, 1), months)
    for day in (date(2026, 4, 1) + timedelta(days=number) for number in range(365 * 9)):
        if day == period.ends_on:
            period = after(period.ends_on, months)
        assert around(day, months) == period


def test_years_begin_in_april_and_quarters_lead_up_to_them():
    assert after(date(2026, 10, 1), YEAR) == Period(date(2026, 10, 1), date(2027, 1, 1))
    assert after(date(2027, 4, 1), YEAR) == Period(date(2027, 4, 1), date(2028, 4, 1))
    assert before(date(2027, 1, 1)) == Period(date(2026, 10, 1), date(2027, 1, 1))
