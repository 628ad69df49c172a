"""Print the CPU time per file of `curator scrub` against a plain copy and a pydicom round trip of the same files.

The three take turns, round by round, so that a busy machine slows all of them alike. CPU time is user and system time
of the command and of every process that it waited for. Figures are medians over the rounds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus

CURATOR = [str(Path(sys.prefix) / "bin" / "curator")]

ROUND_TRIP = """
import os, sys, warnings
from pathlib import Path
import pydicom
warnings.simplefilter("ignore")
source, target = Path(sys.argv[1]), Path(sys.argv[2])
for path in sorted(source.rglob("*.dcm")):
    out = target / path.relative_to(source)
    os.makedirs(out.parent, exist_ok=True)
    pydicom.dcmread(path).save_as(out)
"""


def measured(words, ok=(0,)):
    """Run a command; return CPU seconds, elapsed seconds and what it printed."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        elapsed = time.monotonic() - begin
        out.seek(0)
        text = out.read()
    if process.returncode not in ok:
        sys.exit(f"{Path(words[0]).name} {words[1]} ended with exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime, elapsed, text


def scrub_words(source, project, secret, workers):
    more = ["--workers", str(workers)] if workers else []
    at = ["--project", str(project), "--passphrase-file", str(secret)]
    return [*CURATOR, "scrub", str(source), *at, "--json", *more]


def turn(source, folder, secret, workers):
    """Do each of the three once; return their figures and what the scrub counted."""
    folder.mkdir()
    project = folder / "project"
    made = [*CURATOR, "init", str(project), "--passphrase-file", str(secret)]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    figures = {
        "copy": measured(["cp", "-R", str(source), str(folder / "copy")]),
        "pydicom": measured([sys.executable, "-c", ROUND_TRIP, str(source), str(folder / "trip")]),
        "scrub": measured(scrub_words(source, project, secret, workers), ok=(0, 5)),
    }
    counts = json.loads(figures["scrub"][2])
    return {name: figure[:2] for name, figure in figures.items()}, counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=600, help="files in the corpus (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: %(default)s)")
    parser.add_argument("--workers", type=int, help="worker processes of scrub (default: one a core)")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="curator-bench-") as made:
        base = Path(made)
        secret = base / "passphrase"
        secret.write_text("only for this measurement\n")
        size = corpus.build(base / "source", wish.files)
        corpus.build(base / "one", 1)
        print(f"{wish.files:,} files · {size / 1e6:.1f} MB · {wish.rounds} rounds")
        runs = []
        for number in range(wish.rounds):
            figures, counts = turn(base / "source", base / f"round{number}", secret, wish.workers)
            runs.append(figures)
        first = [turn(base / "one", base / f"first{number}", secret, 1)[0] for number in range(wish.rounds)]
        report(wish.files, runs, first, counts)


def report(files, runs, first, counts):
    def median(rows, name, which):
        return statistics.median(row[name][which] for row in rows)

    cpu = {name: median(runs, name, 0) for name in runs[0]}
    start = {name: median(first, name, 0) for name in runs[0]}
    each = {name: max(cpu[name] - start[name], 0) / (files - 1) for name in cpu}
    print(
        f"{'':10}{'CPU ms/file':>12}{'× copy':>9}{'× pydicom':>11}"
        f"{'start CPU s':>13}{'without start':>15}{'files/s':>9}"
    )
    for name, used in cpu.items():
        print(
            f"{name:10}{1000 * used / files:12.3f}{used / cpu['copy']:9.1f}{used / cpu['pydicom']:11.2f}"
            f"{start[name]:13.2f}{1000 * each[name]:12.3f} ms{files / median(runs, name, 1):9.0f}"
        )
    spread = [1000 * row["scrub"][0] / files for row in runs]
    print(f"scrub CPU ms/file, each round: {', '.join(f'{value:.3f}' for value in spread)}")
    print(
        "scrub counted: "
        + ", ".join(f"{name} {counts[name]}" for name in ("found", "scrubbed", "duplicate", "quarantined"))
    )
    if counts["found"] != files or sum(counts[n] for n in ("scrubbed", "duplicate", "quarantined")) != files:
        sys.exit("the counts of the scrub do not close")
    if counts["scrubbed"] < files * 0.9:
        sys.exit("fewer than nine tenths were scrubbed: these figures would flatter")


if __name__ == "__main__":
    main()
