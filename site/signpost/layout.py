"""What stands around the words of every page: who is signed in, where they may go, whose site it is."""

from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, current_app, request

from models import Role
from signpost import settings
from signpost.access import whoever_is_signed_in
from signpost.assets import vendor_urls
from signpost.stencil import rendered

# words, address, and who sees it; no roles: everyone who is signed in
NAVIGATION: list[tuple[str, str, set[Role]]] = [
    ("Start page", "/", set()),
    ("Refer a trainee", "/referrals/new", {Role.REFERRER}),
    ("Inbox", "/referrals/inbox", {Role.SENIOR_ADVISER}),
    ("Referrals", "/referrals", {Role.REFERRER, Role.COUNSELLOR, Role.HEAD_OF_SCHOOL, Role.TRAINEE}),
    ("Careers sessions", "/careers-sessions", {Role.COUNSELLOR, Role.TRAINEE}),
    (
        "Meetings",
        "/meetings",
        {Role.COUNSELLOR, Role.TRAINEE, Role.PROGRESSION, Role.MEETING_CHAIR, Role.MENTOR, Role.RETURNER},
    ),
    ("Your tasks", "/plans", {Role.TRAINEE}),
    ("Consents", "/consents", {Role.COUNSELLOR, Role.TRAINEE}),
    (
        "Support for progression",
        "/progression",
        {Role.PROGRESSION, Role.MEETING_CHAIR, Role.TRAINING_OFFICER, Role.UNIVERSITY},
    ),
    ("Finding a time", "/polls", {Role.PROGRESSION, Role.MEETING_CHAIR}),
    ("Feedback", "/feedback", {Role.SENIOR_ADVISER, Role.RTT_TEAM}),
    ("Mentoring", "/mentoring", {Role.RTT_TEAM, Role.MENTOR, Role.RETURNER}),
    ("Released to you", "/referrals/released", {Role.TSG}),
    ("Messages", "/notices", {Role.SENIOR_ADVISER, Role.COUNSELLOR, Role.HEAD_OF_SCHOOL, Role.ADMINISTRATOR}),
    ("Complaints", "/complaints", {Role.COMPLAINTS, Role.GOVERNANCE}),
    ("Audit", "/audit", {Role.GOVERNANCE}),
    ("Statements", "/statements", {Role.GOVERNANCE, Role.ADMINISTRATOR}),
    ("Reports", "/reports", {Role.SENIOR_ADVISER, Role.GOVERNANCE, Role.RTT_TEAM, Role.PROGRESSION}),
    ("Subject access", "/subject-access", {Role.GOVERNANCE}),
    ("Retention", "/retention", {Role.GOVERNANCE, Role.COMPLAINTS}),
    ("People", "/people", {Role.ADMINISTRATOR}),
    ("Organisation", "/organisation", {Role.ADMINISTRATOR}),
    ("My work", "/account/work", {Role.COUNSELLOR}),
    ("Guidance", "/guidance", set()),
    ("Your account", "/account", set()),
]

# What lies below an item of the menu beside the addresses that begin with its own. The longest beginning decides.
BELOW: dict[str, tuple[str, ...]] = {"/referrals/inbox": ("/referrals",), "/account/work": ("/meetings/hours",)}

# words and address; for everybody, signed in or not
FOOTER: tuple[tuple[str, str], ...] = (
    ("Help", "/help"),
    ("What each service does", "/guidance/services"),
    ("All guidance", "/guidance"),
    ("Confidentiality", "/statements/confidentiality"),
    ("Privacy", "/statements/privacy"),
    ("Accessibility statement", "/statements/accessibility"),
    ("Statement of service", "/statements/service"),
)


def configure(app: Flask) -> None:
    app.context_processor(around)


def around() -> dict[str, Any]:
    person = whoever_is_signed_in()
    return {
        "me": person.user if person else None,
        "menu": rendered("layouts/_menu.html", items=menu(person.roles, request.path)) if person else "",
        "organisation": {"name": settings.current().organisation_name},
        "footer_links": rendered("layouts/_footer_links.html", links=FOOTER),
        "vendor": vendor_urls(),
        "demo": current_app.config["DEMO"],
    }


class Item(NamedTuple):
    """One of the menu. `current` is for `aria-current`: "page" on the page itself, "true" on those below it."""

    text: str
    href: str
    current: str


@lru_cache(maxsize=1000)
def menu(held: frozenset[Role], path: str) -> tuple[Item, ...]:
    """Where somebody with these roles may go from this page."""
    items = [(text, href) for text, href, roles in NAVIGATION if not roles or roles & held]
    nearest = max((href for _, href in items), key=lambda href: _how_near(href, path))
    below = {nearest: "true"} if _how_near(nearest, path) else {}
    here = {path: "page"} if any(href == path for _, href in items) else below
    return tuple(Item(text, href, here.get(href, "")) for text, href in items)


def _how_near(href: str, path: str) -> int:
    """How much of the address of this page an item of the menu covers; the start page covers nothing but itself."""
    covers = [one for one in (href, *BELOW.get(href, ())) if one != "/" and f"{path}/".startswith(f"{one}/")]
    return max((len(one) for one in covers), default=0)
