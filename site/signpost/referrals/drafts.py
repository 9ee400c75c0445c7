"""The referral a referrer has begun: kept on the server, sealed, and nowhere else."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from peewee import ModelSelect

from models import Draft, User, db
from signpost import clock
from signpost.fields import new_public_id
from signpost.prepared import Prepared, all_of, hole

FORM = "referral"


@dataclass(frozen=True)
class Begun:
    """What was typed so far, and the reference kept for it."""

    typed: dict[str, str]
    reference: str

    @property
    def digest(self) -> str:
        """Changes whenever a word changes: what is sent must be what was shown."""
        text = json.dumps([self.reference, self.typed], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def of(user: User) -> Begun | None:
    row = next(iter(all_of(Draft, _of, user=user)), None)
    if row is None:
        return None
    kept: dict[str, Any] = json.loads(row.fields_json)
    return Begun(kept["typed"], kept["reference"])


@Prepared
def _of() -> ModelSelect:
    return Draft.select().where((Draft.user == hole("user", Draft.user)) & (Draft.form == FORM))


def save(user: User, typed: dict[str, str]) -> None:
    """Keep what was typed. The reference stays the same for the life of the draft."""
    with db.atomic():
        row = Draft.get_or_none((Draft.user == user) & (Draft.form == FORM)) or Draft(user=user, form=FORM)
        before = of(user)
        reference = before.reference if before else new_public_id()
        row.fields_json = json.dumps({"typed": typed, "reference": reference}, ensure_ascii=False)
        row.saved_at = clock.now()
        row.save()


def discard(user: User) -> None:
    _gone.run(user=user)


@Prepared
def _gone() -> Any:
    return Draft.delete().where((Draft.user == hole("user", Draft.user)) & (Draft.form == FORM))


def discard_sent(user: User, reference: str) -> None:
    """Discard what was begun under this reference, where there still is something."""
    begun = of(user)
    if begun is not None and begun.reference == reference:
        discard(user)
