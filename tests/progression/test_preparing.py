"""Preparing a support meeting: whose each thing is, when it is due, and reminders that stop when it is done (E9)."""

from datetime import date, timedelta

import pytest

from models import Event, Meeting, Notice, NoticeRecipient, Owner, Preparation, SupportMeeting, ToPrepare
from signpost import clock
from signpost.errors import RuleBroken, StaleRecord
from signpost.meetings import booking
from signpost.progression import preparing, queries, support_meetings
from tests.factories import a_review, a_support_meeting, a_user

# A Monday. Five working days before it is the Monday before, ten the one before that.
BEGINS = clock.parse("2026-11-30T10:00")
NINE = "T09:00"
WORDS = "Two more weeks in the second laboratory, and a weekly hour for the logbook."


@pytest.fixture
def review(team, scientist, officer, director, university):
    return a_review(team, scientist, officer, director=director, university=university)


@pytest.fixture(autouse=True)
def _early_in_november(app):
    clock.set_to(clock.parse("2026-11-02T09:00"))


@pytest.fixture
def support(review, team, director):
    return a_support_meeting(review, director, team, BEGINS)


def lines(support, owner=Owner.TRAINEE):
    return {line.item: line for line in preparing.checklist(support, owner)}


def do(support, item, by, words=WORDS):
    owner = preparing.owner_of(by, support)
    preparing.done(support, item, words, lines(support, owner)[item].version, by)


def run(day, hour="09:00"):
    at = clock.parse(f"{day}T{hour}")
    clock.set_to(at)
    return preparing.remind(at)


def told():
    """Each letter that was queued: its kind and to whom."""
    rows = NoticeRecipient.select().join(Notice).where(Notice.kind.in_(("preparation", "plan_overdue")))
    return [(row.notice.kind, row.address) for row in rows.order_by(NoticeRecipient.id)]


# The checklist


def test_asking_for_a_meeting_lays_out_the_checklist_of_the_two(review, team, director):
    review.decision, review.decided_by, review.decided_at = "triage", team, clock.now()
    review.save()

    support = support_meetings.require(review, support_meetings.Setup(kind="triage", chair=director), team)
    preparing.lay_out(support)

    assert list(lines(support)) == list(lines(support, Owner.TRAINING_OFFICER)) == list(ToPrepare)
    assert Preparation.select().count() == 10


def test_nothing_is_due_before_there_is_a_date(review, team, director):
    support = a_support_meeting(review, director, team)

    assert {line.due for line in preparing.checklist(support, Owner.TRAINEE)} == {None}
    assert not preparing.is_late(support, ToPrepare.TRAINING_PLAN, clock.now())


def test_each_thing_is_due_in_working_days_before_the_meeting(support):
    found = lines(support)

    assert found[ToPrepare.TRAINING_PLAN].due == date(2026, 11, 23)
    assert found[ToPrepare.PRIVATE_PLACE].due == date(2026, 11, 27)


def test_what_is_due_moves_with_the_meeting(support, team):
    meeting = queries.meeting_of(support)

    booking.reschedule(meeting, clock.parse("2027-01-05T10:00"), 45, "", team)

    assert lines(support)[ToPrepare.TRAINING_PLAN].due == date(2026, 12, 24)


def test_a_meeting_that_is_too_soon_leaves_until_the_working_day_before(support):
    SupportMeeting.update(soon_reason="The placement ends").execute()

    assert lines(SupportMeeting.get())[ToPrepare.TRAINING_PLAN].due == date(2026, 11, 27)


def test_a_cancelled_date_leaves_nothing_due(support):
    booking.cancel(queries.meeting_of(support), support.required_by)

    assert lines(support)[ToPrepare.TRAINING_PLAN].due is None


# Doing it


def test_what_the_two_do_together_is_done_for_both(support, scientist, officer):
    do(support, ToPrepare.HAVE_MET, officer)

    assert lines(support)[ToPrepare.HAVE_MET].done_at is not None
    assert lines(support, Owner.TRAINING_OFFICER)[ToPrepare.HAVE_MET].words == WORDS


def test_a_place_and_a_date_are_each_ones_own(support, scientist):
    do(support, ToPrepare.PRIVATE_PLACE, scientist, "")

    assert lines(support)[ToPrepare.PRIVATE_PLACE].done_at is not None
    assert lines(support, Owner.TRAINING_OFFICER)[ToPrepare.PRIVATE_PLACE].done_at is None


def test_what_they_want_confirmed_is_sealed(support, scientist):
    do(support, ToPrepare.HAVE_MET, scientist)

    row = Preparation.select().where(Preparation.words.is_null(False)).get()
    assert WORDS.encode() not in bytes(row.__data__["words"])
    assert row.words == WORDS


def test_having_met_needs_what_is_to_be_confirmed(support, scientist):
    with pytest.raises(RuleBroken, match="actions or solutions"):
        do(support, ToPrepare.HAVE_MET, scientist, " ")

    assert lines(support)[ToPrepare.HAVE_MET].done_at is None


@pytest.mark.parametrize("item", sorted(preparing.BY_ADDING))
def test_a_plan_is_added_and_not_ticked_off(support, scientist, item):
    with pytest.raises(RuleBroken, match="once it is added"):
        do(support, item, scientist)
    with pytest.raises(RuleBroken, match="Recall"):
        preparing.take_back(support, item, scientist)


def test_two_tabs_never_write_over_each_other(support, scientist):
    seen = lines(support)[ToPrepare.HAVE_MET].version
    preparing.done(support, ToPrepare.HAVE_MET, WORDS, seen, scientist)

    with pytest.raises(StaleRecord):
        preparing.done(support, ToPrepare.HAVE_MET, "Other words", seen, scientist)

    assert lines(support)[ToPrepare.HAVE_MET].words == WORDS


def test_the_same_again_is_one_press(support, scientist):
    for _ in range(3):
        do(support, ToPrepare.PRIVATE_PLACE, scientist, "")

    assert Event.select().where(Event.name == "preparation.done").count() == 1


def test_what_no_longer_holds_is_taken_back_for_both_where_they_did_it_together(support, scientist, officer):
    do(support, ToPrepare.HAVE_MET, scientist)
    do(support, ToPrepare.DATE_AND_MODE, officer, "Mornings, on Teams")

    for _ in range(2):
        preparing.take_back(support, ToPrepare.HAVE_MET, officer)
    preparing.take_back(support, ToPrepare.DATE_AND_MODE, scientist)

    assert lines(support)[ToPrepare.HAVE_MET].done_at is None
    assert lines(support, Owner.TRAINING_OFFICER)[ToPrepare.DATE_AND_MODE].done_at is not None
    assert Event.select().where(Event.name == "preparation.taken_back").count() == 1


@pytest.mark.parametrize("person", ["team", "director", "university"])
def test_nobody_else_prepares(support, request, person):
    with pytest.raises(RuleBroken, match="Only the trainee"):
        preparing.done(support, ToPrepare.PRIVATE_PLACE, "", 1, request.getfixturevalue(person))


@pytest.mark.parametrize(("column", "words"), [("held_at", "has been held"), ("called_off_at", "called off")])
def test_nothing_is_prepared_for_a_meeting_that_is_over(support, scientist, column, words):
    SupportMeeting.update(**{column: clock.now()}).execute()

    with pytest.raises(RuleBroken, match=words):
        do(support, ToPrepare.PRIVATE_PLACE, scientist)
    with pytest.raises(RuleBroken, match=words):
        preparing.take_back(support, ToPrepare.PRIVATE_PLACE, scientist)


# Reminders


def test_both_are_reminded_ten_seven_and_six_working_days_before_and_of_an_overdue_plan(support, scientist, officer):
    day, sent = date(2026, 11, 9), {}
    while day < date(2026, 11, 30):
        before = len(told())
        for hour in ("08:59", "09:00", "13:00"):
            run(day, hour)
        if len(told()) > before:
            sent[day.isoformat()] = told()[before:]
        day += timedelta(days=1)

    both = [("preparation", scientist.email), ("preparation", officer.email)]
    assert sent == {
        "2026-11-16": both,
        "2026-11-19": both,
        "2026-11-20": both,
        "2026-11-24": [("plan_overdue", scientist.email), ("plan_overdue", officer.email)],
    }


def test_reminders_stop_when_the_thing_is_done(support, scientist, officer):
    preparing.added(support, ToPrepare.TRAINING_PLAN, is_there=True)
    preparing.added(support, ToPrepare.GAP_ANALYSIS, is_there=True)
    do(support, ToPrepare.HAVE_MET, scientist)
    for item in (ToPrepare.DATE_AND_MODE, ToPrepare.PRIVATE_PLACE):
        do(support, item, scientist, "")

    run("2026-11-16")

    assert told() == [("preparation", officer.email)]


def test_a_late_pass_does_not_make_up_for_what_it_missed(support):
    run("2026-11-20")
    run("2026-11-21")

    assert len(told()) == 2


def test_a_meeting_that_moves_away_begins_its_reminders_anew(support, team):
    run("2026-11-16")
    booking.reschedule(queries.meeting_of(support), clock.parse("2026-12-14T10:00"), 45, "", team)
    run("2026-11-17")
    assert len(told()) == 2

    run("2026-11-30")

    assert len(told()) == 4


def test_a_meeting_that_moves_nearer_asks_for_the_plan_at_once(support, team):
    booking.reschedule(queries.meeting_of(support), clock.parse("2026-11-12T10:00"), 45, "", team)

    run("2026-11-09")

    assert sorted({kind for kind, _ in told()}) == ["plan_overdue", "preparation"]


def test_who_meets_soon_for_a_reason_is_not_told_that_they_are_late(support):
    SupportMeeting.update(soon_reason="The placement ends").execute()

    run("2026-11-28")

    assert {kind for kind, _ in told()} == {"preparation"}


@pytest.mark.parametrize("column", ["held_at", "called_off_at"])
def test_nobody_is_reminded_of_a_meeting_that_is_over(support, column):
    SupportMeeting.update(**{column: clock.now()}).execute()

    assert run("2026-11-16") == 0


def test_nobody_is_reminded_after_it_began_or_of_a_date_that_was_cancelled(support, team):
    assert run("2026-12-01") == 0
    clock.set_to(clock.parse("2026-11-02T09:00"))
    booking.cancel(queries.meeting_of(support), team)

    assert run("2026-11-16") == 0
    assert told() == []


def test_a_letter_names_the_day_and_no_words_of_anybody(support, scientist):
    do(support, ToPrepare.DATE_AND_MODE, scientist, WORDS)
    run("2026-11-16")

    letter = Notice.select().where(Notice.kind == "preparation").first()
    assert "Monday 30 November 2026" in letter.text
    assert "due by 23:59 on Monday 23 November 2026" in letter.text
    assert WORDS not in letter.text
    assert f"/progression/meetings/{support.public_id}" in letter.text


def test_who_has_no_account_is_reminded_with_a_link_of_their_own(team, director):
    review = a_review(team)
    a_support_meeting(review, director, team, BEGINS)

    run("2026-11-16")

    letters = [one.text for one in Notice.select().where(Notice.kind == "preparation")]
    assert len(letters) == 2
    assert all("/progression/links/" in text for text in letters)
    assert len({text.split("/progression/links/")[1].split()[0] for text in letters}) == 2


def test_an_officer_who_left_is_reminded_of_nothing(support, review, team):
    from signpost.progression import reviews

    newcomer = a_user(name="Nia Next")
    reviews.name_officer(review, reviews.Named(newcomer.name, newcomer.email), team)
    run("2026-11-16")

    assert newcomer.email in {address for _, address in told()}
    assert "Olly" not in {address for _, address in told()}
    assert Meeting.select().count() == 1
