"""The first journey from end to end, by the pages and the messages alone: referrer, trainee, adviser, counsellor, head, TSG."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import getaddresses

import pytest
from flask import Flask

from models import Employer, Notice, NoticeRecipient, NoticeState, Referral, Role, School, User
from signpost import clock
from signpost.notices import delivery
from tests import factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox, Received

Browsers = Callable[[User], Browser]

REQUEST = "Sam would value help in thinking through what comes after core training."


@pytest.fixture
def school(head: User) -> School:
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def employer(app: Flask) -> Employer:
    return factories.an_employer("Weald Hospitals")


def filled_in(school: School, employer: Employer, **changed: str) -> dict[str, str]:
    usual = {
        "trainee_name": "Sam O’Neill-Núñez",
        "trainee_email": "sam+dr@trainee.example",
        "school": school.public_id,
        "employer": employer.public_id,
        "request": REQUEST,
        "wider_concerns": "yes",
    }
    return usual | changed


def deliver(app: Flask, later: timedelta = timedelta(0)) -> None:
    with app.app_context(), clock.at(clock.now() + later):
        delivery.send_due()


def about(mailbox: Mailbox, subject: str) -> list[Received]:
    """The messages whose subject has these words."""
    return [letter for letter in mailbox.received if subject in letter.subject]


def addresses(letter: Received, header: str) -> list[str]:
    return sorted(address for _, address in getaddresses([str(letter.message[header] or "")]))


def the_link(mailbox: Mailbox) -> str:
    """The personal link in the newest message to the trainee alone."""
    texts = [letter.text for letter in mailbox.received if "/links/" in letter.text]
    return next(line for line in texts[-1].splitlines() if "/links/" in line).removeprefix("http://localhost")


def test_a_referral_with_wider_concerns_reaches_everyone_it_should_and_nobody_else(
    app: Flask,
    browser_of: Browsers,
    client: Browser,
    mailbox: Mailbox,
    adviser: User,
    counsellor: User,
    referrer: User,
    head: User,
    tsg: User,
    school: School,
    employer: Employer,
) -> None:
    # The referrer fills in the form, sees the emails, and sends.
    at_referrer = browser_of(referrer)
    at_referrer.get("/referrals/new")
    at_referrer.press("Check what will be sent", **filled_in(school, employer))
    assert at_referrer.page.h1 == "Check what will be sent"
    assert REQUEST in at_referrer.page.text
    assert Referral.select().count() == 0
    at_referrer.press("Send referral")
    assert at_referrer.page.h1 == "Referral sent"
    referral = Referral.get()
    assert referral.reference in at_referrer.page.text

    # One email to the adviser, copied to the trainee and the head; a message of the trainee's own; a receipt.
    deliver(app)
    first = about(mailbox, "for careers support")
    assert [addresses(letter, "To") for letter in first] == [[adviser.email]]
    assert addresses(first[0], "Cc") == sorted([referral.trainee_email, head.email])
    assert addresses(first[0], "Reply-To") == [referrer.email]
    assert REQUEST in first[0].text
    assert "/links/" not in first[0].text
    assert sorted(first[0].recipients) == sorted([adviser.email, referral.trainee_email, head.email])
    own = [letter for letter in mailbox.received if "/links/" in letter.text]
    assert [list(letter.recipients) for letter in own] == [[referral.trainee_email]]
    assert len(mailbox.received) == 3

    # The trainee reads what was written and accepts; opening the link did nothing by itself.
    link = the_link(mailbox)
    client.get(link)
    assert REQUEST in client.page.text
    assert "employer know that the sessions have ended" in client.page.text
    assert Referral.get().accepted_at is None
    client.press("Yes, I would like the support")
    assert "You accepted the support" in client.page.text

    # The adviser sees it at the top of the inbox, assigns with one decision, and may undo for a minute.
    at_adviser = browser_of(adviser)
    at_adviser.get("/referrals/inbox")
    assert "Sam O’Neill-Núñez" in at_adviser.page.text
    at_adviser.get(f"/referrals/{referral.public_id}/assignment")
    at_adviser.press("Assign this counsellor", counsellor=counsellor.public_id)
    deliver(app)
    assert len(mailbox.received) == 3, "the emails wait for the undo minute"
    at_adviser.get(f"/referrals/{referral.public_id}")
    at_adviser.press("Undo this assignment")
    assert Referral.get().assigned_to is None
    deliver(app, timedelta(minutes=2))
    assert len(mailbox.received) == 3, "nobody was told of what was undone"

    at_adviser.get(f"/referrals/{referral.public_id}/assignment")
    at_adviser.press("Assign this counsellor", counsellor=counsellor.public_id)
    deliver(app, timedelta(minutes=2))
    told = about(mailbox, "Who will support you")
    assert [list(letter.recipients) for letter in told] == [[referral.trainee_email]]
    assert counsellor.email in told[0].text
    assert addresses(told[0], "Reply-To") == [adviser.email]
    assert adviser.name in str(told[0].message["From"])
    assert [list(letter.recipients) for letter in about(mailbox, "assigned to you")] == [[counsellor.email]]

    # The counsellor finds the trainee; the referrer reads a plain status and no name of a counsellor.
    at_counsellor = browser_of(counsellor)
    at_counsellor.get(f"/referrals/{referral.public_id}")
    assert referral.trainee_email in at_counsellor.page.text
    at_referrer.get(f"/referrals/{referral.public_id}")
    assert "With the careers team" in at_referrer.page.text
    assert counsellor.name not in at_referrer.page.html

    # The TSG knows nothing until the head of school releases it, and then the head's words alone.
    at_tsg = browser_of(tsg)
    assert at_tsg.get(f"/referrals/{referral.public_id}").status_code == 404
    at_head = browser_of(head)
    at_head.get(f"/referrals/{referral.public_id}/release")
    at_head.press("Check what will be sent", choice="words", words="Support is in place. No action needed.")
    at_head.press("Release this")
    deliver(app)
    released = about(mailbox, "The careers team is involved")
    assert [list(letter.recipients) for letter in released] == [[tsg.email]]
    assert "No action needed" in released[0].text
    assert REQUEST not in released[0].text
    at_tsg.get("/referrals/released")
    assert "No action needed" in at_tsg.page.text
    at_tsg.get(f"/referrals/{referral.public_id}")
    assert REQUEST not in at_tsg.page.html


def test_without_wider_concerns_the_head_hears_nothing_until_they_are_added(
    app: Flask,
    browser_of: Browsers,
    mailbox: Mailbox,
    adviser: User,
    referrer: User,
    head: User,
    school: School,
    employer: Employer,
) -> None:
    at_referrer = browser_of(referrer)
    at_referrer.get("/referrals/new")
    at_referrer.press("Check what will be sent", **filled_in(school, employer, wider_concerns="no"))
    at_referrer.press("Send referral")
    deliver(app)
    assert all(head.email not in list(letter.recipients) for letter in mailbox.received)
    referral = Referral.get()
    assert browser_of(head).get(f"/referrals/{referral.public_id}").status_code == 404

    at_referrer.get(f"/referrals/{referral.public_id}/concerns")
    at_referrer.press("Inform the head of school")
    deliver(app)
    added = about(mailbox, "wider concerns added")
    assert [(addresses(letter, "To"), addresses(letter, "Cc")) for letter in added] == [
        ([head.email], [referral.trainee_email])
    ]


def test_a_wrong_address_is_put_right_and_only_the_missed_messages_go_again(
    app: Flask,
    browser_of: Browsers,
    client: Browser,
    mailbox: Mailbox,
    adviser: User,
    referrer: User,
    school: School,
    employer: Employer,
) -> None:
    mailbox.refuse["sam+dr@trainee.example"] = "550 5.1.1 no such user"
    at_referrer = browser_of(referrer)
    at_referrer.get("/referrals/new")
    at_referrer.press("Check what will be sent", **filled_in(school, employer, wider_concerns="no"))
    at_referrer.press("Send referral")
    deliver(app)
    referral = Referral.get()
    at_adviser = browser_of(adviser)
    at_adviser.get("/notices?show=failed")
    assert "no such address" in at_adviser.page.text
    at_adviser.get(f"/referrals/{referral.public_id}/address")
    at_adviser.press("Correct the address", email="sam.right@trainee.example")
    for notice in list(Notice.select().where(Notice.state == NoticeState.FAILED)):
        at_adviser.submit(f"/notices/{notice.public_id}/copies")
    before = len(mailbox.received)
    deliver(app)
    again = mailbox.received[before:]
    assert {letter.recipients for letter in again} == {("sam.right@trainee.example",)}
    assert client.get(the_link(mailbox)).status_code == 200
    sent_to_adviser = NoticeRecipient.select().where(
        (NoticeRecipient.address == adviser.email) & (NoticeRecipient.state == NoticeState.SENT)
    )
    assert sent_to_adviser.count() == 2, "the row and its copy both know that the adviser has it"
    assert sum(adviser.email in list(letter.recipients) for letter in mailbox.received) == 1


def test_the_trainee_says_no_and_the_referrer_hears_only_that_it_is_not_going_ahead(
    app: Flask, browser_of: Browsers, client: Browser, mailbox: Mailbox, adviser: User, referrer: User
) -> None:
    referral = factories.a_referral(by=referrer)
    deliver(app)
    client.get(the_link(mailbox))
    client.get(client.page.link("No, I would rather not"))
    client.press("Say no")
    assert Referral.get().ending == "declined"
    deliver(app)
    to_referrer = [letter for letter in mailbox.received if letter.recipients == (referrer.email,)][-1]
    assert "not going ahead" in to_referrer.text
    assert "no" not in to_referrer.subject.split()
    at_referrer = browser_of(referrer)
    at_referrer.get(f"/referrals/{referral.public_id}")
    assert "Not going ahead" in at_referrer.page.text
    assert "said no" not in at_referrer.page.text


def test_each_page_opens_for_the_people_it_is_for(
    app: Flask, browser_of: Browsers, adviser: User, counsellor: User, referrer: User, head: User, school: School
) -> None:
    referral = factories.a_referral(by=referrer, school=school, wider_concerns=True)
    one = f"/referrals/{referral.public_id}"
    for person, paths in {
        adviser: ["/", "/referrals", "/referrals/inbox", f"/referrals/inbox?open={referral.public_id}", one, f"{one}/assignment",
                  f"{one}/closure", f"{one}/address", "/notices", "/notices?show=waiting"],
        counsellor: ["/", "/account/work", "/account/work/places", "/account/work/absences", "/account/work/conflicts"],
        referrer: ["/", "/referrals", "/referrals/new", one, f"{one}/withdrawal", f"{one}/sent"],
        head: ["/", "/referrals", one, f"{one}/release", "/notices"],
    }.items():  # fmt: skip
        browser = browser_of(person)
        for path in paths:
            assert browser.get(path).status_code == 200, f"{person.name}: {path}"


def test_a_role_that_has_no_part_in_referrals_finds_none(
    app: Flask, browser_of: Browsers, adviser: User, referrer: User
) -> None:
    referral = factories.a_referral(by=referrer)
    for role in (
        Role.RTT_TEAM,
        Role.MENTOR,
        Role.GOVERNANCE,
        Role.ADMINISTRATOR,
        Role.UNIVERSITY,
        Role.TSG,
        Role.COUNSELLOR,
    ):
        at_person = browser_of(factories.a_user(role))
        assert at_person.get(f"/referrals/{referral.public_id}").status_code == 404
