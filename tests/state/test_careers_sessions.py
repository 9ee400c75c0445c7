"""Any order of acts from the first session of a case to its end, by anybody: who reads the record, and what counts (G3)."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, multiple, rule, run_state_machine_as_test

from models import (
    Attendance,
    AuditEntry,
    CareersSession,
    Ending,
    EndTold,
    Event,
    Meeting,
    MeetingState,
    Mode,
    Party,
    Passage,
    RecordAccess,
    Referral,
    Role,
    RoleHeld,
    Status,
    Teller,
    User,
    Venue,
)
from signpost import clock
from signpost.audit import record as audit
from signpost.careers import actions as careers
from signpost.careers import writing
from signpost.completion import actions as completion
from signpost.meetings import booking
from signpost.referrals import record_access
from tests import factories, figures
from tests.browser_client import Browser
from tests.conftest import sign_in
from tests.smtp_server import Mailbox
from tests.state.test_the_journey import EXAMPLES, STEPS, Journey

NOTE, SHARED = "SECRETNOTE{}END", "SECRETSHARED{}END"
WHO = st.integers(0, 12)


class Cases(Journey):
    """Two cases with their counsellors, to begin with; then everybody tries everything."""

    counts: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.read = self.turn = 0

    @initialize(target=Journey.referrals)
    def cast(self) -> object:
        Journey.cast(self)
        return multiple(*(self._case(number) for number in range(2)))

    def _case(self, number: int) -> int:
        case = factories.a_case(
            self.counsellors[number], self.advisers[0], by=self.referrers[number], school=self.school,
            trainee_email=self.trainee.email if number else "sam@trainee.example", wider_concerns=bool(number),
            request=f"SECRETREQUEST{number}CASEEND",
        )  # fmt: skip
        return int(case.id)

    def who(self, number: int) -> User:
        return User.get_by_id(self.observers[number % len(self.observers)].id)

    def session(self, number: int) -> CareersSession | None:
        mine = CareersSession.select().where(CareersSession.referral == number)
        return mine.order_by(CareersSession.id.desc()).first()

    # What people do

    @rule(number=Journey.referrals, later=st.booleans())
    def they_agree_on_a_time_and_it_comes(self, number: int, later: bool) -> None:
        tomorrow = clock.today() + timedelta(days=1 + 7 * later)
        begins = datetime.combine(tomorrow, time(10), tzinfo=clock.LONDON)

        def act() -> None:
            case = Referral.get_by_id(number)
            wanted = booking.Wanted(begins, begins + timedelta(hours=1), Mode.FACE_TO_FACE, Venue.get())
            booking.arrange(case, wanted, "Neither could meet at another time.", case.assigned_to)

        before = Meeting.select().count()
        self.attempt(act)
        if Meeting.select().count() > before:
            clock.set_to(begins)

    @rule(number=Journey.referrals, who=WHO, is_counsellor=st.booleans())
    def begin(self, number: int, who: int, is_counsellor: bool) -> None:
        case = Referral.get_by_id(number)
        meeting = Meeting.select().where(Meeting.referral == case).order_by(Meeting.id.desc()).first()
        by = case.assigned_to if is_counsellor and case.assigned_to else self.who(who)
        before = CareersSession.select().count()
        if meeting is not None and not by.is_disabled:
            self.attempt(lambda: careers.begin(meeting, by))
        if CareersSession.select().count() > before:
            assert may_read_record(by, case)

    @rule(number=Journey.referrals)
    def explain_confidentiality(self, number: int) -> None:
        if session := self.session(number):
            self.attempt(lambda: careers.explain(session, session.counsellor))

    @rule(number=Journey.referrals, is_shared=st.booleans())
    def write(self, number: int, is_shared: bool) -> None:
        if session := self.session(number):
            passage, words = (Passage.SUMMARY, SHARED) if is_shared else (Passage.OBSERVATIONS, NOTE)
            there = session.texts.where(session.texts.model.passage == passage).first()
            version = there.version if there else 0
            self.attempt(lambda: writing.write(session, passage, words.format(session.id), version, session.counsellor))

    @rule(number=Journey.referrals)
    def finish(self, number: int) -> None:
        if session := self.session(number):
            self.attempt(lambda: careers.finish(session, session.counsellor))

    @rule(number=Journey.referrals, why=st.sampled_from(["trainee", "counsellor", "nobody"]))
    def it_did_not_take_place(self, number: int, why: str) -> None:
        last = Meeting.select().where(Meeting.referral == number).order_by(Meeting.id.desc()).first()
        if last is not None:
            self.attempt(lambda: booking.did_not_take_place(last, why, last.organiser))

    @rule(number=Journey.referrals, who=WHO, stands_in=st.integers(0, 1), days=st.integers(-1, 3))
    def ask_for_cover(self, number: int, who: int, stands_in: int, days: int) -> None:
        until = clock.today() + timedelta(days=days)
        case, colleague = Referral.get_by_id(number), self.counsellors[stands_in]
        self.attempt(lambda: record_access.cover(case, colleague, until, "On leave.", self.who(who)))

    @rule(number=Journey.referrals, who=WHO, reason=st.sampled_from(["", "The trainee asked."]))
    def state_a_reason_to_read(self, number: int, who: int, reason: str) -> None:
        self.attempt(lambda: record_access.state_reason(Referral.get_by_id(number), reason, self.who(who)))

    @rule(number=Journey.referrals, who=WHO)
    def end_a_reading(self, number: int, who: int) -> None:
        given = RecordAccess.select().where(RecordAccess.referral == number).order_by(RecordAccess.id.desc()).first()
        if given is not None:
            self.attempt(lambda: record_access.end(given, self.who(who)))

    @rule(number=Journey.referrals)
    def the_trainee_writes_before_they_meet(self, number: int) -> None:
        case = Referral.get_by_id(number)
        self.attempt(lambda: careers.fill_in(case, {"now": NOTE.format(0)}, 0, self.trainee))

    @rule(number=Journey.referrals, agreed=st.integers(1, 3))
    def agree_on_a_number(self, number: int, agreed: int) -> None:
        case = Referral.get_by_id(number)
        by = case.assigned_to or self.counsellors[0]
        self.attempt(lambda: completion.agree_sessions(case, agreed, clock.today(), by, case.version))

    @rule(number=Journey.referrals, parties=st.sets(st.sampled_from([Party.REFERRER, Party.HEAD, Party.TSG])))
    def the_trainee_tells(self, number: int, parties: set[Party]) -> None:
        self.attempt(lambda: completion.tell(Referral.get_by_id(number), parties, self.trainee))

    @rule(number=Journey.referrals)
    def the_team_tells_and_closes(self, number: int) -> None:
        case = Referral.get_by_id(number)
        by = case.assigned_to or self.advisers[0]
        self.attempt(lambda: completion.finish(case, by, case.version, "They have not named anybody."))

    @rule(number=Journey.referrals, stands_in=st.integers(0, 1))
    def both_sessions_are_held(self, number: int, stands_in: int) -> None:
        """The usual way, so that the end of a case is reached often enough."""
        for _ in range(2):
            self.they_agree_on_a_time_and_it_comes(number, later=False)
            self.begin(number, 0, is_counsellor=True)
            self.explain_confidentiality(number)
            self.write(number, is_shared=False)
            self.write(number, is_shared=True)
            self.finish(number)

    # What holds after each

    @invariant()
    def two_people_open_a_record_that_is_there_for_who_may_read_it_and_for_nobody_else(self) -> None:
        sessions = list(CareersSession.select().order_by(CareersSession.id))
        if sessions:
            self.turn += 1
            session = sessions[self.turn % len(sessions)]
            self.opens(self.who(self.turn), session)
            if session.referral.assigned_to:
                self.opens(User.get_by_id(session.referral.assigned_to_id), session)

    def opens(self, observer: User, session: CareersSession) -> None:
        """The workspace, the whole record, or what is shared of it."""
        if observer.is_disabled:
            return
        reads, is_trainee = may_read_record(observer, session.referral), is_about(observer, session.referral)
        room = "/careers-sessions"
        paths = {
            f"{room}/{session.public_id}": reads,
            f"{room}/cases/{session.referral.public_id}": reads,
            f"{room}/{session.public_id}/summary": is_trainee and session.is_finished,
        }
        path, is_there = list(paths.items())[self.turn % 3]
        response = self.at[observer.id].get(path)
        if response.status_code == 303:
            sign_in(self.at[observer.id], observer)
            response = self.at[observer.id].get(path)
        assert response.status_code == (200 if is_there else 404)
        assert reads or "SECRETNOTE" not in response.text
        self.read += is_there and reads
        self.counts["records opened" if is_there else "records that were not there"] += 1

    @invariant()
    def every_event_is_in_the_audit_and_the_audit_holds(self) -> None:
        """What is typed in a session is in the audit alone."""
        kept = AuditEntry.select().where(AuditEntry.action != "session.written")
        assert kept.count() == Event.select().count()
        assert audit.verify()[1] is None

    @invariant()
    def every_reading_was_kept(self) -> None:
        assert Event.select().where(Event.name == "record.read").count() == self.read

    @invariant()
    def only_a_finished_record_says_that_a_session_was_held(self) -> None:
        held = {one.id for one in Meeting.select().where(Meeting.attendance == Attendance.HELD)}
        finished = CareersSession.select().where(CareersSession.finished_at.is_null(False))
        assert held == {one.meeting_id for one in finished}
        standing = {one.id for one in Meeting.select().where(Meeting.state == MeetingState.BOOKED)}
        assert held <= standing

    @invariant()
    def confidentiality_was_explained_before_anything_counted(self) -> None:
        """A17."""
        for case in Referral.select():
            finished = CareersSession.select().where(
                (CareersSession.referral == case) & CareersSession.finished_at.is_null(False)
            )
            first = finished.order_by(CareersSession.finished_at, CareersSession.id).first()
            assert first is None or first.explained_id is not None

    @invariant()
    def a_case_is_complete_with_as_many_sessions_as_were_agreed_and_two_at_least(self) -> None:
        """A12, A13."""
        for case in Referral.select():
            held = Meeting.select().where((Meeting.referral == case) & (Meeting.attendance == Attendance.HELD)).count()
            if case.status == Status.SESSIONS_COMPLETE or case.ending == Ending.COMPLETE:
                assert held >= case.agreed_sessions >= 2
                self.counts["complete"] += 1

    @invariant()
    def who_was_told_of_the_end_was_told_of_one(self) -> None:
        """A21, A22."""
        for told in EndTold.select():
            held = Meeting.select().where((Meeting.referral == told.referral) & (Meeting.attendance == Attendance.HELD))
            assert held.count() >= 2
            assert told.teller == Teller.TRAINEE or told.referral.ending == Ending.COMPLETE


def is_about(user: User, case: Referral) -> bool:
    return user.id == case.trainee_id or user.email == case.trainee_email


def may_read_record(user: User, case: Referral) -> bool:
    """From the rows and rules.md (C9), not by the site's own questions: the counsellor; by cover; for a stated reason."""
    if is_about(user, case):
        return False
    roles = {one.role for one in RoleHeld.select().where(RoleHeld.user == user)}
    given = RecordAccess.select().where(
        (RecordAccess.referral == case)
        & (RecordAccess.reader == user)
        & (RecordAccess.begins_at <= clock.now())
        & (RecordAccess.ends_at > clock.now())
    )
    counsels = Role.COUNSELLOR in roles and (case.assigned_to_id == user.id or any(one.is_cover for one in given))
    return counsels or (Role.SENIOR_ADVISER in roles and any(not one.is_cover for one in given))


def test_whatever_people_do_around_a_session_the_promises_hold(
    app: Flask, mailbox: Mailbox, browser_of: Callable[[User], Browser], make_database: Callable[[], str]
) -> None:
    Cases.app, Cases.mailbox, Cases.browser_of = app, mailbox, staticmethod(browser_of)
    Cases.make_database = staticmethod(make_database)
    Cases.steps = Cases.refused = 0
    Cases.counts = dict.fromkeys(("complete", "records opened", "records that were not there"), 0)
    few = settings(
        max_examples=EXAMPLES // 2,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=EXAMPLES <= 100,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Cases, settings=few)
    counted = {name.replace(" ", "_"): number for name, number in Cases.counts.items()}
    figures.add("G3 around sessions", steps=Cases.steps, refused=Cases.refused, **counted)
    assert all(Cases.counts.values()), "complete cases and records were reached"
