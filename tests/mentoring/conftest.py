"""The return to training team, and who comes to it."""

import pytest

from models import Role, User
from tests import factories


@pytest.fixture
def team(app) -> User:
    return factories.a_user(Role.RTT_TEAM, name="Robin Returns")
