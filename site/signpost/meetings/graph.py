"""Microsoft Graph as the Teams provider: online meetings made, moved and deleted with the application's own permission.

A meeting is asked for by `createOrGet` under our own id, so a request whose answer was lost is simply sent again. The
invitations are ours: Graph gets two moments, the subject "Meeting" and a random id, and no name or address of anybody.
What Microsoft answers is read by its status and never by its words. A request is logged by its own random id.
"""

import json
import logging
import re
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Any, Final
from urllib.parse import quote

import requests
import urllib3
from requests.auth import AuthBase

from signpost import clock
from signpost.errors import RuleBroken
from signpost.meetings import join_links
from signpost.meetings.teams import (
    BUSY,
    NO_ACCESS_POLICY,
    NOT_LET_IN,
    REFUSED,
    STRANGE_LINK,
    UNCLEAR,
    UNREACHABLE,
    Link,
    MeetingGone,
    NeedsPerson,
    TryLater,
)

log = logging.getLogger(__name__)

SCOPE: Final = "https://graph.microsoft.com/.default"
CONNECT_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 15.0
WHOLE_ANSWER_SECONDS: Final = 20.0
LONGEST_ANSWER: Final = 256 * 1024
LONGEST_WAIT: Final = timedelta(hours=1)  # a wait that cannot be meant: asking once an hour is no burden to anybody
TOKEN_MARGIN: Final = timedelta(minutes=5)
LONGEST_ID: Final = 300
FAILURES: Final = 3
PROBE_EVERY: Final = timedelta(minutes=1)

TRY_LATER: Final = (408, 423, 429, 503, 504, 509)
PASSING_TOKEN_ERRORS: Final = ("temporarily_unavailable", "server_error")
_TOKEN = re.compile(r"[!-~]{1,16384}")


class Breaker:
    """Whether Microsoft is asked at all. After three failures in a row, only once a minute until it answers.

    A wait that Microsoft asks for counts for every request, since its limits are per application. Kept in memory: each
    process finds out by itself.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered()

    def _answered(self) -> None:
        self._failures = 0
        self._held_at = datetime.min.replace(tzinfo=UTC)
        self._held_for = timedelta(0)
        self._words = UNREACHABLE

    def _hold(self, wait: timedelta) -> None:
        self._held_at, self._held_for = clock.now(), wait

    @property
    def remaining(self) -> int:
        """Whole seconds until somebody may ask again; 0 when now. A clock put back by hours holds nobody up."""
        passed = clock.now() - self._held_at
        if passed < -PROBE_EVERY or passed >= self._held_for:
            return 0
        return ceil((self._held_for - max(passed, timedelta(0))).total_seconds())

    def ask(self) -> None:
        """Go ahead, or raise TryLater. While Microsoft is away, who goes ahead is the one probe of this minute."""
        with self._lock:
            if remaining := self.remaining:
                raise TryLater(remaining, self._words)
            if self._failures >= FAILURES:
                self._hold(PROBE_EVERY)

    def failed(self, later: TryLater) -> TryLater:
        """Count a failure. Gives what the caller is to be told, which knows of the wait for the next probe."""
        with self._lock:
            self._failures += 1
            self._words = later.words
            if self._failures == FAILURES:
                log.warning("Microsoft does not answer: asking once a minute from now on")
            wait = timedelta(seconds=later.seconds or 0)
            self._hold(max(wait, PROBE_EVERY) if self._failures >= FAILURES else wait)
            return TryLater(self.remaining or None, later.words)

    def answered(self) -> None:
        with self._lock:
            if self._failures >= FAILURES:
                log.info("Microsoft answers again")
            self._answered()


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the JSON object if it was one."""

    status: int
    content: dict[str, Any] | None


class Bearer(AuthBase):
    """Sets the token where no .netrc of the machine can put a password in its place; without a token, sets nothing."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Graph:
    """The provider `graph`. See `teams.Provider` for what its methods promise.

    `base_url` and `authority` without a slash at the end; `organiser` is the object id of the account that the meetings
    belong to; `timeouts` in seconds: to connect, for silence, for a whole answer.
    """

    makes_links = True

    def __init__(
        self,
        base_url: str,
        authority: str,
        tenant_id: str,
        client_id: str,
        client_secret: str,
        organiser: str,
        timeouts: tuple[float, float, float] = (CONNECT_SECONDS, SILENCE_SECONDS, WHOLE_ANSWER_SECONDS),
    ) -> None:
        self._meetings = f"{base_url}/users/{quote(organiser, safe='')}/onlineMeetings"
        self._authority = f"{authority}/{quote(tenant_id, safe='')}/oauth2/v2.0/token"
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._timeouts = timeouts
        self._token = ""
        self._token_until = datetime.min.replace(tzinfo=UTC)
        self._breaker = Breaker()

    def create(self, external_id: str, begins: datetime, ends: datetime) -> Link:
        times = _times(begins, ends)
        if not external_id:
            raise ValueError("A meeting is known by an id.")
        answer = self._ask(
            "create", "POST", "/createOrGet", {"externalId": external_id, "subject": join_links.SUBJECT, **times}
        )
        if answer.status in (404, 410):  # the organiser's account: there is no meeting yet that could be missing
            raise NeedsPerson(NO_ACCESS_POLICY)
        meeting = answer.content or {}
        link = _link_of(meeting)
        # One that was made before keeps the times it had then, and ours may have moved since.
        if any(not _is_moment(meeting.get(name), asked) for name, asked in times.items()):
            self.move(link.provider_id, begins, ends)
        return link

    def move(self, provider_id: str, begins: datetime, ends: datetime) -> None:
        answer = self._ask("move", "PATCH", _path_of(provider_id), _times(begins, ends))
        if answer.status in (404, 410):
            raise MeetingGone

    def cancel(self, provider_id: str) -> None:
        answer = self._ask("cancel", "DELETE", _path_of(provider_id))
        if answer.status not in (204, 404, 410):
            raise TryLater(None, UNCLEAR)

    def _ask(self, call: str, method: str, path: str, body: dict[str, str] | None = None) -> Answer:
        """Ask, unless Microsoft is away. Gives 2xx, 404 and 410, and raises TryLater or NeedsPerson for all else."""
        self._breaker.ask()
        try:
            answer = self._authorised(call, method, self._meetings + path, body)
        except TryLater as later:
            raise self._breaker.failed(later) from later
        except NeedsPerson:
            self._breaker.answered()
            raise
        self._breaker.answered()
        if answer.status == 409:  # two at once for the same meeting: the next try finds what the other made
            raise TryLater(None, BUSY)
        if answer.status == 403:
            raise NeedsPerson(NO_ACCESS_POLICY)
        if answer.status >= 400 and answer.status not in (404, 410):
            raise NeedsPerson(REFUSED)
        return answer

    def _authorised(self, call: str, method: str, url: str, body: dict[str, str] | None) -> Answer:
        """Send with a token, and once more with a fresh one where it was no longer taken."""
        for _ in range(2):
            answer = self._send(call, method, url, self._current_token(), json=body)
            if answer.status != 401:
                return answer
            self._token = ""
        raise NeedsPerson(NOT_LET_IN)

    def _current_token(self) -> str:
        if self._token and clock.now() < self._token_until:
            return self._token
        form = {**self._credentials, "grant_type": "client_credentials", "scope": SCOPE}
        answer = self._send("token", "POST", self._authority, "", data=form)
        content = answer.content or {}
        if answer.status >= 400:
            passing = answer.content is None or content.get("error") in PASSING_TOKEN_ERRORS
            raise TryLater(None, UNCLEAR) if passing else NeedsPerson(NOT_LET_IN)
        token, lasts = content.get("access_token"), content.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or not str(lasts).isdecimal():
            raise TryLater(None, UNCLEAR)
        whole = timedelta(seconds=min(int(str(lasts)), 24 * 60 * 60))
        self._token, self._token_until = token, clock.now() + max(whole - TOKEN_MARGIN, whole / 2)
        return token

    def _send(self, call: str, method: str, url: str, token: str, **body: Any) -> Answer:
        """One request. Raises TryLater where there was no answer, or none that says anything."""
        request_id = str(uuid.uuid4())
        status: int | None = None
        began = time.monotonic()
        connect, silence, whole = self._timeouts
        try:
            with (
                requests.Session() as session,
                session.request(
                    method,
                    url,
                    headers={"client-request-id": request_id, "Accept": "application/json"},
                    auth=Bearer(token),
                    timeout=(connect, silence),
                    allow_redirects=False,
                    stream=True,
                    **body,
                ) as response,
            ):
                status = response.status_code
                content = _object_in(_read(response, began + whole))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise TryLater(None, UNREACHABLE) from error
        finally:
            extra = {"call": call, "status": status, "client_request_id": request_id}
            log.info("graph", extra=extra | {"ms": round((time.monotonic() - began) * 1000)})

        if status in TRY_LATER or not (200 <= status < 300 or 400 <= status < 500):
            raise TryLater(_seconds_to_wait(response.headers), BUSY if status in TRY_LATER else UNCLEAR)
        # A page from somewhere on the way may say 200 or 404 too: what is done or gone, only Graph itself says.
        if (status < 300 and status != 204 and content is None) or (status in (404, 410) and not _is_error(content)):
            raise TryLater(None, UNCLEAR)
        return Answer(status, content)


def _path_of(provider_id: str) -> str:
    if not provider_id:
        raise ValueError("Without its id a meeting cannot be found in Teams.")
    return f"/{quote(provider_id, safe='')}"


def _times(begins: datetime, ends: datetime) -> dict[str, str]:
    if begins.tzinfo is None or ends.tzinfo is None or ends <= begins:
        raise ValueError("A meeting begins and ends at moments with a zone, and ends after it begins.")
    return {"startDateTime": _written(begins), "endDateTime": _written(ends)}


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_moment(found: object, asked: str) -> bool:
    """Whether Graph, which writes seven decimals, means the moment that we wrote."""
    try:
        moment = datetime.fromisoformat(str(found))
    except ValueError:
        return False
    return _written(moment if moment.tzinfo else moment.replace(tzinfo=UTC)) == asked


def _link_of(meeting: dict[str, Any]) -> Link:
    provider_id, join_url = meeting.get("id"), meeting.get("joinWebUrl")
    if not (isinstance(provider_id, str) and 0 < len(provider_id) <= LONGEST_ID):
        raise TryLater(None, UNCLEAR)
    if not (isinstance(join_url, str) and join_url):  # seen: the meeting is there, and its link a moment later
        raise TryLater(None, UNCLEAR)
    try:
        return Link(join_links.checked(join_url), provider_id)
    except RuleBroken:
        log.warning("graph gave a link that is no join link")
        raise NeedsPerson(STRANGE_LINK) from None


def _read(response: requests.Response, until: float) -> bytes:
    """The whole body. Raises OSError where it is too long, or comes in too slowly to be waited for."""
    body = b""
    while part := response.raw.read1(16 * 1024, decode_content=True):
        body += part
        if len(body) > LONGEST_ANSWER or time.monotonic() > until:
            raise OSError("an answer without an end")
    return body


def _object_in(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_error(content: dict[str, Any] | None) -> bool:
    return content is not None and "error" in content


def _seconds_to_wait(headers: Mapping[str, str]) -> int | None:
    """What Retry-After asks for, as a number of seconds or as a moment by the server's own clock."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        wait = timedelta(seconds=min(int(text[:10]), LONGEST_WAIT.total_seconds()))
    elif moment := _http_date(text):
        wait = moment - (_http_date(headers.get("Date", "")) or clock.now())
    else:
        return None
    return max(1, ceil(min(wait, LONGEST_WAIT).total_seconds()))


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
