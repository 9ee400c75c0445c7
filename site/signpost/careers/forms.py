"""The forms of a careers session."""

from datetime import timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from models import PlanningStage, User
from signpost import clock
from signpost.careers.prompts import STAGE_NAMES
from signpost.careers.writing import LINE_LENGTH, WORDS_LENGTH
from signpost.forms import DateParts, PlainLine, PlainText, Required, SignpostForm, WholeNumber, options
from signpost.referrals.record_access import MOST_DAYS_OF_COVER, REASON_LENGTH


class PassageForm(SignpostForm):
    words = PlainText("What you wrote", max_length=WORDS_LENGTH)
    version = HiddenField()


class LineForm(SignpostForm):
    words = PlainLine("What you wrote", max_length=LINE_LENGTH)
    version = HiddenField()


class OptionForm(SignpostForm):
    words = PlainLine("Option", max_length=LINE_LENGTH)
    pros = PlainText("For it", max_length=WORDS_LENGTH)
    cons = PlainText("Against it", max_length=WORDS_LENGTH)
    version = HiddenField()


class IssueStateForm(SignpostForm):
    why = PlainLine("Why another issue presses more", max_length=LINE_LENGTH)
    return_on = DateParts("Return to it on", noun="The day to return to it")


class LengthForm(SignpostForm):
    minutes = WholeNumber("Minutes", 5, 240)


class StagesForm(SignpostForm):
    stages = SelectMultipleField(
        "Which stages of career planning did you touch?",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=options(*((str(stage), words) for stage, words in STAGE_NAMES.items())),
    )
    main = RadioField(
        "Which was the main one?",
        validate_choice=False,
        choices=options(*((str(stage), words) for stage, words in STAGE_NAMES.items())),
    )

    def chosen(self) -> tuple[list[PlanningStage], PlanningStage | None]:
        main = PlanningStage(self.main.data) if self.main.data in set(PlanningStage) else None
        return [PlanningStage(one) for one in self.stages.data or []], main


class TaskForm(SignpostForm):
    task = PlainLine("Task, in the trainee’s words", max_length=LINE_LENGTH)
    due = DateParts("Done by", noun="The day")
    version = HiddenField()


class ReasonForm(SignpostForm):
    reason = PlainText(
        "Why do you need to read this record?",
        [Required("Say why you need to read it")],
        noun="The reason",
        max_length=REASON_LENGTH,
        description="The counsellor reads this. The trainee sees that you looked.",
    )


class CoverForm(SignpostForm):
    colleague = SelectField("Who stands in?", [Required("Select who stands in")])
    until = DateParts(
        "Until the end of",
        [Required("Enter the last day of cover")],
        noun="The last day of cover",
        earliest=clock.today,
        latest=lambda: clock.today() + timedelta(days=MOST_DAYS_OF_COVER),
    )
    reason = PlainText(
        "Why is cover needed?",
        [Required("Say why cover is needed")],
        noun="The reason",
        max_length=REASON_LENGTH,
        description="The counsellor and their colleague read this.",
    )

    def __init__(self, colleagues: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.colleagues = {one.public_id: one for one in colleagues}
        named = ((key, one.name) for key, one in self.colleagues.items())
        self.colleague.choices = options(("", "Select a counsellor"), *named)


class DiscussionFormPage(SignpostForm):
    """Four short questions before the first session; none has to be answered."""

    now = PlainText(
        "Where are you now?",
        noun="Where you are now",
        max_length=2000,
        description="Your specialty, stage and what your days are like.",
    )
    hopes = PlainText("What would you like to be different?", noun="What you would like", max_length=2000)
    tried = PlainText("What have you thought of or tried already?", noun="What you have tried", max_length=2000)
    practical = PlainText(
        "Is there anything that would help us to meet you well?",
        noun="What would help",
        max_length=1000,
        description="For example access to a building, or times that are difficult.",
    )
    version = HiddenField()

    def answers(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("now", "hopes", "tried", "practical")}

    def has_answers(self) -> bool:
        """Whether there is anything to save; says so where there is not."""
        if any(self.answers().values()):
            return True
        self.form_errors.append("Write something first, or go back: you need not fill this in")
        return False
