"""Reading the audit is itself kept, and so is what was asked."""

from models import User, db
from signpost.audit import chain, record
from signpost.audit.search import Asked, people_called
from signpost.events import record as happened


def keep_reading(asked: Asked, by: User, exported: bool = False) -> None:
    """Keep that somebody looked, and for what: ids and days, never what they typed."""
    facts: dict[str, object] = {name: getattr(asked, name) for name in ("action", "since", "until")}
    if asked.person:
        facts["people"] = [one.public_id for one in people_called(asked.person)]
    facts = {name: value for name, value in facts.items() if value}
    with db.atomic():
        happened("audit.exported" if exported else "audit.read", by=by, facts=facts)


def verify(by: User) -> chain.Break | None:
    """Walk the whole chain now, and keep what came out. None where it holds."""
    _, broken = record.verify()
    with db.atomic():
        happened("audit.verified", by=by, facts={"holds": broken is None})
    return broken
