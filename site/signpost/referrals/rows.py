"""The rows of the inbox as markup: `_row.html`, filled in by stencil, since a page has 20 of them."""

from itertools import chain

from markupsafe import Markup

from signpost import clock, formatting
from signpost.referrals.inbox import Asked, Row
from signpost.stencil import Stencil, escaped, stencil

HOLES = ("public_id", "name", "about", "ago", "opening")
VIEWS_OF_SEVERAL_STATUSES = ("in-progress", "all")


def markup(rows: list[Row], asked: Asked) -> Markup:
    """One list item for each row."""
    today, shows_status = clock.today(), asked.view in VIEWS_OF_SEVERAL_STATUSES
    opening, *words = escaped([asked.opening, *chain.from_iterable((row.trainee_name, row.about) for row in rows)])
    stencils: dict[tuple[object, ...], Stencil] = {}
    items = []
    for row, name, about in zip(rows, words[::2], words[1::2], strict=True):
        is_open = row.public_id == asked.open
        kind = (row.wider_concerns, row.status, is_open)
        if kind not in stencils:
            stencils[kind] = _stencil(row, shows_status, is_open)
        ago = formatting.ago(row.referred_at, today)
        filling = {"public_id": row.public_id, "name": name, "about": about, "ago": ago, "opening": opening}
        items.append(stencils[kind].filled(filling))
    return Markup("".join(items))  # noqa: S704  from a template, and escaped


def _stencil(row: Row, shows_status: bool, is_open: bool) -> Stencil:
    return stencil(
        "referrals/_row.html",
        HOLES,
        concerns=row.wider_concerns,
        status=row.status_words if shows_status else "",
        colour=row.status_colour if shows_status else "",
        is_open=is_open,
    )
