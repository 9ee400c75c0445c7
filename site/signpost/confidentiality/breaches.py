"""Breaking confidentiality, in its order and no other: decide, tell the trainee, contact the head of school (A19, A20)."""

from datetime import datetime

from peewee import ModelSelect

from models import Breach, Event, Ground, Notice, NoticeState, Referral, Told, User, db
from signpost import clock, presses
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.notices.permissions import is_about
from signpost.referrals import record_access

CHANGED = "Somebody took a step of this in the meantime. Look at it again."
WORDS_LENGTH = 2000
LAWS = (
    "Children Act 1989 and 2004",
    "Rehabilitation of Offenders Act 1974",
)


def decide(referral: Referral, ground: Ground, law: str, reason: str, by: User) -> Breach:
    """On one of the closed list of grounds, with the reason; the law is named where it is one (A18, C5)."""
    _refuse_strangers(referral, by)
    refuse_ground(ground, law)
    if not reason.strip():
        raise RuleBroken("Say what concerns you.")
    law = law.strip() if ground == Ground.LEGAL_REQUIREMENT else ""
    said = {"ground": ground, "law": law, "reason": reason.strip(), "decided_by": by}
    with db.atomic():
        last = Breach.select().where(Breach.referral == referral).order_by(Breach.id.desc()).first()
        if presses.is_same(last, "decided_at", said):
            return last
        breach = Breach.create(referral=referral, **said, decided_at=clock.now())
        record("breach.decided", by=by, referral=referral, concerning=breach, facts={"ground": ground})
    return breach


def refuse_ground(ground: Ground, law: str) -> None:
    if ground == Ground.LEGAL_REQUIREMENT and not law.strip():
        raise RuleBroken("Name the law that requires it.")


def tell(breach: Breach, how: Told, words: str, by: User) -> None:
    """The trainee was told, in person or by telephone; or is written to. Tried to tell is not told (A20)."""
    _refuse_strangers(breach.referral, by)
    _refuse_over(breach)
    if breach.told_at is not None:
        raise RuleBroken("The trainee has been told already.")
    if not words.strip():
        raise RuleBroken("Enter the words: what you said, or what the trainee is to read.")
    with db.atomic():
        if how == Told.MESSAGE and is_on_its_way(breach):
            return
        told_at = None if how == Told.MESSAGE else clock.now()
        change(breach, breach.version, CHANGED, words=words.strip(), told_how=how, told_by=by, told_at=told_at)
        name = "breach.message_sent" if how == Told.MESSAGE else "breach.trainee_told"
        record(name, by=by, referral=breach.referral, concerning=breach, facts={"how": how})


def contact_head(breach: Breach, head: User, concern: str, by: User) -> None:
    """The head of school hears the concern, and only the concern; never before the trainee was told (A19, A20)."""
    _refuse_strangers(breach.referral, by)
    _refuse_over(breach)
    refuse_before_told(breach)
    if breach.contacted_at is not None:
        return
    if head not in heads_of(breach.referral):
        raise RuleBroken("Choose the head of the trainee’s school.")
    if not concern.strip():
        raise RuleBroken("Enter the concern that the head of school is to read.")
    with db.atomic():
        columns = {"concern": concern.strip(), "head": head, "contacted_at": clock.now(), "contacted_by": by}
        change(breach, breach.version, CHANGED, told_at=told_at(breach), **columns)
        record("breach.head_contacted", by=by, referral=breach.referral, concerning=breach)


def refuse_before_told(breach: Breach) -> None:
    if told_at(breach) is None:
        waits = breach.told_how == Told.MESSAGE
        raise RuleBroken(
            "The message to the trainee has not arrived yet. Tried to tell is not told."
            if waits
            else "Tell the trainee first. Only then may the head of school be contacted."
        )


def close(breach: Breach, by: User) -> None:
    """The head was contacted, and nothing more is to do."""
    _refuse_strangers(breach.referral, by)
    if breach.contacted_at is None:
        raise RuleBroken("The head of school has not been contacted, so this is not over. You can call it off instead.")
    if breach.closed_at is not None:
        return
    with db.atomic():
        change(breach, breach.version, CHANGED, closed_at=clock.now(), closed_by=by)
        record("breach.closed", by=by, referral=breach.referral, concerning=breach)


def call_off(breach: Breach, by: User) -> None:
    """The concern was met otherwise: confidentiality stands. What was done so far is kept."""
    _refuse_strangers(breach.referral, by)
    if breach.contacted_at is not None:
        raise RuleBroken("The head of school was contacted, so this cannot be called off.")
    if breach.called_off_at is not None:
        return
    with db.atomic():
        change(breach, breach.version, CHANGED, called_off_at=clock.now())
        record("breach.called_off", by=by, referral=breach.referral, concerning=breach)


def told_at(breach: Breach) -> datetime | None:
    """When the trainee was told: said so, or when the message was taken by their mail server."""
    if breach.told_at is not None or breach.told_how != Told.MESSAGE:
        return breach.told_at
    delivered = _messages(breach).where(Notice.state == NoticeState.SENT).order_by(Notice.id).first()
    return delivered.finished_at if delivered else None


def is_on_its_way(breach: Breach) -> bool:
    """Whether a message to the trainee waits to be sent. One that did not arrive is on its way no more."""
    return _messages(breach).where(Notice.state == NoticeState.QUEUED).exists()


def _messages(breach: Breach) -> ModelSelect:
    """The messages to the trainee, and those that were sent again."""
    return Notice.select().join(Event).where((Notice.kind == "breach_told") & (Event.about_id == breach.public_id))


def heads_of(referral: Referral) -> list[User]:
    """The heads of the trainee's school now, but for the trainee."""
    if referral.school is None:
        return []
    return [head for head in people.heads_of(referral.school) if not is_about(referral, head.email)]


def _refuse_strangers(referral: Referral, by: User) -> None:
    if not record_access.reads_record(by, referral):
        raise RuleBroken("Only those who hold the case can do this.")


def _refuse_over(breach: Breach) -> None:
    if breach.called_off_at is not None or breach.closed_at is not None:
        raise RuleBroken("This is over.")
