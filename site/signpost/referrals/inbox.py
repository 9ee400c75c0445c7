"""The adviser's inbox: one address is one list. Filters are read from the address, and written back to it."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from peewee import JOIN, SQL, ModelSelect, Select, fn

from models import Employer, Referral, Role, School, Stage, Status, User, db
from signpost.accounts import queries as people
from signpost.referrals import queries, search, status

PAGE = 25
MOST_COUNTED = 1000

VIEWS = {
    "new": "New",
    "waiting": "Waiting for a counsellor",
    "assigned": "Assigned",
    "in-progress": "In progress",
    "closed": "Closed",
    "all": "All",
}
STAGE_OF_VIEW = {
    "new": Stage.WAITING,
    "waiting": Stage.WAITING,
    "assigned": Stage.ASSIGNED,
    "in-progress": Stage.IN_PROGRESS,
    "closed": Stage.CLOSED,
}
SORTS = {"newest": "Newest first", "oldest": "Longest waiting first", "name": "Name"}
WAITS = {"2": "2 days or more", "5": "5 days or more", "10": "10 days or more", "20": "20 days or more"}


@dataclass(frozen=True)
class Asked:
    """What the address asks for. Anything it does not understand falls back to the default."""

    view: str = "waiting"
    q: str = ""
    school: str = ""
    employer: str = ""
    concern: str = ""
    waiting: str = ""
    counsellor: str = ""
    sort: str = "newest"
    after: str = ""
    before: str = ""
    open: str = ""

    @classmethod
    def read(cls, args: Any) -> "Asked":
        given = {field.name: str(args.get(field.name, "")).strip()[:200] for field in fields(cls)}
        asked = cls(**{name: value for name, value in given.items() if value})
        return replace(
            asked,
            view=asked.view if asked.view in VIEWS else cls.view,
            sort=asked.sort if asked.sort in SORTS else cls.sort,
            concern=asked.concern if asked.concern in ("yes", "no") else "",
            waiting=asked.waiting if asked.waiting in WAITS else "",
        )

    def address(self, **changes: str) -> str:
        """The address of this list with changes. Turning a page closes the panel; changing a filter goes to its start."""
        kept = changes.keys() & {"after", "before", "open"}
        fresh = replace(self, after="", before="", open="") if not kept else self
        asked = replace(fresh, **changes)
        defaults = Asked()
        pairs = [
            (field.name, getattr(asked, field.name))
            for field in fields(asked)
            if getattr(asked, field.name) != getattr(defaults, field.name)
        ]
        return "/referrals/inbox" + (f"?{urlencode(pairs)}" if pairs else "")

    def place(self) -> dict[str, str]:
        """Where in the list the address stands: the page and the open row."""
        return {"after": self.after, "before": self.before, "open": self.open}

    @property
    def is_filtered(self) -> bool:
        return any((self.q, self.school, self.employer, self.concern, self.waiting, self.counsellor))


def canonical(address: str) -> str:
    """The shortest address of a list of the inbox; of the whole inbox where it is no such address."""
    parts = urlsplit(address) if address.startswith("/referrals/inbox") else urlsplit("")
    return Asked.read(dict(parse_qsl(parts.query))).address()


@dataclass(frozen=True)
class Row:
    public_id: str
    trainee_name: str
    wider_concerns: bool
    status: Status
    referred_at: datetime
    accepted_at: datetime | None
    school: str | None
    employer: str
    counsellor: str | None

    @property
    def status_words(self) -> str:
        return status.TEAM_WORDS[Status(self.status)]

    @property
    def status_colour(self) -> str:
        return status.TEAM_COLOURS[Status(self.status)]

    @property
    def reference(self) -> str:
        return f"{self.public_id[:4]}-{self.public_id[4:]}".upper()


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    newer: str
    older: str


def page(asked: Asked, me: User) -> Page:
    """One page of the list, by keyset: as quick at the end of a long list as at its beginning."""
    query = _filtered(asked, me)
    backwards = bool(asked.before)
    edge = _edge(asked.before or asked.after, me)
    descending = asked.sort == "newest"
    if edge is not None:
        query = query.where(_beyond(edge, asked.sort, descending != backwards))
    query = query.order_by(*_order(asked, descending != backwards)).limit(PAGE + 1)
    counsellor = User.alias()
    query = (
        query.select(
            Referral.public_id, Referral.trainee_name, Referral.wider_concerns, Referral.status, Referral.referred_at,
            Referral.accepted_at, School.name, Employer.name, counsellor.name,
        )
        .join_from(Referral, School, JOIN.LEFT_OUTER)
        .join_from(Referral, Employer)
        .join_from(Referral, counsellor, JOIN.LEFT_OUTER, on=(Referral.assigned_to == counsellor.id))
    )  # fmt: skip
    found = [Row(*values) for values in query.tuples()]
    more, rows = len(found) > PAGE, found[:PAGE]
    if backwards:
        rows.reverse()
    has_newer, has_older = (more, edge is not None) if backwards else (edge is not None, more)
    return Page(
        rows=rows,
        newer=asked.address(before=rows[0].public_id, after="", open="") if rows and has_newer else "",
        older=asked.address(after=rows[-1].public_id, before="", open="") if rows and has_older else "",
    )


def _filtered(asked: Asked, me: User) -> ModelSelect:
    query = queries.inbox_of(me)
    stage = STAGE_OF_VIEW.get(asked.view)
    if stage:
        query = query.where(Referral.stage == stage)
    if asked.view == "new":
        query = query.where(queries.arrived_since_yesterday())
    if asked.concern:
        query = query.where(Referral.wider_concerns == (asked.concern == "yes"))
    if asked.waiting:
        query = query.where(queries.waiting_since(int(asked.waiting)))
    for table, column, public_id in (
        (School, Referral.school, asked.school),
        (Employer, Referral.employer, asked.employer),
        (User, Referral.assigned_to, asked.counsellor),
    ):
        if public_id:
            query = query.where(column == _id_of(table, public_id))
    return search.matching(query, asked.q, stage) if asked.q else query


def _id_of(table: Any, public_id: str) -> int:
    """The row number behind a public id; one that nothing has where there is no such row."""
    return table.select(table.id).where(table.public_id == public_id).scalar() or 0


def _edge(public_id: str, me: User) -> tuple[int, str] | None:
    """Where the page before ended: a row this person may see, or none."""
    if not public_id:
        return None
    row = queries.inbox_of(me).select(Referral.id, Referral.name_order).where(Referral.public_id == public_id)
    return row.tuples().first()


def _beyond(edge: tuple[int, str], sort: str, descending: bool) -> Any:
    row_id, name = edge
    if sort == "name":
        same_name_later = (Referral.name_order == name) & (Referral.id < row_id if descending else Referral.id > row_id)
        later_name = Referral.name_order < name if descending else Referral.name_order > name
        return later_name | same_name_later
    return Referral.id < row_id if descending else Referral.id > row_id


def _order(asked: Asked, descending: bool) -> list[Any]:
    columns: list[Any] = [Referral.name_order, Referral.id] if asked.sort == "name" else [Referral.id]
    return [column.desc() if descending else column.asc() for column in columns]


def counts(me: User) -> dict[str, int]:
    """How many stand in each view, in one statement. Long views are counted to a thousand and no further."""

    def count(*conditions: Any) -> Any:
        rows = queries.inbox_of(me).select(SQL("1").alias("one"))
        for condition in conditions:
            rows = rows.where(condition)
        return rows.limit(MOST_COUNTED).select_from(fn.COUNT(SQL("*")))

    views = {
        "new": count(Referral.stage == Stage.WAITING, queries.arrived_since_yesterday()),
        **{view: count(Referral.stage == stage) for view, stage in STAGE_OF_VIEW.items() if view != "new"},
        "all": count(),
    }
    return dict(zip(views, db.execute(Select(None, list(views.values()))).fetchone(), strict=True))


def choices() -> dict[str, list[tuple[str, str]]]:
    """The options of the filters, each with an 'any' first."""
    return {
        "school": [("", "Any school"), *((one.public_id, one.name) for one in queries.schools())],
        "employer": [("", "Any employer"), *((one.public_id, one.name) for one in queries.employers())],
        "concern": [("", "With or without"), ("yes", "With wider concerns"), ("no", "Without")],
        "waiting": [("", "Any time"), *WAITS.items()],
        "counsellor": [("", "Any counsellor"), *((p.public_id, p.name) for p in people.holding(Role.COUNSELLOR))],
        "sort": list(SORTS.items()),
    }
