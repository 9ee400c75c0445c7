"""G6: a button that is pressed eight times at once does what one press does, whichever form of the site it is."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient

from models import db
from signpost.config import running
from tests import figures
from tests.matrix.table import Row
from tests.matrix.test_forbidden_writes import POSTS, did, let_in
from tests.matrix.walk import Visitor, Walker, as_sent
from tests.matrix.whole_database import differences, forget, rows

PRESSES = 8

# What each press adds, although it does nothing more: each is a try; the worker answers once; somebody said the same once
# more, and nobody is told of it; the former address of a calendar stops working.
SAID = ("event", "audit_entry")
AGAIN = {
    "accounts.sign_in": ("failed_sign_in",),
    "passwords.ask": ("help_asked",),
    "meetings.make_feed": ("calendar_feed", *SAID),
    **dict.fromkeys(("meetings.withdraw_feed", "polls.answer", "polls.answer_by_link", "work.places"), SAID),
    **dict.fromkeys(("accounts.sign_out_everywhere", "people.end_sessions", "audit.verification"), SAID),
}


@contextmanager
def put_back() -> Iterator[None]:
    """Whatever other threads write in this block is gone after it: pages of the file, and the anchor."""
    kept = sqlite3.connect(":memory:")
    db.connection().backup(kept)
    anchor = running().audit_anchor
    anchored = anchor.read_bytes()
    try:
        yield
    finally:
        kept.backup(db.connection())
        kept.close()
        forget()
        anchor.write_bytes(anchored)


def press_at_once(walker: Walker, visitor: Visitor, row: Row, record: str) -> list[int]:
    """Send the same form from eight open pages at the same moment. Gives the status of each answer."""
    address, body = walker.fill_in(row.address, record, row.of), {"csrf_token": visitor.csrf} | walker.body(row, record)
    gate, answers = threading.Barrier(PRESSES), [0] * PRESSES

    def press(number: int) -> None:
        client = FlaskClient(walker.world.app, walker.world.app.response_class, use_cookies=False)
        with db.connection_context():
            gate.wait()
            answers[number] = client.post(address, data=as_sent(body), headers={"Cookie": visitor.cookie}).status_code

    threads = [threading.Thread(target=press, args=(number,)) for number in range(PRESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("row", POSTS, ids=lambda row: f"{row.endpoint} {row.address}")
def test_eight_presses_at_once_do_what_one_does(walker: Walker, row: Row) -> None:
    for person, record in let_in(walker, row):
        visitor = walker.visitor(person)
        once = did(walker, visitor, row, record, {})
        if once and not only_read(once):
            break
    else:
        return  # test_forbidden_writes says which these may be
    before = rows()
    with put_back():
        answers = press_at_once(walker, visitor, row, record)
        at_once = differences(before, rows())

    assert max(answers) < 500, answers
    assert but_for(AGAIN.get(row.endpoint, ()), at_once) == but_for(AGAIN.get(row.endpoint, ()), once)
    figures.add("G6", forms=1, presses=PRESSES, doubled=0)


def only_read(told: list[str]) -> bool:
    """Whether the press was refused, and all it left is that its page showed the record: what would it do twice?"""
    return all(line.startswith("audit_head ") or '": "record.read"' in line for line in told)


def but_for(tables: tuple[str, ...], told: list[str]) -> list[str]:
    """The differences without rows that were added to these tables, and without the number of the last audit entry."""
    left_out = tuple(f"{name} + " for name in tables)
    return [line for line in told if not line.startswith((*left_out, "audit_head "))]
