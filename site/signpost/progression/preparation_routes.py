"""Preparing a support meeting, its papers, gap analysis and minutes, for whoever is signed in (E9, E10)."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from models import Minutes, SupportMeeting, ToPrepare, User
from signpost.access import signed_in, signed_in_user
from signpost.forms import refused_beside
from signpost.progression import minutes as taking
from signpost.progression import papers, preparation_pages, queries
from signpost.progression.preparation_forms import CorrectionForm, MinutesForm, SharingForm
from signpost.progression.preparation_pages import Way
from signpost.progression.queries import Relation
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("preparation", __name__, url_prefix="/progression/meetings/<public_id:support_id>")


def _way(support_id: str) -> Way:
    me = signed_in_user()
    support = get_object_or_404(queries.meetings_visible_to(me), SupportMeeting.public_id == support_id)
    return Way(me, support)


@bp.get("/preparation")
@signed_in
def show(support_id: str) -> ResponseReturnValue:
    return preparation_pages.show(_way(support_id))


@bp.route("/preparation/<any(have_met, date_and_mode):item>", methods=["GET", "POST"])
@signed_in
def tell(support_id: str, item: str) -> ResponseReturnValue:
    return preparation_pages.tell(_way(support_id), ToPrepare(item))


@bp.post("/preparation/place")
@signed_in
def has_place(support_id: str) -> ResponseReturnValue:
    return preparation_pages.has_place(_way(support_id))


@bp.post("/preparation/<any(have_met, date_and_mode, private_place):item>/not-yet")
@signed_in
def not_yet(support_id: str, item: str) -> ResponseReturnValue:
    return preparation_pages.not_yet(_way(support_id), ToPrepare(item))


@bp.route("/papers/new", methods=["GET", "POST"])
@signed_in
def add_paper(support_id: str) -> ResponseReturnValue:
    return preparation_pages.add_paper(_way(support_id))


@bp.get("/papers/<public_id:paper_id>")
@signed_in
def open_paper(support_id: str, paper_id: str) -> Response:
    return preparation_pages.open_paper(_way(support_id), paper_id)


@bp.route("/papers/<public_id:paper_id>/recall", methods=["GET", "POST"])
@signed_in
def recall(support_id: str, paper_id: str) -> ResponseReturnValue:
    return preparation_pages.recall(_way(support_id), paper_id)


@bp.route("/papers/sharing", methods=["GET", "POST"])
@signed_in
def share(support_id: str) -> ResponseReturnValue:
    """Who is told stands on the page before the button is pressed."""
    way, me = _way(support_id), signed_in_user()
    if not way.relations & papers.SHARE:
        abort(404)
    there = papers.readable(me, way.support)
    known = {
        "papers": [one.public_id for one in there if one.shared_at is not None],
        "university": [one.public_id for one in there if one.for_university],
    }
    form = SharingForm(there, way.support.university_id is not None, data=known)
    if form.validate_on_submit():
        with refused_beside(form.papers):
            papers.share(way.support, *form.chosen(), me)
            return see_other(way.to("show") + "#papers")
    attendees = queries.attendees_of(way.support)
    context = preparation_pages.about(way)
    return form_page("progression/share.html", form, attendees=attendees, there=there, **context)


# The gap analysis


@bp.get("/gap-analysis")
@signed_in
def table(support_id: str) -> ResponseReturnValue:
    return preparation_pages.table(_way(support_id))


@bp.get("/gap-analysis/csv")
@signed_in
def as_csv(support_id: str) -> Response:
    return preparation_pages.as_csv(_way(support_id))


@bp.route("/gap-analysis/rows/new", methods=["GET", "POST"])
@signed_in
def add_rows(support_id: str) -> ResponseReturnValue:
    return preparation_pages.add_rows(_way(support_id))


@bp.route("/gap-analysis/rows/<public_id:row_id>", methods=["GET", "POST"])
@signed_in
def alter_row(support_id: str, row_id: str) -> ResponseReturnValue:
    return preparation_pages.alter_row(_way(support_id), row_id)


@bp.post("/gap-analysis/rows/<public_id:row_id>/removal")
@signed_in
def remove_row(support_id: str, row_id: str) -> ResponseReturnValue:
    return preparation_pages.remove_row(_way(support_id), row_id)


# Minutes


@bp.get("/minutes")
@signed_in
def minutes(support_id: str) -> ResponseReturnValue:
    return preparation_pages.read_minutes(_way(support_id))


@bp.post("/minutes/<any(together, trainee_alone, officer_alone):present>")
@signed_in
def write(support_id: str, present: str) -> ResponseReturnValue:
    return preparation_pages.saved(_way(support_id), present, MinutesForm())


def _taken(way: Way, present: str) -> tuple[Minutes, User]:
    me = signed_in_user()
    found = next((one for one in taking.readable(me, way.support) if one.present == present), None)
    return (found, me) if found and Relation.CHAIR in way.relations else abort(404)


@bp.post("/minutes/<any(together, trainee_alone, officer_alone):present>/agreement")
@signed_in
def agree(support_id: str, present: str) -> ResponseReturnValue:
    way = _way(support_id)
    found, me = _taken(way, present)
    taking.agree(found, posted_version(MinutesForm()), me)
    return see_other(way.to("minutes") + f"#{present}")


@bp.route("/minutes/<any(together, trainee_alone, officer_alone):present>/correction", methods=["GET", "POST"])
@signed_in
def correct(support_id: str, present: str) -> ResponseReturnValue:
    way = _way(support_id)
    found, me = _taken(way, present)
    form = CorrectionForm(data={"words": found.words, "version": found.version})
    if form.validate_on_submit():
        with refused_beside(form.words):
            taking.correct(found, form.words.data or "", form.why.data or "", posted_version(form), me)
            return see_other(way.to("minutes") + f"#{present}")
    return form_page("progression/correction.html", form, minutes=found, **preparation_pages.about(way))
