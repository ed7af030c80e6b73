"""Departments, doctors, rooms, levels, prices."""

import itertools

from clinic.models import Bed, Department, Doctor, PriceItem, RegistrationLevel, Room
from hospitals.models import Hospital

_numbers = itertools.count(1)


def department(*, hospital: Hospital, name: str = "心血管内科") -> Department:
    """A department with a code of its own."""
    return Department.objects.create(
        hospital=hospital, code=f"D{next(_numbers)}", name=name, category="内科"
    )


def doctor(*, department: Department, title: str = "主任医师") -> Doctor:
    """A doctor who does not sign in."""
    return Doctor.objects.create(
        hospital=department.hospital,
        department=department,
        number=f"Z{next(_numbers)}",
        name="赵明",
        title=title,
    )


def room(*, hospital: Hospital, name: str = "301诊室") -> Room:
    """A room with a code of its own."""
    return Room.objects.create(
        hospital=hospital, code=f"R{next(_numbers)}", name=name, place="门诊楼3层"
    )


def level(*, hospital: Hospital, fee_fen: int = 5000) -> RegistrationLevel:
    """A registration level with its fee."""
    return RegistrationLevel.objects.create(
        hospital=hospital,
        code=f"L{next(_numbers)}",
        name="专家号",
        fee_fen=fee_fen,
        places_per_session=20,
    )


def price(
    *, hospital: Hospital, code: str, price_fen: int = 2500, name: str = "血常规"
) -> PriceItem:
    """One line of the price list."""
    return PriceItem.objects.create(
        hospital=hospital, code=code, name=name, unit="次", price_fen=price_fen
    )


def bed(*, ward: Department, number: int = 1) -> Bed:
    """An empty bed of a ward."""
    return Bed.objects.create(hospital=ward.hospital, ward=ward, number=number)
