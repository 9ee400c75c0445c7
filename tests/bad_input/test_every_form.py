"""Every form of every page, each field filled in turn with what nobody should send: never a fault of ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models import Venue
from signpost import clock
from tests.bad_input import nasty
from tests.bad_input.conftest import Sit, taken_back
from tests.browser.every_page import VIEWS, World
from tests.pages import Page

PARTS = 3  # so that two processes can share the forms
SEARCHES = [
    ("adviser", "/referrals/inbox", ("q", "school", "employer", "counsellor", "view", "sort", "waiting", "concern")),
    ("adviser", "/referrals/inbox", ("after", "before", "open")),
    ("adviser", "/referrals/inbox/assignment", ("id", "counsellor", "reason")),
    ("adviser", "/referrals/inbox/closure", ("id", "ending")),
    ("adviser", "/referrals/inbox/views", ("address", "name")),
    ("adviser", "/referrals/{waiting}/assignment", ("counsellor", "reason", "version")),
    ("referrer", "/referrals/{plain}/concerns", ("school",)),
    ("adviser", "/notices", ("show", "before")),
    ("administrator", "/people", ("q",)),
    ("counsellor", "/meetings", ("week",)),
    ("counsellor", "/meetings/day", ("on",)),
    ("trainee", "/referrals/{assigned}/times", ("from", "mode", "place")),
    ("", "/sign-in", ("next",)),
]


@dataclass(frozen=True)
class Target:
    """A form as somebody would send it, and the field of it that is abused."""

    who: str
    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    field: str


def sensible(world: World) -> dict[str, str]:
    """Something that each field accepts, by its name; so that only the abused field is wrong."""
    coming = clock.today().replace(day=1, month=6, year=clock.today().year + 1)
    return {
        "trainee_name": "Sam Ng",
        "trainee_email": "sam.ng@trainees.example",
        "request": "Would like to talk.",
        "employer": world.named["employer"],
        "school": world.named["school"],
        "wider_concerns": "no",
        "name": "Sam Ng",
        "email": "sam.ng@trainees.example",
        "phone": "020 7946 0000",
        "reference": "K4TX-29BD",
        "password": "three plain words",
        "old_password": "three plain words",
        "new_password": "four plain words now",
        "counsellor": world.people["counsellor"].public_id,
        "reason": "Because.",
        "ending": "unable_to_contact",
        "choice": "words",
        "words": "Support is in place.",
        "about": "trainee",
        "role": "mentor",
        "into": "",
        "title": "Support",
        "required": "Sandy Support, sandy@elsewhere.example",
        "optional": "",
        "can_do": "Fridays",
        "times": f"{coming}T10:00:00+00:00",
        "begins": "10:00",
        "ends": "12:00",
        "minutes": "60",
        "gap_minutes": "0",
        "mode": "face_to_face",
        "venue": Venue.get().public_id,
        "outside_reason": "They asked.",
        "when": "day",
        **{f"{name}-{part}": str(getattr(coming, part)) for name in DATES for part in ("day", "month", "year")},
        "weekday": "0",
        "join_link": "https://teams.microsoft.com/l/meetup-join/x",
        "attendance": "agreed",
    }


TYPED = {"q", "address", "reason", "next"}
CHOSEN = {
    *(
        "employer",
        "school",
        "wider_concerns",
        "counsellor",
        "ending",
        "duplicate_of",
        "choice",
        "about",
        "role",
        "kind",
    ),
    *("into", "mode", "venue", "when", "weekday", "attendance", "version", "seen", "step", "shows_others", "places"),
    *("courtesy_notices", "given", "reference", "next", "unsent", "later", "id"),
}
DATES = ("day", "first_day", "last_day", "reply_by")


def names_in(page: Page) -> list[list[str]]:
    """For each form of the page, in order, the names of everything it can send."""
    forms = re.findall(r"<form\b.*?</form>", page.html, re.DOTALL)
    assert len(forms) == len(page.forms)
    found = [re.findall(r'<(?:input|select|textarea)\b[^>]*?\sname="([^"]+)"', form, re.DOTALL) for form in forms]
    return [[name for name in dict.fromkeys(names) if name != "csrf_token"] for names in found]


def targets(app: Flask, world: World, sit: Sit) -> Iterator[Target]:
    """Each field of each form of each page: once, however many pages have a form that goes there."""
    usual, seen = sensible(world), set()
    adapter = app.url_map.bind("localhost")
    for view in VIEWS:
        if view.press or view.status != 200:
            continue
        client, path = sit(view.who), world.path(view)
        client.get(path)
        for form, names in zip(client.page.forms, names_in(client.page), strict=True):
            if form.method != "post":
                continue
            action = form.action or path
            endpoint, _ = adapter.match(action.partition("?")[0], method="POST")
            fields = {name: form.value(name) or usual.get(name, "") for name in names}
            for name in names:
                if (endpoint, name) not in seen:
                    seen.add((endpoint, name))
                    yield Target(view.who, path, action, tuple(fields.items()), name)


def is_words(target: Target) -> bool:
    """Whether people type words into this field: choices, numbers and hidden fields get fewer of the values."""
    usual = dict(target.fields)[target.field]
    return target.field not in CHOSEN and not usual.isdigit()


def complaint(response: TestResponse, value: str) -> str:
    """What is wrong with this answer to this value; nothing where it is a page, a redirect or a clean refusal."""
    said = response.get_data(as_text=True)
    if response.status_code >= 500:
        return f"{response.status_code} for {value[:40]!r}"
    if found := nasty.INSIDES.search(said):
        return f"{found.group()!r} in the page for {value[:40]!r}"
    if "<script>alert" in said or "<img src=x" in said:
        return f"markup came through for {value[:40]!r}"
    return ""


@pytest.mark.parametrize("part", range(PARTS))
def test_no_field_of_any_form_can_be_filled_in_so_that_the_site_breaks(
    app: Flask, world: World, sit: Sit, part: int
) -> None:
    found = list(targets(app, world, sit))
    assert len({target.field for target in found}) > 60
    found = found[part::PARTS]
    wrong, tokens = [], {who: sit(who).token() for who in {target.who for target in found}}
    for target in found:
        for value in nasty.VALUES if is_words(target) else nasty.VALUES[::6]:
            with taken_back():
                data = dict(target.fields) | {"csrf_token": tokens[target.who], target.field: value}
                response = sit(target.who).post(target.action, data=data)
            if words := complaint(response, value):
                wrong.append(f"{target.action} {target.field}: {words}")
    assert wrong == []


def test_no_address_with_a_query_breaks_a_page(world: World, sit: Sit) -> None:
    wrong = []
    for who, path, names in SEARCHES:
        for name in names:
            for value in nasty.VALUES if name in TYPED else nasty.VALUES[::3]:
                if words := complaint(sit(who).get(path.format(**world.named), query_string={name: value}), value):
                    wrong.append(f"{path}?{name}: {words}")
    assert wrong == []


def test_no_day_at_the_ends_of_the_calendar_breaks_a_page(world: World, sit: Sit) -> None:
    usual, wrong = sensible(world), []
    for who, path, names in (
        ("counsellor", "/account/work/absences", ("first_day", "last_day")),
        ("counsellor", "/referrals/{assigned}/arranged", ("day",)),
        ("counsellor", "/meetings/hours/new", ("day",)),
        ("chair", "/meetings/{group}/new-time", ("day",)),
        ("chair", "/polls/new", ("reply_by",)),
    ):
        for year, month, day in (("9999", "12", "31"), ("1000", "1", "1"), ("0001", "1", "1")):
            ends = {f"{name}-year": year for name in names} | {f"{name}-month": month for name in names}
            sent = usual | ends | {f"{name}-day": day for name in names} | {"begins": "23:50", "ends": "23:59"}
            with taken_back():
                response = sit(who).submit(path.format(**world.named), **sent)
                home = sit(who).get("/")
            if words := complaint(response, year) or complaint(home, year):
                wrong.append(f"{path} {year}: {words}")
    assert wrong == []


def test_no_day_at_the_ends_of_the_calendar_in_an_address_breaks_a_page(world: World, sit: Sit) -> None:
    for who, path, name in (
        ("counsellor", "/meetings", "week"),
        ("counsellor", "/meetings/day", "on"),
        ("trainee", "/referrals/{assigned}/times", "from"),
    ):
        for day in ("0001-01-01", "9999-12-31"):
            response = sit(who).get(path.format(**world.named), query_string={name: day})
            assert response.status_code == 200, f"{path}?{name}={day}"
