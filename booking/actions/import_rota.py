"""A weekly rota becomes the patterns that sessions are published from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from booking.errors import RotaNeedsDirectory
from booking.models import RotaPattern
from booking.rota_files import HalfDay, Week
from clinic.models import Department, Doctor, RegistrationLevel, Room, Title
from clinic.naming import names_for
from common.commands import action
from hospitals.models import Hospital

EXPERTS = 2  # the highest two titles see patients as experts (domain 4.3)
EXPERT_LEVEL, PLAIN_LEVEL = "zjh", "pth"  # 专家号, 普通号, as the teaching hospital codes them
FLOORS = 5


@dataclass
class RotaImported:
    """What an import of a rota did: how many rows of each sort."""

    doctors_added: int = 0
    patterns_added: int = 0
    patterns_changed: int = 0
    patterns_same: int = 0
    patterns_ended: int = 0


@dataclass(frozen=True)
class Ground:
    """What the directory must have before a rota can stand on it."""

    hospital: Hospital
    departments: dict[str, Department]
    levels: dict[str, RegistrationLevel]
    titles: Sequence[str]  # the highest first

    @classmethod
    def of(cls, hospital: Hospital, weeks: Sequence[Week]) -> "Ground":
        """Raises RotaNeedsDirectory, naming what is missing."""
        codes = {week.department_code for week in weeks}
        ground = cls(
            hospital=hospital,
            departments={
                row.code: row
                for row in Department.objects.filter(hospital=hospital, code__in=codes)
            },
            levels={row.code: row for row in RegistrationLevel.objects.filter(hospital=hospital)},
            titles=[
                row.name for row in Title.objects.filter(hospital=hospital).order_by("position")
            ],
        )
        missing = [f"department {code}" for code in sorted(codes - ground.departments.keys())]
        missing += [
            f"level {code}" for code in (EXPERT_LEVEL, PLAIN_LEVEL) if code not in ground.levels
        ]
        missing += [] if ground.titles else ["titles"]
        if missing:
            raise RotaNeedsDirectory(missing=missing)
        return ground

    def title_of(self, number: int) -> str:
        """The titles in turn, so that every rank sees patients."""
        return self.titles[(number - 1) % len(self.titles)]

    def level_of(self, doctor: Doctor) -> RegistrationLevel:
        """专家号 with the highest two titles, else 普通号."""
        is_expert = doctor.title in self.titles[:EXPERTS]
        return self.levels[EXPERT_LEVEL if is_expert else PLAIN_LEVEL]


@action
def import_rota(
    *, hospital: Hospital, weeks: Sequence[Week], starting: date, seed: str = "rota"
) -> RotaImported:
    """From a date on these doctors work these half-days, and before it as they did.

    A doctor whom the hospital does not have gets a name decided by the seed, a title and a room.
    Doctors whom the weeks do not name keep theirs, and what is published stays. Twice is once.
    Raises RotaNeedsDirectory.
    """
    ground = Ground.of(hospital, weeks)

    done = RotaImported()
    doctors = take_on_doctors(weeks, ground=ground, seed=seed, done=done)
    rooms = take_rooms(weeks, ground=ground)
    wanted = [
        pattern_of(doctors[week.doctor_number], half_day, room=rooms[week.doctor_number],
                   level=ground.level_of(doctors[week.doctor_number]), starting=starting)
        for week in weeks
        for half_day in sorted(week.half_days, key=lambda one: (one.weekday, one.begins))
    ]  # fmt: skip
    replace_patterns(wanted, doctors=list(doctors.values()), starting=starting, done=done)
    return done


def take_on_doctors(
    weeks: Sequence[Week], *, ground: Ground, seed: str, done: RotaImported
) -> dict[int, Doctor]:
    """The doctor of each week, made where the hospital has none with the number."""
    names = names_for((week.doctor_number for week in weeks), seed=seed)
    known = {
        row.number: row for row in Doctor.objects.filter(hospital=ground.hospital).order_by("pk")
    }
    doctors: dict[int, Doctor] = {}
    for week in weeks:
        number = week.doctor_number
        department = ground.departments[week.department_code]
        doctor = known.get(doctor_number(number))
        if doctor is None:
            doctor = Doctor.objects.create(
                hospital=ground.hospital,
                department=department,
                number=doctor_number(number),
                name=names[number],
                title=ground.title_of(number),
            )
            done.doctors_added += 1
        elif doctor.department_id != department.pk:
            doctor.department = department
            doctor.save(update_fields=["department"])
        doctors[number] = doctor
    return doctors


def take_rooms(weeks: Sequence[Week], *, ground: Ground) -> dict[int, Room]:
    """A room for each doctor, on the floor of the department; made where there is none."""
    rooms = {}
    for week in weeks:
        floor = 1 + ground.departments[week.department_code].position % FLOORS
        rooms[week.doctor_number], _ = Room.objects.get_or_create(
            hospital=ground.hospital,
            code=f"R{doctor_number(week.doctor_number)}",
            defaults={
                "name": f"{floor}{week.doctor_number:02d}诊室",
                "place": f"门诊楼{floor}层",
            },
        )
    return rooms


def doctor_number(number: int) -> str:
    """The doctor's 工号: 0007."""
    return f"{number:04d}"


def pattern_of(
    doctor: Doctor, half_day: HalfDay, *, room: Room, level: RegistrationLevel, starting: date
) -> RotaPattern:
    """A half-day of every week, not yet stored."""
    return RotaPattern(
        hospital_id=doctor.hospital_id,
        doctor=doctor,
        level=level,
        room=room,
        weekday=half_day.weekday,
        begins=half_day.begins,
        ends=half_day.ends,
        places=level.places_per_session,
        effective_on=starting,
    )


FACTS = ("level_id", "room_id", "ends", "places", "until_on")


def replace_patterns(
    wanted: Sequence[RotaPattern], *, doctors: Sequence[Doctor], starting: date, done: RotaImported
) -> None:
    """From `starting` on the doctors have the wanted patterns and no others."""
    rows = RotaPattern.objects.filter(doctor__in=doctors)
    done.patterns_ended += (
        rows.filter(effective_on__lt=starting)
        .exclude(until_on__lt=starting)
        .update(until_on=starting - timedelta(days=1))
    )
    later = {_key(row): row for row in rows.filter(effective_on__gte=starting)}
    for pattern in wanted:
        known = later.pop(_key(pattern), None)
        if known is None:
            pattern.save(force_insert=True)
            done.patterns_added += 1
        elif any(getattr(known, name) != getattr(pattern, name) for name in FACTS):
            for name in FACTS:
                setattr(known, name, getattr(pattern, name))
            known.save(update_fields=FACTS)
            done.patterns_changed += 1
        else:
            done.patterns_same += 1
    done.patterns_ended += len(later)
    rows.filter(pk__in=[row.pk for row in later.values()]).delete()


def _key(pattern: RotaPattern) -> tuple[object, ...]:
    return (pattern.doctor_id, pattern.weekday, pattern.begins, pattern.effective_on)
