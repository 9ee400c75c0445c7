"""The same by a personal link, for a trainee, a Training Officer or somebody from a university without an account."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from models import LinkPurpose, SupportMeeting, ToPrepare
from signpost.access import public
from signpost.accounts import links
from signpost.progression import preparation_pages, queries
from signpost.progression.link_routes import over
from signpost.progression.preparation_pages import Way
from signpost.web import get_object_or_404

bp = Blueprint(
    "preparation_links", __name__, url_prefix="/progression/links/<string:token>/meetings/<public_id:support_id>"
)

PURPOSES = (LinkPurpose.REVIEWED_TRAINEE, LinkPurpose.REVIEW_PERSON)


def _way(token: str, support_id: str) -> Way:
    link = links.find(token)
    if link is None or link.purpose not in PURPOSES or not links.is_open(link):
        abort(404)
    support = get_object_or_404(queries.meetings_visible_by_link(link), SupportMeeting.public_id == support_id)
    return Way(link, support, token)


@bp.get("/preparation")
@public
def show(token: str, support_id: str) -> ResponseReturnValue:
    return over(token) or preparation_pages.show(_way(token, support_id))


@bp.route("/preparation/<any(have_met, date_and_mode):item>", methods=["GET", "POST"])
@public
def tell(token: str, support_id: str, item: str) -> ResponseReturnValue:
    return preparation_pages.tell(_way(token, support_id), ToPrepare(item))


@bp.post("/preparation/place")
@public
def has_place(token: str, support_id: str) -> ResponseReturnValue:
    return preparation_pages.has_place(_way(token, support_id))


@bp.post("/preparation/<any(have_met, date_and_mode, private_place):item>/not-yet")
@public
def not_yet(token: str, support_id: str, item: str) -> ResponseReturnValue:
    return preparation_pages.not_yet(_way(token, support_id), ToPrepare(item))


@bp.route("/papers/new", methods=["GET", "POST"])
@public
def add_paper(token: str, support_id: str) -> ResponseReturnValue:
    return preparation_pages.add_paper(_way(token, support_id))


@bp.get("/papers/<public_id:paper_id>")
@public
def open_paper(token: str, support_id: str, paper_id: str) -> Response:
    return preparation_pages.open_paper(_way(token, support_id), paper_id)


@bp.route("/papers/<public_id:paper_id>/recall", methods=["GET", "POST"])
@public
def recall(token: str, support_id: str, paper_id: str) -> ResponseReturnValue:
    return preparation_pages.recall(_way(token, support_id), paper_id)


@bp.get("/gap-analysis")
@public
def table(token: str, support_id: str) -> ResponseReturnValue:
    return preparation_pages.table(_way(token, support_id))


@bp.get("/gap-analysis/csv")
@public
def as_csv(token: str, support_id: str) -> Response:
    return preparation_pages.as_csv(_way(token, support_id))


@bp.route("/gap-analysis/rows/new", methods=["GET", "POST"])
@public
def add_rows(token: str, support_id: str) -> ResponseReturnValue:
    return preparation_pages.add_rows(_way(token, support_id))


@bp.route("/gap-analysis/rows/<public_id:row_id>", methods=["GET", "POST"])
@public
def alter_row(token: str, support_id: str, row_id: str) -> ResponseReturnValue:
    return preparation_pages.alter_row(_way(token, support_id), row_id)


@bp.post("/gap-analysis/rows/<public_id:row_id>/removal")
@public
def remove_row(token: str, support_id: str, row_id: str) -> ResponseReturnValue:
    return preparation_pages.remove_row(_way(token, support_id), row_id)


@bp.get("/minutes")
@public
def minutes(token: str, support_id: str) -> ResponseReturnValue:
    return preparation_pages.read_minutes(_way(token, support_id))
