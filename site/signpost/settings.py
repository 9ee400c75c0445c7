"""What an organisation may set, each with its default, in one place. A row of `Setting` overrides a default."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from peewee import ModelSelect

from models import Setting
from signpost.prepared import Prepared
from signpost.until_commit import kept_until_commit


@dataclass(frozen=True)
class Settings:
    """Times in the unit their name says. `…_mailbox`: an address, or empty for everyone who holds the role."""

    organisation_name: str = "Careers and training support"
    team_name: str = "Careers team"
    team_phone: str = ""
    adviser_mailbox: str = ""
    tsg_mailbox: str = ""
    rtt_team_name: str = "Return to training team"
    rtt_mailbox: str = ""
    progression_team_name: str = "Progression support team"
    progression_mailbox: str = ""
    courtesy_notices: bool = True
    personal_link_days: int = 14
    invitation_days: int = 14
    password_help_minutes: int = 15
    undo_seconds: int = 60
    booking_notice_hours: int = 24
    booking_ahead_weeks: int = 8
    booking_hold_minutes: int = 10
    careers_session_minutes: int = 40
    record_access_hours: int = 8
    phase_1_name: str = "Clarifying"
    phase_2_name: str = "Exploring"
    phase_3_name: str = "Evaluating"
    phase_4_name: str = "Action planning"
    upload_megabytes: int = 10
    nothing_booked_first_days: int = 7
    nothing_booked_second_days: int = 21
    tell_them_first_days: int = 7
    tell_them_second_days: int = 14
    end_notice_days: int = 7
    poll_reply_working_days: int = 5
    poll_chaser_working_days: int = 3
    task_due_days: int = 7
    task_late_first_days: int = 1
    task_late_second_days: int = 8
    mentor_offer_weeks: int = 8
    mentor_reminder_days: int = 14
    mentor_waiting_days: int = 7
    contact_check_days: int = 14
    agreement_prompt_days: int = 3
    survey_reminder_days: int = 14
    full_meeting_minutes: int = 120
    papers_working_days: int = 5
    preparation_first_working_days: int = 10
    preparation_second_working_days: int = 7
    preparation_third_working_days: int = 6
    smallest_number: int = 8
    report_by_year: bool = False
    report_after_days: int = 14
    complaint_acknowledge_days: int = 30
    complaint_reminder_days: int = 5
    records_policy_name: str = ""
    records_policy_link: str = ""
    throttle_tries: int = 10
    throttle_minutes: int = 5

    @property
    def digest(self) -> str:
        """Changes whenever a setting does."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def undo(self) -> timedelta:
        return timedelta(seconds=self.undo_seconds)


@Prepared
def _values() -> ModelSelect:
    return Setting.select(Setting.name, Setting.value)


@kept_until_commit
def current() -> Settings:
    """The organisation's settings: a change acts on the next request."""
    values: dict[str, object] = {}
    for row in _values.rows():
        name, text = row
        default = getattr(Settings, name, None)
        if isinstance(default, bool):
            values[name] = text == "1"
        elif isinstance(default, int):
            values[name] = int(text)
        elif isinstance(default, str):
            values[name] = text
    return Settings(**values)  # type: ignore[arg-type]
