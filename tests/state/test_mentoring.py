"""Any order of acts around mentoring, by returners, mentors, the team and time: what the rules promise holds after each (G3)."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from models import (
    AuditEntry,
    Event,
    FeedbackAsk,
    KeptApart,
    LinkPurpose,
    Mentor,
    MentoringAgreement,
    Mentorship,
    MentorshipEnding,
    Mode,
    Notice,
    NoticeRecipient,
    PersonalLink,
    Returner,
    ReturnerState,
    Role,
    Side,
    Told,
    User,
    WhyApart,
    db,
)
from signpost import clock, database, due
from signpost.accounts import links
from signpost.audit import record as audit
from signpost.config import running
from signpost.errors import RuleBroken, StaleRecord
from signpost.mentoring import actions, agreements, duty, mentors, mentorships, offers, returners
from signpost.mentoring.dates import ends_on
from tests import factories, figures
from tests.state.test_the_journey import EXAMPLES, MONDAY

PAIR_LETTERS = ("month_left", "mentoring_ended", "survey_reminder", "contact_check", "agreement_prompt")
WORDS = "SECRETWORDSEND"
NUMBER, SIDE = st.integers(0, 20), st.sampled_from(list(Side))


class Mentoring(RuleBasedStateMachine):
    """Three returners, two mentors with one place each, and a coordinator; then everybody tries everything."""

    make_database: Callable[[], str]
    steps = refused = 0
    counts: Counter[str] = Counter()

    @initialize()
    def cast(self) -> None:
        db.close()
        database.open_database(self.make_database())
        db.connect()
        running().audit_anchor.unlink(missing_ok=True)
        clock.set_to(MONDAY)
        self.team = factories.a_user(Role.RTT_TEAM)
        self.mentors = [factories.a_mentor(capacity=1), factories.a_mentor(capacity=2)]
        self.returners = [factories.who_waits(self.team, weeks_to_return=weeks) for weeks in (2, 7)]
        self.returners.append(factories.a_returner(self.team, weeks_to_return=30))

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it; where the rules refuse, nothing may have changed."""
        type(self).steps += 1
        before = Event.select().count(), Notice.select().count(), AuditEntry.select().count()
        refusal = None
        try:
            act()
        except (RuleBroken, StaleRecord) as broken:
            refusal = broken
        if refusal is not None:
            type(self).refused += 1
            assert len(refusal.words) > 10
            assert before == (Event.select().count(), Notice.select().count(), AuditEntry.select().count())

    def returner(self, number: int) -> Returner:
        return Returner.get_by_id(self.returners[number % len(self.returners)].id)

    def mentor(self, number: int) -> Mentor:
        return Mentor.get_by_id(self.mentors[number % len(self.mentors)].id)

    def pair(self, number: int) -> Mentorship | None:
        every = list(Mentorship.select().order_by(Mentorship.id))
        return every[number % len(every)] if every else None

    def one_of(self, pair: Mentorship, side: Side) -> User | PersonalLink:
        """The mentor signed in; the returner by a link of their own."""
        if side == Side.MENTOR:
            return pair.mentor.user
        return self.link(pair.returner)

    def link(self, returner: Returner) -> PersonalLink:
        token = links.make(LinkPurpose.RETURNER, returner.name, returner.email, returner=returner)
        found = links.find(token)
        assert found is not None
        return found

    # What people do

    @rule(number=NUMBER, answer=st.sampled_from(["accept", "accept", "decline", "later"]))
    def answer(self, number: int, answer: str) -> None:
        one = self.returner(number)
        by = self.link(one)
        if answer == "later":
            self.attempt(lambda: offers.ask_later(one, clock.today() + timedelta(days=14), by))
        else:
            self.attempt(lambda: getattr(offers, answer)(one, by))

    @rule(number=NUMBER, whom=NUMBER, waits=st.booleans())
    def introduce(self, number: int, whom: int, waits: bool) -> None:
        waiting = list(Returner.select().where(Returner.state == ReturnerState.INTERESTED).order_by(Returner.id))
        returner = waiting[number % len(waiting)] if waits and waiting else self.returner(number)
        mentor = self.mentor(whom)
        load = Mentorship.select().where((Mentorship.mentor == mentor) & Mentorship.ended_at.is_null()).count()
        apart = _apart(returner, mentor)
        before = Mentorship.select().count()
        self.attempt(lambda: actions.introduce(returner, mentor, self.team))
        if Mentorship.select().count() > before:
            self.counts["introduced"] += 1
            assert returner.state == ReturnerState.INTERESTED
            assert load < mentor.capacity, "D5"
            assert not apart, "D14"
            assert ends_on(returner.returns_on) > clock.today(), "D11"

    @rule(whom=NUMBER, capacity=st.integers(0, 2))
    def set_capacity(self, whom: int, capacity: int) -> None:
        mentor = self.mentor(whom)
        self.attempt(lambda: mentors.set_capacity(mentor, capacity, mentor.user, mentor.version))

    @rule(whom=NUMBER)
    def leave_and_come_back(self, whom: int) -> None:
        mentor = self.mentor(whom)
        if mentor.left_at is None:
            self.attempt(lambda: mentors.leave(mentor, mentor.user, mentor.version))
        else:
            self.attempt(lambda: mentors.come_back(mentor, mentor.user, mentor.version))

    @rule(number=NUMBER, days=st.integers(-20, 60))
    def the_return_moves(self, number: int, days: int) -> None:
        one = self.returner(number)
        moved = returners.Details(
            one.name, one.email, one.absent_from, one.returns_on + timedelta(days=days), one.employer, one.specialty
        )
        self.attempt(lambda: returners.alter(one, moved, self.team, one.version))

    @rule(number=NUMBER, side=SIDE)
    def in_touch(self, number: int, side: Side) -> None:
        if pair := self.pair(number):
            by = self.one_of(pair, side)
            self.attempt(lambda: mentorships.say_in_touch(pair, side, by))

    @rule(number=NUMBER, side=SIDE, days=st.integers(-2, 5))
    def arrange(self, number: int, side: Side, days: int) -> None:
        if pair := self.pair(number):
            agreed = mentorships.FirstMeeting(clock.now() + timedelta(days=days), 60, Mode.TELEPHONE)
            by = self.one_of(pair, side)
            self.attempt(lambda: mentorships.arrange_first_meeting(pair, agreed, by))

    @rule(number=NUMBER, side=SIDE)
    def note(self, number: int, side: Side) -> None:
        if pair := self.pair(number):
            by = self.one_of(pair, side)
            self.attempt(lambda: mentorships.note_meeting(pair, side, clock.today(), Mode.TEAMS, WORDS, by))

    @rule(number=NUMBER, side=SIDE, is_kept=st.booleans())
    def propose(self, number: int, side: Side, is_kept: bool) -> None:
        if pair := self.pair(number):
            by = self.one_of(pair, side)
            self.attempt(lambda: agreements.propose(pair, side, {"meetings": WORDS}, is_kept, by))

    @rule(number=NUMBER, side=SIDE)
    def agree(self, number: int, side: Side) -> None:
        pair = self.pair(number)
        last = pair and MentoringAgreement.select().where(MentoringAgreement.mentorship == pair).order_by(
            MentoringAgreement.id.desc()
        ).first()  # fmt: skip
        if pair and last:
            by = self.one_of(pair, side)
            self.attempt(lambda: agreements.agree(last, side, by))
            now_is = MentoringAgreement.get_by_id(last.id)
            assert now_is.agreed_at is None or last.agreed_at or last.proposed_by != side, "D9: not by who wrote it"

    @rule(number=NUMBER, side=SIDE, act=st.sampled_from(["not_working", "end_early"]))
    def end(self, number: int, side: Side, act: str) -> None:
        if pair := self.pair(number):
            by = self.one_of(pair, side)
            self.attempt(lambda: getattr(mentorships, act)(pair, side, by))
            assert Mentorship.get_by_id(pair.id).is_ended

    @rule(number=NUMBER, step=st.sampled_from(["decide", "tell", "disclose"]))
    def duty(self, number: int, step: str) -> None:
        pair = self.pair(number)
        if pair is None:
            return
        by = pair.mentor.user
        if step == "decide":
            self.attempt(lambda: duty.decide(pair, WORDS, by))
        elif under_way := duty.open_one(pair):
            if step == "tell":
                self.attempt(lambda: duty.tell(under_way, Told.TELEPHONE, by))
            else:
                self.attempt(lambda: duty.disclose(under_way, "The director", WORDS, by))

    @rule(days=st.sampled_from([1, 8, 16, 45, 100, 400]))
    def time_passes(self, days: int) -> None:
        clock.set_to(clock.now() + timedelta(days=days))
        due.run(clock.now())
        before = Notice.select().count()
        due.run(clock.now())
        assert Notice.select().count() == before, "what fell due fell due once"
        for pair in Mentorship.select().where(Mentorship.ended_at.is_null()):
            assert pair.ends_on > clock.today(), "D11: it ends by itself"

    # What holds

    @invariant()
    def nobody_is_booked_twice(self) -> None:
        still = list(Mentorship.select().where(Mentorship.ended_at.is_null()))
        assert max(Counter(one.returner_id for one in still).values(), default=0) <= 1
        seats = Counter((one.mentor_id, one.mentor_seat) for one in still)
        assert max(seats.values(), default=0) <= 1

    @invariant()
    def a_returner_stands_as_their_pairs_do(self) -> None:
        for one in Returner.select():
            goes_on = Mentorship.select().where((Mentorship.returner == one) & Mentorship.ended_at.is_null()).exists()
            assert goes_on == (one.state == ReturnerState.MATCHED)

    @invariant()
    def a_pair_that_did_not_work_never_comes_again(self) -> None:
        met: set[tuple[int, int]] = set()
        for one in Mentorship.select().order_by(Mentorship.id):
            assert (one.returner_id, one.mentor_id) not in met, "D14"
            if one.ending == MentorshipEnding.NOT_WORKING:
                met.add((one.returner_id, one.mentor_id))
                self.counts["not working"] += 1

    @invariant()
    def it_ends_six_months_after_the_return(self) -> None:
        for one in Mentorship.select().where(Mentorship.ended_at.is_null()):
            assert one.ends_on == ends_on(one.returner.returns_on)

    @invariant()
    def surveys_are_asked_of_both_once_and_only_where_it_ended_by_choice_or_in_time(self) -> None:
        asked = Counter(FeedbackAsk.select(FeedbackAsk.mentorship, FeedbackAsk.side).tuples())
        assert max(asked.values(), default=0) <= 1
        for one in Mentorship.select():
            sides = {side for (pair, side) in asked if pair == one.id}
            assert sides == ({"returner", "mentor"} if one.ending in mentorships.WITH_SURVEY else set())

    @invariant()
    def each_letter_of_time_went_once_to_each(self) -> None:
        rows = NoticeRecipient.select(NoticeRecipient.address, Notice.kind, Event.about_id, Event.happened_at)
        sent = Counter(
            (kind, about, address)
            for address, kind, about, _ in rows.join(Notice).join(Event).where(Notice.kind.in_(PAIR_LETTERS)).tuples()
            if kind != "month_left"  # once for each end, which may move
        )
        assert max(sent.values(), default=0) <= 1

    @invariant()
    def no_letter_and_no_fact_carries_a_word_of_theirs(self) -> None:
        assert all(WORDS not in one.text for one in Notice.select())
        assert all(WORDS not in json.dumps(one.facts) for one in Event.select())

    @invariant()
    def the_audit_is_whole(self) -> None:
        assert audit.verify()[1] is None
        self.counts["looked at"] += 1


def _apart(returner: Returner, mentor: Mentor) -> bool:
    here = (KeptApart.email == mentor.user.email) & (KeptApart.why == WhyApart.NOT_WORKING)
    return bool(KeptApart.select().where((KeptApart.returner == returner) & here).exists())


def test_whatever_people_do_around_mentoring_the_promises_hold(app: Flask, make_database: Callable[[], str]) -> None:
    Mentoring.make_database = staticmethod(make_database)
    Mentoring.steps = Mentoring.refused = 0
    Mentoring.counts = Counter()
    few = settings(
        max_examples=EXAMPLES // 4,
        stateful_step_count=40,
        deadline=None,
        derandomize=EXAMPLES <= 100,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Mentoring, settings=few)
    counted = {name.replace(" ", "_"): number for name, number in Mentoring.counts.items()}
    figures.add("G3 around mentoring", steps=Mentoring.steps, refused=Mentoring.refused, **counted)
    assert Mentoring.counts["introduced"]
    assert Mentoring.counts["not working"]
