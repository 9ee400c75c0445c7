"""An invitation that went to a wrong address is sent again to the right one, with its calendar file and a fresh link."""

from datetime import datetime, timedelta

from flask import Flask

from models import Attendee, Notice, NoticeState, Referral, User
from signpost import clock
from signpost.meetings import booking
from signpost.notices import actions as notices
from signpost.notices import delivery
from signpost.referrals import actions
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox

MONDAY = datetime(2027, 5, 10, 8, 0, tzinfo=clock.LONDON)


def test_the_trainee_gets_the_missed_invitation_at_the_corrected_address(
    app: Flask, client: Browser, mailbox: Mailbox, adviser: User, counsellor: User
) -> None:
    clock.set_to(MONDAY)
    referral = factories.a_referral(trainee_email="sam@trainne.example")
    actions.assign(referral, counsellor, adviser, referral.version)
    clock.set_to(MONDAY + timedelta(minutes=5))
    begins = MONDAY + timedelta(days=1, hours=2)
    wanted = booking.Wanted(
        begins, begins + timedelta(hours=1), booking.Mode.FACE_TO_FACE, factories.a_venue("Brighton")
    )
    booking.arrange(Referral.get_by_id(referral.id), wanted, "", counsellor)
    mailbox.refuse["sam@trainne.example"] = "550 5.1.1 no such user"
    with app.app_context():
        delivery.send_due()
    fresh = Referral.get_by_id(referral.id)
    actions.correct_trainee_address(fresh, "sam@trainee.example", adviser, fresh.version)
    assert Attendee.select().where(Attendee.email == "sam@trainee.example").exists()
    missed = Notice.get((Notice.kind == "meeting_booked") & (Notice.state == NoticeState.FAILED))
    notices.send_again(missed, by=counsellor)
    with app.app_context():
        delivery.send_due()
    (again,) = mailbox.to("sam@trainee.example")
    assert "text/calendar" in [part.get_content_type() for part in again.message.walk()]
    link = next(line for line in again.text.splitlines() if "/links/" in line).removeprefix("http://localhost")
    assert client.get(link).status_code == 200
