"""Mentors: training, where and how they meet people, pauses; and how many they support, which is theirs to say (D2, D5)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from models import (
    Employer,
    KeptApart,
    Mentor,
    MentorBase,
    MentorPause,
    Mentorship,
    Role,
    User,
    WhyApart,
    db,
)
from signpost import clock
from signpost.accounts import people as accounts
from signpost.accounts import queries as people
from signpost.accounts.actions import RoleWanted
from signpost.changes import change
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.formatting import plural
from signpost.mentoring import mentorships, queries
from signpost.mentoring.geography import Place

CHANGED = "Somebody changed this mentor while you were looking at them. Look at the page again, then make your change."
MOST = 10  # people at a time; the table's own limit


@dataclass(frozen=True)
class Training:
    """What the team writes down of a mentor."""

    employer: Employer | None
    specialty: str
    trained_on: date | None
    training_ends_on: date | None


@dataclass(frozen=True)
class Ways:
    """Where and how a mentor meets people, and what of themselves they offer to be asked for."""

    miles: int
    face_to_face: bool
    teams: bool
    telephone: bool
    days: str
    works_ltft: bool
    is_parent: bool
    about: str
    return_reason: str | None


def add(email: str, name: str, training: Training, by: User) -> Mentor:
    """Make somebody a mentor: the holder of an account, or somebody who is invited to open one."""
    with db.atomic():
        user = people.with_email(email)
        if user is None:
            user = accounts.invite(email, name, "", [RoleWanted(Role.MENTOR)], by)
        elif Role.MENTOR not in people.roles_of(user):
            if user.id == by.id:
                raise RuleBroken("A colleague has to add you as a mentor.")
            accounts.give_role(user, RoleWanted(Role.MENTOR), by, user.version)
        if Mentor.select().where(Mentor.user == user).exists():
            raise RuleBroken(f"{user.name} is on the list of mentors already.")
        made = Mentor.create(user=user, **_columns(training))
        record("mentor.added", by=by, concerning=made)
    return made


def write_training(mentor: Mentor, training: Training, by: User, expected_version: int) -> None:
    with db.atomic():
        change(mentor, expected_version, CHANGED, **_columns(training))
        record("mentor.changed", by=by, concerning=mentor, facts={"changed": "training"})


def write_ways(
    mentor: Mentor, ways: Ways, bases: Iterable[Place], by: User, expected_version: int, apart: Iterable[str] = ()
) -> None:
    """Where they can be met, how, and whom they should not mentor. What stood before is replaced."""
    if not (ways.face_to_face or ways.teams or ways.telephone):
        raise RuleBroken("Select at least one way of meeting.")
    with db.atomic():
        change(mentor, expected_version, CHANGED, **asdict(ways))
        MentorBase.delete().where(MentorBase.mentor == mentor).execute()
        for district, name in {place.district: place.name for place in bases}.items():
            MentorBase.create(mentor=mentor, district=district, place_name="" if name == district else name)
        KeptApart.delete().where((KeptApart.mentor == mentor) & (KeptApart.why == WhyApart.ASKED)).execute()
        for said in dict.fromkeys(apart):
            email, name = (said.lower(), "") if "@" in said else ("", said)
            found = {"mentor": mentor, "name": name, "email": email}
            KeptApart.get_or_create(**found, defaults={"why": WhyApart.ASKED, "written_at": clock.now()})
        record("mentor.changed", by=by, concerning=mentor, facts={"changed": "ways"})


def set_capacity(mentor: Mentor, capacity: int, by: User, expected_version: int) -> str:
    """How many they support at a time: only the mentor says (D5). Gives what there is to know about it."""
    if by.id != mentor.user_id:
        raise RuleBroken("Only the mentor can change how many people they support.")
    if not 0 <= capacity <= MOST:
        raise RuleBroken(f"Choose a number from 0 to {MOST}.")
    with db.atomic():
        before = mentor.capacity
        if capacity != before:
            change(mentor, expected_version, CHANGED, capacity=capacity)
            record("mentor.capacity_set", by=by, concerning=mentor, facts={"from": before, "to": capacity})
    load = queries.load_of(mentor)
    return said_of_load(capacity, load)


def said_of_load(capacity: int, load: int) -> str:
    """What follows from a number that is lower than those supported now: nobody is taken away."""
    if load <= capacity:
        return ""
    return (
        f"You support {plural(load, 'person', 'people')} now, and go on doing so. "
        f"Nobody new is introduced to you until you support fewer than {capacity or 'your number'}."
    )


def pause(mentor: Mentor, first_day: date, last_day: date | None, by: User) -> MentorPause:
    """Take nobody new for a while. Those they support stay."""
    if last_day is not None and last_day < first_day:
        raise RuleBroken("The last day of the pause must be the first day or later.")
    if last_day is not None and last_day < clock.today():
        raise RuleBroken("This pause would be over already.")
    with db.atomic():
        made, is_new = MentorPause.get_or_create(mentor=mentor, first_day=first_day, last_day=last_day)
        if is_new:
            record("mentor.changed", by=by, concerning=mentor, facts={"changed": "pause"})
    return made


def end_pause(paused: MentorPause, by: User) -> None:
    """Take people again: a pause that has begun ends yesterday, one that has not is forgotten."""
    with db.atomic():
        if MentorPause.delete().where(MentorPause.id == paused.id).execute():
            record("mentor.changed", by=by, concerning=paused.mentor, facts={"changed": "pause"})


def leave(mentor: Mentor, by: User, expected_version: int) -> int:
    """They mentor no more. Each of those they support is offered another one. Gives how many that are."""
    with db.atomic():
        change(mentor, expected_version, CHANGED, left_at=clock.now())
        theirs = (Mentorship.mentor == mentor) & Mentorship.ended_at.is_null()
        pairs = list(Mentorship.select().where(theirs).order_by(Mentorship.id))
        for one in pairs:
            mentorships.end_of_mentor(one, by)
        record("mentor.left", by=by, concerning=mentor, facts={"supported": len(pairs)})
    return len(pairs)


def come_back(mentor: Mentor, by: User, expected_version: int) -> None:
    """They mentor again."""
    if Role.MENTOR not in people.roles_of(mentor.user) or mentor.user.is_disabled:
        raise RuleBroken(f"{mentor.user.name} needs an open account with the role of mentor first.")
    with db.atomic():
        change(mentor, expected_version, CHANGED, left_at=None)
        record("mentor.came_back", by=by, concerning=mentor)


def leave_who_cannot(at: datetime) -> int:
    """Whose account was closed, or whose role was taken away, mentors no more: those they supported are offered others."""
    holding = people.ids_holding(Role.MENTOR)
    rows = list(Mentor.select().where(Mentor.left_at.is_null() & Mentor.user.not_in(holding)).order_by(Mentor.id))
    for row in rows:
        leave(row, people.system_user(), row.version)
    return len(rows)


def bases_of(mentor: Mentor) -> list[MentorBase]:
    return list(MentorBase.select().where(MentorBase.mentor == mentor).order_by(MentorBase.id))


def pauses_of(mentor: Mentor) -> list[MentorPause]:
    """Those that are not over."""
    ahead = MentorPause.last_day.is_null() | (MentorPause.last_day >= clock.today())
    rows = MentorPause.select().where((MentorPause.mentor == mentor) & ahead)
    return list(rows.order_by(MentorPause.first_day, MentorPause.id))


def kept_apart(mentor: Mentor) -> list[str]:
    """Whom they should not mentor, as they wrote it."""
    rows = KeptApart.select().where((KeptApart.mentor == mentor) & (KeptApart.why == WhyApart.ASKED))
    return [row.email or row.name for row in rows.order_by(KeptApart.id)]


def training_is_over(mentor: Mentor, on: date) -> bool:
    ends_on: date | None = mentor.training_ends_on
    return ends_on is not None and ends_on < on


def _columns(training: Training) -> dict[str, object]:
    if training.training_ends_on and not training.trained_on:
        raise RuleBroken("Enter the day of the training as well.")
    if training.trained_on and training.training_ends_on and training.training_ends_on < training.trained_on:
        raise RuleBroken("Training must end on the day it was given or later.")
    return {each.name: getattr(training, each.name) for each in fields(training)}
