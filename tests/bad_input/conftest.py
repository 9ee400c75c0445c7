"""A site in use, of which every address is known."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from models import db
from signpost import database
from tests.browser.every_page import World, make_world
from tests.browser_client import Browser
from tests.conftest import browser, sign_in
from tests.smtp_server import Mailbox

Sit = Callable[[str], Browser]


@pytest.fixture
def world(app: Flask, mailbox: Mailbox) -> World:
    return make_world(app, mailbox)


@pytest.fixture
def sit(app: Flask, world: World) -> Sit:
    """`sit("adviser")`: the browser in which this person of the world is signed in; `sit("")`: nobody."""
    made: dict[str, Browser] = {}

    def at(who: str) -> Browser:
        if who not in made:
            made[who] = browser(app)
            if who:
                sign_in(made[who], world.people[who])
        return made[who]

    return at


@contextmanager
def taken_back() -> Iterator[None]:
    """What the block writes is undone after it, where the test and its requests share a connection."""
    if not database.is_sqlite():
        yield
        return
    with db.atomic() as transaction:
        yield
        transaction.rollback()
