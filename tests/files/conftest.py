"""A case with a counsellor and a trainee who accepted, and people to whom its documents are none of their business."""

from datetime import timedelta

import pytest

from models import LinkPurpose, Referral, Role
from signpost import clock
from signpost.accounts import links
from signpost.referrals import actions
from tests.factories import a_referral, a_user


@pytest.fixture
def colleague(app):
    return a_user(Role.COUNSELLOR, name="Cato Colleague")


@pytest.fixture
def case(adviser, counsellor, referrer, trainee):
    with clock.at(clock.now() - timedelta(minutes=5)):
        referral = a_referral(referrer, trainee_email=trainee.email)
        actions.accept(referral, by=trainee)
        referral = Referral.get_by_id(referral.id)
        actions.assign(referral, counsellor, adviser, referral.version)
    return Referral.get_by_id(referral.id)


@pytest.fixture
def token(case):
    """A personal link of the trainee of the case."""
    return links.make(LinkPurpose.REFERRED_TRAINEE, case.trainee_name, case.trainee_email, referral=case)
