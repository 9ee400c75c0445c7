"""A trainee books, moves and cancels a first meeting; everyone's calendar follows; the counsellor says that it was held."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from models import Meeting, MeetingState, Mode, Referral, Status, TakenTime, User, Venue
from signpost import clock
from signpost.meetings import booking, falling_due, link_jobs, queries
from signpost.notices import delivery
from signpost.referrals import actions
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox, Received

Browsers = Callable[[User], Browser]

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)


def deliver(app: Flask) -> None:
    with app.app_context():
        link_jobs.do_due()
        delivery.send_due()


def calendar_of(message: Received) -> dict[str, str]:
    """The event of the calendar part, by an independent parser."""
    parts = [part for part in message.message.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) == 1
    parsed = Calendar.from_ical(parts[0].get_content())
    event = parsed.walk("VEVENT")[0]
    return {
        "method": str(parsed["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": str(event["SEQUENCE"]),
        "summary": str(event["SUMMARY"]),
        "location": str(event.get("LOCATION", "")),
        "url": str(event.get("URL", "")),
        "starts": event["DTSTART"].dt.isoformat(),
    }


@pytest.fixture
def assigned(app: Flask, adviser: User, counsellor: User) -> Referral:
    """A referral whose counsellor sees trainees on Tuesdays, face to face, and was assigned an hour ago."""
    clock.set_to(MONDAY)
    venue = Venue.create(name="Brighton; the \\office, 2nd floor 🙂")
    factories.hours(counsellor, weekday=1, begins="09:00", ends="12:00", venue=venue, minutes=60)
    factories.hours(counsellor, weekday=2, begins="13:00", ends="15:00", mode="telephone", minutes=60)
    referral = factories.a_referral()
    actions.assign(referral, counsellor, adviser, referral.version)
    clock.set_to(MONDAY + timedelta(hours=1))
    return Referral.get_by_id(referral.id)


def own_link(mailbox: Mailbox, referral: Referral) -> str:
    texts = [message.text for message in mailbox.to(referral.trainee_email) if "/links/" in message.text]
    return next(line for line in texts[-1].splitlines() if "/links/" in line).removeprefix("http://localhost")


def first_choice(client: Browser) -> str:
    form = client.page.form_with("Keep this time for me")
    assert form
    return next(value for value in client.page.radio_values("time"))


def test_a_trainee_books_moves_and_cancels_by_their_link_and_one_calendar_entry_follows(
    app: Flask, client: Browser, mailbox: Mailbox, assigned: Referral, counsellor: User
) -> None:
    deliver(app)
    mailbox_before = len(mailbox.received)
    link = own_link(mailbox, assigned)
    client.get(link)
    client.get(client.page.link("Choose a time"))
    assert "face to face" in client.page.text
    client.press("Keep this time for me", time=first_choice(client))
    assert client.page.h1 == "Book this time"
    assert Meeting.get().state == MeetingState.HELD_FOR_SOMEBODY
    client.press("Book this meeting")
    meeting = Meeting.get()
    assert meeting.state == MeetingState.BOOKED
    assert meeting.begins_at.astimezone(clock.LONDON) == datetime(2027, 5, 11, 10, 0, tzinfo=clock.LONDON)
    assert Referral.get().status == Status.FIRST_MEETING_BOOKED
    assert Referral.get().accepted_at is not None

    deliver(app)
    booked = mailbox.received[mailbox_before:]
    assert sorted(message.recipients[0] for message in booked) == sorted([assigned.trainee_email, counsellor.email])
    entry = calendar_of(booked[0])
    assert entry["method"] == "REQUEST"
    assert entry["summary"] == "Meeting"
    assert entry["location"] == "Brighton; the \\office, 2nd floor 🙂"
    assert entry["sequence"] == "0"
    assert assigned.request not in booked[0].raw.decode(errors="replace")

    client.get(link)
    client.get(client.page.link("Move it"))
    client.press("Move the meeting", time=client.page.radio_values("time")[-1])
    deliver(app)
    moved = calendar_of(mailbox.received[-1])
    assert (moved["uid"], moved["sequence"], moved["method"]) == (entry["uid"], "1", "REQUEST")
    assert moved["starts"] != entry["starts"]

    client.get(link)
    client.get(client.page.link("Cancel it"))
    client.press("Cancel the meeting")
    deliver(app)
    cancelled = calendar_of(mailbox.received[-1])
    assert (cancelled["uid"], cancelled["sequence"], cancelled["method"]) == (entry["uid"], "2", "CANCEL")
    assert TakenTime.select().count() == 0
    assert Referral.get().status == Status.ASSIGNED

    assert client.post(f"{link}/meetings/{meeting.public_id}/confirmation").status_code in (400, 409)
    assert Meeting.get().state == MeetingState.CANCELLED, "a dead link revives nothing"


def test_of_two_who_press_the_same_time_one_gets_it_and_the_other_kind_words(
    app: Flask, assigned: Referral, adviser: User, counsellor: User
) -> None:
    other = factories.a_referral()
    actions.assign(other, counsellor, adviser, other.version)
    free = queries.free_times_of(counsellor, queries.modes_for(assigned))[0]
    venue = Venue.get(Venue.public_id == free.venue)
    wanted = booking.Wanted(free.begins, free.ends, queries.modes_for(assigned)[0], venue)
    booking.hold(assigned, wanted, adviser)
    with pytest.raises(booking.RuleBroken, match="just taken that time"):
        booking.hold(other, wanted, adviser)
    assert Meeting.select().count() == 1


def test_the_page_of_a_meeting_says_who_moved_and_cancelled_it_and_why_to_the_counsellor_alone(
    app: Flask, browser_of: Browsers, assigned: Referral, counsellor: User, trainee: User
) -> None:
    Referral.update(trainee=trainee).execute()
    case = Referral.get()
    first, second = queries.free_times_of(counsellor, queries.modes_for(case))[:2]
    venue = Venue.get()
    meeting = booking.hold(case, booking.Wanted(first.begins, first.ends, Mode.FACE_TO_FACE, venue), trainee)
    booking.confirm(meeting, trainee)
    booking.move(
        Meeting.get(), booking.Wanted(second.begins, second.ends, Mode.FACE_TO_FACE, venue), trainee, "On call"
    )
    booking.cancel(Meeting.get(), counsellor)
    for reader, why in ((counsellor, True), (trainee, False)):
        page = browser_of(reader)
        page.get(f"/meetings/{meeting.public_id}")
        assert f"{trainee.name} booked the meeting" in page.page.text
        assert f"{trainee.name} moved the meeting" in page.page.text
        assert f"{counsellor.name} cancelled the meeting" in page.page.text
        assert ("On call" in page.page.text) == why


def test_a_trainee_who_goes_back_is_offered_the_time_that_is_kept_for_them_and_nobody_else_is(
    app: Flask, client: Browser, mailbox: Mailbox, assigned: Referral, adviser: User, counsellor: User
) -> None:
    deliver(app)
    link = own_link(mailbox, assigned)
    client.get(f"{link}/times")
    offered = client.page.radio_values("time")
    client.press("Keep this time for me", time=offered[0])
    kept = f"{link}/meetings/{Meeting.get().public_id}/confirmation"

    client.get(f"{link}/times")
    assert client.page.radio_values("time") == offered
    assert client.page.text.count("kept for you") == 1
    client.press("Keep this time for me", time=offered[0])
    assert client.page.h1 == "Book this time"
    assert Meeting.select().count() == 1
    assert client.get(kept).status_code == 404, "only the last one that was chosen is kept"
    assert "Choose a time again" in client.page.text

    other = factories.a_referral()
    actions.assign(other, counsellor, adviser, other.version)
    assert queries.free_times_of(counsellor, queries.modes_for(other))[0].begins > Meeting.get().begins_at


def test_a_trainee_who_presses_twice_ends_where_one_press_leads(
    app: Flask, client: Browser, mailbox: Mailbox, assigned: Referral
) -> None:
    deliver(app)
    link = own_link(mailbox, assigned)
    client.get(f"{link}/times")
    times = client.page.radio_values("time")
    for _ in range(2):
        assert client.submit(f"{link}/times", time=times[0]).location.endswith("/confirmation")
    meeting = f"{link}/meetings/{Meeting.get().public_id}"
    for _ in range(2):
        assert client.submit(f"{meeting}/confirmation").location == link

    client.get(f"{meeting}/time")
    assert client.page.text.count("as it is now") == 1
    for _ in range(2):
        assert client.submit(f"{meeting}/time", time=times[-1]).location == link
    assert Meeting.get().sequence == 1


def test_a_time_that_was_kept_is_free_again_after_ten_minutes(
    app: Flask, assigned: Referral, adviser: User, counsellor: User
) -> None:
    modes = queries.modes_for(assigned)
    before = queries.free_times_of(counsellor, modes)
    free = before[0]
    wanted = booking.Wanted(free.begins, free.ends, modes[0], Venue.get(Venue.public_id == free.venue))
    booking.hold(assigned, wanted, adviser)
    assert free not in queries.free_times_of(counsellor, modes)
    clock.set_to(clock.now() + timedelta(minutes=11))
    assert free in queries.free_times_of(counsellor, modes)


def test_only_a_session_held_counts_and_the_referrer_never_reads_of_it(
    app: Flask, browser_of: Browsers, assigned: Referral, counsellor: User
) -> None:
    free = queries.free_times_of(counsellor, queries.modes_for(assigned))[0]
    venue = Venue.get(Venue.public_id == free.venue)
    meeting = booking.hold(
        assigned, booking.Wanted(free.begins, free.ends, queries.modes_for(assigned)[0], venue), counsellor
    )
    booking.confirm(meeting, counsellor, on_request=True)
    clock.set_to(meeting.ends_at + timedelta(minutes=5))
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/meetings/{meeting.public_id}")
    at_counsellor.press("It did not take place", attendance="trainee")
    assert queries.held_count(assigned) == 0
    refused = at_counsellor.submit(f"/meetings/{meeting.public_id}/attendance", attendance="held")
    assert refused.status_code == 422
    assert queries.held_count(assigned) == 0, "only the record of its session says so (A17)"
    booking.held(Meeting.get(), counsellor)
    assert queries.held_count(assigned) == 1
    assert Referral.get().status == Status.IN_PROGRESS
    at_referrer = browser_of(assigned.referred_by)
    at_referrer.get(f"/referrals/{assigned.public_id}")
    assert "With the careers team" in at_referrer.page.text
    assert "held" not in at_referrer.page.text
    assert at_referrer.get(f"/meetings/{meeting.public_id}").status_code == 404


def test_everyone_is_reminded_once_the_working_day_before(
    app: Flask, mailbox: Mailbox, assigned: Referral, counsellor: User
) -> None:
    free = queries.free_times_of(counsellor, queries.modes_for(assigned))[0]
    venue = Venue.get(Venue.public_id == free.venue)
    meeting = booking.hold(
        assigned, booking.Wanted(free.begins, free.ends, queries.modes_for(assigned)[0], venue), counsellor
    )
    booking.confirm(meeting, counsellor, on_request=True)
    due = falling_due.reminder_due_at(meeting.begins_at)
    assert falling_due.remind(due - timedelta(minutes=1)) == 0
    assert falling_due.remind(due) == 1
    assert falling_due.remind(due) == 0


def test_the_reminder_of_a_session_on_the_telephone_says_to_each_what_they_need(
    app: Flask, mailbox: Mailbox, assigned: Referral, counsellor: User
) -> None:
    case = factories.sessions_held(assigned, 1)
    free = next(one for one in queries.free_times_of(counsellor, queries.modes_for(case)) if not one.venue)
    wanted = booking.Wanted(free.begins, free.ends, Mode.TELEPHONE)
    booking.confirm(booking.hold(case, wanted, counsellor), counsellor)
    clock.set_to(falling_due.reminder_due_at(free.begins))
    falling_due.remind(clock.now())
    deliver(app)
    to_counsellor, to_trainee = mailbox.to(counsellor.email)[-1], mailbox.to(assigned.trainee_email)[-1]
    assert "use a headset" in to_counsellor.text
    assert "where you can talk freely" in to_trainee.text
    assert to_trainee.message["Reply-To"] == counsellor.email, "who answers reaches whom they meet"
    assert to_counsellor.message["Reply-To"] != counsellor.email


def test_a_trainee_who_booked_nothing_is_nudged_twice_and_no_more(app: Flask, assigned: Referral) -> None:
    start = clock.now()
    counts = []
    for days in (6, 7, 8, 21, 22, 400):
        clock.set_to(start + timedelta(days=days))
        counts.append(falling_due.nudge(clock.now()))
    assert counts == [0, 1, 0, 1, 0, 0]


def test_a_meeting_arranged_outside_the_hours_needs_a_reason(
    app: Flask, browser_of: Browsers, assigned: Referral, counsellor: User
) -> None:
    venue = Venue.get()
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/referrals/{assigned.public_id}/arranged")
    said = {"day-day": "15", "day-month": "5", "day-year": "2027", "begins": "10:00", "minutes": "60",
            "mode": "face_to_face", "venue": venue.public_id}  # fmt: skip
    assert at_counsellor.press("Note this meeting", **said).status_code == 422
    assert "Say why you agreed on this time" in at_counsellor.page.text
    assert Meeting.select().count() == 0
    at_counsellor.press("Note this meeting", **said, outside_reason="The only day the trainee is near")
    assert Meeting.get().outside_reason == "The only day the trainee is near"


def test_a_private_calendar_address_shows_meetings_and_stops_when_withdrawn(
    app: Flask, browser_of: Browsers, client: Browser, assigned: Referral, counsellor: User
) -> None:
    free = queries.free_times_of(counsellor, queries.modes_for(assigned))[0]
    venue = Venue.get(Venue.public_id == free.venue)
    meeting = booking.hold(
        assigned, booking.Wanted(free.begins, free.ends, queries.modes_for(assigned)[0], venue), counsellor
    )
    booking.confirm(meeting, counsellor, on_request=True)
    at_counsellor = browser_of(counsellor)
    at_counsellor.get("/meetings")
    assert f"With {assigned.trainee_name}" in at_counsellor.page.text
    at_counsellor.press("Make a private address")
    address = next(word for word in at_counsellor.page.text.split() if word.endswith(".ics")).removeprefix(
        "http://localhost"
    )
    response = client.get(address)
    assert response.mimetype == "text/calendar"
    assert meeting.uid in response.get_data(as_text=True).replace("\r\n ", "")
    assert assigned.trainee_name not in response.get_data(as_text=True)
    at_counsellor.get("/meetings")
    at_counsellor.press("Withdraw the address")
    assert client.get(address).status_code == 404
