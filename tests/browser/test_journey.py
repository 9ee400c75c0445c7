"""The first journey in a real browser: referrer, trainee, adviser, counsellor; by mouse, without JavaScript, by keyboard."""

import time
from datetime import timedelta

import pytest

from models import Referral, User
from signpost import clock
from tests.browser.conftest import Sit, Site, sign_in_by_password
from tests.browser.letters import addresses, letter, personal_link
from tests.smtp_server import Mailbox

REQUEST = "Sam would value help in thinking through what comes after core training."
TRAINEE = "sam.oneill+dr@trainee.example"

WAYS = {
    "with a mouse": {},
    "without JavaScript": {"scripts": False},
    "by keyboard alone": {"keyboard": True},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_referral_goes_from_the_referrer_to_the_counsellor(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox, adviser: User, counsellor: User, referrer: User, surgeon: User,
    tsg: User, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    # The referrer signs in with a password, fills in the form, sees the emails, and sends.
    at_referrer = sit(**way)
    sign_in_by_password(at_referrer, referrer)
    started, at_referrer.interactions = time.monotonic(), 0
    at_referrer.follow("Refer a trainee")
    at_referrer.arrives_at("Refer a trainee to the careers team")
    at_referrer.fill("Trainee’s name", "Sam O’Neill-Núñez")
    at_referrer.fill("Trainee’s email address", TRAINEE)
    at_referrer.fill("What would help?", REQUEST)
    at_referrer.pick("Yes")
    at_referrer.press("Check what will be sent")
    at_referrer.arrives_at("Check what will be sent")
    for words in (REQUEST, adviser.email, TRAINEE, surgeon.email, "Nothing has been sent yet"):
        at_referrer.sees(words)
    assert Referral.select().count() == 0
    assert mailbox.received == []
    at_referrer.press("Send referral")
    at_referrer.arrives_at("Referral sent")
    seconds = time.monotonic() - started
    with capsys.disabled():
        print(f"\n  The referral took {at_referrer.interactions} interactions and {seconds:.1f} seconds.")  # noqa: T201  how long it took is shown, and never decides
    assert at_referrer.interactions <= 8, "A6"
    referral = Referral.get()
    at_referrer.sees(referral.reference)

    # One email to adviser, trainee and head; a receipt; and a message to the trainee alone, with the link.
    first = letter(mailbox, adviser, "for careers support")
    assert addresses(first, "To") == [adviser.email]
    assert addresses(first, "Cc") == sorted([TRAINEE, surgeon.email])
    assert addresses(first, "Reply-To") == [referrer.email]
    assert sorted(first.recipients) == sorted([adviser.email, TRAINEE, surgeon.email])
    assert REQUEST in first.text
    assert "/links/" not in first.text
    receipt = letter(mailbox, referrer, "has been sent")
    assert receipt.recipients == (referrer.email,)
    assert REQUEST not in receipt.text
    own = letter(mailbox, TRAINEE, "Your personal link")
    assert own.recipients == (TRAINEE,)
    assert own.message["Cc"] is None
    assert addresses(own, "Reply-To") == [adviser.email]

    # The trainee follows the link from the email, reads, and accepts. Reading alone accepts nothing.
    at_trainee = sit(**way)
    at_trainee.open(personal_link(own, site))
    at_trainee.arrives_at("Your page")
    at_trainee.sees(REQUEST)
    at_trainee.sees("employer know that the sessions have ended")
    assert Referral.get().accepted_at is None
    at_trainee.press("Yes, I would like the support")
    at_trainee.sees("You accepted the support")

    # The adviser finds it in the inbox and gives it to a counsellor.
    at_adviser = sit(adviser, **way)
    at_adviser.open("/")
    at_adviser.follow("1 referral waiting for a counsellor")
    at_adviser.arrives_at("Inbox")
    at_adviser.open_row("Sam O’Neill-Núñez")
    at_adviser.follow("Assign a counsellor")
    at_adviser.arrives_at("Assign a counsellor")
    at_adviser.pick("Chris Counsellor")
    at_adviser.sees("Who will support you")
    at_adviser.press("Assign this counsellor")
    at_adviser.arrives_at("Inbox")
    at_adviser.sees("You assigned Chris Counsellor")
    assert mailbox.to(counsellor.email) == [], "the emails wait for the undo minute"
    at_trainee.open(at_trainee.path)
    at_trainee.does_not_see("Chris Counsellor")

    # After the minute the trainee is told who it is, in the adviser's name, and the counsellor that there is somebody.
    clock.set_to(clock.now() + timedelta(seconds=61))
    told = letter(mailbox, TRAINEE, "Who will support you")
    assert told.recipients == (TRAINEE,)
    assert counsellor.email in told.text
    assert addresses(told, "Reply-To") == [adviser.email]
    assert adviser.name in str(told.message["From"])
    asked = letter(mailbox, counsellor, "assigned to you")
    assert asked.recipients == (counsellor.email,)
    assert REQUEST not in asked.text
    assert "Sam" not in asked.text
    at_trainee.open(personal_link(told, site))
    at_trainee.sees("Chris Counsellor will support you")
    at_trainee.sees(counsellor.email)

    # The counsellor reads what was asked and how to reach the trainee; the referrer only how it stands.
    at_counsellor = sit(counsellor, **way)
    at_counsellor.open("/")
    at_counsellor.follow("1 trainee you support")
    at_counsellor.follow("Sam O’Neill-Núñez")
    at_counsellor.arrives_at(f"Referral {referral.reference}")
    at_counsellor.sees(REQUEST)
    at_counsellor.sees(TRAINEE)
    at_referrer.open(f"/referrals/{referral.public_id}")
    at_referrer.sees("With the careers team")
    at_referrer.does_not_see("Chris Counsellor")
    at_tsg = sit(tsg, **way)
    at_tsg.open("/referrals/released")
    at_tsg.does_not_see("Sam")
    assert mailbox.to(tsg.email) == []
    assert len(mailbox.received) == 5
