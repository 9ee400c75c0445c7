"""What time brings to action plans: the School hears that one waits to be looked at. Once for each day that was set (E11)."""

from datetime import datetime

from models import Event, Plan, Review, db
from signpost import clock
from signpost.accounts import queries as people
from signpost.events import record

NAME = "action_plan.review_due"


def remind(at: datetime) -> int:
    """Tell the School of each agreed plan whose day to be looked at has come."""
    due = Plan.agreed_at.is_null(False) & (Plan.review_on <= clock.to_london(at).date()) & Review.closed_at.is_null()
    told = 0
    for plan in Plan.select(Plan, Review).join(Review).where(due).order_by(Plan.id):
        with db.atomic():
            Plan.update(made_at=Plan.made_at).where(Plan.id == plan.id).execute()
            if _stands(plan) and not _was_told(plan):
                record(NAME, by=people.system_user(), concerning=plan.review, enclosed=plan.review_on)
                told += 1
    return told


def _stands(plan: Plan) -> bool:
    return bool(Plan.get_by_id(plan.id).review_on == plan.review_on)


def _was_told(plan: Plan) -> bool:
    of_plan = (Event.name == NAME) & (Event.about_id == plan.review.public_id)
    return Event.select().where(of_plan & (Event.happened_at >= clock.start_of(plan.review_on))).exists()
