"""The bundle a person is given: machine-readable (JSON), readable (HTML and PDF), and the documents held about them."""

import io
import json
import re
import zipfile
from datetime import date, datetime
from itertools import groupby
from typing import Any

from models import SubjectAccess, SubjectItem
from signpost.files import queries as files
from signpost.formatting import day, moment
from signpost.subject_access import actions, held

KIND_NAMES = {
    "user": "Your account",
    "role_held": "Your roles",
    "web_session": "Where you signed in",
    "referral": "Referrals about you",
    "meeting": "Meetings",
    "attendee": "Meetings you were asked to",
    "careers_session": "Careers sessions",
    "session_text": "What was written in sessions",
    "session_issue": "Issues you raised",
    "focus_change": "How the focus changed",
    "session_option": "Options you weighed",
    "objective": "Tasks",
    "objective_remark": "What was said of tasks",
    "discussion_form": "Your discussion form",
    "record_access": "Who could read your record",
    "consent": "Consents",
    "information_request": "Questions to your employer",
    "breach": "Confidentiality broken",
    "emergency": "Emergency disclosures",
    "release": "What the Training Support Group was told",
    "stored_file": "Documents",
    "event": "What happened",
    "notice": "Messages to you",
    "notice_recipient": "Messages and their delivery",
    "audit_entry": "The audit of your records",
}


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(_DAY.pattern + r"T\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
_CHOICE = re.compile(r"[a-z]+(_[a-z]+)+")


def as_read(value: Any) -> Any:
    """A value as a person reads it: days, moments and choices in words. The machine-readable copy has it as it is."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if not isinstance(value, str):
        return value
    try:
        if _MOMENT.fullmatch(value):
            return moment(datetime.fromisoformat(value))
        if _DAY.fullmatch(value):
            return day(date.fromisoformat(value))
    except ValueError:
        return value
    return value.replace("_", " ").capitalize() if _CHOICE.fullmatch(value) else value


def sections(access: SubjectAccess) -> list[tuple[str, list[dict[str, Any]]]]:
    """What is given, by kind: a name in words, and its rows."""
    ordered = actions.given(access).order_by(SubjectItem.id)
    return [
        (KIND_NAMES.get(kind, kind.replace("_", " ").capitalize()), [held.given_of(one) for one in rows])
        for kind, rows in groupby(ordered, lambda one: one.kind)
    ]


def packed(access: SubjectAccess, html: str, pdf: bytes | None) -> bytes:
    """The whole as one zip file."""
    found: dict[str, list[dict[str, Any]]] = {}
    for item in actions.given(access):
        found.setdefault(item.kind, []).append(held.given_of(item))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("everything.json", json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True))
        bundle.writestr("everything.html", html)
        if pdf is not None:
            bundle.writestr("everything.pdf", pdf)
        kept = {row.get("public_id") for row in found.get("stored_file", [])}
        for number, file in enumerate(held.files_of(held.Subject(access.email)), start=1):
            if file.public_id in kept:
                bundle.writestr(f"documents/{number}.{file.found}", b"".join(files.content(file)))
    return made.getvalue()
