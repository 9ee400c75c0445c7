"""The pages of retention: what falls due, the schedule, holds and certificates. For governance; of complaints, for who handles them."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Disposal, RetentionHold, Role
from signpost import clock, settings
from signpost.access import allowed_to, roles_held, signed_in_user
from signpost.referrals.forms import ConfirmForm
from signpost.retention import actions, queries, schedule
from signpost.retention.forms import HoldForm, ScheduleForm
from signpost.retention.kinds import BY_KEY
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("retention", __name__, url_prefix="/retention")

MOST_CERTIFICATES = 100


@bp.get("")
@allowed_to(Role.GOVERNANCE, Role.COMPLAINTS)
def index() -> ResponseReturnValue:
    """What falls due by a day, what is held, what was destroyed. By reference, and nothing of what it says."""
    me, on = signed_in_user(), _day(request.args.get("on", ""))
    return render_template(
        "retention/index.html",
        due=queries.preview(on, me),
        on=on,
        today=clock.today(),
        holds=queries.holds(me),
        certificates=list(queries.certificates_for(me).limit(MOST_CERTIFICATES)),
        kinds=BY_KEY,
        version=schedule.version(),
        acts_from=schedule.acts_from(),
        policy=settings.current(),
        may_change=Role.GOVERNANCE in roles_held(),
        as_said=queries.as_said,
        form=ConfirmForm(),
    )


def _day(text: str) -> date:
    """The day that is asked about; today where none is, or none that there is."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return day if 2000 <= day.year <= 2999 else clock.today()


@bp.route("/schedule", methods=["GET", "POST"])
@allowed_to(Role.GOVERNANCE)
def change_schedule() -> ResponseReturnValue:
    form = ScheduleForm(data={**schedule.periods(), "version": schedule.version()})
    if form.validate_on_submit():
        schedule.change(form.months(), posted_version(form), signed_in_user())
        return see_other(url_for(".index"))
    return form_page("retention/schedule.html", form, kinds=BY_KEY, policy=settings.current())


@bp.route("/holds", methods=["GET", "POST"])
@allowed_to(Role.GOVERNANCE, Role.COMPLAINTS)
def hold() -> ResponseReturnValue:
    """Hold a record by its reference. One that this person does not know of is none."""
    me, form = signed_in_user(), HoldForm()
    if form.validate_on_submit():
        found = queries.find(form.reference.data, me)
        if found is not None:
            actions.hold(found, form.reason.data, me)
            return see_other(url_for(".index") + "#holds")
        form.reference.errors = ["No record that can be held has this reference"]
    return form_page("retention/hold.html", form)


@bp.post("/holds/<public_id:hold_id>/lifting")
@allowed_to(Role.GOVERNANCE, Role.COMPLAINTS)
def lift(hold_id: str) -> ResponseReturnValue:
    me = signed_in_user()
    held = get_object_or_404(queries.holds_for(me), RetentionHold.public_id == hold_id)
    if ConfirmForm().validate_on_submit():
        actions.lift(held, me)
    return see_other(url_for(".index") + "#holds")


@bp.get("/certificates/<public_id:disposal_id>")
@allowed_to(Role.GOVERNANCE, Role.COMPLAINTS)
def certificate(disposal_id: str) -> ResponseReturnValue:
    found = get_object_or_404(queries.certificates_for(signed_in_user()), Disposal.public_id == disposal_id)
    return render_template(
        "retention/certificate.html", one=found, kind=BY_KEY.get(found.kind), as_said=queries.as_said
    )
