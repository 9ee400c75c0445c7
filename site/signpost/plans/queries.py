"""What somebody set out to do, as its readers see it."""

from peewee import JOIN, ModelSelect

from models import Objective, ObjectiveRemark, ObjectiveState, PersonalLink, Plan, Referral, User


def objectives_of(referral: Referral) -> list[Objective]:
    """What stands in the plan of a case, in its order."""
    return list(_of(referral))


def still_open(referral: Referral) -> list[Objective]:
    """What is not done yet: what the next session opens on (B8)."""
    return list(_of(referral).where(Objective.state != ObjectiveState.MET))


def _of(referral: Referral) -> ModelSelect:
    standing = (Plan.referral == referral) & Objective.removed_at.is_null()
    return (
        Objective.select(Objective, Plan, User)
        .join(Plan)
        .join_from(Objective, User, JOIN.LEFT_OUTER, on=Objective.supporter)
        .where(standing)
        .order_by(Objective.position, Objective.id)
    )


def remarks_of(objective: Objective) -> list[ObjectiveRemark]:
    """What was said of it, the first first."""
    return list(
        ObjectiveRemark.select(ObjectiveRemark, User, PersonalLink)
        .join(User, JOIN.LEFT_OUTER, on=ObjectiveRemark.by_user)
        .join_from(ObjectiveRemark, PersonalLink, JOIN.LEFT_OUTER, on=ObjectiveRemark.by_link)
        .where(ObjectiveRemark.objective == objective)
        .order_by(ObjectiveRemark.id)
    )
