"""Support for progression in the demonstration: a call that is not wanted, triage meetings, and a full one to be dated."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import TypeVar

from models import (
    AskedOf,
    Employer,
    FollowUpKind,
    LedTo,
    Objective,
    ObjectiveState,
    Plan,
    Poll,
    PollPerson,
    PollTime,
    Present,
    Reply,
    ReportedTo,
    Review,
    ReviewOutcome,
    Severity,
    SupportDecision,
    SupportKind,
    SupportMeeting,
    User,
)
from signpost import clock, working_days
from signpost.accounts import queries as people
from signpost.demo import preparing
from signpost.demo.past import on
from signpost.demo.people import THAMES
from signpost.meetings import polls
from signpost.plans import actions as tasks
from signpost.progression import action_plans, calls, follow_ups, further, outcomes, reviews, support_meetings
from signpost.progression.follow_ups import Asked
from signpost.progression.further import Wanted
from signpost.progression.outcomes import Chosen
from signpost.progression.reviews import Details, Issue
from signpost.progression.stand_in import Named
from signpost.progression.support_meetings import Setup

Cast = dict[str, User]
Done = TypeVar("Done")

PARTS = (
    (Present.TOGETHER, 30), (Present.TRAINEE_ALONE, 30), (Present.OFFICER_ALONE, 30), (Present.TOGETHER, 30),
)  # fmt: skip
RELEASE = "Please keep Wednesday mornings free of the rota for the specialist rotation until the end of March."


class Reviews:
    """Every step at its moment; the messages of that moment are handed over at once."""

    def __init__(self, cast: Cast, hand_over: Callable[[], None]) -> None:
        self.cast, self.hand_over, self.team = cast, hand_over, cast["progression"]

    def fill(self) -> None:
        self.call_not_wanted()
        self.call_offered()
        self.triage_held()
        self.triage_to_come()
        self.full_to_be_dated()
        self.undecided()
        self.plan_overdue()
        self.report_asked()

    def at(self, days: int, hour: str, act: Callable[[], Done]) -> Done:
        """Do it at a time of the day so many working days ago."""
        moment = on(days, hour)
        with clock.at(moment):
            done = act()
        with clock.at(moment + timedelta(minutes=2)):
            self.hand_over()
        return done

    def reviewed(
        self, days: int, trainee: Named, outcome: ReviewOutcome, issues: list[Issue], decision: SupportDecision | None
    ) -> Review:
        """Recorded with its issues, and decided about some hours later where the School has decided."""
        cast = self.cast
        details = Details(trainee, "Scientist training: genomics", Employer.get(Employer.name == THAMES), cast["tpd"])
        officer, university = (Named(cast[key].name, cast[key].email) for key in ("officer", "university"))
        made = self.at(
            days, "09:20",
            lambda: reviews.record_review(
                details, outcome, clock.today() - timedelta(days=1), officer, university, issues, self.team
            ),
        )  # fmt: skip
        if decision is not None:
            self.at(days, "14:10", lambda: reviews.decide(made, decision, self.team, made.version))
        return made

    def call_not_wanted(self) -> None:
        """Outcome 2: a call was offered, and the training officer said that they have it in hand."""
        review = self.reviewed(
            16, Named("Rhian Pugh", "rhian.pugh@trainees.example"), ReviewOutcome.TWO,
            [Issue(Severity.MINOR, False, "Two competences are signed off later than planned.")], SupportDecision.CALL,
        )  # fmt: skip
        call = self.at(15, "10:00", lambda: calls.offer(review, self.team))
        self.at(14, "11:30", lambda: calls.decline(call, self.cast["officer"]))
        words = "Agree new dates for the two competences, and write them into the training plan."
        self.at(14, "15:00", lambda: follow_ups.add(review, FollowUpKind.TRAINING_PLAN, words, None, self.team))

    def call_offered(self) -> None:
        """Outcome 1: a call was offered yesterday, and nobody has answered."""
        review = self.reviewed(
            2, Named("Callum Reid", "callum.reid@trainees.example"), ReviewOutcome.ONE,
            [Issue(Severity.MODERATE, False, "Little time for reflection in a busy laboratory.")], SupportDecision.CALL,
        )  # fmt: skip
        self.at(1, "10:40", lambda: calls.offer(review, self.team))

    def triage_held(self) -> None:
        """Outcome 3: the triage meeting was held last week, and the department was asked for something."""
        review = self.reviewed(
            24, Named("Tunde Bakare", "tunde.bakare@trainees.example"), ReviewOutcome.THREE,
            [Issue(Severity.MODERATE, False, "The specialist rotation has not begun.")], SupportDecision.TRIAGE,
        )  # fmt: skip
        support = self.met(review, asked=23, met=6, hour="11:00")
        preparing.draft_minutes(support, self.cast, self.at)
        self.at(6, "12:15", lambda: support_meetings.held(support, self.team))
        department = Asked(AskedOf.DEPARTMENT, Named("Agnieszka Król", "education@thames-wharf.example"))
        self.at(5, "09:50", lambda: follow_ups.add(review, FollowUpKind.ACTION_ASKED, RELEASE, department, self.team))

    def triage_to_come(self) -> None:
        """Outcome 3: the date is fixed, for next week and a bit, and most of it is prepared."""
        review = self.reviewed(
            6, Named("Nadia Rahimi", "nadia.rahimi@trainees.example"), ReviewOutcome.THREE,
            [Issue(Severity.MODERATE, False, "Evidence for the last half year is missing.")], SupportDecision.TRIAGE,
        )  # fmt: skip
        support = self.met(review, asked=5, met=-9, hour="09:00")
        preparing.prepare(support, self.cast, self.at)

    def full_to_be_dated(self) -> None:
        """The scientist's: outcome 3, triage, and from there a plan and a full meeting, whose date is being found."""
        scientist = self.cast["scientist"]
        review = self.reviewed(
            30, Named(scientist.name, scientist.email), ReviewOutcome.THREE,
            [
                Issue(Severity.MAJOR, False, "Two of three rotations could not be finished."),
                Issue(Severity.MODERATE, True, "The research project has no supervisor at the university."),
            ],
            SupportDecision.TRIAGE,
        )  # fmt: skip
        triage = self.met(review, asked=29, met=12, hour="10:00")
        self.at(12, "11:10", lambda: support_meetings.held(triage, self.team))
        held = SupportMeeting.get_by_id(triage.id)
        self.at(12, "11:40", lambda: outcomes.decide(held, [Chosen(LedTo.ACTION_PLAN)], self.cast["tpd"]))
        full = Setup(
            kind=SupportKind.FULL, chair=self.cast["tpd"], minute_taker=self.cast["p.lindqvist"], parts=PARTS,
            invites_university=True,
        )  # fmt: skip
        support = self.at(3, "09:30", lambda: outcomes.set_up_further(held, full, self.team))
        begins = [
            datetime.combine(day, time(hour), tzinfo=clock.LONDON)
            for day, hour in zip(working_days.coming(clock.today() + timedelta(days=12), 3), (10, 14, 11), strict=True)
        ]
        with clock.at(clock.now() - timedelta(minutes=50)):
            poll = support_meetings.ask(support, begins, working_days.after(clock.today(), 4), self.team)
        self.answer(poll.id, "tpd", (Reply.YES, Reply.IF_NEED_BE, Reply.YES))
        self.answer(poll.id, "officer", (Reply.NO, Reply.YES, Reply.YES))

    def answer(self, poll_id: int, key: str, replies: tuple[Reply, ...]) -> None:
        person = PollPerson.get((PollPerson.poll == poll_id) & (PollPerson.user == self.cast[key]))
        times = PollTime.select().where(PollTime.poll == poll_id).order_by(PollTime.begins_at)
        said = {one.public_id: reply for one, reply in zip(times, replies, strict=True)}
        polls.answer(person, said, "", self.cast[key])

    def met(self, review: Review, asked: int, met: int, hour: str) -> SupportMeeting:
        """A triage meeting: everybody was asked so many working days ago, answered, and the date was fixed."""
        triage = Setup(kind=SupportKind.TRIAGE, chair=self.cast["tpd"], minutes=45)
        support = self.at(asked, "09:40", lambda: support_meetings.require(review, triage, self.team))
        begins = on(met, hour) if met > 0 else on_day_ahead(-met, hour)
        poll = self.at(
            asked, "09:55",
            lambda: support_meetings.ask(support, [begins], working_days.after(clock.today(), 5), self.team),
        )  # fmt: skip
        chosen = PollTime.get(PollTime.poll == poll)
        self.at(asked - 1, "13:20", lambda: self.all_say_yes(poll, chosen))
        self.at(asked - 1, "16:05", lambda: polls.fix(poll, chosen, self.team, type(poll).get_by_id(poll.id).version))
        return SupportMeeting.get_by_id(support.id)

    def all_say_yes(self, poll: Poll, chosen: PollTime) -> None:
        waiting = (PollPerson.poll == poll) & PollPerson.answered_at.is_null()
        for person in list(PollPerson.select().where(waiting)):
            polls.answer(person, {chosen.public_id: Reply.YES}, "", person.user or people.system_user())

    def undecided(self) -> None:
        """Recorded this week, and for the School to decide about."""
        self.reviewed(
            1, Named("Isla Fraser", "isla.fraser@trainees.example"), ReviewOutcome.THREE,
            [
                Issue(Severity.MODERATE, True, "Two modules were deferred."),
                Issue(Severity.MODERATE, False, "No placement in bioinformatics is planned."),
            ],
            None,
        )  # fmt: skip

    def plan_overdue(self) -> None:
        """Outcome 3: the plan was agreed, one objective is met in part, one is late, so a further review is listed; another is due."""
        review = self.reviewed(
            48, Named("Gwen Oduya", "gwen.oduya@trainees.example"), ReviewOutcome.THREE,
            [Issue(Severity.MODERATE, False, "Evidence for two competences is missing.")], SupportDecision.TRIAGE,
        )  # fmt: skip
        support = self.met(review, asked=46, met=36, hour="15:00")
        in_three_days = (clock.today() - on(34, "10:15").date()).days + 3
        written = (
            ("Upload the evidence for both competences", 20),
            ("Finish the audit", 40),
            ("Agree the dates of the last placement", in_three_days),
        )
        plan = self.planned(support, 36, written)
        first = plan.objectives.order_by(Objective.due_on).first()
        self.at(12, "10:20", lambda: tasks.comment(first, "The first of the two is signed off.", self.cast["officer"]))
        self.at(11, "09:30", lambda: action_plans.say(first, ObjectiveState.PARTLY, self.team))
        self.at(1, "06:00", lambda: further.list_due(clock.now()))

    def report_asked(self) -> None:
        """After a second plan one of the team asks to tell the panel; a second person has not decided."""
        review = self.reviewed(
            70, Named("Bram Visser", "bram.visser@trainees.example"), ReviewOutcome.THREE,
            [Issue(Severity.MAJOR, False, "Three rotations could not be finished.")], SupportDecision.TRIAGE,
        )  # fmt: skip
        support = self.met(review, asked=69, met=60, hour="14:00")
        plan = self.planned(
            support, 60, (("Begin the specialist rotation", 250), ("Meet the research supervisor", 260))
        )
        self.at(20, "11:00", lambda: action_plans.reviewed(plan, clock.today() + timedelta(days=120), self.team))
        wanted = Wanted(
            ReportedTo.PANEL, Named("Training Management Panel", "panel@school.example"),
            "Two plans were agreed and every support was given. We need others to look as well.",
            "Please look with us at how this trainee can be supported to finish the programme.",
        )  # fmt: skip
        self.at(2, "16:20", lambda: further.ask(review, wanted, self.team))

    def planned(self, support: SupportMeeting, days: int, objectives: tuple[tuple[str, int], ...]) -> Plan:
        """The meeting came to an action plan, which was drafted in its week and agreed."""
        self.at(days, "16:10", lambda: support_meetings.held(support, self.team))
        held = SupportMeeting.get_by_id(support.id)
        self.at(days, "16:20", lambda: outcomes.decide(held, [Chosen(LedTo.ACTION_PLAN)], self.cast["tpd"]))
        plan = Plan.get(Plan.review == support.review)
        for words, ahead in objectives:
            self.at(days - 2, "10:15", partial(self.add, plan, words, ahead))
        self.at(
            days - 3, "14:40", lambda: action_plans.agree(plan, clock.today() + timedelta(days=90), self.cast["tpd"])
        )
        return Plan.get_by_id(plan.id)

    def add(self, plan: Plan, words: str, days: int) -> Objective:
        return action_plans.add(plan, words, clock.today() + timedelta(days=days), self.cast["officer"])


def on_day_ahead(days: int, hour: str) -> datetime:
    """A time of the day so many working days from now."""
    return datetime.combine(working_days.after(clock.today(), days), time.fromisoformat(hour), tzinfo=clock.LONDON)


def fill(cast: Cast, hand_over: Callable[[], None]) -> None:
    Reviews(cast, hand_over).fill()
