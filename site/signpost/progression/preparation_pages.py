"""Preparing a support meeting, its papers, its gap analysis and its minutes, for whoever looks: signed in or by link."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import GapRow, Owner, Paper, PersonalLink, SupportMeeting, ToPrepare, User
from signpost import clock
from signpost.errors import RuleBroken, StaleRecord
from signpost.files import pages as documents
from signpost.files import uploads
from signpost.files.reading import NotTaken
from signpost.formatting import plural
from signpost.forms import beside_field, refused_beside
from signpost.progression import gap_analysis, gap_table, minutes, papers, preparing, queries, words
from signpost.progression.preparation_forms import (
    DateAndModeForm,
    HaveMetForm,
    PaperForm,
    RecallForm,
    RowForm,
    RowsForm,
)
from signpost.progression.queries import SCHOOL, SUPPORTED, Relation
from signpost.referrals.forms import ConfirmForm
from signpost.reports import export
from signpost.web import form_page, get_object_or_404, posted_version, see_other, wants_fragment

NAMES = {
    "item_names": words.ITEM_NAMES,
    "owner_names": words.OWNER_NAMES,
    "paper_names": words.PAPER_NAMES,
    "coverage_names": words.COVERAGE_NAMES,
    "part_names": words.PART_NAMES,
    "kind_names": words.KIND_NAMES,
}
FORMS = {ToPrepare.HAVE_MET: HaveMetForm, ToPrepare.DATE_AND_MODE: DateAndModeForm}
NAMES_OF_TYPES = {"pdf": "PDF", "docx": "Word"}


@dataclass(frozen=True)
class Way:
    """How the pages of one meeting are reached: signed in, or by the link whose token stands in the address."""

    by: User | PersonalLink
    support: SupportMeeting
    token: str = ""

    def to(self, step: str, **where: Any) -> str:
        where["support_id"] = self.support.public_id
        if self.token:
            return url_for(f"preparation_links.{step}", token=self.token, **where)
        return url_for(f"preparation.{step}", **where)

    def home(self) -> str:
        if self.token:
            return url_for("progression_links.meeting", token=self.token, support_id=self.support.public_id)
        return url_for("support_meetings.show", support_id=self.support.public_id)

    @property
    def relations(self) -> frozenset[Relation]:
        return queries.relations_to(self.by, self.support)


def about(way: Way) -> dict[str, Any]:
    """What every page here shows, and who looks."""
    support, relations = way.support, way.relations
    return {
        "support": support,
        "whose": queries.whose(support, relations),
        "way": way,
        "meeting": queries.meeting_of(support),
        "owner": preparing.owner_of(way.by, support),
        "is_school": bool(relations & SCHOOL),
        "is_open": support.held_at is None and support.called_off_at is None,
        **NAMES,
    }


def show(way: Way) -> ResponseReturnValue:
    """The checklist of the two; and the papers that this person reads."""
    support, relations = way.support, way.relations
    owner = preparing.owner_of(way.by, support)
    mine = papers.readable(way.by, support)
    gone = papers.recalled(way.by, support)
    known = papers.openings([*mine, *gone])
    seen = {one.id for one in (*mine, *gone) if papers.may_see_openings(way.by, one, relations)}
    return render_template(
        "progression/preparation.html",
        form=ConfirmForm(),
        lines=preparing.checklist(support, owner) if owner else [],
        other=preparing.checklist(support, next(one for one in Owner if one != owner)) if owner else [],
        lists=[(one, preparing.checklist(support, one)) for one in Owner] if relations & SCHOOL else [],
        papers=mine,
        recalled=gone,
        openings={number: names for number, names in known.items() if number in seen},
        late={one.id for one in mine if papers.is_late(one)},
        may_recall={one.id for one in mine if papers.may_recall(way.by, one, relations)},
        may_add=bool(relations & papers.ADD),
        may_share=bool(relations & papers.SHARE),
        reads_gap_analysis=gap_analysis.may_read(way.by, support),
        has_minutes=bool(minutes.readable(way.by, support)) or minutes.writes(way.by, support),
        rows=len(gap_analysis.rows_of(support)),
        types=NAMES_OF_TYPES,
        **about(way),
    )


# The checklist


def tell(way: Way, item: ToPrepare) -> ResponseReturnValue:
    """What one of the two wants to have confirmed, or which date and way of meeting suits them."""
    owner = preparing.owner_of(way.by, way.support) or abort(404)
    line = next((one for one in preparing.checklist(way.support, owner) if one.item == item), None) or abort(404)
    form = FORMS[item](data={"words": line.words, "version": line.version})
    if form.validate_on_submit():
        with refused_beside(form.words):
            preparing.done(way.support, item, form.words.data or "", posted_version(form), way.by)
            return see_other(way.to("show"))
    return form_page("progression/prepared.html", form, item=item, line=line, **about(way))


def has_place(way: Way) -> ResponseReturnValue:
    owner = preparing.owner_of(way.by, way.support) or abort(404)
    if ConfirmForm().validate_on_submit():
        lines = preparing.checklist(way.support, owner)
        line = next((one for one in lines if one.item == ToPrepare.PRIVATE_PLACE), None) or abort(404)
        preparing.done(way.support, ToPrepare.PRIVATE_PLACE, "", line.version, way.by)
    return see_other(way.to("show"))


def not_yet(way: Way, item: ToPrepare) -> ResponseReturnValue:
    if preparing.owner_of(way.by, way.support) is None:
        abort(404)
    if ConfirmForm().validate_on_submit():
        preparing.take_back(way.support, item, way.by)
    return see_other(way.to("show"))


# Papers


def add_paper(way: Way) -> ResponseReturnValue:
    if not way.relations & papers.ADD:
        abort(404)
    papers.refuse_more(way.support, way.by)
    form = PaperForm()
    if form.validate_on_submit():
        with refused_beside(form.file, NotTaken):
            name, content = form.file.data.filename, form.file.content
            papers.add(way.support, form.chosen, name, content, way.by, form.reference.data)
            return see_other(way.to("show") + "#papers")
    megabytes = uploads.most_bytes() // uploads.MEGABYTE
    page, status = form_page("progression/add_paper.html", form, megabytes=megabytes, **about(way))
    return page, 413 if form.file.is_too_large else status


def _paper(way: Way, paper_id: str) -> Paper:
    return papers.find(way.by, way.support, paper_id) or abort(404)


def open_paper(way: Way, paper_id: str) -> Response:
    paper = _paper(way, paper_id)
    name = paper.file.name
    return documents.as_download(paper.file, name, papers.hand_out(paper, way.by))


def recall(way: Way, paper_id: str) -> ResponseReturnValue:
    gone = next((one for one in papers.recalled(way.by, way.support) if one.public_id == paper_id), None)
    if gone is not None:
        return see_other(way.to("show") + "#papers")
    paper = _paper(way, paper_id)
    if not papers.may_recall(way.by, paper, way.relations):
        abort(404)
    form = RecallForm()
    if form.validate_on_submit():
        with refused_beside(form.why):
            papers.recall(paper, form.why.data or "", way.by)
            return see_other(way.to("show") + "#papers")
    opened = papers.openings([paper]).get(paper.id, [])
    return form_page("progression/recall.html", form, paper=paper, opened=opened, **about(way))


# The gap analysis


def table(way: Way) -> ResponseReturnValue:
    if not gap_analysis.may_read(way.by, way.support):
        abort(404)
    rows = gap_analysis.rows_of(way.support)
    may_write = gap_analysis.may_write(way.by, way.support)
    return render_template("progression/gap_analysis.html", rows=rows, may_write=may_write, **about(way))


def as_csv(way: Way) -> Response:
    """The table for a spreadsheet; what could be taken for a formula is marked as words."""
    if not gap_analysis.may_read(way.by, way.support):
        abort(404)
    heading = ("Item", "Status", "Evidence", "Plan")
    rows = [
        (row.item, words.COVERAGE_NAMES[row.status], row.evidence or "", row.plan or "")
        for row in gap_analysis.rows_of(way.support)
    ]
    response = Response(export.csv_text([heading, *rows]), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="gap-analysis.csv")
    return response


def add_rows(way: Way) -> ResponseReturnValue:
    """Rows are looked at first, with what is wrong beside each; and kept once nothing is."""
    _refuse_reader(way)
    form = RowsForm(data={"was": gap_analysis.seen(way.support)})
    found: list[gap_table.Row] = []
    if form.validate_on_submit():
        with refused_beside(form.file, NotTaken):
            if getattr(form.file.data, "filename", ""):
                form.table.data = gap_analysis.text_of(form.file.content)
        found = _read(form)
        if form.step.data == "keep" and found and not form.errors and not any(row.problem for row in found):
            with refused_beside(form.table):
                replaces = form.manner.data == "replace"
                gap_analysis.keep(way.support, found, replaces, form.was.data or "", way.by)
                return see_other(way.to("table"))
    megabytes = uploads.most_bytes() // uploads.MEGABYTE
    problems = sum(bool(row.problem) for row in found)
    if problems:
        form.table.errors = [
            *form.table.errors,
            f"Put {plural(problems, 'row')} right. What is wrong stands beside each",
        ]
    has_rows = bool(gap_analysis.rows_of(way.support))
    context = {"found": found, "has_rows": has_rows, "problems": problems, "megabytes": megabytes, **about(way)}
    page = render_template("progression/add_rows.html", form=form, **context)
    return page, 413 if form.file.is_too_large else 422 if form.errors or problems else 200


def _read(form: RowsForm) -> list[gap_table.Row]:
    if form.errors:
        return []
    if not (form.table.data or "").strip():
        form.table.errors = ["Paste the rows, or choose a file"]
        return []
    try:
        return gap_table.read(form.table.data)
    except gap_table.Unreadable as trouble:
        form.table.errors = [str(trouble)]
        return []


def _refuse_reader(way: Way) -> None:
    """Who only reads the table finds nothing here; to who writes it, one of a meeting that is over says so."""
    if not way.relations & SUPPORTED:
        abort(404)
    preparing.refuse_over(way.support)


def _row(way: Way, row_id: str) -> GapRow:
    _refuse_reader(way)
    mine = GapRow.select().where(GapRow.support_meeting == way.support)
    row: GapRow = get_object_or_404(mine, GapRow.public_id == row_id)
    return row


def alter_row(way: Way, row_id: str) -> ResponseReturnValue:
    """Where it stands, or on a page of its own."""
    row = _row(way, row_id)
    known = {"item": row.item, "status": row.status, "evidence": row.evidence, "plan": row.plan}
    form = RowForm(row.public_id, data=known | {"version": row.version})
    if form.validate_on_submit():
        with refused_beside(form.item):
            gap_analysis.alter(row, form.said, posted_version(form), way.by)
            if wants_fragment():
                return render_template(
                    "progression/_gap_row.html", row=row, may_write=True, is_fresh=True, **about(way)
                )
            return see_other(way.to("table") + f"#row-{row.public_id}")
    template = "progression/_gap_row_form.html" if wants_fragment() else "progression/gap_row.html"
    return form_page(template, form, row=row, **about(way))


def remove_row(way: Way, row_id: str) -> ResponseReturnValue:
    row = _row(way, row_id)
    if ConfirmForm().validate_on_submit():
        gap_analysis.remove(row, way.by)
    return see_other(way.to("table"))


# Minutes


def read_minutes(way: Way) -> ResponseReturnValue:
    """What this person reads of the minutes; and for whoever takes them, where to write them."""
    support = way.support
    found = minutes.readable(way.by, support)
    writes = minutes.writes(way.by, support)
    if not found and not writes and not way.relations & (SUPPORTED | SCHOOL):
        abort(404)
    return render_template("progression/minutes.html", **_about_minutes(way))


def _about_minutes(way: Way) -> dict[str, Any]:
    found = minutes.readable(way.by, way.support)
    writes = minutes.writes(way.by, way.support)
    by_part = {one.present: one for one in found}
    parts = [one for one in minutes.parts_of(way.support) if writes or one in by_part]
    return {
        "parts": parts,
        "by_part": by_part,
        "closed": {one for one in parts if one not in by_part and minutes.of_part(way.support, one) is not None},
        "corrections": minutes.corrections_of(found),
        "writes": writes,
        "is_chair": Relation.CHAIR in way.relations,
        "form": ConfirmForm(),
        **about(way),
    }


def saved(way: Way, present: str, form: Any) -> ResponseReturnValue:
    """The answer to minutes that were saved as they were typed: the new version, or both where somebody else wrote."""
    part, me = words_part(present), way.by
    if not isinstance(me, User) or not minutes.writes(me, way.support):
        abort(404)
    version, problem, other, status = posted_version(form), "", "", 200
    if not form.validate_on_submit():
        problem, status = next(str(field.errors[0]) for field in form if field.errors), 422
    else:
        try:
            version = int(minutes.write(way.support, part, form.words.data or "", version, me).version)
        except StaleRecord as refusal:
            there = minutes.of_part(way.support, part)
            version, other = (there.version, there.words) if there else (0, "")
            problem, status = beside_field(refusal.words), 409
        except RuleBroken as refusal:
            problem, status = beside_field(refusal.words), 422
    context = {"version": version, "problem": problem, "other": other, "at": clock.now()}
    if request.headers.get("X-Saved-As-Typed") == "1":
        return render_template("careers/_saved.html", **context), status
    back = way.to("minutes")
    if status == 200:
        return see_other(f"{back}#{present}")
    return render_template("careers/not_saved.html", form=form, back=back, back_to="the minutes", **context), status


def words_part(present: str) -> Any:
    return next((one for one in words.PART_NAMES if one == present), None) or abort(404)
