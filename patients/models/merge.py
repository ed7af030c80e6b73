"""Two patients that may be one person (疑似重复档案), and what was decided about them."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from accounts.models import Staff
from common.fields import EncryptedTextField
from common.locking import RowQuerySet
from common.models import Moving
from hospitals.models import Hospital
from patients.models.person import Patient


class MergeReason(models.TextChoices):
    """Why somebody thinks that two patients are one."""

    DOCUMENT = "document", "同一证件"
    SAME_DETAILS = "same_details", "姓名、生日、性别、手机号相同"
    TEMPORARY = "temporary", "临时档案补证"
    NAMED = "named", "病案室指出"


class MergeReviewQuerySet(RowQuerySet["MergeReview"]):
    """Reviews by what they do."""

    def of_pair(self, first: Patient, second: Patient) -> "MergeReviewQuerySet":
        """Of these two patients, in the order in which a review names them."""
        return self.filter(hospital_id=first.hospital_id, first=first, second=second)

    def counting(self) -> "MergeReviewQuerySet":
        """Those whose two persons count together: undecided, or decided to be one."""
        return self.filter(status__in=MergeReview.COUNTING)

    def joined(self) -> "MergeReviewQuerySet":
        """Those whose two patients are shown as one."""
        return self.filter(status=MergeReview.Status.JOINED)


MergeReviewManager = models.Manager.from_queryset(MergeReviewQuerySet)


class MergeReview(Moving):
    """The question whether two patients of a hospital are one person (合并审核). Never deleted.

    `first` is the one with the smaller key. Nothing of either patient is changed or moved: what
    joins them is this row, so taking it back leaves everything as it was (domain 4.2, EMPI).
    """

    LOCK_KIND = "merge review"

    class Status(models.TextChoices):
        """What is true of the two."""

        OPEN = "open", "待审核"  # nobody has decided; count together
        JOINED = "joined", "已合并"  # one person, shown as one
        APART = "apart", "不合并"  # two people, count apart
        SPLIT = "split", "已撤销合并"  # were joined, wrongly; apart

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.JOINED, Status.APART}),
        Status.JOINED: frozenset({Status.SPLIT}),
        Status.APART: frozenset(),
        Status.SPLIT: frozenset(),
    }
    COUNTING: ClassVar[tuple[str, ...]] = (Status.OPEN, Status.JOINED)

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    first = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reviews_as_first")
    second = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reviews_as_second")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    reason = models.CharField(max_length=20, choices=MergeReason.choices)
    evidence = EncryptedTextField(purpose="evidence", null=True)  # what was seen, in words
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    leading = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    decided_because = EncryptedTextField(purpose="evidence", null=True)
    split_at = models.DateTimeField(null=True)
    split_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    split_because = EncryptedTextField(purpose="evidence", null=True)

    objects: ClassVar[MergeReviewManager["MergeReview"]] = MergeReviewManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "first", "second"],
                condition=models.Q(status__in=["open", "joined"]),
                name="one_counting_review_per_pair",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "status", "id"], name="review_by_status")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.status}"
