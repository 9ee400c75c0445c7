"""The audit, for the governance lead alone. Each look is kept."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from models import Role, User
from signpost import clock
from signpost.access import allowed_to, signed_in_user
from signpost.audit import actions, search
from signpost.audit.search import Asked
from signpost.complaints import queries as complaints
from signpost.referrals.forms import ConfirmForm
from signpost.web import see_other

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
@allowed_to(Role.GOVERNANCE)
def index() -> ResponseReturnValue:
    """Search by what, who, which record and when: the address is the search."""
    return _page()


@bp.get("/export")
@allowed_to(Role.GOVERNANCE)
def export() -> Response:
    """The same as a table to keep. It holds no confidential words, and no cell that a spreadsheet would run."""
    me, asked = signed_in_user(), Asked.read(request.args)
    lines = "".join(search.exported(asked, _complaints(me)))
    actions.keep_reading(asked, me, exported=True)
    name = f"audit-{clock.today().isoformat()}.csv"
    return Response(
        "\ufeff" + lines,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.post("/verification")
@allowed_to(Role.GOVERNANCE)
def verification() -> ResponseReturnValue:
    """What `audit-verify` says, now."""
    if not ConfirmForm().validate_on_submit():
        return see_other("/audit")
    try:
        broken = actions.verify(signed_in_user())
    except ValueError as damaged:
        return _page(verdict=str(damaged), holds=False)
    return _page(verdict=broken.words if broken else "", holds=broken is None)


def _page(verdict: str = "", holds: bool | None = None) -> ResponseReturnValue:
    me, asked = signed_in_user(), Asked.read(request.args)
    page = search.page(asked, _complaints(me))
    actions.keep_reading(asked, me)
    return render_template(
        "audit/index.html",
        page=page,
        asked=asked,
        choices=[("", "Everything"), *search.actions().items()],
        export=asked.address("/audit/export", before="", after=""),
        form=ConfirmForm(),
        verdict=verdict,
        holds=holds,
        now=clock.now(),
    )


def _complaints(reader: User) -> list[str]:
    """Those that this reader handles: of the others they do not know."""
    return [one.public_id for one in complaints.handled_by(reader)]
