"""The tree is as agreed: what stands at the top, what git may never ignore, what may never be committed."""

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

HOUSE = {"site", "templates", "static", "models.py", "tests", "wsgi.py", "requirements.txt", "README.md"}
BESIDE = {
    *("migrations", "benchmarks", "docs", ".ci", "Makefile", "pyproject.toml", "package.json", "package-lock.json"),
    *(".npmrc", ".env.example", ".gitignore", "CONTRIBUTING.md", "requirements-dev.txt", "requirements-postgres.txt"),
}
CARD = {"Flask", "Flask-Mail", "Flask-Login", "Flask-WTF", "peewee", "htmx-flask", "pytest"}


def git(*arguments: str) -> "subprocess.CompletedProcess[str]":
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("This copy is no git checkout.")
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def tracked() -> list[str]:
    return git("ls-files", "-z").stdout.strip("\0").split("\0")


def requirements(name: str) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("-r ")]


def test_nothing_stands_at_the_top_but_what_was_agreed():
    assert {path.split("/")[0] for path in tracked()} <= HOUSE | BESIDE


def test_the_eight_names_are_there():
    assert sorted(name for name in HOUSE if not (ROOT / name).exists()) == []


@pytest.mark.parametrize(
    "path", ["site", "site/signpost", "site/signpost/__init__.py", "templates", "static/signpost.css"]
)
def test_git_does_not_ignore_the_application(path):
    assert git("check-ignore", "--no-index", "-q", path).returncode == 1


@pytest.mark.parametrize("path", [".env", "instance/signpost.db", "static/vendor/x.js", ".venv/x", "node_modules/x"])
def test_git_ignores_secrets_records_and_what_set_up_makes(path):
    assert git("check-ignore", "--no-index", "-q", path).returncode == 0


def test_nothing_third_party_is_committed():
    strange = re.compile(r"\.min\.|(^|/)vendor/|(^|/)htmx[^/]*\.js|nhsuk-frontend[^/]*\.(css|js)|\.whl$|\.jar$")
    assert [path for path in tracked() if strange.search(path)] == []


def test_site_is_a_source_root_and_no_package():
    assert [path.name for path in (ROOT / "site").iterdir() if path.name != "__pycache__"] == ["signpost"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-postgres.txt"])
def test_every_python_package_is_pinned_once(name):
    lines = requirements(name)
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+(\[\w+\])?==[\w.]+", line)] == []
    names = [line.partition("==")[0].lower() for line in lines]
    assert len(names) == len(set(names))


def test_the_plain_requirements_hold_what_the_owner_chose_and_pytest():
    assert {line.partition("==")[0] for line in requirements("requirements.txt")} >= CARD


def test_every_npm_package_is_exact_and_named_without_a_registry():
    package = json.loads((ROOT / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []

    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in locked.items() if name and ("resolved" in entry or "integrity" not in entry)] == []


def test_the_example_environment_names_what_is_read_and_nothing_else():
    example = (ROOT / ".env.example").read_text()
    named = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", example, re.MULTILINE)

    assert sorted(named) == sorted(variables_read(ROOT / "site" / "signpost" / "config.py"))


def variables_read(path: Path) -> set[str]:
    """The names given to the functions inside `from_environment`: get("NAME"), needed("NAME"), number("NAME", 0)."""
    tree = ast.parse(path.read_text())
    reader = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "from_environment")
    texts = [
        call.args[0].value
        for call in ast.walk(reader)
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
    ]
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"[A-Z][A-Z_]+", text)}


def test_make_lists_exactly_the_targets_that_are_for_people():
    makefile = (ROOT / "Makefile").read_text()
    listed = re.findall(r"@echo 'make (\S+) ", makefile)
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)

    assert phony is not None
    assert sorted(listed) == sorted(set(phony[1].split()) - {"list", "dev"})
