"""A referral is sent once and nothing typed is lost: double clicks, Back, two tabs, no connection, an ended session."""

from functools import partial

import pytest

from models import Draft, Referral, User
from signpost.accounts import sessions
from tests.browser.conftest import Sit, Site, sign_in_by_password
from tests.browser.letters import letter
from tests.browser.reader import Reader, eventually
from tests.factories import PASSWORD
from tests.smtp_server import Mailbox

FORM = "Refer a trainee to the careers team"
REQUEST = "Would like to think aloud about what comes next. “Naïve” questions are fine; so is <b>this</b>."
EITHER = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])


@pytest.fixture(autouse=True)
def _somebody_gets_it(adviser: User) -> None:
    """A referral needs an adviser."""


def write(reader: Reader) -> None:
    """Fill in the form."""
    reader.open("/referrals/new")
    reader.fill("Trainee’s name", "Sam O’Neill")
    reader.fill("Trainee’s email address", "sam@trainee.example")
    reader.fill("What would help?", REQUEST)
    reader.pick("No")


def saved_words() -> str:
    row = Draft.get_or_none()
    return row.fields_json if row else ""


@EITHER
def test_a_double_click_on_send_makes_one_referral(
    scripts: bool, sit: Sit, mailbox: Mailbox, referrer: User, adviser: User
) -> None:
    at_referrer = sit(referrer, scripts=scripts)
    write(at_referrer)
    at_referrer.press("Check what will be sent")
    at_referrer.arrives_at("Check what will be sent")
    at_referrer.page.get_by_role("button", name="Send referral").dblclick()
    at_referrer.arrives_at("Referral sent")
    assert Referral.select().count() == 1
    letter(mailbox, referrer, "has been sent")
    assert len(mailbox.to(adviser.email)) == 1


@EITHER
def test_going_back_after_sending_sends_nothing_again(scripts: bool, sit: Sit, referrer: User) -> None:
    at_referrer = sit(referrer, scripts=scripts)
    write(at_referrer)
    at_referrer.press("Check what will be sent")
    at_referrer.arrives_at("Check what will be sent")
    at_referrer.press("Send referral")
    at_referrer.arrives_at("Referral sent")
    at_referrer.page.go_back()
    at_referrer.arrives_at(FORM)
    assert at_referrer.page.get_by_label("Trainee’s name").input_value() == ""
    at_referrer.page.reload()
    at_referrer.arrives_at(FORM)
    assert Referral.select().count() == 1


def test_what_is_sent_is_what_was_shown_though_another_tab_changed_it(sit: Sit, referrer: User) -> None:
    first = sit(referrer)
    write(first)
    first.press("Check what will be sent")
    first.arrives_at("Check what will be sent")

    second = first.new_tab()
    second.goto(f"{first.site}/referrals/new")
    assert second.get_by_label("What would help?").input_value() == REQUEST
    second.get_by_label("What would help?").fill("Something else altogether.")
    second.get_by_label("What would help?").blur()
    second.get_by_text("Saved at").wait_for()

    first.press("Send referral")
    first.sees("changed in another window after this page was shown. Nothing was sent")
    first.sees("Something else altogether.")
    assert Referral.select().count() == 0
    first.press("Send referral")
    first.arrives_at("Referral sent")
    assert Referral.get().request == "Something else altogether."


def test_nothing_typed_without_a_connection_is_lost(sit: Sit, referrer: User) -> None:
    at_referrer = sit(referrer)
    at_referrer.page.clock.install()
    write(at_referrer)
    at_referrer.sees("Saved at")
    at_referrer.context.set_offline(True)
    at_referrer.fill("What would help?", "Typed on the train, in a tunnel.")
    at_referrer.fill("Trainee’s name", "Sam from the Tunnel")
    at_referrer.sees("Not saved yet: no connection. Your words are still on this page.")
    at_referrer.press("Check what will be sent")
    at_referrer.sees("Signpost did not answer. What you typed is still on this page.")
    assert "Tunnel" not in saved_words()

    at_referrer.context.set_offline(False)
    eventually(lambda: "Tunnel" in saved_words(), "The draft was not saved when the connection came back")
    eventually(lambda: "in a tunnel." in saved_words(), "The draft was saved in part")
    at_referrer.page.clock.fast_forward(1000)  # for a second the NHS button takes no second press
    at_referrer.press("Check what will be sent")
    at_referrer.arrives_at("Check what will be sent")
    at_referrer.sees("Typed on the train, in a tunnel.")
    at_referrer.forgive("Failed to fetch")


@EITHER
def test_a_session_that_ended_in_mid_form_keeps_what_was_typed(
    scripts: bool, sit: Sit, site: Site, referrer: User
) -> None:
    at_referrer = sit(referrer, scripts=scripts)
    write(at_referrer)
    sessions.end_all(referrer)
    at_referrer.press("Check what will be sent")
    at_referrer.arrives_at("Sign in to send what you typed")
    at_referrer.fill("Email address", referrer.email)
    at_referrer.fill("Password", PASSWORD)
    at_referrer.press("Sign in")
    at_referrer.arrives_at("You are signed in again")
    at_referrer.sees(REQUEST)
    at_referrer.press("Send it again")
    at_referrer.arrives_at("Check what will be sent")
    at_referrer.sees(REQUEST)


def test_a_draft_that_cannot_be_saved_says_that_the_session_ended(sit: Sit, referrer: User) -> None:
    at_referrer = sit(referrer)
    write(at_referrer)
    sessions.end_all(referrer)
    at_referrer.fill("What would help?", "Typed after the session had ended.")
    at_referrer.page.get_by_label("What would help?").blur()
    at_referrer.sees("Not saved: you have been signed out. Your words are still on this page.")


@EITHER
def test_a_form_whose_protection_expired_keeps_what_was_typed(scripts: bool, sit: Sit, referrer: User) -> None:
    at_referrer = sit(referrer, scripts=scripts)
    write(at_referrer)
    elsewhere = at_referrer.new_tab()
    elsewhere.goto(at_referrer.site)
    elsewhere.get_by_role("button", name="Sign out").click()
    elsewhere.get_by_role("heading", name="You have signed out").wait_for()
    form, at_referrer.page = at_referrer.page, elsewhere
    sign_in_by_password(at_referrer, referrer)
    at_referrer.page = form

    at_referrer.press("Check what will be sent")
    at_referrer.arrives_at("This page was open too long")
    at_referrer.sees(REQUEST)
    at_referrer.press("Send it again")
    at_referrer.arrives_at("Check what will be sent")
    at_referrer.sees(REQUEST)


@EITHER
def test_what_is_wrong_is_said_at_the_top_and_beside_each_field(scripts: bool, sit: Sit, referrer: User) -> None:
    at_referrer = sit(referrer, scripts=scripts)
    at_referrer.open("/referrals/new")
    at_referrer.fill("Trainee’s email address", "sam at trainee")
    at_referrer.press("Check what will be sent")
    at_referrer.sees("There is a problem")
    assert at_referrer.title == f"Error: {FORM} – Signpost"
    assert at_referrer.page.get_by_label("Trainee’s email address").input_value() == "sam at trainee"
    summary = at_referrer.page.locator(".nhsuk-error-summary")
    if scripts:
        eventually(lambda: at_referrer.has_focus(summary), "The error summary did not take the focus")
    for wrong in summary.get_by_role("link").all():
        wrong.click()
        field = at_referrer.page.locator(wrong.get_attribute("href") or "")
        eventually(partial(at_referrer.has_focus, field), "A link of the summary leads to no field")
        described_by = field.get_attribute("aria-describedby") or field.locator(
            "xpath=ancestor::fieldset"
        ).get_attribute("aria-describedby")
        said = [at_referrer.page.locator(f"#{one}").inner_text() for one in (described_by or "").split()]
        assert any(wrong.inner_text() in words for words in said)


def test_a_draft_is_there_again_on_another_computer(sit: Sit, referrer: User) -> None:
    at_clinic = sit(referrer)
    write(at_clinic)
    at_clinic.press("Save and finish later")
    at_clinic.arrives_at("Referrals")
    at_home = sit(referrer, scripts=False)
    at_home.open("/")
    at_home.follow("A referral you have begun")
    at_home.arrives_at(FORM)
    assert at_home.page.get_by_label("What would help?").input_value() == REQUEST
    assert at_home.page.get_by_label("No", exact=True).is_checked()
