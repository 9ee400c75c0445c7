"""Somebody in each part of a review, with an account."""

import pytest

from models import Role
from tests.factories import a_user


@pytest.fixture
def team(app):
    return a_user(Role.PROGRESSION, name="Pat Progression")


@pytest.fixture
def colleague(app):
    return a_user(Role.PROGRESSION, name="Col Colleague")


@pytest.fixture
def director(app):
    return a_user(Role.MEETING_CHAIR, name="Dana Director")


@pytest.fixture
def officer(app):
    return a_user(Role.TRAINING_OFFICER, name="Olly Officer")


@pytest.fixture
def scientist(app):
    return a_user(Role.TRAINEE, name="Sam Scientist")


@pytest.fixture
def university(app):
    return a_user(Role.UNIVERSITY, name="Uma University")
