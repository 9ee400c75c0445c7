"""Asking every address as one person, and saying whether the answer is the one the tables want."""

import base64
import io
import json
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models import Attendee, Mode, Poll, Referral, Review, StatementKind, SupportMeeting, User
from signpost import settings
from signpost.meetings import queries as meetings
from signpost.meetings.forms import key_of
from signpost.referrals import drafts
from signpost.statements import queries as statements
from tests.matrix import table
from tests.matrix.table import ABSENT, Row
from tests.matrix.world import World

KINDS_OF_REQUEST: dict[str, dict[str, str]] = {
    "plain": {},
    "fragment": {"HX-Request": "true"},
    "history": {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    "boosted": {"HX-Request": "true", "HX-Boosted": "true"},
}
BE_SEEN_EVERY_SECONDS = 20
MADE_UP, MADE_UP_TOKEN = "bcdfghjk", "x" * 43

IN, FORBIDDEN, NOT_FOUND, SIGN_IN = "in", "403", "404", "sign-in"

_CSRF = re.compile(r"I[jm][\w-]+\.[\w-]+\.[\w-]+")


@dataclass(frozen=True)
class Cell:
    """One request: a row, a record or none, the exact address, and the kind of request."""

    row: Row
    record: str
    address: str
    kind: str

    def __str__(self) -> str:
        return (
            f"{self.row.method} {self.row.endpoint} [{self.record or '-'}] {self.kind} {self.address.partition('?')[2]}"
        )


# Whom to assign where the usual one has it.
ANOTHER_COUNSELLOR = {"moved on": "earlier counsellor", "others": "earlier counsellor"}


def public_id(row: Any) -> str:
    return str(row.public_id)


def answer_of(response: TestResponse) -> str:
    """Which of the table's four answers this is; anything else as its number."""
    code = response.status_code
    if code == 401 or (code == 303 and response.headers["Location"].partition("?")[0] == "/sign-in"):
        return SIGN_IN
    if code in (403, 404):
        return str(code)
    return IN if code < 400 or code in (409, 410, 422) else str(code)


class Visitor:
    """One person at a browser that forgets nothing and learns nothing: the same cookie and token with every request."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        browser = world.browser_of(name)
        self.csrf = browser.token()
        cookie = browser.get_cookie("signpost")
        self.cookie = f"signpost={cookie.value}" if cookie else ""
        self._client = FlaskClient(world.app, world.app.response_class, use_cookies=False)
        self._seen_at = 0.0

    def be_seen(self) -> None:
        """Look at a page now and then: when a browser was last seen is written once a minute, and so never with an act
        that is taken back. Then it would be with each, and the whole database read again to see that nothing else was."""
        if time.monotonic() - self._seen_at > BE_SEEN_EVERY_SECONDS:
            self.ask("GET", "/account")
            self._seen_at = time.monotonic()

    def ask(self, method: str, address: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        return self._client.open(
            address,
            method=method,
            data=as_sent(data or {}) or None,
            headers={"Cookie": self.cookie} | headers,
            buffered=True,
        )

    def post(self, address: str, data: dict[str, Any], headers: dict[str, str] | None = None) -> TestResponse:
        return self.ask("POST", address, {"csrf_token": self.csrf} | data, **(headers or {}))


def as_sent(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a form as the client sends them: bytes as a file."""
    return {
        name: (io.BytesIO(value), "document") if isinstance(value, bytes) else value for name, value in data.items()
    }


class Walker:
    """Knows the world: which cells there are, and what is expected of each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.each = {
            "{each referral}": list(world.ids["referral"].values()),
            "{each notice}": list(world.ids["notice"].values()),
        }
        begun = drafts.of(world.people["supervisor"])
        assert begun is not None
        self.draft = begun
        self._readable: dict[tuple[str, str, str], set[str]] = {}
        free = meetings.free_times_of(world.people["counsellor"], [Mode.FACE_TO_FACE])
        self.free_time = key_of(free[-1])
        self._visitors: dict[str, Visitor] = {}
        self._bodies: dict[tuple[int, str], dict[str, str | bytes]] = {}
        self._filled: dict[tuple[str, str, str], str] = {}

    def visitor(self, person: str) -> Visitor:
        """This person, with the same browser all along."""
        if person not in self._visitors:
            self._visitors[person] = Visitor(self.world, person)
        self._visitors[person].be_seen()
        return self._visitors[person]

    def rows(self, method: str) -> list[Row]:
        return [row for row in table.ROUTES if row.method == method]

    def records(self, row: Row) -> list[str]:
        return [*self.world.ids[row.of], ABSENT] if row.of else [""]

    def expected(self, person: str, row: Row, record: str) -> str:
        """What the tables say."""
        who = row.who
        if not who.public:
            if person == table.SIGNED_OUT or person in table.CLOSED_ACCOUNTS:
                return SIGN_IN
            if who.roles and not who.roles & self.world.roles(person):
                return FORBIDDEN
        if who.relations and not who.relations & self.world.relations(person, row.of, record):
            return NOT_FOUND
        return IN

    def addresses(self, row: Row, record: str, with_queries: bool) -> Iterator[str]:
        plain = self.fill_in(row.address, record, row.of)
        yield plain
        for query in row.queries if with_queries else ():
            each = next((each for each in table.EACH if each in query), "")
            for one in self.each[each] if each else ("",):
                yield f"{plain}?{self.fill_in(query.replace(each, one) if each else query, record)}"

    def fill_in(self, text: str, record: str, kind: str = "") -> str:
        """Put ids where braces stand: once for each text, since the world stays as it is."""
        if (text, record, kind) not in self._filled:
            self._filled[text, record, kind] = self._fill_in(text, record, kind) if "{" in text else text
        return self._filled[text, record, kind]

    def _fill_in(self, text: str, record: str, kind: str) -> str:
        world = self.world
        known = {
            "somebody": world.people["counsellor"].public_id,
            "school": world.schools["medicine"].public_id,
            "employer": public_id(world.employer),
            "other_employer": public_id(world.other_employer),
            "venue": public_id(world.venue),
            "counsellor": world.people[ANOTHER_COUNSELLOR.get(record, "other counsellor")].public_id,
            "mid_life": world.ids["referral"]["mid-life"],
            "unreleased": world.ids["referral"]["unreleased"],
            "others": world.ids["referral"]["others"],
            "others_address": world.people["other trainee"].email,
            "mentor_address": world.people["mentor"].email,
            "draft": self.draft.reference,
            "draft_digest": self.draft.digest,
            "mill": public_id(world.mill),
            "meeting_of_link": world.meetings["kept" if record == "unanswered link" else "booked"].public_id,
            "ask_of_link": world.ids["ask"]["ask"],
            "handler": world.people["governance"].public_id,
            "contract_of_link": world.ids["contract"]["contract"],
            "service_statement": public_id(statements.now(StatementKind.SERVICE)),
            "ethics_statement": public_id(statements.now(StatementKind.ETHICS)),
            "subject_item": world.ids["subject_item"]["one"],
            "withheld_item": world.ids["subject_item"]["withheld"],
            "task_of_link": world.ids["task"]["task"],
            "file_of_link": world.ids["file"]["trainee's document"],
            "consent_of_link": world.ids["consent"]["unsigned consent"],
            "signed_consent_of_link": world.ids["consent"]["sent consent"],
            "proposal_of_link": world.parts["pair"]["proposal_of_pair"],
            "note_of_link": world.parts["pair"]["note_of_pair"],
            **world.ids["pair_part"],
            "director": world.people["chair"].public_id,
            "support_of_link": world.ids["support"]["asked support"],
            "objective_of_link": world.parts["agreed" if record == "link of an agreed plan" else "drafted"][
                "objective_of_plan"
            ],
            "review_version": str(self.version_of(Review, world.ids["review"].get(record, ""))),
            "support_version": str(self.version_of(SupportMeeting, world.ids["support"].get(record, ""))),
            **world.ids["return_part"],
            **world.ids["support_part"],
            "return_of_list": world.ids["return"]["a return"],
            "return_version": world.ids["return_version"].get(record, "1"),
            "career_lead": world.people["career lead"].public_id,
            "head": world.people["head"].public_id,
            "attendee": self.attendee(record),
            "finished_session": world.ids["session"]["finished"],
            **{
                part: world.parts.get(record, {}).get(part, MADE_UP)
                for part in (
                    "issue",
                    "option",
                    "second_option",
                    "task_in_session",
                    "proposal_of_pair",
                    "note_of_pair",
                    "issue_of_review",
                    "objective_of_plan",
                    "paper_of_support",
                    "unshared_of_support",
                    "row_of_support",
                )
            },
            "poll_time": public_id(world.polls.get(record, world.polls["open poll"]).times.get()),
            "poll_version": str(Poll.get_by_id(world.polls.get(record, world.polls["open poll"]).id).version),
            "free_time": self.free_time,
            "version": str(self.version(record)),
            "settings": settings.current().digest,
        }
        if kind:
            known[kind] = world.ids[kind].get(record, MADE_UP_TOKEN if kind in table.BEARER else MADE_UP)
        return text.format(**known)

    def attendee(self, record: str) -> str:
        """Somebody of this meeting, or of another one."""
        meeting = self.world.meetings.get(record, self.world.meetings["of a group"])
        rows = Attendee.select().where(Attendee.meeting == meeting).order_by(Attendee.id.desc())
        found = rows.first()
        return public_id(found) if found else MADE_UP

    def version(self, record: str) -> int:
        """The version that the page of this record would send."""
        if record in self.world.referrals:
            return int(Referral.get_by_id(self.world.referrals[record].id).version)
        person = self.world.people.get(record, self.world.people["counsellor"])
        return int(User.get_by_id(person.id).version)

    def version_of(self, table_: Any, row_id: str) -> int:
        row = table_.get_or_none(table_.public_id == row_id)
        return int(row.version) if row else 1

    def body(self, row: Row, record: str) -> dict[str, str | bytes]:
        """What the form of this record sends. It is the same for everybody: the world stays as it is."""
        if (id(row), record) not in self._bodies:
            filled = {
                self.fill_in(name, record): value if isinstance(value, bytes) else self.fill_in(value, record)
                for name, value in row.body.items()
            }
            self._bodies[id(row), record] = filled
        return self._bodies[id(row), record]

    # What came back

    def leaks(self, person: str, cell: Cell, response: TestResponse) -> set[str]:
        """The sentinels in the answer that this person may not read."""
        link = cell.record if cell.row.of in table.BEARER else ""
        found = self.world.words.find(*everything_said(response))
        said_by_them = self.world.words.find(unquote(cell.address))
        through = (person, cell.row.of, link)
        if through not in self._readable:
            self._readable[through] = self.world.readable_by(*through)
        return found - self._readable[through] - said_by_them - self.named(cell.row)

    def named(self, row: Row) -> set[str]:
        """The names that a page lists, for one to be chosen."""
        holders = [name for name in self.world.people if row.names in self.world.roles(name)]
        return self.world.words.at((name, "own name") for name in holders)


def everything_said(response: TestResponse) -> list[str]:
    """The body, every header, and what cookies hold when they are opened."""
    headers = [f"{name}: {unquote(value)}" for name, value in response.headers.items()]
    cookies = [opened(value) for name, value in response.headers.items() if name == "Set-Cookie"]
    return [response.get_data().decode("utf-8", "replace"), *headers, *cookies]


def opened(cookie: str) -> str:
    """What a signed cookie says: it is not encrypted."""
    payload = cookie.partition("=")[2].partition(";")[0]
    packed = payload.startswith(".")
    payload = payload.lstrip(".").partition(".")[0]
    try:
        raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return (zlib.decompress(raw) if packed else raw).decode("utf-8", "replace")
    except (ValueError, zlib.error):
        return payload


def without_tokens(body: str) -> str:
    return _CSRF.sub("(token)", body)


def log_lines(err: str) -> list[dict[str, Any]]:
    """The lines on stderr, which must all be JSON."""
    return [json.loads(line) for line in err.splitlines() if line.strip()]
