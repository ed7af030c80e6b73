"""The tables of the house itself, and the base of every other table."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models

from common import clock, commands
from common.errors import MoveRefused
from common.ids import new_id
from common.locking import RowQuerySet


class Row(models.Model):
    """Base of every table: a UUIDv7 key, made before the row exists."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


class Moving(Row):
    """A row with a life: `status` changes only along `MOVES`, by `move_to`, under its lock."""

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {}

    status: "models.CharField[str, str]"

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def can_move_to(self, status: str) -> bool:
        """True where the table has this move."""
        return status in self.MOVES[self.status]

    def move_to(self, status: str, **changes: Any) -> Self:
        """Change the status, and what changes with it, of a locked row.

        Raises MoveRefused where the table has no such move.
        """
        if not self.can_move_to(status):
            raise MoveRefused(noun=self._meta.model_name, now=self.status, asked=status)
        commands.flush()
        for name, value in changes.items():
            setattr(self, name, value)
        self.status = status
        self.save(update_fields=["status", *changes])
        return self


class IdempotencyKey(Row):
    """What an account sent under a key, and what it was answered (幂等键)."""

    account_id = models.UUIDField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)  # keyed, since a body may name a person
    status_code = models.PositiveSmallIntegerField(default=0)
    object_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account_id", "method", "path", "key"], name="one_effect_per_key"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["made_at"], name="key_by_age")
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class DataKey(Row):
    """A key that encrypts one hospital's values of one purpose, itself wrapped by the master."""

    hospital_id = models.UUIDField()
    purpose = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=1)
    wrapped = models.BinaryField()  # nothing, once it is destroyed
    made_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital_id", "purpose", "number"], name="data_key_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.number}"


class PersonKey(Row):
    """A person's own key, wrapped by the hospital's: destroying it erases what it closed."""

    hospital_id = models.UUIDField()
    owner_id = models.UUIDField()  # whose values: the person as this hospital knows them
    number = models.PositiveIntegerField(default=1)
    wrapped = models.BinaryField(null=True)  # null once destroyed; the row stays as a tombstone
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital_id", "owner_id", "number"], name="person_key_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.number}"


class IndexKey(Row):
    """Under which key of a blind index is written, and which other one is looked up too."""

    column = models.CharField(max_length=60, unique=True)  # the name of the index
    number = models.PositiveIntegerField(default=1)
    also = models.PositiveIntegerField(null=True)  # while one key follows the other
    moved_at = models.DateTimeField(default=clock.real_now)

    def __str__(self) -> str:
        return f"{self.column} {self.number}"


class Stream(Row):
    """A sequence of live events: a queue, a ward, a pharmacy, one patient's day."""

    LOCK_KIND = "stream"

    hospital_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    last_number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital_id", "kind", "subject_id"], name="one_stream_per_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class StreamEvent(Row):
    """One numbered event; its data are ids, codes and times, never people."""

    stream = models.ForeignKey(Stream, on_delete=models.CASCADE)
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    needs = models.CharField(max_length=20, blank=True, default="")  # what a reader must be allowed
    data = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["stream", "number"], name="stream_without_doubles")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["made_at"], name="event_by_age")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


def made_now() -> Any:
    """The default of `…_at` columns that say when a row was made."""
    return clock.now()


NO_HOSPITAL = UUID(int=0)  # the owner of what belongs to the deployment
