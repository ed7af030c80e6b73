"""Every package of the house is under the import contracts."""

import tomllib
from typing import Any

from tests.architecture.source import ROOT, packages

NO_INNER_LAYERS = frozenset({"common", "config", "rehearsal", "sandbox"})


def contracts() -> dict[str, Any]:
    """What import-linter is told."""
    told: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    linter: dict[str, Any] = told["tool"]["importlinter"]
    return linter


def contract(name: str) -> dict[str, Any]:
    """One contract by its id."""
    found: list[dict[str, Any]] = [c for c in contracts()["contracts"] if c["id"] == name]
    return found[0]


def test_every_package_is_a_root_of_the_contracts() -> None:
    assert contracts()["root_packages"] == packages()


def test_every_app_keeps_the_inner_layers() -> None:
    assert contract("inside")["containers"] == sorted(set(packages()) - NO_INNER_LAYERS)


def test_every_package_but_the_sandbox_has_its_layer() -> None:
    layers = " ".join(contract("apps")["layers"]).replace("|", " ").split()

    assert set(packages()) - {"sandbox"} <= {layer.strip("()") for layer in layers}


def test_the_sandbox_is_kept_apart_from_every_package() -> None:
    others = sorted(set(packages()) - {"sandbox"})

    assert contract("sandbox-alone")["forbidden_modules"] == others
    assert contract("nobody-plays")["source_modules"] == others
