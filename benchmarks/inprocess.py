"""`python -m benchmarks.inprocess`: one application in one process, asked over its standard input what a page takes.

A line in: {"cell": "filter", "calls": 100}. A line out: the seconds of one call of it, the least of so many for each
address and the mean over the addresses. A database of another size is another process, so the two can take turns.
"""

import gzip
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from benchmarks import world
from models import Referral, User, db
from signpost import create_app
from signpost.access import public, signed_in
from signpost.accounts import sessions
from signpost.config import Config

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
# The list alone, as a page is turned or a row opened; and all below the heading, for another view or filter.
FRAGMENT, OTHER_VIEW = {**PARTIAL, "HX-Target": "div#list"}, {**PARTIAL, "HX-Target": "div#inbox"}
INBOX = "/referrals/inbox"


class House:
    """The application with somebody signed in, and the floors beside it."""

    def __init__(self) -> None:
        self.app = create_app(Config.from_environment())
        self.page = ""
        self.app.get("/floor")(public(lambda: self.page))
        self.app.get("/floor-signed-in", endpoint="floor_in")(signed_in(lambda: self.page))
        self.bare = Flask("floor")
        self.bare.config.update(SECRET_KEY=world.SECRET, SESSION_COOKIE_NAME="signpost")
        self.bare.get("/floor")(lambda: self.page)
        self.cookie = sign_in(self.app, world.ADVISER)
        self.elsewhere = sqlite3.connect(Config.from_environment().database_url.removeprefix("sqlite:///"))
        self.cells = self._cells()
        self.page = self.answer("filter")[1].decode()

    def _cells(self) -> dict[str, tuple[Any, list[dict[str, Any]]]]:
        """Each cell has a few addresses, so that no page is asked for twice in a row."""
        deep = self._deep()
        addresses = {
            "first": [("", {})],
            "filter": [
                ("view=assigned", {}),
                (f"view=assigned&after={deep}", {}),
                ("view=in-progress", {}),
                ("view=all&concern=no", {}),
            ],
            "fragment": [
                ("view=assigned", FRAGMENT),
                (f"view=assigned&after={deep}", FRAGMENT),
                ("view=in-progress", FRAGMENT),
                ("view=all&concern=no", FRAGMENT),
            ],
            "other view": [("view=assigned", OTHER_VIEW)],
            "deep": [(f"view=all&after={deep}", {})],
            "rare": [(f"view=all&q={world.RARE}", {})],
            "common": [(f"view=all&q={world.COMMON}", {})],
            "search": [(f"view=all&q={world.RARE}", {}), (f"view=all&q={world.COMMON}", {})],
            "no hit": [
                (f"view=waiting&q={world.COMMON}+nobodywritesthis", {}),
                (f"view=assigned&q=nobodywritesthis+{world.COMMON}", {}),
            ],
        }
        cells = {
            name: (self.app.wsgi_app, [self.environ(INBOX, query, headers) for query, headers in asked])
            for name, asked in addresses.items()
        }
        cells["floor"] = (self.bare.wsgi_app, [self.environ("/floor")])
        cells["own floor"] = (self.app.wsgi_app, [self.environ("/floor")])
        cells["own floor, signed in"] = (self.app.wsgi_app, [self.environ("/floor-signed-in")])
        return cells

    def _deep(self) -> str:
        """A row four fifths down the list."""
        with db.connection_context():
            last = Referral.select().order_by(Referral.id.desc()).get().id
            return Referral.select().where(Referral.id <= last // 5).order_by(Referral.id.desc()).get().public_id

    def environ(self, path: str, query: str = "", headers: dict[str, str] | None = None) -> dict[str, Any]:
        return EnvironBuilder(
            path=path, query_string=query, headers={"Cookie": self.cookie, **(headers or {})}
        ).get_environ()

    def answer(self, cell: str, which: int = 0) -> tuple[str, bytes]:
        wsgi, environs = self.cells[cell]
        return call(wsgi, environs[which])

    def seconds(self, cell: str, calls: int) -> float:
        name, _, _ = cell.partition(", after a commit")
        wsgi, environs = self.cells[cell if cell in self.cells else name]
        before = self.commit if cell.endswith("after a commit") else None
        return sum(least(lambda environ=environ: call(wsgi, environ), calls, before) for environ in environs) / len(
            environs
        )

    def commit(self) -> None:
        """Somebody else, on another connection, commits something."""
        self.elsewhere.execute("UPDATE draft SET saved_at = saved_at")
        self.elsewhere.execute("DELETE FROM failed_sign_in")
        self.elsewhere.execute(
            "INSERT INTO failed_sign_in (account_hash, network_hash, tried_at) VALUES ('', '', '2020-01-01')"
        )
        self.elsewhere.commit()

    def facts(self, cell: str) -> dict[str, Any]:
        """The size of an answer, and what it asked of the database."""
        plain = db.obj.execute_sql
        statements: list[str] = []

        def counted(sql: str, params: Any = None) -> Any:
            statements.append(sql)
            return plain(sql, params)

        self.answer(cell)
        self.commit()
        db.obj.execute_sql = counted
        try:
            status, body = self.answer(cell)
            cold = len(statements)
            statements.clear()
            self.answer(cell)
        finally:
            del db.obj.execute_sql
        return {
            "status": status,
            "bytes": len(body),
            "gzip": len(gzip.compress(body, 6, mtime=0)),
            "rows": body.count(b"data-row"),
            "statements": cold,
            "statements again": len(statements),
        }


def sign_in(app: Flask, email: str) -> str:
    """A cookie of somebody signed in, without the page for it."""
    with db.connection_context():
        token = sessions.begin(User.get(User.email == email))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["csrf_token"] = "c" * 40
    cookie = client.get_cookie("signpost")
    return f"signpost={cookie.value}" if cookie else ""


def call(wsgi: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> tuple[str, bytes]:
    said: list[str] = []
    answer = wsgi(dict(environ), lambda status, headers, problem=None: said.append(status))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return said[0], body


def least(work: Callable[[], object], calls: int, before: Callable[[], object] | None = None) -> float:
    best = 9e9
    for _ in range(calls):
        if before:
            before()
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def main() -> None:
    house = House()
    for line in sys.stdin:
        asked = json.loads(line)
        if "facts" in asked:
            said: Any = house.facts(asked["facts"])
        else:
            said = house.seconds(asked["cell"], asked["calls"])
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
