"""Reviews of progression: recorded, what the School decides, who takes part, and an outcome that was changed (E1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from peewee import IntegrityError

from models import (
    Employer,
    Event,
    OutcomeChange,
    Part,
    PersonalLink,
    Review,
    ReviewIssue,
    ReviewOutcome,
    ReviewPerson,
    Role,
    Severity,
    SupportDecision,
    User,
    db,
)
from signpost import clock
from signpost.accounts import links
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.notices.permissions import acts_as
from signpost.presses import ONE_PRESS
from signpost.progression import queries, stand_in, suggestions
from signpost.progression.stand_in import Named

CHANGED = "A colleague has changed this review while you were looking at it. Look at it again."
CLOSED = "This review is closed. Open it again first."
KNOWN = "There is a review of this trainee with this date already."


@dataclass(frozen=True)
class Issue:
    severity: Severity
    is_academic: bool
    words: str


@dataclass(frozen=True)
class Details:
    """Whose review it is, and where they train."""

    trainee: Named
    programme: str
    employer: Employer | None
    director: User | None


def record_review(
    details: Details,
    outcome: ReviewOutcome,
    outcome_on: date,
    officer: Named | None,
    university: Named | None,
    issues: Iterable[Issue],
    by: User,
    earlier: Review | None = None,
) -> Review:
    """Record a review and its outcome. Nobody is told yet: the School decides first what follows."""
    if outcome_on > clock.today():
        raise RuleBroken("The day of the outcome is still to come.")
    refuse_same_people(details, officer, university)
    try:
        with db.atomic():
            review = Review.create(
                **_columns(details),
                outcome=outcome,
                outcome_on=outcome_on,
                opened_by=by,
                opened_at=clock.now(),
                earlier=earlier,
            )
            for part, person in ((Part.TRAINING_OFFICER, officer), (Part.UNIVERSITY, university)):
                if person is not None:
                    _begin(review, part, person)
            for position, issue in enumerate(issues, 1):
                _write_issue(review, issue, position)
            record("review.recorded", by=by, concerning=review)
    except IntegrityError:
        raise RuleBroken(KNOWN) from None
    return review


def _columns(details: Details) -> dict[str, object]:
    return {
        "trainee_name": details.trainee.name,
        "trainee_email": details.trainee.email,
        "trainee": people.with_email(details.trainee.email),
        "programme": details.programme,
        "employer": details.employer,
        "director": details.director,
    }


def refuse_same_people(details: Details, officer: Named | None, university: Named | None) -> None:
    """Raise RuleBroken where one person would have two parts: each of them sees and says something else."""
    if details.director is not None and not acts_as(details.director, Role.MEETING_CHAIR):
        raise RuleBroken("The training programme director is not somebody who chairs support meetings.")
    emails = [one.email for one in (details.trainee, officer, university, details.director) if one is not None]
    if len(set(emails)) != len(emails):
        raise RuleBroken("The same person has two parts in this review. Name somebody else for one of them.")


def correct(review: Review, details: Details, by: User, expected_version: int) -> None:
    """Correct whose it is and where they train. A link that went to another address no longer opens."""
    refuse_closed(review)
    named = [
        Named(one.name, one.email) if one else None
        for one in (queries.officer_of(review), queries.university_of(review))
    ]
    refuse_same_people(details, *named)
    if review.trainee_email != details.trainee.email and queries.open_meeting_of(review) is not None:
        raise RuleBroken("A support meeting is being arranged with this address. Call it off first, and ask again.")
    try:
        with db.atomic():
            change(review, expected_version, CHANGED, **_columns(details))
            record("review.corrected", by=by, concerning=review)
    except IntegrityError:
        raise RuleBroken(KNOWN) from None


def refuse_closed(review: Review) -> None:
    if review.is_closed:
        raise RuleBroken(CLOSED)


# Issues


def add_issue(review: Review, issue: Issue, by: User) -> ReviewIssue:
    """The same issue twice is one press."""
    refuse_closed(review)
    with db.atomic():
        _hold(review)
        listed = queries.issues_of(review)
        for one in listed:
            if (one.severity, one.is_academic, one.words) == (issue.severity, issue.is_academic, issue.words):
                return one
        made = _write_issue(review, issue, 1 + max((one.position for one in listed), default=0))
        record("review.corrected", by=by, concerning=review)
    return made


def _hold(review: Review) -> None:
    """Hold the review's row until this is written, so that two who press at once come one after the other."""
    Review.update(version=Review.version).where(Review.id == review.id).execute()


def _write_issue(review: Review, issue: Issue, position: int) -> ReviewIssue:
    made = ReviewIssue(review=review, severity=issue.severity, is_academic=issue.is_academic, position=position)
    made.words = issue.words
    made.save()
    return made


def remove_issue(issue: ReviewIssue, by: User) -> None:
    """It was listed by mistake. It is kept, and shown no more."""
    refuse_closed(issue.review)
    with db.atomic():
        listed = (ReviewIssue.id == issue.id) & ReviewIssue.removed_at.is_null()
        if ReviewIssue.update(removed_at=clock.now(), version=ReviewIssue.version + 1).where(listed).execute():
            record("review.corrected", by=by, concerning=issue.review)


# What the School decides


def decide(review: Review, decision: SupportDecision, by: User, expected_version: int) -> None:
    """What the School decides after the review, whatever the issues suggested (E1). Kept with who and when."""
    refuse_closed(review)
    if decision not in suggestions.possible(ReviewOutcome(review.outcome)):
        raise RuleBroken(
            "After outcome 3 a support meeting is required: triage or full."
            if review.outcome == ReviewOutcome.THREE
            else "A support call can be offered after outcome 1 or 2."
        )
    if queries.open_call_of(review) is not None or queries.open_meeting_of(review) is not None:
        raise RuleBroken("What was decided is under way. Finish it or call it off before you decide again.")
    with db.atomic():
        change(review, expected_version, CHANGED, decision=decision, decided_by=by, decided_at=clock.now())
        record("review.decided", by=by, concerning=review)


def change_outcome(
    review: Review, outcome: ReviewOutcome, outcome_on: date, why: str, by: User, expected_version: int
) -> None:
    """The outcome was changed, perhaps after a meeting already. What it was is kept, and so is all that followed."""
    refuse_closed(review)
    if (outcome, outcome_on) == (review.outcome, review.outcome_on):
        raise RuleBroken("That is what the outcome is already.")
    if outcome_on > clock.today():
        raise RuleBroken("The day of the outcome is still to come.")
    try:
        with db.atomic():
            kept = OutcomeChange(
                review=review, was=review.outcome, was_on=review.outcome_on, changed_by=by, changed_at=clock.now()
            )
            kept.why = why
            kept.save()
            change(review, expected_version, CHANGED, outcome=outcome, outcome_on=outcome_on)
            record("review.outcome_changed", by=by, concerning=review)
    except IntegrityError:
        raise RuleBroken(KNOWN) from None


# Who takes part


def name_officer(review: Review, officer: Named, by: User) -> None:
    """Another Training Officer: they get their page, and who was it before sees nothing more."""
    _name(review, Part.TRAINING_OFFICER, officer, by)


def name_university(review: Review, contact: Named, by: User) -> None:
    """Another contact at the university: who was it before is invited no more."""
    _name(review, Part.UNIVERSITY, contact, by)


def _name(review: Review, part: Part, person: Named, by: User) -> None:
    refuse_closed(review)
    others = [one for one in queries.parts_in(review) if one.part != part]
    emails = {review.trainee_email, *(one.email for one in others)}
    if person.email in emails or (review.director is not None and review.director.email == person.email):
        raise RuleBroken("The same person has two parts in this review. Name somebody else.")
    support = queries.open_meeting_of(review)
    if support is not None and person.email in queries.staff_of(support):
        raise RuleBroken("That person chairs the support meeting, or takes its minutes. Name somebody else.")
    with db.atomic():
        _hold(review)
        before = next((one for one in queries.parts_in(review) if one.part == part), None)
        if before is not None and (before.email, before.name) == (person.email, person.name):
            raise RuleBroken(f"{person.name} is that already.")
        now = (ReviewPerson.review == review) & (ReviewPerson.part == part) & ReviewPerson.left_at.is_null()
        ReviewPerson.update(left_at=clock.now()).where(now).execute()
        _begin(review, part, person)
        stand_in.take_over(review, before, person, by)
        record("officer.named" if part == Part.TRAINING_OFFICER else "university.named", by=by, concerning=review)


def _begin(review: Review, part: Part, person: Named) -> None:
    """From now on; who had the part before and has it again is the same row."""
    columns = {
        "name": person.name, "user": people.with_email(person.email), "began_at": clock.now(), "left_at": None,
    }  # fmt: skip
    same = (ReviewPerson.review == review) & (ReviewPerson.part == part) & (ReviewPerson.email == person.email)
    if not ReviewPerson.update(**columns).where(same).execute():
        ReviewPerson.create(review=review, part=part, email=person.email, **columns)


def send_link(review: Review, part: str, by: User) -> None:
    """Send the trainee, or the Training Officer, the way to their page once more. Presses close together are one."""
    officer = queries.officer_of(review)
    about = review if part == "trainee" else officer
    if about is None:
        raise RuleBroken("No training officer is named yet.")
    with db.atomic():
        if _was_just_sent(review, part):
            return
        if not links.may_have_another(about):
            raise RuleBroken("They were sent several links in the last hour. Try again later.")
        record("review.link_sent", by=by, concerning=review, facts={"part": part})


def renew_link(link: PersonalLink) -> None:
    """Asked for by whoever has an old link: only who still has the part, at the address it has, gets another."""
    person = link.review_person
    review = link.review or (person.review if person else None)
    part = "trainee" if link.review_id else "training_officer"
    if review is None:
        return
    relation = queries.relations(link, review)
    still = link.email == review.trainee_email if link.review_id else queries.Relation.TRAINING_OFFICER in relation
    about = review if link.review_id else person
    with db.atomic():
        if still and relation and not _was_just_sent(review, part) and links.may_have_another(about):
            record("review.link_sent", by=link, concerning=review, facts={"part": part})


def _was_just_sent(review: Review, part: str) -> bool:
    """Whether this part was sent its way a moment ago. Inside the caller's transaction: one press waits for the other."""
    of_review = (Event.about_table == Review._meta.table_name) & (Event.about_id == review.public_id)
    just_now = Event.happened_at > clock.now() - ONE_PRESS
    sent = Event.select().where(of_review & just_now & (Event.name == "review.link_sent"))
    return any(event.facts["part"] == part for event in sent)


# Closing


def close(review: Review, by: User, expected_version: int) -> None:
    """Nothing more is to be done after this review."""
    if review.is_closed:
        return
    if queries.open_call_of(review) is not None or queries.open_meeting_of(review) is not None:
        raise RuleBroken("A support call or meeting is under way. Finish it or call it off first.")
    with db.atomic():
        change(review, expected_version, CHANGED, closed_at=clock.now())
        record("review.closed", by=by, concerning=review)


def reopen(review: Review, by: User, expected_version: int) -> None:
    if not review.is_closed:
        return
    with db.atomic():
        change(review, expected_version, CHANGED, closed_at=None)
        record("review.reopened", by=by, concerning=review)
