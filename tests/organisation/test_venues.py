"""How many trainees can be seen at a venue at once: said by the administrator, kept by the database."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from models import Mode, Referral, Role, User, Venue
from signpost import clock
from signpost.errors import RuleBroken
from signpost.meetings import booking, queries
from signpost.organisation import actions as organisation
from signpost.referrals import actions
from tests import factories
from tests.browser_client import Browser

Browsers = Callable[[User], Browser]

MONDAY = datetime(2027, 5, 10, 7, 55, tzinfo=clock.LONDON)


@pytest.fixture
def venue(app: Flask) -> Venue:
    return factories.a_venue("Brighton")


def test_a_new_venue_has_one_room_unless_more_are_said(browser_of: Browsers, administrator: User) -> None:
    at_administrator = browser_of(administrator)
    at_administrator.get("/organisation/venues/new")
    at_administrator.press("Save", name="Medway")
    assert Venue.get().rooms == 1
    at_administrator.get("/organisation/venues/new")
    at_administrator.press("Save", name="Guy’s Hospital", rooms="3")
    assert Venue.get(Venue.name == "Guy’s Hospital").rooms == 3
    assert "Guy’s Hospital Rooms 3" in at_administrator.page.text


def test_the_number_of_rooms_is_changed_and_the_name_stays(
    browser_of: Browsers, administrator: User, venue: Venue
) -> None:
    at_administrator = browser_of(administrator)
    at_administrator.get(f"/organisation/venues/{venue.public_id}")
    at_administrator.press("Save", rooms="4")
    changed = Venue.get_by_id(venue.id)
    assert (changed.name, changed.rooms, changed.version) == ("Brighton", 4, 2)


@pytest.mark.parametrize("typed", ["", "0", "-1", "51", "two", "1.5", "9" * 40])
def test_nonsense_is_answered_beside_the_field_and_nothing_changes(
    browser_of: Browsers, administrator: User, venue: Venue, typed: str
) -> None:
    at_administrator = browser_of(administrator)
    at_administrator.get(f"/organisation/venues/{venue.public_id}")
    response = at_administrator.press("Save", rooms=typed)
    kept = Venue.get_by_id(venue.id)
    assert response.status_code == 422
    assert "whole number" in at_administrator.page.text
    assert (kept.rooms, kept.version) == (1, 1)


def test_of_two_administrators_the_second_is_told(browser_of: Browsers, administrator: User, venue: Venue) -> None:
    at_first, at_second = browser_of(administrator), browser_of(factories.a_user(Role.ADMINISTRATOR))
    for client in (at_first, at_second):
        client.get(f"/organisation/venues/{venue.public_id}")
    at_first.press("Save", rooms="2")
    assert at_second.press("Save", rooms="5").status_code == 409
    assert Venue.get_by_id(venue.id).rooms == 2


def test_schools_and_employers_have_no_rooms(browser_of: Browsers, administrator: User) -> None:
    at_administrator = browser_of(administrator)
    for kind in ("schools", "employers"):
        at_administrator.get(f"/organisation/{kind}/new")
        assert "Rooms" not in at_administrator.page.text


def test_another_room_lets_a_second_counsellor_see_somebody_at_the_same_time(
    app: Flask, venue: Venue, adviser: User, administrator: User
) -> None:
    clock.set_to(MONDAY)
    cases = []
    for _ in range(2):
        counsellor = factories.a_user(Role.COUNSELLOR)
        factories.hours(counsellor, weekday=2, begins="10:00", ends="11:00", venue=venue)
        referral = factories.a_referral()
        actions.assign(referral, counsellor, adviser, referral.version)
        cases.append(Referral.get_by_id(referral.id))
    first, second = cases
    booking.confirm(booking.hold(first, _first_free(first), adviser), adviser)
    with pytest.raises(RuleBroken, match="just taken"):
        booking.hold(second, _at(second, first), adviser)
    organisation.rename(venue, "Brighton", by=administrator, expected_version=1, rooms=2)
    booking.hold(second, _at(second, first), adviser)


def _first_free(referral: Referral) -> booking.Wanted:
    free = queries.free_times_of(referral.assigned_to, [Mode.FACE_TO_FACE])[0]
    return booking.Wanted(free.begins, free.ends, Mode.FACE_TO_FACE, Venue.get())


def _at(referral: Referral, other: Referral) -> booking.Wanted:
    """The time of the other's meeting."""
    meeting = queries.to_come(other)
    assert meeting is not None
    return booking.Wanted(meeting.begins_at, meeting.ends_at, Mode.FACE_TO_FACE, Venue.get())


def test_a_venue_that_hours_or_meetings_name_is_not_deleted_and_says_why(
    app: Flask, venue: Venue, counsellor: User, administrator: User
) -> None:
    factories.hours(counsellor, weekday=2, begins="10:00", ends="11:00", venue=venue)
    with pytest.raises(RuleBroken, match="1 row of hours names it"):
        organisation.delete(venue, administrator)
    factories.hours(counsellor, weekday=3, begins="10:00", ends="11:00", venue=venue)
    with pytest.raises(RuleBroken, match="2 rows of hours name it"):
        organisation.delete(venue, administrator)
    assert Venue.select().count() == 1
