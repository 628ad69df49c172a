"""The demo's folder, and running the program's own commands in it as a user would: as processes, by exit codes."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from curator.core.errors import CheckError, UsageError
from curator.core.files import make_folder, translated, write_whole

MARK = "DEMO.txt"
MARK_TEXT = (
    "This folder was made by 'curator demo'. All data in it is made up: no patient, reader or hospital exists.\n"
    "Running the demo again replaces the whole folder. The passphrases under secrets/ lie here only because this is\n"
    "a demo: a real vault's passphrase never stands beside the project.\n"
)
TIME_LIMIT = 300
QUARANTINED = 5


class Stage:
    """A folder that the demo may fill and replace.

    Parameters
    ----------
    folder
        The folder; new, empty, or made by an earlier demo.
    tell
        Called with each command before it runs.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self.folder = folder
        self.tell = tell
        self.source = folder / "source"
        self.project = folder / "project"
        self.transcript = folder / "transcript"
        self._step = 0

    def prepare(self) -> None:
        """Clear away an earlier demo and mark the folder.

        Raises
        ------
        UsageError
            DEM-001 when the folder holds anything else.
        """
        folder = self.folder
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise UsageError("DEM-001")
        with translated():
            if folder.exists() and any(folder.iterdir()):
                mark = folder / MARK
                if mark.is_symlink() or not mark.is_file() or mark.read_text(errors="replace") != MARK_TEXT:
                    raise UsageError("DEM-001")
                for entry in folder.iterdir():
                    if entry.is_dir() and not entry.is_symlink():
                        shutil.rmtree(entry)
                    elif entry.name != MARK:
                        entry.unlink()
        make_folder(folder)
        write_whole(folder / MARK, MARK_TEXT.encode())
        make_folder(self.transcript)
        make_folder(folder / "secrets", 0o700)

    def passphrase(self, name: str) -> Path:
        """Return the file of a passphrase, drawn at random the first time."""
        path = self.folder / "secrets" / name
        if not path.exists():
            write_whole(path, secrets.token_urlsafe(24).encode() + b"\n", 0o600)
        return path

    def passphrases(self) -> list[str]:
        """Return every passphrase of the demo."""
        return [path.read_text().strip() for path in sorted((self.folder / "secrets").iterdir())]

    def run(self, *args: str | Path, wanted: tuple[int, ...] = (0,)) -> str:
        """Run a command of the program.

        Parameters
        ----------
        args
            The arguments behind the program's name.
        wanted
            Exit codes that are right.

        Returns
        -------
        str
            What it printed on standard output. Both outputs are kept under ``transcript/``.

        Raises
        ------
        CheckError
            DEM-003 for another exit code.
        """
        words = [str(arg) for arg in args]
        step = " ".join(words[: 2 if words[0] in _GROUPS else 1])
        self._step += 1
        kept = self.transcript / f"{self._step:02d}-{step.replace(' ', '-')}"
        self.tell(step)
        command = [sys.executable, "-P", "-m", "curator.cli.main", *words]
        environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "default"}
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                check=False, timeout=TIME_LIMIT,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise CheckError("DEM-003", step=step, found="none (too slow)", wanted=wanted[0]) from None
        kept.with_suffix(".out").write_bytes(done.stdout)
        kept.with_suffix(".err").write_bytes(done.stderr)
        if done.returncode not in wanted:
            raise CheckError("DEM-003", step=step, found=done.returncode, wanted=wanted[0])
        return done.stdout.decode("utf-8", "replace")

    def document(self, *args: str | Path, wanted: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """Run a command with ``--json`` and return its document."""
        made: dict[str, Any] = json.loads(self.run(*args, "--json", wanted=wanted))
        return made

    def together(self, calls: list[tuple[str | Path, ...]]) -> None:
        """Run commands that do not depend on each other, two at a time."""
        with ThreadPoolExecutor(2) as pool:
            for made in [pool.submit(self.run, *call) for call in calls]:
                made.result()


_GROUPS = {
    "audit", "crosswalk", "guideline", "journal", "label", "labels", "ledger", "people", "pixels", "release", "vault",
}  # fmt: skip
