"""One person at one browser: what they do, by mouse or by keyboard alone, counted; and what they see."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page

SECONDS = 30  # for a machine that is busy with much else
MOST_TABS = 200

HAS_FOCUS = "element => element === document.activeElement"
SAY_CSP_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# What the browser says by itself of an answer that the test asked for: a page may be a refusal.
REFUSAL = re.compile(
    r"Failed to load resource: the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED"
)


def eventually(holds: Callable[[], Any], message: str = "It did not come true") -> Any:
    """Wait until it holds, and give what it gave. What it asserts may fail until then."""
    give_up_at = time.monotonic() + SECONDS
    pause = threading.Event()
    while True:
        problem: AssertionError | None = None
        try:
            if found := holds():
                return found
        except AssertionError as not_yet:
            problem = not_yet
        except Exception as on_the_way:
            if "Execution context was destroyed" not in str(on_the_way):
                raise
        if time.monotonic() > give_up_at:
            raise problem or AssertionError(f"{message} within {SECONDS} seconds.")
        pause.wait(0.02)


class Reader:
    """Does what a label, a link or a button says, as a person would who reads it. `interactions` counts what they did."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.context = context
        self.interactions = 0
        self.complaints: list[str] = []
        context.set_default_timeout(SECONDS * 1000)
        context.add_init_script(SAY_CSP_VIOLATIONS)
        self.page: Page = self.new_tab()

    def new_tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _note(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type not in ("error", "warning") or (REFUSAL.search(message.text) and "/static/" not in where):
            return
        self.complaints.append(f"{where}: {message.text}")

    def forgive(self, words: str) -> None:
        """The console was meant to say this."""
        assert any(words in complaint for complaint in self.complaints)
        self.complaints = [complaint for complaint in self.complaints if words not in complaint]

    # What they do

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)

    def fill(self, label: str, text: str) -> None:
        self._count()
        self._field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        """Select an option of a list."""
        self._count()
        self._field(label).select_option(label=option)

    def pick(self, answer: str) -> None:
        """Choose one of several answers."""
        self._count()
        self.page.get_by_label(answer, exact=True).check()

    def tick(self, box: str) -> None:
        """Tick one of several boxes."""
        self._count()
        self._field(box).check()

    def press(self, button: str) -> None:
        self._count()
        self._button(button).click()

    def follow(self, link: str) -> None:
        self._count()
        self._link(link).click()

    def open_row(self, name: str) -> None:
        """Open a row of the inbox."""
        self.follow(name)

    def _count(self) -> None:
        self.interactions += 1

    def _field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def _button(self, words: str) -> Locator:
        return self.page.locator("#page").get_by_role("button", name=words, exact=True)

    def _link(self, words: str) -> Locator:
        return self.page.locator("#page").get_by_role("link", name=words)

    # What they see

    def arrives_at(self, heading: str) -> None:
        """Wait for the page with this heading, and check that its title begins with it."""
        self.page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()
        eventually(lambda: self.title.removeprefix("Error: ").startswith(heading), f"The title became “{heading}”")
        assert self.page.locator("h1").count() == 1
        assert self.page.locator("#site-header").count() == 1, "a whole page, never a bare fragment"

    def sees(self, words: str) -> None:
        """Wait until these words can be read."""
        eventually(lambda: words in self.text, f"“{words}” did not appear. The page says: {self.text}")

    def does_not_see(self, words: str) -> None:
        assert words not in self.text

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())

    @property
    def title(self) -> str:
        return self.page.title()

    @property
    def path(self) -> str:
        """What stands in the bar, without the site's name."""
        return str(self.page.evaluate("location.href")).removeprefix(self.site)

    def focus(self) -> str:
        """What has the focus, in a word: its id, or the words it shows."""
        return str(
            self.page.evaluate("() => { const e = document.activeElement; return e?.id || e?.innerText || e?.tagName }")
        )

    def has_focus(self, control: Locator) -> bool:
        return bool(control.evaluate(HAS_FOCUS))


class TouchReader(Reader):
    """The same with a finger on a tablet."""

    def press(self, button: str) -> None:
        self._count()
        self._button(button).tap()

    def follow(self, link: str) -> None:
        self._count()
        self._link(link).tap()


class KeyboardReader(Reader):
    """The same by keyboard alone: Tab to it, then the keys that a browser gives its kind of control."""

    def fill(self, label: str, text: str) -> None:
        self._count()
        self._reach(self._field(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        self._count()
        field = self._field(label)
        self._reach(field)
        chosen = "field => field.selectedOptions[0].label"
        for letter in option:
            if field.evaluate(chosen) == option:
                break
            self.page.keyboard.type(letter)
        assert field.evaluate(chosen) == option

    def pick(self, answer: str) -> None:
        """Tab to the answers, go along them with the arrows, and choose with Space."""
        self._count()
        wanted = self.page.get_by_label(answer, exact=True)
        is_one_of_them = "wanted => document.activeElement.name === wanted.name"
        self._tab_until(lambda: bool(wanted.evaluate(is_one_of_them)), answer)
        for _ in range(wanted.evaluate("wanted => wanted.form.elements[wanted.name].length ?? 1")):
            if self.has_focus(wanted):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        assert self.has_focus(wanted)
        assert wanted.is_checked()

    def tick(self, box: str) -> None:
        self._count()
        self._reach(self._field(box))
        self.page.keyboard.press("Space")
        assert self._field(box).is_checked()

    def press(self, button: str) -> None:
        self._count()
        self._reach(self._button(button))
        self.page.keyboard.press("Enter")

    def follow(self, link: str) -> None:
        self._count()
        self._reach(self._link(link))
        self.page.keyboard.press("Enter")

    def open_row(self, name: str) -> None:
        """By the shortcuts of the inbox: down to the row, and open it."""
        self._count()
        row = self._link(name)
        self.page.locator("[data-shortcuts-help]:not([hidden])").wait_for()
        for _ in range(self.page.locator("[data-row]").count()):
            self.page.keyboard.press("j")
            if self.has_focus(row):
                break
        self.page.keyboard.press("o")

    def _reach(self, control: Locator) -> None:
        control.wait_for()
        self._tab_until(lambda: self.has_focus(control), str(control))

    def _tab_until(self, there: Callable[[], bool], what: str) -> None:
        for _ in range(MOST_TABS):
            if there():
                assert self._focus_shows(), f"{what} has the focus, but nobody can see that"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{what} cannot be reached with Tab.")

    def _focus_shows(self) -> bool:
        """The control that has the focus looks other than without it, and lies where it can be seen."""
        return bool(
            self.page.evaluate(
                """() => {
                    const control = document.activeElement, style = getComputedStyle(control);
                    const box = control.getBoundingClientRect();
                    const marked = style.outlineStyle !== "none" || style.boxShadow !== "none";
                    return marked && box.bottom > 0 && box.top < innerHeight;
                }"""
            )
        )
