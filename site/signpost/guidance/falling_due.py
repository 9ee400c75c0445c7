"""When comments without a name reach a page's owner: the next morning, with all others of their day, in no order (C2)."""

from datetime import date, datetime, time

from models import GuidanceComment, GuidanceCommentWaiting, db
from signpost import clock, database
from signpost.accounts import queries as people
from signpost.events import record
from signpost.guidance.actions import shuffle
from signpost.guidance.page import OWNERS

DELIVER_FROM = time(7)


def deliver(at: datetime) -> int:
    """Deliver the comments of earlier days, with one letter to each owner. Gives how many were delivered."""
    here = clock.to_london(at)
    if here.time() < DELIVER_FROM:
        return 0
    delivered = sum(_deliver_to(owner, here.date()) for owner in OWNERS)
    if delivered:
        database.forget_journal()
    return delivered


def _deliver_to(owner: str, today: date) -> int:
    with db.atomic():
        due = (GuidanceCommentWaiting.owner == owner) & (GuidanceCommentWaiting.written_on < today)
        came = [(row.page, row.words.rstrip()) for row in GuidanceCommentWaiting.select().where(due)]
        if not came:
            return 0
        shuffle(came)
        GuidanceCommentWaiting.delete().where(due).execute()
        made = [GuidanceComment.create(page=page, owner=owner, words=words, came_on=today) for page, words in came]
        # The letter is about one of them, whichever, and says nothing of any.
        record(
            "guidance.comments_delivered",
            by=people.system_user(),
            concerning=made[0],
            facts={"owner": owner, "comments": len(made)},
        )
    return len(came)
