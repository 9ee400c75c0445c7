"""What the page of a case shows of its sessions and its end, and the trainee's two steps, signed in or by link."""

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from models import Party, PersonalLink, Referral, Status, Teller, User
from signpost.access import signed_in_user
from signpost.accounts import links
from signpost.completion import actions, next_step, queries
from signpost.completion.forms import StopForm, TellingForm
from signpost.errors import RuleBroken
from signpost.events import rehearse
from signpost.notices.permissions import sessions_are_complete
from signpost.referrals import actions as referrals
from signpost.referrals.queries import Relation
from signpost.web import form_page, see_other


@dataclass(frozen=True)
class Way:
    """How the trainee's steps are reached: signed in, or by the personal link whose token stands in the address."""

    by: User | PersonalLink
    referral: Referral
    token: str = ""

    def to(self, step: str) -> str:
        if self.token:
            return url_for(f"ending_links.{step}", token=self.token)
        return url_for(f"completion.{step}", referral_id=self.referral.public_id)

    @property
    def home(self) -> str:
        if self.token:
            return url_for("links.show", token=self.token)
        return url_for("referrals.show", referral_id=self.referral.public_id)


def of_trainee(referral: Referral, token: str = "") -> dict[str, Any]:
    """For `completion/_of_trainee.html`: how far it is, what comes next, and whom they can tell (A21)."""
    way = Way(links.find(token) or signed_in_user(), referral, token)
    case = _as_told(referral)
    return {
        "progress": case.progress,
        "next_step": next_step.for_trainee(case),
        "has_counsellor": bool(case.counsellor),
        "telling": telling_of(referral, way) if case.is_complete else None,
        "announced": queries.told(referral, Teller.TEAM),
        "stop_href": way.to("stopping") if may_stop(referral) else "",
    }


def next_step_of(referral: Referral) -> str:
    """What comes next, in words for the trainee."""
    return next_step.for_trainee(_as_told(referral))


def _as_told(referral: Referral) -> next_step.Case:
    """How the case stands, as far as the trainee is told now."""
    case = queries.case(referral)
    if not (case.is_complete or referral.is_closed) and referrals.is_being_chosen(referral):
        return replace(case, status=Status.SUBMITTED, counsellor="")
    return case


def may_stop(referral: Referral) -> bool:
    return referral.has_begun and referral.status != Status.SESSIONS_COMPLETE


def telling_of(referral: Referral, way: Way, form: TellingForm | None = None) -> dict[str, Any]:
    """For `completion/_telling.html`: the three, those told and those still to be told, and what they would read."""
    to_tell = queries.still_to_tell(referral)
    reachable = {one.party for one in to_tell if one.names}
    return {
        "form": form or TellingForm(to_tell),
        "action": way.to("telling"),
        "told": queries.told(referral, Teller.TRAINEE),
        "to_tell": to_tell,
        "letters": rehearse(lambda: actions.tell(referral, reachable, way.by)) if reachable else [],
    }


def telling(way: Way) -> ResponseReturnValue:
    """Whoever is informed already is ticked; one press sends one message to each who is ticked (A21)."""
    referral = way.referral
    if not sessions_are_complete(referral):
        raise RuleBroken("Your agreed sessions are not complete yet, so there is nothing to tell.")
    form = TellingForm(queries.still_to_tell(referral))
    wanted = set(request.form.getlist("parties"))
    if wanted and wanted <= set(queries.told(referral, Teller.TRAINEE)):
        return see_other(way.home)  # a second press: they know already
    if form.validate_on_submit():
        actions.tell(referral, {Party(one) for one in form.parties.data or ()}, way.by)
        return see_other(way.home)
    return form_page(
        "completion/telling.html", form, referral=referral, back=way.home, telling=telling_of(referral, way, form)
    )


def stopping(way: Way) -> ResponseReturnValue:
    """The trainee would rather not go on."""
    form = StopForm()
    if form.validate_on_submit():
        referrals.stop(way.referral, way.by)
        return see_other(way.home)
    # What the act would refuse, the page refuses before it offers it.
    rehearse(lambda: referrals.stop(Referral.get_by_id(way.referral.id), way.by))
    return form_page("completion/stopping.html", form, referral=way.referral, action=way.to("stopping"), back=way.home)


def of_case(referral: Referral, relations: frozenset[Relation]) -> dict[str, Any] | None:
    """For `completion/_of_case.html`: what counsellor, whoever covers, and adviser see of it, and what each may do now."""
    if not relations & {Relation.COUNSELLOR, Relation.ADVISER, Relation.COVERING}:
        return None
    case = queries.case(referral)
    is_counsellor = bool(relations & {Relation.COUNSELLOR, Relation.COVERING})
    here = {"referral_id": referral.public_id}
    return {
        "progress": case.progress,
        "has_counsellor": referral.assigned_to_id is not None,
        "next_step": (next_step.for_counsellor if is_counsellor else next_step.for_adviser)(case),
        "told": queries.told(referral, Teller.TRAINEE),
        "announced": queries.told(referral, Teller.TEAM),
        "is_complete": case.is_complete,
        "agree_href": url_for("completion.agreed_sessions", **here) if is_counsellor and not referral.is_closed else "",
        "tell_href": url_for("completion.telling_for_trainee", **here)
        if is_counsellor and case.may_tell_for_trainee
        else "",
        "notice_href": url_for("completion.end_notice", **here) if case.may_announce else "",
    }
