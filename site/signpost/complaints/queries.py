"""Which complaints each person knows of. Everybody else gets the same answer as for one that does not exist."""

from collections.abc import Collection

from peewee import ModelSelect

from models import (
    Complaint,
    ComplaintAccess,
    ComplaintDisclosure,
    ComplaintNote,
    ComplaintRespondent,
    PersonalLink,
    Role,
    User,
)
from signpost.accounts import queries as people
from signpost.notices.permissions import HANDLE_COMPLAINTS, handlers_of

__all__ = ["handlers_of"]


def handled_by(user: User) -> ModelSelect:
    """Those on whose access list this person is, while they hold a role for it; never one that is about them."""
    if not people.roles_of(user) & HANDLE_COMPLAINTS:
        return Complaint.select().where(Complaint.id.is_null())
    listed = ComplaintAccess.select(ComplaintAccess.complaint).where(ComplaintAccess.user == user)
    about = ComplaintRespondent.select(ComplaintRespondent.complaint).where(ComplaintRespondent.user == user)
    return Complaint.select().where(Complaint.id.in_(listed) & Complaint.id.not_in(about))


def raised_by(user: User) -> ModelSelect:
    return Complaint.select().where(Complaint.by_user == user)


def raised_through(link: PersonalLink) -> ModelSelect:
    """Those of the person whose link this is: of the same case, and of the same address."""
    same = (PersonalLink.referral == link.referral_id) & (PersonalLink.email == link.email)
    return Complaint.select().where(Complaint.by_link.in_(PersonalLink.select(PersonalLink.id).where(same)))


def disclosed_to(user: User) -> ModelSelect:
    """What this person was told, as they were told it: not the complaint."""
    return ComplaintDisclosure.select().where(ComplaintDisclosure.to_user == user)


def notes_of(complaint: Complaint) -> list[ComplaintNote]:
    return list(ComplaintNote.select().where(ComplaintNote.complaint == complaint).order_by(ComplaintNote.id))


def disclosures_of(complaint: Complaint) -> list[ComplaintDisclosure]:
    rows = ComplaintDisclosure.select().where(ComplaintDisclosure.complaint == complaint)
    return list(rows.order_by(ComplaintDisclosure.id))


def respondents_of(complaint: Complaint) -> list[User]:
    rows = ComplaintRespondent.select(ComplaintRespondent.user).where(ComplaintRespondent.complaint == complaint)
    return list(User.select().where(User.id.in_(rows)).order_by(User.name))


def who_may_handle() -> list[User]:
    """Everyone with a role for it."""
    found = {one.id: one for role in (Role.COMPLAINTS, Role.GOVERNANCE) for one in people.holding(role)}
    return sorted(found.values(), key=lambda one: one.name)


def route(excluded: Collection[User]) -> list[User]:
    """Who gets a complaint: every complaints lead it is not about; where none is left, the governance leads."""
    for role in (Role.COMPLAINTS, Role.GOVERNANCE):
        if found := [one for one in people.holding(role) if one not in excluded]:
            return found
    return []


def called(text: str) -> list[User]:
    """Accounts with exactly this name or address, however it is written: nobody of them may handle it."""
    said = " ".join(text.split()).casefold()
    if not said:
        return []
    return [one for one in User.select() if said in (one.name.casefold(), one.email.casefold())]
