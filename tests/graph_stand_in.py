"""A stand-in for Microsoft Graph and its sign-in service on this machine: as strict as they are, and as bad as they get.

It knows tokens and online meetings and nothing else. What Graph refuses it refuses: an unknown property, a value of
another type, a moment that is none, an organiser named by address. `createOrGet` finds the meeting of an id that it has
seen and gives it as it is, with the times it had.
"""

import json
import re
import secrets
import socket
import struct
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest

from signpost import clock

HOST = "127.0.0.1"
TENANT = "0b7e5a52-2f61-4f1c-9d1e-6a1f7a0c9b11"
CLIENT = "5c2d9a7e-83e4-4a57-a0d3-1e4b8f6c2d90"
SECRET = "a client secret, for tests only"
ORGANISER = "8716745d-77a9-4be3-afff-009e4b81658e"

GRAPH, SIGN_IN = "graph", "sign-in"

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CREATE_OR_GET = {"startDateTime", "endDateTime", "subject", "externalId", "participants"}
# What may be changed of a meeting that is there. Of the properties that may, we only ever send these.
UPDATE = {"startDateTime", "endDateTime", "subject"}


@dataclass
class Asked:
    """One request as it came in."""

    service: str
    method: str
    path: str
    request_id: str
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class OnlineMeeting:
    id: str
    external_id: str
    begins: datetime
    ends: datetime
    subject: str
    join_url: str | None


@dataclass
class Fault:
    """What goes wrong, where, and how many times; without a number until it is `well` again.

    `kind`: "answer" with `status`, `headers` and `body`; "hang", "drip" (a byte now and then), "drop" (the connection
    is reset), "cut" (half of the announced body), "truncated" (half of the JSON, announced as whole), "done and
    dropped" (everything is done as asked, and the connection is reset instead of the answer).
    """

    kind: str
    service: str
    times: int | None
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


Answer = tuple[int, dict[str, Any] | None]


class GraphStandIn:
    """The state of both services, and the switches. Every count is since the start."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.meetings: dict[str, OnlineMeeting] = {}
        self.made = 0
        self.fault: Fault | None = None
        self.tokens: dict[str, datetime] = {}
        self.token_seconds = 3599
        self.give_link: Callable[[str], str | None] = classic_link
        self.stopping = threading.Event()
        self._lock = threading.Lock()

    @property
    def config(self) -> dict[str, str]:
        """The fields of Config that lead here, for `make_app(**graph.config)`."""
        return {
            "teams_provider": "graph",
            "graph_tenant_id": TENANT,
            "graph_client_id": CLIENT,
            "graph_client_secret": SECRET,
            "graph_organiser": ORGANISER,
            "graph_base_url": f"{self.url}/v1.0",
            "graph_authority": f"{self.url}/authority",
        }

    def count(self, service: str = GRAPH, method: str | None = None) -> int:
        return sum(asked.service == service and method in (None, asked.method) for asked in self.asked)

    # The switches

    def answers(
        self,
        status: int,
        *,
        retry_after: str | None = None,
        body: bytes | None = None,
        content_type: str = "application/json",
        times: int | None = None,
        service: str = GRAPH,
    ) -> None:
        """Every request gets this answer in place of its own."""
        headers = [("Content-Type", content_type)]
        if retry_after is not None:
            headers.append(("Retry-After", retry_after))
        body = json.dumps(_error("fault", "switched on by a test")).encode() if body is None else body
        self.fault = Fault("answer", service, times, status, headers, body)

    def does(self, kind: str, *, times: int | None = None, service: str = GRAPH) -> None:
        """`kind`: see Fault."""
        self.fault = Fault(kind, service, times)

    def is_well(self) -> None:
        self.fault = None

    def forget_tokens(self) -> None:
        """No token handed out so far is taken any more."""
        self.tokens.clear()

    # What happens with a request

    def handle(self, asked: Asked, headers: Message) -> tuple[Fault | None, Fault]:
        """What goes wrong, if anything does, and the answer there would be, or is put in place of it."""
        with self._lock:
            self.asked.append(asked)
            fault = self._fault_for(asked.service)
            if fault and fault.kind == "answer":
                return None, fault
            if fault and fault.kind in ("hang", "drip", "drop"):
                return fault, fault
            status, content = (self._sign_in if asked.service == SIGN_IN else self._graph)(asked, headers)
        body = b"" if content is None else json.dumps(content).encode()
        types = [("Content-Type", "application/json")] if body else []
        return fault, Fault("answer", asked.service, 1, status, types, body)

    def _fault_for(self, service: str) -> Fault | None:
        fault = self.fault
        if fault is None or fault.service != service:
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self.fault = None
        return fault

    # Sign-in

    def _sign_in(self, asked: Asked, headers: Message) -> Answer:
        if asked.method != "POST" or headers.get("Content-Type") != "application/x-www-form-urlencoded":
            return 400, {"error": "invalid_request", "error_description": "AADSTS900144: ..."}
        if asked.path != f"/authority/{TENANT}/oauth2/v2.0/token":
            return 400, {"error": "invalid_request", "error_description": "AADSTS90002: Tenant not found."}
        form = parse_qs(asked.body.decode("ascii"), strict_parsing=True)
        if set(form) != {"client_id", "client_secret", "grant_type", "scope"}:
            return 400, {"error": "invalid_request", "error_description": "AADSTS900144: ..."}
        if form["grant_type"] != ["client_credentials"]:
            return 400, {"error": "unsupported_grant_type", "error_description": "AADSTS70003: ..."}
        if form["scope"] != ["https://graph.microsoft.com/.default"]:
            return 400, {"error": "invalid_scope", "error_description": "AADSTS1002012: ..."}
        if form["client_id"] != [CLIENT]:
            return 400, {"error": "unauthorized_client", "error_description": "AADSTS700016: ..."}
        if form["client_secret"] != [SECRET]:
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: ..."}
        token = secrets.token_urlsafe(900)
        self.tokens[token] = clock.now() + timedelta(seconds=self.token_seconds)
        return 200, {
            "token_type": "Bearer",
            "expires_in": self.token_seconds,
            "ext_expires_in": self.token_seconds,
            "access_token": token,
        }

    # Graph

    def _graph(self, asked: Asked, headers: Message) -> Answer:
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.tokens or clock.now() >= self.tokens[token]:
            return 401, _error("InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        if not GUID.fullmatch(asked.request_id):
            return 400, _error("BadRequest", "Every request of ours carries its own id.")
        found = re.fullmatch(r"/v1\.0/users/([^/]+)/onlineMeetings/([^/]+)", asked.path)
        if found is None:
            return 400, _error("BadRequest", "Resource not found for the segment.")
        if unquote(found[1]) != ORGANISER:
            return 404, _error("UnknownError", "No such user: an application names users by their object id.")
        name = unquote(found[2])
        if asked.method == "POST" and name == "createOrGet":
            return self._create_or_get(asked, headers)
        meeting = self.meetings.get(name)
        if meeting is None:
            return 404, _error("NotFound", "Meeting not found.")
        if asked.method == "PATCH":
            return self._update(meeting, asked, headers)
        if asked.method == "DELETE" and not asked.body:
            del self.meetings[name]
            return 204, None
        return 405, _error("BadRequest", "Method not allowed.")

    def _create_or_get(self, asked: Asked, headers: Message) -> Answer:
        if wrong := _what_is_wrong(asked, headers, CREATE_OR_GET):
            return 400, _error("BadRequest", wrong)
        content = asked.content
        if not content.get("externalId"):
            return 400, _error("BadRequest", "externalId is required.")
        for meeting in self.meetings.values():
            if meeting.external_id == content["externalId"]:
                return 200, self._written(meeting)
        name = f"MSo{secrets.token_urlsafe(90)}*0**19:meeting_{secrets.token_urlsafe(24)}@thread.v2"
        meeting = OnlineMeeting(
            name,
            content["externalId"],
            datetime.fromisoformat(content["startDateTime"]),
            datetime.fromisoformat(content["endDateTime"]),
            content.get("subject", ""),
            self.give_link(name),
        )
        self.meetings[name] = meeting
        self.made += 1
        return 201, self._written(meeting)

    def _update(self, meeting: OnlineMeeting, asked: Asked, headers: Message) -> Answer:
        if wrong := _what_is_wrong(asked, headers, UPDATE):
            return 400, _error("BadRequest", wrong)
        content = asked.content
        meeting.begins = datetime.fromisoformat(content["startDateTime"])
        meeting.ends = datetime.fromisoformat(content["endDateTime"])
        meeting.subject = content.get("subject", meeting.subject)
        return 200, self._written(meeting)

    def _written(self, meeting: OnlineMeeting) -> dict[str, Any]:
        written = {
            "@odata.context": f"{self.url}/v1.0/$metadata#users('{ORGANISER}')/onlineMeetings/$entity",
            "id": meeting.id,
            "creationDateTime": _seven_decimals(clock.now()),
            "startDateTime": _seven_decimals(meeting.begins),
            "endDateTime": _seven_decimals(meeting.ends),
            "joinWebUrl": meeting.join_url,
            "subject": meeting.subject,
            "isBroadcast": False,
            "externalId": meeting.external_id,
            "participants": {
                "organizer": {"role": "presenter", "identity": {"user": {"id": ORGANISER}}},
                "attendees": [],
            },
            "audioConferencing": None,
        }
        return {name: value for name, value in written.items() if name != "joinWebUrl" or value is not None}


def classic_link(name: str) -> str:
    thread = f"19%3ameeting_{secrets.token_urlsafe(30)}%40thread.v2"
    return (
        f"https://teams.microsoft.com/l/meetup-join/{thread}/0"
        f"?context=%7b%22Tid%22%3a%22{TENANT}%22%2c%22Oid%22%3a%22{ORGANISER}%22%7d"
    )


def short_link(name: str) -> str:
    return f"https://teams.microsoft.com/meet/{secrets.randbelow(10**13) + 10**13}?p={secrets.token_urlsafe(12)}"


def _error(code: str, message: str) -> dict[str, Any]:
    inner = {"date": clock.now().strftime("%Y-%m-%dT%H:%M:%S"), "request-id": str(uuid.uuid4())}
    return {"error": {"code": code, "message": message, "innerError": inner}}


def _seven_decimals(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def _what_is_wrong(asked: Asked, headers: Message, known: set[str]) -> str:
    """Why Graph refuses a body, or nothing. It would take a body without times; no request of ours may lack them."""
    if headers.get("Content-Type", "").partition(";")[0] != "application/json":
        return "Content-Type must be application/json."
    try:
        content = asked.content
    except ValueError:
        return "Unable to read JSON request payload."
    if unknown := set(content) - known:
        return f"Invalid property {sorted(unknown)}."
    if strange := [name for name, value in content.items() if name != "participants" and not isinstance(value, str)]:
        return f"{strange} must be strings."
    times = [content.get("startDateTime", ""), content.get("endDateTime", "")]
    if not all(MOMENT.fullmatch(time) for time in times):
        return "Both times are given, and written like 2027-04-06T11:30:00Z."
    try:
        begins, ends = map(datetime.fromisoformat, times)
    except ValueError:
        return "There is no such moment."
    return "" if ends > begins else "endDateTime must be after startDateTime."


# Serving it


class _Server(ThreadingHTTPServer):
    def __init__(self, stand_in: GraphStandIn) -> None:
        self.stand_in = stand_in
        super().__init__((HOST, 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away in the middle of an answer."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _handle(self) -> None:
        stand_in = self.server.stand_in
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        service = SIGN_IN if self.path.startswith("/authority/") else GRAPH
        request_id = self.headers.get("client-request-id", "")
        fault, answer = stand_in.handle(Asked(service, self.command, self.path, request_id, body), self.headers)
        kind = fault.kind if fault else ""
        if kind == "hang":
            stand_in.stopping.wait(30)
        if kind in ("hang", "drop", "done and dropped"):
            self._reset()
            return
        half = answer.body[: len(answer.body) // 2]
        announced = {"drip": 1000, "truncated": len(half)}.get(kind, len(answer.body))
        self.send_response(answer.status or 200)
        for name, value in [*answer.headers, ("Content-Length", str(announced))]:
            self.send_header(name, value)
        self.end_headers()
        if kind == "drip":
            self._drip()
        else:
            self.wfile.write(half if kind in ("cut", "truncated") else answer.body)

    do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815

    def _drip(self) -> None:
        while not self.server.stand_in.stopping.wait(0.02):
            self.wfile.write(b" ")

    def _reset(self) -> None:
        """Close without a word: what the other side gets is a connection that was reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


@contextmanager
def graph_stand_in() -> Iterator[GraphStandIn]:
    """A stand-in on a free port of this machine, for the length of a block. No proxy stands in between."""
    stand_in = GraphStandIn()
    with _Server(stand_in) as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("NO_PROXY", HOST)
        stand_in.url = f"http://{HOST}:{server.server_address[1]}"
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="graph", daemon=True
        )
        thread.start()
        try:
            yield stand_in
        finally:
            stand_in.stopping.set()
            server.shutdown()
            thread.join()
