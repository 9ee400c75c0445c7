"""Areas and places: the names people use instead of postcodes. The return to training team keeps them."""

import re

from peewee import IntegrityError

from models import Area, Place, User, db
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.mentoring import districts, geography

CHANGED = "A colleague changed this while you were looking at it. Look at it again, then make your change."
SAME = "There is one with this name already."
MOST_DISTRICTS = 60
BEGINNING = re.compile(r"[A-Z]{1,2}([0-9][0-9A-Z]?)?")


def names() -> dict[str, str]:
    """The places by name, with their districts."""
    return dict(Place.select(Place.name, Place.district).order_by(Place.name).tuples())


def write_place(place: Place | None, name: str, typed: str, by: User, expected_version: int = 0) -> Place:
    """Add a place, or change one. Raises PlaceUnknown where there is no such district."""
    district = geography.district_of(typed)
    with db.atomic():
        try:
            with db.atomic():
                if place is None:
                    place = Place.create(name=name, district=district)
                else:
                    change(place, expected_version, CHANGED, name=name, district=district)
        except IntegrityError:
            raise RuleBroken(SAME) from None
        record("place.changed", by=by, about=place)
    return place


def write_area(area: Area | None, name: str, typed: str, by: User, expected_version: int = 0) -> Area:
    """Add an area, or change one: what the postcodes in it begin with, as in "PR BB LA1"."""
    beginnings = tidy(typed)
    with db.atomic():
        try:
            with db.atomic():
                if area is None:
                    area = Area.create(name=name, districts=beginnings)
                else:
                    change(area, expected_version, CHANGED, name=name, districts=beginnings)
        except IntegrityError:
            raise RuleBroken(SAME) from None
        record("area.changed", by=by, about=area)
    return area


def remove(row: Place | Area, by: User) -> None:
    """Nobody can choose it any more. Wishes that named an area no longer do; a base keeps its district."""
    with db.atomic():
        if type(row).delete().where(type(row).id == row.id).execute():
            record("place.changed" if isinstance(row, Place) else "area.changed", by=by, about=row)


def tidy(typed: str) -> str:
    """ "pr, bb la1" as "PR BB LA1". Raises RuleBroken where no district begins so."""
    found = list(dict.fromkeys(re.split(r"[\s,;]+", typed.strip().upper())))
    if not found or found == [""]:
        raise RuleBroken("Enter what the postcodes of the area begin with, such as PR BB LA1.")
    if len(found) > MOST_DISTRICTS:
        raise RuleBroken(f"Enter at most {MOST_DISTRICTS} beginnings of postcodes.")
    known = districts.known()
    for one in found:
        letters = one if one.isalpha() else ""
        begins = any(d == one or (letters and re.fullmatch(rf"{letters}[0-9].*", d)) for d in known)
        if not BEGINNING.fullmatch(one) or not begins:
            raise RuleBroken(f"No postcode begins with {one[:10]}.")
    return " ".join(found)
