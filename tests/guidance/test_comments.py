"""Comments reach the owner of a page, and one without a name leads to nobody (B11, C2)."""

from datetime import timedelta

import pytest

from models import (
    TABLES,
    AuditEntry,
    Event,
    FailedSignIn,
    GuidanceComment,
    GuidanceCommentWaiting,
    Notice,
    Role,
)
from signpost import clock
from signpost.guidance import actions, falling_due, pace, queries
from signpost.notices import delivery
from tests.factories import a_user

FORM = "/guidance/careers-session/structure/comments"
WORDS = "The second phase is hard to follow."
INJECTION = "Hello\r\nBcc: everybody@elsewhere.example\r\nSubject: Won\r\n\r\nBuy."


def page():
    return queries.guide().by_key["careers-session/structure"]


def next_morning(days=1, hour=9):
    """In London, where the day has begun an hour before that of UTC in summer."""
    return clock.start_of(clock.today() + timedelta(days=days)) + timedelta(hours=hour)


def test_with_a_name_the_owner_hears_at_once(browser_of, trainee, adviser):
    browser = browser_of(trainee)
    browser.get(FORM)
    browser.press("Send your comment", words=WORDS, name="with")

    assert browser.page.h1 == "Thank you"
    made = GuidanceComment.get()
    assert (made.by_user, made.words, made.owner) == (trainee, WORDS, "senior_adviser")
    notice = Notice.get(Notice.kind == "guidance_comment")
    assert [row.address for row in notice.recipients] == [adviser.email]
    assert WORDS not in notice.text
    assert "/guidance/comments" in notice.text


def test_without_a_name_nothing_says_who_or_when(browser_of, trainee, adviser):
    browser = browser_of(trainee)
    browser.get(FORM)
    before = {table: table.select().count() for table in TABLES}
    browser.press("Send your comment", words=WORDS, name="without")
    after = {table: table.select().count() for table in TABLES}

    assert {table for table in TABLES if before[table] != after[table]} == {GuidanceCommentWaiting}
    assert set(GuidanceCommentWaiting._meta.fields) == {"public_id", "page", "owner", "words", "written_on"}
    assert GuidanceComment.select().count() == 0


def test_the_log_does_not_say_who_was_at_the_form(browser_of, trainee, adviser, caplog):
    browser = browser_of(trainee)
    browser.get("/guidance/careers-session/structure")
    browser.get(FORM)
    browser.press("Send your comment", words=WORDS, name="without")

    said = [(one.endpoint, one.person is None) for one in caplog.records if one.name == "signpost.requests"]
    assert ("guidance.show", False) in said
    assert {nobody for endpoint, nobody in said if endpoint == "guidance.comment"} == {True}


def test_it_is_delivered_the_next_morning_with_the_others_of_its_day(browser_of, trainee, adviser, client):
    for number in range(3):
        actions.comment(page(), f"{WORDS} {number}", None)

    assert falling_due.deliver(clock.now()) == 0
    assert falling_due.deliver(next_morning(hour=5)) == 0
    assert falling_due.deliver(next_morning()) == 3
    assert falling_due.deliver(next_morning()) == 0
    assert GuidanceCommentWaiting.select().count() == 0
    assert {row.words for row in GuidanceComment.select()} == {f"{WORDS} {number}" for number in range(3)}
    assert Notice.select().where(Notice.kind == "guidance_comment").count() == 1


def test_no_event_or_audit_of_one_without_a_name_names_anybody(browser_of, trainee, adviser):
    browser = browser_of(trainee)
    browser.get(FORM)
    browser.press("Send your comment", words=WORDS, name="without")
    falling_due.deliver(next_morning())

    made = GuidanceComment.get()
    assert made.by_user is None
    event = Event.get(Event.name == "guidance.comments_delivered")
    assert event.by_user.email == "signpost@signpost.invalid"
    entries = [row for row in AuditEntry.select() if "comment" in row.action]
    assert [row.actor for row in entries] == [f"user:{event.by_user.public_id}"]
    assert trainee.public_id not in event.facts_json


def test_the_box_is_shuffled_and_sealed_anew_each_time(app):
    actions.comment(page(), "one", None)
    first = {row.public_id: bytes(row.__data__["words"]) for row in GuidanceCommentWaiting.select()}
    actions.comment(page(), "two, and longer", None)
    second = {row.public_id: bytes(row.__data__["words"]) for row in GuidanceCommentWaiting.select()}

    assert not set(first) & set(second)
    assert not set(first.values()) & set(second.values())
    assert len({len(sealed) for sealed in [*first.values(), *second.values()]}) == 1


def test_a_stranger_may_comment_and_is_not_asked_for_a_name(client, adviser):
    client.get(FORM)
    assert "Do you want to give your name?" not in client.page.text
    client.press("Send your comment", words=WORDS)

    assert client.page.h1 == "Thank you"
    assert GuidanceCommentWaiting.select().count() == 1


def test_a_header_injection_is_words_and_nothing_more(browser_of, trainee, adviser, mailbox, app):
    browser = browser_of(trainee)
    browser.get(FORM)
    browser.press("Send your comment", words=INJECTION, name="with")
    with app.app_context(), clock.at(clock.now() + timedelta(minutes=5)):
        delivery.send_due()

    (letter,) = mailbox.received
    assert list(letter.recipients) == [adviser.email]
    assert letter.subject == "Somebody has commented on the guidance"
    assert "Bcc" not in letter.message
    assert "everybody@elsewhere.example" not in letter.message.as_string()
    assert "Bcc: everybody@elsewhere.example" in GuidanceComment.get().words


@pytest.mark.parametrize(
    ("words", "why"), [("", "Enter your comment"), ("x" * 2001, "2,000 characters or fewer"), ("a\x00b", "control")]
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(client, words, why):
    client.get(FORM)
    answer = client.press("Send your comment", words=words)

    assert answer.status_code == 422
    assert why in client.page.text
    assert GuidanceCommentWaiting.select().count() == 0


def test_whoever_is_signed_in_has_to_say_whether_with_a_name(browser_of, trainee):
    browser = browser_of(trainee)
    browser.get(FORM)
    answer = browser.press("Send your comment", words=WORDS)

    assert answer.status_code == 422
    assert "Say whether you want to give your name" in browser.page.text


def test_a_flood_from_one_network_is_slowed_down_and_leaves_no_trace_of_it(client, monkeypatch):
    monkeypatch.setattr(pace, "MOST", 2)
    for number in range(2):
        client.get(FORM)
        client.press("Send your comment", words=f"{WORDS} {number}")
    client.get(FORM)
    answer = client.press("Send your comment", words=WORDS)

    assert answer.status_code == 422
    assert "Many comments have come from your network" in client.page.text
    assert GuidanceCommentWaiting.select().count() == 2
    assert FailedSignIn.select().count() == 0


def test_only_so_many_wait_for_one_owner(client, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WAITING", 1)
    client.get(FORM)
    client.press("Send your comment", words=WORDS)
    client.get(FORM)
    answer = client.press("Send your comment", words="Other words.")

    assert answer.status_code == 422
    assert "no more can be left before tomorrow" in client.page.text


def test_one_person_can_send_only_so_many_with_their_name(browser_of, trainee, adviser, monkeypatch):
    monkeypatch.setattr(actions, "MOST_NAMED_A_DAY", 1)
    browser = browser_of(trainee)
    for status in (200, 422):
        browser.get(FORM)
        assert browser.press("Send your comment", words=f"{WORDS} {status}", name="with").status_code == status


@pytest.mark.parametrize("name", ["with", "without"])
def test_the_same_words_sent_twice_are_one_comment(browser_of, trainee, adviser, name):
    browser = browser_of(trainee)
    for _ in range(2):
        browser.get(FORM)
        browser.press("Send your comment", words=WORDS, name=name)

    assert GuidanceComment.select().count() + GuidanceCommentWaiting.select().count() == 1
    assert Notice.select().where(Notice.kind == "guidance_comment").count() == (name == "with")


def test_the_owner_reads_them_and_notes_what_is_dealt_with(browser_of, trainee, adviser):
    actions.comment(page(), WORDS, trainee)
    browser = browser_of(adviser)
    browser.get("/guidance/comments")
    assert WORDS in browser.page.text
    assert trainee.name in browser.page.text
    browser.press("Dealt with")

    assert "No comment waits for you." in browser.page.text
    assert "by Alex Adviser" in browser.page.text
    assert GuidanceComment.get().dealt_with_by == adviser


def test_comments_are_for_the_owner_and_governance_alone(browser_of, trainee, adviser, governance, administrator):
    actions.comment(page(), WORDS, trainee)
    one = GuidanceComment.get().public_id
    rtt = a_user(Role.RTT_TEAM)

    browser = browser_of(rtt)
    browser.get("/guidance/comments")
    assert WORDS not in browser.page.text
    assert browser.submit(f"/guidance/comments/{one}/dealt-with").status_code == 404
    assert browser_of(administrator).get("/guidance/comments").status_code == 403
    browser = browser_of(governance)
    browser.get("/guidance/comments")
    assert WORDS in browser.page.text
    assert GuidanceComment.get().dealt_with_by is None
