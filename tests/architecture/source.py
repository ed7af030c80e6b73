"""Our own source, parsed once, and the small checkers that walk it."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_APPS = frozenset({"tests", "tools", "bench"})
FORBIDDEN_NAMES = frozenset({"utils.py", "helpers.py", "services.py", "tasks.py"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the root, its text and its tree."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed once for all checkers."""
        return ast.parse(self.text)

    @property
    def top(self) -> str:
        """The folder it stands in, counted from the root."""
        return self.path.split("/", 1)[0]

    @property
    def is_migration(self) -> bool:
        """Whether Django runs it to change the database."""
        return "/migrations/" in self.path

    @property
    def is_test(self) -> bool:
        """Whether the looser sizes of tests and benches hold."""
        return self.top in {"tests", "bench"}


Checker = Callable[[Source], Iterator[str]]


def packages() -> list[str]:
    """The top-level packages that make up the house."""
    found = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    return sorted(found - NOT_APPS)


@cache
def sources() -> list[Source]:
    """Every Python file of ours."""
    tops = [*packages(), *sorted(NOT_APPS)]
    files = [ROOT / "manage.py", *(file for top in tops for file in (ROOT / top).rglob("*.py"))]
    return [
        Source(path=file.relative_to(ROOT).as_posix(), text=file.read_text(encoding="utf-8"))
        for file in files
    ]


def complaints(checker: Checker) -> list[str]:
    """What the checker finds in the whole house."""
    return [complaint for source in sources() for complaint in checker(source)]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function, however deep."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def status_outside_move_to(source: Source) -> Iterator[str]:
    """A status assigned, or updated in bulk, anywhere but in `move_to`."""
    if source.is_test or source.is_migration or source.top == "sandbox":
        return
    tree = source.tree
    allowed = {
        id(node) for one in functions(tree) if one.name == "move_to" for node in ast.walk(one)
    }
    for node in ast.walk(tree):
        if id(node) not in allowed and _sets_status(node):
            yield f"{source.path}:{getattr(node, 'lineno', 0)} sets status outside move_to"


def _sets_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "status" and isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "update" and any(word.arg == "status" for word in node.keywords)
    return False


def power_outside_common(source: Source) -> Iterator[str]:
    """`select_for_update` or `on_commit` anywhere but in `common`."""
    if source.is_test or source.top in {"common", "tools"}:
        return
    for node in ast.walk(source.tree):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if isinstance(node, ast.Attribute | ast.Name) and name in {
            "select_for_update",
            "on_commit",
        }:
            yield f"{source.path}:{node.lineno} uses {name}; common alone does"


def too_long(source: Source) -> Iterator[str]:
    """Files and functions nobody can hold in mind."""
    if source.is_migration:
        return
    lines_of_file, lines_of_function = (600, 60) if source.is_test else (400, 40)
    lines = source.text.count("\n")
    if lines > lines_of_file:
        yield f"{source.path}: {lines} lines, at most {lines_of_file}"
    for one in functions(source.tree):
        lines = (one.end_lineno or one.lineno) - one.lineno + 1
        if lines > lines_of_function:
            yield f"{source.path}:{one.lineno} {one.name}: {lines} lines, of {lines_of_function}"


def without_purpose(source: Source) -> Iterator[str]:
    """Files named for no noun and no verb."""
    name = source.path.rsplit("/", 1)[-1]
    if name in FORBIDDEN_NAMES:
        yield f"{source.path}: name it for a noun or a verb"


def migration_imports(source: Source) -> Iterator[str]:
    """Migrations that import an application; fields and key makers of `common` may stay."""
    if not source.is_migration:
        return
    ours = set(packages()) - {"common"}
    for node in ast.walk(source.tree):
        for name in _imported(node):
            if name.split(".")[0] in ours or name.startswith("common.models"):
                yield f"{source.path}:{getattr(node, 'lineno', 0)} imports {name}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def environment_read(source: Source) -> Iterator[str]:
    """Code that reads the environment itself; `config/env.py` does, once, for the settings."""
    if source.is_test or source.top in {"config", "manage.py", "sandbox", "tools"}:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}:
            yield f"{source.path}:{node.lineno} reads the environment"


def own_code_patched(source: Source) -> Iterator[str]:
    """Tests that patch, sleep, or run again what failed."""
    if source.top != "tests":
        return
    for node in ast.walk(source.tree):
        if any(name.startswith(("unittest.mock", "mock")) for name in _imported(node)):
            yield f"{source.path} imports a mock"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            if called in {"time.sleep", "asyncio.sleep"}:
                yield f"{source.path}:{node.lineno} sleeps"
            if called == "monkeypatch.setattr":
                yield f"{source.path}:{node.lineno} patches code"
