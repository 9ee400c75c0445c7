"""What a pair agreed: guide questions, none of which must be answered, proposed by one and agreed by the other (D9)."""

from collections.abc import Mapping

from models import MentoringAgreement, Mentorship, PersonalLink, Side, User, db
from signpost import clock
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.mentoring.mentorships import CHANGED, refuse_ended

ANSWER_LENGTH = 2000

# Our words for the questions of the guide (D9): the column, what it is about, and what to think of.
QUESTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "meetings",
        "How will you meet?",
        "How often, how long, in person or not, how formal, who arranges it, and what if one cannot come. Many meet monthly.",
    ),
    ("outcomes", "What do you both hope for?", "What each of you would like to come of it in these months."),
    ("off_limits", "What will you leave out?", "Topics that one of you would rather not talk about."),
    ("learning", "How will you keep what matters?", "Who notes what you worked out, where, and who may read it."),
    ("progress", "How will you tell that it helps?", "When you will look back together, and how."),
    (
        "ending",
        "How will you end it?",
        "What you will do if one of you finds that it does not work, or has had enough.",
    ),
)


def propose(
    mentorship: Mentorship, side: Side, answers: Mapping[str, str], is_kept_by_pair: bool, by: User | PersonalLink
) -> MentoringAgreement:
    """Write down what was agreed, or that the pair keeps it themselves: the other of the two then says that it is so.

    A newer proposal of either takes the place of one that was not agreed yet.
    """
    said = {name: (answers.get(name) or "").strip() or None for name, _, _ in QUESTIONS}
    for name, question, _ in QUESTIONS:
        if len(said[name] or "") > ANSWER_LENGTH:
            raise RuleBroken(f"“{question}” must have {ANSWER_LENGTH:,} characters or fewer.")
    if is_kept_by_pair:
        said = dict.fromkeys(said)
    elif not any(said.values()):
        raise RuleBroken("Answer at least one question, or say that you keep what you agreed to yourselves.")
    with db.atomic():
        refuse_ended(mentorship)
        open_one = proposed(mentorship)
        same_words = open_one and {name: getattr(open_one, name) for name in said} == said
        if open_one and same_words and (open_one.proposed_by, open_one.is_kept_by_pair) == (side, is_kept_by_pair):
            return open_one  # a second press
        if open_one:
            change(open_one, open_one.version, CHANGED, withdrawn_at=clock.now())
        made = MentoringAgreement(
            mentorship=mentorship, is_kept_by_pair=is_kept_by_pair, proposed_by=side, proposed_at=clock.now()
        )
        for name, words in said.items():
            setattr(made, name, words)
        made.save(force_insert=True)
        record("agreement.proposed", by=by, concerning=mentorship, facts={"side": side.value})
    return made


def agree(agreement: MentoringAgreement, side: Side, by: User | PersonalLink) -> None:
    """The other of the two says that it is so. The team then sees the day, and whether the pair keeps the words."""
    if agreement.proposed_by == side:
        raise RuleBroken("You wrote this. It counts once the other of you agrees.")
    with db.atomic():
        mentorship: Mentorship = Mentorship.get_by_id(agreement.mentorship_id)
        refuse_ended(mentorship)
        now_is: MentoringAgreement = MentoringAgreement.get_by_id(agreement.id)
        if now_is.agreed_at is not None:
            return
        if now_is.withdrawn_at is not None:
            raise RuleBroken("This was changed in the meantime. Look at it again.")
        change(agreement, now_is.version, CHANGED, agreed_at=clock.now())
        columns = {"agreed_on": clock.today(), "is_kept_by_pair": agreement.is_kept_by_pair}
        change(mentorship, mentorship.version, CHANGED, **columns)
        record("agreement.recorded", by=by, concerning=mentorship, facts={"side": side.value})


def proposed(mentorship: Mentorship) -> MentoringAgreement | None:
    """What one of the two wrote and the other has not agreed to yet."""
    waiting = MentoringAgreement.agreed_at.is_null() & MentoringAgreement.withdrawn_at.is_null()
    found: MentoringAgreement | None = (
        MentoringAgreement.select().where((MentoringAgreement.mentorship == mentorship) & waiting).first()
    )
    return found


def agreed(mentorship: Mentorship) -> MentoringAgreement | None:
    """What both agreed to last."""
    both = (MentoringAgreement.mentorship == mentorship) & MentoringAgreement.agreed_at.is_null(False)
    found: MentoringAgreement | None = (
        MentoringAgreement.select().where(both).order_by(MentoringAgreement.id.desc()).first()
    )
    return found
