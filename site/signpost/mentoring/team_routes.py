"""What waits in mentoring, for the team; and the areas and places people name, which the team keeps."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Area, Place, Role
from signpost import clock
from signpost.access import allowed_to, roles_held, signed_in, signed_in_user
from signpost.errors import RuleBroken, StaleRecord
from signpost.mentoring import mentor_routes, own_routes, places, team
from signpost.mentoring.forms import AnswerForm, AreaForm, TownForm
from signpost.mentoring.geography import PlaceUnknown
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("mentoring", __name__, url_prefix="/mentoring")

KIND = "any(areas, places):kind"
TABLES: dict[str, tuple[type[Any], type[Any], str]] = {
    "areas": (Area, AreaForm, "area"),
    "places": (Place, TownForm, "place"),
}


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """The team's view; to a mentor and to a returner their own page."""
    roles = roles_held()
    if Role.RTT_TEAM not in roles:
        return mentor_routes.own() if Role.MENTOR in roles else own_routes.show()
    me, today = signed_in_user(), clock.today()
    return render_template(
        "mentoring/index.html",
        stages=team.stages(me),
        pairs=team.pairs(me, today),
        needs=team.needs(me, today),
        loads=team.mentors(today),
        is_mentor=Role.MENTOR in roles,
    )


@bp.get("/geography")
@allowed_to(Role.RTT_TEAM)
def geography() -> ResponseReturnValue:
    return render_template(
        "mentoring/geography.html",
        areas=list(Area.select().order_by(Area.name)),
        places=list(Place.select().order_by(Place.name)),
    )


@bp.route(f"/geography/<{KIND}>/new", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def new_place(kind: str) -> ResponseReturnValue:
    return _edit(kind, None)


@bp.route(f"/geography/<{KIND}>/<public_id:place_id>", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def place(kind: str, place_id: str) -> ResponseReturnValue:
    table = TABLES[kind][0]
    return _edit(kind, get_object_or_404(table.select(), table.public_id == place_id))


@bp.post(f"/geography/<{KIND}>/<public_id:place_id>/removal")
@allowed_to(Role.RTT_TEAM)
def remove_place(kind: str, place_id: str) -> ResponseReturnValue:
    table = TABLES[kind][0]
    row = get_object_or_404(table.select(), table.public_id == place_id)
    if AnswerForm().validate_on_submit():
        places.remove(row, signed_in_user())
    return see_other(url_for(".geography"))


def _edit(kind: str, row: Any) -> ResponseReturnValue:
    _, form_class, word = TABLES[kind]
    form = form_class(obj=row)
    if form.validate_on_submit() and _written(kind, row, form):
        return see_other(url_for(".geography"))
    return form_page("mentoring/place.html", form, kind=kind, word=word, row=row)


def _written(kind: str, row: Any, form: Any) -> bool:
    """Write it; what the rules refuse stands beside the field it is about."""
    me, version = signed_in_user(), posted_version(form)
    try:
        if kind == "areas":
            places.write_area(row, form.name.data, form.districts.data, me, version)
        else:
            places.write_place(row, form.name.data, form.district.data, me, version)
    except StaleRecord:
        raise
    except PlaceUnknown as unknown:
        form.district.errors = [*form.district.errors, str(unknown)]
        return False
    except RuleBroken as refusal:
        field = form.name if refusal.words == places.SAME else form.districts
        field.errors = [*field.errors, refusal.words]
        return False
    return True
