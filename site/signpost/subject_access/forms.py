"""The forms about subject access."""

from typing import Any

from wtforms import HiddenField, SelectField, ValidationError

from models import EMAIL_LENGTH, NAME_LENGTH
from signpost import clock
from signpost.forms import DateParts, EmailLine, PlainLine, PlainText, Required, SignpostForm, options


class RequestForm(SignpostForm):
    name = PlainLine("Who asks?", [Required("Enter their name")], noun="Name", max_length=NAME_LENGTH)
    email = EmailLine(
        "Their email address",
        [Required("Enter their email address")],
        noun="Their email address",
        max_length=EMAIL_LENGTH,
        description="The address their records stand under. Make sure first that they are who they say.",
    )
    reference = PlainLine(
        "Your reference",
        [Required("Enter your reference")],
        max_length=60,
        description="Of the letter or form in which they asked.",
    )
    asked_on = DateParts(
        "When did they ask?", [Required("Enter the day they asked")], noun="The day", latest=clock.today
    )


class WithholdForm(SignpostForm):
    field = SelectField("What is withheld?", default="", description="All of the row, or one field of it.")
    words = PlainText(
        "Which words of that field?",
        max_length=10_000,
        description="Copy them exactly as they are written. Leave it empty to withhold the whole field.",
    )
    why = PlainLine("Why is it withheld?", [Required("Say why this is withheld")], noun="The reason", max_length=300)
    version = HiddenField()

    def __init__(self, fields: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field.choices = options(
            ("", "All of the row"), *((one, one.replace("_", " ").capitalize()) for one in fields)
        )

    def validate_words(self, field: PlainText) -> None:
        if field.data and not self.field.data:
            raise ValidationError("Select the field in which these words stand")
