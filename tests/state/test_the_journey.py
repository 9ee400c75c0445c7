"""Any order of acts over the first journey and its meetings: who may read what, and who was told, holds after each (G3)."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from models import (
    AuditEntry,
    Ending,
    Event,
    Meeting,
    MeetingState,
    Notice,
    NoticeRecipient,
    NoticeState,
    Referral,
    Release,
    ReleaseChoice,
    Role,
    RoleHeld,
    Stage,
    TakenTime,
    User,
    Venue,
    db,
)
from signpost import clock, database
from signpost.accounts import people
from signpost.audit import record as audit
from signpost.config import running
from signpost.errors import RuleBroken
from signpost.meetings import booking
from signpost.meetings import queries as meetings
from signpost.notices import delivery
from signpost.notices.permissions import PERMISSIONS
from signpost.referrals import actions, queries
from signpost.referrals.queries import Relation
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)
READS_REQUEST = {Relation.TRAINEE, Relation.ADVISER, Relation.COUNSELLOR, Relation.HEAD, Relation.REFERRER}
READS_RELEASE = {Relation.HEAD, Relation.TSG}

# More by command: SIGNPOST_STATES=500 runs that many examples of fifty steps.
EXAMPLES = int(os.environ.get("SIGNPOST_STATES", "100"))
STEPS = 50 if EXAMPLES > 100 else 25


class Journey(RuleBasedStateMachine):
    """Everybody does what they can in any order. What the rules refuse is refused with words, and changes nothing."""

    app: Flask
    mailbox: Mailbox
    browser_of: Callable[[User], Browser]
    make_database: Callable[[], str]
    steps = 0
    refused = 0

    referrals = Bundle("referrals")

    def __init__(self) -> None:
        super().__init__()
        db.close()
        database.open_database(self.make_database())
        db.connect()
        running().audit_anchor.unlink(missing_ok=True)
        clock.set_to(MONDAY)
        self.mailbox.forget()
        self.versions: dict[int, int] = {}
        self.sequences: dict[int, int] = {}
        self.count = 0

    @initialize()
    def cast(self) -> None:
        self.school = factories.a_school()
        self.advisers = [factories.a_user(Role.SENIOR_ADVISER) for _ in range(2)]
        self.counsellors = [factories.a_user(Role.COUNSELLOR) for _ in range(2)]
        self.heads = [factories.a_head(self.school), factories.a_head(factories.a_school())]
        self.tsg = factories.a_user(Role.TSG)
        self.trainee = factories.a_user(Role.TRAINEE)
        self.referrers = [factories.a_referrer() for _ in range(2)]
        self.others = [factories.a_user(role) for role in (Role.ADMINISTRATOR, Role.MENTOR, Role.GOVERNANCE)]
        venue = factories.a_venue()
        for counsellor in self.counsellors:
            factories.hours(counsellor, weekday=2, begins="09:00", ends="17:00", venue=venue)
        self.observers = [
            *self.advisers, *self.counsellors, *self.heads, self.tsg, self.trainee, *self.referrers, *self.others,
        ]  # fmt: skip
        self.at = {person.id: self.browser_of(person) for person in self.observers}

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it; where the rules refuse, nothing may have changed."""
        type(self).steps += 1
        before = Event.select().count(), Notice.select().count(), AuditEntry.select().count()
        refusal = None
        try:
            act()
        except RuleBroken as broken:
            refusal = broken
        if refusal is not None:
            type(self).refused += 1
            assert len(refusal.words) > 10
            assert before == (Event.select().count(), Notice.select().count(), AuditEntry.select().count())

    # What people do

    @rule(target=referrals, by=st.integers(0, 1), concerns=st.booleans(), has_account=st.booleans())
    def refer(self, by: int, concerns: bool, has_account: bool) -> object:
        self.count += 1
        email = self.trainee.email if has_account else f"sam{self.count}@trainee.example"
        made: list[int] = []

        def act() -> None:
            referral = factories.a_referral(
                self.referrers[by], trainee_email=email, request=f"SECRETREQUEST{self.count}END", school=self.school,
                wider_concerns=concerns,
            )  # fmt: skip
            made.append(referral.id)

        self.attempt(act)
        return made[0] if made else multiple()

    @rule(number=referrals)
    def accept(self, number: int) -> None:
        self.attempt(lambda: actions.accept(Referral.get_by_id(number), self.trainee))

    @rule(number=consumes(referrals))
    def decline(self, number: int) -> None:
        self.attempt(lambda: actions.decline(Referral.get_by_id(number), self.trainee))

    @rule(
        number=referrals, counsellor=st.integers(0, 1), adviser=st.integers(0, 1), reason=st.sampled_from(["", "Away"])
    )
    def assign(self, number: int, counsellor: int, adviser: int, reason: str) -> None:
        referral = Referral.get_by_id(number)
        by, to = self.advisers[adviser], self.counsellors[counsellor]
        self.attempt(lambda: actions.assign(referral, to, by, referral.version, reason))

    @rule(number=referrals, adviser=st.integers(0, 1))
    def undo(self, number: int, adviser: int) -> None:
        self.attempt(lambda: actions.undo_assignment(Referral.get_by_id(number), self.advisers[adviser]))

    @rule(number=referrals, adviser=st.integers(0, 1))
    def close(self, number: int, adviser: int) -> None:
        referral = Referral.get_by_id(number)
        by = self.advisers[adviser]
        self.attempt(lambda: actions.close(referral, Ending.LEFT_PROGRAMME, by, referral.version))

    @rule(number=referrals, adviser=st.integers(0, 1))
    def undo_closing(self, number: int, adviser: int) -> None:
        self.attempt(lambda: actions.undo_closing(Referral.get_by_id(number), self.advisers[adviser]))

    @rule(number=referrals)
    def withdraw(self, number: int) -> None:
        referral = Referral.get_by_id(number)
        self.attempt(lambda: actions.withdraw(referral, referral.referred_by))

    @rule(number=referrals)
    def add_concerns(self, number: int) -> None:
        referral = Referral.get_by_id(number)
        self.attempt(lambda: actions.add_concerns(referral, None, referral.referred_by))

    @rule(number=referrals, choice=st.sampled_from(list(ReleaseChoice)), head=st.integers(0, 1))
    def release(self, number: int, choice: ReleaseChoice, head: int) -> None:
        referral = Referral.get_by_id(number)
        words = f"SECRETRELEASE{number}END" if choice == ReleaseChoice.WORDS else ""
        self.attempt(lambda: actions.release(referral, choice, words, self.heads[head]))

    @rule(number=referrals)
    def correct_address(self, number: int) -> None:
        self.count += 1
        referral = Referral.get_by_id(number)
        address = f"right{self.count}@trainee.example"
        self.attempt(lambda: actions.correct_trainee_address(referral, address, self.advisers[0], referral.version))

    @rule(number=referrals)
    def book(self, number: int) -> None:
        referral = Referral.get_by_id(number)

        def act() -> None:
            booking.refuse_another(referral)
            free = meetings.free_times_of(referral.assigned_to, meetings.modes_for(referral))
            if not free:
                return
            venue = Venue.get_or_none(Venue.public_id == free[0].venue)
            wanted = booking.Wanted(free[0].begins, free[0].ends, booking.Mode(free[0].mode), venue)
            booking.confirm(booking.hold(referral, wanted, referral.assigned_to), referral.assigned_to, on_request=True)

        self.attempt(act)

    @rule(number=referrals)
    def cancel_meeting(self, number: int) -> None:
        meeting = meetings.next_of(Referral.get_by_id(number))
        if meeting is not None:
            self.attempt(lambda: booking.cancel(meeting, meeting.organiser))

    # What happens meanwhile

    @rule(seconds=st.sampled_from([5, 61, 3600, 86400]))
    def time_passes(self, seconds: int) -> None:
        clock.set_to(clock.now() + timedelta(seconds=seconds))

    @rule(trouble=st.sampled_from(["", "", "451 4.3.0 later"]))
    def the_worker_runs(self, trouble: str) -> None:
        self.mailbox.answer = trouble
        with self.app.app_context():
            delivery.send_due()
        self.mailbox.answer = ""

    @rule(head=st.integers(0, 1))
    def a_head_leaves_or_comes_back(self, head: int) -> None:
        user = self.heads[head]
        held = RoleHeld.get_or_none((RoleHeld.user == user) & (RoleHeld.role == Role.HEAD_OF_SCHOOL))
        if held:
            held.delete_instance()
        else:
            factories.give(user, Role.HEAD_OF_SCHOOL, school=self.school)

    @rule(counsellor=st.integers(0, 1))
    def a_counsellor_leaves_or_comes_back(self, counsellor: int) -> None:
        user = User.get_by_id(self.counsellors[counsellor].id)
        act = people.enable if user.disabled_at else people.disable
        act(user, by=self.others[0], expected_version=user.version)

    # What holds after each

    @rule(number=referrals, who=st.integers(0, 12))
    def somebody_looks(self, number: int, who: int) -> None:
        """The page of a referral says to each what their relation allows, and to others that there is no such page."""
        observer = User.get_by_id(self.observers[who % len(self.observers)].id)
        if observer.is_disabled:
            return
        referral = Referral.get_by_id(number)
        relations = queries.relations(observer, referral)
        response = self.at[observer.id].get(f"/referrals/{referral.public_id}")
        if response.status_code == 303:
            return
        html = response.get_data(as_text=True)
        assert response.status_code == (200 if relations else 404)
        assert (referral.request in html) == bool(relations & READS_REQUEST)
        if f"SECRETRELEASE{number}END" in html:
            assert relations & READS_RELEASE
        if Relation.TSG in relations and relations == {Relation.TSG}:
            last = Release.select().where(Release.referral == referral).order_by(Release.id.desc()).get()
            assert last.choice != ReleaseChoice.NOTHING
        for other in Referral.select().where(Referral.id != number):
            assert other.request not in html

    @invariant()
    def versions_only_rise(self) -> None:
        for number, version in Referral.select(Referral.id, Referral.version).tuples():
            assert version >= self.versions.get(number, 1)
            self.versions[number] = version

    @invariant()
    def every_event_is_in_the_audit_and_the_audit_holds(self) -> None:
        assert AuditEntry.select().count() == Event.select().count()
        assert audit.verify()[1] is None

    @invariant()
    def everyone_told_is_told_by_a_rule_and_once(self) -> None:
        seen: set[tuple[int, str, str]] = set()
        rows = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).where(Notice.copy_of.is_null())
        for row in rows:
            assert row.permission in PERMISSIONS
            key = (row.notice.event_id, row.notice.kind, row.address)
            assert key not in seen
            seen.add(key)

    @invariant()
    def what_was_undone_reached_nobody(self) -> None:
        undone = Event.select(Event.id).where(Event.undone_at.is_null(False))
        sent = Notice.select().where(Notice.event.in_(undone) & (Notice.state != NoticeState.UNDONE))
        assert sent.count() == 0

    @invariant()
    def taken_time_belongs_to_meetings_that_stand(self) -> None:
        standing = Meeting.select(Meeting.id).where(Meeting.state != MeetingState.CANCELLED)
        assert TakenTime.select().where(TakenTime.meeting.not_in(standing)).count() == 0

    @invariant()
    def whoever_is_to_be_met_has_the_case(self) -> None:
        """A meeting to come is one of an open case, with its counsellor, who is still there."""
        ahead = (Meeting.state == MeetingState.BOOKED) & (Meeting.begins_at > clock.now())
        for meeting in Meeting.select().where(ahead):
            assert not meeting.referral.is_closed
            assert meeting.referral.assigned_to == meeting.organiser
            assert not meeting.organiser.is_disabled
            assert TakenTime.select().where(TakenTime.meeting == meeting).exists()

    @invariant()
    def the_sequence_of_a_meeting_only_rises(self) -> None:
        for meeting in Meeting.select():
            assert meeting.sequence >= self.sequences.get(meeting.id, 0)
            self.sequences[meeting.id] = meeting.sequence

    @invariant()
    def whoever_is_closed_has_no_open_stage(self) -> None:
        odd = (Referral.stage == Stage.CLOSED) & Referral.closed_at.is_null()
        assert Referral.select().where(odd).count() == 0


def test_whatever_people_do_in_whatever_order_the_promises_hold(
    app: Flask, mailbox: Mailbox, browser_of: Callable[[User], Browser], make_database: Callable[[], str]
) -> None:
    Journey.app, Journey.mailbox, Journey.browser_of = app, mailbox, staticmethod(browser_of)
    Journey.make_database = staticmethod(make_database)
    Journey.steps = Journey.refused = 0
    few = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=EXAMPLES <= 100,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Journey, settings=few)
    assert Journey.steps > EXAMPLES
    assert Journey.refused, "the rules were tried, too"
