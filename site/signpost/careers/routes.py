"""The careers session, for the counsellor and who stands in; the record of a case; and what the trainee reads."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import (
    CareersSession,
    IssueState,
    Meeting,
    MeetingState,
    Passage,
    RecordAccess,
    Referral,
    SessionIssue,
    StatementKind,
    User,
)
from signpost import clock, settings
from signpost.access import signed_in, signed_in_user
from signpost.careers import actions, pages, queries, writing
from signpost.careers.forms import (
    CoverForm,
    IssueStateForm,
    LengthForm,
    LineForm,
    OptionForm,
    PassageForm,
    ReasonForm,
    StagesForm,
    TaskForm,
)
from signpost.careers.prompts import BEFORE_REMOTE, PHASES, STAGE_NAMES
from signpost.errors import RuleBroken, StaleRecord
from signpost.formatting import day
from signpost.forms import beside_field
from signpost.meetings.forms import MODE_NAMES
from signpost.plans import actions as plans
from signpost.plans import queries as tasks
from signpost.referrals import queries as referrals
from signpost.referrals import record_access
from signpost.referrals.forms import ConfirmForm
from signpost.referrals.queries import Relation
from signpost.statements import queries as statements
from signpost.web import form_page, get_object_or_404, posted_version, see_other, wants_fragment

bp = Blueprint("careers", __name__, url_prefix="/careers-sessions")
bp.app_context_processor(lambda: {"sessions_of_case": pages.of_case})

NOTES = "notes of a session"


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """A counsellor's sessions: to open, to finish, and the cases; a trainee's: what is shared with them."""
    me = signed_in_user()
    return render_template(
        "careers/index.html",
        to_open=queries.meetings_to_open(me),
        unfinished=queries.unfinished_by(me),
        cases=referrals.cases_of(me),
        covered=referrals.covered_by(me),
        shared=list(queries.shared_with(me).order_by(CareersSession.id.desc())),
        mode_names=MODE_NAMES,
    )


# One session


def _load(session_id: str) -> tuple[CareersSession, User]:
    me = signed_in_user()
    return get_object_or_404(queries.visible_to(me), CareersSession.public_id == session_id), me


def _writes(session_id: str) -> tuple[CareersSession, User]:
    session, me = _load(session_id)
    return (session, me) if record_access.writes_record(me, session.referral) else abort(404)


@bp.post("/meetings/<public_id:meeting_id>")
@signed_in
def begin(meeting_id: str) -> ResponseReturnValue:
    """Open the record of a meeting; the same one however often it is pressed."""
    me = signed_in_user()
    mine = [one.id for one in (*referrals.cases_of(me), *referrals.covered_by(me))]
    theirs = Meeting.referral.in_(mine) & (Meeting.state != MeetingState.HELD_FOR_SOMEBODY)
    meeting = get_object_or_404(Meeting.select().where(theirs), Meeting.public_id == meeting_id)
    if not ConfirmForm().validate_on_submit():
        abort(400)
    return see_other(url_for(".show", session_id=actions.begin(meeting, by=me).public_id))


@bp.get("/<public_id:session_id>")
@signed_in
def show(session_id: str) -> ResponseReturnValue:
    session, me = _load(session_id)
    record_access.note_reading(session.referral, me, NOTES, session)
    writes = record_access.writes_record(me, session.referral)
    return render_template("careers/workspace.html" if writes else "careers/record.html", **_about(session))


def _about(session: CareersSession, problems: dict[str, str] | None = None) -> dict[str, Any]:
    """Everything a page or a part of a session shows."""
    referral = session.referral
    issues = queries.issues_of(session)
    names = settings.current()
    return {
        "session": session,
        "referral": referral,
        "number": queries.number_of(session),
        "is_first": queries.is_first(session),
        "texts": queries.texts_of(session),
        "issues": issues,
        "left_before": [one for one in issues if one.session_id != session.id and one.state == IssueState.PARKED],
        "focus": queries.focus_of(session),
        "focus_changes": queries.focus_changes_of(session),
        "options": queries.options_of(session),
        "tasks": [one for one in tasks.objectives_of(referral) if one.session_id == session.id],
        "open_before": [one for one in tasks.still_open(referral) if one.session_id != session.id],
        "stages": queries.stages_of(session),
        "stage_names": STAGE_NAMES,
        "statement": session.explained or statements.now(StatementKind.CONFIDENTIALITY),
        "discussion": queries.discussion_of(referral),
        "phases": [(phase, getattr(names, phase.setting)) for phase in PHASES],
        "reminders": BEFORE_REMOTE,
        "form": ConfirmForm(),
        "now": clock.now(),
        "example_day": day(clock.today() + timedelta(days=14)),
        "problems": problems or {},
        "typed": request.form if problems else {},
        "mode_names": MODE_NAMES,
    }


def _do(session: CareersSession, part: str, form: Any, act: Callable[[], object]) -> ResponseReturnValue:
    """Do it, then show that part of the workspace again; or all of it to a browser without JavaScript."""
    words, status = "", 200
    if not form.validate_on_submit():
        words, status = next((str(field.errors[0]) for field in form if field.errors), "Try again"), 422
    else:
        try:
            act()
        except RuleBroken as refusal:
            words, status = beside_field(refusal.words), 409 if isinstance(refusal, StaleRecord) else 422
    if not wants_fragment():
        if not words:
            return see_other(url_for(".show", session_id=session.public_id) + f"#{part}")
        record_access.note_reading(session.referral, signed_in_user(), NOTES, session)
    template = f"careers/_{part}.html" if wants_fragment() else "careers/workspace.html"
    fresh = queries.visible_to(signed_in_user()).where(CareersSession.id == session.id).get()
    about = _about(fresh, {part: words} if words else None)
    return render_template(template, **about, is_part=wants_fragment()), status


def _saved(
    session: CareersSession, anchor: str, form: Any, write: Callable[[int], int], theirs: Callable[[], tuple[int, str]]
) -> ResponseReturnValue:
    """The answer to words that were saved as they were typed: the new version, or both where somebody else wrote.

    `write` takes the version that is written over and gives the new one; `theirs` gives what stands there now.
    """
    version, problem, other, status = posted_version(form), "", "", 200
    if not form.validate_on_submit():
        problem, status = next(str(field.errors[0]) for field in form if field.errors), 422
    else:
        try:
            version = write(version)
        except StaleRecord as refusal:
            (version, other), problem, status = theirs(), beside_field(refusal.words), 409
        except RuleBroken as refusal:
            problem, status = beside_field(refusal.words), 422
    context = {"version": version, "problem": problem, "other": other, "at": clock.now()}
    if request.headers.get("X-Saved-As-Typed") == "1":
        return render_template("careers/_saved.html", **context), status
    back = url_for(".show", session_id=session.public_id) + f"#{anchor}"
    if status == 200:
        return see_other(back)
    if other:
        record_access.note_reading(session.referral, signed_in_user(), NOTES, session)
    return render_template("careers/not_saved.html", form=form, back=back, back_to="the session", **context), status


@bp.post("/<public_id:session_id>/texts/<string:passage>")
@signed_in
def write_passage(session_id: str, passage: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    if passage not in set(Passage):
        abort(404)
    form = PassageForm()

    def write(version: int) -> int:
        return int(writing.write(session, Passage(passage), form.words.data or "", version, me).version)

    def theirs() -> tuple[int, str]:
        there = queries.texts_of(session).get(passage)
        return (there.version, there.words) if there else (0, "")

    return _saved(session, passage, form, write, theirs)


@bp.post("/<public_id:session_id>/length")
@signed_in
def length(session_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    form = LengthForm()
    return _do(session, "clock", form, lambda: actions.set_length(session, form.minutes.data, me))


@bp.post("/<public_id:session_id>/explanation")
@signed_in
def explanation(session_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    form = ConfirmForm()
    return _do(session, "explanation", form, lambda: actions.explain(session, me, form.seen.data or ""))


@bp.post("/<public_id:session_id>/stages")
@signed_in
def stages(session_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    form = StagesForm()
    return _do(session, "stages", form, lambda: actions.touch_stages(session, *form.chosen(), me))


# Issues


def _issue(session: CareersSession, issue_id: str) -> SessionIssue:
    issue: SessionIssue = get_object_or_404(queries.issues_in(session), SessionIssue.public_id == issue_id)
    return issue


@bp.post("/<public_id:session_id>/issues")
@signed_in
def raise_issue(session_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    form = LineForm()
    return _do(session, "issues", form, lambda: writing.raise_issue(session, form.words.data or "", me))


@bp.post("/<public_id:session_id>/issues/<public_id:issue_id>/words")
@signed_in
def reword_issue(session_id: str, issue_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    issue = _issue(session, issue_id)
    form = LineForm()

    def write(version: int) -> int:
        return int(writing.reword(session, issue, form.words.data or "", version, me).version)

    def theirs() -> tuple[int, str]:
        there = _issue(session, issue_id)
        return there.version, there.words

    return _saved(session, "issues", form, write, theirs)


@bp.post("/<public_id:session_id>/issues/<public_id:issue_id>/<any(focus, park, settle, again):what>")
@signed_in
def turn_issue(session_id: str, issue_id: str, what: str) -> ResponseReturnValue:
    """Make it the focus, park it until a day, settle it, or raise it again."""
    session, me = _writes(session_id)
    issue = _issue(session, issue_id)
    form = IssueStateForm()
    acts = {
        "focus": lambda: writing.focus_on(session, issue, form.why.data or "", me),
        "park": lambda: writing.park(session, issue, form.return_on.data, me),
        "settle": lambda: writing.settle(session, issue, me),
        "again": lambda: writing.raise_again(session, issue, me),
    }
    return _do(session, "issues", form, acts[what])


# Options


@bp.post("/<public_id:session_id>/options")
@signed_in
def add_option(session_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    form = LineForm()
    return _do(session, "options", form, lambda: writing.add_option(session, form.words.data or "", me))


@bp.post("/<public_id:session_id>/options/order")
@signed_in
def order_options(session_id: str) -> ResponseReturnValue:
    """By dragging: the whole order. By a button: one moved up or down by one, from the order that the page shows."""
    session, me = _writes(session_id)
    order = request.form.getlist("option")
    moved, _, way = request.form.get("move", "").partition(" ")
    if moved in order:
        place = order.index(moved)
        order.insert(max(place - 1, 0) if way == "up" else place + 1, order.pop(place))
    return _do(session, "options", ConfirmForm(), lambda: writing.reorder(session, order, me))


def _option(session: CareersSession, option_id: str) -> Any:
    found = next((one for one in queries.options_of(session) if one.public_id == option_id), None)
    return found or abort(404)


@bp.post("/<public_id:session_id>/options/<public_id:option_id>")
@signed_in
def weigh_option(session_id: str, option_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    option = _option(session, option_id)
    form = OptionForm()

    def write(version: int) -> int:
        said = (form.words.data or "", form.pros.data or "", form.cons.data or "")
        return int(writing.weigh(option, *said, version, me).version)

    def theirs() -> tuple[int, str]:
        there = _option(session, option_id)
        return there.version, f"{there.words}\n\nFor it: {there.pros or ''}\n\nAgainst it: {there.cons or ''}"

    return _saved(session, "options", form, write, theirs)


@bp.post("/<public_id:session_id>/options/<public_id:option_id>/removal")
@signed_in
def remove_option(session_id: str, option_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    option = _option(session, option_id)
    return _do(session, "options", ConfirmForm(), lambda: writing.remove_option(option, me))


# Tasks


@bp.post("/<public_id:session_id>/tasks")
@signed_in
def add_task(session_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    form = TaskForm()

    def add() -> None:
        plan = plans.of_case(session.referral)
        plans.add(plan, form.task.data or "", form.due.data, me, session=session, supporter=session.counsellor)

    return _do(session, "tasks", form, add)


@bp.post("/<public_id:session_id>/tasks/<public_id:task_id>/removal")
@signed_in
def remove_task(session_id: str, task_id: str) -> ResponseReturnValue:
    session, me = _writes(session_id)
    task = next((one for one in tasks.objectives_of(session.referral) if one.public_id == task_id), None)
    if task is None or task.session_id != session.id:
        abort(404)
    return _do(session, "tasks", ConfirmForm(), lambda: actions.remove_task(task, me))


# The end of a session


@bp.route("/<public_id:session_id>/finish", methods=["GET", "POST"])
@signed_in
def finish(session_id: str) -> ResponseReturnValue:
    """What will be shared, what will be parked, what is missing; then finish."""
    session, me = _writes(session_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        actions.finish(session, me)
        return see_other(url_for("referrals.show", referral_id=session.referral.public_id))
    record_access.note_reading(session.referral, me, NOTES, session)
    about = _about(session) | {
        "form": form,
        "shared": queries.shared_of(session),
        "will_be_parked": actions.will_be_parked(session),
        "meeting": Meeting.get_by_id(session.meeting_id),
    }
    return render_template("careers/finish.html", **about)


# The record of a case, and who reads it


def _case(referral_id: str) -> tuple[Referral, frozenset[Relation], User]:
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    return referral, referrals.relations(me, referral), me


@bp.get("/cases/<public_id:referral_id>")
@signed_in
def record(referral_id: str) -> ResponseReturnValue:
    """Everything careers staff keep of a case, for who may read it."""
    referral, _, me = _case(referral_id)
    if not record_access.reads_record(me, referral):
        abort(404)
    record_access.note_reading(referral, me, "the record of all sessions")
    sessions = [_about(session) for session in queries.sessions_of(referral)]
    return render_template(
        "careers/case.html", referral=referral, sessions=sessions, discussion=queries.discussion_of(referral)
    )


@bp.route("/cases/<public_id:referral_id>/access", methods=["GET", "POST"])
@signed_in
def access(referral_id: str) -> ResponseReturnValue:
    """An adviser states a reason to read the record of a case (C9)."""
    referral, relations, me = _case(referral_id)
    if Relation.ADVISER not in relations:
        abort(404)
    form = ReasonForm()
    if form.validate_on_submit():
        record_access.state_reason(referral, form.reason.data, me)
        return see_other(url_for(".record", referral_id=referral.public_id))
    return form_page("careers/access.html", form, referral=referral, hours=settings.current().record_access_hours)


@bp.route("/cases/<public_id:referral_id>/cover", methods=["GET", "POST"])
@signed_in
def cover(referral_id: str) -> ResponseReturnValue:
    """The adviser, or the counsellor, asks a colleague to stand in until a day."""
    referral, relations, me = _case(referral_id)
    if not relations & {Relation.ADVISER, Relation.COUNSELLOR}:
        abort(404)
    form = CoverForm(record_access.may_cover(referral))
    if form.validate_on_submit():
        colleague = form.colleagues[form.colleague.data]
        record_access.cover(referral, colleague, form.until.data, form.reason.data, me)
        return see_other(url_for("referrals.show", referral_id=referral.public_id))
    return form_page("careers/cover.html", form, referral=referral)


@bp.post("/cases/<public_id:referral_id>/accesses/<public_id:access_id>/end")
@signed_in
def end_access(referral_id: str, access_id: str) -> ResponseReturnValue:
    referral, relations, me = _case(referral_id)
    if not relations & {Relation.ADVISER, Relation.COUNSELLOR, Relation.COVERING}:
        abort(404)
    there = RecordAccess.select().where(RecordAccess.referral == referral)
    found = get_object_or_404(there, RecordAccess.public_id == access_id)
    if ConfirmForm().validate_on_submit():
        record_access.end(found, me)
    return see_other(url_for("referrals.show", referral_id=referral.public_id))


@bp.get("/cases/<public_id:referral_id>/form")
@signed_in
def read_discussion(referral_id: str) -> ResponseReturnValue:
    """The trainee's form, for their counsellor before they meet."""
    referral, _, me = _case(referral_id)
    discussion = queries.discussion_of(referral)
    if discussion is None or not record_access.reads_record(me, referral):
        abort(404)
    record_access.note_reading(referral, me, "the discussion form")
    return render_template("careers/discussion_read.html", referral=referral, discussion=discussion)


# The trainee, signed in


def _own(referral_id: str) -> tuple[Referral, pages.Way]:
    referral, relations, me = _case(referral_id)
    return (referral, pages.Way(me)) if Relation.TRAINEE in relations else abort(404)


@bp.route("/cases/<public_id:referral_id>/discussion", methods=["GET", "POST"])
@signed_in
def discussion(referral_id: str) -> ResponseReturnValue:
    return pages.discussion(*_own(referral_id))


@bp.get("/cases/<public_id:referral_id>/readers")
@signed_in
def readers(referral_id: str) -> ResponseReturnValue:
    return pages.readers(*_own(referral_id))


def _shared(session_id: str) -> tuple[CareersSession, User]:
    me = signed_in_user()
    return get_object_or_404(queries.shared_with(me), CareersSession.public_id == session_id), me


@bp.get("/<public_id:session_id>/summary")
@signed_in
def summary(session_id: str) -> ResponseReturnValue:
    session, me = _shared(session_id)
    return pages.summary(session, pages.Way(me), url_for(".summary_on_paper", session_id=session_id))


@bp.get("/<public_id:session_id>/summary/pdf")
@signed_in
def summary_on_paper(session_id: str) -> ResponseReturnValue:
    """For the trainee; and for who may read the record, to hand over."""
    me = signed_in_user()
    session = get_object_or_404(queries.on_paper_for(me), CareersSession.public_id == session_id)
    if record_access.reads_record(me, session.referral):
        record_access.note_reading(session.referral, me, "what is shared of a session, on paper", session)
    return pages.summary_on_paper(session)
