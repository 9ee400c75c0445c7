"""The schedule: every kind of record that is destroyed after its time, one entry each, and how the tables hang together.

A room adds its records here, and no code. `disposal` destroys a record with every row that belongs to it: those a key
cascades to, and those of `GOES_WITH`. Whatever else refers to it keeps it: it waits until that is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import SQL, Field, ForeignKeyField

from models import (
    Assignment,
    Breach,
    CareersSession,
    Complaint,
    ComplaintState,
    Conflict,
    Consent,
    DiscussionForm,
    Draft,
    DutyDisclosure,
    Emergency,
    EndTold,
    Event,
    FeedbackAnswer,
    FeedbackAsk,
    FeedbackNamed,
    FollowUp,
    GuidanceComment,
    Import,
    ImportState,
    InformationRequest,
    Meeting,
    Mentor,
    Mentorship,
    Notice,
    NoticeState,
    ObjectiveRemark,
    Paper,
    PaperOpening,
    Plan,
    Poll,
    PollState,
    ProgressionReport,
    RecordAccess,
    Referral,
    Release,
    Returner,
    Review,
    ReviewNeeded,
    StoredFile,
    SubjectAccess,
    SubjectItem,
    SupportCall,
    SupportMeeting,
    SupportOutcome,
    Table,
    User,
)
from signpost import clock
from signpost.accounts.queries import SYSTEM_EMAIL

GONE = "@gone.invalid"


def _always() -> Any:
    return SQL("1 = 1")


@dataclass(frozen=True)
class Kind:
    """Records of one kind. `after` says of which moment the period begins; before `over` holds it has not begun.

    `parts`: the columns whose rows go, where the record itself stays. `row_stays`: only words of it go. `counted`: published figures count it, so it stays
    until they are published. `secret`: nobody but its handlers knows of one. `is_figure`: how many there are is a figure
    (C3), so nobody is told.
    """

    key: str
    name: str
    after: str
    record: type[Table]
    moment: Field
    over: Callable[[], Any] = _always
    parts: tuple[ForeignKeyField, ...] = ()
    row_stays: bool = False
    counted: bool = False
    secret: bool = False
    is_figure: bool = False


CASE_CLOSED = "the case was closed"

# Parts of a record stand before the record.
# fmt: off
KINDS = (
    Kind("draft", "Forms that were begun and not sent", "it was last saved", Draft, Draft.saved_at),
    Kind("message", "The words of messages", "it was written", Notice, Notice.queued_at, lambda: (Notice.state != NoticeState.QUEUED) & (Notice.subject != ""), row_stays=True),
    Kind("careers_record", "Careers records: what was written in sessions, discussion forms, tasks, documents", CASE_CLOSED, Referral, Referral.closed_at, parts=(CareersSession.referral, DiscussionForm.referral, Plan.referral, StoredFile.referral, RecordAccess.referral), counted=True),
    Kind("consent", "Consents, and questions to employers", CASE_CLOSED, Referral, Referral.closed_at, parts=(Consent.referral, InformationRequest.referral)),
    Kind("breach", "Confidentiality broken, and emergency disclosures", CASE_CLOSED, Referral, Referral.closed_at, parts=(Breach.referral, Emergency.referral)),
    Kind("case", "Referrals, with their meetings, messages and history", CASE_CLOSED, Referral, Referral.closed_at, counted=True),
    Kind("complaint", "Complaints", "it was closed", Complaint, Complaint.state_at, lambda: Complaint.state == ComplaintState.CLOSED, secret=True),
    Kind("bundle", "What was gathered for who asked for theirs", "the request was opened", SubjectAccess, SubjectAccess.opened_at, lambda: SubjectAccess.expires_at.is_null() | (SubjectAccess.expires_at < clock.now()), parts=(SubjectItem.access,)),
    Kind("access", "Requests for what is held, and their receipts", "the request was opened", SubjectAccess, SubjectAccess.opened_at),
    Kind("mentorship", "Mentoring: agreements, meetings, disclosures", "it ended", Mentorship, Mentorship.ended_at, counted=True),
    Kind("returner", "Returns to training", "the day of the return", Returner, Returner.returns_on, counted=True),
    Kind("mentor", "Mentors who left", "they left", Mentor, Mentor.left_at),
    Kind("review", "Reviews of progression, with their meetings, papers and plans", "it was closed", Review, Review.closed_at, counted=True),
    Kind("poll", "Dates that people were asked for, and the meetings that came of it", "the last day to answer", Poll, Poll.reply_by, lambda: Poll.state != PollState.OPEN),
    Kind("import", "Lists that were read from files", "it was brought", Import, Import.brought_at, lambda: Import.state.in_((ImportState.TAKEN, ImportState.CALLED_OFF))),
    Kind("comment", "Comments on the guidance", "it came", GuidanceComment, GuidanceComment.came_on, lambda: GuidanceComment.dealt_with_on.is_null(False)),
    Kind("conflict", "Counsellors’ declarations about a trainee", "it was declared", Conflict, Conflict.declared_at, lambda: Conflict.trainee_email.is_null(False)),
    Kind("answer", "Answers without a name", "the month of the answer", FeedbackAnswer, FeedbackAnswer.month, counted=True, is_figure=True),
    Kind("account", "Names and addresses of closed accounts", "it was closed", User, User.disabled_at, lambda: (User.email != SYSTEM_EMAIL) & ~User.email.endswith(GONE) & User.id.not_in(Referral.select(Referral.trainee).where(Referral.trainee.is_null(False))), row_stays=True),
)
# fmt: on
BY_KEY = {kind.key: kind for kind in KINDS}

# What goes with the record it hangs on, though its key does not cascade: so that no other code destroys it by mistake.
GOES_WITH = (
    *(Release, Meeting, EndTold, Event, Assignment, Notice, DutyDisclosure),
    *(SupportMeeting, SupportOutcome, FollowUp, ProgressionReport),
)
# A row that points at one of its own: that one goes after it, and not before.
TAKES_ALONG = frozenset(
    (
        *(Mentorship.first_meeting, SupportCall.poll, SupportCall.meeting, SupportMeeting.poll),
        Paper.file,
    )
)
# A mention of another record, which is let go of.
LETS_GO = frozenset((Referral.duplicate_of, Review.earlier, ReviewNeeded.opened))
# By whose link it was made. Both belong to one record, and the link goes last.
MADE_BY = frozenset((ObjectiveRemark.by_link, StoredFile.by_link, PaperOpening.by_link))
# How many there are is a figure about answers (C3), so no certificate says it.
NEVER_COUNTED = (FeedbackAsk, FeedbackNamed, FeedbackAnswer)

# Never destroyed by age, and why.
KEPT = {
    **dict.fromkeys(("school", "employer", "venue", "area", "place"), "a place"),
    **dict.fromkeys(("setting", "contract", "contract_cover", "support_contact"), "the organisation’s"),
    **dict.fromkeys(("guidance_version", "guidance_address"), "pages for everybody"),
    "guidance_comment_waiting": "delivered with the others of its day",
    "statement": "the words that people were shown and agreed to",
    **dict.fromkeys(("report_period", "report_figure"), "published figures, which identify nobody"),
    **dict.fromkeys(
        ("audit_entry", "audit_head"), "the audit: who did what to which record, by its id, and no word of it"
    ),
    "disposal": "the certificates themselves",
    "retention_hold": "goes with its record",
    "feedback_waiting": "has no day, so that nobody can be found by it; it leaves with others",
    **dict.fromkeys(("failed_sign_in", "help_asked"), "forgotten within the hour"),
    "key_proof": "of the machine",
}


PART_COLUMNS = frozenset(column for kind in KINDS for column in kind.parts)


def follows(column: ForeignKeyField) -> bool:
    """Whether rows go with the record that this column of theirs points at."""
    if column in PART_COLUMNS | TAKES_ALONG | LETS_GO | MADE_BY:
        return False
    return column.on_delete == "CASCADE" or column.model in GOES_WITH


def keeps(column: ForeignKeyField) -> bool:
    """Whether a record stays while a row points at it by this column."""
    return not follows(column) and column not in LETS_GO | MADE_BY and column.on_delete != "SET NULL"
