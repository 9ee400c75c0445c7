"""Asking for a mentor without having been asked (D3). Without an account the link to go on with goes to the address."""

from datetime import date, datetime, timedelta

from models import CameBy, Event, PersonalLink, Returner, ReturnerState, User, db
from signpost.accounts import queries as people
from signpost.accounts import throttle
from signpost.events import record
from signpost.mentoring import offers, returners

DAYS_TO_CONFIRM = 30


def ask(name: str, email: str, absent_from: date, returns_on: date, network: str) -> None:
    """Send a personal link to this address, whether or not there is a return of it already: nothing shows which.

    Nothing of what stands there changes. Raises TooManyTries, and ShortAbsence.
    """
    returners.refuse_short(absent_from, returns_on)
    with db.atomic():
        there = returners.not_over(email)
        if there is None:
            details = returners.Details(name, email, absent_from, returns_on)
            there = returners.write(details, None, CameBy.ASKED)
        if offers.may_have_link(there):
            throttle.begin_try(f"mentoring {email}", f"mentoring {network}")
            record("mentor.asked_for", by=people.system_user(), concerning=there)


def ask_signed_in(user: User, absent_from: date, returns_on: date) -> Returner:
    """Whoever is signed in waits for a mentor at once."""
    returners.refuse_short(absent_from, returns_on)
    with db.atomic():
        there = returners.not_over(user.email)
        if there is None:
            details = returners.Details(user.name, user.email, absent_from, returns_on)
            there = returners.write(details, user, CameBy.ASKED)
            record("returner.entered", by=user, concerning=there)
        offers.accept(there, by=user)
    return there


def forget_unconfirmed(at: datetime) -> int:
    """Delete those who asked, without an account, and never opened the link that was sent to them."""
    unconfirmed = (Returner.came_by == CameBy.ASKED) & (Returner.state == ReturnerState.LISTED)
    old = Returner.entered_by.is_null() & (Returner.entered_at < at - timedelta(days=DAYS_TO_CONFIRM))
    acted = PersonalLink.select(PersonalLink.returner).join(Event, on=Event.by_link == PersonalLink.id)
    never_opened = Returner.id.not_in(acted.where(PersonalLink.returner.is_null(False)))
    return int(Returner.delete().where(unconfirmed & old & never_opened).execute())
