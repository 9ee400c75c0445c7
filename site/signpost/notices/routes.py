"""The ledger at /notices, and sending again."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Notice, NoticeState, Role
from signpost.access import allowed_to, signed_in_user
from signpost.accounts import queries as people
from signpost.notices import actions, ledger, queries
from signpost.web import get_object_or_404, see_other

bp = Blueprint("notices", __name__, url_prefix="/notices")

PAGE = 25
READERS = (Role.SENIOR_ADVISER, Role.COUNSELLOR, Role.HEAD_OF_SCHOOL)
SHOWN = {"all": "All", "failed": "Not delivered", "waiting": "Waiting"}


@bp.get("")
@allowed_to(*READERS, Role.ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """What was sent, what waits and what failed: for an administrator in numbers alone."""
    me = signed_in_user()
    roles = people.roles_of(me)
    shown = request.args.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    query = queries.visible_to(me)
    failed = queries.failed(query)
    chosen = {"all": query, "failed": failed, "waiting": query.where(Notice.state == NoticeState.QUEUED)}[shown]
    if before := request.args.get("before"):
        edge = queries.visible_to(me).where(Notice.public_id == before).first()
        chosen = chosen.where(Notice.id < edge.id) if edge else chosen
    rows = list(chosen.order_by(Notice.id.desc()).limit(PAGE + 1))
    older = url_for(".index", show=shown, before=rows[PAGE - 1].public_id) if len(rows) > PAGE else ""
    return render_template(
        "notices/index.html",
        corrects=Role.SENIOR_ADVISER in roles,
        reads=bool(roles & set(READERS)),
        lines=ledger.lines(rows[:PAGE]),
        failed_count=failed.count(),
        shown=shown,
        views=SHOWN,
        older=older,
        health=queries.health() if Role.ADMINISTRATOR in roles else None,
    )


@bp.post("/<public_id:notice_id>/copies")
@allowed_to(*READERS)
def send_again(notice_id: str) -> ResponseReturnValue:
    me = signed_in_user()
    notice = get_object_or_404(queries.visible_to(me), Notice.public_id == notice_id)
    actions.send_again(notice, by=me)
    return see_other(url_for(".index"))
