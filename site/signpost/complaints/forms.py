"""The forms of complaints."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from models import EMAIL_LENGTH, NAME_LENGTH, ComplaintState, User
from signpost.forms import EmailLine, PlainLine, PlainText, Required, SignpostForm, options

WORDS_LENGTH = 10_000
STATE_WORDS = {
    ComplaintState.RECEIVED: "Received",
    ComplaintState.ACKNOWLEDGED: "Acknowledged",
    ComplaintState.LOOKED_INTO: "Being looked into",
    ComplaintState.ANSWERED: "Answered",
    ComplaintState.CLOSED: "Closed",
}
STEP_WORDS = {
    ComplaintState.ACKNOWLEDGED: "Acknowledge it",
    ComplaintState.LOOKED_INTO: "Begin to look into it",
    ComplaintState.ANSWERED: "Send the answer",
    ComplaintState.CLOSED: "Close it",
}


class ComplaintForm(SignpostForm):
    words = PlainText(
        "What happened?", [Required("Tell us what happened")], noun="What happened", max_length=WORDS_LENGTH
    )
    about = PlainLine(
        "Who or what is it about?",
        noun="Who or what it is about",
        max_length=NAME_LENGTH,
        description="You do not have to say. Somebody whom you name by their name or email address does not get it.",
    )
    concerned = SelectMultipleField(
        "Is it about one of the people who would read it?",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        description="They handle complaints here. Whoever you select does not learn of it.",
    )

    def __init__(self, handlers: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.handlers = {one.public_id: one for one in handlers}
        self.concerned.choices = options(*((key, one.name) for key, one in self.handlers.items()))

    def chosen(self) -> list[User]:
        return [self.handlers[key] for key in self.concerned.data or []]


class StepForm(SignpostForm):
    step = HiddenField()
    version = HiddenField()
    answer = PlainText("Answer", noun="The answer", max_length=WORDS_LENGTH)


class NoteForm(SignpostForm):
    words = PlainText("Note", [Required("Enter the note")], noun="The note", max_length=WORDS_LENGTH)


class DisclosureForm(SignpostForm):
    email = EmailLine(
        "Email address of the account of the person",
        max_length=EMAIL_LENGTH,
        description="They get a message without content, and read the words here.",
    )
    name = PlainLine("Or the name of somebody whom you tell yourself", noun="The name", max_length=NAME_LENGTH)
    words = PlainText(
        "What is this person told? Only what the procedure needs.",
        [Required("Enter what they are told")],
        noun="What they are told",
        max_length=WORDS_LENGTH,
    )
    why = PlainText("Why does the procedure need it?", [Required("Say why")], noun="The reason", max_length=1000)
    step = HiddenField()


class HandlerForm(SignpostForm):
    person = SelectField("Who?", [Required("Select who")])
    what = RadioField(
        "What is it?",
        [Required("Select what it is")],
        choices=options(
            ("add", "They handle it too"), ("concerns", "It is about them: they must not know of it any more")
        ),
    )

    def __init__(self, people: list[User], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people = {one.public_id: one for one in people}
        self.person.choices = options(("", "Select somebody"), *((key, one.name) for key, one in self.people.items()))
