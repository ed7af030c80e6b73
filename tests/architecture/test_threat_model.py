"""The threat model names a test for every line, and those tests are there."""

import ast
import re

from tests.architecture.source import ROOT

MODEL = ROOT / "docs" / "threat-model.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def lines() -> list[str]:
    """The rows of the table, without its head."""
    rows = [one for one in MODEL.read_text(encoding="utf-8").splitlines() if one.startswith("| ")]
    return [one for one in rows if not one.startswith(("| threat", "| ---"))]


def held_by(path: str) -> set[str]:
    """The tests that a file holds; none where there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def test_every_line_names_a_test() -> None:
    assert [one for one in lines() if not NAMED.search(one)] == []
    assert {one.count(" | ") for one in lines()} == {3}


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall(MODEL.read_text(encoding="utf-8"))
    known = {path: held_by(path) for path, _ in named}

    assert len(named) >= len(lines())
    assert [f"{path}::{test}" for path, test in named if test not in known[path]] == []


def test_every_attack_stands_in_the_model() -> None:
    named = set(NAMED.findall(MODEL.read_text(encoding="utf-8")))
    files = [one.relative_to(ROOT).as_posix() for one in (ROOT / "tests/attacks").glob("test_*.py")]
    attacks = {(path, test) for path in files for test in held_by(path) if test[:5] == "test_"}

    assert sorted(attacks - named) == []
