"""After a plan: a further review that a person opens, and what is reported beyond the School (E12, E13).

Nothing here is done by time alone. That objectives were not met in time is listed; people decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models import Objective, ObjectiveState, Plan, ProgressionReport, ReportedTo, Review, ReviewNeeded, User, db
from signpost import clock
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.formatting import day
from signpost.progression import queries
from signpost.progression.queries import Relation
from signpost.progression.reviews import refuse_closed
from signpost.progression.stand_in import Named

CHANGED = "A colleague has changed this while you were looking at it. Look at it again."
SETTLED = "This was settled already."
WORDS_LENGTH = 2000
# Whoever works on the review for the School. The minutes' taker is of the team.
DECIDING = frozenset({Relation.TEAM, Relation.DIRECTOR, Relation.CHAIR})


# A further review


def list_due(at: datetime) -> int:
    """List each review of which an agreed objective was not met in time, once. Nobody is told, and nothing follows (E12)."""
    late = Objective.removed_at.is_null() & (Objective.state != ObjectiveState.MET)
    overdue = Objective.select(Objective.plan).where(late & (Objective.due_on < clock.to_london(at).date()))
    agreed = Plan.id.in_(overdue) & Plan.agreed_at.is_null(False)
    plans = Plan.select(Plan.review).where(agreed & Plan.review.is_null(False))
    known = ReviewNeeded.select(ReviewNeeded.review)
    wanted = Review.closed_at.is_null() & Review.id.in_(plans) & Review.id.not_in(known)
    listed = 0
    for review in Review.select().where(wanted).order_by(Review.id):
        with db.atomic():
            Review.update(version=Review.version).where(Review.id == review.id).execute()
            if ReviewNeeded.get_or_none(ReviewNeeded.review == review) is None:
                ReviewNeeded.create(review=review, listed_at=clock.now())
                record("further_review.listed", by=people.system_user(), concerning=review)
                listed += 1
    return listed


def settle(needed: ReviewNeeded, why_not: str, by: User, expected_version: int) -> None:
    """A further review is not needed after all, and why."""
    _refuse_stranger(needed.review, by)
    if not why_not.strip():
        raise RuleBroken("Say why no further review is needed.")
    _refuse_settled(needed)
    with db.atomic():
        columns = {"not_needed_why": why_not.strip(), "settled_by": by, "settled_at": clock.now()}
        change(needed, expected_version, CHANGED, **columns)
        record("further_review.not_needed", by=by, concerning=needed.review)


def open_one(needed: ReviewNeeded, make: Callable[[], Review], by: User) -> Review:
    """A person opens the further review, which `make` records."""
    _refuse_stranger(needed.review, by)
    _refuse_settled(needed)
    with db.atomic():
        review = make()
        change(needed, needed.version, CHANGED, opened=review, settled_by=by, settled_at=clock.now())
        record("further_review.opened", by=by, concerning=review, facts={"earlier": needed.review.public_id})
    return review


def _refuse_settled(needed: ReviewNeeded) -> None:
    if ReviewNeeded.get_by_id(needed.id).settled_at is not None:
        raise RuleBroken(SETTLED)


# What is reported beyond the School


class WhyWithdrawn(StrEnum):
    """Of a few, so that the history can say it: it holds no confidential words."""

    CHANGED = "changed"
    NOT_RIGHT = "not_right"
    OTHERWISE = "otherwise"
    MISTAKE = "mistake"


@dataclass(frozen=True)
class Wanted:
    """What is to be reported to whom: the reason stays with the School, the words are what the body reads."""

    to: ReportedTo
    person: Named
    reason: str
    words: str


def ask(review: Review, wanted: Wanted, by: User) -> ProgressionReport:
    """One person asks that this be reported, with a reason. Nothing leaves before a second one agrees. The same again is
    one press.
    """
    refuse_closed(review)
    _refuse_stranger(review, by)
    refuse_unfit(review, wanted)
    with db.atomic():
        Review.update(version=Review.version).where(Review.id == review.id).execute()
        under_way = (ProgressionReport.review == review) & ProgressionReport.sent_at.is_null()
        for there in ProgressionReport.select().where(under_way & (ProgressionReport.reported_to == wanted.to)):
            if there.is_agreed is not False:
                same = (wanted.words.strip(), wanted.reason.strip(), wanted.person.email)
                if (there.words, there.reason, there.to_email) == same and there.asked_by_id == by.id:
                    return there
                raise RuleBroken("A report to them is asked for already.")
        report = ProgressionReport(
            review=review, reported_to=wanted.to, to_name=wanted.person.name, to_email=wanted.person.email,
            asked_by=by, asked_at=clock.now(),
        )  # fmt: skip
        report.reason, report.words = wanted.reason.strip(), wanted.words.strip()
        report.save(force_insert=True)
        record("progression_report.asked", by=by, concerning=report, facts={"to": wanted.to.value})
    return report


def refuse_unfit(review: Review, wanted: Wanted) -> None:
    """Raise RuleBroken where something is missing, or it would go to somebody of the review itself."""
    if not wanted.reason.strip() or not wanted.words.strip():
        raise RuleBroken("Enter the reason, and the words that are sent.")
    if max(len(wanted.reason), len(wanted.words)) > WORDS_LENGTH:
        raise RuleBroken(f"Use {WORDS_LENGTH:,} characters or fewer.")
    if wanted.person.email == review.trainee_email:
        raise RuleBroken("That is the trainee’s own address. They are told before anything is sent.")
    if wanted.person.email in {one.email for one in queries.parts_in(review)}:
        raise RuleBroken("That person takes part in this review. A report goes to a body beyond it.")
    if review.employer is not None and wanted.person.email == review.employer.contact_email:
        raise RuleBroken("That is the employer’s address. The employer gets nothing from this.")  # E14


def judge(report: ProgressionReport, agrees: bool, by: User) -> None:
    """A second person agrees, or does not. Where they agree the trainee is told, before anything leaves."""
    _refuse_stranger(report.review, by)
    if report.asked_by_id == by.id:
        raise RuleBroken("Somebody else decides on what you asked for.")
    with db.atomic():
        report = _hold(report)
        if report.is_agreed is not None:
            if report.is_agreed == agrees and report.second_id == by.id:
                return
            raise RuleBroken("A second person has decided already.")
        now = clock.now()
        told_at = now if agrees else None
        change(report, report.version, CHANGED, second=by, second_at=now, is_agreed=agrees, told_at=told_at)
        record("progression_report.agreed" if agrees else "progression_report.refused", by=by, concerning=report)


def withdraw(report: ProgressionReport, why: WhyWithdrawn, by: User) -> None:
    """What a second person agreed to does not leave after all. Nobody is written to; the trainee reads it on their page.

    It is agreed no more, and can be asked for anew. Who agreed, who withdrew it, when and why stand in its history.
    """
    _refuse_stranger(report.review, by)
    with db.atomic():
        report = _hold(report)
        if report.sent_at is not None:
            raise RuleBroken(
                f"It was sent on {day(report.sent_at)}, so it cannot be withdrawn. Write to {report.to_name} yourself, "
                "and tell the trainee."
            )
        if queries.withdrawals([report]):
            return
        if not report.is_agreed:
            raise RuleBroken("Nobody has agreed to it, so there is nothing to withdraw.")
        change(report, report.version, CHANGED, is_agreed=False, told_at=None)
        record("progression_report.withdrawn", by=by, concerning=report, facts={"why": why.value})


def to_judge_by(second: User) -> list[ProgressionReport]:
    """Reports that somebody else asked for, and on which nobody has decided."""
    mine = ProgressionReport.review.in_(queries.worked_on_by(second).select(Review.id))
    waits = ProgressionReport.is_agreed.is_null() & (ProgressionReport.asked_by != second)
    rows = ProgressionReport.select(ProgressionReport, Review).join(Review).where(mine & waits)
    return list(rows.order_by(ProgressionReport.asked_at, ProgressionReport.id))


def send(report: ProgressionReport, by: User) -> None:
    """The body named gets the words, once a second person agreed and the trainee was told. Once."""
    _refuse_stranger(report.review, by)
    with db.atomic():
        report = _hold(report)
        if queries.withdrawals([report]):
            raise RuleBroken("It was withdrawn, so it is not sent.")
        if not report.is_agreed or report.told_at is None:
            raise RuleBroken("A second person has to agree first, and the trainee is told then.")
        if report.sent_at is None:
            change(report, report.version, CHANGED, sent_at=clock.now())
            record("progression_report.sent", by=by, concerning=report)


def _hold(report: ProgressionReport) -> ProgressionReport:
    same = ProgressionReport.id == report.id
    ProgressionReport.update(version=ProgressionReport.version).where(same).execute()
    fresh: ProgressionReport = ProgressionReport.get_by_id(report.id)
    return fresh


def _refuse_stranger(review: Review, by: User) -> None:
    if not queries.relations(by, review) & DECIDING:
        raise RuleBroken("Somebody of the School who works on this review decides that.")
