"""Publishing statements; drawing up contracts of third parties, acknowledging the ethics, refusing what is excluded."""

from collections.abc import Collection
from datetime import date

from peewee import IntegrityError

from models import (
    Contract,
    ContractCase,
    ContractCover,
    Employer,
    Referral,
    Service,
    Statement,
    StatementKind,
    User,
    db,
)
from signpost import clock
from signpost.changes import change
from signpost.errors import RuleBroken, StaleRecord
from signpost.events import record
from signpost.presses import is_just_now
from signpost.statements import queries

CHANGED = "Somebody changed this while you were looking at it. Look at it again, then make your change."
REFUSED = {
    Service.SESSIONS: "careers sessions",
    Service.MORE_SESSIONS: "more sessions than were first agreed",
    Service.TESTS: "personality and ability tests",
}


def publish(kind: StatementKind, words: str, by: User, seen: str) -> Statement:
    """Publish a new version. `seen` is the id of the version that its writer had before them."""
    with db.atomic():
        before = queries.now(kind)
        if before.public_id != seen:
            raise StaleRecord(f"Version {before.number} was published while you were writing. Look at it first.")
        if words == before.words:
            raise RuleBroken("These are the words of the version that stands now, so there is nothing to publish.")
        try:
            made = Statement.create(
                kind=kind, number=before.number + 1, words=words, published_at=clock.now(), published_by=by
            )
        except IntegrityError:
            raise StaleRecord(CHANGED) from None
        record("statement.published", by=by, about=made, facts={"kind": str(kind), "version": made.number})
    return made


# Contracts


def draw_up(payer: str, employer: Employer | None, words: str, covers: Collection[Service], by: User) -> Contract:
    """Draw up a contract. It covers nobody before the payer has acknowledged the statement of ethics (C7).

    The same contract from the same person close together is one press.
    """
    _refuse_nothing(covers)
    with db.atomic():
        last = Contract.select().where(Contract.entered_by == by).order_by(Contract.id.desc()).first()
        if last and (last.payer, last.words) == (payer, words) and is_just_now(last.entered_at):
            return last
        made = Contract.create(payer=payer, employer=employer, words=words, entered_by=by, entered_at=clock.now())
        _cover(made, covers)
        record("contract.drawn_up", by=by, about=made, facts={"covers": sorted(covers)})
    return made


def redraw(
    contract: Contract,
    payer: str,
    employer: Employer | None,
    words: str,
    covers: Collection[Service],
    by: User,
    expected_version: int,
) -> None:
    """Change a contract that was not acknowledged yet: afterwards it stays as the payer accepted it."""
    _refuse_nothing(covers)
    with db.atomic():
        if Contract.get_by_id(contract.id).is_acknowledged:
            raise RuleBroken("The payer has accepted this contract, so it stays as it is. End it and draw up another.")
        change(contract, expected_version, CHANGED, payer=payer, employer=employer, words=words)
        _cover(contract, covers)
        record("contract.redrawn", by=by, about=contract, facts={"covers": sorted(covers)})


def _refuse_nothing(covers: Collection[Service]) -> None:
    if not covers:
        raise RuleBroken("Select at least one service that the contract covers.")


def _cover(contract: Contract, services: Collection[Service]) -> None:
    ContractCover.delete().where(ContractCover.contract == contract).execute()
    for service in sorted(services):
        ContractCover.create(contract=contract, service=service)


def acknowledge(contract: Contract, ethics: str, who: str, on: date, by: User, expected_version: int) -> None:
    """Note who of the payer accepted which version of the statement of ethics, and when (C7). From now on it covers."""
    if on > clock.today():
        raise RuleBroken("The day on which they accepted it cannot be in the future.")
    with db.atomic():
        if Contract.get_by_id(contract.id).is_acknowledged:
            raise RuleBroken("The statement of ethics was accepted already.")
        shown = Statement.get_or_none((Statement.kind == StatementKind.ETHICS) & (Statement.public_id == ethics))
        if shown is None or shown != queries.now(StatementKind.ETHICS):
            raise StaleRecord("The statement of ethics has changed. Show the payer the new version first.")
        change(contract, expected_version, CHANGED, ethics=shown, acknowledged_by=who, acknowledged_on=on)
        record("contract.acknowledged", by=by, about=contract, facts={"version": shown.number, "on": on.isoformat()})


def name_case(contract: Contract, referral: Referral, by: User) -> None:
    """Cover one more case, whatever employer it is of."""
    if not contract.is_in_force:
        raise RuleBroken("This contract is not in force, so it covers nobody.")
    with db.atomic():
        _, is_new = ContractCase.get_or_create(contract=contract, referral=referral)
        if is_new:
            record("contract.case_named", by=by, about=contract, facts={"referral": referral.public_id})


def end(contract: Contract, by: User, expected_version: int) -> None:
    """From now on it covers nobody. It is kept."""
    with db.atomic():
        if Contract.get_by_id(contract.id).ended_at is not None:
            return
        change(contract, expected_version, CHANGED, ended_at=clock.now())
        record("contract.ended", by=by, about=contract)


def refuse_excluded(referral: Referral, service: Service) -> None:
    """Refuse what the contract that pays for this case does not cover (C7)."""
    if (contract := queries.excluded_by(referral, service)) is not None:
        raise RuleBroken(
            f"The contract with {contract.payer} pays for this case, and it does not cover {REFUSED[service]}."
        )
