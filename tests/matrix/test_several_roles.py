"""Holding several roles never adds up: rights come from what one is to this record."""

import itertools
from collections.abc import Callable

import pytest

from models import Referral, ReferrerKind, ReleaseChoice, Role
from tests import figures
from tests.matrix import table
from tests.matrix.table import ADVISERS, Row
from tests.matrix.test_who_may import in_the_log, told, what_is_wrong
from tests.matrix.walk import IN, KINDS_OF_REQUEST, Cell, Walker, answer_of
from tests.matrix.world import World

LISTS = (
    "home.show",
    "referrals.index",
    "inbox.show",
    "notices.index",
    "referrals.released",
    "people.index",
    "progression.index",
)


def as_written(role: Role) -> str:
    """The role as the table writes it, with a scope that no record of the world has."""
    return {Role.HEAD_OF_SCHOOL: "head_of_school:radiology", Role.REFERRER: "referrer:dme"}.get(role, role.value)


def the_hats_of(world: World, name: str, *roles: Role) -> None:
    """Somebody with these roles and with no record of their own: what the roles alone let them see is written down."""
    builder = world.builder
    builder.add(name, tuple(as_written(role) for role in roles))
    for record, held in list(world.records["referral"].items()):
        if Role.SENIOR_ADVISER in roles:
            builder.stands_to(name, record, "adviser")
        if Role.TSG in roles and "tsg" in held:
            builder.stands_to(name, record, "tsg")
    reads_contracts(world, name, *roles)
    reads_reviews(world, name, *roles)
    reads_comments(world, name, *roles)
    keeps_records(world, name, *roles)
    if Role.RTT_TEAM in roles:
        reads_returns(world, name)
    if Role.SENIOR_ADVISER in roles:
        for emergency in world.records["emergency"].values():
            emergency["second"] += (name,)
        for message in ("the copied email", "the link letter"):
            world.records["notice"][message]["reader"] += (name,)
        for held in world.records["meeting"].values():
            if "adviser" in held:
                held["adviser"] += (name,)


def reads_contracts(world: World, name: str, *roles: Role) -> None:
    staff, editors = {Role.SENIOR_ADVISER, Role.COUNSELLOR}, {Role.GOVERNANCE, Role.ADMINISTRATOR}
    for contract in world.records["contract"].values():
        if staff & set(roles) and "staff" in contract:
            contract["staff"] += (name,)
        if editors & set(roles):
            contract["editor"] += (name,)


def reads_comments(world: World, name: str, *roles: Role) -> None:
    """Who looks after the page reads what was said of it."""
    if {Role.SENIOR_ADVISER, Role.GOVERNANCE} & set(roles):
        for comment in world.records["comment"].values():
            comment["page-owner"] += (name,)


def keeps_records(world: World, name: str, *roles: Role) -> None:
    """Governance knows what of others is held, and what was destroyed; of complaints neither."""
    if Role.GOVERNANCE in roles:
        for kind in ("hold", "certificate"):
            world.records[kind][kind]["keeper"] += (name,)


def reads_returns(world: World, person: str) -> None:
    """The return to training team sees every return, mentor and pair."""
    for kind in ("return", "mentor_page", "pair"):
        for held in world.records[kind].values():
            if "team" in held:
                held["team"] = (*held["team"], person)


def reads_reviews(world: World, name: str, *roles: Role) -> None:
    """Whoever is of the progression team reads every review and every support meeting."""
    if Role.PROGRESSION in roles:
        for kind in table.REVIEWED:
            for record, held in world.records[kind].items():
                if "team" in held:
                    world.records[kind][record] = held | {"team": (*held["team"], name)}


def walk(
    walker: Walker,
    person: str,
    only: Callable[[Row, str], bool],
    kinds: tuple[str, ...] = ("plain",),
    with_queries: bool = False,
) -> None:
    """Ask the addresses and records that `only` picks, and compare the answers with the tables."""
    visitor, wrong, asked, leaked = walker.visitor(person), [], 0, 0
    for row in walker.rows("GET"):
        for record in [one for one in walker.records(row) if only(row, one)]:
            wanted = walker.expected(person, row, record)
            for address in walker.addresses(row, record, with_queries=with_queries and wanted == IN):
                for kind in kinds:
                    cell = Cell(row, record, address, kind)
                    response = visitor.ask("GET", address, **KINDS_OF_REQUEST[kind])
                    leaks = walker.leaks(person, cell, response)
                    wrong += what_is_wrong(walker, cell, wanted, answer_of(response), leaks)
                    asked, leaked = asked + 1, leaked + len(leaks)
    figures.add("G1 several roles", requests=asked, cells=asked, leaks=leaked)
    assert not wrong, told(wrong)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TRAINEE], ids=str)
def test_the_trainee_is_that_alone_whatever_else_they_are(
    world: World, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    """Adviser of everybody, counsellor of this case, head of this school, referrer of this trainee, TSG that it was
    released to: of their own record they see what a trainee sees."""
    builder, person, record = world.builder, f"trainee and {role}", f"about the {role}"
    if role == Role.HEAD_OF_SCHOOL:
        builder.add(person, ("trainee", "head_of_school:medicine"))
        for held in world.records["referral"].values():
            if "head" in held.get("head", ()):
                held["head"] = (*held["head"], person)
        world.records["notice"]["the released words"]["reader"] += (person,)
    else:
        the_hats_of(world, person, Role.TRAINEE, role)
    builder.refer(record, "supervisor", 5, person)
    builder.assign(record, "earlier counsellor", 4)
    builder.assign(record, "counsellor", 3, reason=world.words.new((record, "reason for change")))
    builder.release(record, "head", 2, ReleaseChoice.WORDS, world.words.new((record, "released words")))
    builder.deliver(2)
    heads = [one for one in world.people if "head_of_school:medicine" in world.holds[one] and one != person]
    tsg = [one for one in world.people if "tsg" in world.holds[one] and one != person]
    advisers = [
        one for one in world.people if "senior_adviser" in world.holds[one] and one not in (person, "disabled adviser")
    ]
    world.records["referral"][record] = {
        "trainee": (person,), "adviser": tuple(advisers), "counsellor": ("counsellor",), "referrer": ("supervisor",),
        "head": tuple(heads), "tsg": tuple(tsg),
    }  # fmt: skip
    builder.note_ids()
    if role in (Role.COUNSELLOR, Role.REFERRER):
        column = Referral.assigned_to if role == Role.COUNSELLOR else Referral.referred_by
        Referral.update({column: world.people[person]}).where(Referral.id == world.referrals[record].id).execute()

    walker = Walker(world)
    walker.each["{each referral}"] = [world.referrals["mid-life"].public_id]
    near = {"", record, "mid-life", "absent"}
    walk(
        walker,
        person,
        lambda row, one: row.of in ("", "referral") and one in near,
        ("plain", "fragment"),
        with_queries=True,
    )
    if role == Role.SENIOR_ADVISER:
        own = world.referrals[record].public_id
        for query in (f"open={own}", f"view=all&q={own}"):
            response = walker.visitor(person).ask("GET", f"/referrals/inbox?{query}")
            assert response.status_code == 404 or "Nothing here matches" in response.text
    assert not in_the_log(walker, capsys.readouterr().err)


@pytest.mark.parametrize("roles", list(itertools.combinations(Role, 2)), ids=" and ".join)
def test_two_hats_see_what_each_sees_and_no_more(world: World, roles: tuple[Role, Role]) -> None:
    person = " or ".join(roles)
    the_hats_of(world, person, *roles)
    walk(Walker(world), person, lambda row, _: row.endpoint in (*LISTS, "referrals.show"))


def test_every_hat_but_the_advisers_on_one_head(world: World) -> None:
    """Counsellor of one record, referrer of another, head of a third, TSG of a fourth: to each what they are to it."""
    builder, person = world.builder, "every hat"
    roles = tuple(
        as_written(role) for role in Role if role not in (Role.SENIOR_ADVISER, Role.HEAD_OF_SCHOOL, Role.TRAINEE)
    )
    builder.add(person, (*roles, "head_of_school:surgery"))
    reads_contracts(world, person, Role.COUNSELLOR, Role.GOVERNANCE)
    reads_reviews(world, person, Role.PROGRESSION)
    reads_comments(world, person, Role.GOVERNANCE)
    keeps_records(world, person, Role.GOVERNANCE)
    reads_returns(world, person)
    builder.stands_to(person, "others", "head")
    for record, held in world.records["referral"].items():
        if "tsg" in held:
            builder.stands_to(person, record, "tsg")
    builder.refer("theirs", person, 3, wider_concerns=False)
    builder.stands_to(person, "theirs", "referrer")
    for adviser in [one for one in world.people if "senior_adviser" in world.roles(one)]:
        builder.stands_to(adviser, "theirs", "adviser")
    builder.assign("left", person, 1)
    builder.stands_to(person, "left", "counsellor")
    builder.deliver(0)
    builder.note_ids()
    walk(Walker(world), person, lambda row, _: row.of in ("", "referral", "notice"), tuple(KINDS_OF_REQUEST))


def test_the_six_kinds_of_referrer_are_all_walked(world: World) -> None:
    walked = {
        role.partition(":")[2] for roles in world.holds.values() for role in roles if role.startswith("referrer:")
    }
    assert walked >= set(ReferrerKind)
    assert set(ADVISERS) <= world.people.keys()
