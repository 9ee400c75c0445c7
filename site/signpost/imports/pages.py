"""The pages of bringing a file: the same for every kind. A room says which kind, and where its pages are."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Import, ImportState, RowChoice, User
from signpost.errors import RuleBroken
from signpost.files import uploads
from signpost.formatting import day
from signpost.imports import actions, cells, queries
from signpost.imports.actions import Kind
from signpost.imports.forms import BringForm, ChoicesForm
from signpost.imports.sheets import MOST_ROWS, Column, Unreadable
from signpost.web import asks_for, form_page, get_object_or_404, posted_version, see_other

SHOWN = ("all", "to-mend", "there-already")


@dataclass(frozen=True)
class Room:
    """Whose pages these are: the kind of file, the blueprint, what its rows are called, where to go back to."""

    kind: Kind
    blueprint: str
    rows: str
    back: str

    def to(self, view: str, **values: Any) -> str:
        return url_for(f"{self.blueprint}.{view}", **values)


def bring(room: Room, me: User) -> ResponseReturnValue:
    form = BringForm()
    if form.validate_on_submit():
        try:
            made = actions.bring(room.kind, form.file.data.filename, form.file.content, me, form.reference.data)
            return see_other(room.to("show", import_id=made.public_id))
        except (Unreadable, RuleBroken) as refusal:
            form.file.errors = [*form.file.errors, str(refusal)]
    elif form.file.errors and form.file.is_too_large:
        uploads.drop_the_rest()
    mine = list(queries.brought_by(me, room.kind.name).order_by(Import.id.desc()).limit(10))
    return form_page("imports/bring.html", form, room=room, most_rows=MOST_ROWS, mine=mine)


def find(room: Room, import_id: str, me: User) -> Import:
    found: Import = get_object_or_404(queries.brought_by(me, room.kind.name), Import.public_id == import_id)
    return found


def show(room: Room, batch: Import) -> ResponseReturnValue:
    """How far it got; then its rows, a page at a time; then what became of it."""
    given = request.args.get("after", "")
    after = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    which = request.args.get("show", "")
    which = which if which in SHOWN else "all"
    is_open = batch.state == ImportState.TO_CHECK
    rows, more = queries.page(batch, which, after) if is_open else ([], None)
    return render_template(
        "imports/_progress.html" if asks_for("progress") and not is_open else "imports/show.html",
        room=room,
        batch=batch,
        rows=rows,
        more=more,
        which=which,
        after=after,
        counts=queries.counts(batch) if batch.state in (ImportState.TO_CHECK, ImportState.TAKING) else None,
        outcome=queries.outcome(batch) if batch.state == ImportState.TAKEN else {},
        form=ChoicesForm(formdata=None, version=batch.version),
        as_read=_as_read,
    )


def _as_read(column: Column, text: str) -> str:
    """A day in words: whoever brought the file sees which way round its figures were read."""
    try:
        return day(cells.day(text, column.title)) if column.is_day else text
    except cells.Wrong:
        return text


def choose(room: Room, batch: Import, me: User) -> ResponseReturnValue:
    """Keep the choices of one page of rows, or one choice for many."""
    form = ChoicesForm()
    if form.validate_on_submit():
        if form.all.data in ("merge", "leave_out"):
            actions.choose_for_all(batch, form.all.data, me, posted_version(form))
        else:
            sent = {
                name.removeprefix("choice-"): value for name, value in request.form.items() if name[:7] == "choice-"
            }
            choices = {key: RowChoice(value) for key, value in sent.items() if value in set(RowChoice)}
            actions.choose(batch, choices, me, posted_version(form))
    kept = {name: value for name in ("show", "after") if (value := request.args.get(name, ""))}
    return see_other(room.to("show", import_id=batch.public_id, **kept))


def take(room: Room, batch: Import, me: User) -> ResponseReturnValue:
    form = ChoicesForm()
    if form.validate_on_submit():
        actions.take(batch, me, posted_version(form))
    return see_other(room.to("show", import_id=batch.public_id))


def call_off(room: Room, batch: Import, me: User) -> ResponseReturnValue:
    if ChoicesForm().validate_on_submit():
        actions.call_off(batch, me)
    return see_other(room.back)
