"""The steps of booking a careers session, for whoever takes them: the trainee signed in or by link, or staff on request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, islice
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Meeting, Mode, PersonalLink, Referral, Role, Status, User, Venue
from signpost import clock
from signpost.errors import RuleBroken
from signpost.meetings import booking, queries
from signpost.meetings.forms import MODE_NAMES, CancelForm, OnRequestForm, TimeForm, starts_on
from signpost.meetings.free_times import FreeTime
from signpost.notices.permissions import acts_as
from signpost.referrals.actions import is_being_chosen
from signpost.web import form_page, see_other, wants_fragment

DAYS_SHOWN = 14


@dataclass(frozen=True)
class Way:
    """How the steps are reached: signed in, or by the personal link whose token stands in the address."""

    by: User | PersonalLink
    token: str = ""
    on_request: bool = False

    def to(self, step: str, **where: Any) -> str:
        return (
            url_for(f"linked.{step}", token=self.token, **where) if self.token else url_for(f"meetings.{step}", **where)
        )

    def home(self, referral: Referral | None) -> str:
        if referral is None:
            return url_for("meetings.index")
        if self.token:
            return url_for("links.show", token=self.token)
        return url_for("referrals.show", referral_id=referral.public_id)


def times(referral: Referral, way: Way) -> ResponseReturnValue:
    """Choose one of the counsellor's free times; it is kept while you decide."""
    booking.refuse_another(referral)
    if not way.on_request and is_being_chosen(referral):
        raise RuleBroken(booking.NO_COUNSELLOR)

    def keep(wanted: booking.Wanted, form: TimeForm) -> ResponseReturnValue:
        return see_other(way.to("confirmation", meeting_id=booking.hold(referral, wanted, way.by).public_id))

    here = way.to("times", **_of(referral, way))
    return _choose(referral, way, "meetings/times.html", here, keep, queries.kept_for(referral))


def _of(referral: Referral, way: Way) -> dict[str, str]:
    return {} if way.token else {"referral_id": referral.public_id}


def _choose(
    referral: Referral, way: Way, template: str, here: str, act: Any, own: Meeting | None, **context: Any
) -> ResponseReturnValue:
    """`own`: the meeting that moves, or the one that is kept. Its time is offered too, so that it can be chosen again."""
    modes = queries.modes_for(referral)
    mode = Mode(request.values["mode"]) if request.values.get("mode") in set(modes) else modes[0]
    every = [one for one in queries.free_times_of(referral.assigned_to, modes, own) if one.mode == mode]
    places = {venue.public_id: venue for venue in Venue.select().order_by(Venue.name)}
    place = request.values.get("place", "")
    offered = [one for one in every if not place or one.venue == place]
    form = TimeForm(offered)
    if form.validate_on_submit():
        free = form.free.get(form.time.data)
        if free is not None:
            return act(booking.Wanted(free.begins, free.ends, mode, places.get(free.venue)), form)
        form.time.errors = [*form.time.errors, booking.TAKEN]
    first = starts_on(request.values.get("from")) or (
        clock.to_london(offered[0].begins).date() if offered else clock.today()
    )
    shown = _days(offered, first)
    context |= {
        "referral": referral,
        "way": way,
        "own": own,
        "here": here,
        "modes": modes,
        "mode": mode,
        "mode_names": MODE_NAMES,
        "places": {key: places[key].name for key in sorted({one.venue for one in every if one.venue})},
        "place": place,
        "days": shown,
        "earlier": first - timedelta(days=DAYS_SHOWN) if any(_day(one) < first for one in offered) else None,
        "later": next((_day(one) for one in offered if _day(one) >= first + timedelta(days=DAYS_SHOWN)), None),
        "back": way.home(referral),
        "reach": queries.reach_of(referral.assigned_to),
    }
    if wants_fragment() and request.method == "GET":
        return render_template("meetings/_times.html", form=form, **context)
    return form_page(template, form, **context)


def _day(free: FreeTime) -> date:
    return clock.to_london(free.begins).date()


def _days(offered: list[FreeTime], first: date) -> list[tuple[date, list[FreeTime]]]:
    within = [one for one in offered if first <= _day(one) < first + timedelta(days=DAYS_SHOWN)]
    return [(day, list(of_day)) for day, of_day in groupby(within, _day)]


def confirmation(meeting: Meeting, way: Way) -> ResponseReturnValue:
    """What was chosen, and the button that books it."""
    form = OnRequestForm()
    if form.validate_on_submit():
        booking.confirm(meeting, way.by, way.on_request)
        return see_other(way.home(meeting.referral))
    if meeting.is_booked:
        return see_other(way.home(meeting.referral))
    return form_page(
        "meetings/confirmation.html",
        form,
        meeting=meeting,
        way=way,
        mode_names=MODE_NAMES,
        here=way.to("confirmation", meeting_id=meeting.public_id),
        again=way.to("times", **_of(meeting.referral, way)),
    )


def move(meeting: Meeting, way: Way) -> ResponseReturnValue:
    def do(wanted: booking.Wanted, form: TimeForm) -> ResponseReturnValue:
        booking.move(meeting, wanted, way.by, form.reason.data or "")
        return see_other(way.home(meeting.referral))

    booking.refuse_over(meeting)
    here = way.to("move", meeting_id=meeting.public_id)
    return _choose(meeting.referral, way, "meetings/move.html", here, do, meeting, meeting=meeting)


def cancel(meeting: Meeting, way: Way) -> ResponseReturnValue:
    form = CancelForm()
    if form.validate_on_submit():
        booking.cancel(meeting, way.by, form.reason.data or "")
        return see_other(way.home(meeting.referral))
    booking.refuse_over(meeting)
    here = way.to("cancel", meeting_id=meeting.public_id)
    return form_page(
        "meetings/cancel.html", form, meeting=meeting, mode_names=MODE_NAMES, here=here, back=way.home(meeting.referral)
    )


def of_case(referral: Referral, by_staff: bool = False, token: str = "") -> dict[str, Any]:
    """What the page of a case shows of its meetings: for `meetings/_of_case.html`."""
    ahead = queries.next_of(referral)
    way = Way(referral.assigned_to or referral.referred_by, token)
    over = referral.status in (Status.SESSIONS_COMPLETE, Status.CLOSED)
    open_for_booking = not over and acts_as(referral.assigned_to, Role.COUNSELLOR)
    where = {"meeting_id": ahead.public_id} if ahead else {}
    return {
        "meetings": queries.of_referral(referral),
        "next_meeting": ahead,
        "mode_names": MODE_NAMES,
        "can_book": open_for_booking,
        "can_change": ahead is not None and ahead.begins_at > clock.now(),
        "by_staff": by_staff,
        "urls": {
            "times": way.to("times", **_of(referral, way)),
            "arranged": url_for("meetings.arranged", referral_id=referral.public_id),
            "open": url_for("meetings.show", **where) if ahead and not token else "",
            "move": way.to("move", **where) if ahead else "",
            "cancel": way.to("cancel", **where) if ahead else "",
        },
    }


CANDIDATES_LOOKED_UP = 6


def next_free_times(counsellors: Iterable[User], referral: Referral) -> dict[int, FreeTime]:
    """For the first few of these counsellors, by row number, when the next session of this referral could be."""
    modes = queries.modes_for(referral)
    found = {}
    for counsellor in islice(counsellors, CANDIDATES_LOOKED_UP):
        if free := queries.free_times_of(counsellor, modes):
            found[counsellor.id] = free[0]
    return found
