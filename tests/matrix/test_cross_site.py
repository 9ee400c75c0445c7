"""G12: a form is taken only from a page of ours that this person has open; and looking changes nothing (test_who_may)."""

import pytest

from tests import figures
from tests.conftest import browser
from tests.matrix import table
from tests.matrix.table import Row
from tests.matrix.test_forbidden_writes import POSTS, WRITES_NOTHING_HERE, let_in
from tests.matrix.walk import KINDS_OF_REQUEST, Visitor, Walker
from tests.matrix.whole_database import Watch, taken_back

REFUSED = (400, 401, 403)


@pytest.mark.parametrize("row", POSTS, ids=lambda row: f"{row.endpoint} {row.address}")
def test_a_form_without_our_protection_does_nothing(walker: Walker, row: Row) -> None:
    person, record = who_does_it(walker, row)
    visitor, watch = walker.visitor(person), Watch()
    address, body = walker.fill_in(row.address, record, row.of), walker.body(row, record)
    tried = attacks(walker, person, visitor)
    before = watch.fingerprint()
    for name, token, headers in tried:
        for kind in ("plain", "fragment"):
            visitor.be_seen()
            with taken_back():
                data = body if token is None else body | {"csrf_token": token}
                response = visitor.ask("POST", address, data, **(headers | KINDS_OF_REQUEST[kind]))
                wrote = watch.fingerprint() != before
            assert response.status_code in REFUSED, f"{name}, {kind}: {response.status_code}"
            assert not wrote, f"{name}, {kind}: it was refused and written all the same"
            figures.add("G12", requests=1, accepted=0)
    with taken_back():
        response = visitor.ask("POST", address, body, **{"X-CSRFToken": visitor.csrf})
        assert response.status_code not in REFUSED, "with our protection it is taken"
    with taken_back():
        response = visitor.ask("POST", f"{address}?csrf_token={visitor.csrf}", body)
        assert response.status_code in REFUSED, "a token in the address is none"


def who_does_it(walker: Walker, row: Row) -> tuple[str, str]:
    """Somebody who is let in, and a record on which it writes something."""
    there = let_in(walker, row)
    if row.endpoint in WRITES_NOTHING_HERE:
        return there[0]
    for person, record in there:
        visitor, watch = walker.visitor(person), Watch()
        before = watch.fingerprint()
        with taken_back():
            visitor.post(walker.fill_in(row.address, record, row.of), walker.body(row, record))
            if watch.fingerprint() != before:
                return person, record
    raise LookupError(f"Nobody writes anything by {row.endpoint}.")


def attacks(walker: Walker, person: str, visitor: Visitor) -> list[tuple[str, str | None, dict[str, str]]]:
    """How a form of another site, an old page or another person's page would arrive: the token, and headers."""
    other = walker.visitor("complaints" if person != "complaints" else "governance")
    return [
        ("no token", None, {}),
        ("an empty token", "", {}),
        ("a made-up token", "x" * 91, {}),
        ("another person's token", other.csrf, {}),
        ("a token in a header that is another person's", None, {"X-CSRFToken": other.csrf}),
        ("a token from before signing in", browser(walker.world.app).token(), {}),
        ("another site", visitor.csrf, {"Sec-Fetch-Site": "cross-site"}),
        ("a site beside ours", visitor.csrf, {"Sec-Fetch-Site": "same-site"}),
    ]


@pytest.mark.parametrize("row", POSTS, ids=lambda row: f"{row.endpoint} {row.address}")
def test_what_a_form_does_is_not_done_by_following_a_link(walker: Walker, row: Row) -> None:
    shown = {one.address for one in table.ROUTES if one.method == "GET"}
    keeps_readings = {one.address for one in table.ROUTES if one.keeps_readings}
    person, record = let_in(walker, row)[0]
    visitor, watch = walker.visitor(person), Watch()
    address = walker.fill_in(row.address, record, row.of)
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
        before = watch.fingerprint()
        data = walker.body(row, record) | {"csrf_token": visitor.csrf}
        with taken_back():
            response = visitor.ask(method, address, data if method not in ("GET", "HEAD") else None)
            wrote = watch.fingerprint() != before
        assert not wrote or (method in ("GET", "HEAD") and row.address in keeps_readings), method
        if method in ("GET", "HEAD") and row.address not in shown:
            assert response.status_code in (404, 405)
        if method in ("PUT", "PATCH", "DELETE"):
            assert response.status_code == 405
        figures.add("G12 other methods", requests=1, writes=0)
