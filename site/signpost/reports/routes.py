"""Reports, for those whose work they are about: what is published, and nothing besides."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import ReportPeriod, Role
from signpost import settings
from signpost.access import allowed_to
from signpost.reports import publishing, queries
from signpost.reports.charts import chart
from signpost.reports.export import csv_text
from signpost.reports.figures import GROUP_OF, GROUPS, MEASURES, Measure
from signpost.reports.periods import Period

bp = Blueprint("reports", __name__, url_prefix="/reports")

# The team whose work it is, and those to whom the rules give aggregates; see docs/decisions/0017.
READERS = (Role.SENIOR_ADVISER, Role.GOVERNANCE, Role.RTT_TEAM, Role.PROGRESSION)
HIDDEN = "*"


@bp.get("")
@allowed_to(*READERS)
def index() -> ResponseReturnValue:
    """The totals of the last periods, and every report there is."""
    shown = queries.chosen(queries.periods_published())
    upcoming = publishing.upcoming()
    return render_template(
        "reports/index.html",
        groups=GROUPS,
        columns=_columns("Of what", [queries.period_of(one) for one in shown]),
        periods=[queries.period_of(one) for one in shown],
        totals=queries.totals_in(shown),
        least=settings.current().smallest_number,
        upcoming=upcoming,
        upcoming_on=publishing.published_on(upcoming) if upcoming else None,
    )


@bp.get("/<string:key>")
@allowed_to(*READERS)
def show(key: str) -> ResponseReturnValue:
    """One table, with a chart of its last period."""
    measure, every, shown = _asked(key)
    if not shown:
        abort(404)
    table = queries.table(measure, shown)
    return render_template(
        "reports/show.html",
        measure=measure,
        group=GROUP_OF[key],
        table=table,
        rows=[*table.rows, table.total],
        columns=_columns(measure.by, table.periods),
        chart=chart([(row.name, row.cells[-1]) for row in table.rows]),
        choices=[(one.begins_on.isoformat(), queries.period_of(one).name) for one in every],
        first=shown[0].begins_on.isoformat(),
        last=shown[-1].begins_on.isoformat(),
        least=max(one.least for one in shown),
        most=queries.MOST_PERIODS,
    )


@bp.get("/<string:key>/csv")
@allowed_to(*READERS)
def export(key: str) -> ResponseReturnValue:
    """The same table, one line for each number."""
    measure, _, shown = _asked(key)
    if not shown:
        abort(404)
    table = queries.table(measure, shown)
    rows: list[list[str | int]] = [["Report", "Period", "First day", "Last day", measure.by, "Number"]]
    for place, period in enumerate(table.periods):
        rows += [
            [measure.title, period.name, period.begins_on.isoformat(), _last_day(period.ends_on), row.name, number]
            for row in (*table.rows, table.total)
            for number in [HIDDEN if row.cells[place] is None else row.cells[place] or 0]
        ]
    name = f"{key}-{shown[0].begins_on:%Y-%m}-to-{shown[-1].begins_on:%Y-%m}.csv"
    # With the mark by which spreadsheets see that it is UTF-8.
    return Response(
        csv_text(rows).encode("utf-8-sig"),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _columns(first: str, periods: Sequence[Period]) -> list[Any]:
    return [first, *({"text": period.name, "numeric": True} for period in periods)]


def _last_day(ends_on: date) -> str:
    return date.fromordinal(ends_on.toordinal() - 1).isoformat()


def _asked(key: str) -> tuple[Measure, list[ReportPeriod], list[ReportPeriod]]:
    """The table of an address, all periods, and those that are asked for. No such table is no such page."""
    if key not in MEASURES:
        abort(404)
    every = queries.periods_published()
    return MEASURES[key], every, queries.chosen(every, request.args.get("from", ""), request.args.get("to", ""))
