"""What somebody set out to do, as its readers see it."""

from datetime import date

from peewee import JOIN, Expression, ModelSelect

from models import Ending, Objective, ObjectiveRemark, ObjectiveState, PersonalLink, Plan, Referral, Review, Stage, User
from signpost.referrals import queries as referrals


def objectives_of(referral: Referral) -> list[Objective]:
    """What stands in the plan of a case, in its order."""
    return list(of_case(referral))


def still_open(referral: Referral) -> list[Objective]:
    """What is not done yet: what the next session opens on (B8)."""
    return list(of_case(referral).where(Objective.state != ObjectiveState.MET))


def of_case(referral: Referral) -> ModelSelect:
    return standing().where(Plan.referral == referral).order_by(Objective.position, Objective.id)


def visible_to(user: User) -> ModelSelect:
    """Tasks of every case of which this person may see anything. Who may read them is asked of the case."""
    return standing().where(Plan.referral.in_(referrals.visible_to(user).select(Referral.id)))


def open_tasks_of(user: User) -> list[Objective]:
    """Their own tasks that are not done, over all their cases, the soonest first."""
    return list(_own(user).order_by(Objective.due_on, Objective.id))


def due_by(user: User, day: date) -> list[Objective]:
    """Their own tasks that are not done and are due by this day, or were before it."""
    return list(_own(user).where(Objective.due_on <= day).order_by(Objective.due_on, Objective.id))


def objectives_due_by(user: User, day: date) -> list[Objective]:
    """What is not met of their own agreed action plans, and is due by this day, or was before it (E11)."""
    own = (Review.trainee == user) | (Review.trainee_email == user.email)
    near = (Objective.state != ObjectiveState.MET) & (Objective.due_on <= day)
    return list(standing().where(agreed_and_open() & own & near).order_by(Objective.due_on, Objective.id))


def _own(user: User) -> ModelSelect:
    own = referrals.of_trainee(user, user.email) & in_progress()
    return standing().where(own & (Objective.state != ObjectiveState.MET))


def in_progress() -> Expression:
    """Whether the tasks of a case are still worked on: while it is open, and after its sessions are complete."""
    return (Referral.stage != Stage.CLOSED) | (Referral.ending == Ending.COMPLETE)


def of_review(review: Review) -> ModelSelect:
    """What stands in the action plan of a review, in its order (E11)."""
    return standing().where(Plan.review == review).order_by(Objective.position, Objective.id)


def agreed_and_open() -> Expression:
    """Whether the objectives of an action plan are worked on: once the School agreed, until the review is closed."""
    return Plan.agreed_at.is_null(False) & Review.closed_at.is_null() & Review.id.is_null(False)


def standing() -> ModelSelect:
    """Every task but those that were removed, with its plan, its case or its review, and its supporter."""
    return (
        Objective.select(Objective, Plan, Referral, Review, User)
        .join(Plan)
        .join(Referral, JOIN.LEFT_OUTER)
        .join_from(Plan, Review, JOIN.LEFT_OUTER)
        .join_from(Objective, User, JOIN.LEFT_OUTER, on=Objective.supporter)
        .where(Objective.removed_at.is_null())
    )


def remarks_of(objective: Objective) -> list[ObjectiveRemark]:
    """What was said of it, the first first."""
    query = (
        ObjectiveRemark.select(ObjectiveRemark, User, PersonalLink)
        .join(User, JOIN.LEFT_OUTER, on=ObjectiveRemark.by_user)
        .join_from(ObjectiveRemark, PersonalLink, JOIN.LEFT_OUTER, on=ObjectiveRemark.by_link)
        .where(ObjectiveRemark.objective == objective)
    )
    return list(query.order_by(ObjectiveRemark.id))
