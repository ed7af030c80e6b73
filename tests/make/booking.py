"""Sessions, slots and appointments, as the booking office and patients make them."""

from datetime import date, datetime, time, timedelta

from accounts.models import Account
from booking.actions.book import book_appointment
from booking.models import Appointment, Channel, Place, Session, Slot
from clinic.models import Department
from common import clock
from hospitals.models import Hospital
from patients.models import Patient
from tests.make import clinic as make_clinic
from tests.make.accounts import account as make_account
from tests.make.hospitals import hospital as make_hospital

IN_DAYS = 3  # from the frozen morning: well before every cut-off


def session(
    *,
    hospital: Hospital | None = None,
    department: Department | None = None,
    on: date | None = None,
    fee_fen: int = 5000,
    begins: time = time(9, 0),
) -> Session:
    """A published session of one hour, without slots."""
    department = department or make_clinic.department(hospital=hospital or make_hospital())
    day = on or clock.today() + timedelta(days=IN_DAYS)
    begins_at = datetime.combine(day, begins, tzinfo=clock.HOSPITAL_ZONE)
    return Session.objects.create(
        hospital=department.hospital,
        department=department,
        doctor=make_clinic.doctor(department=department),
        room=make_clinic.room(hospital=department.hospital),
        level=make_clinic.level(hospital=department.hospital, fee_fen=fee_fen),
        on=day,
        begins_at=begins_at,
        ends_at=begins_at + timedelta(hours=1),
        fee_fen=fee_fen,
    )


def slot(
    *,
    session: Session | None = None,
    places: int = 1,
    channel: str = Channel.ONLINE,
    hospital: Hospital | None = None,
    fee_fen: int = 5000,
    on: date | None = None,
) -> Slot:
    """A slot with this many free places in one channel's pool."""
    made_in = session or _session(hospital=hospital, fee_fen=fee_fen, on=on)
    made = Slot.objects.create(
        hospital=made_in.hospital,
        session=made_in,
        begins_at=made_in.begins_at,
        ends_at=made_in.begins_at + timedelta(minutes=30),
    )
    Place.objects.bulk_create(
        [
            Place(hospital=made.hospital, slot=made, number=number, channel=channel)
            for number in range(1, places + 1)
        ]
    )
    return made


_session = session


def appointment(*, slot: Slot, patient: Patient, account: Account | None = None) -> Appointment:
    """A hold on one of the slot's places."""
    return book_appointment(
        slot_id=slot.pk,
        patient=patient,
        channel=Channel.ONLINE,
        account=account or make_account(),
    )
