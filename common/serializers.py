"""Strict input and plain output: a number is not a string, unknown fields are refused."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from rest_framework import serializers

from common.locking import RowQuerySet


class TextField(serializers.CharField):
    """A JSON string; numbers and booleans are not turned into one."""

    def to_internal_value(self, data: Any) -> str:
        """The trimmed string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class WholeNumberField(serializers.IntegerField):
    """A JSON integer; strings, booleans and fractions are refused."""

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class KeyField(serializers.UUIDField):
    """A key as a JSON string in its usual form; numbers are not turned into one."""

    def to_internal_value(self, data: Any) -> UUID:
        """The key."""
        if not isinstance(data, str):
            self.fail("invalid", value="")
        return UUID(str(super().to_internal_value(data)))


class Input(serializers.Serializer[Any]):
    """What a request may say. Fields it does not know are refused by name."""

    def to_internal_value(self, data: Any) -> Any:
        """The checked values. Raises ValidationError."""
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: ["unknown"] for name in unknown}, code="unknown"
                )
        return super().to_internal_value(data)


class Output(serializers.ModelSerializer[Any]):
    """What an answer shows. `rows()` is how its objects are read, with what they need."""

    related: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def rows(cls) -> RowQuerySet[Any]:
        """Every row this output could show, with its relations."""
        model: type[models.Model] = cls.Meta.model
        return model._default_manager.select_related(*cls.related)  # type: ignore[return-value]  # ours all have it
