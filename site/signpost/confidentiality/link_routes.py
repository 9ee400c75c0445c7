"""By personal link: the trainee's consents and disclosures; and what a person named in a consent is told."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from models import Consent, LinkPurpose, PersonalLink, Referral
from signpost.access import public
from signpost.accounts import links
from signpost.confidentiality import consents, pages
from signpost.web import get_object_or_404

bp = Blueprint("linked_disclosures", __name__)


def _way(token: str) -> tuple[Referral, pages.Way]:
    link = links.find_open(token) or abort(404)
    return link.referral, pages.Way(link, token)


def _consent(token: str, consent_id: str) -> tuple[Consent, pages.Way]:
    referral, way = _way(token)
    own = Consent.select().where(Consent.referral == referral)
    return get_object_or_404(own, Consent.public_id == consent_id), way


@bp.get("/links/<string:token>/disclosures")
@public
def disclosures(token: str) -> ResponseReturnValue:
    return pages.disclosures(*_way(token))


@bp.get("/links/<string:token>/consents/<public_id:consent_id>")
@public
def consent(token: str, consent_id: str) -> ResponseReturnValue:
    return pages.consent(*_consent(token, consent_id))


@bp.post("/links/<string:token>/consents/<public_id:consent_id>/signature")
@public
def sign(token: str, consent_id: str) -> ResponseReturnValue:
    return pages.sign(*_consent(token, consent_id))


@bp.post("/links/<string:token>/consents/<public_id:consent_id>/refusal")
@public
def refuse(token: str, consent_id: str) -> ResponseReturnValue:
    return pages.refuse(*_consent(token, consent_id))


@bp.post("/links/<string:token>/consents/<public_id:consent_id>/withdrawal")
@public
def withdraw(token: str, consent_id: str) -> ResponseReturnValue:
    return pages.withdraw(*_consent(token, consent_id))


@bp.get("/disclosed/<string:token>")
@public
def disclosed(token: str) -> ResponseReturnValue:
    """What the trainee agreed that this person may know, while the consent stands (C4)."""
    link: PersonalLink | None = links.find(token)
    if link is None or link.purpose != LinkPurpose.DISCLOSURE:
        abort(404)
    if not links.is_open(link) or not consents.stands(link.consent):
        return render_template("confidentiality/disclosed_over.html"), 410
    return render_template("confidentiality/disclosed.html", consent=link.consent)
