"""A task and what is done with it, for whoever does it: the trainee signed in or by link, or staff who comment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from models import Objective, ObjectiveState, PersonalLink, Plan, Referral, User
from signpost import clock
from signpost.forms import refused_beside
from signpost.plans import actions, queries
from signpost.plans.forms import STATE_NAMES, CommentForm, DateForm, StateForm
from signpost.web import see_other, wants_fragment


@dataclass(frozen=True)
class Way:
    """How a task is reached: signed in, or by the personal link whose token stands in the address; and as whom."""

    by: User | PersonalLink
    token: str = ""
    is_own: bool = True
    noun: ClassVar[str] = "Task"

    @property
    def shows_evidence(self) -> bool:
        """Whether what is said of a task may be what shows how far it got."""
        return False

    def to(self, step: str, task: Objective) -> str:
        if self.token:
            return url_for(f"linked_tasks.{step}", token=self.token, task_id=task.public_id)
        return url_for(f"plans.{step}", task_id=task.public_id)

    def home(self, plan: Plan) -> str:
        if self.token:
            return url_for("links.show", token=self.token)
        return url_for("plans.of_case", referral_id=plan.referral.public_id)

    def may_tick(self, task: Objective) -> bool:
        return self.is_own and actions.is_open_for_ticks(task.plan)

    def may_move(self, task: Objective) -> bool:
        return self.may_tick(task) and task.state != ObjectiveState.MET

    def mark(self, task: Objective, state: ObjectiveState) -> None:
        actions.mark(task, state, self.by)

    def redate(self, task: Objective, due_on: date | None, why: str) -> None:
        actions.redate(task, due_on, why, self.by)


def about(task: Objective, way: Way, *, is_open: bool = False, said: str = "") -> dict[str, Any]:
    """What `plans/_task.html` needs: closed, one line and its buttons; open, what was said and what can be done."""
    may_move = way.may_move(task)
    may_comment = is_open and actions.is_open_for_ticks(task.plan)
    return {
        "task": task,
        "way": way,
        "is_open": is_open,
        "said": said,
        "may_tick": way.may_tick(task),
        "may_move": may_move,
        "is_late": task.state != ObjectiveState.MET and task.due_on < clock.today(),
        "remarks": queries.remarks_of(task) if is_open else [],
        "date_form": DateForm(task.public_id, formdata=None) if is_open and may_move else None,
        "comment_form": CommentForm(task.public_id, formdata=None) if may_comment else None,
        "state_names": STATE_NAMES,
    }


def show(task: Objective, way: Way) -> ResponseReturnValue:
    return _page(about(task, way, is_open=True), 200)


def tick(task: Objective, way: Way) -> ResponseReturnValue:
    """Say how far it got."""
    form = StateForm(task.public_id)
    if not form.validate():
        return _page(about(task, way, is_open=True) | {"form": form}, 422)
    state = ObjectiveState(form.state.data)
    way.mark(task, state)
    said = f"Kept: {STATE_NAMES[state].lower()}."
    return _page(about(task, way, said=said), 200) if wants_fragment() else see_other(way.home(task.plan))


def move(task: Objective, way: Way) -> ResponseReturnValue:
    """Another day, with the reason."""
    form = DateForm(task.public_id)
    return _do(
        task, way, "date_form", form, form.due_on, lambda: way.redate(task, form.due_on.data, form.why.data or "")
    )


def comment(task: Objective, way: Way) -> ResponseReturnValue:
    form = CommentForm(task.public_id)
    return _do(task, way, "comment_form", form, form.comment, lambda: actions.comment(task, form.comment.data, way.by))


def _do(
    task: Objective, way: Way, called: str, form: Any, field: Any, act: Callable[[], object]
) -> ResponseReturnValue:
    """Do it and show the task again; what the rules refuse stands beside the field, and what was typed is kept."""
    if form.validate():
        with refused_beside(field):
            act()
            if wants_fragment():
                return _page(about(task, way, is_open=True, said="Kept."), 200)
            return see_other(way.to("show", task))
    return _page(about(task, way, is_open=True) | {called: form, "form": form}, 422)


def _page(context: dict[str, Any], status: int) -> tuple[str, int]:
    template = "plans/_task.html" if wants_fragment() else "plans/task.html"
    return render_template(template, **({"form": None, "alone": not wants_fragment()} | context)), status


def of_case(referral: Referral, way: Way) -> dict[str, Any]:
    """What the page of a case shows of its tasks: for `plans/_of_case.html`."""
    return {"tasks": [about(task, way) for task in queries.objectives_of(referral)]}


def of_trainee(referral: Referral, token: str = "") -> dict[str, Any]:
    """The same for the page of its trainee."""
    return of_case(referral, Way(referral.referred_by, token))
