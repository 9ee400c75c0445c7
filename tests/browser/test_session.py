"""A careers session in a real browser: what is typed is kept, whatever happens to the connection or in another tab."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from models import CareersSession, Meeting, SessionText, User
from signpost import clock
from signpost.careers import queries, writing
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.reader import KeyboardReader, Reader, eventually

STORED = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"


@pytest.fixture
def session(site: Site, adviser: User, counsellor: User, referrer: User, trainee: User) -> CareersSession:
    case = factories.a_case(counsellor, adviser, by=referrer, trainee_name="Toni Trainee", trainee_email=trainee.email)
    return factories.a_session(case, counsellor)


def address(session: CareersSession, phase: str = "") -> str:
    return f"/careers-sessions/{session.public_id}{phase}"


def kept(session: CareersSession, passage: str) -> str:
    text = SessionText.get_or_none((SessionText.session == session) & (SessionText.passage == passage))
    return text.words if text else ""


def forgive_the_line(reader: Reader) -> None:
    """Without a connection a picture may be missing too."""
    reader.complaints = [one for one in reader.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_words_are_saved_as_they_are_typed_and_stay_out_of_the_browsers_storage(
    sit: Sit, session: CareersSession, counsellor: User
) -> None:
    at_counsellor = sit(counsellor)
    at_counsellor.open(address(session))
    at_counsellor.page.get_by_label("Your observations").press_sequentially("She smiled.")
    eventually(lambda: kept(session, "observations") == "She smiled.", "What was typed was not saved")
    at_counsellor.page.get_by_label("Your observations").press_sequentially(" Often.")
    eventually(lambda: kept(session, "observations") == "She smiled. Often.", "The second pause was not saved")
    at_counsellor.page.locator("#observations").get_by_text("Saved at").wait_for()
    assert "smiled" not in at_counsellor.page.evaluate(STORED)


def test_a_minute_without_a_connection_loses_nothing(sit: Sit, session: CareersSession, counsellor: User) -> None:
    at_counsellor = sit(counsellor)
    page = at_counsellor.page
    page.clock.install()
    at_counsellor.open(address(session))
    words = page.get_by_label("Your observations")
    at_counsellor.context.set_offline(True)
    words.press_sequentially("Said in the lift.")
    page.clock.run_for(3000)
    page.locator("#observations").get_by_text("Not saved yet: no connection").wait_for()
    page.clock.run_for(60_000)
    assert words.input_value() == "Said in the lift."
    assert kept(session, "observations") == ""
    at_counsellor.context.set_offline(False)
    page.clock.run_for(31_000)
    eventually(lambda: kept(session, "observations") == "Said in the lift.", "It was not saved once the line was back")
    page.locator("#observations").get_by_text("Saved at").wait_for()
    forgive_the_line(at_counsellor)


def test_two_tabs_do_not_write_over_each_other(sit: Sit, session: CareersSession, counsellor: User) -> None:
    at_counsellor = sit(counsellor)
    at_counsellor.open(address(session))
    first, second = at_counsellor.page, at_counsellor.new_tab()
    second.goto(first.url)
    for page, words in ((first, "In the first tab."), (second, "In the second tab.")):
        box = page.get_by_label("Your observations")
        box.press_sequentially(words)
        box.blur()
        page.locator("#observations").get_by_text("Saved at" if page == first else "in another tab").wait_for()
        eventually(lambda: kept(session, "observations") == "In the first tab.", "The first tab was not saved")
    assert "In the first tab." in second.locator("#observations [role=alert]").inner_text()
    assert second.get_by_label("Your observations").input_value() == "In the second tab."

    second.get_by_role("button", name="Save what I wrote instead").click()
    eventually(lambda: kept(session, "observations") == "In the second tab.", "It was not saved on purpose")


def test_leaving_with_words_that_are_not_saved_warns(sit: Sit, session: CareersSession, counsellor: User) -> None:
    at_counsellor = sit(counsellor)
    at_counsellor.open(address(session))
    at_counsellor.context.set_offline(True)
    at_counsellor.page.get_by_label("Your observations").press_sequentially("Not yet.")
    with at_counsellor.page.expect_event("dialog") as warned:
        at_counsellor.page.close(run_before_unload=True)
    assert warned.value.type == "beforeunload"
    warned.value.accept()
    forgive_the_line(at_counsellor)


def test_the_clock_marks_half_and_five_minutes_calmly(sit: Sit, session: CareersSession, counsellor: User) -> None:
    at_counsellor = sit(counsellor)
    page = at_counsellor.page
    page.clock.install()
    at_counsellor.open(address(session))
    left, mark = page.locator("[data-clock-left]"), page.locator("[data-clock-mark]")
    assert left.inner_text() == "40 of 40 minutes left"
    assert mark.inner_text() == ""
    page.clock.run_for(20 * 60_000)
    assert mark.inner_text() == "Half the time is over"
    page.clock.run_for(15 * 60_000)
    assert mark.inner_text() == "Five minutes or less"
    page.clock.run_for(6 * 60_000)
    assert left.inner_text() == "The 40 minutes are over"
    assert mark.get_attribute("aria-live") == "polite"
    assert page.locator("audio").count() == 0


def test_one_phase_shows_at_a_time_and_the_keyboard_moves_between_them(
    sit: Sit, session: CareersSession, counsellor: User
) -> None:
    at_counsellor = sit(counsellor, keyboard=True)
    at_counsellor.open(address(session))
    page = at_counsellor.page
    shown = page.locator("[data-phase]:visible h2")
    for name in ("Clarifying", "Exploring", "Evaluating", "Action planning"):
        if name != "Clarifying":
            at_counsellor.follow(name)
            eventually(lambda: at_counsellor.focus().endswith("-title"), "The heading did not take the focus")
        eventually(lambda name=name: name in shown.inner_text(), f"{name} does not show")
        assert page.locator("[data-phase]:visible").count() == 1
        assert name in page.locator("[data-phase-link][aria-current=step]").inner_text()
    page.go_back()
    eventually(lambda: "Evaluating" in shown.inner_text(), "Back leads to the phase before")


def test_options_are_ordered_by_dragging_and_by_buttons(sit: Sit, session: CareersSession, counsellor: User) -> None:
    for words in ("Stay", "Move", "Rest"):
        writing.add_option(session, words, counsellor)
    at_counsellor = sit(counsellor)
    at_counsellor.open(address(session, "#evaluating"))
    page = at_counsellor.page

    def order() -> list[str]:
        return [option.words for option in queries.options_of(session)]

    grips = page.locator("[data-sortable-grip]")
    grips.nth(2).scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.querySelector('#options').offsetTop - 160)")
    grips.nth(1).hover()
    page.mouse.down()
    box = page.locator("[data-sortable-item]").nth(0).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 5, steps=5)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.mouse.up()
    eventually(lambda: order() == ["Move", "Stay", "Rest"], "Dragging did not order them")
    eventually(lambda: page.locator(".htmx-request").count() == 0, "The answer was not taken in")
    page.get_by_role("button", name=re.compile("Down.*Move")).click()
    eventually(lambda: order() == ["Stay", "Move", "Rest"], "The button did not order them")


def whole_session(reader: Reader, session: CareersSession) -> None:
    """From the first issue to the end, by what the page says."""
    reader.open(address(session))
    reader.press("I have explained this")
    reader.sees("You explained it at")
    reader.fill("Issue the trainee raises", "Where to live")
    reader.press("Add the issue")
    reader.page.get_by_role("button", name=re.compile("Focus on this")).press("Enter")
    reader.sees("Focus: Where to live")
    reader.open(address(session, "#evaluating"))
    reader.fill("Option to weigh", "By the sea")
    reader.press("Add the option")
    reader.page.get_by_label("Option 1", exact=True).wait_for()
    reader.open(address(session, "#planning"))
    due = clock.today() + timedelta(days=20)
    reader.fill("Task, in the trainee’s words", "Ask about flats")
    for part in ("day", "month", "year"):
        reader.page.locator(f"#due-{part}").press_sequentially(str(getattr(due, part)))
    reader.press("Add the task")
    reader.sees("Ask about flats")
    reader.open(address(session))
    reader.follow("Finish the session")
    reader.arrives_at("Finish session 1")
    reader.press("Finish the session")
    eventually(lambda: CareersSession.get().is_finished, "The session is not finished")
    assert Meeting.get().attendance == "held"


def test_a_whole_session_by_keyboard_alone(sit: Sit, session: CareersSession, counsellor: User) -> None:
    reader = sit(counsellor, keyboard=True)
    assert isinstance(reader, KeyboardReader)
    whole_session(reader, session)


def test_a_whole_session_without_javascript(sit: Sit, session: CareersSession, counsellor: User) -> None:
    reader = sit(counsellor, scripts=False)
    whole_session(reader, session)


def test_the_trainee_reads_what_is_shared_and_nothing_private(
    sit: Sit, session: CareersSession, counsellor: User, trainee: User
) -> None:
    writing.write(session, "summary", "We weighed two towns.", 0, counsellor)
    writing.write(session, "observations", "Zanzibar.", 0, counsellor)
    at_counsellor = sit(counsellor)
    whole_session(at_counsellor, session)
    at_trainee = sit(trainee)
    at_trainee.open(f"/referrals/{session.referral.public_id}")
    at_trainee.follow("Session 1")
    at_trainee.arrives_at("Session 1")
    at_trainee.sees("We weighed two towns.")
    at_trainee.sees("Ask about flats")
    at_trainee.does_not_see("Zanzibar")
    at_trainee.open(f"/careers-sessions/cases/{session.referral.public_id}/readers")
    at_trainee.sees(counsellor.name)
