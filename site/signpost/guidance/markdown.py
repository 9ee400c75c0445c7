"""A page's Markdown as HTML: nothing in it can be more than words, headings, lists, tables, links and our three boxes. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin

ALLOWED_LINK = re.compile(r"(?:https?://|mailto:|page:|glossary:|#|/(?!/))", re.IGNORECASE)
BOXES = ("example", "activity", "important")
LOWEST_HEADING = 6


def slug(words: str) -> str:
    """How a heading or a term stands in an address: “What’s a mentor?” is `whats-a-mentor`."""
    plain = unicodedata.normalize("NFKD", words.lower().replace("’", ""))
    return re.sub(r"[^a-z0-9]+", "-", "".join(one for one in plain if not unicodedata.combining(one))).strip("-")


@dataclass(frozen=True)
class Term:
    """A word of the glossary, and what it means: plain words, since it stands inside a sentence."""

    slug: str
    word: str
    meaning: str


@dataclass(frozen=True)
class Link:
    """A link as it was written: `page`, `glossary` or `here`, and what it names."""

    kind: str
    target: str


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Piece:
    """A stretch of a page. Where it is a learning activity, the reader may keep something of their own below it."""

    html: Markup
    activity: str = ""
    title: str = ""


@dataclass(frozen=True)
class Section:
    """A heading (none for what stands before the first) and the words below it, up to the next heading."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class Places:
    """Where the links of a page lead: `page` gives the address of a page and anchor, or nothing where there is none."""

    page: Callable[[str], str]
    terms: Mapping[str, Term] = field(default_factory=dict)
    glossary: str = "/guidance/glossary"
    here: str = ""  # the page itself, where only a part of it is shown
    on_paper: bool = False
    site: str = ""  # on paper: where its other pages are
    lower: int = 0  # by how many levels headings stand below where they would on the page alone


class _Renderer(RendererHTML):
    """Our classes, and links and terms as their places say. What a link cannot reach is its words alone."""

    def render_inline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        places: Places = env["places"]
        out: list[str] = []
        closing: list[str] = []
        for index, token in enumerate(tokens):
            if token.type == "link_open":
                opened, closed = self._link(str(token.attrGet("href") or ""), places, env)
                out.append(opened)
                closing.append(closed)
            elif token.type == "link_close":
                out.append(closing.pop())
            elif token.type in self.rules:
                out.append(self.rules[token.type](tokens, index, options, env))
            else:
                out.append(self.renderToken(tokens, index, options, env))
        return "".join(out)

    # The library calls it by this name.
    renderInline = render_inline  # noqa: N815

    def _link(self, href: str, places: Places, env: EnvType) -> tuple[str, str]:
        kind, _, target = href.partition(":")
        if kind == "glossary":
            return self._term(places, target, env)
        if kind == "page":
            href = places.page(target)
        if href.startswith("#") and kind != "page":
            href = f"{places.here}{href}" if places.here else f"#{env['prefix']}{href[1:]}"
        if href.startswith("/"):
            href = places.site + href
        if not href:
            return "", ""
        return str(Markup('<a href="{}">').format(href)), "</a>"

    def _term(self, places: Places, name: str, env: EnvType) -> tuple[str, str]:
        """The word as a button that opens its meaning beside it, by the browser alone; on paper, a link to the glossary."""
        term = places.terms.get(name)
        if term is None:
            return "", ""
        if places.on_paper:
            return str(Markup('<a href="{}#{}">').format(places.glossary, term.slug)), "</a>"
        env["terms_opened"] = opened = env.get("terms_opened", 0) + 1
        own = f"{env['prefix']}term-{opened}-{term.slug}"
        return str(Markup('<button class="sp-term" type="button" popovertarget="{}">').format(own)), str(
            Markup(
                '</button><span class="sp-term__meaning" id="{}" popover><strong>{}:</strong> {} '
                '<a href="{}#{}">More in the glossary</a></span>'
            ).format(own, term.word, term.meaning, places.glossary, term.slug)
        )


def _box_open(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[at]
    level = min(env.get("level", 1 + env["places"].lower) + 1, LOWEST_HEADING)
    kind, _, title = token.info.strip().partition(" ")
    title = title.strip()
    if kind == "activity":
        name, _, title = title.partition(" ")
        return str(
            Markup(
                '<section class="sp-activity" id="{}"><h{} class="nhsuk-heading-s"><span class="sp-activity__kind">Activity</span> {}</h{}>\n'
            ).format(env["prefix"] + slug(name), level, title.strip(), level)
        )
    if kind == "important":
        return str(
            Markup(
                '<div class="nhsuk-card nhsuk-card--warning"><div class="nhsuk-card__content"><h{} class="nhsuk-card__heading">'
                '<span class="nhsuk-u-visually-hidden">Important: </span>{}</h{}>\n'
            ).format(level, title or "Please note", level)
        )
    return str(
        Markup(
            '<section class="sp-example"><h{} class="nhsuk-heading-s"><span class="sp-example__kind">Example</span> {}</h{}>\n'
        ).format(level, title, level)
    )


def _box_close(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    return "</div></div>\n" if tokens[at].type == "container_important_close" else "</section>\n"


def _heading_open(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[at]
    env["level"] = level = _level(token, env)
    return str(Markup('<h{} id="{}">').format(level, env["prefix"] + str(token.attrGet("id"))))


def _heading_close(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    return f"</h{_level(tokens[at], env)}>\n"


def _level(token: Token, env: EnvType) -> int:
    return min(int(token.tag[1]) + int(env["places"].lower), LOWEST_HEADING)


def _cell(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """Without the alignment, which the library writes as a style that our pages refuse."""
    is_head = tokens[at].tag == "th"
    return '<th class="nhsuk-table__header" scope="col">' if is_head else '<td class="nhsuk-table__cell">'


def _markdown() -> MarkdownIt:
    made = (
        MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table").disable(["image", "autolink"])
    )
    made.use(deflist_plugin)
    for box in BOXES:
        made.use(container_plugin, box)
        made.add_render_rule(f"container_{box}_open", _box_open)
        made.add_render_rule(f"container_{box}_close", _box_close)
    made.add_render_rule("heading_open", _heading_open)
    made.add_render_rule("heading_close", _heading_close)
    made.add_render_rule("th_open", _cell)
    made.add_render_rule("td_open", _cell)
    made.add_render_rule("table_open", lambda *_: '<table class="nhsuk-table sp-written__table">\n')
    made.validateLink = lambda url: ALLOWED_LINK.match(url) is not None  # type: ignore[method-assign]
    return made


_MARKDOWN = _markdown()


class Writing:
    """The words of one page, read once. Everything else is asked of it."""

    def __init__(self, text: str) -> None:
        self.tokens = _MARKDOWN.parse(text)
        self.headings = list(_named(self.tokens))

    @property
    def anchors(self) -> frozenset[str]:
        return frozenset([one.anchor for one in self.headings] + [name for name, _ in self.activities])

    @property
    def activities(self) -> list[tuple[str, str]]:
        """The learning activities: the name of each, and its title."""
        opened = [one for one in self.tokens if one.type == "container_activity_open"]
        return [(slug(name), title.strip()) for name, _, title in (_title(one).partition(" ") for one in opened)]

    @property
    def links(self) -> list[Link]:
        """Every link to somewhere in the guidance."""
        found = []
        for child in _children(self.tokens):
            if child.type == "link_open":
                kind, colon, target = str(child.attrGet("href") or "").partition(":")
                if kind.startswith("#"):
                    found.append(Link("here", kind[1:]))
                elif colon and kind in ("page", "glossary"):
                    found.append(Link(kind, target))
        return found

    @property
    def addresses(self) -> list[str]:
        """Every link that begins with a stroke: to another page of this site."""
        every = (str(one.attrGet("href") or "") for one in _children(self.tokens) if one.type == "link_open")
        return [one for one in every if one.startswith("/")]

    def pieces(self, places: Places, prefix: str = "") -> list[Piece]:
        """The page as HTML, cut where the reader may keep something of their own."""
        env: dict[str, Any] = {"places": places, "prefix": prefix}
        cut, found = 0, []
        for at, token in enumerate(self.tokens):
            if token.type == "container_activity_open" and token.level == 0:
                found.append(Piece(self._html(cut, at, env)))
                cut = at
            elif token.type == "container_activity_close" and token.level == 0:
                name, _, title = _title(self.tokens[cut]).partition(" ")
                found.append(Piece(self._html(cut, at + 1, env), slug(name), title.strip()))
                cut = at + 1
        found.append(Piece(self._html(cut, len(self.tokens), env)))
        return [one for one in found if one.html]

    def passage(self, anchor: str, places: Places, prefix: str) -> Markup:
        """What stands below one heading, up to the next of its level; nothing where there is no such heading."""
        begins = next(
            (at for at, one in enumerate(self.tokens) if _is_heading(one) and one.attrGet("id") == anchor), None
        )
        if begins is None:
            return Markup()
        level = self.tokens[begins].tag
        rest = range(begins + 3, len(self.tokens))
        ends = next((at for at in rest if _is_heading(self.tokens[at]) and self.tokens[at].tag <= level), None)
        return self._html(
            begins + 3, len(self.tokens) if ends is None else ends, {"places": places, "prefix": prefix, "level": 2}
        )

    def sections(self) -> list[Section]:
        """The words of the page as people read them, heading by heading: to be searched."""
        found: list[Section] = []
        anchor, title = "", ""
        words: list[str] = []
        named = {one.anchor: one.title for one in self.headings}
        for at, token in enumerate(self.tokens):
            if _is_heading(token):
                found.append(Section(anchor, title, " ".join(words)))
                anchor = str(token.attrGet("id"))
                title, words = named[anchor], []
            elif token.type.startswith("container_") and token.nesting == 1:
                words.append(_box_title(token))
            elif token.type == "inline" and self.tokens[at - 1].type != "heading_open":
                words.append(said(token))
        found.append(Section(anchor, title, " ".join(words)))
        return [one for one in found if one.title or one.text]

    def _html(self, begins: int, ends: int, env: dict[str, Any]) -> Markup:
        # The renderer escapes what people wrote, and nothing in the page is passed through as HTML.
        return Markup(_MARKDOWN.renderer.render(self.tokens[begins:ends], _MARKDOWN.options, env))  # noqa: S704


def _named(tokens: list[Token]) -> Iterable[Heading]:
    """Give each heading its anchor, all of them different, and none as large as the page's own."""
    taken: set[str] = set()
    for at, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"
        if token.type == "heading_open":
            title = said(tokens[at + 1])
            first = anchor = slug(title) or "part"
            number = 2
            while anchor in taken:
                anchor, number = f"{first}-{number}", number + 1
            taken.add(anchor)
            token.attrSet("id", anchor)
            yield Heading(int(token.tag[1]), anchor, title)


def _is_heading(token: Token) -> bool:
    return token.type == "heading_open"


def _title(token: Token) -> str:
    """What stands behind the kind of a box."""
    return token.info.strip().partition(" ")[2].strip()


def _box_title(token: Token) -> str:
    title = _title(token)
    return title.partition(" ")[2] if token.type == "container_activity_open" else title


def _children(tokens: Iterable[Token]) -> Iterable[Token]:
    for token in tokens:
        yield from token.children or ()


def said(*tokens: Token) -> str:
    """The words alone, without marks and addresses."""
    spaces = {"softbreak": " ", "hardbreak": " "}
    return "".join(
        one.content or spaces.get(one.type, "") for one in _children(tokens) if one.type != "html_inline"
    ).strip()
