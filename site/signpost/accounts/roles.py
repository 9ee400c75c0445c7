"""Roles in words."""

from peewee import JOIN

from models import REFERRER_KIND_NAMES, Employer, ReferrerKind, Role, RoleAsked, RoleHeld, School, User

NAMES = {
    Role.REFERRER: "Referrer",
    Role.SENIOR_ADVISER: "Senior careers adviser",
    Role.COUNSELLOR: "Counsellor",
    Role.HEAD_OF_SCHOOL: "Head of school",
    Role.TSG: "Training Support Group",
    Role.TRAINEE: "Trainee",
    Role.RTT_TEAM: "Return to training team",
    Role.MENTOR: "Mentor",
    Role.RETURNER: "Returner",
    Role.TRAINING_OFFICER: "Training officer",
    Role.MEETING_CHAIR: "Chair of support meetings",
    Role.PROGRESSION: "Progression support team",
    Role.UNIVERSITY: "University representative",
    Role.COMPLAINTS: "Complaints handler",
    Role.GOVERNANCE: "Information governance",
    Role.ADMINISTRATOR: "Administrator",
}


def in_words(user: User) -> list[str]:
    """Each role a person holds, and over what."""
    query = (
        RoleHeld.select(RoleHeld, School, Employer)
        .join(School, JOIN.LEFT_OUTER)
        .switch(RoleHeld)
        .join(Employer, JOIN.LEFT_OUTER)
        .where(RoleHeld.user == user)
    )
    return [one_in_words(held) for held in query.order_by(RoleHeld.id)]


def one_in_words(held: RoleHeld | RoleAsked) -> str:
    """A role, and over what."""
    words = NAMES[Role(held.role)]
    if held.referrer_kind:
        words += f", as {REFERRER_KIND_NAMES[ReferrerKind(held.referrer_kind)]}"
    over = [place.name for place in (held.school, held.employer) if place]
    return f"{words}: {', '.join(over)}" if over else words
