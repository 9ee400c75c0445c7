"""G1 and G17, the other channels: error pages, tracebacks, the bytes of the database; and what the TSG cannot tell."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models import Draft, Notice, ReleaseChoice, db
from tests import figures
from tests.databases import only_sqlite
from tests.matrix import table
from tests.matrix.walk import KINDS_OF_REQUEST, Visitor, Walker, everything_said, log_lines, without_tokens
from tests.matrix.whole_database import taken_back
from tests.matrix.world import AFTER_UNDO, World, ago

# Where something breaks in the middle of a view, holding words of records.


def test_a_view_that_breaks_tells_nobody_what_it_held(
    world: World, walker: Walker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every address, by somebody who is let in: a plain page with a reference, and in the log types and places alone."""
    secret = " ".join(sorted(world.words.places))

    def breaks(**_: object) -> str:
        held = {"of a record": secret}
        raise ValueError(f"{held} could not be written")

    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    capsys.readouterr()
    asked = 0
    for row in table.ROUTES:
        if row.endpoint == "health.process_is_up":
            continue
        person, record = next(
            (person, record)
            for record in walker.records(row)
            for person in (table.SIGNED_OUT, *table.PEOPLE)
            if walker.expected(person, row, record) == "in"
        )
        visitor, address = walker.visitor(person), walker.fill_in(row.address, record, row.of)
        with monkeypatch.context() as broken, taken_back():
            broken.setitem(
                world.app.view_functions, row.endpoint, told_as(world.app.view_functions[row.endpoint], breaks)
            )
            for kind in ("plain", "fragment"):
                response = visitor.ask(
                    row.method,
                    address,
                    {"csrf_token": visitor.csrf} if row.method == "POST" else None,
                    **KINDS_OF_REQUEST[kind],
                )
                assert response.status_code == 500, row
                assert "Traceback" not in response.text
                assert "ValueError" not in response.text
                found = world.words.find(*everything_said(response)) - world.words.find(address)
                assert not found, f"{row}: {world.words.say(found)}"
                asked += 1
    err = capsys.readouterr().err
    assert not world.words.find(err), world.words.say(world.words.find(err))
    lines = log_lines(err)
    assert sum(line["message"] == "unexpected error" for line in lines) == asked
    assert "could not be written" not in err
    figures.add("G17 forced faults", requests=asked, leaks=0)


def told_as(view: Callable[..., object], breaks: Callable[..., str]) -> Callable[..., str]:
    """The broken view declares what the real one declares."""

    def broken(**given: object) -> str:
        return breaks(**given)

    broken.access = view.access  # type: ignore[attr-defined]
    return broken


# What lies on the disk


@only_sqlite
def test_what_is_sealed_or_hashed_does_not_lie_open_on_the_disk(world: World, tmp_path: Path) -> None:
    """Drafts, the words of messages, links and sessions: not in the database, its log beside it, or a copy of it."""
    for name in ("adviser", "trainee"):
        world.browser_of(name)
    places = ("own draft", "link token", "own session")
    closed = {word for word, where in world.words.places.items() if {what for _, what in where} & set(places)}
    assert Draft.select().exists()
    assert Notice.select().exists()
    path = Path(db.obj.database)
    copy = tmp_path / "copy.db"
    db.execute_sql("VACUUM INTO ?", (str(copy),))
    files = [path, path.with_name(path.name + "-wal"), copy]
    assert all(file.exists() for file in files)
    raw = b"".join(file.read_bytes() for file in files).decode("latin-1").lower()
    found = {word for word in closed if word in raw}
    figures.add("G17 bytes", kilobytes=len(raw) // 1024, sentinels=len(closed), found=len(found))
    assert closed
    assert found == set(), world.words.say(found)


# The Training Support Group


PAGES = (
    "/",
    "/referrals",
    "/referrals/released",
    "/referrals/new",
    "/referrals/inbox",
    "/notices",
    "/account",
    "/people",
)


def what_is_met(visitor: Visitor, *more: str) -> dict[str, str]:
    """Each page as this browser gets it, but for the token of its forms."""
    return {
        f"{kind} {path}": without_tokens(visitor.ask("GET", path, **headers).text)
        for path in (*PAGES, *more)
        for kind, headers in KINDS_OF_REQUEST.items()
    }


def test_the_tsg_cannot_tell_not_released_from_never_referred(new_world: Callable[[], World]) -> None:
    """A4: byte for byte the same, before there is a referral, with it undecided, with nothing released, and taken back."""
    world = new_world()
    builder = world.builder
    reserved = "bcdfghjk"
    addresses = [f"/referrals/{reserved}{end}" for end in ("", "/release", "/sent", "/assignment")]
    at_tsg = Visitor(world, "tsg")
    never_referred = what_is_met(at_tsg, *addresses)

    made = builder.refer("hidden", "supervisor", 0)
    type(made).update(public_id=reserved).where(type(made).id == made.id).execute()
    builder.deliver(0)
    assert what_is_met(at_tsg, *addresses) == never_referred, "undecided"

    builder.release("hidden", "head", 0, ReleaseChoice.NOTHING)
    builder.deliver(0)
    assert what_is_met(at_tsg, *addresses) == never_referred, "nothing released"

    builder.release("hidden", "head", 0, ReleaseChoice.WORDS, "In confidence.")
    assert what_is_met(at_tsg, *addresses) != never_referred, "released: now it shows"
    builder.release("hidden", "head", 0, ReleaseChoice.NOTHING)
    assert what_is_met(at_tsg, *addresses) == never_referred, "taken back"
    figures.add("A4 pages compared", pages=len(never_referred) * 3, different=0)


def test_until_the_minute_is_over_the_trainee_is_told_nowhere_who_it_is(new_world: Callable[[], World]) -> None:
    world = new_world()
    builder = world.builder
    builder.refer("pending", "supervisor", 1, "other trainee")
    builder.deliver(0)
    token = builder.tokens("pending")[0]
    at_trainee = Visitor(world, "other trainee")
    hidden = world.words.at([("earlier counsellor", what) for what in ("own name", "own address", "own phone")])

    def shown() -> set[str]:
        paths = ("/", "/referrals", f"/referrals/{world.referrals['pending'].public_id}", f"/links/{token}")
        return world.words.find(*(at_trainee.ask("GET", path).text for path in paths)) & hidden

    builder.assign("pending", "earlier counsellor", 0)
    assert shown() == set()
    with ago(0, AFTER_UNDO):
        assert shown() == hidden
