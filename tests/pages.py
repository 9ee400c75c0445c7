"""A page as a reader meets it: its heading, words, links and forms; and what must hold of every page."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
    *("path", "circle", "rect", "use"),
}


@dataclass
class Form:
    """A form: where it goes, what it would send as it stands, and the words on its buttons."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def value(self, name: str) -> str | None:
        return next((value for each, value in self.fields if each == name), None)


class Page(HTMLParser):
    """Read once from HTML; then ask it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.title = ""
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.inline: list[str] = []
        self.radios: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.labels_for: list[str] = []
        self.is_whole = "<html" in html.lower()
        self._inside: list[str] = []
        self._link: list[str] | None = None
        self._button: list[str] | None = None
        self._button_sends = ("", "")
        self._textarea: tuple[str, list[str]] | None = None
        self._select: str | None = None
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words)).strip()

    @property
    def h1(self) -> str:
        return self.headings[0] if self.headings else ""

    def form_with(self, button: str) -> Form:
        """The form that has this button. Its first words are enough where no other button has them."""
        exact = [form for form in self.forms if any(words == button for words, _, _ in form.buttons)]
        begun = [form for form in self.forms if any(words.startswith(button) for words, _, _ in form.buttons)]
        found = exact or begun
        there = [words for form in self.forms for words, _, _ in form.buttons]
        assert found, f"No button says “{button}”. There are: {there}"
        assert len(found) == 1, f"More than one button says “{button}”: {there}"
        return found[0]

    def radio_values(self, name: str) -> list[str]:
        """What can be chosen under this name, in order."""
        return [value for each, value in self.radios if each == name]

    def link(self, words: str) -> str:
        """The address behind a link with these words."""
        found = [href for text, href in self.links if text == words]
        assert found, f"No link says “{words}”. There are: {[text for text, _ in self.links]}"
        return found[0]

    def updatepos(self, i: int, j: int) -> int:
        """Nobody asks in which line something stands, and counting lines takes its time."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._inside.append(tag)
        if "id" in said:
            self.ids.append(said["id"])
        if "for" in said and tag == "label":
            self.labels_for.append(said["for"])
        self._note_inline(tag, said)
        if tag == "h1":
            self.headings.append("")
        elif tag == "a" and "href" in said:
            self._link = []
            self.links.append(("", said["href"]))
        elif tag == "form":
            self.forms.append(Form(said.get("method", "get").lower(), said.get("action", "")))
        elif tag == "button":
            self._button, self._button_sends = [], (said.get("name", ""), said.get("value", ""))
        elif tag == "textarea":
            self._textarea = (said.get("name", ""), [])
        elif tag == "select":
            self._select = said.get("name", "")
        elif self.forms:
            self._note_field(tag, said)

    def _note_inline(self, tag: str, said: dict[str, str]) -> None:
        if tag == "style" or (tag == "script" and not said.get("src")):
            self.inline.append(f"<{tag}>")
        self.inline += [f"{tag} {name}" for name in said if name == "style" or re.fullmatch(r"on\w+|hx-on.*", name)]

    def _note_field(self, tag: str, said: dict[str, str]) -> None:
        form = self.forms[-1]
        if tag == "input" and said.get("name"):
            kind = said.get("type", "text")
            if kind == "radio":
                self.radios.append((said["name"], said.get("value", "on")))
            if kind not in ("checkbox", "radio") or "checked" in said:
                form.fields.append((said["name"], said.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "option" and self._select and "selected" in said:
            form.fields.append((self._select, said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside and self._inside.pop() != tag:
                pass
        if tag == "a" and self._link is not None:
            self.links[-1] = (_plain(self._link), self.links[-1][1])
            self._link = None
        elif tag == "button" and self._button is not None:
            if self.forms:
                self.forms[-1].buttons.append((_plain(self._button), *self._button_sends))
            self._button = None
        elif tag == "textarea" and self._textarea is not None:
            name, words = self._textarea
            if self.forms and name:
                self.forms[-1].fields.append((name, "".join(words).removeprefix("\n")))
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "h1":
            self.headings[-1] = _plain([self.headings[-1]])

    def handle_data(self, data: str) -> None:
        if self._inside[-1:] == ["title"]:
            if "svg" not in self._inside:
                self.title += data
            return
        if self._textarea is not None:
            self._textarea[1].append(data)
        if "h1" in self._inside:
            self.headings[-1] += data
        for collected in (self._link, self._button):
            if collected is not None:
                collected.append(data)
        if "script" not in self._inside and "style" not in self._inside:
            self.words.append(data)


def _plain(words: list[str]) -> str:
    return re.sub(r"\s+", " ", "".join(words)).strip()


def check(page: Page) -> None:
    """What must hold of every page, and of every part of one."""
    assert page.inline == [], f"inline script or style: {page.inline}"
    assert sorted(page.ids) == sorted(set(page.ids)), f"ids that stand twice: {_repeated(page.ids)}"
    for form in page.forms:
        if form.method == "post":
            assert form.value("csrf_token"), f"a form without protection: {form.action}"
    if page.is_whole:
        assert len(page.headings) == 1, f"headings of the first level: {page.headings}"
        assert page.h1
        assert page.title.removeprefix("Error: ").startswith(page.h1), f"title {page.title!r}, heading {page.h1!r}"
        assert set(page.labels_for) <= set(page.ids), "a label that belongs to nothing"


def _repeated(ids: list[str]) -> list[str]:
    return sorted({each for each in ids if ids.count(each) > 1})
