"""Finding pages of the guidance by the beginnings of their words, blind to accents, case and endings."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from math import log

from markupsafe import Markup, escape

from signpost.guidance.markdown import Section
from signpost.guidance.page import GLOSSARY, MODULES, Page
from signpost.guidance.queries import Guide
from signpost.referrals.search import plain, words_of

MOST_FOUND = 20
MOST_WORDS = 12
BEFORE, AROUND = 60, 220  # characters of a passage before the first word that matches, and in all
WORD = re.compile(r"[^\W_]+")
# What a question is made of, and no page is about.
SMALL_WORDS = frozenset(
    words_of(
        "a about after all an and are as at be been before but by can could do does for from get had has have how i if in into is it "
        "its many may me must my of on one or our shall should so than that the their them then there they this to up us was we were "
        "what when where whether which who whom whose why will with would you your"
    )
)
# How much a word says by where it stands, for a page.
IN_TITLE, IN_SUMMARY, IN_HEADING, IN_SECTION, ON_PAGE = 6.0, 2.0, 3.0, 2.0, 1.0
# A page is shown where it has half of what was asked, words that few pages have counting for more.
ENOUGH = 0.5
LIKE_IT = 0.5
SHORTEST = 5  # letters of a beginning: fewer are a word, with an ending at most, or Sam would be found in every “same”
# People ask of themselves, and pages speak to them.
SAID_TO_YOU = {"myself": "yourself", "ourselves": "yourself"}
# Beginnings of words that people use and no page does, and the word that pages have for it.
SAID_OTHERWISE = {
    "appeal": "complain",
    "boss": "supervisor",
    "burn": "health",
    "delet": "destroyed",
    "depress": "health",
    "disab": "health",
    "erase": "destroyed",
    "fail": "outcome",
    "forgot": "sign",
    "gdpr": "information",
    "grievance": "complain",
    "login": "sign",
    "matern": "return",
    "password": "sign",
    "patern": "return",
    "pension": "pay",
    "privacy": "confidential",
    "quit": "stop",
    "reschedul": "moves",
    "salary": "pay",
    "secre": "confidential",
    "skype": "microsoft",
    "stress": "health",
    "subject": "copy",
    "suicid": "danger",
    "unhappy": "complain",
    "wage": "pay",
    "zoom": "microsoft",
}
# How alike two words are, where one is taken for the other wrongly typed; and by how many letters longer or shorter.
ALIKE, LONGER = 0.8, 2


@dataclass(frozen=True)
class Found:
    """A page that matches: where it is best entered, and the words around the match, marked."""

    title: str
    href: str
    module: str
    section: str
    passage: Markup


@dataclass(frozen=True)
class Results:
    """What was found; `all_words` where the first page has every word that matters.

    `instead`: by each word that no page has, the one that was looked for in its place.
    """

    found: list[Found]
    all_words: bool = True
    instead: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """A section of a page with the words of its heading and its own."""

    section: Section
    heading: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class ReadPage:
    page: Page
    sections: tuple[Read, ...]
    title: frozenset[str]
    summary: frozenset[str]
    words: frozenset[str]


def asked_words(text: str) -> list[str]:
    """The words that matter of a question, by their beginnings."""
    return list(_typed(text))


def _typed(text: str) -> dict[str, str]:
    """The words that matter, as they were typed, by their beginnings."""
    words = [SAID_TO_YOU.get(word, word) for word in dict.fromkeys(words_of(text))][:MOST_WORDS]
    return {_beginning(word): word for word in words if word not in SMALL_WORDS}


def _beginning(word: str) -> str:
    """meetings and meeting are both found by meet, stopped and stops by stop."""
    for ending in ("ing", "ed", "s"):
        short = word.removesuffix(ending)
        if short != word and len(short) > 3 and not short.endswith("s"):
            return short[:-1] if ending != "s" and short[-1] == short[-2] else short
    return word


def in_guide(guide: Guide, text: str, may_guess: bool = True) -> Results:
    """The pages that have what was asked, or what was meant by it where that may be guessed; the best first."""
    pages = [_read(page) for page in (*guide.in_order, *filter(None, [guide.pages.get(GLOSSARY)]))]
    instead = _instead(pages, _typed(text)) if may_guess else {}
    asked = list(dict.fromkeys(_beginning(instead.get(typed, beginning)) for beginning, typed in _typed(text).items()))
    spread = {word: sum(_holds(one.words, word) > 0 for one in pages) for word in asked}
    weights = {word: log(1 + len(pages) / many) for word, many in spread.items() if many}
    scored = []
    for one in pages:
        held = [word for word in weights if _holds(one.words, word) > 0]
        if held and sum(weights[word] for word in held) >= ENOUGH * sum(weights.values()):
            best = max(one.sections, key=lambda read: _score(read, weights))
            scored.append((_score_of_page(one, weights) + _score(best, weights), len(held), one.page, best.section))
    scored.sort(key=lambda each: -each[0])
    found = [_found(page, best, asked) for _, _, page, best in scored[:MOST_FOUND]]
    return Results(found, not scored or scored[0][1] == len(asked), instead)


def _instead(pages: list[ReadPage], typed: Mapping[str, str]) -> dict[str, str]:
    """For each word that is on no page another that is: what pages say for it, or one that is typed nearly so."""
    unknown = {word: said for word, said in typed.items() if not any(_holds(one.words, word) for one in pages)}
    known = frozenset().union(*(one.words for one in pages)) if unknown else frozenset()
    meant = {said: _meant(word, known) for word, said in unknown.items()}
    return {said: other for said, other in meant.items() if other}


def _meant(word: str, known: frozenset[str]) -> str:
    """Another word of those known; none where nothing is near."""
    said = next((other for start, other in SAID_OTHERWISE.items() if word.startswith(start)), "")
    if said in known:
        return said
    near = [one for one in known if len(one) >= SHORTEST and abs(len(one) - len(word)) <= LONGER]
    return next(iter(get_close_matches(word, near, 1, ALIKE)), "") if len(word) >= SHORTEST else ""


@lru_cache(maxsize=500)
def _read(page: Page) -> ReadPage:
    sections = tuple(
        Read(one, frozenset(words_of(one.title)), frozenset(words_of(one.text)))
        for one in page.writing.sections() or [Section("", "", "")]
    )
    title, summary = frozenset(words_of(page.title)), frozenset(words_of(page.summary))
    return ReadPage(
        page, sections, title, summary, title.union(summary, *(one.heading | one.words for one in sections))
    )


def _holds(words: frozenset[str], beginning: str) -> float:
    """1 for the word itself or its plural, less for another that begins so; 0 where there is none."""
    if beginning in words or f"{beginning}s" in words:
        return 1.0
    return LIKE_IT if any(_is_like(word, beginning) for word in words) else 0.0


def _is_like(word: str, beginning: str) -> bool:
    return word.startswith(beginning) and (len(beginning) >= SHORTEST or _beginning(word) == beginning)


def _score(read: Read, weights: Mapping[str, float]) -> float:
    """What a section says, less where it says only a part of what was asked."""
    said = {word: IN_HEADING * _holds(read.heading, word) + IN_SECTION * _holds(read.words, word) for word in weights}
    part = sum(weights[word] for word, score in said.items() if score) / sum(weights.values())
    return part * sum(weights[word] * score for word, score in said.items())


def _score_of_page(one: ReadPage, weights: Mapping[str, float]) -> float:
    """A title counts for more, the more of it was asked for."""
    about = one.title - SMALL_WORDS
    said = sum(_holds(one.title, word) > 0 for word in weights) / len(about) if about else 0
    return sum(
        weight
        * (
            IN_TITLE * min(said, 1) * _holds(one.title, word)
            + IN_SUMMARY * _holds(one.summary, word)
            + ON_PAGE * _holds(one.words, word)
        )
        for word, weight in weights.items()
    )


def _found(page: Page, best: Section, asked: list[str]) -> Found:
    anchor = f"#{best.anchor}" if best.anchor else ""
    words = best.text if any(_is_meant(word, asked) for word in words_of(best.text)) else page.summary
    return Found(
        title=page.title,
        href=f"/guidance/{page.address}{anchor}",
        module=MODULES[page.module][0] if page.module else "",
        section=best.title,
        passage=marked(words, asked, _is_meant),
    )


def _is_meant(word: str, asked: list[str]) -> bool:
    return any(_is_like(plain(word), beginning) for beginning in asked)


def _begins(word: str, asked: list[str]) -> bool:
    return any(plain(word).startswith(beginning) for beginning in asked)


def marked(text: str, asked: list[str], matches: Callable[[str, list[str]], bool] = _begins) -> Markup:
    """The part of a text around the first word that matches, with every match marked as it is written there."""
    first = next((one.start() for one in WORD.finditer(text) if matches(one.group(), asked)), 0)
    begins = 0 if first <= BEFORE else text.rfind(" ", 0, first - BEFORE // 2) + 1
    ends = len(text) if len(text) - begins <= AROUND else text.rfind(" ", begins, begins + AROUND)
    ends = ends if ends > first else len(text)
    part, out, at = text[begins:ends], escape("… " if begins else ""), 0
    for one in WORD.finditer(part):
        if matches(one.group(), asked):
            out += escape(part[at : one.start()]) + Markup("<mark>{}</mark>").format(one.group())
            at = one.end()
    return out + escape(part[at:]) + (" …" if ends < len(text) else "")
