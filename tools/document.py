"""Keeps the tables of docs/ equal to the code: `python -m tools.document [--check]`.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`. Everything in it comes from
the code, but for a last column `meaning`, which people write and which is kept by the first
column's name.
"""

import argparse
import ast
import importlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
MAKERS = frozenset({"postgres", "sqlite"})  # of config/env.py; everything else there is a reader
OF_LIBRARIES = frozenset(
    {
        "ASGI_APPLICATION",
        "BASE_DIR",
        "CHANNEL_LAYERS",
        "Q_CLUSTER",
        "REST_FRAMEWORK",
        "REST_KNOX",
        "ROOT_URLCONF",
        "SPECTACULAR_SETTINGS",
        "VAR_DIR",
    }
)
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table of one document."""

    file: str
    name: str
    head: Row
    rows: Sequence[Row]

    @property
    def is_explained_by_people(self) -> bool:
        """Whether the last column is written by hand."""
        return self.head[-1] == "meaning"

    @property
    def pattern(self) -> re.Pattern[str]:
        """Where the table stands in its document."""
        return re.compile(rf"(<!-- table: {self.name} -->\n).*?(<!-- end -->)", re.DOTALL)

    def explained(self, text: str) -> dict[str, str]:
        """What people wrote so far, by the first column."""
        found = self.pattern.search(text)
        lines = found.group(0).splitlines() if found else []
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        return {row[0]: row[-1] for row in cells if len(row) == len(self.head)}

    def rendered(self, text: str) -> str:
        """The document with this table as the code has it now."""
        if not self.pattern.search(text):
            raise SystemExit(f"{self.file} has no place for the table {self.name}.")
        rows = [tuple(cell.replace("|", "¦") for cell in row) for row in self.rows]
        if self.is_explained_by_people:
            known = self.explained(text)
            rows = [(*row, known.get(row[0], "")) for row in rows]
        lines = [self.head, tuple("---" for _ in self.head), *rows]
        body = "".join(f"| {' | '.join(line)} |\n" for line in lines)
        return self.pattern.sub(lambda found: found.group(1) + body + found.group(2), text)

    def unexplained(self, text: str) -> list[str]:
        """Rows whose meaning nobody wrote yet."""
        if not self.is_explained_by_people:
            return []
        known = self.explained(text)
        return [row[0] for row in self.rows if not known.get(row[0])]


def code(word: str) -> str:
    """The word as code."""
    return f"`{word}`"


def variables(settings_files: Iterable[Path]) -> list[Row]:
    """Each environment variable, with its default in each of the settings that read it."""
    found: dict[str, dict[str, str]] = {}
    for file in settings_files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if ast.unparse(node.func.value) == "env" and node.func.attr not in MAKERS:
                default = _default(node)
                by_file = found.setdefault(str(ast.literal_eval(node.args[0])), {})
                if by_file.get(file.stem, "required") == "required":  # asked first, then required
                    by_file[file.stem] = default
    return [(code(name), _by_default(by_file)) for name, by_file in sorted(found.items())]


def _default(call: ast.Call) -> str:
    if len(call.args) > 1:
        shown = ast.unparse(call.args[1])
        return "none" if shown == "''" else code(shown)
    return "none" if ast.unparse(call.func) == "env.listed" else "required"


def _by_default(by_file: Mapping[str, str]) -> str:
    said = []
    for default in sorted(set(by_file.values())):
        files = sorted(file for file, one in by_file.items() if one == default)
        said.append(f"{default} ({', '.join(files)})")
    return "; ".join(said)


def own_settings(base: Path, *, of_django: Iterable[str]) -> list[Row]:
    """Each setting of ours that is no library's."""
    assigned: set[str] = set()
    for node in ast.parse(base.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        assigned |= {one.id for one in targets if isinstance(one, ast.Name) and one.id.isupper()}
    return [(code(name),) for name in sorted(assigned - set(of_django) - OF_LIBRARIES)]


def tables() -> list[Table]:
    """Every table, made from the code."""
    return [*tables_of_settings(), *tables_of_errors(), table_of_timers(), table_of_registrations()]


def tables_of_settings() -> list[Table]:
    """What may be set from outside, and what is set for all."""
    from django.conf import global_settings  # noqa: PLC0415 - needs prepare, as all below

    folder = ROOT / "config" / "settings"
    read = variables(sorted(folder.glob("*.py")))
    ours = own_settings(folder / "base.py", of_django=dir(global_settings))
    return [
        Table("settings.md", "variables", ("variable", "default", "meaning"), read),
        Table("settings.md", "settings", ("setting", "meaning"), ours),
    ]


def tables_of_errors() -> list[Table]:
    """What the hospital refuses, and what the HTTP edge refuses before it."""
    from common.errors import every_error  # noqa: PLC0415
    from common.problems import FRAMEWORK_CODES, status_of  # noqa: PLC0415

    errors = [
        (code(one.code), one.kind.value, str(status_of(one())), one.meaning())
        for one in every_error()
        if not one.__module__.startswith("tests.")
    ]
    edge = {name: str(kind.status_code) for kind, name in FRAMEWORK_CODES.items()}
    edge |= {"http.invalid": "422", "http.refused": "any other"}
    rows = [(code(name), edge[name]) for name in sorted(edge) if name.startswith("http.")]
    return [
        Table("errors.md", "errors", ("code", "kind", "status", "what is true"), errors),
        Table("errors.md", "framework", ("code", "status", "meaning"), rows),
    ]


def table_of_timers() -> Table:
    """What runs again and again."""
    from common.jobs import timers  # noqa: PLC0415

    rows = [(code(one.name), f"{one.every_seconds} s", one.finds) for one in timers()]
    return Table("timers.md", "timers", ("timer", "every", "finds"), rows)


def table_of_registrations() -> Table:
    """Who answers whom."""
    from common.asking import every_registry  # noqa: PLC0415

    rows = [
        (code(one.name), type(one).__name__.lower(), code(key) if key else "", code(function))
        for one in every_registry()
        for key, function in one.registered()
        if not function.startswith("tests.")
    ]
    return Table("registrations.md", "registered", ("name", "sort", "key", "who"), rows)


def prepare() -> None:
    """Load every module that has something to document."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    django.setup()
    for name in ("config.urls", "config.schedules"):
        importlib.import_module(name)
    for file in sorted(ROOT.glob("*/errors.py")):
        importlib.import_module(f"{file.parent.name}.errors")


def complaints(made: Sequence[Table], docs: Path) -> list[str]:
    """What is stale or unexplained in the documents."""
    found = []
    for table in made:
        text = (docs / table.file).read_text(encoding="utf-8")
        if table.rendered(text) != text:
            found.append(f"docs/{table.file}: the table {table.name} is stale; run make docs")
        found += [f"docs/{table.file}: say what {row} means" for row in table.unexplained(text)]
    return found


def main() -> int:
    """Rewrite the tables, or only say which are stale."""
    parser = argparse.ArgumentParser(prog="document", description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    prepare()
    made = tables()
    if not options.check:
        for table in made:
            file = ROOT / "docs" / table.file
            text = file.read_text(encoding="utf-8")
            file.write_text(table.rendered(text), encoding="utf-8")
    found = complaints(made, ROOT / "docs")
    for line in found:
        os.write(2, f"{line}\n".encode())
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
