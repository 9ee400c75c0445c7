"""Several referrals at one press: preview, done, refused, undone; and views of one's own."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from models import Conflict, Notice, NoticeState, Referral, Role, SavedView, Stage, Status, User
from signpost import clock
from signpost.notices import delivery
from signpost.referrals import actions
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox

Browsers = Callable[[User], Browser]


def ids(referrals: list[Referral]) -> str:
    return "&".join(f"id={one.public_id}" for one in referrals)


def stages() -> list[str]:
    return [one.stage for one in Referral.select().order_by(Referral.id)]


def test_several_referrals_are_assigned_at_one_press_and_taken_back_at_one_press(
    app: Flask, browser_of: Browsers, mailbox: Mailbox, adviser: User, counsellor: User
) -> None:
    three = [factories.a_referral() for _ in range(3)]
    with app.app_context():
        delivery.send_due()
    before = len(mailbox.received)
    at_adviser = browser_of(adviser)
    at_adviser.get(f"/referrals/inbox/assignment?{ids(three)}&counsellor={counsellor.public_id}")
    assert "6 emails will be sent" in at_adviser.page.text
    assert stages() == [Stage.WAITING] * 3, "looking changes nothing"
    at_adviser.press("Assign 3 referrals")
    assert stages() == [Stage.ASSIGNED] * 3
    assert "to 3 referrals" in at_adviser.page.text
    at_adviser.press("Undo this assignment")
    assert stages() == [Stage.WAITING] * 3
    with app.app_context(), clock.at(clock.now() + timedelta(minutes=2)):
        delivery.send_due()
    assert len(mailbox.received) == before


def test_several_referrals_are_closed_at_one_press_and_opened_again(
    app: Flask, browser_of: Browsers, adviser: User, counsellor: User
) -> None:
    two = [factories.a_referral() for _ in range(2)]
    with clock.at(clock.now() - timedelta(minutes=5)):
        actions.assign(two[0], counsellor, adviser, two[0].version)
    at_adviser = browser_of(adviser)
    at_adviser.get(f"/referrals/inbox/closure?{ids(two)}&ending=unable_to_contact")
    at_adviser.press("Close 2 referrals")
    assert stages() == [Stage.CLOSED] * 2
    at_adviser.press("Undo this closing")
    assert stages() == [Stage.ASSIGNED, Stage.WAITING], "each stands where it stood"
    assert [one.closed_at for one in Referral.select()] == [None, None]


def test_one_that_the_rules_refuse_is_named_and_does_not_hold_up_the_others(
    app: Flask, browser_of: Browsers, adviser: User, counsellor: User
) -> None:
    free, conflicted = factories.a_referral(), factories.a_referral()
    Conflict.create(counsellor=counsellor, trainee_email=conflicted.trainee_email, declared_at=clock.now())
    at_adviser = browser_of(adviser)
    at_adviser.get(f"/referrals/inbox/assignment?{ids([free, conflicted])}&counsellor={counsellor.public_id}")
    assert "has declared a conflict of interest" in at_adviser.page.text
    at_adviser.press("Assign 1 referral")
    assert stages() == [Stage.ASSIGNED, Stage.WAITING]


def test_one_that_changed_since_the_page_was_shown_is_told_and_the_rest_is_done(
    app: Flask, browser_of: Browsers, adviser: User, counsellor: User
) -> None:
    two = [factories.a_referral() for _ in range(2)]
    at_adviser = browser_of(adviser)
    at_adviser.get(f"/referrals/inbox/assignment?{ids(two)}&counsellor={counsellor.public_id}")
    actions.withdraw(two[0], by=two[0].referred_by)
    response = at_adviser.press("Assign 2 referrals")
    assert response.status_code == 409
    assert at_adviser.page.h1 == "Some were not done"
    assert stages() == [Stage.CLOSED, Stage.ASSIGNED]


def test_closing_cannot_be_undone_after_the_minute(app: Flask, browser_of: Browsers, adviser: User) -> None:
    referral = factories.a_referral()
    at_adviser = browser_of(adviser)
    at_adviser.get(f"/referrals/{referral.public_id}/closure")
    at_adviser.press("Close this referral", ending="left_programme")
    at_adviser.get(f"/referrals/{referral.public_id}")
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert at_adviser.press("Undo this closing").status_code == 409
    assert Referral.get().status == Status.CLOSED


def test_another_adviser_cannot_undo_what_is_not_theirs(
    app: Flask, browser_of: Browsers, adviser: User, counsellor: User
) -> None:
    referral = factories.a_referral()
    event = actions.assign(referral, counsellor, adviser, referral.version).event
    at_other = browser_of(factories.a_user(Role.SENIOR_ADVISER))
    assert at_other.submit(f"/referrals/events/{event.public_id}/undoing").status_code == 404
    assert stages() == [Stage.ASSIGNED]


def test_a_trainee_is_not_told_of_a_counsellor_when_the_referral_closed_within_the_minute(
    app: Flask, mailbox: Mailbox, adviser: User, counsellor: User
) -> None:
    referral = factories.a_referral()
    actions.assign(referral, counsellor, adviser, referral.version)
    actions.withdraw(referral, by=referral.referred_by)
    with app.app_context(), clock.at(clock.now() + timedelta(minutes=2)):
        delivery.send_due()
    assert not [message for message in mailbox.received if "Who will support you" in message.subject]
    assert Notice.get(Notice.kind == "assigned_trainee").state == NoticeState.WITHHELD


def test_a_view_of_ones_own_is_kept_under_a_name_and_is_nobody_elses(
    app: Flask, browser_of: Browsers, adviser: User
) -> None:
    at_adviser = browser_of(adviser)
    at_adviser.get("/referrals/inbox/views?address=/referrals/inbox?view=all%26concern=yes%26open=bcdfghjk")
    at_adviser.press("Keep this view", name="Concerns")
    assert SavedView.get().address == "/referrals/inbox?view=all&concern=yes"
    at_adviser.get("/referrals/inbox")
    assert at_adviser.page.link("Concerns") == "/referrals/inbox?view=all&concern=yes"
    at_adviser.get("/referrals/inbox/views?address=/referrals/inbox?view=closed")
    assert at_adviser.press("Keep this view", name="Concerns").status_code == 422
    at_other = browser_of(factories.a_user(Role.SENIOR_ADVISER))
    at_other.get("/referrals/inbox")
    assert "Concerns" not in [words for words, _ in at_other.page.links]
    assert at_other.submit(f"/referrals/inbox/views/{SavedView.get().public_id}/deletion").status_code == 404
    at_adviser.get("/referrals/inbox/views")
    at_adviser.press("Delete")
    assert SavedView.select().count() == 0


def test_the_address_of_a_view_is_always_one_of_the_inbox(app: Flask, browser_of: Browsers, adviser: User) -> None:
    at_adviser = browser_of(adviser)
    at_adviser.submit("/referrals/inbox/views", name="Elsewhere", address="https://elsewhere.example/referrals/inbox")
    assert SavedView.get().address == "/referrals/inbox"


def test_who_asks_what_would_happen_and_selects_nothing_is_told_so(
    app: Flask, browser_of: Browsers, adviser: User, counsellor: User
) -> None:
    chosen = ids([factories.a_referral() for _ in range(2)])
    at_adviser = browser_of(adviser)
    for act, words in (("assignment", "Select a counsellor"), ("closure", "Select why")):
        at_adviser.get(f"/referrals/inbox/{act}?{chosen}")
        assert "There is a problem" not in at_adviser.page.text
        at_adviser.get(f"/referrals/inbox/{act}?{chosen}&see=yes")
        assert "There is a problem" in at_adviser.page.text
        assert words in at_adviser.page.text
