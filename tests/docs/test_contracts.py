"""The import contracts name every room, so that a new room cannot escape them."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
ROOMS = {path.parent.name for path in (ROOT / "curator").glob("*/__init__.py")}


@pytest.mark.parametrize(("library", "homes"), [("click", {"cli"}), ("rich", {"cli", "report"})])
def test_a_terminal_library_is_forbidden_in_every_other_room(library: str, homes: set[str]) -> None:
    contract = next(one for one in CONTRACTS if one.get("forbidden_modules") == [library])
    assert {name.removeprefix("curator.") for name in contract["source_modules"]} == ROOMS - homes


def test_the_layers_stand_in_the_order_of_the_design_and_are_exhaustive() -> None:
    layers = next(one for one in CONTRACTS if one["type"] == "layers")
    assert layers["exhaustive"] is True
    assert [line.replace("(", "").replace(")", "") for line in layers["layers"]] == [
        "__main__", "cli", "demo | validation", "audit", "release", "scrub | labels", "detect", "identifiers",
        "provenance", "project", "formats | report | engine | intake", "core",
    ]  # fmt: skip


def test_no_committed_file_names_a_machine_or_a_package_index() -> None:
    marks = [b"/" + b"work/", b"/" + b"root/", b"index-" + b"url =", b"pypi" + b".org/simple", b"find-" + b"links ="]
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    paths = [ROOT / name.decode() for name in names if name]
    found = [(p.name, mark) for p in paths if p.is_file() for mark in marks if mark in p.read_bytes()]
    assert len(paths) > 100
    assert found == []
