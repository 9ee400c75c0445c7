"""What reached somebody by mail, from a mail server that really received it."""

from email.utils import getaddresses

from models import User
from tests.browser.conftest import Site
from tests.browser.reader import eventually
from tests.smtp_server import Mailbox, Received


def letter(mailbox: Mailbox, to: User | str, subject: str) -> Received:
    """Wait for the message to this address with these words in its subject."""
    address = to if isinstance(to, str) else to.email

    def found() -> Received | None:
        return next((one for one in mailbox.to(address) if subject in one.subject), None)

    return eventually(found, f"No message “{subject}” reached {address}")


def addresses(letter: Received, header: str) -> list[str]:
    return sorted(address for _, address in getaddresses([str(letter.message[header] or "")]))


def personal_link(letter: Received, site: Site) -> str:
    """The path of the link in a message, as somebody who clicks it goes there."""
    line = next(line for line in letter.text.splitlines() if "/links/" in line)
    assert line.startswith(site.url)
    return line.removeprefix(site.url)
