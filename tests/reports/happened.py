"""What the figures count, written straight into the tables: without letters, and at any moment."""

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

from models import (
    Assignment,
    Attendance,
    CameBy,
    Completion,
    Employer,
    Ending,
    Event,
    FeedbackAnswer,
    FeedbackAsk,
    FeedbackNamed,
    Meeting,
    MeetingState,
    Mentor,
    Mentorship,
    MentorshipEnding,
    Mode,
    Referral,
    ReferrerKind,
    Returner,
    ReturnerState,
    Review,
    ReviewOutcome,
    School,
    Stage,
    Status,
    SupportKind,
    SupportMeeting,
    User,
)
from signpost import clock
from signpost.feedback.surveys import FURTHER_ON, MENTORING
from signpost.mentoring.dates import ends_on

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


# Mentoring and progression


def interested(at: str, employer: Employer | None = None) -> Returner:
    """Somebody asked for a mentor, who came back a day later."""
    when = moment(at)
    return Returner.create(
        name="R", email=f"r{next(_count)}@mail.example", employer=employer, came_by=CameBy.ENTERED, entered_at=when,
        absent_from=when.date() - timedelta(days=200), returns_on=when.date() + timedelta(days=1),
        state=ReturnerState.INTERESTED, interested_at=when,
    )  # fmt: skip


def introduced(one: Returner, mentor: Mentor, at: str) -> Mentorship:
    n = next(_count)
    return Mentorship.create(
        returner=one, mentor=mentor, mentor_seat=n, returner_seat=1, introduced_at=moment(at), introduced_by=mentor.user,
        ends_on=ends_on(one.returns_on),
    )  # fmt: skip


def mentoring_ended(pair: Mentorship, at: str, ending: MentorshipEnding) -> None:
    columns = {"ended_at": moment(at), "ending": ending, "mentor_seat": None, "returner_seat": None}
    Mentorship.update(columns).where(Mentorship.id == pair.id).execute()


def mentoring_answered(at: str, used: str, useful: str) -> None:
    words = json.dumps({"used": used, "useful": useful, "words": ""})
    month = moment(at).date().replace(day=1)
    FeedbackAnswer.create(survey=MENTORING.name, month=month, answers_json=words)


def reviewed(by: User, at: str, outcome: ReviewOutcome) -> Review:
    return Review.create(
        trainee_name="T", trainee_email=f"s{next(_count)}@mail.example", programme="Genomics", outcome=outcome,
        outcome_on=moment(at).date(), opened_by=by, opened_at=moment(at),
    )  # fmt: skip


def supported(review: Review, at: str, kind: SupportKind = SupportKind.TRIAGE) -> None:
    taker = review.opened_by if kind == SupportKind.FULL else None
    SupportMeeting.create(
        review=review, kind=kind, minutes=60, chair=review.opened_by, minute_taker=taker, required_by=review.opened_by,
        required_at=moment(at), held_at=moment(at),
    )  # fmt: skip
