"""The program that stands ready does what the installed one does: the same words, streams and exit codes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import started


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["--version"], b""),
        (["explain", "DCM-042"], b""),
        (["explain", "NONE-1", "--json"], b""),
        ([], b""),
        (["ledger", "verify"], b""),
        (["detect"], b'{"id": 1, "text": "MRN 00482913"}\n\xff\n'),
    ],
)
def test_streams_and_exit_codes_are_those_of_the_installed_program(
    words: list[str], given: bytes, tmp_path: Path
) -> None:
    line = [started.CURATOR, *words]
    real = subprocess.run(line, input=given, capture_output=True, cwd=tmp_path, check=False, timeout=60)
    held = started.run(words, given=given, cwd=tmp_path)
    assert (held.returncode, held.stdout, held.stderr) == (real.returncode, real.stdout, real.stderr)


def test_a_command_gets_its_own_folder_environment_and_streams(tmp_path: Path) -> None:
    (tmp_path / "pass").write_text("correct horse battery\n")
    assert started.run(["init", "trial", "--passphrase-file", "pass"], cwd=tmp_path).returncode == 0
    keys = {**os.environ, "CURATOR_KEY_STORE": str(tmp_path / "mine")}
    words = ["people", "add", "ada", "--name", "Ada", "--role", "reader", "--key-passphrase-file", "pass"]
    assert started.run(words, cwd=tmp_path, env=keys).returncode == 0
    assert {"trial", "trial.vault", "mine", "ada.request.json"} <= set(os.listdir(tmp_path))


def test_one_that_takes_too_long_is_killed_and_the_next_one_runs(tmp_path: Path) -> None:
    (tmp_path / "pass").write_text("correct horse battery\n")
    with pytest.raises(subprocess.TimeoutExpired):
        started.run(["init", "trial", "--passphrase-file", "pass"], cwd=tmp_path, timeout=0)
    assert started.run(["--version"], cwd=tmp_path, text=True).stdout.startswith("curator ")
