"""The map is drawn from coordinates alone, wherever people are."""

from itertools import combinations

import pytest

from signpost.mentoring.geography import point_of
from signpost.mentoring.map_drawing import APART, SHORTEST, TALLEST, WIDTH, Mark, draw

BARROW, LONDON, SCILLY, SHETLAND = (point_of(district) for district in ("LA14", "SE1", "TR21", "ZE1"))


def marks(*points):
    return [Mark("suggested", "", point, str(number)) for number, point in enumerate(points)]


def test_without_anybody_there_is_no_map():
    assert draw([], [], {}, [BARROW]) is None


@pytest.mark.parametrize(
    "points", [(SCILLY, SHETLAND), (BARROW,), (BARROW, LONDON), (BARROW,) * 9, (SCILLY, (49.95, 1.5))]
)
def test_everybody_is_on_the_map_wherever_they_are(points):
    drawn = draw(marks(*points), [], {}, [])

    assert SHORTEST <= drawn.height <= TALLEST + 1
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= drawn.height for mark in drawn.marks)
    assert len(drawn.marks) == len(points)


def test_north_is_up_and_east_is_right():
    barrow, london = draw(marks(BARROW, LONDON), [], {}, []).marks

    assert barrow.y < london.y
    assert barrow.x < london.x


def test_a_mile_is_as_long_to_the_north_as_to_the_east():
    here, north, east = (54.0, -2.0), (54.5, -2.0), (54.0, -2.0 + 0.5 / 0.5878)  # cos 54°
    middle, up, right = draw(marks(here, north, east), [], {}, []).marks

    assert middle.y - up.y == pytest.approx(right.x - middle.x, rel=0.03)


def test_people_in_one_place_stand_beside_each_other():
    drawn = draw(marks(*(BARROW,) * 9), [], {}, [])

    assert {(mark.x - drawn.marks[0].x, mark.y - drawn.marks[0].y) for mark in drawn.marks} == {
        (right * APART, down * APART) for right in (-1, 0, 1) for down in (-1, 0, 1)
    }


def test_people_in_neighbouring_places_do_not_cover_one_another():
    near = [(BARROW[0] + n / 70, BARROW[1] + n / 50) for n in range(15)]

    drawn = draw(marks(*near, LONDON), [], {}, [])

    assert all(
        abs(one.x - other.x) >= APART or abs(one.y - other.y) >= APART for one, other in combinations(drawn.marks, 2)
    )


def test_where_there_is_no_room_left_people_still_stand_where_they_are():
    drawn = draw(marks(*(BARROW,) * 200), [], {}, [])

    assert len(drawn.marks) == 200


def test_a_pair_is_joined_where_both_are_on_the_map():
    drawn = draw(marks(BARROW, LONDON), [("0", "1"), ("0", "nowhere")], {}, [])

    one, other = drawn.marks
    assert [(line.x1, line.y1, line.x2, line.y2) for line in drawn.lines] == [(one.x, one.y, other.x, other.y)]


def test_names_stand_where_they_do_not_touch():
    near = {f"Town {number}": (BARROW[0] + number / 1000, BARROW[1]) for number in range(9)}

    drawn = draw(marks(BARROW, LONDON), [], {**near, "Oxford": point_of("OX1"), "Lerwick": SHETLAND}, [])

    assert [name.words for name in drawn.names] == ["Oxford", "Town 0"]


def test_no_name_stands_across_somebody():
    beside = [(BARROW[0] + up / 50, BARROW[1] + 0.1) for up in range(-9, 10)]

    assert draw(marks(BARROW, LONDON, *beside), [], {"Barrow-in-Furness": BARROW}, []).names == []


def test_the_country_is_dots_inside_the_frame():
    drawn = draw(marks(BARROW), [], {}, [BARROW, LONDON])

    assert drawn.country.count("h0") == 1
