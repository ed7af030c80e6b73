"""A hospital's directory becomes what its files say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.files import Directory, InstitutionRow
from clinic.models import (
    Department,
    Institution,
    PriceItem,
    RegistrationLevel,
    Specialty,
    Title,
)
from common.commands import action
from hospitals.models import Hospital

BATCH = 500  # rows of one INSERT


@dataclass(frozen=True)
class Progress:
    """How many rows of a noun are written by now, of how many."""

    noun: str
    done: int
    of: int


Say = Callable[[Progress], None]  # told after each batch


def say_nothing(_progress: Progress) -> None:
    """For who does not watch."""


@dataclass(frozen=True)
class Change:
    """What an import did, or would do, to the rows of one noun."""

    noun: str
    added: int
    changed: int
    same: int


@dataclass(frozen=True)
class Wanted:
    """The rows of one noun as the files want them: `key` names a row, `facts` may change."""

    noun: str
    model: Any  # a table of a hospital's rows; they have no common base that says so
    key: tuple[str, ...]
    facts: tuple[str, ...]
    rows: Sequence[dict[str, Any]]


@action
def import_directory(
    *, hospital: Hospital, directory: Directory, is_check: bool = False, say: Say = say_nothing
) -> list[Change]:
    """The hospital's directory holds these rows; what only the hospital has stays as it is.

    Twice is once. With `is_check` nothing is written, and the answer says what would be.
    """
    return [
        bring_up_to(wanted, hospital=hospital, is_check=is_check, say=say)
        for wanted in wanted_of(directory)
        if wanted.rows
    ]


def bring_up_to(wanted: Wanted, *, hospital: Hospital, is_check: bool, say: Say) -> Change:
    """Add the rows that are missing and change those that differ."""
    columns = (*wanted.key, *wanted.facts)
    there = {
        row[: len(wanted.key)]: row[len(wanted.key) :]
        for row in wanted.model.objects.filter(hospital=hospital).values_list(*columns)
    }
    added, changed = [], []
    for row in wanted.rows:
        known = there.get(tuple(row[name] for name in wanted.key))
        if known is None:
            added.append(row)
        elif known != tuple(row[name] for name in wanted.facts):
            changed.append(row)

    if not is_check:
        _write([*added, *changed], wanted=wanted, hospital=hospital, say=say)
    same = len(wanted.rows) - len(added) - len(changed)
    return Change(wanted.noun, added=len(added), changed=len(changed), same=same)


def _write(rows: Sequence[dict[str, Any]], *, wanted: Wanted, hospital: Hospital, say: Say) -> None:
    for begin in range(0, len(rows), BATCH):
        batch = rows[begin : begin + BATCH]
        wanted.model.objects.bulk_create(
            [wanted.model(hospital=hospital, **row) for row in batch],
            update_conflicts=True,
            unique_fields=["hospital", *wanted.key],
            update_fields=wanted.facts,
        )
        say(Progress(wanted.noun, done=begin + len(batch), of=len(rows)))


def wanted_of(directory: Directory) -> list[Wanted]:
    """Every noun of the directory with its rows."""
    coded = ("code",)
    return [
        Wanted(
            "诊疗科目",
            Specialty,
            ("code", "edition"),
            ("name", "level", "parent_code"),
            [vars(row) for row in directory.specialties],
        ),
        _departments(directory),
        Wanted(
            "医疗机构",
            Institution,
            ("register", "code"),
            ("name", "rank", "category", "district", "address", "longitude", "latitude"),
            [
                *_registered("beijing", directory.beijing),
                *_registered("grade3a", directory.grade_3a),
            ],
        ),
        Wanted(
            "价目",
            PriceItem,
            coded,
            ("name", "unit", "price_fen"),
            [vars(row) for row in directory.prices],
        ),
        _levels(directory),
        _titles(directory),
    ]


def _departments(directory: Directory) -> Wanted:
    rows = [
        {
            "code": row.code,
            "name": row.name,
            "category": directory.categories[row.category_number],
            "position": row.number,
        }
        for row in directory.departments
    ]
    return Wanted("科室", Department, ("code",), ("name", "category", "position"), rows)


def _registered(register: str, rows: Iterable[InstitutionRow]) -> list[dict[str, Any]]:
    return [{"register": register, **vars(row)} for row in rows]


def _levels(directory: Directory) -> Wanted:
    rows = [
        {
            "code": row.code,
            "name": row.name,
            "fee_fen": row.fee_fen,
            "places_per_session": row.places,
        }
        for row in directory.levels
    ]
    facts = ("name", "fee_fen", "places_per_session")
    return Wanted("号别", RegistrationLevel, ("code",), facts, rows)


def _titles(directory: Directory) -> Wanted:
    rows = [
        {"code": row.code, "name": row.name, "position": row.number} for row in directory.titles
    ]
    return Wanted("职称", Title, ("code",), ("name", "position"), rows)
