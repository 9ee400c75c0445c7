"""The action plan of a review: drafted by the trainee with their Training Officer, guided and agreed by the School (E11).

Its objectives are those of `plans`. While it is drafted the trainee, the officer and the School write it; once it is
agreed the trainee says how far each got, the officer comments, and the School alone changes what was agreed.
"""

from datetime import date

from peewee import ModelSelect

from models import Objective, ObjectiveState, Plan, Review, User, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.plans import actions as plans
from signpost.presses import is_just_now
from signpost.progression import queries
from signpost.progression.queries import SCHOOL, Reader, Relation
from signpost.progression.reviews import refuse_closed

DRAFTING = frozenset({Relation.TRAINEE, Relation.TRAINING_OFFICER}) | SCHOOL
SAYING = frozenset({Relation.TRAINEE}) | SCHOOL
AGREED = "This plan is agreed, so the School alone changes it. You can say how far you got, and comment."
NOT_YET = "The plan is not agreed yet."
AHEAD = "The day on which the School looks at the plan must be in the future."


def of_review(review: Review) -> Plan:
    """The plan of a review, made the first time that it is asked for. In the transaction of the change."""
    Plan.insert(review=review, made_at=clock.now()).on_conflict_ignore().execute()
    plan: Plan = Plan.get(Plan.review == review)
    return plan


# Who may do what


def may_write(plan: Plan, relations: frozenset[Relation]) -> bool:
    """Whether they add, change and remove objectives now."""
    may = SCHOOL if plan.agreed_at is not None else DRAFTING
    return not plan.review.is_closed and bool(relations & may)


def may_say(plan: Plan, relations: frozenset[Relation]) -> bool:
    """Whether they say how far an objective got: the trainee is responsible, and the School reviews (E11)."""
    return plan.agreed_at is not None and not plan.review.is_closed and bool(relations & SAYING)


def refuse_writing(plan: Plan, by: Reader) -> None:
    """Raise RuleBroken where they may not add, change or remove objectives now."""
    refuse_closed(plan.review)
    held = queries.relations(by, plan.review)
    if not may_write(plan, held):
        raise RuleBroken(AGREED if held & DRAFTING else "This plan is not yours to write.")


def _hold(plan: Plan) -> Plan:
    """The plan as it stands, while nobody else writes: two who press at once come one after the other."""
    Plan.update(made_at=Plan.made_at).where(Plan.id == plan.id).execute()
    fresh: Plan = Plan.get_by_id(plan.id)
    return fresh


# Drafting


def add(plan: Plan, words: str, due_on: date | None, by: Reader) -> Objective:
    """The trainee is responsible; their Training Officer supports them, where the officer has an account."""
    with db.atomic():
        plan = _hold(plan)
        refuse_writing(plan, by)
        officer = queries.officer_of(plan.review)
        supporter = officer.user if officer else None
        return plans.add(plan, words, due_on, by, owner_name=plan.review.trainee_name, supporter=supporter)


def change(objective: Objective, version: int, words: str, due_on: date | None, by: Reader) -> None:
    with db.atomic():
        refuse_writing(_hold(objective.plan), by)
        plans.change(objective, version, words, due_on, by)


def remove(objective: Objective, version: int, by: Reader) -> None:
    with db.atomic():
        plan = _hold(objective.plan)
        refuse_writing(plan, by)
        if plan.agreed_at is not None and not _standing(plan).where(Objective.id != objective.id).exists():
            raise RuleBroken("An agreed plan has one objective at least. Change it instead.")
        plans.remove(objective, version, by)


def _standing(plan: Plan) -> ModelSelect:
    return Objective.select().where((Objective.plan == plan) & Objective.removed_at.is_null())


def agree(plan: Plan, review_on: date, by: User) -> None:
    """The School agrees to the plan, and says when it is looked at. Trainee and officer are told. Once."""
    _refuse_stranger(plan.review, by)
    if review_on <= clock.today():
        raise RuleBroken(AHEAD)
    with db.atomic():
        plan = _hold(plan)
        refuse_closed(plan.review)
        if plan.agreed_at is not None:
            return
        if not _standing(plan).exists():
            raise RuleBroken("There is no objective in the plan yet.")
        Plan.update(agreed_at=clock.now(), agreed_by=by, review_on=review_on).where(Plan.id == plan.id).execute()
        record("action_plan.agreed", by=by, concerning=plan.review, enclosed=review_on)


# Once it is agreed


def say(objective: Objective, state: ObjectiveState, by: Reader) -> None:
    """The trainee says how far they got, or the School that reviews the plan."""
    with db.atomic():
        plan = _hold(objective.plan)
        if plan.agreed_at is None:
            raise RuleBroken(NOT_YET)
        if not may_say(plan, queries.relations(by, plan.review)):
            raise RuleBroken("The trainee says how far this got, and the School where it reviews the plan.")
        plans.mark(objective, state, by)


def move(objective: Objective, due_on: date | None, why: str, by: Reader) -> None:
    """Another day, with the reason: the School alone, once the plan is agreed."""
    with db.atomic():
        refuse_writing(_hold(objective.plan), by)
        plans.redate(objective, due_on, why, by)


def reviewed(plan: Plan, next_on: date | None, by: User) -> None:
    """The School looked at the plan, and says when again, or that it need not."""
    _refuse_stranger(plan.review, by)
    if next_on is not None and next_on <= clock.today():
        raise RuleBroken("The next day must be in the future. Leave it empty where there is none.")
    with db.atomic():
        plan = _hold(plan)
        refuse_closed(plan.review)
        if plan.agreed_at is None:
            raise RuleBroken(NOT_YET)
        if plan.reviewed_at is not None and plan.review_on == next_on and is_just_now(plan.reviewed_at):
            return
        Plan.update(review_on=next_on, reviewed_at=clock.now()).where(Plan.id == plan.id).execute()
        facts = {"next_on": next_on.isoformat() if next_on else ""}
        record("action_plan.reviewed", by=by, concerning=plan.review, facts=facts)


def _refuse_stranger(review: Review, by: User) -> None:
    if not queries.relations(by, review) & SCHOOL:
        raise RuleBroken("The School agrees to a plan, and reviews it.")
