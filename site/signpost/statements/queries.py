"""The statements and contracts each person may read. Statements are everybody's; contracts of those they cover (C8)."""

from peewee import Expression, ModelSelect

from models import Contract, ContractCase, ContractCover, Referral, Role, Service, Statement, StatementKind, User
from signpost.accounts import queries as people
from signpost.referrals import queries as referrals

EDITORS = (Role.GOVERNANCE, Role.ADMINISTRATOR)
STAFF = frozenset({Role.SENIOR_ADVISER, Role.COUNSELLOR, *EDITORS})


def now(kind: StatementKind) -> Statement:
    """The version of these words that stands now."""
    found: Statement = versions(kind).get()
    return found


def versions(kind: StatementKind) -> ModelSelect:
    """Every version of these words, the newest first."""
    return Statement.select().where(Statement.kind == kind).order_by(Statement.number.desc())


# Contracts


def contracts_visible_to(user: User) -> ModelSelect:
    """Those in force and ended to staff; drafts to who writes them; to a trainee those that cover them now."""
    roles = people.roles_of(user)
    if roles & set(EDITORS):
        return Contract.select()
    acknowledged = Contract.ethics.is_null(False)
    if roles & STAFF:
        return Contract.select().where(acknowledged)
    ours = Contract.id.is_null()
    for referral in referrals.about(user):
        ours |= _covers(referral)
    return Contract.select().where(_in_force() & ours)


def covering(referral: Referral) -> ModelSelect:
    """The contracts in force that cover this case: its trainee can read them."""
    return Contract.select().where(_in_force() & _covers(referral)).order_by(Contract.id)


def _in_force() -> Expression:
    return Contract.ethics.is_null(False) & Contract.ended_at.is_null()


def _covers(referral: Referral) -> Expression:
    named = ContractCase.select(ContractCase.contract).where(ContractCase.referral == referral)
    return (Contract.employer == referral.employer_id) | Contract.id.in_(named)


def services_of(contract: Contract) -> frozenset[Service]:
    """What it covers; every other service is excluded."""
    rows = ContractCover.select(ContractCover.service).where(ContractCover.contract == contract).tuples()
    return frozenset(Service(service) for (service,) in rows)


def excluded_by(referral: Referral, service: Service) -> Contract | None:
    """The contract by which this service may not be given in this case: it is covered by some, and none has the service."""
    contracts = list(covering(referral))
    if any(service in services_of(one) for one in contracts):
        return None
    return contracts[0] if contracts else None
