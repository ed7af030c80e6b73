"""Charges, payments, refunds, the provider's notices, and the ledger."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Self
from uuid import UUID

from django.db import models

from accounts.models import Account
from common.fields import EncryptedField
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital, Merchant
from patients.models import Patient

LONGEST_TITLE = 40


class ChargeQuerySet(RowQuerySet["Charge"]):
    """Questions about charges."""

    def of_hospital(self, hospital_id: UUID) -> Self:
        """Those of one hospital."""
        return self.filter(hospital_id=hospital_id)

    def of_patients(self, patient_ids: list[UUID]) -> Self:
        """Those that these patients owe or paid."""
        return self.filter(patient_id__in=patient_ids)

    def about(self, *, purpose: str, subject_id: UUID) -> Self:
        """The one charge for a thing, if there is one."""
        return self.filter(purpose=purpose, subject_id=subject_id)

    def payable(self, now: datetime) -> Self:
        """Open, and the time to pay is not over."""
        in_time = models.Q(due_until=None) | models.Q(due_until__gt=now)
        return self.filter(in_time, status=Charge.Status.OPEN)


ChargeManager = models.Manager.from_queryset(ChargeQuerySet)


class Charge(Moving):
    """One thing a patient owes (收费项). Its amount never changes."""

    class Status(models.TextChoices):
        OPEN = "OPEN", "待支付"  # the patient still owes it
        PAID = "PAID", "已支付"  # the patient has paid it
        WITHDRAWN = "WITHDRAWN", "已撤销"  # nobody asks for it any more

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.PAID, Status.WITHDRAWN}),
        Status.PAID: frozenset(),  # money goes back by refund; what was paid stays paid
        Status.WITHDRAWN: frozenset(),
    }
    LOCK_KIND = "charge"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=20)  # whose answerer hears of it; its subject's kind
    subject_id = models.UUIDField()
    title = models.CharField(max_length=LONGEST_TITLE)  # plain words, nothing personal
    amount_fen = models.PositiveBigIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    due_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    objects: ClassVar[ChargeManager["Charge"]] = ChargeManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "purpose", "subject_id"], name="one_charge_per_subject"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "patient", "status"], name="charge_by_patient")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class PaymentOrderQuerySet(RowQuerySet["PaymentOrder"]):
    """Questions about payments."""

    def of_hospital(self, hospital_id: UUID) -> Self:
        """Those of one hospital."""
        return self.filter(hospital_id=hospital_id)

    def to_ask_about(self, now: datetime) -> Self:
        """Still open here, and it is time to hear the provider's word."""
        return self.filter(status=PaymentOrder.Status.ASKED, ask_at__lte=now).order_by("pk")


PaymentOrderManager = models.Manager.from_queryset(PaymentOrderQuerySet)


class PaymentOrder(Moving):
    """One payment of a list of charges (支付单), by one account, through one merchant."""

    class Status(models.TextChoices):
        ASKED = "ASKED", "待支付"  # the payer was asked to pay
        SETTLED = "SETTLED", "已到账"  # the provider has the money
        CLOSED = "CLOSED", "已关闭"  # the payer can pay no more

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.ASKED: frozenset({Status.SETTLED, Status.CLOSED}),
        Status.SETTLED: frozenset(),
        Status.CLOSED: frozenset({Status.SETTLED}),  # the provider's word outranks ours
    }
    LOCK_KIND = "payment"
    PREPAY_LIFE: ClassVar[timedelta] = timedelta(minutes=110)  # WeChat Pay v3: two hours

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    payer = models.ForeignKey(Account, on_delete=models.PROTECT)
    openid = models.CharField(max_length=64)
    out_trade_no = models.CharField(max_length=32, unique=True)  # the provider names no hospital
    title = models.CharField(max_length=LONGEST_TITLE)
    amount_fen = models.PositiveBigIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    prepay_id = models.CharField(max_length=64, blank=True)
    prepaid_at = models.DateTimeField(null=True)  # when the provider gave the prepay_id
    transaction_id = models.CharField(max_length=32, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField()  # when the sweep asks the provider next
    asks = models.PositiveIntegerField(default=0)

    objects: ClassVar[PaymentOrderManager["PaymentOrder"]] = PaymentOrderManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="payment_of_money")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "ask_at"], name="payment_to_ask_about"),
            models.Index(fields=["hospital", "payer"], name="payment_by_payer"),
        ]

    def __str__(self) -> str:
        return self.out_trade_no

    def can_be_paid(self, now: datetime) -> bool:
        """True while the provider would take the money."""
        return self.status == self.Status.ASKED and now < self.expires_at

    def has_live_prepay(self, now: datetime) -> bool:
        """True while the prepay_id can still be shown to the payer."""
        return self.prepaid_at is not None and now < self.prepaid_at + self.PREPAY_LIFE


class PaymentLine(Row):
    """One charge within a payment, and what of the payment is for it."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    payment = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="lines")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="payment_lines")
    amount_fen = models.PositiveBigIntegerField()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "payment", "charge"], name="one_line_per_charge"
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="line_of_money"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class NoticeQuerySet(RowQuerySet["Notice"]):
    """Questions about notices."""

    def to_apply(self, now: datetime) -> Self:
        """Stored, not applied, and due."""
        return self.filter(status=Notice.Status.RECEIVED, apply_at__lte=now).order_by("pk")


NoticeManager = models.Manager.from_queryset(NoticeQuerySet)


class Notice(Moving):
    """The provider's signed word (支付通知), as received. Purged by policy, else kept."""

    class Status(models.TextChoices):
        RECEIVED = "RECEIVED", "已收到"  # verified and stored, not applied
        APPLIED = "APPLIED", "已处理"  # the house did what follows
        REFUSED = "REFUSED", "未采纳"  # nothing follows; `reason` says why

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.RECEIVED: frozenset({Status.APPLIED, Status.REFUSED}),
        Status.APPLIED: frozenset(),
        Status.REFUSED: frozenset(),
    }
    LOCK_KIND = "received"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT)
    notice_id = models.CharField(max_length=36)
    kind = models.CharField(max_length=40)  # TRANSACTION.SUCCESS, REFUND.SUCCESS, …
    body = EncryptedField(purpose="evidence")
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    reason = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    apply_at = models.DateTimeField()  # when the sweep tries next
    tries = models.PositiveIntegerField(default=0)

    objects: ClassVar[NoticeManager["Notice"]] = NoticeManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["merchant", "notice_id"], name="one_notice_per_id")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "apply_at"], name="notice_to_apply")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class RefundQuerySet(RowQuerySet["Refund"]):
    """Questions about refunds."""

    def of_charge(self, charge: Charge) -> Self:
        """Those of one charge."""
        return self.filter(charge=charge)

    def to_send(self, now: datetime) -> Self:
        """Promised or asked for, due, and nobody is at it."""
        free = models.Q(lease_until=None) | models.Q(lease_until__lte=now)
        unfinished = models.Q(status__in=[Refund.Status.PROMISED, Refund.Status.ASKED])
        return self.filter(free & unfinished, due_at__lte=now).order_by("pk")


RefundManager = models.Manager.from_queryset(RefundQuerySet)


class Refund(Moving):
    """A promise to give money back (退款), to where it came from, under one number for ever."""

    class Status(models.TextChoices):
        PROMISED = "PROMISED", "退款已受理"  # owed, the provider was not told
        ASKED = "ASKED", "退款处理中"  # the provider is at it
        DONE = "DONE", "已退款"  # the payer has the money
        ABNORMAL = "ABNORMAL", "退款异常"  # the money stuck; somebody must look
        CLOSED = "CLOSED", "退款关闭"  # the provider gave up; still owed

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PROMISED: frozenset({Status.ASKED, Status.DONE, Status.ABNORMAL, Status.CLOSED}),
        Status.ASKED: frozenset({Status.DONE, Status.ABNORMAL, Status.CLOSED}),
        Status.DONE: frozenset(),
        Status.ABNORMAL: frozenset({Status.DONE, Status.CLOSED}),
        Status.CLOSED: frozenset(),
    }
    LOCK_KIND = "refund"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT)
    payment = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT)
    out_refund_no = models.CharField(max_length=32, unique=True)  # the provider names no hospital
    amount_fen = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=40)  # a code: hold_lapsed, cancelled, paid_twice, …
    status = models.CharField(max_length=10, choices=Status, default=Status.PROMISED)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # when the sweep acts next
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=60, blank=True)  # the provider's last code
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[RefundManager["Refund"]] = RefundManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "charge", "payment", "reason"], name="one_refund_per_reason"
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="refund_of_money"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "due_at"], name="refund_to_send")
        ]

    def __str__(self) -> str:
        return self.out_refund_no


class LedgerAccount(models.TextChoices):
    """Where money is, seen from the hospital (科目)."""

    PROVIDER = "provider", "支付机构"  # outside: it comes from there and goes back there
    HELD = "held", "待履约"  # paid for what is not yet performed
    KEPT = "kept", "已履约"  # paid for what was performed
    REFUND_PROMISED = "refund_promised", "待退款"  # owed back, not yet gone


class LedgerEntry(Row):
    """An amount moved from one account to another (分录). Never changed, never deleted.

    Database triggers refuse both; see the migrations.
    """

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    from_account = models.CharField(max_length=20, choices=LedgerAccount)
    to_account = models.CharField(max_length=20, choices=LedgerAccount)
    amount_fen = models.PositiveBigIntegerField()
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT)
    payment = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, null=True)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True)
    made_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="entry_of_money"),
            models.CheckConstraint(
                condition=~models.Q(from_account=models.F("to_account")), name="entry_that_moves"
            ),
            models.UniqueConstraint(
                fields=["hospital", "payment", "charge"],
                condition=models.Q(from_account="provider"),
                name="settled_once",
            ),
            models.UniqueConstraint(
                fields=["hospital", "refund", "from_account", "to_account"],
                condition=models.Q(refund__isnull=False),
                name="refund_moves_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "charge"], name="entry_by_charge")
        ]

    def __str__(self) -> str:
        return f"{self.from_account} → {self.to_account}"
