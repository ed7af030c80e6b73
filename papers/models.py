"""Issued papers, their sealed bytes, and who asked whether they are genuine."""

from collections.abc import Mapping
from typing import ClassVar, Self
from uuid import UUID

from django.db import models

from common.fields import EncryptedField
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from papers.codes import LENGTH, show_code

PURPOSE = "paper"  # of the data key the sealed bytes are kept under


class PaperQuerySet(RowQuerySet["Paper"]):
    """Questions about issued papers."""

    def of_hospital(self, hospital_id: UUID) -> Self:
        """Those the hospital issued."""
        return self.filter(hospital_id=hospital_id)

    def about(self, *, kind: str, subject_id: UUID) -> Self:
        """Every version about the same thing, the newest first."""
        return self.filter(kind=kind, subject_id=subject_id).order_by("-version")


PaperManager = models.Manager.from_queryset(PaperQuerySet)


class Paper(Moving):
    """An issued document (出具的文书). It holds nothing personal; its content does."""

    class Status(models.TextChoices):
        ISSUED = "ISSUED", "有效"  # the holder may rely on it
        REVOKED = "REVOKED", "已撤销"  # the holder must ask again

    class RevokedFor(models.TextChoices):
        CORRECTED = "CORRECTED", "所载内容已更正"
        REPLACED = "REPLACED", "已由新版本替换"
        LOST = "LOST", "原件遗失，已补发"
        MISTAKE = "MISTAKE", "出具有误"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.ISSUED: frozenset({Status.REVOKED}),
        Status.REVOKED: frozenset(),
    }
    LOCK_KIND = "paper"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    title = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    code = models.CharField(max_length=LENGTH, unique=True)  # /verify/ names no hospital
    sha256 = models.CharField(max_length=64, unique=True)  # nor does a file brought there
    pages = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ISSUED)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_for = models.CharField(max_length=10, choices=RevokedFor, default="", blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True)

    objects: ClassVar[PaperManager["Paper"]] = PaperManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "kind", "subject_id", "version"], name="one_paper_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def shown_code(self) -> str:
        """The code as it is printed."""
        return show_code(self.code)

    @property
    def is_valid(self) -> bool:
        """True until it is revoked."""
        return self.status == self.Status.ISSUED

    def pdf(self) -> bytes:
        """The sealed bytes. Who shows them writes the line of the access log."""
        return bytes(PaperContent.objects.get(paper=self).pdf)


class PaperContent(Row):
    """The sealed bytes of a paper, encrypted, apart from it: asking about one reads none."""

    LOCK_KIND = "paper"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="content")
    pdf = EncryptedField(purpose=PURPOSE)

    def __str__(self) -> str:
        return f"content of {self.paper_id}"


class Verification(Row):
    """One answer to somebody who asked about a paper that exists (验真记录)."""

    class Outcome(models.TextChoices):
        GENUINE = "GENUINE", "真实有效"
        REVOKED = "REVOKED", "真实但已撤销"
        ALTERED = "ALTERED", "文件已被改动"
        UNKNOWN = "UNKNOWN", "查无此件"  # answered, never stored: there is no paper to log it at

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    is_by_file = models.BooleanField()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "paper", "at"], name="verification_of_paper")
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.paper_id}"
