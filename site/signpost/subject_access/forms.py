"""The forms about subject access."""

from wtforms import HiddenField

from models import EMAIL_LENGTH, NAME_LENGTH
from signpost import clock
from signpost.forms import DateParts, EmailLine, PlainLine, Required, SignpostForm


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
    why = PlainLine("Why is it withheld?", [Required("Say why this is withheld")], noun="The reason", max_length=300)
    version = HiddenField()
