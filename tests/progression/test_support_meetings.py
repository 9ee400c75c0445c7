"""Support meetings: triage of an hour at most, full with everybody's own time, a date found with all who are needed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from peewee import IntegrityError

from models import (
    Attendee,
    Event,
    Meeting,
    Mode,
    Notice,
    NoticeRecipient,
    PollPerson,
    Present,
    Reply,
    ReviewPerson,
    Role,
    RoleHeld,
    Segment,
    Severity,
    SupportDecision,
    SupportKind,
    SupportMeeting,
)
from signpost import clock, working_days
from signpost.errors import RuleBroken, StaleRecord
from signpost.meetings import booking, polls
from signpost.notices import delivery
from signpost.progression import queries, reviews, support_meetings
from signpost.progression.stand_in import Named
from signpost.progression.support_meetings import Setup
from tests.factories import a_review, a_user, give

MONDAY = clock.parse("2027-03-01T09:00")
PARTS = (
    (Present.TOGETHER, 30), (Present.TRAINEE_ALONE, 30), (Present.OFFICER_ALONE, 30), (Present.TOGETHER, 30),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _on_a_monday(app):
    clock.set_to(MONDAY)


@pytest.fixture
def make_review(team, scientist, officer, director, university):
    def make(decision=SupportDecision.TRIAGE, academic=False):
        issues = [reviews.Issue(Severity.MAJOR, academic, "Rotations are missing")]
        made = a_review(team, scientist, officer, director=director, university=university, issues=issues)
        reviews.decide(made, decision, team, made.version)
        return made

    return make


@pytest.fixture
def triage(director):
    return Setup(kind=SupportKind.TRIAGE, chair=director, minutes=45)


@pytest.fixture
def full(director, colleague):
    return Setup(kind=SupportKind.FULL, chair=director, minute_taker=colleague, parts=PARTS)


def fresh(support):
    return SupportMeeting.get_by_id(support.id)


def times(days=14, hours=(10, 11)):
    """Two times on a working day, two weeks ahead where nothing else is said."""
    day = MONDAY + timedelta(days=days)
    return [day.replace(hour=hour) for hour in hours]


def reply_by():
    return working_days.after(clock.today(), 5)


def refused(act, words):
    before = SupportMeeting.select().count(), Segment.select().count(), Notice.select().count(), Event.select().count()
    with pytest.raises(RuleBroken, match=words):
        act()
    after = SupportMeeting.select().count(), Segment.select().count(), Notice.select().count(), Event.select().count()
    assert after == before


# Setting it up


def test_trainee_and_officer_are_told_that_they_are_needed_and_nobody_else(
    make_review, triage, team, scientist, officer
):
    support_meetings.require(make_review(), triage, team)

    told = {(one.address, one.permission) for one in NoticeRecipient.select()}
    assert told == {(scientist.email, "E4-trainee"), (officer.email, "E4-officer")}
    assert {one.kind for one in Notice.select()} == {"support_meeting_required"}
    assert not [one for one in Notice.select() if "Rotations" in one.text or "Rotations" in one.subject]


@pytest.mark.parametrize(("minutes", "words"), [(61, "60 minutes at most"), (14, "15 minutes at least")])
def test_a_triage_meeting_takes_an_hour_at_most(make_review, triage, team, minutes, words):
    review = make_review()

    refused(lambda: support_meetings.require(review, replace(triage, minutes=minutes), team), words)


def test_a_triage_meeting_of_an_hour_is_right(make_review, triage, team):
    assert support_meetings.require(make_review(), replace(triage, minutes=60), team).minutes == 60


def test_the_database_keeps_no_triage_of_61_minutes_and_no_full_meeting_without_minutes(make_review, director, team):
    review = make_review()
    usual = {"review": review, "chair": director, "required_by": team, "required_at": clock.now()}

    with pytest.raises(IntegrityError):
        SupportMeeting.create(kind="triage", minutes=61, **usual)
    with pytest.raises(IntegrityError):
        SupportMeeting.create(kind="full", minutes=120, **usual)


def test_a_full_meeting_is_as_long_as_its_parts(make_review, full, team):
    support = support_meetings.require(make_review(SupportDecision.FULL), full, team)

    assert support.minutes == 120
    assert [(one.present, one.minutes) for one in queries.segments_of(support)] == list(PARTS)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (PARTS[:2], "each have their own time"),
        (PARTS[1:3], "everybody is together"),
        (tuple((present, 15) for present, _ in PARTS), "more than 60 minutes"),
        (tuple((present, 125) for present, _ in PARTS), "480 at most"),
    ],
)
def test_a_full_meeting_gives_each_their_own_time(make_review, full, team, parts, words):
    review = make_review(SupportDecision.FULL)

    refused(lambda: support_meetings.require(review, replace(full, parts=parts), team), words)


def test_a_full_meeting_needs_a_minute_taker_of_the_progression_team(make_review, full, team, director, counsellor):
    review = make_review(SupportDecision.FULL)
    give(director, Role.PROGRESSION)

    refused(lambda: support_meetings.require(review, replace(full, minute_taker=None), team), "who takes the minutes")
    refused(
        lambda: support_meetings.require(review, replace(full, minute_taker=counsellor), team),
        "of the progression team",
    )
    refused(
        lambda: support_meetings.require(review, replace(full, minute_taker=director), team), "cannot take the minutes"
    )


def test_whoever_takes_part_otherwise_takes_no_minutes(make_review, full, team, university):
    review = make_review(SupportDecision.FULL)
    give(university, Role.PROGRESSION)

    refused(lambda: support_meetings.require(review, replace(full, minute_taker=university), team), "otherwise")


def test_the_training_officer_cannot_chair_it(make_review, triage, team, officer):
    review = make_review()
    give(officer, Role.MEETING_CHAIR)

    refused(
        lambda: support_meetings.require(review, replace(triage, chair=officer), team), "cannot chair the meeting too"
    )


@pytest.mark.parametrize("person", ["scientist", "university"])
def test_nor_can_the_trainee_or_the_university(make_review, triage, team, request, person):
    review = make_review()
    chair = request.getfixturevalue(person)
    give(chair, Role.MEETING_CHAIR)

    refused(lambda: support_meetings.require(review, replace(triage, chair=chair), team), "takes part in this review")


def test_nor_can_somebody_who_does_not_chair_meetings(make_review, triage, team, counsellor):
    review = make_review()

    refused(lambda: support_meetings.require(review, replace(triage, chair=counsellor), team), "does not chair")


def test_there_must_be_a_training_officer(make_review, triage, team):
    review = make_review()
    ReviewPerson.update(left_at=clock.now()).execute()

    refused(lambda: support_meetings.require(review, triage, team), "Name the training officer first")


def test_another_mode_than_teams_needs_a_reason(make_review, triage, team):
    review = make_review()
    by_phone = replace(triage, mode=Mode.TELEPHONE)

    refused(lambda: support_meetings.require(review, by_phone, team), "Say why this one is not")
    support = support_meetings.require(review, replace(by_phone, mode_reason="No network at home"), team)

    assert (support.mode, support.mode_reason) == ("telephone", "No network at home")


def test_a_meeting_in_person_is_somewhere(make_review, triage, team):
    review = make_review()
    in_person = replace(triage, mode=Mode.FACE_TO_FACE, mode_reason="They asked for it")

    refused(lambda: support_meetings.require(review, replace(in_person, place="  "), team), "Say where you meet")
    support = support_meetings.require(review, replace(in_person, place="The library"), team)

    assert support.place == "The library"


def test_what_is_not_fit_is_said_beside_the_field_it_is_about(browser_of, make_review, director, team):
    browser = browser_of(team)
    browser.get(f"/progression/reviews/{make_review().public_id}/meeting")
    chair = {"chair": director.public_id, "minutes": "45"}
    for said, field, words in (
        ({"mode": "telephone"}, "mode_reason", "Say why this one is not"),
        ({"mode": "face_to_face", "mode_reason": "They asked for it"}, "place", "Say where you meet"),
        ({"mode": "teams", "university": "yes"}, "university_reason", "Say why the university is invited"),
        ({"mode": "teams", "minutes": "61"}, "minutes", "whole number from 15 to 60"),
    ):
        answer = browser.press("Look at the emails", **(chair | {"university": "no"} | said))
        assert answer.status_code == 422
        error = answer.text.partition(f'id="{field}-error"')[2].partition("</span></")[0]
        assert words in error, field
    assert SupportMeeting.select().count() == 0


def test_the_university_is_invited_where_an_issue_is_academic(make_review, triage, team):
    support = support_meetings.require(make_review(academic=True), replace(triage, invites_university=True), team)

    assert support.university.email == queries.university_of(support.review).email


def test_where_none_is_academic_a_reason_is_asked_for(make_review, triage, team):
    review = make_review()
    invites = replace(triage, invites_university=True)

    refused(lambda: support_meetings.require(review, invites, team), "Say why the university is invited")
    support = support_meetings.require(review, replace(invites, university_reason="The tutor asked to come"), team)

    assert support.university_reason == "The tutor asked to come"


def test_nobody_is_invited_from_a_university_that_has_no_contact(team, scientist, officer, triage):
    review = a_review(team, scientist, officer)
    reviews.decide(review, SupportDecision.TRIAGE, team, review.version)

    refused(lambda: support_meetings.require(review, replace(triage, invites_university=True), team), "No contact")


def test_the_first_meeting_is_what_the_school_decided(make_review, triage, full, team):
    review = make_review(SupportDecision.FULL)

    refused(lambda: support_meetings.require(review, triage, team), "not what the School decided")


def test_there_is_one_support_meeting_at_a_time(make_review, triage, team):
    review = make_review()
    support_meetings.require(review, triage, team)

    refused(lambda: support_meetings.require(review, triage, team), "asked for already")


def test_a_closed_review_gets_no_meeting(make_review, triage, team):
    review = make_review()
    reviews.close(review, team, review.version)

    refused(lambda: support_meetings.require(review, triage, team), "closed")


def test_it_can_be_altered_until_somebody_is_asked(make_review, triage, team):
    support = support_meetings.require(make_review(), triage, team)

    support_meetings.alter(support, replace(triage, minutes=30), team, support.version)
    assert fresh(support).minutes == 30
    with pytest.raises(StaleRecord):
        support_meetings.alter(support, triage, team, support.version - 1)

    support_meetings.ask(support, times(), reply_by(), team)
    refused(lambda: support_meetings.alter(support, triage, team, support.version), "Call that off first")


def test_a_triage_meeting_does_not_become_a_full_one(make_review, triage, full, team):
    support = support_meetings.require(make_review(), triage, team)

    refused(lambda: support_meetings.alter(support, full, team, support.version), "does not become")


# Finding the date


def asked_in(poll):
    people = PollPerson.select().where(PollPerson.poll == poll)
    return {one.email: one.is_required for one in people}


def test_all_who_are_needed_are_asked_and_the_university_is_never_waited_for(
    make_review, full, team, colleague, director, scientist, officer, university
):
    review = make_review(SupportDecision.FULL, academic=True)
    support = support_meetings.require(review, replace(full, invites_university=True), team)

    poll = support_meetings.ask(support, times(), reply_by(), team)

    needed = (team, director, scientist, officer, colleague)
    assert asked_in(poll) == {**{one.email: True for one in needed}, university.email: False}
    assert (poll.minutes, poll.mode, poll.shows_others) == (120, "teams", False)


def test_a_minute_taker_who_organises_is_asked_once(make_review, full, colleague, director, scientist, officer, team):
    support = support_meetings.require(make_review(SupportDecision.FULL), full, team)

    poll = support_meetings.ask(support, times(), reply_by(), colleague)

    assert set(asked_in(poll)) == {one.email for one in (colleague, director, scientist, officer)}


def test_fixing_the_date_makes_the_meeting_and_invites_everybody(
    make_review, triage, team, director, scientist, officer
):
    support = support_meetings.require(make_review(), triage, team)
    poll = support_meetings.ask(support, times(), reply_by(), team)
    assert queries.meeting_of(support) is None

    polls.fix(poll, poll.times[0], team, poll.version)

    meeting = queries.meeting_of(fresh(support))
    assert {one.email for one in Attendee.select().where(Attendee.meeting == meeting)} == {
        one.email for one in (team, director, scientist, officer)
    }
    assert (meeting.mode, meeting.link_state) == ("teams", "needs_person")
    assert Notice.select().where((Notice.kind == "meeting_booked") & (Notice.calendar_method == "REQUEST")).count() == 4


def test_a_meeting_in_another_mode_is_booked_in_that_mode(make_review, triage, team):
    in_person = replace(triage, mode=Mode.FACE_TO_FACE, mode_reason="They asked for it", place="Room 4, the library")
    support = support_meetings.require(make_review(), in_person, team)
    poll = support_meetings.ask(support, times(), reply_by(), team)

    polls.fix(poll, poll.times[0], team, poll.version)

    meeting = queries.meeting_of(support)
    assert (meeting.mode, meeting.place_name, meeting.link_state) == ("face_to_face", "Room 4, the library", "none")
    assert all("Teams" not in one.text for one in Notice.select().where(Notice.kind == "availability_asked"))


@pytest.mark.parametrize(
    ("today", "day", "is_too_soon"),
    [
        ("2027-03-01T09:00", "2027-03-08T10:00", False),  # five working days before is today, until 23:59
        ("2027-03-02T00:00", "2027-03-08T10:00", True),
        ("2027-03-01T23:59", "2027-03-08T10:00", False),
        ("2027-03-22T09:00", "2027-04-01T10:00", False),  # Good Friday is 26 March, Easter Monday the 29th
        ("2027-03-24T09:00", "2027-04-01T10:00", True),
    ],
)
def test_a_time_that_leaves_less_than_five_working_days_needs_a_reason(
    make_review, triage, team, today, day, is_too_soon
):
    support = support_meetings.require(make_review(), triage, team)
    clock.set_to(clock.parse(today))
    begins = [clock.parse(day)]

    if is_too_soon:
        refused(lambda: support_meetings.ask(support, begins, reply_by(), team), "less than 5 working days")
    support_meetings.ask(support, begins, reply_by(), team, "They would like it before their exam")

    assert bool(fresh(support).soon_reason) == is_too_soon


def test_nobody_is_asked_twice_at_once(make_review, triage, team):
    support = support_meetings.require(make_review(), triage, team)
    support_meetings.ask(support, times(), reply_by(), team)

    refused(lambda: support_meetings.ask(support, times(15), reply_by(), team), "being looked for already")


def test_another_date_is_asked_for_once_the_first_was_cancelled(make_review, triage, team):
    support = support_meetings.require(make_review(), triage, team)
    poll = support_meetings.ask(support, times(), reply_by(), team)
    booking.cancel(polls.fix(poll, poll.times[0], team, poll.version), team)

    support_meetings.ask(support, times(15), reply_by(), team)

    assert fresh(support).poll != poll
    assert queries.meeting_of(fresh(support)) is None


def test_a_trainee_on_leave_is_waited_for_and_asked_for_other_days(
    make_review, triage, team, scientist, officer, director
):
    """They are needed: a time that everybody else has is no time, and another asking has their next days."""
    support = support_meetings.require(make_review(), triage, team)
    poll = support_meetings.ask(support, times(), reply_by(), team)
    for who in (officer, director):
        row = PollPerson.get((PollPerson.poll == poll) & (PollPerson.user == who))
        polls.answer(row, {one.public_id: Reply.YES for one in poll.times}, "", who)
    assert [one.name for one in queries.silent_in(fresh(support))] == [scientist.name]
    assert not any(one.suits_all for _, one in polls.ranked(poll))
    row = PollPerson.get((PollPerson.poll == poll) & (PollPerson.user == scientist))
    polls.answer(row, {one.public_id: Reply.NO for one in poll.times}, "On leave until 22 March", scientist)

    assert [one.cannot for _, one in polls.ranked(poll)] == [1, 1]
    assert PollPerson.get_by_id(row.id).can_do == "On leave until 22 March"
    assert queries.meeting_of(fresh(support)) is None
    poll = type(poll).get_by_id(poll.id)
    polls.call_off(poll, team, poll.version)
    again = support_meetings.ask(fresh(support), times(28), reply_by(), team)
    assert asked_in(again)[scientist.email] is True
    assert asked_in(again).keys() == asked_in(poll).keys()


# Moving it


def booked(support, team, chosen=None):
    poll = support_meetings.ask(support, chosen or times(), reply_by(), team)
    return polls.fix(poll, poll.times[0], team, poll.version)


def test_a_meeting_that_moves_keeps_its_calendar_id(make_review, triage, team):
    support = support_meetings.require(make_review(), triage, team)
    meeting = booked(support, team)

    booking.reschedule(meeting, times(16)[0], 45, "", team)

    moved = queries.meeting_of(support)
    assert (moved.uid, moved.sequence, moved.begins_at) == (meeting.uid, 1, times(16)[0])


def test_a_triage_meeting_is_not_moved_to_more_than_an_hour(make_review, triage, team):
    meeting = booked(support_meetings.require(make_review(), triage, team), team)

    refused(lambda: booking.reschedule(meeting, times(16)[0], 61, "", team), "60 minutes at most")


def test_a_full_meeting_is_not_moved_to_less_than_its_parts(make_review, full, team):
    support = support_meetings.require(make_review(SupportDecision.FULL), full, team)
    meeting = booked(support, team)

    refused(lambda: booking.reschedule(meeting, times(16)[0], 119, "", team), "take 120 minutes together")


def test_moving_it_nearer_than_the_papers_are_due_needs_a_reason(make_review, triage, team):
    support = support_meetings.require(make_review(), triage, team)
    meeting = booked(support, team)

    refused(lambda: booking.reschedule(meeting, times(3)[0], 45, " ", team), "Say why it moves there")
    booking.reschedule(meeting, times(3)[0], 45, "The chair falls out later", team)
    assert fresh(support).soon_reason == "The chair falls out later"

    booking.reschedule(Meeting.get_by_id(meeting.id), times(20)[0], 45, "", team)
    assert fresh(support).soon_reason == ""


# A training officer who leaves


NEXT = Named("Next Officer", "next@trust.example")


def test_who_has_left_is_asked_no_more_and_the_next_one_is_asked(make_review, triage, team, officer):
    review = make_review()
    support = support_meetings.require(review, triage, team)
    poll = support_meetings.ask(support, times(), reply_by(), team)
    row = PollPerson.get((PollPerson.poll == poll) & (PollPerson.user == officer))
    polls.answer(row, {one.public_id: Reply.YES for one in poll.times}, "", officer)

    reviews.name_officer(review, NEXT, team)

    assert officer.email not in asked_in(poll)
    assert asked_in(poll)[NEXT.email] is True
    assert not list(polls.visible_to(officer))
    letters = Notice.select().join(NoticeRecipient).where(NoticeRecipient.address == NEXT.email)
    assert {one.kind for one in letters} == {"availability_asked", "review_link"}


def test_who_has_left_is_invited_no_more_and_the_next_one_is(make_review, triage, team, officer):
    review = make_review()
    support = support_meetings.require(review, triage, team)
    meeting = booked(support, team)

    reviews.name_officer(review, NEXT, team)

    there = {
        one.email for one in Attendee.select().where((Attendee.meeting == meeting) & Attendee.removed_at.is_null())
    }
    assert NEXT.email in there
    assert officer.email not in there
    told = {
        one.kind: one.calendar_method
        for one in Notice.select().join(NoticeRecipient).where(NoticeRecipient.address.in_([officer.email, NEXT.email]))
    }
    assert (told["meeting_left"], told["review_link"]) == ("CANCEL", "")
    invited = (
        Notice.select()
        .join(NoticeRecipient)
        .where((NoticeRecipient.address == NEXT.email) & (Notice.kind == "meeting_booked"))
    )
    assert "/progression/links/" in invited.get().text
    assert f"/meetings/{support.public_id}" in invited.get().text


def test_the_letters_of_its_date_come_from_who_arranges_it_and_speak_of_moving_to_nobody_else(
    make_review, triage, team
):
    booked(support_meetings.require(make_review(), triage, team), team)

    letters = Notice.select().where(Notice.kind << ["availability_asked", "meeting_booked"])
    assert {(one.sender_name, one.reply_to) for one in letters} == {(team.name, team.email)}
    for one in letters.where(Notice.kind == "meeting_booked"):
        is_organiser = one.recipients.get().address == team.email
        assert ("move it or cancel it" in one.text) == is_organiser
        assert ("If you cannot be there, answer this email." in one.text) != is_organiser


def test_the_chair_cannot_become_the_officer_meanwhile(make_review, triage, team, director):
    review = make_review()
    chair = a_user(Role.MEETING_CHAIR)
    support_meetings.require(review, replace(triage, chair=chair), team)

    with pytest.raises(RuleBroken, match="chairs the support meeting"):
        reviews.name_officer(review, Named(chair.name, chair.email), team)


# Held, or not


def test_it_is_held_once_its_day_has_come(make_review, triage, team):
    support = support_meetings.require(make_review(), triage, team)
    meeting = booked(support, team)

    refused(lambda: support_meetings.held(support, team), "has not begun yet")
    clock.set_to(meeting.ends_at)
    support_meetings.held(fresh(support), team)

    assert fresh(support).held_at == meeting.begins_at
    refused(lambda: support_meetings.held(fresh(support), team), "held already")


def test_one_that_did_not_take_place_gets_another_date(make_review, triage, team):
    support = support_meetings.require(make_review(), triage, team)
    meeting = booked(support, team)
    clock.set_to(meeting.ends_at)

    support_meetings.did_not_take_place(fresh(support), team)
    later = [clock.now() + timedelta(days=14)]
    support_meetings.ask(fresh(support), later, reply_by(), team)

    assert fresh(support).held_at is None
    assert fresh(support).poll.times[0].begins_at == later[0]


@pytest.mark.parametrize(("arranged", "kind"), [("asked", "availability_called_off"), ("fixed", "meeting_cancelled")])
def test_calling_it_off_tells_whoever_was_asked_or_invited(make_review, triage, team, officer, arranged, kind):
    support = support_meetings.require(make_review(), triage, team)
    poll = support_meetings.ask(support, times(), reply_by(), team)
    if arranged == "fixed":
        polls.fix(poll, poll.times[0], team, poll.version)

    support_meetings.call_off(fresh(support), team, fresh(support).version)

    told = Notice.select().join(NoticeRecipient).where(NoticeRecipient.address == officer.email)
    assert kind in {one.kind for one in told}
    refused(lambda: support_meetings.ask(fresh(support), times(), reply_by(), team), "called off")


def test_nothing_of_a_meeting_that_was_called_off_is_sent_any_more(app, make_review, triage, team, mailbox):
    support = support_meetings.require(make_review(), triage, team)
    support_meetings.call_off(fresh(support), team, fresh(support).version)

    with app.app_context():
        delivery.send_due()

    assert mailbox.received == []


def test_a_chair_who_chairs_no_more_cannot_be_chosen(make_review, triage, team, director):
    review = make_review()
    RoleHeld.delete().where(RoleHeld.user == director).execute()

    refused(lambda: support_meetings.require(review, triage, team), "does not chair")
