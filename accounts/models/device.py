"""The enrolled devices (登记设备) of a hospital, and what opens them: enrolment, badge and PIN."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.models.session import PageSession
from accounts.models.staff import Role, Staff
from common.fields import EncryptedTextField
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital

MOST_TRIES = 5  # wrong codes of one enrolment, wrong PINs of one badge

# Whose work is at the bedside, the desk and the counter. In a session that a badge opened nothing
# else counts: refunds, exports and administration ask for the password (issue 3, Staff).
BADGE_ROLES = frozenset({Role.DOCTOR, Role.NURSE, Role.TRIAGE, Role.PHARMACIST})


class Device(Moving):
    """A tablet or workstation (平板、工作站) with a key of its own that never leaves it."""

    LOCK_KIND = "device"

    class Kind(models.TextChoices):
        """What it is."""

        TABLET = "tablet", "平板"
        WORKSTATION = "workstation", "工作站"

    class Status(models.TextChoices):
        """Whether staff can work at it."""

        PENDING = "pending", "待登记"  # waits for its enrolment code
        ENROLLED = "enrolled", "使用中"  # proves itself by its key
        BLOCKED = "blocked", "已停用"  # lost, broken or put away

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PENDING: frozenset({Status.ENROLLED, Status.BLOCKED}),
        Status.ENROLLED: frozenset({Status.PENDING, Status.BLOCKED}),  # PENDING: enrol anew
        Status.BLOCKED: frozenset({Status.PENDING}),  # never back without a new key
    }

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    name = models.CharField(max_length=40)  # as it stands on its label: 心内科平板 3
    place = models.CharField(max_length=60)  # the ward or desk where it belongs
    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    public_key = models.CharField(max_length=100, blank=True)  # P-256 point, base64url
    seen_at = models.DateTimeField(null=True)  # to the minute

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "name"], name="one_device_per_name"),
            models.CheckConstraint(
                condition=~models.Q(status="enrolled", public_key=""), name="enrolled_has_a_key"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(Row):
    """A one-time code (登记码) with which one device may show its key. Real time.

    Its first part finds the row, its second is secret and kept as a blind index. Each try takes
    one of `tries_left` before the secret is looked at.
    """

    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    handle = models.CharField(max_length=6, unique=True)
    secret_index = models.CharField(max_length=64)
    tries_left = models.SmallIntegerField(default=MOST_TRIES)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class DeviceChallenge(Row):
    """A random text that a device must sign within seconds. Real time; digest alone.

    Used once: who spends it deletes it.
    """

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of 32 random bytes
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Badge(Row):
    """The badge (工牌) of a staff member, and the PIN that goes with it.

    Without a number it was taken back. Each PIN takes one of `tries_left` before it is looked at;
    a right one, the password and an administrator give them back.
    """

    LOCK_KIND = "badge"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    staff = models.OneToOneField(Staff, on_delete=models.PROTECT)
    number = EncryptedTextField(purpose="person", null=True)
    number_index = models.CharField(max_length=64, null=True)  # noqa: DJ001 - unique where given
    pin = models.CharField(max_length=128, blank=True)  # hashed as passwords are
    tries_left = models.SmallIntegerField(default=MOST_TRIES)

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "number_index"], name="one_badge_per_number"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_given(self) -> bool:
        """Whether somebody carries it."""
        return self.number_index is not None

    @property
    def ending(self) -> str:
        """What tells it from another badge without giving it away."""
        return (self.number or "")[-4:]

    @property
    def has_pin(self) -> bool:
        """Whether its owner has chosen a PIN."""
        return bool(self.pin)

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong PINs were tried."""
        return self.tries_left <= 0


class DeviceSessionQuerySet(RowQuerySet["DeviceSession"]):
    """Who works, or worked, at which device."""

    def open(self) -> "DeviceSessionQuerySet":
        """Not ended by anybody; whether they are still there, `used_at` tells."""
        return self.filter(ended_at=None)

    def end(self, *, at: datetime) -> None:
        """Nobody works in these any more; their browser sessions, and the sockets, are gone."""
        logins = [one for one in self.open().values_list("login_id", flat=True) if one]
        self.open().update(ended_at=at)
        PageSession.objects.filter(login_id__in=logins).delete()

    def alive(self, *, used_since: datetime) -> "DeviceSessionQuerySet":
        """Open, used lately, at a device in use, by somebody whose badge and work still count."""
        return self.open().filter(
            used_at__gt=used_since,
            device__status=Device.Status.ENROLLED,
            badge__number_index__isnull=False,
            badge__staff__account__is_active=True,
            badge__staff__role__in=BADGE_ROLES,
        )


DeviceSessionManager = models.Manager.from_queryset(DeviceSessionQuerySet)


class DeviceSession(Row):
    """Somebody works at a device since a badge sign-in (刷工牌登录). Real time.

    One at a time: who comes next ends it.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT)
    badge = models.ForeignKey(Badge, on_delete=models.PROTECT)
    login_id = models.UUIDField(null=True)  # of the browser's session
    started_at = models.DateTimeField()
    used_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[DeviceSessionManager["DeviceSession"]] = DeviceSessionManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(ended_at=None),
                name="one_person_at_a_device",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DeviceEvent(Row):
    """What was done to a device or a badge, by whom and when. Never changed."""

    class Kind(models.TextChoices):
        """What happened."""

        ADDED = "added", "添加设备"
        CODE_MADE = "code_made", "生成登记码"
        ENROLLED = "enrolled", "设备登记成功"
        BLOCKED = "blocked", "停用设备"
        BADGE_GIVEN = "badge_given", "发放工牌"
        BADGE_TAKEN_BACK = "badge_taken_back", "收回工牌"
        BADGE_OPENED = "badge_opened", "解锁工牌"
        PIN_SET = "pin_set", "设置 PIN"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True)
    badge = models.ForeignKey(Badge, on_delete=models.PROTECT, null=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)  # none: the device itself
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "-at"], name="device_events_by_time")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
