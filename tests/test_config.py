"""What the environment says, and how it is refused."""

from pathlib import Path

import pytest

from signpost import clock, config
from signpost.config import ROOT, Config
from signpost.errors import ConfigurationError
from tests.conftest import NOTES_KEY

COMPLETE = {
    "SECRET_KEY": "s" * 40,
    "AUDIT_KEY": "a" * 40,
    "NOTES_KEYS": NOTES_KEY,
    "AUDIT_ANCHOR": "instance/audit-anchor",
}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """Set variables; `.env` is one of the test's own."""
    monkeypatch.setattr(config, "ROOT", tmp_path)

    def set_to(**values):
        for name, value in (COMPLETE | values).items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)

    return set_to


def test_four_secrets_are_enough(environment, tmp_path):
    environment()

    read = Config.from_environment()

    assert read.database_url == f"sqlite:///{tmp_path}/instance/signpost.db"
    assert read.audit_anchor == tmp_path / "instance" / "audit-anchor"
    assert not read.demo
    assert not read.is_https


@pytest.mark.parametrize("name", sorted(COMPLETE))
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_secret_stops_the_start_with_one_line_that_says_which(environment, name, value):
    environment(**{name: value})

    with pytest.raises(ConfigurationError, match=name) as refused:
        Config.from_environment()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"SECRET_KEY": "short"}, "32 characters"),
        ({"AUDIT_KEY": "short"}, "32 characters"),
        ({"MAIL_PORT": "smtp"}, "MAIL_PORT must be a whole number"),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES must be a whole number"),
        ({"MAIL_PORT": "65536"}, "MAIL_PORT must be a whole number from 1 to 65535"),
        ({"MAIL_PORT": "-1"}, "MAIL_PORT must be a whole number from 1 to 65535"),
        ({"MAIL_USE_TLS": "yes"}, "MAIL_USE_TLS must be 1 or 0"),
        ({"MAIL_DEFAULT_SENDER": "Signpost"}, "MAIL_DEFAULT_SENDER must be an address"),
        ({"DEMO": "true"}, "DEMO must be 1 or 0"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be a whole number from 0"),
        ({"PUBLIC_URL": "http://[signpost"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://signpost.example:99999"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "signpost.example"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "ftp://signpost.example"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL"),
        ({"CLOCK": "2027-05-22T09:00"}, "CLOCK is for demonstrations"),
        ({"CLOCK": "noon", "DEMO": "1"}, "CLOCK: 'noon' is not a moment"),
        ({"CLOCK": "9999-12-31T23:59", "DEMO": "1"}, "CLOCK: .* is not in the years"),
    ],
)
def test_what_cannot_work_is_refused_without_repeating_a_secret(environment, values, words):
    environment(**values)

    with pytest.raises(ConfigurationError, match=words) as refused:
        Config.from_environment()
    assert "short" not in str(refused.value)


def test_the_environment_wins_over_the_file(environment, tmp_path, monkeypatch):
    environment(MAIL_SERVER=None, PUBLIC_URL="https://from-environment.example/")
    (tmp_path / ".env").write_text("PUBLIC_URL=https://from-file.example\nMAIL_SERVER=mail.example\n")

    read = Config.from_environment()

    assert read.public_url == "https://from-environment.example"
    assert read.mail_server == "mail.example"


def test_a_file_that_cannot_be_read_is_refused_in_one_line(environment, tmp_path):
    environment()
    (tmp_path / ".env").write_bytes(b"MAIL_SERVER=\xff\n")

    with pytest.raises(ConfigurationError, match="cannot be read") as refused:
        Config.from_environment()
    assert "\n" not in str(refused.value)


def test_cookies_are_for_https_only_where_the_site_has_it(environment):
    environment(PUBLIC_URL="https://signpost.example")
    safe = Config.from_environment().flask_settings()
    environment(PUBLIC_URL="http://127.0.0.1:8000")
    plain = Config.from_environment().flask_settings()

    assert (safe["SESSION_COOKIE_NAME"], safe["SESSION_COOKIE_SECURE"]) == ("__Host-signpost", True)
    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("signpost", False)


def test_protection_lasts_as_long_as_the_session(environment):
    environment()

    assert Config.from_environment().flask_settings()["WTF_CSRF_TIME_LIMIT"] is None


def test_a_clock_that_is_set_is_believed_from_the_start(make_app):
    make_app(clock="2027-05-22T09:00")

    assert clock.today().isoformat() == "2027-05-22"


def test_the_root_is_where_the_project_is():
    assert (ROOT / "wsgi.py").is_file()
    assert Path(__file__).is_relative_to(ROOT)


def test_nothing_runs_before_it_is_configured(monkeypatch):
    monkeypatch.setattr(config, "_running", None)

    with pytest.raises(ConfigurationError, match="not configured"):
        config.running()
