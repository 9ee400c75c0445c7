"""Where districts lie and how far apart, against figures that were worked out elsewhere; and what people type."""

import json

import pytest

from signpost.mentoring import districts, geography
from signpost.mentoring.geography import PlaceUnknown, find, metres_between, point_of

PLACES = {"Barrow-in-Furness": "LA14", "St Mary's": "TR21"}


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        ("SE1", "SW17", 9.2),
        ("SE1", "BN2", 74.9),
        ("SE1", "M13", 261.9),
        ("M13", "BN2", 326.9),
        ("BT12", "M13", 274.3),  # 58 where the Irish grid is taken for the British one
        ("TR21", "ZE1", 1178.0),
    ],
)
def test_districts_are_as_far_apart_as_they_are(one, other, kilometres):
    there, back = metres_between(point_of(one), point_of(other)), metres_between(point_of(other), point_of(one))

    assert there == back == pytest.approx(kilometres * 1000, rel=0.003, abs=100)


def test_a_grid_reference_becomes_degrees():
    """The Ordnance Survey's own worked example."""
    assert districts.degrees(651_409.903, 313_177.270, districts.BRITISH) == pytest.approx(
        (52.657977, 1.716074), abs=5e-5
    )


def test_nobody_is_any_way_from_where_they_are():
    assert metres_between(point_of("SE1"), point_of("SE1")) == 0


def test_the_whole_kingdom_is_known():
    known = districts.known()

    assert len(known) > 3000
    assert all(49 < point[0] < 61.5 and -8.7 < point[1] < 2 for point in known.values() if point)


@pytest.mark.parametrize("typed", ["SE1", "se1", " Se1 ", "se1 9rt", "SE19RT", "SE1 9", "se1 9r", "S E 1 9 R T"])
def test_a_full_postcode_is_cut_to_its_district(typed):
    assert find(typed).district == find(typed).name == "SE1"


@pytest.mark.parametrize(
    ("typed", "district"), [("SW1A 1AA", "SW1A"), ("ec1a1bb", "EC1A"), ("W1", "W1"), ("zE1", "ZE1")]
)
def test_the_ends_of_the_country_and_the_middle_of_london(typed, district):
    assert find(typed).district == district
    assert find(typed).point


@pytest.mark.parametrize("typed", ["barrow-in-furness", "  Barrow-in-Furness ", "BARROW-IN-FURNESS"])
def test_a_town_from_the_list_is_its_district(typed):
    place = find(typed, PLACES)

    assert (place.district, place.name, place.point) == ("LA14", "Barrow-in-Furness", point_of("LA14"))


@pytest.mark.parametrize(("typed", "where"), [("JE2", "Jersey"), ("gy1 1aa", "Guernsey"), ("IM1", "the Isle of Man")])
def test_an_island_off_the_grid_is_a_place_without_coordinates(typed, where):
    place = find(typed)

    assert place.point is None
    assert (
        place.note == f"We do not have coordinates for {where}, so we cannot work out distances from {place.district}."
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ZZ9", "There is no postcode district ZZ9. Check the first half of the postcode."),
        ("JE9 9ZZ", "There is no postcode district JE9."),
        ("SW1", "SW1 is several postcode districts. Type one of SW1A, SW1E,"),
        ("Atlantis", "We do not know this place. Type the first half of a postcode, such as LA14,"),
        ("", "We do not know this place."),
        ("1", "We do not know this place."),
        ("SE1 9RT or near", "We do not know this place."),
        ("BFPO 1", "We do not know this place."),
    ],
)
def test_what_is_no_place_is_said_clearly(typed, words):
    with pytest.raises(PlaceUnknown, match=f"^{words}"):
        find(typed, PLACES)


def test_what_is_exactly_so_many_miles_away_is_within_them():
    assert geography.metres(20) == 32_187
    assert geography.miles(geography.metres(20)) == 20


def test_a_damaged_file_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(districts, "FILE", tmp_path / "instance" / "districts.json")
    monkeypatch.setattr(
        districts, "_postcodes", lambda: [("SE1 9RT", 532_653.1, 179_426.0), ("JE2 3AB", float("nan"), float("nan"))]
    )
    districts.FILE.parent.mkdir()
    districts.FILE.write_text('{"made_from": "2026.1')

    made = districts.known.__wrapped__()

    assert made == {"JE2": None, "SE1": pytest.approx(point_of("SE1"), abs=0.0001)}
    assert set(json.loads(districts.FILE.read_bytes())["districts"]) == {"JE2", "SE1"}
    assert [path.name for path in districts.FILE.parent.iterdir()] == ["districts.json"]


def test_where_nothing_can_be_written_the_places_are_known_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "instance").write_text("a file, where a folder should be")
    monkeypatch.setattr(districts, "FILE", tmp_path / "instance" / "districts.json")
    monkeypatch.setattr(districts, "_postcodes", lambda: [("SE1 9RT", 532_653.1, 179_426.0)])

    assert list(districts.known.__wrapped__()) == ["SE1"]
