"""Staff from a file: every fault by line, nothing written by halves, nothing twice."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Licence, Role, Staff, StaffChange
from clinic.models import Assignment, Department
from clinic.staff_file import COLUMNS
from hospitals.models import Hospital
from tests import make

pytestmark = pytest.mark.django_db
PRACTICE = "110110000000001"
QUALIFICATION = "200111110110105194912310021"


@pytest.fixture
def where() -> Department:
    """A hospital with a department."""
    return make.department(hospital=make.hospital())


@pytest.fixture
def hospital(where: Department) -> Hospital:
    """The one of the department."""
    return where.hospital


def bring(tmp_path: Path, hospital: Hospital, *lines: str, apply: bool = True) -> str:
    """What the command says to a file of these lines."""
    file, told = tmp_path / "staff.csv", StringIO()
    file.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    options = ["--apply"] if apply else []
    call_command("import_staff", str(file), "--hospital", hospital.code, *options, stdout=told)
    return told.getvalue()


def test_everybody_comes_with_licence_department_and_their_place_in_the_directory(
    tmp_path: Path, hospital: Hospital, where: Department
) -> None:
    doctor = make.doctor(department=where)
    lines = (
        f"{doctor.number},赵明,doctor,{where.code},{PRACTICE},{QUALIFICATION}",
        f"N1,何清,nurse,{where.code},201911012345,",
        "C1,钱多,cashier,,,",
    )

    first, again = bring(tmp_path, hospital, *lines), bring(tmp_path, hospital, *lines)

    doctor.refresh_from_db()
    assert doctor.staff is not None
    assert {one.number for one in Licence.objects.filter(staff=doctor.staff)} == {
        PRACTICE,
        QUALIFICATION,
    }
    assert "done: hired 3, changed 0, licences 3, assigned 2, linked 1" in first
    assert "done: hired 0, changed 0, licences 0, assigned 0, linked 0" in again
    assert Staff.objects.count() == 3
    assert Assignment.objects.count() == 2
    assert not doctor.staff.account.has_usable_password()


def test_without_apply_it_says_what_it_would_do_and_writes_nothing(
    tmp_path: Path, hospital: Hospital
) -> None:
    told = bring(tmp_path, hospital, "C1,钱多,cashier,,,", apply=False)

    assert "nothing was written" in told
    assert "hired 1" in told
    assert not Staff.objects.exists()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("D 1,赵明,doctor,,110110000000001,200111110110105194912310021", "number: wrong_form"),
        ("D1,,doctor,,110110000000001,200111110110105194912310021", "name: empty"),
        ("D1,赵明,surgeon,,,", "role: unknown_role"),
        ("D1,赵明,doctor,,11011,200111110110105194912310021", "licence_number: wrong_form"),
        ("D1,赵明,doctor,,110110000000001,", "qualification_number: wrong_form"),
        ("N1,何清,nurse,,110110000000001,", "licence_number: wrong_form"),
        ("N1,何清,nurse,NOWHERE,201911012345,", "department: unknown_department"),
    ],
)
def test_a_faulty_line_is_told_by_number_and_nothing_is_written(
    tmp_path: Path, hospital: Hospital, line: str, fault: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        bring(tmp_path, hospital, "C1,钱多,cashier,,,", line)

    assert f"staff.csv:3: {fault}" in str(refusal.value)
    assert not Staff.objects.exists()


def test_who_left_does_not_come_back_by_a_file_and_a_licence_is_one_persons(
    tmp_path: Path, hospital: Hospital
) -> None:
    bring(tmp_path, hospital, "N1,何清,nurse,,201911012345,", "C1,钱多,cashier,,,")
    Staff.objects.filter(number="C1").update(ended_at="2026-03-01T00:00:00Z")

    with pytest.raises(CommandError) as refusal:
        bring(tmp_path, hospital, "C1,钱多,cashier,,,", "N2,吴芳,nurse,,201911012345,")

    assert "staff.csv:2: number: has_left" in str(refusal.value)
    assert "staff.csv:3: licence_number: somebody_elses" in str(refusal.value)


def test_another_name_role_and_licence_are_corrected_with_a_line_each(
    tmp_path: Path, hospital: Hospital
) -> None:
    bring(tmp_path, hospital, "N1,何清,nurse,,201911012345,")

    bring(tmp_path, hospital, "N1,何青,triage,,A-2019,")

    nurse = Staff.objects.get()
    assert (nurse.name, nurse.role, Licence.objects.get().number) == ("何青", "triage", "A-2019")
    whats = StaffChange.objects.order_by("at", "pk").values_list("what", flat=True)
    assert list(whats) == ["hired", "licence", "name", "role", "licence"]


def test_a_file_does_not_take_the_last_administrator_away(
    tmp_path: Path, hospital: Hospital
) -> None:
    admin = make.staff(hospital=hospital, role=Role.ADMINISTRATOR)

    with pytest.raises(CommandError, match="last_administrator"):
        bring(tmp_path, hospital, f"{admin.number},林静,manager,,,")
