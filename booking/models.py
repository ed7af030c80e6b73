"""Sessions, slots, places and appointments."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models

from accounts.models import Account
from clinic.models import Department, Doctor, RegistrationLevel, Room
from common import clock
from common.locking import RowQuerySet
from common.models import Moving, Row
from hospitals.models import Hospital
from hospitals.policy import Policy
from patients.models import Patient, Person


class Channel(models.TextChoices):
    """The way a place is given away (渠道); a pool is the places of one channel (S4-56)."""

    ONLINE = "online", "小程序"
    WINDOW = "window", "窗口"


class RotaPattern(Row):
    """A doctor's weekly work (排班规则): what a session is made from."""

    LOCK_KIND = "rota"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT)
    level = models.ForeignKey(RegistrationLevel, on_delete=models.PROTECT)
    room = models.ForeignKey(Room, on_delete=models.PROTECT)
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    begins = models.TimeField()  # on the hospital's wall
    ends = models.TimeField()
    places = models.PositiveIntegerField()
    effective_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "doctor", "weekday", "begins", "effective_on"],
                name="one_pattern_per_half_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.doctor_id} {self.weekday}"


class SessionQuerySet(RowQuerySet["Session"]):
    """Sessions by what can be done with them."""

    def on(self, day: date) -> "SessionQuerySet":
        """Of one date."""
        return self.filter(on=day)

    def stopped(self) -> "SessionQuerySet":
        """Closed before their time: whoever had a place must be dealt with."""
        return self.filter(status=Session.Status.CLOSED)


SessionManager = models.Manager.from_queryset(SessionQuerySet)


class Session(Moving):
    """A doctor at work in a room for part of a day (出诊)."""

    class Status(models.TextChoices):
        """What is true of the session."""

        PUBLISHED = "published", "出诊"  # its places can be had
        CLOSED = "closed", "停诊"  # stopped; nobody gets a place

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PUBLISHED: frozenset({Status.CLOSED}),
        Status.CLOSED: frozenset(),
    }
    LOCK_KIND = "session"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    doctor = models.ForeignKey(Doctor, on_delete=models.PROTECT)
    room = models.ForeignKey(Room, on_delete=models.PROTECT)
    level = models.ForeignKey(RegistrationLevel, on_delete=models.PROTECT)
    on = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    fee_fen = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PUBLISHED)
    closed_because = models.CharField(max_length=100, blank=True)

    objects: ClassVar[SessionManager["Session"]] = SessionManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "doctor", "begins_at"], name="one_session_at_a_time"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hospital", "department", "on"], name="session_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.doctor_id} {self.on}"


class SlotQuerySet(RowQuerySet["Slot"]):
    """Slots by where they belong."""

    def of_hospital(self, hospital_id: UUID) -> "SlotQuerySet":
        """In one hospital."""
        return self.filter(hospital_id=hospital_id)


SlotManager = models.Manager.from_queryset(SlotQuerySet)


class Slot(Row):
    """A period of a session (时段): when to arrive, not when the doctor is free."""

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects: ClassVar[SlotManager["Slot"]] = SlotManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "session", "begins_at"], name="one_slot_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.begins_at:%Y-%m-%d %H:%M}"

    def closes_at(self, channel: str, policy: Policy) -> datetime:
        """When this channel stops giving away the slot's places (S4-32)."""
        return policy.online_closes(self.begins_at) if channel == Channel.ONLINE else self.ends_at


class AppointmentQuerySet(RowQuerySet["Appointment"]):
    """Appointments by what is true of them."""

    def live(self) -> "AppointmentQuerySet":
        """Those that will still happen, and so occupy a place."""
        return self.filter(status__in=Appointment.LIVE)

    def to_displace(self) -> "AppointmentQuerySet":
        """Those whom a stopped clinic displaces; who has arrived is seen to by the triage desk."""
        return self.filter(status__in=(Appointment.Status.HELD, Appointment.Status.BOOKED))

    def counted(self) -> "AppointmentQuerySet":
        """Those that count toward a person's limits: all but given back in time (Q5)."""
        return self.filter(status__in=Appointment.COUNTED)

    def overdue(self, now: datetime) -> "AppointmentQuerySet":
        """Holds whose time is over."""
        return self.filter(status=Appointment.Status.HELD, held_until__lte=now)


AppointmentManager = models.Manager.from_queryset(AppointmentQuerySet)


class Appointment(Moving):
    """One patient's claim on one place of a slot (预约)."""

    class Status(models.TextChoices):
        """What is true of the patient."""

        HELD = "held", "待支付"  # has a place, owes the fee
        BOOKED = "booked", "已预约"  # will come at the time
        ARRIVED = "arrived", "已签到"  # is here and waits
        SEEN = "seen", "已就诊"  # has been with the doctor
        LAPSED = "lapsed", "已失效"  # did not pay in time
        CANCELLED = "cancelled", "已取消"  # gave the place back
        MISSED = "missed", "未到"  # did not come, not excused
        EXCUSED = "excused", "已豁免"  # did not come, not their fault
        DISPLACED = "displaced", "停诊"  # the clinic stopped, place lost

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.HELD: frozenset({Status.BOOKED, Status.LAPSED, Status.CANCELLED, Status.DISPLACED}),
        Status.BOOKED: frozenset(
            {Status.ARRIVED, Status.MISSED, Status.CANCELLED, Status.DISPLACED}
        ),
        Status.ARRIVED: frozenset({Status.SEEN}),
        Status.SEEN: frozenset(),
        Status.LAPSED: frozenset(),
        Status.CANCELLED: frozenset(),
        Status.MISSED: frozenset({Status.ARRIVED, Status.EXCUSED}),  # let in late; not their fault
        Status.EXCUSED: frozenset(),
        Status.DISPLACED: frozenset(),
    }
    LIVE: ClassVar[tuple[str, ...]] = (Status.HELD, Status.BOOKED, Status.ARRIVED)
    COUNTED: ClassVar[tuple[str, ...]] = (*LIVE, Status.SEEN, Status.MISSED)
    LOCK_KIND = "appointment"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    session = models.ForeignKey(Session, on_delete=models.PROTECT)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()  # 号序, from the place
    channel = models.CharField(max_length=10, choices=Channel.choices)
    visit_on = models.DateField()
    begins_at = models.DateTimeField()
    fee_fen = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    held_until = models.DateTimeField()
    cancel_until = models.DateTimeField()  # absolute, as shown when booking (Q4)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # when the place was given up

    objects: ClassVar[AppointmentManager["Appointment"]] = AppointmentManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hospital", "person", "session"],
                condition=models.Q(status__in=["held", "booked", "arrived"]),
                name="one_live_visit_per_session",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["person", "visit_on", "department"],
                condition=models.Q(status__in=["held", "booked", "arrived", "seen", "missed"]),
                name="visits_that_count",
            ),
            models.Index(
                fields=["held_until"], condition=models.Q(status="held"), name="hold_by_end"
            ),
            models.Index(fields=["hospital", "session", "status"], name="visit_by_session"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def to_hold(
        cls, place: "Place", *, slot: Slot, patient: Patient, account: Account, policy: Policy
    ) -> "Appointment":
        """The unsaved hold on a place that was just claimed under `place.appointment_id`."""
        now = clock.now()
        return cls(
            id=place.appointment_id,
            hospital_id=patient.hospital_id,
            patient=patient,
            person_id=patient.person_id,
            department_id=slot.session.department_id,
            session_id=slot.session_id,
            slot=slot,
            number=place.number,
            channel=place.channel,
            visit_on=slot.session.on,
            begins_at=slot.begins_at,
            fee_fen=slot.session.fee_fen,
            status=cls.Status.HELD,
            held_until=now + timedelta(minutes=policy.hold_minutes),
            cancel_until=policy.cancel_until(slot.begins_at),
            made_by=account,
            made_at=now,
        )


class PlaceQuerySet(RowQuerySet["Place"]):
    """Places by whether they can be had."""

    def of(self, slot: Slot, channel: str) -> "PlaceQuerySet":
        """Open places of a slot in one channel's pool."""
        return self.filter(slot_id=slot.pk, channel=channel, closed_at=None)

    def kept_by(self, appointment: Appointment) -> "PlaceQuerySet":
        """The one place of an appointment."""
        return self.filter(hospital_id=appointment.hospital_id, appointment_id=appointment.pk)

    def free(self) -> "PlaceQuerySet":
        """Open and with nobody in them."""
        return self.filter(appointment=None, closed_at=None)


PlaceManager = models.Manager.from_queryset(PlaceQuerySet)


class Place(Row):
    """One place (号). Its one occupant column is given by `claim_one` and nothing else."""

    LOCK_KIND = "place"

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, db_index=False)
    number = models.PositiveIntegerField()  # counts through the whole session
    channel = models.CharField(max_length=10, choices=Channel.choices)
    closed_at = models.DateTimeField(null=True)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, db_index=False
    )

    objects: ClassVar[PlaceManager["Place"]] = PlaceManager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hospital", "slot", "number"], name="place_once"),
            models.UniqueConstraint(
                fields=["hospital", "appointment"], name="one_place_per_appointment"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["slot", "channel", "number"],
                condition=models.Q(appointment=None, closed_at=None),
                name="place_to_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.number}"
