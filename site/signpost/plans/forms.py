"""The forms about tasks. Several may stand on one page, so each names its task in the ids of its fields."""

from datetime import date
from typing import Any

from wtforms import RadioField

from models import ObjectiveState
from signpost import clock
from signpost.forms import DateParts, PlainText, Required, SignpostForm, options
from signpost.plans.actions import FURTHEST, WORDS_LENGTH

STATE_NAMES = {
    ObjectiveState.OPEN: "To do",
    ObjectiveState.MET: "Done",
    ObjectiveState.PARTLY: "Done in part",
    ObjectiveState.NOT_YET: "Not yet",
}


def latest() -> date:
    return clock.today() + FURTHEST


class _OfTask(SignpostForm):
    def __init__(self, task_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in self:
            field.id = f"{field.name}-{task_id}"


class StateForm(_OfTask):
    """Pressed as one of several buttons."""

    state = RadioField(
        "How far it got",
        [Required("Say how far it got")],
        choices=options(*((state.value, words) for state, words in STATE_NAMES.items())),
    )


class DateForm(_OfTask):
    due_on = DateParts("New date", [Required("Enter the new date")], earliest=clock.today, latest=latest)
    why = PlainText(
        "Why does the date change?",
        [Required("Enter why the date changes")],
        noun="Why the date changes",
        max_length=WORDS_LENGTH,
        description="A few words are enough. Plans change, and that is fine.",
    )


class CommentForm(_OfTask):
    comment = PlainText("Your comment", [Required("Enter your comment")], max_length=WORDS_LENGTH)
