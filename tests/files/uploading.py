"""A site of its own that is sent the same file again and again: for measuring what that takes. Prints bytes of memory."""

import base64
import os
import resource
import sys
from pathlib import Path

from models import Role, StoredFile, db
from signpost import clock, create_app, database
from signpost.config import Config
from signpost.files import queries
from signpost.referrals import actions as referrals
from tests import factories
from tests.browser_client import Browser
from tests.conftest import sign_in
from tests.files import made

TIMES = 10


def run(folder: str, size: int) -> None:
    at = Path(folder)
    at.mkdir()
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

    def send(content: bytes) -> int:
        """As one body that is read piece by piece, as a web server gives it, and not a second time in memory."""
        body, kind = made.form({"csrf_token": client.token(), "kind": "cv"}, "a.pdf", content)
        sent = at / "sent"
        sent.write_bytes(body)
        del body
        with sent.open("rb") as file:
            return client.post(
                path, input_stream=file, content_length=sent.stat().st_size, content_type=kind
            ).status_code

    wanted = 303 if size <= 10 * 1024 * 1024 else 413
    assert send(made.pdf()) == 303
    content = at / "content.pdf"
    content.write_bytes(made.pdf(content=os.urandom(size)))
    before = peak()
    for _ in range(TIMES):
        assert send(content.read_bytes()) == wanted
    for file in StoredFile.select():
        assert sum(map(len, queries.content(file))) == file.size
    assert StoredFile.select().count() == (TIMES + 1 if wanted == 303 else 1)
    sys.stdout.write(str(max(0, peak() - before)))


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
