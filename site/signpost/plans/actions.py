"""Setting something to do by a day, saying how far it got, moving its day, and speaking of it (B6, B8, E11)."""

from datetime import date, timedelta
from typing import Any

from peewee import fn

from models import (
    NAME_LENGTH,
    CareersSession,
    Ending,
    Objective,
    ObjectiveRemark,
    ObjectiveState,
    PersonalLink,
    Plan,
    Referral,
    User,
    db,
)
from signpost import clock
from signpost.changes import change as change_row
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.plans.reminders import reached
from signpost.presses import is_just_now

WORDS_LENGTH = 500
FURTHEST = timedelta(days=5 * 365)

CHANGED = "Somebody changed this task while you were looking at it. Look at it again."
REMOVED = "This task was removed."
CLOSED = "This case is closed, so its tasks cannot be changed."


def of_case(referral: Referral) -> Plan:
    """The plan of a case, made the first time that it is asked for."""
    with db.atomic():
        Plan.insert(referral=referral, made_at=clock.now()).on_conflict_ignore().execute()
        plan: Plan = Plan.get(Plan.referral == referral)
    return plan


def add(
    plan: Plan,
    words: str,
    due_on: date | None,
    by: User | PersonalLink,
    *,
    session: CareersSession | None = None,
    supporter: User | None = None,
    review_on: date | None = None,
    owner_name: str = "",
) -> Objective:
    """Put one more thing to do into a plan. It is the trainee's of the case where nobody else is named."""
    words, due_on = _words(words, "what you will do"), _day_ahead(due_on)
    if review_on is not None and review_on < clock.today():
        raise RuleBroken("The review date must be today or later.")
    with db.atomic():
        _refuse_closed(plan)
        for there in plan.objectives.where(Objective.removed_at.is_null() & (Objective.due_on == due_on)):
            if (there.words, there.session_id) == (words, session and session.id):
                return there  # a second press
        last = Objective.select(fn.MAX(Objective.position)).where(Objective.plan == plan).scalar()
        objective = Objective(
            plan=plan,
            session=session,
            due_on=due_on,
            review_on=review_on,
            owner_name=(owner_name or (plan.referral.trainee_name if plan.referral else by.name))[:NAME_LENGTH],
            supporter=supporter,
            reminders=reached(due_on, clock.today()),
            position=0 if last is None else last + 1,
        )
        objective.words = words
        objective.save(force_insert=True)
        _record("task.added", objective, by, due_on=due_on.isoformat())
    return objective


def change(objective: Objective, version: int, words: str, due_on: date | None, by: User | PersonalLink) -> None:
    """Put it in other words or on another day while the plan is made. Raises StaleRecord where it changed meanwhile."""
    words = _words(words, "what you will do")
    due_on = objective.due_on if due_on == objective.due_on else _day_ahead(due_on)
    with db.atomic():
        _refuse_removed(objective)
        _refuse_closed(objective.plan)
        if (words, due_on, version) == (objective.words, objective.due_on, objective.version):
            return
        change_row(objective, version, CHANGED, words=words, **_due(objective, due_on))
        _record("task.changed", objective, by, due_on=due_on.isoformat())


def remove(objective: Objective, version: int, by: User | PersonalLink) -> None:
    """Take it off the plan. What was written stays, and shows no more."""
    with db.atomic():
        _refuse_removed(objective)
        _refuse_closed(objective.plan)
        change_row(objective, version, CHANGED, removed_at=clock.now())
        _record("task.removed", objective, by)


def mark(objective: Objective, state: ObjectiveState, by: User | PersonalLink) -> None:
    """Say how far it got. The same again changes nothing, so that pressing twice does no harm."""
    with db.atomic():
        _refuse_removed(objective)
        _refuse_over(objective.plan)
        now = clock.now()
        said = (Objective.id == objective.id) & (Objective.state != state) & Objective.removed_at.is_null()
        if Objective.update(state=state, state_at=now).where(said).execute():
            objective.state, objective.state_at = state, now
            _record("task.marked", objective, by, state=str(state))


def redate(objective: Objective, due_on: date | None, why: str, by: User | PersonalLink) -> None:
    """Move its day, with the reason kept beside it."""
    why, due_on = _words(why, "why the date changes"), _day_ahead(due_on)
    with db.atomic():
        _refuse_removed(objective)
        _refuse_over(objective.plan)
        if objective.state == ObjectiveState.MET:
            raise RuleBroken("This task is done, so its date stays. Open it again first.")
        if due_on == objective.due_on:
            raise RuleBroken("That is the date it has already. Choose another one.")
        before = objective.due_on
        change_row(objective, objective.version, CHANGED, **_due(objective, due_on))
        _remark(objective, why, by, before, due_on)
        _record("task.redated", objective, by, was=before.isoformat(), due_on=due_on.isoformat())


def comment(objective: Objective, words: str, by: User | PersonalLink) -> ObjectiveRemark:
    """Say something of a task. The same words from the same person close together are one press."""
    words = _words(words, "your comment")
    with db.atomic():
        _refuse_removed(objective)
        _refuse_over(objective.plan)
        last = objective.remarks.order_by(ObjectiveRemark.id.desc()).first()
        if last and by in (last.by_user, last.by_link) and last.words == words and _is_one_press(last):
            return last
        remark = _remark(objective, words, by)
        _record("task.commented", objective, by)
    return remark


def _is_one_press(remark: ObjectiveRemark) -> bool:
    return remark.was_due_on is None and is_just_now(remark.written_at)


def is_open_for_changes(plan: Plan) -> bool:
    """Whether things may be added, put otherwise, and removed."""
    whose = plan.referral or plan.review
    return whose is None or not whose.is_closed


def is_open_for_ticks(plan: Plan) -> bool:
    """Whether its owner may still tick, move and comment: also after the agreed sessions are complete, since a plan
    outlives them; not where the support ended otherwise.
    """
    return is_open_for_changes(plan) or (plan.referral is not None and plan.referral.ending == Ending.COMPLETE)


def _refuse_closed(plan: Plan) -> None:
    if not is_open_for_changes(_as_it_is(plan)):
        raise RuleBroken(CLOSED)


def _refuse_over(plan: Plan) -> None:
    if not is_open_for_ticks(_as_it_is(plan)):
        raise RuleBroken(CLOSED)


def _as_it_is(plan: Plan) -> Plan:
    return Plan.get_by_id(plan.id)


def _refuse_removed(objective: Objective) -> None:
    if Objective.select().where((Objective.id == objective.id) & Objective.removed_at.is_null(False)).exists():
        raise RuleBroken(REMOVED)


def _words(words: str, noun: str) -> str:
    words = words.strip()
    if not words:
        raise RuleBroken(f"Enter {noun}.")
    if len(words) > WORDS_LENGTH:
        raise RuleBroken(
            f"{noun[:1].upper()}{noun[1:]} must be {WORDS_LENGTH} characters or fewer. It is {len(words):,} characters."
        )
    return words


def _day_ahead(due_on: date | None) -> date:
    today = clock.today()
    if due_on is None:
        raise RuleBroken("Enter the date by which you will do this.")
    if due_on < today:
        raise RuleBroken("That date is in the past. Choose today or a later day.")
    if due_on > today + FURTHEST:
        raise RuleBroken("That date is more than five years ahead. Choose an earlier one.")
    return due_on


def _due(objective: Objective, due_on: date) -> dict[str, Any]:
    """The columns of a day: another one has its own reminders, but for those that are behind us already."""
    return {} if due_on == objective.due_on else {"due_on": due_on, "reminders": reached(due_on, clock.today())}


def _remark(
    objective: Objective,
    words: str,
    by: User | PersonalLink,
    was_due_on: date | None = None,
    now_due_on: date | None = None,
) -> ObjectiveRemark:
    remark = ObjectiveRemark(
        objective=objective,
        was_due_on=was_due_on,
        now_due_on=now_due_on,
        by_user=by if isinstance(by, User) else None,
        by_link=by if isinstance(by, PersonalLink) else None,
        written_at=clock.now(),
    )
    remark.words = words
    remark.save(force_insert=True)
    return remark


def _record(name: str, objective: Objective, by: User | PersonalLink, **facts: str) -> None:
    plan = objective.plan
    said = {"task": objective.public_id, **facts}
    record(name, by=by, referral=plan.referral, concerning=plan.review, about=objective, facts=said)
