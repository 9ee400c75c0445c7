"""Who is asked, what was said with a name, and what was written without one (C2). The figures are in `reports`."""

import json
from dataclasses import dataclass
from datetime import date

from peewee import ModelSelect

from models import (
    AskState,
    FeedbackAnswer,
    FeedbackAsk,
    FeedbackNamed,
    Mentor,
    Mentorship,
    Referral,
    Returner,
    Side,
    User,
)
from signpost import clock, settings
from signpost.feedback.actions import shuffle
from signpost.feedback.surveys import SURVEYS, WORDS, Survey
from signpost.referrals import queries as referrals


def asks_of(referral: Referral) -> ModelSelect:
    return FeedbackAsk.select().where(FeedbackAsk.referral == referral).order_by(FeedbackAsk.id)


def open_asks_of(referral: Referral) -> list[FeedbackAsk]:
    """What the trainee of this case may still answer."""
    return list(asks_of(referral).where(FeedbackAsk.state == AskState.OPEN))


def asked_of(user: User) -> ModelSelect:
    """What this person may answer, or has answered: about their own cases, and their own mentoring."""
    cases = Referral.select(Referral.id).where(referrals.of_trainee(user, user.email))
    as_returner = Mentorship.select(Mentorship.id).join(Returner).where(Returner.email == user.email)
    as_mentor = Mentorship.select(Mentorship.id).join(Mentor).where(Mentor.user == user)
    return FeedbackAsk.select().where(
        FeedbackAsk.referral.in_(cases)
        | ((FeedbackAsk.side == Side.RETURNER) & FeedbackAsk.mentorship.in_(as_returner))
        | ((FeedbackAsk.side == Side.MENTOR) & FeedbackAsk.mentorship.in_(as_mentor))
    )


def asks_of_pair(mentorship: Mentorship, side: Side) -> ModelSelect:
    """What one of a mentoring pair may answer, or has answered."""
    theirs = (FeedbackAsk.mentorship == mentorship) & (FeedbackAsk.side == side)
    return FeedbackAsk.select().where(theirs).order_by(FeedbackAsk.id)


@dataclass(frozen=True)
class Signed:
    """An answer that its giver put their name to."""

    survey: Survey
    answers: tuple[tuple[str, str], ...]
    words: str
    given_on: date


def signed_of(referral: Referral) -> list[Signed]:
    """What the trainee of this case said with their name, the newest first."""
    rows = FeedbackNamed.select(FeedbackNamed, FeedbackAsk).join(FeedbackAsk).where(FeedbackAsk.referral == referral)
    found = []
    for row in rows.order_by(FeedbackNamed.id.desc()):
        survey, given = SURVEYS[row.ask.survey], json.loads(row.answers_json)
        said = tuple((one.words, dict(one.choices)[given[one.name]]) for one in survey.questions)
        found.append(Signed(survey, said, given[WORDS], clock.to_london(row.given_at).date()))
    return found


def words_of(survey: Survey) -> list[str]:
    """What was written without a name, in no order, from enough answers up; never with a day."""
    given = _without_name(survey, _this_month())
    if len(given) < settings.current().smallest_number:
        return []
    found = [answers[WORDS] for answers in given if answers[WORDS]]
    shuffle(found)
    return found


def _this_month() -> date:
    return clock.today().replace(day=1)


def _without_name(survey: Survey, until: date) -> list[dict[str, str]]:
    ours = (FeedbackAnswer.survey == survey.name) & (FeedbackAnswer.month < until)
    return [json.loads(row.answers_json) for row in FeedbackAnswer.select().where(ours)]
