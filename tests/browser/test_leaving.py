"""What stays behind on a shared computer: nothing in the browser's storage, and nothing to go back to."""

import pytest

from models import Referral, User
from tests import factories
from tests.browser.conftest import Sit, Site

KEPT = """async () => ({
    local: Object.keys(localStorage), session: Object.keys(sessionStorage), caches: await caches.keys(),
    databases: (await indexedDB.databases()).map((one) => one.name), cookies: document.cookie,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"local": [], "session": [], "caches": [], "databases": [], "cookies": "", "workers": 0}
EITHER = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])


@pytest.fixture
def referral(site: Site, adviser: User) -> Referral:
    return factories.a_referral(trainee_name="Sam O’Neill")


def test_nothing_is_kept_in_the_browser_after_using_the_site(
    sit: Sit, adviser: User, referrer: User, referral: Referral
) -> None:
    at_adviser = sit(adviser)
    at_adviser.open("/referrals/inbox")
    at_adviser.follow("Sam O’Neill")
    at_adviser.sees("What happened")
    at_adviser.follow("All")
    at_adviser.choose("Sort", "Name")
    at_adviser.page.go_back()
    at_adviser.arrives_at("Inbox")
    at_referrer = sit(referrer)
    at_referrer.open("/referrals/new")
    at_referrer.fill("What would help?", "A conversation about what comes next.")
    at_referrer.page.get_by_label("What would help?").blur()
    at_referrer.sees("Saved at")
    at_referrer.press("Check what will be sent")
    at_referrer.sees("There is a problem")
    for reader in (at_adviser, at_referrer):
        assert reader.page.evaluate(KEPT) == NOTHING
        (cookie,) = reader.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Lax", -1)


@EITHER
def test_after_signing_out_back_shows_nothing(scripts: bool, sit: Sit, adviser: User, referral: Referral) -> None:
    at_adviser = sit(adviser, scripts=scripts)
    at_adviser.open("/")
    at_adviser.open("/referrals/inbox")
    at_adviser.follow("Sam O’Neill")
    at_adviser.sees("What happened")
    at_adviser.page.get_by_role("button", name="Sign out").click()
    at_adviser.arrives_at("You have signed out")
    for _ in range(2):
        at_adviser.page.go_back()
        at_adviser.arrives_at("Sign in")
        at_adviser.does_not_see("Sam O’Neill")
    at_adviser.open(f"/referrals/{referral.public_id}")
    at_adviser.arrives_at("Sign in")


def test_somebody_signed_out_elsewhere_is_led_to_sign_in_and_back_to_where_they_were(
    sit: Sit, adviser: User, referral: Referral
) -> None:
    from signpost.accounts import sessions

    at_adviser = sit(adviser)
    at_adviser.open("/referrals/inbox?view=all")
    sessions.end_all(adviser)
    at_adviser.follow("Sam O’Neill")
    at_adviser.arrives_at("Sign in")
    assert at_adviser.path == "/sign-in?next=/referrals/inbox?view%3Dall"
