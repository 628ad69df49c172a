"""Prints CPU time and memory of `curator scrub` over made-up notes in several forms, beside `curator detect`.

The commands take turns, round by round; the median counts. One worker, so that CPU time is that of one core. Start is
taken off nothing. All data synthetic: the development templates of the bench of text detection.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from textset.make import notes

from curator.scrub.text.foreign import holds_records

CURATOR = str(Path(sys.prefix) / "bin" / "curator")


def measured(words: list[str], ok: tuple[int, ...] = (0,)) -> tuple[float, float, str]:
    """Run a command; return CPU seconds of it and of all it waited for, MiB of the largest of them, and its output."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
    if process.returncode not in ok:
        sys.exit(f"{words[1]} ended with exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


def written(texts: list[str], root: Path) -> dict[str, Path]:
    """Write the notes in every form and return the folders by form."""
    folders = {name: root / name for name in ("notes", "one note", "jsonl", "csv")}
    for folder in folders.values():
        folder.mkdir()
    rows = [(number, f"P{number % 500:04d}", text) for number, text in enumerate(texts)]
    for number, _, text in rows:
        (folders["notes"] / f"{number:06d}.txt").write_text(text, encoding="utf-8")
    (folders["one note"] / "note.txt").write_text("\n\n".join(texts), encoding="utf-8")
    with (folders["jsonl"] / "notes.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps({"patient_id": who, "id": number, "text": text}) + "\n" for number, who, text in rows)
    with (folders["csv"] / "notes.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("note_id", "patient_id", "note_text"), *rows])
    return folders


def scrub(source: Path, folder: Path, number: int) -> tuple[float, float, str]:
    """Scrub a folder into a new project."""
    at = ["--project", str(folder / f"project-{number}"), "--passphrase-file", str(folder / "pass")]
    (folder / "pass").write_text("only for this measurement\n", encoding="utf-8")
    measured([CURATOR, "init", *at])
    return measured([CURATOR, "scrub", str(source), *at, "--workers", "1", "--json"], (0, 5))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if args.notes < 1 or args.rounds < 1:
        parser.error("--notes and --rounds must be positive")
    # Notes that hold records of another kind (HL7, JSON, rows) are held back as a part of one note.
    texts = [note.text for note in notes("dev", args.notes, args.seed)]
    texts = [text for text in texts if not holds_records(text) and not text.lstrip().startswith(("{", "[", "<"))]
    with tempfile.TemporaryDirectory(prefix="text-scrub-") as made:
        root = Path(made)
        folders = written(texts, root)
        size = sum(len(text.encode()) for text in texts) / 1000
        print(f"{len(texts):,} synthetic notes (dev, seed {args.seed}), {size:,.0f} KB, {args.rounds} rounds")
        lines = folders["jsonl"] / "notes.jsonl"
        took: dict[str, list[tuple[float, float]]] = {}
        said = {}
        for number in range(args.rounds):
            took.setdefault("detect", []).append(measured([CURATOR, "detect", str(lines), "--json"])[:2])
            for name, source in folders.items():
                work = root / f"work-{name}"
                work.mkdir(exist_ok=True)
                seconds, memory, told = scrub(source, work, number)
                took.setdefault(f"scrub, {name}", []).append((seconds, memory))
                said[name] = json.loads(told)
        base = statistics.median(seconds for seconds, _ in took["detect"])
        print(f"{'':<18}{'CPU s':>8}{'KB a CPU s':>12}{'of detect':>11}{'MiB':>6}")
        for name, runs in took.items():
            seconds = statistics.median(one for one, _ in runs)
            memory = max(one for _, one in runs)
            print(f"{name:<18}{seconds:>8.1f}{size / seconds:>12.0f}{seconds / base:>11.2f}{memory:>6.0f}")
        held = {name: one["by_code"] for name, one in said.items() if one["quarantined"]}
        if held:
            print(f"held back: {held}")


if __name__ == "__main__":
    main()
