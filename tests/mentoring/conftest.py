"""The return to training team, and who comes to it."""

import pytest

from models import Role, User
from tests import factories
from tests.figures import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]


@pytest.fixture
def team(app) -> User:
    return factories.a_user(Role.RTT_TEAM, name="Robin Returns")
