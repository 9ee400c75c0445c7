"""The life of a pair, from the introduction to the end (D8, D11, D13 to D16)."""

from collections import Counter
from datetime import date, timedelta

import pytest

from models import (
    AskState,
    FeedbackAsk,
    KeptApart,
    Meeting,
    MentoringMeeting,
    Mentorship,
    MentorshipEnding,
    Mode,
    Notice,
    NoticeRecipient,
    NoticeState,
    Returner,
    ReturnerState,
    Role,
    RoleHeld,
    Side,
    Told,
    WhyApart,
    db,
)
from signpost import clock, due
from signpost.accounts import links
from signpost.accounts.queries import system_user
from signpost.errors import RuleBroken
from signpost.feedback import actions as feedback
from signpost.meetings import queries as meetings
from signpost.mentoring import agreements, duty, mentorships
from signpost.mentoring import mentorship_queries as queries
from signpost.notices import delivery
from tests import factories

BEFORE = ("mentor_offer", "mentor_offer_again", "mentor_interest", "mentor_waiting")  # until somebody is introduced
NOON = clock.parse("2026-11-23T12:00")


@pytest.fixture(autouse=True)
def noon(app):
    clock.set_to(NOON)


@pytest.fixture
def team(app):
    return factories.a_user(Role.RTT_TEAM)


@pytest.fixture
def pair(team):
    return factories.a_mentorship(team)


@pytest.fixture
def mentor(pair):
    return pair.mentor.user


@pytest.fixture
def link(pair):
    """The returner's, who has no account."""
    token = links.make("returner", pair.returner.name, pair.returner.email, returner=pair.returner)
    return links.find(token)


def sent():
    """Which letters were written to a pair, each with whom it is to."""
    rows = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).order_by(NoticeRecipient.id)
    return [(row.notice.kind, row.address) for row in rows if row.notice.kind not in BEFORE]


def again(pair) -> Mentorship:
    return Mentorship.get_by_id(pair.id)


def test_either_says_that_they_are_in_touch_and_once_is_enough(pair, mentor, link):
    mentorships.say_in_touch(pair, Side.RETURNER, link)
    mentorships.say_in_touch(again(pair), Side.MENTOR, mentor)

    assert again(pair).contact_said_by == Side.RETURNER
    assert sent() == []


def test_the_first_meeting_is_in_both_calendars_at_whatever_hour_suits_them(pair, mentor, link):
    sunday = clock.parse("2026-12-06T20:30")
    agreed = mentorships.FirstMeeting(sunday, 60, Mode.FACE_TO_FACE, "The library café")

    made = mentorships.arrange_first_meeting(pair, agreed, link)
    mentorships.arrange_first_meeting(again(pair), agreed, link)

    assert again(pair).first_meeting == made
    assert again(pair).contact_at is not None
    assert sent() == [("meeting_booked", mentor.email), ("meeting_booked", pair.returner.email)]
    assert Notice.get(Notice.kind == "meeting_booked").calendar
    assert Meeting.select().count() == 1
    assert made in meetings.coming(mentor)


def test_a_second_first_meeting_is_refused_while_the_first_stands(pair, mentor):
    mentorships.arrange_first_meeting(
        pair, mentorships.FirstMeeting(NOON + timedelta(days=3), 60, Mode.TELEPHONE), mentor
    )

    with pytest.raises(RuleBroken, match="in your calendars already"):
        mentorships.arrange_first_meeting(
            again(pair), mentorships.FirstMeeting(NOON + timedelta(days=4), 60, Mode.TELEPHONE), mentor
        )


def test_a_returner_without_an_account_gets_a_personal_link_to_the_meeting_and_the_mentor_none(pair, mentor):
    mentorships.arrange_first_meeting(
        pair, mentorships.FirstMeeting(NOON + timedelta(days=3), 60, Mode.TELEPHONE), mentor
    )

    texts = {row.notice.recipients.first().address: row.notice.text for row in NoticeRecipient.select()}
    assert "/mentoring/links/" in texts[pair.returner.email]
    assert "/mentoring/links/" not in texts[mentor.email]


def test_a_note_of_a_meeting_is_kept_once_and_its_words_are_the_pairs(pair, mentor, link):
    noted = mentorships.note_meeting(pair, Side.RETURNER, NOON.date(), Mode.TEAMS, "What we spoke of", link)
    again_noted = mentorships.note_meeting(pair, Side.RETURNER, NOON.date(), Mode.TEAMS, "What we spoke of", link)

    assert noted == again_noted
    assert queries.noted_of(pair).count == 1
    with pytest.raises(RuleBroken, match="Only who noted"):
        mentorships.take_back_note(noted, Side.MENTOR, mentor)
    mentorships.take_back_note(noted, Side.RETURNER, link)
    assert queries.notes_of(pair) == []
    assert MentoringMeeting.get_by_id(noted.id).words is None


@pytest.mark.parametrize(
    ("days", "words"), [(1, "cannot be in the future"), (-1, "cannot be before you were introduced")]
)
def test_a_day_on_which_they_cannot_have_met_is_refused(pair, mentor, days, words):
    with pytest.raises(RuleBroken, match=words):
        mentorships.note_meeting(pair, Side.MENTOR, NOON.date() + timedelta(days=days), Mode.TEAMS, "", mentor)


# The agreement


def test_what_one_wrote_counts_once_the_other_agrees(pair, mentor, link):
    made = agreements.propose(pair, Side.MENTOR, {"meetings": "Monthly"}, False, mentor)

    assert sent() == [("agreement_proposed", pair.returner.email)]
    assert again(pair).agreed_on is None
    with pytest.raises(RuleBroken, match="once the other of you agrees"):
        agreements.agree(made, Side.MENTOR, mentor)

    agreements.agree(made, Side.RETURNER, link)
    agreements.agree(made, Side.RETURNER, link)

    assert again(pair).agreed_on == NOON.date()
    assert agreements.agreed(pair).meetings == "Monthly"


def test_we_talked_and_keep_it_ourselves_is_a_full_answer(pair, mentor, link):
    made = agreements.propose(pair, Side.RETURNER, {"meetings": "never kept"}, True, link)
    agreements.agree(made, Side.MENTOR, mentor)

    assert again(pair).is_kept_by_pair
    assert agreements.agreed(pair).meetings is None


def test_an_agreement_without_any_answer_is_refused_with_words(pair, mentor):
    with pytest.raises(RuleBroken, match="Answer at least one question"):
        agreements.propose(pair, Side.MENTOR, {"meetings": "  "}, False, mentor)


def test_a_change_takes_the_place_of_what_was_not_agreed_and_what_was_agreed_stands_until_then(pair, mentor, link):
    first = agreements.propose(pair, Side.MENTOR, {"meetings": "Monthly"}, False, mentor)
    agreements.agree(first, Side.RETURNER, link)
    agreements.propose(pair, Side.RETURNER, {"meetings": "Weekly"}, False, link)
    counter = agreements.propose(pair, Side.MENTOR, {"meetings": "Every two weeks"}, False, mentor)

    assert agreements.agreed(pair).meetings == "Monthly"
    assert agreements.proposed(pair) == counter
    agreements.agree(counter, Side.RETURNER, link)
    assert agreements.agreed(pair).meetings == "Every two weeks"


def test_the_same_proposal_again_is_the_same(pair, mentor):
    one = agreements.propose(pair, Side.MENTOR, {"meetings": "Monthly"}, False, mentor)
    assert agreements.propose(pair, Side.MENTOR, {"meetings": "Monthly"}, False, mentor) == one
    assert len(sent()) == 1


# Not working, and ending


def test_not_working_asks_no_reason_tells_the_other_only_that_and_never_matches_them_again(pair, mentor, link):
    mentorships.not_working(pair, Side.RETURNER, link)
    mentorships.not_working(again(pair), Side.RETURNER, link)

    assert again(pair).ending == MentorshipEnding.NOT_WORKING
    assert sent() == [("not_working_received", pair.returner.email), ("new_arrangement", mentor.email)]
    assert Returner.get_by_id(pair.returner_id).state == ReturnerState.INTERESTED
    apart = KeptApart.get()
    assert (apart.returner, apart.email, apart.why) == (pair.returner, mentor.email, WhyApart.NOT_WORKING)
    assert FeedbackAsk.select().count() == 0
    other = Notice.get(Notice.kind == "new_arrangement").text
    assert "not working" not in other
    assert pair.returner.name not in other


def test_when_the_mentor_says_so_the_returner_waits_for_another_and_need_do_nothing(pair, mentor):
    mentorships.not_working(pair, Side.MENTOR, mentor)

    assert sent() == [("not_working_received", mentor.email), ("new_arrangement", pair.returner.email)]
    assert "another mentor for you" in Notice.get(Notice.kind == "new_arrangement").text


def test_ending_early_asks_both_once_how_it_was(pair, mentor, link):
    mentorships.end_early(pair, Side.RETURNER, link)
    mentorships.end_early(again(pair), Side.MENTOR, mentor)

    assert sent() == [("mentoring_ended", pair.returner.email), ("mentoring_ended", mentor.email)]
    assert {(ask.side, ask.survey) for ask in FeedbackAsk.select()} == {
        ("returner", "mentoring"),
        ("mentor", "mentoring"),
    }
    assert Returner.get_by_id(pair.returner_id).state == ReturnerState.ENDED


def test_an_ended_pair_can_write_nothing_more(pair, mentor, link):
    made = agreements.propose(pair, Side.MENTOR, {"meetings": "Monthly"}, False, mentor)
    mentorships.end_early(pair, Side.RETURNER, link)
    ended = again(pair)

    for act in (
        lambda: mentorships.note_meeting(ended, Side.MENTOR, NOON.date(), Mode.TEAMS, "", mentor),
        lambda: mentorships.arrange_first_meeting(
            ended, mentorships.FirstMeeting(NOON + timedelta(days=3), 60, Mode.TEAMS), mentor
        ),
        lambda: agreements.propose(ended, Side.MENTOR, {"meetings": "Weekly"}, False, mentor),
        lambda: agreements.agree(made, Side.RETURNER, link),
    ):
        with pytest.raises(RuleBroken, match="has ended"):
            act()


def test_a_meeting_to_come_is_off_when_the_mentoring_ends(pair, mentor, link):
    made = mentorships.arrange_first_meeting(
        pair, mentorships.FirstMeeting(NOON + timedelta(days=3), 60, Mode.TELEPHONE), mentor
    )

    mentorships.end_early(again(pair), Side.RETURNER, link)

    assert not Meeting.get_by_id(made.id).is_booked
    assert ("meeting_cancelled", mentor.email) in sent()


def test_a_mentor_who_leaves_frees_a_seat_and_their_returner_waits_again(pair):
    mentorships.end_of_mentor(pair, system_user())

    assert again(pair).mentor_seat is None
    assert sent() == [("new_arrangement", pair.returner.email)]
    assert Returner.get_by_id(pair.returner_id).state == ReturnerState.INTERESTED


def test_a_returner_whose_six_months_are_over_waits_for_nobody(app, link, pair):
    clock.set_to(clock.start_of(pair.ends_on))
    mentorships.not_working(pair, Side.RETURNER, link)

    assert Returner.get_by_id(pair.returner_id).state == ReturnerState.ENDED


def test_the_seats_are_what_makes_double_booking_impossible(team, pair):
    with pytest.raises(Exception, match=r"(?i)unique"):
        factories.a_mentorship(team, pair.mentor, mentor_seat=pair.mentor_seat)


def test_a_return_that_moves_moves_the_end_and_its_notice(pair):
    Mentorship.update(told_month_before_at=NOON).where(Mentorship.id == pair.id).execute()
    returner = pair.returner
    returner.returns_on = date(2027, 8, 31)
    returner.save()

    with db.atomic():
        mentorships.return_moved(returner, system_user())

    assert again(pair).ends_on == date(2028, 2, 29)
    assert again(pair).told_month_before_at is None


# What time brings


def test_each_letter_of_the_months_goes_once_however_often_the_pass_runs(pair, mentor):
    returner = pair.returner.email
    meeting = mentorships.arrange_first_meeting(
        pair, mentorships.FirstMeeting(NOON + timedelta(days=20), 60, Mode.TELEPHONE), mentor
    )
    Mentorship.update(contact_at=None).where(Mentorship.id == pair.id).execute()
    day, seen = NOON, []
    while day.date() < again(pair).ends_on + timedelta(days=40):
        day += timedelta(days=1)
        clock.set_to(day)
        due.run(day)
        due.run(day)
        seen += [(kind, to) for kind, to in sent()[len(seen) :]]
    ours = [(kind, to) for kind, to in sent() if not kind.startswith("meeting_")]
    both = (returner, mentor.email)

    assert ours == [
        *(("contact_check", one) for one in both),
        *(("agreement_prompt", one) for one in both),
        *(("month_left", one) for one in both),
        *(("mentoring_ended", one) for one in both),
        *(("survey_reminder", one) for one in both),
    ]
    assert again(pair).ending == MentorshipEnding.TIME_UP
    assert clock.to_london(again(pair).ended_at).date() == pair.ends_on
    assert meeting


def test_a_pass_that_comes_a_year_late_ends_what_is_over_and_says_nothing_that_is_no_longer_true(pair, mentor):
    late = NOON + timedelta(days=365)
    clock.set_to(late)
    due.run(late)
    due.run(late)

    assert [kind for kind, _ in sent()] == ["mentoring_ended"] * 2
    assert FeedbackAsk.select().count() == 2


def test_a_year_later_each_is_reminded_of_the_survey_once(pair):
    for years in (1, 2, 3):
        clock.set_to(NOON + timedelta(days=366 * years))
        due.run(clock.now())

    assert Counter(kind for kind, _ in sent()) == {"mentoring_ended": 2, "survey_reminder": 2}


def test_the_end_comes_on_its_day_and_not_the_evening_before(pair):
    clock.set_to(clock.start_of(pair.ends_on) - timedelta(minutes=1))
    due.run(clock.now())
    assert not again(pair).is_ended

    clock.set_to(clock.start_of(pair.ends_on))
    due.run(clock.now())
    assert again(pair).is_ended


def test_a_pair_that_is_in_touch_is_not_asked_and_one_that_answered_is_not_reminded(pair, mentor, link):
    mentorships.say_in_touch(pair, Side.MENTOR, mentor)
    mentorships.end_early(again(pair), Side.MENTOR, mentor)
    ask = FeedbackAsk.get(FeedbackAsk.side == Side.MENTOR)
    feedback.give(ask, {"used": "well", "useful": "very"}, with_name=False)

    clock.set_to(NOON + timedelta(days=20))
    due.run(clock.now())

    assert ("contact_check", mentor.email) not in sent()
    assert [to for kind, to in sent() if kind == "survey_reminder"] == [pair.returner.email]


def test_an_answer_about_mentoring_never_carries_a_name(pair, link):
    mentorships.end_early(pair, Side.RETURNER, link)
    ask = FeedbackAsk.get(FeedbackAsk.side == Side.RETURNER)

    with pytest.raises(RuleBroken, match="without a name"):
        feedback.give(ask, {"used": "well", "useful": "very"}, with_name=True)
    assert FeedbackAsk.get_by_id(ask.id).state == AskState.OPEN


def test_who_is_a_mentor_no_more_is_written_to_no_more(pair, mentor, link):
    RoleHeld.delete().where((RoleHeld.user == mentor) & (RoleHeld.role == Role.MENTOR)).execute()

    mentorships.end_early(pair, Side.RETURNER, link)

    assert sent() == [("mentoring_ended", pair.returner.email)]


# The duty of a registered doctor (D13)


def test_nothing_is_disclosed_before_the_mentee_was_told(pair, mentor):
    one = duty.decide(pair, "Somebody may come to harm.", mentor)
    assert duty.decide(pair, "Somebody may come to harm.", mentor) == one

    with pytest.raises(RuleBroken, match="Tell your mentee first"):
        duty.disclose(one, "The medical director", "What I fear.", mentor)

    duty.tell(one, Told.TELEPHONE, mentor)
    duty.disclose(one, "The medical director", "What I fear.", mentor)
    duty.disclose(one, "The medical director", "What I fear.", mentor)

    assert duty.of(pair)[0].disclosed_to == "The medical director"
    assert sent() == []


def test_tried_to_tell_is_not_told(app, pair, mentor, mailbox):
    one = duty.decide(pair, "Somebody may come to harm.", mentor)
    duty.tell(one, Told.MESSAGE, mentor)
    duty.tell(one, Told.MESSAGE, mentor)
    assert sent() == [("duty_told", pair.returner.email)]
    told = Notice.get(Notice.kind == "duty_told")
    assert "come to harm" not in told.text
    with pytest.raises(RuleBroken, match="Tried to tell is not told"):
        duty.disclose(one, "The medical director", "What I fear.", mentor)

    with app.app_context():
        delivery.send_due()

    assert Notice.get_by_id(told.id).state == NoticeState.SENT
    duty.disclose(one, "The medical director", "What I fear.", mentor)
    assert duty.of(pair)[0].told_how == Told.MESSAGE


def test_another_duty_waits_until_the_one_under_way_is_done(pair, mentor):
    duty.decide(pair, "One thing.", mentor)
    with pytest.raises(RuleBroken, match="begun this already"):
        duty.decide(pair, "Another thing.", mentor)


# Who may see a pair


def test_a_pair_is_seen_by_the_two_and_the_team_and_by_nobody_else(team, pair, mentor):
    returner = factories.a_user(Role.RETURNER, email=pair.returner.email)
    adviser = factories.a_user(Role.SENIOR_ADVISER)
    other = factories.a_mentorship(team)

    assert list(queries.visible_to(mentor)) == [pair]
    assert list(queries.visible_to(returner)) == [pair]
    assert set(queries.visible_to(team)) == {pair, other}
    assert list(queries.visible_to(adviser)) == []
    assert queries.side_of(team, pair) is None


@pytest.mark.parametrize(
    ("step", "titles"),
    [
        ("", ["What a mentor is not", "Questions for your agreement"]),
        ("/first-meeting", ["The first meeting"]),
        ("/agreement", ["Questions for your agreement"]),
        ("/met", ["Three ways to reflect"]),
        ("/not-working", ["If it is not working"]),
        ("/ending", ["Questions for the last meeting"]),
    ],
)
def test_guidance_stands_beside_what_a_pair_does(browser_of, pair, mentor, step, titles):
    browser = browser_of(mentor)
    browser.get(f"/mentoring/mentorships/{pair.public_id}{step}")

    assert [title for title in titles if f"Guidance: {title}" not in browser.page.text] == []


def test_after_the_end_it_says_who_supports_from_now_on(browser_of, pair, mentor):
    mentorships.end_early(pair, Side.MENTOR, mentor)
    browser = browser_of(mentor)
    browser.get(f"/mentoring/mentorships/{pair.public_id}")

    assert "Guidance: Support afterwards" in browser.page.text
