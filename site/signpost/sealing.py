"""Sealing: AES-256-GCM with the place a value belongs to bound in.

A sealed value is `key id` + ":" + nonce + ciphertext. The place (table, column, public id of the row) is authenticated
with it, so a value copied into another row does not open (C9).
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signpost.errors import ConfigurationError

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotUnseal(Exception):
    """The value does not open: the key is missing or the value was moved or changed."""


class Keyring:
    """The keys that seal and open, newest first: the newest seals, all of them open."""

    def __init__(self) -> None:
        self._keys: dict[str, AESGCM] = {}
        self._newest = ""

    def load(self, text: str) -> None:
        """Read `id:base64,id:base64`, newest first. Raises ConfigurationError, and never repeats a key in it."""
        keys: dict[str, AESGCM] = {}
        for position, item in enumerate(part.strip() for part in text.split(",") if part.strip()):
            key_id, separator, encoded = item.partition(":")
            try:
                key = base64.urlsafe_b64decode(encoded.encode())
            except (binascii.Error, ValueError):
                key = b""
            if not separator or not key_id.isalnum() or len(key) != KEY_BYTES or key_id in keys:
                raise ConfigurationError(
                    f"NOTES_KEYS: entry {position + 1} is not `id:base64 of {KEY_BYTES} bytes`, or its id stands twice."
                )
            keys[key_id] = AESGCM(key)
        if not keys:
            raise ConfigurationError("NOTES_KEYS is empty: at least one key is needed.")
        self._keys = keys
        self._newest = next(iter(keys))

    @property
    def newest(self) -> bytes:
        """What every value begins with that the newest key sealed."""
        return f"{self._newest}:".encode()

    def seal(self, plain: str, place: str) -> bytes:
        return self.seal_bytes(plain.encode(), place)

    def seal_bytes(self, plain: bytes, place: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return self.newest + nonce + self._keys[self._newest].encrypt(nonce, plain, place.encode())

    def unseal(self, sealed: bytes, place: str) -> str:
        """Open sealed text. Raises CannotUnseal where its key is gone or it stands in another place."""
        return self.unseal_bytes(sealed, place).decode()

    def unseal_bytes(self, sealed: bytes, place: str) -> bytes:
        """Open a sealed value. Raises CannotUnseal as `unseal` does."""
        key_id, _, rest = bytes(sealed).partition(b":")
        key = self._keys.get(key_id.decode("ascii", "replace"))
        if key is None:
            raise CannotUnseal("The key that sealed this is not in NOTES_KEYS.")
        try:
            return key.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):  # ValueError: cut so short that no nonce is left
            raise CannotUnseal("This sealed value was changed or moved from another place.") from None


keyring = Keyring()


def new_key() -> str:
    """A fresh key, as NOTES_KEYS wants it."""
    return f"k{os.urandom(3).hex()}:{base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()}"
