"""The team's notice to employer and TSG, the trainee who stops part-way, and every other way to end (A22)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models import (
    Attendee,
    Employer,
    Ending,
    EndTold,
    Meeting,
    MeetingState,
    Notice,
    Party,
    Referral,
    ReleaseChoice,
    Role,
    Setting,
    Status,
    Teller,
    User,
)
from signpost import clock
from signpost.completion import actions, queries
from signpost.errors import RuleBroken, StaleRecord
from signpost.events import personal_address
from signpost.notices import endings
from signpost.referrals import actions as referrals
from signpost.referrals import queries as cases
from signpost.referrals import record_access
from tests import factories
from tests.browser_client import Browser
from tests.completion.conftest import CONTACT, TRAINEE, fresh, link_of, queued

Browsers = Callable[[User], Browser]
Arrived = Callable[[str], list[str]]
CLOSE = "Send, and close the case"


# When the agreed sessions are complete


@pytest.mark.parametrize("who", ["counsellor", "adviser"])
def test_the_team_tells_the_employer_with_the_email_shown_first_and_the_case_is_closed(
    browser_of: Browsers, complete: Referral, arrived: Arrived, request: pytest.FixtureRequest, who: str
) -> None:
    at_team = browser_of(request.getfixturevalue(who))
    at_team.get(f"/referrals/{complete.public_id}")
    at_team.get(at_team.page.link("Tell the employer, and close the case"))
    assert "The sessions of Sam Sample with the careers team have ended." in at_team.page.text
    assert CONTACT in at_team.page.text
    assert Notice.select().where(Notice.kind == "sessions_ended").count() == 0
    at_team.press(CLOSE)

    assert (fresh(complete).status, fresh(complete).ending) == (Status.CLOSED, Ending.COMPLETE)
    assert arrived("sessions_ended") == [CONTACT]
    assert "The team told the employer on 14 May 2027" in at_team.page.text
    assert "closed the case, since the agreed sessions are complete. Told: the employer" in at_team.page.text


def test_the_words_say_that_they_have_ended_and_nothing_more(complete: Referral, counsellor: User) -> None:
    actions.finish(complete, counsellor, complete.version)
    notice = Notice.get(Notice.kind == "sessions_ended")

    assert notice.text == (
        "Dear Erin Employer,\n\nThe sessions of Sam Sample with the careers team have ended.\n\n"
        "Chris Counsellor\nCareers team\n"
    )
    assert notice.subject == "Careers sessions have ended"
    assert notice.reply_to == counsellor.email


def test_the_tsg_hears_of_it_where_it_was_informed(
    informed: Referral, counsellor: User, tsg: User, arrived: Arrived
) -> None:
    case = factories.sessions_held(informed, 2)
    actions.finish(case, counsellor, case.version)

    assert arrived("sessions_ended") == sorted([CONTACT, tsg.email])


def test_a_release_that_was_taken_back_informs_nobody(informed: Referral, counsellor: User, head: User) -> None:
    case = factories.sessions_held(informed, 2)
    referrals.release(case, ReleaseChoice.NOTHING, "", by=head)
    actions.finish(case, counsellor, case.version)

    assert queued("sessions_ended") == [CONTACT]


def test_neither_trainee_nor_referrer_nor_head_gets_the_teams_notice(complete: Referral, counsellor: User) -> None:
    actions.finish(complete, counsellor, complete.version)

    assert queued("sessions_ended") == [CONTACT]


def test_the_trainee_sees_that_it_was_done(client: Browser, complete: Referral, counsellor: User) -> None:
    actions.finish(complete, counsellor, complete.version)
    client.get(personal_address(fresh(complete)).removeprefix("http://localhost"))

    assert "The careers team let your employer know that the sessions have ended, and nothing more." in client.page.text


def test_where_the_employer_has_no_contact_it_closes_with_a_reason_that_the_team_alone_reads(
    browser_of: Browsers, client: Browser, complete: Referral, counsellor: User, adviser: User
) -> None:
    Employer.update(contact_email="", contact_name="").execute()
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/referrals/{complete.public_id}/end-notice")
    assert "Weald Trust has no contact on record" in at_counsellor.page.text
    assert "An administrator can add one" in at_counsellor.page.text
    assert at_counsellor.press("Close without telling the employer").status_code == 422
    assert "Enter why it is closed without telling the employer" in at_counsellor.page.text
    assert fresh(complete).status == Status.SESSIONS_COMPLETE
    at_counsellor.press("Close without telling the employer", reason="The practice has closed down.")

    assert fresh(complete).ending == Ending.COMPLETE
    assert queued("sessions_ended") == []
    assert "The practice has closed down." in browser_of(adviser).get(f"/referrals/{complete.public_id}").text
    client.get(personal_address(fresh(complete)).removeprefix("http://localhost"))
    assert "The practice has closed down." not in client.page.text
    assert "let your employer" not in client.page.text


def test_an_administrator_of_the_team_gets_the_link_to_add_one(
    browser_of: Browsers, complete: Referral, adviser: User
) -> None:
    Employer.update(contact_email="").execute()
    factories.give(adviser, Role.ADMINISTRATOR)
    at_adviser = browser_of(adviser)
    at_adviser.get(f"/referrals/{complete.public_id}/end-notice")

    assert at_adviser.get(at_adviser.page.link("Add one")).status_code == 200


def test_the_employer_can_still_be_told_when_a_contact_is_on_record_later(complete: Referral, counsellor: User) -> None:
    Employer.update(contact_email="").execute()
    actions.finish(fresh(complete), counsellor, complete.version, "Nobody named yet.")
    with pytest.raises(RuleBroken, match="on record"):
        actions.announce(fresh(complete), counsellor)
    Employer.update(contact_email=CONTACT).execute()
    actions.announce(fresh(complete), counsellor)

    assert queued("sessions_ended") == [CONTACT]


def test_it_is_refused_while_the_sessions_are_not_complete(
    browser_of: Browsers, case: Referral, counsellor: User
) -> None:
    case = factories.sessions_held(case, 1)
    with pytest.raises(RuleBroken, match="not complete yet"):
        actions.finish(case, counsellor, case.version)
    assert browser_of(counsellor).get(f"/referrals/{case.public_id}/end-notice").status_code == 409
    assert EndTold.select().count() == 0


def test_a_complete_case_is_not_closed_for_another_reason(
    browser_of: Browsers, complete: Referral, adviser: User
) -> None:
    for ending in (Ending.UNABLE_TO_CONTACT, Ending.LEFT_PROGRAMME, Ending.WITHDREW_PART_WAY):
        with pytest.raises(RuleBroken, match="close the case by telling the employer"):
            referrals.close(complete, ending, adviser, complete.version)
    at_adviser = browser_of(adviser)
    assert "Close this referral" not in at_adviser.get(f"/referrals/{complete.public_id}").text
    assert at_adviser.get(f"/referrals/{complete.public_id}/closure").status_code == 409


def test_it_is_refused_while_a_meeting_is_still_to_come(complete: Referral, counsellor: User) -> None:
    factories.a_meeting(complete, clock.now() + timedelta(days=3))
    with pytest.raises(RuleBroken, match="A meeting is booked for 17 May 2027"):
        actions.finish(complete, counsellor, complete.version)


def test_a_second_press_tells_nobody_again(browser_of: Browsers, complete: Referral, counsellor: User) -> None:
    version = complete.version
    actions.finish(fresh(complete), counsellor, version)
    for row in (fresh(complete), complete):
        with pytest.raises((RuleBroken, StaleRecord)):
            actions.finish(row, counsellor, version)
    at_counsellor = browser_of(counsellor)
    assert at_counsellor.get(f"/referrals/{complete.public_id}/end-notice").status_code == 303
    assert queued("sessions_ended") == [CONTACT]


def test_who_changed_the_case_meanwhile_is_not_overwritten(complete: Referral, counsellor: User) -> None:
    version = complete.version
    Referral.update(version=version + 1).execute()
    with pytest.raises(StaleRecord):
        actions.finish(complete, counsellor, version)

    assert EndTold.select().count() == 0


def test_a_contact_who_changed_before_it_leaves_is_not_written_to(
    complete: Referral, counsellor: User, arrived: Arrived
) -> None:
    actions.finish(complete, counsellor, complete.version)
    Employer.update(contact_email="new@trust.example").execute()

    assert arrived("sessions_ended") == []


def test_a_case_complete_for_a_week_waits_on_the_start_pages_of_counsellor_and_adviser(
    browser_of: Browsers, complete: Referral, counsellor: User, adviser: User
) -> None:
    words = {counsellor: "tell the employer that the sessions have ended", adviser: "1 case complete, whose employer"}
    for who, said in words.items():
        assert said not in browser_of(who).get("/").text
    clock.set_to(clock.now() + timedelta(days=7, minutes=1))
    for who, said in words.items():
        assert said in browser_of(who).get("/").text
    other = factories.a_user(Role.COUNSELLOR)
    assert complete.reference not in browser_of(other).get("/").text
    actions.finish(complete, counsellor, complete.version)
    for who, said in words.items():
        assert said not in browser_of(who).get("/").text


def test_nobody_else_can_send_it(
    browser_of: Browsers, complete: Referral, referrer: User, head: User, administrator: User
) -> None:
    path = f"/referrals/{complete.public_id}/end-notice"
    for somebody in (referrer, head, administrator):
        assert browser_of(somebody).get(path).status_code == 403
    assert browser_of(factories.a_user(Role.COUNSELLOR)).get(path).status_code == 404


# The trainee stops part-way


def test_a_trainee_stops_with_one_click_and_counsellor_and_adviser_are_told(
    client: Browser, case: Referral, adviser: User, counsellor: User, referrer: User, arrived: Arrived
) -> None:
    case = factories.sessions_held(case, 1)
    meeting = factories.a_meeting(case, clock.now() + timedelta(days=3))
    Attendee.create(meeting=meeting, user=counsellor, name=counsellor.name, email=counsellor.email)
    Attendee.create(meeting=meeting, name=case.trainee_name, email=TRAINEE)
    client.get(personal_address(case).removeprefix("http://localhost"))
    client.get(client.page.link("I would rather stop here"))
    assert "you need give no reason" in client.page.text
    client.press("Stop here")

    assert client.page.h1 == "Your page"
    assert (fresh(case).ending, fresh(case).status) == (Ending.WITHDREW_PART_WAY, Status.CLOSED)
    assert Meeting.get_by_id(meeting.id).state == MeetingState.CANCELLED
    assert arrived("stopped_part_way") == sorted([adviser.email, counsellor.email])
    assert arrived("stopped_trainee") == [TRAINEE]
    assert queued("not_going_ahead_referrer") == queued("sessions_ended") == []
    calendars = {one.kind: one.calendar_method for one in Notice.select() if one.calendar_method}
    assert calendars == {"stopped_part_way": "CANCEL", "stopped_trainee": "CANCEL"}


def test_signed_in_they_stop_the_same_way(browser_of: Browsers, case: Referral) -> None:
    factories.sessions_held(case, 1)
    at_trainee = browser_of(factories.a_user(email=TRAINEE))
    at_trainee.get(f"/referrals/{case.public_id}")
    at_trainee.get(at_trainee.page.link("I would rather stop here"))
    at_trainee.press("Stop here")

    assert fresh(case).ending == Ending.WITHDREW_PART_WAY


def test_nothing_is_stopped_that_has_not_begun_is_complete_or_is_over(
    client: Browser, case: Referral, counsellor: User
) -> None:
    path = personal_address(case).removeprefix("http://localhost")
    with pytest.raises(RuleBroken, match="No meeting is booked yet"):
        referrals.stop(fresh(case), by=link_of(case))
    assert client.get(f"{path}/stopping").status_code == 409
    complete = factories.sessions_held(case, 2)
    with pytest.raises(RuleBroken, match="complete, so there is nothing to stop"):
        referrals.stop(complete, by=link_of(case))
    client.get(path)
    assert "I would rather stop here" not in client.page.text
    actions.finish(complete, counsellor, complete.version)
    with pytest.raises(RuleBroken, match="closed already"):
        referrals.stop(fresh(case), by=link_of(case))


# Every way to end


def declined(case: Referral, by: User) -> None:
    referrals.decline(case, by=link_of(case))


def withdrawn(case: Referral, by: User) -> None:
    referrals.withdraw(case, by=case.referred_by)


def stopped(case: Referral, by: User) -> None:
    referrals.stop(case, by=link_of(case))


def closed_as(ending: Ending) -> Callable[[Referral, User], None]:
    def close(case: Referral, by: User) -> None:
        first = factories.a_referral(trainee_email=TRAINEE) if ending == Ending.DUPLICATE else None
        referrals.close(case, ending, by, case.version, first)

    return close


# How it ends | sessions held | an email to the referrer | what the referrer reads | whether the team may tell the employer
WAYS = [
    (Ending.DECLINED, declined, 0, True, "Not going ahead", False),
    (Ending.WITHDRAWN, withdrawn, 0, False, "Not going ahead", False),
    (Ending.DUPLICATE, closed_as(Ending.DUPLICATE), 0, True, "Not going ahead", False),
    (Ending.DUPLICATE, closed_as(Ending.DUPLICATE), 1, False, "With the careers team", False),
    (Ending.UNABLE_TO_CONTACT, closed_as(Ending.UNABLE_TO_CONTACT), 0, True, "Not going ahead", False),
    (Ending.UNABLE_TO_CONTACT, closed_as(Ending.UNABLE_TO_CONTACT), 1, False, "With the careers team", True),
    (Ending.LEFT_PROGRAMME, closed_as(Ending.LEFT_PROGRAMME), 0, True, "Not going ahead", False),
    (Ending.LEFT_PROGRAMME, closed_as(Ending.LEFT_PROGRAMME), 1, False, "With the careers team", True),
    (Ending.WITHDREW_PART_WAY, closed_as(Ending.WITHDREW_PART_WAY), 1, False, "With the careers team", True),
    (Ending.WITHDREW_PART_WAY, stopped, 1, False, "With the careers team", True),
    (Ending.COMPLETE, lambda case, by: actions.finish(case, by, case.version), 2, False, "With the careers team", None),
]


@pytest.mark.parametrize(("ending", "end", "held", "referrer_gets", "referrer_reads", "team_may"), WAYS)
def test_each_way_to_end_tells_the_referrer_and_lets_the_team_tell_what_the_table_says(
    case: Referral,
    adviser: User,
    referrer: User,
    ending: Ending,
    end: Callable[[Referral, User], None],
    held: int,
    referrer_gets: bool,
    referrer_reads: str,
    team_may: bool | None,
) -> None:
    end(factories.sessions_held(case, held), adviser)
    ended = fresh(case)
    clock.set_to(clock.now() + timedelta(minutes=5))

    assert ended.ending == ending
    assert queued("not_going_ahead_referrer") == ([referrer.email] if referrer_gets else [])
    assert cases.words_for_referrer([ended]) == {ended.id: referrer_reads}
    if team_may is None:
        assert queued("sessions_ended") == [CONTACT]
        return
    assert queued("sessions_ended") == []
    if team_may:
        actions.announce(ended, adviser)
        actions.announce(ended, adviser)
        assert queued("sessions_ended") == [CONTACT]
        assert fresh(case).ending == ending
    else:
        with pytest.raises(RuleBroken, match="No sessions have ended here"):
            actions.announce(ended, adviser)
        assert queued("sessions_ended") == []


def test_every_ending_stands_in_both_tables() -> None:
    assert {ending for ending, *_ in WAYS} == set(Ending) == set(endings.RULES)
    for ending, _, held, gets, _, may in WAYS:
        assert endings.RULES[ending].says_not_going_ahead(held > 0) == gets
        assert endings.RULES[ending].team_may_tell(held > 0) == (may is None or may)


def test_the_notice_of_another_ending_is_offered_on_the_page_and_sent(
    browser_of: Browsers, case: Referral, counsellor: User
) -> None:
    stopped(factories.sessions_held(case, 1), counsellor)
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/referrals/{case.public_id}")
    at_counsellor.get(at_counsellor.page.link("Tell the employer that the sessions have ended"))
    at_counsellor.press("Send")

    assert queued("sessions_ended") == [CONTACT]
    assert set(queries.told(fresh(case), Teller.TEAM)) == {Party.EMPLOYER}


@pytest.mark.parametrize("held", [0, 1])
def test_a_duplicate_or_what_never_began_is_refused_on_its_page_too(
    browser_of: Browsers, case: Referral, adviser: User, held: int
) -> None:
    closed_as(Ending.DUPLICATE)(factories.sessions_held(case, held), adviser)
    clock.set_to(clock.now() + timedelta(minutes=5))

    assert browser_of(adviser).get(f"/referrals/{case.public_id}/end-notice").status_code == 409
    Employer.update(contact_email="").execute()
    assert browser_of(adviser).get(f"/referrals/{case.public_id}/end-notice").status_code == 409


def test_while_the_closing_can_be_undone_the_employer_is_told_nothing(case: Referral, adviser: User) -> None:
    closed_as(Ending.LEFT_PROGRAMME)(factories.sessions_held(case, 1), adviser)
    with pytest.raises(RuleBroken, match="can still be undone until"):
        actions.announce(fresh(case), adviser)
    referrals.undo_closing(fresh(case), adviser)

    assert fresh(case).status == Status.IN_PROGRESS
    assert cases.had_begun([fresh(case)]) == frozenset()


def test_a_team_mailbox_is_told_in_place_of_its_people(informed: Referral, counsellor: User) -> None:
    Setting.create(name="tsg_mailbox", value="tsg@team.example")
    case = factories.sessions_held(informed, 2)
    actions.finish(case, counsellor, case.version)

    assert queued("sessions_ended") == sorted([CONTACT, "tsg@team.example"])


def test_a_contact_who_is_the_trainee_is_nobody_to_tell(complete: Referral, counsellor: User) -> None:
    Employer.update(contact_email=TRAINEE).execute()

    assert queries.parties_of_team(fresh(complete)) == []
    with pytest.raises(RuleBroken, match="on record"):
        actions.finish(fresh(complete), counsellor, complete.version)


# By whoever covers


@pytest.fixture
def covering(complete: Referral, adviser: User) -> User:
    """A colleague who stands in while the counsellor is away."""
    colleague = factories.a_user(Role.COUNSELLOR, name="Cato Colleague")
    record_access.cover(complete, colleague, clock.today() + timedelta(days=5), "Leave.", adviser)
    return colleague


def test_whoever_covers_tells_the_employer_and_closes_the_case(
    browser_of: Browsers, complete: Referral, covering: User, arrived: Arrived
) -> None:
    at = browser_of(covering)
    at.get(f"/referrals/{complete.public_id}")
    at.get(at.page.link("Tell the employer, and close the case"))
    at.press(CLOSE)

    assert fresh(complete).ending == Ending.COMPLETE
    assert arrived("sessions_ended") == [CONTACT]


def test_whoever_covers_is_reminded_of_it_on_their_start_page(
    browser_of: Browsers, complete: Referral, covering: User, adviser: User
) -> None:
    clock.set_to(clock.now() + timedelta(days=8))
    record_access.cover(complete, covering, clock.today() + timedelta(days=5), "Leave.", adviser)

    assert f"Case {complete.reference} is complete" in browser_of(covering).get("/").text


def test_whoever_covers_notes_that_more_sessions_were_agreed(
    browser_of: Browsers, complete: Referral, covering: User
) -> None:
    at = browser_of(covering)
    at.get(f"/referrals/{complete.public_id}/agreed-sessions")
    today = clock.today()
    day = {"discussed_on-day": today.day, "discussed_on-month": today.month, "discussed_on-year": today.year}
    at.press("Save the number agreed", number="3", **day)

    assert fresh(complete).agreed_sessions == 3


def test_when_the_cover_is_over_there_is_no_such_page(browser_of: Browsers, complete: Referral, covering: User) -> None:
    clock.set_to(clock.now() + timedelta(days=6))
    at = browser_of(covering)

    for page in ("end-notice", "agreed-sessions", "telling-for-trainee"):
        assert at.get(f"/referrals/{complete.public_id}/{page}").status_code == 404
    assert fresh(complete).status == Status.SESSIONS_COMPLETE
