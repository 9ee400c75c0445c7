"""Any order of acts after a support meeting, and any days between: people decide, nobody is punished by a clock (G3)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from models import (
    LedTo,
    Notice,
    NoticeRecipient,
    Objective,
    ObjectiveState,
    Plan,
    ProgressionReport,
    ReportedTo,
    Review,
    ReviewNeeded,
    ReviewOutcome,
    Role,
    SupportDecision,
    SupportMeeting,
    SupportOutcome,
    User,
    db,
)
from signpost import clock, database, due
from signpost.config import running
from signpost.plans import actions as tasks
from signpost.progression import action_plans, further, outcomes, queries, reviews, support_meetings
from signpost.progression.further import Wanted
from signpost.progression.outcomes import Chosen
from signpost.progression.queries import Relation
from signpost.progression.stand_in import Named
from tests import factories
from tests.smtp_server import Mailbox
from tests.state.test_the_journey import EXAMPLES, STEPS, Journey

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)
PANEL = Named("Pia Panel", "panel@school.example")
FULL_ONLY = (LedTo.SCHOOL_SERVICES, LedTo.SCHOOL_POLICIES, LedTo.EMPLOYER_POLICIES)
KINDS = st.lists(st.sampled_from(LedTo), max_size=3)
WHO = st.sampled_from(("team", "colleague", "chair", "trainee", "officer", "stranger"))
SECRET = "SECRETWORDS"


class Following(RuleBasedStateMachine):
    """One review after its triage meeting. What the rules refuse is refused with words, and changes nothing."""

    app: Flask
    mailbox: Mailbox
    make_database: Callable[[], str]
    steps = 0
    refused = 0

    attempt = Journey.attempt
    audited = Journey.every_event_is_in_the_audit_and_the_audit_holds
    told_once = Journey.everyone_told_is_told_by_a_rule_and_once

    def __init__(self) -> None:
        super().__init__()
        db.close()
        database.open_database(self.make_database())
        db.connect()
        running().audit_anchor.unlink(missing_ok=True)
        clock.set_to(MONDAY)
        self.mailbox.forget()
        self.opened = 0

    @initialize()
    def meet(self) -> None:
        roles = {
            "team": Role.PROGRESSION, "colleague": Role.PROGRESSION, "chair": Role.MEETING_CHAIR, "trainee": Role.TRAINEE,
            "officer": Role.TRAINING_OFFICER, "stranger": Role.MEETING_CHAIR,
        }  # fmt: skip
        self.people: dict[str, User] = {name: factories.a_user(role) for name, role in roles.items()}
        team = self.people["team"]
        issues = [reviews.Issue(reviews.Severity.MAJOR, False, SECRET)]
        review = factories.a_review(team, self.people["trainee"], self.people["officer"], issues=issues)
        reviews.decide(review, SupportDecision.TRIAGE, team, review.version)
        begins = clock.now() + timedelta(hours=1)
        support = factories.a_support_meeting(review, self.people["chair"], team, begins)
        clock.set_to(begins + timedelta(hours=1))
        support_meetings.held(support, team)
        self.review_id, self.support_id = review.id, support.id

    @property
    def review(self) -> Review:
        return Review.get_by_id(self.review_id)

    @property
    def support(self) -> SupportMeeting:
        return SupportMeeting.get_by_id(self.support_id)

    def chosen(self, kinds: list[LedTo], days: int) -> list[Chosen]:
        look_on = clock.today() + timedelta(days=days)
        return [
            Chosen(kind, SECRET if kind in FULL_ONLY else "", look_on if kind == LedTo.DESKTOP_REVIEW else None)
            for kind in kinds
        ]

    # What people do

    @rule(kinds=KINDS, days=st.integers(-1, 20))
    def decide(self, kinds: list[LedTo], days: int) -> None:
        by, taker = self.people["chair"], self.people["colleague"]
        self.attempt(lambda: outcomes.decide(self.support, self.chosen(kinds, days), by, taker))

    @rule(kinds=KINDS, why=st.sampled_from(("", SECRET)))
    def change(self, kinds: list[LedTo], why: str) -> None:
        by, taker = self.people["team"], self.people["colleague"]
        self.attempt(lambda: outcomes.change_to(self.support, self.chosen(kinds, 9), why, by, taker))

    @rule()
    def open_a_plan(self) -> None:
        """What most of these lives begin with."""
        self.attempt(lambda: outcomes.decide(self.support, [Chosen(LedTo.ACTION_PLAN)], self.people["team"]))

    def plan(self) -> Plan | None:
        return queries.plan_of(self.review)

    def objectives(self) -> list[Objective]:
        plan = self.plan()
        return list(plan.objectives.where(Objective.removed_at.is_null())) if plan else []

    @rule(who=WHO, days=st.integers(-1, 40))
    def add(self, who: str, days: int) -> None:
        if plan := self.plan():
            due_on = clock.today() + timedelta(days=days)
            self.attempt(lambda: action_plans.add(plan, f"{SECRET} {days}", due_on, self.people[who]))

    @rule(who=WHO, days=st.integers(0, 60))
    def agree(self, who: str, days: int) -> None:
        if plan := self.plan():
            self.attempt(lambda: action_plans.agree(plan, clock.today() + timedelta(days=days), self.people[who]))

    @rule(who=WHO, state=st.sampled_from(ObjectiveState))
    def say(self, who: str, state: ObjectiveState) -> None:
        for one in self.objectives():
            self.attempt(partial(action_plans.say, one, state, self.people[who]))

    @rule(who=WHO)
    def move(self, who: str) -> None:
        for one in self.objectives()[:1]:
            day = one.due_on + timedelta(days=3)
            self.attempt(lambda: action_plans.move(one, day, SECRET, self.people[who]))  # noqa: B023  called at once

    @rule(who=st.sampled_from(("trainee", "officer", "team")))
    def comment(self, who: str) -> None:
        for one in self.objectives()[:1]:
            self.attempt(partial(tasks.comment, one, SECRET, self.people[who]))

    @rule(who=WHO)
    def look(self, who: str) -> None:
        if plan := self.plan():
            self.attempt(lambda: action_plans.reviewed(plan, clock.today() + timedelta(days=30), self.people[who]))

    @rule(days=st.integers(0, 30))
    def time_passes(self, days: int) -> None:
        clock.set_to(clock.now() + timedelta(days=days, hours=1))
        before = Review.select().count(), ProgressionReport.select().count(), SupportMeeting.select().count()
        due.run(clock.now())
        assert before == (Review.select().count(), ProgressionReport.select().count(), SupportMeeting.select().count())

    @rule(who=WHO, opens=st.booleans())
    def settle(self, who: str, opens: bool) -> None:
        needed = queries.needed_after(self.review)
        if needed is None:
            return
        by = self.people[who]
        if opens:
            self.attempt(lambda: further.open_one(needed, lambda: self.another(by), by))
            self.opened = Review.select().where(Review.earlier == self.review_id).count()
        else:
            self.attempt(lambda: further.settle(needed, SECRET, by, needed.version))

    def another(self, by: User) -> Review:
        trainee = self.people["trainee"]
        details = reviews.Details(Named(trainee.name, trainee.email), "Genomics", None, None)
        return reviews.record_review(
            details, ReviewOutcome.THREE, clock.today(), None, None, [], by, earlier=self.review
        )

    @rule(who=WHO, to=st.sampled_from(ReportedTo))
    def ask(self, who: str, to: ReportedTo) -> None:
        wanted = Wanted(to, PANEL, SECRET, SECRET)
        self.attempt(lambda: further.ask(self.review, wanted, self.people[who]))

    @rule(who=WHO, agrees=st.booleans())
    def judge(self, who: str, agrees: bool) -> None:
        for report in ProgressionReport.select():
            self.attempt(partial(further.judge, report, agrees, self.people[who]))

    @rule(who=WHO)
    def send(self, who: str) -> None:
        for report in ProgressionReport.select():
            self.attempt(partial(further.send, report, self.people[who]))

    @rule(who=WHO, why=st.sampled_from(further.WhyWithdrawn))
    def withdraw(self, who: str, why: further.WhyWithdrawn) -> None:
        for report in ProgressionReport.select():
            self.attempt(partial(further.withdraw, report, why, self.people[who]))

    @rule()
    def close_or_reopen(self) -> None:
        review = self.review
        act = reviews.reopen if review.is_closed else reviews.close
        self.attempt(lambda: act(review, self.people["team"], review.version))

    # What holds whatever they did

    @invariant()
    def no_further_action_stands_alone(self) -> None:
        kinds = [one.kind for one in queries.outcomes_of(self.support)]
        assert len(kinds) == len(set(kinds))
        assert LedTo.NO_FURTHER_ACTION not in kinds or len(kinds) == 1
        assert not set(kinds) & set(FULL_ONLY)

    @invariant()
    def what_stood_before_is_kept_with_why(self) -> None:
        for one in SupportOutcome.select().where(SupportOutcome.replaced_at.is_null(False)):
            assert one.why_replaced == SECRET

    @invariant()
    def one_support_meeting_at_most_is_under_way(self) -> None:
        open_ones = SupportMeeting.held_at.is_null() & SupportMeeting.called_off_at.is_null()
        assert SupportMeeting.select().where(open_ones).count() <= 1

    @invariant()
    def only_people_open_reviews(self) -> None:
        assert Review.select().count() == 1 + self.opened
        assert ReviewNeeded.select().where(ReviewNeeded.opened.is_null(False)).count() == self.opened

    @invariant()
    def a_report_needs_two_of_the_school_and_the_trainee_is_told_first(self) -> None:
        school = {self.people[name].id for name in ("team", "colleague", "chair")}
        told = _recipients("report_told")
        for report in ProgressionReport.select():
            assert report.asked_by_id in school
            if report.sent_at is not None:
                assert report.second_id in school - {report.asked_by_id}
                assert report.told_at <= report.sent_at
        agreed = ProgressionReport.select().where(ProgressionReport.told_at.is_null(False)).count()
        withdrawn = queries.withdrawals(ProgressionReport.select())
        assert told == [self.people["trainee"].email] * (agreed + len(withdrawn))
        assert not [one for one in ProgressionReport.select() if one.id in withdrawn and one.sent_at is not None]
        sent = ProgressionReport.select().where(ProgressionReport.sent_at.is_null(False)).count()
        assert _recipients("progression_report") == [PANEL.email] * sent

    @invariant()
    def no_letter_says_a_word_of_it_or_goes_to_a_stranger(self) -> None:
        assert not [one for one in Notice.select() if SECRET in one.text + one.subject]
        known = {person.email for name, person in self.people.items() if name != "stranger"} | {PANEL.email}
        assert {one.address for one in NoticeRecipient.select()} <= known

    @invariant()
    def a_stranger_is_nothing_to_it(self) -> None:
        assert queries.relations(self.people["stranger"], self.review) == frozenset()
        assert queries.relations(self.people["trainee"], self.review) == {Relation.TRAINEE}


def _recipients(kind: str) -> list[str]:
    rows = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).where(Notice.kind == kind)
    return [one.address for one in rows]


def test_whatever_people_do_after_a_support_meeting_the_promises_hold(
    app: Flask, mailbox: Mailbox, make_database: Callable[[], str]
) -> None:
    Following.app, Following.mailbox = app, mailbox
    Following.make_database = staticmethod(make_database)
    Following.steps = Following.refused = 0
    few = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=EXAMPLES <= 100,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Following, settings=few)
    assert Following.steps > EXAMPLES
    assert Following.refused, "the rules were tried, too"
