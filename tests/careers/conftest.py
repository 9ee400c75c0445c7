"""A case in mid-life: its counsellor, its trainee, and a session that has just been opened."""

import pytest

from models import CareersSession, Referral, User
from tests import factories


@pytest.fixture
def case(adviser: User, counsellor: User, referrer: User, trainee: User) -> Referral:
    return factories.a_case(counsellor, adviser, by=referrer, trainee_email=trainee.email)


@pytest.fixture
def session(case: Referral, counsellor: User) -> CareersSession:
    return factories.a_session(case, counsellor)
