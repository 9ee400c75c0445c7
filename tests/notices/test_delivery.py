"""Handing messages to a real mail server, and what each of its answers means."""

import ipaddress
import random
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses, parsedate_to_datetime

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models import Event, Notice, NoticeRecipient, NoticeState, Referral, School, db
from signpost import clock
from signpost.notices import delivery, ledger, outbox
from signpost.notices.letters import Letter, Recipient
from signpost.notices.policy import Person
from signpost.referrals import actions
from tests import figures
from tests.factories import a_referral
from tests.smtp_server import Mailbox, MailServer, _Server

TRAINEE = "sam@trainees.example"


@pytest.fixture
def deliver(app):
    """Send what is due, at the moment or so long after it."""

    def send(**passed):
        with app.app_context(), clock.at(clock.now() + timedelta(**passed)):
            return delivery.send_due()

    return send


@pytest.fixture
def referral(adviser, referrer, head, mailbox):
    school = School.get(School.name == "School of Medicine")
    return a_referral(referrer, trainee_name="Sam Ng", trainee_email=TRAINEE, school=school, wider_concerns=True)


@pytest.fixture
def sent_referral(referral):
    """One whose own letters have all gone."""
    NoticeRecipient.update(state=NoticeState.SENT).execute()
    Notice.update(state=NoticeState.SENT).execute()
    return referral


def queue(referral, count=1, name="Sam Ng", sender="Team", subject="Subject", text="Words\n", reply_to="", cc=()):
    """So many letters to the trainee alone, and copied to these people."""
    people = [Recipient("to", Person(name, referral.trainee_email), "A7-link")]
    people += [Recipient("cc", Person(called, address), permission) for called, address, permission in cc]
    letter = Letter("personal_link", subject, text, tuple(people), reply_to, sender, False)
    with db.atomic():
        event = Event.create(
            name="link.sent_again", referral=referral, by_user=referral.referred_by, happened_at=clock.now()
        )
        outbox.queue(event, [letter] * count)
    return list(event.notices.order_by(Notice.id))


def notice(kind):
    return Notice.select().where(Notice.kind == kind).order_by(Notice.id.desc()).get()


def again(row):
    return Notice.get_by_id(row.id)


def states(row):
    """How the message stands for each person: address -> state, failure."""
    return {one.address: (one.state, one.failure) for one in row.recipients}


def plain(received):
    return received.text.replace("\r\n", "\n").strip()


def the_referral_email(mailbox):
    return next(one for one in mailbox.received if one.subject.startswith("Referral "))


def addresses(received, header):
    return sorted(one.addr_spec for one in received.message[header].addresses)


# As it arrives


def test_the_referral_goes_to_the_adviser_copied_to_the_trainee_and_the_head(
    referral, adviser, head, referrer, deliver, mailbox
):
    """A7, A8."""
    deliver()

    received = the_referral_email(mailbox)
    assert addresses(received, "To") == [adviser.email]
    assert addresses(received, "Cc") == sorted([TRAINEE, head.email])
    assert sorted(received.recipients) == sorted([adviser.email, TRAINEE, head.email])
    assert addresses(received, "Reply-To") == [referrer.email]
    assert getaddresses([received.message["From"]]) == [("Robin Referrer", "signpost@signpost.example")]
    assert received.sender == "signpost@signpost.example"


def test_each_message_says_what_it_is_to_other_programs(referral, deliver, mailbox):
    deliver()

    for received in mailbox.received:
        row = Notice.get(Notice.message_id == received.message["Message-ID"])
        assert received.message["Auto-Submitted"] == "auto-generated"
        assert received.message["X-Signpost-Notice"] == row.public_id
        assert abs(parsedate_to_datetime(received.message["Date"]) - row.queued_at) < timedelta(seconds=1)
        assert received.message["Bcc"] is None


def test_text_and_html_arrive_as_they_were_frozen(referral, deliver, mailbox):
    deliver()

    for received in mailbox.received:
        row = Notice.get(Notice.message_id == received.message["Message-ID"])
        assert received.subject == row.subject
        assert plain(received) == row.text.strip()
        html = received.message.get_body(("html",)).get_content()
        assert "<blockquote" in html or row.kind != "referral"


def test_what_was_queued_is_sent_even_if_names_and_templates_have_changed_since(referral, adviser, deliver, mailbox):
    frozen = notice("personal_link").text
    Referral.update(trainee_name="Another Name", request="Another request").execute()
    deliver()

    assert mailbox.to(TRAINEE)
    assert [plain(one) for one in mailbox.received if one.recipients == (TRAINEE,)] == [frozen.strip()]


def test_everything_due_goes_over_one_connection(sent_referral, deliver, mailbox):
    queue(sent_referral, outbox.BATCH)

    assert deliver() == outbox.BATCH
    assert len(mailbox.received) == outbox.BATCH
    assert mailbox.sessions == 1


def test_what_is_not_due_stays(sent_referral, counsellor, adviser, deliver, mailbox):
    actions.assign(sent_referral, counsellor, adviser, sent_referral.version)

    assert deliver() == 0
    assert deliver(seconds=61) == 2
    assert {one.subject for one in mailbox.received} == {
        "Who will support you",
        f"A trainee has been assigned to you ({sent_referral.reference})",
    }


def test_with_nothing_to_send_no_connection_is_made(app, deliver, mailbox):
    assert deliver() == 0
    assert mailbox.sessions == 0


def test_sending_stops_when_it_is_asked_to_and_the_rest_is_free(app, sent_referral, mailbox):
    queue(sent_referral, 5)
    with app.app_context():
        delivery.send_due(lambda: len(mailbox.received) >= 2)

    assert len(mailbox.received) == 2
    assert len(outbox.claim("another")) == 3


def test_no_text_is_left_of_nobody_when_all_are_withheld(sent_referral, deliver, mailbox):
    (row,) = queue(sent_referral)
    NoticeRecipient.update(permission="A99-gone").where(NoticeRecipient.notice == row).execute()
    deliver()

    assert mailbox.received == []
    assert again(row).state == NoticeState.WITHHELD


# What the server answers


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        ("550 5.1.1 no such user", delivery.NO_SUCH_ADDRESS),
        ("551 5.1.6 moved", delivery.NO_SUCH_ADDRESS),
        ("553 5.1.3 bad name", delivery.NO_SUCH_ADDRESS),
        ("552 5.2.2 full", delivery.MAILBOX_FULL),
        ("554 5.7.1 no", delivery.REFUSED),
        ("500 what", delivery.REFUSED),
    ],
)
def test_a_final_refusal_has_failed_at_once(sent_referral, deliver, mailbox, reply, failure):
    (row,) = queue(sent_referral)
    mailbox.refuse[TRAINEE] = reply
    deliver()

    assert again(row).state == NoticeState.FAILED
    assert states(row) == {TRAINEE: (NoticeState.FAILED, failure)}
    mailbox.refuse.clear()
    assert deliver(days=2) == 0
    assert mailbox.received == []


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        ("450 4.2.0 busy", delivery.BUSY),
        ("451 4.7.1 greylisted", delivery.BUSY),
        ("452 4.2.2 full", delivery.MAILBOX_FULL),
        ("421 4.3.2 going down", delivery.BUSY),
    ],
)
def test_a_passing_refusal_is_tried_again_with_the_same_message_id(sent_referral, deliver, mailbox, reply, failure):
    (row,) = queue(sent_referral)
    mailbox.refuse[TRAINEE] = reply
    deliver()
    assert states(row) == {TRAINEE: (NoticeState.QUEUED, failure)}

    assert deliver(seconds=30) == 0, "not before its time"
    deliver(seconds=61)
    assert again(row).attempts == 2
    mailbox.refuse.clear()
    deliver(seconds=240)

    (received,) = mailbox.received
    assert received.message["Message-ID"] == row.message_id
    assert states(row) == {TRAINEE: (NoticeState.SENT, "")}


def test_it_waits_longer_after_each_try(sent_referral, deliver, mailbox):
    (row,) = queue(sent_referral)
    mailbox.refuse[TRAINEE] = "451 later"
    waits, passed = [], timedelta(0)
    for _ in range(4):
        deliver(seconds=passed.total_seconds())
        waits.append(round((again(row).due_at - clock.now() - passed).total_seconds() / 60))
        passed += timedelta(minutes=waits[-1], seconds=5)

    assert waits == [1, 2, 4, 8]


def test_of_a_message_that_one_server_refuses_the_others_have_it_once(referral, adviser, head, deliver, mailbox):
    """A server that accepts half: only the refused person is tried again."""
    mailbox.refuse[adviser.email] = "451 4.7.1 greylisted"
    deliver()
    row = notice("referral")
    assert {address: state for address, (state, _) in states(row).items()} == {
        adviser.email: NoticeState.QUEUED,
        TRAINEE: NoticeState.SENT,
        head.email: NoticeState.SENT,
    }

    mailbox.refuse.clear()
    deliver(seconds=61)
    first, second = [one for one in mailbox.received if one.subject == row.subject]
    assert set(first.recipients) == {TRAINEE, head.email}
    assert second.recipients == (adviser.email,)
    assert addresses(second, "Cc") == addresses(first, "Cc"), "the headers still name everyone"
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert again(row).state == NoticeState.SENT


def test_one_final_and_one_passing_refusal_in_one_message_are_told_apart(referral, adviser, head, deliver, mailbox):
    mailbox.refuse |= {adviser.email: "550 no", TRAINEE: "452 full"}
    deliver()

    assert states(notice("referral")) == {
        adviser.email: (NoticeState.FAILED, delivery.NO_SUCH_ADDRESS),
        TRAINEE: (NoticeState.QUEUED, delivery.MAILBOX_FULL),
        head.email: (NoticeState.SENT, ""),
    }
    mailbox.refuse.clear()
    deliver(seconds=61)
    row = notice("referral")
    assert again(row).state == NoticeState.FAILED
    assert states(row)[TRAINEE] == (NoticeState.SENT, "")
    assert len([one for one in mailbox.received if one.subject == row.subject and head.email in one.recipients]) == 1


@pytest.mark.parametrize("who", ["first", "last"])
def test_a_server_that_gives_up_in_the_middle_of_the_recipients_has_taken_nothing(
    sent_referral, adviser, deliver, mailbox, who
):
    """421 ends the session before the message is sent: those accepted so far did not get it."""
    (row,) = queue(sent_referral, cc=[("Alex", adviser.email, "A7-adviser")])
    for address in (TRAINEE, adviser.email):
        mailbox.refuse = {address: "421 4.3.2 going down"}
        deliver()
        assert mailbox.received == []
        assert {state for state, _ in states(row).values()} == {NoticeState.QUEUED}
        Notice.update(due_at=clock.now()).where(Notice.id == row.id).execute()
    mailbox.refuse.clear()
    deliver()

    (received,) = mailbox.received
    assert set(received.recipients) == {TRAINEE, adviser.email}


@pytest.mark.parametrize(
    ("answer", "state", "failure"),
    [
        ("451 4.3.0 later", NoticeState.QUEUED, delivery.BUSY),
        ("452 4.3.1 full", NoticeState.QUEUED, delivery.MAILBOX_FULL),
        ("554 5.7.1 we do not like it", NoticeState.FAILED, delivery.REFUSED),
        ("550 5.7.1 we do not like it", NoticeState.FAILED, delivery.REFUSED),
        ("552 5.3.4 too big", NoticeState.FAILED, delivery.MAILBOX_FULL),
    ],
)
def test_a_refusal_of_the_message_itself_holds_for_everyone_of_it(
    sent_referral, adviser, deliver, mailbox, answer, state, failure
):
    (row,) = queue(sent_referral, cc=[("Alex", adviser.email, "A7-adviser")])
    mailbox.answer = answer
    deliver()

    assert set(states(row).values()) == {(state, failure)}


def test_a_refused_message_does_not_hold_up_the_next(sent_referral, adviser, deliver, mailbox):
    first, second = queue(sent_referral, 2)
    NoticeRecipient.update(address=adviser.email, permission="A7-adviser").where(
        NoticeRecipient.notice == first
    ).execute()
    mailbox.refuse[adviser.email] = "550 no such user"
    deliver()

    assert again(first).state == NoticeState.FAILED
    assert again(second).state == NoticeState.SENT
    assert mailbox.sessions == 1


# When the line or the server breaks


def test_a_line_that_drops_before_the_message_was_taken_loses_nothing(sent_referral, deliver, mailbox):
    (row,) = queue(sent_referral)
    mailbox.drops = "before"
    deliver()
    assert states(row) == {TRAINEE: (NoticeState.QUEUED, delivery.UNREACHABLE)}

    mailbox.drops = ""
    deliver(seconds=61)
    assert len(mailbox.received) == 1


def test_a_line_that_drops_after_it_was_taken_sends_it_twice_and_it_can_be_seen_to_be_one(
    sent_referral, deliver, mailbox
):
    (row,) = queue(sent_referral)
    mailbox.drops = "after"
    deliver()
    mailbox.drops = ""
    deliver(seconds=61)

    assert [one.message["Message-ID"] for one in mailbox.received] == [row.message_id] * 2
    assert again(row).state == NoticeState.SENT


def test_a_server_that_hangs_is_left_after_the_time_limit(sent_referral, deliver, mailbox, monkeypatch):
    rows = queue(sent_referral, 3)
    mailbox.hangs = True
    with monkeypatch.context() as patience:
        patience.setattr(delivery, "TIMEOUT_SECONDS", 1)
        deliver()

    assert {states(row)[TRAINEE] for row in rows} == {(NoticeState.QUEUED, delivery.UNREACHABLE)}
    assert mailbox.sessions == 1, "those behind it were not tried one by one"
    mailbox.hangs = False
    deliver(seconds=61)
    assert len(mailbox.received) == 3


def test_a_server_that_does_not_answer_at_all_is_asked_once_and_everything_waits(sent_referral, make_app, mailbox):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        app = make_app(mail_port=closed.getsockname()[1])
        rows, before = queue(sent_referral, 3), clock.now()
        with app.app_context():
            assert delivery.send_due() == 3

    assert {states(row)[TRAINEE] for row in rows} == {(NoticeState.QUEUED, delivery.UNREACHABLE)}
    assert {again(row).claimed_by for row in rows} == {""}
    minute = timedelta(minutes=1)
    assert all(before + minute <= again(row).due_at <= clock.now() + minute for row in rows)


def test_a_server_that_greets_with_a_refusal_is_asked_again_later(sent_referral, deliver, mailbox):
    (row,) = queue(sent_referral)
    mailbox.greeting = "421 4.3.2 too busy"
    deliver()
    assert states(row) == {TRAINEE: (NoticeState.QUEUED, delivery.UNREACHABLE)}

    mailbox.greeting = ""
    deliver(seconds=61)
    assert len(mailbox.received) == 1


def test_a_worker_that_died_in_the_middle_is_followed_by_another_when_its_lease_is_over(
    sent_referral, deliver, mailbox
):
    (row,) = queue(sent_referral)
    outbox.claim("died")
    outbox.about_to_send(row, "died")

    assert deliver() == 0
    with clock.at(clock.now() + outbox.LEASE):
        assert deliver(seconds=1) == 1
    assert len(mailbox.received) == 1


def test_a_breakdown_of_ours_gives_back_what_was_not_tried(app, sent_referral, mailbox, monkeypatch):
    rows = queue(sent_referral, 3)

    def break_down(*arguments):
        raise MemoryError

    monkeypatch.setattr(delivery, "message_for", break_down)
    with app.app_context(), pytest.raises(MemoryError):
        delivery.send_due()

    assert {again(row).state for row in rows} == {NoticeState.QUEUED}
    assert len(outbox.claim("another")) == 3


def test_what_was_sent_is_written_down_though_the_next_one_breaks_down(app, sent_referral, mailbox, monkeypatch):
    first, second, third = queue(sent_referral, 3)
    about_to_send = outbox.about_to_send

    def break_down_at_the_second(notice, worker):
        if notice == second:
            raise MemoryError
        return about_to_send(notice, worker)

    monkeypatch.setattr(outbox, "about_to_send", break_down_at_the_second)
    with app.app_context(), pytest.raises(MemoryError):
        delivery.send_due()

    assert len(mailbox.received) == 1
    assert [again(row).state for row in (first, second, third)] == [NoticeState.SENT, "queued", "queued"]
    assert outbox.claim("another") == [second, third]


def test_eight_workers_send_two_hundred_and_each_message_arrives_once(app, sent_referral, mailbox):
    rows = queue(sent_referral, 200)
    gate = threading.Barrier(8)

    def work():
        with app.app_context(), db.connection_context():
            gate.wait()
            delivery.send_due()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    arrived = [one.message["Message-ID"] for one in mailbox.received]
    assert sorted(arrived) == sorted(row.message_id for row in rows)
    assert Notice.select().where(Notice.state == NoticeState.SENT).count() == Notice.select().count()


# Long words, and letters of every kind


@pytest.mark.parametrize(
    "text", ["x" * 1000, "é" * 1000, "word " * 199, "😀" * 500, "a\n.\nb\n..\nFrom c", "trailing \n\tx"]
)
def test_any_request_that_the_form_takes_arrives_as_it_was_written(adviser, referrer, deliver, mailbox, text):
    """A line of mail has at most 998 octets, and a line with a single dot ends it."""
    a_referral(referrer, request=text)
    deliver()

    received = the_referral_email(mailbox)
    quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    assert quoted in plain(received)
    assert max(len(line) for line in received.raw.split(b"\r\n")) <= 998
    assert received.raw.isascii()


# Names and words that attack the header


HOSTILE = [
    "Sam\r\nBcc: evil@elsewhere.example",
    "Sam\nBcc: evil@elsewhere.example\n\nA body of my own",
    "Sam\r\n\r\n.\r\nMAIL FROM:<evil@elsewhere.example>",
    "Sam\u2028Bcc: evil@elsewhere.example",
    "Sam\u2029\x85\x0b\x0c\x1c\x1d\x1eBcc: evil@elsewhere.example",
    "Sam\x00Ng",
    "evil@elsewhere.example, Sam",
    'Sam" <evil@elsewhere.example>, "Ng',
    "Sam <evil@elsewhere.example>",
    "Sam; evil@elsewhere.example",
    "Sam (a comment) \\",
    "=?utf-8?q?Sam=0D=0ABcc:_evil=40elsewhere.example?=",
    "=?utf-8?b?U2FtDQpCY2M6IGV2aWxAZWxzZXdoZXJlLmV4YW1wbGU=?= Ng",
    "عمر حداد",
    "\u202eSam\u202c Ng",
    "Zoë 👩🏽‍⚕️ 😀",
    "陳美玲",
    "S" * 120,
    "é" * 120,
    "Sam " * 30,
    "",
    " ",
    ",",
    "<>",
    "@",
    "a" * 75 + "\r\n Bcc: evil@elsewhere.example",
]


def test_no_name_adds_a_header_or_a_recipient(sent_referral, deliver, mailbox):
    """G15, with a thousand letters from and to names thrown together at random."""
    random_ = random.Random(7)  # noqa: S311
    pieces = [
        "\r",
        "\n",
        "\r\n",
        " ",
        "\t",
        "Bcc: e@elsewhere.example",
        ":",
        "<",
        ">",
        ",",
        ";",
        '"',
        "\\",
        "é",
        "😀",
        "=?",
        "?=",
        "x",
    ]
    names = HOSTILE + ["".join(random_.choices(pieces, k=12)) for _ in range(1000)]
    with db.atomic():
        for name, sender in zip(names, names[::-1], strict=True):
            queue(sent_referral, name=name, sender=sender)
    deliver()

    assert len(mailbox.received) == len(names)
    wanted = {
        *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID"),
        *("Auto-Submitted", "X-Signpost-Notice"),
    }
    for received in mailbox.received:
        assert received.recipients == (TRAINEE,)
        assert set(received.message.keys()) == wanted
        assert len(received.message.keys()) == len(wanted)
        assert received.text.strip() == "Words"
        assert received.message.defects == []
        assert addresses(received, "To") == [TRAINEE]
        assert [one.addr_spec for one in received.message["From"].addresses] == ["signpost@signpost.example"]
    figures.add("G15", letters=len(names), names=2 * len(names), headers_added=0, recipients_added=0)


@pytest.mark.parametrize(
    "name", ["Siobhán O’Reilly", "عمر حداد", "Anne-Marie D'Arcy", "Łukasz Wiśniewski", "Zoë 😀", "Ng, Sam"]
)
def test_names_arrive_as_they_are(sent_referral, deliver, mailbox, name):
    queue(sent_referral, name=name, sender=name)
    deliver()

    (received,) = mailbox.received
    assert [one.display_name for one in received.message["To"].addresses] == [name]
    assert [one.display_name for one in received.message["From"].addresses] == [name]


@pytest.mark.parametrize(
    "broken",
    [
        {"subject": "A subject\nBcc: evil@elsewhere.example"},
        {"reply_to": "a@b.example\r\nBcc: evil@elsewhere.example"},
        {"cc": [("Evil", "a@b.example>\r\nRCPT TO:<evil@elsewhere.example", "A7-link")]},
        {"cc": [("Evil", "nobody\r\nBcc: evil@elsewhere.example", "A7-link")]},
        {"cc": [("Evil", "naïve@trainees.example", "A7-link")]},
    ],
    ids=["subject", "reply-to", "recipient", "recipient without a domain", "an address the server cannot carry"],
)
def test_a_message_that_cannot_be_written_fails_and_does_not_stop_those_behind_it(
    sent_referral, deliver, mailbox, monkeypatch, broken
):
    monkeypatch.setattr(outbox, "_is_permitted", lambda row, recipient: True)
    (bad,) = queue(sent_referral, **broken)
    (good,) = queue(sent_referral)
    deliver()

    assert again(bad).state == NoticeState.FAILED
    assert {failure for _, failure in states(bad).values()} == {delivery.UNWRITABLE}
    assert again(good).state == NoticeState.SENT
    assert [one.message["Message-ID"] for one in mailbox.received] == [good.message_id]


def test_a_message_that_no_longer_opens_fails_and_does_not_stop_those_behind_it(sent_referral, deliver, mailbox):
    bad, good = queue(sent_referral, 2)
    Notice.update(public_id="zzzzzzzz").where(Notice.id == bad.id).execute()
    deliver()

    assert again(bad).state == NoticeState.FAILED
    assert states(bad) == {TRAINEE: (NoticeState.FAILED, delivery.UNWRITABLE)}
    assert again(good).state == NoticeState.SENT


def test_an_address_to_send_from_may_carry_a_name(make_app, sent_referral, mailbox):
    app = make_app(mail_default_sender="Signpost <post@signpost.example>")
    queue(sent_referral, sender="Alex Adviser")
    with app.app_context():
        delivery.send_due()

    (received,) = mailbox.received
    assert getaddresses([received.message["From"]]) == [("Alex Adviser", "post@signpost.example")]
    assert received.sender == "post@signpost.example"


# A server that proves itself, and lets us in


class Guarded(MailServer):
    """Speaks TLS with this certificate, or asks for this password."""

    def __init__(self, mailbox, **guard):
        self.guard = guard
        super().__init__(mailbox)

    def factory(self) -> SMTP:
        return _Server(self.mailbox, hostname="mail.signpost.example", **self.guard)


@pytest.fixture
def guarded():
    """Start a server of its own with these guards."""
    started = []

    def start(**guard):
        mailbox = Mailbox()
        server = Guarded(mailbox, **guard)
        server.start()
        started.append(server)
        mailbox.forget()
        return mailbox

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def send_by(make_app, **settings):
    app = make_app(**settings)
    with app.app_context():
        return delivery.send_due()


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(make_app, sent_referral, guarded, certificate):
    (row,) = queue(sent_referral)
    server = guarded(tls_context=tls(certificate))
    send_by(make_app, mail_port=server.port, mail_use_tls=True)

    assert server.received == []
    assert states(row) == {TRAINEE: (NoticeState.QUEUED, delivery.NOT_VERIFIED)}


def test_a_server_whose_certificate_is_trusted_gets_it(make_app, sent_referral, guarded, certificate, monkeypatch):
    queue(sent_referral)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = guarded(tls_context=tls(certificate), require_starttls=True)
    send_by(make_app, mail_port=server.port, mail_use_tls=True)

    assert len(server.received) == 1


def test_a_server_that_does_not_speak_tls_gets_nothing_in_the_clear(make_app, sent_referral, guarded):
    (row,) = queue(sent_referral)
    server = guarded()
    send_by(make_app, mail_port=server.port, mail_use_tls=True)

    assert server.received == []
    assert states(row)[TRAINEE][0] == NoticeState.QUEUED


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
@pytest.mark.parametrize(("password", "arrives"), [("right", True), ("wrong", False)])
def test_a_server_that_asks_who_we_are_is_told_and_its_no_is_understood(
    make_app, sent_referral, guarded, password, arrives
):
    def let_in(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"right", handled=False)

    (row,) = queue(sent_referral)
    server = guarded(authenticator=let_in, auth_required=True, auth_require_tls=False)
    send_by(make_app, mail_port=server.port, mail_username="signpost", mail_password=password)

    assert bool(server.received) is arrives
    wanted = (NoticeState.SENT, "") if arrives else (NoticeState.QUEUED, delivery.NOT_LET_IN)
    assert states(row) == {TRAINEE: wanted}


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_a_server_that_does_not_take_our_sender_keeps_everything_waiting(make_app, sent_referral, guarded):
    rows = queue(sent_referral, 2)
    server = guarded(auth_required=True, auth_require_tls=False)
    send_by(make_app, mail_port=server.port)

    assert {states(row)[TRAINEE] for row in rows} == {(NoticeState.QUEUED, delivery.NOT_LET_IN)}


# In words


def test_every_failure_has_its_words(app):
    kinds = {value for name, value in vars(delivery).items() if name.isupper() and isinstance(value, str)}

    assert kinds | {outbox.GAVE_UP, outbox.CORRECTED, outbox.SUPERSEDED, "not_permitted"} == set(delivery.FAILURE_WORDS)
    assert {delivery.meaning(code)[1] for code in range(400, 600)} <= set(delivery.FAILURE_WORDS)
    assert all(delivery.meaning(code)[0] for code in range(500, 600))
    assert not any(delivery.meaning(code)[0] for code in range(400, 500))
    for words in delivery.FAILURE_WORDS.values():
        assert words[0].isupper()
        assert "SMTP" not in words


def test_what_happened_can_be_read_in_the_ledger(sent_referral, deliver, mailbox):
    mailbox.refuse[TRAINEE] = "550 no such user"
    (row,) = queue(sent_referral)
    deliver()

    (line,) = ledger.lines([again(row)])
    assert line.recipients[0].words == "Not delivered. The mail server says there is no such address."
