"""The action plan of a review: drafted, agreed, carried out and looked at (E11)."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from models import Review
from signpost.access import signed_in, signed_in_user
from signpost.forms import refused_beside
from signpost.plans import pages as tasks
from signpost.progression import action_plans, pages, plan_pages, queries
from signpost.progression.after_forms import AgreementForm, LookingForm
from signpost.progression.plan_pages import Reached
from signpost.progression.queries import SCHOOL
from signpost.web import form_page, get_object_or_404, see_other

bp = Blueprint("action_plans", __name__, url_prefix="/progression/reviews/<public_id:review_id>/plan")


def _reach(review_id: str) -> Reached:
    me = signed_in_user()
    review = get_object_or_404(queries.visible_to(me), Review.public_id == review_id)
    return plan_pages.reach(review, pages.Way(me))


def _of_school(review_id: str) -> Reached:
    reached = _reach(review_id)
    return reached if reached.way.relations & SCHOOL else abort(404)


@bp.route("", methods=["GET", "POST"])
@signed_in
def show(review_id: str) -> ResponseReturnValue:
    return plan_pages.show(_reach(review_id))


@bp.get("/objectives/<public_id:task_id>")
@signed_in
def objective(review_id: str, task_id: str) -> ResponseReturnValue:
    reached = _reach(review_id)
    return tasks.show(reached.objective(task_id), reached.way)


@bp.post("/objectives/<public_id:task_id>/state")
@signed_in
def tick(review_id: str, task_id: str) -> ResponseReturnValue:
    reached = _reach(review_id)
    return tasks.tick(reached.objective(task_id), reached.way)


@bp.post("/objectives/<public_id:task_id>/date")
@signed_in
def move(review_id: str, task_id: str) -> ResponseReturnValue:
    reached = _of_school(review_id)
    return tasks.move(reached.objective(task_id), reached.way)


@bp.post("/objectives/<public_id:task_id>/comments")
@signed_in
def comment(review_id: str, task_id: str) -> ResponseReturnValue:
    reached = _reach(review_id)
    return tasks.comment(reached.objective(task_id), reached.way)


@bp.route("/objectives/<public_id:task_id>/wording", methods=["GET", "POST"])
@signed_in
def change(review_id: str, task_id: str) -> ResponseReturnValue:
    return plan_pages.change(_reach(review_id), task_id)


@bp.post("/objectives/<public_id:task_id>/removal")
@signed_in
def remove(review_id: str, task_id: str) -> ResponseReturnValue:
    return plan_pages.remove(_reach(review_id), task_id)


@bp.route("/agreement", methods=["GET", "POST"])
@signed_in
def agree(review_id: str) -> ResponseReturnValue:
    """The School agrees. Trainee and Training Officer are told, so the page says whom."""
    reached = _of_school(review_id)
    form = AgreementForm()
    if form.validate_on_submit():
        with refused_beside(form.review_on):
            action_plans.agree(reached.plan, form.review_on.data, signed_in_user())
            return see_other(reached.way.home(reached.plan))
    return form_page("progression/agreement.html", form, **plan_pages.about(reached))


@bp.route("/review", methods=["GET", "POST"])
@signed_in
def look(review_id: str) -> ResponseReturnValue:
    """The School looked at the plan, and says when again."""
    reached = _of_school(review_id)
    form = LookingForm()
    if form.validate_on_submit():
        with refused_beside(form.next_on):
            action_plans.reviewed(reached.plan, form.next_on.data, signed_in_user())
            return see_other(reached.way.home(reached.plan))
    return form_page("progression/looking.html", form, **plan_pages.about(reached))
