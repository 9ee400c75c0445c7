"""Who could support a trainee, ranked and explained for the adviser, who decides."""

from dataclasses import dataclass
from datetime import date

from peewee import ModelSelect, fn

from models import Absence, Assignment, Conflict, CounsellorVenue, Referral, Role, Stage, User, Venue
from signpost import clock
from signpost.accounts import queries as people
from signpost.formatting import day, plural


@dataclass(frozen=True)
class Candidate:
    """A counsellor as the adviser weighs them. `away_until`: the last day of an absence that has begun, or None."""

    counsellor: User
    open_cases: int
    places: tuple[str, ...]
    worked_before: bool
    away_until: date | None
    has_conflict: bool
    has_it_now: bool

    @property
    def can_be_chosen(self) -> bool:
        return not self.has_conflict and not self.has_it_now

    @property
    def reasons(self) -> list[str]:
        """Why they stand where they stand, most telling first."""
        said = []
        if self.has_it_now:
            said.append("Has this referral now")
        if self.has_conflict:
            said.append("Declared a conflict of interest, so cannot be assigned")
        if self.away_until:
            said.append(f"Away until {day(self.away_until)}")
        if self.worked_before:
            said.append("Worked with this trainee before")
        said.append(f"{plural(self.open_cases, 'open case')}" if self.open_cases else "No open cases")
        if self.places:
            said.append(f"Works at {', '.join(self.places)}")
        return said


def rank(candidates: list[Candidate]) -> list[Candidate]:
    """Those who can be chosen first; of these, those here before those away, who know the trainee, with fewest cases."""
    return sorted(
        candidates,
        key=lambda one: (
            not one.can_be_chosen,
            one.away_until is not None,
            not one.worked_before,
            one.open_cases,
            one.counsellor.name,
        ),
    )


def for_referral(referral: Referral) -> list[Candidate]:
    """Every counsellor, ranked for this referral. The number of statements does not grow with the number of people."""
    counsellors = [person for person in people.holding(Role.COUNSELLOR) if person.email != referral.trainee_email]
    loads = dict(
        Referral.select(Referral.assigned_to, fn.COUNT(Referral.id))
        .where(Referral.assigned_to.is_null(False) & (Referral.stage != Stage.CLOSED))
        .group_by(Referral.assigned_to)
        .tuples()
    )
    places: dict[int, list[str]] = {}
    venues = CounsellorVenue.select(CounsellorVenue.counsellor, Venue.name).join(Venue).order_by(Venue.name)
    for person_id, name in venues.tuples():
        places.setdefault(person_id, []).append(name)
    today = clock.today()
    away_now = (Absence.first_day <= today) & (Absence.last_day >= today)
    away = dict(
        Absence.select(Absence.counsellor, fn.MAX(Absence.last_day))
        .where(away_now)
        .group_by(Absence.counsellor)
        .tuples()
    )
    knew = (
        Assignment.select(Assignment.counsellor)
        .join(Referral)
        .where((Referral.trainee_email == referral.trainee_email) & Assignment.undone_at.is_null())
        .where(Referral.id != referral.id)
    )
    known = {person_id for (person_id,) in knew.tuples()}
    conflicted = {person_id for (person_id,) in _conflicts(referral).tuples()}
    return rank(
        [
            Candidate(
                counsellor=person,
                open_cases=loads.get(person.id, 0),
                places=tuple(places.get(person.id, ())),
                worked_before=person.id in known,
                away_until=away.get(person.id),
                has_conflict=person.id in conflicted,
                has_it_now=referral.assigned_to_id == person.id,
            )
            for person in counsellors
        ]
    )


def has_conflict(counsellor: User, referral: Referral) -> bool:
    """Whether this counsellor declared a conflict with this trainee or their employer."""
    return _conflicts(referral).where(Conflict.counsellor == counsellor).exists()


def _conflicts(referral: Referral) -> ModelSelect:
    return Conflict.select(Conflict.counsellor).where(
        (Conflict.trainee_email == referral.trainee_email) | (Conflict.employer == referral.employer)
    )
