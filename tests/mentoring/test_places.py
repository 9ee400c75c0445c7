"""Areas and places: the names people use instead of postcodes, kept by the team."""

import pytest

from models import Area, Place, Role, WishedArea
from signpost.errors import StaleRecord
from signpost.mentoring import geography, places, wishes
from signpost.mentoring.geography import PlaceUnknown
from tests.factories import a_user, who_waits
from tests.unchanged import nothing_written, refused


def test_an_area_is_what_its_postcodes_begin_with(team):
    area = places.write_area(None, "Lancashire", " pr, BB;la1 LA2 pr", team)

    assert area.districts == "PR BB LA1 LA2"


@pytest.mark.parametrize("typed", ["", "  ", "QQ", "LA99", "1", "LA1 4", "PR;DROP TABLE", "É"])
def test_what_no_postcode_begins_with_is_refused(team, typed):
    with refused(""):
        places.write_area(None, "Nowhere", typed, team)


def test_a_letter_alone_is_the_area_of_that_letter_and_no_other(team):
    assert places.write_area(None, "Sheffield", "S", team).districts == "S"


def test_a_place_lies_in_one_district_and_a_whole_postcode_is_cut(team):
    assert places.write_place(None, "Barrow-in-Furness", "la14 5qx", team).district == "LA14"
    assert places.names() == {"Barrow-in-Furness": "LA14"}
    with nothing_written(), pytest.raises(PlaceUnknown):
        places.write_place(None, "Nowhere", "QQ1", team)


def test_no_two_have_one_name(team):
    places.write_place(None, "Kendal", "LA9", team)
    places.write_area(None, "Cumbria", "CA LA", team)

    with refused("with this name"):
        places.write_place(None, "Kendal", "LA8", team)
    with refused("with this name"):
        places.write_area(None, "Cumbria", "CA", team)


def test_the_second_of_two_who_change_one_is_told(team):
    place = places.write_place(None, "Kendal", "LA9", team)
    places.write_place(place, "Kendal", "LA8", team, place.version)

    with refused("while you were looking", StaleRecord):
        places.write_place(place, "Kendal", "LA7", team, 1)


def test_removing_an_area_takes_it_out_of_wishes_and_nothing_else(team):
    area = places.write_area(None, "Cumbria", "CA LA", team)
    made = who_waits(team)
    wishes.write(made, geography.find("LA9"), wishes.Wishes(), team, 0, wanted=[area])

    for _ in range(8):
        places.remove(area, team)

    assert (Area.select().count(), WishedArea.select().count()) == (0, 0)


def test_the_team_keeps_them_on_its_pages(team, browser_of):
    browser = browser_of(team)
    browser.get("/mentoring/geography/areas/new")
    assert browser.press("Save the area", name="Cumbria", districts="QQ").status_code == 422
    browser.press("Save the area", name="Cumbria", districts="CA LA")
    browser.get("/mentoring/geography/places/new")
    assert browser.press("Save the place", name="Kendal", district="QQ9").status_code == 422
    browser.press("Save the place", name="Kendal", district="LA9")
    (place,) = Place.select()
    browser.get(f"/mentoring/geography/places/{place.public_id}")
    browser.press("Save the place", name="Kendal town")
    browser.get("/mentoring/geography/places/new")
    assert browser.press("Save the place", name="Kendal town", district="LA9").status_code == 422

    browser.get(f"/mentoring/geography/places/{place.public_id}")
    browser.press("Remove this place")

    assert (Place.select().count(), Area.get().districts) == (0, "CA LA")


def test_nobody_else_keeps_them(browser_of):
    for role in (Role.MENTOR, Role.RETURNER, Role.ADMINISTRATOR):
        assert browser_of(a_user(role)).get("/mentoring/geography").status_code == 403
