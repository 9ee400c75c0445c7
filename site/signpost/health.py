"""Whether the process lives, and whether it can do its work: for what watches over it. Tells nothing about anybody."""

from datetime import timedelta

from flask import Blueprint
from flask.typing import ResponseReturnValue

from signpost import clock, database
from signpost.access import public
from signpost.assets import vendor_urls
from signpost.audit import record as audit
from signpost.notices import outbox

bp = Blueprint("health", __name__)

LATE = timedelta(minutes=10)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/healthz")
@public
def process_is_up() -> ResponseReturnValue:
    return "ok\n", 200, PLAIN


@bp.get("/readyz")
@public
def is_ready() -> ResponseReturnValue:
    """200 when everything is in place, else 503 and a line for each thing that is not."""
    problems = troubles()
    return "\n".join(problems or ["ready"]) + "\n", 503 if problems else 200, PLAIN


def troubles() -> list[str]:
    found = []
    if pending := database.pending():
        return [f"{len(pending)} migrations are still to be applied: run `flask db-upgrade`."]
    if vendor_urls() is None:
        found.append("static/vendor is not built: run `make setup`.")
    if not audit.is_anchored():
        found.append(
            "The audit's anchor is not at its last entry: can AUDIT_ANCHOR be written? Run `flask audit-verify`."
        )
    due = outbox.next_due()
    if due and clock.now() - due > LATE:
        minutes = int((clock.now() - due).total_seconds() // 60)
        found.append(f"A message has been due for {minutes} minutes: is the worker running?")
    return found
