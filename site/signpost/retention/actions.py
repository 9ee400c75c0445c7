"""Holding a record back from destruction, for a reason, and letting it go again (C10)."""

from models import Complaint, RetentionHold, Table, User, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.events import record

GONE = "There is no such record any more, so it cannot be held."


def hold(row: Table, reason: str, by: User) -> RetentionHold:
    """Hold a record, and all that belongs to it. One hold at a time: a second press is the first."""
    if not reason.strip():
        raise RuleBroken("Say why it is held.")
    table = type(row)
    name = table._meta.table_name
    with db.atomic():
        if not table.select().where(table.public_id == row.public_id).exists():
            raise RuleBroken(GONE)
        here = (RetentionHold.about_table == name) & (RetentionHold.about_id == row.public_id)
        standing: RetentionHold | None = RetentionHold.get_or_none(here & RetentionHold.lifted_at.is_null())
        if standing is not None:
            return standing
        made = RetentionHold(about_table=name, about_id=row.public_id, placed_by=by, placed_at=clock.now())
        made.reason = reason.strip()
        made.save()
        if table is Complaint:
            record("complaint.hold_placed", by=by, about=row, facts={"hold": made.public_id})
        else:
            record("hold.placed", by=by, about=row, facts={"hold": made.public_id})
    return made


def lift(held: RetentionHold, by: User) -> None:
    """Hold it no longer. What falls due is destroyed by the next pass. Once: a second press does nothing."""
    with db.atomic():
        stands = (RetentionHold.id == held.id) & RetentionHold.lifted_at.is_null()
        if not RetentionHold.update(lifted_by=by, lifted_at=clock.now()).where(stands).execute():
            return
        if held.about_table == Complaint._meta.table_name:
            complaint = Complaint.get(Complaint.public_id == held.about_id)
            record("complaint.hold_lifted", by=by, about=complaint, facts={"hold": held.public_id})
        else:
            record("hold.lifted", by=by, about=held, facts={"held": f"{held.about_table}:{held.about_id}"})
