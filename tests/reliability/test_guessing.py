"""Somebody guesses a password a thousand times: few guesses are looked at, and the owner gets in soon after (G10)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models import User
from signpost import clock
from tests import figures
from tests.factories import PASSWORD, a_user
from tests.pages import Page

GUESSES = 1000
WINDOW = timedelta(minutes=5)
LOOKED_AT, CLOSED, LET_IN = 422, 429, 303
PROXY = "10.0.0.1"


@dataclass
class Door:
    """The sign-in page, at which nobody is signed in."""

    client: FlaskClient
    token: str = ""

    def __post_init__(self) -> None:
        page = Page(self.client.get("/sign-in").get_data(as_text=True))
        self.token = page.form_with("Sign in").value("csrf_token") or ""

    def knock(self, email: str, password: str, said: str, really: str = PROXY) -> int:
        """Try from this address, as the header says that the proxy `really` sets. Gives the status."""
        return self.client.post(
            "/sign-in",
            data={"csrf_token": self.token, "email": email, "password": password},
            headers={"X-Forwarded-For": said},
            environ_base={"REMOTE_ADDR": really},
        ).status_code


def door(app: Flask) -> Door:
    return Door(FlaskClient(app, use_cookies=True))


def most_in_a_window(moments: list[datetime]) -> int:
    return max(sum(first <= each < first + WINDOW for each in moments) for first in moments)


def guess(at: Door, email: str, begin: datetime, seconds: int, addresses: Callable[[int], str]) -> list[datetime]:
    """Guess a thousand times, so many seconds apart. Gives when a guess was looked at."""
    looked_at = []
    for n in range(GUESSES):
        moment = begin + timedelta(seconds=n * seconds)
        with clock.at(moment):
            status = at.knock(email, f"guess number {n}", addresses(n))
        assert status in (LOOKED_AT, CLOSED)
        if status == LOOKED_AT:
            looked_at.append(moment)
    return looked_at


def minutes_until_let_in(owner: User, app: Flask, end: datetime) -> int:
    """The owner tries once a minute, from an address of their own."""
    for minute in range(1, 60):
        with clock.at(end + timedelta(minutes=minute)):
            if door(app).knock(owner.email, PASSWORD, "198.51.100.7") == LET_IN:
                return minute
    raise AssertionError("The owner was locked out.")


@pytest.mark.parametrize("seconds", [0, 1], ids=["at one moment", "one a second"])
@pytest.mark.parametrize("count", [1, 200], ids=["from one address", "from 200 addresses"])
def test_of_a_thousand_guesses_ten_in_five_minutes_are_looked_at_and_the_owner_gets_in(
    make_app: Callable[..., Flask], count: int, seconds: int
) -> None:
    app = make_app(trusted_proxies=1)
    owner, begin = a_user(password=PASSWORD), clock.now()

    looked_at = guess(door(app), owner.email, begin, seconds, lambda n: f"203.0.113.{n % count}")
    minutes = minutes_until_let_in(owner, app, begin + timedelta(seconds=GUESSES * seconds))

    assert most_in_a_window(looked_at) <= 10
    assert minutes <= 15
    figures.add("G10", guesses=GUESSES, looked_at=len(looked_at), locked_out=0)


def test_addresses_that_nobody_set_but_the_guesser_make_no_difference(app: Flask) -> None:
    at, begin = door(app), clock.now()

    answers = []
    for n in range(GUESSES):
        with clock.at(begin):
            answers.append(at.knock(f"person{n}@signpost.example", "a guess", f"203.0.113.{n % 200}"))

    assert answers.count(LOOKED_AT) == 10
    assert answers.count(CLOSED) == GUESSES - 10
    figures.add("G10 forged header", guesses=GUESSES, looked_at=10)


def test_what_a_guesser_writes_before_the_proxys_own_word_makes_no_difference(make_app: Callable[..., Flask]) -> None:
    at, begin = door(make_app(trusted_proxies=1)), clock.now()

    answers = []
    for n in range(GUESSES):
        with clock.at(begin):
            said = f"203.0.113.{n % 200}, 192.0.2.66"
            answers.append(at.knock(f"person{n}@signpost.example", "a guess", said))

    assert answers.count(LOOKED_AT) == 10
    figures.add("G10 forged header", guesses=GUESSES, looked_at=10)
