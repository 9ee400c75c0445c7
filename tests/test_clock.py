"""Moments are UTC, days are London's."""

from datetime import UTC, date, datetime, timedelta

import pytest

from signpost import clock

SUMMER = datetime(2027, 5, 22, 8, 0, tzinfo=UTC)


def test_a_moment_without_a_zone_is_meant_as_london_time():
    assert clock.parse("2027-05-22T09:00") == SUMMER
    assert clock.parse("2027-01-22T09:00") == datetime(2027, 1, 22, 9, 0, tzinfo=UTC)


def test_a_moment_with_a_zone_is_taken_as_it_says():
    assert clock.parse("2027-05-22T09:00+02:00") == datetime(2027, 5, 22, 7, 0, tzinfo=UTC)
    assert clock.parse("2027-05-22T08:00Z") == SUMMER


@pytest.mark.parametrize("text", ["tomorrow", "", "22/05/2027", "2027-13-01T00:00"])
def test_what_is_no_moment_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="Write it like 2027-05-22T09:00"):
        clock.parse(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "1970-12-31T23:59", "2200-01-01T00:00", "9999-12-31T23:59-12:00"])
def test_a_year_from_which_nothing_can_be_reckoned_is_refused(text):
    with pytest.raises(ValueError, match="is not in the years 1971 to 2199"):
        clock.parse(text)


def test_today_is_londons_day():
    with clock.at(datetime(2027, 5, 21, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2027, 5, 22)
    with clock.at(datetime(2027, 1, 21, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2027, 1, 21)


def test_a_day_begins_at_midnight_in_london():
    assert clock.start_of(date(2027, 5, 22)) == datetime(2027, 5, 21, 23, 0, tzinfo=UTC)
    assert clock.start_of(date(2027, 1, 22)) == datetime(2027, 1, 22, 0, 0, tzinfo=UTC)


def test_time_runs_on_from_a_moment_that_is_believed():
    with clock.at(SUMMER):
        first = clock.now()
        assert timedelta(0) <= first - SUMMER < timedelta(seconds=5)
        assert max(clock.now() for _ in range(1000)) > first


def test_a_block_at_another_moment_ends_even_when_it_fails():
    with pytest.raises(RuntimeError), clock.at(SUMMER):
        raise RuntimeError
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_blocks_may_stand_in_each_other():
    with clock.at(SUMMER):
        with clock.at(SUMMER + timedelta(days=1)):
            assert clock.today() == date(2027, 5, 23)
        assert clock.today() == date(2027, 5, 22)


def test_now_is_aware_and_utc():
    assert clock.now().tzinfo is UTC
