"""Subject access: the governance lead's pages, and the one page of the person who asked."""

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import AccessState, Role, SubjectAccess, SubjectItem, User
from signpost import clock, pdf
from signpost.access import allowed_to, public, signed_in_user
from signpost.errors import RuleBroken
from signpost.forms import refused_beside
from signpost.referrals.forms import ConfirmForm
from signpost.subject_access import actions, bundle, held
from signpost.subject_access.forms import RequestForm, WithholdForm
from signpost.web import form_page, get_object_or_404, posted_version, see_other, wants_fragment

bp = Blueprint("subject_access", __name__, url_prefix="/subject-access")
bp.add_app_template_filter(bundle.as_read)


@bp.route("", methods=["GET", "POST"])
@allowed_to(Role.GOVERNANCE)
def index() -> ResponseReturnValue:
    """Every request, and a form for a new one."""
    form = RequestForm()
    if form.validate_on_submit():
        access = actions.open_request(
            form.name.data, form.email.data.lower(), form.reference.data, form.asked_on.data, signed_in_user()
        )
        return see_other(url_for(".show", access_id=access.public_id))
    return form_page(
        "subject_access/index.html", form, requests=actions.all_requests(), due_on=actions.due_on, today=clock.today()
    )


def _load(access_id: str) -> tuple[SubjectAccess, User]:
    found = get_object_or_404(SubjectAccess.select(), SubjectAccess.public_id == access_id)
    me = signed_in_user()
    return (found, me) if found.email != me.email else abort(404)


@bp.get("/<public_id:access_id>")
@allowed_to(Role.GOVERNANCE)
def show(access_id: str) -> ResponseReturnValue:
    """How far it is; while it is gathered the page asks again by itself."""
    access, _ = _load(access_id)
    about = {
        "access": access,
        "tables": len(held.kinds()),
        "due_on": actions.due_on(access.asked_on),
        "given": actions.given(access).count(),
        "withheld": actions.withheld(access).count(),
        "form": ConfirmForm(),
    }
    part = wants_fragment()
    return render_template("subject_access/_progress.html" if part else "subject_access/show.html", **about)


@bp.route("/<public_id:access_id>/review", methods=["GET", "POST"])
@allowed_to(Role.GOVERNANCE)
def review(access_id: str) -> ResponseReturnValue:
    """Read every row; then release them."""
    access, me = _load(access_id)
    if access.state != AccessState.REVIEW:
        abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        actions.release(access, me)
        return see_other(url_for(".show", access_id=access_id))
    actions.keep_reading(access, me)
    items = list(SubjectItem.select().where(SubjectItem.access == access).order_by(SubjectItem.id))
    return form_page(
        "subject_access/review.html",
        form,
        access=access,
        items=[(one, held.content_of(one), held.parts_of(one)) for one in items],
        names=bundle.KIND_NAMES,
        must_be_looked_at=held.MUST_BE_LOOKED_AT,
        not_told_yet={one.id for one in items if held.tells_of_an_emergency(one)}
        if held.waits_to_be_told(access.email)
        else set(),
    )


def _item(access_id: str, item_id: str) -> tuple[SubjectItem, User]:
    access, me = _load(access_id)
    items = SubjectItem.select(SubjectItem, SubjectAccess).join(SubjectAccess).where(SubjectItem.access == access)
    return get_object_or_404(items, SubjectItem.public_id == item_id), me


@bp.route("/<public_id:access_id>/items/<public_id:item_id>", methods=["GET", "POST"])
@allowed_to(Role.GOVERNANCE)
def item(access_id: str, item_id: str) -> ResponseReturnValue:
    """One row, to withhold with a reason."""
    found, me = _item(access_id, item_id)
    content = held.content_of(found)
    form = WithholdForm(list(content), data={"version": found.version, "why": found.why_withheld})
    if form.validate_on_submit():
        version, why = posted_version(form), form.why.data
        with refused_beside(form.words):
            if form.field.data:
                actions.withhold_part(found, form.field.data, form.words.data or "", why, version, me)
            else:
                actions.withhold(found, why, version, me)
            return see_other(url_for(".review", access_id=access_id) + f"#item-{item_id}")
    actions.keep_reading(found.access, me)
    return form_page("subject_access/item.html", form, item=found, content=content, names=bundle.KIND_NAMES)


@bp.post("/<public_id:access_id>/items/<public_id:item_id>/return")
@allowed_to(Role.GOVERNANCE)
def give_back(access_id: str, item_id: str) -> ResponseReturnValue:
    found, me = _item(access_id, item_id)
    if ConfirmForm().validate_on_submit():
        actions.give_back(found, found.version, me)
    return see_other(url_for(".review", access_id=access_id) + f"#item-{item_id}")


@bp.post("/<public_id:access_id>/closing")
@allowed_to(Role.GOVERNANCE)
def close(access_id: str) -> ResponseReturnValue:
    access, me = _load(access_id)
    if ConfirmForm().validate_on_submit():
        actions.close(access, me)
    return see_other(url_for(".show", access_id=access_id))


@bp.route("/mine/<string:token>", methods=["GET", "POST"])
@public
def mine(token: str) -> ResponseReturnValue:
    """For the person who asked: what it is, and a button that fetches it."""
    access = actions.find(token) or abort(404)
    if not actions.is_open(access):
        return render_template("subject_access/over.html"), 410
    if not ConfirmForm().validate_on_submit():
        return render_template("subject_access/mine.html", access=access, form=ConfirmForm(), token=token)
    html = render_template("subject_access/bundle.html", access=access, sections=bundle.sections(access))
    try:
        paper = pdf.draw(html)
    except RuleBroken:
        paper = None  # the HTML in it says the same
    made = Response(bundle.packed(access, html, paper), mimetype="application/zip")
    made.headers["Content-Disposition"] = 'attachment; filename="held-about-you.zip"'
    actions.fetched(access)
    return made
