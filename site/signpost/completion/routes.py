"""The end of a case, for whoever is signed in: the trainee tells others; the team notes, tells and closes."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from models import Agreed, Party, Referral, Role, Teller, User
from signpost import clock
from signpost.access import allowed_to, roles_held, signed_in, signed_in_user
from signpost.completion import actions, pages, queries
from signpost.completion.forms import AgreedSessionsForm, EndNoticeForm, TellingForTraineeForm
from signpost.errors import RuleBroken
from signpost.events import rehearse
from signpost.forms import refused_beside
from signpost.notices.policy import at_the_end
from signpost.referrals import queries as referrals
from signpost.referrals.queries import Relation
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("completion", __name__, url_prefix="/referrals")
# The page of a case stands below this room; its template asks for these by name.
bp.app_context_processor(lambda: {"ending_of_case": pages.of_case, "ending_of_trainee": pages.of_trainee})

# Whoever covers stands in for the counsellor in everything, or the end would wait for their return (A21, A22, C9).
HOLDS_IT = (Relation.COUNSELLOR, Relation.COVERING)


def _load(referral_id: str, *needed: Relation) -> tuple[Referral, User]:
    """The referral, for whoever is one of these to it; otherwise there is no such page."""
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    if not referrals.relations(me, referral) & set(needed):
        abort(404)
    return referral, me


def _home(referral: Referral) -> str:
    return url_for("referrals.show", referral_id=referral.public_id)


# The trainee's


def _own(referral_id: str) -> pages.Way:
    referral, me = _load(referral_id, Relation.TRAINEE)
    return pages.Way(me, referral)


@bp.route("/<public_id:referral_id>/telling", methods=["GET", "POST"])
@signed_in
def telling(referral_id: str) -> ResponseReturnValue:
    return pages.telling(_own(referral_id))


@bp.route("/<public_id:referral_id>/stopping", methods=["GET", "POST"])
@signed_in
def stopping(referral_id: str) -> ResponseReturnValue:
    return pages.stopping(_own(referral_id))


# The team's


@bp.route("/<public_id:referral_id>/agreed-sessions", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR)
def agreed_sessions(referral_id: str) -> ResponseReturnValue:
    """How many sessions were agreed, and when that was discussed (A13)."""
    referral, me = _load(referral_id, *HOLDS_IT)
    form = AgreedSessionsForm(data={"number": referral.agreed_sessions, "version": str(referral.version)})
    if form.validate_on_submit():
        with refused_beside(form.number):
            actions.agree_sessions(referral, form.number.data, form.discussed_on.data, me, posted_version(form))
            return see_other(_home(referral))
    case = queries.case(referral)
    return form_page("completion/agreed_sessions.html", form, referral=referral, back=_home(referral), case=case)


@bp.route("/<public_id:referral_id>/telling-for-trainee", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR)
def telling_for_trainee(referral_id: str) -> ResponseReturnValue:
    """After two reminders the counsellor may tell others, with the trainee's agreement (A21)."""
    referral, me = _load(referral_id, *HOLDS_IT)
    if queries.told(referral, Teller.TRAINEE):
        return see_other(_home(referral))
    to_tell = queries.still_to_tell(referral)
    form = TellingForTraineeForm(to_tell)
    if form.validate_on_submit():
        parties = {Party(one) for one in form.parties.data or ()}
        how = Agreed(form.agreed_how.data)
        actions.tell_for_trainee(referral, parties, form.agreed_on.data, how, me)
        return see_other(_home(referral))
    all_of_them = {one.party for one in to_tell if one.names}
    letters = rehearse(lambda: actions.tell_for_trainee(referral, all_of_them, clock.today(), Agreed.IN_SESSION, me))
    context = {"referral": referral, "back": _home(referral), "to_tell": to_tell, "letters": letters}
    return form_page("completion/telling_for_trainee.html", form, **context)


@bp.route("/<public_id:referral_id>/end-notice", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR, Role.SENIOR_ADVISER)
def end_notice(referral_id: str) -> ResponseReturnValue:
    """The employer, and the TSG where it was informed, hear that the sessions have ended; the case is closed (A22)."""
    referral, me = _load(referral_id, *HOLDS_IT, Relation.ADVISER)
    if queries.told(referral, Teller.TEAM):
        return see_other(_home(referral))
    form = EndNoticeForm(data={"version": str(referral.version)})
    has_contact = bool(at_the_end(Party.EMPLOYER, referral))
    closes = not referral.is_closed

    def send(row: Referral, version: int, reason: str) -> None:
        if closes:
            actions.finish(row, me, version, reason)
        else:
            actions.announce(row, me)

    if form.validate_on_submit():
        reason = form.reason.data or ""
        if has_contact or reason or not closes:
            send(referral, posted_version(form), reason)
            return see_other(_home(referral))
        form.reason.errors = ["Enter why it is closed without telling the employer"]
    letters = []
    if has_contact or closes:
        fresh = Referral.get_by_id(referral.id)
        letters = rehearse(lambda: send(fresh, fresh.version, "the reason you give"))
    elif not queries.may_announce(referral):
        raise RuleBroken("No sessions have ended here, so the employer is told nothing.")
    return form_page(
        "completion/end_notice.html",
        form,
        referral=referral,
        back=_home(referral),
        letters=letters,
        has_contact=has_contact,
        closes=closes,
        is_administrator=Role.ADMINISTRATOR in roles_held(),
    )
