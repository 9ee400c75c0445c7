"""The action plan of a review, as each of those it concerns sees it, signed in or by a personal link (E11)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from peewee import ModelSelect

from models import Objective, ObjectiveState, Plan, Review
from signpost import clock
from signpost.forms import refused_beside
from signpost.plans import pages as tasks
from signpost.plans import queries as plans
from signpost.progression import action_plans, queries
from signpost.progression.after_forms import ObjectiveForm
from signpost.progression.pages import Way
from signpost.progression.queries import SCHOOL, Relation
from signpost.web import form_page, get_object_or_404, posted_version, see_other

STEPS = {"show": "objective"}


@dataclass(frozen=True)
class PlanWay(tasks.Way):
    """How an action plan is reached, and what its reader is to the review: that decides who says and moves what."""

    relations: frozenset[Relation] = frozenset()
    noun: ClassVar[str] = "Objective"

    @property
    def shows_evidence(self) -> bool:
        return self.is_own

    def to(self, step: str, task: Objective) -> str:
        return self.at(STEPS.get(step, step), task.plan, task.public_id)

    def at(self, step: str, plan: Plan, task_id: str | None = None) -> str:
        if self.token:
            return url_for(f"action_plan_links.{step}", token=self.token, task_id=task_id)
        return url_for(f"action_plans.{step}", review_id=plan.review.public_id, task_id=task_id)

    def home(self, plan: Plan) -> str:
        return self.at("show", plan)

    def may_tick(self, task: Objective) -> bool:
        return action_plans.may_say(task.plan, self.relations)

    def may_move(self, task: Objective) -> bool:
        is_school = bool(self.relations & SCHOOL)
        return self.may_tick(task) and is_school and task.state != ObjectiveState.MET

    def mark(self, task: Objective, state: ObjectiveState) -> None:
        action_plans.say(task, state, self.by)

    def redate(self, task: Objective, due_on: date | None, why: str) -> None:
        action_plans.move(task, due_on, why, self.by)


@dataclass(frozen=True)
class Reached:
    """The plan of a review that this person reads, and how they reached it."""

    plan: Plan
    way: PlanWay
    review_page: str

    @property
    def objectives(self) -> ModelSelect:
        return plans.of_review(self.plan.review)

    def objective(self, task_id: str) -> Objective:
        found: Objective = get_object_or_404(self.objectives, Objective.public_id == task_id)
        return found


def reach(review: Review, way: Way) -> Reached:
    plan = queries.plan_of(review) or abort(404)
    relations = queries.relations(way.by, review)
    own = PlanWay(way.by, way.token, Relation.TRAINEE in relations, relations)
    return Reached(plan, own, way.review(review))


def show(reached: Reached) -> ResponseReturnValue:
    """The objectives, what can be done with each, and while it is drafted one more to add."""
    form = ObjectiveForm(reached.way.is_own)
    if form.validate_on_submit():
        with refused_beside(form.words):
            action_plans.add(reached.plan, form.words.data or "", form.due_on.data, reached.way.by)
            return see_other(reached.way.home(reached.plan))
    return form_page("progression/plan.html", form, **about(reached))


def about(reached: Reached) -> dict[str, Any]:
    plan, way = reached.plan, reached.way
    return {
        "plan": plan,
        "review": plan.review,
        "way": way,
        "review_page": reached.review_page,
        "tasks": [tasks.about(task, way) for task in reached.objectives],
        "may_write": action_plans.may_write(plan, way.relations),
        "is_school": bool(way.relations & SCHOOL) and not plan.review.is_closed,
        "is_due": plan.review_on is not None and plan.review_on <= clock.today(),
        "officer": queries.officer_of(plan.review),
    }


def change(reached: Reached, task_id: str) -> ResponseReturnValue:
    """Other words, or another day, while the plan is made."""
    task = reached.objective(task_id)
    action_plans.refuse_writing(reached.plan, reached.way.by)
    form = ObjectiveForm(reached.way.is_own, data={"words": task.words, "due_on": task.due_on, "version": task.version})
    if form.validate_on_submit():
        with refused_beside(form.words):
            action_plans.change(task, posted_version(form), form.words.data or "", form.due_on.data, reached.way.by)
            return see_other(reached.way.home(reached.plan))
    return form_page("progression/objective.html", form, task=task, **about(reached))


def remove(reached: Reached, task_id: str) -> ResponseReturnValue:
    task = reached.objective(task_id)
    action_plans.remove(task, posted_version(ObjectiveForm()), reached.way.by)
    return see_other(reached.way.home(reached.plan))
