"""Finding pages of the guidance by the beginnings of their words, blind to accents, case and a plural s."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from models import Referral, User
from signpost.guidance.markdown import Section
from signpost.guidance.page import GLOSSARY, MODULES, Page
from signpost.guidance.queries import Guide
from signpost.referrals import queries as referrals
from signpost.referrals import search as of_referrals
from signpost.referrals.search import plain, words_of

MOST_FOUND = 20
MOST_WORDS = 12
BEFORE, AROUND = 60, 220  # characters of a passage before the first word that matches, and in all
WORD = re.compile(r"[^\W_]+")
# What a question is made of, and no page is about.
SMALL_WORDS = frozenset(
    words_of(
        "a about after an and are as at be been before but by can could do does for from get had has have how i if in into is it "
        "its may me must my of on one or our shall should so than that the their them then there they this to up us was we were "
        "what when where whether which who whom whose why will with would you your"
    )
)
IN_TITLE, IN_HEADING, IN_WORDS = 6, 3, 1


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
    """What was found; `all_words` where every word that matters is in each."""

    found: list[Found]
    all_words: bool = True


def asked_words(text: str) -> list[str]:
    """The words that matter of a question, without their plural s; all of them where none does."""
    words = words_of(text)[:MOST_WORDS]
    return [_stem(word) for word in words if word not in SMALL_WORDS] or [_stem(word) for word in words]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def in_guide(guide: Guide, text: str) -> Results:
    """The pages that have every word, the best first; where none has, those that have some."""
    asked = asked_words(text)
    if not asked:
        return Results([])
    scored = []
    for page in (*guide.in_order, *filter(None, [guide.pages.get(GLOSSARY)])):
        sections, words = _read(page)
        held = {word for word in asked if _holds(words, word)}
        if held:
            best = max(sections, key=lambda section: _score(section, asked))
            points = _score_of_title(page, asked) + _score(best, asked)
            scored.append((len(held), points, page, best))
    most = max((held for held, *_ in scored), default=0)
    wanted = [one for one in scored if one[0] == most]
    wanted.sort(key=lambda one: -one[1])
    return Results([_found(page, best, asked) for _, _, page, best in wanted[:MOST_FOUND]], most == len(set(asked)))


@lru_cache(maxsize=500)
def _read(page: Page) -> tuple[tuple[Section, ...], frozenset[str]]:
    """A page's sections, and every word of it."""
    sections = tuple(page.writing.sections()) or (Section("", "", ""),)
    texts = (page.title, page.summary, *(words for one in sections for words in (one.title, one.text)))
    return sections, frozenset(word for text in texts for word in words_of(text))


def _holds(words: Iterable[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in words)


def _score(section: Section, asked: list[str]) -> int:
    heading, words = words_of(section.title), words_of(section.text)
    return sum(IN_HEADING * _holds(heading, word) + IN_WORDS * _holds(words, word) for word in asked)


def _score_of_title(page: Page, asked: list[str]) -> int:
    title, summary = words_of(page.title), words_of(page.summary)
    return sum(IN_TITLE * _holds(title, word) + IN_HEADING * _holds(summary, word) for word in asked)


def _found(page: Page, best: Section, asked: list[str]) -> Found:
    anchor = f"#{best.anchor}" if best.anchor else ""
    words = best.text if _score(Section("", "", best.text), asked) else page.summary
    return Found(
        title=page.title,
        href=f"/guidance/{page.address}{anchor}",
        module=MODULES[page.module][0] if page.module else "",
        section=best.title,
        passage=marked(words, asked),
    )


def marked(text: str, asked: list[str]) -> Markup:
    """The part of a text around the first word that matches, with every match marked as it is written there."""
    first = next((one.start() for one in WORD.finditer(text) if _matches(one.group(), asked)), 0)
    begins = 0 if first <= BEFORE else text.rfind(" ", 0, first - BEFORE // 2) + 1
    ends = len(text) if len(text) - begins <= AROUND else text.rfind(" ", begins, begins + AROUND)
    ends = ends if ends > first else len(text)
    part, out, at = text[begins:ends], escape("… " if begins else ""), 0
    for one in WORD.finditer(part):
        if _matches(one.group(), asked):
            out += escape(part[at : one.start()]) + Markup("<mark>{}</mark>").format(one.group())
            at = one.end()
    return out + escape(part[at:]) + (" …" if ends < len(text) else "")


def _matches(word: str, asked: list[str]) -> bool:
    return any(plain(word).startswith(beginning) for beginning in asked)


# What is found besides by who is signed in: each room within what they may see there, one line a room


@dataclass(frozen=True)
class Record:
    """Something of a room that matches: its words, and where it is."""

    title: str
    href: str


MOST_RECORDS = 5


def _referrals(user: User, text: str) -> list[Record]:
    """Those whose request they may read too, since it is searched: not those of which they know by a release alone."""
    rows = (
        of_referrals.matching(referrals.visible_to(user), text, None).order_by(Referral.id.desc()).limit(MOST_RECORDS)
    )
    readable = (row for row in rows if referrals.relations(user, row) - {referrals.Relation.TSG})
    return [Record(f"{row.trainee_name}, {row.reference}", f"/referrals/{row.public_id}") for row in readable]


ROOMS: dict[str, Callable[[User, str], list[Record]]] = {
    "Referrals": _referrals,
}


def in_rooms(user: User, text: str) -> dict[str, list[Record]]:
    """What this person may see elsewhere and matches, by room; rooms without any are left out."""
    return {room: found for room, search in ROOMS.items() if (found := search(user, text))}
