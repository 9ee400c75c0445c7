"""The forms about places and settings."""

from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from models import EMAIL_LENGTH, NAME_LENGTH, Employer
from signpost.forms import EmailLine, PlainLine, Required, SignpostForm, options


class PlaceForm(SignpostForm):
    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    version = HiddenField()


class EmployerForm(PlaceForm):
    contact_name = PlainLine(
        "Contact’s name", max_length=NAME_LENGTH, description="Who hears that sessions have ended, and nothing else."
    )
    contact_email = EmailLine("Contact’s email address", max_length=EMAIL_LENGTH)


class MergeForm(SignpostForm):
    into = SelectField("Merge it into", [Required("Select the employer that stays")])

    def __init__(self, others: list[Employer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.others = {one.public_id: one for one in others}
        self.into.choices = options(("", "Select an employer"), *((key, one.name) for key, one in self.others.items()))


def _whole(label: str, least: int, most: int, description: str = "") -> IntegerField:
    said = f"{label} must be a whole number from {least} to {most}"
    return IntegerField(label, [InputRequired(said), NumberRange(least, most, said)], description=description)


class SettingsForm(SignpostForm):
    """Every setting of `signpost.settings`, by its name."""

    organisation_name = PlainLine("Organisation’s name", [Required("Enter the name")], max_length=NAME_LENGTH)
    team_name = PlainLine("Careers team’s name", [Required("Enter the team’s name")], max_length=NAME_LENGTH)
    team_phone = PlainLine("Careers team’s telephone", max_length=40, description="Stands in messages to trainees.")
    adviser_mailbox = EmailLine(
        "Mailbox of the senior careers adviser", description="Leave it empty to tell everyone who holds the role."
    )
    tsg_mailbox = EmailLine(
        "Mailbox of the Training Support Group", description="Leave it empty to tell everyone who holds the role."
    )
    courtesy_notices = BooleanField("Send courtesy messages, such as the receipt for a referral")
    personal_link_days = _whole("Days that a personal link works", 1, 60)
    invitation_days = _whole("Days that an invitation works", 1, 60)
    password_help_minutes = _whole("Minutes that a link for a new password works", 5, 120)
    undo_seconds = _whole("Seconds in which an assignment can be undone", 10, 600)
    throttle_tries = _whole("Failed sign-ins before a pause", 3, 10)
    throttle_minutes = _whole("Minutes over which they are counted", 5, 60)
    seen = HiddenField()
