"""What the inbox asks of the database: few statements, always as many, and none that reads a whole table (performance
goal 5). How long they take is for the benchmarks.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from models import Referral, School, User, db
from signpost.database import is_sqlite
from signpost.referrals import inbox
from tests.browser_client import Browser
from tests.factories import a_referral, a_school

MOST_STATEMENTS = 8
INBOX = "/referrals/inbox"
VIEWS = [f"?view={view}&sort={sort}" for view in inbox.VIEWS for sort in inbox.SORTS]
SEARCHES = [f"?view={view}&q=sam" for view in inbox.VIEWS]
# A handful of rows each: they are read whole, and that is quicker.
SMALL = {"setting", "school", "employer"}

Statement = tuple[str, Any]


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Every statement of the block, with its values."""
    plain, found = db.obj.execute_sql, []

    def noted(sql: str, values: Any = None) -> Any:
        found.append((sql, values))
        return plain(sql, values)

    db.obj.execute_sql = noted
    try:
        yield found
    finally:
        del db.obj.execute_sql


def asked(browser: Browser, address: str) -> list[Statement]:
    """What a page asks when something was committed since the last one, so that nothing is kept."""
    School.update(name=School.name).execute()
    with statements() as found:
        assert browser.get(address).status_code == 200
    return found


def plan(statement: Statement) -> list[str]:
    """SQLite's steps, with the table's name in the place of its alias."""
    sql, values = statement
    names = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(\w+)"', sql)}
    steps = [step for *_, step in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    return [
        re.sub(r"^(SCAN|SEARCH) (\w+)", lambda found: f"{found[1]} {names.get(found[2], found[2])}", s) for s in steps
    ]


def reads_a_whole_table(statement: Statement) -> bool:
    """A walk along an index counts where it cannot stop early: without a limit, or with everything sorted afterwards."""
    steps = plan(statement)
    walked = {step.split()[1] for step in steps if step.startswith("SCAN")} & set(db.get_tables()) - SMALL
    can_stop = " LIMIT " in statement[0] and not any("TEMP B-TREE" in step for step in steps)
    return bool(walked) and not can_stop


@pytest.fixture
def a_few(adviser: User, referrer: User) -> Referral:
    for number in range(3):
        referral = a_referral(referrer, trainee_name=f"Sam {number}")
    return referral


def test_no_view_search_or_later_page_of_the_inbox_reads_a_whole_table(
    a_few: Referral, adviser: User, browser_of: Callable[[User], Browser]
) -> None:
    if not is_sqlite():
        pytest.skip("PostgreSQL reads a table this small as a whole, whatever its indexes.")
    browser = browser_of(adviser)
    later = [f"?sort={sort}&{step}={a_few.public_id}" for sort in inbox.SORTS for step in ("after", "before")]
    wrong = {
        address: statement[0]
        for address in VIEWS + SEARCHES + later
        for statement in asked(browser, INBOX + address)
        if reads_a_whole_table(statement)
    }
    assert wrong == {}


def test_a_whole_table_that_is_read_would_be_noticed(app: Flask) -> None:
    if not is_sqlite():
        pytest.skip("SQLite's plans only.")
    unwise = Referral.select().where(Referral.request.contains("x")).order_by(Referral.trainee_name).limit(25)
    assert reads_a_whole_table(unwise.sql())
    assert not reads_a_whole_table(Referral.select().order_by(Referral.id).limit(25).sql())


@pytest.mark.parametrize("address", ["", "?view=all", "?view=closed&sort=name", "?view=all&q=trainee+samuel"])
def test_the_inbox_asks_as_much_with_300_rows_as_with_three_and_never_more_than_eight(
    a_few: Referral, adviser: User, browser_of: Callable[[User], Browser], address: str
) -> None:
    browser = browser_of(adviser)
    few = asked(browser, INBOX + address)
    for number in range(8):
        a_school(f"School {number}")
    columns = {name: value for name, value in a_few.__data__.items() if name != "id"}
    for number in range(297):
        Referral.insert(columns | {"public_id": f"x{number:07d}"}).execute()
    many = asked(browser, INBOX + address)
    assert (len(many), len(many) <= MOST_STATEMENTS) == (len(few), True)


def test_what_nothing_changed_since_is_not_asked_again(
    a_few: Referral, adviser: User, browser_of: Callable[[User], Browser]
) -> None:
    if not is_sqlite():
        pytest.skip("PostgreSQL does not say whether anything changed, so nothing is kept there.")
    browser = browser_of(adviser)
    first = asked(browser, INBOX)
    with statements() as again:
        browser.get(INBOX)
    assert len(again) <= len(first) - 4
