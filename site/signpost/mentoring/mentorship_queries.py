"""Which mentorships a person may see, and what stands on the page of one."""

from dataclasses import dataclass
from datetime import date

from peewee import Expression, ModelSelect

from models import Employer, Mentor, MentoringMeeting, Mentorship, Returner, Role, Side, SupportContact, User
from signpost.accounts import queries as people


def visible_to(user: User) -> ModelSelect:
    """One's own, as mentor or as returner; and for the return to training team all of them, by status and dates."""
    rows = Mentorship.select(Mentorship, Returner, Mentor, User).join(Returner)
    rows = rows.switch(Mentorship).join(Mentor).join(User, on=Mentor.user)
    return rows if Role.RTT_TEAM in people.roles_of(user) else rows.where(is_of_pair(user))


def is_of_pair(user: User) -> Expression:
    """The condition that somebody is one of the two: a mentor while they are one, a returner by account or address."""
    own = (Returner.user == user) | (Returner.email == user.email)
    is_returner = own & Returner.removed_at.is_null()
    return is_returner | (Mentor.user == user) if Role.MENTOR in people.roles_of(user) else is_returner


def side_of(user: User, mentorship: Mentorship) -> Side | None:
    """Which of the two this person is; none for others. Being of the pair comes before being of the team."""
    if mentorship.mentor.user_id == user.id:
        return Side.MENTOR if Role.MENTOR in people.roles_of(user) else None
    returner = mentorship.returner
    is_returner = returner.removed_at is None and (returner.user_id == user.id or returner.email == user.email)
    return Side.RETURNER if is_returner else None


def latest_of(returner: Returner) -> Mentorship | None:
    """The mentorship of a returner: the one that goes on, or the last that ended."""
    found: Mentorship | None = (
        Mentorship.select().where(Mentorship.returner == returner).order_by(Mentorship.id.desc()).first()
    )
    return found


def notes_of(mentorship: Mentorship) -> list[MentoringMeeting]:
    """When the pair met, the latest first."""
    there = (MentoringMeeting.mentorship == mentorship) & MentoringMeeting.removed_at.is_null()
    return list(
        MentoringMeeting.select().where(there).order_by(MentoringMeeting.met_on.desc(), MentoringMeeting.id.desc())
    )


@dataclass(frozen=True)
class Noted:
    """What the team sees of the meetings of a pair: how many, and the last."""

    count: int
    last: date | None


def noted_of(mentorship: Mentorship) -> Noted:
    days = [one.met_on for one in notes_of(mentorship)]
    return Noted(len(days), max(days, default=None))


def support_contacts(employer: Employer | None = None) -> list[SupportContact]:
    """Where else to turn (D12): what is for everybody, and what one trust has; all of it where no trust is named."""
    rows = SupportContact.select().order_by(SupportContact.topic, SupportContact.position, SupportContact.name)
    if employer is not None:
        rows = rows.where(SupportContact.employer.is_null() | (SupportContact.employer == employer))
    return list(rows)
