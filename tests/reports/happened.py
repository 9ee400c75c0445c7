"""What the figures count, written straight into the tables: without letters, and at any moment."""

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

from models import (
    Assignment,
    Attendance,
    Completion,
    Employer,
    Ending,
    Event,
    FeedbackAnswer,
    FeedbackAsk,
    FeedbackNamed,
    Meeting,
    MeetingState,
    Mode,
    Referral,
    ReferrerKind,
    School,
    Stage,
    Status,
    User,
)
from signpost import clock
from signpost.feedback.surveys import FURTHER_ON

_count = itertools.count(1)


def moment(text: str) -> datetime:
    return clock.parse(text)


def referred(by: User, at: str, employer: Employer, school: School | None = None, **columns: Any) -> Referral:
    n = next(_count)
    usual = {"trainee_name": f"Trainee {n}", "trainee_email": f"t{n}@signpost.example", "request": "Please."}
    usual |= {"referrer_kind": ReferrerKind.TPD}
    return Referral.create(
        referred_by=by, referred_at=moment(at), employer=employer, school=school, **(usual | columns)
    )


def assigned(one: Referral, at: str, undone: bool = False) -> Assignment:
    by = one.referred_by
    event = Event.create(name="referral.assigned", referral=one, by_user=by, happened_at=moment(at))
    return Assignment.create(
        referral=one, event=event, counsellor=by, assigned_by=by, assigned_at=moment(at),
        undone_at=moment(at) if undone else None,
    )  # fmt: skip


def met(one: Referral | None, by: User, at: str, mode: Mode = Mode.TELEPHONE, held: bool = True) -> Meeting:
    begins = moment(at)
    return Meeting.create(
        referral=one, organiser=by, uid=f"{next(_count)}@signpost.example", begins_at=begins,
        ends_at=begins + timedelta(minutes=40), mode=mode, state=MeetingState.BOOKED,
        attendance=Attendance.HELD if held else Attendance.DID_NOT_TAKE_PLACE,
    )  # fmt: skip


def completed(one: Referral, at: str) -> None:
    Completion.create(referral=one, completed_at=moment(at))


def closed(one: Referral, at: str, ending: Ending) -> None:
    columns = {"stage": Stage.CLOSED, "status": Status.CLOSED, "closed_at": moment(at), "ending": ending}
    Referral.update(columns).where(Referral.id == one.id).execute()


def answered(one: Referral, at: str, answer: str, with_name: bool) -> None:
    words = json.dumps({"further_on": answer, "words": ""})
    if with_name:
        ask = FeedbackAsk.create(survey=FURTHER_ON.name, referral=one, state="answered")
        FeedbackNamed.create(ask=ask, answers_json=words, given_at=moment(at))
    else:
        month = moment(at).date().replace(day=1)
        FeedbackAnswer.create(survey=FURTHER_ON.name, month=month, answers_json=words)
