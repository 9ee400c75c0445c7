"""The first journey in a real browser: referrer, trainee, adviser, counsellor; by mouse, without JavaScript, by keyboard."""

import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import getaddresses

import pytest

from models import Referral, ReferrerKind, Role, User
from signpost import clock
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.reader import Reader, eventually
from tests.smtp_server import Mailbox, Received

REQUEST = "Sam would value help in thinking through what comes after core training."
TRAINEE = "sam.oneill+dr@trainee.example"

WAYS = {
    "with a mouse": {},
    "without JavaScript": {"scripts": False},
    "by keyboard alone": {"keyboard": True},
}


@pytest.fixture
def referrer(site: Site) -> User:
    """A supervisor whose school and employer are known."""
    person = factories.a_user(name="Robin Referrer", password=factories.PASSWORD)
    factories.give(
        person,
        Role.REFERRER,
        referrer_kind=ReferrerKind.EDUCATIONAL_SUPERVISOR,
        school=factories.a_school("School of Surgery"),
        employer=factories.an_employer("Weald Hospitals"),
    )
    return person


@pytest.fixture
def surgeon(referrer: User) -> User:
    """The head of the referrer's school."""
    return factories.a_head(referrer.roles_held.get().school, name="Harper Head")


def letter(mailbox: Mailbox, to: User | str, subject: str) -> Received:
    """Wait for the message to this address with these words in its subject."""
    address = to if isinstance(to, str) else to.email

    def found() -> Received | None:
        return next((one for one in mailbox.to(address) if subject in one.subject), None)

    return eventually(found, f"No message “{subject}” reached {address}")


def addresses(letter: Received, header: str) -> list[str]:
    return sorted(address for _, address in getaddresses([str(letter.message[header] or "")]))


def personal_link(letter: Received, site: Site) -> str:
    """The path of the link in a message, as somebody who clicks it goes there."""
    line = next(line for line in letter.text.splitlines() if "/links/" in line)
    assert line.startswith(site.url)
    return line.removeprefix(site.url)


def sign_in(reader: Reader, person: User) -> None:
    reader.open("/")
    reader.arrives_at("Sign in")
    reader.fill("Email address", person.email)
    reader.fill("Password", factories.PASSWORD)
    reader.press("Sign in")
    reader.arrives_at("Waiting for you")


def undo_minute_passes(mailbox: Mailbox) -> None:
    clock.set_to(clock.now() + timedelta(seconds=61))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_referral_goes_from_the_referrer_to_the_counsellor(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox, adviser: User, counsellor: User, referrer: User, surgeon: User,
    tsg: User, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    # The referrer signs in with a password, fills in the form, sees the emails, and sends.
    at_referrer = sit(**way)
    sign_in(at_referrer, referrer)
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
        print(f"\n  The referral took {at_referrer.interactions} interactions and {seconds:.1f} seconds.")
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
    undo_minute_passes(mailbox)
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
