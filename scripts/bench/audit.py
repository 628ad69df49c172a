"""CPU seconds and peak memory of audits and releases of projects of several sizes, made up on the spot.

``scripts/bench/audit [--files 10000,30000,100000] [--workers N] [--in DIR] [--no-release] [--checks]``. Each row is one
command in processes of its own: CPU of all of them, and the memory of the largest. ``--in`` keeps the projects there
and takes them from there; what is measured works on copies of them. ``--checks`` prints what each check took, too.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Files of a person (audit_project.py). Nothing large is imported here: a process that is started counts the memory of
#: the one that started it as its own.
EACH = 8
MAKER = Path(__file__).resolve().parent / "audit_project.py"
PROGRAM = "import sys; from curator.cli.main import main; sys.exit(main())"
#: Exit codes of a command that came to its end: an audit whose gate is shut did.
ENDED = (0, 1, 3)


class Measured:
    """One command, run to its end: CPU seconds, wall seconds, MiB of the largest process, what it printed."""

    def __init__(self, *words: str | Path) -> None:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
            start = time.perf_counter()
            child = os.posix_spawn(
                sys.executable,
                [sys.executable, "-c", PROGRAM, *map(str, words)],
                os.environ,
                file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, told.fileno(), 2)],
            )
            _, status, used = os.wait4(child, 0)
            self.wall = time.perf_counter() - start
            out.seek(0)
            told.seek(0)
            self.printed = out.read().decode()
            if os.waitstatus_to_exitcode(status) not in ENDED:
                raise SystemExit(f"{words[0]} {words[1]} ended with {status}:\n{told.read().decode()[-2000:]}")
        self.cpu = used.ru_utime + used.ru_stime
        self.peak = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def show(files: int, what: str, found: Measured, told: str = "") -> None:
    """Print one row."""
    row = f"| {files:>9,} | {what:<38} | {found.cpu:8.1f} | {found.wall:8.1f} | {found.peak:6.0f} |"
    print(f"{row} {told} |" if told else f"{row} |", flush=True)


def measure(folder: Path, files: int, workers: int, *, checks: bool, releases: bool) -> None:
    """Audit a project twice, and once more after a small delivery; build it before and after, verify, compare."""
    root, word = folder / "trial", folder / "word"
    words = ("audit", "run", root, "--vault", "--passphrase-file", word, "--workers", str(workers), "--json")

    def audit(what: str) -> None:
        found = Measured(*words)
        report = json.loads(found.printed)
        counts = report["run"]
        show(files, what, found, f"{counts['anew']:,} files looked at anew, {counts['kept']:,} as known")
        if checks:
            for name, seconds in sorted(counts["by_check"].items(), key=lambda each: -each[1])[:12]:
                print(f"|           |   {name:<36} |          | {seconds:8.1f} |        |")

    def build(version: str) -> Path:
        found = Measured("release", "build", version, "--draft", "--project", root, "--passphrase-file", word)
        show(files, f"release build {version}, a draft", found)
        return root / "releases" / f"v{version}"

    audit("audit, the first")
    audit("audit, nothing changed")
    before = build("1.0.0") if releases else None
    subprocess.run([sys.executable, MAKER, folder, str(files), "--more"], check=True)
    audit(f"audit, {EACH} files of one more person")
    if before is not None:
        after = build("1.1.0")
        show(files, "release verify 1.1.0", Measured("release", "verify", after))
        show(files, "release diff 1.0.0 1.1.0", Measured("release", "diff", before, after))


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", default="10000,30000,100000", help="sizes (default 10000,30000,100000)")
    parser.add_argument("--workers", type=int, default=2, help="processes that work (default 2)")
    parser.add_argument("--in", dest="place", type=Path, help="folder that keeps the projects")
    parser.add_argument("--no-release", action="store_true", help="audits only")
    parser.add_argument("--checks", action="store_true", help="wall seconds of the slowest checks, too")
    given = parser.parse_args()
    print("|     files | what                                   |    CPU s |   wall s | MiB |\n|---|---|---|---|---|")
    for files in map(int, given.files.split(",")):
        with tempfile.TemporaryDirectory() as name:
            made = (given.place or Path(name)) / f"p{files}"
            if not made.exists():
                subprocess.run([sys.executable, MAKER, made, str(files)], check=True)
            work = Path(name) / "work"
            shutil.copytree(made, work)
            measure(work, files, given.workers, checks=given.checks, releases=not given.no_release)


if __name__ == "__main__":
    main()
