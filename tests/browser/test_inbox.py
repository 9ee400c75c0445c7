"""The inbox in a real browser: the address reproduces what is seen, by htmx or without; shortcuts; assigning and undoing."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from models import Employer, Referral, School, User
from signpost import clock
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.letters import letter
from tests.browser.reader import Reader, eventually
from tests.smtp_server import Mailbox

NAMES = ("Ada Abara", "Bilal Bajwa", "Chloé Čapek", "Dilys Davies")


@pytest.fixture
def paediatrics(site: Site) -> School:
    return factories.a_school("School of Paediatrics")


@pytest.fixture
def referrals(adviser: User, paediatrics: School) -> list[Referral]:
    """Four of them, the last the newest; two in the same school, one with wider concerns."""
    factories.a_head(paediatrics)
    trust = factories.an_employer("Weald Hospitals")
    by = factories.a_referrer()
    return [
        factories.a_referral(
            by,
            trainee_name=name,
            employer=trust,
            school=paediatrics if number < 2 else None,
            wider_concerns=number == 0,
        )
        for number, name in enumerate(NAMES)
    ]


def rows(reader: Reader) -> list[str]:
    return reader.page.locator("[data-row] [class$=name]").all_inner_texts()


def what_is_seen(reader: Reader) -> dict[str, object]:
    """The rows, the view, the filters and the open panel; of a whole page, or nothing."""
    page = reader.page
    eventually(lambda: page.locator("h1").count() == 1 and page.locator("#site-header").count() == 1)
    return {
        "rows": rows(reader),
        "view": page.locator(".sp-tabs [aria-current]").inner_text(),
        "filters": page.locator("#filters :is(input, select):visible").evaluate_all(
            "all => all.map((one) => one.value)"
        ),
        "panel": page.locator("#panel").inner_text(),
    }


def shows(reader: Reader, *names: str) -> None:
    eventually(lambda: rows(reader) == list(names), f"The rows are {rows(reader)}, not {list(names)}")


def test_the_address_reproduces_what_is_seen_and_back_goes_through_it(
    sit: Sit, adviser: User, paediatrics: School, referrals: list[Referral]
) -> None:
    at_adviser = sit(adviser)
    page = at_adviser.page
    at_adviser.open("/referrals/inbox")
    shows(at_adviser, *reversed(NAMES))
    seen = [(at_adviser.path, what_is_seen(at_adviser))]

    def then(act: Callable[[], object], ends_with: str, *names: str) -> None:
        """Do something; the address ends so, these rows are there, and a fresh load of the address shows the same."""
        act()
        eventually(lambda: at_adviser.path.endswith(ends_with), f"The address became {at_adviser.path}")
        shows(at_adviser, *names)
        now = what_is_seen(at_adviser)
        page.reload()
        assert what_is_seen(at_adviser) == now
        seen.append((at_adviser.path, now))

    school = at_adviser.page.get_by_label("School", exact=True)
    then(lambda: school.select_option(label="School of Paediatrics"), paediatrics.public_id, NAMES[1], NAMES[0])
    then(lambda: at_adviser.choose("Sort", "Longest waiting first"), "sort=oldest", NAMES[0], NAMES[1])
    then(lambda: at_adviser.follow(NAMES[0]), f"open={referrals[0].public_id}", NAMES[0], NAMES[1])
    assert "Wider concerns" in page.locator("#panel").inner_text()
    then(lambda: at_adviser.follow("Close this panel"), "sort=oldest", NAMES[0], NAMES[1])
    then(lambda: at_adviser.follow("Clear the filters"), "?sort=oldest", *NAMES)
    then(lambda: at_adviser.follow("All"), "sort=oldest", *NAMES)
    page.get_by_role("searchbox").fill("capek")
    then(lambda: page.keyboard.press("Enter"), "sort=oldest", NAMES[2])

    def shows_again(path: str, then_seen: dict[str, object]) -> bool:
        """Its scripts have run too: a step back before that is a step nobody notices."""
        has_run = page.locator("[data-shortcuts-help]:not([hidden])").count() == 1
        return has_run and at_adviser.path == path and what_is_seen(at_adviser) == then_seen

    for path, then_seen in reversed(seen[:-1]):
        page.go_back()
        eventually(partial(shows_again, path, then_seen), f"Back did not show {path} again")
    for path, then_seen in seen[1:]:
        page.go_forward()
        eventually(partial(shows_again, path, then_seen), f"Forward did not show {path} again")


def test_back_shows_whole_pages_when_htmx_changed_the_address_without_loading(
    sit: Sit, adviser: User, referrals: list[Referral]
) -> None:
    at_adviser = sit(adviser)
    at_adviser.open("/referrals/inbox")
    at_adviser.follow(NAMES[1])
    at_adviser.sees("What happened")
    at_adviser.follow("All")
    eventually(lambda: at_adviser.path == "/referrals/inbox?view=all")
    at_adviser.page.go_back()
    eventually(lambda: "open=" in at_adviser.path)
    at_adviser.arrives_at("Inbox")
    at_adviser.sees("What happened")
    at_adviser.page.go_back()
    eventually(lambda: at_adviser.path == "/referrals/inbox")
    at_adviser.arrives_at("Inbox")
    shows(at_adviser, *reversed(NAMES))
    assert at_adviser.page.locator("#panel").inner_text() == ""


def test_without_javascript_the_same_addresses_show_the_same(
    sit: Sit, adviser: User, paediatrics: School, referrals: list[Referral]
) -> None:
    at_adviser = sit(adviser, scripts=False)
    at_adviser.open("/referrals/inbox")
    at_adviser.choose("School", "School of Paediatrics")
    at_adviser.press("Show")
    shows(at_adviser, NAMES[1], NAMES[0])
    at_adviser.follow(NAMES[0])
    at_adviser.sees("What happened")
    with_scripts = sit(adviser)
    with_scripts.open(at_adviser.path)
    assert what_is_seen(with_scripts) == what_is_seen(at_adviser)


def test_the_shortcuts_go_along_the_rows_and_can_be_switched_off(
    sit: Sit, adviser: User, referrals: list[Referral]
) -> None:
    at_adviser = sit(adviser)
    page, press = at_adviser.page, at_adviser.page.keyboard.press
    at_adviser.open("/referrals/inbox")
    page.locator("[data-shortcuts-help]:not([hidden])").wait_for()
    press("j")
    press("j")
    assert at_adviser.focus() == NAMES[2]
    press("k")
    assert at_adviser.focus() == NAMES[3]
    press("o")
    eventually(lambda: "open=" in at_adviser.path)
    eventually(lambda: at_adviser.focus() == NAMES[3], "The panel's heading did not take the focus")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    press("/")
    assert at_adviser.focus() == "q"
    page.keyboard.type("jok?")
    assert page.get_by_role("searchbox").input_value() == "jok?", "what is typed into a field is no shortcut"
    press("Tab")
    assert at_adviser.focus() == "show", "leaving the search without searching changes nothing"
    press("?")
    assert page.get_by_text("Row before").is_visible()
    at_adviser.press("Keyboard shortcuts on")
    page.get_by_role("button", name="Keyboard shortcuts off").wait_for()
    where = at_adviser.focus()
    press("j")
    assert at_adviser.focus() == where


def test_somebody_at_the_keyboard_stays_where_they_are_when_the_list_changes(
    sit: Sit, adviser: User, paediatrics: School, referrals: list[Referral]
) -> None:
    at_adviser = sit(adviser, keyboard=True)
    at_adviser.open("/referrals/inbox")
    at_adviser.choose("School", "School of Paediatrics")
    shows(at_adviser, NAMES[1], NAMES[0])
    eventually(lambda: at_adviser.focus() == "school", "The focus left the field")
    eventually(
        lambda: at_adviser.page.locator("#announce").inner_text() == "2 referrals shown.", "Nothing was announced"
    )
    at_adviser.fill("Search by name, email, reference or request", "abara")
    at_adviser.press("Show")
    shows(at_adviser, NAMES[0])
    eventually(lambda: at_adviser.focus() == "show", "The focus left the button")
    at_adviser.follow("All")
    shows(at_adviser, NAMES[0])
    eventually(lambda: at_adviser.focus().startswith("All"), "The focus left the link")


def test_a_row_opens_its_own_page_on_a_telephone(sit: Sit, adviser: User, referrals: list[Referral]) -> None:
    at_adviser = sit(adviser, viewport={"width": 320, "height": 700})
    at_adviser.open("/referrals/inbox")
    at_adviser.follow(NAMES[3])
    at_adviser.arrives_at(f"Referral {referrals[3].reference}")
    assert at_adviser.path == f"/referrals/{referrals[3].public_id}"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_emails_shown_are_those_for_the_counsellor_chosen(
    scripts: bool, sit: Sit, adviser: User, counsellor: User, referrals: list[Referral]
) -> None:
    factories.a_user(*[held.role for held in counsellor.roles_held], name="Zed Zimmer")
    at_adviser = sit(adviser, scripts=scripts)
    at_adviser.open(f"/referrals/{referrals[0].public_id}/assignment")
    at_adviser.sees("Chris Counsellor will support you")
    assert at_adviser.page.locator(".sp-nojs").is_visible() is not scripts
    at_adviser.pick("Zed Zimmer")
    if not scripts:
        at_adviser.press("Show the emails for this counsellor")
    at_adviser.sees("Zed Zimmer will support you")
    assert at_adviser.page.get_by_label("Zed Zimmer").is_checked()
    at_adviser.press("Assign this counsellor")
    at_adviser.arrives_at("Inbox")
    assert Referral.get_by_id(referrals[0].id).assigned_to.name == "Zed Zimmer"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_assignment_is_undone_within_the_minute_and_nobody_hears_of_it(
    scripts: bool, sit: Sit, mailbox: Mailbox, adviser: User, counsellor: User, referrals: list[Referral]
) -> None:
    letter(mailbox, referrals[0].trainee_email, "Your personal link")
    at_adviser = sit(adviser, scripts=scripts)
    at_adviser.open(f"/referrals/{referrals[0].public_id}/assignment")
    at_adviser.press("Assign this counsellor")
    at_adviser.arrives_at("Inbox")
    at_adviser.sees("You can undo this for" if scripts else "You can undo this until")
    at_adviser.press("Undo this assignment")
    at_adviser.arrives_at(f"Referral {referrals[0].reference}")
    at_adviser.sees("Nobody yet")
    clock.set_to(clock.now() + timedelta(seconds=61))
    other = factories.a_referral(trainee_email="after@trainee.example")
    letter(mailbox, other.trainee_email, "Your personal link")
    assert [one.subject for one in mailbox.received if counsellor.email in one.recipients] == []
    assert [one.subject for one in mailbox.received if "Who will support you" in one.subject] == []


def test_the_undo_counts_down_and_rests_when_the_minute_is_over(
    sit: Sit, adviser: User, counsellor: User, referrals: list[Referral]
) -> None:
    at_adviser = sit(adviser)
    at_adviser.page.clock.install()
    at_adviser.open(f"/referrals/{referrals[0].public_id}/assignment")
    at_adviser.press("Assign this counsellor")
    at_adviser.arrives_at("Inbox")
    undo = at_adviser.page.get_by_role("button", name="Undo this assignment")
    assert undo.is_enabled()
    at_adviser.page.clock.run_for(30_000)
    left = at_adviser.page.locator("[data-undo-left]")
    eventually(lambda: 1 <= int("".join(filter(str.isdigit, left.inner_text())) or 0) <= 30, "It does not count down")
    at_adviser.page.clock.run_for(31_000)
    at_adviser.sees("The time to undo this has passed.")
    assert undo.is_disabled()


def test_the_second_of_two_advisers_is_told_kindly_who_was_faster(
    sit: Sit, adviser: User, counsellor: User, referrals: list[Referral]
) -> None:
    zed = factories.a_user(*[held.role for held in counsellor.roles_held], name="Zed Zimmer")
    second = factories.a_user(*[held.role for held in adviser.roles_held], name="Sasha Second")
    at_first, at_second = sit(adviser), sit(second)
    for reader in (at_first, at_second):
        reader.open(f"/referrals/{referrals[0].public_id}/assignment")
    at_second.pick(zed.name)
    at_second.sees("Zed Zimmer will support you")
    at_first.pick("Chris Counsellor")
    at_first.press("Assign this counsellor")
    at_first.arrives_at("Inbox")
    at_second.press("Assign this counsellor")
    at_second.arrives_at("That cannot be done now")
    at_second.sees("Alex Adviser assigned Chris Counsellor")
    assert Referral.get_by_id(referrals[0].id).assigned_to == counsellor
    assert Employer.select().count() == 1
