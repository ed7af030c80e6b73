"""The files of a hospital's directory: which there are, and the typed rows they hold."""

import re
from dataclasses import dataclass
from pathlib import Path

from clinic.errors import DirectoryEmpty
from clinic.reading import Faults, Line, Shape, read_if_there

SPECIALTY_CODE = re.compile(r"\d\d(\.\d\d){0,2}", re.ASCII)


@dataclass(frozen=True)
class SpecialtyRow:
    """One line of 诊疗科目名录."""

    code: str
    name: str
    level: int
    parent_code: str
    edition: str


@dataclass(frozen=True)
class CategoryRow:
    """A category of departments (大类)."""

    number: int
    code: str
    name: str


@dataclass(frozen=True)
class DepartmentRow:
    """A department (科室), with the number other files know it by."""

    number: int
    code: str
    name: str
    category_number: int


@dataclass(frozen=True)
class InstitutionRow:
    """An institution that some register lists."""

    code: str
    name: str
    address: str
    rank: str = ""
    category: str = ""
    district: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class PriceRow:
    """A line of the price list (价目)."""

    code: str
    name: str
    unit: str
    price_fen: int


@dataclass(frozen=True)
class LevelRow:
    """A registration level (号别)."""

    code: str
    name: str
    fee_fen: int
    places: int


@dataclass(frozen=True)
class TitleRow:
    """A doctors' title (职称); a smaller number is a higher title."""

    number: int
    code: str
    name: str


def _specialty(line: Line) -> SpecialtyRow:
    return SpecialtyRow(
        code=line.matching("code", SPECIALTY_CODE),
        name=line.text("name", most=60),
        level=line.whole("level", least=1, most=3),
        parent_code=line.text_or_empty("parent_code", most=10),
        edition=line.text("edition", most=40),
    )


def _category(line: Line) -> CategoryRow:
    return CategoryRow(
        number=line.whole("deptCategoryID", least=1),
        code=line.text("deptCategoryCode", most=20),
        name=line.text("deptCategoryName", most=60),
    )


def _department(line: Line) -> DepartmentRow:
    return DepartmentRow(
        number=line.whole("deptID", least=1),
        code=line.text("deptCode", most=20),
        name=line.text("deptName", most=60),
        category_number=line.whole("deptCategoryID", least=1),
    )


def _beijing(line: Line) -> InstitutionRow:
    return InstitutionRow(
        code=line.text("code", most=100),
        name=line.text("name", most=200),
        address=line.text_or_empty("address", most=300),
        rank=line.text_or_empty("rank", most=20),
        category=line.text_or_empty("category", most=60),
        district=line.text_or_empty("district", most=60),
    )


def _grade_3a(line: Line) -> InstitutionRow:
    name = line.text("name", most=90)
    address = line.text_or_empty("address", most=300)
    return InstitutionRow(
        code=f"{name}|{address}",  # the list has no codes, and names stand in it twice
        name=name,
        address=address,
        rank="三级甲等",
        longitude=line.degrees("longitude_wgs84", most=180),
        latitude=line.degrees("latitude_wgs84", most=90),
    )


def _price(line: Line) -> PriceRow:
    return PriceRow(
        code=line.text("checkCode", most=40),
        name=line.text("checkName", most=120),
        unit=line.text_or_empty("checkSpecification", most=20),
        price_fen=line.fen("checkPrice"),
    )


def _level(line: Line) -> LevelRow:
    return LevelRow(
        code=line.text("registerLevelCode", most=20),
        name=line.text("registerLevelName", most=20),
        fee_fen=line.fen("registerCost"),
        places=line.whole("registerLimit", least=1, most=1000),
    )


def _title(line: Line) -> TitleRow:
    return TitleRow(
        number=line.whole("docTitleID", least=1),
        code=line.text("docTitleCode", most=20),
        name=line.text("DocTitleName", most=20),
    )


SPECIALTIES = Shape(
    ("code", "name", "level", "parent_code", "rc023_code", "edition"),
    _specialty,
    key=("code", "edition"),
)
CATEGORIES = Shape(
    ("deptCategoryID", "deptCategoryCode", "deptCategoryName"), _category, key=("deptCategoryID",)
)
DEPARTMENTS = Shape(
    ("deptID", "deptCode", "deptName", "deptCategoryID"), _department, key=("deptCode",)
)
BEIJING = Shape(
    ("code", "name", "district", "category", "rank", "address", "postcode"), _beijing, key=("code",)
)
GRADE_3A = Shape(
    ("name", "address", "longitude_wgs84", "latitude_wgs84"), _grade_3a, key=("name", "address")
)
PRICES = Shape(
    (
        "checkID", "checkCode", "checkName", "checkSpecification", "checkPrice", "costTypeID",
        "deptID", "checkHelperCode", "createTime", "lastModifyTime",
    ),
    _price,
    key=("checkCode",),
)  # fmt: skip
LEVELS = Shape(
    ("registerLevelID", "registerLevelCode", "registerLevelName", "registerCost", "registerLimit"),
    _level,
    key=("registerLevelCode",),
)
TITLES = Shape(("docTitleID", "docTitleCode", "DocTitleName"), _title, key=("docTitleCode",))

SPECIALTIES_FILE = "departments/zhenliao_kemu_minglu.csv"
CATEGORIES_FILE = "departments/his_teaching_deptcategory.csv"
DEPARTMENTS_FILE = "departments/his_teaching_department.csv"
BEIJING_FILE = "hospitals/beijing_designated_institutions.csv"
GRADE_3A_FILE = "hospitals/national_3A_hospitals.csv"
PRICES_FILE = "codes/his_teaching_check.csv"
LEVELS_FILE = "schedules/his_teaching_registerlevel.csv"
TITLES_FILE = "schedules/his_teaching_doctitle.csv"


@dataclass(frozen=True)
class Directory:
    """All that a folder says of one hospital; what it does not say is empty."""

    specialties: list[SpecialtyRow]
    categories: dict[int, str]
    departments: list[DepartmentRow]
    beijing: list[InstitutionRow]
    grade_3a: list[InstitutionRow]
    prices: list[PriceRow]
    levels: list[LevelRow]
    titles: list[TitleRow]


def read_directory(folder: Path) -> Directory:
    """Every file of the directory that the folder has; one that is not there says nothing.

    Raises DirectoryFileFaulty for the first faulty file, DirectoryEmpty where there is none.
    """
    categories = read_if_there(folder / CATEGORIES_FILE, CATEGORIES)
    departments = read_if_there(folder / DEPARTMENTS_FILE, DEPARTMENTS)
    names = {row.number: row.name for row in categories.rows}
    faults = Faults(Path(DEPARTMENTS_FILE).name)
    for line, row in departments.numbered():
        if row.category_number not in names:
            faults.add(line=line, column="deptCategoryID", reason="unknown_category")
    faults.refuse()
    read_in = Directory(
        specialties=read_if_there(folder / SPECIALTIES_FILE, SPECIALTIES).rows,
        categories=names,
        departments=departments.rows,
        beijing=read_if_there(folder / BEIJING_FILE, BEIJING).rows,
        grade_3a=read_if_there(folder / GRADE_3A_FILE, GRADE_3A).rows,
        prices=read_if_there(folder / PRICES_FILE, PRICES).rows,
        levels=read_if_there(folder / LEVELS_FILE, LEVELS).rows,
        titles=read_if_there(folder / TITLES_FILE, TITLES).rows,
    )
    if not any(vars(read_in).values()):
        raise DirectoryEmpty(folder=folder.name)
    return read_in
