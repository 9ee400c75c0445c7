"""A template rendered once with holes, and filled in many times: for the rows of a long list.

Jinja spends most of a list page on its rows, value by value. Their markup stays in a template like any other; here it is
rendered once for each set of fixed values, and the words of each row are escaped and put into the holes.
"""

from collections.abc import Hashable, Mapping
from html import escape
from typing import Any

from flask import current_app
from markupsafe import Markup

# Characters for private use: no template has them, and escaping leaves them as they are.
HOLE = "\ue000{}\ue001"
BETWEEN = "\ue002"
KEPT = "signpost.stencils"


class Stencil:
    """The markup of a template around its holes. Each hole may stand in it more than once, or not at all."""

    def __init__(self, template: str, holes: tuple[str, ...], fixed: Mapping[str, Any]) -> None:
        marks = {name: HOLE.format(name) for name in holes}
        text = current_app.jinja_env.get_template(template).render(**marks, **fixed).replace("%", "%%")
        for name, mark in marks.items():
            text = text.replace(mark, f"%({name})s")
        if "\ue000" in text or "\ue001" in text:
            raise ValueError(f"{template} alters what is put into its holes.")
        self._text = text

    def filled(self, words: dict[str, str]) -> str:
        """The markup with these words, which are escaped already."""
        return self._text % words


def escaped(texts: list[str]) -> list[str]:
    """Each text as it may stand in markup. All at once, since escaping has a price for each call, not for each letter."""
    found = escape(BETWEEN.join(texts)).split(BETWEEN)
    return found if len(found) == len(texts) else [escape(text) for text in texts]


def rendered(template: str, **fixed: Hashable) -> Markup:
    """A template without holes, rendered once for these values: for what stands on every page."""
    return Markup(stencil(template, (), **fixed).filled({}))  # noqa: S704  a template, so escaped already


def stencil(template: str, holes: tuple[str, ...], **fixed: Hashable) -> Stencil:
    """The stencil of a template with these fixed values, made once for each application."""
    kept: dict[Hashable, Stencil] = current_app.extensions.setdefault(KEPT, {})
    key = (template, *fixed.items())
    if key not in kept or current_app.debug:
        kept[key] = Stencil(template, holes, fixed)
    return kept[key]
