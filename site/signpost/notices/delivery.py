"""Handing messages to the mail server: Flask-Mail over one reused, verified connection, and what each answer means."""

import logging
import secrets
import smtplib
import ssl
import unicodedata
from binascii import b2a_qp
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import policy
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import parseaddr
from functools import partial
from typing import Any

from flask import current_app
from flask_mail import BadHeaderError, Connection, Message, sanitize_addresses

from models import Notice, NoticeRecipient, db
from signpost.config import running
from signpost.meetings import calendar_entries
from signpost.notices import outbox
from signpost.notices.letters import as_html
from signpost.sealing import CannotUnseal

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10

NO_SUCH_ADDRESS = "no_such_address"
MAILBOX_FULL = "mailbox_full"
REFUSED = "refused"
BUSY = "busy"
UNREACHABLE = "unreachable"
NOT_LET_IN = "not_let_in"
NOT_VERIFIED = "not_verified"
UNWRITABLE = "unwritable"

LATER = (451, b"")

AS_IT_IS = policy.compat32.clone(linesep="\r\n", max_line_length=None)

FAILURE_WORDS = {
    NO_SUCH_ADDRESS: "The mail server says there is no such address",
    MAILBOX_FULL: "Their mailbox is full",
    REFUSED: "Their mail server refused the message",
    BUSY: "Their mail server is busy",
    UNREACHABLE: "Our mail server could not be reached",
    NOT_LET_IN: "Our mail server did not accept our sign-in",
    NOT_VERIFIED: "Our mail server could not prove who it is, so nothing was sent to it",
    UNWRITABLE: "The message could not be written for this address",
    outbox.GAVE_UP: "We tried for a day without success",
    outbox.CORRECTED: "The address was corrected before it was sent",
    outbox.SUPERSEDED: "Somebody else was assigned since",
    "not_permitted": "They may no longer be told this",
}


Outcome = Callable[[], None]


class ServerGone(Exception):
    """The server cannot be used now: the rest of the batch waits."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


class LedgerMessage(Message):
    """A message whose envelope names only those who are still to get it, while its headers show everyone."""

    envelope: frozenset[str] = frozenset()

    @property
    def send_to(self) -> set[str | tuple[str, str]]:
        return set(self.envelope)

    def as_bytes(self) -> bytes:
        """One address to a line, as it was quoted: where Python itself folds a long line, it loses quotation marks.

        Flask-Mail's own way takes longer than all the rest of sending: it reads each header again and again to write it,
        and looks for a boundary that does not stand in the text. Here headers are written as they are, and the boundary
        is random.
        """
        built = self._message()
        built.policy = AS_IT_IS
        for header, people in (("To", self.recipients), ("Cc", self.cc)):
            if people:
                built.replace_header(header, ",\n ".join(sanitize_addresses(people)))
        for part in built.walk():
            if part.is_multipart():
                part.policy = AS_IT_IS
                part.set_boundary(f"={secrets.token_hex(16)}=")
        return built.as_bytes(policy=AS_IT_IS)

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMENonMultipart:  # type: ignore[override]
        """Quoted-printable: a paragraph may be longer than servers let a line be, and not all of them take every letter."""
        part = MIMENonMultipart("text", subtype, charset="utf-8")
        part["Content-Transfer-Encoding"] = "quoted-printable"
        part.set_payload(b2a_qp((text or "").encode(), istext=True).decode())
        return part


class VerifiedConnection(Connection):
    """Flask-Mail's connection with a time limit, a server that proves itself, and the refusals remembered."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        host = smtplib.SMTP(self.mail.server, self.mail.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return _remember_refusals(host)

    def __exit__(self, *exc_info: Any) -> None:
        with suppress(smtplib.SMTPException, OSError):
            if self.host:
                self.host.quit()

    @property
    def refused(self) -> dict[str, tuple[int, bytes]]:
        """Who was refused of the last message, with the server's code."""
        return getattr(self.host, "refused", {})


def _remember_refusals(host: smtplib.SMTP) -> smtplib.SMTP:
    """Keep what `sendmail` returns, which Flask-Mail drops: the recipients refused while others were accepted."""
    plain_sendmail = host.sendmail

    def sendmail(*args: Any, **kwargs: Any) -> dict[str, tuple[int, bytes]]:
        host.refused = {}  # type: ignore[attr-defined]
        host.refused = plain_sendmail(*args, **kwargs)  # type: ignore[attr-defined]
        return host.refused  # type: ignore[attr-defined]

    host.sendmail = sendmail  # type: ignore[method-assign]
    return host


def send_due(stopped: Callable[[], bool] = lambda: False) -> int:
    """Send everything that is due now, or until stopped. Gives how many messages were tried."""
    worker = secrets.token_hex(8)
    tried = 0
    while not stopped() and (batch := outbox.claim(worker)):
        tried += _send_batch(batch, worker, stopped)
    return tried


def _send_batch(batch: list[Notice], worker: str, stopped: Callable[[], bool]) -> int:
    """What became of one message is written down together with the claim on the next: a commit is what takes longest."""
    remaining = list(batch)
    write_down: Outcome = _nothing
    try:
        with _connection() as connection:
            try:
                while remaining and not stopped():
                    notice = remaining[0]
                    with db.atomic():
                        write_down()
                        recipients = outbox.about_to_send(notice, worker)
                    write_down = _nothing
                    if recipients:
                        write_down = _send(connection, notice, recipients)
                    remaining.pop(0)
            finally:
                write_down()  # also where the next one could not be looked at: what was sent is not sent again
    except ServerGone as trouble:
        # Those not yet tried wait as long as the one that was: a server that is down is asked once a pass, not once a row.
        for notice in outbox.still_held(remaining, worker):
            waiting = [row for row in notice.recipients if row.state == "queued"]
            notice.attempts = max(notice.attempts, 1)
            outbox.try_later(notice, waiting, trouble.failure)
        log.warning("mail server not usable", extra={"failure": trouble.failure, "waiting": len(remaining)})
    finally:
        outbox.give_back(remaining, worker)
    return len(batch)


@contextmanager
def _connection() -> Iterator[VerifiedConnection]:
    try:
        connection = VerifiedConnection(current_app.extensions["mail"]).__enter__()
    except ssl.SSLCertVerificationError as error:
        raise ServerGone(NOT_VERIFIED) from error
    except smtplib.SMTPAuthenticationError as error:
        raise ServerGone(NOT_LET_IN) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerGone(UNREACHABLE) from error
    try:
        yield connection
    finally:
        connection.__exit__(None, None, None)


def _nothing() -> None:
    pass


def _send(connection: VerifiedConnection, notice: Notice, recipients: list[NoticeRecipient]) -> Outcome:
    """Hand over one message. Gives what writes down what became of it for each recipient. Raises ServerGone."""
    try:
        connection.send(message_for(notice, recipients), envelope_from=running().mail_default_sender)
    except smtplib.SMTPRecipientsRefused as error:
        # The message was not sent to anybody: who is not named was not refused, and still waits.
        refused = dict.fromkeys((row.address for row in recipients), LATER) | error.recipients
    except smtplib.SMTPSenderRefused as error:
        raise ServerGone(NOT_LET_IN) from error
    except smtplib.SMTPServerDisconnected as error:
        raise ServerGone(UNREACHABLE) from error
    except smtplib.SMTPResponseException as error:
        # About the message as a whole: what the code would say of an address it does not say here.
        code = error.smtp_code if error.smtp_code in (452, 552) else error.smtp_code // 100 * 100
        refused = dict.fromkeys((row.address for row in recipients), (code, b""))
    except (ValueError, BadHeaderError, CannotUnseal, smtplib.SMTPNotSupportedError):
        # A message that cannot be written fails before anything of it is said, and must not stop those behind it.
        return partial(outbox.failed, notice, recipients, UNWRITABLE)
    except (smtplib.SMTPException, OSError) as error:
        raise ServerGone(UNREACHABLE) from error
    else:
        refused = connection.refused
    return partial(_settle, notice, recipients, refused)


def _settle(notice: Notice, recipients: list[NoticeRecipient], refused: dict[str, tuple[int, bytes]]) -> None:
    accepted = [row for row in recipients if row.address not in refused]
    if accepted:
        outbox.sent(notice, accepted)
    by_failure: dict[tuple[bool, str], list[NoticeRecipient]] = {}
    for row in recipients:
        if row.address in refused:
            by_failure.setdefault(meaning(refused[row.address][0]), []).append(row)
    for (is_final, failure), rows in by_failure.items():
        (outbox.failed if is_final else outbox.try_later)(notice, rows, failure)
        log.info("message refused", extra={"notice": notice.public_id, "failure": failure, "final": is_final})


def meaning(code: int) -> tuple[bool, str]:
    """What an SMTP reply code means for one recipient: whether it is final, and which failure it is."""
    if code in (452, 552):
        return code >= 500, MAILBOX_FULL
    if code in (550, 551, 553):
        return True, NO_SUCH_ADDRESS
    return (True, REFUSED) if code >= 500 else (False, BUSY)


def message_for(notice: Notice, recipients: list[NoticeRecipient]) -> LedgerMessage:
    """The message of a row: headers for everyone it names, envelope for those still to get it."""
    everyone = outbox.recipients_of(notice)
    text = notice.text
    message = LedgerMessage(
        subject=notice.subject,
        recipients=[(one_line(row.name), one_address(row.address)) for row in everyone if row.header == "to"],
        cc=[(one_line(row.name), one_address(row.address)) for row in everyone if row.header == "cc"],
        body=text,
        html=str(as_html(text)),
        reply_to=notice.reply_to or None,
        extra_headers={"Auto-Submitted": "auto-generated", "X-Signpost-Notice": notice.public_id},
    )
    if notice.calendar:
        enclosed = calendar_entries.parts(notice.calendar, notice.calendar_method)
        message.alts = {**message.alts, enclosed.subtype: enclosed.text}
        message.attach(*enclosed.attachment)
    message.sender = (one_line(notice.sender_name), parseaddr(running().mail_default_sender)[1])
    message.msgId = notice.message_id
    message.date = notice.queued_at.timestamp()
    message.envelope = frozenset(row.address for row in recipients)
    return message


def one_address(address: str) -> str:
    """The address, if it is one and nothing else. Raises ValueError."""
    if parseaddr(address) != ("", address) or one_line(address) != address:
        raise ValueError("Not an address that can be written to.")
    return address


def one_line(name: str) -> str:
    """A name fit for a header: the forms refuse line breaks already, and this makes sure of it.

    `=?` would begin a word in another encoding, which may hide a line break.
    """
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in name)
    return " ".join(plain.replace("=?", "= ?").split())
