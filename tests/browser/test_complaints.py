"""A complaint from the first word to its end, and whom it is about, who finds nothing of it (C11); and a hold and what it
keeps (C10); in a real browser."""

import pytest

from models import Complaint, ComplaintState, Referral, RetentionHold, Role, User
from signpost.events import personal_address
from signpost.formatting import reference
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.reader import Reader, eventually
from tests.browser.test_disclosures import THREE_WAYS, case

__all__ = ["case"]
WORDS = "They were late three times."
TOLD = "Somebody was kept waiting in May. Please say how it came about."
ANSWER = "We are sorry. You have another counsellor from today on."
RAISERS = pytest.mark.parametrize("by_link", [False, True], ids=["signed in", "by a personal link"])


@pytest.fixture
def lead(site: Site) -> User:
    return factories.a_user(Role.COMPLAINTS, name="Carol Complaints")


@pytest.fixture
def second_lead(site: Site) -> User:
    return factories.a_user(Role.COMPLAINTS, name="Cyril Complaints")


def finds_nothing(reader: Reader, made: Complaint) -> None:
    """Neither on the start page, nor among complaints, nor under its own address."""
    for path in ("/", "/complaints"):
        reader.open(path)
        reader.does_not_see(reference(made.public_id))
        reader.does_not_see("For you to handle")
        reader.does_not_see("Something for you to read")
    reader.open(f"/complaints/{made.public_id}")
    reader.arrives_at("Page not found")


@THREE_WAYS
@RAISERS
def test_a_complaint_is_raised_handled_disclosed_in_part_answered_and_closed(
    way: dict[str, bool], by_link: bool, sit: Sit, case: Referral, counsellor: User, lead: User, second_lead: User
) -> None:
    somebody = factories.a_user(Role.MENTOR, name="Sam Somebody")
    raiser = sit(None if by_link else somebody, **way)
    own_path = "/links/" + personal_address(case).partition("/links/")[2] if by_link else ""
    raiser.open(f"{own_path}/complaints" if by_link else "/complaints/new")
    raiser.arrives_at("Make a complaint")
    raiser.press("Send the complaint")
    raiser.sees("Tell us what happened")
    raiser.fill("What happened?", WORDS)
    raiser.fill("Who or what is it about?", counsellor.name)
    raiser.tick(second_lead.name)
    raiser.press("Send the complaint")
    raiser.sees("received" if not by_link else WORDS)
    made = Complaint.get()

    # Neither the counsellor nor the lead whom it is about finds anything of it.
    about = sit(counsellor, **way)
    finds_nothing(about, made)
    finds_nothing(sit(second_lead, **way), made)

    handler = sit(lead, **way)
    handler.open("/complaints")
    handler.follow(reference(made.public_id))
    handler.sees(WORDS)
    for button, now in (("Acknowledge it", "Acknowledged, on"), ("Begin to look into it", "Being looked into, on")):
        handler.press(button)
        handler.sees(now)
    handler.fill("Note", "Rang the venue.")
    handler.press("Keep the note")
    handler.sees("Rang the venue.")

    # One person is told one thing, which is looked at before.
    handler.follow("Disclose something to one person")
    handler.fill("Email address of the account of the person", counsellor.email)
    handler.fill("What is this person told? Only what the procedure needs.", TOLD)
    handler.fill("Why does the procedure need it?", "To hear both.")
    handler.press("Check what they are told")
    handler.sees("reads this in Signpost:")
    handler.press("Disclose this")
    handler.sees(f"To {counsellor.name}, by {lead.name}")
    about.open("/complaints")
    about.follow("Something for you to read")
    about.sees(TOLD)
    for words in (WORDS, "Rang the venue.", "To hear both.", somebody.name, case.trainee_name):
        about.does_not_see(words)
    about.open(f"/complaints/{made.public_id}")
    about.arrives_at("Page not found")

    handler.press("Send the answer")
    handler.sees("Enter the answer")
    handler.fill("Answer", ANSWER)
    handler.press("Send the answer")
    handler.sees("Answered, on")
    handler.press("Close it")
    eventually(lambda: Complaint.get().state == ComplaintState.CLOSED)
    raiser.open(f"{own_path}/complaints" if by_link else f"/complaints/{made.public_id}")
    raiser.sees(ANSWER)
    for words in ("Rang the venue.", TOLD, "To hear both."):
        raiser.does_not_see(words)


@THREE_WAYS
def test_governance_enters_the_schedule_and_holds_a_record(way: dict[str, bool], sit: Sit, case: Referral) -> None:
    reader = sit(factories.a_user(Role.GOVERNANCE), **way)
    reader.open("/retention")
    reader.arrives_at("Retention")
    reader.sees("No period is entered yet, so nothing is destroyed.")
    reader.follow("Change the schedule")
    label = "Referrals, with their meetings, messages and history"
    reader.fill(label, "5000")
    reader.press("Save the schedule")
    reader.sees("must be a whole number from 1 to 1200")
    reader.fill(label, "96")
    reader.press("Save the schedule")
    reader.sees("8 years after the case was closed")

    reader.follow("Hold a record")
    reader.fill("Reference of the record", "K4TX-29BD")
    reader.fill("Why is it held?", "A court asked for it.")
    reader.press("Hold it")
    reader.sees("No record that can be held has this reference")
    reader.fill("Reference of the record", case.reference)
    reader.press("Hold it")
    reader.sees("A court asked for it.")
    reader.press(f"Hold it no longer {case.reference}")
    reader.sees("Nothing is held.")
    assert RetentionHold.get().lifted_at is not None
