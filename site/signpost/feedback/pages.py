"""Answering a survey, signed in or by a personal link."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from models import AskState, FeedbackAsk, Referral
from signpost.feedback import actions, queries
from signpost.feedback.forms import WITH, WITHOUT, form_for
from signpost.feedback.surveys import SURVEYS
from signpost.web import form_page, see_other

HINTS = {
    WITHOUT: "It is kept apart from everything that names you. Nobody, not even an administrator, can tell that it is yours.",
    WITH: "Your counsellor reads it.",
}


def answer(one: FeedbackAsk, here: str, back: str) -> ResponseReturnValue:
    """The form; once it is sent, thanks."""
    survey = SURVEYS[one.survey]
    if one.state != AskState.OPEN:
        return render_template("feedback/answered.html", survey=survey, back=back)
    form = form_for(survey)
    if form.validate_on_submit():
        given = form.given()
        actions.give(one, given, with_name=given.get("name") == WITH)
        return see_other(here)
    return form_page("feedback/answer.html", form, survey=survey, here=here, back=back, hints=HINTS)


def asked_of_trainee(referral: Referral, token: str = "") -> list[dict[str, Any]]:
    """What the trainee of a case may answer, and where: for their page of it."""
    return [
        {
            "survey": SURVEYS[one.survey],
            "session": one.session,
            "href": url_for("linked_feedback.answer", token=token, ask_id=one.public_id)
            if token
            else url_for("feedback.answer", ask_id=one.public_id),
        }
        for one in queries.open_asks_of(referral)
    ]
