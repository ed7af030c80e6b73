"""Encrypted columns. They cannot be searched; what must be found has a blind index beside it."""

import json
from typing import TYPE_CHECKING, Any

from django.db import models

from common import crypto

if TYPE_CHECKING:
    from uuid import UUID

    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class _Sealed(bytes):
    """Bytes that are already encrypted; nothing else reaches an encrypted column."""


class EncryptedField(_Binary):
    """Bytes, encrypted under the row's hospital (`hospital_id`, or the row's own `id`)."""

    def __init__(self, *args: Any, purpose: str = "person", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Keep the purpose in migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def to_bytes(self, value: Any) -> bytes:
        """The plain bytes of a Python value."""
        return bytes(value)

    def to_value(self, plain: bytes) -> Any:
        """The Python value of plain bytes."""
        return plain

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        """Encrypt on the way to the database."""
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        owner: UUID = getattr(model_instance, "hospital_id", None) or model_instance.pk
        return _Sealed(
            crypto.encrypt(self.to_bytes(value), hospital_id=owner, purpose=self.purpose)
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
        """Decrypt on the way from the database."""
        return None if value is None else self.to_value(crypto.decrypt(bytes(value)))


class EncryptedTextField(EncryptedField):
    """Text, encrypted."""

    def to_bytes(self, value: Any) -> bytes:
        """UTF-8."""
        return str(value).encode()

    def to_value(self, plain: bytes) -> str:
        """UTF-8."""
        return plain.decode()


class EncryptedJSONField(EncryptedField):
    """A JSON value, encrypted."""

    def to_bytes(self, value: Any) -> bytes:
        """Compact JSON in UTF-8."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def to_value(self, plain: bytes) -> Any:
        """The decoded JSON."""
        return json.loads(plain)
