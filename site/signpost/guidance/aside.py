"""Guidance beside the work: a page's summary, or one of its sections, where it is needed. How to use it: docs/guidance.md."""

from dataclasses import replace

from flask import g, render_template
from markupsafe import Markup

from signpost.guidance import queries


def guidance_aside(address: str, anchor: str = "", title: str = "") -> Markup:
    """The section below one heading of a page, or the page's summary, folded, with a link to all of it.

    A heading that its owner has since renamed gives the summary; a page that is not there gives nothing, so that the
    work never stops for want of advice. Every use in a template is checked by a test.
    """
    if "guidance" not in g:
        g.guidance = queries.guide()
    guide: queries.Guide = g.guidance
    page = guide.found(address)
    if page is None:
        return Markup()
    places = replace(guide.places, here=page.href)
    passage = page.writing.passage(anchor, places, prefix=f"{page.slug}-{anchor}-") if anchor else Markup()
    href = page.href + (f"#{anchor}" if passage else "")
    named = next((one.title for one in page.writing.headings if one.anchor == anchor), "") if passage else ""
    # What the renderer and Jinja made, both of which escape what people wrote.
    return Markup(  # noqa: S704
        render_template(
            "guidance/_aside.html", title=title or named or page.title, page=page, passage=passage, href=href
        )
    )
