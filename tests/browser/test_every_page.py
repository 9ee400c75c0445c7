"""Every page in every state, in a real browser, on a desk, on a telephone and on paper: WCAG 2.2 AA by axe, and nothing
runs off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.browser.conftest import NARROW, WIDE, Sit, Site, served
from tests.browser.every_page import VIEWS, View, World, make_world
from tests.browser.reader import Reader, eventually
from tests.smtp_server import Mailbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

PARTS = 4  # each with a site of its own, so that two processes can share the pages
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async (rules) => (await axe.run({
    runOnly: rules, resultTypes: ["violations"], selectors: false, ancestry: false, xpath: false, preload: false,
})).violations"""

PAPER: ViewportSize = {"width": 794, "height": 1123}  # A4
# A word that the glossary explains is a button on the screen, and on paper the word.
ODD_ON_PAPER = """() => [...document.querySelectorAll("nav, button:not(.sp-term), a")].filter((one) => one.checkVisibility() && (
    one.tagName !== "A" || getComputedStyle(one, "::after").content.includes("Link")
)).map((one) => one.outerHTML.slice(0, 90))"""


@pytest.fixture
def site(make_app: Callable[..., Flask], chromium: Browser) -> Iterator[Site]:
    """A demonstration, whose sign-in page has the most on it; without a worker, so that messages stay as they stand."""
    with served(lambda url: make_app(public_url=url, demo=True)) as running:
        yield running


@pytest.fixture
def world(site: Site, mailbox: Mailbox) -> World:
    return make_world(site.app, mailbox)


def arrive(reader: Reader, world: World, view: View) -> None:
    """Open the page, and press what is to be pressed."""
    response = reader.page.goto(reader.site + world.path(view))
    if not view.press:
        assert response is not None
        assert response.status == view.status
        return
    form = reader.page.locator("form", has=reader.page.get_by_role("button", name=view.press, exact=True))
    for name, value in view.fields.items():
        if form.locator(f"[type=radio][name={name}]").count():
            form.locator(f"[type=radio][name={name}][value={value}]").check()
        elif form.locator(f"select[name={name}]").count():
            form.locator(f"select[name={name}]").select_option(value)
        else:
            form.locator(f":is(input, textarea)[name={name}]").fill(value)
    reader.page.evaluate("document.getElementById('page').dataset.before = 'pressed'")
    reader.press(view.press)
    reader.page.locator("#page:not([data-before])").wait_for()
    if view.status == 422:
        eventually(lambda: reader.title.startswith("Error: "), "The title did not say so")
        summary = reader.page.locator(".nhsuk-error-summary")
        eventually(lambda: reader.has_focus(summary), "The error summary did not take the focus")


def what_axe_finds(page: Page) -> list[str]:
    return [
        f"{found['id']}: {found['help']}: {node['html']}"
        for found in page.evaluate(RUN_AXE, RULES)
        for node in found["nodes"]
    ]


def fits(page: Page, width: int = NARROW["width"]) -> bool:
    """Whether nothing is wider than the telephone. The menu is folded up a moment after the page became narrow."""
    return bool(page.evaluate("document.documentElement.scrollWidth") <= width)


def what_is_odd_on_paper(page: Page) -> list[str]:
    """What cannot be used there: ways through the site, buttons, addresses of links; and whether it runs off."""
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    odd: list[str] = page.evaluate(ODD_ON_PAPER)
    if not fits(page, PAPER["width"]):
        odd.append("It runs off the paper")
    page.emulate_media(media="screen")
    return odd


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_shuts_anybody_out_or_runs_off_a_telephone_or_paper(
    sit: Sit, world: World, subtests: pytest.Subtests, part: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe().axe_script
    readers: dict[str, Reader] = {}
    for view in VIEWS[part::PARTS]:
        reader = readers.get(view.who)
        if reader is None:
            reader = readers[view.who] = sit(world.people.get(view.who))
        page = reader.page
        with subtests.test(view.name):
            page.set_viewport_size(WIDE)
            arrive(reader, world, view)
            reader.sees(view.says)
            assert page.locator("h1").count() == 1
            page.evaluate(axe)
            assert what_axe_finds(page) == [], "at 1280 px"
            page.set_viewport_size(NARROW)
            eventually(partial(fits, page), "The page is wider than a telephone")
            assert what_axe_finds(page) == [], "at 320 px"
            assert what_is_odd_on_paper(page) == []
            if view.status >= 500:
                reader.forgive("Failed to load resource: the server responded with a status of 50")
            assert reader.complaints == []
        reader.complaints.clear()
