"""The forms about places and settings."""

import re
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, ValidationError

from models import EMAIL_LENGTH, NAME_LENGTH, Employer
from signpost.forms import EmailLine, PlainLine, Required, SignpostForm, WholeNumber, options


class PlaceForm(SignpostForm):
    name = PlainLine("Name", [Required("Enter the name")], max_length=NAME_LENGTH)
    version = HiddenField()


class EmployerForm(PlaceForm):
    contact_name = PlainLine(
        "Contact’s name", max_length=NAME_LENGTH, description="Who hears that sessions have ended, and nothing else."
    )
    contact_email = EmailLine("Contact’s email address", max_length=EMAIL_LENGTH)


class VenueForm(PlaceForm):
    rooms = WholeNumber("Rooms", 1, 50, description="How many trainees can be seen there at once.")


class MergeForm(SignpostForm):
    into = SelectField("Merge it into", [Required("Select the employer that stays")])

    def __init__(self, others: list[Employer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.others = {one.public_id: one for one in others}
        self.into.choices = options(("", "Select an employer"), *((key, one.name) for key, one in self.others.items()))


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
    rtt_team_name = PlainLine(
        "Return to training team’s name", [Required("Enter the team’s name")], max_length=NAME_LENGTH
    )
    rtt_mailbox = EmailLine(
        "Mailbox of the return to training team", description="Leave it empty to tell everyone who holds the role."
    )
    progression_team_name = PlainLine(
        "Progression support team’s name", [Required("Enter the team’s name")], max_length=NAME_LENGTH
    )
    progression_mailbox = EmailLine(
        "Mailbox of the progression support team", description="Leave it empty to tell everyone who holds the role."
    )
    courtesy_notices = BooleanField("Send courtesy messages, such as the receipt for a referral")
    personal_link_days = WholeNumber("Days that a personal link works", 1, 60)
    invitation_days = WholeNumber("Days that an invitation works", 1, 60)
    password_help_minutes = WholeNumber("Minutes that a link for a new password works", 5, 120)
    undo_seconds = WholeNumber("Seconds in which an assignment can be undone", 10, 600)
    booking_notice_hours = WholeNumber("Hours ahead that a meeting can be booked at the latest", 0, 168)
    booking_ahead_weeks = WholeNumber("Weeks ahead that a meeting can be booked", 1, 26)
    booking_hold_minutes = WholeNumber("Minutes that a time is kept while somebody decides", 2, 60)
    careers_session_minutes = WholeNumber("Minutes of a careers session", 20, 120)
    record_access_hours = WholeNumber("Hours that a record opened for a reason stays open", 1, 48)
    phase_1_name = PlainLine("First phase of a session", [Required("Enter its name")], max_length=40)
    phase_2_name = PlainLine("Second phase of a session", [Required("Enter its name")], max_length=40)
    phase_3_name = PlainLine("Third phase of a session", [Required("Enter its name")], max_length=40)
    phase_4_name = PlainLine("Fourth phase of a session", [Required("Enter its name")], max_length=40)
    upload_megabytes = WholeNumber("Megabytes that a document may have", 1, 25)
    nothing_booked_first_days = WholeNumber("Days without a booking before the first reminder", 2, 60)
    nothing_booked_second_days = WholeNumber("Days without a booking before the second reminder", 3, 90)
    tell_them_first_days = WholeNumber("Days before a trainee is first reminded to tell others of the end", 2, 60)
    tell_them_second_days = WholeNumber("Days before they are reminded again", 3, 90)
    end_notice_days = WholeNumber("Days before the team is reminded to tell the employer", 1, 60)
    poll_reply_working_days = WholeNumber("Working days to answer about times", 1, 20)
    poll_chaser_working_days = WholeNumber("Working days before those who have not answered are reminded", 1, 20)
    task_due_days = WholeNumber("Days before a task is due that its trainee is reminded", 1, 30)
    task_late_first_days = WholeNumber("Days after the date of a task before its trainee is reminded", 1, 30)
    task_late_second_days = WholeNumber("Days after the date of a task before its trainee is reminded again", 2, 60)
    mentor_offer_weeks = WholeNumber("Weeks before a return that a mentor is offered", 1, 26)
    mentor_reminder_days = WholeNumber("Days before whoever has not answered the offer is reminded", 3, 60)
    mentor_waiting_days = WholeNumber("Days before whoever still waits for a mentor is told so", 1, 60)
    contact_check_days = WholeNumber(
        "Days after an introduction before a pair is asked whether they are in touch", 3, 60
    )
    agreement_prompt_days = WholeNumber(
        "Days after a pair’s first meeting before they are reminded of their agreement", 1, 30
    )
    survey_reminder_days = WholeNumber("Days before a pair is reminded of the survey", 3, 60)
    full_meeting_minutes = WholeNumber("Minutes of a full support meeting", 30, 300)
    papers_working_days = WholeNumber("Working days before a support meeting by which papers are due", 1, 20)
    preparation_first_working_days = WholeNumber(
        "Working days before the meeting of the first reminder to prepare", 2, 30
    )
    preparation_second_working_days = WholeNumber("Working days before the meeting of the second reminder", 2, 30)
    preparation_third_working_days = WholeNumber("Working days before the meeting of the third reminder", 1, 30)
    smallest_number = WholeNumber("Smallest number that statistics show", 8, 50)
    report_by_year = BooleanField("Publish figures for financial years, not for quarters")
    report_after_days = WholeNumber("Days after the end of a period before its figures are published", 1, 90)
    complaint_acknowledge_days = WholeNumber("Days to acknowledge a complaint", 7, 60)
    complaint_reminder_days = WholeNumber("Days before that when whoever handles it is reminded", 1, 20)
    records_policy_name = PlainLine("Name of the records policy", max_length=NAME_LENGTH)
    records_policy_link = PlainLine(
        "Address of the records policy", max_length=300, description="It begins with https://."
    )
    throttle_tries = WholeNumber("Failed sign-ins before a pause", 3, 10)
    throttle_minutes = WholeNumber("Minutes over which they are counted", 5, 60)
    seen = HiddenField()

    def validate_records_policy_link(self, field: PlainLine) -> None:
        """A link that people follow: never one that runs something."""
        if field.data and not re.fullmatch(r"https://[^\s/]+\S*", field.data):
            raise ValidationError("The address of the records policy must begin with https://")
