"""The adviser's inbox: one address is one list. Filters are read from the address, and written back to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from peewee import JOIN, SQL, ModelSelect, Select, fn

from models import Employer, Referral, Role, SavedView, School, Stage, Status, User
from signpost.accounts import queries as people
from signpost.prepared import Prepared, hole
from signpost.referrals import queries, search, status
from signpost.until_commit import kept_until_commit

PAGE = 20
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
        said = {name: value.strip()[:200] for name, value in args.items() if name in DEFAULTS}
        asked = DEFAULTS | {name: value for name, value in said.items() if value}
        for name, known in KNOWN.items():
            if asked[name] not in known:
                asked[name] = DEFAULTS[name]
        return cls(**asked)

    def address(self, **changes: str) -> str:
        """The address of this list with changes. Turning a page closes the panel; changing a filter goes to its start."""
        place = {} if changes.keys() & NOWHERE.keys() else NOWHERE
        asked = {**vars(self), **place, **changes}
        pairs = [(name, value) for name, value in asked.items() if value != DEFAULTS[name]]
        return "/referrals/inbox" + (f"?{urlencode(pairs)}" if pairs else "")

    @property
    def opening(self) -> str:
        """The address of this page with a row open, but for that row's id at its end."""
        address = self.address(open="")
        return f"{address}{'&' if '?' in address else '?'}open="

    def place(self) -> dict[str, str]:
        """Where in the list the address stands: the page and the open row."""
        return {"after": self.after, "before": self.before, "open": self.open}

    @property
    def at_its_start(self) -> "Asked":
        return replace(self, **NOWHERE)

    @property
    def is_filtered(self) -> bool:
        return any((self.q, self.school, self.employer, self.concern, self.waiting, self.counsellor))


DEFAULTS: dict[str, str] = vars(Asked())
KNOWN = {"view": {*VIEWS}, "sort": {*SORTS}, "concern": {"", "yes", "no"}, "waiting": {"", *WAITS}}
NOWHERE = {"after": "", "before": "", "open": ""}


def canonical(address: str) -> str:
    """The shortest address of a list of the inbox; of the whole inbox where it is no such address."""
    parts = urlsplit(address) if address.startswith("/referrals/inbox") else urlsplit("")
    return Asked.read(dict(parse_qsl(parts.query))).address()


class Row(NamedTuple):
    public_id: str
    trainee_name: str
    wider_concerns: bool
    status: Status
    referred_at: datetime
    has_accepted: bool
    school: str | None
    employer: str
    counsellor: str | None

    @property
    def status_words(self) -> str:
        return status.TEAM_WORDS[self.status]

    @property
    def status_colour(self) -> str:
        return status.TEAM_COLOURS[self.status]

    @property
    def reference(self) -> str:
        return f"{self.public_id[:4]}-{self.public_id[4:]}".upper()

    @property
    def about(self) -> str:
        counsellor = f". With {self.counsellor}" if self.counsellor else ""
        accepted = ". Trainee accepted" if self.has_accepted else ""
        return f"{self.reference}. {self.school or 'School not known'}, {self.employer}{counsellor}{accepted}"


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    newer: str
    older: str


def page(asked: Asked, me: User) -> Page:
    """One page of the list, by keyset: as quick at the end of a long list as at its beginning."""
    values = _values(asked, me)
    shape = _Shape.of(asked, values)
    found = [Row(*row) for row in _statement(shape).rows(**values)]
    more, rows = len(found) > PAGE, found[:PAGE]
    if shape.edge == "before":
        rows.reverse()
    has_newer, has_older = (more, True) if shape.edge == "before" else (bool(shape.edge), more)
    return Page(
        rows=rows,
        newer=asked.address(before=rows[0].public_id, after="", open="") if rows and has_newer else "",
        older=asked.address(after=rows[-1].public_id, before="", open="") if rows and has_older else "",
    )


def _values(asked: Asked, me: User) -> dict[str, Any]:
    """What goes into the holes of the statement."""
    values: dict[str, Any] = {"me": me, "address": me.email, "school": asked.school, "employer": asked.employer}
    values["counsellor"] = asked.counsellor
    if asked.view == "new":
        values["arrived"] = queries.yesterday()
    if asked.waiting:
        values["waited"] = queries.days_ago(int(asked.waiting))
    if asked.q:
        sought = search.sought(asked.q, STAGE_OF_VIEW.get(asked.view))
        values["match"] = sought.match
        values |= {f"beginning{number}": beginning for number, beginning in enumerate(sought.beginnings)}
    if (edge := asked.before or asked.after) and (row := _edge.first(me=me, address=me.email, public_id=edge)):
        values["edge"], values["edge_name"] = row
    return values


@Prepared
def _edge() -> ModelSelect:
    """Where the page before ended: a row this person may see, or none."""
    edge = queries.inbox_for(hole("me", Referral.trainee), hole("address"))
    return edge.select(Referral.id, Referral.name_order).where(Referral.public_id == hole("public_id"))


@dataclass(frozen=True)
class _Shape:
    """What of an address decides the statement, and not only the values in it."""

    view: str
    sort: str
    concern: str
    waiting: bool
    school: bool
    employer: bool
    counsellor: bool
    is_search: bool
    has_words: bool
    beginnings: int
    edge: str

    @classmethod
    def of(cls, asked: Asked, values: dict[str, Any]) -> "_Shape":
        return cls(
            asked.view,
            asked.sort,
            asked.concern,
            waiting=bool(asked.waiting),
            school=bool(asked.school),
            employer=bool(asked.employer),
            counsellor=bool(asked.counsellor),
            is_search=bool(asked.q),
            has_words=bool(values.get("match")),
            beginnings=sum(name.startswith("beginning") for name in values),
            edge=("before" if asked.before else "after") if "edge" in values else "",
        )

    @property
    def descends(self) -> bool:
        return (self.sort == "newest") != (self.edge == "before")


@lru_cache(maxsize=300)
def _statement(shape: _Shape) -> Prepared:
    return Prepared(lambda: _list(shape))


def _list(shape: _Shape) -> ModelSelect:
    query = _filtered(shape)
    number = search.row_number(shape.has_words)
    if shape.edge:
        query = query.where(_beyond(shape, number))
    columns = [Referral.name_order, number] if shape.sort == "name" else [number]
    query = query.order_by(*(column.desc() if shape.descends else column.asc() for column in columns)).limit(PAGE + 1)
    counsellor = User.alias()
    return (
        query.select(
            Referral.public_id, Referral.trainee_name, Referral.wider_concerns, Referral.status, Referral.referred_at,
            Referral.accepted_at.is_null(False), School.name, Employer.name, counsellor.name,
        )
        .join_from(Referral, School, JOIN.LEFT_OUTER)
        .join_from(Referral, Employer)
        .join_from(Referral, counsellor, JOIN.LEFT_OUTER, on=(Referral.assigned_to == counsellor.id))
    )  # fmt: skip


def _filtered(shape: _Shape) -> ModelSelect:
    query = queries.inbox_for(hole("me", Referral.trainee), hole("address"))
    stage = STAGE_OF_VIEW.get(shape.view)
    if stage:
        query = query.where(Referral.stage == stage)
    if shape.view == "new":
        query = query.where(Referral.referred_at >= hole("arrived", Referral.referred_at))
    if shape.concern:
        query = query.where(Referral.wider_concerns == (shape.concern == "yes"))
    if shape.waiting:
        query = query.where(Referral.referred_at < hole("waited", Referral.referred_at))
    for is_asked, table, column, name in (
        (shape.school, School, Referral.school, "school"),
        (shape.employer, Employer, Referral.employer, "employer"),
        (shape.counsellor, User, Referral.assigned_to, "counsellor"),
    ):
        if is_asked:
            query = query.where(column == table.select(table.id).where(table.public_id == hole(name)))
    if shape.is_search:
        if not shape.has_words:
            return query.where(SQL("1 = 0"))
        beginnings = [hole(f"beginning{number}") for number in range(shape.beginnings)]
        return search.narrowed(query, hole("match"), beginnings)
    return query


def _beyond(shape: _Shape, number: Any) -> Any:
    edge, edge_name = hole("edge"), hole("edge_name")
    later = number < edge if shape.descends else number > edge
    if shape.sort != "name":
        return later
    name = Referral.name_order
    return (name < edge_name if shape.descends else name > edge_name) | ((name == edge_name) & later)


COUNTED = {view: stage for view, stage in STAGE_OF_VIEW.items() if view != "new"}
MOST_OF_ONES_OWN = 100


def counts(me: User) -> dict[str, int]:
    """How many stand in each view. Long views are counted to a thousand and no further."""
    return _counts(me, me.email, queries.yesterday())


@kept_until_commit
def _counts(me: User, address: str, yesterday: datetime) -> dict[str, int]:
    (found,) = _counted.rows(me=me, address=address, arrived=yesterday)
    views = ("new", *COUNTED)
    all_of, ones_own = found[: len(views)], found[len(views) :]
    each = {view: min(all_of[place] - ones_own[place], MOST_COUNTED) for place, view in enumerate(views)}
    return {**each, "all": min(sum(each[view] for view in COUNTED), MOST_COUNTED)}


@Prepared
def _counted() -> Select:
    """All that stand in each view, then those of them about oneself: counted apart, the first is read off an index."""
    mine = queries.of_trainee(hole("me", Referral.trainee), hole("address"))
    # With a limit of its own, so that it is found by who it is about, and not by walking through a stage.
    own = Referral.select(Referral.stage, Referral.referred_at).where(mine).limit(MOST_OF_ONES_OWN).alias("own")
    everyone = [
        Referral.select(SQL("1").alias("one")).where(view).limit(MOST_COUNTED + MOST_OF_ONES_OWN)
        for view in _views(Referral.stage, Referral.referred_at)
    ]
    ones_own = [own.select_from(fn.COUNT(SQL("*"))).where(view) for view in _views(own.c.stage, own.c.referred_at)]
    return Select(None, [*(rows.select_from(fn.COUNT(SQL("*"))) for rows in everyone), *ones_own])


def _views(stage: Any, referred_at: Any) -> list[Any]:
    arrived = referred_at >= hole("arrived", Referral.referred_at)
    return [(stage == Stage.WAITING) & arrived, *(stage == each for each in COUNTED.values())]


@kept_until_commit
def choices(me: User) -> dict[str, list[tuple[str, str]]]:
    """The options of the filters, each with an 'any' first; and under "saved" the lists this person named for themselves."""
    of = {"saved": [], **{name: [("", f"Any {name}")] for name in ("school", "employer", "counsellor")}}
    for what, value, name in sorted(_choices.rows(me=me), key=lambda row: row[2]):
        of[what].append((value, name))
    return {
        **of,
        "concern": [("", "With or without"), ("yes", "With wider concerns"), ("no", "Without")],
        "waiting": [("", "Any time"), *WAITS.items()],
        "sort": list(SORTS.items()),
    }


@Prepared
def _choices() -> Any:
    def named(what: str, table: Any, value: Any) -> ModelSelect:
        return table.select(SQL(f"'{what}'"), value, table.name)

    places = named("school", School, School.public_id) + named("employer", Employer, Employer.public_id)
    counsellors = named("counsellor", User, User.public_id).where(User.id.in_(people.ids_holding(Role.COUNSELLOR)))
    mine = named("saved", SavedView, SavedView.address).where(SavedView.user == hole("me", SavedView.user))
    return places + counsellors + mine
