"""What somebody agreed to, in which words, and when they took it back (单独同意)."""

from typing import ClassVar

from django.db import models

from accounts.models import Account
from common.locking import RowQuerySet
from common.models import Row
from hospitals.models import Hospital


class ConsentPurpose(models.TextChoices):
    """What is agreed to separately (PIPL 14, 23, 29). Care itself rests on no consent."""

    RESULTS = "results", "在微信里显示检查结果和病历"
    REMINDERS = "reminders", "用微信发送就诊提醒"
    PROXY = "proxy", "让家人代办"


class ConsentText(Row):
    """A hospital's words for one purpose. Never changed: new words are a new version."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    version = models.PositiveIntegerField()
    body = models.TextField()
    what_stops = models.TextField()  # when it is taken back
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "purpose", "version"], name="one_consent_text_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class ConsentQuerySet(RowQuerySet["Consent"]):
    """Consents by whether they still stand."""

    def standing(self) -> "ConsentQuerySet":
        """Given and not taken back, to whatever version."""
        return self.filter(withdrawn_at=None)


ConsentManager = models.Manager.from_queryset(ConsentQuerySet)


class Consent(Row):
    """An account agreed to a version of the words (同意); kept after it was taken back."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[ConsentManager["Consent"]] = ConsentManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "account", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_consent",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
