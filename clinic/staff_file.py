"""The file of a hospital's staff (职工名册): one line each, with licence numbers (S4-20)."""

import re
from dataclasses import dataclass
from pathlib import Path

from accounts.models import Licence, Role
from clinic.people_forms import NUMBER
from clinic.reading import Line, Shape, Table, read

COLUMNS = ("number", "name", "role", "department", "licence_number", "qualification_number")
STAFF_NUMBER = re.compile(NUMBER, re.ASCII)

# 医师执业证书编码: 15 digits. 护士执业证书编号: 12 digits. Both from common knowledge of the
# certificates, no text of ours prescribes them; other roles' licences differ too much to check.
PRACTICE = {
    Role.DOCTOR: re.compile(r"\d{15}", re.ASCII),
    Role.NURSE: re.compile(r"\d{12}", re.ASCII),
}
ANY_LICENCE = re.compile(r"[0-9A-Za-z-]{4,40}", re.ASCII)
# 医师资格证书编码 (S4-20): 27 places, older ones 24; the end is the doctor's identity number.
QUALIFICATION = re.compile(r"\d{23,26}[\dX]", re.ASCII)


@dataclass(frozen=True)
class StaffRow:
    """One line of the file."""

    number: str
    name: str
    role: str
    department: str
    licences: tuple[tuple[str, str], ...]  # kind and number


def _staff(line: Line) -> StaffRow:
    role = line.text("role", most=20)
    if role not in Role.values:
        line.fault("role", "unknown_role")
    practice, qualification = _practice(line, role), _qualification(line, role)
    licences = ((Licence.Kind.PRACTICE, practice), (Licence.Kind.QUALIFICATION, qualification))
    return StaffRow(
        number=line.matching("number", STAFF_NUMBER),
        name=line.text("name", most=40),
        role=role,
        department=line.text_or_empty("department", most=20),
        licences=tuple((str(kind), number) for kind, number in licences if number),
    )


def _practice(line: Line, role: str) -> str:
    """Doctors and nurses have one; of the others it is taken as it stands."""
    value = line.text_or_empty("licence_number", most=40)
    form = PRACTICE.get(Role(role)) if role in Role.values else None
    if value or form is not None:
        line.matching("licence_number", form or ANY_LICENCE)
    return value


def _qualification(line: Line, role: str) -> str:
    """Doctors have one (S4-20), nobody else."""
    value = line.text_or_empty("qualification_number", most=40)
    if role == Role.DOCTOR:
        line.matching("qualification_number", QUALIFICATION)
    elif value:
        line.fault("qualification_number", "not_for_this_role")
    return value


SHAPE = Shape(header=COLUMNS, make=_staff, key=("number",))


def read_staff(file: Path) -> Table[StaffRow]:
    """The lines of the file. Raises DirectoryFileFaulty with all that is wrong in it."""
    return read(file, SHAPE)
