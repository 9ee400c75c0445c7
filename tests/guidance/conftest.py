"""A small guide of its own, so that these tests say nothing of what the real pages say."""

from pathlib import Path

import pytest

from models import Role
from signpost.guidance import queries
from tests.factories import a_user

PAGES = Path(__file__).with_name("pages")


@pytest.fixture(autouse=True)
def small_guide(monkeypatch):
    monkeypatch.setattr(queries, "FOLDER", PAGES)


@pytest.fixture
def governance(app):
    return a_user(Role.GOVERNANCE, name="Gita Governance")
