"""The guidance as a PDF, a module or all of it: from the same words, with contents, and the glossary at its end.

Drawing takes seconds, and everybody gets the same, so what was drawn is kept in memory for as long as the words stand.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from flask import Response, render_template
from markupsafe import Markup

from signpost import pdf
from signpost.config import running
from signpost.guidance.markdown import Places, Term
from signpost.guidance.page import MODULES, Page
from signpost.guidance.queries import Guide

MOST_KEPT = 12

_kept: OrderedDict[str, bytes] = OrderedDict()
# One is drawn at a time: a crowd that asks for the same waits for the first, and takes that.
_drawing = Lock()


@dataclass(frozen=True)
class Printed:
    """A page on paper: its place in the file, and its words."""

    page: Page
    anchor: str
    words: Markup


@dataclass(frozen=True)
class Chapter:
    title: str
    about: str
    anchor: str
    pages: list[Printed]


def download(guide: Guide, modules: Sequence[str], title: str, name: str) -> Response:
    """These modules as one file. Raises RuleBroken where this server can draw none."""
    html = render_template("guidance/paper.html", title=title, **_content(guide, modules))
    made = Response(_drawn(html), mimetype="application/pdf")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return made


def _drawn(html: str) -> bytes:
    """The same words give the same file, whoever asks."""
    key = hashlib.sha256(html.encode()).hexdigest()
    with _drawing:
        if key not in _kept:
            _kept[key] = pdf.draw(html)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return _kept[key]


def _content(guide: Guide, modules: Sequence[str]) -> dict[str, object]:
    within = {page.key for module in modules for page in guide.of_module(module)}
    alone = len(modules) == 1

    def href(target: str) -> str:
        """A place in the file, or the address on the site of a page that is not in it."""
        address, _, anchor = target.partition("#")
        page = guide.found(address)
        if page is None:
            return ""
        if page.key not in within:
            return guide.href(target)
        return f"#{_anchor(page)}{f'-{anchor}' if anchor else ''}"

    site = running().public_url
    places = Places(page=href, terms=guide.terms, glossary="", on_paper=True, site=site, lower=1 if alone else 2)
    chapters = [
        Chapter(*MODULES[module], f"module-{module}", [_printed(page, places) for page in guide.of_module(module)])
        for module in modules
    ]
    return {"chapters": chapters, "alone": alone, "terms": _terms(guide, within, alone)}


def _printed(page: Page, places: Places) -> Printed:
    anchor = _anchor(page)
    return Printed(page, anchor, Markup("").join(one.html for one in page.writing.pieces(places, prefix=f"{anchor}-")))


def _anchor(page: Page) -> str:
    return f"page-{page.address.replace('/', '-')}"


def _terms(guide: Guide, within: set[str], alone: bool) -> list[Term]:
    """The words of the glossary: all of them in the whole guide, those that a module uses in a module."""
    used = {link.target for key in within for link in guide.by_key[key].writing.links if link.kind == "glossary"}
    return sorted(
        (term for term in guide.terms.values() if term.slug in used or not alone), key=lambda one: one.word.lower()
    )
