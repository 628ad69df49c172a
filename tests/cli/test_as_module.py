"""The program runs by ``python -m curator`` as by its command."""

from __future__ import annotations

import subprocess
import sys

import curator


def test_the_version_is_told() -> None:
    done = subprocess.run([sys.executable, "-m", "curator", "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"curator {curator.__version__}\n")


def test_a_mistake_is_told_as_by_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "curator", "scrubb"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
