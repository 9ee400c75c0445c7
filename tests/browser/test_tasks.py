"""What comes after a session, in a real browser: ticking a task, moving its date, commenting; saying what one thinks."""

from datetime import timedelta

import pytest

from models import FeedbackWaiting, Objective, ObjectiveState, Referral, User
from signpost import clock
from signpost.feedback import actions as feedback
from signpost.plans import actions as tasks
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.letters import letter, personal_link
from tests.browser.reader import Reader, eventually
from tests.browser.test_journey import WAYS
from tests.browser.test_meetings import has_scripts, mark, stays
from tests.smtp_server import Mailbox

RING = "Ring the department"


@pytest.fixture
def case(site: Site, adviser: User, counsellor: User) -> Referral:
    """A case whose trainee set themselves two tasks."""
    case = factories.a_case(counsellor, adviser, trainee_email="sam@trainee.example")
    plan = tasks.of_case(case)
    for days, words in ((20, RING), (40, "Visit the unit")):
        tasks.add(plan, words, clock.today() + timedelta(days=days), counsellor)
    return case


def at_their_page(sit: Sit, site: Site, mailbox: Mailbox, way: dict[str, bool]) -> Reader:
    reader = sit(**way)
    reader.open(personal_link(letter(mailbox, "sam@trainee.example", "Who will support you"), site))
    reader.arrives_at("Your page")
    return reader


def ring() -> Objective:
    return Objective.get(Objective.position == 0)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_trainee_ticks_a_task_moves_its_date_and_comments(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox, case: Referral
) -> None:
    reader = at_their_page(sit, site, mailbox, way)
    mark(reader)
    reader.press(f"Done in part {RING}")
    eventually(lambda: ring().state == ObjectiveState.PARTLY)
    reader.sees("Done in part, ")
    assert stays(reader) == has_scripts(way), "a task is a part of the page"

    reader.follow(f"Change the date or comment {RING}")
    reader.fill("Your comment", "They asked me to come.")
    reader.press("Add the comment")
    reader.sees("They asked me to come.")
    reader.press("Change the date")
    reader.sees("Enter the new date")
    reader.sees("Enter why the date changes")
    coming = clock.today() + timedelta(days=60)
    for part, number in (("Day", coming.day), ("Month", coming.month), ("Year", coming.year)):
        reader.fill(part, str(number))
    reader.fill("Why does the date change?", "They are away.")
    reader.press("Change the date")
    reader.sees("They are away.")
    assert ring().due_on == coming
    assert stays(reader) == has_scripts(way)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_trainee_says_without_their_name_whether_they_feel_further_on(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox, case: Referral
) -> None:
    feedback.ask(case)
    reader = at_their_page(sit, site, mailbox, way)
    reader.follow("Do you feel further on?")
    reader.arrives_at("Do you feel further on?")
    reader.press("Send my answer")
    reader.sees("Select an answer")
    reader.pick("To some extent")
    reader.fill("Is there anything you would like to add?", "It was good to be listened to.")
    reader.press("Send my answer")
    reader.arrives_at("Thank you for your answer")

    assert "good to be listened to" in FeedbackWaiting.get().answers_json
