"""Introductions: one email to both (D7), every rule asked again, and nobody booked twice."""

import threading
from contextlib import nullcontext
from datetime import timedelta

import pytest

from models import (
    KeptApart,
    MatchOverride,
    MentoringWish,
    Mentorship,
    Notice,
    NoticeRecipient,
    Returner,
    ReturnerState,
    Role,
    RoleHeld,
    Side,
    WhyApart,
    db,
)
from signpost import clock, database, events
from signpost.accounts import links
from signpost.mentoring import actions, dates, mentorships, pool
from tests.factories import a_mentor, a_mentorship, a_user, who_waits
from tests.test_query_plans import statements
from tests.unchanged import nothing_written, refused


def letters():
    return {
        row.kind: [
            (one.header, one.address, one.permission)
            for one in NoticeRecipient.select().where(NoticeRecipient.notice == row).order_by(NoticeRecipient.id)
        ]
        for row in Notice.select().where(Notice.kind == "introduction")
    }


@pytest.fixture
def returner(team):
    return who_waits(team, name="Rowan Returner", email="rowan@signpost.example")


@pytest.fixture
def mentor(team):
    return a_mentor(a_user(Role.MENTOR, name="Morgan Mentor", email="morgan@signpost.example"))


def test_the_two_are_introduced_in_one_email_to_both(team, returner, mentor):
    made = actions.introduce(returner, mentor, by=team)

    assert letters() == {
        "introduction": [("to", "rowan@signpost.example", "D7-pair"), ("to", "morgan@signpost.example", "D7-pair")]
    }
    text = Notice.get(Notice.kind == "introduction").text
    assert "rowan@signpost.example" in text
    assert "morgan@signpost.example" in text
    assert "/links/" not in text
    assert Returner.get_by_id(returner.id).state == ReturnerState.MATCHED
    assert (made.mentor_seat, made.returner_seat, made.ends_on) == (1, 1, dates.ends_on(returner.returns_on))
    assert made.explanation.startswith("distance not known")


def test_the_preview_is_the_act_and_writes_nothing(team, returner, mentor):
    shown = events.rehearse(lambda: actions.introduce(returner, mentor, by=team))

    assert [(letter.kind, len(letter.recipients)) for letter in shown] == [("introduction", 2)]
    assert Mentorship.select().count() == 0
    assert Returner.get_by_id(returner.id).state == ReturnerState.INTERESTED


def test_who_has_a_mentor_is_not_introduced_to_another(team, returner, mentor):
    actions.introduce(returner, mentor, by=team)
    other = a_mentor()

    with refused("does not wait for a mentor any more"):
        actions.introduce(returner, other, by=team)


def test_a_mentor_without_a_place_left_takes_nobody(team, returner):
    full = a_mentor(capacity=1)
    a_mentorship(team, full)

    with refused("has no place left"):
        actions.introduce(returner, full, by=team)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"trained_on": None}, "no training recorded"),
        ({"capacity": 0}, "no place left"),
        ({"left_at": clock.now()}, "does not take anybody"),
    ],
)
def test_every_rule_is_asked_again_of_the_mentor(team, returner, columns, words):
    mentor = a_mentor(**columns)

    with refused(words):
        actions.introduce(returner, mentor, by=team)


def test_a_role_that_was_taken_away_introduces_nobody(team, returner, mentor):
    RoleHeld.delete().where(RoleHeld.user == mentor.user).execute()

    with refused("does not take anybody"):
        actions.introduce(returner, mentor, by=team)


@pytest.mark.parametrize(
    ("named", "why", "words"),
    [
        ({"email": "morgan@signpost.example"}, WhyApart.ASKED, "asked not to be matched"),
        ({"name": "Dr. Morgan  MENTOR"}, WhyApart.SUPERVISOR, "supervises"),
        ({"email": "morgan@signpost.example"}, WhyApart.NOT_WORKING, "did not work between them"),
    ],
)
def test_those_who_are_kept_apart_are_never_introduced(team, returner, mentor, named, why, words):
    KeptApart.create(returner=returner, why=why, written_at=clock.now(), **named)

    with refused(words):
        actions.introduce(returner, mentor, by=team)


def test_whom_a_mentor_asked_to_avoid_is_kept_apart_too(team, returner, mentor):
    KeptApart.create(mentor=mentor, email="rowan@signpost.example", why=WhyApart.ASKED, written_at=clock.now())

    with refused("asked not to be matched"):
        actions.introduce(returner, mentor, by=team)


def test_nobody_is_introduced_to_themselves(team, mentor):
    same = who_waits(team, name="Morgan Mentor", email="morgan@signpost.example")

    with refused("the same person"):
        actions.introduce(same, mentor, by=team)


@pytest.mark.parametrize("known_by", ["address", "account"])
def test_two_for_whom_it_did_not_work_are_not_matched_after_another_absence_either(team, mentor, known_by):
    account = a_user(Role.TRAINEE, email="rowan@signpost.example")
    earlier = who_waits(team, email="rowan@signpost.example")
    pair = a_mentorship(team, mentor, earlier)
    mentorships.not_working(pair, Side.RETURNER, account)
    long_ago = {"absent_from": clock.today() - timedelta(days=600), "returns_on": clock.today() - timedelta(days=300)}
    Returner.update(state=ReturnerState.ENDED, **long_ago).execute()
    again = who_waits(team, email="rowan@signpost.example")
    if known_by == "account":
        Returner.update(email="rowan@elsewhere.example").where(Returner.id == again.id).execute()
    assert again.id != earlier.id

    with refused("It did not work between them before"):
        actions.introduce(Returner.get_by_id(again.id), mentor, by=team)


def test_a_limit_that_was_chosen_is_kept(team, returner):
    MentoringWish.create(returner=returner, district="LA14", miles=20, is_miles_a_limit=True, given_at=clock.now())

    far = a_mentor(districts=("SE1",))

    with refused("chose to wait for somebody nearer"):
        actions.introduce(returner, far, by=team)
    assert actions.introduce(returner, a_mentor(districts=("LA13",)), by=team).explanation.startswith("1 mile;")


def test_why_a_mentor_was_away_is_not_in_what_is_kept_of_the_pair(team, returner, mentor, client):
    """The mentor said it to the team alone, and the returner reads why these two were matched."""
    wish = MentoringWish(returner=returner, district="LA14", works_ltft=True, given_at=clock.now())
    mentor.works_ltft, mentor.about = True, "I paint."
    wish.return_reason = mentor.return_reason = "Bereavement"
    wish.save(), mentor.save()

    made = actions.introduce(returner, mentor, by=team)

    assert "somebody who works less than full time" in made.explanation
    assert "reason" not in made.explanation
    client.get(
        f"/mentoring/links/{links.make('returner', returner.name, returner.email, returner=returner)}/mentorship"
    )
    assert f"Why you two: {made.explanation}." in client.page.text
    assert "I paint." in client.page.text


def test_a_mentor_does_not_read_what_the_returner_asked_for(team, returner, mentor, browser_of):
    made = actions.introduce(returner, mentor, by=team)

    page = browser_of(mentor.user).get(f"/mentoring/mentorships/{made.public_id}").text

    assert "Why you two" not in page


def test_seats_that_came_free_are_given_again(team, mentor):
    first, second = who_waits(team), who_waits(team)
    actions.introduce(first, mentor, by=team)
    made = actions.introduce(second, mentor, by=team)

    assert made.mentor_seat == 2
    Mentorship.update(mentor_seat=None, returner_seat=None, ended_at=clock.now(), ending="early").where(
        Mentorship.returner == first
    ).execute()
    assert actions.introduce(who_waits(team), mentor, by=team).mentor_seat == 1


def test_pressing_introduce_twice_is_pressing_once_and_says_so(team, returner, mentor):
    (made,), _ = actions.for_each([(returner, mentor)], by=team)

    assert actions.for_each([(returner, mentor)], by=team) == ([made], [])
    assert len(letters()["introduction"]) == 2
    ((*_, words),) = actions.for_each([(returner, mentor)], by=a_user(Role.RTT_TEAM))[1]
    assert "a colleague introduced them" in words


def test_two_coordinators_at_once_never_book_a_mentor_twice(team):
    """Eight of them, each with somebody else, for the one place that is left."""
    mentor, other = a_mentor(capacity=1), a_user(Role.RTT_TEAM)
    returners = [who_waits(team) for _ in range(8)]
    start, outcomes = threading.Barrier(len(returners)), []

    def press(returner, by):
        with db.connection_context() if database.is_sqlite() else nullcontext():
            start.wait()
            outcomes.append(actions.for_each([(returner, mentor)], by))

    threads = [
        threading.Thread(target=press, args=(one, (team, other)[index % 2])) for index, one in enumerate(returners)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(len(done) for done, _ in outcomes) == [0] * 7 + [1]
    assert all("has no place left" in words for _, lost in outcomes for *_, words in lost)
    assert Mentorship.select().count() == Notice.select().where(Notice.kind == "introduction").count() == 1


def test_one_who_cannot_be_introduced_stops_nobody_else(team, returner, mentor):
    full = a_mentor(capacity=0)

    done, lost = actions.for_each([(who_waits(team), full), (returner, mentor)], by=team)

    assert [made.returner_id for made in done] == [returner.id]
    assert [(who, words) for _, who, words in lost] == [
        (full, f"{full.user.name} has no place left: a colleague introduced somebody else to them.")
    ]


# Pinned, and ruled out


def test_a_pin_replaces_the_one_before_and_keeps_what_is_ruled_out(team, returner, mentor):
    other = a_mentor()
    actions.rule_out(returner, other, by=team)
    actions.pin(returner, mentor, by=team)
    third = a_mentor()
    actions.pin(returner, third, by=team)

    found = pool.load()
    assert found.pins == {(returner.public_id, third.public_id)}
    assert found.forbidden == {(returner.public_id, other.public_id)}


def test_a_pair_is_either_pinned_or_ruled_out(team, returner, mentor):
    actions.pin(returner, mentor, by=team)
    actions.rule_out(returner, mentor, by=team)

    found = pool.load()
    assert (found.pins, found.forbidden) == (frozenset(), {(returner.public_id, mentor.public_id)})
    actions.let_go(returner, mentor, by=team)
    assert MatchOverride.select().count() == 0


def test_what_a_rule_forbids_cannot_be_pinned(team, returner):
    untrained = a_mentor(trained_on=None)

    with refused("no training recorded"):
        actions.pin(returner, untrained, by=team)


def test_an_introduction_uses_up_what_was_decided_before_it(team, returner, mentor):
    actions.pin(returner, mentor, by=team)
    actions.introduce(returner, mentor, by=team)

    assert MatchOverride.select().count() == 0


@pytest.mark.parametrize("act", [actions.pin, actions.rule_out])
def test_to_decide_the_same_again_writes_nothing(team, returner, mentor, act):
    act(returner, mentor, by=team)

    with nothing_written():
        act(returner, mentor, by=team)


# What is read


def test_the_pool_asks_as_many_questions_for_many_as_for_few(team):
    def asked():
        with statements() as found:
            pool.load()
        return len(found)

    who_waits(team)
    a_mentor(districts=("SE1",))
    few = asked()
    for _ in range(5):
        who_waits(team)
        a_mentor(districts=("SE1", "LA14"))

    assert asked() == few
