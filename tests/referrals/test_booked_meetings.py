"""What becomes of a booked meeting when its case gets another counsellor, is closed, or loses its counsellor (A9, A10)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from models import (
    Attendance,
    CareersSession,
    Ending,
    LinkState,
    Meeting,
    MeetingState,
    Mode,
    Notice,
    NoticeState,
    Referral,
    Role,
    RoleHeld,
    Status,
    TakenTime,
    User,
    Venue,
)
from signpost import clock
from signpost.accounts import people
from signpost.errors import RuleBroken
from signpost.meetings import booking, falling_due, queries
from signpost.notices import delivery
from signpost.referrals import actions
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox, Received

Browsers = Callable[[User], Browser]

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)
TUESDAY_TEN = datetime(2027, 5, 11, 10, 0, tzinfo=clock.LONDON)


@pytest.fixture
def other(app: Flask) -> User:
    user = factories.a_user(Role.COUNSELLOR, name="Olga Other")
    factories.hours(user, weekday=2, begins="09:00", ends="17:00", venue=factories.a_venue("Medway"))
    return user


@pytest.fixture
def booked(app: Flask, mailbox: Mailbox, adviser: User, counsellor: User) -> Meeting:
    """A first meeting on Tuesday at ten; everyone was told an hour ago."""
    clock.set_to(MONDAY)
    venue = factories.a_venue("Brighton")
    factories.hours(counsellor, weekday=1, begins="10:00", ends="17:00", venue=venue)
    referral = factories.a_referral(trainee_email="sam@trainee.example", trainee_name="Sam Lee")
    actions.assign(referral, counsellor, adviser, referral.version)
    clock.set_to(MONDAY + timedelta(minutes=30))
    referral = Referral.get_by_id(referral.id)
    booking.confirm(booking.hold(referral, first_free(referral), counsellor), counsellor)
    deliver(app)
    mailbox.received.clear()
    clock.set_to(MONDAY + timedelta(hours=1))
    return Meeting.get()


def first_free(referral: Referral) -> booking.Wanted:
    free = queries.free_times_of(referral.assigned_to, queries.modes_for(referral))[0]
    return booking.Wanted(free.begins, free.ends, Mode(free.mode), Venue.get_or_none(Venue.public_id == free.venue))


def deliver(app: Flask) -> None:
    with app.app_context():
        delivery.send_due()


def pass_the_undo_minute() -> None:
    clock.set_to(clock.now() + timedelta(seconds=61))


def reassign(to: User, by: User, reason: str = "Closer by") -> None:
    referral = Referral.get()
    actions.assign(referral, to, by, referral.version, reason)


def entry_of(message: Received) -> dict[str, str]:
    """The calendar entry of a message, by an independent parser; empty where it has none."""
    parts = [part for part in message.message.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return {}
    assert len(parts) == 1
    parsed = Calendar.from_ical(parts[0].get_content())
    event = parsed.walk("VEVENT")[0]
    return {"method": str(parsed["METHOD"]), "uid": str(event["UID"]), "sequence": str(event["SEQUENCE"])}


def by_address(mailbox: Mailbox) -> dict[str, Received]:
    """What each person got: one message each."""
    addresses = [message.recipients[0] for message in mailbox.received]
    assert len(set(addresses)) == len(addresses), "nobody gets two"
    return {message.recipients[0]: message for message in mailbox.received}


# Another counsellor


def test_a_change_of_counsellor_cancels_the_meeting_with_the_one_before_in_one_message_each(
    app: Flask, mailbox: Mailbox, booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    reassign(other, adviser)
    deliver(app)
    assert not mailbox.received, "nothing leaves within the undo minute"
    pass_the_undo_minute()
    deliver(app)

    got = by_address(mailbox)
    assert set(got) == {"sam@trainee.example", counsellor.email, other.email}
    cancelled = {"method": "CANCEL", "uid": booked.uid, "sequence": "1"}
    assert entry_of(got["sam@trainee.example"]) == entry_of(got[counsellor.email]) == cancelled
    assert entry_of(got[other.email]) == {}, "who was not to come has nothing to cancel"
    to_trainee = " ".join(got["sam@trainee.example"].text.split())
    assert "Your meeting with Chris Counsellor on Tuesday 11 May 2027 at 10am is cancelled" in to_trainee
    assert "Choose a new time with Olga Other" in to_trainee
    assert "/links/" in to_trainee
    assert "Brighton" not in to_trainee
    assert "The meeting on Tuesday 11 May 2027 at 10am is cancelled" in " ".join(got[counsellor.email].text.split())


def test_afterwards_the_time_is_free_and_the_trainee_books_with_the_new_counsellor(
    app: Flask, booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    reassign(other, adviser)
    meeting = Meeting.get()
    assert (meeting.state, meeting.sequence) == (MeetingState.CANCELLED, 1)
    assert TakenTime.select().count() == 0
    assert Referral.get().status == Status.ASSIGNED
    assert queries.free_times_of(counsellor, [Mode.FACE_TO_FACE])[0].begins == TUESDAY_TEN
    pass_the_undo_minute()
    referral = Referral.get()
    booking.confirm(booking.hold(referral, first_free(referral), other), other)
    assert queries.to_come(Referral.get()).organiser == other


def test_undone_within_the_minute_the_meeting_stands_as_if_nothing_had_been(
    app: Flask, mailbox: Mailbox, booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    taken = sorted((row.resource, row.quantum) for row in TakenTime.select())
    reassign(other, adviser)
    clock.set_to(clock.now() + timedelta(seconds=30))
    actions.undo_assignment(Referral.get(), by=adviser)

    meeting = Meeting.get()
    assert meeting.is_booked
    assert sorted((row.resource, row.quantum) for row in TakenTime.select()) == taken
    assert (Referral.get().assigned_to, Referral.get().status) == (counsellor, Status.FIRST_MEETING_BOOKED)
    pass_the_undo_minute()
    deliver(app)
    assert not mailbox.received, "nobody hears of it"
    booking.move(meeting, first_free(Referral.get()), counsellor)
    deliver(app)
    assert {entry_of(message)["sequence"] for message in mailbox.received} == {"2"}, "the sequence still rises"


def test_an_undo_is_refused_where_somebody_took_the_time_meanwhile_and_all_stays_as_it_was_to_be(
    app: Flask, mailbox: Mailbox, booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    second = factories.a_referral()
    with clock.at(MONDAY):
        actions.assign(second, counsellor, adviser, second.version)
    reassign(other, adviser)
    second = Referral.get_by_id(second.id)
    booking.confirm(booking.hold(second, first_free(second), counsellor), counsellor)
    with pytest.raises(RuleBroken, match="taken the time of the meeting"):
        actions.undo_assignment(Referral.get(), by=adviser)
    first = Referral.get()
    assert first.assigned_to == other
    assert Meeting.get_by_id(booked.id).state == MeetingState.CANCELLED
    waiting = Notice.select().where((Notice.referral == first) & (Notice.state == NoticeState.QUEUED))
    assert {"reassigned_trainee", "assigned_counsellor", "unassigned_counsellor"} <= {one.kind for one in waiting}


def test_an_undo_is_refused_where_the_trainee_booked_with_the_new_counsellor_meanwhile(
    booked: Meeting, adviser: User, other: User
) -> None:
    reassign(other, adviser)
    referral = Referral.get()
    booking.confirm(booking.hold(referral, first_free(referral), other), other)
    with pytest.raises(RuleBroken, match="A meeting with Olga Other was booked in the meantime"):
        actions.undo_assignment(Referral.get(), by=adviser)
    assert Referral.get().assigned_to == other


def test_a_first_assignment_is_not_undone_under_a_meeting_either(
    app: Flask, adviser: User, counsellor: User, other: User
) -> None:
    clock.set_to(MONDAY)
    referral = factories.a_referral()
    actions.assign(referral, other, adviser, referral.version)
    booking.confirm(booking.hold(referral, first_free(referral), other), other)
    with pytest.raises(RuleBroken, match="booked in the meantime"):
        actions.undo_assignment(Referral.get(), by=adviser)


def test_past_meetings_are_not_touched_and_whoever_has_the_case_says_that_they_were_held(
    app: Flask, browser_of: Browsers, mailbox: Mailbox, booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    clock.set_to(booked.ends_at + timedelta(hours=1))
    reassign(other, adviser)
    pass_the_undo_minute()
    deliver(app)
    assert all(entry_of(message) == {} for message in mailbox.received)
    meeting = Meeting.get()
    assert (meeting.state, meeting.sequence) == (MeetingState.BOOKED, 0)
    assert queries.needing(other) == [meeting]
    assert queries.needing(counsellor) == []
    at_other = browser_of(other)
    at_other.get(f"/meetings/{meeting.public_id}")
    at_other.press("Open the session")
    at_other.press("I have explained this")
    at_other.get(f"/careers-sessions/{CareersSession.get().public_id}/finish")
    at_other.press("Finish the session")
    assert Meeting.get().attendance == Attendance.HELD
    assert Referral.get().status == Status.IN_PROGRESS
    at_earlier = browser_of(counsellor)
    assert at_earlier.submit(f"/meetings/{meeting.public_id}/attendance", attendance="trainee").status_code == 404


def test_a_later_session_is_cancelled_and_the_case_stays_in_progress(
    booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    clock.set_to(booked.ends_at)
    booking.held(booked, counsellor)
    referral = Referral.get()
    booking.confirm(booking.hold(referral, first_free_face_to_face(referral), counsellor), counsellor)
    reassign(other, adviser)
    assert Referral.get().status == Status.IN_PROGRESS
    assert queries.to_come(Referral.get()) is None
    assert queries.held_count(Referral.get()) == 1
    actions.undo_assignment(Referral.get(), by=adviser)
    assert Referral.get().status == Status.IN_PROGRESS
    assert queries.to_come(Referral.get()) is not None


def first_free_face_to_face(referral: Referral) -> booking.Wanted:
    free = queries.free_times_of(referral.assigned_to, [Mode.FACE_TO_FACE])[0]
    return booking.Wanted(free.begins, free.ends, Mode.FACE_TO_FACE, Venue.get(Venue.public_id == free.venue))


def test_a_time_that_is_only_kept_cannot_be_booked_once_somebody_else_supports_the_trainee(
    app: Flask, adviser: User, counsellor: User, other: User, booked: Meeting
) -> None:
    booking.cancel(booked, counsellor)
    referral = Referral.get()
    kept = booking.hold(referral, first_free(referral), counsellor)
    reassign(other, adviser)
    with pytest.raises(RuleBroken, match="somebody else supports you now"):
        booking.confirm(kept, counsellor)
    assert queries.to_come(Referral.get()) is None
    actions.undo_assignment(Referral.get(), by=adviser)
    booking.confirm(Meeting.get_by_id(kept.id), counsellor)
    assert queries.to_come(Referral.get()).id == kept.id


def test_a_time_that_is_only_kept_cannot_be_booked_once_the_referral_is_closed(
    adviser: User, counsellor: User, booked: Meeting
) -> None:
    booking.cancel(booked, counsellor)
    referral = Referral.get()
    kept = booking.hold(referral, first_free(referral), counsellor)
    actions.close(referral, Ending.LEFT_PROGRAMME, adviser, referral.version)
    with pytest.raises(RuleBroken, match="the referral was closed"):
        booking.confirm(kept, counsellor)


def test_the_adviser_reads_beforehand_what_becomes_of_the_meeting(
    browser_of: Browsers, booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    at_adviser = browser_of(adviser)
    referral = Referral.get()
    at_adviser.get(f"/referrals/{referral.public_id}/assignment")
    words = at_adviser.page.text
    assert (
        "A meeting with Chris Counsellor is booked for Tuesday 11 May 2027, 10am. It is cancelled with the change"
        in words
    )
    assert "Your meeting with Chris Counsellor on Tuesday 11 May 2027 at 10am is cancelled" in words
    assert Meeting.get().is_booked, "a preview changes nothing"
    at_adviser.get(f"/referrals/{referral.public_id}/closure")
    assert (
        "A meeting with Chris Counsellor is booked for Tuesday 11 May 2027, 10am. It is cancelled, and"
        in at_adviser.page.text
    )
    at_adviser.get(f"/referrals/inbox/assignment?id={referral.public_id}&counsellor={other.public_id}&reason=Away")
    assert "The meeting with Chris Counsellor on Tuesday 11 May 2027, 10am, is cancelled" in at_adviser.page.text
    at_adviser.get(f"/referrals/inbox/closure?id={referral.public_id}&ending=left_programme")
    assert "The meeting with Chris Counsellor on Tuesday 11 May 2027, 10am, is cancelled" in at_adviser.page.text


def test_many_that_are_reassigned_at_once_each_lose_their_meeting_and_get_it_back_by_one_undo(
    booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    second = factories.a_referral()
    with clock.at(MONDAY):
        actions.assign(second, counsellor, adviser, second.version)
    second = Referral.get_by_id(second.id)
    booking.confirm(booking.hold(second, first_free(second), counsellor), counsellor)
    chosen = list(Referral.select().order_by(Referral.id))
    outcome = actions.for_each(
        chosen, lambda one, batch: actions.assign(one, other, adviser, one.version, "Away", batch)
    )
    assert not outcome.refused
    assert {one.state for one in Meeting.select()} == {MeetingState.CANCELLED}
    event = actions.queries.last_event(chosen[0], "referral.reassigned")
    actions.undo(event, by=adviser)
    assert {one.state for one in Meeting.select()} == {MeetingState.BOOKED}
    assert {one.assigned_to for one in Referral.select()} == {counsellor}


def test_teams_keeps_its_meeting_until_the_undo_minute_is_over(
    booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    made = {"mode": Mode.TEAMS, "venue": None, "provider_id": "theirs", "link_state": LinkState.READY}
    Meeting.update(made).execute()
    before = clock.now()
    reassign(other, adviser)
    assert Meeting.get().link_due_at >= before + timedelta(minutes=1)
    actions.undo_assignment(Referral.get(), by=adviser)
    meeting = Meeting.get()
    assert (meeting.link_state, meeting.provider_id) == (LinkState.READY, "theirs"), "the link is kept"


def test_a_letter_that_told_of_the_cancelling_and_never_left_is_made_good_by_the_next_one(
    app: Flask, mailbox: Mailbox, booked: Meeting, adviser: User, other: User
) -> None:
    third = factories.a_user(Role.COUNSELLOR, name="Thea Third")
    reassign(other, adviser)
    pass_the_undo_minute()
    mailbox.answer = "451 4.3.0 later"
    deliver(app)
    reassign(third, adviser)
    pass_the_undo_minute()
    mailbox.answer = ""
    clock.set_to(clock.now() + timedelta(hours=1))
    deliver(app)
    to_trainee = mailbox.to("sam@trainee.example")
    assert len(to_trainee) == 1
    assert "Thea Third will support you" in to_trainee[0].text
    assert entry_of(to_trainee[0])["method"] == "CANCEL"


# A letter that is no longer true


def test_a_delayed_letter_about_the_counsellor_before_is_withheld(
    app: Flask, mailbox: Mailbox, adviser: User, counsellor: User, other: User
) -> None:
    clock.set_to(MONDAY)
    referral = factories.a_referral(trainee_email="sam@trainee.example")
    actions.assign(referral, counsellor, adviser, referral.version)
    pass_the_undo_minute()
    mailbox.answer = "451 4.3.0 later"
    deliver(app)
    reassign(other, adviser)
    pass_the_undo_minute()
    mailbox.answer = ""
    clock.set_to(clock.now() + timedelta(hours=2))
    deliver(app)
    said = [message.text for message in mailbox.to("sam@trainee.example") if "will support you" in message.text]
    assert len(said) == 1
    assert "Olga Other will support you" in said[0]
    assert Notice.get(Notice.kind == "assigned_trainee").state == NoticeState.WITHHELD


def test_while_the_change_can_still_be_undone_the_letter_about_the_one_before_may_go(
    app: Flask, mailbox: Mailbox, adviser: User, counsellor: User, other: User
) -> None:
    clock.set_to(MONDAY)
    referral = factories.a_referral(trainee_email="sam@trainee.example")
    actions.assign(referral, counsellor, adviser, referral.version)
    pass_the_undo_minute()
    reassign(other, adviser)
    deliver(app)
    actions.undo_assignment(Referral.get(), by=adviser)
    assert Notice.get(Notice.kind == "assigned_trainee").state == NoticeState.SENT
    assert Referral.get().assigned_to == counsellor


# Closed


@pytest.mark.parametrize("ending", [Ending.UNABLE_TO_CONTACT, Ending.LEFT_PROGRAMME, Ending.WITHDREW_PART_WAY])
def test_a_closed_case_has_no_meeting_any_more_and_both_calendars_are_told(
    app: Flask, mailbox: Mailbox, booked: Meeting, adviser: User, counsellor: User, ending: Ending
) -> None:
    referral = Referral.get()
    actions.close(referral, ending, adviser, referral.version)
    assert Meeting.get().state == MeetingState.CANCELLED
    assert TakenTime.select().count() == 0
    deliver(app)
    assert not mailbox.received
    pass_the_undo_minute()
    deliver(app)
    got = by_address(mailbox)
    assert set(got) == {"sam@trainee.example", counsellor.email}, "the referrer never hears of it"
    cancelled = {"method": "CANCEL", "uid": booked.uid, "sequence": "1"}
    assert entry_of(got["sam@trainee.example"]) == entry_of(got[counsellor.email]) == cancelled
    assert "is cancelled" in got["sam@trainee.example"].text
    assert falling_due.remind(falling_due.reminder_due_at(booked.begins_at)) == 0


def test_a_duplicate_loses_its_meeting_too(booked: Meeting, adviser: User, counsellor: User) -> None:
    again = factories.a_referral(trainee_email="sam@trainee.example")
    referral = Referral.get_by_id(booked.referral_id)
    actions.close(referral, Ending.DUPLICATE, adviser, referral.version, duplicate_of=again)
    assert Meeting.get().state == MeetingState.CANCELLED


def test_an_undone_closing_gives_the_meeting_back(app: Flask, mailbox: Mailbox, booked: Meeting, adviser: User) -> None:
    referral = Referral.get()
    actions.close(referral, Ending.LEFT_PROGRAMME, adviser, referral.version)
    actions.undo_closing(Referral.get(), by=adviser)
    assert Meeting.get().is_booked
    assert Referral.get().status == Status.FIRST_MEETING_BOOKED
    assert TakenTime.select().count() > 0
    pass_the_undo_minute()
    deliver(app)
    assert not mailbox.received


def test_an_undone_closing_is_refused_where_the_time_is_taken(booked: Meeting, adviser: User, counsellor: User) -> None:
    second = factories.a_referral()
    with clock.at(MONDAY):
        actions.assign(second, counsellor, adviser, second.version)
    first = Referral.get_by_id(booked.referral_id)
    actions.close(first, Ending.LEFT_PROGRAMME, adviser, first.version)
    second = Referral.get_by_id(second.id)
    booking.confirm(booking.hold(second, first_free(second), counsellor), counsellor)
    with pytest.raises(RuleBroken, match="taken the time"):
        actions.undo_closing(Referral.get_by_id(first.id), by=adviser)
    assert Referral.get_by_id(first.id).is_closed


def test_nothing_is_cancelled_of_what_was_held_when_a_case_is_closed(
    booked: Meeting, adviser: User, counsellor: User
) -> None:
    clock.set_to(booked.ends_at)
    booking.held(booked, counsellor)
    referral = Referral.get()
    actions.close(referral, Ending.WITHDREW_PART_WAY, adviser, referral.version)
    assert (Meeting.get().state, Meeting.get().attendance) == (MeetingState.BOOKED, Attendance.HELD)


# A counsellor who has left


def close_account(counsellor: User, by: User) -> None:
    people.disable(counsellor, by=by, expected_version=counsellor.version)


def take_the_role(counsellor: User, by: User) -> None:
    held = RoleHeld.get((RoleHeld.user == counsellor) & (RoleHeld.role == Role.COUNSELLOR))
    people.take_role(counsellor, held, by=by, expected_version=counsellor.version)


@pytest.mark.parametrize("leave", [close_account, take_the_role])
def test_when_a_counsellor_leaves_their_meetings_are_cancelled_and_nothing_can_be_booked_with_them(
    app: Flask,
    mailbox: Mailbox,
    booked: Meeting,
    counsellor: User,
    adviser: User,
    other: User,
    administrator: User,
    leave: Callable[[User, User], None],
) -> None:
    leave(counsellor, administrator)
    deliver(app)
    assert Meeting.get().state == MeetingState.CANCELLED
    assert TakenTime.select().count() == 0
    got = by_address(mailbox)
    assert set(got) == {"sam@trainee.example", counsellor.email}
    cancelled = {"method": "CANCEL", "uid": booked.uid, "sequence": "1"}
    assert entry_of(got["sam@trainee.example"]) == entry_of(got[counsellor.email]) == cancelled
    assert "chooses somebody else to support you" in " ".join(got["sam@trainee.example"].text.split())
    assert "chooses somebody else" not in " ".join(got[counsellor.email].text.split())
    referral = Referral.get()
    assert referral.status == Status.ASSIGNED
    with pytest.raises(RuleBroken, match="not here any more"):
        booking.refuse_another(referral)
    clock.set_to(clock.now() + timedelta(days=8))
    assert falling_due.nudge(clock.now()) == 0, "nobody is asked to book with somebody who has left"
    reassign(other, adviser)
    pass_the_undo_minute()
    booking.refuse_another(Referral.get())


def test_the_trainee_s_page_offers_no_time_of_a_counsellor_who_has_left(
    app: Flask, client: Browser, mailbox: Mailbox, booked: Meeting, counsellor: User, administrator: User
) -> None:
    close_account(counsellor, administrator)
    deliver(app)
    actions.send_link_again(Referral.get(), by=administrator)
    deliver(app)
    link = next(
        line for line in mailbox.to("sam@trainee.example")[-1].text.splitlines() if "/links/" in line
    ).removeprefix("http://localhost")
    client.get(link)
    assert "who is choosing a counsellor for you" in client.page.text
    assert f"{counsellor.name} will support you" not in client.page.text
    assert "Choose a time" not in client.page.text
    assert client.get(f"{link}/times").status_code == 409


def test_a_role_of_another_kind_that_is_taken_leaves_the_meetings_alone(
    booked: Meeting, counsellor: User, administrator: User
) -> None:
    held = factories.give(counsellor, Role.MENTOR)
    people.take_role(counsellor, held, by=administrator, expected_version=counsellor.version)
    assert Meeting.get().is_booked


def test_a_meeting_that_is_over_stays_when_the_counsellor_leaves(
    booked: Meeting, counsellor: User, administrator: User
) -> None:
    clock.set_to(booked.ends_at)
    close_account(counsellor, administrator)
    assert Meeting.get().is_booked


# What the referrer reads of a case that ended


@pytest.mark.parametrize("ending", [Ending.UNABLE_TO_CONTACT, Ending.LEFT_PROGRAMME, Ending.WITHDREW_PART_WAY])
def test_the_referrer_never_reads_that_support_which_had_begun_is_over(
    browser_of: Browsers, booked: Meeting, adviser: User, ending: Ending
) -> None:
    referral = Referral.get()
    actions.close(referral, ending, adviser, referral.version)
    at_referrer = browser_of(referral.referred_by)
    for path in ("/referrals", f"/referrals/{referral.public_id}"):
        at_referrer.get(path)
        assert "With the careers team" in at_referrer.page.text
        assert "Not going ahead" not in at_referrer.page.text


def test_the_referrer_reads_that_what_never_began_is_not_going_ahead(
    browser_of: Browsers, booked: Meeting, adviser: User, counsellor: User
) -> None:
    booking.cancel(booked, counsellor)
    referral = Referral.get()
    actions.close(referral, Ending.UNABLE_TO_CONTACT, adviser, referral.version)
    at_referrer = browser_of(referral.referred_by)
    for path in ("/referrals", f"/referrals/{referral.public_id}"):
        at_referrer.get(path)
        assert "Not going ahead" in at_referrer.page.text


def test_what_was_closed_reopened_and_closed_again_is_judged_by_the_last_time(
    browser_of: Browsers, booked: Meeting, adviser: User, counsellor: User
) -> None:
    referral = Referral.get()
    actions.close(referral, Ending.UNABLE_TO_CONTACT, adviser, referral.version)
    actions.undo_closing(Referral.get(), by=adviser)
    booking.cancel(Meeting.get(), counsellor)
    referral = Referral.get()
    actions.close(referral, Ending.UNABLE_TO_CONTACT, adviser, referral.version)
    assert actions.queries.had_begun([Referral.get()]) == set()


# Two advisers


def test_the_second_of_two_advisers_who_assign_reads_who_was_faster(
    browser_of: Browsers, app: Flask, adviser: User, counsellor: User, other: User
) -> None:
    clock.set_to(MONDAY)
    referral = factories.a_referral()
    second = factories.a_user(Role.SENIOR_ADVISER, name="Zed Second")
    at_second = browser_of(second)
    at_second.get(f"/referrals/{referral.public_id}/assignment")
    actions.assign(referral, counsellor, adviser, referral.version)
    response = at_second.press("Assign this counsellor", counsellor=other.public_id)
    assert response.status_code == 409
    assert "Alex Adviser assigned Chris Counsellor at 8am, while you were choosing" in at_second.page.text
    assert "Enter why" not in at_second.page.text


def test_an_adviser_who_presses_twice_reads_that_it_was_their_own_press(
    browser_of: Browsers, adviser: User, counsellor: User
) -> None:
    clock.set_to(MONDAY)
    path = f"/referrals/{factories.a_referral().public_id}/assignment"
    at_adviser = browser_of(adviser)
    for status in (303, 409):
        sent = {"version": "1", "counsellor": counsellor.public_id}
        assert at_adviser.submit(path, **sent).status_code == status
    assert "You assigned Chris Counsellor at 8am already. Nobody gets a second email." in at_adviser.page.text


def test_the_second_of_two_advisers_who_change_the_counsellor_reads_who_was_faster(
    browser_of: Browsers, booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    third = factories.a_user(Role.COUNSELLOR)
    at_second = browser_of(factories.a_user(Role.SENIOR_ADVISER))
    referral = Referral.get()
    at_second.get(f"/referrals/{referral.public_id}/assignment")
    reassign(other, adviser)
    response = at_second.press("Change the counsellor", counsellor=third.public_id, reason="")
    assert response.status_code == 409
    assert "Alex Adviser assigned Olga Other at 9am, while you were choosing" in at_second.page.text
    assert Referral.get().assigned_to == other


def test_a_change_of_another_kind_is_said_as_such(
    browser_of: Browsers, booked: Meeting, adviser: User, other: User
) -> None:
    at_adviser = browser_of(adviser)
    referral = Referral.get()
    at_adviser.get(f"/referrals/{referral.public_id}/assignment")
    actions.correct_trainee_address(referral, "right@trainee.example", adviser, referral.version)
    response = at_adviser.press("Change the counsellor", counsellor=other.public_id, reason="Away")
    assert response.status_code == 409
    assert "while you were choosing" not in at_adviser.page.text
    assert "Somebody changed this referral" in at_adviser.page.text


def test_within_the_undo_minute_the_trainee_reads_of_neither_counsellor(
    app: Flask, client: Browser, mailbox: Mailbox, booked: Meeting, adviser: User, counsellor: User, other: User
) -> None:
    actions.send_link_again(Referral.get(), by=adviser)
    deliver(app)
    lines = mailbox.to("sam@trainee.example")[-1].text.splitlines()
    link = next(line for line in lines if "/links/" in line).removeprefix("http://localhost")
    reassign(other, adviser)
    client.get(link)
    assert "who is choosing a counsellor for you" in client.page.text
    assert other.name not in client.page.text
    assert client.get(f"{link}/times").status_code == 409
    assert "There is no counsellor yet" in client.page.text
    pass_the_undo_minute()
    client.get(link)
    assert "Olga Other will support you" in client.page.text
