"""The rows of a file of returners: what each says, who is on the list already, and putting all of them on it."""

from collections.abc import Sequence

from peewee import chunked

from models import NAME_LENGTH, CameBy, Employer, Returner, ReturnerState, RowChoice, User
from signpost import clock
from signpost.errors import RuleBroken
from signpost.fields import new_public_id
from signpost.imports import cells
from signpost.imports.actions import Checked, Kind, Line
from signpost.imports.sheets import Column
from signpost.mentoring import dates, offers, returners
from signpost.mentoring.returners import Details

COLUMNS = (
    Column("name", "Name", ("full name", "returner", "trainee", "trainee name")),
    Column("email", "Email", ("email address", "e-mail", "trainee email", "mail")),
    Column(
        "absent_from",
        "Absent from",
        ("first day of absence", "absence began", "start of absence", "leave start"),
        is_day=True,
    ),
    Column(
        "returns_on",
        "Returns on",
        ("return date", "date of return", "returning on", "return to training date"),
        is_day=True,
    ),
    Column("employer", "Employer", ("trust", "lead employer"), is_needed=False),
    Column("specialty", "Specialty", ("speciality", "programme"), is_needed=False),
)
NOT_FOR = "Row {}: {}"
ROWS_AT_A_TIME = 200


def check(rows: Sequence[dict[str, str]]) -> list[Checked]:
    """What is wrong with each row, beside its column, and whose return it seems to be."""
    employers = _employers()
    read = [_read(row, employers) for row in rows]
    there = _there_already([details.email for details, _ in read if details])
    return [Checked(problems, there.get(details.email, "") if details else "") for details, problems in read]


def _read(row: dict[str, str], employers: dict[str, Employer]) -> tuple[Details | None, dict[str, str]]:
    problems: dict[str, str] = {}
    said: dict[str, object] = {}
    for key, read in (
        ("name", lambda text: cells.line(text, "Name", NAME_LENGTH)),
        ("email", lambda text: cells.email(text, "Email")),
        ("absent_from", lambda text: cells.day(text, "Absent from")),
        ("returns_on", lambda text: cells.day(text, "Returns on")),
        ("specialty", lambda text: cells.line(text, "Specialty", NAME_LENGTH, is_needed=False)),
        ("employer", lambda text: _employer(text, employers)),
    ):
        try:
            said[key] = read(row.get(key, ""))
        except cells.Wrong as wrong:
            problems[key] = str(wrong)
    if problems:
        return None, problems
    details = Details(**said)  # type: ignore[arg-type]
    try:
        returners.refuse_short(details.absent_from, details.returns_on)
    except RuleBroken as refusal:
        return details, {"returns_on": refusal.words}
    return details, {}


def _employers() -> dict[str, Employer]:
    return {one.name.casefold(): one for one in Employer.select()}


def _employer(text: str, employers: dict[str, Employer]) -> Employer | None:
    said = cells.line(text, "Employer", NAME_LENGTH, is_needed=False)
    if said and said.casefold() not in employers:
        raise cells.Wrong("There is no employer of this name here")
    return employers.get(said.casefold())


def _there_already(emails: Sequence[str]) -> dict[str, str]:
    """Address to the public id of the return that stands on the list, and is not over."""
    rows = Returner.select().where(Returner.email.in_(list(emails)) & Returner.removed_at.is_null())
    today = clock.today()
    return {row.email: row.public_id for row in rows if dates.ends_on(row.returns_on) > today}


def identity(row: dict[str, str]) -> str:
    """Two rows with one address are of one person."""
    return row.get("email", "").strip().lower()


def take(lines: Sequence[Line], by: User) -> None:
    """Put these on the list, and change those that are merged. Raises RuleBroken, naming the row, or does all."""
    employers = _employers()
    for line in lines:
        details, problems = _read(line.cells, employers)
        if details is None or problems:
            raise RuleBroken(NOT_FOR.format(line.number, "it cannot be taken any more. Bring the file again."))
    for some in chunked(lines, ROWS_AT_A_TIME):
        read = [(line, _read(line.cells, employers)[0]) for line in some]
        _add([(line, details) for line, details in read if details and line.choice == RowChoice.ADD], by)
        for line, details in read:
            if details and line.choice == RowChoice.MERGE:
                _merge(line, details, by)


def _add(pairs: Sequence[tuple[Line, Details]], by: User) -> None:
    emails = [details.email for _, details in pairs]
    there = _there_already(emails)
    accounts = {one.email: one for one in User.select().where(User.email.in_(emails) & User.disabled_at.is_null())}
    before = {(row.email, row.absent_from) for row in Returner.select().where(Returner.email.in_(emails))}
    rows = []
    for line, details in pairs:
        if details.email in there:
            words = "this person has come onto the list meanwhile. Say whether to merge the row or to leave it out."
            raise RuleBroken(NOT_FOR.format(line.number, words))
        if (details.email, details.absent_from) in before:
            returners.write(details, by, CameBy.IMPORTED)
            continue
        rows.append(
            details.columns
            | {
                "public_id": new_public_id(),
                "user": accounts.get(details.email),
                "came_by": CameBy.IMPORTED,
                "entered_by": by,
                "entered_at": clock.now(),
                "state": ReturnerState.LISTED,
                "version": 1,
            }
        )
    if rows:
        Returner.insert_many(rows).execute()


def _merge(line: Line, details: Details, by: User) -> None:
    """What the row says takes the place of what stood there. An employer or a specialty that it leaves out stays."""
    row = Returner.get_or_none((Returner.public_id == line.same_as) & Returner.removed_at.is_null())
    if row is None:
        raise RuleBroken(NOT_FOR.format(line.number, "the return it was to be merged with is gone."))
    kept = {"employer": details.employer or row.employer, "specialty": details.specialty or row.specialty}
    now = details.columns | kept
    if any(getattr(row, name) != value for name, value in now.items()):
        returners.alter(row, Details(**now), by, row.version)


KIND = Kind("returners", "returners.imported", COLUMNS, check, identity, take, offers.offer_due)
