"""Reviews of progression: those one reads, and what the progression team records of them (E1)."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import (
    Employer,
    FollowUp,
    FollowUpKind,
    Meeting,
    Review,
    ReviewIssue,
    ReviewOutcome,
    Role,
    SupportMeeting,
    User,
)
from signpost import clock
from signpost.access import allowed_to, roles_held, signed_in, signed_in_user
from signpost.events import rehearse
from signpost.forms import refused_beside
from signpost.meetings.poll_forms import VersionedForm
from signpost.progression import board, follow_ups, pages, queries, reviews, standing
from signpost.progression.forms import (
    DecisionForm,
    DetailsForm,
    FollowUpForm,
    IssueForm,
    OutcomeForm,
    PersonForm,
    ReviewForm,
)
from signpost.progression.queries import Relation
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("progression", __name__, url_prefix="/progression")

DECIDE = frozenset({Relation.TEAM, Relation.DIRECTOR})


@bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """Whose outcome is oldest first; with nothing about any review that is not theirs."""
    me = signed_in_user()
    asked = request.args.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 4 else 1
    is_closed = request.args.get("show") == "closed"
    found = queries.listed(me, is_closed, max(page, 1))
    rows = found[: queries.PAGE]
    is_team = Role.PROGRESSION in roles_held()
    return render_template(
        "progression/index.html",
        reviews=rows,
        standing=standing.of(rows),
        is_closed=is_closed,
        page=page,
        has_more=len(found) > queries.PAGE,
        is_team=is_team,
        board=board.of(me) if is_team and not is_closed and page <= 1 else None,
        today=clock.today(),
        supports=_invited(me) if Role.UNIVERSITY in roles_held() else [],
        **pages.NAMES,
    )


def _invited(me: User) -> list[tuple[SupportMeeting, Meeting | None]]:
    found = queries.invited_meetings(me).order_by(SupportMeeting.id.desc()).limit(queries.PAGE)
    return [(one, queries.meeting_of(one)) for one in found]


def _load(review_id: str) -> tuple[Review, User]:
    me = signed_in_user()
    return get_object_or_404(queries.visible_to(me), Review.public_id == review_id), me


def _as(allowed: frozenset[Relation], review_id: str) -> tuple[Review, User]:
    """The review, for who is one of these to it; for everybody else as if the address led nowhere."""
    review, me = _load(review_id)
    return (review, me) if queries.relations(me, review) & allowed else abort(404)


def _of_team(review_id: str) -> tuple[Review, User]:
    return _as(frozenset({Relation.TEAM}), review_id)


@bp.get("/reviews/<public_id:review_id>")
@signed_in
def show(review_id: str) -> ResponseReturnValue:
    review, me = _load(review_id)
    return pages.review(review, pages.Way(me))


def _choices() -> tuple[list[Employer], list[User]]:
    return list(Employer.select().order_by(Employer.name)), queries.chairs()


@bp.route("/reviews/new", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def new() -> ResponseReturnValue:
    form = ReviewForm(*_choices())
    if form.validate_on_submit():
        with refused_beside(form.trainee_email):
            review = reviews.record_review(
                form.details,
                ReviewOutcome(form.outcome.data),
                form.outcome_on.data,
                form.officer,
                form.university,
                [],
                signed_in_user(),
            )
            return see_other(url_for(".add_issue", review_id=review.public_id))
    return form_page("progression/new_review.html", form)


@bp.route("/reviews/<public_id:review_id>/details", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def details(review_id: str) -> ResponseReturnValue:
    review, me = _of_team(review_id)
    form = DetailsForm(*_choices(), data=DetailsForm.known_of(review))
    if form.validate_on_submit():
        with refused_beside(form.trainee_email):
            reviews.correct(review, form.details, me, posted_version(form))
            return see_other(url_for(".show", review_id=review_id))
    return form_page("progression/details.html", form, review=review)


@bp.route("/reviews/<public_id:review_id>/issues", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def add_issue(review_id: str) -> ResponseReturnValue:
    review, me = _of_team(review_id)
    form = IssueForm()
    if form.validate_on_submit():
        with refused_beside(form.words):
            reviews.add_issue(review, form.issue, me)
            return see_other(url_for(".add_issue", review_id=review_id))
    issues = queries.issues_of(review)
    return form_page("progression/issues.html", form, review=review, issues=issues, **pages.NAMES)


@bp.post("/reviews/<public_id:review_id>/issues/<public_id:issue_id>/removal")
@allowed_to(Role.PROGRESSION)
def remove_issue(review_id: str, issue_id: str) -> ResponseReturnValue:
    review, me = _of_team(review_id)
    issue = get_object_or_404(
        ReviewIssue.select().where(ReviewIssue.review == review), ReviewIssue.public_id == issue_id
    )
    reviews.remove_issue(issue, me)
    return see_other(url_for(".add_issue", review_id=review_id))


@bp.route("/reviews/<public_id:review_id>/decision", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def decide(review_id: str) -> ResponseReturnValue:
    """What the issues suggest, beside what the School decides."""
    review, me = _as(DECIDE, review_id)
    form = DecisionForm(ReviewOutcome(review.outcome), data={"decision": review.decision, "version": review.version})
    if form.validate_on_submit():
        with refused_beside(form.decision):
            reviews.decide(review, form.chosen, me, posted_version(form))
            return see_other(url_for(".show", review_id=review_id))
    way, relations = pages.Way(me), queries.relations(me, review)
    return form_page("progression/decision.html", form, **pages.about(review, way, relations, is_school=True))


@bp.route("/reviews/<public_id:review_id>/outcome", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def change_outcome(review_id: str) -> ResponseReturnValue:
    review, me = _of_team(review_id)
    known = {"outcome": review.outcome, "outcome_on": review.outcome_on, "version": review.version}
    form = OutcomeForm(data=known)
    if form.validate_on_submit():
        with refused_beside(form.outcome):
            outcome = ReviewOutcome(form.outcome.data)
            version = posted_version(form)
            reviews.change_outcome(review, outcome, form.outcome_on.data, form.why.data or "", me, version)
            return see_other(url_for(".show", review_id=review_id))
    return form_page("progression/outcome.html", form, review=review)


@bp.route("/reviews/<public_id:review_id>/officer", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def officer(review_id: str) -> ResponseReturnValue:
    review, me = _of_team(review_id)
    form = PersonForm()
    if form.validate_on_submit():
        with refused_beside(form.email):
            reviews.name_officer(review, form.named, me)
            return see_other(url_for(".show", review_id=review_id))
    return form_page("progression/officer.html", form, review=review, now=queries.officer_of(review))


@bp.route("/reviews/<public_id:review_id>/university", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def university(review_id: str) -> ResponseReturnValue:
    review, me = _of_team(review_id)
    form = PersonForm()
    if form.validate_on_submit():
        with refused_beside(form.email):
            reviews.name_university(review, form.named, me)
            return see_other(url_for(".show", review_id=review_id))
    return form_page("progression/university.html", form, review=review, now=queries.university_of(review))


@bp.post("/reviews/<public_id:review_id>/link/<any(trainee, training_officer):part>")
@allowed_to(Role.PROGRESSION)
def send_link(review_id: str, part: str) -> ResponseReturnValue:
    review, me = _of_team(review_id)
    reviews.send_link(review, part, me)
    return see_other(url_for(".show", review_id=review_id))


@bp.post("/reviews/<public_id:review_id>/<any(closing, reopening):what>")
@allowed_to(Role.PROGRESSION)
def end(review_id: str, what: str) -> ResponseReturnValue:
    review, me = _of_team(review_id)
    (reviews.close if what == "closing" else reviews.reopen)(review, me, posted_version(VersionedForm()))
    return see_other(url_for(".show", review_id=review_id))


# What follows


@bp.route("/reviews/<public_id:review_id>/follow-ups/new", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def add_follow_up(review_id: str) -> ResponseReturnValue:
    """Where a body is asked to act, the message is looked at before it goes."""
    review, me = _of_team(review_id)
    form = FollowUpForm()
    letters = []
    if form.validate_on_submit():
        with refused_beside(form.kind):
            said = (review, FollowUpKind(form.kind.data), form.words.data or "", form.asked, me)
            if form.asked is None or form.step.data == "send":
                follow_ups.add(*said)
                return see_other(url_for(".show", review_id=review_id))
            letters = rehearse(lambda: follow_ups.add(*said))
    page = render_template("progression/follow_up.html", form=form, review=review, letters=letters)
    return page, 422 if form.errors else 200


@bp.post("/follow-ups/<public_id:follow_up_id>/done")
@allowed_to(Role.PROGRESSION)
def follow_up_done(follow_up_id: str) -> ResponseReturnValue:
    mine = FollowUp.select().where(FollowUp.review.in_(queries.visible_to(signed_in_user()).select(Review.id)))
    follow_up = get_object_or_404(mine, FollowUp.public_id == follow_up_id)
    review, me = _of_team(follow_up.review.public_id)
    follow_ups.done(follow_up, me)
    return see_other(url_for(".show", review_id=review.public_id))
