"""Which returners and mentors each person knows of (D13). Nobody else learns that there are any.

The return to training team sees how each stands, and dates; never what a pair writes, and not through this what is about
themselves.
"""

from collections.abc import Iterable
from datetime import date

from peewee import SQL, ModelSelect, fn

from models import Mentor, MentoringWish, MentorPause, Mentorship, PersonalLink, Returner, ReturnerState, Role, User
from signpost import clock
from signpost.accounts import queries as people
from signpost.mentoring import dates


def is_team(user: User) -> bool:
    return Role.RTT_TEAM in people.roles_of(user)


def is_about(returner: Returner, user: User) -> bool:
    """Whether this is the person's own return, by the account or by its address."""
    return returner.user_id == user.id or returner.email == user.email


def returners_seen_by(user: User) -> ModelSelect:
    """To the team everyone's return but their own; to everybody else none."""
    others = (Returner.user.is_null() | (Returner.user != user)) & (Returner.email != user.email)
    may = others if is_team(user) else SQL("1 = 0")
    return Returner.select().where(may & Returner.removed_at.is_null())


def returns_of(user: User) -> ModelSelect:
    """A person's own returns."""
    own = (Returner.user == user) | (Returner.email == user.email)
    return Returner.select().where(own & Returner.removed_at.is_null())


def return_now(user: User) -> Returner | None:
    """The latest of them."""
    found: Returner | None = returns_of(user).order_by(Returner.returns_on.desc(), Returner.id.desc()).first()
    return found


def mentors_seen_by(user: User) -> ModelSelect:
    """To the team every mentor; to a mentor themselves."""
    may = SQL("1 = 1") if is_team(user) else (Mentor.user == user)
    return Mentor.select(Mentor, User).join(User, on=Mentor.user).where(may)


def mentor_of(user: User) -> Mentor | None:
    """The person as a mentor, while they are one."""
    if Role.MENTOR not in people.roles_of(user):
        return None
    found: Mentor | None = Mentor.get_or_none((Mentor.user == user) & Mentor.left_at.is_null())
    return found


def open_mentorship(returner: Returner) -> Mentorship | None:
    found: Mentorship | None = Mentorship.get_or_none((Mentorship.returner == returner) & Mentorship.ended_at.is_null())
    return found


def wish_of(returner: Returner) -> MentoringWish | None:
    found: MentoringWish | None = MentoringWish.get_or_none(MentoringWish.returner == returner)
    return found


# Who waits, and who could be given to them


def waiting() -> ModelSelect:
    """Who asked for a mentor, has none and still can get one, those who asked first in front (D4, D11)."""
    return asking().where(Returner.returns_on > dates.latest_return_over(clock.today()))


def asking() -> ModelSelect:
    """The same, and those whose six months are over, whom nobody has answered."""
    asked = (Returner.state == ReturnerState.INTERESTED) & Returner.removed_at.is_null()
    return Returner.select().where(asked).order_by(Returner.interested_at, Returner.id)


def active_mentors() -> ModelSelect:
    """Mentors whose account is open and holds the role, and who have not left."""
    holding = Mentor.user.in_(people.ids_holding(Role.MENTOR))
    return Mentor.select(Mentor, User).join(User, on=Mentor.user).where(holding & Mentor.left_at.is_null())


def trained_mentors(on: date) -> ModelSelect:
    """Those of them who are trained, and take people on this day: the only ones that are matched (D2)."""
    return not_paused(on).where(Mentor.trained_on <= on)


def not_paused(on: date) -> ModelSelect:
    paused = MentorPause.select(MentorPause.mentor).where(
        (MentorPause.first_day <= on) & (MentorPause.last_day.is_null() | (MentorPause.last_day >= on))
    )
    return active_mentors().where(Mentor.id.not_in(paused))


def loads(mentors: Iterable[Mentor]) -> dict[int, int]:
    """How many each supports now, by row number."""
    ids = [one.id for one in mentors]
    counted = Mentorship.select(Mentorship.mentor_id, fn.COUNT(Mentorship.id)).where(
        Mentorship.mentor.in_(ids) & Mentorship.ended_at.is_null()
    )
    return dict(counted.group_by(Mentorship.mentor_id).tuples())


def load_of(mentor: Mentor) -> int:
    return loads([mentor]).get(mentor.id, 0)


def links_of(returner: Returner) -> ModelSelect:
    return PersonalLink.select().where(PersonalLink.returner == returner)
