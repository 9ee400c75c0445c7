"""Asking for feedback, and giving it with or without a name (B9, C2).

An answer without a name leaves no event, no entry in the audit and no time. It goes into a box, sealed and of one length
with all others; the box is shuffled and sealed anew each time. `falling_due` says when it leaves. See docs/decisions/0012.
"""

import json
from collections.abc import Mapping
from random import SystemRandom

from models import (
    AskState,
    CareersSession,
    FeedbackAsk,
    FeedbackNamed,
    FeedbackWaiting,
    Mentorship,
    Referral,
    Side,
    db,
)
from signpost import clock
from signpost.errors import RuleBroken
from signpost.feedback.surveys import FURTHER_ON, SURVEYS, Survey

ANSWERED = "You have answered this already. Thank you."
# More than the longest answer takes, whatever it is written in.
PADDED_BYTES = 4096

shuffle = SystemRandom().shuffle


def ask(referral: Referral, session: CareersSession | None = None, survey: Survey = FURTHER_ON) -> FeedbackAsk:
    """Let the trainee answer, once for each session. Asking again is the same ask."""
    with db.atomic():
        same = (FeedbackAsk.survey == survey.name) & (FeedbackAsk.referral == referral)
        same &= (FeedbackAsk.session == session) if session else FeedbackAsk.session.is_null()
        found: FeedbackAsk | None = FeedbackAsk.get_or_none(same)
        return found or FeedbackAsk.create(survey=survey.name, referral=referral, session=session)


def ask_one_of_pair(mentorship: Mentorship, side: Side, survey: Survey) -> FeedbackAsk:
    """Let one of a mentoring pair answer, once (D15). Asking again is the same ask."""
    with db.atomic():
        theirs = {"survey": survey.name, "mentorship": mentorship, "side": side}
        return FeedbackAsk.get_or_none(**theirs) or FeedbackAsk.create(**theirs)


def give(one: FeedbackAsk, given: Mapping[str, str], with_name: bool) -> None:
    """Answer, once. With a name the counsellor reads it; without one nobody can tell whose it is."""
    survey = SURVEYS[one.survey]
    if with_name and not survey.may_be_named:
        raise RuleBroken("Answers to this are given without a name.")
    answers = json.dumps(survey.checked(given), ensure_ascii=False)
    with db.atomic():
        now_is = AskState.ANSWERED if with_name else AskState.WAITS
        mine = (FeedbackAsk.id == one.id) & (FeedbackAsk.state == AskState.OPEN)
        if not FeedbackAsk.update(state=now_is).where(mine).execute():
            raise RuleBroken(ANSWERED)
        if with_name:
            FeedbackNamed.create(ask=one, answers_json=answers, given_at=clock.now())
        else:
            _put_into_box(one.survey, answers)
    one.state = now_is


def _put_into_box(survey: str, answers: str) -> None:
    """Add it to those that wait, all of them sealed anew and in a new order, so that none can be followed."""
    ours = FeedbackWaiting.survey == survey
    waiting = [row.answers_json for row in FeedbackWaiting.select().where(ours)]
    waiting.append(answers + " " * (PADDED_BYTES - len(answers.encode())))
    shuffle(waiting)
    FeedbackWaiting.delete().where(ours).execute()
    for each in waiting:
        FeedbackWaiting.create(survey=survey, answers_json=each)
