"""What is counted in a period: groups of tables, each group counting the same people or meetings. True numbers: see
`publishing` for what becomes of them.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from models import (
    REFERRER_KIND_NAMES,
    Assignment,
    Attendance,
    Completion,
    Employer,
    Ending,
    FeedbackAnswer,
    FeedbackAsk,
    FeedbackNamed,
    Meeting,
    Mentorship,
    MentorshipEnding,
    Mode,
    Referral,
    Returner,
    Review,
    ReviewOutcome,
    School,
    SupportKind,
    SupportMeeting,
)
from signpost import clock
from signpost.feedback.surveys import FURTHER_ON, MENTORING, Survey
from signpost.reports.periods import Period

ALL = "all"
NOT_KNOWN = "not_known"
MORE = 10**6

# Days that somebody waited, at most, and the words for it.
Bands = tuple[tuple[int, str], ...]
UNTIL_COUNSELLOR: Bands = ((7, "Up to 7 days"), (14, "8 to 14 days"), (28, "15 to 28 days"), (MORE, "Over 28 days"))
UNTIL_MEETING: Bands = ((14, "Up to 14 days"), (28, "15 to 28 days"), (56, "29 to 56 days"), (MORE, "Over 56 days"))
UNTIL_COMPLETE: Bands = (
    (91, "Up to 13 weeks"),
    (182, "14 to 26 weeks"),
    (273, "27 to 39 weeks"),
    (MORE, "Over 39 weeks"),
)

UNTIL_MENTOR: Bands = ((14, "Up to 14 days"), (28, "15 to 28 days"), (56, "29 to 56 days"), (MORE, "Over 56 days"))
UNTIL_SUPPORT: Bands = ((28, "Up to 28 days"), (42, "29 to 42 days"), (56, "43 to 56 days"), (MORE, "Over 56 days"))

MODES = {Mode.FACE_TO_FACE: "Face to face", Mode.TELEPHONE: "By telephone", Mode.TEAMS: "By Microsoft Teams"}
EARLY_ENDINGS = {
    Ending.DECLINED: "Declined by the trainee",
    Ending.WITHDRAWN: "Withdrawn by the referrer",
    Ending.DUPLICATE: "Duplicate",
    Ending.UNABLE_TO_CONTACT: "Unable to contact",
    Ending.LEFT_PROGRAMME: "Left the programme",
    Ending.WITHDREW_PART_WAY: "Withdrew part-way",
}


MENTORING_ENDINGS = {
    MentorshipEnding.TIME_UP: "In time",
    MentorshipEnding.EARLY: "Earlier, complete",
    MentorshipEnding.NOT_WORKING: "Another arrangement",
    MentorshipEnding.MENTOR_LEFT: "The mentor left",
}
REVIEW_OUTCOMES = {
    ReviewOutcome.ONE: "Outcome 1",
    ReviewOutcome.TWO: "Outcome 2",
    ReviewOutcome.THREE: "Outcome 3",
    ReviewOutcome.OTHER: "Another outcome",
}
SUPPORT_KINDS = {SupportKind.TRIAGE: "Triage meeting", SupportKind.FULL: "Full support meeting"}


@dataclass(frozen=True)
class Counted:
    """One row of a table: its key, which stays, its words, and how many."""

    row: str
    name: str
    count: int


Count = Callable[[datetime, datetime], list[Counted]]


@dataclass(frozen=True)
class Measure:
    """One table. `key` stands in its address, `by` over its first column."""

    key: str
    title: str
    by: str
    count: Count


@dataclass(frozen=True)
class Group:
    """Tables that count the same people or meetings, each in its own way: so all have the same total."""

    key: str
    name: str
    about: str
    measures: tuple[Measure, ...]


def counts_of(group: Group, period: Period) -> dict[str, list[Counted]]:
    """The true counts of a group in a period, by the keys of its tables."""
    begins, ends = clock.start_of(period.begins_on), clock.start_of(period.ends_on)
    return {measure.key: measure.count(begins, ends) for measure in group.measures}


# Referrals


def _received(begins: datetime, ends: datetime) -> Any:
    return (Referral.referred_at >= begins) & (Referral.referred_at < ends)


def _grouped(column: Any, begins: datetime, ends: datetime) -> dict[Any, int]:
    query = Referral.select(column, fn.COUNT(Referral.id)).where(_received(begins, ends)).group_by(column)
    return dict(query.tuples())


def _by_place(table: type[School] | type[Employer], column: Any) -> Count:
    """Every place there is has its row, so that a row tells nothing."""

    def count(begins: datetime, ends: datetime) -> list[Counted]:
        found = _grouped(column, begins, ends)
        rows = [Counted(one.public_id, one.name, found.get(one.id, 0)) for one in table.select().order_by(table.name)]
        if column.null:
            rows.append(Counted(NOT_KNOWN, "Not known", found.get(None, 0)))
        return rows

    return count


def _by_kind(begins: datetime, ends: datetime) -> list[Counted]:
    found = _grouped(Referral.referrer_kind, begins, ends)
    return [Counted(kind, _capital(name), found.get(kind, 0)) for kind, name in REFERRER_KIND_NAMES.items()]


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _by_ending(begins: datetime, ends: datetime) -> list[Counted]:
    """Without those that were complete: they are counted as such, and would tie two groups together."""
    closed = (Referral.closed_at >= begins) & (Referral.closed_at < ends) & (Referral.ending != Ending.COMPLETE)
    query = Referral.select(Referral.ending, fn.COUNT(Referral.id)).where(closed).group_by(Referral.ending)
    found = dict(query.tuples())
    return [Counted(ending, name, found.get(ending, 0)) for ending, name in EARLY_ENDINGS.items()]


# Waits


def _in_bands(waits: Iterable[tuple[datetime, datetime]], bands: Bands) -> list[Counted]:
    """How many waited how many days, by the calendar in London."""
    found: Counter[int] = Counter()
    for first, last in waits:
        days = (clock.to_london(last).date() - clock.to_london(first).date()).days
        found[next(most for most, _ in bands if days <= most)] += 1
    return [Counted(f"to_{most}", words, found[most]) for most, words in bands]


def _first(moment: Any, table: Any, where: Any, begins: datetime, ends: datetime) -> Any:
    """For each referral whose first such moment lies in the period: when it was made, and that moment."""
    first = fn.MIN(moment)
    return (
        Referral.select(Referral.referred_at, first)
        .join(table)
        .where(where)
        .group_by(Referral.id, Referral.referred_at)
        .having((first >= begins) & (first < ends))
        .tuples()
    )


def _until_counsellor(begins: datetime, ends: datetime) -> list[Counted]:
    counts = Assignment.undone_at.is_null()
    return _in_bands(_first(Assignment.assigned_at, Assignment, counts, begins, ends), UNTIL_COUNSELLOR)


def _until_meeting(begins: datetime, ends: datetime) -> list[Counted]:
    held = Meeting.attendance == Attendance.HELD
    return _in_bands(_first(Meeting.begins_at, Meeting, held, begins, ends), UNTIL_MEETING)


def _until_complete(begins: datetime, ends: datetime) -> list[Counted]:
    completed = (Completion.completed_at >= begins) & (Completion.completed_at < ends)
    waits = Referral.select(Referral.referred_at, Completion.completed_at).join(Completion).where(completed)
    return _in_bands(waits.tuples(), UNTIL_COMPLETE)


# Sessions and what was thought of them


def _by_mode(begins: datetime, ends: datetime) -> list[Counted]:
    held = (Meeting.attendance == Attendance.HELD) & Meeting.referral.is_null(False)
    held &= (Meeting.begins_at >= begins) & (Meeting.begins_at < ends)
    found = dict(Meeting.select(Meeting.mode, fn.COUNT(Meeting.id)).where(held).group_by(Meeting.mode).tuples())
    return [Counted(mode, name, found.get(mode, 0)) for mode, name in MODES.items()]


def _answers(survey: Survey, number: int) -> Count:
    """What was answered to the question of this number, with and without a name together. Answers without one count in
    the month in which they left the box.
    """
    question = survey.questions[number]

    def count(begins: datetime, ends: datetime) -> list[Counted]:
        first, last = clock.to_london(begins).date(), clock.to_london(ends).date()
        months = (FeedbackAnswer.month >= first) & (FeedbackAnswer.month < last)
        unnamed = FeedbackAnswer.select().where(months & (FeedbackAnswer.survey == survey.name))
        given = (FeedbackNamed.given_at >= begins) & (FeedbackNamed.given_at < ends)
        named = FeedbackNamed.select().join(FeedbackAsk).where(given & (FeedbackAsk.survey == survey.name))
        found = Counter(json.loads(row.answers_json)[question.name] for query in (unnamed, named) for row in query)
        return [Counted(value, words, found[value]) for value, words in question.choices]

    return count


# Mentoring


def _interest_by_employer(begins: datetime, ends: datetime) -> list[Counted]:
    asked = (Returner.interested_at >= begins) & (Returner.interested_at < ends)
    query = Returner.select(Returner.employer, fn.COUNT(Returner.id)).where(asked).group_by(Returner.employer)
    found = dict(query.tuples())
    rows = [Counted(one.public_id, one.name, found.get(one.id, 0)) for one in Employer.select().order_by(Employer.name)]
    return [*rows, Counted(NOT_KNOWN, "Not known", found.get(None, 0))]


def _until_mentor(begins: datetime, ends: datetime) -> list[Counted]:
    """Of every introduction: somebody whose mentor could not go on waits again, and is counted again."""
    made = (Mentorship.introduced_at >= begins) & (Mentorship.introduced_at < ends)
    waits = Mentorship.select(Returner.interested_at, Mentorship.introduced_at).join(Returner).where(made)
    return _in_bands(waits.tuples(), UNTIL_MENTOR)


def _by_mentoring_end(begins: datetime, ends: datetime) -> list[Counted]:
    ended = (Mentorship.ended_at >= begins) & (Mentorship.ended_at < ends)
    query = Mentorship.select(Mentorship.ending, fn.COUNT(Mentorship.id)).where(ended).group_by(Mentorship.ending)
    found = dict(query.tuples())
    return [Counted(ending, name, found.get(ending, 0)) for ending, name in MENTORING_ENDINGS.items()]


# Progression


def _by_outcome(begins: datetime, ends: datetime) -> list[Counted]:
    first, last = clock.to_london(begins).date(), clock.to_london(ends).date()
    given = (Review.outcome_on >= first) & (Review.outcome_on < last)
    found = dict(Review.select(Review.outcome, fn.COUNT(Review.id)).where(given).group_by(Review.outcome).tuples())
    return [Counted(outcome, name, found.get(outcome, 0)) for outcome, name in REVIEW_OUTCOMES.items()]


def _first_held(begins: datetime, ends: datetime) -> Any:
    """For each review whose first support meeting was held in the period: the day of its outcome, when, and which kind."""
    first = SupportMeeting.select(fn.MIN(SupportMeeting.held_at)).where(SupportMeeting.review == Review.id)
    within = (SupportMeeting.held_at >= begins) & (SupportMeeting.held_at < ends) & (SupportMeeting.held_at == first)
    return (
        SupportMeeting.select(Review.outcome_on, SupportMeeting.held_at, SupportMeeting.kind)
        .join(Review)
        .where(within)
        .tuples()
    )


def _until_support(begins: datetime, ends: datetime) -> list[Counted]:
    waits = [(clock.start_of(outcome_on), held_at) for outcome_on, held_at, _ in _first_held(begins, ends)]
    return _in_bands(waits, UNTIL_SUPPORT)


def _by_support_kind(begins: datetime, ends: datetime) -> list[Counted]:
    found = Counter(kind for _, _, kind in _first_held(begins, ends))
    return [Counted(kind, name, found[kind]) for kind, name in SUPPORT_KINDS.items()]


GROUPS = (
    Group("received", "Referrals received", "Referrals that were made in the period.", (
        Measure("referrals-by-school", "Referrals by school", "School", _by_place(School, Referral.school)),
        Measure("referrals-by-employer", "Referrals by employer", "Employer", _by_place(Employer, Referral.employer)),
        Measure("referrals-by-referrer", "Referrals by kind of referrer", "Referrer", _by_kind),
    )),
    Group("assigned", "Trainees given a counsellor", "Referrals that were first assigned in the period.", (
        Measure("wait-for-a-counsellor", "Wait from referral to a counsellor", "Wait", _until_counsellor),
    )),
    Group("met", "First meetings held", "Trainees whose first session was held in the period.", (
        Measure("wait-for-a-first-meeting", "Wait from referral to the first meeting", "Wait", _until_meeting),
    )),
    Group("sessions", "Sessions held", "Every session that was held in the period, first ones included.", (
        Measure("sessions-by-mode", "Sessions by mode", "Mode", _by_mode),
    )),
    Group("completed", "Agreed sessions complete", "Trainees whose agreed sessions became complete in the period.", (
        Measure("time-to-completion", "Time from referral to completion", "Time", _until_complete),
    )),
    Group("ended_early", "Referrals ended early", "Referrals closed in the period before the agreed sessions were complete.", (
        Measure("early-endings", "Referrals ended early, by reason", "Reason", _by_ending),
    )),
    Group("answers", "Answers about sessions", "Answers to “Do you feel further on?”, with and without a name.", (
        Measure("further-on", "Whether trainees feel further on", "Answer", _answers(FURTHER_ON, 0)),
    )),
    Group("mentor_interest", "Returners who asked for a mentor", "Returns to training for which a mentor was asked for in the period.", (
        Measure("mentor-interest-by-employer", "Returners who asked for a mentor, by employer", "Employer", _interest_by_employer),
    )),
    Group("introduced", "Introductions of mentors", "Every introduction that was made in the period.", (
        Measure("wait-for-a-mentor", "Wait from asking for a mentor to an introduction", "Wait", _until_mentor),
    )),
    Group("mentoring_ended", "Mentoring ended", "Every mentoring that ended in the period.", (
        Measure("mentoring-endings", "Mentoring ended, by how", "How it ended", _by_mentoring_end),
    )),
    Group("mentoring_answers", "Answers about mentoring", "Answers of returners and mentors, all without a name.", (
        Measure("mentoring-used", "How well mentoring was used", "Answer", _answers(MENTORING, 0)),
        Measure("mentoring-useful", "How useful mentoring was", "Answer", _answers(MENTORING, 1)),
    )),
    Group("reviews", "Reviews of progression", "Reviews whose outcome is of the period.", (
        Measure("reviews-by-outcome", "Reviews of progression by outcome", "Outcome", _by_outcome),
    )),
    Group("supported", "First support meetings held", "Trainees whose first support meeting after a review was held in the period.", (
        Measure("wait-for-a-support-meeting", "Wait from the outcome to the first support meeting", "Wait", _until_support),
        Measure("support-meetings-by-kind", "First support meetings by kind", "Kind", _by_support_kind),
    )),
)  # fmt: skip

# Of what came before there is always at least as much as of what can only follow it.
FOLLOWS = (
    ("received", ("assigned",)),
    ("assigned", ("met",)),
    ("met", ("completed",)),
    ("received", ("completed", "ended_early")),
    ("sessions", ("answers",)),
    ("introduced", ("mentoring_ended",)),
    ("reviews", ("supported",)),
)

MEASURES = {measure.key: measure for group in GROUPS for measure in group.measures}
GROUP_OF = {measure.key: group for group in GROUPS for measure in group.measures}
