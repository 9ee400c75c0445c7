"""Reading the guidance, for everybody: contents, modules, pages, glossary."""

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue

from signpost.access import public
from signpost.guidance import queries
from signpost.guidance.aside import guidance_aside
from signpost.guidance.page import GLOSSARY, MODULES, Page
from signpost.guidance.queries import Guide

bp = Blueprint("guidance", __name__)
# Other rooms show guidance beside their work, by this name.
bp.app_context_processor(lambda: {"guidance_aside": guidance_aside})

NAMES = ", ".join(f'"{name}"' if "-" in name else name for name in MODULES)
MODULE = f"<any({NAMES}):module>"


@bp.get("/guidance")
@public
def index() -> ResponseReturnValue:
    """All of it, module by module."""
    guide = queries.guide()
    modules = [(module, *MODULES[module], guide.of_module(module)) for module in MODULES]
    return render_template("guidance/index.html", modules=modules)


@bp.get(f"/guidance/{MODULE}")
@public
def module(module: str) -> ResponseReturnValue:
    title, about = MODULES[module]
    pages = queries.guide().of_module(module)
    return render_template("guidance/module.html", module=module, title=title, about=about, pages=pages)


@bp.get(f"/guidance/{MODULE}/<string:slug>")
@public
def show(module: str, slug: str) -> ResponseReturnValue:
    """One page. An address that it had before leads to where it is now."""
    guide = queries.guide()
    address = f"{module}/{slug}"
    page = guide.found(address) or abort(404)
    if page.address != address:
        return redirect(f"/guidance/{page.address}", 301)
    return render_template("guidance/show.html", **_around(guide, page))


def _around(guide: Guide, page: Page) -> dict[str, object]:
    """The page, and what stands beside, before and after it."""
    siblings = guide.of_module(page.module)
    here = siblings.index(page)
    return {
        "page": page,
        "module_title": MODULES[page.module][0],
        "siblings": siblings,
        "before": siblings[here - 1] if here else None,
        "after": siblings[here + 1] if here + 1 < len(siblings) else None,
        "pieces": page.writing.pieces(guide.places),
        "contents": [one for one in page.writing.headings if one.level == 2],
    }


@bp.get("/guidance/glossary")
@public
def glossary() -> ResponseReturnValue:
    guide = queries.guide()
    page = guide.pages.get(GLOSSARY) or abort(404)
    return render_template("guidance/glossary.html", page=page, terms=guide.terms)
