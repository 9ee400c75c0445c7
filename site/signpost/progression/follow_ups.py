"""What follows a review or a meeting about it, and asking a body to act: it is told the action and no more (E2)."""

from dataclasses import dataclass

from models import AskedOf, FollowUp, FollowUpKind, Review, SupportMeeting, SupportOutcome, User, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.progression import queries
from signpost.progression.reviews import refuse_closed
from signpost.progression.stand_in import Named

# Who can be asked to act, for each kind. The employer's own policies are named here and nobody there is told (E14).
CAN_BE_ASKED: dict[FollowUpKind, tuple[AskedOf, ...]] = {
    FollowUpKind.ACTION_ASKED: (AskedOf.DEPARTMENT, AskedOf.UNIVERSITY),
    FollowUpKind.SCHOOL_ADVICE: (AskedOf.SCHOOL_SERVICE,),
    FollowUpKind.SCHOOL_SERVICES: (AskedOf.SCHOOL_SERVICE,),
}
# These make no sense without somebody who is asked.
MUST_BE_ASKED = (FollowUpKind.ACTION_ASKED,)


@dataclass(frozen=True)
class Asked:
    """A body, and the person there who gets the message."""

    of: AskedOf
    person: Named


def add(
    review: Review,
    kind: FollowUpKind,
    words: str,
    asked: Asked | None,
    by: User,
    outcome: SupportOutcome | None = None,
) -> FollowUp:
    """Record what follows; where a body is asked to act, it is told these words, which trainee and officer see too.

    The same again is one press.
    """
    refuse_closed(review)
    _refuse(review, kind, asked)
    with db.atomic():
        Review.update(version=Review.version).where(Review.id == review.id).execute()
        for one in queries.follow_ups_of(review):
            is_same = (one.kind, one.words, one.outcome_id) == (kind, words, outcome.id if outcome else None)
            if is_same and one.to_email == (asked.person.email if asked else "") and one.done_at is None:
                return one
        now = clock.now()
        made = FollowUp(
            review=review,
            outcome=outcome,
            kind=kind,
            asked_of=asked.of if asked else None,
            to_name=asked.person.name if asked else "",
            to_email=asked.person.email if asked else "",
            sent_at=now if asked else None,
            made_by=by,
            made_at=now,
        )
        made.words = words
        made.save()
        record("follow_up.sent" if asked else "follow_up.added", by=by, concerning=made)
    return made


def _refuse(review: Review, kind: FollowUpKind, asked: Asked | None) -> None:
    if asked is None and kind in MUST_BE_ASKED:
        raise RuleBroken("Say who is asked: whose body they are of, their name and their email address.")
    if asked is not None and asked.of not in CAN_BE_ASKED.get(kind, ()):
        raise RuleBroken(
            "The employer’s own policies are named here, and nobody there is told."
            if kind == FollowUpKind.EMPLOYER_POLICIES
            else "Nobody of that kind is asked to act by this. Choose another kind, or leave out who is asked."
        )
    if asked is not None and asked.person.email == review.trainee_email:
        raise RuleBroken("That is the trainee’s own address. They read this on their page.")
    if kind == FollowUpKind.SUPPORTED_EXIT and not _something_was_tried(review):
        raise RuleBroken("Support to leave the programme comes after everything else. Record first what was tried.")


def _something_was_tried(review: Review) -> bool:
    """A supported exit is exceptional: something else was done, or a support meeting was held."""
    others = FollowUp.kind != FollowUpKind.SUPPORTED_EXIT
    done = FollowUp.select().where((FollowUp.review == review) & others).exists()
    held = (SupportMeeting.review == review) & SupportMeeting.held_at.is_null(False)
    return done or SupportMeeting.select().where(held).exists()


def done(follow_up: FollowUp, by: User) -> None:
    with db.atomic():
        still_open = (FollowUp.id == follow_up.id) & FollowUp.done_at.is_null()
        columns = {"done_at": clock.now(), "version": FollowUp.version + 1}
        if FollowUp.update(**columns).where(still_open).execute():
            record("follow_up.done", by=by, concerning=follow_up)
