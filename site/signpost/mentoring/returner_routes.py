"""The list of returners, and each return: for the return to training team."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Employer, Returner, ReturnerState, Role, User
from signpost import clock
from signpost.access import allowed_to, signed_in_user
from signpost.errors import RuleBroken, StaleRecord
from signpost.mentoring import history, offers, pages, queries, returners, team
from signpost.mentoring import mentorship_queries as pairs
from signpost.mentoring.forms import AnswerForm, MergeForm, ReturnerForm
from signpost.web import asks_for, form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("returners", __name__, url_prefix="/mentoring/returners")


@bp.get("")
@allowed_to(Role.RTT_TEAM)
def index() -> ResponseReturnValue:
    me = signed_in_user()
    state = request.args.get("state", "")
    state = state if state in {*ReturnerState, team.OVER} else ""
    text = request.args.get("q", "")[:200]
    after = queries.returners_seen_by(me).where(Returner.public_id == request.args.get("after", "")).first()
    return render_template(
        "mentoring/_returners.html" if asks_for("returners") else "mentoring/returners.html",
        page=team.page(me, state, text, after),
        stages=team.stages(me),
        words_of=team.words_of,
        state=state,
        text=text,
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def new() -> ResponseReturnValue:
    me = signed_in_user()
    form = ReturnerForm(_employers())
    if form.validate_on_submit() and _done(form, lambda: returners.enter(form.said(), me)):
        return see_other(url_for(".index"))
    return form_page("mentoring/returner_form.html", form, returner=None)


@bp.get("/<public_id:returner_id>")
@allowed_to(Role.RTT_TEAM)
def show(returner_id: str) -> ResponseReturnValue:
    returner, me = _find(returner_id)
    wish = queries.wish_of(returner)
    return render_template(
        "mentoring/returner.html",
        returner=returner,
        stage=team.stage_of(returner),
        stage_words=team.words_of(returner),
        wish_rows=pages.wish_rows(wish) if wish else [],
        mentorships=list(pairs.visible_to(me).where(Returner.id == returner.id)),
        same=team.maybe_the_same(returner, me),
        history=history.of(returner),
        may_offer=returner.state in offers.NOT_OFFERED and not offers.is_over(returner, clock.today()),
        first_offer_on=offers.first_day_of_offer(returner),
        form=AnswerForm(formdata=None, version=returner.version),
    )


@bp.route("/<public_id:returner_id>/details", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def change(returner_id: str) -> ResponseReturnValue:
    returner, me = _find(returner_id)
    form = ReturnerForm(_employers(), of=returner)
    if form.validate_on_submit():
        version = posted_version(form)
        if _done(form, lambda: returners.alter(returner, form.said(), me, version)):
            return see_other(url_for(".show", returner_id=returner_id))
    return form_page("mentoring/returner_form.html", form, returner=returner)


@bp.post("/<public_id:returner_id>/offer")
@allowed_to(Role.RTT_TEAM)
def offer(returner_id: str) -> ResponseReturnValue:
    returner, me = _find(returner_id)
    if AnswerForm().validate_on_submit():
        offers.offer(returner, me)
    return see_other(url_for(".show", returner_id=returner_id))


@bp.post("/<public_id:returner_id>/link")
@allowed_to(Role.RTT_TEAM)
def send_link(returner_id: str) -> ResponseReturnValue:
    returner, me = _find(returner_id)
    if AnswerForm().validate_on_submit():
        offers.send_link(returner, me)
    return see_other(url_for(".show", returner_id=returner_id))


@bp.route("/<public_id:returner_id>/removal", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def remove(returner_id: str) -> ResponseReturnValue:
    returner, me = _find(returner_id)
    form = AnswerForm(version=returner.version)
    if form.validate_on_submit():
        returners.remove(returner, me, posted_version(form))
        return see_other(url_for(".index"))
    return form_page("mentoring/removal.html", form, returner=returner)


@bp.route("/<public_id:returner_id>/merger", methods=["GET", "POST"])
@allowed_to(Role.RTT_TEAM)
def merge(returner_id: str) -> ResponseReturnValue:
    """Two rows of one person: this one goes."""
    returner, me = _find(returner_id)
    others = team.maybe_the_same(returner, me)
    if wanted := request.args.get("with", ""):
        found = queries.returners_seen_by(me).where((Returner.email == wanted.lower()) & (Returner.id != returner.id))
        others += [one for one in found if one not in others]
    form = MergeForm(others, version=returner.version)
    if form.validate_on_submit():
        kept = form.others[form.into.data]
        returners.merge(returner, kept, me, posted_version(form))
        return see_other(url_for(".show", returner_id=kept.public_id))
    return form_page("mentoring/merger.html", form, returner=returner)


def _find(returner_id: str) -> tuple[Returner, User]:
    me = signed_in_user()
    return get_object_or_404(queries.returners_seen_by(me), Returner.public_id == returner_id), me


def _employers() -> list[Employer]:
    return list(Employer.select().order_by(Employer.name))


def _done(form: ReturnerForm, act: Callable[[], object]) -> bool:
    """Do it; what the rules refuse stands beside the field it is about."""
    try:
        act()
    except StaleRecord:
        raise
    except returners.ShortAbsence as refusal:
        form.returns_on.errors = [*form.returns_on.errors, refusal.words]
        return False
    except RuleBroken as refusal:
        form.email.errors = [*form.email.errors, refusal.words]
        return False
    return True
