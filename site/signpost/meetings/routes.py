"""Meetings of whoever is signed in: theirs to see, book, move and cancel; a counsellor's hours; the Teams link."""

from datetime import timedelta

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Attendee, Hours, LinkState, Meeting, Mode, Referral, Role, User, Venue
from signpost import clock
from signpost.access import allowed_to, public, signed_in, signed_in_user
from signpost.forms import refused_beside
from signpost.meetings import booking, feeds, hours, join_links, link_jobs, pages, queries, teams
from signpost.meetings.forms import (
    DAYS,
    MODE_NAMES,
    ArrangedForm,
    AttendanceForm,
    HoursForm,
    JoinLinkForm,
    NewTimeForm,
    ReachForm,
    starts_on,
)
from signpost.referrals import queries as referrals
from signpost.referrals.queries import Relation
from signpost.web import asks_for, form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("meetings", __name__)
# The pages of a case are below this room; their templates ask for its meetings by this name.
bp.app_context_processor(
    lambda: {"meetings_of_case": pages.of_case, "next_free_times": pages.next_free_times, "mode_names": MODE_NAMES}
)


@bp.get("/meetings")
@signed_in
def index() -> ResponseReturnValue:
    """My meetings: a list, or a week side by side."""
    me = signed_in_user()
    today = clock.today()
    monday = starts_on(request.args.get("week"))
    week = None
    if monday is not None:
        monday -= timedelta(days=monday.weekday())
        week = queries.between(me, monday, 7)
    coming, past = queries.coming(me), queries.past(me)
    of_week = [meeting for meetings in week.values() for meeting in meetings] if week else []
    return render_template(
        "meetings/index.html",
        coming=coming,
        past=past,
        others=queries.others_at([*coming, *past, *of_week], me),
        week=week,
        monday=monday or today - timedelta(days=today.weekday()),
        seven=timedelta(days=7),
        mode_names=MODE_NAMES,
        has_feed=feeds.of(me) is not None,
    )


@bp.get("/meetings/day")
@signed_in
def day_sheet() -> ResponseReturnValue:
    """One day, to print."""
    me = signed_in_user()
    day = starts_on(request.args.get("on")) or clock.today()
    meetings = [(meeting, queries.attendees(meeting)) for meeting in queries.of_day(me, day)]
    return render_template(
        "meetings/day.html", day=day, meetings=meetings, mode_names=MODE_NAMES, one=timedelta(days=1)
    )


def _load(meeting_id: str) -> tuple[Meeting, User]:
    me = signed_in_user()
    return get_object_or_404(queries.visible_to(me), Meeting.public_id == meeting_id), me


def _organised(meeting_id: str) -> tuple[Meeting, User]:
    meeting, me = _load(meeting_id)
    return (meeting, me) if meeting.organiser_id == me.id else abort(404)


@bp.get("/meetings/<public_id:meeting_id>")
@signed_in
def show(meeting_id: str) -> ResponseReturnValue:
    meeting, me = _load(meeting_id)
    context = about(meeting, me)
    return render_template("meetings/_join.html" if asks_for("join") else "meetings/show.html", **context)


def about(meeting: Meeting, me: User) -> dict[str, object]:
    is_organiser = meeting.organiser_id == me.id
    by_hand = is_organiser and meeting.link_state == LinkState.NEEDS_PERSON
    return {
        "meeting": meeting,
        "attendees": queries.attendees(meeting),
        "history": queries.history_of(meeting, with_reasons=is_organiser),
        "is_organiser": is_organiser,
        "is_trainee": meeting.referral is not None and meeting.referral.trainee_id == me.id,
        "is_over": meeting.ends_at <= clock.now(),
        "has_begun": meeting.begins_at <= clock.now(),
        "can_change": meeting.is_booked
        and meeting.begins_at > clock.now()
        and (is_organiser or meeting.referral is not None),
        "mode_names": MODE_NAMES,
        "deep_link": _deep_link(meeting) if by_hand else "",
        "can_try_again": by_hand and teams.provider().makes_links,
        "join_form": JoinLinkForm() if is_organiser else None,
        "attendance_form": AttendanceForm() if queries.looks_after(me, meeting) else None,
    }


def _deep_link(meeting: Meeting) -> str:
    others = [one.email for one in queries.attendees(meeting) if one.user_id != meeting.organiser_id]
    return join_links.deep_link(join_links.SUBJECT, meeting.begins_at, meeting.ends_at, others)


# Booking


def _case(referral_id: str) -> tuple[Referral, pages.Way]:
    """The referral, for its trainee, or for its counsellor who books on the trainee's request."""
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    relations = referrals.relations(me, referral)
    if not relations & {Relation.TRAINEE, Relation.COUNSELLOR}:
        abort(404)
    return referral, pages.Way(me, on_request=Relation.COUNSELLOR in relations)


@bp.route("/referrals/<public_id:referral_id>/times", methods=["GET", "POST"])
@signed_in
def times(referral_id: str) -> ResponseReturnValue:
    return pages.times(*_case(referral_id))


def _kept(meeting_id: str) -> tuple[Meeting, pages.Way]:
    """A meeting of a case of mine, whether it is booked or only kept for somebody."""
    meeting = get_object_or_404(Meeting.select(), Meeting.public_id == meeting_id)
    if meeting.referral is None:
        abort(404)
    _, way = _case(meeting.referral.public_id)
    return meeting, way


@bp.route("/meetings/<public_id:meeting_id>/confirmation", methods=["GET", "POST"])
@signed_in
def confirmation(meeting_id: str) -> ResponseReturnValue:
    return pages.confirmation(*_kept(meeting_id))


@bp.route("/meetings/<public_id:meeting_id>/time", methods=["GET", "POST"])
@signed_in
def move(meeting_id: str) -> ResponseReturnValue:
    return pages.move(*_kept(meeting_id))


@bp.route("/meetings/<public_id:meeting_id>/new-time", methods=["GET", "POST"])
@signed_in
def reschedule(meeting_id: str) -> ResponseReturnValue:
    """The organiser moves a meeting that was fixed with a group."""
    meeting, me = _organised(meeting_id)
    if meeting.referral is not None:
        abort(404)
    booking.refuse_over(meeting)
    minutes = int((meeting.ends_at - meeting.begins_at).total_seconds() // 60)
    form = NewTimeForm(data={"minutes": minutes})
    if form.validate_on_submit():
        with refused_beside(form.begins):
            booking.reschedule(meeting, form.begins_at(), form.minutes.data, form.reason.data or "", me)
            return see_other(url_for(".show", meeting_id=meeting.public_id))
    return form_page("meetings/new_time.html", form, meeting=meeting, mode_names=MODE_NAMES)


@bp.route("/meetings/<public_id:meeting_id>/cancellation", methods=["GET", "POST"])
@signed_in
def cancel(meeting_id: str) -> ResponseReturnValue:
    meeting = get_object_or_404(Meeting.select(), Meeting.public_id == meeting_id)
    if meeting.referral is not None:
        return pages.cancel(*_kept(meeting_id))
    meeting, me = _organised(meeting_id)
    return pages.cancel(meeting, pages.Way(me))


@bp.post("/meetings/<public_id:meeting_id>/attendees/<public_id:attendee_id>/removal")
@signed_in
def remove(meeting_id: str, attendee_id: str) -> ResponseReturnValue:
    meeting, me = _organised(meeting_id)
    mine = Attendee.select().where((Attendee.meeting == meeting) & Attendee.removed_at.is_null())
    booking.remove(meeting, get_object_or_404(mine, Attendee.public_id == attendee_id), me)
    return see_other(url_for(".show", meeting_id=meeting.public_id))


@bp.route("/referrals/<public_id:referral_id>/arranged", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR)
def arranged(referral_id: str) -> ResponseReturnValue:
    """Note in one line a meeting that was arranged by telephone or email."""
    referral, way = _case(referral_id)
    if not way.on_request:
        abort(404)
    booking.refuse_another(referral)
    modes, venues = queries.modes_for(referral), list(Venue.select().order_by(Venue.name))
    form = ArrangedForm(modes, venues, data={"minutes": 60, "mode": modes[0].value})
    if form.validate_on_submit():
        mode, begins = Mode(form.mode.data), form.begins_at()
        venue = form.venues[form.venue.data] if mode == Mode.FACE_TO_FACE else None
        wanted = booking.Wanted(begins, begins + timedelta(minutes=form.minutes.data), mode, venue)
        with refused_beside(form.begins):
            booking.arrange(referral, wanted, form.outside_reason.data or "", signed_in_user())
            return see_other(way.home(referral))
    return form_page("meetings/arranged.html", form, referral=referral, back=way.home(referral))


@bp.post("/meetings/<public_id:meeting_id>/attendance")
@signed_in
def attendance(meeting_id: str) -> ResponseReturnValue:
    """Say that it did not take place, and why."""
    meeting, me = _load(meeting_id)
    if not queries.looks_after(me, meeting):
        abort(404)
    form = AttendanceForm()
    if form.validate_on_submit():
        booking.did_not_take_place(meeting, form.attendance.data, me)
        return see_other(url_for(".show", meeting_id=meeting.public_id))
    return form_page("meetings/show.html", form, **(about(meeting, me) | {"attendance_form": form}))


# The Teams link


@bp.post("/meetings/<public_id:meeting_id>/join-link")
@signed_in
def paste_link(meeting_id: str) -> ResponseReturnValue:
    meeting, me = _organised(meeting_id)
    form = JoinLinkForm()
    if form.validate_on_submit():
        with refused_beside(form.join_link):
            link_jobs.paste(meeting, form.join_link.data or "", me)
            return see_other(url_for(".show", meeting_id=meeting.public_id))
    return form_page("meetings/show.html", form, **(about(meeting, me) | {"join_form": form}))


@bp.post("/meetings/<public_id:meeting_id>/join-link/retry")
@signed_in
def retry_link(meeting_id: str) -> ResponseReturnValue:
    meeting, me = _organised(meeting_id)
    link_jobs.try_again(meeting, me)
    return see_other(url_for(".show", meeting_id=meeting.public_id))


# A counsellor's hours


@bp.get("/meetings/hours")
@allowed_to(Role.COUNSELLOR)
def my_hours() -> ResponseReturnValue:
    me = signed_in_user()
    return render_template(
        "meetings/hours.html", hours=hours.of(me), days=DAYS, mode_names=MODE_NAMES, reach=queries.reach_of(me)
    )


@bp.route("/meetings/hours/reach", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR)
def my_reach() -> ResponseReturnValue:
    """One's own shortest notice, and how far ahead one can be booked."""
    me = signed_in_user()
    form = ReachForm(data={"notice_hours": me.booking_notice_hours, "ahead_weeks": me.booking_ahead_weeks})
    if form.validate_on_submit():
        hours.reach(me, form.notice_hours.data, form.ahead_weeks.data, posted_version(form))
        return see_other(url_for(".my_hours"))
    if request.method == "GET":
        form.version.data = str(me.version)
    return form_page("meetings/reach.html", form, ours=queries.reach_of())


@bp.route("/meetings/hours/new", methods=["GET", "POST"])
@allowed_to(Role.COUNSELLOR)
def new_hours() -> ResponseReturnValue:
    form = HoursForm(list(Venue.select().order_by(Venue.name)), data={"minutes": 60, "gap_minutes": 15})
    if form.validate_on_submit():
        weekly = form.when.data == "weekly"
        hours.add(
            signed_in_user(),
            weekday=int(form.weekday.data) if weekly else form.day.data.weekday(),
            day=None if weekly else form.day.data,
            begins=form.begins.at,
            ends=form.ends.at,
            minutes=form.minutes.data,
            gap_minutes=form.gap_minutes.data,
            mode=Mode(form.mode.data),
            venue=form.venues.get(form.venue.data) if form.mode.data == Mode.FACE_TO_FACE else None,
        )
        return see_other(url_for(".my_hours"))
    return form_page("meetings/new_hours.html", form)


@bp.post("/meetings/hours/<public_id:hours_id>/deletion")
@allowed_to(Role.COUNSELLOR)
def delete_hours(hours_id: str) -> ResponseReturnValue:
    mine = get_object_or_404(Hours.select().where(Hours.counsellor == signed_in_user()), Hours.public_id == hours_id)
    hours.delete(mine, signed_in_user())
    return see_other(url_for(".my_hours"))


# The calendar feed


@bp.post("/meetings/feed")
@signed_in
def make_feed() -> ResponseReturnValue:
    """A new private address; the one before stops working. It is shown this once."""
    return render_template("meetings/feed.html", address=feeds.make(signed_in_user()))


@bp.post("/meetings/feed/withdrawal")
@signed_in
def withdraw_feed() -> ResponseReturnValue:
    feeds.withdraw(signed_in_user())
    return see_other(url_for(".index"))


@bp.get("/meetings/feed/<string:token>")
@public
def feed(token: str) -> ResponseReturnValue:
    """What a calendar program reads. Unknown and withdrawn addresses are the same: there is nothing."""
    user = feeds.owner(token.removesuffix(".ics")) or abort(404)
    return Response(feeds.written(user), mimetype="text/calendar")
