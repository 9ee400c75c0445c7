"""A review as each of those it concerns sees it, signed in or by a personal link."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from peewee import ModelSelect

from models import PersonalLink, Review, ReviewOutcome, Severity, SupportMeeting, User
from signpost import clock
from signpost.meetings.forms import MODE_NAMES
from signpost.notices import ledger
from signpost.progression import calls, further, outcomes, queries, standing, suggestions, words
from signpost.progression.queries import SCHOOL, SUPPORTED, Relation
from signpost.referrals.forms import ConfirmForm
from signpost.web import see_other

NAMES = {
    "outcome_names": words.OUTCOME_NAMES,
    "severity_names": words.SEVERITY_NAMES,
    "decision_names": words.DECISION_NAMES,
    "kind_names": words.KIND_NAMES,
    "present_names": words.PRESENT_NAMES,
    "follow_up_names": words.FOLLOW_UP_NAMES,
    "asked_names": words.ASKED_NAMES,
    "led_to_names": words.LED_TO_NAMES,
    "reported_names": words.REPORTED_NAMES,
    "withdrawn_names": words.WITHDRAWN_NAMES,
    "mode_names": MODE_NAMES,
}


@dataclass(frozen=True)
class Way:
    """How the pages are reached: signed in, or by the personal link whose token stands in the address."""

    by: User | PersonalLink
    token: str = ""

    def review(self, review: Review) -> str:
        if self.token:
            return url_for("progression_links.show", token=self.token)
        return url_for("progression.show", review_id=review.public_id)

    def meeting(self, support: SupportMeeting) -> str:
        if self.token:
            return url_for("progression_links.meeting", token=self.token, support_id=support.public_id)
        return url_for("support_meetings.show", support_id=support.public_id)

    def plan(self, review: Review) -> str:
        if self.token:
            return url_for("action_plan_links.show", token=self.token)
        return url_for("action_plans.show", review_id=review.public_id)

    def call_answer(self, review: Review) -> str:
        if self.token:
            return url_for("progression_links.answer_call", token=self.token)
        return url_for("support_calls.answer", review_id=review.public_id)


def review(review: Review, way: Way) -> ResponseReturnValue:
    """The trainee and the Training Officer read theirs in supportive words; the School sees what waits for it."""
    relations = queries.relations(way.by, review)
    is_school = bool(relations & SCHOOL)
    return render_template("progression/review.html", form=ConfirmForm(), **about(review, way, relations, is_school))


def about(review: Review, way: Way, relations: frozenset[Relation], is_school: bool) -> dict[str, Any]:
    issues = queries.issues_of(review)
    call = queries.call_of(review)
    return {
        "review": review,
        "way": way,
        "relations": relations,
        "is_team": Relation.TEAM in relations,
        "is_school": is_school,
        "is_trainee": Relation.TRAINEE in relations,
        "is_supported": bool(relations & SUPPORTED),
        "officer": queries.officer_of(review),
        "university": queries.university_of(review),
        "standing": standing.of([review])[review.id],
        "issues": issues,
        "suggested": suggestions.suggested(ReviewOutcome(review.outcome), [Severity(one.severity) for one in issues]),
        "changes": queries.outcome_changes_of(review) if is_school else [],
        "follow_ups": queries.follow_ups_of(review),
        "call": call,
        "call_meeting": queries.meeting_of(call) if call else None,
        "supports": [(one, queries.meeting_of(one)) for one in queries.support_meetings_of(review)],
        "open_call": queries.open_call_of(review),
        "open_meeting": queries.open_meeting_of(review),
        **after(review, relations, is_school),
        "messages": ledger.lines(queries.messages_of(review)) if Relation.TEAM in relations else [],
        **NAMES,
    }


def after(review: Review, relations: frozenset[Relation], is_school: bool) -> dict[str, Any]:
    """What came after the support meetings: the plan, a further review, and what was reported."""
    reports = queries.reports_of(review, is_school) if is_school or Relation.TRAINEE in relations else []
    return {
        "plan": queries.plan_of(review),
        "needed": queries.needed_after(review) if is_school else None,
        "reports": reports,
        "withdrawn": queries.withdrawals(reports),
        "may_report": bool(relations & further.DECIDING) and not review.is_closed,
    }


def answer_call(review: Review, way: Way) -> ResponseReturnValue:
    """The trainee, or the Training Officer, would like the support call; or it would not help (E3)."""
    call = queries.call_of(review) or abort(404)
    if ConfirmForm().validate_on_submit():
        (calls.decline if request.form.get("answer") == "declined" else calls.want)(call, way.by)
    return see_other(way.review(review))


def invited_to(mine: ModelSelect, way: Way) -> ResponseReturnValue:
    """For somebody from a university: the meetings they are invited to, and nothing of the review."""
    found = list(mine.order_by(SupportMeeting.id.desc()))
    return render_template(
        "progression/invited.html", supports=[(one, queries.meeting_of(one)) for one in found], way=way, **NAMES
    )


def meeting(support: SupportMeeting, way: Way) -> ResponseReturnValue:
    """A support meeting: when and how, who is there, and for how long each part is."""
    relations = queries.relations_to(way.by, support)
    return render_template("progression/meeting.html", form=ConfirmForm(), **about_meeting(support, way, relations))


def about_meeting(support: SupportMeeting, way: Way, relations: frozenset[Relation]) -> dict[str, Any]:
    """What every page about a support meeting shows."""
    reads_review = bool(relations - {Relation.UNIVERSITY})
    meeting = queries.meeting_of(support)
    is_open = support.held_at is None and support.called_off_at is None
    is_due = meeting is not None and meeting.begins_at <= clock.now() and queries.is_arranged(support)
    return {
        "support": support,
        "review": support.review if reads_review else None,
        "whose": queries.whose(support, relations),
        "way": way,
        "relations": relations,
        "is_team": Relation.TEAM in relations,
        "is_school": bool(relations & SCHOOL),
        "meeting": meeting,
        "is_arranged": queries.is_arranged(support),
        "may_say_held": is_open and is_due and bool(relations & {Relation.TEAM, Relation.CHAIR}),
        "attendees": queries.attendees_of(support),
        "segments": queries.segments_of(support),
        "is_open": is_open,
        "outcomes": queries.outcomes_of(support) if reads_review else [],
        "replaced": queries.replaced_outcomes_of(support) if relations & SCHOOL else [],
        "needs_further": outcomes.needs_further(support) if relations & SCHOOL else False,
        "may_decide": support.held_at is not None and bool(relations & {Relation.TEAM, Relation.CHAIR}),
        "plan": queries.plan_of(support.review) if reads_review else None,
        "waiting": queries.silent_in(support) if relations & SCHOOL else [],
        **NAMES,
    }
