"""The offer of a mentor and the answers to it: yes, no, ask me later, or nothing. Nobody has to (D3)."""

from datetime import date, datetime, timedelta
from typing import Any

from models import CameBy, PersonalLink, Returner, ReturnerState, User, db
from signpost import clock, settings
from signpost.accounts import links
from signpost.accounts import queries as people
from signpost.errors import RuleBroken
from signpost.events import record
from signpost.mentoring import dates
from signpost.presses import ONE_PRESS

NOT_OFFERED = (ReturnerState.LISTED, ReturnerState.LATER)
MAY_SAY_YES = (*NOT_OFFERED, ReturnerState.OFFERED, ReturnerState.DECLINED)
MAY_SAY_NO = (*NOT_OFFERED, ReturnerState.OFFERED, ReturnerState.INTERESTED)
OVER = "The six months after your return are over, so mentoring has ended. Other support is on the page of support."
ENDED = "Your mentoring has ended. If you would like to go on with somebody else, write to the return to training team."
OFF_THE_LIST = "Your return is not on our list any more. If that is a mistake, write to the return to training team."
HAS_MENTOR = "You have a mentor already. If it does not work for you, say so on your page."


def is_over(returner: Returner, on: date) -> bool:
    """Whether the six months after the return are over: then nobody is offered a mentor any more (D11)."""
    return dates.ends_on(returner.returns_on) <= on


def first_day_of_offer(returner: Returner) -> date:
    """So many weeks before the return; or the day on which they wish to be asked again."""
    ask_again_on: date | None = returner.ask_again_on
    if ask_again_on is not None:
        return ask_again_on
    due: date = returner.returns_on - timedelta(weeks=settings.current().mentor_offer_weeks)
    return due


def is_due(returner: Returner, on: date) -> bool:
    """Whether they are to be offered a mentor on this day. Who asked by themselves has a link already."""
    waits = returner.state in NOT_OFFERED and returner.removed_at is None
    by_themselves = returner.came_by == CameBy.ASKED and returner.state == ReturnerState.LISTED
    return waits and not by_themselves and first_day_of_offer(returner) <= on and not is_over(returner, on)


def offer_if_due(returner: Returner, by: User) -> None:
    """Offer at once to whoever is entered late. Inside the caller's transaction."""
    if is_due(returner, clock.today()):
        _offer(returner, by, clock.now())


def offer(returner: Returner, by: User) -> None:
    """Offer now, before the day on which it would go out by itself."""
    if is_over(returner, clock.today()):
        raise RuleBroken("The six months after the return are over, so mentoring is not offered any more.")
    with db.atomic():
        if not _offer(returner, by, clock.now()) and _fresh(returner).state != ReturnerState.OFFERED:
            raise RuleBroken(f"{returner.name} has answered, so no offer was sent.")


def _offer(returner: Returner, by: User, at: datetime) -> bool:
    columns = {"state": ReturnerState.OFFERED, "offered_at": at, "ask_again_on": None, "reminded_at": None}
    done = _move(returner, NOT_OFFERED, **columns)
    if done:
        record("offer.made", by=by, concerning=returner)
    return done


def offer_due(at: datetime) -> int:
    """Offer a mentor to everybody whose day has come, once."""
    today = clock.to_london(at).date()
    soon = today + timedelta(weeks=settings.current().mentor_offer_weeks)
    listed = (Returner.state == ReturnerState.LISTED) & (Returner.returns_on <= soon)
    later = (Returner.state == ReturnerState.LATER) & (Returner.ask_again_on <= today)
    rows = Returner.select().where((listed | later) & Returner.removed_at.is_null()).order_by(Returner.id)
    by, done = people.system_user(), 0
    for row in list(rows):
        if is_due(row, today):
            with db.atomic():
                done += _offer(row, by, at)
    return done


def remind(at: datetime) -> int:
    """Remind those who have said nothing to the offer, once, unless their time is over."""
    today = clock.to_london(at).date()
    silent_since = at - timedelta(days=settings.current().mentor_reminder_days)
    silent = (Returner.state == ReturnerState.OFFERED) & Returner.reminded_at.is_null() & Returner.removed_at.is_null()
    by, done = people.system_user(), 0
    for row in list(Returner.select().where(silent & (Returner.offered_at <= silent_since)).order_by(Returner.id)):
        if is_over(row, today):
            continue
        with db.atomic():
            if Returner.update(reminded_at=at).where((Returner.id == row.id) & silent).execute():
                record("offer.reminded", by=by, concerning=row)
                done += 1
    return done


# Their answers


def accept(returner: Returner, by: User | PersonalLink) -> None:
    """Yes: they wait for a mentor from this moment on (D4)."""
    if is_over(returner, clock.today()):
        raise RuleBroken(OVER)
    with db.atomic():
        columns = {"state": ReturnerState.INTERESTED, "interested_at": clock.now(), "ask_again_on": None}
        if _move(returner, MAY_SAY_YES, **columns, declined_at=None, told_waiting_at=None):
            record("offer.accepted", by=by, concerning=returner)
        elif (now := _fresh(returner)).state not in (ReturnerState.INTERESTED, ReturnerState.MATCHED):
            raise RuleBroken(OFF_THE_LIST if now.removed_at else ENDED)


def decline(returner: Returner, by: User | PersonalLink) -> None:
    """No, or not any more. They can come back to it."""
    with db.atomic():
        columns = {"state": ReturnerState.DECLINED, "declined_at": clock.now(), "ask_again_on": None}
        if _move(returner, MAY_SAY_NO, **columns):
            record("offer.declined", by=by, concerning=returner)
        elif _fresh(returner).state != ReturnerState.DECLINED:
            raise RuleBroken(HAS_MENTOR)


def ask_later(returner: Returner, on: date, by: User | PersonalLink) -> None:
    """Not now: asked again on this day."""
    if on <= clock.today():
        raise RuleBroken("Choose a day after today.")
    if on >= dates.ends_on(returner.returns_on):
        raise RuleBroken("Mentoring ends six months after your return, so choose a day before that.")
    with db.atomic():
        states, another = (
            (*MAY_SAY_NO, ReturnerState.DECLINED),
            Returner.ask_again_on.is_null() | (Returner.ask_again_on != on),
        )
        if _move(returner, states, another, state=ReturnerState.LATER, ask_again_on=on):
            record("offer.put_off", by=by, concerning=returner, facts={"until": str(on)})
        elif _fresh(returner).ask_again_on != on:
            raise RuleBroken(HAS_MENTOR)


def latest_day_to_ask(returner: Returner) -> date:
    return dates.ends_on(returner.returns_on) - timedelta(days=1)


def send_link(returner: Returner, by: User | PersonalLink) -> None:
    """A new personal link, to the address of the return. Presses close together are one."""
    with db.atomic():
        if may_have_link(returner):
            record("returner_link.sent", by=by, concerning=returner)


def may_have_link(returner: Returner) -> bool:
    """Not more than a few in an hour, and none just now. Inside the caller's transaction: it holds the row meanwhile."""
    Returner.update(version=Returner.version).where(Returner.id == returner.id).execute()
    just_now = (PersonalLink.returner == returner) & (PersonalLink.made_at > clock.now() - ONE_PRESS)
    return links.may_have_another(returner) and not PersonalLink.select().where(just_now).exists()


def _move(returner: Returner, states: tuple[ReturnerState, ...], *more: Any, **columns: object) -> bool:
    """Where the row is in one of these states still, and on the list. Two who press at once do it once."""
    here = (Returner.id == returner.id) & Returner.state.in_(states) & Returner.removed_at.is_null()
    for one in more:
        here &= one
    done = Returner.update(version=Returner.version + 1, **columns).where(here).execute()
    if done:
        for name, value in columns.items():
            setattr(returner, name, value)
        returner.version += 1
    return bool(done)


def _fresh(returner: Returner) -> Returner:
    return Returner.get_by_id(returner.id)
