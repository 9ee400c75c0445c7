"""The rows of a file of reviews: what each says, which is recorded already, and recording all of them (E1)."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from models import NAME_LENGTH, Employer, Review, ReviewOutcome, Role, RowChoice, Severity, User
from signpost import clock
from signpost.accounts import queries as people
from signpost.errors import RuleBroken
from signpost.imports import cells
from signpost.imports.actions import Checked, Kind, Line
from signpost.imports.sheets import Column
from signpost.progression import queries, reviews
from signpost.progression.queries import Relation
from signpost.progression.reviews import Details, Issue
from signpost.progression.stand_in import Named

COLUMNS = (
    Column("name", "Name", ("trainee", "trainee name", "full name")),
    Column("email", "Email", ("email address", "trainee email", "e-mail")),
    Column("programme", "Programme", ("specialty", "speciality", "training programme")),
    Column("outcome", "Outcome", ("review outcome", "outcome of review")),
    Column("outcome_on", "Date of outcome", ("outcome date", "review date", "date"), is_day=True),
    Column("issues", "Issues", ("issue", "concerns"), is_needed=False),
    Column("employer", "Employer", ("trust", "lead employer"), is_needed=False),
    Column("director", "Director’s email", ("director email", "directors email", "tpd", "tpd email"), is_needed=False),
    Column("officer_name", "Training officer", ("to", "training officer name"), is_needed=False),
    Column("officer_email", "Training officer’s email", ("to email", "training officer email"), is_needed=False),
    Column("university_name", "University contact", ("university contact name",), is_needed=False),
    Column("university_email", "University contact’s email", ("university contact email",), is_needed=False),
)
NOT_FOR = "Row {}: {}"
ISSUE_LENGTH = 1000
ISSUE = re.compile(r"(minor|moderate|major)(\s*,?\s*academic)?\s*[:–-]\s*(.+)", re.IGNORECASE | re.DOTALL)
OUTCOMES = {
    **{one.value: one for one in ReviewOutcome},
    **{f"outcome {one.value}": one for one in ReviewOutcome if one != ReviewOutcome.OTHER},
}

Read = dict[str, Any]


def check(rows: Sequence[dict[str, str]]) -> list[Checked]:
    """What is wrong with each row, beside its column, and the review that it seems to be."""
    known = _Known()
    read = [_read(row, known) for row in rows]
    there = _there_already([said["email"] for said, problems in read if not problems])
    return [
        Checked(problems, "" if problems else there.get((said["email"], said["outcome_on"]), ""))
        for said, problems in read
    ]


class _Known:
    """Employers by name and directors by address: asked for once for many rows."""

    def __init__(self) -> None:
        self.employers = {one.name.casefold(): one for one in Employer.select()}
        self.directors = {one.email: one for one in people.holding(Role.MEETING_CHAIR)}

    def employer(self, text: str) -> Employer | None:
        said = cells.line(text, "Employer", NAME_LENGTH, is_needed=False)
        if said and said.casefold() not in self.employers:
            raise cells.Wrong("There is no employer of this name here")
        return self.employers.get(said.casefold())

    def director(self, text: str) -> User | None:
        if not text.strip():
            return None
        email = cells.email(text, "The director’s email")
        if email not in self.directors:
            raise cells.Wrong("Nobody of this address chairs support meetings here")
        return self.directors[email]


def _read(row: dict[str, str], known: _Known) -> tuple[Read, dict[str, str]]:
    readers: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("name", lambda text: cells.line(text, "Name", NAME_LENGTH)),
        ("email", lambda text: cells.email(text, "Email")),
        ("programme", lambda text: cells.line(text, "Programme", NAME_LENGTH)),
        ("outcome", _outcome),
        ("outcome_on", _day),
        ("issues", _issues),
        ("employer", known.employer),
        ("director", known.director),
        ("officer_name", lambda text: cells.line(text, "Training officer", NAME_LENGTH, is_needed=False)),
        ("officer_email", lambda text: _email(text, "Training officer’s email")),
        ("university_name", lambda text: cells.line(text, "University contact", NAME_LENGTH, is_needed=False)),
        ("university_email", lambda text: _email(text, "University contact’s email")),
    )
    said: Read = {}
    problems: dict[str, str] = {}
    for key, read in readers:
        try:
            said[key] = read(row.get(key, ""))
        except cells.Wrong as wrong:
            problems[key] = str(wrong)
    return said, problems or _what_does_not_fit(said)


def _what_does_not_fit(said: Read) -> dict[str, str]:
    for part in ("officer", "university"):
        if bool(said[f"{part}_name"]) != bool(said[f"{part}_email"]):
            return {f"{part}_email": "Give both the name and the email address, or neither"}
    try:
        reviews.refuse_same_people(_details(said), _named(said, "officer"), _named(said, "university"))
    except RuleBroken as refusal:
        return {"": refusal.words}
    return {}


def _email(text: str, called: str) -> str:
    return cells.email(text, called) if text.strip() else ""


def _outcome(text: str) -> ReviewOutcome:
    found = OUTCOMES.get(" ".join(text.split()).casefold())
    if found is None:
        raise cells.Wrong("Outcome must be 1, 2, 3 or other")
    return found


def _day(text: str) -> date:
    found = cells.day(text, "Date of outcome")
    if found > clock.today():
        raise cells.Wrong("Date of outcome is still to come")
    return found


def _issues(text: str) -> list[Issue]:
    """One issue on each line of the cell, or after a semicolon: `Major, academic: the thesis plan`."""
    found = []
    for part in (one.strip() for one in re.split(r"[;\n]", text)):
        if not part:
            continue
        match = ISSUE.fullmatch(part)
        if match is None:
            raise cells.Wrong("Write each issue like ‘Major, academic: the thesis plan’, with a semicolon between two")
        words = cells.line(match[3], "An issue", ISSUE_LENGTH)
        found.append(Issue(Severity(match[1].lower()), bool(match[2]), words))
    return found


def _there_already(emails: Sequence[str]) -> dict[tuple[str, date], str]:
    """The trainee's address and the day of the outcome, to the public id of the review that is recorded."""
    rows = Review.select(Review.trainee_email, Review.outcome_on, Review.public_id)
    return {
        (email, day): public_id for email, day, public_id in rows.where(Review.trainee_email.in_(list(emails))).tuples()
    }


def identity(row: dict[str, str]) -> str:
    """Two rows with one address and one day are of one review."""
    email, day = row.get("email", "").strip().lower(), row.get("outcome_on", "").strip()
    return f"{email} {day}" if email and day else ""


def take(lines: Sequence[Line], by: User) -> None:
    """Record all of them; to a review that is there already, merged, add the issues it lacks. Or raise, naming the row."""
    known = _Known()
    for line in lines:
        said, problems = _read(line.cells, known)
        if problems:
            raise RuleBroken(NOT_FOR.format(line.number, "it cannot be taken any more. Bring the file again."))
        try:
            (_merge if line.choice == RowChoice.MERGE else _add)(line, said, by)
        except RuleBroken as refusal:
            raise RuleBroken(NOT_FOR.format(line.number, refusal.words)) from None


def _add(line: Line, said: Read, by: User) -> None:
    reviews.record_review(
        _details(said), said["outcome"], said["outcome_on"], _named(said, "officer"), _named(said, "university"),
        said["issues"], by,
    )  # fmt: skip


def _merge(line: Line, said: Read, by: User) -> None:
    review = Review.get_or_none(Review.public_id == line.same_as)
    if review is None or Relation.TEAM not in queries.relations(by, review):
        raise RuleBroken("the review it was to be merged with is not there any more.")
    for issue in said["issues"]:
        reviews.add_issue(review, issue, by)


def _details(said: Read) -> Details:
    return Details(Named(said["name"], said["email"]), said["programme"], said["employer"], said["director"])


def _named(said: Read, part: str) -> Named | None:
    name, email = said[f"{part}_name"], said[f"{part}_email"]
    return Named(name, email) if email else None


KIND = Kind("reviews", "reviews.imported", COLUMNS, check, identity, take, lambda _: None)
