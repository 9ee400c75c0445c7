"""Who returns to training, and when: entered, changed, taken off the list. What follows from the date follows it."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from peewee import IntegrityError

from models import (
    CameBy,
    Employer,
    KeptApart,
    Mentorship,
    PersonalLink,
    Returner,
    ReturnerState,
    User,
    db,
)
from signpost import clock
from signpost.accounts import queries as people
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.mentoring import dates, mentorships, offers, queries

CHANGED = "Somebody changed this return while you were looking at it. Look at it again, then make your change."
SHORT = (
    "Mentoring is for absences of three months or more. From {} that is a return on {} or later. "
    "For a shorter absence, ask the training programme about other support."
)
LONGEST_ABSENCE = 20  # years: a year mistyped


@dataclass(frozen=True)
class Details:
    """What is written down of a return."""

    name: str
    email: str
    absent_from: date
    returns_on: date
    employer: Employer | None = None
    specialty: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


class ShortAbsence(RuleBroken):
    """Less than three months (D1)."""


class EnteredAlready(RuleBroken):
    """There is a return of this person that is not over."""

    def __init__(self, returner: Returner) -> None:
        super().__init__(
            f"{returner.name} is on the list already, returning on {_said(returner.returns_on)}. Change that instead."
        )
        self.returner = returner


def refuse_short(absent_from: date, returns_on: date) -> None:
    """Raises ShortAbsence, with the day from which it would do (D1)."""
    if not dates.is_long_enough(absent_from, returns_on):
        raise ShortAbsence(
            SHORT.format(_said(absent_from), _said(dates.months_later(absent_from, dates.ABSENT_MONTHS)))
        )


def enter(details: Details, by: User, came_by: CameBy = CameBy.ENTERED) -> Returner:
    """Put somebody on the list. Whoever returns soon is offered a mentor at once (D3)."""
    refuse_short(details.absent_from, details.returns_on)
    with db.atomic():
        if (known := not_over(details.email)) is not None:
            raise EnteredAlready(known)
        made = write(details, by, came_by)
        record("returner.entered", by=by, concerning=made)
        offers.offer_if_due(made, by)
    return made


def write(details: Details, by: User | None, came_by: CameBy) -> Returner:
    """The row, or the one of the same absence that was taken off the list before."""
    columns = details.columns | {
        "user": people.with_email(details.email),
        "came_by": came_by,
        "entered_by": by,
        "entered_at": clock.now(),
    }
    same = (Returner.email == details.email) & (Returner.absent_from == details.absent_from)
    before = Returner.get_or_none(same)
    if before is None:
        try:
            with db.atomic():
                return Returner.create(**columns)
        except IntegrityError:
            raise RuleBroken("Somebody entered this return at the same moment.") from None
    anew = {
        "state": ReturnerState.LISTED, "removed_at": None, "offered_at": None, "reminded_at": None, "ask_again_on": None,
        "interested_at": None, "declined_at": None, "told_waiting_at": None,
    }  # fmt: skip
    change(before, before.version, CHANGED, **columns, **anew)
    return before


def not_over(email: str) -> Returner | None:
    """The return of this address whose time for mentoring is not over, if there is one."""
    rows = Returner.select().where((Returner.email == email) & Returner.removed_at.is_null())
    return next((row for row in rows if dates.ends_on(row.returns_on) > clock.today()), None)


def alter(returner: Returner, details: Details, by: User, expected_version: int) -> None:
    """Change what is written down. Where the day of the return moves, the end of the mentoring moves with it (D11)."""
    refuse_short(details.absent_from, details.returns_on)
    others = Returner.select().where(
        (Returner.email == details.email) & (Returner.id != returner.id) & (Returner.absent_from == details.absent_from)
    )
    with db.atomic():
        if others.exists():
            raise RuleBroken("There is another return with this address and this first day of absence.")
        moved_from = returner.returns_on
        columns = details.columns
        if details.email != returner.email:
            columns["user"] = people.with_email(details.email)
        change(returner, expected_version, CHANGED, **columns)
        facts = {"returned_on": str(moved_from), "returns_on": str(details.returns_on)}
        record("returner.changed", by=by, concerning=returner, facts=facts if moved_from != details.returns_on else {})
        mentorships.return_moved(returner, by)
        offers.offer_if_due(returner, by)


def remove(returner: Returner, by: User, expected_version: int) -> None:
    """Take somebody off the list: entered by mistake, or twice. Their links show nothing any more."""
    if queries.open_mentorship(returner) is not None:
        raise RuleBroken("They have a mentor now. End the mentoring first.")
    with db.atomic():
        change(returner, expected_version, CHANGED, removed_at=clock.now())
        PersonalLink.update(withdrawn_at=clock.now()).where(
            (PersonalLink.returner == returner) & PersonalLink.withdrawn_at.is_null()
        ).execute()
        record("returner.removed", by=by, concerning=returner)


def merge(gone: Returner, kept: Returner, by: User, expected_version: int) -> None:
    """Two rows are of one person: the first goes. What they asked for stays with the second, unless it has its own."""
    if gone.id == kept.id:
        raise RuleBroken("Choose another return to keep.")
    if Mentorship.select().where(Mentorship.returner == gone).exists():
        raise RuleBroken(
            f"{gone.name} has been given a mentor under this address. Keep this one, and take the other away."
        )
    with db.atomic():
        wish = queries.wish_of(gone)
        if wish is not None and queries.wish_of(kept) is None:
            wish.returner = kept
            wish.save()
        for apart in list(KeptApart.select().where(KeptApart.returner == gone)):
            said = {"name": apart.name, "email": apart.email, "why": apart.why, "written_at": apart.written_at}
            KeptApart.insert(returner=kept, **said).on_conflict_ignore().execute()
        waits = gone.state == ReturnerState.INTERESTED and kept.state not in (
            ReturnerState.INTERESTED,
            ReturnerState.MATCHED,
            ReturnerState.ENDED,
        )
        if waits:
            change(kept, kept.version, CHANGED, state=gone.state, interested_at=gone.interested_at, ask_again_on=None)
        remove(gone, by, expected_version)
        if PersonalLink.select().where(PersonalLink.returner == gone).exists():
            offers.send_link(kept, by)  # theirs shows nothing any more
        record("returner.merged", by=by, concerning=kept, facts={"gone": gone.public_id})


def _said(on: date) -> str:
    return f"{on.day} {on:%B} {on.year}"
