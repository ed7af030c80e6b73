"""The directory becomes what the files say, once however often they are read."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic.actions.import_directory import import_directory
from clinic.errors import DirectoryEmpty, DirectoryFileFaulty
from clinic.files import (
    CATEGORIES_FILE,
    DEPARTMENTS_FILE,
    LEVELS_FILE,
    PRICES_FILE,
    read_directory,
)
from clinic.models import (
    Department,
    Institution,
    PriceItem,
    RegistrationLevel,
    Specialty,
    Title,
)
from rehearsal.demonstration.hospital import ALONE, ALWAYS
from tests import make

pytestmark = pytest.mark.django_db
TABLES = (Department, Institution, PriceItem, RegistrationLevel, Specialty, Title)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be spoilt."""
    return Path(
        shutil.copytree(ALWAYS, shutil.copytree(ALONE, tmp_path / "in"), dirs_exist_ok=True)
    )


def told(folder: Path, *options: str, code: str) -> list[str]:
    """What the command prints."""
    out = StringIO()
    call_command(
        "import_directory", "--hospital", code, "--from", str(folder), *options,
        stdout=out, stderr=StringIO(),
    )  # fmt: skip
    return out.getvalue().splitlines()


def row_counts() -> list[int]:
    """How many rows each table has."""
    return [model._default_manager.count() for model in TABLES]


def test_the_real_files_become_rows_in_the_numbers_their_sources_state(shared_data: Path) -> None:
    hospital = make.hospital()

    lines = told(shared_data, code=hospital.code)

    assert lines == [
        "诊疗科目: 181 added, 0 changed, 0 the same",
        "科室: 138 added, 0 changed, 0 the same",
        "医疗机构: 4392 added, 0 changed, 0 the same",
        "价目: 52 added, 0 changed, 0 the same",
        "号别: 2 added, 0 changed, 0 the same",
        "职称: 4 added, 0 changed, 0 the same",
    ]
    assert row_counts() == [138, 2948 + 1444, 52, 2, 181, 4]
    assert Department.objects.values("category").distinct().count() == 18


def test_the_real_files_read_twice_change_nothing(shared_data: Path) -> None:
    hospital = make.hospital()
    told(shared_data, code=hospital.code)

    lines = told(shared_data, code=hospital.code)

    assert [line.partition(":")[2] for line in lines] == [
        f" 0 added, 0 changed, {count} the same" for count in (181, 138, 4392, 52, 2, 4)
    ]


def test_six_real_codes_of_stomatology_stand_in_two_editions(shared_data: Path) -> None:
    hospital = make.hospital()

    told(shared_data, code=hospital.code)

    codes = list(Specialty.objects.filter(code__startswith="12.0").values_list("code", flat=True))
    twice = sorted(code for code in set(codes) if codes.count(code) == 2)
    assert twice == ["12.01", "12.02", "12.03", "12.04", "12.05", "12.06"]


def test_real_ranks_and_unknown_coordinates_are_kept_as_their_sources_state(
    shared_data: Path,
) -> None:
    hospital = make.hospital()

    told(shared_data, code=hospital.code)

    beijing = Institution.objects.filter(register="beijing")
    ranks = {rank: beijing.filter(rank=rank).count() for rank in ("三级", "二级", "一级", "未评级")}
    assert ranks == {"三级": 111, "二级": 122, "一级": 504, "未评级": 2211}
    grade_3a = Institution.objects.filter(register="grade3a")
    assert grade_3a.filter(longitude=None, latitude=None).count() == 2


def test_real_prices_are_whole_fen(shared_data: Path) -> None:
    hospital = make.hospital()

    told(shared_data, code=hospital.code)

    prices = dict(PriceItem.objects.values_list("name", "price_fen"))
    assert (prices["大抢救"], prices["中心吸氧"]) == (20000, 250)


def test_a_check_says_what_would_change_and_writes_nothing(folder: Path) -> None:
    hospital = make.hospital()

    lines = told(folder, "--check", code=hospital.code)

    assert "价目: 9 added, 0 changed, 0 the same" in lines
    assert row_counts() == [0] * len(TABLES)


def test_a_new_price_changes_its_row_and_no_other(folder: Path) -> None:
    hospital = make.hospital()
    import_directory(hospital=hospital, directory=read_directory(folder))
    before = PriceItem.objects.get(code="CBC")
    prices = folder / PRICES_FILE
    prices.write_text(prices.read_text(encoding="utf-8").replace("18.50", "19"), encoding="utf-8")

    lines = told(folder, code=hospital.code)

    assert "价目: 0 added, 1 changed, 8 the same" in lines
    after = PriceItem.objects.get(code="CBC")
    assert (after.pk, before.price_fen, after.price_fen) == (before.pk, 1850, 1900)


def test_what_the_hospital_alone_has_stays(folder: Path) -> None:
    hospital = make.hospital()
    own = make.department(hospital=hospital, name="国际医疗部")

    import_directory(hospital=hospital, directory=read_directory(folder))

    assert Department.objects.filter(pk=own.pk, name="国际医疗部").exists()


def test_two_hospitals_have_directories_of_their_own(folder: Path) -> None:
    one, other = make.hospital(), make.hospital()
    import_directory(hospital=one, directory=read_directory(folder))

    lines = told(folder, code=other.code)

    assert "价目: 9 added, 0 changed, 0 the same" in lines
    assert PriceItem.objects.filter(hospital=one).count() == 9


def test_a_faulty_file_is_told_by_line_and_changes_nothing(folder: Path) -> None:
    hospital = make.hospital()
    levels = folder / LEVELS_FILE
    levels.write_text(levels.read_text(encoding="utf-8").replace(",20,", ",twenty,"))

    with pytest.raises(CommandError) as refused:
        told(folder, code=hospital.code)

    assert str(refused.value).splitlines() == [
        "clinic.directory_file_faulty: nothing was changed",
        "his_teaching_registerlevel.csv:3: registerCost: not_a_price",
    ]
    assert row_counts() == [0] * len(TABLES)


def test_a_department_of_no_category_is_refused(folder: Path) -> None:
    departments = folder / DEPARTMENTS_FILE
    departments.write_text("deptID,deptCode,deptName,deptCategoryID\n1,A,甲科,901\n2,B,乙科,77\n")

    with pytest.raises(DirectoryFileFaulty) as refused:
        read_directory(folder)

    assert refused.value.facts["faults"] == [
        {"line": 3, "column": "deptCategoryID", "reason": "unknown_category"}
    ]


def test_departments_without_their_categories_are_refused(folder: Path) -> None:
    (folder / CATEGORIES_FILE).unlink()

    with pytest.raises(DirectoryFileFaulty):
        read_directory(folder)


def test_a_folder_without_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DirectoryEmpty):
        read_directory(tmp_path)


def test_an_unknown_hospital_is_told(folder: Path) -> None:
    with pytest.raises(CommandError, match=r"hospitals\.unknown"):
        told(folder, code="nowhere")
