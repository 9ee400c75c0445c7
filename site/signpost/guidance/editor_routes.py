"""The guidance, for who looks after it: writing a page, its versions, and the comments on it."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import GuidanceComment, GuidanceVersion
from signpost.access import allowed_to, signed_in_user
from signpost.errors import RuleBroken, StaleRecord
from signpost.guidance import actions, queries
from signpost.guidance.forms import PageForm
from signpost.guidance.page import Page
from signpost.guidance.routes import OF_GLOSSARY, PAGE, page_at
from signpost.referrals.forms import ConfirmForm
from signpost.web import get_object_or_404, see_other

bp = Blueprint("guidance_editor", __name__)


def _own_page(module: str, slug: str) -> Page:
    """The page, where it is for this person to change."""
    page = page_at(module, slug)
    if not queries.may_edit(page, signed_in_user()):
        abort(403)
    return page


@bp.route("/guidance/glossary/edit", methods=["GET", "POST"], defaults=OF_GLOSSARY)
@bp.route(f"{PAGE}/edit", methods=["GET", "POST"])
@allowed_to(*queries.EDITORS)
def edit(module: str, slug: str) -> ResponseReturnValue:
    """Write the next version, look at it, then publish it."""
    page = _own_page(module, slug)
    form = PageForm(data={**vars(page), "slug": page.slug, "seen": page.number})
    if not page.module:
        form.slug.data = page.slug
    is_good = form.validate_on_submit()
    if is_good and form.step.data == "publish":
        try:
            published = actions.publish(page, *_said(form), signed_in_user(), _seen(form))
            return see_other(published.href)
        except StaleRecord:
            raise
        except RuleBroken as refusal:
            form.body.errors = [*form.body.errors, refusal.words]
    preview = _as_typed(page, form) if is_good and not form.errors else None
    return render_template("guidance/edit.html", form=form, page=page, **_preview(preview)), 422 if form.errors else 200


def _said(form: PageForm) -> tuple[str, str, str, date, str]:
    return form.title.data, form.summary.data, form.slug.data, form.reviewed.data, form.body.data


def _seen(form: PageForm) -> int:
    return int(form.seen.data) if str(form.seen.data).isdigit() else -1


def _as_typed(page: Page, form: PageForm) -> Page:
    return replace(
        page, title=form.title.data, summary=form.summary.data, reviewed=form.reviewed.data, body=form.body.data
    )


def _preview(page: Page | None) -> dict[str, object]:
    """The page as it would read, and its links that lead nowhere."""
    if page is None:
        return {"preview": None}
    after = queries.guide().with_page(page)
    return {"preview": page, "pieces": page.writing.pieces(after.places), "broken": after.broken(page)}


# Versions


@bp.get("/guidance/glossary/versions", defaults=OF_GLOSSARY)
@bp.get(f"{PAGE}/versions")
@allowed_to(*queries.EDITORS)
def versions(module: str, slug: str) -> ResponseReturnValue:
    page = _own_page(module, slug)
    published = list(queries.versions(page))
    of_file = queries.file_of(page)
    # A newer Signpost may have brought other words than those that were changed here.
    file_changed = bool(published) and published[0].file_digest != of_file.digest
    return render_template(
        "guidance/versions.html", page=page, published=published, of_file=of_file, file_changed=file_changed
    )


@bp.get("/guidance/glossary/versions/file", defaults={**OF_GLOSSARY, "version_id": ""})
@bp.get("/guidance/glossary/versions/<public_id:version_id>", defaults=OF_GLOSSARY)
@bp.get(f"{PAGE}/versions/file", defaults={"version_id": ""})
@bp.get(f"{PAGE}/versions/<public_id:version_id>")
@allowed_to(*queries.EDITORS)
def version(module: str, slug: str, version_id: str) -> ResponseReturnValue:
    """One version as it read; the page's file is version 0."""
    page = _own_page(module, slug)
    row = get_object_or_404(queries.versions(page), GuidanceVersion.public_id == version_id) if version_id else None
    of_file = queries.file_of(page)
    shown = queries.as_page(row, of_file) if row else of_file
    pieces = shown.writing.pieces(queries.guide().places)
    return render_template("guidance/version.html", page=page, shown=shown, row=row, pieces=pieces)


@bp.post("/guidance/glossary/restoration", defaults=OF_GLOSSARY)
@bp.post(f"{PAGE}/restoration")
@allowed_to(*queries.EDITORS)
def restore(module: str, slug: str) -> ResponseReturnValue:
    """Publish an earlier version again."""
    page = _own_page(module, slug)
    number, seen = (request.form.get(name, "") for name in ("number", "seen"))
    if not (number.isdigit() and seen.isdigit() and len(number + seen) < 12):
        abort(400)
    return see_other(actions.restore(page, int(number), signed_in_user(), int(seen)).href)


# Comments


@bp.get("/guidance/comments")
@allowed_to(*queries.EDITORS)
def comments() -> ResponseReturnValue:
    """What people wrote about the pages that one looks after."""
    mine = queries.comments_visible_to(signed_in_user())
    newest_first = mine.order_by(GuidanceComment.came_on.desc(), GuidanceComment.public_id)
    waiting = list(newest_first.where(GuidanceComment.dealt_with_by.is_null()))
    done = list(newest_first.where(GuidanceComment.dealt_with_by.is_null(False)).limit(50))
    return render_template("guidance/comments.html", waiting=waiting, done=done, pages=queries.guide().by_key)


@bp.post("/guidance/comments/<public_id:comment_id>/dealt-with")
@allowed_to(*queries.EDITORS)
def deal_with(comment_id: str) -> ResponseReturnValue:
    me = signed_in_user()
    one = get_object_or_404(queries.comments_visible_to(me), GuidanceComment.public_id == comment_id)
    if ConfirmForm().validate_on_submit():
        actions.deal_with(one, me)
    return see_other(url_for(".comments"))
