"""A returner's own page: by a personal link without an account, or signed in; and asking without having been asked (D3)."""

import re
from datetime import timedelta

import pytest

from models import (
    KeptApart,
    LinkPurpose,
    MentoringWish,
    Notice,
    OwnTrust,
    PersonalLink,
    Returner,
    ReturnerState,
    Role,
    Side,
    User,
    WhyApart,
)
from signpost import clock
from signpost.accounts import links
from signpost.mentoring import asking, mentorships, offers, places, wishes
from tests.factories import a_mentor, a_mentorship, a_returner, a_user, who_waits
from tests.unchanged import nothing_written, refused


def a_link(returner):
    return f"/mentoring/links/{links.make(LinkPurpose.RETURNER, returner.name, returner.email, returner=returner)}"


def state_of(returner):
    return Returner.get_by_id(returner.id).state


def parts(name, on):
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


# By the link


def test_looking_at_the_page_answers_nothing(team, client):
    made = a_returner(team, weeks_to_return=4)
    here = a_link(made)

    with nothing_written():
        for _ in range(3):
            assert client.get(here).status_code == 200


def test_yes_takes_two_presses_and_no_account(team, client):
    made = a_returner(team, weeks_to_return=4)

    client.get(a_link(made))
    client.press("Yes, I would like a mentor")

    assert state_of(made) == ReturnerState.INTERESTED
    assert client.page.h1 == "What you wish for"
    assert "You are on the list for a mentor" in client.page.text
    assert "not guaranteed" in client.page.text


def test_no_and_a_change_of_mind(team, client):
    made = a_returner(team, weeks_to_return=4)
    client.get(a_link(made))

    client.press("No, thank you")
    assert state_of(made) == ReturnerState.DECLINED
    assert "That is fine" in client.page.text
    client.press("Yes, I would like a mentor")

    assert state_of(made) == ReturnerState.INTERESTED


def test_ask_me_later_with_a_day(team, client):
    made = a_returner(team, weeks_to_return=4)
    here = a_link(made)
    on = clock.today() + timedelta(days=40)

    client.get(f"{here}/later")
    assert client.press("Ask me on that day", **parts("ask_again_on", clock.today())).status_code == 422
    client.press("Ask me on that day", **parts("ask_again_on", on))

    assert Returner.get_by_id(made.id).ask_again_on == on


def test_whoever_waits_sees_their_place_and_what_can_be_expected(team, client):
    who_waits(team)
    second = who_waits(team)
    a_mentor()

    client.get(a_link(second))

    assert "You are number 2 of 2 on the list." in client.page.text
    assert "2 places with mentors are free now" in client.page.text


def test_with_no_mentor_free_it_is_said_when_one_may_be(team, client):
    pair = a_mentorship(team, a_mentor(capacity=1))
    made = who_waits(team)

    client.get(a_link(made))

    assert "You are the only one who waits" in client.page.text
    assert f"{pair.ends_on.day} {pair.ends_on:%B %Y}" in client.page.text


@pytest.mark.parametrize("how", ["expired", "withdrawn", "another address"])
def test_a_link_that_is_over_says_so_and_sends_a_new_one(team, client, how):
    made = a_returner(team, weeks_to_return=4)
    here = a_link(made)
    link = PersonalLink.select().order_by(PersonalLink.id.desc()).get()
    if how == "expired":
        PersonalLink.update(expires_at=clock.now()).execute()
    elif how == "withdrawn":
        PersonalLink.update(withdrawn_at=clock.now()).where(PersonalLink.id == link.id).execute()
    else:
        Returner.update(email="new@x.example").execute()

    assert client.get(here).status_code == 410
    with clock.at(clock.now() + timedelta(minutes=1)):
        client.press("Send me a new link")

    assert client.page.h1 == "Look at your email"
    notice = Notice.select().order_by(Notice.id.desc()).get()
    assert notice.kind == "returner_link"
    assert [row.address for row in notice.recipients] == [Returner.get_by_id(made.id).email]
    assert client.submit(f"{here}/acceptance").status_code == 404
    assert state_of(made) == ReturnerState.OFFERED


def test_a_link_for_something_else_opens_nothing_here(team, client):
    made = a_returner(team, weeks_to_return=4)
    token = links.make(LinkPurpose.POLL, made.name, made.email, returner=made)

    assert client.get(f"/mentoring/links/{token}").status_code == 404
    assert client.get("/mentoring/links/nothing").status_code == 404


def test_after_the_six_months_the_page_says_that_it_is_over(team, client):
    made = a_returner(team, weeks_to_return=4)
    here = a_link(made)

    Returner.update(
        returns_on=clock.today() - timedelta(days=200), absent_from=clock.today() - timedelta(days=400)
    ).execute()
    client.get(here)

    assert "Mentoring is for the six months after a return, which ended on" in client.page.text
    assert "Where else to turn" in client.page.text
    assert "Yes, I would like" not in client.page.text


def test_the_towns_that_can_be_typed_are_named(team, client, browser_of):
    places.write_place(None, "Barrow", "LA14", team)
    mentor = a_mentor().user

    assert client.get(f"{a_link(who_waits(team))}/wishes").text.count("<p>Barrow</p>") == 1
    assert browser_of(mentor).get("/mentoring/mentor/ways").text.count("<p>Barrow</p>") == 1


def test_where_letters_about_a_pair_lead_an_old_link_can_be_asked_for_again(team, client):
    pair = a_mentorship(team)
    here = a_link(pair.returner)
    before = PersonalLink.select().count()

    with clock.at(clock.now() + timedelta(days=15)):
        answer = client.get(f"{here}/mentorship")
        assert (answer.status_code, client.page.h1) == (410, "This link no longer works")
        assert pair.mentor.user.name not in client.page.text
        client.press("Send me a new link")
    assert PersonalLink.select().count() == before + 1


def test_after_the_end_the_page_leads_to_what_they_had(team, client):
    """Also by a link that was asked for again, for the survey (D15)."""
    pair = a_mentorship(team)
    with clock.at(clock.start_of(pair.ends_on)):
        mentorships.end_in_time(pair, team)
        client.get(a_link(pair.returner))
        client.get(client.page.link("Look back, or answer how it was"))

    assert client.page.h1 == f"Mentoring with {pair.mentor.user.name}"
    assert "Answer the survey" in client.page.text


def test_who_waited_to_the_end_is_told_so_kindly_and_where_else_to_turn(team, client):
    waited = who_waits(team)

    with clock.at(clock.now() + timedelta(days=300)):
        client.get(a_link(waited))

    assert "We are sorry that no mentor was found for you in time." in client.page.text
    assert "Where else to turn" in client.page.text
    assert "on the list" not in client.page.text


# Wishes

BARROW = {"base": "LA14", "miles": "20", "modes": ["face_to_face", "teams"], "days": ["0", "2"]}


def test_wishes_are_kept_and_shown_and_the_whole_postcode_is_not(team, client):
    places.write_area(None, "Lancashire", "PR BB LA1 LA2", team)
    made = who_waits(team)
    here = a_link(made)

    client.get(f"{here}/wishes")
    (area,) = places.Area.select()
    client.press(
        "Keep these wishes",
        **(
            BARROW | {"base": "la14 5qx", "is_miles_a_limit": "y", "wanted": [area.public_id], "matters": ["is_parent"]}
        ),
        supervisors="Dr Gray\nsuper@x.example",
        apart="Dr Green",
        request="Could we speak Welsh?",
    )

    wish = MentoringWish.get()
    assert (wish.district, wish.place_name, wish.miles, wish.is_miles_a_limit, wish.days) == (
        "LA14",
        "",
        20,
        True,
        "02",
    )
    assert (wish.face_to_face, wish.teams, wish.telephone, wish.is_parent) == (True, True, False, True)
    assert wish.request == "Could we speak Welsh?"
    assert wishes.kept_apart(made, WhyApart.SUPERVISOR) == ["Dr Gray", "super@x.example"]
    assert wishes.kept_apart(made, WhyApart.ASKED) == ["Dr Green"]
    assert "LA14" in client.page.text
    assert "5QX" not in client.page.text.upper()


def test_a_town_of_the_list_is_a_place(team, client):
    places.write_place(None, "Barrow-in-Furness", "LA14", team)
    made = who_waits(team)

    client.get(f"{a_link(made)}/wishes")
    client.press("Keep these wishes", **(BARROW | {"base": "barrow-in-furness"}))

    assert (MentoringWish.get().place_name, MentoringWish.get().district) == ("Barrow-in-Furness", "LA14")


@pytest.mark.parametrize("district", ["JE2", "TR21", "ZE1", "BT12"])
def test_islands_and_northern_ireland_are_places_as_any_other(team, client, district):
    made = who_waits(team)
    client.get(f"{a_link(made)}/wishes")

    client.press("Keep these wishes", **(BARROW | {"base": district}))

    assert MentoringWish.get().district == district
    assert ("We do not have coordinates for Jersey" in client.page.text) == (district == "JE2")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"base": ""}, "Enter a town"),
        ({"base": "Atlantis"}, "We do not know this place"),
        ({"base": "ZZ99 9ZZ"}, "There is no postcode district ZZ99"),
        ({"modes": None}, "Select at least one way of meeting"),
        ({"miles": "far"}, "Enter a whole number"),
        ({"miles": "0"}, "must be a whole number"),
        ({"miles": "", "is_miles_a_limit": "y"}, "Enter how far you would go"),
        ({"own_trust": "neither"}, "Select one of the choices"),
        ({"days": ["9"]}, "Select from the choices"),
        ({"apart": "\n".join(f"Dr {n}" for n in range(21))}, "at most 20 people"),
    ],
)
def test_what_cannot_be_wished_for_is_said_beside_the_field_and_kept(team, client, changed, words):
    made = who_waits(team)
    client.get(f"{a_link(made)}/wishes")

    with nothing_written():
        response = client.press("Keep these wishes", **(BARROW | {"request": "Kept words"} | changed))

    assert response.status_code == 422
    assert words in client.page.text
    assert "Kept words" in client.page.text


def test_wishes_that_were_changed_elsewhere_meanwhile_are_not_overwritten(team, client):
    made = who_waits(team)
    here = a_link(made)
    client.get(f"{here}/wishes")
    client.press("Keep these wishes", **BARROW)
    client.get(f"{here}/wishes")
    wish = MentoringWish.get()
    wishes.write(made, wishes_place("M13"), wishes.Wishes(), team, wish.version)

    assert client.press("Keep these wishes", **BARROW).status_code == 409
    assert MentoringWish.get().district == "M13"


def wishes_place(district):
    from signpost.mentoring import geography

    return geography.find(district)


def test_other_wishes_never_bring_back_a_pair_that_did_not_work(team, client):
    made = who_waits(team)
    KeptApart.create(returner=made, email="m@x.example", why=WhyApart.NOT_WORKING, written_at=clock.now())
    client.get(f"{a_link(made)}/wishes")

    client.press("Keep these wishes", **(BARROW | {"apart": "Dr Other"}))

    kept = {row.email or row.name: row.why for row in KeptApart.select()}
    assert kept == {"m@x.example": WhyApart.NOT_WORKING, "Dr Other": WhyApart.ASKED}


def test_an_area_is_wanted_or_avoided_and_not_both(team):
    area = places.write_area(None, "Lancashire", "PR", team)
    made = who_waits(team)

    with refused("both wanted and avoided"):
        wishes.write(made, wishes_place("LA14"), wishes.Wishes(), team, 0, wanted=[area], avoided=[area])
    with refused("how far"):
        wishes.write(made, wishes_place("LA14"), wishes.Wishes(is_miles_a_limit=True), team, 0)
    with refused("at least one way"):
        wishes.write(
            made, wishes_place("LA14"), wishes.Wishes(face_to_face=False, teams=False, telephone=False), team, 0
        )


def test_what_they_choose_to_say_lies_sealed(team):
    made = who_waits(team)

    words = wishes.Wishes(return_reason="A hidden reason", request="A hidden request", own_trust=OwnTrust.NOT_WISHED)
    wishes.write(made, wishes_place("LA14"), words, team, 0)

    (raw,) = MentoringWish.select(MentoringWish.return_reason, MentoringWish.request).tuples()
    assert b"hidden" not in bytes(raw[0]) + bytes(raw[1])


# Signed in


def test_a_returner_with_an_account_has_the_same_page(team, browser_of):
    me = a_user(Role.RETURNER)
    made = a_returner(team, email=me.email, weeks_to_return=4)
    browser = browser_of(me)

    browser.followed(browser.get("/mentoring"))
    browser.press("Yes, I would like a mentor")

    assert state_of(made) == ReturnerState.INTERESTED


def test_somebody_of_whom_no_return_is_known_may_ask(browser_of):
    browser = browser_of(a_user(Role.TRAINEE))

    browser.get("/mentoring/mine")

    assert "We do not know of an absence of yours" in browser.page.text
    assert browser.submit("/mentoring/mine/acceptance").status_code == 404


def test_nobody_answers_for_somebody_else(team, browser_of):
    made = a_returner(team, weeks_to_return=4)

    for person in (a_user(Role.RETURNER), a_user(Role.MENTOR), team):
        assert browser_of(person).submit("/mentoring/mine/acceptance").status_code == 404
    assert state_of(made) == ReturnerState.OFFERED


def test_a_team_member_who_returns_answers_on_their_own_page_and_sees_no_row_of_themselves(team, browser_of):
    colleague = a_user(Role.RTT_TEAM)
    made = a_returner(team, email=colleague.email, weeks_to_return=4)
    browser = browser_of(colleague)

    assert browser.get(f"/mentoring/returners/{made.public_id}").status_code == 404
    browser.get("/mentoring/mine")
    browser.press("Yes, I would like a mentor")

    assert state_of(made) == ReturnerState.INTERESTED


# Asking without having been asked


def ask(client, email="ada@x.example", weeks=4, months_away=200, **more):
    client.get("/mentoring/ask")
    returns_on = clock.today() + timedelta(weeks=weeks)
    fields = parts("absent_from", returns_on - timedelta(days=months_away)) | parts("returns_on", returns_on)
    return client.press("Ask for a mentor", **({"name": "Ada Lovelace", "email": email} | fields | more))


def test_who_ended_their_mentoring_early_is_told_so_when_they_ask_again(team, browser_of):
    account = a_user(Role.TRAINEE)
    pair = a_mentorship(team, returner=who_waits(team, email=account.email))
    mentorships.end_early(pair, Side.RETURNER, account)

    browser = browser_of(account)
    browser.get("/mentoring/ask")
    asked = parts("absent_from", pair.returner.absent_from) | parts("returns_on", pair.returner.returns_on)
    answer = browser.press("Ask for a mentor", **asked)

    assert answer.status_code == 422
    assert "write to the return to training team" in browser.page.text
    assert "are over" not in browser.page.text


def test_asking_sends_a_link_to_the_address_and_promises_nothing_before_it_is_opened(team, client):
    ask(client)

    (made,) = Returner.select()
    assert (made.state, made.came_by, made.interested_at) == (ReturnerState.LISTED, "asked", None)
    assert [row.kind for row in Notice.select()] == ["returner_link"]
    assert client.page.h1 == "Look at your email"


def test_who_asked_is_not_offered_again_what_they_asked_for(team, client):
    ask(client)

    assert offers.offer_due(clock.now()) == 0


def test_whether_somebody_is_known_does_not_show(team, client):
    there = a_returner(team, email="known@x.example", weeks_to_return=20)

    with_known, with_unknown = ask(client, email="known@x.example"), ask(client, email="unknown@x.example")

    said = [re.sub(r'"X-CSRFToken": "[^"]+"', "", each.text) for each in (with_known, with_unknown)]
    assert said[0] == said[1]  # but for what is new each second
    assert Returner.get_by_id(there.id).returns_on == there.returns_on
    assert Returner.get_by_id(there.id).name == there.name


def test_a_short_absence_is_refused_whoever_asks(team, client):
    with nothing_written():
        response = ask(client, months_away=60)

    assert response.status_code == 422
    assert "three months or more" in client.page.text


def test_nobodys_mailbox_is_filled_and_a_crowd_is_slowed_down(team, client):
    for minutes in range(1, 7):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            ask(client)
    assert Notice.select().count() == 4

    codes = [ask(client, email=f"other{n}@x.example").status_code for n in range(12)]

    assert codes[-1] == 429


def test_asking_too_often_locks_no_account(team, client):
    me = a_user(Role.RETURNER, email="ada@x.example", password="three plain words")
    for _ in range(12):
        ask(client)

    client.get("/sign-in")
    client.press("Sign in", email=me.email, password="three plain words")

    assert client.get("/").status_code == 200


def test_signed_in_one_waits_at_once(browser_of):
    me = a_user(Role.TRAINEE, name="Ada Lovelace")

    ask(browser_of(me), name=None, email=None)

    (made,) = Returner.select()
    assert (made.email, made.name, made.state) == (me.email, "Ada Lovelace", ReturnerState.INTERESTED)


def test_who_asked_and_never_opened_the_link_is_forgotten(team, client):
    ask(client)
    kept = a_returner(team, weeks_to_return=30)

    with clock.at(clock.now() + timedelta(days=29)):
        assert asking.forget_unconfirmed(clock.now()) == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert asking.forget_unconfirmed(clock.now()) == 1

    assert [row.id for row in Returner.select()] == [kept.id]


def test_who_opened_the_link_is_kept(team, client):
    ask(client)
    made = Returner.get()
    offers.accept(made, by=PersonalLink.get(PersonalLink.returner == made))

    with clock.at(clock.now() + timedelta(days=31)):
        assert asking.forget_unconfirmed(clock.now()) == 0
    assert User.select().where(User.email == made.email).count() == 0
