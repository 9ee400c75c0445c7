"""The Referral Consent Form (C4): proposed, signed by the trainee, sent to one named person, withdrawn. Never out of order."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models import Consent, PersonalLink, Referral, User, db
from signpost import clock, presses
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.notices.permissions import consent_stands
from signpost.referrals import record_access

CHANGED = "Somebody changed this consent in the meantime. Look at it again."
INFORMATION_LENGTH = 2000

# Each version of what a trainee agrees to by signing; never changed, only added to.
WORDS = {
    1: "I agree that the careers team gives the information above to the person named above, and to nobody else. I can "
    "withdraw this at any time. What was given before then cannot be taken back.",
}
WORDS_NOW = max(WORDS)


@dataclass(frozen=True)
class Wanted:
    """What is to be given to whom, why, and until which day, if one is wished."""

    recipient_name: str
    recipient_body: str
    recipient_email: str
    information: str
    why: str
    until: date | None = None


def propose(referral: Referral, wanted: Wanted, by: User) -> Consent:
    """Ask the trainee to agree that this information goes to this person (C4)."""
    if not record_access.reads_record(by, referral):
        raise RuleBroken("Only those who hold the case can ask for this consent.")
    if wanted.recipient_email == referral.trainee_email:
        raise RuleBroken("That is the trainee’s own address. Enter the address of the person to be told.")
    if wanted.until is not None and wanted.until < clock.today():
        raise RuleBroken("The last day must be today or later.")
    _refuse_who_left(wanted.recipient_email)
    with db.atomic():
        last = Consent.select().where(Consent.referral == referral).order_by(Consent.id.desc()).first()
        if presses.is_same(last, "proposed_at", vars(wanted) | {"proposed_by": by}):
            return last
        consent = Consent.create(
            referral=referral,
            **vars(wanted),
            words_version=WORDS_NOW,
            proposed_by=by,
            proposed_at=clock.now(),
        )
        record("consent.proposed", by=by, referral=referral, concerning=consent)
    return consent


def sign(consent: Consent, name: str, by: User | PersonalLink) -> None:
    """The trainee types their name; when, and in which version of the words, is kept."""
    if consent.signed_at is not None:
        return
    if consent.refused_at is not None:
        raise RuleBroken("You said no to this. The careers team can ask you again.")
    if not name.strip():
        raise RuleBroken("Type your name to sign.")
    if is_past(consent.until):
        raise RuleBroken("The last day of this consent is over. The careers team can ask you again.")
    with db.atomic():
        change(consent, consent.version, CHANGED, signed_name=" ".join(name.split()), signed_at=clock.now())
        facts = {"words": consent.words_version}
        record("consent.signed", by=by, referral=consent.referral, concerning=consent, facts=facts)


def refuse(consent: Consent, by: User | PersonalLink) -> None:
    """The trainee says no; nothing goes out."""
    if consent.signed_at is not None:
        raise RuleBroken("You signed this. You can withdraw it instead.")
    if consent.refused_at is not None:
        return
    with db.atomic():
        change(consent, consent.version, CHANGED, refused_at=clock.now())
        record("consent.refused", by=by, referral=consent.referral, concerning=consent)


def withdraw(consent: Consent, by: User | PersonalLink) -> None:
    """From now on nothing more goes out on it, and what was sent can no longer be opened (C4)."""
    if consent.withdrawn_at is not None:
        return
    if consent.signed_at is None:
        raise RuleBroken("This was not signed, so there is nothing to withdraw.")
    with db.atomic():
        change(consent, consent.version, CHANGED, withdrawn_at=clock.now())
        PersonalLink.update(withdrawn_at=clock.now()).where(
            (PersonalLink.consent == consent) & PersonalLink.withdrawn_at.is_null()
        ).execute()
        record("consent.withdrawn", by=by, referral=consent.referral, concerning=consent)


def send(consent: Consent, by: User) -> None:
    """Give the information to the person named: a message with a link that is theirs alone (C4)."""
    if not record_access.reads_record(by, consent.referral):
        raise RuleBroken("Only those who hold the case can send this.")
    if consent.sent_at is not None:
        return
    refuse_without_consent(consent)
    _refuse_who_left(consent.recipient_email)
    with db.atomic():
        change(consent, consent.version, CHANGED, sent_at=clock.now(), sent_by=by)
        record("consent.sent", by=by, referral=consent.referral, concerning=consent)


def refuse_without_consent(consent: Consent) -> None:
    """Nothing is sent, or even previewed, without a consent that stands."""
    if consent.signed_at is None:
        raise RuleBroken("The trainee has not signed this, so nothing can be sent.")
    if consent.withdrawn_at is not None:
        raise RuleBroken("The trainee withdrew this consent, so nothing can be sent.")
    if not stands(consent):
        raise RuleBroken("The last day of this consent is over, so nothing can be sent.")


def stands(consent: Consent) -> bool:
    """Signed, not withdrawn, and its last day not over in London."""
    return consent_stands(consent)


def is_past(until: date | None) -> bool:
    return until is not None and ends_at(until) <= clock.now()


def ends_at(until: date) -> datetime:
    """Midnight in London after the last day."""
    return clock.start_of(until + timedelta(days=1))


def _refuse_who_left(email: str) -> None:
    account = User.get_or_none(User.email == email)
    if account is not None and account.is_disabled:
        raise RuleBroken("The account of this person is closed. Name somebody else.")
