"""The matching board: what a coordinator sees, decides and sends, with htmx and without."""

import re
from datetime import timedelta

import pytest

from models import (
    Area,
    MatchesSeen,
    MatchOverride,
    MentoringWish,
    MentorPause,
    Mentorship,
    Notice,
    Place,
    Role,
    WishedArea,
)
from signpost import clock
from signpost.mentoring import actions, board_routes, mentors
from tests.factories import a_mentor, a_mentorship, a_user, who_waits
from tests.unchanged import nothing_written

BOARD = "/mentoring/matching"


def wishes(returner, district, **columns):
    return MentoringWish.create(returner=returner, district=district, given_at=clock.now(), **columns)


def value(returner, mentor):
    return f"{returner.public_id}.{mentor.public_id}"


@pytest.fixture
def rowan(team):
    made = who_waits(team, name="Rowan Returner", email="rowan@signpost.example")
    wishes(made, "LA14", place_name="Barrow", miles=30)
    return made


@pytest.fixture
def morgan(team):
    return a_mentor(a_user(Role.MENTOR, name="Morgan Mentor"), districts=("LA13",))


@pytest.fixture
def far(team):
    return a_mentor(a_user(Role.MENTOR, name="Farah Away"), districts=("SE1",))


@pytest.fixture
def mine(browser_of, team):
    return browser_of(team)


def test_the_board_shows_each_suggestion_and_why(mine, rowan, morgan):
    page = mine.get(BOARD).text

    assert "1 person waits. 1 person has a suggestion. 2 of 2 wishes are met, over 1 mile in all." in " ".join(
        page.split()
    )
    assert "1 mile; both in person, by video or by phone." in page
    assert "Rowan Returner" in page
    assert "Morgan Mentor" in page


def test_an_empty_board_says_so(mine):
    page = mine.get(BOARD).text

    assert "Nobody waits for a mentor." in page
    assert "<svg" not in page


def test_who_is_left_is_on_the_list_with_a_place_and_the_reason(mine, team, morgan):
    for _ in range(2):
        who_waits(team)
    left = who_waits(team, name="Lee Left")

    page = mine.get(BOARD).text

    assert "Lee Left" in page
    assert "The one mentor who would suit is taken by people who have waited as long or longer." in page
    assert "One more place with Morgan Mentor would change it." in page
    assert left.public_id in page


def test_the_map_has_everybody_with_coordinates_and_says_whose_they_are(mine, team, rowan, morgan, far):
    Place.create(name="Preston", district="PR1")
    wishes(who_waits(team), "JE2")

    page = mine.get(BOARD).text

    assert page.count('class="sp-map__suggested" cx') - page.count('cx="10"') == 1
    assert page.count('<rect class="sp-map__mentor"') == 3  # and one in the key
    assert ">Preston</text>" in page
    assert page.count("<line") == 1
    assert "Not on the map, because no place is known that has coordinates: 1." in page
    assert "Open Government Licence v3.0" in page


def test_a_mentor_who_pauses_or_is_not_trained_yet_has_no_place_free_on_the_map(mine, rowan, morgan, far):
    far.trained_on = clock.today() + timedelta(days=1)
    far.save()
    MentorPause.create(mentor=a_mentor(districts=("LA1",)), first_day=clock.today())

    page = mine.get(BOARD).text

    assert page.count('<rect class="sp-map__mentor"') == 2  # Morgan, and one in the key
    assert page.count('<rect class="sp-map__full"') == 3


def test_what_is_on_the_map_is_in_tables_too(mine, team, rowan, morgan, far):
    wishes(who_waits(team, name="Lee Left"), "TR21", place_name="Scilly", miles=5, is_miles_a_limit=True)

    page = re.sub(r"<[^>]+>|\s+", " ", mine.get(BOARD).text)

    assert re.search(r"Lee Left .{0,60}0 days, Scilly", page)
    assert re.search(r"Farah Away\s+Where\s+SE1\s+Places free\s+2", page)


def test_what_is_pinned_with_a_mentor_who_has_left_can_be_let_go(mine, team, rowan, morgan):
    actions.pin(rowan, morgan, team)
    mentors.leave(morgan, morgan.user, morgan.version)

    page = mine.get(BOARD).text
    assert "Does not hold any more. The mentor does not take anybody any more." in page
    assert f'value="{value(rowan, morgan)}">Let go' in page

    mine.submit(f"{BOARD}/overrides", let_go=value(rowan, morgan))
    assert MatchOverride.select().count() == 0


def test_more_pairs_than_can_be_introduced_at_once_stay_on_the_board(mine, team, rowan, morgan, monkeypatch):
    monkeypatch.setattr(board_routes, "MOST_AT_ONCE", 1)
    who_waits(team)

    page = mine.get(f"{BOARD}/introductions?all=1").text

    assert "Introduce 1 pair" in page
    assert "1 pair stays on the board." in page


# Pin, rule out, let go


def test_ruling_out_matches_the_rest_again_and_says_what_it_costs(mine, rowan, morgan, far):
    answer = mine.followed(mine.submit(f"{BOARD}/overrides", rule_out=value(rowan, morgan)))

    said = " ".join(answer.text.split())
    assert "Farah Away" in said
    assert "What it costs: one person loses a mentor as near as they asked; 22" in said
    assert MatchOverride.select().count() == 1


def test_htmx_gets_the_board_alone_and_hears_the_cost(mine, rowan, morgan, far):
    answer = mine.submit(
        f"{BOARD}/overrides", headers={"HX-Request": "true", "HX-Request-Type": "partial"}, pin=value(rowan, far)
    )

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Pinned: Rowan Returner and Farah Away. What your overrides cost: one person loses" in answer.text


def test_letting_go_is_as_it_was(mine, rowan, morgan, far):
    before = mine.get(BOARD).text
    mine.submit(f"{BOARD}/overrides", pin=value(rowan, far))

    mine.submit(f"{BOARD}/overrides", let_go=value(rowan, far))

    token = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{20,}")
    assert token.sub("", mine.get(BOARD).text) == token.sub("", before)


def test_a_pin_that_a_rule_has_overtaken_is_shown_with_the_reason(mine, team, rowan, morgan):
    actions.pin(rowan, morgan, by=team)
    a_mentorship(team, morgan)
    a_mentorship(team, morgan)

    page = mine.get(BOARD).text

    assert "Does not hold any more. Morgan Mentor has no place left" in page
    assert "Nobody" not in page


def test_what_the_rules_forbid_is_refused_in_words(mine, rowan):
    untrained = a_mentor(trained_on=None)

    with nothing_written():
        answer = mine.submit(f"{BOARD}/overrides", pin=value(rowan, untrained))
    assert answer.status_code == 409
    assert "only trained mentors are matched" in answer.text


@pytest.mark.parametrize("sent", [{}, {"pin": "nothing"}, {"pin": "aaaaaaaa.bbbbbbbb"}])
def test_nonsense_changes_nothing(mine, rowan, morgan, sent):
    with nothing_written():
        assert mine.submit(f"{BOARD}/overrides", **sent).status_code in (400, 404)


# Somebody else


def test_every_mentor_who_could_be_chosen_has_a_price(mine, rowan, morgan, far):
    other = a_mentor(a_user(Role.MENTOR, name="Noor New"), trained_on=None)

    page = " ".join(mine.get(f"{BOARD}/returners/{rowan.public_id}").text.split())

    assert page.index("Morgan Mentor") < page.index("Farah Away")
    assert "Nothing changes for anybody" in page
    assert "One person loses a mentor as near as they asked; 22" in page
    assert f"{other.user.name}</bdi>: Noor New has no training recorded, and only trained mentors are matched." in page


def test_who_does_not_wait_has_no_such_page(mine, team, rowan, morgan):
    actions.introduce(rowan, morgan, by=team)

    assert mine.get(f"{BOARD}/returners/{rowan.public_id}").status_code == 404


# Introduce one, some or all


def test_the_preview_shows_who_is_told_and_sends_nothing(mine, rowan, morgan):
    with nothing_written():
        page = mine.get(f"{BOARD}/introductions?pair={value(rowan, morgan)}").text

    assert "Introduce 1 pair" in page
    assert "rowan@signpost.example" in page
    assert morgan.user.email in page
    assert "Mentor and mentee are introduced in one email to both." in page


def test_all_are_introduced_at_one_press_each_with_one_email(mine, team, rowan, morgan):
    who_waits(team)
    page = mine.get(f"{BOARD}/introductions?all=1").text
    pairs = re.findall(r'name="pair" value="([^"]+)"', page)

    answer = mine.submit(f"{BOARD}/introductions", pair=pairs)

    assert (answer.status_code, len(pairs)) == (200, 2)
    assert Mentorship.select().count() == Notice.select().where(Notice.kind == "introduction").count() == 2
    assert "Nobody waits for a mentor." in mine.get(BOARD).text


def test_a_colleague_who_was_faster_is_told_of_kindly(mine, team, rowan, morgan):
    other = who_waits(team)
    actions.introduce(rowan, morgan, by=a_user(Role.RTT_TEAM))

    answer = mine.submit(f"{BOARD}/introductions", pair=[value(rowan, morgan), value(other, morgan)])

    assert answer.status_code == 409
    assert "Rowan Returner does not wait for a mentor any more: a colleague introduced them" in answer.text
    assert Mentorship.select().count() == 2


def test_ticking_nobody_is_said(mine):
    assert "You chose nobody." in mine.get(f"{BOARD}/introductions").text
    assert "You chose nobody." in mine.submit(f"{BOARD}/introductions").text


# What changed since


def test_the_board_remembers_what_was_read_and_says_what_changed(mine, team, rowan, morgan, far):
    mine.submit(f"{BOARD}/seen")
    assert "Nothing has changed since" in mine.get(BOARD).text

    who_waits(team, name="Newt New")
    actions.rule_out(rowan, morgan, by=team)
    page = mine.get(BOARD).text
    assert "Rowan Returner: Farah Away instead of Morgan Mentor." in page
    assert "Newt New waits now; suggested: " in page

    actions.introduce(rowan, far, by=team)
    assert "Rowan Returner does not wait any more." in mine.get(BOARD).text
    mine.submit(f"{BOARD}/seen")
    assert (MatchesSeen.select().count(), "Nothing has changed since" in mine.get(BOARD).text) == (1, True)


# Where mentors are wanted


def test_recruiting_is_where_one_more_mentor_would_change_most(mine, team, morgan):
    kent = Area.create(name="Kent", districts="CT ME")
    for district, count in (("CT1", 3), ("LA14", 1)):
        for _ in range(count):
            wish = wishes(who_waits(team), district, miles=40, is_miles_a_limit=True)
            WishedArea.create(wish=wish, area=kent)

    page = " ".join(mine.get(f"{BOARD}/recruiting").text.split())

    assert page.index("CT1</div>") < page.index("LA14</div>")
    assert "Two people more with a mentor" in page


def test_without_anybody_nothing_is_wanted(mine):
    assert "Nobody who said where they are" in mine.get(f"{BOARD}/recruiting").text


# Who may


OF_A_PLACE = (Role.REFERRER, Role.HEAD_OF_SCHOOL)  # the matrix asks as them too


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.RTT_TEAM, *OF_A_PLACE)])
def test_nobody_else_opens_the_board(browser_of, rowan, morgan, role):
    browser = browser_of(a_user(role))

    for address in ("", "/recruiting", f"/returners/{rowan.public_id}", f"/introductions?pair={value(rowan, morgan)}"):
        assert browser.get(f"{BOARD}{address}").status_code == 403
    with nothing_written():
        for address, sent in (
            ("introductions", {"pair": [value(rowan, morgan)]}),
            ("overrides", {"pin": value(rowan, morgan)}),
            ("seen", {}),
        ):
            assert browser.submit(f"{BOARD}/{address}", **sent).status_code == 403


def test_a_coordinator_who_returns_too_does_not_see_their_own_match(mine, team, morgan):
    own = who_waits(team, email=team.email, name=team.name)
    other = who_waits(team, name="Ola Other")

    page = mine.get(BOARD).text

    assert own.public_id not in page
    assert other.public_id in page
    assert mine.get(f"{BOARD}/returners/{own.public_id}").status_code == 404
    with nothing_written():
        assert mine.submit(f"{BOARD}/overrides", pin=value(own, morgan)).status_code == 404
        assert "You chose nobody." in mine.submit(f"{BOARD}/introductions", pair=[value(own, morgan)]).text
    assert own.public_id not in mine.get(f"{BOARD}/introductions?all=1").text
