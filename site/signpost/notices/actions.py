"""What a person can do about a message that did not arrive."""

from models import Notice, NoticeRecipient, NoticeState, User, db
from signpost import clock
from signpost.errors import RuleBroken
from signpost.events import personal_address, record
from signpost.notices import outbox
from signpost.notices.ledger import LINK

TO_THE_TRAINEE = ("A7-trainee", "A7-link", "A8-trainee", "A9-trainee", "A-ended-trainee")


def send_again(notice: Notice, by: User) -> Notice:
    """Send a message again to those whom it did not reach, and to nobody else, at the trainee's address of today.

    The words are those that were frozen; a personal link in them is made anew, since the old one may be withdrawn.
    """
    missed = [row for row in notice.recipients if row.state == NoticeState.FAILED]
    if not missed:
        raise RuleBroken("This message reached everyone it was for, so it was not sent again.")
    if Notice.select().where(Notice.copy_of == notice).exists():
        raise RuleBroken("This message was sent again already.")
    with db.atomic():
        event = record("notice.sent_again", by=by, referral=notice.referral, facts={"notice": notice.public_id})
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
        copy.text = LINK.sub(lambda _: personal_address(notice.referral), notice.text)
        copy.save(force_insert=True)
        for row in notice.recipients.order_by(NoticeRecipient.id):
            NoticeRecipient.create(
                notice=copy,
                header=row.header,
                name=row.name,
                address=notice.referral.trainee_email if row.permission in TO_THE_TRAINEE else row.address,
                user=row.user,
                permission=row.permission,
                state=NoticeState.QUEUED if row.state == NoticeState.FAILED else row.state,
                failure="" if row.state == NoticeState.FAILED else row.failure,
            )
    return copy
