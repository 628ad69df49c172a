"""Prints CPU time and memory of `curator scrub` over made-up notes in several forms, beside `curator detect`.

The commands take turns, round by round; the median counts. One worker, so that CPU time is that of one core. Start is
taken off nothing. With --beside N instead how long one file of each form takes with one worker and with N, in turns,
the quickest of the rounds; idle workers help in files of 4 MB and more, some 10,000 notes. All data synthetic: the
development templates of the bench of text detection.
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
import time
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
    folders = {name: root / name for name in ("notes", "one note", "jsonl", "csv", "array", "fhir")}
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
    (folders["array"] / "notes.json").write_text(
        json.dumps([{"patient_id": who, "id": number, "text": text} for number, who, text in rows]), encoding="utf-8"
    )
    with (folders["fhir"] / "notes.ndjson").open("w", encoding="utf-8") as out:
        for number, who, text in rows:
            said = {"subject": {"reference": f"Patient/{who}"}, "note": [{"text": text}], "code": {"text": "note"}}
            row = {"resourceType": "Observation", "id": f"o{number}", "status": "final", **said}
            out.write(json.dumps(row) + "\n")
    return folders


def beside(folders: dict[str, Path], root: Path, workers: int, rounds: int) -> None:
    """Print elapsed and CPU seconds of one file of each form with one worker and with several."""
    print(f"{'one file':<18}{'1 worker, s':>12}{f'{workers}, s':>9}{'ratio':>7}{'CPU ratio':>11}")
    for name, source in folders.items():
        if name == "notes":
            continue
        took: dict[int, list[tuple[float, float]]] = {1: [], workers: []}
        for number in range(rounds):
            for many, runs in took.items():
                work = root / f"beside-{name}-{many}"
                work.mkdir(exist_ok=True)
                begin = time.monotonic()
                seconds, _, _ = scrub(source, work, number, many)
                runs.append((time.monotonic() - begin, seconds))
        one, more = (min(took[many])[0] for many in (1, workers))
        cpu = min(cpu for _, cpu in took[workers]) / min(cpu for _, cpu in took[1])
        print(f"{name:<18}{one:>12.1f}{more:>9.1f}{one / more:>7.2f}{cpu:>11.2f}", flush=True)


def scrub(source: Path, folder: Path, number: int, workers: int = 1) -> tuple[float, float, str]:
    """Scrub a folder into a new project."""
    at = ["--project", str(folder / f"project-{number}"), "--passphrase-file", str(folder / "pass")]
    (folder / "pass").write_text("only for this measurement\n", encoding="utf-8")
    measured([CURATOR, "init", *at])
    return measured([CURATOR, "scrub", str(source), *at, "--workers", str(workers), "--json"], (0, 5))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beside", type=int, metavar="N", help="measure one file with 1 and with N workers")
    parser.add_argument("--forms", default="notes,one note,jsonl,csv", help="comma separated; also array, fhir")
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
        if args.beside:
            beside(folders, root, args.beside, args.rounds)
            return
        folders = {name: folders[name] for name in args.forms.split(",")}
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
