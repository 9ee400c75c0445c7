"""How long each kind is kept, in months: settings of the organisation, under a number that rises with every change.

None has a period of ours: what the organisation's records policy says must be entered before anything is destroyed.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from models import Setting, User, db
from signpost import clock
from signpost.errors import StaleRecord
from signpost.events import record
from signpost.retention.kinds import KINDS

MOST_MONTHS = 1200
PREFIX = "retention."
NUMBER, CHANGED_ON = "retention", "retention changed on"
STALE = "A colleague changed the schedule while you were looking at it. Look at it again."


def periods() -> dict[str, int]:
    """The months of each kind that has a period."""
    keys = {kind.key for kind in KINDS}
    rows = Setting.select().where(Setting.name.startswith(PREFIX))
    return {key: int(row.value) for row in rows if (key := row.name.removeprefix(PREFIX)) in keys}


def version() -> int:
    return int(_value(NUMBER) or 0)


def acts_from() -> date | None:
    """The day from which the schedule is acted on: the day after it was last changed, so that a slip can be mended."""
    said = _value(CHANGED_ON)
    return date.fromordinal(date.fromisoformat(said).toordinal() + 1) if said else None


def _value(name: str) -> str:
    row = Setting.get_or_none(Setting.name == name)
    return row.value if row else ""


def change(months: Mapping[str, int | None], expected_version: int, by: User) -> None:
    """Write the whole schedule. A kind without months is kept for ever. Raises StaleRecord."""
    wanted = {key: number for key, number in months.items() if number}
    with db.atomic():
        before = periods()
        if version() != expected_version:
            raise StaleRecord(STALE)
        if wanted == before:
            return
        Setting.delete().where(Setting.name.startswith(PREFIX) | Setting.name.in_((NUMBER, CHANGED_ON))).execute()
        values = {PREFIX + key: str(number) for key, number in wanted.items()}
        values |= {NUMBER: str(expected_version + 1), CHANGED_ON: clock.today().isoformat()}
        for name, value in values.items():
            Setting.create(name=name, value=value)
        changed = {
            key: wanted.get(key, 0) for key in wanted.keys() | before.keys() if wanted.get(key) != before.get(key)
        }
        record("schedule.changed", by=by, facts={"version": expected_version + 1, **changed})


def months_before(day: date, months: int) -> date:
    """The day so many months before; its last day where that month is shorter (31 August, 6 months: 28 February)."""
    years, month = divmod(day.month - 1 - months, 12)
    first = day.replace(year=day.year + years, month=month + 1, day=1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))
