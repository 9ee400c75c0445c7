"""The entry point: a missing secret stops the start with one line that says which."""

import os
import subprocess
import sys

import pytest

from signpost.config import ROOT


def start(command: list[str], **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "NOTES_KEYS", "AUDIT_KEY", "AUDIT_ANCHOR"])
def test_a_missing_secret_stops_the_start_with_one_line(name, environment):
    start_of_site = start(["-c", "import wsgi"], **{**environment, name: ""})

    assert start_of_site.returncode == 4
    assert start_of_site.stderr.splitlines() == [
        f"Signpost cannot start: {name} is not set. `make setup` writes a private .env with fresh keys."
    ]


def test_gunicorn_gives_up_instead_of_trying_for_ever(environment):
    serving = start(["-m", "gunicorn", "wsgi:app", "--bind", "127.0.0.1:0"], **{**environment, "SECRET_KEY": ""})

    assert serving.returncode == 4
    assert "SECRET_KEY is not set" in serving.stderr
    assert "Traceback" not in serving.stderr


def test_a_command_stops_with_the_same_line(environment):
    command = start(["-m", "flask", "audit-verify"], **{**environment, "AUDIT_KEY": ""})

    assert command.returncode != 0
    assert command.stderr.startswith("Signpost cannot start: AUDIT_KEY is not set.")


@pytest.fixture
def environment(tmp_path):
    from signpost.private_env import fresh_keys

    return {
        **fresh_keys(),
        "AUDIT_ANCHOR": str(tmp_path / "anchor"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'signpost.db'}",
        "DEMO": "0",
    }
