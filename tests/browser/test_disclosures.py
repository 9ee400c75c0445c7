"""Breaking confidentiality in its order, and an emergency with its second person, in a real browser (A20, C6)."""

from datetime import timedelta

import pytest

from models import Breach, Emergency, Referral, School, User
from signpost import clock
from signpost.referrals import actions
from tests import factories
from tests.browser.conftest import Sit, Site
from tests.browser.reader import Reader, eventually
from tests.browser.test_journey import WAYS
from tests.browser.test_meetings import has_scripts

THREE_WAYS = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


@pytest.fixture
def case(site: Site, adviser: User, counsellor: User, referrer: User, head: User) -> Referral:
    referral = factories.a_referral(
        referrer, trainee_email="sam@trainee.example", school=School.get(School.name == "School of Medicine")
    )
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


def fill_day(reader: Reader, legend: str, days: int) -> None:
    day = clock.today() + timedelta(days=days)
    group = reader.page.get_by_role("group", name=legend)
    for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part, exact=True).fill(str(number))


@THREE_WAYS
def test_confidentiality_is_broken_in_its_order_and_no_other(
    way: dict[str, bool], sit: Sit, case: Referral, counsellor: User, head: User
) -> None:
    reader = sit(counsellor, **way)
    reader.open(f"/breaches/cases/{case.public_id}/new")
    reader.arrives_at("Break confidentiality")
    law = reader.page.get_by_label("Which law?", exact=True)
    assert law.is_visible() != has_scripts(way), "the law is asked for where it is the ground"
    reader.pick("The law requires it")
    eventually(law.is_visible)
    reader.fill("What concerns you?", "Errors at night.")
    reader.press("Record this decision")
    reader.sees("Name the law that requires it")
    reader.pick("The safety of patients")
    reader.press("Record this decision")
    reader.arrives_at("Breaking confidentiality")
    reader.sees("Opens when the trainee has been told")
    assert reader.page.get_by_role("button", name="Tell the head of school").count() == 0

    reader.press("The trainee is told")
    reader.sees("Select how")
    reader.pick("By telephone")
    reader.fill("The words", "I rang, and said whom I would tell.")
    reader.press("The trainee is told")
    reader.choose("Head of school", head.name)
    reader.fill("The concern, and only the concern", "A check is needed on nights.")
    reader.press("Check before sending")
    reader.arrives_at("Check what the head of school reads")
    reader.press("Tell the head of school")
    reader.press("Close it")
    eventually(lambda: Breach.get().closed_at)

    at_head = sit(head, **way)
    at_head.open("/")
    at_head.follow("A concern for you to read")
    at_head.sees("A check is needed on nights.")
    at_head.does_not_see("Errors at night.")
    at_head.open("/")
    at_head.does_not_see("A concern for you to read")


@THREE_WAYS
def test_an_emergency_is_recorded_disputed_by_a_second_person_and_told_to_the_trainee(
    way: dict[str, bool], sit: Sit, case: Referral, counsellor: User, adviser: User
) -> None:
    reader = sit(counsellor, **way)
    reader.open(f"/emergencies/cases/{case.public_id}/new")
    reader.arrives_at("Record an emergency")
    reader.pick("The trainee’s safety")
    reader.fill("What happened?", "They did not answer any more.")
    reader.fill("What did you disclose?", "Their name and address.")
    reader.fill("To whom?", "The ambulance service")
    reader.fill("Why could it not wait?", "Nobody was with them.")
    fill_day(reader, "On which day?", -1)
    reader.fill("At what time?", "soon")
    fill_day(reader, "When will you look again whether the trainee can be told?", 2)
    reader.press("Record it")
    reader.sees("The time must look like 14:30")
    reader.fill("At what time?", "14:30")
    reader.press("Record it")
    reader.arrives_at("Emergency disclosure")
    reader.sees("It waits for a second member of the team")

    second = sit(adviser, **way)
    second.open("/")
    second.follow("An emergency disclosure waits for a second person")
    second.arrives_at("Emergency disclosure")
    second.pick("I dispute it")
    second.press("Keep what you say")
    second.sees("Say what you dispute")
    second.fill("Why?", "A call to me would have done.")
    second.press("Keep what you say")
    second.sees("disputed it")

    reader.open(f"/emergencies/{Emergency.get().public_id}")
    reader.sees("A call to me would have done.")
    reader.pick("In person")
    reader.press("The trainee is told")
    eventually(lambda: Emergency.get().told_at)
