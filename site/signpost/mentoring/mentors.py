"""Mentors: training, where and how they meet people, pauses; and how many they support, which is theirs to say (D2, D5)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from models import (
    Employer,
    KeptApart,
    Mentor,
    MentorBase,
    MentorPause,
    Returner,
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
from signpost.mentoring import queries
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


def write_ways(mentor: Mentor, ways: Ways, bases: Iterable[Place], by: User, expected_version: int) -> None:
    """Where they can be met, and how. What stood before is replaced."""
    if not (ways.face_to_face or ways.teams or ways.telephone):
        raise RuleBroken("Select at least one way of meeting.")
    with db.atomic():
        change(mentor, expected_version, CHANGED, **asdict(ways))
        MentorBase.delete().where(MentorBase.mentor == mentor).execute()
        for district, name in {place.district: place.name for place in bases}.items():
            MentorBase.create(mentor=mentor, district=district, place_name="" if name == district else name)
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


def keep_apart(who: Mentor | Returner, name: str, email: str, why: WhyApart, by: User | None = None) -> None:
    """Never match them with this person, known by an address or else by a name."""
    if not name and not email:
        raise RuleBroken("Enter a name or an email address.")
    whose = {"mentor": who} if isinstance(who, Mentor) else {"returner": who}
    KeptApart.get_or_create(**whose, name=name, email=email, defaults={"why": why, "written_at": clock.now()})


def _columns(training: Training) -> dict[str, object]:
    if training.training_ends_on and not training.trained_on:
        raise RuleBroken("Enter the day of the training as well.")
    if training.trained_on and training.training_ends_on and training.training_ends_on < training.trained_on:
        raise RuleBroken("Training must end on the day it was given or later.")
    return asdict(training) | {"employer": training.employer}
