"""G6: a button that is pressed eight times at once, or once more after it, does what one press does, on every form."""

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
# more, and nobody is told of it; the former address of a calendar stops working; each fetching has its receipt.
SAID = ("event", "audit_entry")
AGAIN = {
    "accounts.sign_in": ("failed_sign_in",),
    "passwords.ask": ("help_asked",),
    "meetings.make_feed": ("calendar_feed", *SAID),
    **dict.fromkeys(
        ("meetings.withdraw_feed", "polls.answer", "polls.answer_by_link", "work.places", "subject_access.mine"), SAID
    ),
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


def press(walker: Walker, visitor: Visitor, row: Row, record: str) -> int:
    """Send the form from one of the pages that are open. Gives the status of the answer."""
    address, body = walker.fill_in(row.address, record, row.of), {"csrf_token": visitor.csrf} | walker.body(row, record)
    client = FlaskClient(walker.world.app, walker.world.app.response_class, use_cookies=False)
    return client.post(address, data=as_sent(body), headers={"Cookie": visitor.cookie}).status_code


def eight_at_once(walker: Walker, visitor: Visitor, row: Row, record: str) -> list[int]:
    """Press on eight open pages at the same moment. Gives the status of each answer."""
    gate, answers = threading.Barrier(PRESSES), [0] * PRESSES

    def wait_and_press(number: int) -> None:
        with db.connection_context():
            gate.wait()
            answers[number] = press(walker, visitor, row, record)

    threads = [threading.Thread(target=wait_and_press, args=(number,)) for number in range(PRESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def two_in_turn(walker: Walker, visitor: Visitor, row: Row, record: str) -> list[int]:
    """Press, and once more on the same page when the first was answered. Gives the status of each answer."""
    return [press(walker, visitor, row, record) for _ in range(2)]


@pytest.mark.parametrize("row", POSTS, ids=lambda row: f"{row.endpoint} {row.address}")
def test_eight_presses_at_once_do_what_one_does_and_so_do_two_in_turn(walker: Walker, row: Row) -> None:
    for person, record in let_in(walker, row):
        visitor = walker.visitor(person)
        once = did(walker, visitor, row, record, {})
        if once and not only_read(once):
            break
    else:
        return  # test_forbidden_writes says which these may be
    for press_often in (two_in_turn, eight_at_once):
        before = rows()
        with put_back():
            answers = press_often(walker, visitor, row, record)
            often = differences(before, rows())

        assert max(answers) < 500, answers
        assert but_for(AGAIN.get(row.endpoint, ()), often) == but_for(AGAIN.get(row.endpoint, ()), once), press_often
    figures.add("G6", forms=1, presses=PRESSES, doubled=0)


def only_read(told: list[str]) -> bool:
    """Whether the press was refused, and all it left is that its page showed the record: what would it do twice?"""
    return all(line.startswith("audit_head ") or '": "record.read"' in line for line in told)


def but_for(tables: tuple[str, ...], told: list[str]) -> list[str]:
    """The differences without rows that were added to these tables, and without the number of the last audit entry."""
    left_out = tuple(f"{name} + " for name in tables)
    return [line for line in told if not line.startswith((*left_out, "audit_head "))]
