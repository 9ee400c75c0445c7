"""What time brings to a pair: a check, a reminder of the agreement, a notice, the end, the survey (D9, D11, D15, D16).

Each acts once, however late or often the pass runs. What no longer makes sense when it is late is left out: nobody is told
that something ends in a month once it has ended.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from models import AskState, FeedbackAsk, Meeting, MeetingState, Mentorship, db
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.events import record
from signpost.feedback.surveys import MENTORING
from signpost.mentoring import mentorships
from signpost.mentoring.dates import months_later

OPEN = Mentorship.ended_at.is_null()


def check_contact(at: datetime) -> int:
    """Have you made contact? Asked once, some days after the introduction, where neither has said so (D16)."""
    before = at - timedelta(days=settings.current().contact_check_days)
    silent = OPEN & Mentorship.contact_at.is_null() & (Mentorship.introduced_at <= before)
    return _each(silent, Mentorship.asked_contact_at, "mentorship.contact_asked", at)


def remind_of_agreement(at: datetime) -> int:
    """Some days after the first meeting, where nothing is recorded (D9)."""
    before = at - timedelta(days=settings.current().agreement_prompt_days)
    met = Meeting.select(Meeting.id).where((Meeting.state == MeetingState.BOOKED) & (Meeting.ends_at <= before))
    silent = OPEN & Mentorship.agreed_on.is_null() & Mentorship.first_meeting.in_(met)
    return _each(silent, Mentorship.asked_agreement_at, "mentorship.agreement_asked", at)


def tell_a_month_before(at: datetime) -> int:
    """A month before the end, once for each end: an end that is moved away is told anew (D11)."""
    today = clock.to_london(at).date()
    soon = OPEN & (Mentorship.ends_on <= months_later(today, 1)) & (Mentorship.ends_on > today)
    return _each(soon, Mentorship.told_month_before_at, "mentorship.month_left", at)


def end(at: datetime) -> int:
    """Those whose six months after the return are over end by themselves (D11)."""
    over = OPEN & (Mentorship.ends_on <= clock.to_london(at).date())
    ended = [mentorships.end_in_time(one, people.system_user()) for one in _rows(over)]
    return sum(ended)


def remind_of_survey(at: datetime) -> int:
    """Those of a pair that ended who have not answered are reminded, once (D15)."""
    before = at - timedelta(days=settings.current().survey_reminder_days)
    unanswered = FeedbackAsk.select(FeedbackAsk.mentorship).where(
        (FeedbackAsk.survey == MENTORING.name) & (FeedbackAsk.state == AskState.OPEN)
    )
    silent = Mentorship.ended_at.is_null(False) & (Mentorship.ended_at <= before) & Mentorship.id.in_(unanswered)
    return _each(silent, Mentorship.survey_reminded_at, "mentorship.survey_reminded", at)


RULES: dict[str, Callable[[datetime], int]] = {
    "mentoring that has ended": end,  # first: after a long silence a pair whose time is over is asked nothing
    "pairs asked whether they are in touch": check_contact,
    "pairs reminded of their agreement": remind_of_agreement,
    "mentoring that ends in a month": tell_a_month_before,
    "surveys of mentoring": remind_of_survey,
}


def _each(which: Any, done: Any, event: str, at: datetime) -> int:
    """Record the event for each of these, and that it was: only whoever writes the column first tells anybody."""
    acted = 0
    for mentorship in _rows(which & done.is_null()):
        with db.atomic():
            first = (Mentorship.id == mentorship.id) & done.is_null() & which
            if Mentorship.update({done: at}).where(first).execute():
                record(event, by=people.system_user(), concerning=mentorship)
                acted += 1
    return acted


def _rows(which: Any) -> list[Mentorship]:
    return list(Mentorship.select().where(which).order_by(Mentorship.id))
