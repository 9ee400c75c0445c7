"""The outbox: letters queued in the transaction of what they tell, claimed by workers, finished one by one."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from models import Assignment, Event, Notice, NoticeRecipient, NoticeState, Referral, db
from signpost import clock, settings
from signpost.config import running
from signpost.database import is_sqlite
from signpost.notices.letters import Letter
from signpost.notices.permissions import PERMISSIONS, TO_THE_TRAINEE
from signpost.prepared import Prepared, all_of, by_number, hole, insert

# Longer than the slowest answers to one message can take: each reply has `delivery.TIMEOUT_SECONDS`.
LEASE = timedelta(minutes=3)
BATCH = 20
MOST_ATTEMPTS = 48
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)

GAVE_UP = "gave_up"
CORRECTED = "corrected"
SUPERSEDED = "superseded"


def queue(event: Event, letters: list[Letter]) -> None:
    """Queue the letters of an event, inside its transaction. A letter of one event is queued once, whatever happens."""
    now = clock.now()
    undo = settings.current().undo
    for number, letter in enumerate(letters):
        row = Notice(
            event=event,
            referral=event.referral,
            kind=letter.kind,
            sender_name=letter.sender_name,
            reply_to=letter.reply_to,
            subject=letter.subject,
            message_id=new_message_id(),
            dedupe_key=f"{event.public_id}:{number}",
            queued_at=now,
            due_at=now + undo if letter.waits_for_undo else now,
        )
        row.text = letter.text
        if letter.calendar is not None:
            row.calendar, row.calendar_method = letter.calendar.text, letter.calendar.method
        insert(row)
        for recipient in letter.recipients:
            insert(
                NoticeRecipient(
                    notice=row,
                    header=recipient.header,
                    name=recipient.person.name,
                    address=recipient.person.address,
                    user=recipient.person.user,
                    permission=recipient.permission_id,
                )
            )


def new_message_id() -> str:
    """A Message-ID that stays with the row, so that a message sent twice is seen to be one."""
    domain = running().mail_address.rpartition("@")[2] or "signpost.invalid"
    return f"<{secrets.token_hex(16)}@{domain}>"


def undo(event: Event) -> bool:
    """Take back the letters of an event that still wait. False, and nothing taken back, where one has left or is leaving."""
    queued = (Notice.event == event) & (Notice.state == NoticeState.QUEUED)
    total = Notice.select().where(Notice.event == event).count()
    taken = (
        Notice.update(state=NoticeState.UNDONE, finished_at=clock.now())
        .where(queued & (Notice.due_at > clock.now()) & (Notice.claimed_by == ""))
        .execute()
    )
    return bool(taken == total)


def has_not_arrived(event: Event, kind: str) -> bool:
    """Whether a letter of an event is still to be sent, or could not be delivered."""
    unsent = Notice.state.in_((NoticeState.QUEUED, NoticeState.FAILED))
    return Notice.select().where((Notice.event == event) & (Notice.kind == kind) & unsent).exists()


def claim(worker: str, most: int = BATCH) -> list[Notice]:
    """Claim what is due for one worker, oldest first, for the length of a lease. Two workers never get the same row."""
    now = clock.now()
    free = (Notice.claimed_until.is_null()) | (Notice.claimed_until < now)
    due = Notice.select().where((Notice.state == NoticeState.QUEUED) & (Notice.due_at <= now) & free)
    due = due.order_by(Notice.due_at, Notice.id).limit(most)
    with db.atomic():
        rows = list(due if is_sqlite() else due.for_update(skip_locked=True))
        if rows:
            (
                Notice.update(claimed_by=worker, claimed_until=now + LEASE)
                .where(Notice.id.in_([row.id for row in rows]))
                .execute()
            )
    return rows


def about_to_send(notice: Notice, worker: str) -> list[NoticeRecipient]:
    """Renew the claim and ask each permission again. Gives who is still to get it; those no longer permitted are withheld.

    What waited for an address of the trainee that was corrected since has failed: a person can send it again. An empty
    list means that there is nothing to send: the claim was lost, or nobody is left who may be told.
    """
    now = clock.now()
    with db.atomic():
        if not _renew.run(id=notice.id, worker=worker, until=now + LEASE).rowcount:
            return []
        notice.attempts += 1
        waiting = [row for row in recipients_of(notice) if row.state == NoticeState.QUEUED]
        _read_what_it_is_about(notice)
        permitted = []
        for recipient in waiting:
            if recipient.permission == "A9-trainee" and _is_superseded(notice):
                _stamp(recipient, NoticeState.WITHHELD, SUPERSEDED)
            elif _is_permitted(notice, recipient):
                permitted.append(recipient)
            elif recipient.permission in TO_THE_TRAINEE and recipient.address != notice.referral.trainee_email:
                _stamp(recipient, NoticeState.FAILED, CORRECTED)
            else:
                _stamp(recipient, NoticeState.WITHHELD, "not_permitted")
        if not permitted:
            _close_if_finished(notice)
    return permitted


@Prepared
def _renew() -> Any:
    held = (Notice.id == hole("id")) & (Notice.state == NoticeState.QUEUED) & (Notice.claimed_by == hole("worker"))
    until = hole("until", Notice.claimed_until)
    return Notice.update(claimed_until=until, attempts=Notice.attempts + 1).where(held)


def recipients_of(notice: Notice) -> list[NoticeRecipient]:
    """Everyone the message names, in the order they stand in it."""
    return all_of(NoticeRecipient, _recipients, notice=notice)


@Prepared
def _recipients() -> Any:
    these = NoticeRecipient.notice == hole("notice", NoticeRecipient.notice)
    return NoticeRecipient.select().where(these).order_by(NoticeRecipient.id)


def _read_what_it_is_about(notice: Notice) -> None:
    """The event and its referral as they are now: what the permissions ask about."""
    notice.event = by_number(Event, notice.event_id)
    if notice.event.referral_id:
        notice.event.referral = notice.referral = by_number(Referral, notice.event.referral_id)


def _is_permitted(notice: Notice, recipient: NoticeRecipient) -> bool:
    permission = PERMISSIONS.get(recipient.permission)
    subject = notice.event.subject
    return permission is not None and subject is not None and permission.holds(subject, recipient.address)


def _is_superseded(notice: Notice) -> bool:
    """Whether another counsellor was assigned since, for good: the trainee must not hear of the one before after that."""
    original = notice
    while original.copy_of_id:
        original = Notice.get_by_id(original.copy_of_id)
    told = Assignment.get_or_none(Assignment.event == original.event_id)
    if told is None:
        return False
    since = (Assignment.referral == told.referral_id) & (Assignment.id > told.id) & Assignment.undone_at.is_null()
    over = Assignment.assigned_at <= clock.now() - settings.current().undo
    return Assignment.select().where(since & over).exists()


def sent(notice: Notice, recipients: list[NoticeRecipient]) -> None:
    """These recipients' server took the message."""
    with db.atomic():
        for recipient in recipients:
            _stamp(recipient, NoticeState.SENT, "")
        _close_if_finished(notice)


def failed(notice: Notice, recipients: list[NoticeRecipient], failure: str) -> None:
    """These recipients will not get it: their server said so for good."""
    with db.atomic():
        for recipient in recipients:
            _stamp(recipient, NoticeState.FAILED, failure)
        _close_if_finished(notice)


def try_later(notice: Notice, recipients: list[NoticeRecipient], failure: str) -> None:
    """A passing trouble: again after a growing wait, and after the last try a failure that a person sees."""
    if notice.attempts >= MOST_ATTEMPTS:
        failed(notice, recipients, GAVE_UP)
        return
    with db.atomic():
        for recipient in recipients:
            _stamp(recipient, NoticeState.QUEUED, failure)
        (
            Notice.update(due_at=clock.now() + wait_after(notice.attempts), claimed_by="", claimed_until=None)
            .where(Notice.id == notice.id)
            .execute()
        )


def still_held(notices: list[Notice], worker: str) -> list[Notice]:
    """Of these, the messages that no other worker has taken over since."""
    held = Notice.select(Notice.id).where(
        Notice.id.in_([row.id for row in notices])
        & (Notice.claimed_by == worker)
        & (Notice.state == NoticeState.QUEUED)
    )
    ids = {row_id for (row_id,) in held.tuples()}
    return [row for row in notices if row.id in ids]


def give_back(notices: list[Notice], worker: str) -> None:
    """Let go of claimed messages that were not tried."""
    if notices:
        (
            Notice.update(claimed_by="", claimed_until=None)
            .where(Notice.id.in_([row.id for row in notices]) & (Notice.claimed_by == worker))
            .execute()
        )


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: 1, 2, 4 … minutes, at most half an hour."""
    return min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)


def next_due() -> datetime | None:
    """When the next queued message is due; None where the outbox is empty."""
    first = Notice.select(Notice.due_at).where(Notice.state == NoticeState.QUEUED).order_by(Notice.due_at).first()
    return first.due_at if first else None


def _stamp(recipient: NoticeRecipient, state: NoticeState, failure: str) -> None:
    recipient.state, recipient.failure = state, failure
    _stamped.run(id=recipient.id, state=state, failure=failure)


@Prepared
def _stamped() -> Any:
    return NoticeRecipient.update(state=hole("state"), failure=hole("failure")).where(NoticeRecipient.id == hole("id"))


def _close_if_finished(notice: Notice) -> None:
    """When no recipient waits any more, the message is sent, failed or withheld, whichever asks most for a person."""
    states = {row.state for row in recipients_of(notice)}
    if NoticeState.QUEUED in states:
        return
    for state in (NoticeState.FAILED, NoticeState.WITHHELD, NoticeState.SENT):
        if state in states:
            _finished.run(id=notice.id, state=state, at=clock.now())
            return


@Prepared
def _finished() -> Any:
    at = hole("at", Notice.finished_at)
    columns = {"state": hole("state"), "finished_at": at, "claimed_by": "", "claimed_until": None}
    return Notice.update(columns).where(Notice.id == hole("id"))
