"""A counsellor's own shortest notice, and how far ahead they can be booked; the organisation's where they say nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import IntegrityError

from models import Meeting, Mode, Referral, Setting, User, db
from signpost import clock
from signpost.errors import RuleBroken, StaleRecord
from signpost.meetings import booking, hours, queries
from signpost.referrals import actions
from tests import factories
from tests.browser_client import Browser

Browsers = Callable[[User], Browser]

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


@pytest.fixture
def case(counsellor: User, adviser: User) -> Referral:
    """The counsellor sees trainees all week, hour after hour."""
    clock.set_to(MONDAY - timedelta(minutes=5))
    venue = factories.a_venue("Brighton")
    for weekday in range(5):
        factories.hours(counsellor, weekday=weekday, begins="08:00", ends="19:00", venue=venue)
    referral = factories.a_referral()
    actions.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


def free_of(counsellor: User) -> list[datetime]:
    fresh = User.get_by_id(counsellor.id)
    return [one.begins for one in queries.free_times_of(fresh, [Mode.FACE_TO_FACE])]


def say(counsellor: User, notice: int | None, ahead: int | None) -> None:
    fresh = User.get_by_id(counsellor.id)
    hours.reach(fresh, notice, ahead, fresh.version)


def test_without_words_of_their_own_the_organisation_s_hold(case: Referral, counsellor: User) -> None:
    assert queries.reach_of(counsellor) == queries.Reach(24, 8)
    Setting.create(name="booking_notice_hours", value="72")
    Setting.create(name="booking_ahead_weeks", value="3")
    assert queries.reach_of(counsellor) == queries.Reach(72, 3)
    free = free_of(counsellor)
    assert free[0] == MONDAY + 72 * HOUR
    assert free[-1] <= MONDAY + 3 * WEEK


def test_their_own_hold_before_the_organisation_s_one_by_one(case: Referral, counsellor: User) -> None:
    say(counsellor, 48, None)
    assert queries.reach_of(User.get_by_id(counsellor.id)) == queries.Reach(48, 8)
    say(counsellor, None, 2)
    assert queries.reach_of(User.get_by_id(counsellor.id)) == queries.Reach(24, 2)
    say(counsellor, 0, 1)
    assert free_of(counsellor)[0] == MONDAY, "no notice at all"
    other = factories.a_user()
    assert queries.reach_of(other) == queries.Reach(24, 8), "nobody else’s changed"


def test_what_is_too_soon_or_too_far_for_them_is_neither_kept_nor_moved_to(
    case: Referral, counsellor: User, adviser: User
) -> None:
    modes = queries.modes_for(case)
    free = queries.free_times_of(counsellor, modes)
    venue = Meeting.venue.rel_model.get()
    soon, far = (booking.Wanted(one.begins, one.ends, Mode(one.mode), venue) for one in (free[0], free[-1]))
    middle = next(one for one in free if one.begins > MONDAY + 4 * WEEK)
    say(counsellor, 72, 5)
    case = Referral.get_by_id(case.id)
    for wanted in (soon, far):
        with pytest.raises(RuleBroken, match="just taken"):
            booking.hold(case, wanted, adviser)
    assert Meeting.select().count() == 0
    meeting = booking.hold(case, booking.Wanted(middle.begins, middle.ends, Mode(middle.mode), venue), adviser)
    booking.confirm(meeting, adviser)
    for wanted in (soon, far):
        with pytest.raises(RuleBroken, match="just taken"):
            booking.move(Meeting.get_by_id(meeting.id), wanted, adviser)
    assert Meeting.get().begins_at == middle.begins


def test_what_is_booked_stays_when_the_notice_grows(case: Referral, counsellor: User, adviser: User) -> None:
    one = queries.free_times_of(counsellor, queries.modes_for(case))[0]
    wanted = booking.Wanted(one.begins, one.ends, Mode(one.mode), Meeting.venue.rel_model.get())
    kept = booking.hold(case, wanted, adviser)
    say(counsellor, 168, 1)
    booking.confirm(kept, adviser)
    assert Meeting.get().is_booked


def test_two_people_who_agree_by_telephone_meet_as_soon_as_they_like(case: Referral, counsellor: User) -> None:
    say(counsellor, 168, 1)
    case = Referral.get_by_id(case.id)
    begins = MONDAY + 2 * HOUR
    wanted = booking.Wanted(begins, begins + HOUR, Mode.FACE_TO_FACE, Meeting.venue.rel_model.get())
    assert booking.arrange(case, wanted, "", counsellor).is_booked


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    notice=st.none() | st.integers(0, 168),
    ahead=st.none() | st.integers(1, 26),
    minutes=st.integers(0, 2 * 365 * 24 * 60),
)
def test_no_free_time_is_ever_sooner_or_further_than_they_said(
    case: Referral, counsellor: User, notice: int | None, ahead: int | None, minutes: int
) -> None:
    with db.atomic() as everything:
        clock.set_to(MONDAY + timedelta(minutes=minutes))
        say(counsellor, notice, ahead)
        reach = queries.Reach(24 if notice is None else notice, 8 if ahead is None else ahead)
        free = free_of(counsellor)
        assert all(clock.now() + reach.notice <= one <= clock.now() + reach.ahead for one in free)
        # Whoever gives less notice, or opens further ahead, offers at least what others do.
        say(counsellor, 0, 26)
        assert set(free) <= set(free_of(counsellor))
        everything.rollback()


def test_the_page_says_it_in_words_and_changes_it(browser_of: Browsers, case: Referral, counsellor: User) -> None:
    at_counsellor = browser_of(counsellor)
    at_counsellor.get("/meetings/hours")
    assert "book you from 24 hours ahead, and at most 8 weeks ahead" in at_counsellor.page.text
    assert "what the organisation has set" in at_counsellor.page.text
    at_counsellor.get(at_counsellor.page.link("Change how soon and how far ahead"))
    at_counsellor.press("Save", notice_hours="1", ahead_weeks="1")
    at_counsellor.get("/meetings/hours")
    assert "from 1 hour ahead, and at most 1 week ahead" in at_counsellor.page.text
    assert "what the organisation has set" not in at_counsellor.page.text
    at_counsellor.get("/meetings/hours/reach")
    at_counsellor.press("Save", notice_hours="0", ahead_weeks="")
    fresh = User.get_by_id(counsellor.id)
    assert (fresh.booking_notice_hours, fresh.booking_ahead_weeks) == (0, None)
    at_counsellor.get("/meetings/hours")
    assert "Trainees can book you at once, and at most 8 weeks ahead" in at_counsellor.page.text
    at_counsellor.get(f"/referrals/{case.public_id}/times")
    assert "A time can be booked at once, and at most 8 weeks ahead" in at_counsellor.page.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"notice_hours": "169"}, "Hours of notice you need must be a whole number from 0 to 168"),
        ({"notice_hours": "-1"}, "from 0 to 168"),
        ({"notice_hours": "soon"}, "Enter a whole number"),
        ({"notice_hours": "1.5"}, "Enter a whole number"),
        ({"ahead_weeks": "0"}, "Weeks ahead that you can be booked must be a whole number from 1 to 26"),
        ({"ahead_weeks": "27"}, "from 1 to 26"),
        ({"ahead_weeks": "9" * 30}, "from 1 to 26"),
    ],
)
def test_nonsense_is_answered_beside_the_field_and_nothing_changes(
    browser_of: Browsers, counsellor: User, typed: dict[str, str], words: str
) -> None:
    at_counsellor = browser_of(counsellor)
    at_counsellor.get("/meetings/hours/reach")
    assert at_counsellor.press("Save", **typed).status_code == 422
    assert words in at_counsellor.page.text
    fresh = User.get_by_id(counsellor.id)
    assert (fresh.booking_notice_hours, fresh.booking_ahead_weeks, fresh.version) == (None, None, 1)


def test_of_two_windows_the_second_is_told(counsellor: User) -> None:
    say(counsellor, 48, 4)
    with pytest.raises(StaleRecord, match="another window"):
        hours.reach(User.get_by_id(counsellor.id), 12, 4, expected_version=1)
    assert User.get_by_id(counsellor.id).booking_notice_hours == 48


@pytest.mark.parametrize(("column", "value"), [("booking_notice_hours", 169), ("booking_ahead_weeks", 0)])
def test_the_database_refuses_what_is_out_of_bounds(counsellor: User, column: str, value: int) -> None:
    with pytest.raises(IntegrityError), db.atomic():
        User.update({column: value}).where(User.id == counsellor.id).execute()
