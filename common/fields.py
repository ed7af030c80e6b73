"""Encrypted columns, and the blind indexes beside them by which their values are found.

A column with `key_of="patient_id"` is closed under that person's own key. Once the key is
destroyed, reading gives an `Erased` value (shown as 已删除) and the row stays.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models.lookups import Exact, In
from django.db.models.query_utils import DeferredAttribute

from common import crypto

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
    _Char = models.CharField[Any, Any]
else:
    _Binary = models.BinaryField
    _Char = models.CharField

ERASED_TEXT = "已删除"


class Erased:
    """A value whose key was destroyed. Saving its row keeps the column as it is."""

    stored: bytes = b""


class ErasedText(Erased, str):
    """Text that is gone, in words."""


class ErasedBytes(Erased, bytes):
    """Bytes that are gone: none."""


class ErasedJSON(Erased, dict[str, Any]):
    """A JSON value that is gone: without entries."""


class _Sealed(bytes):
    """Bytes that are already encrypted; nothing else reaches an encrypted column."""


class _Closed:
    """A person's value as it came from the database; it is opened when somebody looks."""

    def __init__(self, field: "EncryptedField", stored: bytes) -> None:
        self._field = field
        self.stored = stored
        crypto.expect_person_key(stored)

    def open(self) -> Any:
        """The value, or that it is gone."""
        return self._field.opened(self.stored)


class _OpensAtFirstLook(DeferredAttribute):
    """Opens a value late, so that the keys of all rows of a list are found with one query."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, _Closed):
            value = instance.__dict__[self.field.attname] = value.open()
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(_Binary):
    """Bytes, encrypted under the row's hospital (`hospital_id`, or the row's own `id`).

    `key_of` names the column whose person's own key is used instead; where that column is
    empty the hospital's is.
    """

    erased: type[Erased] = ErasedBytes

    def __init__(
        self, *args: Any, purpose: str = "person", key_of: str = "", **kwargs: Any
    ) -> None:
        self.purpose = purpose
        self.key_of = key_of
        if key_of:
            self.descriptor_class = _OpensAtFirstLook
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Keep the purpose and the owner in migrations."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["purpose"] = self.purpose
        if self.key_of:
            kwargs["key_of"] = self.key_of
        return name, path, args, kwargs

    def to_bytes(self, value: Any) -> bytes:
        """The plain bytes of a Python value."""
        return bytes(value)

    def to_value(self, plain: bytes) -> Any:
        """The Python value of plain bytes."""
        return plain

    def opened(self, stored: bytes) -> Any:
        """The Python value of a stored one; `Erased` where the person's key was destroyed."""
        try:
            return self.to_value(crypto.decrypt(stored))
        except crypto.KeyDestroyed:
            if not self.key_of:
                raise
        gone = self.erased(ERASED_TEXT) if self.erased is ErasedText else self.erased()
        gone.stored = stored
        return gone

    def hospital_of(self, row: models.Model) -> UUID:
        """Whose data key a row's value is closed with."""
        owner: UUID = getattr(row, "hospital_id", None) or row.pk
        return owner

    def before_insert(self, rows: Sequence[models.Model]) -> None:
        """Find the keys of many rows with one query, before each is encrypted."""
        owners: dict[UUID, set[UUID]] = {}
        for row in rows if self.key_of else ():
            owner_id = getattr(row, self.key_of)
            if owner_id is not None and row.__dict__.get(self.attname) is not None:
                owners.setdefault(self.hospital_of(row), set()).add(owner_id)
        for hospital_id, owner_ids in owners.items():
            crypto.person_keys(hospital_id, owner_ids)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        """Encrypt on the way to the database; what is closed or gone stays as it is."""
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, _Closed | Erased):
            return _Sealed(value.stored)
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        return _Sealed(
            crypto.encrypt(
                self.to_bytes(value),
                hospital_id=self.hospital_of(model_instance),
                purpose=self.purpose,
                owner_id=getattr(model_instance, self.key_of) if self.key_of else None,
            )
        )

    def get_db_prep_value(  # noqa: PLR0917 - Django\'s signature
        self,
        value: Any,
        connection: Any,
        prepared: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> Any:
        """Refuse plain values: they would reach the database readable."""
        if value is not None and not isinstance(value, _Sealed):
            raise TypeError(
                f"{self.name} is encrypted: save the row, do not update or filter by it."
            )
        return super().get_db_prep_value(
            None if value is None else bytes(value), connection, prepared
        )

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """Decrypt on the way from the database; a person's own value at the first look."""
        if value is None:
            return None
        stored = bytes(value)
        is_late = self.key_of and stored[0] == crypto.PERSON_KEY
        return _Closed(self, stored) if is_late else self.opened(stored)


class EncryptedTextField(EncryptedField):
    """Text, encrypted."""

    erased = ErasedText

    def to_bytes(self, value: Any) -> bytes:
        """UTF-8."""
        return str(value).encode()

    def to_value(self, plain: bytes) -> str:
        """UTF-8."""
        return plain.decode()


class EncryptedJSONField(EncryptedField):
    """A JSON value, encrypted."""

    erased = ErasedJSON

    def to_bytes(self, value: Any) -> bytes:
        """Compact JSON in UTF-8."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def to_value(self, plain: bytes) -> Any:
        """The decoded JSON."""
        return json.loads(plain)


class BlindIndexField(_Char):
    """A blind index. A value is looked up under both keys while one follows the other.

    `column_of_key` names the index. To a migration it is a plain column.
    """

    def __init__(self, *args: Any, column_of_key: str = "", **kwargs: Any) -> None:
        self.column_of_key = column_of_key
        super().__init__(*args, **{"max_length": 64, **kwargs})

    def deconstruct(self) -> Any:
        """As a CharField: the database knows no keys."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def get_db_prep_value(  # noqa: PLR0917 - Django's signature
        self,
        value: Any,
        connection: Any,
        prepared: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> Any:
        """The index under the key that is written, as text."""
        value = super().get_db_prep_value(value, connection, prepared)
        return str(value) if isinstance(value, crypto.BlindIndex) else value


def _under_both(value: Any) -> tuple[Any, ...]:
    return (str(value), *value.also) if isinstance(value, crypto.BlindIndex) else (value,)


class _FoundBy(Exact):
    """Equal, under one key or the other."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        values = _under_both(self.rhs)
        if len(values) == 1:
            return super().as_sql(compiler, connection)
        return In(self.lhs, list(values)).as_sql(compiler, connection)


class _FoundAmong(In):
    """One of these, under one key or the other."""

    def get_prep_lookup(self) -> Any:
        if isinstance(self.rhs, list | tuple | set | frozenset):
            self.rhs = [one for value in self.rhs for one in _under_both(value)]
        return super().get_prep_lookup()


BlindIndexField.register_lookup(_FoundBy)
BlindIndexField.register_lookup(_FoundAmong)
