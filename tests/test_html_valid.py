"""Every page is valid HTML, by the validator of the Nu project, in one run of Java."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask

from signpost.notices.letters import as_html
from tests.browser.every_page import VIEWS, endpoints_seen, endpoints_there, make_world
from tests.conftest import browser, sign_in
from tests.smtp_server import Mailbox

VALIDATOR = Path(__file__).resolve().parents[1] / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# The one thing that is meant: the attributes of htmx, which every other browser and reader passes over.
OF_HTMX = re.compile("Attribute “hx-[a-z0-9:-]+” not allowed on element")


def cannot_run(why: str) -> NoReturn:
    """Skip, and say why; fail where the browser's tests may not be skipped either."""
    if os.environ.get("SIGNPOST_REQUIRE_BROWSER") == "1":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture
def validator() -> list[str]:
    """The command that validates files."""
    if not VALIDATOR.exists():
        cannot_run("The HTML validator is not installed: make test installs it.")
    if shutil.which("java") is None:
        cannot_run("There is no Java on the PATH, which the HTML validator needs.")
    return [
        "java",
        "-Xss1m",
        "-jar",
        str(VALIDATOR),
        "--stdout",
        "--format",
        "json",
        "--errors-only",
        "--exit-zero-always",
    ]


def test_every_page_is_seen(make_app: Callable[..., Flask], mailbox: Mailbox) -> None:
    app = make_app()
    world = make_world(app, mailbox)
    assert endpoints_there(app) - endpoints_seen(app, world) == set(), "give each a View in tests/browser/every_page.py"


def test_every_page_is_valid_html(
    validator: list[str], make_app: Callable[..., Flask], mailbox: Mailbox, tmp_path: Path
) -> None:
    app = make_app(demo=True)
    world = make_world(app, mailbox)
    folder = tmp_path / "pages"
    folder.mkdir()
    for view in VIEWS:
        client = browser(app)
        if view.who:
            sign_in(client, world.people[view.who])
        response = client.get(world.path(view))
        if view.press:
            response = client.press(view.press, **view.fields)
        response = client.followed(response)
        assert response.status_code == view.status, f"{view}: {client.page.text}"
        assert view.says in client.page.text, view
        (folder / f"{view.name}.html").write_bytes(response.data)
    for number, letter in enumerate(mailbox.received):
        (folder / f"letter {number}.html").write_text(as_html(letter.text))

    found = subprocess.run([*validator, str(folder)], capture_output=True, check=True)
    messages = json.loads(found.stdout)["messages"]
    wrong = [one for one in messages if not OF_HTMX.match(one["message"])]
    assert [f"{Path(one['url']).name}: {one['message']} {one.get('extract', '')}" for one in wrong] == []
