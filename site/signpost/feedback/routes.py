"""Feedback: answering when one is asked, reading what carries a name, and the figures of all."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from models import FeedbackAsk, Referral, Role
from signpost.access import allowed_to, roles_held, signed_in, signed_in_user
from signpost.feedback import pages, queries
from signpost.feedback.surveys import SURVEYS
from signpost.referrals import queries as referrals
from signpost.referrals import record_access
from signpost.web import get_object_or_404

bp = Blueprint("feedback", __name__)
bp.app_context_processor(lambda: {"feedback_asked_of": pages.asked_of_trainee})


@bp.get("/feedback")
@allowed_to(Role.SENIOR_ADVISER, Role.RTT_TEAM)
def index() -> ResponseReturnValue:
    """What was written without a name, of all answers together, to the team whose survey it is."""
    surveys = [(survey, queries.words_of(survey)) for survey in SURVEYS.values() if survey.read_by in roles_held()]
    return render_template("feedback/index.html", surveys=surveys)


@bp.route("/feedback/<public_id:ask_id>", methods=["GET", "POST"])
@signed_in
def answer(ask_id: str) -> ResponseReturnValue:
    one = get_object_or_404(queries.asked_of(signed_in_user()), FeedbackAsk.public_id == ask_id)
    if one.mentorship:
        back = url_for("mentorships.show", mentorship_id=one.mentorship.public_id)
    else:
        back = url_for("referrals.show", referral_id=one.referral.public_id)
    return pages.answer(one, url_for(".answer", ask_id=ask_id), back)


@bp.get("/referrals/<public_id:referral_id>/feedback")
@signed_in
def of_case(referral_id: str) -> ResponseReturnValue:
    """What the trainee of a case said with their name, for who reads its record; that they read it is kept (C9)."""
    me = signed_in_user()
    referral = get_object_or_404(referrals.visible_to(me), Referral.public_id == referral_id)
    if not record_access.reads_record(me, referral):
        abort(404)
    record_access.note_reading(referral, me, "feedback")
    return render_template("feedback/of_case.html", referral=referral, signed=queries.signed_of(referral))
