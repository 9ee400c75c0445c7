"""A counsellor's own description of their work: where they see trainees, when they are away, whom they should not see."""

from datetime import date

from models import Absence, Conflict, CounsellorVenue, Employer, User, Venue, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.events import record


def see_trainees_at(counsellor: User, venues: list[Venue]) -> None:
    """Say at which places this counsellor works (A23)."""
    with db.atomic():
        CounsellorVenue.delete().where(CounsellorVenue.counsellor == counsellor).execute()
        for venue in venues:
            CounsellorVenue.create(counsellor=counsellor, venue=venue)
        record("work.described", by=counsellor, user=counsellor)


def be_away(counsellor: User, first_day: date, last_day: date) -> None:
    """Say on which days this counsellor takes no new trainee; both days included."""
    if last_day < first_day:
        raise RuleBroken("The last day is before the first.")
    if last_day < clock.today():
        raise RuleBroken("Those days are over already.")
    with db.atomic():
        days = {"counsellor": counsellor, "first_day": first_day, "last_day": last_day}
        if Absence.get_or_none(**days) is None:
            Absence.create(**days)
            record("work.described", by=counsellor, user=counsellor)


def come_back(counsellor: User, absence_id: str) -> None:
    """Take an absence back."""
    with db.atomic():
        taken = Absence.delete().where((Absence.public_id == absence_id) & (Absence.counsellor == counsellor)).execute()
        if taken:
            record("work.described", by=counsellor, user=counsellor)


def declare_conflict(counsellor: User, trainee_email: str = "", employer: Employer | None = None) -> None:
    """Say that one should not see a trainee, or anyone of an employer."""
    if bool(trainee_email) == (employer is not None):
        raise RuleBroken("Give either a trainee’s email address or an employer.")
    email = trainee_email.lower() or None
    with db.atomic():
        same = (Conflict.trainee_email == email) if email else (Conflict.employer == employer)
        if not Conflict.select().where((Conflict.counsellor == counsellor) & same).exists():
            Conflict.create(counsellor=counsellor, trainee_email=email, employer=employer, declared_at=clock.now())
            record("work.described", by=counsellor, user=counsellor)


def take_conflict_back(counsellor: User, conflict_id: str) -> None:
    with db.atomic():
        taken = (
            Conflict.delete().where((Conflict.public_id == conflict_id) & (Conflict.counsellor == counsellor)).execute()
        )
        if taken:
            record("work.described", by=counsellor, user=counsellor)
