"""The referral form and what comes of it, when somebody types, pastes or presses what they should not."""

from collections.abc import Callable

import pytest
from flask import Flask

from models import Draft, Employer, Notice, NoticeRecipient, Referral, Role, RoleHeld, School, User
from signpost.config import Config
from signpost.notices import delivery
from tests import databases, factories
from tests.browser_client import Browser
from tests.smtp_server import Mailbox, Received

Browsers = Callable[[User], Browser]

LETTERS_OF_A_REFERRAL = 3
HEADERS = {
    *("Content-Type", "MIME-Version", "Subject", "From", "To", "Cc", "Reply-To", "Date", "Message-ID"),
    *("Auto-Submitted", "X-Signpost-Notice"),
}
LINE_BREAKERS = ["\r\n", "\n", "\r", "\x00", "\x0b", "\x1c", "\x85", "\u2028", "\u2029"]
EVIL = "evil@elsewhere.example"


@pytest.fixture
def school(head: User) -> School:
    return School.get(School.name == "School of Medicine")


@pytest.fixture
def filled_in(adviser: User, school: School) -> dict[str, str]:
    return {
        "trainee_name": "Sam Ng",
        "trainee_email": "sam@trainees.example",
        "school": school.public_id,
        "employer": factories.an_employer("Weald Hospitals").public_id,
        "request": "Would like to talk about what comes next.",
        "wider_concerns": "yes",
    }


@pytest.fixture
def at_form(browser_of: Browsers, referrer: User) -> Browser:
    at_referrer = browser_of(referrer)
    at_referrer.get("/referrals/new")
    return at_referrer


def deliver(app: Flask) -> None:
    with app.app_context():
        delivery.send_due()


def unharmed(received: Received) -> bool:
    """Whether a message has the headers of every message, once each, and nothing that a reader of mail stumbles over."""
    names = list(received.message.keys())
    return set(names) <= HEADERS and len(names) == len(set(names)) and not received.message.defects


def test_an_empty_form_says_what_is_missing_field_by_field(at_form: Browser) -> None:
    assert at_form.press("Check what will be sent").status_code == 422
    for words in (
        "Enter the trainee’s name",
        "Enter the trainee’s email address",
        "Select the trainee’s employer",
        "Enter your request",
        "Select yes if there are wider concerns",
    ):
        assert words in at_form.page.text


def test_five_megabytes_in_the_request_are_refused_in_a_sentence_and_kept(
    at_form: Browser, filled_in: dict[str, str]
) -> None:
    pasted = "many words " * 476_625
    response = at_form.press("Check what will be sent", **filled_in | {"request": pasted})
    assert response.status_code == 422
    assert "Your request must be 1,000 characters or fewer. It is 5,242,874 characters." in at_form.page.text
    form = at_form.page.form_with("Check what will be sent")
    assert form.value("request") == pasted.strip()
    assert form.value("trainee_name") == "Sam Ng"


def test_more_than_the_site_reads_is_told_so_and_nothing_is_written(
    at_form: Browser, filled_in: dict[str, str]
) -> None:
    response = at_form.press("Check what will be sent", **filled_in | {"request": "x" * 9 * 1024 * 1024})
    assert response.status_code == 413
    assert at_form.page.h1 == "That is too large to send"
    assert Draft.select().count() == Referral.select().count() == 0


@pytest.mark.parametrize("field", ["school", "employer"])
def test_an_unknown_choice_is_asked_again(at_form: Browser, filled_in: dict[str, str], field: str) -> None:
    for unknown in ("bcdfghjk", "1", "-1", "x' OR '1'='1", filled_in["school" if field == "employer" else "employer"]):
        response = at_form.press("Check what will be sent", **filled_in | {field: unknown})
        assert response.status_code == 422
        assert at_form.page.title.startswith("Error: ")
    assert Referral.select().count() == 0


@pytest.mark.parametrize(
    "address",
    [
        *("plain", "@trainees.example", "sam@", "sam@@trainees.example", "sam@trainees", "sam ng@trainees.example"),
        *("Sam <sam@trainees.example>", f"sam@trainees.example,{EVIL}", f"sam@trainees.example {EVIL}"),
        *(
            "sam@trainees..example",
            ".sam@trainees.example",
            "sam@[127.0.0.1]",
            "sám@trainees.example",
            '"s m"@t.example',
        ),
        *("sam@-trainees.example", f"sam@{'t' * 250}.example"),
    ],
)
def test_what_is_no_address_is_asked_again_and_kept(at_form: Browser, filled_in: dict[str, str], address: str) -> None:
    response = at_form.press("Check what will be sent", **filled_in | {"trainee_email": address})
    assert response.status_code == 422
    assert "Trainee’s email address" in at_form.page.text
    assert at_form.page.form_with("Check what will be sent").value("trainee_email") == address


@pytest.mark.parametrize("field", ["trainee_name", "trainee_email"])
def test_a_line_break_in_a_field_that_reaches_a_header_is_refused(
    at_form: Browser, filled_in: dict[str, str], field: str
) -> None:
    for breaker in LINE_BREAKERS:
        broken = f"{filled_in[field]}{breaker}Bcc: {EVIL}"
        response = at_form.press("Check what will be sent", **filled_in | {field: broken})
        assert response.status_code == 422, repr(breaker)
    assert Referral.select().count() == Notice.select().count() == 0


def test_rows_that_hold_line_breaks_all_the_same_add_no_header_and_no_recipient(
    app: Flask, mailbox: Mailbox, adviser: User, head: User, referrer: User, school: School
) -> None:
    """As if a name had come in by another way than the forms: everybody's name at once, for each kind of break."""
    for number, breaker in enumerate(LINE_BREAKERS):
        tail = f"{breaker}Bcc: {EVIL}{breaker}{breaker}A body"
        for person in (adviser, head, referrer):
            person.name = f"Name{tail}"
            person.save()
        email = f"sam{number}@trainees.example"
        factories.a_referral(
            referrer, school=school, wider_concerns=True, trainee_name=f"Sam{tail}", trainee_email=email
        )
        deliver(app)
        arrived, mailbox.received = mailbox.received, []
        wanted = [{adviser.email, email, head.email}, {email}, {referrer.email}]
        assert sorted(map(sorted, (set(one.recipients) for one in arrived))) == sorted(map(sorted, wanted)), repr(
            breaker
        )
        assert all(unharmed(one) for one in arrived), repr(breaker)
        assert all(one.message["Bcc"] is None for one in arrived)


def test_a_line_break_is_refused_wherever_a_person_or_a_place_is_named(
    app: Flask, browser_of: Browsers, mailbox: Mailbox, adviser: User, administrator: User
) -> None:
    referral, person = factories.a_referral(), factories.a_user(Role.MENTOR)
    employer = Employer.get()
    at_administrator, at_adviser = browser_of(administrator), browser_of(adviser)
    at_administrator.get("/organisation/settings")
    settings = dict(at_administrator.page.form_with("Save settings").fields)
    for client, path, fields, field in (
        (at_administrator, "/people/new", {"email": "new@signpost.example", "name": "New", "role": "mentor"}, "name"),
        (at_administrator, "/people/new", {"email": "new@signpost.example", "name": "New", "role": "mentor"}, "email"),
        (
            at_administrator,
            f"/people/{person.public_id}/details",
            {"name": "N", "email": person.email, "version": "1"},
            "name",
        ),
        (
            at_administrator,
            f"/organisation/employers/{employer.public_id}",
            {"name": "N", "version": "1"},
            "contact_name",
        ),
        (
            at_administrator,
            f"/organisation/employers/{employer.public_id}",
            {"name": "N", "version": "1"},
            "contact_email",
        ),
        (at_administrator, "/organisation/settings", settings, "organisation_name"),
        (at_administrator, "/organisation/settings", settings, "team_name"),
        (at_administrator, "/organisation/settings", settings, "adviser_mailbox"),
        (at_adviser, f"/referrals/{referral.public_id}/address", {"version": "1"}, "email"),
    ):
        token = client.token()
        for breaker in LINE_BREAKERS:
            broken = f"a@signpost.example{breaker}Bcc: {EVIL}"
            response = client.post(path, data=fields | {"csrf_token": token, field: broken})
            assert response.status_code == 422, f"{path} {field} {breaker!r}"
    deliver(app)
    assert all(unharmed(one) and EVIL not in one.recipients for one in mailbox.received)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Zoë 👩🏽‍⚕️ Núñez", "zoe@trainees.example"),
        ("עמר חדד", "omar+ltft@trainees.example"),
        ("Siobhán O'Reilly-D’Arcy", "siobhan.o'reilly@trainees.example"),
        ("Ng, Sam (Dr)", "sam-ng@sub-domain.trainees.example"),
    ],
)
def test_unusual_names_and_addresses_arrive_as_they_were_typed(
    app: Flask, at_form: Browser, filled_in: dict[str, str], mailbox: Mailbox, name: str, email: str
) -> None:
    at_form.press("Check what will be sent", **filled_in | {"trainee_name": name, "trainee_email": email})
    assert name in at_form.page.text
    at_form.press("Send referral")
    deliver(app)
    own = [one for one in mailbox.received if one.recipients == (email,)]
    assert [(one.display_name, one.addr_spec) for one in own[0].message["To"].addresses] == [(name, email)]
    copied = next(one for one in mailbox.received if len(one.recipients) > 1)
    assert (name, email) in [(one.display_name, one.addr_spec) for one in copied.message["Cc"].addresses]


def test_markup_and_template_words_are_shown_and_sent_as_they_are(
    app: Flask, at_form: Browser, filled_in: dict[str, str], browser_of: Browsers, adviser: User, mailbox: Mailbox
) -> None:
    words = "<b>bold</b> <script>alert(1)</script> {{7*7}} {% raw %} ${7*7} &amp; <img src=x>"
    at_form.press("Check what will be sent", **filled_in | {"request": words, "trainee_name": "<i>Sam</i> {{7*7}}"})
    assert words in at_form.page.text
    at_form.press("Send referral")
    at_adviser = browser_of(adviser)
    for path in (f"/referrals/{Referral.get().public_id}", "/referrals/inbox"):
        at_adviser.get(path)
        assert "<i>Sam</i> {{7*7}}" in at_adviser.page.text
        assert "<script>alert" not in at_adviser.page.html
        assert "<img src=x" not in at_adviser.page.html
    deliver(app)
    letter = next(one for one in mailbox.received if len(one.recipients) > 1)
    assert words in letter.text
    html = letter.message.get_body(("html",))
    assert html is not None
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} {% raw %} ${7*7} &amp;amp; &lt;img src=x&gt;"
        in html.get_content()
    )
    assert "<script" not in html.get_content()


def test_going_back_after_sending_and_pressing_again_shows_what_was_sent(
    app: Flask, at_form: Browser, filled_in: dict[str, str]
) -> None:
    at_form.press("Check what will be sent", **filled_in)
    check = at_form.page
    at_form.press("Send referral")
    at_form.page = check
    at_form.press("Send referral")
    assert at_form.page.h1 == "Referral sent"
    assert Referral.select().count() == 1
    assert Notice.select().count() == LETTERS_OF_A_REFERRAL


# In the middle of a form


def test_an_expired_form_keeps_what_was_typed(app: Flask, at_form: Browser, filled_in: dict[str, str]) -> None:
    response = at_form.post("/referrals/new", data=filled_in | {"csrf_token": "of yesterday"})
    assert response.status_code == 400
    at_form.press("Send it again")
    assert at_form.page.h1 == "Check what will be sent"
    assert filled_in["request"] in at_form.page.text


def test_an_expired_release_and_assignment_keep_what_was_typed(
    app: Flask, browser_of: Browsers, head: User, tsg: User, adviser: User, counsellor: User, school: School
) -> None:
    referral = factories.a_referral(school=school, wider_concerns=True)
    at_head, at_adviser = browser_of(head), browser_of(adviser)
    typed = {"choice": "words", "words": "Support is in place. <b>Well</b>"}
    assert at_head.post(f"/referrals/{referral.public_id}/release", data=typed).status_code == 400
    at_head.press("Send it again")
    assert "Support is in place. <b>Well</b>" in at_head.page.text
    chosen = {"counsellor": counsellor.public_id, "reason": "", "version": str(referral.version)}
    assert at_adviser.post(f"/referrals/{referral.public_id}/assignment", data=chosen).status_code == 400
    assert Referral.get().assigned_to is None
    at_adviser.press("Send it again")
    assert Referral.get().assigned_to == counsellor


def test_a_role_taken_away_in_mid_form_refuses_and_keeps_the_draft(
    app: Flask, at_form: Browser, filled_in: dict[str, str], referrer: User
) -> None:
    at_form.submit("/referrals/new/draft", **filled_in)
    at_form.get("/referrals/new")
    held = RoleHeld.get(RoleHeld.user == referrer)
    kind = held.referrer_kind
    held.delete_instance()
    assert at_form.press("Check what will be sent", **filled_in).status_code == 403
    assert at_form.get("/referrals/new/check").status_code == 403
    assert Referral.select().count() == 0
    factories.give(referrer, Role.REFERRER, referrer_kind=kind)
    at_form.get("/referrals/new")
    assert at_form.page.form_with("Check what will be sent").value("request") == filled_in["request"]


def test_a_locked_database_loses_nothing_and_works_afterwards(
    config: Config, at_form: Browser, filled_in: dict[str, str]
) -> None:
    at_form.press("Check what will be sent", **filled_in)
    with databases.somebody_else_is_writing(config.database_url):
        response = at_form.press("Send referral")
    assert response.status_code == 503
    assert at_form.page.h1 == "Signpost is busy"
    assert Referral.select().count() == Notice.select().count() == NoticeRecipient.select().count() == 0
    assert Draft.select().count() == 1
    at_form.press("Send it again")
    assert at_form.page.h1 == "Referral sent"
    assert Notice.select().count() == LETTERS_OF_A_REFERRAL


def test_what_can_no_longer_be_sent_is_said_in_a_form_that_can(at_form: Browser, filled_in: dict[str, str]) -> None:
    at_form.press("Check what will be sent", **filled_in)
    RoleHeld.delete().where(RoleHeld.role == Role.HEAD_OF_SCHOOL).execute()
    at_form.press("Send referral")
    assert "has no head of school on record" in at_form.page.text
    at_form.press("Check what will be sent", wider_concerns="no")
    assert at_form.page.h1 == "Check what will be sent"
