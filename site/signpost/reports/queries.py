"""What is published. Nothing here reads a record: a page of reports cannot show what was not published."""

from dataclasses import dataclass

from peewee import ModelSelect

from models import ReportFigure, ReportPeriod
from signpost.reports.disclosure import Cell
from signpost.reports.figures import ALL, MEASURES, Group, Measure
from signpost.reports.periods import Period

MOST_PERIODS = 8
USUAL_PERIODS = 4


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows by periods, the oldest first; the total of each period is the last row. A missing number is hidden too."""

    measure: Measure
    periods: tuple[Period, ...]
    rows: tuple[Row, ...]
    total: Row


def published() -> ModelSelect:
    return ReportPeriod.select()


def periods_published() -> list[ReportPeriod]:
    """The oldest first."""
    return list(published().order_by(ReportPeriod.begins_on))


def chosen(every: list[ReportPeriod], first: str = "", last: str = "") -> list[ReportPeriod]:
    """The periods from one to another, by the days they begin on; the last few where nothing (or nonsense) is said."""
    begins = [one.begins_on.isoformat() for one in every]
    if first not in begins or last not in begins:
        return every[-USUAL_PERIODS:]
    low, high = sorted((begins.index(first), begins.index(last)))
    return every[low : high + 1][-MOST_PERIODS:]


def table(measure: Measure, rows: list[ReportPeriod]) -> Table:
    """The figures of one measure in these periods."""
    found = ReportFigure.select().where((ReportFigure.measure == measure.key) & ReportFigure.period.in_(rows))
    ordered = list(found.order_by(ReportFigure.period, ReportFigure.position))
    shown = {(figure.period_id, figure.row): figure.shown for figure in ordered}
    # A place keeps its key when it is renamed: the latest name stands for it.
    names = {figure.row: figure.name for figure in ordered}
    made = [Row(key, name, tuple(shown.get((one.id, key)) for one in rows)) for key, name in names.items()]
    total = next((row for row in made if row.key == ALL), Row(ALL, "All", (None,) * len(rows)))
    return Table(measure, tuple(period_of(one) for one in rows), tuple(row for row in made if row.key != ALL), total)


def totals_in(rows: list[ReportPeriod]) -> dict[str, tuple[Cell, ...]]:
    """The totals of every measure in these periods, by its key."""
    found = ReportFigure.select().where((ReportFigure.row == ALL) & ReportFigure.period.in_(rows))
    shown = {(figure.measure, figure.period_id): figure.shown for figure in found}
    return {key: tuple(shown.get((key, one.id)) for one in rows) for key in MEASURES}


def totals(group: Group) -> list[Cell]:
    """The total of a group in every period, the oldest first."""
    figures = ReportFigure.select(ReportFigure.shown).join(ReportPeriod).order_by(ReportPeriod.begins_on)
    ours = (ReportFigure.measure == group.measures[0].key) & (ReportFigure.row == ALL)
    return [figure.shown for figure in figures.where(ours)]


def period_of(row: ReportPeriod) -> Period:
    return Period(row.begins_on, row.ends_on)
