"""What hospital systems say is kept whole or not at all: a drug's name is never cut."""

from django.db import models

from visits.errors import ValueTooLong


def refuse_overlong(row: models.Model) -> None:
    """Raises ValueTooLong, naming the column, where a text is longer than its column."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        longest = getattr(field, "max_length", None)
        if longest and isinstance(value, str) and len(value) > longest:
            raise ValueTooLong(column=field.name, longest=longest)
