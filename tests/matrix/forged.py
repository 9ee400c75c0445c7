"""Fields that no form has: what somebody might add to a request to get more than the form gives."""

from functools import cache

from models import TABLES
from tests.matrix.table import Row

VALUES = {
    "status": "closed", "stage": "closed", "ending": "complete", "role": "senior_adviser", "referrer_kind": "dme",
    "choice": "words", "wider_concerns": "yes", "state": "sent", "header": "cc", "email": "me@elsewhere.example",
    "trainee_email": "me@elsewhere.example", "former_email": "me@elsewhere.example", "address": "me@elsewhere.example",
    "contact_email": "me@elsewhere.example", "kind": "released_tsg", "permission": "A7-adviser",
}  # fmt: skip
# Not columns, but what a program may look for.
BESIDES = (
    *("released", "roles", "is_adviser", "admin", "user_id", "by", "as", "owner", "undo", "force", "to", "cc", "bcc"),
    *("recipients", "reply_to", "sender", "_method", "X-HTTP-Method-Override", "__class__", "obj", "data"),
)


def fields(row: Row) -> dict[str, str]:
    """Every column of every table, and some more, but those that this form has itself."""
    its_own = {*row.body, *row.also}
    return {name: value for name, value in _every_field() if name not in its_own}


@cache
def _every_field() -> list[tuple[str, str]]:
    columns = {name for table in TABLES for one in table._meta.sorted_fields for name in (one.name, one.column_name)}
    return [(name, VALUES.get(name, "1")) for name in sorted(columns | set(BESIDES))]


def in_parts(row: Row) -> list[dict[str, str]]:
    """As many at once as a form may have: fewer where a file is among them."""
    more = fields(row)
    if not any(isinstance(value, bytes) for value in row.body.values()):
        return [more]
    names = list(more)
    return [{name: more[name] for name in names[start : start + 150]} for start in range(0, len(names), 150)]
