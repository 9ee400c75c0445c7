"""A further review, and what is reported beyond the School: each a person's own act (E12, E13)."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Employer, ProgressionReport, Review, ReviewNeeded, ReviewOutcome, Role, User
from signpost.access import allowed_to, signed_in_user
from signpost.events import rehearse
from signpost.forms import refused_beside
from signpost.notices.letters import Letter
from signpost.progression import further, pages, queries, reviews
from signpost.progression.after_forms import NotNeededForm, ReportForm, WithdrawForm
from signpost.progression.forms import ReviewForm
from signpost.progression.further import WhyWithdrawn
from signpost.progression.queries import Relation
from signpost.referrals.forms import ConfirmForm
from signpost.web import form_page, get_object_or_404, posted_version, see_other

bp = Blueprint("further_reviews", __name__, url_prefix="/progression")


def _load(review_id: str, allowed: frozenset[Relation] = further.DECIDING) -> tuple[Review, User]:
    me = signed_in_user()
    review = get_object_or_404(queries.visible_to(me), Review.public_id == review_id)
    return (review, me) if queries.relations(me, review) & allowed else abort(404)


def _listed(review_id: str, allowed: frozenset[Relation] = further.DECIDING) -> tuple[ReviewNeeded, User]:
    """That a further review is needed, while nobody has said what becomes of it."""
    review, me = _load(review_id, allowed)
    needed = queries.needed_after(review)
    return (needed, me) if needed is not None and needed.settled_at is None else abort(404)


@bp.route("/reviews/<public_id:review_id>/further", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION)
def open_one(review_id: str) -> ResponseReturnValue:
    """Record the further review, which begins with who takes part in this one."""
    needed, me = _listed(review_id, frozenset({Relation.TEAM}))
    review = needed.review
    choices = (list(Employer.select().order_by(Employer.name)), queries.chairs())
    form = ReviewForm(*choices, data=ReviewForm.known_of(review) | _people_of(review))
    if form.validate_on_submit():
        with refused_beside(form.outcome):
            made = further.open_one(needed, lambda: _record(form, review, me), me)
            return see_other(url_for("progression.add_issue", review_id=made.public_id))
    return form_page("progression/further.html", form, review=review)


def _people_of(review: Review) -> dict[str, str]:
    officer, university = queries.officer_of(review), queries.university_of(review)
    return {
        "officer_name": officer.name if officer else "",
        "officer_email": officer.email if officer else "",
        "university_name": university.name if university else "",
        "university_email": university.email if university else "",
    }


def _record(form: ReviewForm, earlier: Review, by: User) -> Review:
    outcome, on = ReviewOutcome(form.outcome.data), form.outcome_on.data
    return reviews.record_review(form.details, outcome, on, form.officer, form.university, [], by, earlier=earlier)


@bp.route("/reviews/<public_id:review_id>/further/not-needed", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def settle(review_id: str) -> ResponseReturnValue:
    needed, me = _listed(review_id)
    form = NotNeededForm(data={"version": needed.version})
    if form.validate_on_submit():
        with refused_beside(form.why):
            further.settle(needed, form.why.data or "", me, posted_version(form))
            return see_other(url_for("progression.show", review_id=review_id))
    return form_page("progression/not_needed.html", form, review=needed.review)


# What is reported


@bp.route("/reviews/<public_id:review_id>/reports/new", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def ask(review_id: str) -> ResponseReturnValue:
    """What they would read is looked at first. Nothing is sent by asking."""
    review, me = _load(review_id)
    form = ReportForm()
    is_seen = False
    if form.validate_on_submit():
        with refused_beside(form.to_email):
            if form.step.data == "ask":
                report = further.ask(review, form.wanted, me)
                return see_other(url_for(".show", report_id=report.public_id))
            rehearse(lambda: further.ask(review, form.wanted, me))
            is_seen = True
    page = render_template("progression/new_report.html", form=form, review=review, is_seen=is_seen, **pages.NAMES)
    return page, 422 if form.errors else 200


def _report(report_id: str) -> tuple[ProgressionReport, User]:
    mine = queries.visible_to(signed_in_user()).select(Review.id)
    known = ProgressionReport.select().where(ProgressionReport.review.in_(mine))
    report = get_object_or_404(known, ProgressionReport.public_id == report_id)
    return report, _load(report.review.public_id)[1]


@bp.get("/reports/<public_id:report_id>")
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def show(report_id: str) -> ResponseReturnValue:
    """For the second person, and for who sends it: which email the next press writes, and what is read behind its link."""
    report, me = _report(report_id)
    may_judge = report.is_agreed is None and report.asked_by != me
    may_send = bool(report.is_agreed) and report.sent_at is None
    letters: list[Letter] = []
    if may_judge:
        letters = rehearse(lambda: further.judge(report, True, me))
        report = ProgressionReport.get_by_id(report.id)
    elif may_send:
        letters = rehearse(lambda: further.send(report, me))
        report = ProgressionReport.get_by_id(report.id)
    return render_template(
        "progression/report.html",
        form=ConfirmForm(),
        report=report,
        review=report.review,
        may_judge=may_judge,
        may_send=may_send,
        letters=letters,
        withdrawn=queries.withdrawals([report]).get(report.id),
        **pages.NAMES,
    )


@bp.post("/reports/<public_id:report_id>/<any(agreement, refusal):what>")
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def judge(report_id: str, what: str) -> ResponseReturnValue:
    report, me = _report(report_id)
    further.judge(report, what == "agreement", me)
    return see_other(url_for(".show", report_id=report_id))


@bp.route("/reports/<public_id:report_id>/withdrawal", methods=["GET", "POST"])
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def withdraw(report_id: str) -> ResponseReturnValue:
    """What was agreed and has not left is not sent after all, and why."""
    report, me = _report(report_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        further.withdraw(report, WhyWithdrawn(form.why.data), me)
        return see_other(url_for(".show", report_id=report_id))
    if not report.is_agreed or report.sent_at is not None:
        return see_other(url_for(".show", report_id=report_id))
    return form_page("progression/withdrawal.html", form, report=report, **pages.NAMES)


@bp.post("/reports/<public_id:report_id>/sending")
@allowed_to(Role.PROGRESSION, Role.MEETING_CHAIR)
def send(report_id: str) -> ResponseReturnValue:
    report, me = _report(report_id)
    further.send(report, me)
    return see_other(url_for(".show", report_id=report_id))
