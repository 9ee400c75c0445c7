"""Publishing the figures of a period: once, some days after its end, and for good (C3).

What is corrected afterwards changes no figure, so that no two can be compared.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from peewee import chunked

from models import Referral, ReportFigure, ReportPeriod, db
from signpost import clock, settings
from signpost.accounts import queries as people
from signpost.events import record
from signpost.reports import disclosure, periods, queries
from signpost.reports.figures import ALL, FOLLOWS, GROUPS, Counted, Group, counts_of
from signpost.reports.periods import Period

ROWS_AT_A_TIME = 200

TrueCounts = Mapping[str, list[Counted]]


def publish(at: datetime) -> int:
    """Publish every period that is due by this moment. Gives how many."""
    done = 0
    while next_due(at):
        with db.atomic():
            # Asked again in the transaction: another pass may have been here.
            if period := next_due(at):
                publish_period(
                    period, {key: rows for group in GROUPS for key, rows in counts_of(group, period).items()}
                )
                done += 1
    return done


def next_due(at: datetime) -> Period | None:
    """The first period that is not published and has been over for long enough."""
    period = upcoming()
    return period if period and clock.start_of(published_on(period)) <= at else None


def upcoming() -> Period | None:
    """The period that is published next: after the last one, or else that of the first referral. None before it."""
    months = periods.YEAR if settings.current().report_by_year else periods.QUARTER
    if last := queries.published().order_by(ReportPeriod.begins_on.desc()).first():
        return periods.after(last.ends_on, months)
    first = Referral.select().order_by(Referral.id).first()
    return periods.around(clock.to_london(first.referred_at).date(), months) if first else None


def published_on(period: Period) -> date:
    """Late enough for what was done at its end to have been written down."""
    return period.ends_on + timedelta(days=settings.current().report_after_days)


def publish_period(period: Period, true_counts: TrueCounts) -> ReportPeriod:
    """Keep what may be shown of these counts, and nothing else, inside the caller's transaction."""
    least = settings.current().smallest_number
    made: ReportPeriod = ReportPeriod.create(
        begins_on=period.begins_on, ends_on=period.ends_on, least=least, published_at=clock.now()
    )
    hidden = {measure.key for group in _overtaking(true_counts, least) for measure in group.measures}
    rows = []
    for measure, counted in true_counts.items():
        total, cells = disclosure.protect([one.count for one in counted], least)
        if measure in hidden:
            total, cells = None, (None,) * len(cells)
        shown = [(ALL, "All", total), *((one.row, one.name, cell) for one, cell in zip(counted, cells, strict=True))]
        rows += [
            {"period": made, "measure": measure, "position": position, "row": row, "name": name, "shown": number}
            for position, (row, name, number) in enumerate(shown)
        ]
    for some in chunked(rows, ROWS_AT_A_TIME):
        ReportFigure.insert_many(some).execute()
    facts = {"begins_on": period.begins_on.isoformat(), "ends_on": period.ends_on.isoformat()}
    record("report.published", by=people.system_user(), about=made, facts=facts)
    return made


def _overtaking(true_counts: TrueCounts, least: int) -> list[Group]:
    """The groups to be hidden in this period, since their totals would narrow a hidden one of what came before."""
    so_far = {
        group.key: [*queries.totals(group), disclosure.protect([one.count for one in first], least)[0]]
        for group in GROUPS
        if (first := true_counts.get(group.measures[0].key)) is not None
    }
    found = set()
    for before, after in FOLLOWS:
        if {before, *after} <= so_far.keys():
            # Of several that follow, every period's numbers together.
            later = [number for key in after for number in so_far[key]]
            if disclosure.overtakes(so_far[before], later, least):
                found |= set(after)
                for key in after:
                    so_far[key][-1] = None
    return [group for group in GROUPS if group.key in found]
