"""A pass that is killed half-way leaves nothing half destroyed, and the next one goes on from there (G20)."""

import os
import signal
import subprocess
import sys
from random import Random

from models import CareersSession, Consent, Disposal, Referral, db
from signpost import clock
from signpost.audit import record as audit
from signpost.config import ROOT
from signpost.reports import publishing
from signpost.retention.kinds import BY_KEY
from tests import figures
from tests.retention.conftest import LONG_AFTER, pass_at

KILLS = 20
KINDS = ("careers_record", "consent", "breach", "case")
random = Random(20)  # noqa: S311  where it is killed

# A pass as a process of its own, which is killed at the nth statement that it sends to the database.
A_PASS = """
import os, signal, sys
from models import db
from signpost import clock, create_app
from signpost.retention import disposal

with create_app().app_context(), db.connection_context():
    real, left = db.obj.execute_sql, [int(sys.argv[1])]

    def counted(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    db.obj.execute_sql = counted
    disposal.AT_A_TIME = 1
    at = clock.parse(sys.argv[2])
    with clock.at(at):
        disposal.dispose(at)
"""


def a_pass(config, statements):
    """Run it, and kill it at this statement; its exit code."""
    environment = os.environ | {
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "NOTES_KEYS": config.notes_keys,
        "AUDIT_KEY": config.audit_key,
        "AUDIT_ANCHOR": str(config.audit_anchor),
        "PUBLIC_URL": config.public_url,
        "MAIL_DEFAULT_SENDER": "signpost@signpost.example",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
    }
    command = [sys.executable, "-c", A_PASS, str(statements), LONG_AFTER.isoformat()]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True).returncode


def rows_of(case, kind):
    """How many rows of this kind there are of a case, by table."""
    columns = BY_KEY[kind].parts
    if not columns:
        return {"referral": Referral.select().where(Referral.id == case.id).count()}
    return {column.model.__name__: column.model.select().where(column == case.id).count() for column in columns}


def certified(kind):
    return sorted(reference for one in Disposal.select().where(Disposal.kind == kind) for reference in one.references)


def test_killed_twenty_times_it_is_as_if_it_had_run_once(lived, scheduled, config, app):
    cases = [lived(f"quokka{number}") for number in range(6)]
    with clock.at(LONG_AFTER):
        publishing.publish(LONG_AFTER)
    whole = {(case.public_id, kind): rows_of(case, kind) for case in cases for kind in KINDS}
    killed = halves = 0

    for _ in range(KILLS):
        db.close()
        code = a_pass(config, random.randint(15, 120))
        db.connect(reuse_if_open=True)
        killed += code == -signal.SIGKILL
        for case in cases:
            for kind in KINDS:
                is_gone = case.public_id in certified(kind)
                now, before = rows_of(case, kind), whole[case.public_id, kind]
                halves += now != (dict.fromkeys(before, 0) if is_gone else before)
    pass_at(LONG_AFTER)

    twice = sum(len(certified(kind)) - len(set(certified(kind))) for kind in KINDS)
    missing = sum(len(cases) - len(set(certified(kind))) for kind in KINDS)
    figures.add("G20", kills=killed, half_destroyed=halves, destroyed_twice=twice, without_certificate=missing)
    assert killed == KILLS
    assert (halves, twice, missing) == (0, 0, 0)
    assert Referral.select().count() == Consent.select().count() == CareersSession.select().count() == 0
    assert audit.verify()[1] is None
