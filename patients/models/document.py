"""Identity documents (证件): what somebody says they are, and whether anybody has looked."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.models import Staff
from common.fields import BlindIndexField, EncryptedTextField
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital


class DocumentType(models.TextChoices):
    """Kinds of identity documents (S4-29, and the national superset of domain 4.1)."""

    RESIDENT_ID = "resident_id", "居民身份证"
    HOUSEHOLD_REGISTER = "household_register", "户口簿"
    BIRTH_CERTIFICATE = "birth_certificate", "出生医学证明"
    HOME_RETURN_PERMIT = "home_return_permit", "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证"
    RESIDENCE_PERMIT = "residence_permit", "港澳台居民居住证"
    PASSPORT = "passport", "护照"
    FOREIGN_PERMANENT = "foreign_permanent", "外国人永久居留身份证"
    MILITARY = "military", "军官证、文职或士兵证"


class PersonDocument(Row):
    """An entry of the directory: this document finds this person, in every hospital.

    A person has many, a document one person. An entry ends when its last claim is void.
    """

    document_index = BlindIndexField(column_of_key="person.document", unique=True)
    person = models.ForeignKey("patients.Person", on_delete=models.PROTECT)

    def __str__(self) -> str:
        return str(self.pk)


class Way(models.TextChoices):
    """How a document was verified (核验方式)."""

    COUNTER = "counter", "窗口核验"  # staff saw the original
    MOCK = "mock", "模拟核验"  # the sandbox's mock of a check; worth nothing outside


class DocumentQuerySet(RowQuerySet["Document"]):
    """Documents by what they are worth."""

    def live(self) -> "DocumentQuerySet":
        """Those that stand: claimed or verified, not void."""
        return self.exclude(status=Document.Status.VOID)

    def verified(self) -> "DocumentQuerySet":
        """Those that somebody has looked at."""
        return self.filter(status=Document.Status.VERIFIED)

    def due(self, now: datetime) -> "DocumentQuerySet":
        """Those that the check port is to be asked about now, the longest waiting first."""
        return self.filter(
            status=Document.Status.UNVERIFIED, check_due_at__isnull=False, check_due_at__lte=now
        ).order_by("check_due_at", "pk")


DocumentManager = models.Manager.from_queryset(DocumentQuerySet)


class Document(Moving):
    """A claim: the patient says that this document is theirs (domain 4.1, rule 2)."""

    LOCK_KIND = "document"

    class Status(models.TextChoices):
        """What the claim is worth."""

        UNVERIFIED = "unverified", "未核验"  # nobody has looked yet
        VERIFIED = "verified", "已核验"  # name and number belong together
        VOID = "void", "失效"  # wrong, or no longer good

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.UNVERIFIED: frozenset({Status.VERIFIED, Status.VOID}),
        Status.VERIFIED: frozenset({Status.VOID}),
        Status.VOID: frozenset(),
    }

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT)
    type = models.CharField(max_length=20, choices=DocumentType.choices)
    number = EncryptedTextField(purpose="person")
    document_index = BlindIndexField(column_of_key="person.document")
    nationality = models.CharField(max_length=3, blank=True)  # of a passport; ISO 3166-1 alpha-3
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNVERIFIED)
    made_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    check_due_at = models.DateTimeField(null=True)  # when the check port is asked; null: never
    checks = models.PositiveSmallIntegerField(default=0)  # how often it was asked
    checked_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, blank=True)  # what it said last
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    voided_because = EncryptedTextField(purpose="evidence", null=True)

    objects: ClassVar[DocumentManager["Document"]] = DocumentManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "document_index"],
                condition=models.Q(status="verified"),
                name="one_verified_document",
            ),
            models.UniqueConstraint(
                fields=["hospital", "patient", "document_index"],
                condition=~models.Q(status="void"),
                name="one_live_claim",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["check_due_at"],
                condition=models.Q(check_due_at__isnull=False),
                name="document_check_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.status}"

    @property
    def waits_for_another(self) -> bool:
        """True of a newborn's certificate (待补证): one with a number of their own follows."""
        return self.type == DocumentType.BIRTH_CERTIFICATE
