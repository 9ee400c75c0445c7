"""The guidance, for everybody: reading it, searching it, keeping it as a PDF, answering it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import ActivityNote
from signpost.access import public, signed_in, signed_in_user, whoever_is_signed_in
from signpost.errors import RuleBroken
from signpost.guidance import actions, paper, queries, records, search
from signpost.guidance.aside import guidance_aside
from signpost.guidance.forms import WITH_NAME, CommentForm, NamedCommentForm, NoteForm
from signpost.guidance.pace import Pace
from signpost.guidance.page import GLOSSARY, MODULES, Page
from signpost.web import form_page, posted_version, see_other

bp = Blueprint("guidance", __name__)
# Other rooms show guidance beside their work, by this name.
bp.app_context_processor(lambda: {"guidance_aside": guidance_aside})

NAMES = ", ".join(f'"{name}"' if "-" in name else name for name in MODULES)
MODULE = f"<any({NAMES}):module>"
PAGE = f"/guidance/{MODULE}/<string:slug>"
OF_GLOSSARY: dict[str, Any] = {"module": "", "slug": GLOSSARY}
TOO_FAST = "Many comments have come from your network in a short time. Wait ten minutes, then send it again."


@bp.get("/guidance")
@public
def index() -> ResponseReturnValue:
    """All of it, module by module."""
    guide = queries.guide()
    modules = [(module, *MODULES[module], guide.of_module(module)) for module in MODULES]
    return render_template("guidance/index.html", modules=modules, looks_after=_looks_after())


def _looks_after() -> bool:
    person = whoever_is_signed_in()
    return bool(person and person.roles & set(queries.EDITORS))


@bp.get(f"/guidance/{MODULE}")
@public
def module(module: str) -> ResponseReturnValue:
    title, about = MODULES[module]
    pages = queries.guide().of_module(module)
    return render_template("guidance/module.html", module=module, title=title, about=about, pages=pages)


@bp.get(PAGE)
@public
def show(module: str, slug: str) -> ResponseReturnValue:
    """One page. An address that it had before leads to where it is now."""
    page = page_at(module, slug)
    if page.address != f"{module}/{slug}":
        return redirect(page.href, 301)
    return _shown(page)


def page_at(module: str, slug: str) -> Page:
    return queries.guide().found(f"{module}/{slug}" if module else slug) or abort(404)


def _shown(page: Page, activity: str = "", refused: NoteForm | None = None) -> str:
    """A page, with what stands beside, before and after it, and what its reader keeps of it."""
    guide = queries.guide()
    siblings = guide.of_module(page.module)
    here = siblings.index(page)
    person = whoever_is_signed_in()
    notes = queries.notes_of(person.user, page) if person else {}
    return render_template(
        "guidance/show.html",
        page=page,
        module_title=MODULES[page.module][0],
        siblings=siblings,
        before=siblings[here - 1] if here else None,
        after=siblings[here + 1] if here + 1 < len(siblings) else None,
        pieces=page.writing.pieces(guide.places),
        contents=[one for one in page.writing.headings if one.level == 2],
        may_edit=bool(person and queries.may_edit(page, person.user)),
        notes=_forms(page, notes) | ({activity: refused} if refused else {}) if person else {},
        form=refused,
    )


@bp.get("/guidance/glossary")
@public
def glossary() -> ResponseReturnValue:
    guide = queries.guide()
    person = whoever_is_signed_in()
    page = page_at("", GLOSSARY)
    may_edit = bool(person and queries.may_edit(page, person.user))
    return render_template("guidance/glossary.html", page=page, terms=guide.terms, may_edit=may_edit)


@bp.get("/guidance/search")
@public
def find() -> ResponseReturnValue:
    """Pages of the guidance; and for who is signed in, what they may see elsewhere."""
    text = request.args.get("q", "").strip()[:200]
    person = whoever_is_signed_in()
    kinds = records.found(person.user, text) if person else []
    results = search.in_guide(queries.guide(), text, may_guess=not kinds)
    return render_template("guidance/search.html", q=text, results=results, kinds=kinds)


# On paper


@bp.get("/guidance/pdf")
@public
def on_paper() -> ResponseReturnValue:
    return paper.download(queries.guide(), list(MODULES), "Guidance", "guidance")


@bp.get(f"/guidance/{MODULE}/pdf")
@public
def module_on_paper(module: str) -> ResponseReturnValue:
    return paper.download(queries.guide(), [module], MODULES[module][0], f"guidance-{module}")


# Comments


@bp.route("/guidance/glossary/comments", methods=["GET", "POST"], defaults=OF_GLOSSARY)
@bp.route(f"{PAGE}/comments", methods=["GET", "POST"])
@public
def comment(module: str, slug: str) -> ResponseReturnValue:
    """Tell the owner of a page what one thinks of it, with or without a name (C2)."""
    page = page_at(module, slug)
    person = whoever_is_signed_in()
    form = NamedCommentForm() if person else CommentForm()
    if form.validate_on_submit():
        by = person.user if person and form.name.data == WITH_NAME else None
        try:
            if by is None and _pace().is_too_fast(request.remote_addr or ""):
                raise RuleBroken(TOO_FAST)
            actions.comment(page, form.words.data, by)
            return see_other(url_for(".comment_sent", way=WITH_NAME if by else ""))
        except RuleBroken as refusal:
            form.words.errors = [*form.words.errors, refusal.words]
    return form_page("guidance/comment.html", form, page=page)


def _pace() -> Pace:
    kept: Pace = current_app.extensions.setdefault("signpost.guidance.pace", Pace())
    return kept


@bp.get("/guidance/comments/sent")
@public
def comment_sent() -> ResponseReturnValue:
    return render_template("guidance/comment_sent.html", with_name=request.args.get("way") == WITH_NAME)


# Notes of one's own


def _forms(page: Page, notes: Mapping[str, ActivityNote]) -> dict[str, NoteForm]:
    return {activity: _form(activity, notes.get(activity)) for activity, _ in page.writing.activities}


def _form(activity: str, note: ActivityNote | None) -> NoteForm:
    """Each with names of its own, since several stand on one page."""
    kept = (
        {"version": note.version, "done": note.done_on is not None, "reflection": note.reflection}
        if note
        else {"version": 0}
    )
    return NoteForm(prefix=f"{activity}-", data=kept, formdata=None)


@bp.post(f"{PAGE}/activities/<string:activity>")
@signed_in
def keep(module: str, slug: str, activity: str) -> ResponseReturnValue:
    """Keep for oneself that an activity is done, and what one thought about it."""
    page, me = page_at(module, slug), signed_in_user()
    if activity not in dict(page.writing.activities):
        abort(404)
    form = NoteForm(prefix=f"{activity}-")
    if not form.validate_on_submit():
        return _shown(page, activity, form), 422
    actions.keep(page, activity, form.done.data, form.reflection.data or "", me, posted_version(form))
    return see_other(f"{page.href}#{activity}")
