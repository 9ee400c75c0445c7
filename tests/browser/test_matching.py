"""The matching board in a real browser: ruling out, pinning, choosing somebody else, introducing; with htmx, without
scripts, and by the keyboard alone."""

import pytest

from models import MatchOverride, MentoringWish, Mentorship, Notice, Place, Role, User
from signpost import clock
from tests import factories
from tests.browser.conftest import NARROW, Sit, Site
from tests.browser.reader import Reader, eventually

BOARD = "/mentoring/matching"
PAIR = "Rowan Returner and Morgan Mentor"


@pytest.fixture
def team(site: Site) -> User:
    """A coordinator, two who wait in Barrow and London, and a mentor near each."""
    team = factories.a_user(Role.RTT_TEAM, name="Robin Returns")
    Place.get_or_create(name="Barrow-in-Furness", defaults={"district": "LA14"})
    for name, district in (("Rowan Returner", "LA14"), ("Sasha Second", "SE1")):
        waits = factories.who_waits(team, name=name)
        MentoringWish.create(returner=waits, district=district, miles=30, given_at=clock.now())
    for name, district in (("Morgan Mentor", "LA13"), ("Farah Away", "SW17")):
        factories.a_mentor(factories.a_user(Role.MENTOR, name=name), districts=(district,), capacity=1)
    return team


def introduces_all(reader: Reader) -> None:
    reader.press("Introduce all")
    reader.arrives_at("Introduce 2 pairs")
    reader.sees("Mentor and mentee are introduced in one email to both.")
    reader.press("Introduce these 2 pairs")
    reader.arrives_at("Introduced")
    assert Mentorship.select().count() == Notice.select().where(Notice.kind == "introduction").count() == 2
    reader.follow("Back to matching")
    reader.sees("Nobody waits for a mentor.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_coordinator_weighs_an_override_lets_it_go_and_introduces_everybody(
    sit: Sit, team: User, scripts: bool
) -> None:
    robin = sit(team, scripts=scripts)
    robin.open(BOARD)
    robin.arrives_at("Matching")
    robin.sees("2 people wait. 2 people have a suggestion.")
    robin.page.get_by_role("img", name="Where returners and mentors are").wait_for()

    robin.press(f"Not these two {PAIR}")
    robin.sees("What it costs: two people lose a mentor as near as they asked; 4")
    if scripts:
        robin.sees("Ruled out: Rowan Returner and Morgan Mentor.")
        assert robin.path == BOARD
    robin.press(f"Let go {PAIR}")
    eventually(lambda: "What it costs" not in robin.text)

    robin.follow("Somebody else for Rowan Returner")
    robin.arrives_at("A mentor for Rowan Returner")
    robin.sees("Two people lose a mentor as near as they asked")
    robin.press("Pin Morgan Mentor")
    robin.arrives_at("Matching")
    robin.sees("What it costs: nothing changes for anybody.")
    assert MatchOverride.get().is_pinned

    introduces_all(robin)


def test_one_pair_alone_by_the_keyboard(sit: Sit, team: User) -> None:
    robin = sit(team, keyboard=True)
    robin.open(BOARD)

    robin.tick(f"Choose {PAIR}")
    robin.press("Introduce those ticked")
    robin.arrives_at("Introduce 1 pair")
    robin.press("Introduce these two")
    robin.arrives_at("Introduced")

    assert [made.returner.name for made in Mentorship.select()] == ["Rowan Returner"]


def test_after_an_override_the_focus_is_on_what_it_did_also_on_a_telephone(sit: Sit, team: User) -> None:
    robin = sit(team, viewport=NARROW)
    robin.open(BOARD)

    robin.press(f"Pin {PAIR}")

    said = robin.page.locator("#board [data-focus]")
    eventually(lambda: robin.has_focus(said), "What was done did not take the focus")
    assert robin.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_what_was_read_is_remembered(sit: Sit, team: User) -> None:
    robin = sit(team)
    robin.open(BOARD)
    robin.press("Mark as read")
    robin.sees("Nothing has changed since")

    factories.who_waits(team, name="Newt New")
    robin.open(BOARD)
    robin.sees("Newt New waits now; no mentor can be suggested.")
