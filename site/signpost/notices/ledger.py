"""The ledger: what became of each message, in plain words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from models import Notice, NoticeRecipient, NoticeState
from signpost import clock
from signpost.formatting import clock_time, moment
from signpost.notices import outbox
from signpost.notices.delivery import FAILURE_WORDS
from signpost.notices.permissions import PERMISSIONS

KIND_WORDS = {
    "guidance_comment": "A comment on the guidance",
    "complaint_received": "A message",
    "complaint_waiting": "A message",
    "complaint_moved": "A message",
    "complaint_disclosed": "A message",
    "referral": "The referral",
    "personal_link": "The trainee’s personal link",
    "referral_receipt": "Receipt",
    "concerns_added": "Wider concerns added",
    "declined_adviser": "The trainee said no",
    "ended_counsellor": "The case has ended",
    "not_going_ahead_referrer": "The referral is not going ahead",
    "withdrawn_adviser": "The referral was withdrawn",
    "withdrawn_trainee": "The referral was withdrawn",
    "closed_adviser": "The referral was closed",
    "closed_trainee": "The referral was closed",
    "assigned_trainee": "Who will support the trainee",
    "reassigned_trainee": "Who will support the trainee now",
    "assigned_counsellor": "A trainee was assigned",
    "unassigned_counsellor": "The case moved to another counsellor",
    "meeting_booked": "A meeting was booked",
    "meeting_moved": "A meeting was moved",
    "meeting_cancelled": "A meeting was cancelled",
    "meeting_ended": "A meeting cannot take place",
    "meeting_left": "Need not come any more",
    "meeting_linked": "The link of a meeting",
    "meeting_tomorrow": "Reminder of a meeting",
    "link_needs_person": "A meeting needs a link",
    "availability_asked": "Asked when they can meet",
    "availability_chaser": "Asked again when they can meet",
    "availability_called_off": "No longer asked when they can meet",
    "all_answered": "Everyone who is needed has answered",
    "task_reminder": "Reminder of what they set themselves",
    "nothing_booked": "Nothing booked yet",
    "record_opened": "Somebody opened the record for a reason",
    "record_covered": "A colleague covers the case",
    "cover_asked": "Asked to cover the case",
    "stopped_part_way": "The trainee stopped part-way",
    "stopped_trainee": "You have stopped",
    "please_tell_them": "Please tell them that the sessions are complete",
    "sessions_complete": "The agreed sessions are complete",
    "told_for_you": "Told for the trainee",
    "sessions_ended": "The sessions have ended",
    "consent_asked": "A consent was asked for",
    "consent_signed": "A consent was signed",
    "consent_withdrawn": "A consent was withdrawn",
    "consent_answered": "A consent was answered",
    "disclosed": "Information was given on a consent",
    "information_asked": "The employer was asked",
    "information_answered": "The employer answered",
    "breach_told": "The trainee was told",
    "concern_raised": "The head of school was told",
    "emergency_second": "A second person was asked",
    "emergency_told": "The trainee was told",
    "emergency_look_again": "Look again whether the trainee can be told",
    "access_ready": "What is held about somebody is ready for them",
    "contact_check": "Asked whether they are in touch",
    "agreement_prompt": "Reminded of their agreement",
    "agreement_proposed": "An agreement to look at",
    "month_left": "The mentoring ends in a month",
    "mentoring_ended": "The mentoring has ended",
    "survey_reminder": "Reminded of the survey",
    "not_working_received": "A different arrangement was asked for",
    "new_arrangement": "A different arrangement",
    "duty_told": "The mentee was told of a duty",
    "released_tsg": "Released to the Training Support Group",
    "mentor_offer": "The offer of a mentor",
    "mentor_offer_again": "Reminder of the offer of a mentor",
    "mentor_interest": "The wish for a mentor was received",
    "mentor_waiting": "Waiting for a mentor",
    "introduction": "The introduction of mentor and mentee",
    "returner_link": "The returner’s personal link",
    "review_link": "Their page about a review",
    "call_offered": "A support call was offered",
    "support_meeting_required": "A support meeting is needed",
    "action_asked": "Asked to act",
    "support_outcome": "What the support meeting came to",
    "plan_agreed": "The action plan is agreed",
    "plan_review_due": "An action plan to look at",
    "objective_reminder": "Reminded of the action plan",
    "objective_reminder_officer": "Reminded of the action plan",
    "report_told": "The trainee was told of a report",
    "progression_report": "A report beyond the School",
    "preparation": "What to prepare for a support meeting",
    "papers_ready": "Papers of a support meeting",
    "plan_overdue": "The training plan is awaited",
}

# When, where and by which link people meet is theirs, and so is what a trainee set themselves: the ledger says only that
# they were told.
FOR_ITS_READERS = frozenset(kind for kind in KIND_WORDS if kind.startswith(("meeting_", "task_")))
NOT_SHOWN = "What it says is for those it was sent to."
NOT_KEPT = "What it said is no longer kept."

LINK = re.compile(r"https?://\S+/(?:links|disclosed)/\S+")


@dataclass(frozen=True)
class Reached:
    """One recipient of a message: who, which header, how it stands, and why they may know."""

    header: str
    name: str
    address: str
    words: str
    state: str
    why: str


@dataclass(frozen=True)
class Line:
    """One message of the ledger. `text` never shows a personal link: that is its owner's alone."""

    public_id: str
    what: str
    subject: str
    text: str
    queued_at: datetime
    recipients: tuple[Reached, ...]
    can_send_again: bool
    reference: str
    referral_id: str


def lines(notices: Iterable[Notice]) -> list[Line]:
    """The ledger's lines for these messages, in their order; three statements for any number."""
    rows = list(notices)
    ids = [row.id for row in rows]
    recipients: dict[int, list[NoticeRecipient]] = {}
    for recipient in NoticeRecipient.select().where(NoticeRecipient.notice.in_(ids)).order_by(NoticeRecipient.id):
        recipients.setdefault(recipient.notice_id, []).append(recipient)
    copied = {original for (original,) in Notice.select(Notice.copy_of).where(Notice.copy_of.in_(ids)).tuples()}
    return [_line(row, recipients.get(row.id, []), row.id in copied) for row in rows]


def _line(notice: Notice, recipients: list[NoticeRecipient], was_copied: bool) -> Line:
    is_for_its_readers = notice.kind in FOR_ITS_READERS
    is_kept = notice.subject != ""
    text = LINK.sub("(personal link)", notice.text) if is_kept else NOT_KEPT
    return Line(
        public_id=notice.public_id,
        what=KIND_WORDS.get(notice.kind, "A message"),
        subject=KIND_WORDS[notice.kind] if is_for_its_readers else notice.subject or KIND_WORDS[notice.kind],
        text=NOT_SHOWN if is_for_its_readers and is_kept else text,
        queued_at=notice.queued_at,
        recipients=tuple(
            Reached(
                row.header.capitalize(),
                row.name,
                row.address,
                state_words(notice, row),
                row.state,
                PERMISSIONS[row.permission].words if row.permission in PERMISSIONS else "",
            )
            for row in recipients
        ),
        can_send_again=notice.state == NoticeState.FAILED and not was_copied and is_kept,
        reference=notice.referral.reference if notice.referral else "",
        referral_id=notice.referral.public_id if notice.referral else "",
    )


def state_words(notice: Notice, recipient: NoticeRecipient) -> str:
    """How the message stands for one person, as one would say it."""
    why = FAILURE_WORDS.get(recipient.failure, "")
    match NoticeState(recipient.state):
        case NoticeState.SENT:
            return (
                f"Handed to their mail server on {moment(notice.finished_at)}"
                if notice.finished_at
                else "Handed to their mail server"
            )
        case NoticeState.FAILED:
            return f"Not delivered. {why}."
        case NoticeState.WITHHELD:
            return f"Not sent. {why}."
        case NoticeState.UNDONE:
            return "Taken back before it was sent"
        case NoticeState.QUEUED if notice.state == NoticeState.UNDONE:
            return "Taken back before it was sent"
        case NoticeState.QUEUED if recipient.failure:
            tries = f" Try {notice.attempts} of {outbox.MOST_ATTEMPTS}." if notice.attempts else ""
            return f"{why}. We try again at {clock_time(notice.due_at)}.{tries}"
        case _:
            return f"Waits until {clock_time(notice.due_at)}" if notice.due_at > clock.now() else "About to be sent"
