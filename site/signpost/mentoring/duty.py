"""A mentor's duty as a registered doctor, which limits what stays between the two (D13).

The order is the one of every breach (A20): decided with a reason, then the mentee is told, and only then is anything
disclosed. Tried to tell is not told.
"""

from datetime import datetime

from peewee import ModelSelect

from models import DutyDisclosure, Event, Mentorship, Notice, NoticeState, Told, User, db
from signpost import clock
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.mentoring.mentorships import CHANGED

WORDS_LENGTH = 2000


def decide(mentorship: Mentorship, reason: str, by: User) -> DutyDisclosure:
    """The mentor writes down what they must speak of, and why. One at a time."""
    reason = _words(reason, "what you must speak of, and why")
    with db.atomic():
        Mentorship.update(version=Mentorship.version).where(Mentorship.id == mentorship.id).execute()
        if (there := open_one(mentorship)) is not None:
            if there.reason == reason:
                return there  # a second press
            raise RuleBroken("You have begun this already. Take its next step.")
        duty = DutyDisclosure(mentorship=mentorship, decided_at=clock.now())
        duty.reason = reason
        duty.save(force_insert=True)
        record("duty.decided", by=by, concerning=mentorship)
    return duty


def tell(duty: DutyDisclosure, how: Told, by: User) -> None:
    """The mentee was told, in person or by telephone; or a message asks them to read it on their page."""
    if told_at(duty) is not None:
        raise RuleBroken("The mentee has been told already.")
    with db.atomic():
        if how == Told.MESSAGE:
            if not is_on_its_way(duty):
                change(duty, duty.version, CHANGED, told_how=None)
                record("duty.message_sent", by=by, concerning=duty.mentorship, facts={"duty": duty.public_id})
            return
        change(duty, duty.version, CHANGED, told_how=how, told_at=clock.now())
        record("duty.mentee_told", by=by, concerning=duty.mentorship, facts={"how": how.value})


def disclose(duty: DutyDisclosure, to: str, words: str, by: User) -> None:
    """What was said, and to whom: never before the mentee was told."""
    when = told_at(duty)
    if when is None:
        raise RuleBroken(
            "The message to your mentee has not arrived yet. Tried to tell is not told."
            if is_on_its_way(duty)
            else "Tell your mentee first. Only then may you speak to anybody else."
        )
    to, words = _words(to, "to whom you spoke"), _words(words, "what you said")
    if duty.disclosed_at is not None:
        if (duty.disclosed_to, duty.disclosed) == (to, words):
            return
        raise RuleBroken("What you said is written down already.")
    with db.atomic():
        said = {"disclosed_to": to, "disclosed": words, "disclosed_at": clock.now()}
        change(duty, duty.version, CHANGED, told_at=when, told_how=duty.told_how or Told.MESSAGE, **said)
        record("duty.disclosed", by=by, concerning=duty.mentorship)


def told_at(duty: DutyDisclosure) -> datetime | None:
    """When the mentee was told: said so, or when the message was taken by their mail server."""
    if duty.told_at is not None:
        return duty.told_at
    delivered = _messages(duty).where(Notice.state == NoticeState.SENT).order_by(Notice.id).first()
    return delivered.finished_at if delivered else None


def is_on_its_way(duty: DutyDisclosure) -> bool:
    """Whether a message waits to be sent."""
    return bool(_messages(duty).where(Notice.state == NoticeState.QUEUED).exists())


def _messages(duty: DutyDisclosure) -> ModelSelect:
    ours = (Event.name == "duty.message_sent") & Event.facts_json.contains(duty.public_id)
    return Notice.select().join(Event).where(ours)


def open_one(mentorship: Mentorship) -> DutyDisclosure | None:
    """The one that is under way."""
    found: DutyDisclosure | None = (
        DutyDisclosure.select()
        .where((DutyDisclosure.mentorship == mentorship) & DutyDisclosure.disclosed_at.is_null())
        .first()
    )
    return found


def of(mentorship: Mentorship) -> list[DutyDisclosure]:
    return list(DutyDisclosure.select().where(DutyDisclosure.mentorship == mentorship).order_by(DutyDisclosure.id))


def to_read(mentorship: Mentorship) -> list[DutyDisclosure]:
    """What the mentee reads: whatever they were told of, or are being told of by a message."""
    return [duty for duty in of(mentorship) if told_at(duty) is not None or _messages(duty).exists()]


def _words(words: str, noun: str) -> str:
    words = words.strip()
    if not words:
        raise RuleBroken(f"Enter {noun}.")
    if len(words) > WORDS_LENGTH:
        raise RuleBroken(f"Use {WORDS_LENGTH:,} characters or fewer. It is {len(words):,} characters.")
    return words
