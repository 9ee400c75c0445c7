"""What somebody with the database in their hands can do to the audit, once they have taken its guards away.

The guards are triggers that refuse to change or delete an entry. They stop mistakes, in our code and at a prompt. Whoever
owns the tables can drop them; then the chain tells.
"""

from typing import Any

from models import db
from signpost.database import is_sqlite

GUARDS = ("audit_entry_insert", "audit_entry_update", "audit_entry_delete")


def take_guards_away() -> None:
    if is_sqlite():
        for name in GUARDS:
            db.execute_sql(f"DROP TRIGGER IF EXISTS {name}")
    else:
        db.execute_sql("DROP TRIGGER IF EXISTS audit_entry_only_grows ON audit_entry")


def tamper(sql: str, *values: Any) -> None:
    """Take the guards away and do this, with a question mark for each value."""
    take_guards_away()
    db.execute_sql(sql if is_sqlite() else sql.replace("?", "%s"), values)
