"""Columns of our own: moments in UTC, public ids, sealed text and sealed bytes."""

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from peewee import BlobField, CharField, DateTimeField, Model
from peewee import FieldAccessor as PlainAccessor

from signpost.sealing import keyring

# No vowels, so no words; no 0/o, 1/i/l or 5/s, which are misheard or misread over a telephone.
SAYABLE = "bcdfghjkmnpqrtvwxyz2346789"
PUBLIC_ID_LENGTH = 8


def new_public_id() -> str:
    """Eight random letters and figures, about 37 bits: not to be guessed, and short enough to say."""
    return "".join(secrets.choice(SAYABLE) for _ in range(PUBLIC_ID_LENGTH))


class _Column:
    """For the type checker: a column of a row is its value, of whatever type."""

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: object = None) -> Any: ...

        def __set__(self, instance: object, value: Any) -> None: ...


class PublicIdField(_Column, CharField):
    """The id that stands in addresses, never the row number."""

    def __init__(self) -> None:
        super().__init__(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id)


class UTCDateTimeField(_Column, DateTimeField):
    """A moment: aware in Python, naive UTC in the database, the same on SQLite and PostgreSQL."""

    def db_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError(f"{self.name} was given a moment without a time zone.")
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return datetime.fromisoformat(f"{value}+00:00")
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


class Sealed(bytes):
    """A sealed value as it lies in the database."""


class _SealedAccessor(PlainAccessor):
    """Seals on setting and opens on reading, so that plain words never lie in the row's data."""

    def __get__(self, instance: Model | None, owner: Any = None) -> Any:
        if instance is None:
            return self.field
        value = instance.__data__.get(self.name)
        return self.field.opened_in(instance, value) if isinstance(value, Sealed) else value

    def __set__(self, instance: Model, value: Any) -> None:
        is_plain = isinstance(value, self.field.plain) and not isinstance(value, Sealed)
        super().__set__(instance, self.field.sealed_for(instance, value) if is_plain else value)


class SealedTextField(_Column, BlobField):
    """Text that only the keys in NOTES_KEYS open. The row needs a `public_id`, which is bound in."""

    accessor_class = _SealedAccessor
    plain: type = str

    def place_in(self, row: Any) -> str:
        """What is authenticated with the value: where it belongs, so that it opens nowhere else."""
        return f"{row._meta.table_name}|{self.name}|{row.public_id}"

    def sealed_for(self, row: Any, words: str) -> Sealed:
        """These words as they may lie in this row."""
        return Sealed(keyring.seal(words, self.place_in(row)))

    def opened_in(self, row: Any, sealed: Sealed) -> Any:
        """What a sealed value of this row says. Raises CannotUnseal."""
        return keyring.unseal(sealed, self.place_in(row))

    def db_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed: set it on the row, never in a bulk insert or update.")
        return super().db_value(value)

    def python_value(self, value: Any) -> Any:
        return None if value is None else Sealed(value)


class SealedBytesField(SealedTextField):
    """The same for bytes. `also_bound` names columns of the row that may not change either, nor change places."""

    plain = bytes

    def __init__(self, *also_bound: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.also_bound = also_bound

    def place_in(self, row: Any) -> str:
        return "|".join([super().place_in(row), *(str(row.__data__[name]) for name in self.also_bound)])

    def sealed_for(self, row: Any, words: Any) -> Sealed:
        return Sealed(keyring.seal_bytes(words, self.place_in(row)))

    def opened_in(self, row: Any, sealed: Sealed) -> Any:
        return keyring.unseal_bytes(sealed, self.place_in(row))
