"""The bench's hospital: patients with tokens, and slots with places. Made in bulk, as rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from knox.crypto import hash_token

from accounts.models import Account, Token
from booking.models import Channel, Place, Session, Slot
from clinic.models import Department, Doctor, RegistrationLevel, Room
from common import clock
from common.ids import new_id
from hospitals.actions.decide import decide_policy
from hospitals.actions.open import open_hospital
from hospitals.models import Hospital
from patients.models import ALL_SCOPES, Grant, Patient, Person

PLACES_PER_SLOT = 20
SLOTS_PER_SESSION = 8


@dataclass(frozen=True)
class Booker:
    """A patient with the token of their account."""

    token: str
    patient_id: UUID


def open_bench_hospital() -> Hospital:
    """A hospital whose limits no booker meets by chance."""
    hospital = open_hospital(code="bench", name="测量医院", grade="三级甲等")
    decide_policy(hospital=hospital, effective_on=date(2020, 1, 1), online_closes_days_before=0)
    return hospital


def add_bookers(hospital: Hospital, count: int) -> list[Booker]:
    """Accounts, tokens, persons, patients and grants."""
    now = clock.now()
    accounts, tokens, persons, patients, grants, bookers = [], [], [], [], [], []
    for number in range(count):
        account = Account(
            id=new_id(),
            password="!",  # noqa: S106 - nobody signs in
            made_at=now,
        )
        token = f"{new_id().hex}{new_id().hex}"
        person = Person(id=new_id(), document_index=f"{number:064x}")
        patient = _patient(hospital, person, number=number)
        accounts.append(account)
        tokens.append(
            Token(
                digest=hash_token(token),
                token_key=token[:15],
                user=account,
                expiry=clock.real_now() + timedelta(days=1),
            )
        )
        persons.append(person)
        patients.append(patient)
        grants.append(
            Grant(
                hospital=hospital,
                account=account,
                patient=patient,
                relation="self",
                scopes=ALL_SCOPES,
                made_at=now,
            )
        )
        bookers.append(Booker(token, patient.pk))
    Account.objects.bulk_create(accounts, batch_size=2000)
    Token.objects.bulk_create(tokens, batch_size=2000)
    Person.objects.bulk_create(persons, batch_size=2000)
    Patient.objects.bulk_create(patients, batch_size=2000)
    Grant.objects.bulk_create(grants, batch_size=2000)
    return bookers


def _patient(hospital: Hospital, person: Person, *, number: int) -> Patient:
    return Patient(
        id=new_id(),
        hospital=hospital,
        person=person,
        number=f"{number:010d}",
        name="测量",
        document_type="resident_id",
        document_number=f"{number:018d}",
        phone="13800138000",
        is_verified=True,
        born_on=date(1990, 1, 1),
        sex="1",
        made_at=clock.now(),
    )


def add_slots(hospital: Hospital, *, sessions: int, on: date) -> list[Slot]:
    """Sessions of one date with their slots and places, spread over departments of ten doctors."""
    level = RegistrationLevel.objects.create(
        hospital=hospital, code="L", name="普通号", fee_fen=1000, places_per_session=160
    )
    room = Room.objects.create(hospital=hospital, code="R", name="1诊室")
    slots: list[Slot] = []
    for number in range(sessions):
        slots += _session(hospital, number=number, level=level, room=room, on=on)
    Place.objects.bulk_create(_places(slots), batch_size=5000)
    return slots


def _session(
    hospital: Hospital, *, number: int, level: RegistrationLevel, room: Room, on: date
) -> list[Slot]:
    department, _ = Department.objects.get_or_create(
        hospital=hospital, code=f"D{number // 10}", defaults={"name": f"科室{number // 10}"}
    )
    doctor = Doctor.objects.create(
        hospital=hospital, department=department, number=str(number), name="赵明", title="主任医师"
    )
    begins = datetime.combine(on, time(8), tzinfo=clock.HOSPITAL_ZONE)
    half = timedelta(minutes=30)
    session = Session.objects.create(
        hospital=hospital,
        department=department,
        doctor=doctor,
        room=room,
        level=level,
        on=on,
        begins_at=begins,
        ends_at=begins + SLOTS_PER_SESSION * half,
        fee_fen=level.fee_fen,
    )
    return Slot.objects.bulk_create(
        [
            Slot(
                hospital=hospital,
                session=session,
                begins_at=begins + n * half,
                ends_at=begins + (n + 1) * half,
            )
            for n in range(SLOTS_PER_SESSION)
        ]
    )


def _places(slots: list[Slot]) -> Iterator[Place]:
    for slot in slots:
        for number in range(1, PLACES_PER_SLOT + 1):
            yield Place(
                id=new_id(),
                hospital_id=slot.hospital_id,
                slot=slot,
                number=number,
                channel=Channel.ONLINE,
            )
