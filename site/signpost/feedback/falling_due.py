"""When answers without a name leave the box: with enough others that no step of the figures is one person's (C2, C3)."""

from datetime import datetime

from peewee import Expression, chunked

from models import (
    AskState,
    FeedbackAnswer,
    FeedbackAsk,
    FeedbackWaiting,
    Mentor,
    Mentorship,
    Referral,
    Returner,
    Side,
    User,
    db,
)
from signpost import clock, database, settings
from signpost.feedback.actions import shuffle
from signpost.feedback.surveys import SURVEYS

ROWS_AT_A_TIME = 200


def empty_boxes(at: datetime) -> int:
    """Move what waits into the store, all at once. Gives how many answers were moved."""
    moved = sum(_empty(survey, at) for survey in SURVEYS)
    if moved:
        database.forget_journal()
    return moved


def _empty(survey: str, at: datetime) -> int:
    """The store is written anew in a new order under new ids, so that neither shows what came with what."""
    least = settings.current().smallest_number
    with db.atomic():
        waits = (FeedbackAsk.survey == survey) & (FeedbackAsk.state == AskState.WAITS)
        if len(_people_of(waits)) < least:
            return 0
        month = clock.to_london(at).date().replace(day=1)
        box = FeedbackWaiting.select().where(FeedbackWaiting.survey == survey)
        waiting = [(month, row.answers_json.rstrip()) for row in box]
        store = FeedbackAnswer.select().where(FeedbackAnswer.survey == survey)
        every = waiting + [(row.month, row.answers_json) for row in store]
        shuffle(every)
        FeedbackWaiting.delete().where(FeedbackWaiting.survey == survey).execute()
        FeedbackAnswer.delete().where(FeedbackAnswer.survey == survey).execute()
        rows = [FeedbackAnswer(survey=survey, month=month, answers_json=answers) for month, answers in every]
        for some in chunked(rows, ROWS_AT_A_TIME):
            FeedbackAnswer.insert_many([row.__data__ for row in some]).execute()
        FeedbackAsk.update(state=AskState.ANSWERED).where(waits).execute()
    return len(waiting)


def _people_of(asks: Expression) -> set[str]:
    """By address, the different people who were asked these."""
    trainees = FeedbackAsk.select(Referral.trainee_email).join(Referral).where(asks)
    pairs = FeedbackAsk.select(FeedbackAsk.side, Returner.email, User.email)
    pairs = pairs.join(Mentorship).join(Returner).switch(Mentorship).join(Mentor).join(User).where(asks)
    of_pairs = {returner if side == Side.RETURNER else mentor for side, returner, mentor in pairs.tuples()}
    return {email for (email,) in trainees.tuples()} | of_pairs
