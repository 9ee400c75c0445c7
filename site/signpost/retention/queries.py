"""What falls due, what is held, what was destroyed: by reference and number, never by what it says."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import SQL, DateField, Expression, ModelSelect

from models import (
    AskState,
    Complaint,
    Disposal,
    DisposalReader,
    FeedbackAsk,
    FeedbackNamed,
    Notice,
    Referral,
    ReportPeriod,
    RetentionHold,
    Returner,
    Review,
    Role,
    SubjectAccess,
    Table,
    User,
)
from signpost import clock
from signpost.accounts import queries as people
from signpost.complaints import queries as complaints
from signpost.referrals import queries as referrals
from signpost.retention import schedule
from signpost.retention.kinds import KINDS, Kind, follows, keeps

MOST_SHOWN = 50
# Held under their reference. The rest goes with the record it is about, or has none that anybody would say.
HELD_BY_REFERENCE = tuple(
    dict.fromkeys(kind.record for kind in KINDS if kind.key not in ("draft", "message", "answer"))
)


@dataclass(frozen=True)
class Due:
    """What the schedule does to one kind on a day. `records` is None where a number would be a figure."""

    kind: Kind
    months: int | None
    records: int | None
    references: tuple[str, ...]
    held: int
    waiting: int


def preview(on: date, reader: User) -> list[Due]:
    """What falls due by a day, for the kinds this person may know of."""
    periods = schedule.periods()
    return [_due(kind, periods.get(kind.key), on, reader) for kind in kinds_for(reader)]


def _due(kind: Kind, months: int | None, on: date, reader: User) -> Due:
    if months is None or kind.is_figure:
        return Due(kind, months, None if months else 0, (), 0, 0)
    mine = _known_to(reader, kind.record)
    old = kind.record.select(kind.record.public_id).where(is_old(kind, months, on) & mine)
    is_kept = _or_nothing(is_waiting(kind, months, on))
    due = old.where(~is_held(kind) & ~is_kept).order_by(kind.record._meta.primary_key)
    return Due(
        kind,
        months,
        due.count(),
        tuple(as_said(reference) for (reference,) in due.limit(MOST_SHOWN).tuples()),
        old.where(is_held(kind)).count(),
        old.where(~is_held(kind) & is_kept).count(),
    )


def kinds_for(reader: User) -> list[Kind]:
    """Governance knows of every kind. Of what is secret only those who handle some, of theirs."""
    roles = people.roles_of(reader)
    handles = complaints.handled_by(reader).exists()
    return [kind for kind in KINDS if (handles if kind.secret else Role.GOVERNANCE in roles)]


def _known_to(reader: User, table: type[Table]) -> Any:
    """Not one's own record, nor a complaint of others."""
    rows: Any = table
    if table is Complaint:
        return Complaint.id.in_(complaints.handled_by(reader).select(Complaint.id))
    if table is Referral:
        return Referral.id.not_in(referrals.about_ids(reader))
    if table is SubjectAccess:
        return SubjectAccess.email != reader.email
    if table is Review:
        return Review.trainee_email != reader.email
    if table is Returner:
        return Returner.email != reader.email
    return rows.id != reader.id if table is User else rows._meta.primary_key.is_null(False)


# What is due


def to_dispose(kind: Kind, months: int, on: date) -> ModelSelect:
    """The records of a kind that are to be destroyed: kept for long enough, held by nobody, waiting for nothing."""
    due = is_old(kind, months, on) & ~is_held(kind) & ~_or_nothing(is_waiting(kind, months, on))
    return kind.record.select().where(due).order_by(kind.record._meta.primary_key)


def is_old(kind: Kind, months: int, on: date) -> Expression:
    """Whether it was kept for its months, and to the end of that day."""
    day = schedule.months_before(on, months)
    before = day if isinstance(kind.moment, DateField) else clock.start_of(day)
    old = kind.over() & (kind.moment < before)
    if kind.parts:
        parts = [kind.record.id.in_(column.model.select(column)) for column in kind.parts]
        old &= _any(parts)
    return old


def is_held(kind: Kind) -> Expression:
    """Whether somebody holds it, or the case that it is a message of."""
    held = kind.record.public_id.in_(_held(kind.record))
    if kind.record is Notice:
        cases = Referral.select(Referral.id).where(Referral.public_id.in_(_held(Referral)))
        held |= Notice.referral.is_null(False) & Notice.referral.in_(cases)
    return held


def _held(table: type[Table]) -> ModelSelect:
    here = (RetentionHold.about_table == table._meta.table_name) & RetentionHold.lifted_at.is_null()
    return RetentionHold.select(RetentionHold.about_id).where(here)


def is_waiting(kind: Kind, months: int, on: date) -> Expression | None:
    """Whether another record must go first, an answer is in the box, or the figures of its time are not published."""
    waits = []
    if kind.parts:
        for column in kind.parts:
            if (within := _kept_within(column.model, (column.model,))) is not None:
                waits.append(kind.record.id.in_(column.model.select(column).where(column.is_null(False) & within)))
    elif not kind.row_stays and (within := _kept_within(kind.record, (kind.record,))) is not None:
        waits.append(within)
    if kind.counted:
        until = counted_until()
        edge = until if isinstance(kind.moment, DateField) else clock.start_of(until)
        waits.append(kind.moment >= edge)
    return _any(waits) if waits else None


def _kept_within(table: type[Table], above: tuple[type[Table], ...]) -> Expression | None:
    """Whether something of a row of this table keeps it, however deep; None where nothing ever does."""
    waits = []
    if table is FeedbackAsk:
        # It is counted to tell when the answer leaves the box (docs/decisions/0012).
        waits.append(FeedbackAsk.state == AskState.WAITS)
    if table is FeedbackNamed:
        waits.append(FeedbackNamed.given_at >= clock.start_of(counted_until()))
    for column, other in table._meta.backrefs.items():
        key = table._meta.primary_key
        if keeps(column):
            waits.append(key.in_(other.select(column).where(column.is_null(False))))
            continue
        within = _kept_within(other, (*above, other)) if follows(column) and other not in above else None
        if within is not None:
            waits.append(key.in_(other.select(column).where(column.is_null(False) & within)))
    return _any(waits) if waits else None


def counted_until() -> date:
    """The day up to which figures are published for good. What lies after it is still to be counted (C3)."""
    last = ReportPeriod.select().order_by(ReportPeriod.begins_on.desc()).first()
    return last.ends_on if last else date.min.replace(year=1900)


def _any(conditions: list[Any]) -> Expression:
    found = conditions[0]
    for one in conditions[1:]:
        found |= one
    return found


def _or_nothing(condition: Expression | None) -> Any:
    return condition if condition is not None else SQL("1 = 0")


# Holds and certificates


def find(reference: str, reader: User) -> Table | None:
    """The record with this reference that this person may hold; None for one they do not know of."""
    wanted = "".join(character for character in reference.lower() if character.isalnum())
    known = {kind.record for kind in kinds_for(reader)}
    for table in HELD_BY_REFERENCE:
        if table in known:
            found = table.get_or_none((table.public_id == wanted) & _known_to(reader, table))
            if found is not None:
                return found
    return None


def holds(reader: User) -> list[RetentionHold]:
    """Those that stand, the latest first."""
    return list(holds_for(reader).where(RetentionHold.lifted_at.is_null()).order_by(RetentionHold.id.desc()))


def holds_for(reader: User) -> ModelSelect:
    """Holds on records that this person knows of."""
    known = {kind.record for kind in kinds_for(reader)}
    theirs = [_hold_on(table, reader) for table in HELD_BY_REFERENCE if table in known]
    return RetentionHold.select().where(_or_nothing(_any(theirs) if theirs else None))


def _hold_on(table: type[Table], reader: User) -> Expression:
    theirs = table.select(table.public_id).where(_known_to(reader, table))
    return (RetentionHold.about_table == table._meta.table_name) & RetentionHold.about_id.in_(theirs)


def certificates_for(reader: User) -> ModelSelect:
    """Certificates of what this person could know of, the latest first."""
    secret = [kind.key for kind in KINDS if kind.secret]
    theirs = Disposal.id.in_(DisposalReader.select(DisposalReader.disposal).where(DisposalReader.user == reader))
    if Role.GOVERNANCE in people.roles_of(reader):
        theirs |= Disposal.kind.not_in(secret)
    return Disposal.select().where(theirs).order_by(Disposal.id.desc())


def as_said(public_id: str) -> str:
    """How a reference is said and printed: K4TX-29BD."""
    return f"{public_id[:4]}-{public_id[4:]}".upper()
