"""Nobody learns from an answer whether there is an account, a link or a record: by its words, nor by its time (G9).

`taskset -c 1 python -m tests.reliability.run same-answers` on a quiet machine. Each pair is asked in turn, in an order
that chance decides, by the whole application with the password cost of service.
"""

import math
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from models import AccountLinkPurpose, Draft, FailedSignIn, Meeting, MeetingState, Mode, Poll, Role, User, db
from signpost import clock, create_app
from signpost.accounts import account_links, sessions
from signpost.fields import new_public_id
from signpost.referrals import drafts
from tests import databases, factories
from tests.databases import Databases
from tests.factories import PASSWORD, a_referral, a_user
from tests.pages import Page
from tests.reliability.counts import Counts, counted
from tests.reliability.site import a_config

SEED = 2027
WARM_UP = 5
MOST_MS, MOST_SHARE, LEAST_P = 5.0, 0.05, 0.01
CHANGING = re.compile(r'(?<=name="csrf_token" value=")[^"]+|(?<="X-CSRFToken": ")[^"]+')


@dataclass(frozen=True)
class Asked:
    """One request. `own`: what only this one names, and which its answer may repeat."""

    client: FlaskClient
    method: str
    path: str
    own: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)

    def answer(self) -> tuple[float, int, str]:
        """Milliseconds, status, and the answer without what it repeats."""
        began = time.perf_counter()
        response = self.client.open(self.path, method=self.method, data=self.fields or None)
        took = (time.perf_counter() - began) * 1000
        said = f"{response.headers.get('Location', '')}\n{response.get_data(as_text=True)}"
        for word in self.own:
            said = said.replace(word, "…")
        return took, response.status_code, CHANGING.sub("…", said)


Ask = Callable[[int], Asked]


@dataclass(frozen=True)
class Pair:
    """Two questions whose answers must not tell which of them it was."""

    name: str
    there: Ask
    not_there: Ask


@dataclass
class Measured:
    pair: str
    other_status: int = 0
    other_words: int = 0
    there: list[float] = field(default_factory=list)
    not_there: list[float] = field(default_factory=list)

    @property
    def apart_ms(self) -> float:
        return abs(median(self.there) - median(self.not_there))

    @property
    def p(self) -> float:
        return mann_whitney(self.there, self.not_there)

    @property
    def is_apart(self) -> bool:
        allowed = max(MOST_MS, MOST_SHARE * median(self.not_there))
        return self.apart_ms > allowed or self.p <= LEAST_P


def median(values: list[float]) -> float:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def mann_whitney(first: list[float], second: list[float]) -> float:
    """How likely two samples of one source lie at least so far apart in rank (two-sided, normal approximation)."""
    both = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks, ties, at = 0.0, 0, 0
    while at < len(both):
        end = at
        while end < len(both) and both[end][0] == both[at][0]:
            end += 1
        ranks += sum(which == 0 for _, which in both[at:end]) * (at + end + 1) / 2
        ties += (end - at) ** 3 - (end - at)
        at = end
    n, m = len(first), len(second)
    above = abs(ranks - n * (n + 1) / 2 - n * m / 2)
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return math.erfc(max(0.0, above - 0.5) / spread / math.sqrt(2)) if spread else 1.0


def same_answers(made: Databases, folder: Path, large: bool) -> Counts:
    """Sign-in, help with it, invitations, referring, and records of others: asked for what is there and what is not."""
    tries = 200
    config = a_config(folder, made.new(folder), mail_port=9)
    app = create_app(config)
    opened = db.obj
    opened.connect(reuse_if_open=True)
    try:
        measured = [measure(pair, tries) for pair in pairs(app, tries + WARM_UP)]
    finally:
        databases.close(opened)
    return counted(
        "same answers",
        {
            "other_status": sum(one.other_status for one in measured),
            "other_words": sum(one.other_words for one in measured),
            "apart_in_time": sum(one.is_apart for one in measured),
        },
        tries=tries, pairs=len(measured), requests=2 * tries * len(measured),
        medians_ms={
            one.pair: [round(median(one.there), 2), round(median(one.not_there), 2), round(one.p, 3)] for one in measured
        },
    )  # fmt: skip


def measure(pair: Pair, tries: int) -> Measured:
    """Ask so often for each, after a few that do not count; once more where the times lay apart."""
    found = _measure(pair, tries)
    if found.is_apart:
        again = _measure(pair, tries)
        again.other_status += found.other_status
        again.other_words += found.other_words
        return again
    return found


def _measure(pair: Pair, tries: int) -> Measured:
    chance, found = random.Random(SEED), Measured(pair.name)  # noqa: S311
    for n in range(WARM_UP + tries):
        asked = [(found.there, pair.there), (found.not_there, pair.not_there)]
        chance.shuffle(asked)
        FailedSignIn.delete().execute()
        answers = []
        for times, ask in asked:
            took, *said = ask(n).answer()
            answers.append(said)
            if n >= WARM_UP:
                times.append(took)
        found.other_status += answers[0][0] != answers[1][0]
        found.other_words += answers[0][1] != answers[1][1]
    return found


# What is asked


def pairs(app: Flask, count: int) -> list[Pair]:
    """The pairs, with so many people, links and records as will be asked for."""
    a_user(Role.SENIOR_ADVISER)
    people = [a_user(Role.MENTOR) for _ in range(2 * count)]
    known = a_user(Role.MENTOR, password=PASSWORD)
    closed = a_user(Role.MENTOR, password=PASSWORD, disabled_at=clock.now())
    invited = a_user(Role.MENTOR)
    stranger = app.test_client()
    token = token_of(stranger, "/sign-in")

    def sign_in_as(email: str) -> Asked:
        fields = {"csrf_token": token, "email": email, "password": "not the right words"}
        return Asked(stranger, "POST", "/sign-in", (email,), fields)

    def ask_for_help(email: str) -> Asked:
        return Asked(stranger, "POST", "/sign-in/help", (email,), {"csrf_token": token, "email": email})

    def open_link(word: str) -> Asked:
        return Asked(stranger, "GET", f"/sign-in/password/{word}", (word,))

    used = []
    for _ in range(count):
        used.append(account_links.make(AccountLinkPurpose.INVITATION, invited))
        account_links.use(account_links.find_open(used[-1]))

    def no_link(n: int) -> Asked:
        return open_link(f"{n:04}{used[n][4:]}")

    return [
        Pair("sign in: account or none", lambda n: sign_in_as(known.email), lambda n: sign_in_as(nobody(n))),
        Pair("sign in: closed account or none", lambda n: sign_in_as(closed.email), lambda n: sign_in_as(nobody(n))),
        Pair("sign in: only invited or none", lambda n: sign_in_as(invited.email), lambda n: sign_in_as(nobody(n))),
        Pair("help: account or none", lambda n: ask_for_help(people[n].email), lambda n: ask_for_help(nobody(n))),
        Pair("help: closed account or none", lambda n: ask_for_help(closed.email), lambda n: ask_for_help(nobody(n))),
        Pair("help: asked too often or none", lambda n: ask_for_help(known.email), lambda n: ask_for_help(nobody(n))),
        Pair("invitation: used up or never made", lambda n: open_link(used[n]), no_link),
        *of_records(app, people[-1]),
    ]


def of_records(app: Flask, somebody: User) -> list[Pair]:
    """What is not theirs, beside what is not there; and referring somebody with an account beside somebody without."""
    referrer, other = factories.a_referrer(), a_user(Role.COUNSELLOR)
    at_referrer, at_other = app.test_client(), app.test_client()
    for client, user in ((at_referrer, referrer), (at_other, other)):
        with client.session_transaction() as session:
            session["_user_id"] = sessions.begin(user)
    token, token_of_other = token_of(at_referrer, "/account"), token_of(at_other, "/account")
    employer = factories.an_employer().public_id

    def look(method: str, path: str, public_id: str) -> Asked:
        fields = {"csrf_token": token_of_other} if method == "POST" else {}
        return Asked(at_other, method, path.format(public_id), (public_id,), fields)

    def record(name: str, method: str, path: str, theirs: str) -> Pair:
        return Pair(
            f"{name}: another's or none",
            lambda n: look(method, path, theirs),
            lambda n: look(method, path, new_public_id()),
        )

    def refer(email: str) -> Asked:
        Draft.delete().execute()
        typed = {
            "csrf_token": token, "trainee_name": "Sam Ng", "trainee_email": email, "employer": employer,
            "school": "unknown", "request": "Would like to talk.", "wider_concerns": "no",
        }  # fmt: skip
        return Asked(at_referrer, "POST", "/referrals/new", (email,), typed)

    def check(email: str) -> Asked:
        refer(email).answer()
        begun = drafts.of(referrer)
        assert begun is not None
        reference = begun.reference
        own = (email, begun.digest, reference, f"{reference[:4]}-{reference[4:]}".upper())
        return Asked(at_referrer, "GET", "/referrals/new/check", own)

    theirs = a_referral(factories.a_referrer())
    meeting, poll = a_meeting_of(somebody)
    return [
        record("referral", "GET", "/referrals/{}", theirs.public_id),
        record("its acceptance", "POST", "/referrals/{}/acceptance", theirs.public_id),
        record("message", "POST", "/notices/{}/copies", theirs.notices.get().public_id),
        record("meeting", "GET", "/meetings/{}", meeting.public_id),
        record("poll", "GET", "/polls/{}", poll.public_id),
        Pair("referring: account or none", lambda n: refer(somebody.email), lambda n: refer(nobody(n))),
        Pair("what will be sent: account or none", lambda n: check(somebody.email), lambda n: check(nobody(n))),
    ]


def a_meeting_of(organiser: User) -> tuple[Meeting, Poll]:
    begins = clock.now() + timedelta(days=7)
    times: dict[str, Any] = {"begins_at": begins, "ends_at": begins + timedelta(hours=1)}
    meeting = Meeting.create(organiser=organiser, uid="theirs", mode=Mode.TELEPHONE, state=MeetingState.BOOKED, **times)
    poll = Poll.create(organiser=organiser, title="Support", minutes=60, reply_by=clock.today(), asked_at=clock.now())
    return meeting, poll


def nobody(n: int) -> str:
    return f"person{n + 100_000}@signpost.example"


def token_of(client: FlaskClient, path: str) -> str:
    page = Page(client.get(path).get_data(as_text=True))
    return next(token for form in page.forms if (token := form.value("csrf_token")))
