"""What a trainee sees and does, signed in or by their personal link; and what the page of a case shows of disclosures."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from models import Breach, Consent, Emergency, PersonalLink, Referral, User
from signpost.confidentiality import breaches, consents, information, queries
from signpost.confidentiality.forms import SignatureForm
from signpost.referrals import record_access
from signpost.referrals.forms import ConfirmForm
from signpost.web import form_page, see_other


@dataclass(frozen=True)
class Way:
    """How the pages are reached: signed in, or by the personal link whose token stands in the address."""

    by: User | PersonalLink
    token: str = ""

    def to(self, step: str, consent: Consent) -> str:
        if self.token:
            return url_for(f"linked_disclosures.{step}", token=self.token, consent_id=consent.public_id)
        return url_for(f"confidentiality.{step}", consent_id=consent.public_id)

    def all_of(self, referral: Referral) -> str:
        if self.token:
            return url_for("linked_disclosures.disclosures", token=self.token)
        return url_for("confidentiality.of_trainee", referral_id=referral.public_id)

    def home(self, referral: Referral) -> str:
        if self.token:
            return url_for("links.show", token=self.token)
        return url_for("referrals.show", referral_id=referral.public_id)


def about(consent: Consent) -> dict[str, Any]:
    return {
        "words": consents.WORDS[consent.words_version],
        "stands": consents.stands(consent),
        "is_past": consents.is_past(consent.until),
    }


def consent(consent: Consent, way: Way, form: SignatureForm | None = None) -> ResponseReturnValue:
    """One consent of the trainee's own: what, to whom, why; to sign, refuse or withdraw (C4)."""
    referral = consent.referral
    return form_page(
        "confidentiality/consent.html",
        form or SignatureForm(formdata=None),
        consent=consent,
        back=way.all_of(referral),
        urls={step: way.to(step, consent) for step in ("sign", "refuse", "withdraw")},
        **about(consent),
    )


def sign(consent_: Consent, way: Way) -> ResponseReturnValue:
    form = SignatureForm()
    if form.validate_on_submit():
        consents.sign(consent_, form.name.data, way.by)
        return see_other(way.to("consent", consent_))
    return consent(consent_, way, form)


def refuse(consent: Consent, way: Way) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        consents.refuse(consent, way.by)
    return see_other(way.to("consent", consent))


def withdraw(consent: Consent, way: Way) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        consents.withdraw(consent, way.by)
    return see_other(way.to("consent", consent))


def disclosures(referral: Referral, way: Way) -> ResponseReturnValue:
    """All of theirs: consents, questions to the employer, and what was disclosed without consent once they may know."""
    return render_template(
        "confidentiality/disclosures.html",
        referral=referral,
        back=way.home(referral),
        consents=[(one, way.to("consent", one), consents.stands(one)) for one in queries.consents_in(referral)],
        asked=queries.information_in(referral),
        breaches=told_of(referral),
        emergencies=[one for one in queries.emergencies_in(referral) if one.told_at is not None],
    )


def told_of(referral: Referral) -> list[Breach]:
    """Breaches of which the trainee was told, or is being told by the message that led them here."""
    return [one for one in queries.breaches_in(referral) if one.told_how is not None]


def of_case(referral: Referral, reader: User | None = None, token: str = "") -> dict[str, Any]:
    """What the page of a case shows: for `confidentiality/_of_case.html` and `_of_trainee.html`."""
    reads = reader is not None and record_access.reads_record(reader, referral)
    way = Way(reader or referral.referred_by, token)
    found_emergencies: list[Emergency] = queries.emergencies_in(referral)
    found_consents = queries.consents_in(referral)
    return {
        "reads": reads,
        "consents": found_consents,
        "stands": consents.stands,
        "asked": queries.information_in(referral),
        "may_ask": not referral.is_closed
        and referral.accepted_at is not None
        and information.open_of(referral) is None,
        "breaches": queries.breaches_in(referral) if reads else [],
        "told_at": breaches.told_at,
        "emergencies": found_emergencies if reads else [],
        "all": way.all_of(referral),
        "to_sign": [one for one in found_consents if one.signed_at is None and one.refused_at is None],
        "told": bool(told_of(referral) or [one for one in found_emergencies if one.told_at is not None]),
    }
