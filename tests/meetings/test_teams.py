"""One interface to Microsoft Teams, and what the environment must say for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signpost import config
from signpost.config import Config
from signpost.errors import ConfigurationError
from signpost.meetings import teams
from signpost.meetings.graph import Graph
from signpost.meetings.join_links import deep_link
from tests.graph_stand_in import ORGANISER

BEGINS = datetime(2027, 4, 6, 11, 30, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=1)

PLAIN = Config(
    database_url="sqlite:///nowhere.db",
    secret_key="s" * 40,
    notes_keys="",
    audit_key="a" * 40,
    audit_anchor=Path("audit-anchor"),
)
WITH_GRAPH = replace(
    PLAIN,
    teams_provider="graph",
    graph_tenant_id="tenant",
    graph_client_id="client",
    graph_client_secret="not to be repeated",
    graph_organiser=ORGANISER,
)


@pytest.fixture
def run_under(monkeypatch):
    return lambda chosen: monkeypatch.setattr(config, "_running", chosen)


def test_without_an_administrator_the_organiser_is_asked_and_teams_is_a_press_away(run_under):
    run_under(PLAIN)
    by_hand = teams.provider()

    assert not by_hand.makes_links
    with pytest.raises(teams.NeedsPerson) as asked:
        by_hand.create("k4t9x", BEGINS, ENDS)
    assert asked.value.words == "Open Microsoft Teams, save the meeting there, and paste its join link here."
    assert asked.value.deep_link == deep_link("Meeting", BEGINS, ENDS)


def test_a_meeting_made_by_hand_keeps_its_link_when_it_moves_and_is_not_ours_to_delete(run_under):
    run_under(PLAIN)

    teams.provider().move("", BEGINS, ENDS)
    teams.provider().cancel("")


def test_graph_is_one_for_the_process_so_that_it_remembers_its_token(run_under):
    run_under(WITH_GRAPH)
    first = teams.provider()

    assert isinstance(first, Graph)
    assert first.makes_links
    assert teams.provider() is first


def test_another_account_is_another_provider(run_under):
    run_under(WITH_GRAPH)
    first = teams.provider()
    run_under(replace(WITH_GRAPH, graph_client_id="another"))

    assert teams.provider() is not first


def test_nothing_is_provided_before_the_site_is_configured(run_under):
    run_under(None)

    with pytest.raises(ConfigurationError, match="not configured"):
        teams.provider()


def test_the_organisers_words_fit_where_they_are_kept():
    words = [value for name, value in vars(teams).items() if name.isupper() and name != "SUBJECT"]

    assert len(words) > 8
    for each in words:
        assert len(each) <= 200, each
        assert each.endswith(".")


# What the environment must say


def test_both_ways_are_fine_when_they_are_complete():
    PLAIN.check()
    WITH_GRAPH.check()
    replace(WITH_GRAPH, graph_base_url="http://127.0.0.1:9/v1.0", graph_authority="http://localhost:9").check()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"teams_provider": "zoom"}, "TEAMS_PROVIDER must be link or graph"),
        ({"graph_tenant_id": ""}, "GRAPH_TENANT_ID is not set"),
        ({"graph_client_id": ""}, "GRAPH_CLIENT_ID is not set"),
        ({"graph_client_secret": ""}, "GRAPH_CLIENT_SECRET is not set"),
        ({"graph_organiser": ""}, "GRAPH_ORGANISER is not set"),
        ({"graph_organiser": "meetings@signpost.example"}, "GRAPH_ORGANISER must be an object id, not an address"),
        ({"graph_base_url": "http://graph.microsoft.com/v1.0"}, "GRAPH_BASE_URL must begin with https://"),
        ({"graph_base_url": "https://"}, "GRAPH_BASE_URL must begin with https://"),
        ({"graph_authority": "http://127.0.0.1.evil.example"}, "GRAPH_AUTHORITY must begin with https://"),
    ],
)
def test_what_cannot_work_or_would_send_the_secret_unprotected_is_refused(changed, words):
    with pytest.raises(ConfigurationError, match=words) as refused:
        replace(WITH_GRAPH, **changed).check()
    assert "not to be repeated" not in str(refused.value)


def test_the_secret_is_not_shown_with_the_configuration():
    assert "not to be repeated" not in repr(WITH_GRAPH)


def test_the_environment_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "ROOT", tmp_path)
    read_from = {
        "SECRET_KEY": "s" * 40,
        "NOTES_KEYS": "k1:x",
        "AUDIT_KEY": "a" * 40,
        "AUDIT_ANCHOR": "anchor",
        "TEAMS_PROVIDER": "graph",
        "GRAPH_TENANT_ID": "tenant",
        "GRAPH_CLIENT_ID": "client",
        "GRAPH_CLIENT_SECRET": "secret",
        "GRAPH_ORGANISER": ORGANISER,
        "GRAPH_BASE_URL": "https://graph.example/v1.0/",
        "GRAPH_AUTHORITY": "https://sign-in.example/",
    }
    for name, value in read_from.items():
        monkeypatch.setenv(name, value)

    read = Config.from_environment()

    assert (read.teams_provider, read.graph_tenant_id, read.graph_client_id) == ("graph", "tenant", "client")
    assert (read.graph_client_secret, read.graph_organiser) == ("secret", ORGANISER)
    assert (read.graph_base_url, read.graph_authority) == ("https://graph.example/v1.0", "https://sign-in.example")
