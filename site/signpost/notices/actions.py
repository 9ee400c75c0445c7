"""What a person can do about a message that did not arrive."""

from models import Attendee, Notice, NoticeRecipient, NoticeState, User, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.events import personal_address, record
from signpost.notices import outbox
from signpost.notices.ledger import LINK, NOT_KEPT
from signpost.notices.permissions import TO_THE_TRAINEE


def send_again(notice: Notice, by: User) -> Notice:
    """Send a message again to those whom it did not reach, and to nobody else, at the trainee's address of today.

    The words are those that were frozen; a personal link in a letter to the trainee alone is made anew, since the old one
    may be withdrawn. What looks like one in a letter that others get was typed by somebody, and stays as it is.
    """
    if notice.subject == "":
        raise RuleBroken(NOT_KEPT)
    recipients = list(notice.recipients.order_by(NoticeRecipient.id))
    if not any(row.state == NoticeState.FAILED for row in recipients):
        raise RuleBroken("This message reached everyone it was for, so it was not sent again.")
    if any(row.state == NoticeState.QUEUED for row in recipients):
        raise RuleBroken("We are still trying to reach somebody else with this message. Send it again after that.")
    with db.atomic():
        if Notice.select().where(Notice.copy_of == notice).exists():
            raise RuleBroken("This message was sent again already.")
        event = record(
            "notice.sent_again",
            by=by,
            referral=notice.referral,
            meeting=notice.event.meeting,
            concerning=notice.event.subject if notice.event.about_table else None,
            facts={"notice": notice.public_id},
        )
        now = clock.now()
        copy = Notice(
            event=event,
            referral=notice.referral,
            kind=notice.kind,
            sender_name=notice.sender_name,
            reply_to=notice.reply_to,
            subject=notice.subject,
            message_id=outbox.new_message_id(),
            dedupe_key=f"{notice.public_id}:again",
            copy_of=notice,
            queued_at=now,
            due_at=now,
        )
        if notice.calendar is not None:
            copy.calendar, copy.calendar_method = notice.calendar, notice.calendar_method
        is_theirs_alone = all(_address_now(row, notice) == notice.referral.trainee_email for row in recipients)
        text = notice.text
        copy.text = LINK.sub(lambda _: personal_address(notice.referral), text) if is_theirs_alone else text
        copy.save(force_insert=True)
        written = set()
        for row in recipients:
            address = _address_now(row, notice)
            if address in written:
                continue
            written.add(address)
            NoticeRecipient.create(
                notice=copy,
                header=row.header,
                name=row.name,
                address=address,
                user=row.user,
                permission=row.permission,
                state=NoticeState.QUEUED if row.state == NoticeState.FAILED else row.state,
                failure="" if row.state == NoticeState.FAILED else row.failure,
            )
    return copy


def _address_now(row: NoticeRecipient, notice: Notice) -> str:
    """Where this person is reached today: the trainee at the address of the referral, which may have been corrected."""
    is_trainee = row.permission in TO_THE_TRAINEE
    if row.permission == "meeting":
        there = (Attendee.meeting == notice.event.meeting) & (Attendee.email == row.address)
        is_trainee = not Attendee.select().where(there).exists()
    return str(notice.referral.trainee_email if is_trainee else row.address)
