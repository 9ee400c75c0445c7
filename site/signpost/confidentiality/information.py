"""One question at a time to the LFG career lead of the trainee's employer, once the trainee has accepted support (A5)."""

from models import InformationRequest, Referral, ReferrerKind, Role, RoleHeld, User, db
from signpost import clock
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.referrals import queries as referrals
from signpost.referrals.queries import Relation

CHANGED = "This was answered in the meantime. Look at it again."
QUESTION_LENGTH = 1000
ANSWER_LENGTH = 4000


def leads_of(referral: Referral) -> list[User]:
    """LFG career leads of the trainee's employer, but for the trainee."""
    held = (
        (RoleHeld.role == Role.REFERRER)
        & (RoleHeld.referrer_kind == ReferrerKind.LFG_CAREER_LEAD)
        & (RoleHeld.employer == referral.employer)
        & User.disabled_at.is_null()
        & (User.email != referral.trainee_email)
    )
    found = User.select().join(RoleHeld).where(held).distinct().order_by(User.name)
    return [one for one in found if one.id != referral.trainee_id]


def ask(referral: Referral, lead: User, question: str, by: User) -> InformationRequest:
    """The adviser or the counsellor asks; the trainee sees what (A5)."""
    relations = referrals.relations(by, referral)
    if not relations & {Relation.ADVISER, Relation.COUNSELLOR, Relation.COVERING}:
        raise RuleBroken("Only the adviser or the counsellor can ask the employer.")
    refuse_to_ask(referral)
    if lead not in leads_of(referral):
        raise RuleBroken("Choose an LFG career lead of the trainee’s employer.")
    if not question.strip():
        raise RuleBroken("Enter your question.")
    with db.atomic():
        if open_of(referral) is not None:
            raise RuleBroken(ONE_AT_A_TIME)
        asked = InformationRequest.create(
            referral=referral, asked_by=by, asked_of=lead, question=question.strip(), asked_at=clock.now()
        )
        record("information.asked", by=by, referral=referral, concerning=asked)
    return asked


ONE_AT_A_TIME = "One question waits for its answer already. Ask the next when it is answered."


def refuse_to_ask(referral: Referral) -> None:
    if referral.is_closed:
        raise RuleBroken("This referral is closed, so nothing more can be asked.")
    if referral.accepted_at is None:
        raise RuleBroken("The trainee has not accepted support yet. Until then nobody is asked about them.")
    if open_of(referral) is not None:
        raise RuleBroken(ONE_AT_A_TIME)


def open_of(referral: Referral) -> InformationRequest | None:
    """The question that waits for its answer."""
    waiting = (InformationRequest.referral == referral) & InformationRequest.answered_at.is_null()
    return InformationRequest.get_or_none(waiting)


def answer(asked: InformationRequest, words: str, version: int, by: User) -> None:
    """The career lead answers; those who hold the case read it, and nobody else."""
    if not may_answer(by, asked):
        raise RuleBroken("Only the person asked can answer.")
    if asked.answered_at is not None:
        raise RuleBroken("This is answered already.")
    if not words.strip():
        raise RuleBroken("Enter your answer.")
    with db.atomic():
        change(asked, version, CHANGED, answer=words.strip(), answered_at=clock.now())
        record("information.answered", by=by, referral=asked.referral, concerning=asked)


def may_answer(user: User, asked: InformationRequest) -> bool:
    """Who was asked, while they are still a career lead of that employer and the referral is open."""
    return asked.asked_of_id == user.id and user in leads_of(asked.referral) and not asked.referral.is_closed
