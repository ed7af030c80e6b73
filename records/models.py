"""Which paper told which story of a visit, and who asked for records at the counter."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models

from accounts.models import Account, Staff
from common.locking import RowQuerySet
from common.models import Row
from hospitals.models import Hospital
from papers.models import Paper
from patients.models import Patient
from visits.models import Visit


class CopyRequestQuerySet(RowQuerySet["CopyRequest"]):
    """Requests by whether they are still being dealt with."""

    def open(self, now: datetime) -> "CopyRequestQuerySet":
        """Those whose time is not over."""
        return self.filter(open_until__gt=now)

    def of_clerk(self, staff: Staff) -> "CopyRequestQuerySet":
        """Those that this clerk took."""
        return self.filter(hospital_id=staff.hospital_id, staff=staff)


CopyRequestManager = models.Manager.from_queryset(CopyRequestQuerySet)


class CopyRequest(Row):
    """Somebody at the counter asks for a patient's records (复印申请; domain 4.9)."""

    class Claimant(models.TextChoices):
        """Who asks, and so which documents the clerk has looked at."""

        PATIENT = "patient", "患者本人"
        AGENT = "agent", "代理人（授权委托书）"
        HEIR = "heir", "近亲属（患者已故）"
        BODY = "body", "公检法、保险等机构"

    class Purpose(models.TextChoices):
        """What for."""

        SELF = "self", "个人留存"
        REFERRAL = "referral", "转诊就医"
        INSURANCE = "insurance", "医保或商业保险"
        LAW = "law", "司法或鉴定"
        OTHER = "other", "其他"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    claimant = models.CharField(max_length=10, choices=Claimant.choices)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    made_at = models.DateTimeField()
    open_until = models.DateTimeField()

    objects: ClassVar[CopyRequestManager["CopyRequest"]] = CopyRequestManager()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "staff", "open_until"], name="request_by_clerk")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class IssuedRecordQuerySet(RowQuerySet["IssuedRecord"]):
    """Issued records by what they are about."""

    def of_visits(self, visit_ids: list[UUID]) -> "IssuedRecordQuerySet":
        """Those of these visits, the newest first."""
        return self.filter(visit_id__in=visit_ids).order_by("-paper__version")

    def valid(self) -> "IssuedRecordQuerySet":
        """Those whose paper holds."""
        return self.filter(paper__status=Paper.Status.ISSUED)

    def current_of(self, visit: Visit) -> "IssuedRecord | None":
        """The visit's one that holds now, with its paper."""
        own = self.filter(hospital_id=visit.hospital_id).of_visits([visit.pk])
        return own.valid().select_related("paper").first()


IssuedRecordManager = models.Manager.from_queryset(IssuedRecordQuerySet)


class IssuedRecord(Row):
    """One paper about one visit, and what it said (已出具的就诊记录)."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT)
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="record")
    content_index = models.CharField(max_length=64)  # the same story has the same
    account = models.ForeignKey(Account, on_delete=models.PROTECT)  # who let it be issued
    request = models.ForeignKey(CopyRequest, on_delete=models.PROTECT, null=True)

    objects: ClassVar[IssuedRecordManager["IssuedRecord"]] = IssuedRecordManager()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "visit"], name="record_by_visit")
        ]

    def __str__(self) -> str:
        return str(self.pk)
