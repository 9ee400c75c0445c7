"""What is counted, and that it is published once, after the period, and for good (C3)."""

from datetime import date
from itertools import pairwise

import pytest
from peewee import IntegrityError

from models import (
    AuditEntry,
    Ending,
    Event,
    MentorshipEnding,
    Mode,
    ReferrerKind,
    ReportFigure,
    ReportPeriod,
    ReviewOutcome,
    Setting,
    SupportKind,
    db,
)
from signpost import due
from signpost.reports import periods, publishing
from signpost.reports.figures import GROUPS, MEASURES, Counted, counts_of
from signpost.reports.periods import Period
from tests import factories
from tests.reports import happened
from tests.reports.happened import moment

SPRING = Period(date(2026, 4, 1), date(2026, 7, 1))


@pytest.fixture
def trust(app):
    return factories.an_employer("Weald Hospitals")


@pytest.fixture
def school(app):
    return factories.a_school("Medicine")


def counted(measure, period=SPRING):
    """The true counts of a table, without the rows that have none."""
    group = next(group for group in GROUPS if measure in {one.key for one in group.measures})
    return {row.name: row.count for row in counts_of(group, period)[measure] if row.count}


# What is counted


def test_referrals_are_counted_by_school_employer_and_kind(referrer, trust, school):
    other = factories.an_employer("Downs Trust")
    happened.referred(referrer, "2026-04-01T00:00", trust, school)
    happened.referred(referrer, "2026-06-30T23:59", trust, None, referrer_kind=ReferrerKind.DME)
    happened.referred(referrer, "2026-05-05T10:00", other, school)
    happened.referred(referrer, "2026-03-31T23:59", trust, school)
    happened.referred(referrer, "2026-07-01T00:00", trust, school)

    assert counted("referrals-by-school") == {"Medicine": 2, "Not known": 1}
    assert counted("referrals-by-employer") == {"Weald Hospitals": 2, "Downs Trust": 1}
    assert counted("referrals-by-referrer") == {"Training programme director": 2, "Director of medical education": 1}


def test_every_place_has_its_row_so_that_a_row_tells_nothing(trust, school):
    [group] = [group for group in GROUPS if group.key == "received"]
    rows = counts_of(group, SPRING)

    assert [row.name for row in rows["referrals-by-school"]] == ["Medicine", "Not known"]
    assert [row.name for row in rows["referrals-by-employer"]] == ["Weald Hospitals"]


def test_the_wait_for_a_counsellor_ends_with_the_first_assignment_that_was_not_undone(referrer, trust):
    one, two, three = (happened.referred(referrer, "2026-04-20T09:00", trust) for _ in range(3))
    happened.assigned(one, "2026-04-21T09:00", undone=True)
    happened.assigned(one, "2026-04-30T09:00")
    happened.assigned(one, "2026-06-20T09:00")  # another counsellor later
    happened.assigned(two, "2026-04-27T23:00")
    happened.assigned(three, "2026-07-01T09:00")

    assert counted("wait-for-a-counsellor") == {"Up to 7 days": 1, "8 to 14 days": 1}


def test_the_wait_for_a_first_meeting_ends_with_the_first_that_was_held(referrer, trust, counsellor):
    one, two = (happened.referred(referrer, "2026-03-20T09:00", trust) for _ in range(2))
    happened.met(one, counsellor, "2026-03-25T09:00", held=False)
    happened.met(one, counsellor, "2026-04-10T09:00", Mode.FACE_TO_FACE)
    happened.met(one, counsellor, "2026-05-10T09:00")
    happened.met(two, counsellor, "2026-03-30T09:00")
    happened.met(two, counsellor, "2026-05-30T09:00", Mode.TEAMS)
    happened.met(None, counsellor, "2026-05-30T09:00", Mode.TEAMS)  # no careers session

    assert counted("wait-for-a-first-meeting") == {"15 to 28 days": 1}
    assert counted("sessions-by-mode") == {"Face to face": 1, "By telephone": 1, "By Microsoft Teams": 1}


def test_completion_and_early_endings_are_counted_apart(referrer, trust):
    one, two, three = (happened.referred(referrer, "2026-03-20T09:00", trust) for _ in range(3))
    happened.completed(one, "2026-06-20T09:00")
    happened.closed(one, "2026-06-25T09:00", Ending.COMPLETE)
    happened.closed(two, "2026-06-25T09:00", Ending.DECLINED)
    happened.closed(three, "2026-07-25T09:00", Ending.DECLINED)

    assert counted("time-to-completion") == {"14 to 26 weeks": 1}
    assert counted("early-endings") == {"Declined by the trainee": 1}


def test_answers_count_with_and_without_a_name(referrer, trust):
    one = happened.referred(referrer, "2026-03-20T09:00", trust)
    happened.answered(one, "2026-04-20T09:00", "yes", with_name=True)
    happened.answered(one, "2026-06-20T09:00", "yes", with_name=False)
    happened.answered(one, "2026-06-20T09:00", "no", with_name=False)
    happened.answered(one, "2026-07-20T09:00", "no", with_name=False)

    assert counted("further-on") == {"Yes": 2, "Not at the moment": 1}


def test_mentoring_is_counted_from_the_asking_to_the_end(trust):
    mentor = factories.a_mentor()
    one, two = happened.interested("2026-04-01T09:00", trust), happened.interested("2026-05-01T09:00")
    happened.interested("2026-07-01T00:00", trust)
    first = happened.introduced(one, mentor, "2026-04-11T09:00")
    happened.mentoring_ended(first, "2026-05-20T09:00", MentorshipEnding.NOT_WORKING)
    again = happened.introduced(one, mentor, "2026-06-01T09:00")
    happened.introduced(two, mentor, "2026-05-20T09:00")
    happened.mentoring_ended(again, "2026-07-02T09:00", MentorshipEnding.TIME_UP)
    happened.mentoring_answered("2026-06-01T09:00", "well", "not")
    happened.mentoring_answered("2026-07-01T09:00", "little", "not")

    assert counted("mentor-interest-by-employer") == {"Weald Hospitals": 1, "Not known": 1}
    assert counted("wait-for-a-mentor") == {"Up to 14 days": 1, "15 to 28 days": 1, "Over 56 days": 1}
    assert counted("mentoring-endings") == {"Another arrangement": 1}
    assert counted("mentoring-used") == {"Well": 1}
    assert counted("mentoring-useful") == {"Not useful this time": 1}


def test_progression_is_counted_by_outcome_and_by_the_first_meeting_that_was_held(referrer):
    one = happened.reviewed(referrer, "2026-04-01T09:00", ReviewOutcome.THREE)
    two = happened.reviewed(referrer, "2026-03-01T09:00", ReviewOutcome.THREE)
    happened.reviewed(referrer, "2026-06-30T09:00", ReviewOutcome.TWO)
    happened.supported(one, "2026-04-29T09:00")
    happened.supported(one, "2026-06-29T09:00", SupportKind.FULL)
    happened.supported(two, "2026-03-29T09:00")
    happened.supported(two, "2026-05-29T09:00", SupportKind.FULL)

    assert counted("reviews-by-outcome") == {"Outcome 2": 1, "Outcome 3": 1}
    assert counted("wait-for-a-support-meeting") == {"Up to 28 days": 1}
    assert counted("support-meetings-by-kind") == {"Triage meeting": 1}


def test_the_tables_of_a_group_have_one_total(referrer, trust, school, counsellor):
    for number in range(9):
        one = happened.referred(referrer, "2026-05-01T09:00", trust, school if number % 2 else None)
        happened.met(one, counsellor, "2026-05-20T09:00")
    for group in GROUPS:
        assert len({sum(row.count for row in rows) for rows in counts_of(group, SPRING).values()}) == 1, group.name


# Publishing


def test_a_period_is_published_once_some_days_after_its_end(referrer, trust):
    for _ in range(9):
        happened.referred(referrer, "2026-05-01T09:00", trust)

    assert due.run(moment("2026-07-14T23:59"))["figures published"] == 0
    assert due.run(moment("2026-07-15T00:00"))["figures published"] == 1
    assert [due.run(moment("2026-07-15T00:00"))["figures published"] for _ in range(3)] == [0, 0, 0]
    assert [(row.begins_on, row.ends_on, row.least) for row in ReportPeriod.select()] == [
        (date(2026, 4, 1), date(2026, 7, 1), 8)
    ]
    shown = ReportFigure.select().where(ReportFigure.measure == "referrals-by-employer").order_by(ReportFigure.position)
    assert [(row.name, row.shown) for row in shown] == [("All", 10), ("Weald Hospitals", 10)]
    assert Event.select().where(Event.name == "report.published").count() == 1
    assert AuditEntry.select().where(AuditEntry.action == "report.published").count() == 1


def test_a_late_pass_publishes_every_period_that_is_over_and_none_twice(referrer, trust):
    happened.referred(referrer, "2025-11-05T09:00", trust)

    assert publishing.publish(moment("2026-11-22T12:00")) == 4
    found = list(ReportPeriod.select().order_by(ReportPeriod.begins_on))
    assert [row.begins_on for row in found] == [
        date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1),
    ]  # fmt: skip
    assert all(one.ends_on == two.begins_on for one, two in pairwise(found))


def test_before_the_first_referral_nothing_is_published(app):
    assert publishing.publish(moment("2026-11-22T12:00")) == 0
    assert publishing.upcoming() is None


def test_what_is_corrected_later_changes_no_figure(referrer, trust):
    rows = [happened.referred(referrer, "2026-05-01T09:00", trust) for _ in range(12)]
    publishing.publish(moment("2026-08-01T12:00"))
    before = list(ReportFigure.select().order_by(ReportFigure.id).tuples())
    happened.closed(rows[0], "2026-05-02T09:00", Ending.DUPLICATE)
    happened.referred(referrer, "2026-05-03T09:00", trust)
    rows[1].delete_instance()

    assert publishing.publish(moment("2026-08-02T12:00")) == 0
    assert list(ReportFigure.select().order_by(ReportFigure.id).tuples()) == before


def test_true_numbers_are_kept_nowhere(referrer, trust, school):
    """The table takes no number that is not rounded."""
    for number in range(23):
        happened.referred(referrer, "2026-05-01T09:00", trust, school if number < 3 else None)
    publishing.publish(moment("2026-08-01T12:00"))

    assert all(row.shown is None or row.shown % 5 == 0 for row in ReportFigure.select())
    period = ReportPeriod.get()
    for number in (3, 23, -5):
        with pytest.raises(IntegrityError), db.atomic():
            ReportFigure.create(period=period, measure="x", position=0, row=str(number), name="x", shown=number)


def test_no_two_periods_begin_or_end_on_the_same_day(app):
    usual = {"least": 8, "published_at": moment("2026-08-01T12:00")}
    ReportPeriod.create(begins_on=SPRING.begins_on, ends_on=SPRING.ends_on, **usual)
    for begins, ends in ((date(2026, 4, 1), date(2027, 4, 1)), (date(2025, 4, 1), date(2026, 7, 1))):
        with pytest.raises(IntegrityError), db.atomic():
            ReportPeriod.create(begins_on=begins, ends_on=ends, **usual)


def test_years_are_published_where_the_organisation_wants_years_and_never_over_quarters(referrer, trust):
    happened.referred(referrer, "2025-11-05T09:00", trust)
    publishing.publish(moment("2026-02-01T12:00"))
    Setting.create(name="report_by_year", value="1")

    assert publishing.publish(moment("2027-05-01T12:00")) == 2
    assert [(row.begins_on, row.ends_on) for row in ReportPeriod.select().order_by(ReportPeriod.begins_on)] == [
        (date(2025, 10, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 4, 1), date(2027, 4, 1)),
    ]


def test_the_smallest_number_is_the_organisation_s_and_kept_with_the_period(referrer, trust):
    Setting.create(name="smallest_number", value="20")
    for _ in range(15):
        happened.referred(referrer, "2026-05-01T09:00", trust)
    publishing.publish(moment("2026-08-01T12:00"))

    assert ReportPeriod.get().least == 20
    assert (
        not ReportFigure.select()
        .where((ReportFigure.measure == "referrals-by-employer") & ~ReportFigure.shown.is_null())
        .exists()
    )


def publish(period, **totals):
    """Publish a period in which each group has so many, all in its first row."""
    counts = {}
    for group in GROUPS:
        number = totals.get(group.key, 0)
        counts |= {one.key: [Counted("a", "A", number), Counted("b", "B", 0)] for one in group.measures}
    with db.atomic():
        publishing.publish_period(period, counts)


def test_what_came_later_is_hidden_where_it_would_narrow_what_came_before(app):
    """At most 24 referrals in all: 18 assigned now, or more, would mean that 6 at most were assigned before."""
    publish(SPRING, received=12, assigned=1)
    publish(periods.after(SPRING.ends_on, 3), received=12, assigned=22)

    shown = [row.shown for row in ReportFigure.select().where(ReportFigure.measure == "wait-for-a-counsellor")]
    assert shown == [None] * 6
    publish(periods.after(date(2026, 10, 1), 3), received=30, assigned=20)
    last = ReportPeriod.select().order_by(ReportPeriod.id.desc()).first()
    assert [row.shown for row in last.figures.where(ReportFigure.measure == "wait-for-a-counsellor")] == [20, 20, 0]


def test_every_measure_has_an_address_and_words_of_its_own():
    assert len(MEASURES) == sum(len(group.measures) for group in GROUPS)
    assert len({measure.title for measure in MEASURES.values()}) == len(MEASURES)
    assert all(len(key) <= 40 for key in MEASURES)
