"""Tasks of whoever is signed in: their own to tick, move and comment on; of a case, for who reads its record."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from models import Objective, Referral, User
from signpost.access import signed_in, signed_in_user
from signpost.plans import pages, queries
from signpost.referrals import queries as referrals
from signpost.referrals import record_access
from signpost.referrals.queries import Relation
from signpost.web import get_object_or_404

bp = Blueprint("plans", __name__)


def tasks_for_staff(referral: Referral) -> int | None:
    """How many tasks a case has, for who may read its record; None for everybody else."""
    return len(queries.objectives_of(referral)) if record_access.reads_record(signed_in_user(), referral) else None


# The pages of a case are below this room; their templates ask for its tasks by these names.
bp.app_context_processor(lambda: {"tasks_of_trainee": pages.of_trainee, "tasks_for_staff": tasks_for_staff})


@bp.get("/plans")
@signed_in
def index() -> ResponseReturnValue:
    """My tasks that are not done, over all my cases."""
    me = signed_in_user()
    tasks = [pages.about(task, pages.Way(me)) for task in queries.open_tasks_of(me)]
    return render_template("plans/index.html", case={"tasks": tasks})


@bp.get("/referrals/<public_id:referral_id>/tasks")
@signed_in
def of_case(referral_id: str) -> ResponseReturnValue:
    """The tasks of one case: its trainee's own page of them, and the one that staff read."""
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    way = _way(referral, me)
    _note(referral, way)
    return render_template(
        "plans/of_case.html", referral=referral, is_own=way.is_own, case=pages.of_case(referral, way)
    )


def _way(referral: Referral, me: User) -> pages.Way:
    if Relation.TRAINEE in referrals.relations(me, referral):
        return pages.Way(me)
    return pages.Way(me, is_own=False) if record_access.reads_record(me, referral) else abort(404)


def _note(referral: Referral, way: pages.Way) -> None:
    """Staff who read are kept before the page is made (C9)."""
    if not way.is_own and isinstance(way.by, User):
        record_access.note_reading(referral, way.by, "tasks")


def _load(task_id: str) -> tuple[Objective, pages.Way]:
    me = signed_in_user()
    task: Objective = get_object_or_404(queries.visible_to(me), Objective.public_id == task_id)
    return task, _way(task.plan.referral, me)


def _own(task_id: str) -> tuple[Objective, pages.Way]:
    task, way = _load(task_id)
    return (task, way) if way.is_own else abort(404)


@bp.get("/tasks/<public_id:task_id>")
@signed_in
def show(task_id: str) -> ResponseReturnValue:
    task, way = _load(task_id)
    _note(task.plan.referral, way)
    return pages.show(task, way)


@bp.post("/tasks/<public_id:task_id>/state")
@signed_in
def tick(task_id: str) -> ResponseReturnValue:
    return pages.tick(*_own(task_id))


@bp.post("/tasks/<public_id:task_id>/date")
@signed_in
def move(task_id: str) -> ResponseReturnValue:
    return pages.move(*_own(task_id))


@bp.post("/tasks/<public_id:task_id>/comments")
@signed_in
def comment(task_id: str) -> ResponseReturnValue:
    task, way = _load(task_id)
    answer = pages.comment(task, way)
    if isinstance(answer, tuple) and answer[1] == 422:  # the page came back, and shows the task
        _note(task.plan.referral, way)
    return answer
