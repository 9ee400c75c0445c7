"""A site of its own that is sent the same file again and again: for measuring what that takes. Prints bytes of memory."""

import base64
import re
import shutil
import sys
from pathlib import Path

from models import Role, StoredFile, db
from signpost import clock, create_app, database
from signpost.config import Config
from signpost.fields import new_public_id
from signpost.files import queries
from signpost.referrals import actions as referrals
from tests import factories
from tests.browser_client import Browser
from tests.conftest import sign_in
from tests.files import made

TIMES = 10


def run(folder: str, content: str) -> None:
    at = Path(folder)
    at.mkdir()
    size = Path(content).stat().st_size
    app = create_app(
        Config(
            database_url=f"sqlite:///{at}/signpost.db",
            secret_key="a secret that is long enough for tests only",
            notes_keys=f"k1:{base64.urlsafe_b64encode(b'k' * 32).decode()}",
            audit_key="another secret that is long enough for tests",
            audit_anchor=at / "anchor",
            public_url="http://localhost",
            argon2_time=1,
            argon2_memory_kib=8,
        )
    )
    app.test_client_class = Browser
    db.connect(reuse_if_open=True)
    database.upgrade()
    factories.a_user(Role.SENIOR_ADVISER)
    trainee = factories.a_user(Role.TRAINEE)
    case = factories.a_referral(trainee_email=trainee.email)
    with clock.at(clock.now()):
        referrals.accept(case, by=trainee)
    client = app.test_client()
    sign_in(client, trainee)
    path = f"/referrals/{case.public_id}/documents/new"

    def send(path_of_content: Path) -> int:
        """From a file, piece by piece, as a web server gives it: this program itself holds none of it."""
        fields = {"csrf_token": client.token(), "kind": "cv", "reference": new_public_id()}
        body, kind = made.form(fields, "a.pdf", b"-here-")
        begin, end = body.split(b"-here-")
        sent = at / "sent"
        with sent.open("wb") as file, path_of_content.open("rb") as content:
            file.write(begin)
            shutil.copyfileobj(content, file)
            file.write(end)
        length = sent.stat().st_size
        with sent.open("rb") as file:
            return client.post(path, input_stream=file, content_length=length, content_type=kind).status_code

    (at / "small.pdf").write_bytes(made.pdf())
    assert send(at / "small.pdf") == 303
    wanted = 303 if size <= 10 * 1024 * 1024 else 413
    before = peak()
    for _ in range(TIMES):
        assert send(Path(content)) == wanted
    for file in StoredFile.select():
        assert sum(map(len, queries.content(file))) == file.size
    assert StoredFile.select().count() == (TIMES + 1 if wanted == 303 else 1)
    sys.stdout.write(str(max(0, peak() - before)))


def peak() -> int:
    """The most this process has held; what the process that started it held does not count, as it does elsewhere."""
    said = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", said)[1]) * 1024  # type: ignore[index]
