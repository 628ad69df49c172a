"""The built wheel carries everything, and the program runs from it alone."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys, importlib.metadata, pathlib
import curator
from curator.core.errors import codes
from curator.core.schema import load_schema, schema_folder
from curator.formats.dicom.tables import modalities, sop_classes, transfer_syntaxes
from curator.scrub.policy import load_policy
from curator.scrub.dicom.rules import table
here = pathlib.Path(curator.__file__).resolve().parent
assert here.is_relative_to(sys.argv[1]), here
assert schema_folder() == here / "schemas", schema_folder()
schemas = list(schema_folder().glob("*.json"))
print(len(codes()), len(schemas), len(table()), len(sop_classes()), len(transfer_syntaxes()))
print(load_schema("project")["title"], load_policy("safe-harbor").digest[:8], "CT" in modalities())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return next(out.glob("*.whl"))


def test_every_schema_and_data_table_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "curator", "schemas"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wanted = [f"curator/{name}" if name.startswith("schemas/") else name for name in listed.stdout.split()]
    assert len(wanted) > 150
    assert [name for name in wanted if name not in names] == []
    assert "curator/py.typed" in names


def test_the_program_runs_from_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    # An environment that uv made has no pip, so the installer comes from the interpreter's own bundle.
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "installer"], check=True, timeout=110)
    pip = [tmp_path / "installer" / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel]
    subprocess.run([str(word) for word in install], check=True, timeout=110)
    environment = {**os.environ, "PYTHONPATH": str(target), "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, str(target)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    count, schemas, rows, classes, syntaxes = map(int, said.stdout.splitlines()[0].split())
    assert (count > 150, schemas > 8, rows, classes > 150, syntaxes > 40) == (True, True, 657, True, True)
    assert said.stdout.splitlines()[1].endswith("True")
    version = subprocess.run(
        [sys.executable, "-P", str(target / "bin" / "curator"), "--version"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (version.returncode, version.stdout) == (0, "curator 0.1.0\n")
