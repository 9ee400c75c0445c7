"""What happened to a return, in sentences for the team: states and dates, nothing of what a pair writes."""

from dataclasses import dataclass
from datetime import datetime

from models import Event, Returner

WORDS = {
    "returner.entered": "Put on the list",
    "returner.changed": "What is written down was changed",
    "returner.merged": "Another row of the same person was merged into this one",
    "offer.made": "A mentor was offered",
    "offer.reminded": "Reminded of the offer",
    "offer.accepted": "They would like a mentor",
    "offer.declined": "They would rather not have a mentor",
    "offer.put_off": "They asked to be asked later",
    "mentor.asked_for": "They asked for a mentor by themselves",
    "returner_link.sent": "A new personal link was sent",
    "returner.waits": "Told that they wait",
    "wish.changed": "They said what they wish for",
}


@dataclass(frozen=True)
class Entry:
    at: datetime
    sentence: str
    note: str = ""


def of(returner: Returner) -> list[Entry]:
    """The newest first."""
    about = (Event.about_table == Returner._meta.table_name) & (Event.about_id == returner.public_id)
    rows = Event.select().where(about).order_by(Event.id.desc()).limit(100)
    return [Entry(row.happened_at, WORDS[row.name], _by(row)) for row in rows if row.name in WORDS]


def _by(event: Event) -> str:
    return f"By {event.by_user.name}" if event.by_user_id else "By their personal link"
