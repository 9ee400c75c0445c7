"""Finding a time: proposing, answering signed in or by a link, and fixing it."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Event, LinkPurpose, Meeting, Notice, PersonalLink, Poll, PollPerson, PollState, PollTime, Role, User
from signpost import clock, settings, working_days
from signpost.access import allowed_to, public, signed_in, signed_in_user
from signpost.accounts import links
from signpost.accounts import queries as people
from signpost.forms import refused_beside
from signpost.meetings import offered_times, polls, queries
from signpost.meetings.poll_forms import REPLY_NAMES, AnswerForm, NewPollForm, VersionedForm
from signpost.notices import ledger
from signpost.web import asks_for, form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("polls", __name__, url_prefix="/polls")

ORGANISERS = (Role.PROGRESSION, Role.MEETING_CHAIR)


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    me = signed_in_user()
    found = list(polls.visible_to(me).order_by(Poll.id.desc()))
    return render_template(
        "polls/index.html",
        mine=[(poll, len(polls.waiting_for(poll))) for poll in found if poll.organiser_id == me.id],
        asked=[poll for poll in found if poll.organiser_id != me.id],
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed_to(*ORGANISERS)
def new() -> ResponseReturnValue:
    me = signed_in_user()
    ours = settings.current()
    reply_by = working_days.after(clock.today(), ours.poll_reply_working_days)
    form = NewPollForm(_chairs(me), data={"minutes": 60, "reply_by": reply_by})
    only_looks = "show" in request.form
    if not only_looks and form.validate_on_submit():
        with refused_beside(form.times):
            poll = polls.ask(
                me,
                form.title.data or "",
                form.minutes.data,
                form.moments(),
                form.everyone(),
                form.reply_by.data,
                form.shows_others.data,
                form.chosen_chair,
            )
            return see_other(url_for(".show", poll_id=poll.public_id))
    context = {"offered": offered_times.offered(me, form.chosen_chair, form.minutes.data or 60)}
    if only_looks:
        page = "polls/_offered.html" if asks_for("offered") else "polls/new.html"
        return render_template(page, form=form, **context)
    return form_page("polls/new.html", form, **context)


def _chairs(me: User) -> list[User]:
    """Who may chair a meeting, but oneself."""
    return [one for one in people.holding(Role.MEETING_CHAIR) if one.id != me.id]


def _load(poll_id: str) -> tuple[Poll, User]:
    me = signed_in_user()
    return get_object_or_404(polls.visible_to(me), Poll.public_id == poll_id), me


def _organised(poll_id: str) -> tuple[Poll, User]:
    poll, me = _load(poll_id)
    return (poll, me) if poll.organiser_id == me.id else abort(404)


@bp.get("/<public_id:poll_id>")
@signed_in
def show(poll_id: str) -> ResponseReturnValue:
    """The organiser sees everyone's answers and the best times; the others answer their own row."""
    poll, me = _load(poll_id)
    if poll.organiser_id != me.id:
        return _answer_page(_row(poll, me), AnswerForm(), url_for(".answer", poll_id=poll.public_id))
    sent = Notice.select().join(Event).where(Event.poll == poll)
    context = {
        "poll": poll,
        "ranked": polls.ranked(poll),
        "people": polls.people_of(poll),
        "times": polls.times_of(poll),
        "answers": polls.answers_of(poll),
        "clashes": polls.clashes(poll),
        "reply_names": REPLY_NAMES,
        "waiting": polls.waiting_for(poll),
        "meeting": Meeting.get_or_none(Meeting.poll == poll),
        "messages": ledger.lines(sent.order_by(Notice.id.desc())),
        "is_open": poll.state == PollState.OPEN,
    }
    return render_template("polls/_answers.html" if asks_for("answers") else "polls/show.html", **context)


def _row(poll: Poll, me: User) -> PollPerson:
    return get_object_or_404(PollPerson.select().where(PollPerson.poll == poll), PollPerson.user == me)


@bp.post("/<public_id:poll_id>/answer")
@signed_in
def answer(poll_id: str) -> ResponseReturnValue:
    poll, me = _load(poll_id)
    here = url_for(".show", poll_id=poll.public_id)
    return _answered(_row(poll, me), me, url_for(".answer", poll_id=poll.public_id), here)


@bp.post("/<public_id:poll_id>/times/<public_id:time_id>/fixing")
@signed_in
def fix(poll_id: str, time_id: str) -> ResponseReturnValue:
    poll, me = _organised(poll_id)
    chosen = get_object_or_404(PollTime.select().where(PollTime.poll == poll), PollTime.public_id == time_id)
    meeting = polls.fix(poll, chosen, me, posted_version(VersionedForm()))
    if asks_for("answers"):
        return see_other(url_for(".show", poll_id=poll.public_id))
    return see_other(url_for("meetings.show", meeting_id=meeting.public_id))


@bp.post("/<public_id:poll_id>/calling-off")
@signed_in
def call_off(poll_id: str) -> ResponseReturnValue:
    poll, me = _organised(poll_id)
    polls.call_off(poll, me, posted_version(VersionedForm()))
    return see_other(url_for(".show", poll_id=poll.public_id))


# By a link, without an account


@bp.get("/answer/<string:token>")
@public
def by_link(token: str) -> ResponseReturnValue:
    link = _link(token)
    return _answer_page(link.poll_person, AnswerForm(), url_for(".answer_by_link", token=token))


@bp.post("/answer/<string:token>")
@public
def answer_by_link(token: str) -> ResponseReturnValue:
    link = _link(token)
    here = url_for(".by_link", token=token)
    return _answered(link.poll_person, link, url_for(".answer_by_link", token=token), here)


def _link(token: str) -> PersonalLink:
    return links.find_open(token, LinkPurpose.POLL) or abort(404)


def _answered(person: PollPerson, by: User | PersonalLink, action: str, here: str) -> ResponseReturnValue:
    form = AnswerForm()
    replies = form.replies(polls.times_of(person.poll), request.form)
    if form.validate_on_submit():
        if len(replies) == len(polls.times_of(person.poll)) or form.can_do.data or person.poll.state != PollState.OPEN:
            polls.answer(person, replies, form.can_do.data or "", by)
            return see_other(here)
        form.can_do.errors = [*form.can_do.errors, "Answer for each time, or say when you could"]
    return _answer_page(person, form, action, {key: str(reply) for key, reply in replies.items()})


def _answer_page(
    person: PollPerson, form: AnswerForm, action: str, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    poll: Poll = person.poll
    times = polls.times_of(poll)
    answers = polls.answers_of(poll)
    own = {time.public_id: answers.get((person.id, time.id), "") for time in times} | (typed or {})
    others = [one for one in polls.people_of(poll) if one.id != person.id] if poll.shows_others else []
    if request.method == "GET":
        form.can_do.data = person.can_do
    meeting = Meeting.get_or_none(Meeting.poll == poll)
    just_answered = asks_for("answer") and request.method == "GET"
    return form_page(
        "polls/_answer.html" if just_answered else "polls/answer.html",
        form,
        poll=poll,
        person=person,
        times=times,
        own=own,
        others=others,
        answers=answers,
        reply_names=REPLY_NAMES,
        action=action,
        is_open=poll.state == PollState.OPEN,
        just_answered=just_answered,
        meeting=meeting,
        is_expected=meeting is not None and any(one.email == person.email for one in queries.attendees(meeting)),
    )
