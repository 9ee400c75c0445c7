"""Booking under pressure: a hundred at once, any order of acts, and as quick with two hundred counsellors as with two."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import QueryEvent

from models import Hours, Meeting, MeetingState, Mode, Notice, Referral, Role, TakenTime, User, Venue, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.meetings import booking, hours, queries
from signpost.meetings import free_times as times
from signpost.referrals import actions
from tests import factories

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """What the database is asked, from now on."""
    asked: list[str] = []

    def hear(event: QueryEvent) -> None:
        asked.append(event.sql)

    db.obj.query_hooks.append(hear)
    yield asked
    db.obj.query_hooks.remove(hear)


def a_case(counsellor: User, adviser: User) -> Referral:
    referral = factories.a_referral()
    actions.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


def first_free(referral: Referral, place: int = 0) -> booking.Wanted:
    free = queries.free_times_of(referral.assigned_to, queries.modes_for(referral))[place]
    venue = Venue.get_or_none(Venue.public_id == free.venue)
    return booking.Wanted(free.begins, free.ends, Mode(free.mode), venue)


@pytest.fixture
def venue(app: Flask) -> Venue:
    clock.set_to(MONDAY)
    return factories.a_venue("Brighton")


@pytest.fixture
def case(venue: Venue, counsellor: User, adviser: User) -> Referral:
    factories.hours(counsellor, weekday=1, begins="09:00", ends="17:00", venue=venue)
    return a_case(counsellor, adviser)


def test_of_a_hundred_who_press_the_same_time_at_once_one_gets_it(
    app: Flask, case: Referral, counsellor: User, adviser: User
) -> None:
    cases = [a_case(counsellor, adviser) for _ in range(100)]
    wanted = first_free(case)
    start = Barrier(20)
    db.close()

    def press(referral: Referral) -> str:
        with db.connection_context():
            try:
                booking.hold(referral, wanted, adviser)
            except RuleBroken as refusal:
                return refusal.words
        return ""

    def wave(part: list[Referral]) -> list[str]:
        start.wait()
        return [press(referral) for referral in part]

    with ThreadPoolExecutor(20) as pool:
        said = [words for part in pool.map(wave, [cases[n::20] for n in range(20)]) for words in part]
    db.connect(reuse_if_open=True)
    assert said.count("") == 1
    assert set(said) == {"", booking.TAKEN}
    assert Meeting.select().count() == 1
    assert first_free(case).begins > wanted.begins, "the others are offered other times"


def test_one_room_is_never_given_to_two_counsellors_at_once(
    app: Flask, venue: Venue, case: Referral, adviser: User
) -> None:
    other = factories.a_user(Role.COUNSELLOR)
    factories.hours(other, weekday=1, begins="09:00", ends="17:00", venue=venue)
    second = a_case(other, adviser)
    wanted = first_free(case)
    booking.hold(case, wanted, adviser)
    assert first_free(second).begins > wanted.begins
    with pytest.raises(RuleBroken, match="just taken"):
        booking.hold(second, wanted, adviser)
    Venue.update(rooms=2).execute()
    booking.hold(second, first_free(second), adviser)
    assert {row.resource.split(":")[0] for row in TakenTime.select()} == {"user", "venue"}


@pytest.mark.parametrize(
    ("acts", "refused"),
    [
        (("book", "cancel", "cancel"), "cancelled already"),
        (("book", "cancel", "move"), "cancelled"),
        (("book", "book"), "booked already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(
    case: Referral, adviser: User, acts: tuple[str, ...], refused: str
) -> None:
    *before, last = acts
    for act in before:
        do(act, case, adviser)
    with pytest.raises(RuleBroken, match=refused):
        do(last, case, adviser)


def do(act: str, case: Referral, by: User) -> None:
    case = Referral.get_by_id(case.id)
    meeting = Meeting.select().order_by(Meeting.id.desc()).first()
    if act == "book":
        booking.confirm(booking.hold(case, first_free(case), by), by)
    elif act == "confirm":
        booking.confirm(meeting, by)
    elif act == "move":
        booking.move(meeting, first_free(case, 2), by)
    elif act == "cancel":
        booking.cancel(meeting, by)
    elif act == "attend":
        clock.set_to(meeting.ends_at)
        booking.held(meeting, by)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["book", "confirm", "move", "cancel", "attend"]), max_size=12))
def test_any_order_of_acts_leaves_the_sequence_rising_and_the_taken_time_in_step(
    case: Referral, adviser: User, acts: list[str]
) -> None:
    with db.atomic() as everything:
        clock.set_to(MONDAY)
        sequences: dict[int, int] = {}
        for act in acts:
            with contextlib.suppress(RuleBroken, AttributeError, IndexError):
                do(act, case, adviser)
            for meeting in Meeting.select():
                assert meeting.sequence >= sequences.get(meeting.id, 0)
                sequences[meeting.id] = meeting.sequence
            wanted = {
                (f"user:{meeting.organiser_id}", quantum)
                for meeting in Meeting.select().where(Meeting.state != MeetingState.CANCELLED)
                for quantum in times.quanta(meeting.begins_at, meeting.ends_at)
            }
            taken = {(row.resource, row.quantum) for row in TakenTime.select() if row.resource.startswith("user")}
            assert taken == wanted
        assert len({meeting.uid for meeting in Meeting.select()}) == Meeting.select().count()
        everything.rollback()


def test_the_free_times_of_one_counsellor_ask_as_many_questions_with_two_hundred_as_with_two(
    app: Flask, case: Referral, counsellor: User, venue: Venue, statements: list[str]
) -> None:
    modes = queries.modes_for(case)
    queries.free_times_of(counsellor, modes)
    few = len(statements)
    others = [factories.a_user(Role.COUNSELLOR) for _ in range(50)]
    rows = [
        {"resource": f"user:{other.id}", "quantum": quantum, "meeting": meeting}
        for meeting in [booking.hold(case, first_free(case), counsellor)]
        for other in others
        for quantum in range(1000)
    ]
    with db.atomic():
        for part in range(0, len(rows), 5000):
            TakenTime.insert_many(rows[part : part + 5000]).execute()
    statements.clear()
    queries.free_times_of(counsellor, modes)
    assert len(statements) <= few


def test_a_session_is_free_again_for_others_when_a_meeting_is_cancelled(case: Referral, adviser: User) -> None:
    wanted = first_free(case)
    do("book", case, adviser)
    assert first_free_begins(case) > wanted.begins
    do("cancel", case, adviser)
    assert first_free_begins(case) == wanted.begins


def first_free_begins(case: Referral) -> datetime:
    return queries.free_times_of(case.assigned_to, [Mode.FACE_TO_FACE])[0].begins


def test_later_sessions_may_be_by_telephone_and_the_first_may_not(case: Referral, adviser: User) -> None:
    assert queries.modes_for(case) == [Mode.FACE_TO_FACE]
    do("book", case, adviser)
    do("attend", case, adviser)
    assert queries.modes_for(case)[0] == Mode.TELEPHONE


def test_a_minute_of_the_hold_over_a_meeting_that_is_gone_is_answered_kindly(case: Referral, adviser: User) -> None:
    meeting = booking.hold(case, first_free(case), adviser)
    clock.set_to(clock.now() + timedelta(minutes=11))
    booking.let_go_of_old_holds()
    with pytest.raises(RuleBroken, match="Choose again"):
        booking.confirm(meeting, adviser)


# Hours that change while somebody books in them


def test_a_time_whose_hours_were_deleted_meanwhile_is_refused_kindly(
    case: Referral, adviser: User, counsellor: User
) -> None:
    wanted = first_free(case)
    hours.delete(Hours.get(), counsellor)
    with pytest.raises(RuleBroken, match="still free"):
        booking.hold(case, wanted, adviser)
    assert Meeting.select().count() == 0
    assert TakenTime.select().count() == 0


def test_a_time_that_was_kept_before_its_hours_were_deleted_can_still_be_booked(
    case: Referral, adviser: User, counsellor: User
) -> None:
    meeting = booking.hold(case, first_free(case), adviser)
    hours.delete(Hours.get(), counsellor)
    booking.confirm(meeting, adviser)
    assert Meeting.get().is_booked


def test_a_meeting_cannot_be_moved_to_a_time_whose_hours_were_deleted_and_stays_where_it_was(
    case: Referral, adviser: User, counsellor: User
) -> None:
    do("book", case, adviser)
    meeting = Meeting.get()
    wanted = first_free(Referral.get_by_id(case.id), 2)
    hours.delete(Hours.get(), counsellor)
    with pytest.raises(RuleBroken):
        booking.move(Meeting.get(), wanted, adviser)
    assert (Meeting.get().begins_at, Meeting.get().sequence) == (meeting.begins_at, 0)
    assert TakenTime.select().count() > 0


# Times that no reason mends


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        (datetime(2027, 5, 10, 7, 0, tzinfo=clock.LONDON), "over already"),
        (datetime(2028, 3, 26, 1, 30, tzinfo=clock.LONDON), "the clocks go forward then"),
    ],
)
def test_a_time_that_has_passed_or_never_is_cannot_be_agreed_on_whatever_the_reason(
    case: Referral, counsellor: User, begins: datetime, words: str
) -> None:
    wanted = booking.Wanted(begins, begins + timedelta(hours=1), Mode.FACE_TO_FACE, Venue.get())
    with pytest.raises(RuleBroken, match=words):
        booking.arrange(case, wanted, "We both like it", counsellor)
    assert Meeting.select().count() == 0


def test_a_meeting_of_a_group_is_not_moved_to_a_time_that_never_is(venue: Venue) -> None:
    organiser = factories.a_user(Role.PROGRESSION)
    begins = datetime(2027, 5, 12, 10, 0, tzinfo=clock.LONDON)
    meeting = Meeting.create(
        organiser=organiser, uid="one@signpost.example", begins_at=begins, ends_at=begins + timedelta(hours=1),
        mode=Mode.TEAMS, state=MeetingState.BOOKED,
    )  # fmt: skip
    gap = datetime(2028, 3, 26, 1, 30, tzinfo=clock.LONDON)
    with pytest.raises(RuleBroken, match="the clocks go forward then"):
        booking.reschedule(meeting, gap, 60, "", organiser)
    assert Meeting.get().begins_at == begins


# Groups that agreed on a time themselves


def test_a_group_that_agreed_on_a_time_is_invited_with_calendars_and_its_own_place(
    app: Flask, counsellor: User
) -> None:
    clock.set_to(MONDAY)
    late = booking.Wanted(MONDAY.replace(hour=20), MONDAY.replace(hour=21), Mode.FACE_TO_FACE)
    other = booking.Invited("Zoë Fairweather", "zoe@mail.example")

    meeting = booking.invite(counsellor, late, [other], counsellor, place="The library café")

    assert {one.email for one in queries.attendees(meeting)} == {counsellor.email, "zoe@mail.example"}
    notices = list(Notice.select().where(Notice.kind == "meeting_booked"))
    assert len(notices) == 2
    assert all("In person: The library café" in one.text for one in notices)
    assert all("LOCATION:The library café" in one.calendar for one in notices)


def test_whoever_invites_a_group_is_not_double_booked(app: Flask, counsellor: User) -> None:
    clock.set_to(MONDAY)
    wanted = booking.Wanted(MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=3), Mode.TELEPHONE)
    booking.invite(counsellor, wanted, [booking.Invited("A", "a@mail.example")], counsellor)

    with pytest.raises(RuleBroken, match="has another meeting then"):
        booking.invite(counsellor, wanted, [booking.Invited("B", "b@mail.example")], counsellor)

    assert Meeting.select().count() == 1
