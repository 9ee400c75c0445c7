"""What comes after a careers session in the demonstration: tasks, what became of them, and what trainees say of it."""

from collections.abc import Callable
from datetime import timedelta

from models import FeedbackAsk, Objective, ObjectiveState, PersonalLink, Referral, User
from signpost import clock
from signpost.careers import queries as sessions
from signpost.demo.past import on
from signpost.feedback import actions as feedback
from signpost.feedback import falling_due
from signpost.plans import actions as plans
from signpost.plans import queries

Cast = dict[str, User]
Act = Callable[[Cast, Referral], object]


def sets_tasks(*tasks: tuple[str, int]) -> Act:
    """The trainee decides what to do, each so many days from then; the counsellor types and supports."""

    def act(cast: Cast, referral: Referral) -> None:
        plan, by = plans.of_case(referral), referral.assigned_to
        session = next(reversed(sessions.sessions_of(referral)), None)
        for words, days in tasks:
            plans.add(plan, words, clock.today() + timedelta(days=days), by, session=session, supporter=by)

    return act


def says(number: int, state: ObjectiveState, comment: str = "") -> Act:
    """The trainee says how far one of them got."""

    def act(cast: Cast, referral: Referral) -> None:
        plans.mark(_task(referral, number), state, as_trainee(referral))
        if comment:
            plans.comment(_task(referral, number), comment, as_trainee(referral))

    return act


def moves(number: int, days: int, why: str) -> Act:
    """The trainee chooses another day, so many after the first."""

    def act(cast: Cast, referral: Referral) -> None:
        task = _task(referral, number)
        plans.redate(task, task.due_on + timedelta(days=days), why, as_trainee(referral))

    return act


def is_asked(cast: Cast, referral: Referral) -> None:
    """Whether they feel further on."""
    feedback.ask(referral)


def answers_with_name(choice: str, words: str) -> Act:
    return lambda cast, referral: feedback.give(
        feedback.ask(referral), {"further_on": choice, "words": words}, with_name=True
    )


SAID = (
    ("yes", "I had not thought of writing down what speaks against each option. That decided it."),
    ("yes", ""),
    ("somewhat", "Forty minutes went quickly. I would have liked longer for the second half."),
    ("yes", "Somebody outside my department listened, and that alone helped."),
    ("yes", ""),
    ("yes", "The tasks with dates keep me going."),
    ("somewhat", ""),
    ("yes", ""),
    ("no", "I am still where I was, and do not mind: there is a second session."),
    ("yes", ""),
)


def last_month_some_answered() -> None:
    """Ten answers without a name that left the box together. Nobody can tell whose they are, and nor can we."""
    with clock.at(on(27, "09:00")):
        others = Referral.select().where(Referral.id.not_in(FeedbackAsk.select(FeedbackAsk.referral)))
        for referral, (choice, words) in zip(list(others.order_by(Referral.id)), SAID, strict=False):
            feedback.give(feedback.ask(referral), {"further_on": choice, "words": words}, with_name=False)
        falling_due.empty_boxes(clock.now())


def _task(referral: Referral, number: int) -> Objective:
    return queries.objectives_of(referral)[number]


def as_trainee(referral: Referral) -> User | PersonalLink:
    return referral.trainee or PersonalLink.get(PersonalLink.referral == referral)
