"""Every status has its line in the table of moves, the final ones too."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.db import models

from tests.architecture.source import packages


class Forgetful:
    """A life whose last status has no line, and one of whose moves leads nowhere."""

    class Status(models.TextChoices):
        HELD = "HELD"
        SEEN = "SEEN"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.HELD: frozenset({Status.SEEN, "GONE"}),
    }


class Complete:
    """A life with a line for each status."""

    class Status(models.TextChoices):
        HELD = "HELD"
        SEEN = "SEEN"

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.HELD: frozenset({Status.SEEN}),
        Status.SEEN: frozenset(),
    }


class Undecided:
    """A life without a table."""

    class Status(models.TextChoices):
        HELD = "HELD"


def gaps(kind: Any) -> list[str]:
    """What the table of moves lacks, or has too much."""
    known = {str(status.value) for status in kind.Status}
    moves = {
        str(here): {str(there) for there in to} for here, to in getattr(kind, "MOVES", {}).items()
    }
    lacking = [f"{kind.__name__}.{status} has no line" for status in sorted(known - set(moves))]
    strange = sorted((set(moves) | set().union(*moves.values())) - known)
    return lacking + [f"{kind.__name__} moves to {status}" for status in strange]


def lives() -> list[Any]:
    """Our models that have a status."""
    ours = [m for m in apps.get_models() if m.__module__.split(".")[0] in packages()]
    return [m for m in ours if hasattr(m, "Status")]


def test_every_status_has_its_moves() -> None:
    assert [gap for kind in lives() for gap in gaps(kind)] == []


def test_who_has_a_status_column_has_a_status() -> None:
    ours = [m for m in apps.get_models() if m.__module__.split(".")[0] in packages()]
    with_column = [m for m in ours if any(f.name == "status" for f in m._meta.concrete_fields)]

    assert [m.__name__ for m in with_column if not hasattr(m, "Status")] == []


def test_a_forgotten_line_and_a_strange_move_are_found() -> None:
    assert gaps(Forgetful) == ["Forgetful.SEEN has no line", "Forgetful moves to GONE"]


def test_a_missing_table_is_found() -> None:
    assert gaps(Undecided) == ["Undecided.HELD has no line"]


def test_a_complete_table_passes() -> None:
    assert gaps(Complete) == []
