"""A page of the guidance: what stands above its words, and how it is read from a file. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from signpost.guidance.markdown import Term, Writing

# module: its title, and what it is about
MODULES = {
    "services": (
        "What each service does",
        "Who each service is for, how to refer or ask, and what happens to information.",
    ),
    "careers-session": (
        "A careers session",
        "How a careers conversation is built, from the first minute to the action plan.",
    ),
    "referrals": ("Referring a trainee", "When to refer, how to do it in two minutes, and what happens then."),
    "confidentiality": ("Confidentiality", "What stays between people, what does not, and what the law asks."),
    "mentoring": (
        "Mentoring",
        "Coming back to training with somebody beside you: for those who return, and for mentors.",
    ),
    "progression": (
        "Support for progression",
        "What follows a review of progression, and how to prepare for a support meeting.",
    ),
}
GLOSSARY = "glossary"

# The five documents that the pages rest on, as they are credited.
SOURCES = {
    "A": "“Referrals to Careers Service”, a page for those who refer trainee doctors",
    "B": "“A structure for a careers support session”, a module on faculty development",
    "C": "“The Careers Group Statement on Confidentiality”",
    "D": "“North West Supported Return to Training (SupportRTT) Mentoring Guidance”",
    "E": "“Support for progression”, a page on what follows a review of progression",
}
# The roles that may own a page, as its foot calls them.
OWNERS = {
    "senior_adviser": "the senior careers adviser",
    "rtt_team": "the return to training team",
    "progression": "the progression support team",
    "governance": "the information governance lead",
}
# Pages with a picture above their words, which say the same.
DIAGRAMS = {"mentoring/how-it-fits": "guidance/_mentoring_support.html"}
KEYS = {"title", "summary", "order", "source", "owner", "reviewed", "formerly"}
ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# These stand where the name of a page would.
TAKEN = {"pdf"}


class BadPage(ValueError):
    """A file of the guidance that cannot be read, and why."""


@dataclass(frozen=True)
class Page:
    """A page as it stands. `key` is its first address, which never changes; `address` is where it is now."""

    key: str
    address: str
    title: str
    summary: str
    order: int
    source: str
    owner: str
    reviewed: date
    body: str
    number: int = 0
    formerly: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        return self.address.partition("/")[0] if "/" in self.address else ""

    @property
    def slug(self) -> str:
        return self.address.rpartition("/")[2]

    @property
    def href(self) -> str:
        return f"/guidance/{self.address}"

    @property
    def owner_name(self) -> str:
        return OWNERS[self.owner]

    @property
    def diagram(self) -> str:
        """The template of its picture; nothing where it has none."""
        return DIAGRAMS.get(self.key, "")

    @property
    def credit(self) -> str:
        """Which document it rests on, in a sentence; nothing where it is all our own."""
        return f"In our own words, after {SOURCES[self.source]}." if self.source else ""

    @cached_property
    def writing(self) -> Writing:
        return Writing(self.body)

    @cached_property
    def digest(self) -> str:
        """What tells this page's words from others."""
        said = "\n".join((self.title, self.summary, self.reviewed.isoformat(), self.body))
        return hashlib.sha256(said.encode()).hexdigest()

    def moved(self, address: str) -> "Page":
        return replace(self, address=address)


def read(key: str, text: str) -> Page:
    """The page of a file: lines of `key: value` between two lines of `---`, and the words. Raises BadPage."""
    said, body = _front_matter(key, text)
    is_glossary = key == GLOSSARY
    if unknown := said.keys() - KEYS:
        raise BadPage(f"{key}: nothing is called {sorted(unknown)[0]}")
    defaults = {"title": "Glossary", "summary": "Words we use, and what we mean by them.", "owner": "governance"}
    found = {**defaults, **said} if is_glossary else said
    for name in ("title", "summary", "owner", *(() if is_glossary else ("reviewed",))):
        if not found.get(name):
            raise BadPage(f"{key}: it has no {name}")
    if found["owner"] not in OWNERS:
        raise BadPage(f"{key}: {found['owner']} owns no pages")
    source = found.get("source", "")
    if source and source not in SOURCES:
        raise BadPage(f"{key}: the source is one of {', '.join(SOURCES)}")
    if not is_glossary and not (key.count("/") == 1 and key.partition("/")[0] in MODULES):
        raise BadPage(f"{key}: it is in no module")
    if not ADDRESS.fullmatch(key.rpartition("/")[2]) or key.rpartition("/")[2] in TAKEN:
        raise BadPage(f"{key}: this cannot stand in an address")
    try:
        order, reviewed = int(found.get("order", "0")), date.fromisoformat(found.get("reviewed", "2026-11-22"))
    except ValueError as wrong:
        raise BadPage(f"{key}: {wrong}") from None
    formerly = tuple(filter(None, re.split(r"[,\s]+", found.get("formerly", ""))))
    return Page(
        key=key, address=key, title=found["title"], summary=found["summary"], order=order, source=source,
        owner=found["owner"], reviewed=reviewed, body=body.strip(), formerly=formerly,
    )  # fmt: skip


def _front_matter(key: str, text: str) -> tuple[dict[str, str], str]:
    if not text.startswith("---\n"):
        if key == GLOSSARY:
            return {}, text
        raise BadPage(f"{key}: it does not begin with a line of ---")
    head, found, body = text[4:].partition("\n---\n")
    if not found:
        raise BadPage(f"{key}: nothing ends what stands above the words")
    said = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            raise BadPage(f"{key}: “{line}” says nothing")
        said[name.strip()] = value.strip()
    return said, body


def terms_of(glossary: Page | None) -> Mapping[str, Term]:
    """The words of the glossary: each heading, and what stands below it up to the next."""
    if glossary is None:
        return {}
    sections = [one for one in glossary.writing.sections() if one.title]
    return {one.anchor: Term(one.anchor, one.title, one.text) for one in sections}
