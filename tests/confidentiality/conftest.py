"""A case in mid-life, held by its counsellor, whose trainee has accepted; a school with a head, an employer with a lead."""

import pytest

from models import Employer, Referral, ReferrerKind, School, User
from signpost import clock
from tests import factories


@pytest.fixture
def employer() -> Employer:
    return factories.an_employer("Weald Hospitals")


@pytest.fixture
def lead(app: object, employer: Employer) -> User:
    return factories.a_referrer(ReferrerKind.LFG_CAREER_LEAD, employer=employer, name="Lee Lead")


@pytest.fixture
def case(adviser: User, counsellor: User, referrer: User, trainee: User, head: User, employer: Employer) -> Referral:
    school = School.get(School.name == "School of Medicine")
    made = factories.a_case(
        counsellor, adviser, by=referrer, trainee_email=trainee.email, school=school, employer=employer
    )
    Referral.update(accepted_at=clock.now()).where(Referral.id == made.id).execute()
    return Referral.get_by_id(made.id)
