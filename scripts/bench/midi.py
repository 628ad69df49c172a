"""Scores `curator scrub` with MIDI-B's own validation script, unmodified, on made-up patients over real files.

Makes the files and the answer key, scrubs, exports the crosswalk, runs the script and prints its score by category and
action, and every failed check by attribute; never a value. docs/reference/midi-b.md says what the figures show.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from midiset.key import write
from midiset.make import Made, make
from midiset.rules import rule_of

HERE = Path(__file__).resolve().parent
CURATOR = Path(sys.prefix) / "bin" / "curator"
_GROUP = {"text_notnull": "dicom", "tag_retained": "dicom", "date_shifted": "hipaa", "uid_changed": "hipaa",
          "patid_consistent": "dicom", "uid_consistent": "dicom", "pixels_retained": "tcia"}  # fmt: skip


def curator(work: Path, *words: object, ok: tuple[int, ...] = (0,)) -> Any:
    """Run a command in the work folder and return its JSON document."""
    line = [str(CURATOR), *map(str, words), "--json"]
    done = subprocess.run(line, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode not in ok:
        sys.exit(f"curator {words[0]} ended with exit code {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def scrubbed(work: Path, policy: str) -> dict[str, Any]:
    """Make a project, accept the pixels of all files, which are no part of this bench, scrub, export the crosswalk."""
    (work / "secret").write_text("made-up passphrase of a bench\n")
    vault = ("--project", "project", "--passphrase-file", "secret")
    key = ("--key-store", "keys", "--key-passphrase-file", "secret")
    curator(work, "init", "project", "--passphrase-file", "secret", "--policy", policy)
    for one in ("first", "second"):
        curator(work, "people", "add", one, "--name", "X Y", "--role", "operator", "--role", "reviewer", *key)
    for one, by in (("first", "second"), ("second", "first")):
        curator(work, "people", "enroll", f"{one}.request.json", "--by", by, "--project", "project", *key)
    curator(work, "pixels", "accept", "source", "--by", "first", "--reason", "made-up bench files", *vault, *key)
    report = curator(work, "scrub", "source", *vault, ok=(0, 5))
    curator(work, "crosswalk", "export", "--format", "midi-b", "mapping", *vault)
    return dict(report)


def validated(work: Path, clean: Path, mapping: Path, script: Path, python: str) -> Path:
    """Run the validation script and its reports; return the folder of what it wrote."""
    config = {
        "run_name": "bench",
        "input_data_path": str(clean),
        "output_data_path": str(work / "results"),
        "answer_db_file": str(work / "answers.db"),
        "uid_mapping_file": str(mapping / "uid_mapping.csv"),
        "patid_mapping_file": str(mapping / "patid_mapping.csv"),
        "multiprocessing": "False",
        "multiprocessing_cpus": "1",
        "log_path": str(work / "logs"),
        "log_level": "error",
        "report_series": "False",
    }
    (work / "config.json").write_text(json.dumps(config))
    for name in ("run_validation.py", "run_reports.py"):
        line = [python, name, str(work / "config.json")]
        done = subprocess.run(line, cwd=script, capture_output=True, text=True, check=False)
        wrong = sum("[ERROR]" in row for row in done.stderr.splitlines())
        if wrong:  # a check that could not be made counts as failed
            print(f"{name} noted {wrong} errors in its log", file=sys.stderr)
        if done.returncode:
            sys.exit(f"{name} ended with exit code {done.returncode}:\n{done.stderr[-2000:]}")
    return work / "results" / "bench"


def results(folder: Path) -> list[dict[str, Any]]:
    """Return every check that the script made; one that it could not carry out has None for an answer."""
    base = sqlite3.connect(folder / "validation_results.db")
    base.row_factory = sqlite3.Row
    rows = [dict(row) for row in base.execute("SELECT * FROM validation_results")]
    base.close()
    found = []
    for row in rows:
        action = row["action"].strip("<>")
        group = _GROUP.get(action) or ("hipaa" if row["hipaa_m"] else "tcia")
        sub = row["hipaa_m"] or row["tcia_p15"] or row["tcia_ptkb"] or row["tcia_rev"] or row["dicom_iod"]
        passed = row["check_passed"]
        found.append({
            "action": action, "place": row["tag_ds"], "name": row["tag_name"].strip("<>"), "group": group, "sub": sub,
            "modality": (row["modality"] or "").strip("<>"), "missing": row["file_value"] == "<MISSING FILE>",
            "passed": None if passed is None else bool(passed), "score": row["check_score"],
        })  # fmt: skip
    return found


def official(folder: Path) -> str:
    """Return the score as the script's own report says it."""
    # The workbook is read by the script's own means of writing it: one sheet `Scoring`, one row.
    from openpyxl import load_workbook

    sheet = load_workbook(folder / "scoring_report_instance.xlsx", read_only=True)["Scoring"]
    head, row = list(sheet.iter_rows(values_only=True))[:2]
    return " · ".join(f"{name} {value}" for name, value in zip(head, row, strict=True))


def table(found: list[dict[str, Any]], *names: str) -> list[tuple[str, int, int]]:
    """Return (name, passed, total) for each value of some columns, and for all."""
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in found:
        for name in (" ".join(str(row[column]) for column in names), "~all"):
            total[name] += 1
            passed[name] += row["passed"] is True
    return [(name.strip("~"), passed[name], total[name]) for name in sorted(total)]


def identity(work: Path, files: list[Made]) -> Path:
    """Write a mapping under which every UID and ID stays what it is: for the untouched source."""
    folder = work / "identity"
    folder.mkdir()
    levels = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    for name, values in (
        ("uid_mapping.csv", {str(made.data[level].value) for made in files for level in levels}),
        ("patid_mapping.csv", {str(made.data.PatientID) for made in files}),
    ):
        with (folder / name).open("w", newline="") as stream:
            csv.writer(stream).writerows([("id_old", "id_new"), *((value, value) for value in sorted(values))])
    return folder


def show(found: list[dict[str, Any]], most: int) -> None:
    """Print the figures, and the failed checks by action and attribute."""
    for title, names in (("category", ("group",)), ("action", ("action",)), ("subcategory", ("action", "sub"))):
        print(f"\nby {title}")
        for name, passed, total in table(found, *names):
            print(f"  {name:<44}{passed:>8,} / {total:<8,} {passed / total:>9.3%}")
    wrong: Counter[tuple[str, str, str]] = Counter()
    where: dict[tuple[str, str, str], set[str]] = {}
    for row in found:
        if row["passed"] is not True:
            at = " > ".join(re.findall(r"\(([^)]*)\)", row["place"]))
            key = (row["action"], row["name"] + (" (no answer)" if row["passed"] is None else ""), at)
            wrong[key] += 1
            where.setdefault(key, set()).add("missing file" if row["missing"] else row["modality"])
    print(f"\nfailed checks: {sum(wrong.values()):,} of {len(found):,}")
    for (action, name, at), count in wrong.most_common(most):
        rule = rule_of(int(at.split(" > ")[-1].replace(",", ""), 16)) if '"' not in at.split(" > ")[-1] else None
        said = rule.category if rule else "-"
        print(
            f"  {count:>6,}  {action:<17}{name[:44]:<45}{at:<36}{said:<22}{','.join(sorted(where[action, name, at]))}"
        )


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--script", type=Path, metavar="DIR", help="a checkout of CBIIT/MIDI_validation_script")
    parser.add_argument("--python", default=sys.executable, help="a Python with the script's requirements")
    parser.add_argument("--policy", default=str(HERE / "midi.toml"), help="policy name or file")
    parser.add_argument("--patients", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=200, metavar="N", help="most failed kinds of checks to list")
    parser.add_argument("--untouched", action="store_true", help="score the source itself: what must go has to fail")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in this new folder and leave it")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    work = (args.keep or Path(tempfile.mkdtemp(prefix="midi-bench-"))).resolve()
    if args.keep is not None:
        if work.exists():
            sys.exit("--keep names a new folder.")
        work.mkdir(parents=True)
    policy = str(Path(args.policy).resolve()) if args.policy.endswith(".toml") else args.policy
    try:
        files = list(make(work / "source", args.seed, args.patients))
        counts = write(work / "answers.db", files)
        modalities = Counter(str(made.data.Modality) for made in files)
        of_each = " ".join(f"{name} {count}" for name, count in sorted(modalities.items()))
        head = f"{len(files):,} files of {args.patients} made-up patients, seed {args.seed}: {of_each}"
        print(head, file=sys.stderr)
        print("checks: " + " ".join(f"{name} {count:,}" for name, count in counts.items()), file=sys.stderr)
        if args.script is None:
            sys.exit("--script is missing: there is nothing to score with.")
        if args.untouched:
            clean, mapping, report = work / "source", identity(work, files), {}
        else:
            report = scrubbed(work, policy)
            clean, mapping = work / "project" / "clean", work / "mapping"
            held = {name: report[name] for name in ("found", "scrubbed", "duplicate", "quarantined", "by_code")}
            print(f"scrub: {held}", file=sys.stderr)
        folder = validated(work, clean, mapping, args.script.resolve(), args.python)
        found = results(folder)
        if args.json:
            columns = {"category": ("group",), "action": ("action",), "subcategory": ("action", "sub")}
            figures = {name: table(found, *listed) for name, listed in columns.items()}
            print(json.dumps({"files": len(files), "checks": counts, "scrub": report, "figures": figures}, indent=2))
        else:
            print(official(folder))
            show(found, args.show)
    finally:
        if args.keep is None:
            shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
