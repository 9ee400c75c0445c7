"""The trainee's one click: who is ticked and why, who hears, that nobody hears twice, and what follows silence (A21)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models import Agreed, EndTold, Event, Notice, NoticeRecipient, NoticeState, Party, Referral, Role, RoleHeld, User
from signpost import clock, due
from signpost.accounts import links
from signpost.completion import actions, falling_due, queries
from signpost.errors import RuleBroken
from signpost.events import personal_address
from signpost.referrals import actions as referrals
from tests import factories
from tests.browser_client import Browser
from tests.completion.conftest import TRAINEE, fresh, link_of, queued

Browsers = Callable[[User], Browser]
Arrived = Callable[[str], list[str]]
BUTTON = "Tell them that your sessions are complete"
ALL = {Party.REFERRER, Party.HEAD, Party.TSG}


def own_page(client: Browser, case: Referral) -> str:
    path = personal_address(case).removeprefix("http://localhost")
    client.get(path)
    return path


def ticked(page: object) -> list[str]:
    form = page.form_with(BUTTON)  # type: ignore[attr-defined]
    return [value for name, value in form.fields if name == "parties"]


# Who is ticked


def test_only_the_referrer_is_ticked_where_nobody_else_knows(client: Browser, complete: Referral) -> None:
    own_page(client, complete)

    assert ticked(client.page) == ["referrer"]
    assert client.page.text.count("this may be the first they hear of it") == 2
    assert "The service asks you to tell all three" in client.page.text


def test_whoever_was_informed_is_ticked(client: Browser, informed: Referral) -> None:
    own_page(client, factories.sessions_held(informed, 2))

    assert ticked(client.page) == ["referrer", "head", "tsg"]
    assert "first they hear" not in client.page.text


def test_the_head_alone_where_nothing_is_released(client: Browser, informed: Referral, head: User) -> None:
    referrals.release(informed, "nothing", "", by=head)
    own_page(client, factories.sessions_held(informed, 2))

    assert ticked(client.page) == ["referrer", "head"]


def test_where_there_is_nobody_to_tell_the_page_says_so_and_offers_no_tick(client: Browser, complete: Referral) -> None:
    Referral.update(school=None).execute()
    RoleHeld.delete().where(RoleHeld.role.in_((Role.TSG, Role.REFERRER))).execute()
    own_page(client, fresh(complete))

    assert "We do not know which school is yours" in client.page.text
    assert client.page.text.count("Nobody is on record there") == 2
    assert BUTTON not in client.page.text


def test_a_school_without_a_head_is_said_so(client: Browser, complete: Referral) -> None:
    RoleHeld.delete().where(RoleHeld.role == Role.HEAD_OF_SCHOOL).execute()
    own_page(client, complete)

    assert "Nobody is on record there" in client.page.text
    assert "head" not in [choice for name, choice in client.page.form_with(BUTTON).fields if name == "parties"]


def test_nothing_is_offered_before_the_sessions_are_complete(client: Browser, case: Referral) -> None:
    path = own_page(client, factories.sessions_held(case, 1))

    assert BUTTON not in client.page.text
    assert client.get(f"{path}/telling").status_code == 409
    with pytest.raises(RuleBroken, match="not complete yet"):
        actions.tell(fresh(case), {Party.REFERRER}, by=link_of(case))


# The click


def test_one_click_sends_one_message_to_each_who_is_ticked(
    client: Browser, informed: Referral, arrived: Arrived, referrer: User, head: User, tsg: User
) -> None:
    own_page(client, factories.sessions_held(informed, 2))
    client.press(BUTTON)

    assert client.page.h1 == "Your page"
    assert "was told on 14 May 2027" in client.page.text
    assert arrived("sessions_complete") == sorted([referrer.email, head.email, tsg.email])


def test_the_words_say_that_the_sessions_are_complete_and_nothing_more(client: Browser, complete: Referral) -> None:
    own_page(client, complete)
    client.press(BUTTON)
    notice = Notice.get(Notice.kind == "sessions_complete")

    assert notice.text == (
        "Dear Robin Referrer,\n\nThe agreed sessions with the careers team are complete.\n\nSam Sample\n"
    )
    assert (notice.sender_name, notice.reply_to) == ("Sam Sample", TRAINEE)


def test_signed_in_it_is_the_same_page(browser_of: Browsers, complete: Referral, referrer: User) -> None:
    trainee = factories.a_user(email=TRAINEE)
    at_trainee = browser_of(trainee)
    at_trainee.get(f"/referrals/{complete.public_id}")
    at_trainee.press(BUTTON)

    assert "was told on" in at_trainee.page.text
    assert queued("sessions_complete") == [referrer.email]
    assert at_trainee.get(f"/referrals/{complete.public_id}/telling").status_code == 200


def test_a_second_press_of_the_same_page_leads_back_and_sends_nothing(
    client: Browser, complete: Referral, referrer: User
) -> None:
    path = own_page(client, complete)
    for _ in range(2):
        assert client.submit(f"{path}/telling", parties="referrer").status_code == 303

    assert queued("sessions_complete") == [referrer.email]


def test_a_second_press_sends_nothing(complete: Referral, referrer: User) -> None:
    for _ in range(2):
        actions.tell(fresh(complete), {Party.REFERRER}, by=link_of(complete))

    assert queued("sessions_complete") == [referrer.email]
    assert Event.select().where(Event.name == "completion.told").count() == 1


def test_another_is_told_later_and_who_was_told_is_not_told_again(
    client: Browser, complete: Referral, referrer: User, head: User
) -> None:
    own_page(client, complete)
    client.press(BUTTON)
    client.press(BUTTON, parties=["head"])

    assert queued("sessions_complete") == sorted([referrer.email, head.email])


def test_it_is_still_offered_when_the_team_has_closed_the_case(
    client: Browser, complete: Referral, counsellor: User, referrer: User
) -> None:
    actions.finish(complete, counsellor, complete.version)
    own_page(client, fresh(complete))
    client.press(BUTTON)

    assert queued("sessions_complete") == [referrer.email]


def test_to_tell_nobody_is_refused_beside_the_ticks(client: Browser, complete: Referral) -> None:
    own_page(client, complete)
    response = client.press(BUTTON, parties=None)

    assert response.status_code == 422
    assert "Select at least one of those who are to be told" in client.page.text
    assert EndTold.select().count() == 0
    with pytest.raises(RuleBroken, match="Select at least one"):
        actions.tell(complete, set(), by=link_of(complete))


@pytest.mark.parametrize("party", ["employer", "everybody", "", "referrer' --"])
def test_whom_the_page_does_not_offer_cannot_be_told(client: Browser, complete: Referral, party: str) -> None:
    own_page(client, complete)

    assert client.press(BUTTON, parties=[party]).status_code == 422
    assert EndTold.select().count() == 0


def test_somebody_who_stands_for_two_of_them_gets_one_message(informed: Referral, head: User, referrer: User) -> None:
    factories.give(head, Role.TSG)
    case = factories.sessions_held(informed, 2)
    actions.tell(case, ALL, by=link_of(case))

    addresses = queued("sessions_complete")
    assert addresses.count(head.email) == 1


def test_a_trainee_who_is_head_of_the_school_does_not_tell_themselves(complete: Referral, head: User) -> None:
    Referral.update(trainee_email=head.email, trainee=head).execute()

    (of_head,) = [one for one in queries.still_to_tell(fresh(complete)) if one.party == Party.HEAD]
    assert of_head.names == ()
    with pytest.raises(RuleBroken, match="nobody on record"):
        actions.tell(fresh(complete), {Party.HEAD}, by=head)


def test_the_head_of_the_moment_is_told_and_not_the_one_before(
    complete: Referral, head: User, arrived: Arrived
) -> None:
    """A head who changes in the middle of a case."""
    RoleHeld.delete().where(RoleHeld.user == head).execute()
    new = factories.a_head(complete.school, name="Nour New")
    actions.tell(complete, {Party.HEAD}, by=link_of(complete))

    assert arrived("sessions_complete") == [new.email]


def test_whose_time_is_over_before_it_leaves_is_not_written_to(
    complete: Referral, head: User, arrived: Arrived
) -> None:
    actions.tell(complete, {Party.HEAD, Party.REFERRER}, by=link_of(complete))
    RoleHeld.delete().where(RoleHeld.user == head).execute()

    assert head.email not in arrived("sessions_complete")
    row = NoticeRecipient.get(NoticeRecipient.permission == "A21-head")
    assert row.state == NoticeState.WITHHELD


def test_the_referrer_reads_that_it_has_ended_only_once_they_were_told(
    browser_of: Browsers, complete: Referral, counsellor: User, referrer: User
) -> None:
    actions.finish(complete, counsellor, complete.version)
    path = f"/referrals/{complete.public_id}"
    assert "With the careers team" in browser_of(referrer).get(path).text
    assert "With the careers team" in browser_of(referrer).get("/referrals").text

    actions.tell(fresh(complete), {Party.REFERRER}, by=link_of(complete))
    for page in (path, "/referrals"):
        text = browser_of(referrer).get(page).text
        assert "Ended" in text
        assert "With the careers team" not in text


def test_an_old_link_or_anothers_opens_nothing(client: Browser, complete: Referral, browser_of: Browsers) -> None:
    path = own_page(client, complete)
    links.withdraw_all(complete)

    assert client.get(f"{path}/telling").status_code == 404
    assert client.get(f"{path}/stopping").status_code == 404
    assert browser_of(factories.a_user(Role.TRAINEE)).get(f"/referrals/{complete.public_id}/telling").status_code == 404


def test_the_team_cannot_press_the_trainees_button(
    browser_of: Browsers, complete: Referral, counsellor: User, adviser: User, referrer: User, head: User
) -> None:
    for somebody in (counsellor, adviser, referrer, head):
        assert browser_of(somebody).submit(
            f"/referrals/{complete.public_id}/telling", parties="referrer"
        ).status_code == 404  # fmt: skip
    assert EndTold.select().count() == 0


# Silence


def at_day(case: Referral, days: int) -> int:
    return falling_due.remind(queries.completion_of(case).completed_at + timedelta(days=days, minutes=1))  # type: ignore[union-attr]


def test_a_trainee_who_told_nobody_is_reminded_after_7_and_14_days_and_no_more(complete: Referral) -> None:
    done = [at_day(complete, day) for day in (0, 6, 7, 7, 8, 13, 14, 14, 15, 40, 400)]

    assert done == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    assert queued("please_tell_them") == [TRAINEE] * 3  # when complete, and twice after


def test_a_pass_that_comes_late_reminds_once(complete: Referral) -> None:
    assert [at_day(complete, day) for day in (20, 21)] == [1, 0]


def test_it_runs_with_whatever_falls_due(complete: Referral) -> None:
    clock.set_to(clock.now() + timedelta(days=8))

    assert due.run(clock.now())["sessions complete, nobody told"] == 1


def test_whoever_told_somebody_is_not_reminded(complete: Referral) -> None:
    actions.tell(complete, {Party.REFERRER}, by=link_of(complete))

    assert at_day(complete, 30) == 0


def test_a_case_that_goes_on_is_not_reminded(complete: Referral, counsellor: User) -> None:
    completed_at = queries.completion_of(complete).completed_at  # type: ignore[union-attr]
    actions.agree_sessions(complete, 3, clock.today(), counsellor, complete.version)

    assert falling_due.remind(completed_at + timedelta(days=30)) == 0


def test_reminders_go_on_when_the_team_has_closed_the_case(complete: Referral, counsellor: User) -> None:
    actions.finish(complete, counsellor, complete.version)

    assert [at_day(complete, day) for day in (7, 14)] == [1, 1]


# The counsellor, after that


@pytest.fixture
def reminded(complete: Referral) -> Referral:
    for day in (7, 14):
        at_day(complete, day)
    clock.set_to(clock.now() + timedelta(days=15))
    return fresh(complete)


def agreed(case: Referral, parties: set[Party], by: User, days_ago: int = 0) -> None:
    on = clock.today() - timedelta(days=days_ago)
    actions.tell_for_trainee(case, parties, on, Agreed.BY_TELEPHONE, by)


def test_after_two_reminders_the_counsellor_may_send_and_the_trainee_sees_how_they_agreed(
    browser_of: Browsers, client: Browser, reminded: Referral, counsellor: User, referrer: User, arrived: Arrived
) -> None:
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/referrals/{reminded.public_id}")
    at_counsellor.get(at_counsellor.page.link("Tell others for the trainee, as they agreed"))
    day = {"agreed_on-day": "28", "agreed_on-month": "5", "agreed_on-year": "2027"}
    assert at_counsellor.press("Send for the trainee").status_code == 422
    assert "Enter the day on which the trainee agreed" in at_counsellor.page.text
    assert "Select how the trainee agreed" in at_counsellor.page.text
    at_counsellor.press("Send for the trainee", agreed_how="by_telephone", **day)

    assert "by the counsellor with their agreement" in at_counsellor.page.text
    assert arrived("sessions_complete") == [referrer.email]
    assert arrived("told_for_you") == [TRAINEE]
    text = Notice.get(Notice.kind == "told_for_you").text
    assert "As you agreed on Friday 28 May 2027" in text
    assert "* the person who referred you" in text
    row = EndTold.get()
    assert (row.agreed_on.isoformat(), row.agreed_how) == ("2027-05-28", Agreed.BY_TELEPHONE)
    own_page(client, fresh(reminded))
    assert "by your counsellor, as you agreed on 28 May 2027" in client.page.text
    assert "agreed by telephone on 28 May 2027" in client.page.text


def test_what_the_counsellor_sends_says_who_asked_and_is_answered_to_them(reminded: Referral, counsellor: User) -> None:
    agreed(reminded, {Party.REFERRER}, counsellor)
    notice = Notice.get(Notice.kind == "sessions_complete")

    assert (
        "Sam Sample has asked me to let you know that the agreed sessions with the careers team are complete."
        in notice.text
    )
    assert notice.reply_to == counsellor.email


def test_before_the_second_reminder_the_counsellor_may_not(
    browser_of: Browsers, complete: Referral, counsellor: User
) -> None:
    at_day(complete, 7)
    with pytest.raises(RuleBroken, match="once they were reminded twice"):
        agreed(complete, {Party.REFERRER}, counsellor)
    at_counsellor = browser_of(counsellor)
    assert at_counsellor.get(f"/referrals/{complete.public_id}/telling-for-trainee").status_code == 409
    at_counsellor.get(f"/referrals/{complete.public_id}")
    assert "Tell others for the trainee" not in at_counsellor.page.text
    assert EndTold.select().count() == 0


def test_the_day_of_the_agreement_is_not_in_the_future(reminded: Referral, counsellor: User) -> None:
    with pytest.raises(RuleBroken, match="cannot be in the future"):
        agreed(reminded, {Party.REFERRER}, counsellor, days_ago=-1)


def test_a_second_press_of_the_counsellor_sends_nothing(reminded: Referral, counsellor: User) -> None:
    for _ in range(2):
        agreed(fresh(reminded), {Party.REFERRER}, counsellor)

    assert len(queued("sessions_complete")) == len(queued("told_for_you")) == 1


def test_what_is_left_is_the_trainees_to_tell(reminded: Referral, counsellor: User, head: User) -> None:
    agreed(reminded, {Party.REFERRER}, counsellor)
    with pytest.raises(RuleBroken, match="theirs to tell"):
        agreed(fresh(reminded), {Party.HEAD}, counsellor)

    actions.tell(fresh(reminded), {Party.HEAD}, by=link_of(reminded))
    assert head.email in queued("sessions_complete")


def test_the_adviser_does_not_send_for_the_trainee(browser_of: Browsers, reminded: Referral, adviser: User) -> None:
    path = f"/referrals/{reminded.public_id}/telling-for-trainee"

    assert browser_of(adviser).get(path).status_code == 403
    assert browser_of(factories.a_user(Role.COUNSELLOR)).get(path).status_code == 404


def test_the_preview_says_exactly_what_is_sent_and_changes_nothing(client: Browser, complete: Referral) -> None:
    own_page(client, complete)

    assert "The agreed sessions with the careers team are complete." in client.page.text
    assert EndTold.select().count() == 0
    assert queued("sessions_complete") == []
