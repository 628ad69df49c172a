"""What the set-up scripts say on a machine that is not ready, and that they leave a ready one alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "env", "dirname", "basename", "cat")
SCRIPTS = ("quickstart", "test")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout, and beside it the only programs that this machine has."""
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    checkout = tmp_path / "checkout"
    (checkout / "scripts" / "lib").mkdir(parents=True)
    for name in ("scripts/quickstart", "scripts/test", "scripts/lib/setup.sh", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout / name)
    return tmp_path


def program(machine: Path, name: str, body: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(machine: Path, script: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "checkout" / "scripts" / script, *args],
        env={"PATH": str(machine / "bin"), "HOME": str(machine)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_machine_without_python_is_told_so(machine: Path, script: str) -> None:
    done = run(machine, script)
    assert done.returncode == 1
    assert done.stderr.startswith("Python is missing here (3.11 or newer is needed).\nhint: ")
    assert not (machine / "checkout" / ".venv").exists()


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_python_that_is_too_old_is_named(machine: Path, script: str) -> None:
    program(machine, "python3", 'case "$2" in *platform*) echo 3.9.18;; *) exit 1;; esac')
    done = run(machine, script)
    assert done.returncode == 1
    assert "Python is too old here (found 3.9.18; 3.11 or newer is needed)." in done.stderr
    assert not (machine / "checkout" / ".venv").exists()


def test_a_name_that_is_there_but_does_not_start_is_passed_over(machine: Path) -> None:
    program(machine, "python3.13", "exit 127")
    program(machine, "python3", f'exec "{sys.executable}" "$@"')
    program(machine, "uv", 'echo "uv $*"; exit 1')
    done = run(machine, "quickstart")
    assert "Making .venv with uv and python3" in done.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_with_the_network_away_the_installation_is_said_to_have_failed(machine: Path, script: str) -> None:
    program(machine, "python3", f'exec "{sys.executable}" "$@"')
    # A uv that makes environments and whose every download fails, as with the network away.
    program(machine, "uv", f'[ "$1" = venv ] && exec "{sys.executable}" -m venv --without-pip .venv\nexit 2')
    done = run(machine, script)
    assert done.returncode == 1
    assert "Installation failed" in done.stderr
    assert "the network or the package index is away" in done.stderr
    assert not (machine / "checkout" / ".venv" / ".curator-stamp").exists()


def test_pip_without_an_index_fails_in_the_same_words(machine: Path) -> None:
    program(machine, "python3", f'exec "{sys.executable}" "$@"')
    program(machine, "uname", "echo Linux")
    environment = {
        "PATH": str(machine / "bin"),
        "HOME": str(machine),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
    }
    done = subprocess.run(
        [machine / "checkout" / "scripts" / "quickstart"],
        env=environment, capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Installing with pip" in done.stderr
    assert "Installation failed" in done.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_arguments_are_refused(machine: Path, script: str) -> None:
    done = run(machine, script, "--fast")
    assert done.returncode == 1
    assert done.stderr.startswith("This script takes no arguments.")


def test_a_folder_that_is_no_environment_is_left_as_it_is(machine: Path) -> None:
    kept = machine / "checkout" / ".venv" / "mine"
    kept.parent.mkdir()
    kept.write_text("mine")
    done = run(machine, "quickstart")
    assert done.returncode == 1
    assert "no virtual environment" in done.stderr
    assert kept.read_text() == "mine"


def test_an_environment_with_the_right_stamp_is_not_touched(machine: Path) -> None:
    checkout = machine / "checkout"
    program(machine, "python3", f'exec "{sys.executable}" "$@"')
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", checkout / ".venv"], check=True, timeout=60)
    source = f'cd "{checkout}"; . scripts/lib/setup.sh; stamp_of .venv/bin/python'
    stamp = subprocess.run(["bash", "-c", source], capture_output=True, text=True, check=True, timeout=60).stdout
    (checkout / ".venv" / ".curator-stamp").write_text(stamp)
    script = checkout / ".venv" / "bin" / "curator"
    script.write_text('#!/bin/sh\necho "ran $*"\n')
    script.chmod(0o755)
    program(machine, "uv", "echo touched; exit 1")
    done = run(machine, "quickstart")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ran demo curator-demo\n"
    (checkout / "constraints.txt").write_text("# other pins\n")
    assert "Installation failed" in run(machine, "quickstart").stderr
