"""Preparing a support meeting and taking its minutes, in a real browser, on a telephone and by keyboard (E9, E10)."""

from datetime import timedelta

import pytest

from models import LinkPurpose, Minutes, Present, Role, SupportMeeting, User
from signpost import clock
from signpost.accounts import links
from signpost.progression import gap_analysis
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.reader import eventually
from tests.browser.test_journey import WAYS

ROWS = "Item\tStatus\tEvidence\tPlan\nSequencing\tDone\tLogbook\t\nVariants\tNot yet\t\tBy June\n"


@pytest.fixture
def taker(site: Site) -> User:
    return factories.a_user(Role.PROGRESSION, name="Mina Minutes")


@pytest.fixture
def support(site: Site, taker: User) -> SupportMeeting:
    team, chair = factories.a_user(Role.PROGRESSION), factories.a_user(Role.MEETING_CHAIR)
    officer = factories.a_user(Role.TRAINING_OFFICER, name="Olly Officer")
    review = factories.a_review(team, None, officer, director=chair)
    return factories.a_support_meeting(review, chair, team, clock.now() + timedelta(days=20), taker)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_trainee_prepares_by_link_and_the_officer_signed_in(
    way: dict[str, bool], site: Site, sit: Sit, support: SupportMeeting
) -> None:
    review = support.review
    token = links.make(LinkPurpose.REVIEWED_TRAINEE, review.trainee_name, review.trainee_email, review=review)
    reader = sit(**way)
    reader.open(f"/progression/links/{token}/meetings/{support.public_id}")
    reader.follow("What to prepare, and the papers")
    reader.arrives_at("Prepare for the support meeting")
    reader.press("I have a private place")
    reader.follow("We have met")
    reader.fill(
        "Actions or solutions you want to have confirmed in the meeting", "Two more weeks in the second laboratory."
    )
    reader.press("We have met")
    reader.arrives_at("Prepare for the support meeting")
    reader.follow("Go to the table")
    reader.follow("Add rows from a spreadsheet")
    reader.fill("Rows from your spreadsheet", ROWS)
    reader.press("Look at these rows")
    reader.sees("Nothing is kept yet")
    reader.press("Keep these rows")
    reader.arrives_at("Gap analysis")
    assert len(gap_analysis.rows_of(support)) == 2

    reader.follow("Change Variants")
    reader.pick("Partly")
    reader.press("Keep the row")
    eventually(lambda: gap_analysis.rows_of(support)[1].status == "partly")

    officer = sit(User.get(User.name == "Olly Officer"), **way)
    officer.open(f"/progression/meetings/{support.public_id}/preparation")
    officer.sees("Two more weeks in the second laboratory.")


def test_minutes_are_saved_as_they_are_typed_by_keyboard_on_a_telephone(
    site: Site, sit: Sit, support: SupportMeeting, taker: User
) -> None:
    reader = sit(taker)
    reader.page.set_viewport_size({"width": 320, "height": 640})
    reader.open(f"/progression/meetings/{support.public_id}/minutes")
    box = reader.page.locator("#words-together")
    box.focus()
    reader.page.keyboard.type("They agreed on two more weeks.")
    eventually(lambda: Minutes.select().where(Minutes.present == Present.TOGETHER).exists())
    eventually(lambda: Minutes.get().words == "They agreed on two more weeks.")
    width = reader.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320

    reader.page.context.set_offline(True)
    reader.page.keyboard.type(" And on an hour a week.")
    reader.sees("Not saved yet: no connection. Your words are still on this page.")
    reader.page.context.set_offline(False)
    reader.page.keyboard.type(" So be it.")
    eventually(lambda: Minutes.get().words.endswith("And on an hour a week. So be it."))
