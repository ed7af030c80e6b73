"""The files of a rota: fourteen half-days for each doctor, as typed rows.

A rule is fourteen signs, 1 where the doctor works: Monday morning, Monday afternoon, … Sunday
afternoon. That the week begins on Monday is shown by the same hospital's dated schedule.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from clinic.errors import DirectoryEmpty
from clinic.files import DEPARTMENTS, DEPARTMENTS_FILE
from clinic.reading import Faults, Line, Shape, read

RULE = re.compile(r"[01]{14}", re.ASCII)
HALVES = ((time(8, 0), time(12, 0)), (time(13, 30), time(17, 30)))  # 上午, 下午
RULES_FILE = "schedules/his_teaching_schedulerule.csv"


@dataclass(frozen=True)
class HalfDay:
    """A morning or an afternoon of the week; weekday 0 is Monday."""

    weekday: int
    begins: time
    ends: time


@dataclass(frozen=True)
class RuleRow:
    """When one doctor works in a week; the doctor is a number, the department too."""

    name: str
    department_number: int
    doctor_number: int
    rule: str

    def half_days(self) -> Iterator[HalfDay]:
        """The half-days whose sign is 1."""
        for position, sign in enumerate(self.rule):
            if sign == "1":
                weekday, half = divmod(position, len(HALVES))
                yield HalfDay(weekday, *HALVES[half])


@dataclass(frozen=True)
class Week:
    """One doctor's half-days in one department."""

    doctor_number: int
    department_code: str
    half_days: frozenset[HalfDay]


def _rule(line: Line) -> RuleRow:
    return RuleRow(
        name=line.text("scheduleRuleName", most=40),
        department_number=line.whole("deptID", least=1),
        doctor_number=line.whole("userID", least=1),
        rule=line.matching("rule", RULE),
    )


RULES = Shape(
    ("scheduleRuleID", "scheduleRuleName", "deptID", "userID", "rule"),
    _rule,
    key=("scheduleRuleID",),
)


def read_rota(folder: Path) -> list[Week]:
    """A week for each doctor, by number; several rules of one doctor are one week.

    Raises DirectoryFileFaulty, or DirectoryEmpty where a file is missing.
    """
    for name in (RULES_FILE, DEPARTMENTS_FILE):
        if not (folder / name).is_file():
            raise DirectoryEmpty(folder=folder.name, missing=name)
    codes = {row.number: row.code for row in read(folder / DEPARTMENTS_FILE, DEPARTMENTS).rows}
    return _weeks(folder / RULES_FILE, codes=codes)


def _weeks(path: Path, *, codes: Mapping[int, str]) -> list[Week]:
    faults = Faults(path.name)
    weeks: dict[int, Week] = {}
    for line, row in read(path, RULES).numbered():
        code = codes.get(row.department_number)
        if code is None:
            faults.add(line=line, column="deptID", reason="unknown_department")
            continue
        before = weeks.get(row.doctor_number, Week(row.doctor_number, code, frozenset()))
        if before.department_code != code:
            faults.add(line=line, column="deptID", reason="another_department_before")
        half_days = before.half_days | frozenset(row.half_days())
        weeks[row.doctor_number] = Week(row.doctor_number, code, half_days)
    faults.refuse()
    return [weeks[number] for number in sorted(weeks)]
