"""Microsoft Teams, as the rest of the site sees it: one interface, and the two ways in which it is kept.

`link` needs no administrator: nothing is asked of Microsoft, the organiser makes the meeting and pastes its link.
`graph` asks Microsoft Graph. Both are called by the worker, never within a request or a transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol

from signpost.config import running
from signpost.meetings.join_links import SUBJECT, deep_link

MAKE_IT_YOURSELF: Final = "Open Microsoft Teams, save the meeting there, and paste its join link here."
NOT_LET_IN: Final = "Microsoft Teams did not let Signpost in. Tell your administrator."
NO_ACCESS_POLICY: Final = (
    "Microsoft Teams does not let Signpost look after meetings for the account they belong to. "
    "Tell your administrator: the application access policy needs checking."
)
REFUSED: Final = "Microsoft Teams did not accept this meeting. Tell your administrator."
STRANGE_LINK: Final = "Microsoft Teams gave a link that does not look like one of its own. Tell your administrator."
GONE: Final = "Microsoft Teams no longer has this meeting. Try again for a new link, or paste one."
UNREACHABLE: Final = "Microsoft Teams could not be reached. Signpost will try again by itself."
BUSY: Final = "Microsoft Teams is busy. Signpost will try again by itself."
UNCLEAR: Final = "Microsoft Teams gave no clear answer. Signpost will try again by itself."


@dataclass(frozen=True)
class Link:
    """A meeting that Teams has made: how people join it, and what Teams calls it (at most 300 characters)."""

    join_url: str
    provider_id: str


class TryLater(Exception):
    """Not now. Nothing is lost by asking again for the same: it never makes two meetings.

    `seconds`: how long Microsoft asked us to wait, or None where the caller chooses. `words`: for the organiser.
    """

    def __init__(self, seconds: int | None, words: str) -> None:
        super().__init__(words)
        self.seconds = seconds
        self.words = words


class NeedsPerson(Exception):
    """Asking again will not help until somebody has done something. The words tell the organiser what.

    `deep_link`: opens Teams with the meeting filled in, where that is what the person is to do; otherwise empty.
    """

    def __init__(self, words: str, deep_link: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.deep_link = deep_link


class MeetingGone(NeedsPerson):
    """Teams has no such meeting any more. To try again is to forget its `provider_id` and `create` another."""

    def __init__(self) -> None:
        super().__init__(GONE)


class Provider(Protocol):
    """Makes, moves and cancels the Teams meeting of one of ours. Moments are aware. Each may be repeated safely.

    Every method raises TryLater or NeedsPerson, and ValueError for what no caller may ask for.
    """

    @property
    def makes_links(self) -> bool:
        """Whether links arrive by themselves. If not, each meeting needs a person from the start."""

    def create(self, external_id: str, begins: datetime, ends: datetime) -> Link:
        """The meeting known to us as `external_id`, made now unless it was made before, at these times.

        `external_id` is the same for the life of the meeting, random, and says nothing of anybody.
        """

    def move(self, provider_id: str, begins: datetime, ends: datetime) -> None:
        """Give the meeting other times; its link stays. Raises MeetingGone where Teams no longer has it."""

    def cancel(self, provider_id: str) -> None:
        """Delete the meeting. One that is already gone is fine."""


class ByHand:
    """`link`: the organiser makes the meeting in Teams. It is theirs, so theirs to move and to cancel there."""

    makes_links = False

    def create(self, external_id: str, begins: datetime, ends: datetime) -> Link:
        raise NeedsPerson(MAKE_IT_YOURSELF, deep_link(SUBJECT, begins, ends))

    def move(self, provider_id: str, begins: datetime, ends: datetime) -> None:
        """A Teams link opens its meeting at any time: the pasted one stays good."""

    def cancel(self, provider_id: str) -> None:
        """There is nothing of ours to cancel."""


def provider() -> Provider:
    """The provider that TEAMS_PROVIDER names. Raises ConfigurationError before the site is configured."""
    config = running()
    if config.teams_provider == "link":
        return ByHand()
    return _graph(
        config.graph_base_url,
        config.graph_authority,
        config.graph_tenant_id,
        config.graph_client_id,
        config.graph_client_secret,
        config.graph_organiser,
    )


@lru_cache(maxsize=1)
def _graph(base_url: str, authority: str, tenant: str, client: str, secret: str, organiser: str) -> Provider:
    """One for the process: it keeps its token and remembers whether Microsoft answers."""
    from signpost.meetings.graph import Graph  # what it needs for HTTP is slow to load, and `link` needs none of it

    return Graph(base_url, authority, tenant, client, secret, organiser)
