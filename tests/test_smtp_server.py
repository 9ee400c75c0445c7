"""The mail server of the tests behaves as badly as it is told to, and says truly what it received."""

import smtplib

import pytest

MESSAGE = "Subject: Hello\r\nTo: Robin <robin@signpost.example>\r\n\r\nA line.\r\n"


def send(mailbox, *recipients, timeout=5):
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=timeout) as server:
        return server.sendmail("signpost@signpost.example", recipients, MESSAGE)


def test_what_arrives_is_kept_with_those_it_was_for(mailbox):
    send(mailbox, "robin@signpost.example", "sam@signpost.example")

    (received,) = mailbox.received
    assert received.sender == "signpost@signpost.example"
    assert received.recipients == ("robin@signpost.example", "sam@signpost.example")
    assert received.subject == "Hello"
    assert received.text.strip() == "A line."
    assert mailbox.to("sam@signpost.example") == [received]
    assert mailbox.to("toni@signpost.example") == []


def test_one_recipient_may_be_refused_while_another_is_taken(mailbox):
    mailbox.refuse["robin@signpost.example"] = "550 5.1.1 no such user"

    refused = send(mailbox, "robin@signpost.example", "sam@signpost.example")

    assert refused == {"robin@signpost.example": (550, b"5.1.1 no such user")}
    assert mailbox.received[0].recipients == ("sam@signpost.example",)


def test_a_message_may_be_put_off(mailbox):
    mailbox.answer = "451 4.3.0 later"

    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(mailbox, "sam@signpost.example")
    assert refused.value.smtp_code == 451
    assert mailbox.received == []


def test_a_server_may_not_want_to_talk(mailbox):
    mailbox.greeting = "421 busy"

    with pytest.raises(smtplib.SMTPConnectError):
        send(mailbox, "sam@signpost.example")
    assert mailbox.sessions == 1


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
def test_the_line_may_go_dead_before_or_after_a_message_is_taken(mailbox, when, kept):
    mailbox.drops = when

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(mailbox, "sam@signpost.example")
    assert len(mailbox.received) == kept


def test_a_server_may_never_answer(mailbox):
    mailbox.hangs = True

    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        send(mailbox, "sam@signpost.example", timeout=0.3)
    assert mailbox.received == []


def test_it_is_well_again_for_the_next_test(mailbox):
    assert (mailbox.received, mailbox.refuse, mailbox.answer, mailbox.hangs, mailbox.drops) == ([], {}, "", False, "")
