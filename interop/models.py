"""Senders, their addresses, and what was received from them."""

from collections.abc import Mapping
from typing import ClassVar, Self
from uuid import UUID

from django.db import models

from common.fields import EncryptedField
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from interop.fhir.prescriptions import FHIR_PROFILES, FhirProfile
from interop.hl7v2.profiles import PROFILES, SenderProfile
from interop.hl7v2.segments import LONGEST, Message, read


class Protocol(models.TextChoices):
    """How a sender speaks."""

    HL7V2 = "hl7v2", "HL7 v2 (MLLP)"
    FHIR = "fhir", "FHIR R4"


class SenderQuerySet(RowQuerySet["Sender"]):
    """Senders by how they are known."""

    def speaking(self, protocol: Protocol, *, hospital_id: UUID) -> Self:
        """Those of the hospital that may speak this protocol now."""
        return self.filter(hospital_id=hospital_id, protocol=protocol, is_active=True)


SenderManager = models.Manager.from_queryset(SenderQuerySet)


class Sender(Row):
    """A system of the hospital that may send us messages (发送方)."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    code = models.SlugField(max_length=32)
    name = models.CharField(max_length=100)
    protocol = models.CharField(max_length=8, choices=Protocol.choices)
    profile_name = models.CharField(max_length=40)
    application = models.CharField(max_length=LONGEST, blank=True)  # MSH-3; empty: any
    facility = models.CharField(max_length=LONGEST, blank=True)  # MSH-4; empty: any
    key_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of a FHIR sender's key
    is_active = models.BooleanField(default=True)

    objects: ClassVar[SenderManager["Sender"]] = SenderManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "code"], name="one_sender_per_code"),
            models.UniqueConstraint(
                fields=["hospital", "key_digest"],
                condition=~models.Q(key_digest=""),
                name="one_sender_per_key",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def hl7_profile(self) -> SenderProfile:
        """The dialect of an HL7 v2 sender."""
        return PROFILES[self.profile_name]

    @property
    def fhir_profile(self) -> FhirProfile:
        """The habits of a FHIR sender."""
        return FHIR_PROFILES[self.profile_name]


class SenderAddress(Row):
    """An address that an HL7 v2 sender connects from."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    sender = models.ForeignKey(Sender, on_delete=models.CASCADE)
    address = models.GenericIPAddressField(unpack_ipv4=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "address"], name="one_sender_per_address")
        ]

    def __str__(self) -> str:
        return str(self.sender_id)


class ReceivedQuerySet(RowQuerySet["Received"]):
    """Received messages by what is still to be done."""

    def of_hospital(self, hospital_id: UUID) -> Self:
        """Those of one hospital."""
        return self.filter(hospital_id=hospital_id)

    def due(self) -> Self:
        """Stored and not yet applied; what failed before comes last."""
        return self.filter(status=Received.Status.STORED).order_by("attempts", "received_at")

    def to_look_at(self) -> Self:
        """What a person must see, the newest first."""
        return self.filter(
            status__in=[Received.Status.WAITING, Received.Status.REFUSED]
        ).order_by("-received_at", "-id")  # fmt: skip


ReceivedManager = models.Manager.from_queryset(ReceivedQuerySet)


class Received(Moving):
    """One message exactly as it came (收到的消息), and what became of it."""

    LOCK_KIND = "received"

    class Status(models.TextChoices):
        """What is true of the message."""

        STORED = "stored", "待处理"  # kept, its work not done
        APPLIED = "applied", "已处理"  # its work is done
        WAITING = "waiting", "待人工"  # a person must look
        REFUSED = "refused", "无法读取"  # not readable; kept as evidence
        DISMISSED = "dismissed", "已忽略"  # a person set it aside

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.STORED: frozenset({Status.APPLIED, Status.WAITING}),
        Status.WAITING: frozenset({Status.STORED, Status.DISMISSED}),
        Status.REFUSED: frozenset({Status.STORED, Status.DISMISSED}),  # read by a better profile
        Status.APPLIED: frozenset(),
        Status.DISMISSED: frozenset(),
    }

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT)
    protocol = models.CharField(max_length=8, choices=Protocol.choices)
    kind = models.CharField(max_length=40, blank=True)  # "ORM^O01", "MedicationRequest"
    control_id = models.CharField(max_length=LONGEST, blank=True)  # MSH-10
    digest = models.CharField(max_length=64)  # SHA-256 of the body
    body = EncryptedField(purpose="evidence")
    status = models.CharField(max_length=10, choices=Status.choices)
    reason = models.CharField(max_length=60, blank=True)  # a stable code, never content
    place = models.CharField(max_length=120, blank=True)  # "OBX-11", a FHIR path
    attempts = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    subject_id = models.UUIDField(null=True)  # what it made or changed

    objects: ClassVar[ReceivedManager["Received"]] = ReceivedManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "sender", "control_id", "digest"], name="received_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "received_at"], name="received_due"),
            models.Index(fields=["hospital", "status", "-received_at"], name="received_to_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def message(self) -> Message:
        """The HL7 v2 message, read by its sender's profile of today. Raises Unreadable."""
        return read(bytes(self.body), profile=self.sender.hl7_profile)
