"""What is held about a person: for every table, how its rows lead to them, or why none does.

A table that stands in neither list fails a test, so that nothing of a later room is forgotten.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import ForeignKeyField, ModelSelect

from models import (
    TABLES,
    AuditEntry,
    Emergency,
    Notice,
    NoticeRecipient,
    Referral,
    RetentionHold,
    StoredFile,
    SubjectItem,
    Table,
    User,
)
from signpost.notices.queries import OF_COMPLAINTS

# table: the column that leads to the person: a user, a row of another table of this list, or (with "=") their address.
LEADS = {
    "user": "id", "role_held": "user", "role_asked": "user", "counsellor_venue": "counsellor", "absence": "counsellor",
    "conflict": "counsellor", "web_session": "user", "account_link": "user", "saved_view": "user", "draft": "user",
    "hours": "counsellor", "calendar_feed": "user", "poll": "organiser", "poll_person": "=email", "poll_answer": "person",
    "attendee": "=email", "meeting": "referral",
    "referral": "trainee", "release": "referral", "consent": "referral", "information_request": "referral",
    "breach": "referral", "emergency": "referral", "careers_session": "referral", "stage_touched": "session",
    "session_text": "session", "session_issue": "session", "focus_change": "session", "session_option": "session",
    "discussion_form": "referral", "record_access": "referral", "plan": "referral", "objective": "plan",
    "objective_remark": "objective", "stored_file": "referral", "completion": "referral", "end_told": "referral", "contract_case": "referral",
    "feedback_ask": "referral", "feedback_named": "ask", "personal_link": "referral", "assignment": "referral",
    "returner": "=email", "mentoring_wish": "returner", "wished_area": "wish", "mentor": "user", "mentor_base": "mentor",
    "mentor_pause": "mentor", "kept_apart": "returner", "mentorship": "returner", "mentoring_agreement": "mentorship",
    "mentoring_meeting": "mentorship", "duty_disclosure": "mentorship",
    "review": "=trainee_email", "outcome_change": "review", "review_person": "=email", "review_issue": "review", "support_call": "review",
    "support_meeting": "review", "preparation": "support_meeting", "gap_row": "support_meeting", "paper": "support_meeting",
    "paper_opening": "paper", "minutes": "support_meeting", "correction": "minutes", "support_outcome": "support_meeting",
    "follow_up": "review", "review_needed": "review", "progression_report": "review",
    "retention_hold": "about_id", "event": "referral", "notice_recipient": "=address", "notice": "recipient", "audit_entry": "record",
    "guidance_comment": "by_user", "activity_note": "user",
}  # fmt: skip

NOT_HELD = {
    "school": "a place", "employer": "a place", "venue": "a place", "setting": "the organisation’s",
    "failed_sign_in": "hashes that lead to nobody", "help_asked": "forgotten within the hour",
    "poll_time": "times, without a person", "taken_time": "times, without a person",
    "statement": "words for everybody", "file_piece": "the bytes of a document, which is named and can be asked for",
    "key_proof": "of the machine", "audit_head": "of the machine",
    "report_period": "figures that identify nobody", "report_figure": "figures that identify nobody",
    "contract": "an organisation’s", "contract_cover": "an organisation’s",
    "guidance_version": "words for everybody", "guidance_address": "addresses of pages",
    "guidance_comment_waiting": "words that lead to nobody",
    "feedback_waiting": "answers that lead to nobody", "feedback_answer": "answers that lead to nobody",
    # Whoever reviews a bundle must not learn of one; those it concerns read theirs on its own page (C11).
    **dict.fromkeys(
        ("complaint", "complaint_access", "complaint_respondent", "complaint_note", "complaint_disclosure"),
        "confidential to those who handle it, who give copies themselves",
    ),
    "area": "a place", "place": "a place", "support_contact": "an organisation’s", "segment": "times, without a person",
    "match_override": "of the matching, for the team’s work of a day", "matches_seen": "of the matching, for the team’s work of a day",
    "import": "read, checked and taken over: what came of it is held", "import_row": "read, checked and taken over: what came of it is held",
    "disposal": "what is gone, without a word of it", "disposal_reader": "who may know of what is gone",
    "subject_access": "the asking itself", "subject_item": "the asking itself",
}  # fmt: skip

# Columns that say nothing of a person: keys, hashes, what machines need.
LEFT_OUT = {
    "id", "version", "password_hash", "token_hash", "mac", "search_words", "name_order", "dedupe_key", "claimed_by",
    "claimed_until", "position", "sequence", "about_table", "about_id", "calendar",
}  # fmt: skip
# A link in a message may still open something: whoever reviews it must not be able to follow it.
OPENS_SOMETHING = re.compile(r"https?://\S+/(?:links|answer|disclosed|password|mine)/\S+")
MUST_BE_LOOKED_AT = (
    "breach",
    "emergency",
    "release",
    "information_request",
    "assignment",
    "record_access",
    "retention_hold",
)


@dataclass(frozen=True)
class Subject:
    """Whom it is about: an address, and the account that has it, where there is one."""

    email: str

    @property
    def user(self) -> User | None:
        return User.get_or_none(User.email == self.email)


def kinds() -> list[str]:
    """Every kind of row that may be about a person, in the order of the tables."""
    return [one._meta.table_name for one in TABLES if one._meta.table_name in LEADS]


def rows_of(kind: str, subject: Subject) -> Iterator[dict[str, Any]]:
    """The rows of one kind that are about this person, each as its columns in words."""
    table = _table(kind)
    for row in _select(table, subject).order_by(table._meta.primary_key):
        yield _written_out(row)


def _table(kind: str) -> Any:
    return next(one for one in TABLES if one._meta.table_name == kind)


def _select(table: Any, subject: Subject) -> ModelSelect:
    kind = table._meta.table_name
    lead = LEADS[kind]
    user = subject.user
    nobody = table.select().where(table._meta.primary_key.is_null())
    if table is Referral:
        by_address = Referral.trainee_email == subject.email
        return Referral.select().where(by_address | (Referral.trainee == user) if user else by_address)
    if table is User:
        return User.select().where(User.email == subject.email)
    if table is Notice:
        theirs = NoticeRecipient.select(NoticeRecipient.notice).where(NoticeRecipient.address == subject.email)
        return Notice.select().where(Notice.id.in_(theirs) & Notice.kind.not_in(OF_COMPLAINTS))
    if table is NoticeRecipient:
        others = Notice.select(Notice.id).where(Notice.kind.not_in(OF_COMPLAINTS))
        return table.select().where((NoticeRecipient.address == subject.email) & NoticeRecipient.notice.in_(others))
    if table is RetentionHold:
        cases = [one.public_id for one in _select(Referral, subject)]
        return table.select().where((RetentionHold.about_table == "referral") & RetentionHold.about_id.in_(cases))
    if table is AuditEntry:
        referrals = [f"referral:{one.public_id}" for one in _select(Referral, subject)]
        return AuditEntry.select().where(AuditEntry.record.in_(referrals))
    if lead.startswith("="):
        return table.select().where(getattr(table, lead[1:]) == subject.email)
    column = getattr(table, lead)
    if column.rel_model is User:
        return table.select().where(column == user) if user else nobody
    return table.select().where(column.in_([one._pk for one in _select(column.rel_model, subject)]))


def _written_out(row: Table) -> dict[str, Any]:
    """The columns of a row: sealed words opened, people and places by their names."""
    return {
        name: found
        for name, field in row._meta.fields.items()
        if name not in LEFT_OUT and (found := _value(row, name, field)) not in (None, "")
    }


def _value(row: Any, name: str, field: Any) -> Any:
    if isinstance(field, ForeignKeyField):
        other = getattr(row, name)
        return None if other is None else getattr(other, "name", None) or getattr(other, "public_id", None)
    value = getattr(row, name)
    if isinstance(value, str):
        return OPENS_SOMETHING.sub("(a link stood here)", value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, int | bool | float | None) else None


def content_of(item: SubjectItem) -> dict[str, Any]:
    """The columns of a row that was gathered, all of it."""
    found: dict[str, Any] = json.loads(item.content)
    return found


def parts_of(item: SubjectItem) -> list[dict[str, str]]:
    """What of it is withheld: a field, a passage of it or nothing for the whole field, and why."""
    return json.loads(item.parts_json) if item.parts_json is not None else []


def given_of(item: SubjectItem) -> dict[str, Any]:
    """The columns as the person reads them: where something is withheld stands why."""
    content, parts = content_of(item), parts_of(item)
    for field in {part["field"] for part in parts}:
        whole = [part for part in parts if part["field"] == field and not part["words"]]
        if whole:
            content[field] = _withheld(whole)
        else:
            content[field] = _without(lines(content[field]), [part for part in parts if part["field"] == field])
    return content


def _without(text: str, parts: list[dict[str, str]]) -> str:
    """A text without these passages, wherever each stands; those that overlap are one gap."""
    spans = sorted(
        (found.start(), found.start() + len(part["words"]), part["words"])
        for part in parts
        for found in re.finditer(f"(?={re.escape(part['words'])})", text)
    )
    gaps: list[tuple[int, int, set[str]]] = []
    for first, last, words in spans:
        if gaps and first < gaps[-1][1]:
            begun, ended, said = gaps.pop()
            gaps.append((begun, max(ended, last), said | {words}))
        else:
            gaps.append((first, last, {words}))
    made, place = "", 0
    for first, last, said in gaps:
        made += text[place:first] + _withheld([part for part in parts if part["words"] in said])
        place = last
    return made + text[place:]


def _withheld(parts: list[dict[str, str]]) -> str:
    return f"[withheld: {'; '.join(dict.fromkeys(part['why'] for part in parts))}]"


def lines(text: str) -> str:
    """A text with one kind of line end."""
    return "\n".join(text.splitlines())


def cases_of(email: str) -> list[Referral]:
    return list(_select(Referral, Subject(email)))


def waits_to_be_told(email: str) -> bool:
    """Whether something was disclosed in an emergency of which it is not safe yet to tell them (C6)."""
    return Emergency.select().where(Emergency.referral.in_(cases_of(email)) & Emergency.told_at.is_null()).exists()


def tells_of_an_emergency(item: SubjectItem) -> bool:
    """The disclosure itself, or a line of the history that it was recorded or read."""
    return item.kind == "emergency" or (item.kind in ("event", "audit_entry") and "emergency" in item.content)


def files_of(subject: Subject) -> list[StoredFile]:
    """Documents that are still held about them."""
    return [one for one in _select(StoredFile, subject) if not one.is_removed]
