"""Templates, messages and their attempts, credits, and tasks."""

import string
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from accounts.models import Account, Role, Staff
from common.fields import EncryptedJSONField, EncryptedTextField
from common.locking import RowQuerySet
from common.models import NO_HOSPITAL, Moving, Row
from hospitals.models import Hospital
from notifications import wechat_fields
from notifications.errors import TemplateWrong
from patients.models import Patient, Scope

OWN_FACTS = frozenset({"hospital", "told_at"})  # facts about nobody, known for every message
CONSENT_WITHDRAWN = "consent_withdrawn"  # not sent, since no reminders are wanted; the inbox has it
WITHDRAWN = "withdrawn"  # the reason of a message that is no longer true
FIXED = "="  # a field whose value begins so holds the text behind it, whatever the facts


class Grade(models.TextChoices):
    """How much a message must arrive; sorted as text, the most urgent first."""

    G1 = "G1", "必达"
    G2 = "G2", "应达"
    G3 = "G3", "可达"

    @property
    def ends_with_a_person(self) -> bool:
        """Whether somebody calls when every channel failed."""
        return self in {Grade.G1, Grade.G2}


class Template(Row):
    """What is told on one occasion (模板), in words and as a subscription message."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=40)
    grade = models.CharField(max_length=2, choices=Grade.choices)
    scope = models.CharField(max_length=12, choices=Scope.choices)  # who may read it
    body = models.TextField(max_length=500)  # with {fact} names; the inbox shows it
    wechat_template_id = models.CharField(max_length=64, blank=True)  # blank: inbox alone
    fields = models.JSONField(default=dict)  # WeChat's key → fact name, or "=fixed text"
    page = models.CharField(max_length=200, blank=True)  # where a tap on the message leads
    at_least_once = models.BooleanField(default=False)  # may be sent again after UNKNOWN
    is_sensitive = models.BooleanField(default=False)  # its facts stay out of WeChat

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "code"], name="one_template_per_code")
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it when it obeys the rules. Raises TemplateWrong."""
        self.refuse_wrong()
        super().save(*args, **kwargs)

    def refuse_wrong(self) -> None:
        """Raises TemplateWrong, naming the field and the rule."""
        self.refuse_wrong_body()
        if self.wechat_template_id and not self.fields:
            raise TemplateWrong(template=self.code, field="fields", rule="empty")
        for key, value in self.fields.items():
            rule = self.broken_rule(key, value)
            if rule:
                raise TemplateWrong(template=self.code, field=key, rule=rule)
        if self.page.startswith("/") or "://" in self.page:
            raise TemplateWrong(template=self.code, field="page", rule="without leading slash")

    def refuse_wrong_body(self) -> None:
        """The body is text with plain {fact} names. Raises TemplateWrong."""
        try:
            named = [
                (name, form, way) for _, name, form, way in string.Formatter().parse(self.body)
            ]
        except ValueError as trouble:
            raise TemplateWrong(template=self.code, field="body", rule="braces") from trouble
        if any(n is not None and (not n.isidentifier() or form or way) for n, form, way in named):
            raise TemplateWrong(template=self.code, field="body", rule="fact names")

    def broken_rule(self, key: str, value: object) -> str:
        """Which rule a WeChat field breaks, or nothing."""
        if wechat_fields.type_of(key) is None:
            return "type unknown"
        if not isinstance(value, str) or not value:
            return "empty"
        if value.startswith(FIXED):
            return "" if wechat_fields.fitted(key, value[1:]) == value[1:] else "value"
        is_kept_back = self.is_sensitive and value not in OWN_FACTS
        return "fact name" if not value.isidentifier() else "sensitive" if is_kept_back else ""

    def told(self, facts: Mapping[str, str]) -> str:
        """The body with its facts; a fact that is not known is left out."""
        names = {name for _, name, _, _ in string.Formatter().parse(self.body) if name}
        return self.body.format_map({name: facts.get(name, "") for name in names})

    def wechat_values(self, facts: Mapping[str, str]) -> dict[str, str]:
        """The fields as WeChat takes them, long values cut. Raises TemplateWrong."""
        values = {}
        for key, source in self.fields.items():
            value = source[1:] if source.startswith(FIXED) else facts.get(source, "")
            fitted = wechat_fields.fitted(key, value)
            if fitted is None:
                raise TemplateWrong(template=self.code, field=key, rule="value")
            values[key] = fitted
        return values


class MessageQuerySet(RowQuerySet["Message"]):
    """Messages by what is to be done about them."""

    def due(self, now: datetime) -> "MessageQuerySet":
        """Waiting to be sent now, the most urgent first, then the oldest."""
        return self.filter(
            status=Message.Status.QUEUED, due_at__lte=now, expires_at__gt=now
        ).order_by("grade", "due_at", "id")

    def abandoned(self, now: datetime) -> "MessageQuerySet":
        """Leased to a sender that never came back."""
        return self.filter(status=Message.Status.SENDING, lease_until__lte=now)

    def out_of_date(self, now: datetime) -> "MessageQuerySet":
        """Still waiting when it is no longer worth saying."""
        return self.filter(status=Message.Status.QUEUED, expires_at__lte=now)

    def waiting(self) -> "MessageQuerySet":
        """Surely not said yet: queued, or leased by a sender that has not called."""
        is_leased = models.Q(status=Message.Status.SENDING, tried_at=None)
        return self.filter(models.Q(status=Message.Status.QUEUED) | is_leased)

    def about(self, subject: models.Model) -> "MessageQuerySet":
        """Those that tell of one thing."""
        return self.filter(hospital_id=hospital_id_of(subject), about_id=subject.pk)

    def in_inbox(self, account_id: UUID, *, now: datetime) -> "MessageQuerySet":
        """What an account can read: whatever was due, however it was delivered."""
        was_due = models.Q(due_at__lte=now) | models.Q(attempts__gt=0)
        is_gone = models.Q(status=Message.Status.WITHDRAWN) & ~models.Q(reason=CONSENT_WITHDRAWN)
        return self.filter(was_due, account_id=account_id).exclude(is_gone)

    def move_to(self, status: str, **changes: Any) -> int:
        """Move every row of this queryset that may move there; how many did."""
        may = [here for here, there in Message.MOVES.items() if status in there]
        return self.filter(status__in=may).update(status=status, **changes)


MessageManager = models.Manager.from_queryset(MessageQuerySet)


class Message(Moving):
    """One telling of one template to one account (消息)."""

    LOCK_KIND = "message"

    class Status(models.TextChoices):
        """What has become of it."""

        QUEUED = "QUEUED", "待发"  # owed, and not yet sent
        SENDING = "SENDING", "发送中"  # one sender has it, until the lease ends
        SENT = "SENT", "已发"  # a channel accepted it
        REFUSED = "REFUSED", "未送达"  # every channel said no
        UNKNOWN = "UNKNOWN", "不明"  # perhaps accepted; nobody answered
        EXPIRED = "EXPIRED", "过期"  # no longer worth saying
        WITHDRAWN = "WITHDRAWN", "撤回"  # no longer true, or nobody's

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.QUEUED: frozenset({Status.SENDING, Status.EXPIRED, Status.WITHDRAWN}),
        Status.SENDING: frozenset(
            {Status.SENT, Status.REFUSED, Status.UNKNOWN, Status.QUEUED, Status.WITHDRAWN}
        ),
        Status.SENT: frozenset(),
        Status.REFUSED: frozenset(),
        Status.UNKNOWN: frozenset({Status.QUEUED, Status.SENT}),  # told again; or a late answer
        Status.EXPIRED: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    template = models.CharField(max_length=40)  # its code
    grade = models.CharField(max_length=2, choices=Grade.choices)
    about_id = models.UUIDField()
    about_kind = models.CharField(max_length=60)  # "booking.appointment"
    dedupe_key = models.CharField(max_length=160)
    facts = EncryptedJSONField(key_of="patient_id", null=True)  # what was told, once it was
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    reason = models.CharField(max_length=40, blank=True)  # why it ended as it did: a code
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # leases so far: each has its number
    tried_at = models.DateTimeField(null=True)  # when this lease's call may have left
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[MessageManager["Message"]] = MessageManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "dedupe_key"], name="one_message_per_key")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["grade", "due_at", "id"],
                condition=models.Q(status="QUEUED"),
                name="message_due",
            ),
            models.Index(
                fields=["expires_at"], condition=models.Q(status="QUEUED"), name="message_expiry"
            ),
            models.Index(
                fields=["lease_until"], condition=models.Q(status="SENDING"), name="message_lease"
            ),
            models.Index(fields=["hospital", "about_id"], name="message_about"),
            models.Index(fields=["account", "id"], name="message_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.status}"


class Attempt(Row):
    """One try to send one message through one channel."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=40)  # "accepted", "wechat.43101", "unreachable", …

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["message", "number", "channel"], name="one_try_per_channel_and_lease"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.outcome}"


class CreditQuerySet(RowQuerySet["Credit"]):
    """Credits by whose they are."""

    def left(self, account_id: UUID) -> dict[str, int]:
        """How many sends each of WeChat's templates still has, as far as we know."""
        sums = (
            self.filter(account_id=account_id)
            .values_list("wechat_template_id")
            .annotate(models.Sum("change"))
            .order_by("wechat_template_id")
        )
        return dict(sums)


CreditManager = models.Manager.from_queryset(CreditQuerySet)


class Credit(Row):
    """One line of what an account's consent is worth: accepted, spent or found to be gone."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    wechat_template_id = models.CharField(max_length=64)
    change = models.SmallIntegerField()
    reason = models.CharField(max_length=10)  # "accepted", "sent", "gone"
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField()

    objects: ClassVar[CreditManager["Credit"]] = CreditManager()

    class Meta:
        base_manager_name = "objects"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "wechat_template_id"], name="credit_by_template")
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.change}"


class TaskQuerySet(RowQuerySet["Task"]):
    """Tasks by whose they are."""

    def open(self) -> "TaskQuerySet":
        """Not finished and still needed."""
        return self.filter(status=Task.Status.OPEN)

    def of_staff(self, staff: Staff) -> "TaskQuerySet":
        """What the staff member's role in their hospital has to do."""
        return self.filter(hospital_id=staff.hospital_id, role=staff.role)

    def about(self, subject: models.Model) -> "TaskQuerySet":
        """Those about one thing."""
        return self.filter(hospital_id=hospital_id_of(subject), about_id=subject.pk)

    def move_to(self, status: str, **changes: Any) -> int:
        """Move every row of this queryset that may move there; how many did."""
        may = [here for here, there in Task.MOVES.items() if status in there]
        return self.filter(status__in=may).update(status=status, **changes)


TaskManager = models.Manager.from_queryset(TaskQuerySet)


class Task(Moving):
    """What a person of one role must finish (任务)."""

    LOCK_KIND = "task"

    class Status(models.TextChoices):
        """Whether the duty is still open."""

        OPEN = "OPEN", "待办"  # somebody still has to act
        DONE = "DONE", "已完成"  # finished, with evidence of how
        WITHDRAWN = "WITHDRAWN", "已撤销"  # what it was about changed

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.OPEN: frozenset({Status.DONE, Status.WITHDRAWN}),
        Status.DONE: frozenset(),
        Status.WITHDRAWN: frozenset(),
    }

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=Role.choices)
    kind = models.CharField(max_length=40)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True)
    about_id = models.UUIDField()
    about_kind = models.CharField(max_length=60)
    template = models.CharField(max_length=40, blank=True)  # what was to be told, if anything
    reason = models.CharField(max_length=40, blank=True)  # why a machine could not: a code
    dedupe_key = models.CharField(max_length=160)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    evidence = EncryptedTextField(purpose="evidence", null=True)
    done_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)

    objects: ClassVar[TaskManager["Task"]] = TaskManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "dedupe_key"], name="one_task_per_key")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["hospital", "role", "due_at"],
                condition=models.Q(status="OPEN"),
                name="task_open",
            ),
            models.Index(fields=["hospital", "about_id"], name="task_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"


def kind_of(subject: models.Model) -> str:
    """What a message or a task is about: `booking.appointment`."""
    return subject._meta.label_lower


def hospital_id_of(subject: models.Model) -> UUID:
    """The hospital that the row belongs to, as every row of the house but a few does."""
    owner: UUID = getattr(subject, "hospital_id", NO_HOSPITAL)
    return owner
