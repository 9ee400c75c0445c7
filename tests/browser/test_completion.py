"""The end of a case in a real browser: the trainee's one click, the team's notice, and the trainee who stops."""

from datetime import timedelta

import pytest

from models import Ending, EndTold, Referral, School, Status, User
from signpost import clock
from signpost.referrals import actions
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.letters import letter, personal_link
from tests.browser.test_journey import WAYS
from tests.smtp_server import Mailbox

CONTACT = "education@trust.example"
THREE_WAYS = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


@pytest.fixture
def case(site: Site, adviser: User, counsellor: User, referrer: User, head: User, tsg: User) -> Referral:
    """Assigned, without wider concerns; the employer has a contact."""
    referral = factories.a_referral(
        referrer, trainee_email="sam@trainee.example", trainee_name="Sam O’Neill", school=School.get(School.name == "School of Medicine"),
        employer=factories.an_employer("Weald Trust", contact_email=CONTACT),
    )  # fmt: skip
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


@THREE_WAYS
def test_the_trainee_tells_them_with_one_click_and_then_the_team_tells_the_employer(
    way: dict[str, bool],
    site: Site,
    sit: Sit,
    mailbox: Mailbox,
    case: Referral,
    counsellor: User,
    referrer: User,
    head: User,
) -> None:
    factories.sessions_held(case, 2)
    at_trainee = sit(**way)
    at_trainee.open(personal_link(letter(mailbox, "sam@trainee.example", "Your agreed sessions are complete"), site))
    at_trainee.arrives_at("Your page")
    at_trainee.sees("2 of 2 sessions held")
    at_trainee.press("Tell them that your sessions are complete")
    at_trainee.sees("The person who referred you was told on")
    letter(mailbox, referrer, "Agreed careers sessions are complete")
    assert EndTold.select().count() == 1

    at_trainee.press("Tell them that your sessions are complete")
    at_trainee.sees("Select at least one of those who are to be told")
    at_trainee.pick(f"The head of the school of {case.school.name}")
    at_trainee.press("Tell them that your sessions are complete")
    at_trainee.sees("The head of your school was told on")
    letter(mailbox, head, "Agreed careers sessions are complete")
    assert len(mailbox.to(referrer.email)) == 2  # with the receipt for the referral

    at_counsellor = sit(counsellor, **way)
    at_counsellor.open(f"/referrals/{case.public_id}")
    at_counsellor.follow("Tell the employer, and close the case")
    at_counsellor.arrives_at("The sessions have ended")
    at_counsellor.press("Send, and close the case")
    at_counsellor.sees("The team told the employer on")
    letter(mailbox, CONTACT, "Careers sessions have ended")
    assert Referral.get_by_id(case.id).ending == Ending.COMPLETE


@THREE_WAYS
def test_a_trainee_stops_part_way(
    way: dict[str, bool], site: Site, sit: Sit, mailbox: Mailbox, case: Referral, counsellor: User
) -> None:
    factories.sessions_held(case, 1)
    at_trainee = sit(**way)
    at_trainee.open(personal_link(letter(mailbox, "sam@trainee.example", "Who will support you"), site))
    at_trainee.follow("I would rather stop here")
    at_trainee.arrives_at("Stop here")
    at_trainee.press("Stop here")
    at_trainee.arrives_at("Your page")
    at_trainee.sees("Nothing more happens here")
    letter(mailbox, counsellor, "A trainee has decided to stop")
    assert Referral.get_by_id(case.id).ending == Ending.WITHDREW_PART_WAY


@THREE_WAYS
def test_the_counsellor_notes_how_many_sessions_were_agreed(
    way: dict[str, bool], sit: Sit, case: Referral, counsellor: User
) -> None:
    factories.sessions_held(case, 2)
    at_counsellor = sit(counsellor, **way)
    at_counsellor.open(f"/referrals/{case.public_id}")
    at_counsellor.follow("Change the number of sessions agreed")
    at_counsellor.arrives_at("Sessions agreed")
    at_counsellor.fill("Number of sessions agreed", "3")
    today = clock.today()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        at_counsellor.fill(part, str(value))
    at_counsellor.press("Save the number agreed")
    at_counsellor.sees("2 of 3 sessions held")
    assert Referral.get_by_id(case.id).status == Status.IN_PROGRESS
