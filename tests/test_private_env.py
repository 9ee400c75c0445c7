"""The private .env: fresh keys, readable by its owner only, and never where it could do harm."""

import shutil
import stat

import pytest
from dotenv import dotenv_values

from signpost import private_env


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    shutil.copy(private_env.ROOT / ".env.example", tmp_path)
    return tmp_path


def test_it_holds_fresh_keys_and_nobody_else_can_read_it(root):
    assert private_env.write(root)

    values = dotenv_values(root / ".env")
    assert len(values["SECRET_KEY"]) >= 32
    assert len(values["AUDIT_KEY"]) >= 32
    assert values["AUDIT_KEY"] != values["SECRET_KEY"]
    assert values["DEMO"] == "1"
    assert stat.S_IMODE((root / ".env").stat().st_mode) == 0o600


def test_no_two_have_the_same_keys(root):
    assert private_env.fresh_keys().items().isdisjoint(private_env.fresh_keys().items())


def test_an_existing_one_is_left_alone(root):
    (root / ".env").write_text("SECRET_KEY=mine\n")

    assert not private_env.write(root)
    assert (root / ".env").read_text() == "SECRET_KEY=mine\n"


def test_new_keys_are_not_put_beside_records_that_others_sealed(root):
    (root / "instance").mkdir()
    (root / "instance" / "signpost.db").touch()

    with pytest.raises(ValueError, match="made with other keys"):
        private_env.write(root)
    assert not (root / ".env").exists()


def test_where_the_environment_brings_the_keys_the_demonstration_is_not_switched_on(root, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from the environment, long enough to be one")

    assert not private_env.write(root)
    assert not (root / ".env").exists()
