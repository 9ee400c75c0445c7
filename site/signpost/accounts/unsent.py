"""What a person had typed when their session turned out to be over: carried through signing in, sealed, for them alone."""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from datetime import timedelta

from models import User
from signpost import clock
from signpost.sealing import CannotUnseal, keyring

KEPT_FOR = timedelta(hours=24)
MOST_CHARACTERS = 500_000


@dataclass(frozen=True)
class Unsent:
    """A form that did not arrive: where it was going, and its fields."""

    path: str
    fields: list[tuple[str, str]]


def seal(unsent: Unsent, owner: User) -> str:
    """The form as text that only its owner gets open again; empty where it is too long to carry."""
    words = json.dumps({"path": unsent.path, "fields": unsent.fields, "at": clock.now().isoformat()})
    if len(words) > MOST_CHARACTERS:
        return ""
    packed = base64.b64encode(zlib.compress(words.encode())).decode()
    return base64.urlsafe_b64encode(keyring.seal(packed, _place(owner))).decode()


def unseal(text: str, owner: User) -> Unsent | None:
    """The form, or None where it is another person's, changed, or from longer ago than a day."""
    try:
        packed = keyring.unseal(base64.urlsafe_b64decode(text.encode()), _place(owner))
    except (CannotUnseal, binascii.Error, ValueError):
        return None
    said = json.loads(zlib.decompress(base64.b64decode(packed)))
    if clock.parse(said["at"]) < clock.now() - KEPT_FOR:
        return None
    return Unsent(said["path"], [(name, value) for name, value in said["fields"]])


def _place(owner: User) -> str:
    return f"unsent|{owner.public_id}"
