"""The demonstration hospital's directory, rota, beds and senders."""

from datetime import date, time, timedelta
from pathlib import Path

from django.conf import settings

from booking.actions.import_rota import PLAIN_LEVEL, import_rota
from booking.actions.publish import publish_rota
from booking.models import RotaPattern
from booking.rota_files import read_rota
from clinic.actions.import_directory import Change, import_directory
from clinic.files import read_directory
from clinic.models import Bed, Department, Doctor, RegistrationLevel, Room
from common import clock
from common.commands import action
from hospitals.actions.decide import decide_policy
from hospitals.actions.open import open_hospital
from hospitals.models import Hospital
from hospitals.policy import policy_of
from interop.actions.introduce import Introduction, introduce_sender
from interop.models import Protocol

CODE = "demo"
OPENED_ON = date(2026, 1, 1)  # its policy and its rota count from here
FILES = Path(__file__).resolve().parent / "files"
ALONE, ALWAYS = FILES / "alone", FILES / "always"

ALL_DAY = "QTMZ"  # 全天门诊: somebody sees patients now, whatever the hour
ALL_DAY_DOCTOR = "9001"
ALL_DAY_PLACES = 192  # four for each half hour
WARD, BEDS = "SFBQ", 12
HL7_SENDER = Introduction(
    code="demo-his",
    name="演示院内系统",
    protocol=Protocol.HL7V2,
    profile_name="hl7",
    addresses=("127.0.0.1",),
)


def shared_folder() -> Path | None:
    """The folder of real files beside the project, where it is."""
    folder = Path(settings.BASE_DIR).parent / "shared" / "data"
    return folder if folder.is_dir() else None


def open_demonstration() -> Hospital:
    """The hospital, with a policy by which a newcomer can book for today."""
    hospital = open_hospital(
        code=CODE,
        name="第一示范医院",
        grade="三级甲等",
        address="示范市健康路1号",
        phone="000-0000000",
    )
    decide_policy(
        hospital=hospital,
        effective_on=OPENED_ON,
        online_closes_days_before=0,
        cancel_days_before=0,
    )
    return hospital


def fill_directory(hospital: Hospital, folder: Path | None) -> list[Change]:
    """Departments, prices, levels and titles, from the folder or from our own files."""
    return [
        change
        for source in (folder or ALONE, ALWAYS)
        for change in import_directory(hospital=hospital, directory=read_directory(source))
    ]


def fill_rota(hospital: Hospital, folder: Path | None) -> int:
    """The doctors' weeks, and one doctor who is there day and night. Returns new patterns."""
    done = import_rota(hospital=hospital, weeks=read_rota(folder or ALONE), starting=OPENED_ON)
    return done.patterns_added + see_patients_all_day(hospital)


@action
def see_patients_all_day(hospital: Hospital) -> int:  # one hospital, one doctor
    """A doctor works day and night, so that a visit can be tried at once. Returns new patterns."""
    department = Department.objects.get(hospital=hospital, code=ALL_DAY)
    level = RegistrationLevel.objects.get(hospital=hospital, code=PLAIN_LEVEL)
    doctor, _ = Doctor.objects.get_or_create(
        hospital=hospital,
        number=ALL_DAY_DOCTOR,
        defaults={"department": department, "name": "林昼", "title": "主任医师"},
    )
    room, _ = Room.objects.get_or_create(
        hospital=hospital,
        code=f"R{ALL_DAY_DOCTOR}",
        defaults={"name": "101诊室", "place": "门诊楼1层"},
    )
    added = 0
    for weekday in range(7):
        _, is_new = RotaPattern.objects.get_or_create(
            hospital=hospital,
            doctor=doctor,
            weekday=weekday,
            begins=time(0, 0),
            effective_on=OPENED_ON,
            defaults={"level": level, "room": room, "ends": time(23, 59), "places": ALL_DAY_PLACES},
        )
        added += is_new
    return added


def publish_horizon(hospital: Hospital) -> int:
    """Every date that can be booked today is published. Returns how many sessions are new."""
    today = clock.today()
    last = policy_of(hospital.pk, now=clock.now()).last_day(today)
    days = [today + timedelta(days=ahead) for ahead in range((last - today).days + 1)]
    return publish_rota(hospital=hospital, days=days)


def make_beds(hospital: Hospital) -> int:
    """The ward has its beds. Returns how many are new."""
    ward = Department.objects.get(hospital=hospital, code=WARD)
    made = [
        Bed.objects.get_or_create(hospital=hospital, ward=ward, number=number)[1]
        for number in range(1, BEDS + 1)
    ]
    return sum(made)


def introduce_senders(hospital: Hospital, *, fhir_key: str) -> list[str]:
    """The hospital's own systems may speak to us: HL7 v2 from this machine, FHIR with the key.

    Returns their codes.
    """
    prescriber = Introduction(
        code="demo-prescriber",
        name="演示医生站",
        protocol=Protocol.FHIR,
        profile_name="fhir_by_reference",
        key=fhir_key,
    )
    senders = (HL7_SENDER, prescriber)
    return [introduce_sender(hospital=hospital, introduction=one).code for one in senders]
