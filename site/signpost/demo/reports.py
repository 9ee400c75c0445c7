"""Figures of the quarters before the demonstration's own cases: invented, and published by the same rule as any."""

from random import Random

from signpost import clock
from signpost.reports import periods, publishing
from signpost.reports.figures import GROUPS, Counted, counts_of
from signpost.reports.periods import Period

QUARTERS = 6
# How many in a quarter, about: in the order in which one follows on the other.
USUAL = {
    "received": 142,
    "assigned": 134,
    "met": 121,
    "sessions": 268,
    "completed": 98,
    "ended_early": 27,
    "answers": 117,
    "mentor_interest": 52,
    "introduced": 46,
    "mentoring_ended": 38,
    "mentoring_answers": 61,
    "reviews": 74,
    "supported": 43,
}


def publish(random: Random) -> None:
    """The last quarters that are over for long enough, the oldest first."""
    for period in past_quarters():
        counts: dict[str, list[Counted]] = {}
        for group in GROUPS:
            total = USUAL[group.key] + random.randint(-7, 7)
            counts |= {key: shared_out(rows, total, random) for key, rows in counts_of(group, period).items()}
        with clock.at(clock.start_of(publishing.published_on(period))):
            publishing.publish_period(period, counts)


def past_quarters() -> list[Period]:
    found: list[Period] = []
    begins = periods.around(clock.today(), periods.QUARTER).begins_on
    while len(found) < QUARTERS:
        period = periods.before(begins)
        begins = period.begins_on
        if publishing.published_on(period) <= clock.today():
            found.insert(0, period)
    return found


def shared_out(rows: list[Counted], total: int, random: Random) -> list[Counted]:
    """So many over these rows, more on the first than on the last, as it is with most things."""
    weights = [1 / (place + 1.5) for place in range(len(rows))]
    drawn = random.choices(range(len(rows)), weights, k=total)
    return [Counted(row.row, row.name, drawn.count(place)) for place, row in enumerate(rows)]
