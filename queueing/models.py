"""Queues, tickets, and the log of what was done."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from accounts.models import Account, Staff
from booking.models import Appointment, Session
from clinic.models import Room
from common.live import StreamName
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from patients.models import Patient
from queueing.ranking import Rank
from visits.models import Visit

QUEUE_STREAM = "queue"  # kinds of live streams: a queue's, for walls and doctors;
DAY_STREAM = "day"  # and one patient's day, for their phones


class Queue(Row):
    """The line of one session (队列), whose key it has. What changes in it is under its lock."""

    LOCK_KIND = "queue"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    room = models.ForeignKey(Room, on_delete=models.PROTECT)
    letter = models.CharField(max_length=1)  # of its labels: "A" in "A012"
    opened_at = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "session"], name="one_queue_per_session")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def stream(self) -> StreamName:
        """Where its live events are."""
        return StreamName(self.hospital_id, QUEUE_STREAM, self.pk)

    def label(self, number: int) -> str:
        """What stands on a ticket: "A012"."""
        return f"{self.letter}{number:03d}"


class Priority(models.TextChoices):
    """Why somebody is called before others (优先事由; domain 4.5)."""

    NONE = "", "无"
    EMERGENCY = "emergency", "危急"
    ELDERLY = "elderly", "高龄"
    PREGNANT = "pregnant", "孕妇"
    SOLDIER = "soldier", "军人"
    DISABLED = "disabled", "残疾"


class TicketQuerySet(RowQuerySet["Ticket"]):
    """Tickets by where they are."""

    def of(self, queue: Queue) -> "TicketQuerySet":
        """Of one queue."""
        return self.filter(hospital_id=queue.hospital_id, queue=queue)

    def waiting(self) -> "TicketQuerySet":
        """Those in line."""
        return self.filter(status=Ticket.Status.WAITING)

    def in_rooms(self) -> "TicketQuerySet":
        """Called to a room, or in it."""
        return self.filter(status__in=Ticket.IN_A_ROOM)

    def in_order(self) -> "TicketQuerySet":
        """As they will be called."""
        return self.order_by("tier", "position", "turn")


TicketManager = models.Manager.from_queryset(TicketQuerySet)


class Ticket(Moving):
    """One patient's place in a queue (号票)."""

    class Status(models.TextChoices):
        """What is true of the patient."""

        WAITING = "waiting", "候诊"  # is in line
        CALLED = "called", "已呼叫"  # should come to the room
        IN_ROOM = "in_room", "就诊中"  # is with the doctor
        MISSED = "missed", "过号"  # did not come when called
        DONE = "done", "已就诊"  # has been with the doctor
        LEFT = "left", "已离开"  # gave up, or clinic stopped

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.WAITING: frozenset({Status.CALLED, Status.LEFT}),
        Status.CALLED: frozenset({Status.IN_ROOM, Status.MISSED}),
        Status.IN_ROOM: frozenset({Status.DONE}),
        Status.MISSED: frozenset({Status.WAITING, Status.LEFT}),  # checked in again; went home
        Status.DONE: frozenset(),
        Status.LEFT: frozenset(),
    }
    IN_A_ROOM: ClassVar[tuple[str, ...]] = (Status.CALLED, Status.IN_ROOM)
    LOCK_KIND = "ticket"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()  # the place's
    label = models.CharField(max_length=10)  # "A012"
    priority = models.CharField(max_length=12, choices=Priority.choices, blank=True)
    tier = models.PositiveSmallIntegerField()  # the rank: see queueing.ranking
    position = models.BigIntegerField()
    turn = models.PositiveIntegerField()
    called_room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    told_near_at = models.DateTimeField(null=True)  # "your turn is near" is said once
    made_at = models.DateTimeField()

    objects: ClassVar[TicketManager["Ticket"]] = TicketManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "appointment"], name="one_ticket_per_appointment"
            ),
            models.UniqueConstraint(
                fields=["hospital", "called_room"],
                condition=models.Q(status__in=["called", "in_room"]),
                name="one_ticket_per_room",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["called", "in_room"])
                | models.Q(called_room__isnull=False),
                name="called_to_a_room",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["hospital", "queue", "tier", "position", "turn"],
                condition=models.Q(status="waiting"),
                name="ticket_to_call",
            ),
            models.Index(fields=["hospital", "patient", "made_at"], name="ticket_by_patient"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def rank(self) -> Rank:
        """When its turn comes: smaller is earlier."""
        return Rank(self.tier, self.position, self.turn)

    @property
    def day_stream(self) -> StreamName:
        """Where the patient's phones hear of it."""
        return StreamName(self.hospital_id, DAY_STREAM, self.patient_id)


class QueueEntry(Row):
    """One thing that was done to a queue (叫号日志). Never changed."""

    class Kind(models.TextChoices):
        """What was done."""

        JOINED = "joined", "签到"
        CALLED = "called", "呼叫"
        CALLED_AGAIN = "called_again", "重呼"
        MISSED = "missed", "过号"
        RETURNED = "returned", "过号重排"
        ADMITTED = "admitted", "就诊"
        FINISHED = "finished", "结束"
        LEFT = "left", "离开"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()  # counts through the queue, without gaps
    kind = models.CharField(max_length=12, choices=Kind.choices)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    reason = models.CharField(max_length=20, blank=True)  # a code: "late", "elderly", …
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True)
    tier = models.PositiveSmallIntegerField()  # the ticket's rank afterwards
    position = models.BigIntegerField()
    turn = models.PositiveIntegerField()
    places_back = models.PositiveIntegerField(default=0)  # what the policy said of a return
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "queue", "number"], name="one_entry_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    @property
    def rank(self) -> Rank:
        """The ticket's rank after this entry."""
        return Rank(self.tier, self.position, self.turn)
