"""A real mail server on this machine, which can also behave as badly as real ones do."""

import asyncio
import email.policy
import socket
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """One message as the server took it: who it was for by the envelope, and its headers and words."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""


@dataclass
class Mailbox:
    """What was received, and the switches for what goes wrong.

    `refuse`: address -> reply to RCPT, such as "550 5.1.1 no such user". `answer`: reply to the message, such as
    "451 4.3.0 later". `greeting`: reply in place of a welcome, such as "421 busy". `hangs`: the message is never
    answered, and `hanging` counts those. `drops`: the line goes dead "before" the message is taken, or "after" it was.
    """

    port: int = 0
    received: list[Received] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    answer: str = ""
    greeting: str = ""
    hangs: bool = False
    hanging: int = 0
    drops: str = ""
    sessions: int = 0

    def forget(self) -> None:
        """Empty, and well again."""
        self.received.clear()
        self.refuse.clear()
        self.answer = self.greeting = self.drops = ""
        self.hangs = False
        self.hanging = self.sessions = 0

    def to(self, address: str) -> list[Received]:
        """What reached this address."""
        return [each for each in self.received if address in each.recipients]

    # What aiosmtpd asks

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs:
            self.hanging += 1
            while self.hangs:
                await asyncio.sleep(0.02)
            return _cut(server)
        if self.drops == "before":
            return _cut(server)
        if self.answer:
            return self.answer
        raw = envelope.original_content or b""
        message = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(raw)
        self.received.append(Received(str(envelope.mail_from), tuple(envelope.rcpt_tos), message, raw))
        return _cut(server) if self.drops == "after" else "250 OK"


def _cut(server: SMTP) -> str:
    if server.transport:
        server.transport.abort()
    return "421 gone"


class _Server(SMTP):
    def __init__(self, mailbox: Mailbox, **kwargs: Any) -> None:
        super().__init__(mailbox, **kwargs)
        self.mailbox = mailbox

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.mailbox.sessions += 1
        if self.mailbox.greeting:
            assert isinstance(transport, asyncio.Transport)
            transport.write(f"{self.mailbox.greeting}\r\n".encode())
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            super().connection_lost(error)


class MailServer(Controller):
    """Listens on a free port of this machine."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.listener = socket.socket()
        self.listener.bind((HOST, 0))
        mailbox.port = self.listener.getsockname()[1]
        super().__init__(mailbox, hostname=HOST, port=mailbox.port, ready_timeout=120)
        self.mailbox = mailbox

    def factory(self) -> SMTP:
        return _Server(self.mailbox, hostname="mail.signpost.example", enable_SMTPUTF8=True)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.listener)
