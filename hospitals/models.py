"""Hospitals and what belongs to them as a whole."""

from datetime import date
from typing import ClassVar

from django.db import models

from common.fields import EncryptedTextField
from common.locking import RowQuerySet
from common.models import Row


class Hospital(Row):
    """One hospital (医院). `code` names it in every URL."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    grade = models.CharField(max_length=20)  # 三级甲等, 二级, …
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    def __str__(self) -> str:
        return self.name


class MiniProgram(Row):
    """The hospital's WeChat mini-program (小程序)."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    app_id = models.CharField(max_length=32, unique=True)
    secret = EncryptedTextField(purpose="provider")
    push_token = EncryptedTextField(purpose="provider", null=True)  # message push: none without
    push_aes_key = EncryptedTextField(purpose="provider", null=True)  # EncodingAESKey, 43 signs

    def __str__(self) -> str:
        return self.app_id


class Merchant(Row):
    """The hospital's WeChat Pay merchant (商户), in public-key mode (wechat.md C)."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    mini_program = models.ForeignKey(MiniProgram, on_delete=models.PROTECT)
    mchid = models.CharField(max_length=32, unique=True)
    serial_no = models.CharField(max_length=64)
    private_key_pem = EncryptedTextField(purpose="provider")
    apiv3_key = EncryptedTextField(purpose="provider")
    public_key_id = models.CharField(max_length=64)
    public_key_pem = models.TextField()

    def __str__(self) -> str:
        return self.mchid


class PolicyVersionQuerySet(RowQuerySet["PolicyVersion"]):
    """Policy versions by date."""

    def in_force(self, on: date) -> "PolicyVersionQuerySet":
        """Those that count on a date, the newest first."""
        return self.filter(effective_on__lte=on).order_by("-effective_on", "-id")


PolicyVersionManager = models.Manager.from_queryset(PolicyVersionQuerySet)


class PolicyVersion(Row):
    """What a hospital decided, from a date on (domain 4.14). Never changed, only followed."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    effective_on = models.DateField()
    values = models.JSONField(default=dict)

    objects: ClassVar[PolicyVersionManager["PolicyVersion"]] = PolicyVersionManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "effective_on"], name="one_policy_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.hospital_id} {self.effective_on}"


class SmsSender(Row):
    """The hospital's account at the SMS platform (短信平台), with its registered signature."""

    hospital = models.OneToOneField(Hospital, on_delete=models.PROTECT)
    key_id = models.CharField(max_length=64)
    secret = EncryptedTextField(purpose="provider")
    sign_name = models.CharField(max_length=20)  # 短信签名, shown before each text

    def __str__(self) -> str:
        return str(self.pk)
