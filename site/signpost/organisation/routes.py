"""The administrator's pages about places and settings."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import REFERRER_KIND_NAMES, Employer, ReferrerKind, Role, RoleHeld, School, User, Venue
from signpost import settings
from signpost.access import allowed_to, signed_in_user
from signpost.accounts import queries as people
from signpost.forms import refused_beside
from signpost.organisation import actions
from signpost.organisation.forms import EmployerForm, MergeForm, PlaceForm, SettingsForm, VenueForm
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("organisation", __name__, url_prefix="/organisation")

KINDS: dict[str, tuple[type[Any], str]] = {
    "schools": (School, "school"),
    "employers": (Employer, "employer"),
    "venues": (Venue, "venue"),
}
FORMS: dict[type[Any], type[PlaceForm]] = {Employer: EmployerForm, Venue: VenueForm}
NOT_SAID = ("version", "csrf_token")
KIND = "any(schools, employers, venues):kind"


@bp.get("")
@allowed_to(Role.ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """Everything that is the organisation's own, and what is missing."""
    schools = list(School.select().order_by(School.name))
    heads = {school.id: people.heads_of(school) for school in schools}
    leads = RoleHeld.select().where(RoleHeld.referrer_kind == ReferrerKind.LFG_CAREER_LEAD)
    lead_of: dict[int, list[User]] = {}
    for held in leads:
        if held.employer_id and not held.user.is_disabled:
            lead_of.setdefault(held.employer_id, []).append(held.user)
    return render_template(
        "organisation/index.html",
        schools=schools,
        heads=heads,
        employers=list(Employer.select().order_by(Employer.name)),
        lead_of=lead_of,
        lead_name=REFERRER_KIND_NAMES[ReferrerKind.LFG_CAREER_LEAD],
        venues=list(Venue.select().order_by(Venue.name)),
    )


@bp.route(f"/<{KIND}>/new", methods=["GET", "POST"])
@allowed_to(Role.ADMINISTRATOR)
def new(kind: str) -> ResponseReturnValue:
    table, word = KINDS[kind]
    form = FORMS.get(table, PlaceForm)(data={"rooms": 1})
    if form.validate_on_submit():
        with refused_beside(form.name):
            actions.add(table, by=signed_in_user(), **_said(form))
            return see_other(url_for(".index"))
    return form_page("organisation/place.html", form, word=word, place=None)


@bp.route(f"/<{KIND}>/<public_id:place_id>", methods=["GET", "POST"])
@allowed_to(Role.ADMINISTRATOR)
def edit(kind: str, place_id: str) -> ResponseReturnValue:
    table, word = KINDS[kind]
    place = get_object_or_404(table.select(), table.public_id == place_id)
    form = FORMS.get(table, PlaceForm)(obj=None if request.method == "POST" else place)
    if form.validate_on_submit():
        with refused_beside(form.name):
            actions.rename(place, by=signed_in_user(), expected_version=posted_version(form), **_said(form))
            return see_other(url_for(".index"))
    return form_page(
        "organisation/place.html",
        form,
        word=word,
        place=place,
        kind=kind,
        uses=actions.uses_of(place),
        merge=_merge_form(place) if table is Employer else None,
    )


def _said(form: PlaceForm) -> dict[str, Any]:
    """What the form says, without what belongs to every form."""
    return {name: "" if said is None else said for name, said in form.data.items() if name not in NOT_SAID}


def _merge_form(place: Employer) -> MergeForm:
    return MergeForm(list(Employer.select().where(Employer.id != place.id).order_by(Employer.name)))


@bp.post(f"/<{KIND}>/<public_id:place_id>/deletion")
@allowed_to(Role.ADMINISTRATOR)
def delete(kind: str, place_id: str) -> ResponseReturnValue:
    table, _ = KINDS[kind]
    actions.delete(get_object_or_404(table.select(), table.public_id == place_id), signed_in_user())
    return see_other(url_for(".index"))


@bp.post("/employers/<public_id:place_id>/merger")
@allowed_to(Role.ADMINISTRATOR)
def merge(place_id: str) -> ResponseReturnValue:
    gone = get_object_or_404(Employer.select(), Employer.public_id == place_id)
    form = _merge_form(gone)
    if not form.validate_on_submit():
        abort(422)
    actions.merge(gone, form.others[form.into.data], signed_in_user())
    return see_other(url_for(".index"))


@bp.route("/settings", methods=["GET", "POST"])
@allowed_to(Role.ADMINISTRATOR)
def change_settings() -> ResponseReturnValue:
    ours = settings.current()
    form = SettingsForm(obj=None if request.method == "POST" else ours)
    if form.validate_on_submit():
        names = settings.Settings.__dataclass_fields__
        values = {name: form[name].data if form[name].data is not None else "" for name in names}
        actions.change_settings(values, form.seen.data or "", signed_in_user())
        return see_other(url_for(".index"))
    if request.method == "GET":
        form.seen.data = ours.digest
    return form_page("organisation/settings.html", form)
