"""A report beyond the School that was agreed and has not left can be withdrawn: who and why is kept, nothing is sent (E13)."""

import pytest

from models import AuditEntry, Event, Notice, ProgressionReport, ReportedTo, SupportDecision
from signpost.errors import RuleBroken
from signpost.notices import delivery
from signpost.progression import board, further, queries, reviews
from signpost.progression.further import Wanted, WhyWithdrawn
from signpost.progression.stand_in import Named
from tests.factories import a_review, a_support_meeting, a_user

PANEL = Named("Pia Panel", "panel@school.example")
WANTED = Wanted(ReportedTo.PANEL, PANEL, "All support was given", "Please look at this")
MISTAKE = WhyWithdrawn.MISTAKE


@pytest.fixture
def review(team, scientist, officer, director):
    made = a_review(team, scientist, officer, director=director)
    reviews.decide(made, SupportDecision.TRIAGE, team, made.version)
    a_support_meeting(made, director, team)
    return made


@pytest.fixture
def report(review, team, director):
    made = further.ask(review, WANTED, team)
    further.judge(made, True, director)
    return fresh(made)


def fresh(report):
    return ProgressionReport.get_by_id(report.id)


def test_it_is_withdrawn_once_and_nothing_is_sent(report, team, colleague, director):
    before = Notice.select().count()
    for _ in range(8):
        further.withdraw(fresh(report), MISTAKE, colleague)

    assert Notice.select().count() == before
    (event,) = Event.select().where(Event.name == "progression_report.withdrawn")
    assert (event.by_user, event.facts, event.about_id) == (colleague, {"why": "mistake"}, report.public_id)
    assert AuditEntry.select().where(AuditEntry.action == "progression_report.withdrawn").count() == 1
    assert queries.withdrawals([fresh(report)])[report.id].by_user == colleague
    assert fresh(report).second == director
    with pytest.raises(RuleBroken, match="withdrawn, so it is not sent"):
        further.send(fresh(report), team)
    with pytest.raises(RuleBroken, match="decided already"):
        further.judge(fresh(report), True, director)
    assert board.of(team).reports == []


def test_a_letter_about_it_that_has_not_left_does_not_leave(app, report, team, scientist, mailbox):
    further.withdraw(report, MISTAKE, team)
    with app.app_context():
        delivery.send_due()

    assert [one.subject for one in mailbox.to(scientist.email) if "Before anything is sent" in one.subject] == []


def test_what_left_is_not_withdrawn_and_words_say_so(browser_of, report, team, director):
    further.send(report, team)
    with pytest.raises(RuleBroken, match="it cannot be withdrawn"):
        further.withdraw(fresh(report), MISTAKE, team)
    browser = browser_of(director)
    browser.followed(browser.get(f"/progression/reports/{report.public_id}/withdrawal"))

    assert browser.page.h1 == "A report beyond the School"
    assert "What was sent cannot be withdrawn" in browser.page.text
    assert fresh(report).is_agreed
    assert not queries.withdrawals([fresh(report)])


def test_what_nobody_agreed_to_is_not_withdrawn(review, team, director):
    report = further.ask(review, WANTED, team)
    with pytest.raises(RuleBroken, match="nothing to withdraw"):
        further.withdraw(report, MISTAKE, team)
    further.judge(report, False, director)
    with pytest.raises(RuleBroken, match="nothing to withdraw"):
        further.withdraw(fresh(report), MISTAKE, team)
    assert not Event.select().where(Event.name == "progression_report.withdrawn").exists()


def test_nobody_else_withdraws_it(report, scientist, officer):
    for who in (scientist, officer, a_user()):
        with pytest.raises(RuleBroken, match="Somebody of the School"):
            further.withdraw(report, MISTAKE, who)
    assert fresh(report).is_agreed


def test_it_can_be_asked_for_anew(report, review, team, director):
    further.withdraw(report, WhyWithdrawn.NOT_RIGHT, team)
    again = further.ask(review, WANTED, team)
    further.judge(again, True, director)
    further.send(fresh(again), team)

    assert fresh(again).sent_at is not None
    assert list(queries.withdrawals(ProgressionReport.select())) == [report.id]


def test_on_the_pages_of_all(browser_of, report, review, team, director, scientist, officer):
    browser = browser_of(director)
    browser.get(f"/progression/reports/{report.public_id}")
    browser.get(f"/progression/reports/{report.public_id}/withdrawal")
    assert browser.press("Withdraw it").status_code == 422
    assert "Select why it is withdrawn" in browser.page.text
    browser.press("Withdraw it", why="changed")

    assert "Withdrawn by Dana Director" in browser.page.text
    assert "the circumstances have changed" in browser.page.text
    assert "Dana Director had agreed to it" in browser.page.text
    assert "Send it" not in browser.page.text
    browser.get(f"/progression/reviews/{review.public_id}")
    assert "withdrawn before it was sent" in browser.page.text
    at_trainee = browser_of(scientist)
    at_trainee.get(f"/progression/reviews/{review.public_id}")
    assert "It withdrew that on" in at_trainee.page.text
    assert "circumstances" not in at_trainee.page.text
    assert "Please look at this" not in at_trainee.page.text
    at_officer = browser_of(officer)
    at_officer.get(f"/progression/reviews/{review.public_id}")
    assert "withdr" not in at_officer.page.text


def test_a_stale_page_that_sends_after_it_was_withdrawn_says_so(browser_of, report, team, colleague):
    browser = browser_of(team)
    browser.get(f"/progression/reports/{report.public_id}")
    further.withdraw(fresh(report), MISTAKE, colleague)
    answer = browser.press("Send it")

    assert answer.status_code == 409
    assert "It was withdrawn, so it is not sent" in browser.page.text
