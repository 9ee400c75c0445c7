"""The pages of the referrals room: the form, own referrals, one referral, the TSG's list."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict

from models import REFERRER_KIND_NAMES, Referral, ReferrerKind, ReleaseChoice, Role, User
from signpost import clock
from signpost.access import allowed_to, signed_in, signed_in_user
from signpost.accounts import queries as people
from signpost.errors import RuleBroken
from signpost.events import rehearse
from signpost.notices import ledger
from signpost.notices import queries as messages
from signpost.referrals import actions, drafts, history, queries, status
from signpost.referrals.forms import UNKNOWN, ConcernsForm, ConfirmForm, ReferralForm, ReleaseForm
from signpost.referrals.queries import Relation
from signpost.web import form_page, get_object_or_404, see_other

PAGE = 25

bp = Blueprint("referrals", __name__, url_prefix="/referrals")
bp.app_context_processor(lambda: {"referrer_kinds": REFERRER_KIND_NAMES})


def load(public_id: str, *needed: Relation) -> tuple[Referral, frozenset[Relation], User]:
    """The referral, if this person may see it and is one of these to it; otherwise there is no such page."""
    me = signed_in_user()
    referral = get_object_or_404(queries.visible_to(me), Referral.public_id == public_id)
    relations = queries.relations(me, referral)
    if not relations or (needed and not relations & set(needed)):
        abort(404)
    return referral, relations, me


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """Everything here that concerns me, by what I am to it."""
    me = signed_in_user()
    made = queries.referred_by(me)
    informed = queries.informed_head(me, request.args.get("before", ""), PAGE + 1)
    return render_template(
        "referrals/index.html",
        about_me=queries.about(me),
        made=made,
        words_for_referrer=queries.words_for_referrer(made),
        cases=queries.cases_of(me),
        informed=informed[:PAGE],
        older=url_for(".index", before=informed[PAGE - 1].public_id) if len(informed) > PAGE else "",
        may_refer=bool(people.referrer_roles(me)),
        status=status,
        is_pending=actions.is_being_chosen,
    )


# The form


@bp.route("/new", methods=["GET", "POST"])
@allowed_to(Role.REFERRER)
def new() -> ResponseReturnValue:
    me = signed_in_user()
    begun = drafts.of(me)
    form = ReferralForm(queries.schools(), queries.employers(), data=begun.typed if begun else _preset(me))
    if form.is_submitted():
        drafts.save(me, form.typed())
    if request.form.get("later"):
        return see_other(url_for("referrals.index"))
    if form.validate_on_submit() and not _refusal(form, me):
        drafts.save(me, form.typed())
        return see_other(url_for(".check"))
    return form_page("referrals/new.html", form, begun=begun)


@bp.post("/new/draft")
@allowed_to(Role.REFERRER)
def save_draft() -> ResponseReturnValue:
    """Keep what is typed so far; nothing is checked yet."""
    form = ReferralForm(queries.schools(), queries.employers())
    drafts.save(signed_in_user(), form.typed())
    return "", 204


@bp.post("/new/discard")
@allowed_to(Role.REFERRER)
def discard_draft() -> ResponseReturnValue:
    drafts.discard(signed_in_user())
    return see_other(url_for("referrals.index"))


def _preset(me: User) -> dict[str, str]:
    """The referrer's own school and employer, which are often the trainee's."""
    held = next(iter(people.referrer_roles(me)), None)
    return {
        "school": held.school.public_id if held and held.school else "",
        "employer": held.employer.public_id if held and held.employer else "",
    }


def _asked(form: ReferralForm) -> actions.Request:
    return actions.Request(
        trainee_name=form.trainee_name.data,
        trainee_email=form.trainee_email.data.lower(),
        school=None if form.school.data == UNKNOWN else form.schools[form.school.data],
        employer=form.employers[form.employer.data],
        request=form.request.data,
        wider_concerns=form.wider_concerns.data == "yes",
    )


def _kind(me: User) -> ReferrerKind:
    return ReferrerKind(people.referrer_roles(me)[0].referrer_kind)


def _refusal(form: ReferralForm, me: User) -> bool:
    """Show beside the form what the rules refuse, before anything is previewed."""
    asked = _asked(form)
    try:
        actions.refuse_what_the_rules_refuse(asked, me, _kind(me))
    except RuleBroken as refusal:
        concerns = asked.wider_concerns and asked.trainee_email != me.email and "head" in refusal.words
        field = form.wider_concerns if concerns else form.trainee_email
        field.errors = [*field.errors, refusal.words]
        return True
    return False


@bp.route("/new/check", methods=["GET", "POST"])
@allowed_to(Role.REFERRER)
def check() -> ResponseReturnValue:
    """The exact emails, every recipient, and why each may be told; then send."""
    me = signed_in_user()
    confirm = ConfirmForm()
    begun = drafts.of(me)
    if begun is None:
        return _already_sent(me)
    # What is wrong is shown in the form itself, which is then sent from here: it needs its protection.
    typed = MultiDict(begun.typed | {"csrf_token": generate_csrf()})
    form = ReferralForm(queries.schools(), queries.employers(), formdata=typed)
    if not form.validate() or _refusal(form, me):
        if _sent(begun.reference, me):
            return see_other(url_for(".sent", referral_id=begun.reference))
        return form_page("referrals/new.html", form, begun=begun)

    def send() -> Referral:
        return actions.refer(_asked(form), me, _kind(me), begun.reference)

    changed = confirm.validate_on_submit() and confirm.seen.data != begun.digest
    if confirm.validate_on_submit() and not changed:
        referral = send()
        return see_other(url_for(".sent", referral_id=referral.public_id))
    confirm.seen.data = begun.digest
    return render_template(
        "referrals/check.html", form=confirm, letters=rehearse(send), begun=begun, changed=changed
    ), 409 if changed else 200


def _already_sent(me: User) -> ResponseReturnValue:
    """The button was pressed twice, or the page was opened again after sending: show what was sent."""
    sent = _sent(request.form.get("reference", ""), me)
    return see_other(url_for(".sent", referral_id=sent.public_id) if sent else url_for(".new"))


def _sent(reference: str, me: User) -> Referral | None:
    """My referral of this reference; None where it was not sent."""
    found: Referral | None = Referral.get_or_none((Referral.public_id == reference) & (Referral.referred_by == me))
    return found


@bp.get("/<public_id:referral_id>/sent")
@signed_in
def sent(referral_id: str) -> ResponseReturnValue:
    referral, _, _ = load(referral_id, Relation.REFERRER)
    return render_template("referrals/sent.html", referral=referral)


# One referral


@bp.get("/<public_id:referral_id>")
@signed_in
def show(referral_id: str) -> ResponseReturnValue:
    referral, relations, me = load(referral_id)
    return render_template("referrals/show.html", **about(referral, relations, me))


def about(referral: Referral, relations: frozenset[Relation], me: User) -> dict[str, Any]:
    """What the page of a referral shows these relations, and nothing else."""
    mine = queries.undoable_by(me) if Relation.ADVISER in relations else []
    return {
        "referral": referral,
        "relations": relations,
        "is_adviser": Relation.ADVISER in relations,
        "is_counsellor": bool(relations & {Relation.COUNSELLOR, Relation.COVERING}),
        "is_covering": Relation.COVERING in relations,
        "is_trainee": Relation.TRAINEE in relations,
        "is_referrer": Relation.REFERRER in relations,
        "is_head": Relation.HEAD in relations,
        "reads_request": bool(relations - {Relation.TSG}),
        "released": queries.released(referral) if Relation.TSG in relations else None,
        "decided": queries.decided(referral) if Relation.HEAD in relations else None,
        "others": queries.same_trainee(referral) if Relation.ADVISER in relations else [],
        "history": history.of(referral, relations),
        "messages": ledger.lines(messages.of_referral(referral, me)),
        "undoable": [one for one in mine if one.event.referral_id == referral.id],
        "now": clock.now(),
        "accept_action": url_for("referrals.acceptance", referral_id=referral.public_id),
        "refuse_href": url_for("referrals.refusal", referral_id=referral.public_id),
        "undo_pending": actions.is_being_chosen(referral),
        "waited": queries.waited_days(referral),
        "words_for_head": queries.words_for_head(referral) if Relation.HEAD in relations else "",
        "words_for_referrer": queries.words_for_referrer([referral]) if Relation.REFERRER in relations else {},
        "status": status,
    }


# What a referrer does later


@bp.route("/<public_id:referral_id>/concerns", methods=["GET", "POST"])
@signed_in
def concerns(referral_id: str) -> ResponseReturnValue:
    """Say later that there are wider concerns, with the emails shown first (A8)."""
    referral, _, me = load(referral_id, Relation.REFERRER)
    known = referral.school is not None
    form: Any = ConfirmForm() if known else ConcernsForm(queries.schools())
    chosen = None if known else form.schools.get(form.school.data or request.args.get("school", ""))
    if form.validate_on_submit():
        actions.add_concerns(referral, chosen, by=me)
        return see_other(url_for(".show", referral_id=referral.public_id))
    letters = rehearse(lambda: actions.add_concerns(_fresh(referral), chosen, by=me)) if known or chosen else []
    if not known and chosen and request.method == "GET":
        form.school.data = chosen.public_id
    return form_page("referrals/concerns.html", form, referral=referral, letters=letters, known=known)


@bp.route("/<public_id:referral_id>/withdrawal", methods=["GET", "POST"])
@signed_in
def withdrawal(referral_id: str) -> ResponseReturnValue:
    referral, _, me = load(referral_id, Relation.REFERRER)
    form = ConfirmForm()
    if form.validate_on_submit():
        actions.withdraw(referral, by=me)
        return see_other(url_for(".show", referral_id=referral.public_id))
    # Who the counsellor is, the referrer does not learn.
    letters = [
        one for one in rehearse(lambda: actions.withdraw(_fresh(referral), by=me)) if one.kind != "ended_counsellor"
    ]
    return form_page("referrals/withdrawal.html", form, referral=referral, letters=letters)


def _fresh(referral: Referral) -> Referral:
    """A copy of the row for a rehearsal, which changes it."""
    return Referral.get_by_id(referral.id)


# What a trainee with an account does


@bp.post("/<public_id:referral_id>/acceptance")
@signed_in
def acceptance(referral_id: str) -> ResponseReturnValue:
    referral, _, me = load(referral_id, Relation.TRAINEE)
    if ConfirmForm().validate_on_submit():
        actions.accept(referral, by=me)
    return see_other(url_for(".show", referral_id=referral.public_id))


@bp.route("/<public_id:referral_id>/refusal", methods=["GET", "POST"])
@signed_in
def refusal(referral_id: str) -> ResponseReturnValue:
    referral, _, me = load(referral_id, Relation.TRAINEE)
    form = ConfirmForm()
    if form.validate_on_submit():
        actions.decline(referral, by=me)
        return see_other(url_for(".show", referral_id=referral.public_id))
    action, back = url_for(".refusal", referral_id=referral_id), url_for(".show", referral_id=referral_id)
    return form_page("referrals/refusal.html", form, referral=referral, action=action, back=back)


# The head of school, and the TSG


@bp.route("/<public_id:referral_id>/release", methods=["GET", "POST"])
@signed_in
def release(referral_id: str) -> ResponseReturnValue:
    """The head decides what the TSG is told: choose, see exactly what is sent, send (A4)."""
    referral, _, me = load(referral_id, Relation.HEAD)
    form = ReleaseForm()
    if form.validate_on_submit():
        choice = ReleaseChoice(form.choice.data)
        if request.form.get("step") == "send":
            actions.release(referral, choice, form.words.data or "", by=me)
            return see_other(url_for(".show", referral_id=referral.public_id))
        letters = rehearse(lambda: actions.release(referral, choice, form.words.data or "", by=me))
        return render_template("referrals/release_check.html", form=form, referral=referral, letters=letters)
    return form_page("referrals/release.html", form, referral=referral, decided=queries.decided(referral))


@bp.get("/released")
@allowed_to(Role.TSG)
def released() -> ResponseReturnValue:
    """What heads of school released to the TSG. A trainee not released looks as one never referred."""
    return render_template("referrals/released.html", releases=queries.releases_to(signed_in_user()))
