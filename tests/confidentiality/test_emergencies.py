"""What could not wait: kept in full, judged by a second person, told when it is safe, never forgotten (C6)."""

from datetime import timedelta

import pytest
from peewee import IntegrityError

from models import AuditEntry, Emergency, Event, Ground, Notice, NoticeRecipient, Role, Told
from signpost import clock, due
from signpost.confidentiality import breaches, emergencies
from signpost.errors import RuleBroken
from signpost.formatting import day
from signpost.notices.permissions import PERMISSIONS
from signpost.referrals import record_access
from tests.factories import a_user


def what(**changed):
    usual = {
        "ground": Ground.TRAINEE_SAFETY,
        "law": "",
        "grounds": "zanzibar",
        "disclosed": "timbuktu",
        "disclosed_to": "The duty consultant",
        "why_not_wait": "It was night.",
        "disclosed_at": clock.now(),
        "look_again_on": clock.today() + timedelta(days=2),
    }
    return emergencies.Disclosed(**(usual | changed))


@pytest.fixture
def recorded(case, counsellor):
    return emergencies.record_it(case, what(), counsellor)


def fresh(emergency):
    return Emergency.get_by_id(emergency.id)


def told(event):
    found = NoticeRecipient.select(NoticeRecipient, Notice).join(Notice).join(Event, on=Notice.event)
    return {(one.notice.kind, one.address, one.permission) for one in found.where(Event.name == event)}


def test_a_second_person_is_asked_and_confirms(recorded, adviser):
    assert told("emergency.recorded") == {("emergency_second", adviser.email, "C6-second")}
    emergencies.judge(recorded, True, "", adviser)

    assert (fresh(recorded).second, fresh(recorded).is_confirmed) == (adviser, True)


def test_or_disputes_with_a_reason(recorded, adviser):
    with pytest.raises(RuleBroken, match="what you dispute"):
        emergencies.judge(recorded, False, " ", adviser)
    emergencies.judge(recorded, False, "It could have waited.", adviser)

    assert fresh(recorded).is_confirmed is False


def test_who_recorded_it_is_never_the_second_person_and_nobody_judges_twice(recorded, counsellor, adviser):
    with pytest.raises(RuleBroken, match="second member"):
        emergencies.judge(recorded, True, "", counsellor)
    emergencies.judge(recorded, True, "", adviser)
    with pytest.raises(RuleBroken, match="already"):
        emergencies.judge(fresh(recorded), False, "I see it otherwise now.", adviser)
    with pytest.raises(RuleBroken, match="already"):
        emergencies.judge(fresh(recorded), True, "", a_user(Role.SENIOR_ADVISER))


def test_pressing_twice_judges_once(recorded, adviser):
    emergencies.judge(recorded, True, "", adviser)
    emergencies.judge(fresh(recorded), True, "", adviser)

    assert Event.select().where(Event.name == "emergency.judged").count() == 1


def test_an_adviser_who_recorded_it_by_a_reason_does_not_judge_it(case, adviser):
    record_access.state_reason(case, "Duty.", adviser)
    own = emergencies.record_it(case, what(), adviser)

    with pytest.raises(RuleBroken, match="second member"):
        emergencies.judge(own, True, "", adviser)


def test_the_database_itself_refuses_one_person_as_both(recorded, counsellor):
    with pytest.raises(IntegrityError):
        Emergency.update(second=counsellor, is_confirmed=True).execute()


def test_neither_trainee_referrer_nor_stranger_records_or_judges(case, recorded, trainee, referrer, head):
    for one in (trainee, referrer, head, a_user(Role.COUNSELLOR)):
        with pytest.raises(RuleBroken):
            emergencies.record_it(case, what(), one)
        with pytest.raises(RuleBroken):
            emergencies.judge(recorded, True, "", one)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"disclosed_at": timedelta(minutes=1)}, "future"),
        ({"look_again_on": timedelta(days=-1)}, "today or later"),
        ({"ground": Ground.LEGAL_REQUIREMENT}, "Name the law"),
    ],
)
def test_what_makes_no_sense_is_refused(case, counsellor, changed, words):
    if "disclosed_at" in changed:
        changed = {"disclosed_at": clock.now() + changed["disclosed_at"]}
    if "look_again_on" in changed:
        changed = {"look_again_on": clock.today() + changed["look_again_on"]}
    with pytest.raises(RuleBroken, match=words):
        emergencies.record_it(case, what(**changed), counsellor)
    assert not Emergency.select().exists()


def test_the_trainee_knows_nothing_until_they_are_told_and_then_everything(
    recorded, counsellor, trainee, case, browser_of
):
    at = browser_of(trainee)
    at.get(f"/referrals/{case.public_id}/disclosures")
    assert "emergency" not in at.page.text.lower()
    emergencies.tell(recorded, Told.MESSAGE, counsellor)
    at.get(f"/referrals/{case.public_id}/disclosures")

    for words in ("zanzibar", "timbuktu", "The duty consultant", "It was night."):
        assert words in at.page.text
    assert told("emergency.message_sent") == {("emergency_told", trainee.email, "C6-trainee")}


def test_no_message_to_the_trainee_is_permitted_before_they_are_told(recorded, counsellor, trainee):
    permission = PERMISSIONS["C6-trainee"]
    assert not permission.holds(recorded, trainee.email)
    emergencies.tell(recorded, Told.MESSAGE, counsellor)

    assert permission.holds(fresh(recorded), trainee.email)


def test_on_the_day_named_the_holder_is_reminded_once_and_again_on_the_next_day_named(recorded, counsellor):
    day = recorded.look_again_on
    assert emergencies.remind(clock.start_of(day) - timedelta(seconds=1)) == 0
    assert [emergencies.remind(clock.start_of(day + timedelta(days=n))) for n in (0, 0, 1, 40)] == [1, 0, 0, 0]
    assert told("emergency.look_again") == {("emergency_look_again", counsellor.email, "C6-holder")}

    with clock.at(clock.start_of(day)):
        emergencies.wait(fresh(recorded), day + timedelta(days=7), counsellor)
    assert [emergencies.remind(clock.start_of(day + timedelta(days=n))) for n in (6, 7, 8)] == [0, 1, 0]
    assert "emergencies to look at again" in due.RULES


def test_once_the_trainee_was_told_nobody_is_reminded_and_it_cannot_be_put_off(recorded, counsellor):
    emergencies.tell(recorded, Told.IN_PERSON, counsellor)

    assert emergencies.remind(clock.start_of(recorded.look_again_on)) == 0
    with pytest.raises(RuleBroken, match="told already"):
        emergencies.wait(fresh(recorded), clock.today(), counsellor)


def test_nothing_confidential_stands_in_a_message_an_event_or_the_audit(recorded, counsellor, adviser):
    emergencies.judge(recorded, False, "casablanca", adviser)
    emergencies.tell(fresh(recorded), Told.MESSAGE, counsellor)
    rows = [one.text for one in Notice.select()]
    rows += [one.facts_json for table in (Event, AuditEntry) for one in table.select()]

    assert not any(word in row for row in rows for word in ("zanzibar", "timbuktu", "casablanca", "duty consultant"))


def test_it_is_recorded_and_judged_on_pages(case, counsellor, adviser, browser_of):
    at = browser_of(counsellor)
    at.get(f"/emergencies/cases/{case.public_id}/new")
    now = clock.to_london(clock.now() - timedelta(hours=1))
    then = clock.today() + timedelta(days=3)
    typed = {
        "ground": "patient_safety", "law": "", "other_law": "", "grounds": "What", "disclosed": "That",
        "disclosed_to": "Her", "why_not_wait": "Night", "day-day": now.day, "day-month": now.month, "day-year": now.year,
        "at": now.strftime("%H:%M"), "look_again_on-day": then.day, "look_again_on-month": then.month,
        "look_again_on-year": then.year,
    }  # fmt: skip
    for wrong in (
        {"at": "25:00"},
        {"at": "noon"},
        {"ground": ""},
        {"ground": "legal_requirement"},
        {"why_not_wait": ""},
    ):
        assert at.press("Record it", **(typed | wrong)).status_code == 422, wrong
    at.press("Record it", **typed)
    emergency = Emergency.get()

    at_adviser = browser_of(adviser)
    at_adviser.get(f"/emergencies/{emergency.public_id}")
    assert at_adviser.press("Keep what you say", verdict="disputed", words="").status_code == 422
    at_adviser.press("Keep what you say", verdict="confirmed", words="")
    assert fresh(emergency).is_confirmed
    at.get(f"/emergencies/{emergency.public_id}")
    at.press("The trainee is told", how="telephone")
    assert fresh(emergency).told_at is not None


def test_nobody_else_finds_it(recorded, browser_of, referrer, head, tsg, administrator, trainee):
    for one in (referrer, head, tsg, administrator, trainee, a_user(Role.COUNSELLOR)):
        assert browser_of(one).get(f"/emergencies/{recorded.public_id}").status_code == 404


def test_the_trainee_is_spoken_to_on_their_own_page_and_each_heading_has_its_day(
    case, recorded, counsellor, trainee, browser_of
):
    emergencies.tell(recorded, Told.IN_PERSON, counsellor)
    for words in ("One.", "Another."):
        breach = breaches.decide(case, Ground.PATIENT_SAFETY, "", words, counsellor)
        breaches.tell(breach, Told.IN_PERSON, f"I told you: {words}", counsellor)
    at = browser_of(trainee)
    at.get(f"/referrals/{case.public_id}/disclosures")

    assert "You were told" in at.page.text
    assert "The trainee was told" not in at.page.text
    today = day(clock.now())
    assert at.page.text.count(f"We decided on {today} to break confidentiality") == 2
    assert "Confidentiality was broken" not in at.page.text
    assert f"Disclosed in an emergency on {today}" in at.page.text


def test_who_looked_at_it_tells_the_trainee_nothing_until_they_are_told(
    case, recorded, counsellor, adviser, trainee, browser_of
):
    """C6: it is told when it is safe. The page of who looked may not tell it before."""
    for one in (counsellor, adviser):
        browser_of(one).get(f"/emergencies/{recorded.public_id}")
    at = browser_of(trainee)
    at.get(f"/careers-sessions/cases/{case.public_id}/readers")
    assert "Nobody has opened your record yet." in at.page.text
    assert "mergency" not in at.page.text

    emergencies.tell(recorded, Told.TELEPHONE, counsellor)
    at.get(f"/careers-sessions/cases/{case.public_id}/readers")
    assert at.page.text.count("an emergency disclosure") == 2
    assert adviser.name in at.page.text


def test_a_form_that_comes_back_is_a_reading_too(recorded, adviser, browser_of):
    at = browser_of(adviser)
    at.get(f"/emergencies/{recorded.public_id}")
    at.press("Keep what you say", verdict="disputed", words="")

    assert Event.select().where((Event.name == "record.read") & (Event.by_user == adviser)).count() == 2


def test_once_a_second_person_has_judged_other_advisers_read_it_no_more(recorded, adviser, browser_of):
    other = a_user(Role.SENIOR_ADVISER)
    assert browser_of(other).get(f"/emergencies/{recorded.public_id}").status_code == 200
    emergencies.judge(recorded, True, "", adviser)

    assert browser_of(other).get(f"/emergencies/{recorded.public_id}").status_code == 404
    assert browser_of(adviser).get(f"/emergencies/{recorded.public_id}").status_code == 200
